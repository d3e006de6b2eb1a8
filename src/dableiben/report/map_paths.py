# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From metres to short SVG paths in whole units: outlines, rows of cells, points, room for names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

UNIT_M = 10
SHOWN_PX = (900, 700)
"""largest width and height of a map on a screen; sizes of text and symbols are meant for it"""

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Frame:
    """The ground that is shown, EPSG:3035, and its size in units."""

    west_m: float
    north_m: float
    width: int
    height: int

    def at(self, x_m: float, y_m: float) -> tuple[int, int]:
        """Units from the north-west corner."""
        return round((x_m - self.west_m) / UNIT_M), round((self.north_m - y_m) / UNIT_M)

    def holds(self, x: int, y: int) -> bool:
        """Whether a point is on the map."""
        return 0 <= x <= self.width and 0 <= y <= self.height

    @property
    def px(self) -> float:
        """Units per pixel at the size the map is meant for."""
        return max(self.width / SHOWN_PX[0], self.height / SHOWN_PX[1])

    @property
    def width_px(self) -> int:
        """Largest width on a screen."""
        return round(self.width / self.px)


def outline(frame: Frame, shape: Any) -> str:
    """Closed path around every ring of a polygon, points closer than a pixel left out."""
    simple = shapely.simplify(shape, 0.8 * frame.px * UNIT_M)
    parts = []
    for polygon in shapely.get_parts(simple):
        if polygon.geom_type != "Polygon" or polygon.is_empty:
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = [frame.at(x, y) for x, y in shapely.get_coordinates(ring)]
            parts.append(_closed(points))
    return "".join(parts)


def _closed(points: Sequence[tuple[int, int]]) -> str:
    before = points[0]
    text = [f"M{before[0]} {before[1]}l"]
    for point in points[1:-1]:
        if point != before:
            text.append(f"{point[0] - before[0]} {point[1] - before[1]} ")
            before = point
    return "".join(text).rstrip("l ") + "z"


def cell_path(column: Ints, row: Ints) -> str:
    """Runs of neighbouring cells as relative strokes from centre to centre."""
    if not len(column):
        return ""
    order = np.lexsort((column, row))
    column, row = column[order], row[order]
    starts = np.flatnonzero(np.r_[True, (np.diff(row) != 0) | (np.diff(column) != 1)])
    ends = np.r_[starts[1:], len(column)] - 1
    text, x, y = [], 0, 0
    for begin, end in zip(starts.tolist(), ends.tolist(), strict=True):
        to, down, length = int(column[begin]), int(row[begin]), end - begin
        text.append(f"m{to - x} {down - y}h{length}")
        x, y = to + length, down
    return "".join(text)


def dots(points: set[tuple[int, int]]) -> str:
    """Points as strokes of no length, to be drawn with round ends."""
    text, x, y = [], 0, 0
    for to, down in sorted(points):
        text.append(f"m{to - x} {down - y}h0")
        x, y = to, down
    return "".join(text)


def text_box(point: tuple[int, int], text: str, size: float) -> tuple[float, float, float, float]:
    """Room of a name around its centre: west, north, east, south."""
    half = 0.29 * size * len(text) + 0.2 * size
    return point[0] - half, point[1] - 0.75 * size, point[0] + half, point[1] + 0.75 * size


def overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    """Whether two rooms share ground."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def round_length(km: float) -> float:
    """1, 2 or 5 times a power of ten, not above `km`."""
    power = 10.0 ** np.floor(np.log10(km))
    return float(max(step * power for step in (1, 2, 5) if step * power <= km * (1 + 1e-9)))
