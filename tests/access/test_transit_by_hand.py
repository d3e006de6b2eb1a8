# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Ways by bus that can be reckoned in the head: changes, walks, nights, days, stops without a street, the card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

import dableiben.catalogue
from dableiben.access.street_access import StreetAccess
from dableiben.access.transit import DayTransit
from dableiben.catalogue.load import load_catalogue
from dableiben.catalogue.modes import TransitRules
from dableiben.core.errors import InputError
from support.streets import make_network, mode_card
from support.timetables import Around, Trip, Ways, make_timetable

TUESDAY = date(2026, 5, 5)
AUTUMN, SPRING = date(2026, 10, 25), date(2026, 3, 29)
HOUR, MINUTE = 3600, 60


def bus(**changes: object) -> TransitRules:
    return load_catalogue().transit["bus"].model_copy(update=changes)


def at(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * HOUR + int(minutes) * MINUTE


def ride(*calls: tuple[int, str], **kind: object) -> Trip:
    return Trip([(stop, at(clock), at(clock)) for stop, clock in calls], **kind)  # type: ignore[arg-type]


def journey(
    trips: Sequence[Trip],
    *,
    day: date = TUESDAY,
    out: Ways | None = None,
    arriving: Ways | None = None,
    between: Ways | None = None,
    walk: int | None = None,
    transfers: Mapping[tuple[int, int], int] | None = None,
    stations: Sequence[int] | None = None,
    on_demand: bool = False,
    **card: object,
) -> DayTransit:
    """One home at stop 0 and one site at stop 9, if nothing else is said, and the same ways back."""
    feed = make_timetable(trips, 10, day - timedelta(days=1), [[True] * 3], transfers=transfers, stations=stations)
    direct: Ways = {} if walk is None else {0: {0: walk}}
    out, arriving = out or {0: {0: 0}}, arriving or {0: {9: 0}}
    around = Around(out, out, arriving, arriving, direct, direct, between or {})
    rules = bus(**card)
    return DayTransit(feed, day, around.stop_ways(feed, 1, 1, rules.min_change_s), rules, on_demand=on_demand)


def arrival(transit: DayTransit, leave: str) -> str:
    return clock(transit.arrivals_from(0, np.array([at(leave)], np.int32))[0, 0])


def departure(transit: DayTransit, by: str) -> str:
    return clock(transit.latest_departures(0, np.array([at(by)], np.int32))[0, 0])


def clock(second: int) -> str:
    return "never" if second < 0 else f"{second // HOUR}:{second % HOUR // MINUTE:02}"


def test_the_bus_there_and_the_bus_back() -> None:
    transit = journey([ride((0, "7:30"), (9, "7:50")), ride((9, "16:10"), (0, "16:30"))], out={0: {0: 300}})
    assert departure(transit, "7:49") == "never"
    assert departure(transit, "7:50") == departure(transit, "8:15") == "7:25"
    assert arrival(transit, "7:25") == "7:50" and arrival(transit, "7:26") == "never"
    back = transit.earliest_arrivals(0, np.array([at("16:11"), at("16:10"), at("12:11")], np.int32))
    assert [clock(s) for s in back[0]] == ["never", "16:35", "never"], "the last journey would take over four hours"


def test_the_longest_journey_is_on_the_card() -> None:
    trips = [ride((0, "7:00"), (9, "8:00"))]
    assert departure(journey(trips, horizon_min=60), "8:00") == "7:00"
    assert departure(journey(trips, horizon_min=59), "8:00") == "never"
    assert departure(journey(trips, horizon_min=60), "8:01") == "never"
    assert arrival(journey(trips, horizon_min=60), "6:59") == "never"


def test_walking_all_the_way_wins_where_it_is_faster() -> None:
    transit = journey([ride((0, "7:30"), (9, "7:50"))], walk=25 * MINUTE)
    assert [departure(transit, by) for by in ("7:50", "7:54", "7:55", "7:56")] == ["7:30", "7:30", "7:30", "7:31"]
    assert [arrival(transit, leave) for leave in ("7:24", "7:26", "7:31")] == ["7:49", "7:50", "7:56"]


@pytest.mark.parametrize(
    ("transfers", "reached"),
    [
        ({}, {"7:41": "never", "7:42": "8:00"}),
        ({(5, 5): 0}, {"7:40": "8:00"}),
        ({(5, 5): 60}, {"7:40": "never", "7:41": "8:00"}),
        ({(5, 5): 600}, {"7:49": "never", "7:50": "8:00"}),
        ({(5, 5): -1}, {"7:50": "never"}),
    ],
)
def test_a_change_takes_what_the_timetable_says_or_else_the_card(
    transfers: dict[tuple[int, int], int], reached: dict[str, str]
) -> None:
    for leaves, expected in reached.items():
        trips = [ride((0, "7:30"), (5, "7:40")), ride((5, leaves), (9, "8:00"))]
        transit = journey(trips, transfers=transfers, min_change_s=120)
        assert arrival(transit, "7:30") == expected
        assert departure(transit, "8:00") == ("never" if expected == "never" else "7:30")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_entries_for_one_change_the_stricter_counts(order: tuple[int, int]) -> None:
    for entries, expected in (((60, -1), "never"), ((60, 600), "never"), ((60, 300), "8:00")):
        feed = make_timetable([ride((0, "7:30"), (5, "7:40")), ride((5, "7:45"), (9, "8:00"))], 10, TUESDAY)
        feed = replace(
            feed, transfer_from=np.array([5, 5]), transfer_to=np.array([5, 5]),
            transfer_s=np.array([entries[i] for i in order]),
        )  # fmt: skip
        ways = Around({0: {0: 0}}, {}, {}, {0: {9: 0}}, {}, {}, {}).stop_ways(feed, 1, 1, 120)
        assert arrival(DayTransit(feed, TUESDAY, ways, bus()), "7:30") == expected


@pytest.mark.parametrize(
    ("transfers", "missed", "caught"),
    [
        ({}, "7:46", "7:47"), ({(5, 6): 0}, "7:44", "7:45"), ({(5, 6): 180}, "7:42", "7:43"),
        ({(6, 5): -1}, "7:46", "7:47"),
    ],
)
def test_a_change_between_stops_is_walked(transfers: dict[tuple[int, int], int], missed: str, caught: str) -> None:
    for leaves, expected in ((missed, "never"), (caught, "8:00")):
        trips = [ride((0, "7:30"), (5, "7:40")), ride((6, leaves), (9, "8:00"))]
        transit = journey(trips, transfers=transfers, between={5: {6: 300}}, min_change_s=120)
        assert arrival(transit, "7:30") == expected
        assert departure(transit, "8:00") == ("never" if expected == "never" else "7:30")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_within_one_second_changes_follow_each_other_and_nobody_rides_backwards(order: tuple[int, ...]) -> None:
    """Feeds in whole minutes have stops at the same minute, and changes that are waited for."""
    waited_for = {(4, 4): 0, (5, 5): 0}
    for end in ("8:00", "8:05"):
        rides = [ride((0, "8:00"), (4, "8:00")), ride((4, "8:00"), (5, "8:00")), ride((5, "8:00"), (9, end))]
        transit = journey([rides[i] for i in order], transfers=waited_for)
        assert arrival(transit, "8:00") == end and departure(transit, end) == "8:00"
        assert clock(transit.nearest_arrivals(0, np.array([at("7:00")], np.int32))[0, 0]) == end
    through = journey([ride((0, "8:00"), (5, "8:00"), (9, "8:00"))])
    assert arrival(through, "8:00") == departure(through, "8:00") == "8:00"
    for before, after in ((9, 5), (5, 9)):
        calls = (before, after, 0, 4)
        against = journey([ride(*((stop, "8:00") for stop in calls))], transfers={(4, 4): 0, (0, 0): 0})
        assert arrival(against, "8:00") == departure(against, "8:00") == "never"
        assert against.nearest_arrivals(0, np.array([at("8:00")], np.int32)).tolist() == [[-1]]


def test_nobody_walks_from_stop_to_stop_before_the_first_or_after_the_last_ride() -> None:
    trips = [ride((1, "7:30"), (8, "7:50"))]
    between = {0: {1: 60}, 8: {9: 60}}
    for out, arriving, possible in (
        ({0: {0: 0}}, {0: {8: 0}}, False), ({0: {1: 60}}, {0: {9: 0}}, False), ({0: {1: 60}}, {0: {8: 60}}, True),
    ):  # fmt: skip
        transit = journey(trips, out=out, arriving=arriving, between=between)
        assert (arrival(transit, "7:00") != "never") == possible == (departure(transit, "8:30") != "never")


def test_passengers_stay_seated_where_the_vehicle_goes_on() -> None:
    def made(**second: object) -> DayTransit:
        trips = [ride((0, "7:30"), (5, "7:40"), block=3), ride((5, "7:40"), (9, "8:00"), **second)]
        return journey(trips, min_change_s=120)

    assert arrival(made(block=3), "7:30") == "8:00" and departure(made(block=3), "8:00") == "7:30"
    assert arrival(made(block=4), "7:30") == "never"
    elsewhere = [ride((0, "7:30"), (5, "7:40"), block=3), ride((6, "7:45"), (9, "8:00"), block=3)]
    assert arrival(journey(elsewhere), "7:30") == "never", "an empty run brings nobody to the next line"
    overlapping = [ride((0, "7:30"), (5, "7:40"), block=3), ride((5, "7:39"), (9, "8:00"), block=3)]
    assert arrival(journey(overlapping), "7:30") == "never"
    platform = [0, 1, 2, 3, 4, 5, 5, 7, 8, 9]
    assert arrival(journey(elsewhere, stations=platform), "7:30") == "8:00"


def test_stops_only_to_get_off_or_on() -> None:
    calls = ((0, "7:30"), (5, "7:40"), (9, "7:50"))
    assert arrival(journey([ride(*calls, no_boarding=frozenset({0}))]), "7:00") == "never"
    assert arrival(journey([ride(*calls, no_alighting=frozenset({2}))]), "7:00") == "never"
    there = journey([ride(*calls, no_boarding=frozenset({1, 2}), no_alighting=frozenset({0, 1}))])
    assert arrival(there, "7:00") == "7:50"


def test_trips_on_demand_are_counted_apart() -> None:
    trips = [ride((0, "7:30"), (9, "7:50"), on_demand=True)]
    assert arrival(journey(trips), "7:00") == "never"
    assert arrival(journey(trips, on_demand=True), "7:00") == "7:50"


def test_a_trip_of_the_day_before_runs_past_midnight() -> None:
    transit = journey([ride((0, "24:30"), (9, "25:10"))])
    assert arrival(transit, "0:20") == "1:10", "yesterday's"
    assert arrival(transit, "23:50") == "25:10", "today's"
    assert departure(transit, "1:10") == "0:30"
    first_bus = journey([ride((0, "0:15"), (9, "1:00"))])
    assert arrival(first_bus, "23:50") == "25:00", "tomorrow's"


def test_the_nights_in_which_the_clocks_change() -> None:
    """Times of a feed count from noon minus 12 hours, so before the change they are an hour off the clock."""
    night = [ride((0, "1:30"), (9, "4:30"))]
    autumn, spring = journey(night, day=AUTUMN), journey(night, day=SPRING)
    assert arrival(autumn, "1:59") == "4:30" and departure(autumn, "4:30") == "2:30", "the first 2:30 of that night"
    assert arrival(autumn, "2:20") == "never", "the second one is asked for"
    assert arrival(spring, "0:30") == "4:30" and arrival(spring, "0:31") == "never"
    assert departure(spring, "4:30") == "0:30"
    noon = [ride((0, "11:00"), (9, "12:00"))]
    for day in (AUTUMN, SPRING):
        transit = journey(noon, day=day)
        assert arrival(transit, "11:00") == "12:00" and departure(transit, "12:00") == "11:00"


def test_a_day_that_the_timetable_does_not_cover_is_no_day_without_buses() -> None:
    feed = make_timetable([ride((0, "7:30"), (1, "7:50"))], 2, TUESDAY, [[True, False]])
    ways = Around({}, {}, {}, {}, {}, {}, {}).stop_ways(feed, 1, 1, 0)
    assert DayTransit(feed, TUESDAY + timedelta(days=1), ways, bus()).connections == 0
    with pytest.raises(InputError) as refused:
        DayTransit(feed, TUESDAY + timedelta(days=2), ways, bus())
    assert refused.value.code == "timetable-day-outside"
    assert "07.05.2026" in refused.value.message and "06.05.2026" in refused.value.message


@pytest.mark.parametrize("second", [-1, 86_401])
def test_times_outside_of_the_day_are_refused(second: int) -> None:
    transit = journey([ride((0, "7:30"), (9, "7:50"))])
    for question in (transit.earliest_arrivals, transit.latest_departures, transit.nearest_arrivals):
        with pytest.raises(ValueError, match="within the day"):
            question(0, np.array([second], np.int32))


def test_no_times_and_no_sites_give_no_answers_but_shapes() -> None:
    transit = journey([ride((0, "7:30"), (9, "7:50"))])
    none, noon = np.empty(0, np.int32), np.array([at("7:00")], np.int32)
    for question in (transit.earliest_arrivals, transit.latest_departures, transit.nearest_arrivals):
        assert question(0, none).shape == (1, 0)
        assert question([], noon).tolist() == [[-1]]


STREET = {"highway": "residential"}


def on_a_street(stop_x: Sequence[float], stop_y: Sequence[float], **card: object) -> DayTransit:
    """A straight street of 6 km; the home at its beginning, the site at its end, stops beside it."""
    network = make_network({1: (0, 0), 2: (6000, 0)}, [([1, 2], STREET)])
    foot = StreetAccess.build(network, mode_card("foot"))
    calls = [(i, at("8:00") + 600 * i, at("8:00") + 600 * i) for i in range(len(stop_x))]
    back = [(len(stop_x) - 1 - i, at("17:00") + 600 * i, at("17:00") + 600 * i) for i in range(len(stop_x))]
    points = list(zip(stop_x, stop_y, strict=True))
    feed = make_timetable([Trip(calls), Trip(back)], len(stop_x), TUESDAY, xy=points)
    home, site = (foot.snap(np.array([x]), np.array([0.0])) for x in (0.0, 6000.0))
    return DayTransit.build(feed, TUESDAY, foot, home, site, bus(**card))


def test_walks_on_streets_count_up_to_the_limit_with_the_links_to_the_stops() -> None:
    # 5 km/h on the street, 4 km/h on the link: 1000 m are 12 min, 200 m beside the street are 3 min.
    for x, y, reached in ((1250, 0, True), (1251, 0, False), (1000, 200, True), (1001, 200, False)):
        transit = on_a_street([x, 6000], [y, 0], max_access_min=15)
        assert (departure(transit, "9:00") == "7:45") == reached
        assert (departure(transit, "9:00") == "never") != reached
        back = transit.earliest_arrivals(0, np.array([at("17:00")], np.int32))
        assert clock(back[0, 0]) == ("17:25" if reached else "never")


def test_stops_without_a_street_are_listed_and_only_ridden_through() -> None:
    transit = on_a_street([0, 3000, np.nan, 6000], [0, 301, np.nan, 0])
    assert transit.dropped_stops.tolist() == [1, 2]
    assert departure(transit, "8:30") == "8:00"
    nothing_calls = make_timetable([Trip([(0, 0, 0), (0, 60, 60)])], 2, TUESDAY, xy=[(0, 0), (9e6, 0)])
    foot = StreetAccess.build(make_network({1: (0, 0), 2: (100, 0)}, [([1, 2], STREET)]), mode_card("foot"))
    home = foot.snap(np.zeros(1), np.zeros(1))
    assert DayTransit.build(nothing_calls, TUESDAY, foot, home, home, bus()).dropped_stops.tolist() == []


def test_a_second_of_walking_that_has_begun_counts_whole() -> None:
    transit = on_a_street([100, 6000], [0, 0])
    # 100 m at 5 km/h are 72.0 s, 101 m 72.7 s.
    assert departure(transit, "8:10") == clock(at("8:00") - 72)
    assert transit.latest_departures(0, np.array([at("8:10")], np.int32))[0, 0] == at("8:00") - 72
    farther = on_a_street([101, 6000], [0, 0])
    assert farther.latest_departures(0, np.array([at("8:10")], np.int32))[0, 0] == at("8:00") - 73


def test_who_walks_all_the_way_may_walk_as_far_as_the_card_says() -> None:
    for limit, lasts in ((72, 72 * 60), (71, -1)):
        transit = on_a_street([0, 10], [0, 0], max_direct_min=limit)
        found = transit.arrivals_from(0, np.array([at("12:00")], np.int32))[0, 0]
        assert found == (at("12:00") + lasts if lasts > 0 else -1)


def test_the_card_says_where_its_numbers_come_from() -> None:
    card = bus()
    assert card.source and card.certainty == "assumption" and "eigene Festlegung der Methode" in card.source
    assert card.walk_mode in load_catalogue().modes
    assert card.max_transfer_min <= card.max_access_min <= card.max_direct_min <= card.horizon_min
    for wrong in ({"max_access_min": 0}, {"min_change_s": -1}, {"horizon_min": -5}, {"departures_every_s": 0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            TransitRules.model_validate({**card.model_dump(), **wrong})


def test_a_region_may_walk_farther_but_not_ride_horses(tmp_path: Path) -> None:
    text = (Path(dableiben.catalogue.__file__).parent / "data" / "transit" / "bus.yaml").read_text("utf-8")
    own = tmp_path / "transit" / "bus.yaml"
    own.parent.mkdir()
    own.write_text(text.replace("max_access_min: 15", "max_access_min: 20"), "utf-8")
    assert load_catalogue(tmp_path).transit["bus"].max_access_min == 20
    own.write_text(text.replace("walk_mode: foot", "walk_mode: horse"), "utf-8")
    with pytest.raises(InputError) as refused:
        load_catalogue(tmp_path)
    assert refused.value.code == "card-reference-unknown" and "horse" in refused.value.message
