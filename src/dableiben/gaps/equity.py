# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""How unequally something is spread over people: weighted Gini and Theil, between and within areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dableiben.core.errors import ContractError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.integer]


@dataclass(frozen=True)
class Theil:
    """Theil's T and its two parts: `total` = `between` areas + `within` areas. 0 = everybody has the same."""

    total: float
    between: float
    within: float


def gini(value: FloatArray, persons: FloatArray) -> float:
    """Gini index of a value that every person of a cell or area has, weighted with persons.

    value    what a person there has (places, opportunities in reach), shape (n,), >= 0
    persons  shape (n,), >= 0
    result   0 (everybody the same) .. below 1; NaN if nobody is there or nobody has anything
    law      scaling value or persons, splitting an entry and the order change nothing
    errors   ContractError if a number is negative or missing
    source   Gini 1912; trapezoids under the Lorenz curve, as in R accessibility
    """
    value, persons = _checked(value, persons)
    total, people = (value * persons).sum(), persons.sum()
    if not total > 0:
        return float("nan")
    order = np.argsort(value, kind="stable")
    lorenz = np.cumsum((value * persons)[order]) / total
    before = np.concatenate([[0.0], lorenz[:-1]])
    return float(1 - ((before + lorenz) * persons[order]).sum() / people)


def theil(value: FloatArray, persons: FloatArray, area: IntArray) -> Theil:
    """Theil's T index of a value that every person has, split into between and within areas.

    value    what a person there has, shape (n,), >= 0; nothing contributes nothing (x · ln x = 0 at 0)
    persons  shape (n,), >= 0
    area     area of each entry, whole numbers >= 0, shape (n,)
    result   0 .. ln(persons); NaN if nobody is there or nobody has anything
    law      total = between + within; one area: between = 0; all alike inside the areas: within = 0
    errors   ContractError if a number is negative or missing
    source   Theil 1967, Economics and Information Theory, chapter 4
    """
    value, persons = _checked(value, persons)
    if area.shape != value.shape or (area.size and area.min() < 0):
        raise ContractError("area must give one whole number >= 0 for each value")
    people = persons.sum()
    if not (value * persons).sum() > 0:
        return Theil(float("nan"), float("nan"), float("nan"))
    mean = (value * persons).sum() / people
    people_of = np.bincount(area, persons)
    total_of = np.bincount(area, value * persons)
    mean_of = np.divide(total_of, people_of, out=np.zeros(people_of.size), where=people_of > 0)
    between = float((people_of * _x_log_x(mean_of / mean)).sum() / people)
    own_mean = mean_of[area]
    relative = np.divide(value, own_mean, out=np.zeros(value.size), where=own_mean > 0)
    within = float((persons * own_mean / mean * _x_log_x(relative)).sum() / people)
    return Theil(float((persons * _x_log_x(value / mean)).sum() / people), between, within)


def _x_log_x(x: FloatArray) -> FloatArray:
    return x * np.log(x, out=np.zeros_like(x), where=x > 0)


def _checked(value: FloatArray, persons: FloatArray) -> tuple[FloatArray, FloatArray]:
    value, persons = np.asarray(value, dtype=np.float64), np.asarray(persons, dtype=np.float64)
    if value.ndim != 1 or value.shape != persons.shape:
        raise ContractError("value and persons must be columns of the same length")
    for numbers in (value, persons):
        if not np.isfinite(numbers).all() or (numbers < 0).any():
            raise ContractError("value and persons must be finite numbers >= 0; unknown is not a number")
    return value, persons
