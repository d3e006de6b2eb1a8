# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Facilities of a region: register and OSM merged, each with a place and the areas it lies in and serves."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from dableiben.catalogue.load import Catalogue
from dableiben.core.ids import slug
from dableiben.core.inputs import FACILITIES as INPUT
from dableiben.region.areas import Municipality
from dableiben.region.cells import area_of, locality_of
from dableiben.region.match import MatchRule, match, merge
from dableiben.region.merge_registers import denied_osm, merge_registers, osm_entry
from dableiben.region.mixed_ages import with_possible_parts
from dableiben.region.place_names import PlaceNames
from dableiben.sources.base import Reading

COLUMNS = (
    "facility_id", "kind", "possible", "name", "x_m", "y_m", "located", "area_id", "municipality_id", "locality_id",
    "licensed_places", "usable_places", "occupied_places", "waiting_list", "opening_hours", "places_by_time",
    "age_from", "age_to", "languages", "barrier_free", "service_area_ids", "service_area_unknown", "provider", "form",
    "financing", "source", "as_of", "restricted",
)  # fmt: skip


def collect_facilities(
    readings: list[Reading],
    catalogue: Catalogue,
    municipalities: dict[str, Municipality],
    inside: frozenset[str],
    places: gpd.GeoDataFrame,
    decided: Mapping[tuple[str, str], bool],
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, tuple[str, ...]]]:
    """All facilities (COLUMNS), the conflicts between register and OSM, and what could not be placed.

    The last: name of a place as a register writes it -> the rows that no area was found for.
    """
    registers = [with_possible_parts(table, catalogue) for table in _register_tables(readings)]
    names = PlaceNames.of(municipalities)
    register = merge_registers(registers, lambda name: _town(name, names))
    osm = _osm_table(readings, denied_osm(registers))
    register = _locate(register, names, places)
    # A row of our form names the OSM entry it was filled from; a person's decision goes first.
    named = {(str(i), entry): True for i in register["source_id"] if (entry := osm_entry(i)) is not None}
    decided = {**named, **decided}
    card = catalogue.assessment
    rule = MatchRule(card.match_within_m, card.match_name_similarity, card.match_same_place_m)
    merged, conflicts = merge(register, osm, match(register, osm, rule, generic_words(catalogue), decided))
    merged = _certain_first(_known_from_register(merged, frozenset(register["kind"])), card.match_same_place_m)
    facilities = _with_areas(merged, municipalities, names, inside, places)
    conflict_rows = pd.DataFrame(conflicts, columns=["source_id", "what", "register", "osm"])
    ids = dict(zip(merged["source_id"], facilities["facility_id"], strict=True))
    conflict_rows.insert(0, "facility_id", [ids.get(s, s) for s in conflict_rows["source_id"]])
    order = facilities.sort_values(["kind", "facility_id"], ignore_index=True)
    return order[list(COLUMNS)], conflict_rows.drop(columns="source_id"), _unplaced(facilities, catalogue, names)


def _register_tables(readings: list[Reading]) -> list[pd.DataFrame]:
    """One table per register in the order given, its facilities and those it says do not exist."""
    tables = [INPUT.frame().assign(source=None, restricted=None, exists=None)]
    for reading in readings:
        if reading.facilities is None or reading.report.source.kind == "osm":
            continue
        source = reading.report.source
        parts = [reading.facilities.assign(exists=True)]
        if reading.closed is not None:
            parts.append(reading.closed.assign(exists=False))
        table = pd.concat([part.astype(object) for part in parts], ignore_index=True)
        tables.append(table.assign(source=source.file, restricted=source.restricted)[tables[0].columns])
    return tables


def _osm_table(readings: list[Reading], denied: set[tuple[str, str]]) -> pd.DataFrame:
    """Facilities of all OSM files, without those of which a form says that they do not exist."""
    columns = [*INPUT.names, "source", "restricted"]
    tables = [pd.DataFrame({name: pd.Series(dtype=object) for name in columns})]
    for reading in readings:
        if reading.facilities is not None and reading.report.source.kind == "osm":
            source = reading.report.source
            tables.append(reading.facilities.assign(source=source.file, restricted=source.restricted)[columns])
    table = pd.concat([part.astype(object) for part in tables], ignore_index=True)
    keys = zip(table["source_id"], table["kind"], strict=True)
    table = table[np.array([key not in denied for key in keys], bool)]
    return table.drop_duplicates(["source_id", "kind"]).reset_index(drop=True)


def _town(name: object, names: PlaceNames) -> str | None:
    found, _ = names.find(name)
    return found.ags if found is not None else None


def generic_words(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """Words that name the kind, not the facility: 'Kita', 'Kindertagesstätte', ..."""
    words = {}
    for kind in catalogue.kinds.values():
        texts = [kind.label.de, kind.plural.de, *kind.register_aliases]
        words[kind.id] = frozenset(w for text in texts for w in slug(text).split("-"))
    return words


def _locate(register: pd.DataFrame, names: PlaceNames, places: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give register rows without coordinates the settlement of their locality (located = 'locality')."""
    register = register.astype(object)
    register["located"] = ["given" if _known(x) else None for x in register["x_m"]]
    nodes = {row.locality_id: row.geometry for row in places.itertuples() if row.locality_id}
    for index, row in register[register["x_m"].isna()].iterrows():
        _, locality_id = names.find(row["municipality"], row["locality"])
        point = nodes.get(locality_id) if locality_id else None
        if point is not None:
            register.loc[index, ["x_m", "y_m", "located"]] = [point.x, point.y, "locality"]
    return register


def _unplaced(facilities: pd.DataFrame, catalogue: Catalogue, names: PlaceNames) -> dict[str, tuple[str, ...]]:
    """Rows of registers without an area, by the place they name; a protected kind shows no place."""
    found: dict[str, list[str]] = {}
    by_shape = any(m.geometry is not None for m in names.by_ags.values())
    for row in facilities[facilities["municipality_id"].isna()].to_dict("records"):
        if row["source_id"] == row.get("osm_id") or (by_shape and _known(row["x_m"])):
            continue  # where outlines are known, a spot outside all of them is no question
        hidden = catalogue.kinds[row["kind"]].protection != "none"
        said = [str(row[name]) for name in ("municipality", "locality") if _known(row[name])]
        place = "geschützte Einrichtung" if hidden else ", ".join(said) or "ohne Ort"
        sheet, _, number = str(row["source_id"]).rpartition("!")
        where = f"{row['source']} Zeile {number}" if sheet and number.isdigit() else str(row["source"])
        found.setdefault(place, []).append(where)
    return {place: tuple(rows) for place, rows in sorted(found.items())}


def _known_from_register(merged: pd.DataFrame, kinds: frozenset[str]) -> pd.DataFrame:
    """Drop what OSM leaves open about a facility the register lists: the register says which kinds it is.

    Only of kinds the register knows: one that names no Krippe at all does not say that a Kita is none.
    """
    listed = set(merged.loc[merged["osm_id"].notna() & (merged["osm_id"] != merged["source_id"]), "osm_id"])
    guess = merged["possible"].astype(bool) & merged["source_id"].isin(listed) & merged["kind"].isin(kinds)
    return merged[~guess].reset_index(drop=True)


def _certain_first(merged: pd.DataFrame, same_place_m: float) -> pd.DataFrame:
    """Drop a possible entry where a certain one of the same kind stands at the same place."""
    keep = np.ones(len(merged), dtype=bool)
    xy = merged[["x_m", "y_m"]].astype(float).to_numpy()
    for index in np.flatnonzero(merged["possible"].astype(bool)):
        certain = (merged["kind"] == merged["kind"].iloc[index]) & ~merged["possible"].astype(bool)
        distance = np.hypot(*(xy[certain.to_numpy()] - xy[index]).T)
        keep[index] = not bool((distance <= same_place_m).any())
    return merged[keep].reset_index(drop=True)


def _with_areas(
    merged: pd.DataFrame,
    municipalities: dict[str, Municipality],
    names: PlaceNames,
    inside: frozenset[str],
    places: gpd.GeoDataFrame,
) -> pd.DataFrame:
    table = merged.copy()
    xy = table[["x_m", "y_m"]].astype(float).to_numpy()
    known = ~np.isnan(xy).any(axis=1)
    ags: list[str | None] = [None] * len(table)
    locality: list[str | None] = [None] * len(table)
    if known.any():
        points = shapely.points(xy[known])
        found = area_of(points, {m.ags: m.geometry for m in municipalities.values()})
        where = locality_of(points, found, municipalities, places)
        for index, a, b in zip(np.flatnonzero(known), found, where, strict=True):
            ags[index], locality[index] = a, b
    for number, row in enumerate(table.to_dict("records")):
        m, locality_id = names.find(row["municipality"], row["locality"])
        if ags[number] is None and m is not None:
            ags[number], locality[number] = m.ags, locality_id
    table["municipality_id"] = ags
    table["locality_id"] = locality
    table["area_id"] = [(b or a) if a in inside else None for a, b in zip(ags, locality, strict=True)]
    _serve(table, municipalities)
    table["located"] = [
        place if _known(place) else ("given" if ok else None)
        for place, ok in zip(table.get("located", [None] * len(table)), known, strict=True)
    ]
    table["facility_id"] = _facility_ids(table)
    return table


def _serve(table: pd.DataFrame, municipalities: dict[str, Municipality]) -> None:
    """Resolve names of a service area to area ids; names that are not found or not clear are kept as unknown."""
    names = _area_names(municipalities)
    resolved: list[list[str] | None] = []
    unknown: list[list[str]] = []
    for given, ags in zip(table["service_area"], table["municipality_id"], strict=True):
        parts = [str(part) for part in given] if isinstance(given, (list, tuple, np.ndarray)) else None
        ids = {part: _named_area(part, ags, names) for part in parts or []}
        resolved.append(sorted({i for i in ids.values() if i is not None}) if parts is not None else None)
        unknown.append([part for part, i in ids.items() if i is None])
    table["service_area_ids"] = pd.Series(resolved, index=table.index, dtype=object)
    table["service_area_unknown"] = pd.Series(unknown, index=table.index, dtype=object)


def _area_names(municipalities: dict[str, Municipality]) -> list[dict[str, set[str]]]:
    """Name (or key) -> area ids: of municipalities, of localities, of the areas above."""
    own: dict[str, set[str]] = {}
    localities: dict[str, set[str]] = {}
    above: dict[str, set[str]] = {}
    for m in municipalities.values():
        own[m.ags] = {m.ags}
        if m.name:
            own.setdefault(slug(m.name), set()).add(m.ags)
        for entry in m.localities.values():
            localities.setdefault(slug(entry["name"]), set()).add(m.locality_id(entry["name"]))
        for upper, prefix, word in ((m.amt, "amt", "Amt"), (m.mittelbereich, "mb", "Mittelbereich")):
            if upper:
                for name in (upper, f"{word} {upper}"):
                    above.setdefault(slug(name), set()).add(f"{prefix}:{slug(upper)}")
    return [own, localities, above]


def _named_area(name: str, ags: object, names: list[dict[str, set[str]]]) -> str | None:
    """The area of a name: a municipality before a locality before an area above; of several, the facility's own."""
    for level in names:
        ids = level.get(name) or level.get(slug(name))
        if ids:
            mine = [i for i in ids if i.split(":", maxsplit=1)[0] == ags]
            return next(iter(ids)) if len(ids) == 1 else mine[0] if len(mine) == 1 else None
    return None


def _facility_ids(table: pd.DataFrame) -> list[str]:
    """Stable over years: OSM id for OSM entries, else the identity in the registers."""
    ids: list[str] = []
    seen: dict[str, int] = {}
    for row in table.to_dict("records"):
        if row["source_id"] == row.get("osm_id"):
            base = f"{row['kind']}:{str(row['source_id']).replace('/', '')}"
        else:
            base = str(row["identity"])
        seen[base] = seen.get(base, 0) + 1
        ids.append(base if seen[base] == 1 else f"{base}-{seen[base]}")
    return ids


def _known(value: object) -> bool:
    return not (value is None or value is pd.NA or (isinstance(value, float) and value != value) or value == "")
