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
from dableiben.supply.places import Places, places_of, unknown_where

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
    if not len(units):
        return []
    takes_part = [_takes_part(row) for row in rows]
    need = np.concatenate([np.where(t, np.nan_to_num(r.best), 0.0) for r, t in zip(rows, takes_part, strict=True)])
    need *= places_per_person
    sites = np.sort(np.concatenate([offer.certain, offer.possible, offer.unplaced]))
    places = places_of(facilities.iloc[sites])
    if use == "service_area":  # who does not say whom it serves may serve anybody or nobody
        places = unknown_where(places, np.isin(sites, sorted(offer.rights.unsaid)))
    row_index, site_index = _pairs(rows, takes_part, sites, offer, facilities, units, ways, use=use, level=level)
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
        out_of_reach = np.asarray(row.distance == GAP)
        row.reachable_places = np.where(takes_part[position] | out_of_reach, reach[position], np.nan)
        _fill(row, takes_part[position], shortfalls, units, level)
    return shortfalls


def _takes_part(row: Row) -> NDArray[np.bool_]:
    """Units whose need asks for places; without a street file nobody's way is known, and areas are balanced."""
    needed = np.nan_to_num(row.best) > 0
    if row.distance is None:
        return needed
    way = (row.distance == COVERED) | (row.distance == NOT_RATED) | (row.reason == "no_street_file")
    return np.asarray(needed & way)


def _pairs(
    rows: list[Row],
    takes_part: list[NDArray[np.bool_]],
    sites: Ints,
    offer: Offer,
    facilities: pd.DataFrame,
    units: pd.DataFrame,
    ways: Ways | None,
    *,
    use: str,
    level: str,
) -> tuple[Ints, Ints]:
    """Who may use what: within the limit by a mode of the row, else everybody of the same area; by the rights."""
    keys = []
    for position, row in enumerate(rows):
        if use == "service_area":
            unit, site = _by_service_area(sites, offer, len(units))
        elif ways is not None and row.limit is not None and row.modes:
            placed = sites[_placed(facilities, sites)]
            found = [offer.rights.within(ways, mode, placed, row.limit.minutes[mode]) for mode in row.modes]
            unit = np.concatenate([pairs.unit for pairs in found])
            site = np.searchsorted(sites, np.concatenate([pairs.facility for pairs in found]))
        else:
            unit, site = _same_area(sites, facilities, units, level)
            allowed = offer.rights.allows(unit, sites[site])
            unit, site = unit[allowed], site[allowed]
        keep = takes_part[position][unit]
        keys.append((unit[keep] + position * len(units)) * max(1, len(sites)) + site[keep])
    pairs = np.unique(np.concatenate(keys))
    return pairs // max(1, len(sites)), pairs % max(1, len(sites))


def _by_service_area(sites: Ints, offer: Offer, size: int) -> tuple[Ints, Ints]:
    """Units and positions in `sites` of the services that come to them, or do not say whether they do."""
    everybody = np.ones(size, bool)
    masks = [everybody if row in offer.rights.unsaid else offer.rights.only[row] for row in sites.tolist()]
    if not masks:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    site, unit = np.nonzero(np.array(masks))
    return unit, site


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
    every = [*units["municipality_id"].tolist(), *facilities["municipality_id"].tolist()]
    code = pd.factorize(pd.Series(every, dtype=object))[0]  # -1 = no municipality known
    home, place = code[row_index % len(units)], code[len(units) + sites[site_index]]
    return np.where((home == place) & (home >= 0), 0, 1).astype(np.int64)


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
    """One balance per area of the level in which somebody asks for a place."""
    inside = units["inside"].to_numpy(bool)
    taking = np.logical_or.reduce(takes_part) & inside
    unsaid = np.logical_or.reduce([np.isnan(row.best) for row in rows]) & inside
    numbers, areas = pd.factorize(units[id_column(level)].where(taking, None), sort=True)
    home = np.asarray(facilities[id_column(level)].to_numpy(object)[sites], dtype=object)
    reached = _reached(numbers, pairs, len(sites))
    result = []
    for number, area in enumerate(areas):
        mine = np.flatnonzero(numbers == number)
        needed, got, most = (float(a[:, mine].sum()) for a in (need, served, at_most))
        here = reached[number]
        unknown = here[places.unknown[here]]
        if not len(unknown) and most - got > TOLERANCE:
            # Relief comes from facilities that only the neighbours reach, who then leave their places.
            unknown = np.flatnonzero(places.unknown)
        unknown_ids = tuple(sorted(facilities["facility_id"].iloc[sites[unknown]]))
        persons_open = bool(unsaid[units[id_column(level)].to_numpy(object) == area].any())
        status = _status(needed, got, most, smallest, persons_open, recorded)
        cause = ("capacity" if len(here) or (home == area).any() else "absent") if status == GAP else None
        result.append(Shortfall(str(area), needed, got, most, status, cause, unknown_ids, mine))
    return result


def _reached(numbers: Ints, pairs: tuple[Ints, Ints], sites: int) -> dict[int, Ints]:
    """Positions of the sites that people of an area may use, by number of the area."""
    unit, site = pairs
    keys = np.unique(numbers[unit] * max(1, sites) + site)
    area, site = keys // max(1, sites), keys % max(1, sites)
    return {number: site[area == number] for number in range(int(numbers.max(initial=-1)) + 1)}


def _status(need: float, served: float, at_most: float, smallest: float, persons_open: bool, recorded: bool) -> str:
    if not recorded:
        return UNKNOWN
    if need - served < smallest - TOLERANCE:
        if persons_open:
            return UNKNOWN  # more may be in need than is known
        return COVERED if need - served <= TOLERANCE * max(1.0, need) else TIGHT
    return UNKNOWN if need - at_most < smallest - TOLERANCE else GAP


def _fill(row: Row, taking: NDArray[np.bool_], shortfalls: list[Shortfall], units: pd.DataFrame, level: str) -> None:
    by_area = {short.area_id: short.status for short in shortfalls}
    ids = units[id_column(level)].to_numpy(object)
    status = np.array([by_area.get(area, UNKNOWN) for area in ids], dtype=object)
    status[~taking] = UNKNOWN
    if row.distance is not None:
        status[row.distance == GAP] = None  # their gap is the way; places are not the question
    status[row.high == 0] = NOT_APPLICABLE
    row.capacity = status
