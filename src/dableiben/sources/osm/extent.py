# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Where an extract of OpenStreetMap was cut: nodes beyond which streets are unknown.

An extract says seldom how it was made, so the rule is chosen from what the file shows:

1. missing-nodes: a way refers to nodes the file lacks; the nodes next to the hole are the edge.
2. header-box: the file names its box; nodes outside are the edge (ways are kept whole beyond the box). Where
   no street leaves the box, the ways were cut at their last node inside: then nodes within INSET_M of it are
   the edge.
3. outline: no box. Each way of an extract has a node inside the area that was cut out. In each of 32
   directions the area therefore reaches at least as far as the nearest point of the farthest way. Nodes
   beyond that are the edge.

The edge is found rather too early than too late, so that an answer near it is "unknown", not a gap. An area
with deep bays (a polygon cut without missing nodes) needs `complete_area`: inside the bays rules 2 and 3 see
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Bool = NDArray[np.bool_]
Float = NDArray[np.float64]
Box = tuple[float, float, float, float]

INSET_M = 300.0
"""longer than nearly all gaps between two nodes of a street"""
DIRECTIONS = 32
WAYS_BEYOND = 0.001
"""share of ways that may lie beyond the outline (kept for a relation far away)"""
BOX_AREA_MAX = 100.0
"""a header box of more than this times the area of the streets says nothing about them"""
OUTSIDE_MAX = 0.5
"""nor does one with more than this share of the street nodes outside"""


@dataclass(frozen=True)
class Points:
    """Street nodes, both ways of coordinates."""

    lon: Float
    lat: Float
    x_m: Float
    y_m: Float


def find_data_edge(
    points: Points,
    way_start: NDArray[np.int32],
    way_node: NDArray[np.int32],
    beside_missing: Bool,
    box: Box | None,
    complete_area: shapely.Geometry | None,
) -> tuple[Bool, str, Box | None]:
    """Which nodes lie at the edge of the data, the rule that said so, and the box if it was trusted."""
    if complete_area is not None:
        inside = shapely.contains_xy(complete_area, points.x_m, points.y_m)
        return beside_missing | ~np.asarray(inside, np.bool_), "given-area", box
    trusted = box if box is not None and _is_plausible(points, box) else None
    if trusted is not None:
        outside = _outside(points, trusted)
        if outside.any() or beside_missing.any():
            return beside_missing | outside, "header-box", trusted
        return _outside(points, _inset(trusted)), "header-box-inset", trusted
    if beside_missing.any():
        return beside_missing, "missing-nodes", None
    return _beyond_outline(points, way_start, way_node), "outline", None


def _is_plausible(points: Points, box: Box) -> bool:
    west, south, east, north = box
    if not (west < east and south < north) or not len(points.lon):
        return False
    streets = np.ptp(points.lon) * np.ptp(points.lat)
    covers = _outside(points, box).mean() <= OUTSIDE_MAX
    return bool(covers and (east - west) * (north - south) <= BOX_AREA_MAX * streets)


def _outside(points: Points, box: Box) -> Bool:
    west, south, east, north = box
    lon, lat = points.lon, points.lat
    return np.asarray((lon < west) | (lon > east) | (lat < south) | (lat > north), np.bool_)


def _inset(box: Box) -> Box:
    west, south, east, north = box
    degrees = INSET_M / 111_195.0
    shrink = degrees / max(0.01, float(np.cos(np.radians((south + north) / 2))))
    return west + shrink, south + degrees, east - shrink, north - degrees


def _beyond_outline(points: Points, way_start: NDArray[np.int32], way_node: NDArray[np.int32]) -> Bool:
    beyond = np.zeros(len(points.lon), np.bool_)
    ways = len(way_start) - 1
    if not ways:
        return beyond
    # Boxes are cut along meridians and parallels, so directions are taken in degrees.
    stretch = float(np.cos(np.radians(points.lat.mean())))
    rank = max(0, int(np.floor((1 - WAYS_BEYOND) * (ways - 1))))
    for turn in range(DIRECTIONS):
        angle = 2 * np.pi * turn / DIRECTIONS
        along = points.lon * stretch * np.round(np.cos(angle), 12) + points.lat * np.round(np.sin(angle), 12)
        nearest = np.minimum.reduceat(along[way_node], way_start[:-1])
        beyond |= along > np.partition(nearest, rank)[rank]
    return beyond
