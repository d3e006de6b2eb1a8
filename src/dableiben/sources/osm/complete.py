# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The area inside which an extract is taken as complete.

The header of an extract names a box at best, and the data often fill only part of it (an extract cut along
a border). Ways are kept whole if one of their nodes lies inside the cut, so the outermost nodes say nothing.
Two outlines are laid over each other: (1) in each of 32 directions the area reaches at least as far as the
nearest point of the farthest way, which is exact for boxes and other shapes without bays; (2) around the
cells in which the data are dense, which finds bays, but only to within some cells.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from dableiben.core.geo import to_metres

DIRECTIONS = 32
WAYS_BEYOND = 0.001
"""share of ways that may lie beyond the outline: kept for a relation far away"""
WHOLE_SHARE = 0.9
"""a municipality with this share of its area inside, its boundary whole, is complete but for bare tips"""
CELL_M = 500
CLOSE_CELLS = 6
"""holes up to twice this many cells (forest, lake) are no edge"""
OPEN_CELLS = 2
"""arms up to twice this many cells wide are roads that leave the extract, no area"""
SPARSE_SHARE = 0.02
"""cells with less than this share of the median are tails"""
FULL_SHARE = 0.9
"""from this share on the data fill the box of the header, and the box is the outline"""

Box = tuple[float, float, float, float]
Floats = NDArray[np.float64]


def complete_area(ways: Floats, points: Floats, box: Box | None) -> tuple[shapely.Geometry | None, bool]:
    """Shape in EPSG:3035 inside which the data are complete (None without data), and whether it is the box.

    ways    degrees, shape (ways, 3, 2): first, middle and last node of each way
    points  degrees, shape (points, 2): other things of the file without extent
    box     west, south, east, north in degrees from the header of the file, or None
    """
    frame = box_shape(box) if box else None
    dense = _dense_shape(np.concatenate([ways.reshape(-1, 2), points]), frame)
    if dense is None:
        return frame, frame is not None
    if frame is None:
        both = dense.intersection(_outline(ways)) if len(ways) >= DIRECTIONS else dense
        return _largest(both if both.area > 0 else dense), False
    common = dense.intersection(frame)
    return (frame, True) if common.area >= FULL_SHARE * frame.area else (_largest(common), False)


def with_whole_municipalities(
    area: shapely.Geometry, municipalities: list[shapely.Geometry]
) -> shapely.Geometry:
    """The area with the tips of municipalities that lie in it for nearly all of their ground."""
    whole = [m for m in municipalities if m.intersection(area).area >= WHOLE_SHARE * m.area]
    return shapely.union_all([area, *whole])


def box_shape(box: Box) -> shapely.Geometry:
    """A box in degrees as a shape in EPSG:3035, its edges bent as they are there."""
    return _bent(shapely.box(*box))


def _bent(shape: shapely.Geometry) -> shapely.Geometry:
    fine = shapely.segmentize(shape, 0.01)
    return shapely.transform(fine, lambda at: np.column_stack(to_metres(at[:, 0], at[:, 1])))


def _outline(ways: Floats) -> shapely.Geometry:
    """Half planes that hold at least one node of nearly each way, laid over each other."""
    # Extracts are cut along meridians and parallels, so directions are taken in degrees.
    stretch = float(np.cos(np.radians(ways[:, :, 1].mean())))
    x, y = ways[:, :, 0] * stretch, ways[:, :, 1]
    middle = np.array([x.mean(), y.mean()])
    shape = shapely.box(x.min(), y.min(), x.max(), y.max())
    rank = max(0, int(np.floor((1 - WAYS_BEYOND) * (len(ways) - 1))))
    far = 100.0
    for turn in range(DIRECTIONS):
        angle = 2 * np.pi * turn / DIRECTIONS
        out = np.array([np.round(np.cos(angle), 12), np.round(np.sin(angle), 12)])
        nearest = (x * out[0] + y * out[1]).min(axis=1)
        reach = float(np.partition(nearest, rank)[rank])
        edge = middle + out * (reach - float(middle @ out))
        along = np.array([-out[1], out[0]]) * far
        plane = shapely.Polygon(
            [edge + along, edge - along, edge - along - out * far, edge + along - out * far]
        )
        shape = shape.intersection(plane)
    return _bent(shapely.transform(shape, lambda at: at / np.array([stretch, 1.0])))


def _dense_shape(degrees: Floats, frame: shapely.Geometry | None) -> shapely.Geometry | None:
    x_m, y_m = to_metres(degrees[:, 0], degrees[:, 1])
    if frame is not None:
        west, south, east, north = frame.bounds
        inside = (x_m >= west) & (x_m <= east) & (y_m >= south) & (y_m <= north)
        x_m, y_m = x_m[inside], y_m[inside]
    if len(x_m) == 0:
        return None
    margin = CLOSE_CELLS + 1
    col = np.floor(x_m / CELL_M).astype(int)
    row = np.floor(y_m / CELL_M).astype(int)
    col0, row0 = int(col.min()) - margin, int(row.min()) - margin
    counts = np.zeros(
        (int(row.max()) - row0 + margin + 1, int(col.max()) - col0 + margin + 1), dtype=np.int64
    )
    np.add.at(counts, (row - row0, col - col0), 1)
    full = counts >= max(1.0, SPARSE_SHARE * float(np.median(counts[counts > 0])))
    full = ndimage.binary_closing(full, _disc(CLOSE_CELLS))
    opened = ndimage.binary_opening(full, _disc(OPEN_CELLS))
    rows, cols = np.nonzero(opened if opened.any() else full)
    left, low = (cols + col0) * float(CELL_M), (rows + row0) * float(CELL_M)
    return _largest(shapely.union_all(shapely.box(left, low, left + CELL_M, low + CELL_M)))


def _largest(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, shapely.Polygon)]
    return shapely.Polygon(max(parts, key=lambda part: part.area).exterior) if parts else shape


def _disc(radius: int) -> NDArray[np.bool_]:
    y, x = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    return np.asarray(x * x + y * y <= radius * radius)
