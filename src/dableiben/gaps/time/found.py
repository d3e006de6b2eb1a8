# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From slots that are not served to gaps in time: which area, why, at which hours, how many persons."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dableiben.core.seasons import ANY_HOLIDAYS, Season
from dableiben.core.week import SLOT_MIN, SLOTS_A_DAY, Mask, no_slots
from dableiben.gaps.found import FoundGap, OfTime
from dableiben.gaps.naming import NamedArea, name_areas
from dableiben.gaps.rows import WITH_CAR, WITHOUT_CAR, Row
from dableiben.gaps.service import Frame, Judged, in_distance_gap
from dableiben.gaps.status import GAP
from dableiben.gaps.time.rows import TimeRow, WeekStatus
from dableiben.gaps.time.weeks import HOLIDAYS, Week

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
CAUSES = ("hours", "timetable")
"""of single needs; room is shared by all of them, see gaps.time.room"""


@dataclass(frozen=True)
class _Told:
    """A row whose gaps are told, and by cause its units for which another gap says it already."""

    row: TimeRow
    elsewhere: dict[str, Bools]


def find_time_gaps(frame: Frame, judged: Judged, rows: list[TimeRow]) -> list[FoundGap]:
    """Gaps in time of a service: one for each group, area, cause and part of the year.

    Slots in which somebody cannot get there at all, because the way itself is a gap, are none: they are told with it.
    """
    rated = [row for row in rows if row.norm.norm.tier is not None]
    told = _one_for_all([_Told(row, {cause: told_elsewhere(judged, row, cause) for cause in CAUSES}) for row in rated])
    return [gap for one in told for gap in _of_row(frame, judged, one)] + _of_room(judged)


def _one_for_all(told: list[_Told]) -> list[_Told]:
    """Rows whose households lack the same hours, with and without a car, as one row of them all."""
    found: list[_Told] = []
    for one in told:
        before = found[-1] if found else None
        if before is not None and _alike(before, one):
            row, crowd = before.row, before.row.crowd
            suffix = row.suffix.removesuffix(WITH_CAR)
            whole = replace(
                row, suffix=suffix, low=crowd.low, best=crowd.best, high=crowd.high, share_known=True
            )  # fmt: skip
            found[-1] = replace(before, row=whole)
        else:
            found.append(one)
    return found


def _alike(with_car: _Told, without: _Told) -> bool:
    one, other = with_car.row, without.row
    same = (one.norm, one.group, one.crowd) == (other.norm, other.group, other.crowd)
    if not (same and one.suffix.endswith(WITH_CAR) and other.suffix.endswith(WITHOUT_CAR)):
        return False
    return (
        one.units.tolist() == other.units.tolist()
        and all(with_car.elsewhere[cause].tolist() == without.elsewhere[cause].tolist() for cause in CAUSES)
        and all(
            np.array_equal(_lacking(a, cause), _lacking(b, cause))
            for a, b in zip(one.weeks, other.weeks, strict=True)
            for cause in CAUSES
        )
    )


def _of_row(frame: Frame, judged: Judged, told: _Told) -> list[FoundGap]:
    found: list[FoundGap] = []
    for cause in CAUSES:
        before: tuple[Mask, Bools] | None = None
        for status in told.row.weeks:
            lacking = _lacking(status, cause) & ~told.elsewhere[cause][:, None]
            fresh = lacking if before is None else _beyond(status.needed, lacking, before)
            found += _named(frame, judged, told.row, status, cause, fresh)
            before = before or (status.needed, lacking)
    return found


def _lacking(status: WeekStatus, cause: str) -> Bools:
    return status.hours if cause == "hours" else status.timetable


def _of_room(judged: Judged) -> list[FoundGap]:
    """Areas that lack room in some slots, for needs that are rated; not told again for the holidays."""
    found: list[FoundGap] = []
    told: dict[str, Mask] = {}
    for one in judged.crowded:
        rated = [row for row in one.rows if row.norm.norm.tier is not None]
        mask = one.slots & ~told.get(one.area_id, no_slots())
        if not rated or not mask.any():
            continue
        told[one.area_id] = told.get(one.area_id, no_slots()) | one.slots
        row, persons = rated[0], (one.persons,) * 3
        names = {r.name for r in rated}
        found.append(
            FoundGap(
                judged, row.name if len(names) == 1 else judged.card.groups[0].group, None, one.area_id, one.level,
                one.units, "slot_capacity", persons, row.norm, one.need, one.served, str(judged.card.capacity_unit),
                min(1.0, one.persons / one.need), row.share_known,
                time=OfTime(
                    mask, (one.person_hours,) * 3, day_type_of(one.week, mask),
                    ANY_HOLIDAYS if one.week.key == HOLIDAYS else None, row.crowd.key, row.window.id, None,
                ),
            )
        )  # fmt: skip
    return found


def _beyond(needed: Mask, lacking: Bools, before: tuple[Mask, Bools]) -> Bools:
    """Slots lacking in a week that do not lack in the week told before."""
    slots = np.flatnonzero(needed)
    known = np.zeros((len(lacking), len(needed)), bool)
    known[:, np.flatnonzero(before[0])] = before[1]
    return np.asarray(lacking & ~known[:, slots])


def told_elsewhere(judged: Judged, row: TimeRow, cause: str) -> Bools:
    """Units (of the row) whose lack for a cause is told as another gap already, so that nobody counts twice.

    Where the way is a gap for the same persons, it is that for all hours. Where the service is wholly absent in their
    area, a missing ride to that of other areas is no gap of its own.
    """
    space = _row_of_way(judged, row)
    found = in_distance_gap(space) if space is not None else np.zeros(len(row.best), bool)
    if cause == "timetable":
        for provision in judged.provisions:
            if provision.status == GAP and provision.cause == "absent":
                found[provision.units] = True
    return found[row.units]


def _row_of_way(judged: Judged, row: TimeRow) -> Row | None:
    """The row that judged the way of the same persons."""
    same = [one for one in judged.rows if one.group is row.group and one.distance is not None]
    exact = [one for one in same if row.suffix.endswith(one.suffix) and one.suffix]
    return next(iter(exact), None) or next((one for one in same if not one.suffix), None)


def _named(
    frame: Frame, judged: Judged, row: TimeRow, status: WeekStatus, cause: str, lacking: Bools
) -> list[FoundGap]:
    """Named areas for one cause in one week."""
    if not lacking.any():
        return []
    units, card = len(frame.units), frame.catalogue.assessment
    in_gap, judged_units = np.zeros(units, bool), np.zeros(units, bool)
    in_gap[row.units] = lacking.any(axis=1)
    judged_units[row.units] = status.served.all(axis=1) | lacking.any(axis=1)
    known = ~np.isnan(row.best) & (row.high > 0)
    areas = name_areas(
        frame.units, in_gap & known, judged_units & known, row.high,
        cluster_share=card.cluster_share, smallest_persons=card.smallest_persons,
    )  # fmt: skip
    return [_gap(judged, row, status, cause, lacking, area) for area in areas]


def _gap(
    judged: Judged, row: TimeRow, status: WeekStatus, cause: str, lacking: Bools, area: NamedArea
) -> FoundGap:
    position = np.searchsorted(row.units, area.units)
    slots = np.flatnonzero(status.needed)
    mask = np.zeros(len(status.needed), bool)
    mask[slots[lacking[position].any(axis=0)]] = True
    hours = lacking[position].sum(axis=1) * SLOT_MIN / 60
    ends = (row.low, row.best, row.high)
    persons = tuple(float(end[area.units].sum()) for end in ends)
    person_hours = tuple(float((end[area.units] * hours).sum()) for end in ends)
    needed_hours = len(slots) * SLOT_MIN / 60
    weight = row.high[area.units]
    severity = float((hours * weight).sum() / (needed_hours * weight.sum())) if weight.sum() > 0 else 1.0
    closed = _weeks_closed(row, status, cause, position)
    return FoundGap(
        judged, row.name, row.mode, area.area_id, area.level, area.units, cause, persons,  # type: ignore[arg-type]
        row.norm, needed_hours, needed_hours * (1 - severity), "h_week", min(1.0, severity), row.share_known,
        bool(status.unknown[position].any()) or persons[0] < persons[2],
        time=OfTime(
            mask, person_hours, day_type_of(status.week, mask), _season(row, status), row.crowd.key,  # type: ignore[arg-type]
            row.window.id, closed,
        ),
    )  # fmt: skip


def day_type_of(week: Week, mask: Mask) -> str | None:
    """The type of the days on which some slots lie; None where they lie on several types."""
    days = mask.reshape(-1, SLOTS_A_DAY).any(axis=1)
    types = {week.types[number] for number in np.flatnonzero(days).tolist()}
    return next(iter(types)) if len(types) == 1 else None


def _season(row: TimeRow, status: WeekStatus) -> Season | None:
    """Season of a gap: that of the segment, or the school holidays; None = whenever such days are."""
    if not row.crowd.season.is_whole_year:
        return row.crowd.season
    return ANY_HOLIDAYS if status.week.key == HOLIDAYS else None


def _weeks_closed(row: TimeRow, status: WeekStatus, cause: str, position: NDArray[np.int64]) -> float | None:
    """Least weeks for which too much of an allowed closing time is taken; None where none is allowed or too many."""
    if row.window.closing_weeks is None or status.week.key != HOLIDAYS or cause != "hours":
        return None
    closed = status.weeks_closed[position]
    return float(np.nanmin(closed)) or None if (~np.isnan(closed)).any() else None


def with_hours(gap: FoundGap, rows: list[TimeRow]) -> FoundGap:
    """A gap of the way with the hours in which it holds, and those in which bus or volunteers close it for all."""
    group, _, household = gap.group.partition(".")
    mine = [row for row in rows if row.group.id == group and not row.crowd.key and row.weeks]
    mine = [row for row in mine if row.suffix in ("", f".{household}")] if household else mine
    if not mine:
        return gap
    ridden, person_hours = ~no_slots(), np.zeros(3)
    for row in mine:
        position, status = np.flatnonzero(np.isin(row.units, gap.units)), row.weeks[0]
        lacking = ~status.served[position] & ~status.unknown[position]
        hours = lacking.sum(axis=1) * SLOT_MIN / 60
        for number, end in enumerate((row.low, row.best, row.high)):
            persons = end[row.units[position]]
            whole = persons.sum()
            # Where the hours do not tell households apart, those of the gap are a part of the row.
            share = gap.persons[number] / whole if household and not row.suffix and whole > 0 else 1.0
            person_hours[number] += float((persons * hours).sum()) * share
        week = no_slots()
        week[np.flatnonzero(status.needed)] = status.by_ride[position].all(axis=0) if len(position) else False
        ridden &= week
    low, best, high = person_hours.tolist()
    return replace(gap, time=OfTime(ridden, (low, best, high), None, None, "", mine[0].window.id, None))
