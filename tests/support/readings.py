# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Readings by hand: what readers would give for a few municipalities drawn as squares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from dableiben.core.geo import CRS
from dableiben.core.inputs import AREAS, FACILITIES, GRID, PLACES, POPULATION
from dableiben.core.network import StreetNetwork
from dableiben.core.provenance import ReadReport, Source
from dableiben.core.tables import TableContract
from dableiben.region.build import Given
from dableiben.sources.base import Reading

X0, Y0 = 4_400_000.0, 3_300_000.0


def square(column: float, row: float = 0.0, size_m: float = 2000.0) -> BaseGeometry:
    """A square municipality by its place in a row of squares."""
    x, y = X0 + column * size_m, Y0 + row * size_m
    return box(x, y, x + size_m, y + size_m)


def _report(kind: str, file: str, as_of: date | None = None, restricted: bool = False) -> ReadReport:
    return ReadReport(Source(file, kind, "0" * 64, as_of, restricted=restricted))


def _rows(contract: TableContract, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    full = [{**dict.fromkeys(contract.names), **row} for row in rows]
    return pd.DataFrame(full, columns=contract.names, dtype=object)


def areas(*rows: dict[str, Any], file: str = "gebiete.xlsx") -> Given:
    """Areas; a row needs area_key, level and what it says; shapes as `geometry`."""
    table = _rows(AREAS, [{k: v for k, v in row.items() if k != "geometry"} for row in rows])
    shapes = gpd.GeoSeries([row.get("geometry") for row in rows], crs=CRS)
    return Given("areas", Reading(_report("areas", file), areas=gpd.GeoDataFrame(table, geometry=shapes)))


def municipality(ags: str, name: str, column: float | None = None, **more: Any) -> dict[str, Any]:
    """A row of `areas`."""
    shape = square(column) if column is not None else None
    return {"area_key": ags, "level": "municipality", "name": name, "geometry": shape, **more}


def locality(ags: str, name: str, **more: Any) -> dict[str, Any]:
    """A row of `areas` for a locality of a municipality."""
    return {"area_key": f"{ags}-{name}", "level": "locality", "name": name, "parent_key": ags, **more}


def population(*rows: dict[str, Any], file: str = "einwohner.xlsx", role: str = "population") -> Given:
    """A population list; rows are of 31.12.2025, main residents, register unless they say otherwise."""
    usual = {"home": "main", "as_of": date(2025, 12, 31), "variant": "actual", "basis": "register"}
    table = _rows(POPULATION, [{**usual, **row} for row in rows])
    return Given(role, Reading(_report("population_list", file, restricted=True), population=table))


def counted(
    key: str | None, age: int, persons: float | None, locality: str | None = None, **more: Any
) -> dict[str, Any]:
    """A row of `population`: one age year of a municipality or of one of its localities."""
    row = {"area_key": key, "locality": locality, "age_from": age, "age_to": age, "persons": persons}
    return {**row, **more}


def register(*rows: dict[str, Any], file: str = "register.xlsx") -> Given:
    """A register of facilities."""
    full = [{"source_id": f"Blatt!{n}", "possible": False, **row} for n, row in enumerate(rows, start=2)]
    reading = Reading(_report("register", file, restricted=True), facilities=_rows(FACILITIES, full))
    return Given("register", reading)


def osm(
    *facilities: dict[str, Any],
    places: Sequence[tuple[str, float, float]] = (),
    extent: BaseGeometry | None = None,
    file: str = "ort.osm.pbf",
) -> Given:
    """A map: facilities, settlements (name, x, y in squares) and streets of which nothing is asked."""
    full = [{"source_id": f"node/{n}", "possible": False, **row} for n, row in enumerate(facilities, start=1)]
    spots = [
        {"source_id": f"node/9{n}", "name": name, "type": "village", "x_m": X0 + x * 2000, "y_m": Y0 + y * 2000}
        for n, (name, x, y) in enumerate(places)
    ]
    reading = Reading(
        _report("osm", file),
        facilities=_rows(FACILITIES, full),
        places=_rows(PLACES, spots),
        network=StreetNetwork.empty(),
        extent=extent if extent is not None else box(X0 - 9000, Y0 - 9000, X0 + 9000, Y0 + 9000),
    )
    return Given("osm", reading)


def grid(*cells: tuple[float, float, float], size_m: int = 100, file: str = "zensus.csv") -> Given:
    """A grid: column and row of the square (with fractions), persons."""
    rows = [
        {
            "x_m": X0 + x * 2000,
            "y_m": Y0 + y * 2000,
            "size_m": size_m,
            "theme": "persons",
            "value": persons,
            "weak": False,
        }
        for x, y, persons in cells
    ]
    return Given("population", Reading(_report("zensus_grid", file, date(2022, 5, 15)), grid=_rows(GRID, rows)))
