# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Hours that cannot be read are listed with their facility and counted, not guessed."""

from __future__ import annotations

from typing import Any

from dableiben.core.run import Check
from dableiben.region.build import build_region
from dableiben.store.config import RegionConfig
from dableiben.supply.hours_check import opening_hours, places_by_time
from support.readings import areas, counted, locality, municipality, population, register
from support.regions import packaged

A = "13099001"


def checks(*facilities: dict[str, Any]) -> tuple[Check | None, Check | None]:
    given = [
        areas(municipality(A, "Asdorf"), locality(A, "Neuhof")), population(counted(A, 4, 10.0)),
        register(*({"kind": "kita", "municipality": "Asdorf", **row} for row in facilities)),
    ]  # fmt: skip
    region = build_region(given, RegionConfig(format=1, name="Probe"), packaged())
    return opening_hours(region, packaged()), places_by_time(region, packaged())


def test_unreadable_hours_are_counted_and_named_with_the_reason() -> None:
    hours, places = checks(
        {"name": "Sonne", "opening_hours": "Mo-Fr 7-16 Uhr", "places_by_time": "15 bis 17:30"},
        {"name": "Mond", "opening_hours": "siehe Aushang", "places_by_time": "je nach Personal"},
        {"name": "Stern"},
    )
    assert hours is not None and hours["severity"] == "yellow"
    assert "1 von 2 Angaben" in hours["text_de"] and "„Mond“ („siehe“ ist" in hours["text_de"]
    assert "Sonne" not in hours["text_de"]
    assert places is not None and places["severity"] == "yellow" and "„Mond“" in places["text_de"]


def test_readable_hours_are_green_and_none_at_all_are_no_check() -> None:
    hours, places = checks({"name": "Sonne", "opening_hours": "nach Vereinbarung"})
    assert hours is not None and hours["severity"] == "green"
    assert places is None


def test_a_protected_house_is_counted_and_not_named() -> None:
    hours, _ = checks({"kind": "frauenhaus", "name": "Geheim", "opening_hours": "siehe Aushang"})
    assert hours is not None and "1 von 1" in hours["text_de"]
    assert "Geheim" not in hours["text_de"] and "Aushang" not in hours["text_de"] and "siehe" not in hours["text_de"]
