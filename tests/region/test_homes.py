# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Without a grid, the homes of the map say where people live; the lists say how many."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dableiben.need.people import residents
from dableiben.region.build import Given, build_region
from dableiben.region.checks import data_checks
from dableiben.region.homes import grid_of_homes
from dableiben.region.region import Region
from dableiben.sources.base import read_file
from dableiben.store.config import RegionConfig
from support.readings import X0, Y0, areas, counted, grid, municipality, osm, population
from support.regions import packaged

A, B, BEYOND = "13099001", "13099002", "03999001"
TWO = areas(municipality(A, "Asdorf", 0), municipality(B, "Brook", 1), municipality(BEYOND, "Cismar", 2))
LISTED = population(counted(A, 4, 30.0), counted(A, 40, 70.0), counted(B, 4, 20.0))


def with_homes(given: Given, *homes: tuple[float, float, float]) -> Given:
    """Homes by column and row of the square (with fractions) and floor area in m²."""
    rows = [(X0 + x * 2000, Y0 + y * 2000, area_m2) for x, y, area_m2 in homes]
    table = pd.DataFrame(rows, columns=["x_m", "y_m", "floor_area_m2"])
    return Given(given.role, replace(given.reading, buildings=table))


def built(*given: Given) -> Region:
    return build_region(given, RegionConfig(format=1, name="Ellerland", land="MV", ags=("13099",)), packaged())


MAP = with_homes(
    osm(), (0.11, 0.11, 300.0), (0.12, 0.12, 100.0), (0.51, 0.51, 100.0), (1.51, 0.5, 500.0), (2.5, 0.5, 90)
)


def test_people_of_a_place_stand_by_the_floor_area_of_its_homes() -> None:
    region = built(TWO, LISTED, MAP)
    assert region.cells_of_homes and set(region.cells["size_m"]) == {100}
    people = residents(region)
    found = dict(zip(people.units["cell_id"], people.total, strict=True))
    cells = region.cells.set_index("cell_id")
    inside = {cell: found[cell] for cell in cells.index[cells["municipality_id"] == A]}
    assert sorted(inside.values()) == pytest.approx([20.0, 80.0])  # 100 of 500 m², 400 of 500 m² (two homes in a cell)
    assert [found[cell] for cell in cells.index[cells["municipality_id"] == B]] == pytest.approx([20.0])
    # 120 persons on 1,000 m² inside: so many live on the 90 m² beyond the border, where no list counts.
    assert [found[cell] for cell in cells.index[cells["municipality_id"] == BEYOND]] == pytest.approx([90 * 0.12])
    assert not cells.loc[cells["municipality_id"] == BEYOND, "inside"].any()


def test_a_grid_goes_first_and_the_check_names_what_is_used() -> None:
    both = built(TWO, LISTED, MAP, grid((0.3, 0.3, 60.0), (1.3, 0.3, 40.0)))
    assert not both.cells_of_homes and len(both.cells) == 2
    texts = {check["id"]: check for check in data_checks(built(TWO, LISTED, MAP), packaged())}
    assert texts["population_grid"]["severity"] == "yellow"
    assert "Wohnfläche der Gebäude" in texts["population_grid"]["text_de"]
    assert "Zensus" in texts["population_grid"]["hint_de"]


def test_homes_in_two_extracts_count_once_and_no_homes_make_no_cells() -> None:
    twice = [MAP.reading, MAP.reading]
    assert grid_of_homes(twice)["persons"].sum() == pytest.approx(1090.0)
    assert grid_of_homes([osm().reading]).empty
    assert built(TWO, LISTED, osm()).cells.empty


def test_the_homes_of_a_real_map_come_near_to_the_census(shared_path: Path) -> None:
    """Wetterau: persons by 1 km square, homes of 2022 against the census grid of 2011, in the middle of the map."""
    folder = shared_path / "regions" / "wetterau"
    reading = read_file(folder / "wetterau-2022-12.osm.pbf", "osm", packaged())
    census = read_file(folder / "zensus2011-200m.csv", "population", packaged()).grid
    assert census is not None
    homes = grid_of_homes([reading])
    count = census[census["theme"] == "persons"].rename(columns={"value": "persons"})
    west, south, east, north = 4_242_900, 3_015_900, 4_252_900, 3_029_900  # where cells of 200 m begin
    tables = []
    for table in (homes, count):
        mine = table[table["x_m"].between(west, east, "left") & table["y_m"].between(south, north, "left")]
        square = (mine["x_m"] - west) // 1000 * 10_000 + (mine["y_m"] - south) // 1000
        persons = mine.groupby(square)["persons"].sum()
        tables.append(persons / persons.sum())
    both = pd.concat(tables, axis=1).fillna(0.0).to_numpy()
    misplaced = np.abs(both[:, 0] - both[:, 1]).sum() / 2
    assert misplaced < 0.15, "of the people stand in another square"
    assert np.corrcoef(both.T)[0, 1] > 0.95
