# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Gaps in time are planted in the construction: measured on the written files, without the check and its model."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import shapely

from dableiben.core.calendar import Calendar, days_between
from dableiben.core.geo import to_degrees, to_metres
from dableiben.demo import DemoFiles, bus_plan, hours, needs, plan
from dableiben.demo.facilities import Facility
from dableiben.demo.generate import District
from dableiben.demo.time_story import time_truth
from dableiben.demo.write_gtfs import runs_on, write_gtfs
from dableiben.demo.write_osm import write_osm
from support.buses_by_hand import Feed, Walk, minutes_home
from support.streets_by_scipy import Map, minutes_to_nearest, read_map

SCHOOL_DAY, FRIDAY, SATURDAY, SUNDAY = date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 15)
HOLIDAY_WEDNESDAY, ASCENSION_DAY = date(2026, 7, 29), date(2026, 5, 14)
DETOUR, WALK_KMH = 1.25, 5.0
TO_CLUB_MIN, TO_SCHOOL_MIN = 40, 40
"""on foot or by bus"""
BY_REQUEST = {"Birkenmoor": "west", "Birkwisch": "west", "Kranichrade": "kranichrade"}
"""localities that need a zone on demand to get home"""
NOBODY_YOUNG = "Sandrade"
BEHIND = "Grenzhufe"


@pytest.fixture(scope="module")
def streets(district: District, tmp_path_factory: pytest.TempPathFactory) -> Map:
    path = tmp_path_factory.mktemp("map") / "e.osm.pbf"
    write_osm(path, district.seed, district.terrain, district.streets, district.facilities)
    return read_map(path)


@pytest.fixture(scope="module")
def archive(district: District, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("feed") / "gtfs.zip"
    write_gtfs(path, district.terrain, district.facilities)
    return path


@pytest.fixture(scope="module")
def feed(archive: Path) -> Feed:
    return Feed.read(archive)


@pytest.fixture(scope="module")
def walk(district: District) -> Walk:
    centres = {name: np.array(s.centre) for name, s in district.terrain.settlements.items()}

    @cache
    def minutes(one: str, other: str) -> float:
        if one not in centres or other not in centres:
            return float("inf")  # a railway station outside
        return DETOUR * float(np.hypot(*(centres[one] - centres[other]))) / 1000 / WALK_KMH * 60

    return minutes


def of_art(district: District, art: str) -> list[Facility]:
    return [f for f in district.facilities if any(e.art == art for e in f.entries)]


def said(facility: Facility, art: str) -> str | None:
    return next(e.hours for e in facility.entries if e.art == art)


def minutes(streets: Map, mode: str, district: District, area: str, sites: list[Facility]) -> Any:
    cells = np.array(district.terrain.settlements[area].cells)
    return minutes_to_nearest(streets, mode, cells, np.array([f.point for f in sites]))


class TestHoursAreWhatTheyShouldBe:
    """Within reach of a planted gap nobody is open; everywhere else somebody is."""

    def test_every_kita_within_36_minutes_of_roehrbeck_is_open_from_7_to_16(
        self, district: District, streets: Map
    ) -> None:
        kitas = of_art(district, "Kita")
        full = [f for f in kitas if said(f, "Kita") in hours.KITA_FULL]
        short = [f for f in kitas if said(f, "Kita") in hours.KITA_SHORT]
        assert len(full) + len(short) == len(kitas)
        assert minutes(streets, "car", district, "Röhrbeck", short).max() < 5
        assert minutes(streets, "car", district, "Röhrbeck", full).min() > 36

    def test_no_practice_within_24_minutes_of_gravenmark_is_open_after_17(
        self, district: District, streets: Map
    ) -> None:
        practices = of_art(district, "Hausarzt")
        early = [f for f in practices if said(f, "Hausarzt") in hours.GP_EARLY]
        mapped = [f for f in district.facilities if f.tags and f.tags.get("amenity") == "doctors"]
        others = [f for f in (*mapped, *practices) if f not in early]
        assert minutes(streets, "car", district, "Gravenmark", early).max() < 10
        assert minutes(streets, "car", district, "Gravenmark", others).min() > 24

    def test_no_pharmacy_within_half_an_hour_of_kranichsund_opens_at_weekends(
        self, district: District, streets: Map
    ) -> None:
        pharmacies = [f for f in district.facilities if f.tags and f.tags.get("amenity") == "pharmacy"]
        closed = [f for f in pharmacies if f.tags and f.tags["opening_hours"] == hours.PHARMACY_WEST]
        assert {f.locality for f in closed} == {"Westerhude", "Kattenholm"}
        assert minutes(streets, "car", district, "Kranichsund", closed).max() < 10
        assert minutes(streets, "car", district, "Kranichsund", [f for f in pharmacies if f not in closed]).min() > 30

    def test_altenwisch_reaches_one_day_care_that_is_open_on_two_days(self, district: District, streets: Map) -> None:
        day_care = of_art(district, "Tagespflege")
        two_days = [f for f in day_care if said(f, "Tagespflege") == hours.DAY_CARE_TWO_DAYS]
        assert [f.locality for f in two_days] == ["Torfhude"]
        assert minutes(streets, "car", district, "Altenwisch", two_days).max() < 37
        assert minutes(streets, "car", district, "Altenwisch", [f for f in day_care if f not in two_days]).min() > 41

    def test_the_course_in_the_evening_is_far_from_gravenmark(self, district: District, streets: Map) -> None:
        by_place = {f.locality: f for f in of_art(district, "Integrationskurs")}
        assert said(by_place["Gravenmark"], "Integrationskurs") == "Mo–Fr 9–13 Uhr"
        assert minutes(streets, "car", district, "Gravenmark", [by_place["Gravenmark"]]).max() < 5
        assert minutes(streets, "car", district, "Gravenmark", [by_place["Altstadt"]]).min() > 40

    def test_only_the_hort_of_fuhlenbrook_is_closed_longer_than_allowed(self, district: District) -> None:
        summer = next(p for p in Calendar(plan.LAND).school_periods(2026) if "Sommer" in p.name)
        assert (summer.first, summer.last) == (date(2026, 7, 13), date(2026, 8, 22))
        assert f"{summer.first:%d.%m.%Y}–{summer.last:%d.%m.%Y}" in hours.HORT_LONG
        long = [f.locality for f in of_art(district, "Hort") if said(f, "Hort") == hours.HORT_LONG]
        assert long == ["Fuhlenbrook"]

    def test_every_youth_club_is_open_until_22_on_fridays(self, district: District) -> None:
        clubs = of_art(district, "Jugendklub")
        assert {said(f, "Jugendklub") for f in clubs} <= set(hours.YOUTH)
        assert all("22" in text for text in hours.YOUTH)

    def test_all_rows_of_the_register_say_something_but_those_of_the_truth(self, district: District) -> None:
        told = time_truth(district.residents, district.facilities)["hours"]
        silent = {f.name for f in district.facilities for e in f.entries if e.hours is None}
        assert silent == set(told["missing"])  # type: ignore[index]
        assert told["unreadable"]  # type: ignore[index]
        kinds = {e.art for f in district.facilities for e in f.entries if e.hours in (None, *hours.HALL_UNREADABLE)}
        assert kinds == {"Dorfgemeinschaftshaus", "Schwangerschaftsberatung"}


class TestBuses:
    """The last bus, the missing bus, and the buses everybody else has."""

    def test_every_pupil_but_those_of_mahrenfelde_gets_home_after_the_afternoon(self, feed: Feed, walk: Walk) -> None:
        rides = feed.rides(SCHOOL_DAY)
        late = {name for name, m in self.from_school(rides, 16 * 60, walk).items() if m > TO_SCHOOL_MIN}
        noon = {name for name, m in self.from_school(rides, 13 * 60, walk).items() if m > TO_SCHOOL_MIN}
        by_request = {"Birkenmoor", "Kranichrade", NOBODY_YOUNG}
        assert late - by_request == {"Mahrenfelde"}
        assert noon - by_request == set()

    def from_school(self, rides: Any, leave: int, walk: Walk) -> dict[str, float]:
        found: dict[str, float] = {}
        for m in plan.MUNICIPALITIES:
            homes = [place.name for place in m.localities if place.name != BEHIND]
            seats = ("Altstadt", "Lindenkamp", "Ziegelkamp") if m.name == "Sölten" else (m.seat,)
            ways = [minutes_home(rides, seat, leave, homes, walk) for seat in seats]
            found |= {home: min(way[home] for way in ways) for home in homes}
        return found

    def test_mahrenfelde_has_a_bus_to_the_bell(self, feed: Feed) -> None:
        there = [row for row in feed.rides(SCHOOL_DAY) if row[0][0] == "Mahrenfelde"]
        assert [(row[-1][0], row[-1][1]) for row in there] == [("Hohenlanke", 7 * 60 + 20)]

    def test_mahrenfelde_is_far_on_foot(self, district: District, streets: Map) -> None:
        assert minutes(streets, "foot", district, "Mahrenfelde", of_art(district, "Grundschule")).min() > 50

    def test_the_last_bus_to_dornsund_leaves_at_18_40(self, feed: Feed) -> None:
        for day in (SCHOOL_DAY, FRIDAY, SATURDAY, HOLIDAY_WEDNESDAY):
            for row in feed.rides(day):
                if row[0][0] == "Westerhude" and "Dornsund" in dict(row):
                    assert row[0][1] <= 18 * 60 + 40
        back = [row[0][1] for row in feed.rides(FRIDAY) if row[0][0] == "Westerhude" and "Dornsund" in dict(row)]
        assert max(back) == 18 * 60 + 40

    def test_on_friday_night_only_dornsund_does_not_get_home(
        self, feed: Feed, walk: Walk, district: District, streets: Map
    ) -> None:
        clubs = of_art(district, "Jugendklub")
        homes = [n for n, (m, _) in plan.localities().items() if m.amt != plan.AMT_NORD and n != NOBODY_YOUNG]
        homes = [name for name in homes if name != BEHIND]
        rides = feed.rides(FRIDAY)
        ways = [minutes_home(rides, club.locality, 22 * 60, homes, walk) for club in clubs]
        stranded = {home for home in homes if min(way[home] for way in ways) > TO_CLUB_MIN}
        assert stranded - set(BY_REQUEST) == {"Dornsund"}
        assert minutes(streets, "foot", district, "Dornsund", clubs).min() > 1.1 * TO_CLUB_MIN
        there = [row[-1][1] for row in rides if row[-1][0] == "Westerhude" and "Dornsund" in dict(row)]
        assert any(19 * 60 <= minute <= 20 * 60 for minute in there)

    def test_no_bus_for_everybody_calls_at_luettenrade(self, feed: Feed) -> None:
        for day in (SCHOOL_DAY, FRIDAY, SATURDAY, SUNDAY, HOLIDAY_WEDNESDAY):
            assert not any("Lüttenrade" in dict(row) for row in feed.rides(day, pupils=False))
        assert sum("Lüttenrade" in dict(row) for row in feed.rides(SCHOOL_DAY)) == 3

    def test_zones_reach_those_who_need_them_and_not_dornsund(self, archive: Path, district: District) -> None:
        with zipfile.ZipFile(archive) as feed:
            content = json.loads(feed.read("locations.geojson"))
        shapes = {f["id"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in content["features"]}
        inside: Callable[[str, str], bool] = lambda zone, name: bool(  # noqa: E731
            shapely.contains_xy(shapes[zone], *to_degrees(*np.array(district.terrain.settlements[name].cells).T)).all()
        )
        for name, zone in BY_REQUEST.items():
            assert inside(zone, name)
        assert inside("west", "Westerhude") and inside("west", "Dannwisch") and inside("kranichrade", "Fuhlenbrook")
        dornsund = to_degrees(*np.array(district.terrain.settlements["Dornsund"].cells).T)
        assert not shapely.contains_xy(shapes["west"], *dornsund).any()


class TestFeed:
    """Everything the format can say is in it."""

    def test_twelve_bus_lines_and_a_railway(self, feed: Feed) -> None:
        kinds = [row["route_type"] for row in feed.tables["routes"]]
        assert (kinds.count("3") + kinds.count("712"), kinds.count("2"), kinds.count("715")) == (12, 1, 3)

    def test_services_run_by_the_calendar_of_the_land(self, feed: Feed) -> None:
        calendar = Calendar(plan.LAND)
        services: tuple[bus_plan.Service, ...] = ("W", "S", "F", "FR", "SA", "SU")
        for day in days_between(bus_plan.FIRST_DAY, bus_plan.LAST_DAY):
            assert feed.services(day) == {service for service in services if runs_on(service, day, calendar)}, day
        assert feed.services(SCHOOL_DAY) == {"W", "S"}
        assert feed.services(HOLIDAY_WEDNESDAY) == {"W", "F"}
        assert feed.services(ASCENSION_DAY) == {"SU"}
        assert feed.services(bus_plan.LAST_DAY + timedelta(days=1)) == set()

    def test_stops_are_those_of_the_map(self, feed: Feed, district: District) -> None:
        mapped = {f.name: f.point for f in district.facilities if f.tags and f.tags.get("highway") == "bus_stop"}
        stops = [row for row in feed.tables["stops"] if "bf-" not in row["stop_id"]]
        assert len(stops) > 80
        for row in stops:
            x, y = to_metres(np.array([float(row["stop_lon"])]), np.array([float(row["stop_lat"])]))
            assert np.hypot(x[0] - mapped[row["stop_name"]][0], y[0] - mapped[row["stop_name"]][1]) < 1

    def test_trips_past_midnight_run_on_saturdays_only(self, feed: Feed) -> None:
        late = {row["trip_id"] for row in feed.tables["stop_times"] if row["arrival_time"] >= "24:00:00"}
        service = {row["trip_id"]: row["service_id"] for row in feed.tables["trips"]}
        assert late and {service[trip] for trip in late} == {"SA"}

    def test_the_rest_of_the_format(self, feed: Feed) -> None:
        tables = feed.tables
        assert {row["trip_id"].split("-")[0] for row in tables["frequencies"]} == {bus_plan.RING}
        blocks = [row["block_id"] for row in tables["trips"] if row["block_id"]]
        assert blocks == ["U1", "U1"]
        assert any(not row["arrival_time"] and row["stop_id"] for row in tables["stop_times"])
        assert any(row["pickup_type"] == "2" and row["stop_id"] for row in tables["stop_times"])
        at_station = [row for row in tables["transfers"] if "bf-soelten-1" in row.values()]
        assert len(at_station) == 2 and {row["min_transfer_time"] for row in at_station} == {"240"}
        rules = {row["booking_rule_id"]: row["prior_notice_duration_min"] for row in tables["booking_rules"]}
        assert rules == {"ruf-west": "60", "ruf-kranichrade": "45", "ruf-nord": "60", "heidebus": "120"}

    def test_every_trip_goes_forward_in_time(self, feed: Feed) -> None:
        for day in (SCHOOL_DAY, FRIDAY, SATURDAY, SUNDAY):
            for row in feed.rides(day):
                times = [minute for _, minute in row]
                assert times == sorted(times)


class TestPersons:
    """Who stays at home lives there; who comes is written with bounds."""

    def test_those_who_stay_are_among_the_residents(self, district: District) -> None:
        assert needs.children_3_to_school(district.residents, ("Röhrbeck",)) >= 6
        assert district.residents.of(("Altenwisch",), range(75, 101)) >= 8

    def test_segments_have_bounds_in_order_and_places_that_exist(self, files: DemoFiles) -> None:
        path = files.inputs["segments"][0]
        sheet = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))["Segmente"]
        rows = list(sheet.iter_rows(values_only=True))[2:]
        header, body = rows[0], [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        assert {"Sicht", "anwesend", "Saison", "Regel"} <= set(header)
        assert {row["Sicht"] for row in body} == {"Incoming", "Outgoing", "ansässig"}
        for row in body:
            assert plan.localities()[row["Ortsteil"]][0].name == row["Gemeinde"]
            assert 0 < row["Personen mindestens"] <= row["Personen"] <= row["Personen höchstens"]

    def test_planted_gaps_are_those_of_the_issue(self, district: District) -> None:
        told = time_truth(district.residents, district.facilities)
        found = {(g["kind"], g["area_name"], g["cause"], g["slots_text"]) for g in told["time_gaps"]}  # type: ignore[attr-defined]
        assert found == {
            ("kita", "Röhrbeck", "hours", "Mo–Fr 6:00–7:00 und 16:00–17:00"),
            ("hort", "Fuhlenbrook", "hours", "Mo–Fr 8:00–16:00"),
            ("grundschule", "Mahrenfelde", "timetable", "Mo–Fr 16:00–16:15"),
            ("jugendarbeit", "Dornsund", "timetable", "Fr 20:00–22:00"),
            ("hausarzt", "Gravenmark", "hours", "Mo–Do 17:00–19:00"),
            ("apotheke", "Kranichsund", "hours", "Sa, So 9:00–18:00"),
            ("tagespflege", "Altenwisch", "hours", "Mo, Mi, Fr 8:00–16:00"),
            ("integrationskurs", "Gravenmark", "hours", "Mo–Fr 17:00–20:00; Sa 9:00–13:00"),
        }
        for g in told["time_gaps"]:  # type: ignore[attr-defined]
            assert 0 < g["persons_low"] <= g["persons_best"] <= g["persons_high"]

    def test_the_eighth_of_march_is_a_holiday_on_one_side_of_the_border(self) -> None:
        day = date(2027, 3, 8)
        assert Calendar("MV").public_holiday(day) and not Calendar("NI").public_holiday(day)
