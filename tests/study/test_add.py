# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Returned forms and next year's files: merged, differences listed; refused ones leave everything as it was."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from dableiben.core.errors import InputError
from dableiben.store.config import config_from, read_config
from dableiben.study.add import add_files
from dableiben.study.init import init_region
from dableiben.study.load import load
from dableiben.study.template import write_templates
from support.two_lists import AGS, KITA, PRACTICE, write_register, write_residents

SHELTER = {"Art": "Frauenhaus", "Name": "Geheimname", "Gemeinde": "Musterau", "Ortsteil": "Oberdorf"}


@pytest.fixture
def region(tmp_path: Path) -> Path:
    root = tmp_path / "musterau"
    residents = write_residents(tmp_path / "einwohner.csv")
    register = write_register(tmp_path / "einrichtungen.csv", [KITA, PRACTICE, SHELTER])
    init_region(
        root, config_from(name="Musterau", land=None, ags=()), [("population", residents), ("register", register)]
    )
    return root


def places(root: Path) -> dict[str, float]:
    table = load(root).region.facilities
    return {str(name): float(usable) for name, usable in table[["name", "usable_places"]].itertuples(index=False)}


def fill(path: Path, name: str, **values: object) -> None:
    """Fill in a row of the register form, as a person would."""
    book = openpyxl.load_workbook(path)
    sheet = book["Einrichtungen"]
    head = {cell.value: cell.column for cell in sheet[1]}
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, head["Name"]).value == name)
    for column, value in values.items():
        sheet.cell(row, head[column.replace("_", " ")]).value = value
    book.save(path)


def test_a_form_that_comes_back_replaces_values_and_doubles_nothing(region: Path, tmp_path: Path) -> None:
    (form,) = write_templates("register", tmp_path / "post", root=region)
    fill(form, "Kita Regenbogen", belegbare_Plätze=30, barrierefrei="ja", Stand="31.12.2025")
    before = load(region).region.facilities
    differences = add_files(region, [("register", form)])
    after = load(region).region.facilities
    assert list(after["facility_id"]) == list(before["facility_id"])
    assert places(region)["Kita Regenbogen"] == 30.0
    kita = after[after["kind"] == "kita"].iloc[0]
    assert (kita["licensed_places"], bool(kita["barrier_free"])) == (40.0, True)
    assert differences.to_dict("records") == [
        {"what": "Kita Regenbogen (Kita): nutzbare Plätze", "before": "36", "after": "30"},
        {"what": "Kita Regenbogen (Kita): barrierefrei", "before": "unbekannt", "after": "ja"},
    ]


def test_an_untouched_form_changes_nothing(region: Path, tmp_path: Path) -> None:
    (form,) = write_templates("register", tmp_path / "post", root=region)
    assert add_files(region, [("register", form)]).empty


def test_a_new_name_in_the_form_is_the_same_facility(region: Path, tmp_path: Path) -> None:
    (form,) = write_templates("register", tmp_path / "post", root=region)
    fill(form, "Kita Regenbogen", Name="Haus der Kinder", Ortsteil="Unterdorf")
    add_files(region, [("register", form)])
    assert sorted(load(region).region.facilities["name"]) == ["Geheimname", "Haus der Kinder", "Praxis Meyer"]


def test_what_the_form_denies_is_gone(region: Path, tmp_path: Path) -> None:
    (form,) = write_templates("register", tmp_path / "post", root=region)
    fill(form, "Kita Regenbogen", vorhanden="nein")
    differences = add_files(region, [("register", form)])
    assert "Kita Regenbogen" not in places(region)
    assert [(row["before"], row["after"]) for row in differences.to_dict("records")] == [
        ("vorhanden", "nicht vorhanden")
    ]


def test_next_years_lists_are_merged_and_the_latest_year_counts(region: Path, tmp_path: Path) -> None:
    residents = write_residents(tmp_path / "einwohner-2025.csv", "31.12.2025", more=1)
    register = write_register(
        tmp_path / "einrichtungen-2025.csv", [{**KITA, "belegbare Plätze": "20", "Stand": "31.12.2025"}]
    )
    what = add_files(region, [("population", residents), ("register", register)]).to_dict("records")
    assert what[0] == {"what": "Stichtag der Bevölkerung", "before": "2024-12-31", "after": "2025-12-31"}
    assert what[1] == {"what": "Einwohner Musterau", "before": "900", "after": "1260"}
    assert what[2] == {"what": "Kita Regenbogen (Kita): nutzbare Plätze", "before": "36", "after": "20"}
    assert len(what) == 3
    assert load(region).region.year == 2025
    assert load(region, year=2024).region.year == 2024


def test_everything_that_bears_on_a_facility_is_listed(region: Path, tmp_path: Path) -> None:
    (form,) = write_templates("register", tmp_path / "post", root=region)
    fill(form, "Kita Regenbogen", Name="Haus der Kinder", Ortsteil="Unterdorf", Warteliste=12, Sprachen="deutsch")
    rows = add_files(region, [("register", form)]).to_dict("records")
    what = {row["what"]: (row["before"], row["after"]) for row in rows}
    label = "Haus der Kinder (Kita)"
    assert what == {
        f"{label}: Warteliste": ("unbekannt", "12"),
        f"{label}: Sprachen": ("unbekannt", "deutsch"),
        f"{label}: Name": ("Kita Regenbogen", "Haus der Kinder"),
        f"{label}: Ort": ("Oberdorf", "Unterdorf"),
    }


def test_a_population_form_for_one_village_leaves_the_other_as_it_was(region: Path, tmp_path: Path) -> None:
    (form,) = write_templates("population", tmp_path / "post", root=region)
    book = openpyxl.load_workbook(form)
    sheet = book["Einwohner"]
    head = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        place, home = (sheet.cell(row, head[name]).value for name in ("Ortsteil", "Wohnsitz"))
        if (place, home) == ("Oberdorf", "Hauptwohnsitz"):
            sheet.cell(row, head["Stichtag"]).value = "31.12.2025"
            for age in range(90):
                sheet.cell(row, head[str(age)]).value = 7
    book.save(form)
    what = add_files(region, [("population", form)]).to_dict("records")
    assert what[0]["after"] == "2025-12-31"
    # Some ages above 89 are not filled in: nobody knows the sum.
    assert what[1] == {"what": "Einwohner Musterau", "before": "900", "after": "unbekannt"}
    assert any("früheren gelten weiter: Unterdorf" in row["after"] for row in what)
    people = load(region).region.population
    village = people[people["area_id"] == f"{AGS}:unterdorf"]
    assert village.loc[village["home"] == "main", "persons"].sum() == 360.0


def test_a_corrected_list_for_the_same_day_is_listed_and_doubles_nobody(region: Path, tmp_path: Path) -> None:
    again = write_residents(tmp_path / "berichtigt.csv", more=1)
    what = add_files(region, [("population", again)]).to_dict("records")
    assert what[0] == {"what": "Einwohner Musterau", "before": "900", "after": "1260"}
    assert "„berichtigt.csv“ ersetzt 360 Angaben" in what[1]["after"]


def test_a_protected_place_is_named_neither_in_differences_nor_in_forms(region: Path, tmp_path: Path) -> None:
    (form,) = write_templates("register", tmp_path / "post", root=region)
    sheet = openpyxl.load_workbook(form)["Einrichtungen"]
    head = [cell.value for cell in sheet[1]]
    rows = [dict(zip(head, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    (shelter,) = (row for row in rows if row["Art"] == "Frauenhaus")
    assert not any(shelter[name] for name in ("Gemeinde", "Ortsteil", "Längengrad", "Breitengrad"))
    fill(form, "Geheimname", belegte_Plätze=5)
    (row,) = add_files(region, [("register", form)]).to_dict("records")
    assert row["what"] == "Frauenhaus (geschützt): belegte Plätze"
    table = load(region).region.facilities.set_index("kind")
    assert table.at["frauenhaus", "locality_id"] == f"{AGS}:oberdorf"  # what the form leaves empty stays known


def test_the_same_file_again_changes_nothing(region: Path, tmp_path: Path) -> None:
    before = (region / "region.toml").read_bytes()
    files = [("register", tmp_path / "einrichtungen.csv"), ("population", tmp_path / "einwohner.csv")]
    assert add_files(region, files).empty  # type: ignore[arg-type]
    assert (region / "region.toml").read_bytes() == before
    assert len(list((region / "inputs").iterdir())) == 2


def test_a_file_of_the_same_name_keeps_both(region: Path, tmp_path: Path) -> None:
    (tmp_path / "neu").mkdir()
    path = write_register(tmp_path / "neu" / "einrichtungen.csv", [{**KITA, "Name": "Kita Zwei"}])
    add_files(region, [("register", path)])
    assert [entry.file for entry in read_config(region).inputs][-1] == "inputs/einrichtungen-2.csv"
    assert len(places(region)) == 4


def test_a_refused_file_leaves_the_folder_as_it_was(region: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in region.rglob("*") if path.is_file() and path.suffix != ".lock"}
    good = write_residents(tmp_path / "neu.csv", "31.12.2025")
    bad = write_register(tmp_path / "schlecht.csv", [{**KITA, "belegbare Plätze": "viele"}])
    with pytest.raises(InputError):
        add_files(region, [("population", good), ("register", bad)])
    after = {path: path.read_bytes() for path in region.rglob("*") if path.is_file() and path.suffix != ".lock"}
    assert after == before


@pytest.mark.parametrize("what", ["gone", "altered", "altered and given itself"])
def test_a_copy_that_is_gone_or_altered_can_be_given_anew(region: Path, tmp_path: Path, what: str) -> None:
    copy = region / "inputs" / "einwohner.csv"
    if what == "gone":
        copy.unlink()
    else:
        write_residents(copy, more=1)
    with pytest.raises(InputError) as refused:
        load(region)
    assert "dableiben add … --population" in refused.value.repair
    with pytest.raises(InputError):  # another role does not repair it
        add_files(region, [("register", write_register(tmp_path / "mehr.csv", [{**KITA, "Name": "Zwei"}]))])
    given = copy if what == "altered and given itself" else tmp_path / "einwohner.csv"
    add_files(region, [("population", given)])
    expected = 1260.0 if given == copy else 900.0
    assert load(region).region.population["persons"].sum() == expected
    assert len(read_config(region).inputs) == 2
