# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Cells of the finest grid that has persons, each with the areas it lies in."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from dableiben.core.geo import CRS, cell_id
from dableiben.core.levels import LEVELS, id_column
from dableiben.region.areas import Municipality, upper_ids
from dableiben.region.region import CELL_COLUMNS
from dableiben.sources.base import Reading

PERSONS = "persons"


def empty_cells() -> pd.DataFrame:
    """The table of cells where no grid was given."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in CELL_COLUMNS}).astype(
        {"x_m": float, "y_m": float, "size_m": int, "persons": float, "inside": bool}
    )


def inhabited_cells(readings: Iterable[Reading]) -> int:
    """Cells with persons of the finest grid given, wherever they lie."""
    grids = [reading.grid for reading in readings if reading.grid is not None]
    persons = [grid[(grid["theme"] == PERSONS) & (grid["value"] > 0)] for grid in grids]
    finest = min((int(grid["size_m"].min()) for grid in persons if len(grid)), default=0)
    return sum(int((grid["size_m"] == finest).sum()) for grid in persons)


def base_grid(readings: Iterable[Reading], clip: BaseGeometry | None) -> pd.DataFrame:
    """Cells with persons of the finest grid: x_m, y_m, size_m, persons; clipped to the box of `clip`.

    Suppressed cells are left out (their persons are unknown, not zero) and counted by the reader.
    """
    grids = [reading.grid for reading in readings if reading.grid is not None]
    persons = [grid[grid["theme"] == PERSONS] for grid in grids]
    persons = [grid for grid in persons if len(grid)]
    if not persons:
        return pd.DataFrame({"x_m": [], "y_m": [], "size_m": [], "persons": []}, dtype=float)
    finest = min(int(grid["size_m"].min()) for grid in persons)
    chosen = pd.concat([grid[grid["size_m"] == finest] for grid in persons])
    chosen = chosen.drop_duplicates(["x_m", "y_m"]).rename(columns={"value": PERSONS})
    chosen = chosen[chosen[PERSONS] > 0]
    if clip is not None:
        x0, y0, x1, y1 = clip.bounds
        chosen = chosen[chosen["x_m"].between(x0, x1) & chosen["y_m"].between(y0, y1)]
    columns = ["x_m", "y_m", "size_m", PERSONS]
    return chosen[columns].sort_values(["y_m", "x_m"], ignore_index=True)


def place_cells(
    grid: pd.DataFrame,
    municipalities: dict[str, Municipality],
    inside: frozenset[str],
    places: gpd.GeoDataFrame,
    amt_names: dict[str, str],
) -> pd.DataFrame:
    """CELL_COLUMNS: municipality by polygon, locality by polygon or nearest settlement, upper areas by table."""
    if grid.empty:
        return empty_cells()
    points = shapely.points(grid["x_m"].to_numpy(float), grid["y_m"].to_numpy(float))
    ags = area_of(points, {m.ags: m.geometry for m in municipalities.values()})
    cells = pd.DataFrame(
        {
            "cell_id": [cell_id(x, y, int(s)) for x, y, s in grid[["x_m", "y_m", "size_m"]].to_numpy()],
            "x_m": grid["x_m"].astype(float),
            "y_m": grid["y_m"].astype(float),
            "size_m": grid["size_m"].astype(int),
            "persons": grid["persons"].astype(float),
            "inside": [key in inside for key in ags],
            "municipality_id": ags,
        }
    )
    cells["locality_id"] = locality_of(points, ags, municipalities, places)
    uppers = upper_ids(municipalities, amt_names)
    for level in LEVELS:
        if level not in ("municipality", "locality"):
            column = id_column(level)
            cells[column] = [
                uppers.get(locality or "", {}).get(column) or uppers.get(key or "", {}).get(column)
                for key, locality in zip(ags, cells["locality_id"], strict=True)
            ]
    return cells[list(CELL_COLUMNS)]


def locality_of(
    points: np.ndarray, ags: list[str | None], municipalities: dict[str, Municipality], places: gpd.GeoDataFrame
) -> list[str | None]:
    """Locality of each point: by its polygon, else the nearest settlement in the same municipality.

    Where a list names the localities of a municipality, only settlements of these names are asked.
    """
    result: list[str | None] = [None] * len(points)
    keys = np.array([key or "" for key in ags], dtype=object)
    for m in municipalities.values():
        mine = np.flatnonzero(keys == m.ags)
        if not len(mine) or not m.localities:
            continue
        shapes = {
            m.locality_id(e["name"]): e["geometry"] for e in m.localities.values() if e.get("geometry") is not None
        }
        by_shape = area_of(points[mine], shapes)
        nodes = places[(places["ags"] == m.ags) & places["locality_id"].isin([*map(m.locality_id, _names(m))])]
        nearest = _nearest(points[mine], nodes)
        for index, shape, near in zip(mine, by_shape, nearest, strict=True):
            result[index] = shape or near
    return result


def _names(m: Municipality) -> list[str]:
    return [entry["name"] for entry in m.localities.values()]


def _nearest(points: np.ndarray, nodes: gpd.GeoDataFrame) -> list[str | None]:
    if nodes.empty:
        return [None] * len(points)
    tree = cKDTree(shapely.get_coordinates(nodes.geometry.to_numpy()))
    _, index = tree.query(shapely.get_coordinates(points))
    ids = nodes["locality_id"].to_numpy()
    return [str(ids[i]) for i in index]


def area_of(points: np.ndarray, shapes: dict[str, BaseGeometry | None]) -> list[str | None]:
    """Id of the shape each point lies in (the first by id where borders touch), None outside all."""
    known = [(area_id, shape) for area_id, shape in sorted(shapes.items()) if shape is not None]
    found: list[str | None] = [None] * len(points)
    if not known:
        return found
    tree = shapely.STRtree([shape for _, shape in known])
    point_index, shape_index = tree.query(points, predicate="intersects")
    for point, shape in sorted(zip(point_index.tolist(), shape_index.tolist(), strict=True), reverse=True):
        found[point] = known[shape][0]
    return found


def settlements(readings: Iterable[Reading], municipalities: dict[str, Municipality]) -> gpd.GeoDataFrame:
    """Settlement nodes with the municipality they lie in and the locality id their name makes."""
    tables = [reading.places for reading in readings if reading.places is not None and len(reading.places)]
    columns = ["name", "type", "ags", "locality_id"]
    if not tables:
        return gpd.GeoDataFrame({name: [] for name in columns}, geometry=[], crs=CRS)
    table = pd.concat(tables, ignore_index=True)
    points = shapely.points(table["x_m"].to_numpy(float), table["y_m"].to_numpy(float))
    ags = area_of(points, {m.ags: m.geometry for m in municipalities.values()})
    table["ags"] = ags
    table["locality_id"] = [
        municipalities[key].locality_id(name) if key else None for key, name in zip(ags, table["name"], strict=True)
    ]
    return gpd.GeoDataFrame(table[columns], geometry=points, crs=CRS)
