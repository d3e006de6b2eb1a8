# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Areas of a region from boundaries, tables and lists: who lies in whom, under which name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from dableiben.core.geo import CRS
from dableiben.core.ids import slug
from dableiben.core.levels import id_column
from dableiben.region.region import AREA_COLUMNS
from dableiben.sources.base import Reading

BESIDE = {"school_district": "sb", "planning_area": "pa"}
"""levels that are drawn by localities, with the prefix of their ids"""
TAKEN = ("name", "amt", "mittelbereich", "planning_area", "ars")
"""what the first source that says it says for all"""


@dataclass
class Municipality:
    """What the sources together say about one municipality."""

    ags: str
    name: str | None = None
    ars: str | None = None
    geometry: BaseGeometry | None = None
    amt: str | None = None
    mittelbereich: str | None = None
    planning_area: str | None = None
    structurally_weak: bool | None = None
    structurally_weak_source: str | None = None
    source: str = ""
    localities: dict[str, dict[str, Any]] = field(default_factory=dict)
    """slug -> name, geometry, school_district, planning_area"""

    def locality_id(self, name: str) -> str:
        """Id of a locality of this municipality."""
        return f"{self.ags}:{slug(name)}"


def collect_municipalities(readings: Iterable[Reading], prefixes: tuple[str, ...]) -> dict[str, Municipality]:
    """Municipalities named by any source whose key begins with one of `prefixes` (all if empty).

    Names: areas table, then boundaries, then population list, then statistics. Shapes: the outline
    drawn with more points (VG250 is simplified, boundaries of OSM are not). Sources must come in the order
    areas, osm, population, statistics.
    """
    found: dict[str, Municipality] = {}

    def of(key: object) -> Municipality | None:
        text = str(key) if key is not None and key == key else ""
        ags = text[:5] + text[9:12] if len(text) == 12 else text
        if len(ags) != 8 or (prefixes and not ags.startswith(tuple(prefixes))):
            return None
        return found.setdefault(ags, Municipality(ags))

    readings = list(readings)
    for reading in readings:
        _take_areas(reading, of)
    named_only = not any(m.geometry is not None for m in found.values())
    for reading in readings:
        if reading.population is not None:
            _take_names(reading.population, of, found, create=named_only or bool(prefixes))
    return dict(sorted(found.items()))


def _take_areas(reading: Reading, of: Any) -> None:
    if reading.areas is None:
        return
    rows = reading.areas.to_dict("records")
    for row in (r for r in rows if r["level"] == "municipality"):
        municipality = of(row.get("ars") if _given(row.get("ars")) else row["area_key"])
        if municipality is None:
            continue
        if municipality.structurally_weak is None and _given(row.get("structurally_weak")):
            municipality.structurally_weak = bool(row["structurally_weak"])
            source = row.get("structurally_weak_source")
            municipality.structurally_weak_source = source if _given(source) else None  # of this row, no other
        for name in TAKEN:
            if getattr(municipality, name) is None and _given(row.get(name)):
                setattr(municipality, name, row[name])
        shape = row.get("geometry")
        if _is_finer(shape, municipality.geometry):
            municipality.geometry = shape
        municipality.source = municipality.source or reading.report.source.file
    for row in (r for r in rows if r["level"] == "locality" and _given(r.get("name"))):
        municipality = of(row["parent_key"]) if _given(row.get("parent_key")) else None
        if municipality is not None:
            _add_locality(municipality, row)


def _is_finer(shape: BaseGeometry | None, present: BaseGeometry | None) -> bool:
    """Whether an outline is drawn with more points: simplified outlines miss cells at the border."""
    if shape is None or shape.is_empty:
        return False
    return present is None or shapely.get_num_coordinates(shape) > shapely.get_num_coordinates(present)


def _add_locality(municipality: Municipality, row: Mapping[Any, Any]) -> None:
    entry = municipality.localities.setdefault(slug(str(row["name"])), {"name": str(row["name"])})
    for name in ("geometry", "school_district", "planning_area"):
        if entry.get(name) is None and _given(row.get(name)):
            entry[name] = row[name]


def _take_names(population: pd.DataFrame, of: Any, found: dict[str, Municipality], *, create: bool) -> None:
    pairs = population[["area_key", "municipality", "locality"]].drop_duplicates()
    by_name = {slug(m.name): m for m in found.values() if m.name}
    for key, name, locality in pairs.itertuples(index=False):
        known = by_name.get(slug(name)) if _given(name) else None
        if known is None and _given(key):
            text = str(key)
            known = of(text) if create or text in found else None
        if known is None:
            continue
        if known.name is None and _given(name):
            known.name = str(name)
            by_name[slug(known.name)] = known
        if _given(locality):
            _add_locality(known, {"name": locality})


def add_osm_localities(municipalities: dict[str, Municipality], shapes: gpd.GeoDataFrame) -> None:
    """Give boundaries of localities (OSM level 9 to 11) to the municipality that holds them."""
    for row in shapes.itertuples():
        point = row.geometry.representative_point()
        for municipality in municipalities.values():
            if municipality.geometry is not None and municipality.geometry.contains(point):
                _add_locality(municipality, {"name": row.name, "geometry": row.geometry})


def area_table(
    municipalities: dict[str, Municipality],
    inside: frozenset[str],
    district_names: dict[str, str],
    amt_names: dict[str, str],
) -> gpd.GeoDataFrame:
    """All areas as one table (AREA_COLUMNS), levels district to locality, with Mittelbereiche and others."""
    rows: list[dict[str, Any]] = []
    shapes: dict[str, list[BaseGeometry]] = {}
    for m in municipalities.values():
        upper = upper_areas(m, amt_names)
        parent = upper.get("amt", (m.ags[:5], ""))[0]
        rows.append(_row(m.ags, "municipality", m.name or m.ags, parent, m, m.ags in inside, m.geometry))
        for level, (area_id, name) in {"district": (m.ags[:5], district_names.get(m.ags[:5])), **upper}.items():
            if m.geometry is not None:
                shapes.setdefault(area_id, []).append(m.geometry)
            if all(row["area_id"] != area_id for row in rows):
                above = None if level == "district" else m.ags[:5]
                rows.append(_row(area_id, level, name or f"Kreis {area_id}", above, m, m.ags in inside, None))
            elif m.ags in inside:
                next(row for row in rows if row["area_id"] == area_id)["inside"] = True
        rows += _locality_rows(m, inside)
    for row in rows:
        if row["geometry"] is None and row["area_id"] in shapes:
            row["geometry"] = unary_union(shapes[row["area_id"]])
    frame = pd.DataFrame(rows, columns=list(AREA_COLUMNS)).drop_duplicates("area_id")
    frame = frame.sort_values(["level", "area_id"], ignore_index=True)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS)


def _locality_rows(m: Municipality, inside: frozenset[str]) -> list[dict[str, Any]]:
    rows = []
    for entry in m.localities.values():
        area_id = m.locality_id(entry["name"])
        shape = entry.get("geometry") if entry.get("geometry") is not None else entry.get("point")
        rows.append(_row(area_id, "locality", entry["name"], m.ags, m, m.ags in inside, shape))
        for level, prefix in BESIDE.items():
            if _given(entry.get(level)):
                area_id = f"{prefix}:{slug(str(entry[level]))}"
                rows.append(_row(area_id, level, str(entry[level]), m.ags[:5], m, m.ags in inside, None))
    return rows


def upper_areas(m: Municipality, amt_names: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Level -> (area_id, name) of the areas above or beside a municipality, as far as known."""
    areas: dict[str, tuple[str, str]] = {}
    association = m.ars[:9] if m.ars and m.ars[5] == "5" else None
    if m.amt:
        areas["amt"] = (f"amt:{slug(m.amt)}", m.amt)
    elif association:
        areas["amt"] = (f"amt:{association}", amt_names.get(association, f"Gemeindeverband {association}"))
    if m.mittelbereich:
        areas["mittelbereich"] = (f"mb:{slug(m.mittelbereich)}", m.mittelbereich)
    if m.planning_area:
        areas["planning_area"] = (f"pa:{slug(m.planning_area)}", m.planning_area)
    return areas


def upper_ids(municipalities: dict[str, Municipality], amt_names: dict[str, str]) -> dict[str, dict[str, str | None]]:
    """Municipality or locality id -> id columns of the areas above and beside it."""
    ids: dict[str, dict[str, str | None]] = {}
    for m in municipalities.values():
        above = {"district": (m.ags[:5], ""), **upper_areas(m, amt_names)}
        ids[m.ags] = {id_column(level): area_id for level, (area_id, _) in above.items()}
        for entry in m.localities.values():
            beside: dict[str, str | None] = {
                id_column(level): f"{prefix}:{slug(str(entry[level]))}"
                for level, prefix in BESIDE.items()
                if _given(entry.get(level))
            }
            if beside:
                ids[m.locality_id(entry["name"])] = beside
    return ids


def _row(
    area_id: str, level: str, name: str, parent: str | None, m: Municipality, inside: bool, geometry: Any
) -> dict[str, Any]:
    weak = (m.structurally_weak, m.structurally_weak_source) if level == "municipality" else (None, None)
    values = (area_id, level, name, parent, m.ags if level == "municipality" else None, inside, *weak, m.source)
    return dict(zip(AREA_COLUMNS, (*values, geometry), strict=True))


def _given(value: object) -> bool:
    if value is None or (isinstance(value, float) and value != value) or value is pd.NA:
        return False
    return not (isinstance(value, str) and not value.strip())
