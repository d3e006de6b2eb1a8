# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Persons and mean age per 100 m cell in the official layout of the census of 2022."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dableiben.demo.chance import shared_out, stream
from dableiben.demo.terrain import CELL_M, Point, Terrain

HEADER = "GITTER_ID_100m;x_mp_100m;y_mp_100m;{};werterlaeuternde_Zeichen"
SUPPRESSED = "–"
LEAST = 3
"""smaller numbers are not published"""
SINCE_CENSUS = (0.98, 1.05)
"""persons of 2022 per person of today, by locality: the grid is older than the lists"""
MEAN_AGE = (47.5, 4.0)
"""mean and spread of the mean age of a cell; nothing rests on it"""
LONELY_FARMS = 60
"""cells with so few persons that their number is suppressed"""


def write_grids(persons_path: Path, age_path: Path, seed: int, terrain: Terrain) -> None:
    """Write persons and mean age of the populated cells of district and neighbour strip, from south to north."""
    chance = stream(seed, "census")
    persons: dict[Point, int | None] = {}
    for settlement in terrain.settlements.values():
        cells = settlement.cells
        then = round(settlement.persons * (chance.uniform(*SINCE_CENSUS) if settlement.persons > 20 else 1.0))
        weights = np.exp(-np.arange(len(cells)) / max(4, len(cells))) * chance.uniform(0.6, 1.4, len(cells))
        numbers = shared_out(max(0, then - LEAST * len(cells)), weights) + LEAST
        persons |= {cell: int(number) for cell, number in zip(cells, numbers, strict=True)}
    persons |= dict.fromkeys(_farms(terrain, chance, set(persons)))
    order = sorted(persons, key=lambda cell: (cell[1], cell[0]))
    rows = [(cell, _text(persons[cell]), _weak(persons[cell])) for cell in order]
    _write(persons_path, "Einwohner", rows)
    ages = chance.normal(*MEAN_AGE, len(order))
    shown = [
        None if (persons[cell] or 0) <= LEAST else round(float(age), 2) for cell, age in zip(order, ages, strict=True)
    ]
    _write(age_path, "Durchschnittsalter", [(cell, _text(age), False) for cell, age in zip(order, shown, strict=True)])


def _write(path: Path, theme: str, rows: list[tuple[Point, str, bool]]) -> None:
    lines = [HEADER.format(theme)]
    for (x_m, y_m), value, weak in rows:
        corner = f"CRS3035RES{CELL_M}mN{y_m - CELL_M / 2:.0f}E{x_m - CELL_M / 2:.0f}"
        lines.append(f"{corner};{x_m:.0f};{y_m:.0f};{value};{'KLAMMERN' if weak else ''}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _text(number: float | None) -> str:
    """A number with decimal comma; an unknown one is a dash."""
    if number is None:
        return SUPPRESSED
    return str(number) if isinstance(number, int) else f"{number:.2f}".replace(".", ",")


def _weak(persons: int | None) -> bool:
    return persons is not None and persons <= LEAST + 1


def _farms(terrain: Terrain, chance: np.random.Generator, taken: set[Point]) -> list[Point]:
    farms: list[Point] = []
    districts = [s for s in terrain.settlements.values() if s.inside]
    while len(farms) < LONELY_FARMS:
        settlement = districts[int(chance.integers(len(districts)))]
        shift = chance.integers(-15, 16, 2) * CELL_M
        cell = (settlement.centre[0] + float(shift[0]), settlement.centre[1] + float(shift[1]))
        if cell not in taken and cell not in farms:
            farms.append(cell)
    return farms
