# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Dimension space: is a facility of the service within the limit of the way?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.levels import LEVELS, id_column
from dableiben.gaps.rows import Row
from dableiben.gaps.status import COVERED, GAP, NOT_APPLICABLE, NOT_RATED, UNKNOWN, Words
from dableiben.gaps.ways import Nearest, Ways

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Offer:
    """Facilities of a service, as rows of the table of facilities, and what its ways are.

    certain, possible   rows with a place; `recorded` whether any source speaks about its kinds
    nearest             mode -> nearest certain facility; `nearest_possible` mode -> nearest possible one
    served              units inside a known service area; None where the kind has no service areas
    area_unknown        a facility with service areas does not say which
    """

    certain: Ints
    possible: Ints
    unplaced: Ints
    recorded: bool
    nearest: dict[str, Nearest]
    nearest_possible: dict[str, Nearest]
    served: Bools | None
    area_unknown: bool


def find_offer(
    service_kinds: tuple[str, ...],
    use: str,
    facilities: pd.DataFrame,
    units: pd.DataFrame,
    recorded: frozenset[str],
    ways: Ways | None,
) -> Offer:
    """Facilities that serve a service and the ways to the nearest of them."""
    mine = facilities["kind"].isin(service_kinds).to_numpy(bool)
    placed = facilities["x_m"].notna().to_numpy(bool)
    sure = ~facilities["possible"].to_numpy(bool)
    certain, possible = np.flatnonzero(mine & placed & sure), np.flatnonzero(mine & placed & ~sure)
    modes = ways.modes if ways is not None else ()
    nearest = {m: ways.nearest(m, certain) for m in modes} if ways is not None else {}
    maybe = {m: ways.nearest(m, possible) for m in modes} if ways is not None else {}
    served, unknown = None, False
    if use == "service_area":
        served, unknown = _served(facilities[mine & sure], units)
    return Offer(
        certain,
        possible,
        np.flatnonzero(mine & ~placed),
        bool(set(service_kinds) & recorded),
        nearest,
        maybe,
        served,
        unknown,
    )


def _served(offers: pd.DataFrame, units: pd.DataFrame) -> tuple[Bools, bool]:
    served = np.zeros(len(units), dtype=bool)
    unknown = False
    ids = [units[id_column(level)] for level in LEVELS]
    for areas, lost in zip(offers["service_area_ids"], offers["service_area_unknown"], strict=True):
        if areas is None or isinstance(areas, float):
            unknown = True
            continue
        unknown |= bool(lost)
        for column in ids:
            served |= column.isin(list(areas)).to_numpy(bool)
    return served, unknown


def judge_distance(row: Row, offer: Offer, ways: Ways | None, *, use: str) -> None:
    """Fill status_distance and the reasons of a row (see docs/method.md, 'Status des Weges').

    Law: a facility that is closed never turns a gap into covered; within the limit means minutes <= limit.
    """
    size = len(row.best)
    row.distance = np.full(size, NOT_RATED, dtype=object)
    row.reason = np.full(size, None, dtype=object)
    if row.limit is None and not (use == "service_area" and offer.served is not None and len(offer.certain)):
        return
    if use == "service_area":
        _judge_service_area(row, offer)
        _nobody(row)
        return
    if not row.modes:
        return
    if ways is None:
        _unknown(row, np.ones(size, bool), "no_street_file")
        _nobody(row)
        return
    within = {m: row.limit.minutes[m] for m in row.modes} if row.limit else {}
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
    served = offer.served if offer.served is not None else np.zeros(len(row.best), bool)
    if row.limit is None:
        row.distance[served] = COVERED
        return
    row.distance[:] = GAP
    if offer.area_unknown:
        _unknown(row, np.ones(len(served), bool), "service_area_missing")
    if not offer.recorded:
        _unknown(row, np.ones(len(served), bool), "kind_not_recorded")
    row.distance[served] = COVERED
    row.reason[served] = None


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


__all__ = ["Offer", "Words", "best_minutes", "find_offer", "judge_distance"]
