# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Ways by bus: against a plain search over all calls, against themselves in the other direction, and by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dableiben.access.transit import DayTransit
from dableiben.catalogue.load import load_catalogue
from dableiben.catalogue.modes import TransitRules
from support.journeys_by_search import PlainJourneys
from support.timetables import HOMES, SITES, Around, surroundings, timetables, without_trip

TUESDAY = date(2026, 5, 5)


def card(**changes: object) -> TransitRules:
    return load_catalogue().transit["bus"].model_copy(update=changes)


BUS = card(departures_every_s=60)


@st.composite
def situations(draw: st.DrawFn) -> tuple[DayTransit, PlainJourneys, Around]:
    table, day = draw(timetables())
    around = draw(surroundings(len(table.stop_id)))
    least, horizon = draw(st.sampled_from([0, 60])), draw(st.sampled_from([10.0, 240.0]))
    rules = BUS.model_copy(update={"min_change_s": least, "horizon_min": horizon})
    on_demand = draw(st.booleans())
    ways = around.stop_ways(table, HOMES, SITES, least)
    transit = DayTransit(table, day, ways, rules, on_demand=on_demand)
    return transit, PlainJourneys(table, day, around.between, least, round(60 * horizon), on_demand), around


def asked_times(plain: PlainJourneys) -> list[int]:
    """Wall-clock seconds around everything that happens, out of order, and the ends of the day."""
    moments = sorted({m for run in plain.runs() for call in run for m in (call.arrives, call.leaves)})
    near = {plain.wall(m) + shift for m in moments[::3] for shift in (-60, 0, 1, 130)}
    return [86_400, 0, *sorted((s for s in near if 0 <= s <= 86_400), key=lambda s: s * 7919 % 1009)]


def number(moment: float, plain: PlainJourneys) -> int:
    return plain.wall(moment) if np.isfinite(moment) else -1


@settings(max_examples=250)
@given(situations())
def test_arrivals_equal_a_search_over_all_calls(made: tuple[DayTransit, PlainJourneys, Around]) -> None:
    transit, plain, around = made
    times = asked_times(plain)
    for site in range(SITES):
        found = transit.earliest_arrivals(site, np.array(times, np.int32))
        for home in range(HOMES):
            direct = around.back.get(site, {}).get(home)
            expected = [
                number(plain.arrival(around.leaving.get(site, {}), around.home.get(home, {}), direct, s), plain)
                for s in times
            ]
            assert found[home].tolist() == expected


@settings(max_examples=250)
@given(situations())
def test_departures_equal_a_search_over_all_calls(made: tuple[DayTransit, PlainJourneys, Around]) -> None:
    transit, plain, around = made
    times = asked_times(plain)[:12]
    for site in range(SITES):
        found = transit.latest_departures(site, np.array(times, np.int32))
        for home in range(HOMES):
            direct = around.there.get(site, {}).get(home)
            expected = [
                number(plain.departure(around.out.get(home, {}), around.arriving.get(site, {}), direct, s), plain)
                for s in times
            ]
            assert found[home].tolist() == expected


@settings(max_examples=250)
@given(situations())
def test_the_nearest_of_several_sites_is_the_first_that_is_reached(
    made: tuple[DayTransit, PlainJourneys, Around],
) -> None:
    transit, plain, around = made
    times = np.array(asked_times(plain), np.int32)
    single = np.stack([transit.arrivals_from(home, times) for home in range(HOMES)])
    for home in range(HOMES):
        for site in range(SITES):
            direct = around.there.get(site, {}).get(home)
            out, arriving = around.out.get(home, {}), around.arriving.get(site, {})
            expected = [number(plain.arrival(out, arriving, direct, int(s)), plain) for s in times]
            assert single[home, site].tolist() == expected
    best = np.where(single < 0, 1 << 30, single).min(axis=1)
    assert np.array_equal(transit.nearest_arrivals(range(SITES), times), np.where(best == 1 << 30, -1, best))
    for site in range(SITES):
        assert np.array_equal(transit.nearest_arrivals(site, times), single[:, site])


@settings(max_examples=300)
@given(situations())
def test_all_departures_in_one_scan_equal_each_on_its_own(made: tuple[DayTransit, PlainJourneys, Around]) -> None:
    transit, plain, _ = made
    times = np.array(asked_times(plain), np.int32)
    together = transit.earliest_arrivals([0, 1], times), transit.latest_departures([0, 1], times)
    for column, second in enumerate(times):
        assert np.array_equal(together[0][:, [column]], transit.earliest_arrivals([0, 1], second[None]))
        assert np.array_equal(together[1][:, [column]], transit.latest_departures([0, 1], second[None]))


@settings(max_examples=300)
@given(situations())
def test_who_leaves_at_the_latest_is_in_time_and_who_leaves_later_is_not(
    made: tuple[DayTransit, PlainJourneys, Around],
) -> None:
    transit, plain, _ = made
    times = np.array(asked_times(plain), np.int32)
    for site in range(SITES):
        latest = transit.latest_departures(site, times)
        for home, column in zip(*np.nonzero(latest >= 0), strict=True):
            leave = np.array([latest[home, column], min(latest[home, column] + 1, times[column])], np.int32)
            arrival = transit.arrivals_from(int(home), leave)[site]
            assert 0 <= arrival[0] <= times[column]
            later = arrival[1] < 0 or arrival[1] > times[column] or leave[1] == leave[0]
            assert later


@settings(max_examples=200)
@given(situations(), st.integers(0, 8))
def test_one_trip_less_makes_nobody_earlier(made: tuple[DayTransit, PlainJourneys, Around], trip: int) -> None:
    transit, plain, around = made
    table = plain.timetable
    if transit.on_demand or (table.trip_block >= 0).any():
        # A trip taken out of a block may join two that were apart: that is another timetable, not one trip less.
        table = replace(table, trip_block=np.full(len(table.trip_id), -1, np.int32))
    less = without_trip(table, trip % len(table.trip_id))
    ways = around.stop_ways(table, HOMES, SITES, plain.min_change_s)
    whole, fewer = (DayTransit(t, plain.day, ways, transit.rules, on_demand=True) for t in (table, less))
    times = np.array(asked_times(plain), np.int32)
    for site in range(SITES):
        before, after = whole.earliest_arrivals(site, times), fewer.earliest_arrivals(site, times)
        assert ((after < 0) | ((before >= 0) & (before <= after))).all()
        assert (fewer.latest_departures(site, times) <= whole.latest_departures(site, times)).all()


@settings(max_examples=100)
@given(situations(), st.integers(0, 86_400 - 7200))
def test_percentiles_are_times_of_journeys_in_the_window(
    made: tuple[DayTransit, PlainJourneys, Around], first: int
) -> None:
    transit, plain, _ = made
    moments = [plain.wall(call.leaves) for run in plain.runs() for call in run if 0 <= plain.wall(call.leaves) < 79_200]
    first = min(moments, default=first) // 60 * 60
    leave = np.arange(first, first + 1200, BUS.departures_every_s, dtype=np.int32)
    found = transit.percentiles([0, 1], first, first + 1200, (5, 50, 95))
    arrival = transit.nearest_arrivals([0, 1], leave)
    for home in range(HOMES):
        real = [
            plain.at(int(a)) - plain.at(int(s)) if a >= 0 else np.inf
            for a, s in zip(arrival[home], leave, strict=True)
        ]
        expected = np.percentile(real, (5, 50, 95), method="inverted_cdf") / 60
        assert np.array_equal(found[home], np.where(np.isinf(expected), np.nan, expected), equal_nan=True)
