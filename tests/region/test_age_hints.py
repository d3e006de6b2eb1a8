# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Ages that grids tell: percent or counts, finer or coarser than the cells; nothing from what is secret or small."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dableiben.catalogue.load import Catalogue
from dableiben.core.provenance import ReadReport, Source
from dableiben.region.age_hints import age_hints
from dableiben.sources.base import Reading
from dableiben.sources.grid_csv import read
from dableiben.sources.grid_themes import age_theme
from support.regions import packaged

CELLS = pd.DataFrame(
    {"cell_id": ["a", "b"], "x_m": [100.0, 300.0], "y_m": [100.0, 100.0], "size_m": 200, "persons": [40.0, 20.0]}
)


def grid(size_m: int, theme: str, *values: tuple[float, float, float]) -> Reading:
    """A grid of one theme: x, y, value."""
    rows = [
        {"x_m": x, "y_m": y, "size_m": size_m, "theme": theme, "value": value, "weak": False} for x, y, value in values
    ]
    return Reading(ReadReport(Source("g.csv", "zensus_grid", "0" * 64, date(2022, 5, 15))), grid=pd.DataFrame(rows))


def hints(*grids: Reading, cells: pd.DataFrame = CELLS) -> list[tuple[str, int, float]]:
    found = age_hints(grids, cells)
    return [(c, a, round(s, 6)) for c, a, s in found[["cell_id", "age_from", "share"]].itertuples(index=False)]


def test_percent_of_a_coarser_grid() -> None:
    assert hints(grid(1000, "unter18_a", (500.0, 500.0, 25.0))) == [("a", 0, 0.25), ("b", 0, 0.25)]


def test_counts_of_the_same_grid_against_its_persons() -> None:
    persons = grid(200, "persons", (100.0, 100.0, 40.0), (300.0, 100.0, 20.0))
    assert hints(persons, grid(200, "a65undaelter", (100.0, 100.0, 10.0), (300.0, 100.0, np.nan))) == [("a", 65, 0.25)]
    assert hints(grid(200, "a65undaelter", (100.0, 100.0, 10.0))) == []  # of how many, nobody says


def test_counts_of_a_finer_grid_are_added_up() -> None:
    fine = grid(100, "age_under10", (50.0, 50.0, 4.0), (150.0, 150.0, 6.0), (250.0, 50.0, 5.0), (350.0, 50.0, np.nan))
    assert hints(fine) == [("a", 0, 0.25)]  # b holds a secret cell


@pytest.mark.parametrize("count", [0.0, 2.0, 41.0])
def test_small_counts_and_more_than_everybody_hint_at_nothing(count: float) -> None:
    persons = grid(200, "persons", (100.0, 100.0, 40.0))
    assert hints(persons, grid(200, "unter18", (100.0, 100.0, count))) == []


def test_bands_of_a_cell_do_not_overlap() -> None:
    fine = grid(100, "age_under10", (50.0, 50.0, 10.0))
    coarse = grid(1000, "unter18_a", (500.0, 500.0, 30.0))
    older = grid(1000, "ab65_a", (500.0, 500.0, 20.0))
    assert hints(coarse, older, fine) == [("a", 0, 0.25), ("a", 65, 0.2), ("b", 0, 0.3), ("b", 65, 0.2)]


def test_the_official_classes_of_2022_are_understood(tmp_path: Path) -> None:
    names = ("Unter18", "a18bis29", "a30bis49", "a50bis64", "a65undaelter")
    bands = [age_theme(name.lower()) for name in names]
    assert [(b.age_from, b.age_to) for b in bands if b] == [(0, 17), (18, 29), (30, 49), (50, 64), (65, None)]


def test_a_theme_that_nothing_uses_is_told(tmp_path: Path) -> None:
    path = tmp_path / "zensus2022_100m.csv"
    cell = "CRS3035RES100mN3300000E4400000;4400050;3300050;43,5"
    path.write_text(f"GITTER_ID_100m;x_mp_100m;y_mp_100m;Durchschnittsalter\n{cell}\n", encoding="utf-8")
    catalogue: Catalogue = packaged()
    assert read(path, catalogue).report.notes == ["Nicht ausgewertet: Durchschnittsalter."]
