# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What grids tell about the ages of a cell: shares of age bands, taken as weights only."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from dableiben.sources.base import Reading
from dableiben.sources.grid_themes import AgeTheme, age_theme

COLUMNS = ("cell_id", "age_from", "age_to", "share")
PERSONS = "persons"
SMALL = 3
"""the census shows no counts of 1 and 2 as they are; what is smaller says nothing"""
OPEN_END = 200


def no_hints() -> pd.DataFrame:
    """COLUMNS without rows."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})


def age_hints(readings: Iterable[Reading], cells: pd.DataFrame) -> pd.DataFrame:
    """Share of an age band in a cell's persons (COLUMNS), from the finest grid that tells it; bands of a cell do
    not overlap.

    A cell takes the value of the grid cell its centre lies in; counts of finer grids are added up. Suppressed and
    small values give no row: there the structure of the area stands. Shares are weights for the fit of
    need.people, never results: the totals of areas stay.
    """
    grids = [reading.grid for reading in readings if reading.grid is not None]
    if not grids or cells.empty:
        return no_hints()
    whole = pd.concat(grids, ignore_index=True)
    persons = whole[(whole["theme"] == PERSONS) & whole["value"].notna()]
    tables = []
    for grid in grids:
        for theme, rows in grid[grid["theme"] != PERSONS].groupby("theme", sort=True):
            meaning = age_theme(str(theme))
            if meaning is not None:
                tables += [_of_size(cells, some, meaning, persons) for _, some in rows.groupby("size_m", sort=True)]
    tables = [table for table in tables if len(table)]
    return _apart(pd.concat(tables, ignore_index=True)) if tables else no_hints()


def _apart(found: pd.DataFrame) -> pd.DataFrame:
    """Per cell the bands of the finest grid, narrow ones first, none of which overlaps another."""
    end = found["age_to"].astype(float).fillna(OPEN_END)
    found = found.assign(end=end, span=end - found["age_from"])
    found = found.sort_values(["cell_id", "size_m", "span", "age_from"], kind="stable", ignore_index=True)
    taken: dict[str, list[tuple[float, float]]] = {}
    keep = []
    for cell, first, last in found[["cell_id", "age_from", "end"]].itertuples(index=False):
        mine = taken.setdefault(cell, [])
        keep.append(all(last < low or first > high for low, high in mine))
        if keep[-1]:
            mine.append((first, last))
    kept = found[np.array(keep, bool)]
    return kept.sort_values(["cell_id", "age_from"], kind="stable")[list(COLUMNS)].reset_index(drop=True)


def _of_size(cells: pd.DataFrame, rows: pd.DataFrame, meaning: AgeTheme, persons: pd.DataFrame) -> pd.DataFrame:
    size_m, base_m = int(rows["size_m"].iloc[0]), int(cells["size_m"].iloc[0])
    if size_m < base_m:
        shares = _summed(cells, rows, base_m) if meaning.kind == "count" else no_hints()
    else:
        shares = _at_centres(cells, rows, size_m, meaning, persons)
    shares = shares[shares["share"].astype(float).between(0, 1)]
    return shares.assign(age_from=meaning.age_from, age_to=meaning.age_to, size_m=size_m)


def _at_centres(
    cells: pd.DataFrame, rows: pd.DataFrame, size_m: int, meaning: AgeTheme, persons: pd.DataFrame
) -> pd.DataFrame:
    """cell_id, share: the grid cell in which the centre of the cell lies."""
    x0, y0 = _corner(rows, size_m)
    known = _spots(rows[_is_told(rows, meaning)], x0, y0, size_m)
    if meaning.kind == "percent":
        known["share"] = known["value"] / 100
    else:
        everybody = _spots(persons[persons["size_m"] == size_m], x0, y0, size_m)
        everybody = everybody[everybody["value"] >= SMALL].rename(columns={"value": "everybody"})
        known = known.merge(everybody[["column", "row", "everybody"]], on=["column", "row"])
        known["share"] = known["value"] / known["everybody"]
    spot = pd.DataFrame({"column": _steps(cells["x_m"], x0, size_m), "row": _steps(cells["y_m"], y0, size_m)})
    spot["cell_id"] = cells["cell_id"].to_numpy()
    return spot.merge(known, on=["column", "row"])[["cell_id", "share"]]


def _summed(cells: pd.DataFrame, rows: pd.DataFrame, base_m: int) -> pd.DataFrame:
    """cell_id, share: counts of the finer cells inside; none where one of them is suppressed."""
    x0, y0 = _corner(cells, base_m)
    parts = _spots(rows, x0, y0, base_m, unique=False)
    sums = parts.groupby(["column", "row"])["value"].sum(skipna=False).reset_index()
    sums = sums[sums["value"] >= SMALL]
    spot = pd.DataFrame({"column": _steps(cells["x_m"], x0, base_m), "row": _steps(cells["y_m"], y0, base_m)})
    spot = spot.assign(cell_id=cells["cell_id"].to_numpy(), persons=cells["persons"].to_numpy(float))
    joined = spot[spot["persons"] >= SMALL].merge(sums, on=["column", "row"])
    return joined.assign(share=joined["value"] / joined["persons"])[["cell_id", "share"]]


def _is_told(rows: pd.DataFrame, meaning: AgeTheme) -> pd.Series:
    # Values in brackets (weak) still tell a direction; they mark whole rows, of which one class may be weak.
    least = SMALL if meaning.kind == "count" else 0
    return rows["value"].astype(float) >= least


def _corner(rows: pd.DataFrame, size_m: int) -> tuple[float, float]:
    """Grids of different origin are shifted: cells are counted from the grid's own first corner."""
    return float((rows["x_m"] - size_m / 2).min()), float((rows["y_m"] - size_m / 2).min())


def _spots(rows: pd.DataFrame, x0: float, y0: float, size_m: int, *, unique: bool = True) -> pd.DataFrame:
    spots = pd.DataFrame({"column": _steps(rows["x_m"], x0, size_m), "row": _steps(rows["y_m"], y0, size_m)})
    spots["value"] = rows["value"].to_numpy(float)
    return spots.drop_duplicates(["column", "row"]) if unique else spots


def _steps(values: pd.Series, start: float, size_m: int) -> np.ndarray:
    return np.asarray(np.floor((values.to_numpy(float) - start) / size_m), np.int64)
