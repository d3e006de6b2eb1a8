# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Parquet whose bytes depend on the content only, and a whole run in a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from dableiben.core.errors import InputError
from dableiben.core.geo import CRS
from dableiben.core.results import RESULT_TABLES
from dableiben.core.run import RUN_AREAS, Results, RunInfo

ROWS_PER_GROUP = 65_536


def write_table(table: pa.Table, path: Path) -> None:
    """Write an Arrow table as Parquet; equal tables give equal bytes.

    Metadata that tools leave behind (pandas index, origin of the frame) is dropped. The caller sorts:
    `TableContract.arrow` and `Results.arrow` do.
    """
    _write(table.replace_schema_metadata(None), path)


def read_table(path: Path) -> pa.Table:
    """Read a table that `write_table` wrote."""
    return pq.read_table(path, use_threads=False)


def write_areas(areas: gpd.GeoDataFrame, path: Path) -> None:
    """Write areas (core.run.RUN_AREAS and geometry in EPSG:3035) as GeoParquet 1.1, sorted by area_id."""
    table = RUN_AREAS.arrow(areas[RUN_AREAS.names])
    shapes = areas.set_index("area_id").geometry.reindex(table["area_id"].to_pylist())
    wkb = [shapely.to_wkb(s, byte_order=1) if s is not None and not s.is_empty else None for s in shapes]
    table = table.append_column("geometry", pa.array(wkb, type=pa.binary()))
    _write(table.replace_schema_metadata({b"geo": _geo_metadata()}), path)


def read_areas(path: Path) -> gpd.GeoDataFrame:
    """Read areas that `write_areas` wrote."""
    frame = _frame(read_table(path))
    shapes = [None if wkb is None else shapely.from_wkb(wkb) for wkb in frame.pop("geometry")]
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs=CRS, index=frame.index))


def write_results(results: Results, folder: Path) -> None:
    """Write a run into an existing folder: one Parquet file per table, areas.parquet and run.json."""
    for name, table in results.arrow().items():
        if name != "areas":
            write_table(table, folder / f"{name}.parquet")
    write_areas(results.areas, folder / "areas.parquet")
    content = {**results.run, "cell_size_m": results.size_m}
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    (folder / "run.json").write_text(text + "\n", encoding="utf-8")


def read_results(folder: Path) -> Results:
    """Read a run that `write_results` wrote. Lists come back as lists, nulls as None or NaN.

    Errors: InputError if an earlier version wrote it, without a table that the disclosure gate needs.
    """
    if missing := [c.name for c in RESULT_TABLES if not (folder / f"{c.name}.parquet").exists()]:
        raise InputError(
            "results-incomplete",
            f"Den Ergebnissen fehlt die Tabelle „{missing[0]}“; sie stammen von einer älteren Fassung.",
            "`dableiben check` noch einmal ausführen.",
            file=folder / f"{missing[0]}.parquet",
        )
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    size_m = run.pop("cell_size_m")
    tables = {
        contract.name: _frame(read_table(folder / f"{contract.name}.parquet")) for contract in RESULT_TABLES
    }
    return Results(tables, read_areas(folder / "areas.parquet"), size_m, cast(RunInfo, run))


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(date_as_object=True)
    for field in table.schema:
        if pa.types.is_list(field.type):  # pandas would give arrays, whose truth is ambiguous
            frame[field.name] = pd.Series(table[field.name].to_pylist(), index=frame.index, dtype=object)
    return frame


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(
        table, path, compression="zstd", compression_level=3, version="2.6", data_page_version="1.0",
        row_group_size=ROWS_PER_GROUP, use_dictionary=True, write_statistics=True, store_schema=True,
    )  # fmt: skip


def _geo_metadata() -> bytes:
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": [], "crs": _crs_json()}
    content = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    return json.dumps(content, sort_keys=True).encode()


def _crs_json() -> Any:
    import pyproj

    return pyproj.CRS.from_epsg(CRS).to_json_dict()
