# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which municipalities are assessed, which lie around them, and which areas above are there in part only."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from dableiben.core.errors import InputError
from dableiben.core.ids import ags_from_ars
from dableiben.region.areas import Municipality, upper_areas
from dableiben.region.given import Given
from dableiben.region.place_names import PlaceNames, is_said
from dableiben.sources.base import Reading

COMPLETE_SHARE = 0.999  # of a municipality's area inside the extent: rounding of outlines, no planning number
OUTLINES = "boundaries"
PLACE = ("area_key", "municipality", "locality")


def inside(
    municipalities: dict[str, Municipality],
    prefixes: tuple[str, ...],
    extent: BaseGeometry | None,
    readings: Sequence[Reading],
) -> frozenset[str]:
    """Municipalities that are assessed: of the wanted keys, and wholly inside what the street data cover.

    Without streets and keys those that lists name: outlines of all Germany are no region.
    """
    wanted = [m for m in municipalities.values() if not prefixes or m.ags.startswith(prefixes)]
    if extent is None:
        named = _listed(municipalities, readings) if not prefixes else frozenset()
        return frozenset(m.ags for m in wanted if not named or m.ags in named)
    shapely.prepare(extent)
    complete = [
        m.ags
        for m in wanted
        if m.geometry is not None and m.geometry.intersection(extent).area >= COMPLETE_SHARE * m.geometry.area
    ]
    if not complete:
        raise InputError(
            "no-complete-municipality",
            "Keine der gewünschten Gemeinden liegt ganz im Gebiet der OSM-Datei.",
            "Einen größeren OSM-Ausschnitt laden oder --ags prüfen.",
        )
    return frozenset(complete)


def near(
    municipalities: dict[str, Municipality], inside: frozenset[str], extent: BaseGeometry | None
) -> dict[str, Municipality]:
    """The assessed municipalities and those that touch the data around them."""
    if extent is None:
        return {a: m for a, m in municipalities.items() if a in inside}
    return {
        a: m
        for a, m in municipalities.items()
        if a in inside or (m.geometry is not None and m.geometry.intersects(extent))
    }


def incomplete(
    given: Sequence[Given], municipalities: dict[str, Municipality], inside: frozenset[str], extent: BaseGeometry | None
) -> frozenset[str]:
    """Districts, Ämter and Mittelbereiche of which only a part is assessed.

    Without streets the lists are the region. With streets an area is whole if all its municipalities are inside,
    and a file of areas names them all or the area's own outline holds no more ground than they do.
    """
    if extent is None:
        return frozenset()
    listed = any(g.role == "areas" for g in given)
    outlines = _outlines([g.reading for g in given])
    members: dict[str, list[Municipality]] = {}
    for m in municipalities.values():
        for area_id, _ in [(m.ags[:5], ""), *upper_areas(m, {}).values()]:
            members.setdefault(area_id, []).append(m)
    return frozenset(
        area_id
        for area_id, parts in members.items()
        if any(m.ags not in inside for m in parts) or not (listed or _fills(outlines.get(area_id), parts))
    )


def _outlines(readings: list[Reading]) -> dict[str, BaseGeometry]:
    found: dict[str, BaseGeometry] = {}
    for reading in readings:
        if reading.areas is not None and "geometry" in reading.areas:
            for row in reading.areas.to_dict("records"):
                if row["level"] in ("district", "amt") and row["geometry"] is not None:
                    key = str(row["area_key"])[:5] if row["level"] == "district" else f"amt:{str(row['ars'])[:9]}"
                    found.setdefault(key, row["geometry"])
    return found


def _fills(outline: BaseGeometry | None, parts: list[Municipality]) -> bool:
    shapes = [m.geometry for m in parts if m.geometry is not None]
    return outline is not None and unary_union(shapes).area >= COMPLETE_SHARE * outline.area




def _listed(municipalities: dict[str, Municipality], readings: Sequence[Reading]) -> frozenset[str]:
    """Municipalities of the lists of residents and of tables of areas; empty if there is no list of residents."""
    names = PlaceNames.of(municipalities)
    named: set[str] = set()
    for reading in readings:
        if reading.population is not None:
            own = reading.population[reading.population["basis"] == "register"]
            for key, town, village in own[list(PLACE)].drop_duplicates().itertuples(index=False):
                m, _ = names.find(key if is_said(key) else town, village)
                named |= {m.ags} if m is not None else set()
    tables = [r.areas for r in readings if r.areas is not None and r.report.source.kind != OUTLINES]
    keys = [ags_from_ars(key) if len(key) == 12 else key for table in tables for key in table["area_key"].astype(str)]
    return frozenset(named | {key[:8] for key in keys if len(key) >= 8}) if named else frozenset()
