# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Timetables by hand and by chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from dableiben.access.stop_ways import StopWays, Walks, changes_of
from dableiben.access.street_access import Travel
from dableiben.core.timetable import Timetable

Call = tuple[int, int, int]
"""stop, arrival, departure"""
Ways = dict[int, dict[int, int]]


@dataclass(frozen=True)
class Trip:
    calls: Sequence[Call]
    service: int = 0
    block: int = -1
    on_demand: bool = False
    no_boarding: frozenset[int] = frozenset()
    """calls at which nobody gets on"""
    no_alighting: frozenset[int] = frozenset()


def make_timetable(
    trips: Sequence[Trip],
    stops: int,
    first_day: date,
    runs: Sequence[Sequence[bool]] = ((True,),),
    *,
    transfers: Mapping[tuple[int, int], int] | None = None,
    stations: Sequence[int] | None = None,
    xy: Sequence[tuple[float, float]] | None = None,
) -> Timetable:
    """A timetable whose services run on days from the first on."""
    calls = [call for trip in trips for call in trip.calls]
    places = np.array(xy if xy is not None else [(np.nan, np.nan)] * stops, float).reshape(stops, 2)
    number = [i for trip in trips for i in range(len(trip.calls))]
    owner = [trip for trip in trips for _ in trip.calls]
    changes = transfers or {}
    return Timetable(
        stop_id=tuple(f"s{i}" for i in range(stops)),
        stop_name=tuple(f"Halt {i}" for i in range(stops)),
        stop_x_m=places[:, 0],
        stop_y_m=places[:, 1],
        stop_station=np.array(stations if stations is not None else range(stops), np.int32),
        route_id=("r",),
        route_name=("1",),
        route_type=np.array([3], np.int32),
        trip_id=tuple(f"t{i}" for i in range(len(trips))),
        trip_route=np.zeros(len(trips), np.int32),
        trip_service=np.array([trip.service for trip in trips], np.int32),
        trip_block=np.array([trip.block for trip in trips], np.int32),
        trip_on_demand=np.array([trip.on_demand for trip in trips], np.bool_),
        trip_start=np.concatenate([[0], np.cumsum([len(trip.calls) for trip in trips])]).astype(np.int32),
        call_stop=np.array([call[0] for call in calls], np.int32),
        call_arrival_s=np.array([call[1] for call in calls], np.int32),
        call_departure_s=np.array([call[2] for call in calls], np.int32),
        call_boards=np.array([i not in t.no_boarding for i, t in zip(number, owner, strict=True)], np.bool_),
        call_alights=np.array([i not in t.no_alighting for i, t in zip(number, owner, strict=True)], np.bool_),
        service_id=tuple(f"c{i}" for i in range(len(runs))),
        first_day=first_day,
        runs=np.array(runs, np.bool_).reshape(len(runs), -1),
        transfer_from=np.array([pair[0] for pair in changes], np.int32),
        transfer_to=np.array([pair[1] for pair in changes], np.int32),
        transfer_s=np.array(list(changes.values()), np.int32),
    )


def without_trip(timetable: Timetable, trip: int) -> Timetable:
    """The same timetable, one trip less."""
    rows = np.delete(np.arange(len(timetable.trip_id)), trip)
    kept = [np.arange(timetable.trip_start[t], timetable.trip_start[t + 1]) for t in rows]
    calls = np.concatenate([*kept, np.empty(0, np.int64)]).astype(np.int64)
    of_trips = ("trip_route", "trip_service", "trip_block", "trip_on_demand")
    names = ("call_stop", "call_arrival_s", "call_departure_s", "call_boards", "call_alights")
    return replace(
        timetable,
        trip_id=tuple(timetable.trip_id[t] for t in rows),
        trip_start=np.concatenate([[0], np.cumsum([len(own) for own in kept])]).astype(np.int32),
        **{name: getattr(timetable, name)[rows] for name in of_trips},
        **{name: getattr(timetable, name)[calls] for name in names},
    )


@dataclass(frozen=True)
class Around:
    """Ways on foot of a made-up place, from -> to -> seconds."""

    out: Ways
    """home -> stop"""
    home: Ways
    """home -> stop, for the way from the stop home"""
    leaving: Ways
    """site -> stop"""
    arriving: Ways
    """site -> stop, for the way from the stop to the site"""
    there: Ways
    """site -> home, for the walk to the site"""
    back: Ways
    """site -> home, for the walk home"""
    between: Ways
    """stop -> stop"""

    def stop_ways(self, timetable: Timetable, homes: int, sites: int, min_change_s: int) -> StopWays:
        pairs = [(a, b, s) for a, row in self.between.items() for b, s in row.items()]
        columns = np.array(pairs, np.int32).reshape(-1, 3).T
        walked = Travel(columns[0], columns[1], columns[2] * np.int32(10))
        return StopWays(
            walks(homes, self.out), walks(homes, self.home), walks(sites, self.leaving), walks(sites, self.arriving),
            walks(sites, self.there), walks(sites, self.back), changes_of(timetable, walked, min_change_s),
            np.empty(0, np.int64),
        )  # fmt: skip


def walks(origins: int, ways: Ways) -> Walks:
    rows = np.array([(a, b, s) for a, row in ways.items() for b, s in row.items()], np.int32).reshape(-1, 3)
    return Walks.of_rows(origins, rows[:, 0], rows[:, 1], rows[:, 2])


DAYS = (date(2026, 5, 5), date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 28))
HOMES, SITES = 2, 2


@st.composite
def timetables(draw: st.DrawFn) -> tuple[Timetable, date]:
    """Few stops and many ties: trips with and without duration, over midnight, of neighbouring days, in blocks, on
    demand, with stops where nobody gets on or off, and with changes that the timetable rules."""
    stops = draw(st.integers(2, 5))
    day = draw(st.sampled_from(DAYS))
    # Around noon, over midnight on both sides, and in the hours when the clocks change.
    around = draw(st.sampled_from([43_200, 86_400, 86_000, 3_600, 0]))
    trips = []
    for _ in range(draw(st.integers(2, 9))):
        now, calls = around + 60 * draw(st.integers(0, 6)), []
        for stop in draw(st.permutations(range(stops)))[: draw(st.sampled_from([2, 2, 3, 4]))]:
            arrival = now + 60 * draw(st.sampled_from([0, 0, 1, 2, 5]))
            now = arrival + draw(st.sampled_from([0, 0, 30, 60]))
            calls.append((stop, arrival, now))
        rare = st.sampled_from([frozenset[int](), frozenset[int](), frozenset({1}), frozenset({0, 2}), frozenset({3})])
        trips.append(
            Trip(
                calls, draw(st.integers(0, 1)), draw(st.sampled_from([-1, -1, 0, 1])),
                draw(st.sampled_from([False, False, False, True])), draw(rare), draw(rare),
            )
        )  # fmt: skip
    often = st.sampled_from([True, True, True, False])
    runs = draw(st.lists(st.lists(often, min_size=3, max_size=3), min_size=2, max_size=2))
    some = st.integers(0, stops - 1)
    transfers = draw(st.dictionaries(st.tuples(some, some), st.sampled_from([-1, 0, 0, 60, 200]), max_size=4))
    stations = draw(st.lists(st.integers(0, 2), min_size=stops, max_size=stops))
    table = make_timetable(trips, stops, day - timedelta(days=1), runs, transfers=transfers, stations=stations)
    return table, day


@st.composite
def surroundings(draw: st.DrawFn, stops: int) -> Around:
    """Ways on foot by chance, other ones there than back."""

    def ways(origins: int, targets: int, most: int) -> Ways:
        pair = st.tuples(st.integers(0, origins - 1), st.integers(0, targets - 1))
        drawn = draw(st.dictionaries(pair, st.sampled_from([0, 10, 60, 130, 300]), max_size=most))
        found: Ways = {}
        for (one, other), seconds in drawn.items():
            found.setdefault(one, {})[other] = seconds
        return found

    between = {a: {b: s for b, s in row.items() if a != b} for a, row in ways(stops, stops, 3).items()}
    rows = ways(HOMES, stops, 2), ways(HOMES, stops, 2), ways(SITES, stops, 2), ways(SITES, stops, 2)
    # Homes are near the first stop and sites near the last, or most journeys would be walks.
    for row, stop in zip(rows, (0, 0, stops - 1, stops - 1), strict=True):
        row.setdefault(0, {})[stop] = draw(st.sampled_from([0, 10, 60]))
    return Around(*rows, ways(SITES, HOMES, 1), ways(SITES, HOMES, 1), between)
