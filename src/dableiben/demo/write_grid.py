# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Persons per 100 m cell in the official layout of the census of 2022."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dableiben.demo.chance import shared_out, stream
from dableiben.demo.terrain import CELL_M, Point, Terrain

HEADER = "GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner;werterlaeuternde_Zeichen"
SUPPRESSED = "–"
LEAST = 3
"""smaller numbers are not published"""
SINCE_CENSUS = (0.98, 1.05)
"""persons of 2022 per person of today, by locality: the grid is older than the lists"""
LONELY_FARMS = 60
"""cells with so few persons that their number is suppressed"""


def write_grid(path: Path, seed: int, terrain: Terrain) -> None:
    """Write the populated cells of district and neighbour strip, from south to north."""
    chance = stream(seed, "census")
    values: dict[Point, tuple[str, bool]] = {}
    for settlement in terrain.settlements.values():
        cells = settlement.cells
        then = round(settlement.persons * (chance.uniform(*SINCE_CENSUS) if settlement.persons > 20 else 1.0))
        weights = np.exp(-np.arange(len(cells)) / max(4, len(cells))) * chance.uniform(0.6, 1.4, len(cells))
        persons = shared_out(max(0, then - LEAST * len(cells)), weights) + LEAST
        for cell, number in zip(cells, persons, strict=True):
            values[cell] = (str(int(number)), number <= LEAST + 1)
    values |= dict.fromkeys(_farms(terrain, chance, set(values)), (SUPPRESSED, False))
    lines = [HEADER]
    for (x_m, y_m), (value, weak) in sorted(values.items(), key=lambda item: (item[0][1], item[0][0])):
        corner = f"CRS3035RES{CELL_M}mN{y_m - CELL_M / 2:.0f}E{x_m - CELL_M / 2:.0f}"
        lines.append(f"{corner};{_number(x_m)};{_number(y_m)};{value};{'KLAMMERN' if weak else ''}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _number(metres: float) -> str:
    """A number with decimal comma; whole metres stay whole, as in the official files."""
    return f"{metres:.1f}".removesuffix(".0").replace(".", ",")


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
