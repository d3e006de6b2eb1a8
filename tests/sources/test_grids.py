# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Grids: official layouts, plain CSV, GeoTIFF and Parquet against published sums, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image, TiffImagePlugin

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.inputs import GRID
from dableiben.sources.base import Reading, read_file

CENSUS_2022 = """GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner;werterlaeuternde_Zeichen
CRS3035RES100mN3020000E4250000;4250050;3020050;12;
CRS3035RES100mN3020000E4250100;4250150;3020050;–;
CRS3035RES100mN3020100E4250100;4250150;3020150;3;KLAMMERN
"""
CENSUS_2011 = """Gitter_ID_100m;x_mp_100m;y_mp_100m;Einwohner
100mN30200E42500;4250050;3020050;12
100mN30200E42501;4250150;3020050;-1
100mN30201E42501;4250150;3020150;3
"""


def read_text(
    folder: Path, text: str, catalogue: Catalogue, *, name: str = "gitter.csv", encoding: str = "utf-8"
) -> Reading:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read_file(path, "population", catalogue)


def persons(reading: Reading) -> pd.DataFrame:
    assert reading.grid is not None
    GRID.arrow(reading.grid.head(10_000))
    return reading.grid[reading.grid["theme"] == "persons"]


def refusal(folder: Path, text: str, catalogue: Catalogue, **more: str) -> InputError:
    with pytest.raises(InputError) as caught:
        read_text(folder, text, catalogue, **more)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_census_2022_keeps_secret_cells_as_unknown(tmp_path: Path, catalogue: Catalogue, encoding: str) -> None:
    reading = read_text(tmp_path, CENSUS_2022, catalogue, encoding=encoding)
    cells = persons(reading)
    assert cells["value"].tolist()[0] == 12
    assert np.isnan(cells["value"].tolist()[1])
    assert cells["weak"].tolist() == [False, False, True]
    assert cells["size_m"].unique().tolist() == [100]
    assert reading.report.source.as_of == date(2022, 5, 15)
    assert reading.report.lost == {"Gitterzelle ohne Wert (geheim gehalten)": 1}


def test_census_2011_leaves_out_uninhabited_cells_and_counts_them(tmp_path: Path, catalogue: Catalogue) -> None:
    reading = read_text(tmp_path, CENSUS_2011, catalogue)
    assert persons(reading)["value"].tolist() == [12, 3]
    assert reading.report.rows_read == 3
    assert reading.report.lost == {"Gitterzelle unbewohnt oder geheim gehalten (-1)": 1}
    assert reading.report.source.as_of == date(2011, 5, 9)


def test_decimal_comma_and_ids_alone_are_enough(tmp_path: Path, catalogue: Catalogue) -> None:
    text = (
        "GITTER_ID_1km;Durchschnittsalter\n"
        "CRS3035RES1000mN3020000E4250000;44,5\n"
        "CRS3035RES1000mN3021000E4250000;41,25\n"
    )
    reading = read_text(tmp_path, text, catalogue)
    assert reading.grid is not None
    assert reading.grid[["x_m", "y_m", "size_m", "theme", "value"]].to_numpy().tolist() == [
        [4250500.0, 3020500.0, 1000, "durchschnittsalter", 44.5],
        [4250500.0, 3021500.0, 1000, "durchschnittsalter", 41.25],
    ]


def test_several_columns_become_themes_under_their_names(shared_path: Path, catalogue: Catalogue) -> None:
    reading = read_file(shared_path / "regions/wetterau/zensus2011-100m.csv", "population", catalogue)
    assert reading.grid is not None
    assert set(reading.grid["theme"]) == {
        "age_under10", "age_80plus", "hh_seniors_only", "hh_with_seniors", "dwellings_sum_floorarea",
        "resbuildings_sum_baujahr", "dwellings_holiday_leisure", "dwellings_vacant",
    }  # fmt: skip
    assert set(reading.grid["size_m"]) == {100}


@pytest.mark.parametrize(
    ("file", "size_m", "total"),
    [("zensus2011-1km.csv", 1000, 84_815), ("zensus2011-200m.csv", 200, 87_147)],
)
def test_plain_grids_of_the_wetterau(
    shared_path: Path, catalogue: Catalogue, file: str, size_m: int, total: int
) -> None:
    path = shared_path / "regions" / "wetterau" / file
    cells = persons(read_file(path, "population", catalogue))
    raw = pd.read_csv(path)
    column = "Einwohner" if "Einwohner" in raw else "einwohner"
    assert cells["value"].sum() == raw[column].sum() == total
    assert set(cells["size_m"]) == {size_m}


@pytest.fixture(scope="module")
def national_raster(shared_path: Path, catalogue: Catalogue) -> Reading:
    return read_file(shared_path / "germany/zensus2011-200m.tif", "population", catalogue)


def test_national_raster_has_the_published_sum(national_raster: Reading) -> None:
    assert national_raster.grid is not None
    cells = national_raster.grid
    GRID.arrow(cells.head(1000))
    assert (int(cells["value"].sum()), len(cells)) == (80_324_282, 1_392_438)
    assert national_raster.report.rows_read == national_raster.report.rows_used == 1_392_438


def test_raster_and_csv_of_the_same_census_agree(
    national_raster: Reading, shared_path: Path, catalogue: Catalogue
) -> None:
    """The regional CSV was cut from the raster: every cell of it is there at the same place."""
    assert national_raster.grid is not None
    raster = national_raster.grid
    region = persons(read_file(shared_path / "regions/wetterau/zensus2011-200m.csv", "population", catalogue))
    both = region.merge(raster, on=["x_m", "y_m", "size_m"], suffixes=("", "_raster"))
    assert len(both) == len(region)
    assert (both["value"] == both["value_raster"]).all()


def test_national_parquet_has_the_published_sum(shared_path: Path, catalogue: Catalogue) -> None:
    cells = persons(read_file(shared_path / "germany/zensus2011-1km.parquet", "population", catalogue))
    assert (int(cells["value"].sum()), len(cells)) == (80_212_528, 214_633)


def raster(
    path: Path, values: np.ndarray, *, epsg: int = 3035, x: float = 4_250_000, y: float = 3_021_000, point: bool = False
) -> Path:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[33550] = (200.0, 200.0, 0.0)
    tags.tagtype[33550] = 12
    tags[33922] = (0.0, 0.0, 0.0, x, y, 0.0)
    tags.tagtype[33922] = 12
    tags[34735] = (1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 2 if point else 1, 3072, 0, 1, epsg)
    tags.tagtype[34735] = 3
    tags[42113] = "-9999"
    Image.fromarray(values.astype(np.float32), mode="F").save(path, tiffinfo=tags)
    return path


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_raster_counts_from_corner_or_from_centre(tmp_path: Path, catalogue: Catalogue) -> None:
    values = np.array([[5, -9999], [0, 7]])
    area = persons(read_file(raster(tmp_path / "a.tif", values), "population", catalogue))
    assert area[["x_m", "y_m", "value"]].to_numpy().tolist() == [[4250300, 3020700, 7], [4250100, 3020900, 5]]
    point = persons(read_file(raster(tmp_path / "p.tif", values, point=True), "population", catalogue))
    assert point[["x_m", "y_m"]].to_numpy().tolist() == [[4250200, 3020800], [4250000, 3021000]]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_raster_in_another_system_or_country_is_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    values = np.array([[5, 6], [1, 7]])
    with pytest.raises(InputError, match="EPSG:25832"):
        read_file(raster(tmp_path / "utm.tif", values, epsg=25832), "population", catalogue)
    with pytest.raises(InputError, match="nicht in Deutschland"):
        read_file(raster(tmp_path / "fr.tif", values, x=3_760_000, y=2_890_000), "population", catalogue)


GRID_ROWS = "4250050,3020050,12\n4250150,3020050,7\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x,y,einwohner\n3020050,4250050,12\n3020150,4250050,7\n", "vertauscht"),
        ("x,y,einwohner\n9.01,50.31,12\n9.02,50.31,7\n", "in Grad"),
        ("x,y,einwohner\n503000,5570000,12\n503100,5570000,7\n", "UTM"),
        ("x,y,einwohner\n3760050,2890050,12\n3760150,2890050,7\n", "nicht in Deutschland"),  # Paris
        ("x,y,einwohner\n4620050,2730050,12\n4620150,2730050,7\n", "nicht in Deutschland"),  # Styria, in the box
        ("x,y,einwohner\n4250050,3020050,-12\n4250150,3020050,7\n", "Negativer Wert -12"),
        ("x,y,einwohner\n4250050,3020050,zwölf\n4250150,3020050,7\n", "keine Zahl"),
        ("x,y,einwohner\n4250050,,12\n4250150,3020050,7\n", "fehlen die Koordinaten"),
        ("x,y,einwohner\n4250050,3020050,12\n4250050,3020050,13\n4250150,3020050,7\n", "mehrfach"),
        ("x,y,einwohner,Einwohner\n4250050,3020050,12,1\n", "mehrfach"),
        ("x,y\n4250050,3020050\n", "keine Spalte mit Werten"),
        ("x,y,einwohner\n", "keine Gitterzellen"),
    ],
)  # fmt: skip
def test_refused_grids_name_the_cause(tmp_path: Path, catalogue: Catalogue, text: str, words: str) -> None:
    error = refusal(tmp_path, text, catalogue)
    assert words in str(error)
    assert "gitter.csv" in str(error)


def test_refusals_name_row_and_column(tmp_path: Path, catalogue: Catalogue) -> None:
    error = refusal(tmp_path, "x,y,einwohner\n4250050,3020050,12\n4250150,3020050,zwölf\n", catalogue)
    assert (error.row, error.column) == (3, "einwohner")
    error = refusal(tmp_path, "x;y;Einwohner\n4250050;3020050;12\n4250150;3020050;-3\n", catalogue)
    assert (error.row, error.column) == (3, "Einwohner")


def test_id_that_contradicts_its_coordinates_is_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    swapped = CENSUS_2022.replace("4250150;3020150", "4250150;3020250")
    error = refusal(tmp_path, swapped, catalogue)
    assert error.code == "grid-id-differs"
    assert error.row == 4


def test_size_of_cells_is_checked_against_their_spacing(tmp_path: Path, catalogue: Catalogue) -> None:
    text = "x,y,einwohner\n" + GRID_ROWS
    assert persons(read_text(tmp_path, text, catalogue))["size_m"].tolist() == [100, 100]
    error = refusal(tmp_path, text, catalogue, name="einwohner-1km.csv")
    assert error.code == "grid-size-differs"
    odd = refusal(tmp_path, "x,y,einwohner\n4250050,3020050,1\n4250420,3020050,7\n", catalogue)
    assert odd.code == "grid-size-unknown"


@pytest.mark.parametrize(
    ("name", "as_of"),
    [
        ("einwohner-2024-100m.csv", date(2024, 12, 31)),
        ("einwohner_30.06.2025.csv", date(2025, 6, 30)),
        ("zensus2011.csv", date(2011, 5, 9)),
        ("einwohner-100m.csv", None),
    ],
)
def test_a_plain_grid_has_the_date_of_its_name(
    tmp_path: Path, catalogue: Catalogue, name: str, as_of: date | None
) -> None:
    (tmp_path / name).write_text("x,y,einwohner\n" + GRID_ROWS, encoding="utf-8")
    source = read_file(tmp_path / name, "population", catalogue).report.source
    assert source.as_of == as_of
    assert ("Zensus" in source.attribution) is ("zensus" in name)


def test_repeated_rows_are_dropped_and_strangers_counted(tmp_path: Path, catalogue: Catalogue) -> None:
    text = "x,y,einwohner\n" + GRID_ROWS + "4250050,3020050,12\n3760050,2890050,5\n"
    reading = read_text(tmp_path, text, catalogue)
    assert persons(reading)["value"].sum() == 19
    assert reading.report.lost == {"Gitterzelle doppelt": 1, "Gitterzelle außerhalb Deutschlands": 1}


def test_classes_in_place_of_numbers_are_not_persons(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = "".join(f"{4250500 + 1000 * (i % 10)};{3020500 + 1000 * (i // 10)};{i % 6 + 1}\n" for i in range(100))
    reading = read_text(tmp_path, "x_mp_1km;y_mp_1km;Einwohner\n" + rows, catalogue, name="klassen-1km.csv")
    assert reading.grid is not None
    assert set(reading.grid["theme"]) == {"persons_class"}
    assert any("Klassen" in note for note in reading.report.notes)
