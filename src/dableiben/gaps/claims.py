# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Who asks for a place, which places there are, and who may use which: what the assignment shares out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.levels import id_column
from dableiben.gaps.offer import Offer
from dableiben.gaps.rows import WITH_CAR, WITHOUT_CAR, Row
from dableiben.gaps.status import COVERED, NOT_RATED
from dableiben.gaps.ways import Ways, ways_for
from dableiben.supply.places import Places, places_of, unknown_where
from dableiben.supply.whereabouts import may_lie_in

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
class Claims:
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
    outside: Bools
    """shape (rows, units): places that are not in the data may be within reach (the data end there)"""
    nowhere: Bools
    """sites of which it is not known where they are, shape (sites,)"""

    def ids(self, level: str) -> NDArray[np.object_]:
        """Area of a level for each unit."""
        return np.asarray(self.units[id_column(level)].to_numpy(object), dtype=object)


def claims_of(
    rows: list[Row],
    offer: Offer,
    facilities: pd.DataFrame,
    units: pd.DataFrame,
    ways: Ways | None,
    rule: CapacityRule,
) -> Claims:
    """The claims of all rows of a service together, with their best number of persons."""
    asks = np.array([_asks(row) for row in rows])
    sites = offer.rows
    by_way = [ways is not None and row.limit is not None and bool(row.modes) for row in rows]
    going = [row for row, way in zip(rows, by_way, strict=True) if way]
    loose = {
        True: _loose_by_way(going, offer, sites, facilities, units, ways),
        False: {} if all(by_way) else may_lie_in(facilities.iloc[sites], units, rule.level),
    }
    places = places_of(facilities.iloc[sites])
    nowhere = np.isin(np.arange(len(sites)), sorted({*loose[True], *loose[False]}))
    if rule.use == "service_area":  # who does not say whom it serves may serve anybody or nobody
        nowhere = np.zeros(len(sites), bool)
        places = unknown_where(places, np.isin(sites, sorted(offer.rights.unsaid)))
    places = unknown_where(places, nowhere)
    keys = []
    for position, row in enumerate(rows):
        unit, site = _may_use(row, offer, sites, loose[by_way[position]], facilities, units, ways, rule)
        kept = asks[position][unit]
        keys.append((unit[kept] + position * len(units)) * max(1, len(sites)) + site[kept])
    pairs = np.unique(np.concatenate(keys))
    row_of, site_of = pairs // max(1, len(sites)), pairs % max(1, len(sites))
    outside = np.array([_outside(row, ways, rule) for row in rows])
    bare = Claims(units, facilities, asks, asks * 0.0, sites, places, row_of, site_of, outside, nowhere)
    return replace(bare, need=need_of(rows, asks, rule))


def need_of(rows: list[Row], asks: Bools, rule: CapacityRule, *, carless: str = "best") -> Floats:
    """Places asked for, shape (rows, units), with the best, the low or the high number of households without a car."""
    opposite = {"low": "high", "high": "low", "best": "best"}
    ends = {WITHOUT_CAR: carless, WITH_CAR: opposite[carless]}
    persons = np.array([getattr(row, ends.get(row.suffix, "best")) for row in rows])
    return np.where(asks, np.nan_to_num(persons), 0.0) * rule.places_per_person


def _asks(row: Row) -> Bools:
    """Units whose need asks for places; without a street file nobody's way is known, and areas are balanced."""
    needed = np.nan_to_num(row.high) > 0
    if row.distance is None:
        return needed
    way = (row.distance == COVERED) | (row.distance == NOT_RATED) | (row.reason == "no_street_file")
    return np.asarray(needed & way)


def _outside(row: Row, ways: Ways | None, rule: CapacityRule) -> Bools:
    """Units from which places beyond the edge of the data may be within the limit."""
    found, measure = np.zeros(len(row.best), bool), ways_for(row.limit, ways)
    if measure is not None and row.limit is not None and rule.use != "service_area":
        for mode in row.modes:
            found |= measure.edge_minutes(mode) <= row.limit.minutes[mode]
    return found


def _loose_by_way(
    rows: list[Row], offer: Offer, sites: Ints, facilities: pd.DataFrame, units: pd.DataFrame, ways: Ways | None
) -> dict[int, Bools]:
    """Sites to which no way can be computed, by position in `sites`, with the units that might use them.

    Who would be there within the limit as the crow flies: from where it stands, if it is too far from any street;
    from the homes of its municipality, if it has no place; everybody, if even the municipality is not known.
    """
    if not rows or ways is None:
        return {}
    points = units[["x_m", "y_m"]].to_numpy(float)
    homes, municipality = facilities["municipality_id"].to_numpy(object), units["municipality_id"].to_numpy(object)
    found = {row: points[municipality == homes[row]] for row in offer.unplaced.tolist()}
    masks = {row: np.full(len(units), not len(near)) for row, near in found.items()}
    for asked in rows:
        assert asked.limit is not None
        measure = ways_for(asked.limit, ways) or ways
        for mode in asked.modes:
            spots = found | {row: offer.points[[row]] for row in offer.off_street[mode].tolist()}
            for row, near in spots.items():
                reach = measure.may_reach(mode, near, asked.limit.minutes[mode])
                masks[row] = masks.get(row, False) | reach
    return {int(np.searchsorted(sites, row)): mask for row, mask in masks.items() if mask.any()}


def _may_use(
    row: Row,
    offer: Offer,
    sites: Ints,
    loose: dict[int, Bools],
    facilities: pd.DataFrame,
    units: pd.DataFrame,
    ways: Ways | None,
    rule: CapacityRule,
) -> tuple[Ints, Ints]:
    """Units and positions in `sites`: within the limit by a mode of the row, else in the same area; by the rights.

    Sites of which the place is not known may be used wherever they may be.
    """
    if rule.use == "service_area":
        return _by_service_area(sites, offer, len(units))
    if ways is not None and row.limit is not None and row.modes:
        placed = sites[facilities["x_m"].notna().to_numpy(bool)[sites]]
        measure = ways_for(row.limit, ways) or ways
        found = [offer.rights.within(measure, mode, placed, row.limit.minutes[mode]) for mode in row.modes]
        unit = np.concatenate([pairs.unit for pairs in found])
        site = np.searchsorted(sites, np.concatenate([pairs.facility for pairs in found]))
    else:
        unit, site = _same_area(sites, facilities, units, rule.level)
    more = [np.flatnonzero(mask) for mask in loose.values()]
    unit = np.concatenate([unit, *more]).astype(np.int64)
    site = np.concatenate([site, *(np.full(len(m), n) for n, m in zip(loose, more, strict=True))]).astype(np.int64)
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


def priority_of(claims: Claims, use: str) -> Ints:
    """0 = served first. municipality_first: residents of the facility's municipality before others."""
    if use != "municipality_first" or not len(claims.row):
        return np.zeros(len(claims.row), np.int64)
    count = len(claims.units)
    every = [*claims.units["municipality_id"].tolist(), *claims.facilities["municipality_id"].tolist()]
    code = pd.factorize(pd.Series(every, dtype=object))[0]  # -1 = no municipality known
    home, place = code[claims.row % count], code[count + claims.sites[claims.site]]
    return np.where((home == place) & (home >= 0), 0, 1).astype(np.int64)


def reachable_places(claims: Claims) -> Floats:
    """Usable places each row may use, shape (rows, units); NaN where a facility of unknown size is among them."""
    size = claims.need.size
    known = np.bincount(claims.row, weights=claims.places.known[claims.site], minlength=size)
    unknown = np.bincount(claims.row, weights=claims.places.unknown[claims.site].astype(float), minlength=size)
    return np.where(unknown > 0, np.nan, known).reshape(claims.need.shape)
