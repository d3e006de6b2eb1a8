# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From judged rows to gaps: which area, which cause, how many persons, against which norm."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dableiben.catalogue.select import ChosenNorm
from dableiben.core.seasons import Season
from dableiben.core.week import Mask
from dableiben.gaps.distance import best_minutes
from dableiben.gaps.naming import name_areas
from dableiben.gaps.rank import rank_order
from dableiben.gaps.rows import METRES_PER_MIN, WITH_CAR, WITHOUT_CAR, Limit, Row
from dableiben.gaps.service import Frame, Judged, in_distance_gap
from dableiben.gaps.status import COVERED, GAP

Floats = NDArray[np.float64]
TIME_CAUSES = ("hours", "timetable", "slot_capacity")


@dataclass(frozen=True)
class OfTime:
    """When a gap in time holds; of a gap of the way: when a ride closes it, and the hours that stay open.

    slots         shape (672,)
    person_hours  low, best, high, a week
    day_type, season   None = several, whenever such days are
    segment       multilocal segment concerned, empty = everybody of the group
    window        card of the need window
    weeks_closed  weeks a year beyond those allowed; None = not a matter of closing time
    """

    slots: Mask
    person_hours: tuple[float, float, float]
    day_type: str | None
    season: Season | None
    segment: str
    window: str
    weeks_closed: float | None


@dataclass(frozen=True)
class FoundGap:
    """A gap before it is ranked and put into words."""

    judged: Judged
    group: str
    mode: str | None
    area_id: str
    level: str
    units: NDArray[np.int64]
    cause: str
    persons: tuple[float, float, float]
    norm: ChosenNorm
    target: float | None
    actual: float | None
    unit: str
    severity: float
    share_known: bool
    has_unknown: bool = False
    attribute: str | None = None
    further: tuple[FoundGap, ...] = ()
    """gaps of the same group, dimension and area with another cause; told in its explanation"""
    time: OfTime | None = None

    @property
    def dimension(self) -> str:
        """Dimension the cause belongs to."""
        if self.cause in TIME_CAUSES:
            return "time"
        return "space" if self.cause == "distance" else "content"


def find_gaps(frame: Frame, judged: Judged) -> list[FoundGap]:
    """All gaps of a judged service, at most one for a group, dimension and area: it keeps its id and decision.

    Where several norms of the content are missed at once, the one of the first tier, then the worst, is named, and
    the others stand in its `further`, one for each cause.
    """
    gaps = [gap for row in _one_for_all(frame, judged.rows) for gap in _of_way(frame, judged, row)]
    gaps += [gap for row in judged.rows for gap in _of_quality(frame, judged, row)]
    gaps += _of_places(judged) + _of_areas(judged)
    order = rank_order(gaps, frame.catalogue.assessment)
    together: dict[tuple[str, str, str], list[int]] = {}
    for position in order:
        gap = gaps[position]
        together.setdefault((gap.group, gap.dimension, gap.area_id), []).append(position)
    return [_with_further([gaps[p] for p in together[key]]) for key in sorted(together, key=lambda k: together[k][0])]


def _with_further(gaps: list[FoundGap]) -> FoundGap:
    """The first of some gaps of one group, dimension and area, with one of each other cause."""
    by_cause = {gap.cause: gap for gap in reversed(gaps)}
    others = [gap for gap in gaps[1:] if by_cause[gap.cause] is gap and gap.cause != gaps[0].cause]
    return replace(gaps[0], further=tuple(others))


def _one_for_all(frame: Frame, rows: list[Row]) -> list[Row]:
    """Rows of a group whose households lie in the same gap, with and without a car, as one row of them all."""
    inside = frame.units["inside"].to_numpy(bool)
    found: list[Row] = []
    for row in rows:
        before = found[-1] if found else None
        if before is not None and row.suffix == WITHOUT_CAR and before.suffix == WITH_CAR and before.group is row.group:
            theirs = inside & (row.high > 0)
            if in_distance_gap(before)[theirs].tolist() == in_distance_gap(row)[theirs].tolist():
                everybody = before.best + row.best  # the shares of the parts add up to 1 at their best value
                found[-1] = replace(
                    before, suffix="", low=everybody, best=everybody, high=everybody, share_known=True
                )  # fmt: skip
                continue
        found.append(row)
    return found


def _named(frame: Frame, row: Row, in_gap: NDArray[np.bool_], judged: NDArray[np.bool_]) -> list[tuple]:  # type: ignore[type-arg]
    """Named areas with persons low/best/high; places outside the region name nothing."""
    inside = frame.units["inside"].to_numpy(bool)
    known = ~np.isnan(row.best) & (row.high > 0)
    # An unknown share of carless households still asks about everybody: weigh by the highest number.
    areas = name_areas(
        frame.units,
        in_gap & inside & known,
        judged & inside & known,
        row.high,
        cluster_share=frame.catalogue.assessment.cluster_share,
        smallest_persons=frame.catalogue.assessment.smallest_persons,
    )
    ends = (row.low, row.best, row.high)
    return [(area, tuple(float(end[area.units].sum()) for end in ends)) for area in areas]


def _of_way(frame: Frame, judged: Judged, row: Row) -> list[FoundGap]:
    if row.limit is None or row.distance is None:
        return []
    in_gap = in_distance_gap(row)
    answered = in_gap | (row.distance == COVERED)
    minutes = best_minutes(row, judged.offer_for(row.limit))
    if judged.card.use == "service_area":
        minutes = np.full(len(minutes), np.nan)  # nobody comes here, wherever the office is
    gaps = []
    for area, persons in _named(frame, row, in_gap, answered):
        target, actual, unit = _target_of_way(row.limit, row.mode, _mean(minutes[area.units], row.high[area.units]))
        severity = _severity(minutes[area.units], row.high[area.units], _limit_min(row.limit, row.mode))
        gaps.append(
            FoundGap(
                judged,
                row.name,
                row.mode,
                area.area_id,
                area.level,
                area.units,
                "distance",
                persons,
                row.limit.norm,
                target,
                actual,
                unit,
                severity,
                row.share_known,
            )
        )
    return gaps


def _target_of_way(limit: Limit, mode: str | None, minutes: float | None) -> tuple[float, float | None, str]:
    """Limit, actual way and their unit, in what the norm speaks: minutes or metres."""
    longest = _limit_min(limit, mode)
    if limit.metres is None:
        return longest, minutes, "min"
    return limit.metres, None if minutes is None else minutes * METRES_PER_MIN, "m"


def _limit_min(limit: Limit, mode: str | None) -> float:
    return limit.minutes[mode] if mode is not None else max(limit.minutes.values())


def _mean(minutes: Floats, weight: Floats) -> float | None:
    """Mean way of those in the gap who reach anything within the search; None if nobody does."""
    reaches = ~np.isnan(minutes) & (weight > 0)
    if not reaches.any():
        return None
    return float((minutes[reaches] * weight[reaches]).sum() / weight[reaches].sum())


def _severity(minutes: Floats, weight: Floats, limit_min: float) -> float:
    """Mean of (way - limit) / limit over the persons, each 0..1; 1 for whoever reaches nothing."""
    beyond = np.clip((np.where(np.isnan(minutes), np.inf, minutes) - limit_min) / limit_min, 0.0, 1.0)
    return float((beyond * weight).sum() / weight.sum()) if weight.sum() > 0 else 1.0


def _of_quality(frame: Frame, judged: Judged, row: Row) -> list[FoundGap]:
    if row.quality is None or row.limit is None:
        return []
    in_gap = np.asarray(row.quality == GAP)
    answered = in_gap | np.asarray(row.quality == COVERED)
    return [
        FoundGap(
            judged,
            row.name,
            row.mode,
            area.area_id,
            area.level,
            area.units,
            "quality",
            persons,
            row.limit.norm,
            1.0,
            0.0,
            "facility",
            1.0,
            row.share_known,
            attribute=next(name for name, units in row.lacking.items() if units[area.units].any()),
        )
        for area, persons in _named(frame, row, in_gap, answered)
    ]


def _of_places(judged: Judged) -> list[FoundGap]:
    gaps = []
    for short in judged.shortfalls:
        if short.status != GAP or judged.place_norm is None:
            continue
        gaps.append(
            FoundGap(
                judged,
                _group_of(judged),
                None,
                short.area_id,
                judged.card.capacity_level,
                short.units,
                short.cause or "capacity",
                short.missing,
                judged.place_norm,
                short.need,
                short.served,
                str(judged.card.capacity_unit),
                min(1.0, short.missing[1] / short.need),
                short.share_known,
                bool(short.unknown_ids) or short.missing[0] < short.missing[1],
            )
        )
    return gaps


def _of_areas(judged: Judged) -> list[FoundGap]:
    gaps = []
    for provision in judged.provisions:
        if provision.status != GAP:
            continue
        gaps.append(
            FoundGap(
                judged,
                _group_of(judged),
                None,
                provision.area_id,
                provision.level,
                provision.units,
                provision.cause or "capacity",
                provision.missing_persons,
                provision.norm,
                provision.target,
                provision.actual,
                provision.unit,
                min(1.0, (provision.target - provision.actual) / provision.target),
                True,
                bool(provision.unknown_ids),
            )
        )
    return gaps


def _group_of(judged: Judged) -> str:
    """Group of a gap that is about all groups of the service together: the first on its card."""
    return judged.card.groups[0].group
