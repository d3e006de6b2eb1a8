# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Norms by area: persons per doctor, posts per inhabitants, places per 1000, facilities at least."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.catalogue.select import ChosenNorm
from dableiben.core.levels import id_column
from dableiben.gaps.status import COVERED, GAP, TIGHT, UNKNOWN
from dableiben.supply.places import places_of
from dableiben.supply.whereabouts import may_lie_in

Floats = NDArray[np.float64]
ROUNDING = 1e-9  # of counting in floats


@dataclass(frozen=True)
class Provision:
    """Provision of one area against a norm by area."""

    area_id: str
    level: str
    norm: ChosenNorm
    persons: float
    """persons the kind serves in the area; NaN = unknown"""
    target: float
    actual: float
    """known capacity; more may be there where `unknown_ids` is not empty"""
    at_most: float
    """with facilities of unknown size, or of unknown place, at their largest; may be infinite"""
    status: str
    cause: str | None
    reason: str | None
    """of an unknown status: which kind of entry is missing"""
    unit: str
    """what target and actual count: the capacity unit of the kind, or facility"""
    unknown_ids: tuple[str, ...]
    units: NDArray[np.int64]

    @property
    def missing_persons(self) -> tuple[float, float, float]:
        """Persons of the group that the missing capacity would serve: low with `at_most`, best and high with
        what is known."""
        if not self.target:
            return 0.0, 0.0, 0.0
        least, most = (
            self.persons * max(0.0, self.target - there) / self.target for there in (self.at_most, self.actual)
        )
        return least, most, most


def judge_areas(
    norm: ChosenNorm,
    value: float,
    persons: Floats,
    concerned: Floats,
    units: pd.DataFrame,
    offers: pd.DataFrame,
    *,
    unit: str,
    smallest: float,
    floor_share: float | None,
    recorded: bool,
    incomplete: frozenset[str],
) -> list[Provision]:
    """One judgement per area of the norm's level.

    persons       of the norm's group by unit, shape (units,): they make the target
    concerned     persons the kind serves, by unit: they are the persons of a gap
    offers        facilities of the service with the id column of the level, `usable_places`, `possible`
    unit          capacity unit of the kind, or facility
    floor_share   share of the target under which provision is a gap; None = any shortfall of at least `smallest`
    incomplete    areas of which only a part lies in the data

    Places of which the area is not known are judged by municipality as unknown. A municipality without an Amt, where
    others have theirs, is in none: a norm by Amt does not speak of it.
    """
    level = norm.norm.level
    assert level is not None
    areas_of = units[id_column(level)].to_numpy(object)
    inside = units["inside"].to_numpy(bool)
    numbers, areas = pd.factorize(pd.Series(areas_of).where(inside, None), sort=True)
    home = offers[id_column(level)].to_numpy(object)
    maybe = may_lie_in(offers.reset_index(drop=True), units, level)
    result = []
    for number, area_id in enumerate(areas):
        mine = np.flatnonzero(numbers == number)
        here = offers[home == area_id]
        stray = offers.iloc[[row for row, mask in sorted(maybe.items()) if mask[mine].any()]]
        target = _target(norm.norm.measure, value, float(persons[mine].sum()))
        found = _capacity(norm.norm.measure, unit, here, stray)
        at_most = found.at_most if recorded and area_id not in incomplete else np.inf
        who = float(concerned[mine].sum())
        status = _status(target, found.known, at_most, smallest, floor_share)
        if np.isnan(who) and status == GAP:
            status = UNKNOWN  # a gap says how many persons it concerns
        certain = here[~here["possible"].astype(bool)]
        cause = ("absent" if certain.empty else "capacity") if status == GAP else None
        reason = _reason(target, who, found, recorded=recorded, strays=len(stray)) if status == UNKNOWN else None
        result.append(
            Provision(
                str(area_id), level, norm, who, target, found.known, at_most, status, cause, reason, unit,
                found.unknown_ids, mine,
            )
        )  # fmt: skip
    return result + _without_area(norm, concerned, units, areas_of, level, unit)


def _without_area(
    norm: ChosenNorm, concerned: Floats, units: pd.DataFrame, ids: NDArray[np.object_], level: str, unit: str
) -> list[Provision]:
    """Places that lie in no known area of the level: unknown, by municipality."""
    known = np.array([isinstance(value, str) for value in ids], bool)
    if level == "amt" and known.any():
        return []
    lost = units["inside"].to_numpy(bool) & ~known
    towns = units[id_column("municipality")].to_numpy(object)
    found = []
    for town in sorted({str(t) for t in towns[lost]}):
        mine = np.flatnonzero(lost & (towns == town))
        persons = float(concerned[mine].sum())
        found.append(
            Provision(
                town, "municipality", norm, persons, np.nan, 0.0, np.inf, UNKNOWN, None, "level_missing", unit, (), mine
            )
        )
    return found


def _reason(target: float, who: float, found: _Capacity, *, recorded: bool, strays: int) -> str:
    if np.isnan(target) or np.isnan(who):
        return "age_unknown"
    if not recorded:
        return "kind_not_recorded"
    if strays:
        return "place_missing"
    return "capacity_missing" if found.unknown_ids else "area_incomplete"


@dataclass(frozen=True)
class _Capacity:
    known: float
    at_most: float
    unknown_ids: tuple[str, ...]


def _capacity(measure: str, unit: str, here: pd.DataFrame, stray: pd.DataFrame) -> _Capacity:
    """Capacity of facilities here, and of those that may be here, in the unit of a norm: facilities count as one
    each, others by usable places."""
    if measure == "facilities_min" or unit == "facility":
        unsure = here["possible"].to_numpy(bool)
        known, at_most = float((~unsure).sum()), float(len(here) + len(stray))
    else:
        places = places_of(here)
        unsure, known = places.unknown, float(places.known.sum())
        at_most = float(places.at_most.sum() + places_of(stray).at_most.sum())
    return _Capacity(known, at_most, tuple(sorted([*here.loc[unsure, "facility_id"], *stray["facility_id"]])))


def _target(measure: str, value: float, persons: float) -> float:
    if measure == "persons_per_unit":
        return persons / value
    if measure == "units_per_1000":
        return persons * value / 1000
    return value


def _status(target: float, known: float, at_most: float, smallest: float, floor_share: float | None) -> str:
    if np.isnan(target):
        return UNKNOWN
    if _is_short(target, known, smallest, floor_share):
        return GAP if _is_short(target, at_most, smallest, floor_share) else UNKNOWN
    return COVERED if target - known <= ROUNDING else TIGHT


def _is_short(target: float, actual: float, smallest: float, floor_share: float | None) -> bool:
    """At least the smallest shortfall is missing and, with a floor, less than that share of the target is there."""
    short = target - actual >= smallest - ROUNDING
    return short and (floor_share is None or actual < floor_share * target - ROUNDING)
