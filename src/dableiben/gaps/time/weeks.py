# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Real weeks that stand for the year: a school week, a week of the holidays, a week of each season asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dableiben.core.calendar import Calendar, DayType, days_between, week_of

YEAR_DAYS = 365
SCHOOL = "school"
HOLIDAYS = "holidays"
ASKED = "asked"
Covers = Callable[[date], bool]


@dataclass(frozen=True)
class Week:
    """A week that is looked at slot by slot.

    key     school, holidays, asked, or the id of a season
    days    Monday to Sunday
    types   what kind of day each is in the Land of the region
    """

    key: str
    days: tuple[date, ...]
    types: tuple[DayType, ...]


def week_at(key: str, day: date, calendar: Calendar) -> Week:
    """The week a day lies in."""
    days = week_of(day)
    return Week(key, days, tuple(calendar.day_type(d) for d in days))


def usual_weeks(
    calendar: Calendar, base: date, covered: Covers | None, known: tuple[date, date] | None = None
) -> tuple[Week, ...]:
    """A plain school week, and the middle one of the longest school holidays, as near as can be after `base`.

    Both without a public holiday. `covered` says for which days a timetable speaks: such weeks go first, also
    before `base`, since a timetable that has run out still tells more than none; `known` are its first and last day,
    however far away. No week of the holidays where the school holidays of the year are not known.
    """
    here, there = week_of(base)[0], week_of(known[0])[0] if known is not None else base
    starts = [here + timedelta(days=7 * n) for n in range(-52, 53)]
    starts += [there + timedelta(days=7 * n) for n in range(YEAR_DAYS // 7)] if known is not None else []
    mondays = sorted(set(starts))
    nearest = sorted(mondays, key=lambda monday: (_uncovered(monday, covered), monday < base, abs(monday - base)))
    every = [week_at(SCHOOL, monday, calendar) for monday in nearest]
    found = [week for week in every if _plain(week, "school_day")][:1]
    free = [week for week in every if _plain(week, "school_holiday")]
    if free:
        best = min(_uncovered(week.days[0], covered) for week in free)
        told = [week for week in free if _uncovered(week.days[0], covered) == best]
        ahead_of_base = [week for week in told if base <= week.days[0] < base + timedelta(days=YEAR_DAYS)]
        found.append(_middle_of_longest(ahead_of_base or told))
    return tuple(found)


def _plain(week: Week, kind: DayType) -> bool:
    """Whether Monday to Friday are all of one type, and no public holiday falls on the weekend."""
    return set(week.types[:5]) == {kind} and week.types[5:] == ("saturday", "sunday")


def _uncovered(monday: date, covered: Covers | None) -> int:
    """Days of a week that no timetable speaks of."""
    return 0 if covered is None else sum(not covered(day) for day in week_of(monday))


def _middle_of_longest(weeks: list[Week]) -> Week:
    """The middle week of the longest run of weeks; the first of equally long ones."""
    runs: list[list[Week]] = []
    for week in sorted(weeks, key=lambda one: one.days[0]):
        if runs and week.days[0] - runs[-1][-1].days[0] == timedelta(days=7):
            runs[-1].append(week)
        else:
            runs.append([week])
    longest = max(runs, key=len)
    middle = longest[len(longest) // 2]
    return Week(HOLIDAYS, middle.days, middle.types)


def holiday_weeks(calendar: Calendar, base: date) -> tuple[Week, ...]:
    """All weeks of the year from `base` on whose weekdays are school holidays or public holidays, some of each at
    most: those in which an offer may take its holidays."""
    mondays = (week_of(base)[0] + timedelta(days=7 * n) for n in range(1, 53))
    weeks = (week_at(HOLIDAYS, monday, calendar) for monday in mondays)
    return tuple(week for week in weeks if _mostly_free(week.types[:5]))


def _mostly_free(types: Iterable[DayType]) -> bool:
    kinds = list(types)
    return "school_day" not in kinds and "school_holiday" in kinds


def season_week(key: str, contains: Callable[[date], bool], base: date, calendar: Calendar) -> Week | None:
    """The middle week of those that lie wholly in a season, in the year from `base` on; None if none does."""
    days = days_between(base, base + timedelta(days=YEAR_DAYS))
    mondays = [day for day in days if day.weekday() == 0 and all(map(contains, week_of(day)))]
    weeks = [week_at(key, monday, calendar) for monday in mondays]
    plain = [week for week in weeks if "public_holiday" not in week.types] or weeks
    return plain[len(plain) // 2] if plain else None
