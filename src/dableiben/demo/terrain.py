# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Where things lie: centres of localities, boundaries between them, and the 100 m cells people live in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, polygonize

from dableiben.core.geo import to_degrees
from dableiben.demo import plan
from dableiben.demo.chance import stream

CELL_M = 100
JITTER_M = 100.0
"""how far the seed moves a locality from its place in the plan"""
REACH_M = 2_400.0
"""the drawn land (district and neighbour strip) ends about this far behind its outermost settlements"""
WIDE_M = 4_500.0
"""bays up to twice as wide belong to it"""
TIP_M = 750.0
"""half the width of the tip of land that the street data do not reach"""
BENDS = (0.05, 0.03, 0.015, 0.0)
"""sideways shift of the middle of a boundary, as a share of its length; the first that works"""
EDGE_M = 75.0
"""people keep at least this far from a boundary of their locality"""
# Persons per populated cell by size of the locality.
DENSITY = ((2_200, 38.0), (1_200, 24.0), (500, 14.0), (0, 9.0))

Point = tuple[float, float]


@dataclass(frozen=True)
class Settlement:
    """A locality or neighbour village on the ground."""

    name: str
    ags: str
    centre: Point
    """EPSG:3035, m"""
    shape: BaseGeometry
    cells: tuple[Point, ...]
    """centres of the populated cells, nearest to the middle first"""
    persons: int
    inside: bool
    """belongs to the district"""


@dataclass(frozen=True)
class Boundary:
    """A stretch of boundary between two settlements; None is the outside of the drawn land."""

    points: tuple[Point, ...]
    sides: tuple[str | None, str | None]


@dataclass(frozen=True)
class Terrain:
    """All settlements by name, and the boundaries between them."""

    settlements: dict[str, Settlement]
    boundaries: tuple[Boundary, ...]


def to_m(x_km: float, y_km: float) -> Point:
    """Coordinates of the plan in EPSG:3035 metres."""
    return plan.ORIGIN_M[0] + 1000 * x_km, plan.ORIGIN_M[1] + 1000 * y_km


def box_degrees() -> tuple[float, float, float, float]:
    """The box the extract was cut to (west, south, east, north): the planned rectangle, taken at its sides."""
    west, south, east, north = plan.BOX_KM
    x_km, y_km = (west + east) / 2, (south + north) / 2
    ends = [to_m(west, y_km), to_m(x_km, south), to_m(east, y_km), to_m(x_km, north)]
    lon, lat = to_degrees(*np.array(ends).T)
    return round(float(lon[0]), 5), round(float(lat[1]), 5), round(float(lon[2]), 5), round(float(lat[3]), 5)


def build_terrain(seed: int, persons: dict[str, int]) -> Terrain:
    """Place every settlement; `persons` by locality decides how many cells it fills."""
    chance = stream(seed, "terrain")
    centres: dict[str, Point] = {}
    ags: dict[str, str] = {}
    for name, (municipality, place) in plan.localities().items():
        centres[name], ags[name] = _placed(place.x_km, place.y_km, chance), municipality.ags
    for neighbour in plan.NEIGHBOURS:
        for village in neighbour.villages:
            centres[village.name], ags[village.name] = _placed(village.x_km, village.y_km, chance), neighbour.ags
            persons = {**persons, village.name: village.persons}
    shapes, boundaries = _divide(centres, chance)
    settlements = {
        name: Settlement(
            name, ags[name], centre, shapes[name],
            _cells(centre, shapes[name], persons[name], chance), persons[name],
            ags[name].startswith(plan.DISTRICT_KEY),
        )
        for name, centre in centres.items()
    }  # fmt: skip
    return Terrain(settlements, boundaries)


def _placed(x_km: float, y_km: float, chance: np.random.Generator) -> Point:
    """The planned place, moved a little, in the middle of a grid cell."""
    x_m, y_m = to_m(x_km, y_km)
    shift = chance.uniform(-JITTER_M, JITTER_M, 2)
    return (
        float(np.floor((x_m + shift[0]) / CELL_M) * CELL_M + CELL_M / 2),
        float(np.floor((y_m + shift[1]) / CELL_M) * CELL_M + CELL_M / 2),
    )


def _divide(
    centres: dict[str, Point], chance: np.random.Generator
) -> tuple[dict[str, BaseGeometry], tuple[Boundary, ...]]:
    """The land nearest to each centre, with boundaries bent a little, shared by both sides."""
    points = shapely.MultiPoint(list(centres.values()))
    frame = _frame(centres)
    raw = [part.intersection(frame) for part in shapely.voronoi_polygons(points, extend_to=frame).geoms]
    merged = linemerge(shapely.node(shapely.union_all([part.boundary for part in raw])))
    lines = [np.round(shapely.get_coordinates(line), 1) for line in sorted(merged.geoms, key=_first)]
    for bend in BENDS:  # bent lines may touch where they run close together; then bend them less
        bent = [_bend(line, bend, chance) for line in lines]
        shapes = _pieces(bent, centres)
        if shapes is not None:
            return shapes, tuple(_boundaries(bent, shapes))
    raise ValueError("the land cannot be divided")


def _pieces(lines: list[np.ndarray], centres: dict[str, Point]) -> dict[str, BaseGeometry] | None:
    """The piece of land around each centre; None if the lines do not part the land cleanly."""
    shapes = [shapely.LineString(line) for line in lines]
    if len(shapely.node(shapely.MultiLineString(shapes)).geoms) != len(shapes):
        return None
    cells = list(polygonize(shapes))
    holding = {name: [c for c in cells if c.contains(shapely.Point(centre))] for name, centre in centres.items()}
    if any(len(found) != 1 for found in holding.values()):
        return None
    return {name: found[0] for name, found in holding.items()}


def _boundaries(lines: list[np.ndarray], shapes: dict[str, BaseGeometry]) -> Iterator[Boundary]:
    names = list(shapes)
    tree = shapely.STRtree([shapes[name] for name in names])
    for line in lines:
        sides = sorted(names[i] for i in tree.query(shapely.LineString(line), predicate="covered_by").tolist())
        if sides:  # slips of land cut off by the edge of the frame belong to nobody
            points = tuple((float(x), float(y)) for x, y in line)
            yield Boundary(points, (sides[0], sides[1] if len(sides) > 1 else None))


def _frame(centres: dict[str, Point]) -> BaseGeometry:
    """The drawn land: round the settlements, and a narrow tip for those behind the edge of the street data."""
    behind = [centres[name] for name in plan.WITHOUT_STREETS]
    within = [centre for centre in centres.values() if centre not in behind]
    wide = shapely.MultiPoint(within).buffer(WIDE_M + REACH_M, quad_segs=4)
    land = shapely.Polygon(wide.buffer(-WIDE_M, quad_segs=2).exterior).simplify(REACH_M / 8)
    land = land.intersection(shapely.box(*to_m(-90, -90), *to_m(plan.BOX_KM[2] - TIP_M / 1000, 90)))
    nearest = [_nearest(end, within) for end in behind]
    tips = [shapely.LineString([a, b]).buffer(TIP_M, quad_segs=3) for a, b in zip(nearest, behind, strict=True)]
    return shapely.union_all([land, *tips])


def _nearest(to: Point, points: list[Point]) -> Point:
    return min(points, key=lambda at: float(np.hypot(at[0] - to[0], at[1] - to[1])))


def _first(line: BaseGeometry) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = line.bounds
    return x0, y0, x1, y1


def _bend(line: np.ndarray, bend: float, chance: np.random.Generator) -> np.ndarray:
    """The line with points between its corners, shifted sideways by up to `bend` of its length; its ends stay."""
    bent = [line[0]]
    for start, end in pairwise(line):
        length = float(np.hypot(*(end - start)))
        steps = max(1, int(length // 400))
        if steps > 1:
            along = np.linspace(0, 1, steps + 1)[1:-1, None]
            side = np.array([start[1] - end[1], end[0] - start[0]])
            wave = np.sin(np.pi * along) * chance.uniform(-bend, bend) + chance.uniform(-0.2, 0.2, along.shape) * bend
            bent += list(np.round(start + along * (end - start) + wave * np.sin(np.pi * along) * side, 1))
        bent.append(end)
    return np.array(bent)


def _cells(centre: Point, shape: BaseGeometry, persons: int, chance: np.random.Generator) -> tuple[Point, ...]:
    """Populated cells: a lump around the centre, ragged at its edge, inside the boundaries."""
    density = next(value for least, value in DENSITY if persons >= least)
    wanted = max(2, round(persons / density))
    reach = int(np.ceil(np.sqrt(wanted))) + 3
    steps = np.arange(-reach, reach + 1) * CELL_M
    x_m, y_m = (grid.ravel() for grid in np.meshgrid(centre[0] + steps, centre[1] + steps))
    inner = shapely.contains_xy(shape.buffer(-EDGE_M), x_m, y_m)
    far = np.hypot(x_m - centre[0], y_m - centre[1]) * (1 + chance.uniform(0, 0.35, len(x_m)))
    order = [int(i) for i in np.lexsort((x_m, y_m, far)) if inner[i]][:wanted]
    return tuple((float(x_m[i]), float(y_m[i])) for i in order)
