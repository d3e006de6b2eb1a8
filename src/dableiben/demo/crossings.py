# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Where two streets cross they get a common node: a crossing is a junction, not a bridge."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely

Point = tuple[float, float]
CLOSE_M = 0.5
"""a crossing this near to the end of a segment is its end"""


def join_crossings(points: list[Point], ways: list[list[int]]) -> list[list[int]]:
    """The ways with a new node at every crossing; new points are appended to `points`.

    points   coordinates of the nodes, m
    ways     node numbers of each way
    """
    segments = [
        (way, position, a, b) for way, nodes in enumerate(ways) for position, (a, b) in enumerate(pairwise(nodes))
    ]
    ends = np.array([(points[a], points[b]) for _, _, a, b in segments])
    lines = shapely.linestrings(ends)
    first, second = shapely.STRtree(lines).query(lines, predicate="intersects")
    crossing: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for one, other in sorted(zip(first.tolist(), second.tolist(), strict=True)):
        if one >= other or {*segments[one][2:]} & {*segments[other][2:]}:
            continue
        spot = shapely.intersection(lines[one], lines[other])
        if spot.geom_type != "Point":
            continue
        node = _node(points, spot, (*segments[one][2:], *segments[other][2:]))
        for number in (one, other):
            way, position, a, b = segments[number]
            if node not in (a, b):
                crossing.setdefault((way, position), []).append((float(lines[number].project(spot)), node))
    return [_with(nodes, {p: crossing.get((way, p), []) for p in range(len(nodes))}) for way, nodes in enumerate(ways)]


def _node(points: list[Point], spot: shapely.Point, ends: tuple[int, ...]) -> int:
    """An end of one of the segments, if the crossing lies on it; else a new node."""
    for end in ends:
        if spot.distance(shapely.Point(points[end])) <= CLOSE_M:
            return end
    points.append((round(spot.x, 1), round(spot.y, 1)))
    return len(points) - 1


def _with(nodes: list[int], crossings: dict[int, list[tuple[float, int]]]) -> list[int]:
    joined: list[int] = []
    for position, node in enumerate(nodes):
        for new in (node, *(number for _, number in sorted(crossings[position]))):
            if not joined or joined[-1] != new:
                joined.append(new)
    return joined
