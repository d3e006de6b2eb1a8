# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Cause capacity: do the places that people may use and can reach suffice for those in need?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.levels import id_column
from dableiben.gaps.assignment import Assignment, assign
from dableiben.gaps.claims import CapacityRule, Claims, claims_of, need_of, priority_of, reachable_places
from dableiben.gaps.offer import Offer
from dableiben.gaps.rows import Row
from dableiben.gaps.status import COVERED, GAP, NOT_APPLICABLE, TIGHT, UNKNOWN
from dableiben.gaps.ways import Ways
from dableiben.supply.places import Places

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
    missing: tuple[float, float, float]
    """low: facilities of unknown size at their licensed places, or as large as needed; best and high: at none"""
    status: str
    cause: str | None
    reason: str | None
    """of an unknown status: which kind of entry is missing"""
    unknown_ids: tuple[str, ...]
    units: Ints
    share_known: bool = True
    """False: the interval of `missing` also runs over the unknown share of households without a car"""


@dataclass(frozen=True)
class _Result:
    """Persons served by row and unit: counting only what is known; with unknown sizes at most; and with places
    beyond the edge of the data as well."""

    least: Assignment
    most: Assignment
    beyond: Assignment


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
    its own, or cannot be said. Where the share of households without a car is unknown, both its ends are assigned:
    where they disagree, the answer is unknown. Law: places are conserved; a closed facility never helps.
    """
    if not len(units) or not rows:
        return []
    claims = claims_of(rows, offer, facilities, units, ways, rule)
    unsaid = np.logical_or.reduce([np.isnan(row.best) for row in rows])
    shares = ["best"] if all(row.share_known for row in rows) else ["best", "low", "high"]
    judged = []
    for carless in shares:
        asked = replace(claims, need=need_of(rows, claims.asks, rule, carless=carless))
        judged.append(_by_area(asked, _assigned(asked, rule), unsaid, rule, offer))
    shortfalls = [_together(one) for one in zip(*judged, strict=True)]
    reach = reachable_places(claims)
    for position, row in enumerate(rows):
        known = claims.asks[position] | np.asarray(row.distance == GAP)
        row.reachable_places = np.where(known, reach[position], np.nan)
        _fill(row, claims.asks[position], shortfalls, claims.ids(rule.level))
    return shortfalls


def _assigned(asked: Claims, rule: CapacityRule) -> _Result:
    priority = priority_of(asked, rule.use)
    need = asked.need.ravel()
    least = assign(need, asked.places.known, asked.row, asked.site, priority=priority)
    most, bound = least, asked.places.known
    if asked.places.unknown.any():
        bound = np.minimum(asked.places.at_most, need.sum() + 1.0)
        most = assign(need, bound, asked.row, asked.site, priority=priority)
    edge = np.flatnonzero(asked.outside.ravel() & (need > 0))
    if not len(edge) or need.sum() - most.served_persons.sum() <= TOLERANCE:
        return _Result(least, most, most)
    # One more site, as large as needed, for whoever reaches the edge of the data; last in line.
    beyond = assign(
        need, np.append(bound, need.sum() + 1.0), np.concatenate([asked.row, edge]),
        np.concatenate([asked.site, np.full(len(edge), len(bound))]),
        priority=np.concatenate([priority, np.full(len(edge), priority.max(initial=0), np.int64)]),
    )  # fmt: skip
    return _Result(least, most, beyond)


def _by_area(asked: Claims, found: _Result, unsaid: Bools, rule: CapacityRule, offer: Offer) -> list[Shortfall]:
    """One balance per area of the level in which somebody asks for a place."""
    inside = asked.units["inside"].to_numpy(bool)
    ids = asked.ids(rule.level)
    numbers, areas = pd.factorize(pd.Series(ids).where(asked.asks.any(axis=0) & inside, None), sort=True)
    home = asked.facilities[id_column(rule.level)].to_numpy(object)[asked.sites]
    reached = _reached(numbers, asked)
    served = [part.served_persons.reshape(asked.need.shape) for part in (found.least, found.most, found.beyond)]
    result = []
    for number, area in enumerate(areas):
        mine, here = np.flatnonzero(numbers == number), reached[number]
        needed, least, most, beyond = (float(table[:, mine].sum()) for table in (asked.need, *served))
        if needed - most >= rule.smallest - TOLERANCE and asked.places.unknown.any():
            alone = min(needed, _favoured(asked, mine), least + _all_unknown(asked))
            if alone - most > TOLERANCE:  # less is rounding of the assignment and no interval
                most, beyond = alone, max(beyond, alone)
        unknown = _unknown_sites(asked, here, relief=most - least > TOLERANCE)
        status = _status(needed, least, most, rule.smallest)
        reason = _reason_of_places(asked, unknown) if status == UNKNOWN else None
        if status == GAP and needed - beyond < rule.smallest - TOLERANCE:
            status, reason = UNKNOWN, "data_edge"
        if status == GAP and not offer.recorded:
            status, reason = UNKNOWN, "kind_not_recorded"
        if status != GAP and unsaid[inside & (ids == area)].any():
            status, reason = UNKNOWN, reason or "age_unknown"  # more may be in need than is known
        if status == COVERED and not len(unknown) and _used_share(found.least, asked.places, here) >= rule.tight_share:
            status = TIGHT
        cause = ("capacity" if len(here) or (home == area).any() else "absent") if status == GAP else None
        names = tuple(sorted(asked.facilities["facility_id"].iloc[asked.sites[unknown]]))
        missing = (max(0.0, needed - beyond), needed - least, needed - least)
        result.append(Shortfall(str(area), needed, least, missing, status, cause, reason, names, mine))
    return result


def _favoured(asked: Claims, mine: Ints) -> float:
    """Persons of some units that would be served if nobody else asked, with unknown sizes at most.

    The shares of `most` are even over all areas; but where the unknown places are, one area may have them all.
    """
    need = np.zeros(asked.need.shape)
    need[:, mine] = asked.need[:, mine]
    bound = np.minimum(asked.places.at_most, need.sum() + 1.0)
    ours = np.isin(asked.row % len(asked.units), mine)
    return float(assign(need.ravel(), bound, asked.row[ours], asked.site[ours]).served_persons.sum())


def _all_unknown(asked: Claims) -> float:
    """Places of unknown size at most: more than these cannot come to those who are served already."""
    used = np.unique(asked.site)
    return float(asked.places.at_most[used][asked.places.unknown[used]].sum())


def _unknown_sites(asked: Claims, here: Ints, *, relief: bool) -> Ints:
    """Sites of unknown size that an area's people may use; with relief from elsewhere, all of unknown size."""
    unknown = here[asked.places.unknown[here]]
    # Relief may come from facilities that only the neighbours reach, who then leave their places.
    return np.flatnonzero(asked.places.unknown) if relief and not len(unknown) else unknown


def _reason_of_places(asked: Claims, unknown: Ints) -> str:
    """Which entry is missing: where a facility is, or, if that is known of all, how many places it has."""
    return "place_missing" if asked.nowhere[unknown].any() else "capacity_missing"


def _together(scenarios: tuple[Shortfall, ...]) -> Shortfall:
    """One balance of those for the best, the lowest and the highest share of households without a car."""
    best = scenarios[0]
    words = {one.status for one in scenarios}
    if len(scenarios) == 1:
        return best
    if GAP in words and words != {GAP}:
        return replace(best, status=UNKNOWN, cause=None, reason="carless_unknown", share_known=False)
    ends = [value for one in scenarios for value in one.missing]
    worst = next(word for word in (GAP, UNKNOWN, TIGHT, COVERED) if word in words)
    reason = next((one.reason for one in scenarios if one.status == worst), None)
    certain = max(ends) - min(ends) <= TOLERANCE
    missing = best.missing if certain else (min(ends), best.missing[1], max(ends))
    return replace(best, status=worst, reason=reason, missing=missing, share_known=certain)


def _used_share(assigned: Assignment, places: Places, here: Ints) -> float:
    """Utilisation of some sites together; 0 where they have no places."""
    there = float(places.known[here].sum())
    return float(assigned.used_places[here].sum()) / there if there > 0 else 0.0


def _reached(numbers: Ints, asked: Claims) -> dict[int, Ints]:
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
