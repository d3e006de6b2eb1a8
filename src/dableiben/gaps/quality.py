# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Cause quality: a group needs an attribute that the facilities within the limit are known to lack."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.gaps.offer import Offer
from dableiben.gaps.rows import Row
from dableiben.gaps.status import COVERED, GAP, UNKNOWN
from dableiben.gaps.ways import Ways

Bools = NDArray[np.bool_]


def judge_quality(row: Row, offer: Offer, facilities: pd.DataFrame, ways: Ways | None, *, use: str) -> None:
    """Fill row.quality where the way is covered: one facility known to have the attribute is enough;
    all known to lack it is a gap; otherwise unknown. Nothing is judged for groups without such needs.

    What may be in reach and is not known (a possible facility, one without a place, the edge of the data) may
    have the attribute, so it makes unknown, never a gap. Of several attributes the worst answer counts.
    """
    if not row.needs or row.limit is None or ways is None or row.distance is None:
        return
    quality = np.full(len(row.best), None, dtype=object)
    in_reach = row.distance == COVERED
    beyond = np.zeros(len(row.best), bool)
    for mode in row.modes if use != "service_area" else ():
        beyond |= ways.edge_minutes(mode) <= row.limit.minutes[mode]
    placed = np.sort(np.concatenate([offer.certain, offer.possible]))
    for attribute in row.needs:
        has, lacks = known_attribute(facilities, attribute)
        good = _within(row, offer, ways, offer.certain[has[offer.certain]], use)
        unsure = _within(row, offer, ways, placed[~lacks[placed]], use) | beyond | bool((~lacks[offer.unplaced]).any())
        answer = np.where(good, COVERED, np.where(unsure, UNKNOWN, GAP)).astype(object)
        quality[in_reach] = _worse(quality, answer)[in_reach]
        row.lacking[attribute] = in_reach & (answer == GAP)
    row.quality = quality


def _worse(one: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.object_]:
    result = np.full(len(one), COVERED, dtype=object)
    for word in (UNKNOWN, GAP):
        result[(one == word) | (other == word)] = word
    return result


def known_attribute(facilities: pd.DataFrame, attribute: str) -> tuple[Bools, Bools]:
    """Which facilities are known to have an attribute, and which are known to lack it."""
    if attribute == "barrier_free":
        values = facilities["barrier_free"].to_numpy(object)
        return np.array([v is True or v is np.True_ for v in values], bool), np.array(
            [v is False or v is np.False_ for v in values], bool
        )
    nothing = np.zeros(len(facilities), bool)
    return nothing, nothing


def _within(row: Row, offer: Offer, ways: Ways, some: NDArray[np.int64], use: str) -> Bools:
    assert row.limit is not None
    if use == "service_area":
        return offer.rights.served(some.tolist(), len(row.best))
    reached = np.zeros(len(row.best), bool)
    for mode in row.modes:
        reached |= offer.rights.nearest(ways, mode, some).minutes <= row.limit.minutes[mode]
    return reached
