# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which area names a gap: walked from the district down until an area lies in it as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.levels import NESTED, id_column

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class NamedArea:
    """An area that names a gap, and the units of the gap in it."""

    area_id: str
    level: str
    units: NDArray[np.int64]


def name_areas(
    units: pd.DataFrame, in_gap: Bools, judged: Bools, persons: Floats, *, cluster_share: float, smallest_persons: float
) -> list[NamedArea]:
    """Areas that name the gap of `in_gap`, each unit in exactly one of them (or left out as too small).

    units     id columns of all levels; `in_gap`, `judged` (known status, persons in need), shape (units,)
    law       the named areas do not overlap; an area is named as a whole only if at least `cluster_share` of
              its judged persons are in the gap; splitting a cell into two changes no name
    """
    weight = np.where(judged, np.nan_to_num(persons), 0.0)
    named: list[NamedArea] = []
    _descend(units, np.arange(len(units)), 0, in_gap, weight, cluster_share, smallest_persons, named)
    return sorted(named, key=lambda area: (NESTED.index(area.level), area.area_id))


def _descend(
    units: pd.DataFrame,
    mine: NDArray[np.int64],
    depth: int,
    in_gap: Bools,
    weight: Floats,
    share: float,
    smallest: float,
    named: list[NamedArea],
) -> None:
    """Look at the areas of one level among `mine`; units without an area of this level go one level down."""
    if not in_gap[mine].any():
        return
    column = units[id_column(NESTED[depth])].to_numpy(object)[mine]
    has = np.array([value is not None and value == value for value in column], dtype=bool)
    last = depth == len(NESTED) - 1
    if not last and (~has).any():
        _descend(units, mine[~has], depth + 1, in_gap, weight, share, smallest, named)
    for area_id in sorted(set(column[has])):
        inside = mine[has][column[has] == area_id]
        hit = inside[in_gap[inside]]
        if not len(hit):
            continue
        whole = weight[hit].sum() >= share * weight[inside].sum() > 0
        if last or (whole and _spread(units, inside, weight, depth)) or not _has_children(units, inside, depth):
            if weight[hit].sum() >= smallest:
                named.append(NamedArea(str(area_id), NESTED[depth], hit))
        else:
            _descend(units, inside, depth + 1, in_gap, weight, share, smallest, named)


def _spread(units: pd.DataFrame, inside: NDArray[np.int64], weight: Floats, depth: int) -> bool:
    """Whether judged persons live in more than one child area; else the child names the gap.

    A municipality without Amt is a child of its district beside the Ämter.
    """
    peopled = inside[weight[inside] > 0]
    child = np.full(len(peopled), None, dtype=object)
    for level in reversed(NESTED[depth + 1 :]):
        ids = units[id_column(level)].to_numpy(object)[peopled]
        known = np.array([isinstance(value, str) for value in ids], dtype=bool)
        child[known] = ids[known]
    return len(set(child)) > 1 or set(child) == {None}


def _has_children(units: pd.DataFrame, inside: NDArray[np.int64], depth: int) -> bool:
    for level in NESTED[depth + 1 :]:
        values = units[id_column(level)].to_numpy(object)[inside]
        if all(v is not None and v == v for v in values):
            return True
    return False
