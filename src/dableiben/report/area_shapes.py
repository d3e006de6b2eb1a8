# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A shape for every area on the map: its outline, else those of its parts, else its inhabited cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely

from dableiben.privacy.hierarchy import Hierarchy
from dableiben.privacy.released import Released
from dableiben.report.labels import known


@dataclass(frozen=True)
class AreaShape:
    """A shape and where it comes from: outline, parts, cells."""

    shape: Any
    origin: str


def area_shapes(released: Released) -> dict[str, AreaShape]:
    """Shapes by area_id; areas of which nothing is known to lie anywhere are left out."""
    areas, hierarchy = released.areas, Hierarchy.of(released.areas)
    found = {
        str(area): AreaShape(shape, "outline")
        for area, shape in zip(areas["area_id"], areas.geometry, strict=True)
        if is_polygon(shape)
    }
    missing = sorted(set(areas["area_id"]) - set(found))
    members = _members(hierarchy, missing)
    joined = {
        area: AreaShape(merged(found[part].shape for part in parts), "parts")
        for area, parts in members.items()
        if parts and all(part in found for part in parts)
    }
    by_cells = _by_cells(released, hierarchy, [area for area in missing if area not in joined])
    return found | joined | {area: AreaShape(shape, "cells") for area, shape in by_cells.items()}


def is_polygon(shape: Any) -> bool:
    """Whether a shape covers ground; localities may be known as points only."""
    return known(shape) is not None and not shape.is_empty and shape.geom_type in ("Polygon", "MultiPolygon")


def merged(shapes: Iterable[Any]) -> Any:
    """Union in one form, whatever the order."""
    return shapely.normalize(shapely.union_all(list(shapes)))


def squares(frame: pd.DataFrame, size_m: int) -> Any:
    """Squares of cells with columns x_m, y_m (centres, EPSG:3035)."""
    half = size_m / 2
    x, y = frame["x_m"].to_numpy(float), frame["y_m"].to_numpy(float)
    return shapely.box(x - half, y - half, x + half, y + half)


def _members(hierarchy: Hierarchy, wanted: Sequence[str]) -> dict[str, list[str]]:
    """Area -> the municipalities in it, else the localities in it."""
    found: dict[str, list[str]] = {}
    for level in ("municipality", "locality"):
        ours: dict[str, list[str]] = {}
        for area in sorted(a for a, of in hierarchy.level.items() if of == level):
            for upper in hierarchy.ancestors(area):
                ours.setdefault(upper, []).append(area)
        found = ours | found
    return {area: found.get(area, []) for area in wanted}


def _by_cells(released: Released, hierarchy: Hierarchy, wanted: Sequence[str]) -> dict[str, Any]:
    """Union of the inhabited cells of an area."""
    cells = released.tables["cells"].drop_duplicates("cell_id")
    cells = cells[cells["area_id"].notna()].sort_values("cell_id")
    if cells.empty or released.size_m is None:
        return {}
    within = {area: {area, *hierarchy.ancestors(area)} for area in sorted(set(cells["area_id"]))}
    found = {}
    for area in wanted:
        mine = cells[[area in within[lies_in] for lies_in in cells["area_id"]]]
        if len(mine):
            found[area] = merged(squares(mine, released.size_m))
    return found
