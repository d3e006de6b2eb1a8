# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The map as an OpenStreetMap extract (.osm.pbf): streets, places, boundaries, facilities, houses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import osmium
from osmium.osm.mutable import Node, Relation, Way

from dableiben.core.geo import to_degrees
from dableiben.demo import plan
from dableiben.demo.chance import stream
from dableiben.demo.facilities import Facility
from dableiben.demo.streets import Streets
from dableiben.demo.terrain import Point, Settlement, Terrain, box_degrees

GENERATOR = "dableiben demo (made up, not OpenStreetMap)"
TIMESTAMP = datetime(2026, 1, 2, tzinfo=UTC)
HOUSE_M = (6.0, 4.5)
FACILITY_M = (11.0, 8.0)
HOLIDAY_HOMES = ("Sandrade", 400)
HOLIDAY_RASTER_M = 22.0
PLACE_TYPES = ((3_000, "town"), (450, "village"), (0, "hamlet"))


@dataclass
class _Extract:
    """Objects in the making; positions in the lists become ids."""

    points: list[Point] = field(default_factory=list)
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    ways: list[tuple[list[int], dict[str, str]]] = field(default_factory=list)
    relations: list[tuple[list[tuple[str, int, str]], dict[str, str]]] = field(default_factory=list)

    def node(self, point: Point, tags: dict[str, str] | None = None) -> int:
        self.points.append(point)
        if tags:
            self.node_tags[len(self.points)] = tags
        return len(self.points)

    def way(self, nodes: list[int], tags: dict[str, str]) -> int:
        self.ways.append((nodes, tags))
        return len(self.ways)

    def building(self, centre: Point, half: tuple[float, float], tags: dict[str, str]) -> int:
        (x, y), (a, b) = centre, half
        corners = [self.node((x + i * a, y + j * b)) for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        return self.way([*corners, corners[0]], tags)


def write_osm(path: Path, seed: int, terrain: Terrain, streets: Streets, facilities: Iterable[Facility]) -> None:
    """Write the extract. Equal arguments give equal bytes."""
    extract = _Extract()
    for number, point in enumerate(streets.nodes):
        extract.node(point, streets.node_tags.get(number))
    for street in streets.ways:
        extract.way([node + 1 for node in street.nodes], street.tags)
    centres = {s.name: _place(extract, s) for s in terrain.settlements.values()}
    for facility in facilities:
        _facility(extract, facility)
    _houses(extract, seed, terrain)
    _boundaries(extract, terrain, centres)
    _save(path, extract)


def _place(extract: _Extract, settlement: Settlement) -> int:
    kind = next(word for least, word in PLACE_TYPES if settlement.persons >= least)
    part_of_town = settlement.ags == plan.MUNICIPALITIES[0].ags and kind != "hamlet"
    tags = {"place": "suburb" if part_of_town else kind, "name": settlement.name, "population": str(settlement.persons)}
    x, y = settlement.centre
    return extract.node((x + 5, y + 20), tags)


def _facility(extract: _Extract, facility: Facility) -> None:
    if facility.tags is None:
        return
    address = {"addr:city": facility.locality}
    if facility.as_building:
        extract.building(facility.point, FACILITY_M, {**facility.tags, **address, "building": "yes"})
        if facility.mapped_twice:
            same = {key: value for key, value in facility.tags.items() if key != "opening_hours"}
            extract.node(facility.point, same)
    else:
        extract.node(facility.point, {**facility.tags, **address})


def _houses(extract: _Extract, seed: int, terrain: Terrain) -> None:
    """A house in every populated cell, and the holiday homes."""
    chance = stream(seed, "houses")
    for settlement in terrain.settlements.values():
        for x, y in settlement.cells:
            shift = chance.uniform(-35, 35, 2)
            levels = {"building:levels": str(int(chance.integers(1, 3)))} if chance.uniform() < 0.4 else {}
            extract.building((x + float(shift[0]), y + float(shift[1])), HOUSE_M, {"building": "house", **levels})
    name, number = HOLIDAY_HOMES
    x0, y0 = terrain.settlements[name].centre
    side = int(np.ceil(np.sqrt(number)))
    for index in range(number):
        spot = (x0 + 60 + HOLIDAY_RASTER_M * (index % side), y0 + 60 + HOLIDAY_RASTER_M * (index // side))
        extract.building(spot, HOUSE_M, {"building": "bungalow", "tourism": "chalet"})


def _boundaries(extract: _Extract, terrain: Terrain, centres: dict[str, int]) -> None:
    """Relations of districts, Ämter, municipalities and localities on shared boundary ways."""
    corners: dict[Point, int] = {}
    ags_of = {name: s.ags for name, s in terrain.settlements.items()}
    amt_of = {m.ags: m.amt for m in plan.MUNICIPALITIES}
    numbers: list[int] = []
    for boundary in terrain.boundaries:
        nodes = [corners[p] if p in corners else corners.setdefault(p, extract.node(p)) for p in boundary.points]
        level = _level(boundary.sides, ags_of, amt_of)
        numbers.append(extract.way(nodes, {"boundary": "administrative", "admin_level": str(level)}))

    def relation(members: set[str], level: int, name: str, centre: str | None, **keys: str) -> None:
        outer = [
            ("w", number, "outer")
            for number, boundary in zip(numbers, terrain.boundaries, strict=True)
            if len(members.intersection(side for side in boundary.sides if side)) == 1
        ]
        admin = [("n", centres[centre], "admin_centre")] if centre else []
        tags = {"type": "boundary", "boundary": "administrative", "admin_level": str(level), "name": name}
        extract.relations.append((outer + admin, {**tags, **{f"de:{key}": value for key, value in keys.items()}}))

    for key, name in ((plan.DISTRICT_KEY, plan.DISTRICT_NAME), (plan.NEIGHBOUR_KEY, plan.NEIGHBOUR_NAME)):
        members = {place for place, ags in ags_of.items() if ags.startswith(key)}
        relation(members, 6, name, None, amtlicher_gemeindeschluessel=key, regionalschluessel=f"{key}0000000")
    for amt, ars in plan.AMT_ARS.items():
        members = {place for place, ags in ags_of.items() if amt_of.get(ags) == amt}
        relation(members, 7, amt, None, regionalschluessel=f"{ars}000")
    for m in (*plan.MUNICIPALITIES, *plan.NEIGHBOURS):
        members = {place for place, ags in ags_of.items() if ags == m.ags}
        centre = m.seat if isinstance(m, plan.Municipality) else m.villages[0].name
        relation(members, 8, m.name, centre, amtlicher_gemeindeschluessel=m.ags, regionalschluessel=m.ars)
    for name in plan.localities():
        relation({name}, 9, name, name)


def _level(sides: tuple[str | None, str | None], ags_of: dict[str, str], amt_of: dict[str, str | None]) -> int:
    """The highest area that ends at a boundary: district 6, Amt 7, municipality 8, locality 9."""
    one, other = (ags_of.get(side) if side else None for side in sides)
    if one is None or other is None or one[:5] != other[:5]:
        return 6
    if one == other:
        return 9
    return 8 if amt_of.get(one) == amt_of.get(other) else 7


def _save(path: Path, extract: _Extract) -> None:
    header = osmium.io.Header()
    header.set("generator", GENERATOR)
    header.set("osmosis_replication_timestamp", TIMESTAMP.strftime("%Y-%m-%dT%H:%M:%SZ"))
    header.add_box(osmium.osm.Box(*box_degrees()))
    xs, ys = np.array(extract.points).T
    lon, lat = to_degrees(xs, ys)
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for number, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True), start=1):
            tags = extract.node_tags.get(number, {})
            writer.add_node(
                Node(id=number, version=1, timestamp=TIMESTAMP, location=(round(x, 7), round(y, 7)), tags=tags)
            )
        for number, (nodes, tags) in enumerate(extract.ways, start=1):
            writer.add_way(Way(id=number, version=1, timestamp=TIMESTAMP, nodes=nodes, tags=tags))
        for number, (members, tags) in enumerate(extract.relations, start=1):
            writer.add_relation(Relation(id=number, version=1, timestamp=TIMESTAMP, members=members, tags=tags))
