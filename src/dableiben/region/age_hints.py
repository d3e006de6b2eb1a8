# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What grids tell about the ages of a cell: shares of under 18 and from 65 on, taken as weights only."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import yaml

from dableiben.sources.base import Reading

COLUMNS = ("cell_id", "age_from", "age_to", "share")


def no_hints() -> pd.DataFrame:
    """COLUMNS without rows."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})


def age_hints(readings: Iterable[Reading], cells: pd.DataFrame) -> pd.DataFrame:
    """Share of an age band in a cell's persons (COLUMNS), from the finest grid that tells it.

    A cell takes the value of the grid cell its centre lies in. Suppressed values give no row: there the
    structure of the area stands. Shares are weights for the fit of need.people, never results.
    """
    tables = []
    for reading in readings:
        if reading.grid is None or cells.empty:
            continue
        for theme, rows in reading.grid[reading.grid["value"].notna()].groupby("theme", sort=True):
            meaning = _themes().get(str(theme).replace("_", ""))
            if meaning is not None:
                tables += [_of_size(cells, some, meaning) for _, some in rows.groupby("size_m", sort=True)]
    tables = [table for table in tables if len(table)]
    if not tables:
        return no_hints()
    found = pd.concat(tables, ignore_index=True).sort_values(["cell_id", "age_from", "size_m"], kind="stable")
    return found.drop_duplicates(["cell_id", "age_from"])[list(COLUMNS)].reset_index(drop=True)


def _of_size(cells: pd.DataFrame, rows: pd.DataFrame, meaning: dict[str, Any]) -> pd.DataFrame:
    size_m = int(rows["size_m"].iloc[0])
    # Grids of different origin are shifted: cells are counted from the grid's own first corner.
    x0, y0 = (float((rows[name] - size_m / 2).min()) for name in ("x_m", "y_m"))
    spot = pd.DataFrame({"column": _steps(cells["x_m"], x0, size_m), "row": _steps(cells["y_m"], y0, size_m)})
    spot["cell_id"] = cells["cell_id"].to_numpy()
    known = pd.DataFrame({"column": _steps(rows["x_m"], x0, size_m), "row": _steps(rows["y_m"], y0, size_m)})
    known["share"] = rows["value"].to_numpy(float) / 100
    joined = spot.merge(known.drop_duplicates(["column", "row"]), on=["column", "row"])
    joined = joined[joined["share"].between(0, 1)]
    return joined.assign(age_from=meaning["age_from"], age_to=meaning["age_to"], size_m=size_m)


def _steps(values: pd.Series, start: float, size_m: int) -> np.ndarray:
    return np.asarray(np.floor((values.to_numpy(float) - start) / size_m), np.int64)


@lru_cache(maxsize=1)
def _themes() -> dict[str, dict[str, Any]]:
    text = files("dableiben.sources").joinpath("grid_themes.yaml").read_text(encoding="utf-8")
    content: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return content
