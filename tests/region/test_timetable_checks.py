# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What a timetable does not say is told: days, places, lines of the region that are missing in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.core.provenance import ReadReport, Source
from dableiben.core.run import Check
from dableiben.core.timetable import Timetable
from dableiben.region.build import Given, build_region
from dableiben.region.checks import data_checks
from dableiben.region.timetable_checks import coverage
from dableiben.sources.base import Reading
from dableiben.store.config import CalendarSettings, config_from
from support.readings import X0, Y0, areas, counted, municipality, osm, population


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def bus(*places: tuple[float, float], route_type: int = 3, booked: bool = False, year: int = 2025) -> Timetable:
    """One trip a day of December over stops at the given places (in metres from the corner)."""
    xy = np.array(places, float) + [X0, Y0]
    stops, whole = len(places), np.arange(len(places), dtype=np.int32)
    one, yes = np.zeros(1, np.int32), np.ones(stops, np.bool_)
    return Timetable(
        stop_id=tuple(f"s{n}" for n in range(stops)), stop_name=tuple(f"Halt {n}" for n in range(stops)),
        stop_x_m=xy[:, 0].copy(), stop_y_m=xy[:, 1].copy(), stop_station=whole, route_id=("1",), route_name=("21",),
        route_type=np.array([route_type], np.int32), trip_id=("t",), trip_route=one, trip_service=one,
        trip_block=one - 1, trip_on_demand=np.array([booked]), trip_start=np.array([0, stops], np.int32),
        call_stop=whole.copy(),
        call_arrival_s=600 * whole, call_departure_s=600 * whole, call_boards=yes, call_alights=yes.copy(),
        service_id=("w",), first_day=date(year, 12, 1), runs=np.ones((1, 31), np.bool_), transfer_from=one[:0],
        transfer_to=one[:0], transfer_s=one[:0],
    )  # fmt: skip


def checks(
    timetable: Timetable | None, catalogue: Catalogue, facilities: Sequence[dict[str, Any]] = (), **said: Any
) -> dict[str, Check]:
    given = [areas(municipality("13099001", "Moor", 0)), population(counted("13099001", 3, 5)), osm(*facilities)]
    if timetable is not None:
        given.append(Given("gtfs", Reading(ReadReport(Source("plan.zip", "gtfs", "0" * 64)), timetable=timetable)))
    config = config_from(name="Moor", land="MV", ags=()).model_copy(update=said)
    region = build_region(given, config, catalogue)
    assert region.timetable is timetable
    return {check["id"]: check for check in data_checks(region, catalogue) if check["id"].startswith("timetable")}


def at(x_m: float, y_m: float, kind: str = "haltestelle") -> dict[str, Any]:
    return {"kind": kind, "x_m": X0 + x_m, "y_m": Y0 + y_m}


def test_without_a_timetable_nothing_is_said_of_one(catalogue: Catalogue) -> None:
    assert checks(None, catalogue) == {}


def test_a_timetable_of_another_year_says_nothing_about_the_day_of_the_people(catalogue: Catalogue) -> None:
    known = checks(bus((100, 100), (900, 900)), catalogue)["timetable_days"]
    assert known["severity"] == "green" and "vom 01.12.2025 bis 31.12.2025" in known["text_de"]
    other = checks(bus((100, 100), (900, 900), year=2024), catalogue)["timetable_days"]
    assert other["severity"] == "yellow" and "nichts über: 31.12.2025" in other["text_de"]


def test_asked_days_can_be_checked_one_by_one() -> None:
    found = coverage(bus((0, 0), (9, 9)), [date(2025, 12, 5), date(2026, 1, 5), date(2026, 7, 5)])
    assert found["severity"] == "yellow" and "05.01.2026, 05.07.2026" in found["text_de"]
    assert "05.12.2025" not in found["text_de"]


def test_the_trips_of_a_typical_day_are_told(catalogue: Catalogue) -> None:
    found = checks(bus((100, 100), (900, 900)), catalogue)["timetable_trips"]
    assert found["severity"] == "green"
    assert "Schultag 1 (19.12.2025)" in found["text_de"] and "Samstag 1 (27.12.2025)" in found["text_de"]


def test_the_school_holidays_of_the_region_decide_what_a_school_day_is(catalogue: Catalogue) -> None:
    all_december = {"name": "Winter", "first": date(2025, 12, 1), "last": date(2025, 12, 31)}
    own = CalendarSettings.model_validate({"school_holidays": [all_december]})
    text = checks(bus((100, 100), (900, 900)), catalogue, calendar=own)["timetable_trips"]["text_de"]
    assert "Ferientag 1" in text and "Schultag" not in text


def test_stops_without_a_place_are_named(catalogue: Catalogue) -> None:
    found = checks(bus((100, 100), (float("nan"), float("nan"))), catalogue)["timetable_places"]
    assert found["severity"] == "yellow" and "1 von 2 Haltestellen" in found["text_de"] and "Halt 1" in found["text_de"]


def test_a_stop_of_the_map_that_no_trip_serves_makes_the_timetable_partial(catalogue: Catalogue) -> None:
    stops = [at(100, 100), at(900, 900), at(1500, 1500)]
    found = checks(bus((110, 100), (900, 920)), catalogue, stops)["timetable_partial"]
    assert found["severity"] == "yellow"
    assert "2 von 3 Haltestellen" in found["text_de"] and "unvollständig" in found["text_de"]
    whole = checks(bus((110, 100), (900, 920), (1500, 1500)), catalogue, stops)["timetable_partial"]
    assert whole["severity"] == "green" and "unvollständig" not in whole["text_de"]


def test_a_station_is_served_by_trains_not_by_the_bus_before_it(catalogue: Catalogue) -> None:
    station = [at(100, 100, "bahnhof")]
    buses = checks(bus((110, 100), (900, 900)), catalogue, station)["timetable_partial"]
    trains = checks(bus((110, 100), (900, 900), route_type=2), catalogue, station)["timetable_partial"]
    assert "0 von 1 Bahnhöfen" in buses["text_de"] and trains["severity"] == "green"


def test_rides_on_demand_are_counted(catalogue: Catalogue) -> None:
    assert "timetable_on_demand" not in checks(bus((0, 0), (9, 9)), catalogue)
    found = checks(bus((0, 0), (9, 9), booked=True), catalogue)["timetable_on_demand"]
    assert found["text_de"] == "1 von 1 Fahrten des Fahrplans fahren nur auf Bestellung."
