# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Rides inside an area (GTFS-Flex) become zones with their hours and the notice to give."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely.geometry import Point

from dableiben.catalogue.load import Catalogue
from dableiben.core.geo import to_metres
from dableiben.core.timetable import Timetable
from dableiben.sources.base import Reading, read_file
from support.feeds import TABLES, write_feed

HEAD = (
    "trip_id,stop_id,location_id,location_group_id,stop_sequence,start_pickup_drop_off_window,"
    "end_pickup_drop_off_window,arrival_time,departure_time,pickup_type,drop_off_type,pickup_booking_rule_id\n"
)
VALLEY = (
    "t1,,tal,,1,08:00:00,18:00:00,,,2,1,r\n"
    "t1,,tal,,2,08:00:00,18:00:00,,,1,2,r\n"
)  # fmt: skip
FIXED = "t3,a,,,1,,,10:00:00,10:00:00,0,0,\nt3,d,,,2,,,10:20:00,10:20:00,0,0,\n"
RULE = "booking_rule_id,booking_type,prior_notice_duration_min,prior_notice_last_day,prior_notice_last_time\n"


def areas(*boxes: tuple[str, float, float]) -> str:
    features: list[dict[str, Any]] = []
    for name, west, east in boxes:
        ring = [[west, 50.2], [east, 50.2], [east, 50.4], [west, 50.4], [west, 50.2]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        properties = {"stop_name": name.title()}
        features.append({"type": "Feature", "id": name, "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features})


VALLEYS = areas(("tal", 8.8, 9.0))


@pytest.fixture
def read(tmp_path: Path, catalogue: Catalogue) -> Any:
    def reader(**replaced: str | None) -> tuple[Timetable, Reading]:
        found = read_file(write_feed(tmp_path / "flex.zip", **replaced), "gtfs", catalogue)
        assert found.report.rows_read == found.report.rows_used + found.report.lost.total()
        assert found.timetable is not None
        return found.timetable, found

    return reader


def spot(lon: float, lat: float) -> Point:
    x_m, y_m = to_metres(np.array([lon]), np.array([lat]))
    return Point(x_m[0], y_m[0])


def test_an_area_is_a_zone_with_its_hours_and_its_notice(read: Any) -> None:
    timetable, found = read(locations=VALLEYS, stop_times=HEAD + VALLEY + FIXED, booking_rules=RULE + "r,1,60,,\n")
    (zone,) = timetable.zones
    assert (zone.zone_id, zone.name, zone.notice_min) == ("tal", "Tal", 60)
    assert [timetable.service_id[s] for s, _, _ in zone.windows] == ["w"]
    assert zone.windows[0][1:] == (8 * 3600, 18 * 3600)
    assert zone.shape.contains(spot(8.9, 50.3)) and not zone.shape.contains(spot(9.1, 50.3))
    assert timetable.trip_id == ("t3",)  # t2 has no calls, t1 no times
    assert (timetable.counts["zones"], timetable.counts["trips_in_zones"]) == (1, 1)
    assert found.left_out == {"Fahrplan: Fahrt ohne Halte oder mit nur einem Halt": ("t2",)}


def test_a_feed_of_zones_alone_is_read_without_stops(read: Any) -> None:
    timetable, _ = read(locations=VALLEYS, stop_times=HEAD + VALLEY, stops=None)
    assert timetable.trip_id == () and len(timetable.zones) == 1
    assert timetable.zones[0].notice_min is None  # nobody says it, which is not "none needed"


@pytest.mark.parametrize(
    ("rule", "minutes"),
    [
        ("r,0,,,", 0),
        ("r,1,45,,", 45),
        # until 16:00 the day before, for a ride at 18:00 at the latest
        ("r,2,,1,16:00:00", 26 * 60),
        ("r,2,,,", None),
    ],
)
def test_notice_is_never_less_than_the_rule_asks(read: Any, rule: str, minutes: float | None) -> None:
    timetable, _ = read(locations=VALLEYS, stop_times=HEAD + VALLEY, booking_rules=f"{RULE}{rule}\n")
    assert timetable.zones[0].notice_min == minutes


def test_trips_of_one_area_are_one_zone_with_several_windows(read: Any) -> None:
    weekend = VALLEY.replace("t1", "t3").replace("08:00", "10:00")
    timetable, _ = read(locations=VALLEYS, stop_times=HEAD + VALLEY + weekend, booking_rules=RULE + "r,1,60,,\n")
    (zone,) = timetable.zones
    assert {timetable.service_id[s]: (start, end) for s, start, end in zone.windows} == {
        "w": (28_800, 64_800), "s": (36_000, 64_800),
    }  # fmt: skip


def test_a_group_of_stops_is_a_zone_of_points(read: Any) -> None:
    timetable, _ = read(
        location_groups="location_group_id,location_group_name\ng,Dörfer\n",
        location_group_stops="location_group_id,stop_id\ng,a\ng,c\n",
        stop_times=HEAD + "t1,,,g,1,08:00:00,12:00:00,,,2,2,\n" + FIXED,
    )
    (zone,) = timetable.zones
    assert zone.name == "Dörfer" and zone.shape.geom_type == "MultiPoint" and len(zone.shape.geoms) == 2
    assert zone.shape.distance(spot(8.90, 50.30)) < 1


def test_rides_only_from_one_area_into_another_are_counted_not_widened(read: Any) -> None:
    rows = "t1,,tal,,1,08:00:00,18:00:00,,,2,1,\nt1,,stadt,,2,08:00:00,18:00:00,,,1,2,\n"
    timetable, found = read(locations=areas(("tal", 8.8, 9.0), ("stadt", 9.2, 9.3)), stop_times=HEAD + rows + FIXED)
    assert timetable.zones == ()
    reason = "Fahrplan: Rufangebot nur von einem Gebiet in ein anderes (nicht abgebildet)"
    assert found.report.lost[reason] == 2 and set(found.left_out[reason]) == {"tal", "stadt"}


def test_what_cannot_be_drawn_is_counted(read: Any) -> None:
    broken = json.loads(VALLEYS)
    broken["features"].append({"type": "Feature", "id": "x", "geometry": {"type": "Polygon", "coordinates": []}})
    broken["features"].append({"type": "Feature", "geometry": None})
    rows = VALLEY + "t2,,weg,,1,08:00:00,09:00:00,,,2,2,\n"
    timetable, found = read(locations=json.dumps(broken), stop_times=HEAD + rows + FIXED)
    assert len(timetable.zones) == 1
    assert found.report.lost["Fahrplan: Gebiet eines Rufangebots nicht lesbar"] == 2
    assert found.report.lost["Fahrplan: Rufangebot ohne bekanntes Gebiet oder ohne Zeiten"] == 1


@pytest.mark.parametrize("text", ["", "{", "[]", '{"features": 3}', '{"features": [1, null, {}]}'])
def test_areas_that_are_no_areas_leave_the_buses_as_they_are(read: Any, text: str) -> None:
    timetable, _ = read(locations=text, stop_times=TABLES["stop_times.txt"])
    assert timetable.zones == () and len(timetable.trip_id) == 3
