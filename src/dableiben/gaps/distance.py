# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Dimension space: is a facility of the service within the limit of the way?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from dableiben.gaps.offer import Offer
from dableiben.gaps.rows import Row
from dableiben.gaps.status import COVERED, GAP, NOT_APPLICABLE, NOT_RATED, UNKNOWN, Words
from dableiben.gaps.ways import Ways

Bools = NDArray[np.bool_]


def judge_distance(row: Row, offer: Offer, ways: Ways | None, *, use: str) -> None:
    """Fill status_distance and the reasons of a row (see docs/method.md, 'Status des Weges').

    Law: a facility that is closed never turns a gap into covered; within the limit means minutes <= limit.
    """
    size = len(row.best)
    row.distance = np.full(size, NOT_RATED, dtype=object)
    row.reason = np.full(size, None, dtype=object)
    modes = row.modes or row.beyond
    if use == "service_area":
        row.distance, row.reason = status_of_service_area(offer, size, judged=row.limit is not None)
    elif row.limit is not None and modes:
        row.distance, row.reason = status_of_way(offer, ways, {m: row.limit.minutes[m] for m in modes}, size)
        if not row.modes:
            # Reached by a mode these households do not have: the limit says nothing about them.
            reached = row.distance == COVERED
            row.distance[reached] = NOT_RATED
    _nobody(row)


def status_of_way(offer: Offer, ways: Ways | None, within: Mapping[str, float], size: int) -> tuple[Words, Words]:
    """Status and reason of each unit for the best of some modes, each with its limit in minutes.

    A gap only where nothing that is not known could lie within the limit: a facility without a place or without a
    street, a facility that may be of the kind, one beyond the edge of the data, a kind that nobody records.
    """
    status, reason = np.full(size, GAP, dtype=object), np.full(size, None, dtype=object)
    for why, where in unsure_of_way(offer, ways, within, size).items():
        status[where], reason[where] = UNKNOWN, why
    if ways is not None:
        covered = _any((offer.nearest[m].minutes <= limit for m, limit in within.items()), size)
        status[covered], reason[covered] = COVERED, None
    return status, reason


def unsure_of_way(offer: Offer, ways: Ways | None, within: Mapping[str, float], size: int) -> dict[str, Bools]:
    """Units for which something not known could lie within the limit, by reason; of several, the last counts."""
    if ways is None:
        return {"no_street_file": np.ones(size, bool)}
    limits = within.items()
    off_street = (ways.may_reach(m, offer.points[offer.off_street[m]], limit) for m, limit in limits)
    return {
        "place_missing": np.full(size, len(offer.unplaced) > 0),
        "off_street": _any(off_street, size),
        "data_edge": _any((ways.edge_minutes(m) <= limit for m, limit in limits), size),
        "possible_only": _any((offer.nearest_possible[m].minutes <= limit for m, limit in limits), size),
        "no_streets": ~_any((ways.linked(m) for m in within), size) if within else np.zeros(size, bool),
        "kind_not_recorded": np.full(size, not offer.recorded),
    }


def status_of_service_area(offer: Offer, size: int, *, judged: bool) -> tuple[Words, Words]:
    """The same for services that come to the house; without a limit (not judged) only who is served is known."""
    status = np.full(size, GAP if judged else NOT_RATED, dtype=object)
    reason = np.full(size, None, dtype=object)
    if judged:
        for mask, why in (
            (offer.maybe_served, "possible_only"),
            (np.full(size, bool(offer.rights.unsaid)), "service_area_missing"),
            (np.full(size, not offer.recorded), "kind_not_recorded"),
        ):
            status[mask], reason[mask] = UNKNOWN, why
    status[offer.served], reason[offer.served] = COVERED, None
    return status, reason


def _any(masks: Iterable[Bools], size: int) -> Bools:
    return np.asarray(np.logical_or.reduce([np.zeros(size, bool), *masks]))


def _nobody(row: Row) -> None:
    assert row.distance is not None
    nobody = row.high == 0
    row.distance[nobody] = NOT_APPLICABLE
    row.reason[nobody] = None


def best_minutes(row: Row, offer: Offer) -> NDArray[np.float64]:
    """Minutes of the fastest judged mode of the row to the nearest facility; NaN out of reach."""
    modes = row.modes or row.beyond
    if not modes or not offer.nearest:
        return np.full(len(row.best), np.nan)
    stacked = np.array([offer.nearest[m].minutes for m in modes])
    return np.asarray(np.where(np.isnan(stacked).all(axis=0), np.nan, np.nanmin(_filled(stacked), axis=0)))


def _filled(stacked: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isnan(stacked), np.inf, stacked)
