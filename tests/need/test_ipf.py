# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Iterative proportional fitting against R's survey::rake, closed forms and its laws."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.core.errors import ContractError
from dableiben.need.ipf import Margin, filled_seed, fit, rake

FloatArray = npt.NDArray[np.float64]


def test_three_way_raking_equals_r_survey(shared_path: Path) -> None:
    path = shared_path / "reference" / "population" / "ipf_HairEyeColor_R_survey_rake.json"
    example = json.loads(path.read_text(encoding="utf-8"))
    margins = []
    for name, totals in example["margins"].items():
        place = {value: number for number, value in enumerate(totals)}
        margins.append(
            Margin(
                np.array([place[cell[name]] for cell in example["cells"]]),
                np.array([float(total) for total in totals.values()]),
            )
        )
    found = rake(np.array([cell["Freq"] for cell in example["cells"]], dtype=float), margins)
    # R stops earlier than we do: it prints ten decimals of a result that is good to six.
    np.testing.assert_allclose(found.values, [cell["w"] for cell in example["cells"]], rtol=1e-6)
    assert found.largest_deviation < 1e-9


def one_area(cells: int) -> npt.NDArray[np.int64]:
    return np.zeros(cells, dtype=np.int64)


def test_without_structure_it_is_the_product_of_the_margins() -> None:
    found = fit(
        np.ones((2, 3)), np.array([30.0, 70.0]), np.array([[20.0, 30.0, 50.0]]), area_of_row=one_area(2)
    )
    np.testing.assert_allclose(found.persons, [[6, 9, 15], [14, 21, 35]], rtol=1e-12)
    assert found.rounds <= 2
    assert found.areas_adjusted == 0


def test_two_by_two_by_its_odds_ratio() -> None:
    # Seed with odds ratio 4, both margins 1/2 each of 100: a/b = 2, so 33 1/3 and 16 2/3.
    found = fit(
        np.array([[4.0, 1.0], [1.0, 1.0]]),
        np.array([50.0, 50.0]),
        np.array([[50.0, 50.0]]),
        area_of_row=one_area(2),
    )
    np.testing.assert_allclose(found.persons, [[100 / 3, 50 / 3], [50 / 3, 100 / 3]], rtol=1e-10)


def test_cell_totals_yield_to_official_totals_and_the_factor_is_reported() -> None:
    found = fit(
        np.ones((3, 2)),
        np.array([10.0, 30.0, 7.0]),
        np.array([[22.0, 22.0], [3.0, 4.0]]),
        area_of_row=np.array([0, 0, 1]),
    )
    np.testing.assert_allclose(found.row_factor, [1.1, 1.0])
    assert found.areas_adjusted == 1
    np.testing.assert_allclose(found.persons, [[5.5, 5.5], [16.5, 16.5], [3, 4]], rtol=1e-12)


def test_an_area_officially_empty_empties_its_cells() -> None:
    found = fit(np.ones((1, 2)), np.array([4.0]), np.array([[0.0, 0.0]]), area_of_row=one_area(1))
    assert not found.persons.any()
    assert found.row_factor.tolist() == [0.0]


def test_empty_rows_and_columns_are_filled_and_counted() -> None:
    seed = np.array([[1.0, 0, 0], [0, 0, 0], [2.0, 1.0, 0]])
    row_totals, column_totals = np.array([10.0, 5.0, 15.0]), np.array([[12.0, 14.0, 4.0]])
    with pytest.raises(ContractError, match="only zeros"):
        fit(seed, row_totals, column_totals, area_of_row=one_area(3))
    filled = filled_seed(seed, row_totals, column_totals, area_of_row=one_area(3))
    # Row 1 takes the structure of the area; after that column 2 has a weight, so nothing else is filled.
    assert (filled.rows_filled, filled.columns_filled) == (1, 0)
    found = fit(filled.seed, row_totals, column_totals, area_of_row=one_area(3))
    assert found.persons[0].tolist() == pytest.approx([10, 0, 0])

    only_column = filled_seed(seed[[0, 2]], row_totals[[0, 2]], column_totals, area_of_row=one_area(2))
    assert (only_column.rows_filled, only_column.columns_filled) == (0, 1)
    assert (only_column.seed[:, 2] > 0).all()


def test_zeros_that_allow_no_fit_end_early_and_show_what_is_left() -> None:
    # Cell 0 may only hold group 0, cell 1 as well: group 1 of cell 2 cannot take 10 of 5.
    seed = np.array([[1.0, 0], [1.0, 0], [1.0, 1.0]])
    found = fit(seed, np.array([10.0, 10, 5]), np.array([[15.0, 10.0]]), area_of_row=one_area(3))
    assert found.largest_deviation_persons > 1
    assert found.rounds < 200
    np.testing.assert_allclose(found.persons.sum(axis=0), [15, 10], rtol=1e-9)


@st.composite
def towns(draw: st.DrawFn) -> tuple[FloatArray, FloatArray, FloatArray, npt.NDArray[np.int64]]:
    """Seed, cell totals and official totals that belong to each other, with zeros, in one to three areas."""
    areas, groups = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    cells = draw(st.integers(areas, 8))
    area_of_row = np.array([k % areas for k in range(cells)])
    truth = draw(st.lists(st.integers(0, 9), min_size=cells * groups, max_size=cells * groups))
    weights = draw(st.lists(st.floats(0.2, 5), min_size=cells * groups, max_size=cells * groups))
    persons = np.array(truth, dtype=float).reshape(cells, groups)
    column_totals = np.zeros((areas, groups))
    np.add.at(column_totals, area_of_row, persons)
    # Zeros of the seed are zeros of the truth, so that a fit exists.
    seed = np.where(persons > 0, np.array(weights).reshape(cells, groups), 0)
    return seed, persons.sum(axis=1), column_totals, area_of_row


@given(towns())
def test_margins_are_met_and_zeros_stay_zeros(
    town: tuple[FloatArray, FloatArray, FloatArray, npt.NDArray[np.int64]],
) -> None:
    seed, row_totals, column_totals, area_of_row = town
    found = fit(seed, row_totals, column_totals, area_of_row=area_of_row)
    assert (found.persons >= 0).all()
    assert not found.persons[seed == 0].any()
    columns = np.zeros_like(column_totals)
    np.add.at(columns, area_of_row, found.persons)
    np.testing.assert_allclose(columns, column_totals, rtol=1e-12, atol=1e-12)
    largest = np.abs(found.persons.sum(axis=1) - row_totals).max()
    assert found.largest_deviation_persons == pytest.approx(largest, abs=1e-12)
    assert largest < 1e-6


@given(towns())
def test_areas_do_not_influence_each_other(
    town: tuple[FloatArray, FloatArray, FloatArray, npt.NDArray[np.int64]],
) -> None:
    seed, row_totals, column_totals, area_of_row = town
    together = fit(seed, row_totals, column_totals, area_of_row=area_of_row)
    for area in range(column_totals.shape[0]):
        own = area_of_row == area
        alone = fit(seed[own], row_totals[own], column_totals[[area]], area_of_row=one_area(int(own.sum())))
        np.testing.assert_allclose(together.persons[own], alone.persons, atol=1e-6)


@given(
    st.lists(st.floats(0.1, 10), min_size=12, max_size=12),
    st.lists(st.floats(0.1, 10), min_size=4, max_size=4),
    st.lists(st.floats(0.1, 10), min_size=3, max_size=3),
)
def test_odds_ratios_of_the_seed_are_kept_and_its_scale_does_not_matter(
    weights: list[float], rows: list[float], columns: list[float]
) -> None:
    seed, row_totals = np.array(weights).reshape(4, 3), np.array(rows)
    column_totals = np.array(columns)[None, :] * row_totals.sum() / sum(columns)
    found = fit(seed, row_totals, column_totals, area_of_row=one_area(4)).persons

    def odds(table: FloatArray) -> FloatArray:
        return np.asarray(table[:-1, :-1] * table[1:, 1:] / (table[1:, :-1] * table[:-1, 1:]))

    np.testing.assert_allclose(odds(found), odds(seed), rtol=1e-9)
    scaled = fit(seed * row_totals[:, None] * 7, row_totals, column_totals, area_of_row=one_area(4)).persons
    np.testing.assert_allclose(scaled, found, rtol=1e-7)


@given(towns(), st.data())
def test_a_filled_seed_always_has_something_to_grow_from(
    town: tuple[FloatArray, FloatArray, FloatArray, npt.NDArray[np.int64]], data: st.DataObject
) -> None:
    seed, row_totals, column_totals, area_of_row = town
    lost = data.draw(st.lists(st.booleans(), min_size=seed.size, max_size=seed.size))
    seed = np.where(np.array(lost).reshape(seed.shape), 0.0, seed)
    filled = filled_seed(seed, row_totals, column_totals, area_of_row=area_of_row)
    assert (filled.seed[seed > 0] == seed[seed > 0]).all() or filled.rows_filled
    found = fit(filled.seed, row_totals, column_totals, area_of_row=area_of_row)
    columns = np.zeros_like(column_totals)
    np.add.at(columns, area_of_row, found.persons)
    np.testing.assert_allclose(columns, column_totals, rtol=1e-9, atol=1e-9)


def test_a_district_of_cells_fits_in_few_rounds() -> None:
    generator = np.random.default_rng(1)
    cells, groups, areas = 20_000, 36, 14
    area_of_row = generator.integers(0, areas, cells)
    truth = generator.gamma(2, 0.3, (cells, groups))
    column_totals = np.zeros((areas, groups))
    np.add.at(column_totals, area_of_row, truth)
    seed = truth * generator.uniform(0.7, 1.4, truth.shape)
    found = fit(seed, truth.sum(axis=1), column_totals, area_of_row=area_of_row)
    assert found.rounds < 20
    assert found.largest_deviation_persons < 1e-9


@pytest.mark.parametrize(
    ("seed", "rows", "columns", "area"),
    [
        ([[1.0, np.nan]], [2.0], [[1.0, 1.0]], [0]),
        ([[1.0, -1.0]], [2.0], [[1.0, 1.0]], [0]),
        ([[1.0, 1.0]], [np.nan], [[1.0, 1.0]], [0]),
        ([[1.0, 1.0]], [2.0], [[np.nan, 1.0]], [0]),
        ([[1.0, 1.0]], [2.0], [[1.0, 1.0]], [1]),
        ([[1.0, 1.0]], [2.0], [[1.0, 1.0]], [-1]),
        ([[1.0, 1.0]], [0.0], [[1.0, 1.0]], [0]),
        ([[1.0, 1.0]], [2.0], [[1.0, 1.0], [3.0, 0.0]], [0]),
        ([[1.0, 1.0]], [2.0, 3.0], [[1.0, 1.0]], [0]),
        ([[1.0, 1.0]], [2.0], [[1.0]], [0]),
        ([[1.0, 0.0], [0.0, 1.0]], [2.0, 0.0], [[1.0, 1.0]], [0, 0]),
    ],
)
def test_broken_input_is_refused(
    seed: list[list[float]], rows: list[float], columns: list[list[float]], area: list[int]
) -> None:
    with pytest.raises(ContractError):
        fit(np.array(seed), np.array(rows), np.array(columns), area_of_row=np.array(area))


def test_margins_that_contradict_each_other_are_refused() -> None:
    margins = [Margin(np.array([0, 0]), np.array([3.0])), Margin(np.array([0, 1]), np.array([1.0, 1.0]))]
    with pytest.raises(ContractError, match="contradict"):
        rake(np.array([1.0, 1.0]), margins)
