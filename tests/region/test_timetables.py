# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Several feeds are one timetable: stops once, nothing of one feed in another, and only days all of them know."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.core.calendar import Calendar
from dableiben.core.timetable import Timetable
from dableiben.region.timetables import days_not_covered, merge_timetables, typical_days, window_in_words
from dableiben.sources.base import read_file
from support.feeds import TABLES, times, write_feed


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


RAIL = {
    "stops": "stop_id,stop_name,stop_lat,stop_lon\na,Markt,50.3,8.9001\nb,Bergdorf,50.40,9.10\n",
    "routes": "route_id,route_short_name,route_type\n1,RB 1,2\n",
    "trips": "route_id,service_id,trip_id,block_id\n1,w,t1,5\n1,w,t9,5\n",
    "stop_times": times("t1 a 7:30 7:30", "t1 b 7:50 7:50", "t9 b 8:00 8:00", "t9 a 8:20 8:20"),
    "calendar": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "w,1,1,1,1,1,1,1,20260110,20260228\n"
    ),
    "calendar_dates": None,
    "transfers": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\na,a,2,180\n",
}
"""a railway that shares the id and place of stop a, and only the id of stop b"""


@pytest.fixture
def feeds(tmp_path: Path, catalogue: Catalogue) -> list[Timetable]:
    bus = write_feed(tmp_path / "bus.zip", trips="route_id,service_id,trip_id,block_id\n1,w,t1,5\n1,w,t2,5\n1,s,t3,\n")
    return [read(bus, catalogue), read(write_feed(tmp_path / "bahn.zip", **RAIL), catalogue)]


def read(path: Path, catalogue: Catalogue) -> Timetable:
    timetable = read_file(path, "gtfs", catalogue).timetable
    assert timetable is not None
    return timetable


def merged(*feeds: Timetable) -> Timetable:
    whole = merge_timetables(feeds)
    assert whole is not None
    return whole


def test_no_feed_is_no_timetable_and_one_feed_stays_as_it_is(feeds: list[Timetable]) -> None:
    assert merge_timetables([]) is None
    assert merged(feeds[0]) is feeds[0]


def test_stops_of_one_id_are_one_where_they_lie_at_one_place(feeds: list[Timetable]) -> None:
    whole = merged(*feeds)
    assert whole.stop_id == ("a", "b", "c", "d", "2:b")
    assert whole.stop_name[-1] == "Bergdorf"
    assert len(set(whole.stop_station.tolist())) == 5


def test_trips_keep_their_calls_lines_days_and_vehicles(feeds: list[Timetable]) -> None:
    whole = merged(*feeds)
    assert whole.trip_id == ("t1", "t2", "t3", "2:t1", "t9")
    train = whole.trip_id.index("2:t1")
    calls = slice(whole.trip_start[train], whole.trip_start[train + 1])
    assert [whole.stop_id[s] for s in whole.call_stop[calls]] == ["a", "2:b"]
    assert whole.call_departure_s[calls].tolist() == [27_000, 28_200]
    assert whole.route_name[whole.trip_route[train]] == "RB 1" and whole.route_id == ("1", "2:1")
    assert whole.trip_block.tolist() == [0, 0, -1, 1, 1]
    assert whole.transfer_from.tolist() == whole.transfer_to.tolist() == [0] and whole.transfer_s.tolist() == [180]
    assert (whole.counts["trips"], whole.counts["calls"], whole.counts["stops"]) == (5, 11, 5)


def test_only_days_that_all_feeds_speak_of_are_covered(feeds: list[Timetable]) -> None:
    whole = merged(*feeds)
    assert (whole.first_day, whole.last_day) == (date(2026, 1, 10), date(2026, 1, 31))
    assert window_in_words(whole) == "vom 10.01.2026 bis 31.01.2026"
    assert len(whole.trips_on(date(2026, 1, 10))) == 3  # a Saturday: one bus, two trains
    # On these days only one of them says anything: that is not "no train" and not "no bus".
    days = [date(2026, 1, 9), date(2026, 1, 12), date(2026, 2, 2)]
    assert days_not_covered(whole, days) == [days[0], days[2]]


def test_feeds_without_a_common_day_cover_nothing(tmp_path: Path, feeds: list[Timetable], catalogue: Catalogue) -> None:
    calendar = RAIL["calendar"]
    assert calendar is not None
    later = {**RAIL, "calendar": calendar.replace("20260110", "20260301").replace("20260228", "20260331")}
    whole = merged(feeds[0], read(write_feed(tmp_path / "spaeter.zip", **later), catalogue))
    assert not any(whole.covers(date(2026, 1, 1) + timedelta(days=n)) for n in range(120))
    assert window_in_words(whole) .startswith("an keinem Tag")


@pytest.fixture
def versions(tmp_path: Path, catalogue: Catalogue) -> list[Timetable]:
    """The bus feed, and its next version from 19 January on without the last bus."""
    calendar = TABLES["calendar.txt"].replace("20260105,20260131", "20260119,20260228")
    trips = TABLES["trips.txt"].replace("1,w,t2\n", "")
    next_one = write_feed(tmp_path / "neu.zip", calendar=calendar, trips=trips, calendar_dates=None)
    return [read(write_feed(tmp_path / "alt.zip"), catalogue), read(next_one, catalogue)]


@pytest.mark.parametrize("order", [1, -1])
def test_the_later_version_of_a_feed_holds_on_its_days(versions: list[Timetable], order: int) -> None:
    whole = merged(*versions[::order])
    assert (whole.first_day, whole.last_day) == (date(2026, 1, 5), date(2026, 2, 28))
    assert [len(whole.trips_on(date(2026, 1, day))) for day in (16, 19, 24)] == [2, 1, 1]
    assert len(whole.trips_on(date(2026, 2, 27))) == 1
    assert set(whole.stop_id) == {"a", "b", "c", "d"}


def test_a_typical_day_is_one_on_which_most_such_days_run_alike(feeds: list[Timetable]) -> None:
    # 6 January is served like a Saturday; in Bavaria it is a holiday, in Hesse a school holiday of 2026
    hesse, bavaria = (typical_days(feeds[0], Calendar(land)) for land in ("HE", "BY"))
    assert hesse["school_holiday"] == date(2026, 1, 5) and hesse["school_day"] == date(2026, 1, 12)
    assert hesse["saturday"] == date(2026, 1, 10) and "public_holiday" not in hesse
    assert bavaria["public_holiday"] == date(2026, 1, 6)
    near = typical_days(feeds[0], Calendar("HE"), near=date(2026, 1, 21))
    assert (near["school_day"], near["saturday"]) == (date(2026, 1, 21), date(2026, 1, 24))


def test_the_typical_days_of_the_wetterau(shared_path: Path, catalogue: Catalogue) -> None:
    timetable = read(shared_path / "regions" / "wetterau" / "gtfs-2022-partial.zip", catalogue)
    typical = typical_days(timetable, Calendar("HE"))
    counts = {kind: len(timetable.trips_on(day)) for kind, day in typical.items()}
    assert counts == {"school_day": 137, "school_holiday": 110, "saturday": 68, "sunday": 43, "public_holiday": 43}


def test_a_merged_timetable_runs_what_its_feeds_run(feeds: list[Timetable]) -> None:
    whole = merged(*feeds)
    for day in (date(2026, 1, 10) + timedelta(days=n) for n in range(22)):
        assert len(whole.trips_on(day)) == sum(len(feed.trips_on(day)) for feed in feeds)
    assert not np.isnan(whole.stop_x_m).any()
