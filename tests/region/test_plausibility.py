# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Data checks on what can hardly be true, and which municipalities lists make the region."""

from __future__ import annotations

from datetime import date
from typing import Any

from dableiben.core.run import Check
from dableiben.region.build import Given, build_region
from dableiben.region.checks import data_checks
from dableiben.region.region import Region
from dableiben.store.config import RegionConfig
from support.readings import areas, counted, grid, locality, municipality, osm, population, register
from support.regions import catalogue_with, limit, packaged

A, B, C = "13099001", "13099002", "09162000"
TOWN = areas(municipality(A, "Asdorf"), locality(A, "Neuhof"), locality(A, "Moor"))


def built(*given: Given) -> Region:
    return build_region([*given, population(counted(A, 4, 10.0))], RegionConfig(format=1, name="Probe"), packaged())


def checked(region: Region, check_id: str) -> Check | None:
    return next((c for c in data_checks(region, packaged()) if c["id"] == check_id), None)


def kita(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "kita", "name": name, "municipality": "Asdorf", **more}


def test_places_in_the_wrong_order_and_dates_ahead_are_told() -> None:
    region = built(TOWN, register(
        kita("Voll", usable_places=40.0, occupied_places=60.0), kita("Viel", licensed_places=50.0, usable_places=450.0),
        kita("Morgen", as_of=date(2075, 3, 1)),
        {**kita("Geheim", usable_places=1.0, occupied_places=2.0), "kind": "frauenhaus"},
    ))  # fmt: skip
    found = checked(region, "plausible_places")
    assert found is not None and found["severity"] == "yellow"
    for words in ("2 mit mehr belegte", "„Voll“", "1 mit mehr nutzbare", "„Viel“", "1 mit einem Stand", "„Morgen“"):
        assert words in found["text_de"], found["text_de"]
    assert "Geheim" not in found["text_de"]
    fine = built(TOWN, register(kita("Gut", licensed_places=50.0, usable_places=45.0, occupied_places=45.0)))
    assert checked(fine, "plausible_places") is None


def test_the_same_facility_in_two_registers_under_two_words() -> None:
    two = [register(kita("Kita Sonnenschein")), register(kita("Kindertagesstätte Sonnenschein"), file="zweites.xlsx")]
    found = checked(built(TOWN, *two), "likely_twice")
    assert found is not None and "Kita Sonnenschein" in found["text_de"]
    apart = [
        register(kita("Kita Sonnenschein", locality="Moor")),
        register(kita("Kindertagesstätte Sonnenschein", locality="Neuhof"), file="zweites.xlsx"),
    ]
    assert checked(built(TOWN, *apart), "likely_twice") is None


def test_own_norms_that_do_not_hold_are_named() -> None:
    late = limit("kita", 30).model_copy(update={"id": "eigene"})
    value = late.values[0].model_copy(update={"valid_from": date(2030, 1, 1)})
    base = catalogue_with(late.model_copy(update={"values": (value,)}))
    catalogue = type(base)(**{**base.__dict__, "own": frozenset({"norms/eigene"})})
    (found,) = (c for c in data_checks(built(TOWN), catalogue) if c["id"] == "own_norms")
    assert found["severity"] == "yellow" and "nicht: eigene" in found["text_de"]


def test_a_grid_of_another_place_is_red() -> None:
    town = areas(municipality(A, "Asdorf", 0))
    far = grid((400.5, 0.5, 7), (401.5, 0.5, 9))
    found = checked(built(town, osm(), far), "grid_place")
    assert found is not None and found["severity"] == "red"
    assert "keine Zelle der Region (2 Zellen" in found["text_de"]
    near = checked(built(town, osm(), grid((0.5, 0.5, 7))), "grid_place")
    assert near is not None and near["severity"] == "green"


def test_structurally_weak_is_told_with_its_source() -> None:
    table = areas(municipality(A, "Asdorf", structurally_weak=True, structurally_weak_source="Landesplan 2020"))
    found = checked(built(table), "structurally_weak")
    assert found is not None and found["text_de"] == "Als strukturschwach gelten: Asdorf (Landesplan 2020)."


def test_lists_with_the_outlines_of_all_germany_are_a_region_of_the_lists() -> None:
    outlines = areas(municipality(A, "Asdorf", 0), municipality(B, "Brook", 1), municipality(C, "München", 9))
    outlines.reading.report.source = outlines.reading.report.source.__class__("vg250.zip", "boundaries", "0" * 64)
    region = built(outlines)
    inside = region.areas[region.areas["inside"].astype(bool) & (region.areas["level"] == "municipality")]
    assert inside["area_id"].tolist() == [A]
