# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which place a register means, however it is written; what fits nowhere is told with its rows."""

from __future__ import annotations

import pytest

from dableiben.region.areas import Municipality
from dableiben.region.build import build_region
from dableiben.region.checks import data_checks
from dableiben.region.place_names import PlaceNames, bare
from dableiben.region.region import Region
from dableiben.store.config import RegionConfig
from support.readings import areas, counted, locality, municipality, population, register
from support.regions import packaged

AGS, OTHER = "06440001", "06440002"


def names(town: str | None = "Altenstadt") -> PlaceNames:
    first = Municipality(AGS, name=town, localities={"adorf": {"name": "Adorf"}, "neuhof": {"name": "Neuhof"}})
    second = Municipality(OTHER, name="Bad Vilbel, Stadt", localities={"neuhof": {"name": "Neuhof"}})
    return PlaceNames.of({AGS: first, OTHER: second})


@pytest.mark.parametrize(
    ("town", "village", "found"),
    [
        ("Altenstadt", None, (AGS, None)),
        ("ALTENSTADT", "Adorf", (AGS, "adorf")),
        ("Gemeinde Altenstadt", None, (AGS, None)),
        ("Altenstadt (Hessen)", None, (AGS, None)),
        ("Altenstadt, Gemeinde", None, (AGS, None)),
        ("63674 Altenstadt", None, (AGS, None)),
        ("D-63674 Altenstadt", "OT Adorf", (AGS, "adorf")),
        ("Altenstadt-Adorf", None, (AGS, "adorf")),
        ("Altenstadt OT Adorf", None, (AGS, "adorf")),
        ("Adorf (Altenstadt)", None, (AGS, "adorf")),
        ("Adorf", None, (AGS, "adorf")),  # a column "Ort" with the village
        ("6440001", None, (AGS, None)),
        ("06440001", "Adorf", (AGS, "adorf")),
        ("064400001001", None, (AGS, None)),
        ("Bad Vilbel", None, (OTHER, None)),
        ("Stadt Bad Vilbel", "Neuhof", (OTHER, "neuhof")),
        ("Altenstadt", "Nirgendwo", (AGS, None)),
        (None, "Adorf", (AGS, "adorf")),
        ("Neuhof", None, None),  # two villages of that name
        ("Nirgendwo", "Adorf", None),  # the named municipality contradicts
        ("Altenstadt-Nirgendwo", None, None),
        ("99999999", None, None),
        (None, None, None),
    ],
)
def test_a_place_is_found_as_people_write_it(town: str | None, village: str | None, found: object) -> None:
    m, locality_id = names().find(town, village)
    assert (None if m is None else (m.ags, locality_id.split(":")[1] if locality_id else None)) == found


def test_a_list_with_keys_alone_is_found_by_its_localities() -> None:
    m, locality_id = names(town=None).find("Altenstadt", "Adorf")
    assert m is not None and (m.ags, locality_id) == (AGS, f"{AGS}:adorf")
    assert names(town=None).find("Altenstadt", "Neuhof") == (None, None)


def test_the_exact_name_goes_before_the_one_without_titles() -> None:
    towns = {AGS: Municipality(AGS, name="Erlbach"), OTHER: Municipality(OTHER, name="Markt Erlbach")}
    found = PlaceNames.of(towns)
    assert [found.find(text)[0] for text in ("Erlbach", "Markt Erlbach")] == list(towns.values())
    assert found.find("Gemeinde Erlbach") == (None, None)


@pytest.mark.parametrize("word", ["Stadt", "Markt", "Gemeinde"])
def test_a_title_alone_stays_a_name(word: str) -> None:
    assert bare(word) == word.lower()


def region_of(*rows: dict[str, object]) -> Region:
    given = [
        areas(municipality(AGS, "Altenstadt"), locality(AGS, "Adorf")),
        population(counted(AGS, 4, 10.0)),
        register(*({"kind": "kita", **row} for row in rows)),
    ]
    return build_region(given, RegionConfig(format=1, name="Probe"), packaged())


def test_what_fits_nowhere_is_told_with_names_and_rows() -> None:
    region = region_of(
        {"name": "A", "municipality": "Gemeinde Altenstadt"}, {"name": "B", "municipality": "Nirgendwo"},
        {"name": "C", "municipality": "Nirgendwo"}, {"kind": "frauenhaus", "name": "D", "municipality": "Geheimort"},
    )  # fmt: skip
    assert region.unplaced == {
        "Nirgendwo": ("register.xlsx Zeile 3", "register.xlsx Zeile 4"),
        "geschützte Einrichtung": ("register.xlsx Zeile 5",),
    }
    found = {check["id"]: check for check in data_checks(region, packaged())}
    assert found["place_names"]["severity"] == "yellow"
    told = found["place_names"]["text_de"]
    assert "„Nirgendwo“: 2 Einrichtungen (register.xlsx Zeile 3, register.xlsx Zeile 4)" in told
    assert "Geheimort" not in told
    assert found["location"]["text_de"].startswith("3 von 4 Einrichtungen ohne Standort")  # A has its municipality


def test_a_register_of_which_nothing_fits_is_red() -> None:
    region = region_of({"name": "B", "municipality": "Nirgendwo"})
    assert {c["id"]: c["severity"] for c in data_checks(region, packaged())}["place_names"] == "red"
