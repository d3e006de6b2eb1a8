# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Connection scans: one pass over the connections of a day answers a whole row of departures.

A connection is one vehicle going from one stop to the next. `table` holds them by (departure, arrival, vehicle, place
in the run), interleaved as the columns below. A change is `(stop, seconds)`; those from stop `s` are
`change[change_start[s]:change_start[s + 1]]`.

`spread` works with departures in ascending order. Who leaves later is nowhere earlier, so the arrivals at a stop never
fall along a row: those who can board are the first ones of it, and whatever improves is one run that ends at the last
who is on board. What is known of a vehicle is therefore one number: the last departure that sits in it.

Arriving by vehicle and standing ready to board are told apart. One is ready after a way from home or after one change,
never after two ways on foot in a row.

Within a second nobody gains by the order, but for changes in no time between connections of no duration: such knots
are gone through until nothing improves, each time with the vehicles as they came in, or one would ride backwards.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NEVER = np.int32(1) << 30
"""time of what is not reached; sums with any way stay below the largest int32"""

# Columns of a table of connections.
DEPARTURE, ARRIVAL, ORIGIN, TARGET, VEHICLE, FLAGS = range(6)
COLUMNS = 6
# Bits of FLAGS.
BOARDS, ALIGHTS, KNOT_FIRST, KNOT_LAST = 1, 2, 4, 8


@njit(cache=True, nogil=True)
def _copy_knot(table, at, step, end, source, target):  # type: ignore[no-untyped-def]
    """Copy what is known of the vehicles of a knot; `end` is the flag of its last connection in this direction."""
    while True:
        target[table[at, VEHICLE]] = source[table[at, VEHICLE]]
        if table[at, FLAGS] & end:
            return
        at += step


@njit(cache=True, nogil=True)
def _lower(times, stop, last, time):  # type: ignore[no-untyped-def]
    """Lower the run of a row that ends at `last` and is above a time."""
    while last >= 0 and times[stop, last] > time:
        times[stop, last] = time
        last -= 1


@njit(cache=True, nogil=True)
def spread(table, vehicles, stops, change_start, change, way_stop, way_s, leave, last):  # type: ignore[no-untyped-def]
    """Earliest arrival by vehicle at every stop, shape (stops, departures); NEVER = not reached.

    way_stop, way_s   ways on foot from the origin to stops, in seconds
    leave             departures from the origin, ascending
    last              connections that leave after it are not looked at
    """
    size = len(leave)
    ready, by_vehicle = np.full((stops, size), NEVER, np.int32), np.full((stops, size), NEVER, np.int32)
    on_board = np.full(vehicles, -1, np.int32)
    for i in range(len(way_stop)):
        for m in range(size):
            ready[way_stop[i], m] = min(ready[way_stop[i], m], leave[m] + way_s[i])
    came_in = np.empty(vehicles, np.int32)
    i, knot, improved = np.searchsorted(table[:, DEPARTURE], leave[0]), -1, False
    while i < len(table) and table[i, DEPARTURE] <= last:
        flags, vehicle, arrival = table[i, FLAGS], table[i, VEHICLE], table[i, ARRIVAL]
        if flags & KNOT_FIRST:
            if i != knot:
                _copy_knot(table, i, 1, KNOT_LAST, on_board, came_in)
            knot, improved = i, False
        on = on_board[vehicle]
        if flags & BOARDS:
            origin, departure = table[i, ORIGIN], table[i, DEPARTURE]
            while on + 1 < size and ready[origin, on + 1] <= departure:
                on += 1
            on_board[vehicle] = on
        target = table[i, TARGET]
        if on >= 0 and flags & ALIGHTS and by_vehicle[target, on] > arrival:
            improved = True
            _lower(by_vehicle, target, on, arrival)
            for c in range(change_start[target], change_start[target + 1]):
                _lower(ready, change[c, 0], on, arrival + change[c, 1])
        if flags & KNOT_LAST and improved:
            i = knot
            _copy_knot(table, i, 1, KNOT_LAST, came_in, on_board)
        else:
            i += 1
    return by_vehicle


@njit(cache=True, nogil=True)
def read_places(way_start, way_stop, way_s, by_vehicle):  # type: ignore[no-untyped-def]
    """Earliest arrival at places, shape (places, departures), over the ways on foot from the stops to each place."""
    places, size = len(way_start) - 1, by_vehicle.shape[1]
    found = np.full((places, size), NEVER, np.int32)
    for p in range(places):
        row = found[p]
        for w in range(way_start[p], way_start[p + 1]):
            times, way = by_vehicle[way_stop[w]], way_s[w]
            for m in range(size):
                row[m] = min(row[m], times[m] + way)
    return found


@njit(cache=True, nogil=True)
def _best_change(start, size, departure, arrival, change_start, change, stop, time):  # type: ignore[no-untyped-def]
    """Earliest arrival at a target for who gets off at a stop then and changes; NEVER = none."""
    best = NEVER
    for c in range(change_start[stop], change_start[stop + 1]):
        other, then = change[c, 0], time + change[c, 1]
        at = start[other] + size[other] - 1
        while at >= start[other] and departure[at] < then:
            at -= 1
        if at >= start[other]:
            best = min(best, arrival[at])
    return best


@njit(cache=True, nogil=True)
def profile(table, first, last, vehicles, stops, change_start, change, way_s):  # type: ignore[no-untyped-def]
    """For everybody who stands ready at a stop, every departure worth taking with its earliest arrival at a target.

    way_s   seconds on foot from each stop to the nearest target; NEVER = none
    first, last   connections that leave within are looked at

    Returns start, size, departure, arrival: those of stop `s` are at `start[s]:start[s] + size[s]`, both descending.
    """
    begin = np.searchsorted(table[:, DEPARTURE], first)
    end = np.searchsorted(table[:, DEPARTURE], last, side="right")
    start, size = np.zeros(stops + 1, np.int64), np.zeros(stops, np.int64)
    for i in range(begin, end):
        start[table[i, ORIGIN] + 1] += 1
    for s in range(stops):
        start[s + 1] += start[s]
    departure, arrival = np.empty(start[stops], np.int32), np.empty(start[stops], np.int32)
    staying = np.full(vehicles, NEVER, np.int32)
    came_in = np.empty(vehicles, np.int32)
    i, knot, improved = end - 1, -1, False
    while i >= begin:
        flags, vehicle, target = table[i, FLAGS], table[i, VEHICLE], table[i, TARGET]
        if flags & KNOT_LAST:
            if i != knot:
                _copy_knot(table, i, -1, KNOT_FIRST, staying, came_in)
            knot, improved = i, False
        best = staying[vehicle]
        if flags & ALIGHTS:
            time = table[i, ARRIVAL]
            best = min(best, time + way_s[target])
            best = min(best, _best_change(start, size, departure, arrival, change_start, change, target, time))
        staying[vehicle] = best
        origin = table[i, ORIGIN]
        at = start[origin] + size[origin] - 1
        if flags & BOARDS and best < NEVER and (size[origin] == 0 or best < arrival[at]):
            if size[origin] == 0 or departure[at] > table[i, DEPARTURE]:
                size[origin] += 1
                at += 1
            departure[at], arrival[at], improved = table[i, DEPARTURE], best, True
        if flags & KNOT_FIRST and improved:
            i = knot
            _copy_knot(table, i, -1, KNOT_FIRST, came_in, staying)
        else:
            i -= 1
    return start, size, departure, arrival


@njit(cache=True, nogil=True)
def read_profile(start, size, departure, arrival, way_start, way_stop, way_s, leave):  # type: ignore[no-untyped-def]
    """Earliest arrival from places, shape (places, departures), for ascending departures from each place."""
    places = len(way_start) - 1
    found = np.full((places, len(leave)), NEVER, np.int32)
    for p in range(places):
        row = found[p]
        for w in range(way_start[p], way_start[p + 1]):
            stop = way_stop[w]
            at, begin = start[stop] + size[stop] - 1, start[stop]
            for m in range(len(leave)):
                ready = leave[m] + way_s[w]
                while at >= begin and departure[at] < ready:
                    at -= 1
                if at < begin:
                    break
                row[m] = min(row[m], arrival[at])
    return found
