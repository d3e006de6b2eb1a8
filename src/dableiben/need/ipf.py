# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Iterative proportional fitting: persons by cell and age x sex that meet totals of cells and of areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dableiben.core.errors import ContractError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Numerical bounds, not planning numbers: a thousandth of a millionth of a person, and when to give up.
TOLERANCE_PERSONS = 1e-9
MOST_ROUNDS = 2000


@dataclass(frozen=True)
class Margin:
    """What one way of summing must give: `group` of each value, shape (values,); `totals`, (groups,)."""

    group: IntArray
    totals: FloatArray


@dataclass(frozen=True)
class Raked:
    """Values that meet the margins, rounds used, and the largest |sum - total| that is left (persons)."""

    values: FloatArray
    rounds: int
    largest_deviation: float


@dataclass(frozen=True)
class Fitted:
    """Result of `fit`.

    persons            shape (cells, groups)
    rounds             rounds used by the slowest area
    largest_deviation_persons  largest |sum - total| left; above the tolerance zeros of the seed allow no fit
    row_factor         what the cell totals of each area were multiplied with to sum to its official total,
                       shape (areas,)
    """

    persons: FloatArray
    rounds: int
    largest_deviation_persons: float
    row_factor: FloatArray

    @property
    def areas_adjusted(self) -> int:
        """Number of areas whose cell totals did not sum to the official total already."""
        return int((np.abs(self.row_factor - 1) > 1e-12).sum())


@dataclass(frozen=True)
class FilledSeed:
    """A seed that `fit` can use, and how many rows and columns (area x group) had nothing and were filled."""

    seed: FloatArray
    rows_filled: int
    columns_filled: int


def rake(
    seed: FloatArray,
    margins: Sequence[Margin],
    *,
    tolerance: float = TOLERANCE_PERSONS,
    most_rounds: int = MOST_ROUNDS,
) -> Raked:
    """Multiply the seed, one margin after the other, until all totals are met.

    seed     weights, shape (values,), >= 0; a zero stays zero
    margins  at least one; their totals must have one and the same sum
    law      ratios of ratios of the seed are kept; the last margin is met exactly
    errors   ContractError if totals or seed are negative or missing, totals differ in sum, or a total above
             zero has only zeros to grow from
    source   Deming & Stephan 1940, https://doi.org/10.1214/aoms/1177731829
    """
    values = _weights(seed, "seed").copy()
    sums = [_weights(margin.totals, "totals").sum() for margin in margins]
    if max(sums) - min(sums) > 1e-9 * max(1.0, *sums):
        raise ContractError(f"totals of the margins contradict each other: {sums}")
    deviations: list[float] = []
    while len(deviations) < most_rounds:
        deviations.append(_one_round(values, margins, is_first=not deviations))
        if deviations[-1] <= tolerance or _stands_still(deviations):
            break
    left = [np.abs(_sums(margin, values) - margin.totals).max(initial=0.0) for margin in margins]
    return Raked(values, len(deviations), float(max(left)))


def fit(
    seed: FloatArray,
    row_totals: FloatArray,
    column_totals: FloatArray,
    *,
    area_of_row: IntArray,
    tolerance_persons: float = TOLERANCE_PERSONS,
    most_rounds: int = MOST_ROUNDS,
) -> Fitted:
    """Persons per cell and group that meet the cells' totals and, exactly, the official totals of their area.

    seed           weights, shape (cells, groups), >= 0 (`filled_seed` mends empty rows and columns)
    row_totals     persons per cell, shape (cells,), >= 0
    column_totals  official persons per area and group, shape (areas, groups), >= 0
    area_of_row    area of each cell, shape (cells,), 0..areas-1
    law            zeros stay zeros; areas do not influence each other; where cell totals and official totals
                   of an area differ in sum, the cell totals are scaled and the factor is reported
    errors         ContractError if a number is negative or missing, an area has official persons but no cell
                   with persons, or a total above zero has only zeros in the seed
    """
    cells, groups = seed.shape
    if row_totals.shape != (cells,) or area_of_row.shape != (cells,) or column_totals.shape[1] != groups:
        raise ContractError("seed, row_totals, column_totals and area_of_row differ in shape")
    row_factor = _row_factor(
        _weights(row_totals, "row_totals"), _weights(column_totals, "column_totals"), area_of_row
    )
    of_cell = Margin(np.repeat(np.arange(cells), groups), row_totals * row_factor[area_of_row])
    of_area = Margin(
        (area_of_row[:, None] * groups + np.arange(groups)[None, :]).ravel(), column_totals.ravel()
    )
    raked = rake(seed.ravel(), [of_cell, of_area], tolerance=tolerance_persons, most_rounds=most_rounds)
    return Fitted(raked.values.reshape(cells, groups), raked.rounds, raked.largest_deviation, row_factor)


def filled_seed(
    seed: FloatArray, row_totals: FloatArray, column_totals: FloatArray, *, area_of_row: IntArray
) -> FilledSeed:
    """Fill rows and columns of the seed that have persons to carry but no weight; counted, for the report.

    A row with persons and no weight where its area has persons gets the area's structure (column totals). A
    column with official persons and no weight gets the cells' persons. Shapes as in `fit`.
    law     entries above zero are kept, and `fit` finds something to grow from for every total
    """
    filled = np.asarray(seed, dtype=float).copy()
    wanted = column_totals[area_of_row]
    has_weight = ((filled > 0) & (wanted > 0)).any(axis=1)
    empty_rows = (row_totals > 0) & ~has_weight & (wanted > 0).any(axis=1)
    filled[empty_rows] = wanted[empty_rows]
    weight = np.zeros_like(column_totals, dtype=float)
    np.add.at(weight, area_of_row, np.where(row_totals[:, None] > 0, filled, 0.0))
    persons = np.bincount(area_of_row, row_totals, column_totals.shape[0])
    empty_columns = (column_totals > 0) & (weight == 0) & (persons > 0)[:, None]
    total = column_totals.sum(axis=1, keepdims=True)
    # As many as the official share of the group among the persons of the cell.
    share = np.divide(column_totals, total, out=np.zeros_like(weight), where=total > 0)
    filled = np.where(empty_columns[area_of_row], row_totals[:, None] * share[area_of_row], filled)
    return FilledSeed(filled, int(empty_rows.sum()), int(empty_columns.sum()))


def _one_round(values: FloatArray, margins: Sequence[Margin], *, is_first: bool) -> float:
    """Scale the values in place to each margin in turn; the largest deviation met on the way."""
    largest = 0.0
    for margin in margins:
        found = _sums(margin, values)
        hopeless = np.flatnonzero((found == 0) & (margin.totals > 0))
        if is_first and hopeless.size:
            raise ContractError(f"group {hopeless[0]} has a total above zero but only zeros in the seed")
        largest = max(largest, float(np.abs(found - margin.totals).max(initial=0.0)))
        values *= _ratio(margin.totals, found)[margin.group]
    return largest


def _stands_still(deviations: list[float]) -> bool:
    """True if zeros of the seed allow no fit: the deviation stays, while any fit keeps getting closer."""
    back = 20
    return len(deviations) > back and abs(deviations[-1 - back] - deviations[-1]) <= 1e-9 * deviations[-1]


def _row_factor(row_totals: FloatArray, column_totals: FloatArray, area_of_row: IntArray) -> FloatArray:
    areas = column_totals.shape[0]
    if area_of_row.size and (area_of_row.min() < 0 or area_of_row.max() >= areas):
        raise ContractError(f"an area of area_of_row lies outside 0..{areas - 1}")
    in_cells, official = np.bincount(area_of_row, row_totals, areas), column_totals.sum(axis=1)
    homeless = np.flatnonzero((official > 0) & (in_cells == 0))
    if homeless.size:
        raise ContractError(
            f"area {homeless[0]} has {official[homeless[0]]:g} persons but no cell with persons"
        )
    factor: FloatArray = np.divide(official, in_cells, out=np.ones(areas), where=in_cells > 0)
    return factor


def _sums(margin: Margin, values: FloatArray) -> FloatArray:
    return np.bincount(margin.group, values, margin.totals.size).astype(np.float64)


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def _weights(numbers: FloatArray, name: str) -> FloatArray:
    array = np.asarray(numbers, dtype=np.float64)
    if not np.isfinite(array).all() or (array < 0).any():
        raise ContractError(f"{name} must be finite numbers >= 0; unknown is not a number")
    return array
