# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Who may use which facility: everybody, or only those its service area or school district names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.levels import LEVELS, id_column
from dableiben.gaps.ways import Nearest, Pairs, Ways

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rights:
    """Places that may use a facility.

    only     row of a facility -> units it is for, shape (units,); facilities not named are for everybody
    unsaid   rows of facilities that serve an area and do not say (or not wholly say) which
    """

    only: dict[int, Bools]
    unsaid: frozenset[int]

    def allows(self, unit: Ints, facility: Ints) -> Bools:
        """Which pairs of a unit and a row of the facilities may be used."""
        allowed = np.ones(len(unit), bool)
        for row, mask in self.only.items():
            mine = facility == row
            allowed[mine] = mask[unit[mine]]
        return allowed

    def served(self, rows: Iterable[int], size: int) -> Bools:
        """Units that some of these facilities name as theirs, shape (size,)."""
        found = np.zeros(size, bool)
        for row in rows:
            if row in self.only:
                found |= self.only[row]
        return found

    def nearest(self, ways: Ways, mode: str, rows: Ints) -> Nearest:
        """Nearest facility that may be used, from every place; ties go to the first row."""
        groups: dict[bytes, list[int]] = {}
        for row in rows.tolist():
            groups.setdefault(self.only[row].tobytes() if row in self.only else b"", []).append(row)
        if not groups or list(groups) == [b""]:
            return ways.nearest(mode, rows)
        found = [self._of_group(ways, mode, np.array(group, np.int64)) for _, group in sorted(groups.items())]
        minutes = np.array([np.where(np.isnan(one.minutes), np.inf, one.minutes) for one in found])
        facility = np.array([one.facility for one in found])
        best = np.lexsort((facility, minutes), axis=0)[0]
        column = np.arange(minutes.shape[1])
        shortest = minutes[best, column]
        return Nearest(np.where(np.isinf(shortest), np.nan, shortest), facility[best, column])

    def _of_group(self, ways: Ways, mode: str, rows: Ints) -> Nearest:
        found = ways.nearest(mode, rows)
        mask = self.only.get(int(rows[0]))
        if mask is None:
            return found
        return Nearest(np.where(mask, found.minutes, np.nan), np.where(mask, found.facility, -1))

    def within(self, ways: Ways, mode: str, rows: Ints, limit_min: float) -> Pairs:
        """All pairs with minutes <= limit that may be used."""
        pairs = ways.within(mode, rows, limit_min)
        if not self.only:
            return pairs
        kept = self.allows(pairs.unit, pairs.facility)
        return Pairs(pairs.unit[kept], pairs.facility[kept], pairs.minutes[kept])


def rights_of(facilities: pd.DataFrame, rows: Ints, units: pd.DataFrame, *, use: str, level: str) -> Rights:
    """Rights to the facilities of a service.

    use     service_area and catchment look at the area a facility names (localities, municipalities, Ämter);
            a catchment kind that is balanced by school districts also at the district it lies in.
            Free and municipality_first kinds are for everybody.
    law     a closed facility opens no other one: each facility's rights are its own
    """
    if use not in ("service_area", "catchment"):
        return Rights({}, frozenset())
    ids = {name: units[name].to_numpy(object) for name in map(id_column, LEVELS)}
    masks: dict[tuple[str, ...], Bools] = {}
    only: dict[int, Bools] = {}
    unsaid: set[int] = set()
    for row in rows.tolist():
        named, lost = facilities["service_area_ids"].iloc[row], facilities["service_area_unknown"].iloc[row]
        wholly = named is not None and not isinstance(named, float)
        areas = tuple(sorted(named)) if wholly else ()
        if not wholly or len(lost if isinstance(lost, list) else ()):
            unsaid.add(row)
        if wholly and (use == "service_area" or row not in unsaid):
            if areas not in masks:
                masks[areas] = np.logical_or.reduce([np.isin(column, list(areas)) for column in ids.values()])
            only[row] = masks[areas]
        elif use == "catchment" and level == "school_district":
            district = facilities[id_column(level)].iloc[row]
            if isinstance(district, str):
                theirs = ids[id_column(level)]
                only[row] = np.array([v == district or not isinstance(v, str) for v in theirs], bool)
    return Rights(only, frozenset(unsaid))
