# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""On which days a rule of opening hours holds: weekdays, holidays of our calendar, months, dates, weeks, Easter.

The library answers for months, dates, weeks, Easter and the n-th weekday; it is never told a country, since it knows
no holidays of the Länder and no school holidays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

import opening_hours

from dableiben.core.calendar import Calendar

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = "|".join(WEEKDAYS)
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_NTH = re.compile(rf"(?:{_DAY})\[[^\]]*\](?:\s*[+-]\d+\s*days?)?", re.IGNORECASE)
_HOLIDAY = re.compile(r"(PH|SH)(?::(\w+))?(?:\s*([+-]\d+)\s*days?)?\b", re.IGNORECASE)
_STRETCH = re.compile(rf"({_DAY})(?:\s*-\s*({_DAY}))?\b", re.IGNORECASE)
_FIRST_WEEKDAY = re.compile(rf"\b(?:{_DAY}|PH|SH)\b", re.IGNORECASE)
_ONE_DATE = re.compile(rf"(?:\d{{4}}\s*)?(?:{_MONTH})\s*\d{{1,2}}|easter(?:\s*[+-]\d+\s*days?)?", re.IGNORECASE)


class Unusable(ValueError):  # noqa: N818 part of a text, told on as `Unreadable`
    """A text, or a part of it, cannot be read; the message is the German reason."""


@dataclass(frozen=True)
class Holiday:
    """PH or SH, perhaps school holidays of one name only, perhaps days before or after."""

    kind: str
    name: str | None = None
    shift: int = 0

    def holds(self, day: date, calendar: Calendar, school_if_unknown: bool) -> bool:
        """Whether a day is one; `school_if_unknown` answers for years whose school holidays are not known."""
        meant = day - timedelta(days=self.shift)
        if self.kind == "PH":
            return calendar.public_holiday(meant) is not None
        if not calendar.knows_school(meant.year):
            return school_if_unknown
        found = calendar.school_holiday(meant)
        return found is not None and (self.name is None or self.name.casefold() in found.casefold())


@dataclass(frozen=True)
class Days:
    """Days: all of the wide part (months, dates, weeks), and the weekdays or holidays in it."""

    wide: str
    weekdays: frozenset[int]
    nth: str
    """weekdays of the month in OSM's syntax, "Sa[1]"; they count beside `weekdays`"""
    holidays: tuple[Holiday, ...]
    both: bool
    """weekdays that are holidays as well ("SH Mo-Fr"), instead of either"""

    @property
    def every_day(self) -> bool:
        """Whether no day at all is named."""
        return not self.wide and not self.names_days

    @property
    def names_days(self) -> bool:
        """Whether weekdays or holidays are named."""
        return bool(self.weekdays or self.nth or self.holidays)

    @property
    def asks_school(self) -> bool:
        """Whether school holidays matter."""
        return any(holiday.kind == "SH" for holiday in self.holidays)

    @property
    def one_date(self) -> bool:
        """Whether it is said of a single date, which is then meant whatever day it is."""
        return _ONE_DATE.fullmatch(self.wide) is not None

    def hold(self, day: date, calendar: Calendar, school_if_unknown: bool = False) -> bool:
        """Whether a rule with these days holds on a day."""
        if self.wide and not _lies_in(self.wide, day):
            return False
        if not self.names_days:
            return True
        weekday = day.weekday() in self.weekdays or (bool(self.nth) and _lies_in(self.nth, day))
        if not self.holidays:
            return weekday
        if weekday != self.both:
            return weekday
        return any(holiday.holds(day, calendar, school_if_unknown) for holiday in self.holidays)


@lru_cache(maxsize=4096)
def read_days(text: str) -> Days:
    """Days of a rule as written before its times. Errors: `Unusable`."""
    text = re.sub(r"\s*,\s*", ",", text).strip().rstrip(":").strip()
    start = _FIRST_WEEKDAY.search(text)
    wide, rest = (text[: start.start()].strip(), text[start.start() :]) if start else (text, "")
    if wide:
        _library(wide)
    items = _items(rest)
    joins = {
        between == ""
        for (before, _), (after, between) in pairwise(items)
        if (before.re is _HOLIDAY) != (after.re is _HOLIDAY)
    }
    if len(joins) > 1:
        raise Unusable(f"„{text}“ lässt offen, welche Wochentage und welche Ferien oder Feiertage gemeint sind.")
    found = [match for match, _ in items]
    nth = ",".join(match.group() for match in found if match.re is _NTH)
    if nth:
        _library(nth)
    weekdays = frozenset(day for match in found if match.re is _STRETCH for day in _stretch(match))
    holidays = tuple(
        Holiday(match[1].upper(), match[2], int(match[3] or 0)) for match in found if match.re is _HOLIDAY
    )
    return Days(wide, weekdays, nth, holidays, joins == {True})


def _items(text: str) -> list[tuple[re.Match[str], str]]:
    """Days, stretches of days and holidays in order, each with the comma before it ("" for a space)."""
    found: list[tuple[re.Match[str], str]] = []
    at, between = 0, ""
    while at < len(text):
        match = next((m for p in (_HOLIDAY, _NTH, _STRETCH) if (m := p.match(text, at))), None)
        if match is None:
            raise Unusable(f"„{text[at:]}“ ist kein Wochentag.")
        found.append((match, between))
        gap = re.compile(r",|\s+|$").match(text, match.end())
        if gap is None:
            raise Unusable(f"„{text[match.end() :]}“ ist kein Wochentag.")
        at, between = gap.end(), gap.group().strip()
    return found


def _stretch(match: re.Match[str]) -> list[int]:
    first = WEEKDAYS.index(match[1].capitalize())
    last = WEEKDAYS.index(match[2].capitalize()) if match[2] else first
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


@lru_cache(maxsize=4096)
def _library(selector: str) -> opening_hours.OpeningHours:
    expression = f"{selector} 00:00-24:00"
    if not opening_hours.validate(expression):
        raise Unusable(f"„{selector}“ ist keine Angabe von Tagen.")
    return opening_hours.OpeningHours(expression)


@lru_cache(maxsize=65536)
def _lies_in(selector: str, day: date) -> bool:
    return _library(selector).is_open(datetime(day.year, day.month, day.day, 12))  # noqa: DTZ001 wall clock
