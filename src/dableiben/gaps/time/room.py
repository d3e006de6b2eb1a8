# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Room in each slot: are the places that are staffed then enough for those who need them then?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dableiben.core.levels import id_column
from dableiben.core.week import SLOT_MIN, SLOTS_A_WEEK, Mask, no_slots
from dableiben.gaps.assignment import assign
from dableiben.gaps.service import Frame, Judged
from dableiben.gaps.time.asked import Asked
from dableiben.gaps.time.rows import TimeRow, WeekStatus
from dableiben.gaps.time.weeks import Week
from dableiben.supply.places import places_of
from dableiben.supply.staffed import places_by_slot

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Crowded:
    """Slots of a week in which an area's people find an open offer but no room.

    need, served   persons in the slot that lacks most
    persons        of them without room; person_hours a week over all slots
    """

    rows: tuple[TimeRow, ...]
    week: Week
    area_id: str
    level: str
    units: Ints
    slots: Mask
    need: float
    served: float
    person_hours: float

    @property
    def persons(self) -> float:
        """Persons without room in the slot that lacks most."""
        return self.need - self.served


def judge_room(frame: Frame, judged: Judged, asked: list[tuple[Asked, WeekStatus]]) -> list[Crowded]:
    """Share out the places of each slot among who needs one then and there, and name the areas that lack some.

    Only where everybody in need has a claim to a place and is there throughout. Who lacks a place at all is told by
    the content, and does not count again here. Law: more places in a slot never add a gap.
    """
    if judged.place_norm is None or judged.card.capacity_unit is None:
        return []
    staying = [(one, status) for one, status in asked if one.row.window.pattern == "throughout"]
    weeks = {one.week: None for one, _ in staying}
    found: list[Crowded] = []
    for week in weeks:
        found += _Room(frame, judged, [pair for pair in staying if pair[0].week == week]).crowded()
    return found


@dataclass(frozen=True)
class _Lack:
    """Persons without room by unit: certainly, and if no unknown place is there; and persons in need."""

    short: Floats
    perhaps: Floats
    need: Floats


class _Room:
    """One week of one service."""

    def __init__(self, frame: Frame, judged: Judged, asked: list[tuple[Asked, WeekStatus]]) -> None:
        self.frame, self.judged, self.asked = frame, judged, asked
        self.sites = asked[0][0].sites
        self.size = len(frame.units)
        pairs = []
        for number, (one, _) in enumerate(asked):
            rows, columns = one.by_street.nonzero()
            pairs.append(np.stack([number * self.size + one.row.units[rows], columns]))
        self.row, self.site = np.concatenate(pairs, axis=1).astype(np.int64)
        self.places, self.unknown = self._places()
        self.at_most = places_of(frame.facilities.iloc[self.sites]).at_most
        self._seen: dict[bytes, _Lack] = {}

    def crowded(self) -> list[Crowded]:
        """Areas that lack room."""
        card, level = self.judged.card, self.judged.card.capacity_level
        if not len(self.row):
            return []
        ids = self.frame.units[id_column(level)].to_numpy(object)
        smallest = self.frame.catalogue.assessment.smallest_shortfall[str(card.capacity_unit)]
        slots = np.flatnonzero(np.logical_or.reduce([one.needed for one, _ in self.asked]))
        lacking = {int(slot): self._lacking(int(slot)) for slot in slots}
        found = []
        for area in sorted({str(value) for value in ids if isinstance(value, str)}):
            mine = np.flatnonzero(ids == area)
            over = {}
            for slot, one in lacking.items():
                short, perhaps, need = (float(values[mine].sum()) for values in (one.short, one.perhaps, one.need))
                if short >= smallest - TOLERANCE:
                    over[slot] = (short, need)
                elif perhaps >= smallest - TOLERANCE:
                    self._leave_open(slot, mine[one.perhaps[mine] > TOLERANCE])
            if over:
                found.append(self._named(area, level, mine, over, {slot: lacking[slot].short for slot in over}))
        return found

    def _leave_open(self, slot: int, units: Ints) -> None:
        """A slot in which places that nobody knows may or may not suffice."""
        for one, status in self.asked:
            if one.needed[slot]:
                column = int(np.searchsorted(one.slots, slot))
                rows = np.isin(one.row.units, units) & status.served[:, column]
                status.served[rows, column], status.unknown[rows, column] = False, True
                if rows.any():
                    reason = one.row.missing.setdefault("places_by_time_missing", np.zeros(len(rows), bool))
                    reason |= rows

    def _named(
        self, area: str, level: str, mine: Ints, over: dict[int, tuple[float, float]], short: dict[int, Floats]
    ) -> Crowded:
        mask = no_slots()
        mask[list(over)] = True
        units = mine[np.sum([short[slot][mine] for slot in over], axis=0) > TOLERANCE]
        for one, status in self.asked:
            rows = np.isin(one.row.units, units)
            status.capacity |= rows[:, None] & mask[one.slots][None] & status.served
        worst = max(over.values())
        hours = sum(pair[0] for pair in over.values()) * SLOT_MIN / 60
        rows_of = tuple(one.row for one, _ in self.asked if np.isin(one.row.units, units).any())
        return Crowded(rows_of, self.asked[0][0].week, area, level, units, mask, worst[1], worst[1] - worst[0], hours)

    def _lacking(self, slot: int) -> _Lack:
        """Persons without room in one slot; slots alike are computed once."""
        need = np.zeros(len(self.asked) * self.size)
        for number, (one, status) in enumerate(self.asked):
            if one.needed[slot]:
                column = int(np.searchsorted(one.slots, slot))
                persons = np.where(status.served[:, column], np.nan_to_num(one.row.best[one.row.units]), 0.0)
                need[number * self.size + one.row.units] = persons
        key = need.tobytes() + self.places[:, slot].tobytes() + self.unknown[:, slot].tobytes()
        if key not in self._seen:
            # Who finds no place even with all of them has a gap in content; places that nobody knows may suffice.
            whole = self._without(need, self.at_most)
            most = np.where(self.unknown[:, slot], self.at_most, self.places[:, slot])
            short, perhaps = (np.maximum(self._without(need, one) - whole, 0.0) for one in (most, self.places[:, slot]))
            self._seen[key] = _Lack(short, perhaps, need.reshape(-1, self.size).sum(axis=0))
        return self._seen[key]

    def _without(self, need: Floats, places: Floats) -> Floats:
        """Persons without a place by unit."""
        limit = np.minimum(places, need.sum() + 1.0)
        served = assign(need, limit, self.row, self.site).served_persons
        return np.asarray((need - served).reshape(-1, self.size).sum(axis=0))

    def _places(self) -> tuple[Floats, Bools]:
        """Places by slot that are certain, and where they are unknown, shape (sites, 672)."""
        table = self.frame.facilities.iloc[self.sites]
        openings = self.asked[0][0].openings
        places = np.zeros((len(table), SLOTS_A_WEEK))
        rows = zip(table["places_by_time"], table["usable_places"].astype(float), strict=True)
        for number, (text, usable) in enumerate(rows):
            is_open = openings.is_open[number] | openings.unknown[number]
            if isinstance(text, str):
                places[number] = places_by_slot(text, None if np.isnan(usable) else usable, is_open)
            else:  # how many places there are at all is a matter of the content
                places[number] = np.where(is_open, np.inf if np.isnan(usable) else usable, 0.0)
        unknown = np.isnan(places)
        return np.where(unknown, 0.0, places), unknown
