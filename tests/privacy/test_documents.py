# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What is written down holds no more than what was released: page, workbook and GeoPackage are searched."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dableiben.privacy.gate import release
from dableiben.privacy.released import Released
from dableiben.report.gpkg import write_gpkg
from dableiben.report.html import write_html
from dableiben.report.xlsx import write_xlsx
from support.made_district import MadeDistrict, made_catalogue

WRITERS: dict[str, Callable[..., None]] = {"html": write_html, "xlsx": write_xlsx, "gpkg": write_gpkg}
SECRETS = ("Haus Zuflucht", "Erika Beispiel")


def text_of(path: Path) -> str:
    """All text in a file, whatever its form."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if path.suffix == ".gpkg":
        with closing(sqlite3.connect(path)) as database:
            return "\n".join(database.iterdump())
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def made() -> MadeDistrict:
    return MadeDistrict(seed=3, municipalities=6, localities=3, persons=8_000)


@pytest.fixture(scope="module")
def released(made: MadeDistrict, tmp_path_factory: pytest.TempPathFactory) -> tuple[Released, Any]:
    catalogue = made_catalogue(tmp_path_factory.mktemp("cards"))
    return release(made.results(), catalogue), catalogue


@pytest.mark.parametrize("file_format", sorted(WRITERS))
@pytest.mark.parametrize("lang", ["de", "en"])
def test_no_document_gives_a_protected_place_away(
    made: MadeDistrict, released: tuple[Released, Any], tmp_path: Path, file_format: str, lang: str
) -> None:
    path = tmp_path / f"report.{file_format}"
    WRITERS[file_format](*released, path, lang=lang)
    text = text_of(path)
    protected = [f for f in made.tables["facilities"] if f["kind"] in ("frauenhaus", "kindertagespflege")]
    for word in (*SECRETS, *(f["facility_id"] for f in protected)):
        assert word not in text
    shown = next(f for f in made.tables["facilities"] if f["kind"] == "kita" and f["usable_places"])
    assert shown["name"] in text  # others are shown, so the search finds what is there


@pytest.mark.parametrize("file_format", sorted(WRITERS))
def test_no_writer_takes_results_that_were_not_released(
    made: MadeDistrict, released: tuple[Released, Any], tmp_path: Path, file_format: str
) -> None:
    path = tmp_path / f"report.{file_format}"
    with pytest.raises(TypeError):
        WRITERS[file_format](made.results(), released[1], path)
    assert not path.exists()
