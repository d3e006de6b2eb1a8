# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A second opinion on ways: the written map read anew and searched with scipy; nothing of the package's access."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from dableiben.core.geo import to_metres

Floats = NDArray[np.float64]
WALK_KMH, RIDE_KMH = 5.0, 15.0
CAR_KMH = {
    "primary": 65.0,
    "secondary": 55.0,
    "tertiary": 40.0,
    "unclassified": 25.0,
    "residential": 25.0,
    "living_street": 10.0,
}
NOT_BY_CAR = {"track", "path", "cycleway"}
FERRY_MIN = 22.0
"""12 minutes on board and 10 for boarding"""
LINK_KMH = 4.0


@dataclass(frozen=True)
class Map:
    """Streets of the written extract: coordinates, and ways as tags and node numbers."""

    xy: Floats
    ways: list[tuple[dict[str, str], list[int]]]


def read_map(path: Path) -> Map:
    ids: dict[int, int] = {}
    degrees: list[tuple[float, float]] = []
    ways = []
    for item in osmium.FileProcessor(str(path)):
        if item.is_node():
            ids[item.id] = len(degrees)
            degrees.append((item.location.lon, item.location.lat))
        elif item.is_way():
            tags = {tag.k: tag.v for tag in item.tags}
            if "highway" in tags or tags.get("route") == "ferry":
                ways.append((tags, [ids[node.ref] for node in item.nodes]))
    lon, lat = np.array(degrees).T
    return Map(np.column_stack(to_metres(lon, lat)), ways)


def minutes_per_km(mode: str, tags: dict[str, str]) -> float | None:
    """Time on a street, None where the mode may not go."""
    highway = tags["highway"]
    if mode == "foot":
        return 60 / WALK_KMH
    if mode == "bike":
        return 60 / RIDE_KMH
    if highway in NOT_BY_CAR:
        return None
    kmh = 0.8 * float(tags["maxspeed"]) if "maxspeed" in tags else CAR_KMH[highway]
    return 60 / kmh * 1.1


def reversed_graph(streets: Map, mode: str) -> tuple[csr_matrix, Floats, NDArray[np.int64]]:
    """Streets against their direction (for searches from facilities), their segments, and the nodes of each."""
    arcs: dict[tuple[int, int], float] = {}
    segments = []
    for tags, nodes in streets.ways:
        pace = FERRY_MIN if "highway" not in tags else minutes_per_km(mode, tags)
        if pace is None:
            continue
        for a, b in itertools.pairwise(nodes):
            length_km = float(np.hypot(*(streets.xy[a] - streets.xy[b]))) / 1000
            minutes = FERRY_MIN if "highway" not in tags else max(pace * length_km, 1e-6)
            one_way = tags.get("oneway") == "yes" and mode != "foot"
            for arc in ((b, a),) if one_way else ((b, a), (a, b)):
                arcs[arc] = min(minutes, arcs.get(arc, np.inf))
            if "highway" in tags:
                segments.append((a, b))
    ends = np.array(list(arcs))
    size = len(streets.xy)
    graph = csr_matrix((list(arcs.values()), (ends[:, 0], ends[:, 1])), shape=(size, size))
    _, part = connected_components(graph, connection="strong")
    main = part == np.bincount(part[ends[:, 0]]).argmax()
    pairs = np.array([pair for pair in segments if main[pair[0]] and main[pair[1]]])
    return graph, streets.xy[pairs], pairs


def minutes_to_nearest(streets: Map, mode: str, cells: Floats, facilities: Floats) -> Floats:
    """Minutes from each cell to its nearest facility; inf where no street is near (300 m, 500 m by car).

    Both are linked to the nearest point of a street; from there either end of the segment may be taken.
    """
    graph, segments, pairs = reversed_graph(streets, mode)
    tree = shapely.STRtree(shapely.linestrings(segments))
    paces = _pace_of(streets, mode, pairs)
    lines = shapely.linestrings(segments)

    def link(points: Floats) -> tuple[Floats, NDArray[np.int64], Floats]:
        spots = shapely.points(points)
        near = tree.nearest(spots)
        away = shapely.distance(spots, lines[near])
        share = shapely.line_locate_point(lines[near], spots)
        length = shapely.length(lines[near])
        on_street = np.column_stack([share, length - share]) / 1000 * paces[near][:, None]
        return away, pairs[near], on_street + (away / 1000 * 60 / LINK_KMH)[:, None]

    _, nodes, links = link(facilities)
    size = len(streets.xy)
    # A node of its own before each facility, so that one search starts at all of them with their links.
    rows = np.full(nodes.size, size)
    coo = graph.tocoo()
    widened = csr_matrix(
        (
            np.concatenate([coo.data, links.ravel() + 1e-9]),
            (np.concatenate([coo.row, rows]), np.concatenate([coo.col, nodes.ravel()])),
        ),
        shape=(size + 1, size + 1),
    )
    first = {}
    for target, minutes in zip(nodes.ravel().tolist(), links.ravel().tolist(), strict=True):
        first[target] = min(minutes, first.get(target, np.inf))
    widened[size, list(first)] = list(first.values())
    times = dijkstra(widened, indices=size)[:size]
    away, ends, to_street = link(cells)
    result = (times[ends] + to_street).min(axis=1)
    return np.where(away <= (500 if mode == "car" else 300), result, np.inf)


def _pace_of(streets: Map, mode: str, pairs: NDArray[np.int64]) -> Floats:
    """Minutes per km on each segment, the fastest way over it."""
    pace: dict[tuple[int, int], float] = {}
    for tags, nodes in streets.ways:
        if "highway" not in tags:
            continue
        minutes = minutes_per_km(mode, tags)
        if minutes is not None:
            for a, b in itertools.pairwise(nodes):
                key = (min(a, b), max(a, b))
                pace[key] = min(minutes, pace.get(key, np.inf))
    return np.array([pace[min(a, b), max(a, b)] for a, b in pairs.tolist()])
