# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Bürgerbusse serve the places they name; what fits no place is asked back, and a newer list replaces an older one."""

from __future__ import annotations

from typing import Any

import pytest

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.core.inputs import TRANSPORT
from dableiben.core.provenance import ReadReport, Source
from dableiben.core.run import Check
from dableiben.region.build import Given, build_region
from dableiben.region.checks import data_checks
from dableiben.region.region import TRANSPORT_COLUMNS, Region
from dableiben.sources.base import Reading
from dableiben.sources.frames import typed_frame
from dableiben.store.config import config_from
from support.readings import areas, counted, locality, municipality, population

MOOR, SAND = "13099001", "13099002"
PLACES = areas(
    municipality(MOOR, "Moor", 0, amt="Nordland"), municipality(SAND, "Sand", 1, amt="Nordland"),
    locality(MOOR, "Moorhof"), locality(MOOR, "Bruch"), locality(SAND, "Bruch"),
)  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def offers(*rows: dict[str, Any], file: str = "fahrangebote.xlsx") -> Given:
    usual = {"form": "buergerbus", "service_hours": "Di 9-12"}
    full = [{"source_id": f"T!{n}", **usual, **row} for n, row in enumerate(rows, start=2)]
    report = ReadReport(Source(file, "transport", "0" * 64))
    return Given("transport", Reading(report, transport=typed_frame(TRANSPORT, full)))


def region(catalogue: Catalogue, *given: Given) -> Region:
    people = population(counted(MOOR, 3, 5), counted(SAND, 3, 5))
    return build_region([PLACES, people, *given], config_from(name="Landkreis Süd", land="MV", ags=()), catalogue)


def check(found: Region, catalogue: Catalogue, check_id: str = "transport_places") -> Check | None:
    return next((c for c in data_checks(found, catalogue) if c["id"] == check_id), None)


@pytest.mark.parametrize(
    ("place", "ids"),
    [
        ("Moor", [MOOR]), ("Gemeinde Sand", [SAND]), (MOOR, [MOOR]), ("Moorhof", [f"{MOOR}:moorhof"]),
        ("Bruch (Moor)", [f"{MOOR}:bruch"]), ("ganze Gemeinde Moor", [MOOR]), ("alle Ortsteile von Sand", [SAND]),
        ("Amt Nordland", [MOOR, SAND]), ("Landkreis Süd", [MOOR, SAND]), ("kreisweit", [MOOR, SAND]),
        ("Bruch", []), ("Anderswo", []),
    ],
)  # fmt: skip
def test_a_bus_serves_the_places_it_names(catalogue: Catalogue, place: str, ids: list[str]) -> None:
    found = region(catalogue, offers({"name": "Bus", "localities": [place]}))
    assert list(found.transport.columns) == list(TRANSPORT_COLUMNS)
    assert found.transport["area_ids"].tolist() == [ids]
    assert found.transport["places_unknown"].tolist() == [[] if ids else [place]]


def test_what_fits_no_place_is_a_data_check(catalogue: Catalogue) -> None:
    found = region(catalogue, offers(
        {"name": "Bus", "localities": ["Moor", "Atlantis"]}, {"name": "Bank", "form": "mitfahrbank"},
        {"name": "Taxi", "form": "rufbus", "localities": ["Sand"], "service_hours": None},
    ))  # fmt: skip
    said = check(found, catalogue)
    assert said is not None and said["severity"] == "yellow"
    assert "„Atlantis“ (Bus)" in said["text_de"] and "ohne Bedienungsgebiet: Bank" in said["text_de"]
    assert "ohne Betriebszeiten: Taxi" in said["text_de"]


def test_a_list_in_order_is_green_and_no_list_says_nothing(catalogue: Catalogue) -> None:
    said = check(region(catalogue, offers({"name": "Bus", "localities": ["Moor"]})), catalogue)
    assert said is not None and said["severity"] == "green" and said["text_de"].startswith("1 Fahrangebote")
    without = region(catalogue)
    assert check(without, catalogue) is None and list(without.transport.columns) == list(TRANSPORT_COLUMNS)


def test_volunteers_without_paid_support_are_a_risk_that_is_named(catalogue: Catalogue) -> None:
    moor: dict[str, Any] = {"localities": ["Moor"]}
    found = region(catalogue, offers(
        {"name": "Bus", "paid_support": True, **moor},
        {"name": "Fahrt", "form": "fahrdienst", "paid_support": False, **moor},
        {"name": "Dienst", "form": "fahrdienst", **moor}, {"name": "Bank", "form": "mitfahrbank", **moor},
        {"name": "Taxi", "form": "rufbus", "paid_support": False, **moor},
        {"name": "Verein", "form": "rufbus", "paid_support": False, "volunteers": 6, **moor},
    ))  # fmt: skip
    said = check(found, catalogue, "transport_support")
    assert said is not None and said["severity"] == "yellow"
    assert "4 ehrenamtliche Fahrangebote; ohne hauptamtliche Begleitung: „Fahrt“, „Verein“; " in said["text_de"]
    assert "ohne Angabe zur hauptamtlichen Begleitung: „Dienst“." in said["text_de"]
    assert "ein Risiko, keine Lücke" in said["text_de"]


def test_supported_volunteers_are_green_and_no_volunteers_say_nothing(catalogue: Catalogue) -> None:
    bus = {"name": "Bus", "localities": ["Moor"], "paid_support": True}
    said = check(region(catalogue, offers(bus)), catalogue, "transport_support")
    assert said is not None and said["severity"] == "green" and said["hint_de"] == ""
    bench = region(catalogue, offers({"name": "Bank", "form": "mitfahrbank", "localities": ["Moor"]}))
    assert check(bench, catalogue, "transport_support") is None


def test_a_later_list_replaces_the_offers_it_names_and_keeps_the_others(catalogue: Catalogue) -> None:
    old = offers(
        {"name": "Bürgerbus Moor", "localities": ["Moor"], "service_hours": "Di 9-12"},
        {"name": "Bürgerbus Moor", "localities": ["Sand"], "service_hours": "Do 9-12"},
        {"name": "Taxi", "form": "rufbus", "localities": ["Sand"]}, file="2024.xlsx",
    )  # fmt: skip
    new = offers({"name": "Bürgerbus  Moor", "localities": ["Moor"], "service_hours": "Mi 9-12"}, file="2025.xlsx")
    table = region(catalogue, old, new).transport
    assert sorted(table["service_hours"]) == ["Di 9-12", "Mi 9-12"]
    assert dict(zip(table["form"], table["source"], strict=True)) == {"rufbus": "2024.xlsx", "buergerbus": "2025.xlsx"}
