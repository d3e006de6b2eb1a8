# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Times are filled in as an interpolation written out trip by trip fills them in."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.sources.gtfs.times import backwards, fill, over_midnight, seconds, timed_range

UNKNOWN = st.just(float("nan"))
Call = tuple[bool, int, int, float, float]
TRIP = st.lists(
    st.tuples(
        st.booleans(), st.integers(0, 600), st.integers(0, 120), st.one_of(UNKNOWN, st.integers(0, 5000)),
        st.one_of(UNKNOWN, st.integers(0, 900)),
    ),
    min_size=2, max_size=7,
)  # fmt: skip
"""calls: known or not, seconds since the call before, stay, distance along the way, metres from the call before"""


@given(trips=st.lists(TRIP, min_size=1, max_size=4))
def test_filling_in_is_interpolation_between_the_known_times(trips: list[list[Call]]) -> None:
    number, arrival, departure, shape, way = [], [], [], [], []
    for trip, calls in enumerate(trips):
        clock = 0.0
        for place, (known, ride, stay, along, metres) in enumerate(calls):
            clock += ride
            is_known = known or place in (0, len(calls) - 1)
            number.append(trip)
            arrival.append(clock if is_known else np.nan)
            clock += stay
            departure.append(clock if is_known else np.nan)
            shape.append(float(along))
            way.append(float(metres) if place else np.nan)
    columns = [np.array(column, float) for column in (arrival, departure, shape, way)]
    trip_of = np.array(number, np.int64)
    found = fill(columns[0], columns[1], trip_of, columns[2], columns[3])
    for trip in range(len(trips)):
        mine = np.flatnonzero(trip_of == trip)
        expected = slowly(*(column[mine] for column in columns))
        assert found.arrival_s[mine].tolist() == expected
    assert found.by_shape + found.by_distance + found.by_index == np.isnan(columns[0]).sum()
    assert len(backwards(found.arrival_s, found.departure_s, trip_of)) == 0


def slowly(arrival: np.ndarray, departure: np.ndarray, shape: np.ndarray, way: np.ndarray) -> list[float]:
    """One trip, piece by piece between known times."""
    times = arrival.tolist()
    known = [i for i, time in enumerate(times) if time == time]
    for start, end in pairwise(known):
        piece = range(start, end + 1)
        along = [shape[i] for i in piece]
        metres = [way[i] for i in range(start + 1, end + 1)]
        if all(b >= a for a, b in pairwise(along)) and along[-1] > along[0]:
            share = [(a - along[0]) / (along[-1] - along[0]) for a in along]
        elif all(m == m for m in metres) and sum(metres) > 0:
            share = [sum(metres[:n]) / sum(metres) for n in range(len(piece))]
        else:
            share = [n / (len(piece) - 1) for n in range(len(piece))]
        for i, part in zip(piece, share, strict=True):
            if start < i < end:
                times[i] = float(np.rint(departure[start] + part * (arrival[end] - departure[start])))
    return times


@pytest.mark.parametrize(
    ("text", "value"),
    [("8:05:00", 29_100), ("08:05", 29_100), ("25:10:30", 90_630), ("0:00:00", 0), ("100:00:00", 360_000)],
)
def test_clock_times_are_seconds(text: str, value: int) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "8", "8:60:00", "8:05:61", "-1:00:00", "acht Uhr", "8.05", "1000:00:00"])
def test_what_is_no_clock_time_is_unknown(text: str) -> None:
    assert np.isnan(seconds(text))


def test_only_calls_between_two_known_times_of_one_trip_are_kept() -> None:
    nan = np.nan
    arrival = np.array([nan, 1, nan, 2, nan, nan, nan, 5.0])
    trip = np.array([0, 0, 0, 0, 0, 1, 1, 2])
    assert timed_range(arrival, trip).tolist() == [False, True, True, True, False, False, False, True]


def test_midnight_counts_anew_in_each_trip() -> None:
    hours = np.array([23.0, 0.5, 1.0, 23.0, 23.5, 0.0]) * 3600
    trip = np.array([0, 0, 0, 1, 1, 1])
    arrival, departure, repaired = over_midnight(hours, hours, trip)
    assert (arrival / 3600).tolist() == (departure / 3600).tolist() == [23, 24.5, 25, 23, 23.5, 24]
    assert repaired == 2
