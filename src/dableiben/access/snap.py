# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Link points to the street network: the nearest place on a segment, as times on the contracted edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dableiben.access.graph import Graph
from dableiben.access.kernels import EDGE, FROM_A, FROM_B, LINK, NODE_A, NODE_B, TO_A, TO_B
from dableiben.catalogue.modes import SnapRule

Int32 = NDArray[np.int32]
Float = NDArray[np.float64]

CELL_DM = 1000
"""size of the search grid; changes speed, never a result"""


@dataclass(frozen=True, eq=False)
class Snapped:
    """Points on contracted edges, one row per point given; deciseconds, -1 = closed or not linked.

    The columns of `table` are
    edge           contracted edge; -1 = dropped, no street within the cap
    node a, b      its ends
    from a, b      travel from that end to the point, on the edge
    to a, b        travel from the point on to that end
    link           walk between the point and the street
    """

    table: Int32
    """shape (points, 8)"""
    distance_m: Float
    """length of the walk; NaN = farther than the cap"""

    def __post_init__(self) -> None:
        self.table.setflags(write=False)
        self.distance_m.setflags(write=False)

    def __len__(self) -> int:
        return len(self.table)

    @property
    def edge(self) -> Int32:
        """Contracted edge of each point; -1 = dropped."""
        return self.table[:, EDGE]

    @property
    def linked(self) -> NDArray[np.bool_]:
        """Which points are linked to a street."""
        return np.asarray(self.edge >= 0, np.bool_)

    @property
    def dropped(self) -> NDArray[np.int64]:
        """Rows of the points that are too far from any street."""
        return np.flatnonzero(~self.linked)

    @property
    def link_ds(self) -> Int32:
        """Walk between point and street in deciseconds; -1 = dropped."""
        return self.table[:, LINK]

    def take(self, rows: NDArray[np.integer[Any]]) -> Snapped:
        """Some of the points, in the order of `rows`."""
        return Snapped(self.table[rows], self.distance_m[rows])

    def turned(self) -> Snapped:
        """The same points for travel in the opposite direction."""
        columns = [EDGE, NODE_A, NODE_B, TO_A, TO_B, FROM_A, FROM_B, LINK]
        return Snapped(np.ascontiguousarray(self.table[:, columns]), self.distance_m)


@dataclass(frozen=True, eq=False)
class SnapGrid:
    """Segments by cell of a square grid."""

    x0_dm: int
    y0_dm: int
    columns: int
    rows: int
    start: Int32
    segment: Int32


def build_grid(graph: Graph) -> SnapGrid:
    """Sort the segments that points may be linked to into grid cells."""
    xy = graph.seg_xy_dm
    usable = np.flatnonzero(graph.seg_may_snap).astype(np.int32)
    if not len(usable):
        return SnapGrid(0, 0, 0, 0, np.zeros(1, np.int32), np.empty(0, np.int32))
    x = xy[usable][:, [0, 2]]
    y = xy[usable][:, [1, 3]]
    x0, y0 = int(x.min()), int(y.min())
    columns, rows = (int(x.max()) - x0) // CELL_DM + 1, (int(y.max()) - y0) // CELL_DM + 1
    box = np.stack([x.min(1) - x0, y.min(1) - y0, x.max(1) - x0, y.max(1) - y0], axis=1) // CELL_DM
    start, segment = _fill_cells(box.astype(np.int32), usable, columns, rows)
    return SnapGrid(x0, y0, columns, rows, start, segment)


def snap_points(graph: Graph, grid: SnapGrid, rule: SnapRule, x_m: Float, y_m: Float) -> Snapped:
    """Link points (EPSG:3035, metres) to the nearest segment within the cap of the mode card.

    Of segments at the same distance the one read first wins. Points farther away than the cap, or without
    coordinates (NaN), are dropped.
    """
    x_dm, y_dm = np.asarray(x_m, np.float64) * 10, np.asarray(y_m, np.float64) * 10
    segment, share, rest, distance_dm = _nearest_segment(
        x_dm, y_dm, rule.cap_m * 10, grid.x0_dm, grid.y0_dm, grid.columns, grid.rows,
        grid.start, grid.segment, graph.seg_xy_dm,
    )  # fmt: skip
    found = segment >= 0
    seg = np.where(found, segment, 0)
    if not found.any():
        return Snapped(np.full((len(x_dm), 8), -1, np.int32), np.full(len(x_dm), np.nan))
    edge = graph.seg_edge[seg]
    total_ab, total_ba = graph.edge_ab_ds[edge], graph.edge_ba_ds[edge]
    part_f = np.floor(share * graph.seg_forward_ds[seg] + 0.5).astype(np.int32)
    part_b = np.floor(rest * graph.seg_backward_ds[seg] + 0.5).astype(np.int32)
    from_a = np.where(total_ab >= 0, graph.seg_before_a_ds[seg] + part_f, -1)
    from_b = np.where(total_ba >= 0, graph.seg_before_b_ds[seg] + part_b, -1)
    to_b = np.where(total_ab >= 0, total_ab - from_a, -1)
    to_a = np.where(total_ba >= 0, total_ba - from_b, -1)
    at_a, at_b = (share == 0) & graph.seg_at_a[seg], (rest == 0) & graph.seg_at_b[seg]
    # Standing on a junction, one is not bound to the direction of one of its streets.
    from_a, to_a = np.where(at_a, 0, from_a), np.where(at_a, 0, to_a)
    from_b, to_b = np.where(at_b, 0, from_b), np.where(at_b, 0, to_b)
    link = np.floor(np.where(found, distance_dm, 0.0) * 3.6 / rule.link_kmh + 0.5)
    columns = [edge, graph.edge_a[edge], graph.edge_b[edge], from_a, from_b, to_a, to_b, link]
    table = np.stack([np.where(found, column, -1) for column in columns], axis=1).astype(np.int32)
    return Snapped(table, np.where(found, distance_dm / 10, np.nan))


@njit(cache=True, nogil=True)
def _fill_cells(box, usable, columns, rows):  # type: ignore[no-untyped-def]
    """CSR of the segments in each cell their bounding box touches, ascending."""
    start = np.zeros(columns * rows + 1, np.int32)
    for i in range(len(usable)):
        for row in range(box[i, 1], box[i, 3] + 1):
            for column in range(box[i, 0], box[i, 2] + 1):
                start[row * columns + column + 1] += 1
    for c in range(columns * rows):
        start[c + 1] += start[c]
    fill = start[:-1].copy()
    segment = np.empty(start[-1], np.int32)
    for i in range(len(usable)):
        for row in range(box[i, 1], box[i, 3] + 1):
            for column in range(box[i, 0], box[i, 2] + 1):
                cell = row * columns + column
                segment[fill[cell]] = usable[i]
                fill[cell] += 1
    return start, segment


@njit(cache=True, nogil=True)
def _nearest_segment(x, y, cap, x0, y0, columns, rows, start, segment, xy):  # type: ignore[no-untyped-def]
    """Per point: nearest segment (-1 none), shares of it before and behind, distance; all in dm."""
    found = np.full(len(x), -1, np.int32)
    share, rest = np.zeros(len(x), np.float64), np.zeros(len(x), np.float64)
    distance = np.full(len(x), np.nan, np.float64)
    rings = int(np.ceil(cap / CELL_DM))
    for p in range(len(x)):
        if not (np.isfinite(x[p]) and np.isfinite(y[p])) or columns == 0:
            continue
        if abs(x[p]) > 1e9 or abs(y[p]) > 1e9:
            continue
        column, row = int(np.floor((x[p] - x0) / CELL_DM)), int(np.floor((y[p] - y0) / CELL_DM))
        best, best_segment, best_share, best_rest = cap * cap, -1, 0.0, 0.0
        for ring in range(rings + 1):
            if best_segment >= 0 and ring > 0 and best < (ring - 1.0) * CELL_DM * (ring - 1.0) * CELL_DM:
                break
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                step = 1 if abs(r - row) == ring else 2 * ring
                for c in range(column - ring, column + ring + 1, max(step, 1)):
                    if c < 0 or c >= columns:
                        continue
                    for i in range(start[r * columns + c], start[r * columns + c + 1]):
                        s = segment[i]
                        before, behind, d = _place_on(x[p], y[p], xy[s, 0], xy[s, 1], xy[s, 2], xy[s, 3])
                        if d < best or (d == best and (best_segment < 0 or s < best_segment)):
                            best, best_segment, best_share, best_rest = d, s, before, behind
        if best_segment >= 0:
            found[p], share[p], rest[p], distance[p] = best_segment, best_share, best_rest, np.sqrt(best)
    return found, share, rest, distance


@njit(cache=True, nogil=True)
def _place_on(x, y, x0, y0, x1, y1):  # type: ignore[no-untyped-def]
    """Shares of a segment before and behind its place nearest to a point, and the squared distance."""
    # Always from the same end, so that the direction a street is drawn in does not change the last bit.
    if x1 < x0 or (x1 == x0 and y1 < y0):
        t, d = _place_on_sorted(x, y, x1, y1, x0, y0)
        return 1.0 - t, t, d
    t, d = _place_on_sorted(x, y, x0, y0, x1, y1)
    return t, 1.0 - t, d


@njit(cache=True, nogil=True)
def _place_on_sorted(x, y, x0, y0, x1, y1):  # type: ignore[no-untyped-def]
    dx, dy = np.float64(x1 - x0), np.float64(y1 - y0)
    size = dx * dx + dy * dy
    t = 0.0 if size == 0 else min(max(((x - x0) * dx + (y - y0) * dy) / size, 0.0), 1.0)
    # At the ends exactly the coordinates of the node, so that neighbours of a junction tie.
    px = x1 if t == 1 else x0 + t * dx
    py = y1 if t == 1 else y0 + t * dy
    return t, (x - px) * (x - px) + (y - py) * (y - py)
