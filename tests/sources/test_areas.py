# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Boundaries of the state and the office's own table of areas."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
import shapely

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.inputs import AREAS
from dableiben.sources.base import Reading, read_file
from support.tables import Rows, write_table, write_xlsx

STATE = "germany/vg250-gem-2024-simplified.zip"
GERMANY_KM2 = 357_000


def read(path: Path, catalogue: Catalogue) -> Reading:
    reading = read_file(path, "areas", catalogue)
    report = reading.report
    assert report.rows_read == report.rows_used + report.lost.total()
    assert reading.areas is not None
    AREAS.arrow(reading.areas.drop(columns="geometry", errors="ignore"))
    return reading


def test_boundaries_of_germany(shared_path: Path, catalogue: Catalogue) -> None:
    reading = read(shared_path / STATE, catalogue)
    table = reading.areas
    assert table is not None
    assert len(table) == reading.report.rows_used == 10_990
    assert table["area_key"].is_unique
    assert set(table["level"]) == {"municipality"}
    assert abs(sum(shape.area for shape in table["geometry"]) / 1e6 - GERMANY_KM2) < 0.01 * GERMANY_KM2
    altenstadt = table[table["area_key"] == "06440001"].iloc[0]
    assert (altenstadt["ars"], altenstadt["parent_key"]) == ("064400001001", "06440")
    assert altenstadt["name"] is None  # this file has no names
    assert all(shapely.is_valid(shape) for shape in table["geometry"].iloc[::100])


def geojson(folder: Path, *features: tuple[dict[str, object], tuple[float, float, float, float]]) -> Path:
    content = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shapely.box(*box))}
            for properties, box in features
        ],
    }
    path = folder / "grenzen.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


HERE = (9.0, 50.2, 9.1, 50.3)
BESIDE = (9.1, 50.2, 9.2, 50.3)


def test_parts_of_a_municipality_are_joined_and_water_left_out(tmp_path: Path, catalogue: Catalogue) -> None:
    path = geojson(
        tmp_path,
        ({"AGS": "6440001", "GEN": "Altenstadt", "GF": 4}, HERE),
        ({"AGS": "06440001", "GEN": "Altenstadt", "GF": 4}, BESIDE),
        ({"AGS": "06440001", "GEN": "Altenstadt", "GF": 2}, (8.9, 50.2, 9.0, 50.3)),
        ({"AGS": None, "GEN": "Gebiet ohne Schlüssel", "GF": 4}, (8.8, 50.2, 8.9, 50.3)),
    )
    reading = read(path, catalogue)
    table = reading.areas
    assert table is not None
    assert table[["area_key", "name"]].to_numpy().tolist() == [["06440001", "Altenstadt"]]
    assert reading.report.lost == {"Grenzen: Wasserfläche": 1, "Grenzen: Fläche ohne amtlichen Schlüssel": 1}
    west, _, east, _ = table["geometry"].iloc[0].bounds
    assert 14_000 < east - west < 15_000


@pytest.mark.parametrize(
    ("properties", "box", "code"),
    [
        ({"NAME": "Altenstadt"}, HERE, "areas-without-key"),
        ({"AGS": "06440001"}, (2.0, 48.5, 2.5, 49.0), "not-in-germany"),
        ({"AGS": "06440001"}, (50.2, 9.0, 50.3, 9.1), "not-in-germany"),
    ],
)
def test_boundaries_that_cannot_be_used_are_refused(
    tmp_path: Path, catalogue: Catalogue, properties: dict[str, object], box: tuple[float, ...], code: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_file(geojson(tmp_path, (properties, box)), "areas", catalogue)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_archive_without_prj_or_cut_short_is_refused(tmp_path: Path, shared_path: Path, catalogue: Catalogue) -> None:
    with zipfile.ZipFile(shared_path / STATE) as whole, zipfile.ZipFile(tmp_path / "ohne.zip", "w") as bare:
        for name in whole.namelist():
            if not name.endswith(".prj"):
                bare.writestr(name, whole.read(name))
    with pytest.raises(InputError, match="Koordinatensystem"):
        read_file(tmp_path / "ohne.zip", "areas", catalogue)
    cut = tmp_path / "halb.zip"
    cut.write_bytes((shared_path / STATE).read_bytes()[:300_000])
    with pytest.raises(InputError):
        read_file(cut, "areas", catalogue)


HEAD = (
    "AGS",
    "Gemeinde",
    "Ortsteil",
    "Amt",
    "Mittelbereich",
    "Schulbezirk",
    "Planungsraum",
    "strukturschwach",
    "Quelle",
)


def table_of(folder: Path, rows: Rows, catalogue: Catalogue, name: str = "gebiete.xlsx") -> Reading:
    return read(write_table(folder / name, rows), catalogue)


@pytest.mark.parametrize("name", ["g.xlsx", "g.ods", "g.csv"])
def test_table_of_areas(tmp_path: Path, catalogue: Catalogue, name: str) -> None:
    rows = [
        HEAD,
        ("13071001", "Moor", None, "Amt West", "Sölten", None, "Nord", "ja", "Regionalplan"),
        ("13071001", "Moor", "Groß Moor", None, None, "Schule am See", None, None, None),
        (None, None, "Klein Moor", None, None, "Schule am See", None, None, None),
        ("130715123002", "See", None, "Amt West", "Sölten", None, None, "nein", None),
    ]
    table = table_of(tmp_path, rows, catalogue, name).areas
    assert table is not None
    by_key = table.set_index("area_key")
    assert by_key["level"].to_dict() == {
        "13071001": "municipality", "13071001:gross-moor": "locality", "13071001:klein-moor": "locality",
        "13071002": "municipality",
    }  # fmt: skip
    assert by_key.loc["13071002", "ars"] == "130715123002"
    assert by_key.loc["13071001:klein-moor", ["parent_key", "school_district"]].tolist() == [
        "13071001",
        "Schule am See",
    ]
    assert by_key.loc["13071001", ["amt", "mittelbereich", "planning_area"]].tolist() == ["Amt West", "Sölten", "Nord"]
    assert by_key["structurally_weak"].tolist() == [True, None, None, False]
    assert by_key.loc["13071001", "structurally_weak_source"] == "Regionalplan"


def test_lost_zeros_repeats_and_contradictions(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [
        HEAD[:4],
        (6440001, "Altenstadt", None, "Amt A"),
        ("06440001", "Altenstadt", None, None),
        ("06440001", "Altenstadt", None, "Amt B"),
        ("Summe", None, None, None),
    ]
    reading = table_of(tmp_path, rows, catalogue)
    assert reading.areas is not None
    assert reading.areas[["area_key", "amt"]].to_numpy().tolist() == [["06440001", "Amt A"]]
    assert reading.report.lost["Gebietstabelle: Zeile doppelt"] == 2
    assert any("führende Null" in note for note in reading.report.notes)
    assert any("Zeile 4 widerspricht" in note for note in reading.report.notes)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (("1307", "Moor", None, "Amt"), "ags-not-valid", "AGS"),
        (("99071001", "Moor", None, "Amt"), "ags-not-valid", "AGS"),
        ((None, "Moor", None, "Amt"), "areas-without-key", "AGS"),
        (("13071001", "Moor", None, "Amt", None, None, None, "vielleicht"), "areas-flag", "strukturschwach"),
    ],
)
def test_rows_that_cannot_be_read_are_refused(
    tmp_path: Path, catalogue: Catalogue, row: tuple[str | None, ...], code: str, column: str
) -> None:
    with pytest.raises(InputError) as caught:
        table_of(tmp_path, [HEAD, row], catalogue)
    assert (caught.value.code, caught.value.row, caught.value.column) == (code, 2, column)


def test_table_without_keys_is_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    path = write_xlsx(tmp_path / "g.xlsx", {"T": [("Gemeinde", "Amt"), ("Moor", "West")]})
    with pytest.raises(InputError) as caught:
        read_file(path, "areas", catalogue)
    assert caught.value.code == "areas-no-header"
