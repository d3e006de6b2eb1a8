# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Cause capacity: do the places that people may use and can reach suffice for those in need?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.levels import id_column
from dableiben.gaps.assignment import Assignment, assign
from dableiben.gaps.distance import Offer
from dableiben.gaps.rows import Row
from dableiben.gaps.status import COVERED, GAP, NOT_APPLICABLE, NOT_RATED, TIGHT, UNKNOWN
from dableiben.gaps.ways import Ways
from dableiben.supply.places import Places, places_of, unknown_where

Bools = NDArray[np.bool_]
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


@dataclass(frozen=True)
class CapacityRule:
    """How places are shared out and judged, from the cards of the service and of the assessment."""

    use: str
    level: str
    """level of the balance"""
    smallest: float
    """shortfalls below this are tight"""
    tight_share: float
    """utilisation of the facilities within reach from which covered is tight"""
    places_per_person: float
    """of the norm; under 1 while an entitlement is phased in (only some of the grades have it)"""


@dataclass(frozen=True)
class _Round:
    """One assignment: who asks (need by row and unit), which sites there are, and who may use which."""

    units: pd.DataFrame
    facilities: pd.DataFrame
    asks: Bools
    """shape (rows, units)"""
    need: Floats
    """shape (rows, units)"""
    sites: Ints
    """rows of the facilities, ascending"""
    places: Places
    row: Ints
    """pairs: row * units + unit"""
    site: Ints
    """pairs: position in `sites`"""

    def ids(self, level: str) -> NDArray[np.object_]:
        """Area of a level for each unit."""
        return np.asarray(self.units[id_column(level)].to_numpy(object), dtype=object)


def judge_capacity(
    rows: list[Row],
    offer: Offer,
    facilities: pd.DataFrame,
    units: pd.DataFrame,
    ways: Ways | None,
    rule: CapacityRule,
) -> list[Shortfall]:
    """Assign the need of all rows together and fill status_capacity and reachable_places.

    Rows judged in a distance gap, or whose way is unknown, take part in nothing here: their need is a gap of
    its own, or cannot be said. Law: places are conserved; a closed facility never helps.
    """
    if not len(units):
        return []
    asked = _round(rows, offer, facilities, units, ways, rule)
    priority = _priority(asked, rule.use)
    need = asked.need.ravel()
    least = assign(need, asked.places.known, asked.row, asked.site, priority=priority)
    most = least
    if asked.places.unknown.any():
        bound = np.minimum(asked.places.at_most, need.sum() + 1.0)
        most = assign(need, bound, asked.row, asked.site, priority=priority)
    unsaid = np.logical_or.reduce([np.isnan(row.best) for row in rows])
    shortfalls = _by_area(asked, least, most, unsaid, rule, recorded=offer.recorded)
    reach = _reachable(asked)
    for position, row in enumerate(rows):
        known = asked.asks[position] | np.asarray(row.distance == GAP)
        row.reachable_places = np.where(known, reach[position], np.nan)
        _fill(row, asked.asks[position], shortfalls, asked.ids(rule.level))
    return shortfalls


def _round(
    rows: list[Row],
    offer: Offer,
    facilities: pd.DataFrame,
    units: pd.DataFrame,
    ways: Ways | None,
    rule: CapacityRule,
) -> _Round:
    asks = np.array([_asks(row) for row in rows])
    need = np.array([np.where(a, np.nan_to_num(row.best), 0.0) for row, a in zip(rows, asks, strict=True)])
    sites = np.sort(np.concatenate([offer.certain, offer.possible, offer.unplaced]))
    places = places_of(facilities.iloc[sites])
    if rule.use == "service_area":  # who does not say whom it serves may serve anybody or nobody
        places = unknown_where(places, np.isin(sites, sorted(offer.rights.unsaid)))
    keys = []
    for position, row in enumerate(rows):
        unit, site = _may_use(row, offer, sites, facilities, units, ways, rule)
        kept = asks[position][unit]
        keys.append((unit[kept] + position * len(units)) * max(1, len(sites)) + site[kept])
    pairs = np.unique(np.concatenate(keys))
    row_of, site_of = pairs // max(1, len(sites)), pairs % max(1, len(sites))
    return _Round(units, facilities, asks, need * rule.places_per_person, sites, places, row_of, site_of)


def _asks(row: Row) -> Bools:
    """Units whose need asks for places; without a street file nobody's way is known, and areas are balanced."""
    needed = np.nan_to_num(row.best) > 0
    if row.distance is None:
        return needed
    way = (row.distance == COVERED) | (row.distance == NOT_RATED) | (row.reason == "no_street_file")
    return np.asarray(needed & way)


def _may_use(
    row: Row,
    offer: Offer,
    sites: Ints,
    facilities: pd.DataFrame,
    units: pd.DataFrame,
    ways: Ways | None,
    rule: CapacityRule,
) -> tuple[Ints, Ints]:
    """Units and positions in `sites`: within the limit by a mode of the row, else in the same area; by the rights."""
    if rule.use == "service_area":
        return _by_service_area(sites, offer, len(units))
    if ways is not None and row.limit is not None and row.modes:
        placed = sites[facilities["x_m"].notna().to_numpy(bool)[sites]]
        found = [offer.rights.within(ways, mode, placed, row.limit.minutes[mode]) for mode in row.modes]
        unit = np.concatenate([pairs.unit for pairs in found])
        return unit, np.searchsorted(sites, np.concatenate([pairs.facility for pairs in found]))
    unit, site = _same_area(sites, facilities, units, rule.level)
    allowed = offer.rights.allows(unit, sites[site])
    return unit[allowed], site[allowed]


def _by_service_area(sites: Ints, offer: Offer, size: int) -> tuple[Ints, Ints]:
    """Units and positions in `sites` of the services that come to them, or do not say whether they do."""
    everybody = np.ones(size, bool)
    masks = [everybody if row in offer.rights.unsaid else offer.rights.only[row] for row in sites.tolist()]
    if not masks:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    site, unit = np.nonzero(np.array(masks))
    return unit, site


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


def _priority(asked: _Round, use: str) -> Ints:
    """0 = served first. municipality_first: residents of the facility's municipality before others."""
    if use != "municipality_first" or not len(asked.row):
        return np.zeros(len(asked.row), np.int64)
    count = len(asked.units)
    every = [*asked.units["municipality_id"].tolist(), *asked.facilities["municipality_id"].tolist()]
    code = pd.factorize(pd.Series(every, dtype=object))[0]  # -1 = no municipality known
    home, place = code[asked.row % count], code[count + asked.sites[asked.site]]
    return np.where((home == place) & (home >= 0), 0, 1).astype(np.int64)


def _reachable(asked: _Round) -> Floats:
    """Usable places each row may use, shape (rows, units); NaN where a facility of unknown size is among them."""
    size = asked.need.size
    known = np.bincount(asked.row, weights=asked.places.known[asked.site], minlength=size)
    unknown = np.bincount(asked.row, weights=asked.places.unknown[asked.site].astype(float), minlength=size)
    return np.where(unknown > 0, np.nan, known).reshape(asked.need.shape)


def _by_area(
    asked: _Round, least: Assignment, most: Assignment, unsaid: Bools, rule: CapacityRule, *, recorded: bool
) -> list[Shortfall]:
    """One balance per area of the level in which somebody asks for a place."""
    inside = asked.units["inside"].to_numpy(bool)
    ids = asked.ids(rule.level)
    numbers, areas = pd.factorize(pd.Series(ids).where(asked.asks.any(axis=0) & inside, None), sort=True)
    home = asked.facilities[id_column(rule.level)].to_numpy(object)[asked.sites]
    reached = _reached(numbers, asked)
    tables = [asked.need, *(part.served_persons.reshape(asked.need.shape) for part in (least, most))]
    unknown_at = asked.places.unknown
    result = []
    for number, area in enumerate(areas):
        mine, here = np.flatnonzero(numbers == number), reached[number]
        needed, served, at_most = (float(table[:, mine].sum()) for table in tables)
        unknown = here[unknown_at[here]]
        if not len(unknown) and at_most - served > TOLERANCE:
            # Relief comes from facilities that only the neighbours reach, who then leave their places.
            unknown = np.flatnonzero(unknown_at)
        status = _status(needed, served, at_most, rule.smallest)
        if not recorded or (status != GAP and unsaid[inside & (ids == area)].any()):
            status = UNKNOWN  # more may be in need than is known
        if status == COVERED and not len(unknown) and _used_share(least, asked.places, here) >= rule.tight_share:
            status = TIGHT
        cause = ("capacity" if len(here) or (home == area).any() else "absent") if status == GAP else None
        unknown_ids = tuple(sorted(asked.facilities["facility_id"].iloc[asked.sites[unknown]]))
        result.append(Shortfall(str(area), needed, served, at_most, status, cause, unknown_ids, mine))
    return result


def _used_share(assigned: Assignment, places: Places, here: Ints) -> float:
    """Utilisation of some sites together; 0 where they have no places."""
    there = float(places.known[here].sum())
    return float(assigned.used_places[here].sum()) / there if there > 0 else 0.0


def _reached(numbers: Ints, asked: _Round) -> dict[int, Ints]:
    """Positions of the sites that people of an area may use, by number of the area."""
    sites = max(1, len(asked.sites))
    keys = np.unique(numbers[asked.row % len(asked.units)] * sites + asked.site)
    area, site = keys // sites, keys % sites
    return {number: site[area == number] for number in range(int(numbers.max(initial=-1)) + 1)}


def _status(need: float, served: float, at_most: float, smallest: float) -> str:
    if need - served < smallest - TOLERANCE:
        return COVERED if need - served <= TOLERANCE * max(1.0, need) else TIGHT
    return UNKNOWN if need - at_most < smallest - TOLERANCE else GAP


def _fill(row: Row, asks: Bools, shortfalls: list[Shortfall], ids: NDArray[np.object_]) -> None:
    by_area = {short.area_id: short.status for short in shortfalls}
    status = np.array([by_area.get(area, UNKNOWN) for area in ids], dtype=object)
    status[~asks] = UNKNOWN
    if row.distance is not None:
        status[row.distance == GAP] = None  # their gap is the way; places are not the question
    status[row.high == 0] = NOT_APPLICABLE
    row.capacity = status
