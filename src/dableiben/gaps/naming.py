# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which area names a gap: walked from the district down until an area lies in it as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.levels import NESTED, id_column

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class NamedArea:
    """An area that names a gap, and the units of the gap in it."""

    area_id: str
    level: str
    units: Ints


def name_areas(
    units: pd.DataFrame, in_gap: Bools, judged: Bools, persons: Floats, *, cluster_share: float, smallest_persons: float
) -> list[NamedArea]:
    """Areas that name the gap of `in_gap`, each unit in exactly one of them.

    units     id columns of all levels; `in_gap`, `judged` (known status, persons in need), shape (units,)
    law       the named areas do not overlap; an area is named as a whole only if at least `cluster_share` of
              its judged persons are in the gap; what is too small in the parts of an area is named by the area
              together, so only a district's last rest below `smallest_persons` is left out; splitting a cell
              into two changes no name
    """
    weight = np.where(judged, np.nan_to_num(persons), 0.0)
    walk = _Walk(units, in_gap, weight, cluster_share, smallest_persons)
    walk.descend(np.arange(len(units)), 0)
    return sorted(walk.named, key=lambda area: (NESTED.index(area.level), area.area_id))


@dataclass
class _Walk:
    """The walk from the district down, and what it has named so far."""

    units: pd.DataFrame
    in_gap: Bools
    weight: Floats
    share: float
    smallest: float
    named: list[NamedArea] = field(default_factory=list)

    def descend(self, mine: Ints, depth: int) -> Ints:
        """Look at the areas of one level among `mine`; units without an area of this level go one level down.

        Returns the units in the gap that are too few to be named here: the next area above takes them together.
        """
        if not self.in_gap[mine].any():
            return mine[:0]
        column = self.units[id_column(NESTED[depth])].to_numpy(object)[mine]
        has = np.array([value is not None and value == value for value in column], dtype=bool)
        beside = mine[~has]
        last = depth == len(NESTED) - 1
        rests = [beside[self.in_gap[beside]] if last else self.descend(beside, depth + 1)]
        for area_id in sorted(set(column[has])):
            inside = mine[has][column[has] == area_id]
            whole = last or self._names_itself(inside, depth)
            hit = inside[self.in_gap[inside]] if whole else self.descend(inside, depth + 1)
            if len(hit) and self.weight[hit].sum() >= self.smallest:
                self.named.append(NamedArea(str(area_id), NESTED[depth], hit))
            else:
                rests.append(hit)
        return np.sort(np.concatenate(rests))

    def _names_itself(self, inside: Ints, depth: int) -> bool:
        """Whether an area names what is in the gap as a whole; else its parts are asked first."""
        total = self.weight[inside].sum()
        whole = self.weight[inside[self.in_gap[inside]]].sum() >= self.share * total > 0
        return (whole and _spread(self.units, inside, self.weight, depth)) or not _has_children(
            self.units, inside, depth
        )


def _spread(units: pd.DataFrame, inside: Ints, weight: Floats, depth: int) -> bool:
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


def _has_children(units: pd.DataFrame, inside: Ints, depth: int) -> bool:
    for level in NESTED[depth + 1 :]:
        values = units[id_column(level)].to_numpy(object)[inside]
        if all(v is not None and v == v for v in values):
            return True
    return False
