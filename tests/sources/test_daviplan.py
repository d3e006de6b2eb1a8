# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The Excel templates of daviplan, laid out as its export writes them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.inputs import FACILITIES, POPULATION
from dableiben.sources.base import Reading, read_file
from dableiben.sources.population_checks import LOST_PROJECTION
from support.tables import write_xlsx

SITES = [
    ("place_id", "Name", "Straße", "Hausnummer", "PLZ", "Ort", "Lon", "Lat", "Träger",
     "Bietet Leistung Krippe an", "Kapazität für Leistung Krippe", "Bietet Leistung Kita an",
     "Kapazität für Leistung Kita", "Bietet Leistung Zauberei an", "Kapazität für Leistung Zauberei"),
    ("Interne Nummer", "Name des Standorts", "Postalische Angabe", None, None, "Gemeinde", "Längengrad", "Breitengrad",
     None, "1 = ja, 0 = nein", "Plätze", "1 = ja, 0 = nein", "Plätze", "1 = ja, 0 = nein", "Zauber"),
    (17, "Sonne", "Gasse", "3a", "63674", "Altenstadt", 8.95, 50.29, "Stadt", 1, 15, 1, 50, 0, None),
    (18, "Mond", None, None, None, "Altenstadt", None, None, None, 0, None, 1, None, 0, None),
    (19, "Leer", None, None, None, "Altenstadt", None, None, None, 0, None, 0, None, 0, None),
    (20, "Zauberer", None, None, None, "Altenstadt", None, None, None, 0, None, 0, None, 1, 3),
]  # fmt: skip


def read(path: Path, role: str, catalogue: Catalogue) -> Reading:
    reading = read_file(path, role, catalogue)  # type: ignore[arg-type]
    assert reading.report.rows_read == reading.report.rows_used + reading.report.lost.total()
    return reading


def sites(folder: Path, rows: list[tuple[object, ...]]) -> Path:
    meta = [("infrastructure", "Kinderbetreuung")]
    sheets = {"Standorte und Kapazitäten": rows, "meta": meta, "Klassifizierungen": [("Träger", "Stadt")]}
    return write_xlsx(folder / "standorte.xlsx", sheets, hidden=["meta", "Klassifizierungen"])  # type: ignore[arg-type]


def test_sites_and_capacities(tmp_path: Path, catalogue: Catalogue) -> None:
    reading = read(sites(tmp_path, SITES), "register", catalogue)
    table = reading.facilities
    assert table is not None
    FACILITIES.arrow(table)
    assert reading.report.source.kind == "daviplan_sites"
    by_place = table.set_index(["name", "kind"])
    assert by_place.index.tolist() == [("Sonne", "krippe"), ("Sonne", "kita"), ("Mond", "kita")]
    assert by_place["usable_places"].fillna(-1).tolist() == [15, 50, -1]
    assert by_place.loc[("Sonne", "kita"), ["address", "municipality", "provider"]].tolist() == [
        "Gasse 3a", "Altenstadt", "Stadt",
    ]  # fmt: skip
    assert np.isnan(by_place.loc[("Mond", "kita"), "x_m"])
    assert reading.report.lost == {
        "daviplan: Standort bietet keine Leistung an": 1,
        "daviplan: Leistung unbekannt": 1,
    }
    assert any("Zauberei" in note for note in reading.report.notes)


def test_invalid_site_is_refused_with_its_spot(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [*SITES[:2], (*SITES[2][:12], "viele", 0, None)]
    with pytest.raises(InputError) as caught:
        read_file(sites(tmp_path, rows), "register", catalogue)  # type: ignore[arg-type]
    assert (caught.value.row, caught.value.column) == (3, "Kapazität für Leistung Kita")


def population(folder: Path, prognosis: str | None, counts: list[object]) -> Path:
    meta = [
        ("arealevel", "Gemeinden"),
        ("years count", 1),
        ("years", 2025),
        ("prognosis", 3 if prognosis else None, prognosis),
    ]
    year = [
        ("Jahr", 2025, f"Prognosevariante {prognosis}" if prognosis else "Reale Einwohnerdaten", None, None, None),
        ("gender_id", None, 1, 1, 2, 2),
        ("Geschlecht", None, "männlich", None, "weiblich", None),
        ("age_group_id", None, 1, 2, 1, 2),
        (
            "Altersgruppe",
            None,
            "0 bis unter 18 Jahre",
            "18 Jahre und älter",
            "0 bis unter 18 Jahre",
            "18 Jahre und älter",
        ),
        ("rs", "gen", None, None, None, None),
        ("064400001001", "Altenstadt", *counts),
        ("ohne", "Irgendwo", 1, 2, 3, 4),
    ]
    return write_xlsx(folder / "einwohner.xlsx", {"meta": meta, "2025": year}, merges=[], hidden=["meta"])  # type: ignore[dict-item]


@pytest.mark.parametrize(("prognosis", "variant"), [(None, "actual"), ("Trend", "Trend")])
def test_population_of_a_year(tmp_path: Path, catalogue: Catalogue, prognosis: str | None, variant: str) -> None:
    reading = read(population(tmp_path, prognosis, [10, 20.5, None, 40]), "population", catalogue)
    people = reading.population
    assert people is not None
    POPULATION.arrow(people)
    assert people[["sex", "age_from", "persons"]].fillna(-1).to_numpy().tolist() == [
        ["m", 0, 10], ["m", 18, 20.5], ["w", 0, -1], ["w", 18, 40],
    ]  # fmt: skip
    assert set(people["area_key"]) == {"06440001"}
    assert set(people["variant"]) == {variant}
    assert set(people["as_of"]) == {date(2025, 12, 31)}
    projected = {LOST_PROJECTION: 1} if prognosis else {}
    assert reading.report.lost == {"daviplan: Gebiet ohne Regionalschlüssel": 1, **projected}
    assert reading.report.rows_used == (0 if prognosis else 1)


def test_negative_counts_are_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="negativ") as caught:
        read_file(population(tmp_path, None, [10, -1, 3, 4]), "population", catalogue)
    assert (caught.value.sheet, caught.value.row) == ("2025", 7)
