# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Times of a feed: "25:10:00" to seconds, what is left empty filled in between, what runs backwards found."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dableiben.sources.gtfs.tables import Flags, Whole

Floats = NDArray[np.float64]
DAY_S = 86_400
BACK_OVER_MIDNIGHT_S = DAY_S // 2
"""times that fall by more than this began again at 0:00 instead of going on to 24:00"""
_CLOCK = re.compile(r"(\d{1,3}):([0-5]?\d)(?::([0-5]?\d))?")


def seconds(text: str) -> float:
    """Seconds of "8:05:00", "25:10:00" or "8:05"; NaN for anything else."""
    found = _CLOCK.fullmatch(text)
    if not found:
        return float("nan")
    return int(found[1]) * 3600.0 + int(found[2]) * 60 + int(found[3] or 0)


def over_midnight(arrival_s: Floats, departure_s: Floats, trip: Whole) -> tuple[Floats, Floats, int]:
    """Put 24 hours on times that begin again at 0:00 within a trip; also the number of such trips."""
    both = np.stack([arrival_s, departure_s], axis=1).ravel()
    known = np.flatnonzero(~np.isnan(both))
    trips = np.repeat(trip, 2)[known]
    falls = np.zeros(len(known), np.int64)
    falls[1:] = (np.diff(both[known]) < -BACK_OVER_MIDNIGHT_S) & (np.diff(trips) == 0)
    if not falls.any():
        return arrival_s, departure_s, 0
    total = np.cumsum(falls)
    first = np.searchsorted(trips, trips)
    days = total - total[first]
    both[known] += DAY_S * days
    return both[0::2], both[1::2], len(np.unique(trips[falls > 0]))


def timed_range(arrival_s: Floats, trip: Whole) -> Flags:
    """Calls from the first to the last one of their trip with a time: others are filled in only between two times."""
    known = ~np.isnan(arrival_s)
    place = np.arange(len(trip))
    first, last = np.full(trip.max(initial=-1) + 1, len(trip)), np.full(trip.max(initial=-1) + 1, -1)
    np.minimum.at(first, trip[known], place[known])
    np.maximum.at(last, trip[known], place[known])
    return np.asarray((place >= first[trip]) & (place <= last[trip]))


@dataclass(frozen=True)
class Filled:
    """Times without holes, and how many calls were filled in by which measure."""

    arrival_s: Floats
    departure_s: Floats
    by_shape: int
    by_distance: int
    by_index: int


def fill(arrival_s: Floats, departure_s: Floats, trip: Whole, shape_m: Floats, way_m: Floats) -> Filled:
    """Times of calls without one, between those before and after, in proportion to the way.

    shape_m   distance along the way as the feed gives it (any unit); NaN = not given
    way_m     distance from the call before, as the crow flies; NaN = a stop without a place
    The first measure that is known for the whole piece and grows is taken; else every stop counts the same.
    """
    hole = np.isnan(arrival_s)
    if not hole.any():
        return Filled(arrival_s, departure_s, 0, 0, 0)
    place = np.arange(len(trip))
    before = np.maximum.accumulate(np.where(hole, -1, place))[hole]
    after = np.minimum.accumulate(np.where(hole, len(trip), place)[::-1])[::-1][hole]
    step = np.diff(shape_m, prepend=np.nan)
    measures = (_Measure.of(shape_m, ~(step >= 0)), _Measure.of(np.cumsum(np.nan_to_num(way_m)), np.isnan(way_m)))
    at = np.flatnonzero(hole)
    share = (at - before) / (after - before)
    taken = np.full(len(at), 2)
    for number in (1, 0):
        usable = measures[number].holds(before, after)
        share[usable] = measures[number].share(at[usable], before[usable], after[usable])
        taken[usable] = number
    arrival_s, departure_s = arrival_s.copy(), departure_s.copy()
    start, end = departure_s[before], arrival_s[after]
    arrival_s[at] = np.rint(start + share * (end - start))
    departure_s[at] = arrival_s[at]
    return Filled(arrival_s, departure_s, *(int((taken == number).sum()) for number in range(3)))


@dataclass(frozen=True)
class _Measure:
    """A way that grows along the calls, with the number of bad steps up to each call."""

    at_m: Floats
    bad: Whole

    @classmethod
    def of(cls, at_m: Floats, bad_step: Flags) -> _Measure:
        return cls(np.nan_to_num(at_m), np.cumsum(bad_step))

    def holds(self, before: Whole, after: Whole) -> Flags:
        return np.asarray((self.bad[after] == self.bad[before]) & (self.at_m[after] > self.at_m[before]))

    def share(self, at: Whole, before: Whole, after: Whole) -> Floats:
        return np.asarray((self.at_m[at] - self.at_m[before]) / (self.at_m[after] - self.at_m[before]))


def backwards(arrival_s: Floats, departure_s: Floats, trip: Whole) -> Whole:
    """Trips that leave a stop before they reach it, or reach the next one before they leave."""
    wrong = departure_s < arrival_s
    wrong[1:] |= (arrival_s[1:] < departure_s[:-1]) & (np.diff(trip) == 0)
    return np.unique(trip[wrong])
