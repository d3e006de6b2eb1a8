# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Forms: filled with what is known, never over one that exists, read back by the readers."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from dableiben.catalogue.load import load_catalogue
from dableiben.core.errors import InputError
from dableiben.sources.base import read_file
from dableiben.store.config import config_from
from dableiben.study.init import init_region
from dableiben.study.template import FILES, write_templates
from support.two_lists import AGS, KITA, write_register, write_residents


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("region")
    rows = [
        {**KITA, "Träger": "AWO"},
        {**KITA, "Name": "Kita Zwei", "Träger": "Die Gemeinde"},
        {**KITA, "Name": "Kita Drei"},
    ]
    register = write_register(folder / "einrichtungen.csv", rows)
    residents = write_residents(folder / "einwohner.csv")
    files = [("population", residents), ("register", register)]
    init_region(folder / "musterau", config_from(name="Musterau", land=None, ags=()), files)  # type: ignore[arg-type]
    return folder / "musterau"


def column(path: Path, name: str) -> list[object]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    at = next(cell.column for cell in sheet[1] if cell.value == name)
    return [sheet.cell(row, at).value for row in range(2, sheet.max_row + 1)]


def test_the_population_form_names_every_place_and_no_count(region: Path, tmp_path: Path) -> None:
    (path,) = write_templates("population", tmp_path, root=region)
    assert set(column(path, "AGS")) == {AGS}
    assert set(column(path, "Ortsteil")) == {"Oberdorf", "Unterdorf"}
    assert set(column(path, "3")) == set(column(path, "Stichtag")) == {None}


def test_a_filled_population_form_is_read(region: Path, tmp_path: Path) -> None:
    (path,) = write_templates("population", tmp_path, root=region)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, head["Stichtag"]).value = "31.12.2025"
        sheet.cell(row, head["3"]).value = 2
    book.save(path)
    table = read_file(path, "population", load_catalogue()).population
    assert table is not None
    known = table[table["persons"].notna()]
    # 2 places, 2 sexes, main and second home
    assert len(known) == 8 and known["persons"].sum() == 16
    assert set(known["age_from"]) == {3}


def test_each_provider_gets_its_own_form(region: Path, tmp_path: Path) -> None:
    paths = write_templates("register", tmp_path, root=region, per_provider=True)
    assert [path.name for path in paths] == [
        "einrichtungen-vordruck-ohne-traeger.xlsx",
        "einrichtungen-vordruck-awo.xlsx",
        "einrichtungen-vordruck-die-gemeinde.xlsx",
    ]
    assert [column(path, "Name") for path in paths] == [["Kita Drei"], ["Kita Regenbogen"], ["Kita Zwei"]]
    assert [column(path, "Ortsteil") for path in paths] == [["Oberdorf"]] * 3


@pytest.mark.parametrize("form", sorted(FILES))
def test_an_empty_form_has_its_columns(tmp_path: Path, form: str) -> None:
    (path,) = write_templates(form, tmp_path / "neu")
    assert path == tmp_path / "neu" / FILES[form]
    heads = [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][1]]
    assert {"commuters": "Wohnort", "transport": "Bedienungsgebiet"}.get(form, "Gemeinde") in heads


def test_a_form_that_may_be_filled_in_is_never_overwritten(region: Path, tmp_path: Path) -> None:
    (path,) = write_templates("register", tmp_path, root=region)
    path.write_bytes(b"ausgefuellt")
    with pytest.raises(InputError) as refused:
        write_templates("register", tmp_path, root=region)
    assert refused.value.code == "file-exists"
    assert path.read_bytes() == b"ausgefuellt"
    # One of several forms exists: none is written.
    (tmp_path / "einrichtungen-vordruck-awo.xlsx").write_bytes(b"ausgefuellt")
    with pytest.raises(InputError):
        write_templates("register", tmp_path, root=region, per_provider=True)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    ("form", "per_provider", "code"),
    [
        ("karte", False, "form-unknown"),
        ("population", True, "form-without-provider"),
    ],
)
def test_what_there_is_no_form_for_is_refused(tmp_path: Path, form: str, per_provider: bool, code: str) -> None:
    with pytest.raises(InputError) as refused:
        write_templates(form, tmp_path / "neu", per_provider=per_provider)
    assert refused.value.code == code
    assert not (tmp_path / "neu").exists()
