# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Residents on their places: areas keep their persons, unknown stays unknown, nobody is counted twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from dableiben.need.ages import LAST_AGE, ages_of
from dableiben.need.people import Residents, residents
from dableiben.region.cells import empty_cells
from dableiben.region.region import PEOPLE_COLUMNS, Region
from support.regions import Place, Plan, people

PLACES = {
    "a": Place("13099001", "asdorf"),
    "b": Place("13099001", "brook"),
    "c": Place("13099002"),
    "x": Place("03999001", "drueben", inside=False),
}
Rows = list[dict[str, Any]]


def region(map_: str, letters: str, rows: Rows, places: Mapping[str, Place] = PLACES) -> Region:
    """Cells of a map and a population of its own."""
    nobody = [people(row["area_id"], 100, 0.0, sex=row["sex"]) for row in rows[:1]]  # a list of all ages
    made = Plan(map_, areas=letters, places=places, ages=None, extra_people=[*rows, *nobody]).region()
    assert list(made.population.columns) == list(PEOPLE_COLUMNS)
    return made


def persons_of(found: Residents, area_id: str, age: int | None = None) -> float:
    level = "locality_id" if ":" in area_id else "municipality_id"
    mine = (found.units[level] == area_id).to_numpy()
    return float(found.by_age[mine].sum() if age is None else found.by_age[mine][:, :, age].sum())


def test_persons_of_a_locality_go_to_its_cells_by_their_grid_persons() -> None:
    rows = [people("13099001:asdorf", 4, 8.0), people("13099001:asdorf", 40, 40.0), people("13099001:brook", 4, 5.0)]
    found = residents(region("30 10 100", "a a b", rows))
    assert found.by_age[:, :, 4].sum(axis=1).tolist() == [6.0, 2.0, 5.0]
    assert found.total.tolist() == [36.0, 12.0, 5.0]  # the list, not the grid, says how many


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 60)), min_size=1, max_size=9),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 99), st.integers(0, 500)), min_size=1, max_size=9),
)
def test_every_area_of_the_list_keeps_its_persons(cells: list[tuple[str, int]], listed: list[Any]) -> None:
    rows = [people(PLACES[letter].area_id, age, float(persons)) for letter, age, persons in listed]
    rows = pd.DataFrame(rows).groupby(["area_id", "age_from"], as_index=False)["persons"].sum().to_dict("records")
    rows = [people(row["area_id"], row["age_from"], row["persons"]) for row in rows]
    made = region(" ".join(str(n) for _, n in cells), " ".join(letter for letter, _ in cells), rows)
    found = residents(made)
    for area_id in {row["area_id"] for row in rows}:
        wanted = sum(row["persons"] for row in rows if row["area_id"] == area_id)
        assert persons_of(found, area_id) == pytest.approx(wanted)
    sums = found.by_age.sum(axis=(1, 2))  # NaN where a list of nobody tells no structure
    np.testing.assert_allclose(found.total[~np.isnan(sums)], sums[~np.isnan(sums)])


def test_second_homes_are_no_residents() -> None:
    # Sandrade: 400 holiday homes and nine residents.
    rows = [people("13099002", 40, 9.0), people("13099002", 40, 400.0, home="second")]
    assert residents(region("50", "c", rows)).total.tolist() == [9.0]


def test_sexes_are_kept_apart_and_divers_is_shared() -> None:
    rows = [
        people("13099002", 30, 10.0, sex="m"), people("13099002", 30, 6.0, sex="w"),
        people("13099002", 30, 2.0, sex="d"),
    ]  # fmt: skip
    found = residents(region("50", "c", rows))
    assert found.has_sex
    assert found.by_age[0, :, 30].tolist() == [11.0, 7.0]
    assert not residents(region("50", "c", [people("13099002", 30, 10.0)])).has_sex


# --- unknown -------------------------------------------------------------------------------------------------


def test_a_suppressed_number_is_unknown_and_leaves_the_total_unknown() -> None:
    rows = [people("13099002", 4, None), people("13099002", 40, 60.0)]
    found = residents(region("50", "c", rows))
    assert np.isnan(found.by_age[0, :, 4]).all()
    assert found.by_age[0, :, 40].sum() == 60.0
    assert found.total.tolist() == [50.0]  # what the grid counted; 60 would take the suppressed for nobody


def test_a_list_that_says_nothing_is_not_a_list_of_nobody() -> None:
    rows = [people("13099001:asdorf", 0, None, age_to=None), people("13099001:brook", 30, 10.0)]
    found = residents(region("50 10", "a b", rows))
    assert found.total.tolist() == [50.0, 10.0]
    assert found.by_age[0].sum() == pytest.approx(50.0)  # the structure of the neighbourhood, as an assumption
    assert any("Altersangaben" in note for note in found.adjusted)


def test_an_area_without_cells_and_without_a_number_stays_unknown() -> None:
    rows = [people("13099001:asdorf", 0, None, age_to=None), people("13099001:brook", 30, 10.0)]
    made = region("10", "b", rows, {**PLACES})
    found = residents(made)
    unit = (found.units["area_id"] == "13099001:asdorf").to_numpy()
    assert np.isnan(found.total[unit]).all() and np.isnan(found.by_age[unit]).all()


def test_without_any_list_the_ages_are_unknown_and_the_persons_are_those_of_the_grid() -> None:
    found = residents(region("50 10", "a c", []))
    assert found.total.tolist() == [50.0, 10.0]
    assert np.isnan(found.by_age).all()


def test_a_list_of_children_says_nothing_about_adults() -> None:
    rows = [people("13099002", age, 10.0) for age in range(7)]
    found = residents(Plan("500", areas="c", places=PLACES, ages=None, extra_people=rows).region())
    assert found.by_age[0, :, :7].sum() == 70.0
    assert np.isnan(found.by_age[0, :, 7:]).all()
    assert found.total.tolist() == [500.0]
    with_adults = residents(region("500", "c", [*rows, people("13099002", 18, 1.0)]))
    assert with_adults.by_age[0, :, 19:].sum() == 0.0 and with_adults.total.tolist() == [71.0]


# --- places without a list or a cell -------------------------------------------------------------------------


def test_cells_without_a_list_take_the_structure_of_their_municipality() -> None:
    rows = [people("13099001:asdorf", 4, 10.0), people("13099002", 80, 90.0)]
    found = residents(region("10 20 30", "a b c", rows))
    assert found.by_age[1, :, 4].sum() == pytest.approx(20.0)
    assert found.by_age[1, :, 80].sum() == 0.0
    assert any(note.startswith("1 bewohnte Zellen ohne Altersangaben") for note in found.adjusted)


def test_cells_around_the_region_keep_their_persons_and_take_the_mean_structure() -> None:
    rows = [people("13099002", 4, 10.0), people("13099002", 80, 30.0)]
    found = residents(region("10 20", "c x", rows))
    assert found.total.tolist() == [40.0, 20.0]
    assert found.by_age[1, :, 4].sum() == pytest.approx(5.0)
    assert found.units["area_id"].tolist() == ["13099002", None]
    assert found.adjusted == ()  # nobody inside was assumed


def test_a_locality_without_cells_lives_at_its_settlement() -> None:
    rows = [people("13099001:asdorf", 4, 10.0), people("13099001:brook", 4, 7.0)]
    made = region("10", "a", rows)
    areas = made.areas.copy()
    areas.loc[areas["area_id"] == "13099001:brook", "geometry"] = Point(4_400_900.0, 3_300_100.0)
    found = residents(replace(made, areas=areas))
    unit = found.units.iloc[1]
    assert (unit["area_id"], unit["x_m"], unit["y_m"]) == ("13099001:brook", 4_400_900.0, 3_300_100.0)
    assert isinstance(unit["cell_id"], str) and unit["municipality_id"] == "13099001"
    assert found.total.tolist() == [10.0, 7.0]
    assert any("keine bewohnte Rasterzelle" in note for note in found.adjusted)


def test_localities_that_nobody_can_place_live_on_the_cells_of_their_municipality_once() -> None:
    # A grid and boundaries of municipalities, but no map of settlements: the list must not come on top.
    somewhere = {"o": Place("13099001")}
    rows = [people("13099001:asdorf", 4, 8.0), people("13099001:brook", 4, 12.0)]
    made = region("30 10", "o o", rows, somewhere)
    found = residents(made)
    assert found.total.tolist() == [15.0, 5.0]
    assert found.units["cell_id"].notna().all()
    assert any("2 Ortsteile ohne bekannte Lage" in note for note in found.adjusted)


def test_a_placed_locality_keeps_its_own_cells_beside_those_that_nobody_can_place() -> None:
    places = {"a": Place("13099001", "asdorf"), "o": Place("13099001")}
    rows = [people("13099001:asdorf", 4, 8.0), people("13099001:brook", 4, 12.0)]
    assert residents(region("30 10 10", "a o o", rows, places)).total.tolist() == [8.0, 6.0, 6.0]


def test_two_lists_alone_make_localities_the_places() -> None:
    rows = [people("13099001:asdorf", 4, 8.0), people("13099001:brook", 4, 12.0)]
    found = residents(replace(region("1", "c", rows, PLACES), cells=empty_cells()))
    assert found.units["area_id"].tolist() == ["13099001:asdorf", "13099001:brook"]
    assert found.units["cell_id"].isna().all() and found.units["x_m"].isna().all()
    assert found.units["inside"].all()
    assert found.total.tolist() == [8.0, 12.0]


# --- ages ----------------------------------------------------------------------------------------------------


def ages(*rows: tuple[int, int | None, float | None]) -> np.ndarray:
    table = pd.DataFrame([people("13099002", a, p, age_to=b) for a, b, p in rows])
    return ages_of(table).sum(axis=0)


def test_single_years_stand_as_they_are() -> None:
    found = ages((0, 0, 3.0), (1, 1, 0.0), (2, 2, 8.0), (50, 50, 4.0))
    assert found[[0, 1, 2, 50]].tolist() == [3.0, 0.0, 8.0, 4.0]
    assert found.sum() == 15.0


@settings(max_examples=40)
@given(st.lists(st.integers(0, 400), min_size=6, max_size=6))
def test_bands_keep_their_persons(persons: list[int]) -> None:
    bands = [(0, 2), (3, 5), (6, 17), (18, 64), (65, 79), (80, None)]
    found = ages(*[(a, b, float(p)) for (a, b), p in zip(bands, persons, strict=True)])
    for (first, last), number in zip(bands, persons, strict=True):
        assert found[first : (LAST_AGE if last is None else last) + 1].sum() == pytest.approx(number)
    assert (found >= 0).all()


def test_the_oldest_stand_together() -> None:
    found = ages((99, 99, 1.0), (100, 100, 2.0), (101, 105, 3.0), (106, None, 4.0))
    assert found[99] == 1.0
    assert found[LAST_AGE] == 9.0


def test_an_unknown_band_is_unknown_in_its_years_only() -> None:
    found = ages((0, 2, None), (3, 5, 30.0))
    assert np.isnan(found[:3]).all()
    assert found[3:6].sum() == pytest.approx(30.0)


def test_bands_with_a_hole_between_them_stay_in_their_years() -> None:
    found = ages((0, 5, 12.0), (65, 79, 30.0))
    assert (found[:6].sum(), found[6:65].sum(), found[65:80].sum()) == (pytest.approx(12.0), 0.0, pytest.approx(30.0))
