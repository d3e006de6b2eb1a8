# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From what the readers found to one Region: areas, cells, people, facilities, streets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.geo import CRS
from dableiben.core.ids import land_of
from dableiben.region.age_hints import age_hints
from dableiben.region.areas import (
    Municipality,
    add_osm_localities,
    area_table,
    collect_municipalities,
    upper_ids,
)
from dableiben.region.cells import base_grid, inhabited_cells, place_cells, settlements
from dableiben.region.change import Change, SetFacility, match_decisions
from dableiben.region.commuters import collect_commuters, far_commuters
from dableiben.region.facilities import collect_facilities
from dableiben.region.given import Given
from dableiben.region.homes import grid_of_homes, persons_of_homes
from dableiben.region.inside import incomplete as in_part
from dableiben.region.inside import inside as assessed
from dableiben.region.inside import near
from dableiben.region.join_streets import join_streets
from dableiben.region.people import People, collect_people
from dableiben.region.region import Region
from dableiben.region.segments import collect_segments, with_bounds
from dableiben.region.timetables import merge_timetables
from dableiben.region.transport import collect_transport
from dableiben.sources.base import Reading
from dableiben.store.config import RegionConfig

__all__ = ["Given", "build_region", "with_facilities"]
ROLE_ORDER = {
    "areas": 0, "osm": 1, "population": 2, "statistics": 3, "register": 4, "gtfs": 5, "segments": 6, "commuters": 7,
    "transport": 8,
}  # fmt: skip


def build_region(
    given: Sequence[Given],
    config: RegionConfig,
    catalogue: Catalogue,
    *,
    year: int | None = None,
    changes: tuple[Change, ...] = (),
) -> Region:
    """One Region from all readings. The order of the files does not matter, but between registers (see
    region.merge_registers) and between population files for one day (see region.newer_lists).

    Errors: InputError if the files name no municipality, no Land, or nothing of the asked year.
    """
    given = sorted(given, key=_place_of)
    readings = [g.reading for g in given]
    everywhere = collect_municipalities(readings, ())
    if not everywhere:
        raise InputError(
            "no-municipality", "In den Dateien ist keine Gemeinde mit amtlichem Schlüssel (AGS) zu finden.",
            "Eine Liste mit AGS, Gemeindegrenzen (--areas) oder OSM-Grenzen mit Schlüssel dazugeben.",
        )  # fmt: skip
    _shape_localities(everywhere, readings)
    extent = _extent(readings)
    inside = assessed(everywhere, config.ags, extent, readings)
    incomplete = in_part(given, everywhere, inside, extent)
    outlines, everywhere = everywhere, near(everywhere, inside, extent)
    places = settlements(readings, everywhere)
    _name_localities(everywhere, places)
    amt_names, district_names = _upper_names(readings, config, inside)
    people = collect_people(
        readings, {a: everywhere[a] for a in sorted(inside)}, basis=config.choice.population_basis, year=year
    )
    _check_matched(people)
    grid, of_homes = base_grid(readings, extent or _hull(everywhere)), False
    if grid.empty:
        grid = grid_of_homes(readings)
        of_homes = len(grid) > 0
    cells = place_cells(grid, everywhere, inside, places, amt_names)
    decided = match_decisions(changes)
    facilities, conflicts, unplaced = collect_facilities(readings, catalogue, everywhere, inside, places, decided)
    land = config.land or next((land_of(a) for a in sorted(inside)), None)
    if of_homes:
        cells = persons_of_homes(cells, people.chosen)
    commuters = collect_commuters(readings, everywhere, inside)
    segments = collect_segments(readings, config, everywhere, inside)
    far_km = catalogue.presence.far_km
    far = far_commuters(commuters, outlines, far_km)
    notes: list[str] = [*segments.notes]
    if people.stood_in:
        named = ", ".join(everywhere[ags].name or ags for ags in people.stood_in)
        notes.append(f"Ohne Zeilen in der gewählten Liste, eine frühere oder die amtliche Zahl gilt: {named}.")
    notes += people.notes
    gone = {c.facility_id for c in changes if isinstance(c, SetFacility)} - set(facilities["facility_id"])
    notes += [f"Die Änderung an „{facility_id}“ findet keine solche Einrichtung mehr." for facility_id in sorted(gone)]
    return Region(
        config=config,
        land=_checked_land(land, catalogue),
        as_of=people.as_of or _grid_date(readings, year),
        areas=area_table(everywhere, inside, district_names, amt_names),
        cells=cells,
        cells_of_homes=of_homes,
        grid_cells=inhabited_cells(readings),
        age_hints=age_hints(readings, cells),
        population=people.chosen,
        population_other=people.other,
        projections=people.projections,
        facilities=_edited(facilities, changes),
        network=join_streets([r.network for r in readings if r.network is not None]),
        segments=with_bounds(segments.table, (people.chosen, people.other), far, far_km),
        commuters=commuters,
        recorded=_recorded(readings, catalogue),
        reports=tuple(r.report for r in readings),
        conflicts=conflicts,
        unplaced=unplaced,
        unmatched_people=people.unmatched,
        incomplete=incomplete,
        uppers=upper_ids(everywhere, amt_names),
        transport=collect_transport(readings, everywhere, inside, config.name),
        timetable=merge_timetables([r.timetable for r in readings if r.timetable is not None]),
        notes=tuple(notes),
    )


def _check_matched(people: People) -> None:
    if people.chosen.empty and people.unmatched:
        rows = sum(people.unmatched.values())
        names = ", ".join(f"„{name}“" for name in list(people.unmatched)[:5])
        raise InputError(
            "people-unmatched", f"Keine der {rows} Zeilen der Einwohnerliste passt zu einer Gemeinde: {names}.",
            "In der Liste den AGS ergänzen oder eine Gebietstabelle mit AGS und Gemeindenamen dazugeben (--areas).",
        )  # fmt: skip


def _place_of(given: Given) -> tuple[int, str]:
    # Registers, segments and lists of residents stay in the order given: the later one is the newer one.
    in_order = given.role in ("register", "segments", "transport") or given.reading.population is not None
    return ROLE_ORDER[given.role], "" if in_order else given.reading.report.source.file


def _checked_land(land: str | None, catalogue: Catalogue) -> str:
    if land is None:
        raise InputError(
            "land-missing", "Das Land ist nicht bekannt.", "--land angeben (z. B. MV) oder in region.toml eintragen.",
        )  # fmt: skip
    catalogue.entry_rule(land)
    return land


def _shape_localities(municipalities: dict[str, Municipality], readings: list[Reading]) -> None:
    for reading in readings:
        if reading.areas is not None and "geometry" in reading.areas:
            table = reading.areas[(reading.areas["level"] == "locality") & reading.areas["parent_key"].isna()]
            table = table[[g is not None for g in table["geometry"]]]
            if len(table):
                add_osm_localities(municipalities, gpd.GeoDataFrame(table, geometry="geometry", crs=CRS))


def _extent(readings: list[Reading]) -> BaseGeometry | None:
    extents = [r.extent for r in readings if isinstance(r.extent, BaseGeometry)]
    return unary_union(extents) if extents else None


def _hull(municipalities: dict[str, Municipality]) -> BaseGeometry | None:
    shapes = [m.geometry for m in municipalities.values() if m.geometry is not None]
    return unary_union(shapes) if shapes else None


def _name_localities(municipalities: dict[str, Municipality], places: gpd.GeoDataFrame) -> None:
    """Where no list and no boundary names localities, the settlements of the map do."""
    listed = {m.ags for m in municipalities.values() if m.localities}
    for row in places.itertuples():
        m = municipalities.get(row.ags)
        if m is None:
            continue
        key = row.locality_id.split(":")[1]
        if m.ags not in listed:
            m.localities.setdefault(key, {"name": row.name})
        if key in m.localities:
            m.localities[key].setdefault("point", row.geometry)


def _upper_names(
    readings: list[Reading], config: RegionConfig, inside: frozenset[str]
) -> tuple[dict[str, str], dict[str, str]]:
    amt: dict[str, str] = {}
    district: dict[str, str] = {}
    for reading in readings:
        if reading.areas is None:
            continue
        for row in reading.areas[reading.areas["name"].notna()].to_dict("records"):
            if row["level"] == "amt":
                amt.setdefault(str(row["ars"] or row["area_key"])[:9], str(row["name"]))
            elif row["level"] == "district":
                district.setdefault(str(row["area_key"])[:5], str(row["name"]))
    own = {a[:5] for a in inside}
    if len(own) == 1:
        district[own.pop()] = config.name
    return amt, district


def _recorded(readings: list[Reading], catalogue: Catalogue) -> frozenset[str]:
    """Kinds some source records: those a register lists or denies, and those with OSM tags where there is a map."""
    kinds: set[str] = set()
    for reading in readings:
        if reading.facilities is None:
            continue
        if reading.report.source.kind == "osm":
            kinds |= {k.id for k in catalogue.kinds.values() if k.osm}
        else:
            kinds |= set(reading.facilities["kind"]) | reading.recorded
            kinds |= set(reading.closed["kind"]) if reading.closed is not None else set()
    return frozenset(kinds)


def _grid_date(readings: list[Reading], year: int | None) -> date:
    dates = [r.report.source.as_of for r in readings if r.grid is not None and r.report.source.as_of]
    if year is not None:
        return date(year, 12, 31)
    if not dates:
        raise InputError(
            "no-date", "Aus den Dateien geht kein Stichtag der Bevölkerung hervor.",
            "„Stand: 31.12.2025“ über die Liste schreiben oder das Raster nach seinem Jahr benennen (zensus2022…).",
        )  # fmt: skip
    return max(dates)


def _edited(facilities: pd.DataFrame, changes: tuple[Change, ...]) -> pd.DataFrame:
    edited = facilities.copy()
    for change in changes:
        if isinstance(change, SetFacility):
            edited.loc[edited["facility_id"] == change.facility_id, change.attribute] = change.value
    return edited


def with_facilities(region: Region, facilities: pd.DataFrame) -> Region:
    """The same region with other facilities."""
    return replace(region, facilities=facilities)
