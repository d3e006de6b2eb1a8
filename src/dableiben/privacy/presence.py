# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Presence as it may be shown: by municipality and district, rounded so that no small group shows in a step of it.

The numbers of two slots differ by those who come or go between them. Rounded to at least the minimum, a difference
leaves the true one uncertain by more than the minimum, whichever slots are compared.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from dableiben.privacy.ages import STEPS, rounded
from dableiben.privacy.hierarchy import Hierarchy
from dableiben.privacy.ledger import is_small
from dableiben.privacy.released import PRESENT, SMALL

LEVELS = ("municipality", "district")
NUMBERS = ("persons_low", "persons_best", "persons_high", "living_here", "residents")
KEYS = ["area_id", "season"]
SLOTS = 672
DIGITS = 6  # sums of parts of persons carry float noise


def presence_by_area(presence: pd.DataFrame, hierarchy: Hierarchy) -> pd.DataFrame:
    """Rows of core.results.PRESENCE summed by municipality and district; unknown where a part is."""
    parts = []
    known = presence[presence["area_id"].notna()].sort_values(["season", "area_id", "cell_id", "slot_from"])
    for level in LEVELS:
        upper = {area_id: hierarchy.at_level(str(area_id), level) for area_id in known["area_id"].unique()}
        placed = known.assign(area_id=known["area_id"].map(upper))
        for (area_id, season), rows in placed[placed["area_id"].notna()].groupby(KEYS, sort=True):
            dense = np.array([_dense(rows, name) for name in NUMBERS])
            parts.append(_rows({"area_id": area_id, "season": season}, dense))
    return pd.concat(parts, ignore_index=True) if parts else PRESENT.frame()


def round_presence(presence: pd.DataFrame, steps: Mapping[str, float], minimum: int) -> pd.DataFrame:
    """The same rounded to the step of the area, at least to the minimum; a withheld area keeps one row of nulls."""
    coarse = float(max(STEPS[2], math.ceil(minimum / STEPS[2]) * STEPS[2]))
    parts = []
    for (area_id, season), rows in presence.groupby(KEYS, sort=True):
        step = max(steps.get(str(area_id), coarse), coarse)
        dense = np.array([_dense(rows, name) for name in NUMBERS])
        values = np.vectorize(rounded, otypes=[float])(dense, step)
        # Few are withheld, and so is what a rounding would make nobody.
        few = any(is_small(number, minimum) for number in np.unique(dense[~np.isnan(dense)]))
        secret = math.isinf(step) or few or bool((np.isnan(values) & ~np.isnan(dense)).any())
        values = np.full(dense.shape, np.nan) if secret else values
        part = _rows({"area_id": area_id, "season": season}, values)
        parts.append(part.assign(rounded_to=None if secret else step, withheld=SMALL if secret else None))
    return pd.concat([part.astype(object) for part in parts], ignore_index=True) if parts else presence


def _dense(rows: pd.DataFrame, name: str) -> np.ndarray:
    """Sum of the stretches of one number in each slot; NaN where one of them is unknown."""
    first, last = rows["slot_from"].to_numpy(np.int64), rows["slot_to"].to_numpy(np.int64)
    values = rows[name].to_numpy(float)
    change, unknown = np.zeros(SLOTS + 1), np.zeros(SLOTS + 1)
    for target, amount in ((change, np.nan_to_num(values)), (unknown, np.isnan(values).astype(float))):
        np.add.at(target, first, amount)
        np.subtract.at(target, last, amount)
    total = np.round(np.cumsum(change)[:-1], DIGITS)
    return np.where(np.cumsum(unknown)[:-1] > 0, np.nan, total)


def _rows(keys: Mapping[str, object], dense: np.ndarray) -> pd.DataFrame:
    """Stretches of equal numbers."""
    before, after = dense[:, :-1], dense[:, 1:]
    differs = ~((before == after) | (np.isnan(before) & np.isnan(after))).all(axis=0)
    first = np.append(0, np.flatnonzero(differs) + 1)
    last = np.append(first[1:], SLOTS)
    numbers = {name: dense[number, first] for number, name in enumerate(NUMBERS)}
    return pd.DataFrame({**keys, "slot_from": first, "slot_to": last, **numbers})
