# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Opening hours as text to the quarter hours of a real week: open, closed, or left open by the text.

Where a text leaves something open it is read in every way it can be meant; a minute is open if it is open in all of
them, and unknown if it is open in some. What leaves it open: conditions and comments, "ab 8 Uhr", times of the sun,
closing weeks without dates, a public holiday of which the text says nothing, Saturday and Sunday where it names no day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np

from dableiben.core.calendar import Calendar
from dableiben.core.week import DAYS_A_WEEK, SLOT_MIN, Mask
from dableiben.supply.german_hours import german_to_osm
from dableiben.supply.hour_days import Unusable
from dableiben.supply.hour_minutes import Minutes, minutes_of
from dableiben.supply.hour_rules import CLOSED, OPEN, UNKNOWN, Rule, read_rules

_PUBLIC_HOLIDAYS_OFF = "PH off"
_WEEKEND_OFF = "Sa,Su off"
_WEEKEND = frozenset((5, 6))
MOST_CHARS = 1000
"""a longer text is no statement of hours"""


@dataclass(frozen=True)
class Unreadable:
    """A text that says something of opening hours which cannot be read: unknown, and to be listed."""

    text: str
    why_de: str


@dataclass(frozen=True)
class Hours:
    """One text on opening hours, understood.

    text            as given
    osm             the same in the syntax of OpenStreetMap (the text itself if it is)
    closing_weeks   weeks a year that it is closed at a time the text does not say; None if none are named
    """

    text: str
    osm: str
    closing_weeks: float | None
    rules: tuple[Rule, ...]
    doubts: tuple[Rule, ...]
    """rules that may hold or not: closing weeks without dates"""

    def week(self, days: Sequence[date], calendar: Calendar, *, strict_osm: bool = False) -> tuple[Mask, Mask]:
        """Slots that are open and slots that are unknown, both bool[672], on seven real dates, Monday first.

        Wall clock, so the nights the clocks change have 24 hours like all others. A slot is open if all its 15
        minutes are; unknown if it is not open but may be. `strict_osm`: as OpenStreetMap's specification has it, for
        comparisons: a holiday without a rule is a day like any other. Law: no slot is both.
        """
        if len(days) != DAYS_A_WEEK:
            raise ValueError(f"a week has {DAYS_A_WEEK} days, not {len(days)}")
        return _slots(self.minutes(days, calendar, strict_osm=strict_osm))

    def day(self, day: date, calendar: Calendar, *, strict_osm: bool = False) -> tuple[Mask, Mask]:
        """Open and unknown slots of one date, both bool[96]; see `week`."""
        return _slots(self.minutes([day], calendar, strict_osm=strict_osm))

    def minutes(self, days: Sequence[date], calendar: Calendar, *, strict_osm: bool = False) -> Minutes:
        """int8[days, 1440]: 0 closed, 1 unknown, 2 open, each minute of some dates; see `week`."""
        asks = any(rule.days.asks_school for rule in (*self.rules, *self.doubts))
        unknown_school = asks and not all(calendar.knows_school(day.year) for day in days)
        found = [
            minutes_of(rules, days, calendar, school)
            for rules in _readings(self.rules, self.doubts, strict_osm)
            for school in ((False, True) if unknown_school else (False,))
        ]
        if len(found) == 1:
            return found[0]
        low, high = np.minimum.reduce(found), np.maximum.reduce(found)
        return np.where(low == high, low, np.int8(UNKNOWN))


def _slots(minutes: Minutes) -> tuple[Mask, Mask]:
    least = minutes.reshape(-1, SLOT_MIN).min(axis=1)
    return least == OPEN, least == UNKNOWN


@lru_cache(maxsize=4096)
def read_hours(text: str | None) -> Hours | Unreadable | None:
    """What a text says of opening hours: in OpenStreetMap's syntax, else in German words.

    None: nothing is said. `Unreadable`: something is, and it is not guessed at.
    """
    given = " ".join(text.split()) if text else ""
    if not given:
        return None
    if len(given) > MOST_CHARS:
        return Unreadable(given[:MOST_CHARS], f"Der Text ist länger als {MOST_CHARS} Zeichen.")
    try:
        return Hours(given, given, None, read_rules(given), ())
    except Unusable:
        pass
    try:
        german = german_to_osm("\n".join(" ".join(line.split()) for line in (text or "").splitlines()))
        doubts = read_rules(german.doubts) if german.doubts else ()
        return Hours(given, german.rules, german.closing_weeks, read_rules(german.rules), doubts)
    except Unusable as error:
        return Unreadable(given, str(error))


@lru_cache(maxsize=4096)
def _readings(rules: tuple[Rule, ...], doubts: tuple[Rule, ...], strict_osm: bool) -> tuple[tuple[Rule, ...], ...]:
    """The rules as written, and with all that may be meant besides."""
    if strict_osm:
        return (rules,)
    more = _unsaid(rules)
    # "Mo-Fr" without a time is no service around the clock.
    rules = tuple(replace(r, state=UNKNOWN) if r.state == OPEN and not (r.spans or r.always) else r for r in rules)
    if not more and not doubts:
        return (rules,)
    # A rule for one date means that date, holiday or not: it goes after.
    cut = max((number for number, rule in enumerate(rules, start=1) if not rule.days.one_date), default=0)
    head, tail = rules[:cut], rules[cut:]
    first_fallback = next((number for number, rule in enumerate(head) if rule.operator == "||"), len(head))
    return rules, (*head[:first_fallback], *more, *head[first_fallback:], *tail, *doubts)


def _unsaid(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Rules that everyday speech leaves out: closed on public holidays, or on Saturday and Sunday."""
    if any(rule.always for rule in rules):
        return ()
    more: list[Rule] = []
    without_days = any(rule.state != CLOSED and not rule.days.names_days for rule in rules)
    if without_days and not any(rule.days.weekdays & _WEEKEND or rule.days.nth for rule in rules):
        more += read_rules(_WEEKEND_OFF)
    if not any(holiday.kind == "PH" and not holiday.shift for rule in rules for holiday in rule.days.holidays):
        more += read_rules(_PUBLIC_HOLIDAYS_OFF)
    return tuple(more)
