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
    status: str
    cause: str | None
    unit: str
    """what target and actual count: the capacity unit of the kind, or facility"""
    unknown_ids: tuple[str, ...]
    units: NDArray[np.int64]

    @property
    def missing_persons(self) -> float:
        """Persons of the group that the missing capacity would serve."""
        return self.persons * (self.target - self.actual) / self.target if self.target else 0.0


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
    """
    level = norm.norm.level
    assert level is not None
    ids = offers[id_column(level)].to_numpy(object)
    numbers, areas = pd.factorize(units[id_column(level)].where(units["inside"].astype(bool), None), sort=True)
    result = []
    for number, area_id in enumerate(areas):
        mine = np.flatnonzero(numbers == number)
        here = offers[ids == area_id]
        certain = here[~here["possible"].astype(bool)]
        target = _target(norm.norm.measure, value, float(persons[mine].sum()))
        found = _capacity(norm.norm.measure, unit, here)
        at_most = found.at_most if recorded and area_id not in incomplete else np.inf
        status = _status(target, found.known, at_most, smallest, floor_share)
        who = float(concerned[mine].sum())
        if np.isnan(who) and status == GAP:
            status = UNKNOWN  # a gap says how many persons it concerns
        cause = ("absent" if certain.empty else "capacity") if status == GAP else None
        result.append(
            Provision(area_id, level, norm, who, target, found.known, status, cause, unit, found.unknown_ids, mine)
        )
    return result


@dataclass(frozen=True)
class _Capacity:
    known: float
    at_most: float
    unknown_ids: tuple[str, ...]


def _capacity(measure: str, unit: str, here: pd.DataFrame) -> _Capacity:
    """Capacity of some facilities in the unit of a norm: facilities count as one each, others by usable places."""
    if measure == "facilities_min" or unit == "facility":
        unsure = here["possible"].to_numpy(bool)
        known, at_most = float((~unsure).sum()), float(len(here))
    else:
        places = places_of(here)
        unsure, known, at_most = places.unknown, float(places.known.sum()), float(places.at_most.sum())
    return _Capacity(known, at_most, tuple(sorted(here.loc[unsure, "facility_id"])))


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
