# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Forms go out prefilled, come back through the readers, and their changes are listed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from dableiben.catalogue.load import Catalogue
from dableiben.core.inputs import FACILITIES, POPULATION
from dableiben.sources.frames import typed_frame
from dableiben.sources.population_list import read as read_population
from dableiben.sources.register import read as read_register
from dableiben.sources.templates import differences, write_population_template, write_register_template
from support.tables import write_table

FACTS = typed_frame(
    FACILITIES,
    [
        {"source_id": "A1", "kind": "kita", "possible": False, "name": "=1+1", "provider": "Stadt", "form": "volunteer",
         "usable_places": 50.0, "licensed_places": 60.0, "x_m": 4_250_000.0, "y_m": 3_020_000.0, "barrier_free": True,
         "municipality": "Moor", "locality": "Nord", "address": "Gasse 3", "languages": ["Deutsch", "Türkisch"],
         "as_of": date(2025, 1, 1), "age_from": 3, "age_to": 6, "service_area": ["Nord", "Süd"],
         "opening_hours": "Mo-Fr 7-16"},
        {"source_id": "A1", "kind": "krippe", "possible": True, "name": "=1+1", "provider": "Stadt",
         "municipality": "Moor"},
        {"source_id": "B7", "kind": "hausarzt", "possible": False, "name": "Dr. Arndt", "usable_places": 1.5,
         "municipality": "06440001"},
    ],
)  # fmt: skip


def test_register_comes_back_unchanged(tmp_path: Path, catalogue: Catalogue) -> None:
    (path,) = write_register_template(tmp_path / "form.xlsx", catalogue, FACTS)
    reading = read_register(path, catalogue)
    assert reading.facilities is not None
    assert differences(FACTS, reading.facilities).to_dict("records") == []
    assert reading.report.rows_read == reading.report.rows_used == 3


def test_cells_are_commented_and_text_never_becomes_a_formula(tmp_path: Path, catalogue: Catalogue) -> None:
    (path,) = write_register_template(tmp_path / "form.xlsx", catalogue, FACTS)
    sheet = openpyxl.load_workbook(path)["Einrichtungen"]
    heads = {cell.value: cell for cell in sheet[1]}
    assert all(cell.comment is not None and cell.comment.text for cell in heads.values())
    name = sheet.cell(2, heads["Name"].column)
    assert sheet.cell(3, heads["Name"].column).value in ("=1+1", name.value)
    assert {sheet.cell(row, heads["Name"].column).data_type for row in (2, 3, 4)} == {"s"}


def test_one_form_per_provider(tmp_path: Path, catalogue: Catalogue) -> None:
    paths = write_register_template(tmp_path / "form.xlsx", catalogue, FACTS, per_provider=True)
    assert [path.name for path in paths] == ["form-ohne-traeger.xlsx", "form-stadt.xlsx"]
    back = pd.concat([read_register(path, catalogue).facilities for path in paths])
    assert differences(FACTS, back).empty


def test_empty_forms_can_be_read_once_filled(tmp_path: Path, catalogue: Catalogue) -> None:
    (path,) = write_register_template(tmp_path / "leer.xlsx", catalogue)
    book = openpyxl.load_workbook(path)
    sheet = book["Einrichtungen"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(2, columns["Art"], "Kita")
    sheet.cell(2, columns["Name"], "Sonne")
    sheet.cell(2, columns["belegbare Plätze"], 40)
    book.save(path)
    table = read_register(path, catalogue).facilities
    assert table is not None
    assert table[["kind", "name", "usable_places"]].to_numpy().tolist() == [["kita", "Sonne", 40]]


def test_an_offer_that_does_not_exist_is_taken_out_by_the_form(tmp_path: Path, catalogue: Catalogue) -> None:
    (path,) = write_register_template(tmp_path / "form.xlsx", catalogue, FACTS)
    book = openpyxl.load_workbook(path)
    sheet = book["Einrichtungen"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    rows = {sheet.cell(r, columns["Art"]).value: r for r in (2, 3, 4)}
    sheet.cell(rows["Krippe"], columns["vorhanden"], "nein")
    sheet.cell(rows["Kita"], columns["belegbare Plätze"], 45)
    book.save(path)
    back = read_register(path, catalogue)
    assert back.facilities is not None
    changed = differences(FACTS, back.facilities)
    assert changed[["key", "column", "before", "after"]].to_numpy().tolist() == [
        ["A1 | kita", "usable_places", "50.0", "45.0"],
        ["A1 | krippe", "(entfällt)", None, None],
    ]
    assert back.report.lost.total() == 1


AREAS = pd.DataFrame(
    {"area_key": ["06440001", "06440001"], "municipality": ["Altenstadt"] * 2, "locality": ["Höchst", "Oberau"]}
)


def test_population_form_goes_out_and_comes_back(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [
        ("AGS", "Gemeinde", "Ortsteil", "Alter", "Geschlecht", "Wohnsitz", "Stichtag", "Anzahl"),
        ("06440001", "Altenstadt", "Höchst", 3, "m", "HW", date(2025, 12, 31), 7),
        ("06440001", "Altenstadt", "Oberau", 100, "w", "NW", date(2025, 12, 31), 2),
    ]
    people = read_population(write_table(tmp_path / "l.xlsx", rows), catalogue).population
    path = tmp_path / "form.xlsx"
    write_population_template(path, AREAS, as_of=date(2025, 12, 31), population=people)
    reading = read_population(path, catalogue)
    assert reading.population is not None
    POPULATION.arrow(reading.population)
    assert (reading.report.rows_read, reading.report.rows_used) == (8, 2)  # 2 localities x 2 sexes x 2 homes
    assert reading.report.lost == {"Einwohnerliste: Zeile ohne Anzahl (unbekannt, nicht 0)": 6}
    known = reading.population[reading.population["persons"].notna()]
    assert known[["locality", "age_from", "sex", "home", "persons"]].to_numpy().tolist() == [
        ["Höchst", 3, "m", "main", 7],
        ["Oberau", 100, "w", "second", 2],
    ]
    assert reading.population["persons"].isna().sum() == 8 * 101 - 2  # not filled in = unknown, not 0


def test_differences_of_population(tmp_path: Path) -> None:
    base = {
        "area_key": "06440001", "municipality": "A", "locality": "X", "sex": "m", "home": "main", "variant": "actual",
        "as_of": date(2025, 12, 31), "basis": "register",
    }  # fmt: skip
    old = typed_frame(POPULATION, [{**base, "age_from": a, "age_to": a, "persons": 5.0} for a in (0, 1)])
    new = typed_frame(POPULATION, [{**base, "age_from": a, "age_to": a, "persons": 5.0 + a} for a in (1, 2)])
    rows = differences(old, new)[["column", "before", "after"]].to_numpy().tolist()
    assert rows == [["(entfällt)", "5.0", None], ["persons", "5.0", "6.0"], ["(neu)", None, "7.0"]]


def test_same_form_has_the_same_bytes(tmp_path: Path, catalogue: Catalogue) -> None:
    (one,) = write_register_template(tmp_path / "a.xlsx", catalogue, FACTS)
    (two,) = write_register_template(tmp_path / "b.xlsx", catalogue, FACTS.iloc[::-1])
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("suffix", ["xlsx"])
def test_region_frames_with_facility_ids_are_taken_as_well(tmp_path: Path, catalogue: Catalogue, suffix: str) -> None:
    region_like = FACTS.rename(columns={"source_id": "facility_id"})
    (path,) = write_register_template(tmp_path / f"form.{suffix}", catalogue, region_like)
    table = read_register(path, catalogue).facilities
    assert table is not None
    assert set(table["source_id"]) == {"A1", "B7"}
