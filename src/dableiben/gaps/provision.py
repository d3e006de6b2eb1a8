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

Floats = NDArray[np.float64]


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
    smallest: float,
    floor_share: float | None,
    recorded: bool,
    incomplete: frozenset[str],
) -> list[Provision]:
    """One judgement per area of the norm's level.

    persons       of the norm's group by unit, shape (units,): they make the target
    concerned     persons the kind serves, by unit: they are the persons of a gap
    offers        facilities of the service with the id column of the level, `usable_places`, `possible`
    floor_share   share of the target under which provision is a gap; None = any shortfall of at least `smallest`
    incomplete    areas of which only a part lies in the data
    """
    level = norm.norm.level
    assert level is not None
    column = id_column(level)
    result = []
    ids = units[column].to_numpy(object)
    for area_id in sorted({v for v in ids[units["inside"].to_numpy(bool)] if v is not None and v == v}):
        mine = np.flatnonzero((ids == area_id) & units["inside"].to_numpy(bool))
        here = offers[(offers[column] == area_id).to_numpy(bool)]
        target = _target(norm.norm.measure, value, float(persons[mine].sum()))
        counted = here[~here["possible"].astype(bool)]
        actual, unknown = _actual(norm.norm.measure, counted)
        unknown += tuple(here.loc[here["possible"].astype(bool), "facility_id"])
        status = _status(target, actual, smallest, floor_share, bool(unknown) or not recorded or area_id in incomplete)
        cause = None
        if status == GAP:
            cause = "absent" if counted.empty else "capacity"
        result.append(
            Provision(
                area_id,
                level,
                norm,
                float(concerned[mine].sum()),
                target,
                actual,
                status,
                cause,
                tuple(sorted(unknown)),
                mine,
            )
        )
    return result


def _target(measure: str, value: float, persons: float) -> float:
    if measure == "persons_per_unit":
        return persons / value
    if measure == "units_per_1000":
        return persons * value / 1000
    return value


def _actual(measure: str, counted: pd.DataFrame) -> tuple[float, tuple[str, ...]]:
    if measure == "facilities_min":
        return float(len(counted)), ()
    places = counted["usable_places"].astype(float)
    return float(places.sum()), tuple(counted.loc[places.isna(), "facility_id"])


def _status(target: float, actual: float, smallest: float, floor_share: float | None, more_possible: bool) -> str:
    if np.isnan(target):
        return UNKNOWN
    missing = target - actual
    # A tiny shortfall from counting in floats is none.
    if missing < smallest - 1e-9:
        return COVERED if missing <= 1e-9 else TIGHT
    if more_possible:
        return UNKNOWN
    if floor_share is not None and actual >= floor_share * target:
        return TIGHT
    return GAP
