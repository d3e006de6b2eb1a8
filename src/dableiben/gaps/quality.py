# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Cause quality: a group needs an attribute that the facilities within the limit are known to lack."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.gaps.distance import Offer
from dableiben.gaps.rows import Row
from dableiben.gaps.status import COVERED, GAP, UNKNOWN
from dableiben.gaps.ways import Ways

Bools = NDArray[np.bool_]


def judge_quality(row: Row, offer: Offer, facilities: pd.DataFrame, ways: Ways | None) -> None:
    """Fill row.quality where the way is covered: one facility known to have the attribute is enough;
    all known to lack it is a gap; otherwise unknown. Nothing is judged for groups without such needs.
    """
    if not row.needs or row.limit is None or ways is None or row.distance is None:
        return
    quality = np.full(len(row.best), None, dtype=object)
    for attribute in row.needs:
        has, lacks = _known(facilities, attribute)
        good = _within(row, ways, offer.certain[has[offer.certain]])
        bad = _within(row, ways, offer.certain[lacks[offer.certain]])
        open_ = _within(row, ways, offer.certain[~has[offer.certain] & ~lacks[offer.certain]])
        in_reach = row.distance == COVERED
        _worst(quality, in_reach & good, COVERED)
        _worst(quality, in_reach & ~good & open_, UNKNOWN)
        _worst(quality, in_reach & ~good & ~open_ & bad, GAP)
    row.quality = quality


def _worst(quality: NDArray[np.object_], mask: Bools, word: str) -> None:
    order = (None, COVERED, UNKNOWN, GAP)
    for index in np.flatnonzero(mask):
        if order.index(word) > order.index(quality[index]):
            quality[index] = word


def _known(facilities: pd.DataFrame, attribute: str) -> tuple[Bools, Bools]:
    """Which facilities are known to have an attribute, and which are known to lack it."""
    if attribute == "barrier_free":
        values = facilities["barrier_free"].to_numpy(object)
        return np.array([v is True or v is np.True_ for v in values], bool), np.array(
            [v is False or v is np.False_ for v in values], bool
        )
    nothing = np.zeros(len(facilities), bool)
    return nothing, nothing


def _within(row: Row, ways: Ways, some: NDArray[np.int64]) -> Bools:
    assert row.limit is not None
    reached = np.zeros(len(row.best), bool)
    for mode in row.modes:
        reached |= ways.nearest(mode, some).minutes <= row.limit.minutes[mode]
    return reached
