# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What the judged hours say in the result tables: status by need, and slot by slot by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.results import CELL_SLOTS
from dableiben.core.week import SLOTS_A_WEEK
from dableiben.gaps.rows import WITH_CAR, WITHOUT_CAR, Row
from dableiben.gaps.service import Frame, Judged
from dableiben.gaps.status import COVERED, GAP, NOT_APPLICABLE, NOT_RATED, UNKNOWN, Words
from dableiben.gaps.time.found import told_elsewhere
from dableiben.gaps.time.rows import TimeRow, WeekStatus

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
MASKS = ("needed", "served", "unknown", "by_ride", "hours", "timetable", "slot_capacity")


@dataclass(frozen=True)
class NeedPart:
    """A row of NEED: a group, or the households of it that the hours tell apart."""

    name: str
    low: Floats
    best: Floats
    high: Floats
    time: Words | None


def need_parts(frame: Frame, judged: Judged, row: Row) -> list[NeedPart]:
    """A judged row with its status in time: households that only the hours tell apart, parts of the group by age or
    grade that have a window of their own, and the rest of the group. Law: together they are the persons of the row."""
    if "time" not in frame.settings.dimensions:
        return [NeedPart(row.name, row.low, row.best, row.high, None)]
    mine = [one for one in judged.time_rows if one.group is row.group and not one.crowd.key]
    narrow = [one for one in mine if one.window.audience.part is not None and one.suffix.endswith(row.suffix)]
    wide = [one for one in mine if one.window.audience.part is None]
    told = []
    for suffix in sorted({one.suffix for one in narrow}):
        same = [one for one in narrow if one.suffix == suffix]
        fitting = [one for one in wide if one.suffix in ("", _household(suffix))]
        status = _status(frame, judged, [*same, *fitting])
        told.append(NeedPart(row.group.id + suffix, same[0].low, same[0].best, same[0].high, status))
    return [*(_rest(row, part, told) for part in _by_household(frame, judged, row, wide)), *told]


def _household(name: str) -> str:
    """What tells households with and without a car apart at the end of a name; empty where nothing does."""
    return next((suffix for suffix in (WITH_CAR, WITHOUT_CAR) if name.endswith(suffix)), "")


def _rest(row: Row, part: NeedPart, told: list[NeedPart]) -> NeedPart:
    """A part of a row without those who are told by themselves; of those whose household is not told, by its share."""
    mine = _household(part.name)
    share = np.divide(part.best, row.best, out=np.zeros_like(part.best), where=row.best > 0)
    low, best, high = part.low, part.best, part.high
    for one in told:
        theirs = _household(one.name)
        if mine and theirs not in ("", mine):
            continue
        factor = share if mine and not theirs else 1.0
        low, best, high = low - factor * one.low, best - factor * one.best, high - factor * one.high
    return NeedPart(part.name, np.maximum(low, 0.0), np.maximum(best, 0.0), np.maximum(high, 0.0), part.time)


def _by_household(frame: Frame, judged: Judged, row: Row, mine: list[TimeRow]) -> list[NeedPart]:
    """A row, or the households of it that only the hours tell apart."""
    suffixes = sorted({one.suffix for one in mine if one.suffix})
    if row.suffix or not suffixes:
        fitting = [one for one in mine if one.suffix in ("", row.suffix)]
        return [NeedPart(row.name, row.low, row.best, row.high, _status(frame, judged, fitting))]
    parts = []
    for suffix in (WITH_CAR, WITHOUT_CAR):
        same = [one for one in mine if one.suffix in ("", suffix)]
        told = next((one for one in same if one.suffix == suffix), None)
        if told is not None:
            ends = told.low, told.best, told.high
        else:  # no norm asks about the hours of these households
            others = next(one for one in mine if one.suffix)
            ends = row.low - others.high, row.best - others.best, row.high - others.low
        parts.append(NeedPart(row.name + suffix, *ends, _status(frame, judged, same)))
    return parts


def _status(frame: Frame, judged: Judged, rows: list[TimeRow]) -> Words:
    """Status in time of each unit: a gap if one need of the group is, else unknown if one is, else covered."""
    status = np.full(len(frame.units), NOT_RATED, dtype=object)
    rated = [row for row in rows if row.norm.norm.tier is not None]
    for word in (COVERED, UNKNOWN, GAP):
        for row in rated:
            status[row.units[_words(judged, row) == word]] = word
    return status


def _words(judged: Judged, row: TimeRow) -> Words:
    """Status of the units of one row. What another gap says already is no gap in time."""
    elsewhere = {cause: told_elsewhere(judged, row, cause) for cause in ("hours", "timetable")}
    words = np.full(len(row.units), NOT_RATED, dtype=object)
    if row.weeks and not row.beyond:
        words[np.logical_and.reduce([status.served.all(axis=1) for status in row.weeks])] = COVERED
    for status in row.weeks:
        words[status.unknown.any(axis=1) & (words != GAP)] = UNKNOWN
        lacking = (status.hours | status.capacity).any(axis=1) & ~elsewhere["hours"]
        words[lacking | (status.timetable.any(axis=1) & ~elsewhere["timetable"])] = GAP
    words[elsewhere["hours"]] = NOT_RATED
    words[np.isnan(row.best[row.units]) & (words == GAP)] = UNKNOWN
    return words


def cell_slots_table(frame: Frame, judged: list[Judged]) -> pd.DataFrame:
    """CELL_SLOTS: every unit, need in time and week with its slots as masks of 84 bytes."""
    parts = [_slots(frame, one, row, status) for one in judged for row in one.time_rows for status in row.weeks]
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True)[CELL_SLOTS.names] if parts else CELL_SLOTS.frame()


def _slots(frame: Frame, one: Judged, row: TimeRow, status: WeekStatus) -> pd.DataFrame:
    size = len(row.units)
    table: dict[str, object] = {
        "cell_id": frame.units["cell_id"].to_numpy(object)[row.units],
        "area_id": frame.units["area_id"].to_numpy(object)[row.units],
        "kind": row.service,
        "group": row.name,
        "mode": pd.Series([row.mode] * size, dtype=object),
        "norm_id": row.norm.norm.id,
        "window": row.window.id,
        "segment": row.crowd.key,
        "week": status.week.key,
        "first_day": status.week.days[0],
        "persons_low": row.low[row.units],
        "persons_best": row.best[row.units],
        "persons_high": row.high[row.units],
        "status_time": _words(one, row),
    }
    whole = np.ones((size, int(status.needed.sum())), bool)
    masks = (whole, status.served, status.unknown, status.by_ride, status.hours, status.timetable, status.capacity)
    for name, mask in zip(MASKS, masks, strict=True):
        table[name] = _bytes(mask, status)
    return pd.DataFrame(table)


def _bytes(mask: Bools, status: WeekStatus) -> pd.Series:
    """Masks over the slots needed as weeks of 84 bytes; equal ones are one object."""
    different, which = np.unique(mask, axis=0, return_inverse=True)
    weeks = np.zeros((len(different), SLOTS_A_WEEK), bool)
    weeks[:, np.flatnonzero(status.needed)] = different
    data = [packed.tobytes() for packed in np.packbits(weeks, axis=1, bitorder="little")]
    return pd.Series([data[number] for number in np.ravel(which)], dtype=object)


@dataclass(frozen=True)
class OpenHours:
    """Something about hours that cannot be said, in one area."""

    row: TimeRow
    reason: str
    units: NDArray[np.int64]
    """units of the region"""
    facilities: tuple[int, ...]


def open_hours(judged: Judged) -> Iterator[OpenHours]:
    """What is unknown about the hours of a service, for needs that are rated."""
    for row in judged.time_rows:
        if row.norm.norm.tier is None:
            continue
        for reason, mask in sorted(row.missing.items()):
            open_still = np.logical_or.reduce([status.unknown.any(axis=1) for status in row.weeks])
            lacking = mask & open_still & ~told_elsewhere(judged, row, "hours")
            if lacking.any():
                facilities = tuple(sorted(row.unsaid)) if reason == "hours_missing" else ()
                yield OpenHours(row, reason, row.units[lacking], facilities)


def not_applicable(row: Row, status: Words) -> Words:
    """Where nobody has the need, no hours are asked for."""
    return np.asarray(np.where(row.high == 0, NOT_APPLICABLE, status), dtype=object)
