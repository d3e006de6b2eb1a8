# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Persons by place, slot of the week and season.

Sparse by design: a place has its residents and a few changes, each with one of a few masks of the week; the 672 slots
of a place are computed when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.levels import id_column
from dableiben.core.results import PRESENCE
from dableiben.core.seasons import SeasonYear
from dableiben.core.week import SLOTS_A_WEEK, Mask

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
View = Literal["incoming", "outgoing", "resident", "commuters_out", "commuters_in"]
LIVING_HERE: tuple[View, ...] = ("outgoing", "resident", "commuters_out")
"""changes of those who live here; the others come from elsewhere"""
PERSONS = ("persons_low", "persons_best", "persons_high", "living_here")
Ends = tuple[float, float, float]
"""low, best, high; NaN = unknown"""
AT_ONCE = 2000
"""units whose slots are computed in one go; bounds the memory, changes no number"""


@dataclass(frozen=True)
class Change:
    """Persons who are more (> 0) or fewer (< 0) than the residents of some units in the slots of one mask.

    units    numbers of the units, shape (k,)
    shares   what of the persons falls to each of them, shape (k,), sum 1
    persons  low, best, high of what is added; low <= best <= high where known, NaN = nobody knows
    mask     number of the mask in `Presence.masks`
    season   id of the season in which it holds
    view     whose change it is
    """

    units: Ints
    shares: Floats
    persons: Ends
    mask: int
    season: str
    view: View


@dataclass(frozen=True)
class Presence:
    """Persons by unit, slot of the week and season, low, best and high.

    units    as in need.people.Residents
    base     persons who are there where no change says otherwise, shape (3, units); NaN = unknown
    masks    distinct masks of the week, shape (masks, 672)
    changes  what comes on top or goes off
    year     the year cut by the seasons of the changes; `season` below is the id of one of its parts
    notes    German sentences on what is open or was assumed

    Laws: without changes the base is there in every slot. Nobody is fewer than zero. A change whose number is not
    known makes the ends it touches unknown, in its slots only.
    """

    units: pd.DataFrame
    base: Floats
    masks: NDArray[np.bool_]
    changes: tuple[Change, ...]
    year: SeasonYear
    notes: tuple[str, ...] = ()

    @property
    def seasons(self) -> tuple[str, ...]:
        """Ids of the parts of the year."""
        return tuple(part.id for part in self.year.parts)

    def only(self, views: Iterable[View]) -> Presence:
        """With the changes of some views only, e.g. LIVING_HERE."""
        wanted = frozenset(views)
        return replace(self, changes=tuple(change for change in self.changes if change.view in wanted))

    @property
    def starts(self) -> Ints:
        """First slots of the runs in which no mask changes; the first is 0."""
        differs = (self.masks[:, 1:] != self.masks[:, :-1]).any(axis=0)
        return np.append(0, np.flatnonzero(differs) + 1)

    def in_runs(self, season: str, units: Ints) -> Floats:
        """Persons in each run of slots (see `starts`), shape (3, units asked for, runs)."""
        known, unknown = self._coefficients(season, units)
        masks = self.masks[:, self.starts]
        found = np.repeat(self.base[:, units, None], masks.shape[1], axis=2)
        for number, mask in enumerate(masks):  # one by one: the same sum on any machine
            found[:, :, mask] += known[:, :, number, None]
        for number, mask in enumerate(masks):
            found[unknown[:, :, number, None] & mask] = np.nan
        return np.asarray(np.maximum(found, 0.0))

    def persons(self, season: str, units: Ints | None = None) -> Floats:
        """Persons in each slot, shape (3, units asked for, 672)."""
        chosen = np.arange(len(self.units)) if units is None else np.asarray(units, np.int64)
        return np.repeat(self.in_runs(season, chosen), self._lengths(), axis=2)

    def total(self, season: str, units: Ints | None = None) -> Floats:
        """Persons of the units together in each slot, shape (3, 672)."""
        parts = [self.in_runs(season, block).sum(axis=1) for block in self.blocks(units)]
        if not parts:
            return np.zeros((3, SLOTS_A_WEEK))
        return np.repeat(np.sum(parts, axis=0), self._lengths(), axis=1)

    def mean(self, season: str, mask: Mask | None = None, units: Ints | None = None) -> Floats:
        """Mean over the slots of a mask (the whole week if none), shape (3, units). Errors: ValueError if empty."""
        wanted = np.ones(SLOTS_A_WEEK) if mask is None else mask.astype(float)
        if not wanted.any():
            raise ValueError("a mean over no slot")
        weights = np.add.reduceat(wanted, self.starts)
        runs = np.flatnonzero(weights)  # a run that is not asked for may be unknown
        share = weights[runs] / weights[runs].sum()
        return self._listed(season, units, lambda found: (found[:, :, runs] * share).sum(axis=2))

    def mean_of_year(self, units: Ints | None = None) -> Floats:
        """Mean over all slots and seasons, by their days, shape (3, units)."""
        days = sum(part.days for part in self.year.parts)
        return np.asarray(sum(self.mean(part.id, None, units) * (part.days / days) for part in self.year.parts))

    def peak(self, units: Ints | None = None) -> Floats:
        """Most persons in any slot of any season, shape (3, units); NaN where a slot is unknown."""
        every = [self._listed(season, units, lambda dense: dense.max(axis=2)) for season in self.seasons]
        return np.asarray(np.max(every, axis=0))

    def by_area(self, season: str, level: str = "municipality") -> tuple[list[str], Floats]:
        """Areas of a level inside the region, and their persons in each slot, shape (areas, 3, 672)."""
        members = members_of(self.units, level)
        return list(members), np.array([self.total(season, of) for of in members.values()]).reshape(-1, 3, SLOTS_A_WEEK)

    def _coefficients(self, season: str, chosen: Ints) -> tuple[Floats, NDArray[np.bool_]]:
        """Persons by end, unit and mask, and where they are unknown, both of shape (3, units, masks)."""
        active = next(part.active for part in self.year.parts if part.id == season)
        place = np.full(len(self.units), -1, np.int64)
        place[chosen] = np.arange(len(chosen))
        known = np.zeros((3, len(chosen), len(self.masks)))
        unknown = np.zeros(known.shape, np.bool_)
        for change in self.changes:
            if change.season not in active:
                continue
            here = place[change.units]
            wanted = (here >= 0) & (change.shares > 0)
            for end, persons in enumerate(change.persons):
                if np.isnan(persons):
                    unknown[end, here[wanted], change.mask] = True
                else:
                    known[end, here[wanted], change.mask] += persons * change.shares[wanted]
        return known, unknown

    def blocks(self, units: Ints | None = None) -> list[Ints]:
        """Numbers of units in portions whose slots fit into memory."""
        chosen = np.arange(len(self.units)) if units is None else np.asarray(units, np.int64)
        return [chosen[start : start + AT_ONCE] for start in range(0, len(chosen), AT_ONCE)]

    def _lengths(self) -> Ints:
        return np.diff(np.append(self.starts, SLOTS_A_WEEK))

    def _listed(self, season: str, units: Ints | None, fold: Callable[[Floats], Floats]) -> Floats:
        parts = [fold(self.in_runs(season, block)) for block in self.blocks(units)]
        return np.concatenate(parts, axis=1) if parts else np.zeros((3, 0))


def members_of(units: pd.DataFrame, level: str) -> dict[str, Ints]:
    """Area id of a level -> numbers of its units inside the region, sorted by id."""
    ids = units[id_column(level)].where(units["inside"].astype(bool), None)
    found = {str(area): np.flatnonzero((ids == area).to_numpy(bool)) for area in ids.dropna().unique()}
    return dict(sorted(found.items()))


class MaskList:
    """Distinct masks of the week in the order they come."""

    def __init__(self) -> None:
        self._number: dict[bytes, int] = {}
        self._masks: list[Mask] = []

    def number(self, mask: Mask) -> int:
        """Number of a mask; equal masks share one."""
        key = mask.tobytes()
        if key not in self._number:
            self._number[key] = len(self._masks)
            self._masks.append(mask)
        return self._number[key]

    def array(self) -> NDArray[np.bool_]:
        """All masks, shape (masks, 672)."""
        return np.array(self._masks, np.bool_).reshape(-1, SLOTS_A_WEEK)


def stretches(found: Floats, starts: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Stretches in which all numbers of a unit stay the same: unit, its first run, first slot, slot after the last.

    found   shape (numbers, units, runs); two unknowns are the same
    starts  first slots of the runs
    """
    before, after = found[:, :, :-1], found[:, :, 1:]
    differs = ~((before == after) | (np.isnan(before) & np.isnan(after))).all(axis=0)
    begins = np.concatenate([np.ones((found.shape[1], 1), np.bool_), differs], axis=1)
    unit, run = np.nonzero(begins)
    first = starts[run]
    is_last = np.append(unit[1:] != unit[:-1], True)
    return unit, run, first, np.where(is_last, SLOTS_A_WEEK, np.append(first[1:], SLOTS_A_WEEK))


def presence_rows(presence: Presence) -> pd.DataFrame:
    """Rows by the contract PRESENCE: every unit inside the region, every season, stretches of equal numbers."""
    inside = presence.units["inside"].to_numpy(bool)
    moved = np.zeros(len(inside), np.bool_)
    for change in presence.changes:
        moved[change.units] = True
    still, moving = np.flatnonzero(inside & ~moved), np.flatnonzero(inside & moved)
    cells, areas = (presence.units[name].to_numpy(object) for name in ("cell_id", "area_id"))
    live_here = presence.only(LIVING_HERE)
    parts: list[pd.DataFrame] = []
    for season in presence.seasons:
        if len(still):  # nobody comes or goes: one stretch
            base = np.concatenate([presence.base[:, still], presence.base[1:2, still]])
            persons = dict(zip(PERSONS, base, strict=True)) | {"residents": presence.base[1, still]}
            rows = {"cell_id": cells[still], "area_id": areas[still], "season": season, "slot_from": 0}
            parts.append(pd.DataFrame({**rows, "slot_to": SLOTS_A_WEEK, **persons}))
        for block in presence.blocks(moving) if len(moving) else ():
            found = np.concatenate([presence.in_runs(season, block), live_here.in_runs(season, block)[1:2]])
            unit, run, first, last = stretches(found, presence.starts)
            persons = {name: found[number, unit, run] for number, name in enumerate(PERSONS)}
            persons["residents"] = presence.base[1, block][unit]
            rows = {"cell_id": cells[block][unit], "area_id": areas[block][unit], "season": season}
            parts.append(pd.DataFrame({**rows, "slot_from": first, "slot_to": last, **persons}))
    return pd.concat(parts, ignore_index=True)[PRESENCE.names] if parts else PRESENCE.frame()



def triple(values: Sequence[float] | Floats) -> Floats:
    """The same numbers for low, best and high, shape (3, n)."""
    return np.tile(np.asarray(values, float), (3, 1))
