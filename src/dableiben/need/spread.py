# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Spread the persons of areas over their cells: by grid persons, and by ages where a grid hints at them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.need.ages import LAST_AGE
from dableiben.need.ipf import filled_seed, fit

MOVED = 0.01  # only what is told: grid and list of an area differ by more than 1 %
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Spread:
    """Persons by cell, sex and age, shape (cells, 2, ages), and German sentences on what was adjusted."""

    by_age: Floats
    adjusted: tuple[str, ...]


def spread(persons: Floats, area: Ints, totals: Floats, hints: pd.DataFrame, cell_ids: NDArray[np.object_]) -> Spread:
    """Persons of the areas on their cells.

    persons   grid persons of the cells, shape (cells,), > 0 somewhere in each area
    area      area of each cell, 0..areas-1, shape (cells,)
    totals    persons by area, sex and age, shape (areas, 2, ages); NaN = unknown
    hints     region.age_hints: weights; none = every cell has the structure of its area
    law       the sum over the cells of an area is its total in every sex and age; where nothing is hinted, the
              cells of an area have its structure; grid persons are kept in proportion
    source    iterative proportional fitting, need.ipf
    """
    weight = persons / np.bincount(area, persons, len(totals))[area]
    by_age = totals[area] * weight[:, None, None]
    ratio = _ratios(area, totals, hints, cell_ids)
    # Areas with an unknown age, and those without hints, keep the plain structure.
    whole = ~np.isnan(totals).any(axis=(1, 2))
    hinted = np.bincount(area, (ratio != 1).any(axis=1), len(totals)) > 0
    chosen = whole & hinted
    if not chosen.any():
        return Spread(by_age, ())
    mine = chosen[area]
    number = np.cumsum(chosen) - 1
    columns = totals[chosen].reshape(int(chosen.sum()), -1)
    seed = (by_age[mine] * ratio[mine][:, None, :]).reshape(int(mine.sum()), -1)
    rows, of = persons[mine], number[area[mine]]
    filled = filled_seed(seed, rows, columns, area_of_row=of)
    fitted = fit(filled.seed, rows, columns, area_of_row=of)
    by_age[mine] = fitted.persons.reshape(-1, 2, totals.shape[2])
    note = (
        f"Die Altersstruktur von {int(mine.sum())} Zellen folgt den Anteilen des Rasters, angepasst an die Zahlen von "
        f"{int(chosen.sum())} Gebieten; {filled.rows_filled + filled.columns_filled} leere Reihen wurden ergänzt, "
        f"{int((np.abs(fitted.row_factor - 1) > MOVED).sum())} Gebiete um mehr als 1 % an die Liste angeglichen."
    )
    return Spread(by_age, (note,))


def _ratios(area: Ints, totals: Floats, hints: pd.DataFrame, cell_ids: NDArray[np.object_]) -> Floats:
    """How much more of each age year a cell has than its area, shape (cells, ages); 1 without a hint."""
    ages = totals.shape[2]
    ratio = np.ones((len(area), ages))
    if hints.empty:
        return ratio
    position = {cell: index for index, cell in enumerate(cell_ids)}
    everybody = np.nansum(totals, axis=(1, 2))
    bands = hints.astype({"age_from": int}).assign(age_to=hints["age_to"].fillna(LAST_AGE).astype(int))
    for key, rows in bands.groupby(["age_from", "age_to"], sort=True):
        first, end = (int(str(part)) for part in key)
        index = np.array([position.get(cell, -1) for cell in rows["cell_id"]])
        share = rows["share"].to_numpy(float)[index >= 0]
        index = index[index >= 0]
        band = np.nansum(totals[:, :, first : end + 1], axis=(1, 2))[area[index]]
        usual = np.divide(band, everybody[area[index]], out=np.zeros(len(index)), where=everybody[area[index]] > 0)
        usable = usual > 0
        ratio[index[usable], first : end + 1] = (share[usable] / usual[usable])[:, None]
    return ratio
