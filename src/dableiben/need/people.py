# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Residents by cell, sex and age year: totals of the lists spread over the cells of their area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.ids import cell_point_id
from dableiben.core.levels import LEVELS, id_column
from dableiben.need.ages import LAST_AGE, ages_of
from dableiben.need.spread import spread
from dableiben.region.region import Region

Floats = NDArray[np.float64]
SEXES = ("m", "w")
ADULT = 18


@dataclass(frozen=True)
class Residents:
    """Main residents of the region, and of what lies around it, by place.

    units     one row per cell, or per area where only areas are known: cell_id (null for areas), x_m, y_m
              (NaN if unknown), inside, area_id (smallest area, null outside) and one id column per level
    by_age    persons, shape (units, 2 sexes, 101 age years); NaN = unknown
    total     persons, shape (units,)
    has_sex   whether the sexes are told apart by the source (else they are halves of one number)
    adjusted  German sentences with counts on what was adjusted
    """

    units: pd.DataFrame
    by_age: Floats
    total: Floats
    has_sex: bool
    adjusted: tuple[str, ...]


def residents(region: Region) -> Residents:
    """Residents by unit. Law: the sum over the units of an area equals the area's population.

    Cells take the age structure of their locality (or municipality), bent by what a grid hints at and fitted
    to the area's totals; grid persons are the weights. Cells around the region have no lists: they keep grid
    persons and take the mean structure of the region. A total of which a part is unknown is unknown; its cells
    keep their grid persons.
    """
    people = region.population[region.population["home"] == "main"]
    cells = region.cells.reset_index(drop=True)
    totals = {str(area): ages_of(rows) for area, rows in people.groupby("area_id", sort=True)}
    _leave_adults_open(people, totals)
    has_sex = bool(len(people)) and bool(people["sex"].notna().all())
    by_age = np.full((len(cells), 2, LAST_AGE + 1), np.nan)
    total = cells["persons"].to_numpy(float).copy()
    notes: list[str] = []
    with_cells, without = _cells_of_totals(cells, totals, notes)
    if with_cells:
        area_of_cell = np.full(len(cells), -1, np.int64)
        for number, (_, mine) in enumerate(with_cells):
            area_of_cell[mine] = number
        listed = np.flatnonzero(area_of_cell >= 0)
        done = spread(
            total[listed], area_of_cell[listed], np.array([persons for persons, _ in with_cells]),
            region.age_hints, cells["cell_id"].to_numpy(object)[listed],
        )  # fmt: skip
        by_age[listed] = done.by_age
        sums = done.by_age.sum(axis=(1, 2))
        total[listed] = np.where(np.isnan(sums), total[listed], sums)
        notes += done.adjusted
    extra = [_unit_of_area(region, area_id) for area_id in without]
    if extra and len(cells):
        names = ", ".join(sorted(map(region.name_of, without))[:5])
        notes.append(f"{len(extra)} Orte der Liste haben keine bewohnte Rasterzelle (z. B. {names}).")
    units = _units(cells, extra)
    more = np.array([totals[area_id] for area_id in without]).reshape(len(extra), 2, LAST_AGE + 1)
    by_age = np.concatenate([by_age, more])
    total = np.concatenate([total, more.sum(axis=(1, 2))])
    _fill_without_list(units, by_age, total, notes)
    return Residents(units, by_age, total, has_sex, tuple(notes))


def _leave_adults_open(people: pd.DataFrame, totals: dict[str, Floats]) -> None:
    """A list without a single adult is a list of children: who is older is unknown, not nobody."""
    if people.empty or people["age_to"].isna().any() or int(people["age_to"].max()) >= ADULT:
        return
    for persons in totals.values():
        persons[:, int(people["age_to"].max()) + 1 :] = np.nan


def _cells_of_totals(
    cells: pd.DataFrame, totals: dict[str, Floats], notes: list[str]
) -> tuple[list[tuple[Floats, NDArray[np.int64]]], list[str]]:
    """Totals with the cells they are spread over, and the ids of areas without any inhabited cell.

    Localities that nobody can place share the cells of their municipality that no locality has: their persons
    live there, and would be counted twice beside them.
    """
    weight = cells["persons"].to_numpy(float)
    found, without = [], []
    shared: dict[str, list[str]] = {}
    for area_id, persons in totals.items():
        mine = _cells_of(cells, area_id)
        rest = _cells_without_locality(cells, area_id) if ":" in area_id else mine
        if weight[mine].sum() > 0:
            found.append((persons, mine))
        elif weight[rest].sum() > 0:
            shared.setdefault(area_id.split(":", maxsplit=1)[0], []).append(area_id)
        else:
            without.append(area_id)
    for area_ids in shared.values():
        persons = np.sum([totals[area_id] for area_id in area_ids], axis=0)
        found.append((persons, _cells_without_locality(cells, area_ids[0])))
    if shared:
        count = sum(map(len, shared.values()))
        notes.append(f"{count} Ortsteile ohne bekannte Lage sind über die Zellen ihrer Gemeinde verteilt.")
    return found, without


def _cells_without_locality(cells: pd.DataFrame, area_id: str) -> NDArray[np.int64]:
    municipality = cells[id_column("municipality")] == area_id.split(":", maxsplit=1)[0]
    return np.flatnonzero((municipality & cells[id_column("locality")].isna()).to_numpy(bool))


def _cells_of(cells: pd.DataFrame, area_id: str) -> NDArray[np.int64]:
    level = "locality" if ":" in area_id else "municipality"
    return np.flatnonzero((cells[id_column(level)] == area_id).to_numpy())


def _unit_of_area(region: Region, area_id: str) -> dict[str, object]:
    """A unit for an area without cells: at the settlement's point if it is known."""
    row = region.areas[region.areas["area_id"] == area_id].iloc[0]
    point = row["geometry"].representative_point() if row["geometry"] is not None else None
    unit: dict[str, object] = dict(region.upper_of(area_id))
    unit |= {"inside": True, "area_id": area_id, "x_m": np.nan, "y_m": np.nan, "persons": np.nan}
    if point is not None and not region.cells.empty:
        unit |= {"x_m": point.x, "y_m": point.y, "cell_id": cell_point_id(point.x, point.y)}
    return unit


def _units(cells: pd.DataFrame, extra: list[dict[str, object]]) -> pd.DataFrame:
    cells = cells.copy()
    smallest = cells[id_column("locality")].where(
        cells[id_column("locality")].notna(), cells[id_column("municipality")]
    )
    cells["area_id"] = smallest.where(cells["inside"].astype(bool), None)
    columns = ["cell_id", "x_m", "y_m", "inside", "area_id", *(id_column(level) for level in LEVELS)]
    more = pd.DataFrame(extra, columns=columns)
    both = pd.concat([cells[columns].astype(object), more.astype(object)], ignore_index=True)
    both = both.where(both.notna(), None)
    both["inside"] = both["inside"].astype(bool)
    return both.astype({"x_m": float, "y_m": float})


def _fill_without_list(units: pd.DataFrame, by_age: Floats, total: Floats, notes: list[str]) -> None:
    """Places without ages get the mean structure of their municipality, else of the region; that is counted."""
    unlisted = np.isnan(by_age).all(axis=(1, 2))
    whole = ~np.isnan(by_age).any(axis=(1, 2))
    of_region = by_age[whole].sum(axis=0)
    if not unlisted.any() or of_region.sum() <= 0:
        return
    home = units[id_column("municipality")].to_numpy(object).astype(str)
    for ags in np.unique(home[unlisted]):
        mine = unlisted & (home == ags)
        here = by_age[whole & (home == ags)].sum(axis=0)
        known = here if here.sum() > 0 else of_region
        by_age[mine] = total[mine, None, None] * (known / known.sum())[None]
    inside = int((unlisted & units["inside"].to_numpy(bool)).sum())
    if inside:
        notes.append(f"{inside} bewohnte Zellen ohne Altersangaben haben die mittlere Altersstruktur ihrer Umgebung.")
