# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The connections of one day, ready for scans in either direction of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dableiben.access.timetable_kernels import ALIGHTS, BOARDS, KNOT_FIRST, KNOT_LAST
from dableiben.core.calendar import clock_change_min, wall_clock
from dableiben.core.timetable import Timetable

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Bool = NDArray[np.bool_]

DAY_S = 86_400
HOUR_S = 3_600


class DayClock:
    """Wall clock of a day and the running seconds that scans count in.

    Both are the same but for nights in which the clocks change: running seconds count from noon minus 12 hours of the
    day, as GTFS has it, so that nothing arrives before it left.
    """

    _hours = range(-3, 5 * 24)

    def __init__(self, day: date) -> None:
        self.day = day
        self._longer_s = 60 * clock_change_min(day)
        self._next_longer_s = 60 * clock_change_min(day + timedelta(days=1))

    @property
    def midnight(self) -> int:
        """Running seconds of 0:00."""
        return -self._longer_s

    def zero_of(self, offset: int) -> int:
        """Running seconds of noon minus 12 hours of the day before (-1), the day itself (0) or the day after (1)."""
        return {-1: -DAY_S - self._longer_s, 0: 0, 1: DAY_S + self._next_longer_s}[offset]

    def running(self, wall_s: Int32) -> Int32:
        """Running seconds of the wall clock: of an hour that comes twice the second, for one left out its end."""
        if not self._longer_s:
            return np.asarray(wall_s, np.int32)
        earlier = wall_s - self._longer_s
        # From here on both are the same.
        same = next(s for s in range(0, DAY_S, HOUR_S) if self.wall(np.array([s], np.int32))[0] == s)
        return np.where(np.maximum(wall_s, earlier) < same, earlier, np.maximum(wall_s, same)).astype(np.int32)

    def wall(self, running_s: Int32) -> Int32:
        """Seconds of the wall clock since 0:00 of the day."""
        if not self._longer_s and not self._next_longer_s:
            return np.asarray(running_s, np.int32)
        hour = np.clip(running_s // HOUR_S - self._hours[0], 0, len(self._hours) - 1)
        return (running_s + self._ahead_s[hour]).astype(np.int32)

    @cached_property
    def _ahead_s(self) -> Int32:
        """By how much the wall clock is ahead of the running seconds, by hour: clocks change at full hours."""
        start = datetime.combine(self.day, time())
        return np.array(
            [(wall_clock(self.day, h * HOUR_S) - start).total_seconds() - h * HOUR_S for h in self._hours], np.int32
        )


@dataclass(frozen=True, eq=False)
class Connections:
    """Connections of a day in running seconds (see DayClock), as timetable_kernels has them."""

    table: Int32
    mirrored: Int32
    """the same against time: a departure is a negative arrival, stops change places, so do boarding and alighting"""
    vehicles: int


def connections_of(timetable: Timetable, clock: DayClock, until: int, at_once: Bool, *, on_demand: bool) -> Connections:
    """Connections that leave from midnight of the day up to `until` (running seconds).

    Trips of the day before that run past midnight, and those of the day after, are among them.

    at_once     stops with a change that takes no time
    on_demand   take those as well that run only when booked
    """
    parts, vehicles = [], 0
    for offset in (-1, 0, 1):
        part, more = _of_service_day(timetable, clock.day + timedelta(days=offset), on_demand)
        part[:2] += clock.zero_of(offset)
        part[4] += vehicles
        vehicles += more
        parts.append(part)
    departure, arrival, origin, target, vehicle, flags, place = whole = np.concatenate(parts, axis=1)
    whole = whole[:, (departure >= clock.midnight) & (departure <= until)]
    departure, arrival, origin, target, vehicle, flags, place = whole
    swapped = np.where(flags & BOARDS, ALIGHTS, 0) | np.where(flags & ALIGHTS, BOARDS, 0)
    against = np.stack([-arrival, -departure, target, origin, vehicle, swapped, -place])
    return Connections(_table(whole, at_once), _table(against, at_once), vehicles)


def _of_service_day(timetable: Timetable, day: date, on_demand: bool) -> tuple[Int64, int]:
    """Columns of the connections of one service day, with the place in the run of the vehicle; number of vehicles."""
    trips = timetable.trips_on(day)
    if not on_demand:
        trips = trips[~timetable.trip_on_demand[trips]]
    calls = np.diff(timetable.trip_start)[trips]
    trips, calls = trips[calls > 1], calls[calls > 1]
    vehicle, rank = _vehicles(timetable, trips)
    steps = calls - 1
    owner = np.repeat(np.arange(len(trips)), steps)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(steps) - steps, steps)
    call = timetable.trip_start[trips][owner].astype(np.int64) + place
    flags = np.where(timetable.call_boards[call], BOARDS, 0) | np.where(timetable.call_alights[call + 1], ALIGHTS, 0)
    most = int(calls.max(initial=1))
    columns = [
        timetable.call_departure_s[call], timetable.call_arrival_s[call + 1], timetable.call_stop[call],
        timetable.call_stop[call + 1], vehicle[owner], flags, rank[owner] * most + place,
    ]  # fmt: skip
    return np.stack([np.asarray(column, np.int64) for column in columns]), len(trips)


def _vehicles(timetable: Timetable, trips: Int32) -> tuple[Int64, Int64]:
    """Number of the vehicle of each trip, and its rank among the vehicle's trips.

    Trips of a block are one vehicle where the next begins at the station at which the one before has ended, and not
    before; there passengers stay seated.
    """
    first, last = timetable.trip_start[trips], timetable.trip_start[trips + 1] - 1
    begins, ends = timetable.call_departure_s[first], timetable.call_arrival_s[last]
    station = timetable.stop_station
    here, there = station[timetable.call_stop[first]], station[timetable.call_stop[last]]
    vehicle, rank = np.arange(len(trips), dtype=np.int64), np.zeros(len(trips), np.int64)
    block = timetable.trip_block[trips]
    in_blocks = np.flatnonzero(block >= 0)
    order = in_blocks[np.lexsort((in_blocks, ends[in_blocks], begins[in_blocks], block[in_blocks]))]
    for one, following in pairwise(order):
        if block[one] == block[following] and ends[one] <= begins[following] and there[one] == here[following]:
            vehicle[following], rank[following] = vehicle[one], rank[one] + 1
    return vehicle, rank


def _table(columns: Int64, at_once: Bool) -> Int32:
    """Sorted as scans need it, with the knots marked."""
    departure, arrival, _, target, vehicle, _, place = columns
    order = np.lexsort((place, vehicle, arrival, departure))
    table = np.ascontiguousarray(columns[:6, order].T.astype(np.int32))
    brief = np.flatnonzero((departure == arrival)[order])
    if len(brief):
        # Connections of no duration of one second stand next to each other.
        second = departure[order][brief]
        group = np.concatenate([[0], np.cumsum(np.diff(second) != 0)])
        first = np.flatnonzero(np.diff(group, prepend=-1))
        last = np.concatenate([first[1:], [len(brief)]]) - 1
        tied = np.add.reduceat(at_once[target[order][brief]], first) > 0
        table[brief[first[tied]], 5] |= KNOT_FIRST
        table[brief[last[tied]], 5] |= KNOT_LAST
    table.setflags(write=False)
    return table
