# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Dimension space: is a facility of the service within the limit of the way?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.gaps.rights import Rights, rights_of
from dableiben.gaps.rows import Row
from dableiben.gaps.status import COVERED, GAP, NOT_APPLICABLE, NOT_RATED, UNKNOWN
from dableiben.gaps.ways import Nearest, Ways

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Offer:
    """Facilities of a service, as rows of the table of facilities, and what its ways are.

    certain, possible   rows with a place; `recorded` whether any source speaks about its kinds
    unplaced            rows without a place, certain or possible
    nearest             mode -> nearest certain facility that may be used; `nearest_possible` likewise
    rights              who may use which
    served              units inside a service area of a certain facility; `maybe_served` of a possible one
    """

    certain: Ints
    possible: Ints
    unplaced: Ints
    recorded: bool
    nearest: dict[str, Nearest]
    nearest_possible: dict[str, Nearest]
    rights: Rights
    served: Bools
    maybe_served: Bools


def find_offer(
    service_kinds: tuple[str, ...],
    facilities: pd.DataFrame,
    units: pd.DataFrame,
    recorded: frozenset[str],
    ways: Ways | None,
    *,
    use: str,
    level: str,
) -> Offer:
    """Facilities that serve a service and the ways to the nearest of them that may be used."""
    mine = facilities["kind"].isin(service_kinds).to_numpy(bool)
    placed = facilities["x_m"].notna().to_numpy(bool)
    sure = ~facilities["possible"].to_numpy(bool)
    certain, possible = np.flatnonzero(mine & placed & sure), np.flatnonzero(mine & placed & ~sure)
    rights = rights_of(facilities, np.flatnonzero(mine), units, use=use, level=level)
    # A service that comes to the house is reached where it says it comes; its office may be anywhere.
    by_way = rights if use != "service_area" else Rights({}, frozenset())
    modes = ways.modes if ways is not None else ()
    nearest = {m: by_way.nearest(ways, m, certain) for m in modes} if ways is not None else {}
    maybe = {m: by_way.nearest(ways, m, possible) for m in modes} if ways is not None else {}
    return Offer(
        certain,
        possible,
        np.flatnonzero(mine & ~placed),
        bool(set(service_kinds) & recorded),
        nearest,
        maybe,
        rights,
        rights.served(np.flatnonzero(mine & sure), len(units)),
        rights.served(np.flatnonzero(mine & ~sure), len(units)),
    )


def judge_distance(row: Row, offer: Offer, ways: Ways | None, *, use: str) -> None:
    """Fill status_distance and the reasons of a row (see docs/method.md, 'Status des Weges').

    Law: a facility that is closed never turns a gap into covered; within the limit means minutes <= limit.
    """
    size = len(row.best)
    row.distance = np.full(size, NOT_RATED, dtype=object)
    row.reason = np.full(size, None, dtype=object)
    if use == "service_area":
        _judge_service_area(row, offer)
        _nobody(row)
        return
    if row.limit is None or not row.modes:
        return
    if ways is None:
        _unknown(row, np.ones(size, bool), "no_street_file")
        _nobody(row)
        return
    within = {m: row.limit.minutes[m] for m in row.modes}
    covered = _any(offer.nearest[m].minutes <= within[m] for m in row.modes)
    possible = _any(offer.nearest_possible[m].minutes <= within[m] for m in row.modes)
    edge = _any(ways.edge_minutes(m) <= within[m] for m in row.modes)
    linked = _any(ways.linked(m) for m in row.modes)
    row.distance[:] = GAP
    if len(offer.unplaced):
        _unknown(row, np.ones(size, bool), "place_missing")
    _unknown(row, edge, "data_edge")
    _unknown(row, possible, "possible_only")
    _unknown(row, ~linked, "no_streets")
    if not offer.recorded:
        _unknown(row, np.ones(size, bool), "kind_not_recorded")
    row.distance[covered] = COVERED
    row.reason[covered] = None
    _nobody(row)


def _judge_service_area(row: Row, offer: Offer) -> None:
    assert row.distance is not None
    if row.limit is not None:
        row.distance[:] = GAP
        _unknown(row, offer.maybe_served, "possible_only")
        if offer.rights.unsaid:
            _unknown(row, np.ones(len(row.best), bool), "service_area_missing")
        if not offer.recorded:
            _unknown(row, np.ones(len(row.best), bool), "kind_not_recorded")
    row.distance[offer.served] = COVERED
    row.reason[offer.served] = None


def _any(masks: object) -> Bools:
    return np.asarray(np.logical_or.reduce(list(masks)))  # type: ignore[call-overload]


def _unknown(row: Row, mask: Bools, reason: str) -> None:
    assert row.distance is not None
    row.distance[mask] = UNKNOWN
    row.reason[mask] = reason


def _nobody(row: Row) -> None:
    assert row.distance is not None
    nobody = row.high == 0
    row.distance[nobody] = NOT_APPLICABLE
    row.reason[nobody] = None


def best_minutes(row: Row, offer: Offer) -> NDArray[np.float64]:
    """Minutes of the fastest mode of the row to the nearest facility; NaN out of reach."""
    if not row.modes or not offer.nearest:
        return np.full(len(row.best), np.nan)
    stacked = np.array([offer.nearest[m].minutes for m in row.modes])
    return np.asarray(np.where(np.isnan(stacked).all(axis=0), np.nan, np.nanmin(_filled(stacked), axis=0)))


def _filled(stacked: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isnan(stacked), np.inf, stacked)
