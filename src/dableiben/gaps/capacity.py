# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Cause capacity: do the places that people may use and can reach suffice for those in need?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.levels import id_column
from dableiben.gaps.assignment import assign
from dableiben.gaps.distance import Offer
from dableiben.gaps.rows import Row
from dableiben.gaps.status import COVERED, GAP, NOT_APPLICABLE, NOT_RATED, TIGHT, UNKNOWN
from dableiben.gaps.ways import Ways
from dableiben.supply.places import Places, places_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TOLERANCE = 1e-6  # persons; below this a difference is rounding of the assignment


@dataclass(frozen=True)
class Shortfall:
    """Places missing in an area at the level of the balance, over all rows of a service."""

    area_id: str
    need: float
    served: float
    """with facilities of unknown size counted as having no places"""
    served_at_most: float
    """with facilities of unknown size counted at their licensed places, or as large as needed"""
    status: str
    cause: str | None
    unknown_ids: tuple[str, ...]
    units: Ints


def judge_capacity(
    rows: list[Row],
    offer: Offer,
    facilities: pd.DataFrame,
    units: pd.DataFrame,
    ways: Ways | None,
    *,
    use: str,
    level: str,
    smallest: float,
    recorded: bool,
    places_per_person: float,
) -> list[Shortfall]:
    """Assign the need of all rows together and fill status_capacity and reachable_places.

    places_per_person   of the norm; under 1 while an entitlement is phased in (only some of the grades have it)
    Rows judged in a distance gap, or whose way is unknown, take part in nothing here: their need is a gap of
    its own, or cannot be said. Law: places are conserved; a closed facility never helps.
    """
    by_way = ways is not None and any(row.limit is not None for row in rows)
    takes_part = [_takes_part(row, by_way) for row in rows]
    need = np.concatenate([np.where(t, np.nan_to_num(r.best), 0.0) for r, t in zip(rows, takes_part, strict=True)])
    need *= places_per_person
    sites = np.concatenate([offer.certain, offer.possible, offer.unplaced])
    sites = np.sort(sites)
    places = places_of(facilities.iloc[sites])
    row_index, site_index = _pairs(rows, takes_part, sites, facilities, units, ways, by_way=by_way, level=level)
    priority = _priority(row_index, site_index, sites, facilities, units, use)
    served = assign(need, places.known, row_index, site_index, priority=priority).served_persons
    most = np.minimum(places.at_most, need.sum() + 1.0)
    at_most = served
    if places.unknown.any():
        at_most = assign(need, most, row_index, site_index, priority=priority).served_persons
    count = len(units)
    shortfalls = _by_area(
        rows, takes_part, need.reshape(-1, count), served.reshape(-1, count), at_most.reshape(-1, count),
        sites, places, facilities, units, (row_index % count, site_index), level, smallest, recorded,
    )  # fmt: skip
    reach = _reachable(row_index, site_index, places, len(need)).reshape(-1, count)
    for position, row in enumerate(rows):
        row.reachable_places = reach[position]
        _fill(row, takes_part[position], shortfalls, need.reshape(-1, count)[position], units, level)
    return shortfalls


def _takes_part(row: Row, by_way: bool) -> NDArray[np.bool_]:
    needed = np.nan_to_num(row.best) > 0
    if not by_way or row.distance is None:
        return needed
    return np.asarray(needed & ((row.distance == COVERED) | (row.distance == NOT_RATED)))


def _pairs(
    rows: list[Row],
    takes_part: list[NDArray[np.bool_]],
    sites: Ints,
    facilities: pd.DataFrame,
    units: pd.DataFrame,
    ways: Ways | None,
    *,
    by_way: bool,
    level: str,
) -> tuple[Ints, Ints]:
    """Who may use what: within the limit by a mode of the row, else everybody of the same area."""
    row_parts, site_parts = [], []
    position_of = {int(site): index for index, site in enumerate(sites)}
    for position, row in enumerate(rows):
        if by_way and ways is not None and row.limit is not None:
            found = [
                ways.within(mode, sites[_placed(facilities, sites)], row.limit.minutes[mode]) for mode in row.modes
            ]
            unit = np.concatenate([p.unit for p in found]) if found else np.empty(0, np.int64)
            site = np.concatenate([p.facility for p in found]) if found else np.empty(0, np.int64)
            site = np.array([position_of[int(s)] for s in site], np.int64)
        else:
            unit, site = _same_area(sites, facilities, units, level)
        keep = takes_part[position][unit] if len(unit) else np.empty(0, bool)
        row_parts.append(unit[keep] + position * len(units))
        site_parts.append(site[keep])
    pairs = np.unique(np.stack([np.concatenate(row_parts), np.concatenate(site_parts)], axis=1), axis=0)
    return pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64)


def _placed(facilities: pd.DataFrame, sites: Ints) -> NDArray[np.bool_]:
    return facilities["x_m"].notna().to_numpy(bool)[sites]


def _same_area(sites: Ints, facilities: pd.DataFrame, units: pd.DataFrame, level: str) -> tuple[Ints, Ints]:
    theirs = facilities[id_column(level)].to_numpy(object)[sites]
    ours = units[id_column(level)].to_numpy(object)
    unit_parts, site_parts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for index, area in enumerate(theirs):
        if area is not None and area == area:
            hit = np.flatnonzero(ours == area)
            unit_parts.append(hit)
            site_parts.append(np.full(len(hit), index, np.int64))
    return np.concatenate(unit_parts), np.concatenate(site_parts)


def _priority(
    row_index: Ints, site_index: Ints, sites: Ints, facilities: pd.DataFrame, units: pd.DataFrame, use: str
) -> Ints:
    """0 = served first. municipality_first: residents of the facility's municipality before others."""
    if use != "municipality_first" or not len(row_index):
        return np.zeros(len(row_index), np.int64)
    home = units["municipality_id"].to_numpy(object)[row_index % len(units)]
    place = facilities["municipality_id"].to_numpy(object)[sites[site_index]]
    return np.where(home == place, 0, 1).astype(np.int64)


def _reachable(row_index: Ints, site_index: Ints, places: Places, size: int) -> Floats:
    """Usable places each row may use; NaN where a facility of unknown size is among them."""
    known = np.bincount(row_index, weights=places.known[site_index], minlength=size)
    unknown = np.bincount(row_index, weights=places.unknown[site_index].astype(float), minlength=size)
    return np.where(unknown > 0, np.nan, known)


def _by_area(
    rows: list[Row],
    takes_part: list[NDArray[np.bool_]],
    need: Floats,
    served: Floats,
    at_most: Floats,
    sites: Ints,
    places: Places,
    facilities: pd.DataFrame,
    units: pd.DataFrame,
    pairs: tuple[Ints, Ints],
    level: str,
    smallest: float,
    recorded: bool,
) -> list[Shortfall]:
    column = id_column(level)
    ids = units[column].to_numpy(object)
    inside = units["inside"].to_numpy(bool)
    result = []
    taking = np.logical_or.reduce(takes_part)
    for area in sorted({v for v in ids[inside & taking] if v is not None and v == v}):
        mine = np.flatnonzero((ids == area) & inside & taking)
        needed, got, most = (float(a[:, mine].sum()) for a in (need, served, at_most))
        reached = np.unique(pairs[1][np.isin(pairs[0], mine)])
        unknown = reached[places.unknown[reached]]
        unknown_ids = tuple(sorted(facilities["facility_id"].iloc[sites[unknown]]))
        status = _status(needed, got, most, smallest, bool(len(unknown)), recorded)
        here = facilities[column].to_numpy(object)[sites] == area
        cause = ("capacity" if len(reached) or here.any() else "absent") if status == GAP else None
        result.append(Shortfall(str(area), needed, got, most, status, cause, unknown_ids, mine))
    return result


def _status(need: float, served: float, at_most: float, smallest: float, unknown: bool, recorded: bool) -> str:
    if not recorded:
        return UNKNOWN
    if need - served < smallest - TOLERANCE:
        return COVERED if need - served <= TOLERANCE * max(1.0, need) else TIGHT
    if unknown and need - at_most < smallest - TOLERANCE:
        return UNKNOWN
    return GAP


def _fill(
    row: Row, taking: NDArray[np.bool_], shortfalls: list[Shortfall], need: Floats, units: pd.DataFrame, level: str
) -> None:
    status = np.full(len(units), None, dtype=object)
    status[~taking] = UNKNOWN
    if row.distance is not None:
        status[row.distance == GAP] = None  # their gap is the way; places are not the question
    by_area = {s.area_id: s.status for s in shortfalls}
    ids = units[id_column(level)].to_numpy(object)
    for index in np.flatnonzero(taking):
        status[index] = by_area.get(ids[index], UNKNOWN)
    status[row.high == 0] = NOT_APPLICABLE
    row.capacity = status

