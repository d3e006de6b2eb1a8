# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of opening hours, evaluated minute by minute of real dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
import opening_hours
from numpy.typing import NDArray

from dableiben.core.calendar import Calendar
from dableiben.supply.hour_rules import CLOSED, DAY_MIN, NOTHING, UNKNOWN, Clock, Rule, Span, latest_end

Minutes = NDArray[np.int8]
LONGEST_MIN = 3 * DAY_MIN
"""a stretch begins on its day and ends at 48:00 at the latest, an open one some hours later"""
CORNERS = ((54.9, 8.3), (54.9, 14.8), (47.4, 7.5), (47.4, 13.1), (51.0, 5.9), (51.3, 15.1))
"""latitude and longitude of the edges of Germany: between them lie the times of the sun of every place"""


def minutes_of(rules: tuple[Rule, ...], days: Sequence[date], calendar: Calendar, school_if_unknown: bool) -> Minutes:
    """int8[days, 1440]: CLOSED, UNKNOWN or OPEN. What began the days before goes on past midnight."""
    began: dict[date, Minutes] = {}
    found = np.empty((len(days), DAY_MIN), np.int8)
    for row, day in enumerate(days):
        eve, eve_before = day - timedelta(days=1), day - timedelta(days=2)
        for needed in (eve_before, eve, day):
            if needed not in began:
                began[needed] = _begun_on(needed, rules, calendar, school_if_unknown)
        found[row] = _over(began[day][0], began[eve][1], began[eve_before][2])
    return found


def _over(own: Minutes, night: Minutes, second_night: Minutes) -> Minutes:
    """A night that is said to be closed is; else the day and what goes on from before hold side by side."""
    carried = np.maximum(night, second_night)
    result = np.maximum(np.maximum(own, carried), CLOSED)
    result[carried == CLOSED] = CLOSED
    return result


def _begun_on(day: date, rules: tuple[Rule, ...], calendar: Calendar, school_if_unknown: bool) -> Minutes:
    """int8[3, 1440]: what is said by stretches that begin on a day, of it and of the two days after."""
    line = np.full(LONGEST_MIN, NOTHING, np.int8)
    for rule in rules:
        if not rule.days.hold(day, calendar, school_if_unknown):
            continue
        if rule.replaces or (rule.state == CLOSED and not rule.spans):
            line[:] = NOTHING  # with the night after: a day that is closed begins no night
        for start, end, state in _painted(rule, day):
            part = line[start:end]
            if rule.operator == "||":
                part[part <= CLOSED] = state
            else:
                part[:] = state
    return line.reshape(3, DAY_MIN)


def _painted(rule: Rule, day: date) -> list[tuple[int, int, int]]:
    """Stretches of a rule as first minute, minute after the last, and what it says of them."""
    if not rule.spans:
        return [(0, DAY_MIN, rule.state)]
    found = []
    for span in rule.spans:
        found += _stretches(span, rule.state, day)
    return found


def _stretches(span: Span, state: int, day: date) -> list[tuple[int, int, int]]:
    unsure = CLOSED if state == CLOSED else UNKNOWN
    early, late = _bounds(span.start, day)
    if span.end is None:
        return [(early, latest_end(late), unsure)]
    end_early, end_late = _bounds(span.end, day)
    if end_late <= early:
        end_early, end_late = end_early + DAY_MIN, end_late + DAY_MIN
    # Between the earliest and the latest place of the sun nothing is sure.
    found = [(early, end_late, UNKNOWN)] if (early, end_early) != (late, end_late) else []
    if late < end_early:
        found.append((late, end_early, state))
    if span.open_end:
        found.append((end_late, max(latest_end(end_late % DAY_MIN) + end_late // DAY_MIN * DAY_MIN, end_late), unsure))
    return found


def _bounds(clock: Clock, day: date) -> tuple[int, int]:
    if clock.event is None:
        return clock.minutes, clock.minutes
    early, late = _sun(clock.event, day)
    return max(early + clock.minutes, 0), max(late + clock.minutes, 0)


@lru_cache(maxsize=8192)
def _sun(event: str, day: date) -> tuple[int, int]:
    """Earliest and latest minute of a day at which the sun is there, anywhere in Germany."""
    found = []
    start = datetime(day.year, day.month, day.day)  # noqa: DTZ001 wall clock
    for corner in CORNERS:
        hours = opening_hours.OpeningHours(f"00:00-{event}", coords=corner)
        moment = next(iter(hours.intervals(start, start + timedelta(days=1))))[1]
        found.append(moment.hour * 60 + moment.minute)
    return min(found), max(found)
