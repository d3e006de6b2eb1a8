# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""One walk over an OSM file: everything that is needed is picked out, nothing is judged yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import osmium
from osmium.filter import KeyFilter
from osmium.geom import WKBFactory

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.osm_tags import KindMatcher

SETTLEMENTS = frozenset(
    ("city", "town", "village", "suburb", "quarter", "neighbourhood", "hamlet", "isolated_dwelling")
)
# Values of `building` in which people live. `yes` says nothing, yet most homes are tagged so; it counts as a
# home where no other tag gives it another use.
HOMES = frozenset((
    "apartments", "bungalow", "detached", "dormitory", "farm", "house", "residential", "semidetached_house",
    "terrace",
))  # fmt: skip
OTHER_USE = (
    "amenity", "shop", "office", "craft", "industrial", "tourism", "leisure", "man_made", "power", "railway",
)  # fmt: skip
ADMIN_LEVELS = range(6, 12)
"""Kreis, Amt, Gemeinde and its parts; Länder and Regierungsbezirke (4, 5) are no areas of ours"""
_TYPES = {"n": "node", "w": "way", "r": "relation"}


@dataclass
class Found:
    """An object with tags: `ref` like way/12, and either a point in degrees or a shape (WKB, degrees)."""

    ref: str
    tags: dict[str, str]
    lon: float | None = None
    lat: float | None = None
    wkb: str | None = None
    matches: tuple[tuple[str, bool], ...] = ()


@dataclass
class Scan:
    """What one walk over the file picked out; degrees throughout."""

    facilities: dict[str, Found] = field(default_factory=dict)
    places: list[Found] = field(default_factory=list)
    boundaries: dict[int, Found] = field(default_factory=dict)
    shapes: dict[str, str | None] = field(default_factory=dict)
    """ref of a facility or boundary -> its shape (WKB); areas may come before or after their relation"""
    homes: list[tuple[str, str | None]] = field(default_factory=list)
    """(WKB, value of building:levels)"""
    broken_homes: int = 0
    members: dict[str, list[str]] = field(default_factory=dict)
    """facility relations that are no area -> refs of their members"""
    ways: list[tuple[tuple[float, float], ...]] = field(default_factory=list)
    """first, middle and last node of each street, to find the edge of the data"""
    objects: int = 0


def scan(path: Path, catalogue: Catalogue) -> Scan:
    """Walk over the file once (areas need a quick second look at its relations)."""
    matcher = KindMatcher(catalogue)
    walk = _Walk(matcher)
    keys = KeyFilter(*sorted({"place", "boundary", "building", "highway"} | matcher.keys))
    for entity in osmium.FileProcessor(str(path)).with_areas(keys).with_filter(keys):
        walk.take(entity)
    found = walk.found
    for item in [*found.facilities.values(), *found.boundaries.values()]:
        item.wkb = found.shapes.get(item.ref)
    found.members = {ref: members for ref, members in found.members.items() if not found.shapes.get(ref)}
    _place_relations(path, found)
    return found


class _Walk:
    def __init__(self, matcher: KindMatcher) -> None:
        self.matcher = matcher
        self.found = Scan()
        self.factory = WKBFactory()

    def take(self, item: Any) -> None:
        self.found.objects += 1
        if item.is_node():
            self._node(item)
        elif item.is_way():
            self._way(item)
        elif item.is_area():
            self._area(item)
        elif item.is_relation():
            self._relation(item)

    def _node(self, node: Any) -> None:
        lon, lat = node.location.lon, node.location.lat
        if node.tags.get("place") in SETTLEMENTS:
            self.found.places.append(Found(f"node/{node.id}", dict(node.tags), lon, lat))
        matches = tuple(self.matcher.match(_plain(node.tags)))
        if matches:
            ref = f"node/{node.id}"
            self.found.facilities.setdefault(ref, Found(ref, dict(node.tags), lon, lat, matches=matches))

    def _way(self, way: Any) -> None:
        tags = way.tags
        if "highway" in tags:
            points = _points(way)
            if points:
                self.found.ways.append((points[0], points[len(points) // 2], points[-1]))
        if "building" in tags and len(tags) == 1:
            return  # comes again as an area
        matches = tuple(self.matcher.match(_plain(tags)))
        points = _points(way) if matches else []
        if points:
            lon, lat = points[len(points) // 2]
            ref = f"way/{way.id}"
            self.found.facilities.setdefault(ref, Found(ref, dict(tags), lon, lat, matches=matches))

    def _area(self, area: Any) -> None:
        tags = area.tags
        ref = f"{'way' if area.from_way() else 'relation'}/{area.orig_id()}"
        building = tags.get("building")
        if building is not None and _is_home(building, tags):
            wkb = self._shape(area)
            if wkb is None:
                self.found.broken_homes += 1
            else:
                self.found.homes.append((wkb, tags.get("building:levels")))
        matches = tuple(self.matcher.match(_plain(tags)))
        if matches:
            self.found.facilities.setdefault(ref, Found(ref, dict(tags), *_some_point(area), matches=matches))
        if matches or tags.get("boundary") == "administrative":
            self.found.shapes[ref] = self._shape(area)

    def _relation(self, relation: Any) -> None:
        tags = relation.tags
        if tags.get("boundary") == "administrative" and _level(tags) in ADMIN_LEVELS:
            self.found.boundaries[relation.id] = Found(f"relation/{relation.id}", dict(tags))
        matches = tuple(self.matcher.match(_plain(tags)))
        if matches:
            ref = f"relation/{relation.id}"
            self.found.facilities.setdefault(ref, Found(ref, dict(tags), matches=matches))
            self.found.members[ref] = [_ref(m.type, m.ref) for m in relation.members]

    def _shape(self, area: Any) -> str | None:
        try:
            return str(self.factory.create_multipolygon(area))
        except RuntimeError:
            return None


def _place_relations(path: Path, found: Scan) -> None:
    """Facilities mapped as relations that are no areas (type=site) lie in the middle of their members."""
    wanted = {ref for refs in found.members.values() for ref in refs}
    if not wanted:
        return
    spots: dict[str, tuple[float, float]] = {}
    item: Any
    for item in osmium.FileProcessor(str(path)).with_locations():
        if item.is_node() and f"node/{item.id}" in wanted:
            spots[f"node/{item.id}"] = (item.location.lon, item.location.lat)
        elif item.is_way() and f"way/{item.id}" in wanted:
            points = _points(item)
            if points:
                spots[f"way/{item.id}"] = _mean(points)
    for ref, members in sorted(found.members.items()):
        at = [spots[m] for m in members if m in spots]
        if at:
            found.facilities[ref].lon, found.facilities[ref].lat = _mean(at)


def _points(way: Any) -> list[tuple[float, float]]:
    return [(n.location.lon, n.location.lat) for n in way.nodes if n.location.valid()]


def _mean(points: list[tuple[float, float]]) -> tuple[float, float]:
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def _ref(letter: str, number: int) -> str:
    return f"{_TYPES[letter]}/{number}"


def _plain(tags: Iterable[Any]) -> Mapping[str, str]:
    return {tag.k: tag.v for tag in tags}


def _is_home(building: str, tags: Any) -> bool:
    return building in HOMES or (building == "yes" and not any(key in tags for key in OTHER_USE))


def _level(tags: Any) -> int | None:
    text = tags.get("admin_level", "")
    return int(text) if text.isdecimal() else None


def _some_point(area: Any) -> tuple[float | None, float | None]:
    for ring in area.outer_rings():
        for node in ring:
            return node.lon, node.lat
    return None, None
