# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Where no population grid was given, the homes of the map say where in an area its people live."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from dableiben.core.levels import id_column
from dableiben.sources.base import Reading

SIZE_M = 100  # the finest cell of the Zensus grid


def grid_of_homes(readings: Iterable[Reading]) -> pd.DataFrame:
    """Cells of 100 m as region.cells.base_grid gives them, with the floor area of homes (m²) as `persons`.

    What persons_of_homes makes persons of. Empty without homes.
    """
    found = [reading.buildings for reading in readings if reading.buildings is not None]
    columns = ["x_m", "y_m", "size_m", "persons"]
    if not any(len(homes) for homes in found):
        return pd.DataFrame({name: [] for name in columns}, dtype=float)
    # Neighbouring extracts hold the same houses along their border.
    homes = pd.concat(found, ignore_index=True).drop_duplicates()
    for axis in ("x_m", "y_m"):
        homes[axis] = np.floor(homes[axis] / SIZE_M) * SIZE_M + SIZE_M / 2
    cells = homes.groupby(["y_m", "x_m"], sort=True)["floor_area_m2"].sum().rename("persons").reset_index()
    return cells[cells["persons"] > 0].assign(size_m=SIZE_M)[columns].reset_index(drop=True)


def persons_of_homes(cells: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Cells whose `persons` are floor areas, with persons instead; none without a known total.

    The listed main residents per square metre of the homes in their municipalities hold for all cells, so that
    people around the region, where no list speaks, compete too. Inside, the lists set the level: only the shares
    within an area stay.
    """
    main = population[population["home"] == "main"]
    persons = float(main["persons"].sum())
    towns = {str(area_id).split(":", maxsplit=1)[0] for area_id in main["area_id"]}
    listed = cells[id_column("municipality")].isin(towns).to_numpy(bool)
    area_m2 = float(cells["persons"].to_numpy(float)[listed].sum())
    if persons <= 0 or area_m2 <= 0:
        return cells.iloc[:0]
    return cells.assign(persons=cells["persons"] * (persons / area_m2))
