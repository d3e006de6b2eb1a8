# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The street network: roads over land as planned, village streets, field tracks, a cycleway, a ferry."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely
from scipy.spatial import cKDTree

from dableiben.core.geo import to_metres
from dableiben.demo import plan
from dableiben.demo.chance import stream
from dableiben.demo.crossings import join_crossings
from dableiben.demo.terrain import CELL_M, Point, Settlement, Terrain, box_degrees, to_m

STEP_M = 300.0
"""distance between the nodes of a road over land"""
WINDING = 0.035
"""sideways shift of a road over land, as a share of its length"""
ROW_STEP = 2
"""a residential street along every second row of cells"""
WOODLAND_SHARE = 0.98
"""forest tracks fill this share of the width and height of the extract"""
LONELY_M = 900.0
"""forest tracks keep this far from where people live, so that nobody is led onto them"""
LINK_STEP_M = 150.0
BEYOND_M = 6.0
"""a link runs this far over the road it leads to, so that they cross"""
LARGE_CELLS = 60
"""settlements with more cells get one-way streets and a pedestrian way in their middle"""


@dataclass
class Way:
    """A way over numbered nodes."""

    nodes: list[int]
    tags: dict[str, str]


@dataclass
class Streets:
    """Nodes (index = number), their tags, and ways; `middle` is the crossing at the centre of a settlement."""

    nodes: list[Point] = field(default_factory=list)
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)
    middle: dict[str, int] = field(default_factory=dict)
    ends: dict[str, dict[str, int]] = field(default_factory=dict)
    """outermost street nodes of a settlement (west, east), where field tracks begin"""
    own: dict[str, range] = field(default_factory=dict)
    """ways that are the streets of a settlement"""

    def node(self, point: Point, tags: dict[str, str] | None = None) -> int:
        """Add a node."""
        self.nodes.append((round(point[0], 1), round(point[1], 1)))
        if tags:
            self.node_tags[len(self.nodes) - 1] = tags
        return len(self.nodes) - 1

    def way(self, nodes: list[int], **tags: str) -> None:
        """Add a way; keys with a colon are written with two underscores."""
        self.ways.append(Way(nodes, {key.replace("__", ":"): value for key, value in tags.items()}))


def build_streets(seed: int, terrain: Terrain) -> Streets:
    """All streets of the drawn land; settlements marked as beyond the edge of the data get none."""
    chance = stream(seed, "streets")
    streets = Streets()
    for settlement in terrain.settlements.values():
        if settlement.name not in plan.WITHOUT_STREETS:
            first = len(streets.ways)
            _village(streets, settlement, chance)
            streets.own[settlement.name] = range(first, len(streets.ways))
    corners = {name: streets.node(to_m(*spot)) for name, spot in plan.CORNERS.items()}
    ends = {**streets.middle, **corners}
    for road in plan.ROADS:
        for start, end in pairwise(road.stops):
            _road(streets, ends[start], ends[end], road, chance)
    for name, place in ((place.name, place) for _, place in plan.localities().values()):
        if place.hub != name and name in streets.middle:
            road = plan.Road("unclassified", None, (name, place.hub), "70")
            _road(streets, ends[place.hub], ends[name], road, chance)
    _tracks(streets, chance)
    _links(streets, terrain)
    joined = join_crossings(streets.nodes, [way.nodes for way in streets.ways])
    for way, nodes in zip(streets.ways, joined, strict=True):
        way.nodes = nodes
    _ferry(streets)
    _woodland(streets, terrain, chance)
    return streets


def _village(streets: Streets, settlement: Settlement, chance: np.random.Generator) -> None:
    """Residential streets along every second row of cells, joined by a spine through the middle."""
    x0, y0 = settlement.centre
    rows: dict[int, list[int]] = {}
    for x_m, y_m in settlement.cells:
        row = round((y_m - y0) / (CELL_M * ROW_STEP))
        rows.setdefault(row, []).append(round((x_m - x0) / CELL_M))
    rows.setdefault(0, []).append(0)
    spine: dict[int, int] = {}
    for row in range(min(rows), max(rows) + 1):
        columns = [*rows.get(row, []), 0]
        line = {
            column: streets.node(_near(x0 + column * CELL_M, y0 + row * ROW_STEP * CELL_M, chance, column == row == 0))
            for column in range(min(columns), max(columns) + 1)
        }
        spine[row] = line[0]
        one_way = {"oneway": "yes"} if len(settlement.cells) > LARGE_CELLS and row in (1, -1) else {}
        _streets_of_row(streets, line, one_way, f"{'Querstraße' if row else 'Dorfstraße'}", settlement)
        if row == 0:
            streets.middle[settlement.name] = line[0]
            streets.ends[settlement.name] = {"west": line[min(line)], "east": line[max(line)]}
    nodes = [spine[row] for row in sorted(spine)]
    if len(nodes) > 1:
        streets.way(nodes, highway="residential", name="Lange Straße", maxspeed="50")


def _streets_of_row(
    streets: Streets, line: dict[int, int], one_way: dict[str, str], name: str, settlement: Settlement
) -> None:
    west = [line[c] for c in sorted(line) if c <= 0]
    east = [line[c] for c in sorted(line) if c >= 0]
    if len(west) > 1:
        streets.way(west, highway="residential", name=name, maxspeed="30", **one_way)
    if len(east) > 1:
        streets.way(east, highway="residential", name=name, maxspeed="30")
    if len(settlement.cells) > LARGE_CELLS and one_way and len(west) > 2:
        # A way back for those who drove into the one-way street: the lane behind it.
        x, y = streets.nodes[west[0]]
        lane = [west[-1], streets.node((streets.nodes[west[-1]][0] - 15, y + 45)), streets.node((x, y + 45)), west[0]]
        streets.way(lane, highway="living_street", name="Achtergang")


def _near(x_m: float, y_m: float, chance: np.random.Generator, exact: bool) -> Point:
    shift = chance.uniform(-9, 9, 2)
    return (x_m, y_m) if exact else (x_m + float(shift[0]), y_m + float(shift[1]))


def _road(streets: Streets, start: int, end: int, road: plan.Road, chance: np.random.Generator) -> None:
    """A winding road between two nodes."""
    a, b = np.array(streets.nodes[start]), np.array(streets.nodes[end])
    length = float(np.hypot(*(b - a)))
    along = np.linspace(0, 1, max(2, round(length / STEP_M)) + 1)[1:-1]
    side = np.array([a[1] - b[1], b[0] - a[0]])
    wave = sum(chance.uniform(-WINDING, WINDING) / turn * np.sin(turn * np.pi * along) for turn in (1, 2, 3))
    between = a + along[:, None] * (b - a) + np.asarray(wave)[:, None] * side
    nodes = [start, *(streets.node((float(x), float(y))) for x, y in between), end]
    tags = {"highway": road.kind}
    if road.ref:
        tags["ref"] = road.ref
    if road.maxspeed:
        tags["maxspeed"] = road.maxspeed
    if road.kind in ("primary", "secondary"):
        tags["surface"] = "asphalt"
        tags["cycleway:both"] = "no"
    streets.way(nodes, **tags)
    if road.kind == "primary" and chance.uniform() < 0.5:
        streets.way(list(nodes), highway="cycleway", foot="designated", bicycle="designated", surface="asphalt")


def _tracks(streets: Streets, chance: np.random.Generator) -> None:
    """Field tracks between neighbours of the same hub, closed to cars by a gate or by their sign."""
    by_hub: dict[str, list[str]] = {}
    for name, (_, place) in plan.localities().items():
        if place.hub != name and name in streets.middle:
            by_hub.setdefault(place.hub, []).append(name)
    for names in by_hub.values():
        for one, other in pairwise(names):
            start, end = streets.ends[one]["east"], streets.ends[other]["west"]
            a, b = np.array(streets.nodes[start]), np.array(streets.nodes[end])
            half = (a + b) / 2 + chance.uniform(-60, 60, 2)
            gate = streets.node((float(half[0]), float(half[1])), {"barrier": "gate", "foot": "yes", "bicycle": "yes"})
            kind = "track" if chance.uniform() < 0.6 else "path"
            extra = {"tracktype": "grade2", "motor_vehicle": "agricultural"} if kind == "track" else {}
            streets.way([start, gate, end], highway=kind, **extra)


def _links(streets: Streets, terrain: Terrain) -> None:
    """Short streets to a road that passes closer to a home than its own street does: no road passes a village by."""
    lines = shapely.linestrings([streets.nodes[a] for w in streets.ways for a in w.nodes], indices=[
        number for number, w in enumerate(streets.ways) for _ in w.nodes
    ])  # fmt: skip
    tree = shapely.STRtree(lines)
    for settlement in terrain.settlements.values():
        own = streets.own.get(settlement.name, range(0))
        linked: list[tuple[int, Point]] = []
        for cell in settlement.cells if own else ():
            home = shapely.Point(cell)
            near = int(tree.nearest(home))
            if near in own or any(way == near and _apart(cell, at) < LINK_STEP_M for way, at in linked):
                continue
            on_road = shapely.get_coordinates(shapely.shortest_line(home, lines[near]))[1]
            start = min((n for w in own for n in streets.ways[w].nodes), key=lambda n: _apart(streets.nodes[n], cell))
            along = on_road - np.array(streets.nodes[start])
            end = on_road + along / max(1.0, float(np.hypot(*along))) * BEYOND_M
            streets.way([start, streets.node((float(end[0]), float(end[1])))], highway="residential", name="Stichweg")
            linked.append((near, cell))


def _apart(one: Point, other: Point) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


def _woodland(streets: Streets, terrain: Terrain, chance: np.random.Generator) -> None:
    """Short forest tracks far from everybody, up to the edge of the extract: the map is not empty there."""
    people = cKDTree([cell for s in terrain.settlements.values() for cell in s.cells])
    west, south, east, north = box_degrees()
    lon, lat = np.meshgrid(*(np.linspace(low, high, n) for low, high, n in ((west, east, 36), (south, north, 24))))
    middle_lon, middle_lat = (west + east) / 2, (south + north) / 2
    # The outermost rows stand a little inside the box, so that no track is cut by it.
    spots = np.column_stack(to_metres(
        (middle_lon + (lon - middle_lon) * WOODLAND_SHARE).ravel(),
        (middle_lat + (lat - middle_lat) * WOODLAND_SHARE).ravel(),
    ))  # fmt: skip
    for spot in spots:
        track = spot + chance.uniform(-1, 1, (3, 2)) * np.array([[220], [60], [220]])
        if float(people.query(track)[0].min()) > LONELY_M:
            nodes = [streets.node((float(x), float(y))) for x, y in track]
            streets.way(nodes, highway="track", tracktype="grade3", motor_vehicle="forestry")


def _ferry(streets: Streets) -> None:
    start, end = (streets.middle[name] for name in plan.FERRY)
    streets.way(
        [start, end], route="ferry", name="Fähre Fährkrug – Uferkaten", duration="00:12",
        foot="yes", bicycle="yes", motor_vehicle="yes",
    )  # fmt: skip
