# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Age groups to single years: groups kept exactly, and plausible against real single years."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dableiben.core.errors import ContractError
from dableiben.need.age_groups import AgeGroup, share_ages

FloatArray = npt.NDArray[np.float64]
# The 17 groups of Regionalstatistik for municipalities.
STARTS = [0, 3, 6, 10, 15, 18, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 75]
OFFICIAL: list[AgeGroup] = [*zip(STARTS, [s - 1 for s in STARTS[1:]], strict=False), (75, None)]


def sums(years: FloatArray, groups: list[AgeGroup]) -> FloatArray:
    first = groups[0][0]
    parts = [years[:, a - first : None if b is None else b + 1 - first].sum(axis=1) for a, b in groups]
    return np.array(parts).T


@given(st.lists(st.one_of(st.integers(0, 400).map(float), st.floats(0, 400)), min_size=17, max_size=17))
@settings(max_examples=40)
def test_every_group_keeps_its_persons_and_no_year_is_negative(persons: list[float]) -> None:
    years = share_ages(np.array([persons]), OFFICIAL, oldest_age=100)
    assert years.shape == (1, 101)
    assert (years >= 0).all()
    np.testing.assert_allclose(sums(years, OFFICIAL)[0], persons, rtol=1e-12, atol=1e-12)


def test_even_groups_stay_even_and_single_years_stay_as_they_are() -> None:
    even = share_ages(np.array([[6.0, 8.0, 2.0]]), [(0, 2), (3, 6), (7, 7)])
    np.testing.assert_allclose(even, np.full((1, 8), 2.0), rtol=1e-12)
    single = share_ages(np.array([[5.0, 0.0, 9.0, 1.0]]), [(0, 0), (1, 1), (2, 2), (3, 3)])
    np.testing.assert_allclose(single, [[5, 0, 9, 1]])


def test_by_hand_two_groups_of_two_years() -> None:
    # 1-a, 1+a, 3-a, 3+a: 4a² + (2-2a)² + 4a² is least at a = 1/3.
    years = share_ages(np.array([[2.0, 6.0]]), [(0, 1), (2, 3)])
    np.testing.assert_allclose(years, [[2 / 3, 4 / 3, 8 / 3, 10 / 3]], rtol=1e-12)


def test_an_open_group_falls_towards_nobody() -> None:
    years = share_ages(np.array([[100.0, 60.0]]), [(60, 74), (75, None)], oldest_age=100)[0]
    assert years.size == 41
    assert (np.diff(years[15:]) < 0).all()
    assert years[-1] < 0.2 * years[15]


def test_an_empty_group_between_full_ones_stays_empty() -> None:
    years = share_ages(np.array([[30.0, 0.0, 30.0]]), [(0, 2), (3, 5), (6, 8)])[0]
    assert years[3:6].tolist() == [0, 0, 0]
    assert years.sum() == pytest.approx(60)
    assert not share_ages(np.array([[0.0, 0.0]]), [(0, 2), (3, 5)]).any()


def test_areas_do_not_influence_each_other() -> None:
    persons = np.array([[1.0, 50, 2], [300.0, 310, 290], [0.0, 4, 0]])
    groups: list[AgeGroup] = [(0, 2), (3, 5), (6, 9)]
    together = share_ages(persons, groups)
    for area in range(3):
        np.testing.assert_allclose(together[[area]], share_ages(persons[[area]], groups), atol=1e-12)


def single_years_of_districts(path: Path) -> FloatArray:
    """Persons by district and age 0 to 74, and 75 and older, from a Regionalstatistik table."""
    found: dict[str, list[float]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = line.split(";")
        if len(cells) == 7 and cells[0] == "31.12.2015" and len(cells[1]) == 5 and cells[4].isdigit():
            found.setdefault(cells[1], []).append(float(cells[4]))
    whole = np.array([numbers for numbers in found.values() if len(numbers) == 80 and numbers[-1] > 0])
    return np.column_stack([whole[:, :75], whole[:, 75:79].sum(axis=1)])


def test_closer_to_the_real_years_of_german_districts_than_an_even_spread(shared_path: Path) -> None:
    folder = shared_path / "germany" / "regionalstatistik"
    truth = single_years_of_districts(folder / "12411-04-02-4_00.csv")
    assert len(truth) > 390
    persons = np.column_stack([truth[:, a : b + 1].sum(axis=1) for a, b in OFFICIAL[:-1] if b is not None])
    persons = np.column_stack([persons, truth[:, 75]])
    years = share_ages(persons, OFFICIAL, oldest_age=100)[:, :75]
    widths = [b + 1 - a for a, b in OFFICIAL[:-1] if b is not None]
    even = np.repeat(persons[:, :-1] / widths, widths, axis=1)
    real = truth[:, :75]

    def error(found: FloatArray, first: int, last: int) -> float:
        part = slice(first, last + 1)
        return float(np.abs(found[:, part] - real[:, part]).sum() / real[:, part].sum())

    assert error(years, 0, 74) == pytest.approx(0.031, abs=0.001)
    assert error(even, 0, 74) == pytest.approx(0.047, abs=0.001)
    for first, last in ((0, 2), (3, 5), (6, 9), (10, 17)):
        assert error(years, first, last) < min(0.02, error(even, first, last))


@pytest.mark.parametrize(
    ("persons", "groups", "oldest"),
    [
        ([[1.0, 1.0]], [(0, 2), (4, 5)], None),
        ([[1.0, 1.0]], [(0, 2), (2, 5)], None),
        ([[1.0, 1.0]], [(3, 5), (0, 2)], None),
        ([[1.0, 1.0]], [(0, None), (3, 5)], 100),
        ([[1.0, 1.0]], [(0, 2), (3, None)], None),
        ([[1.0, 1.0]], [(0, 2), (3, None)], 2),
        ([[1.0]], [(0, 2), (3, 5)], None),
        ([[1.0, np.nan]], [(0, 2), (3, 5)], None),
        ([[1.0, -1.0]], [(0, 2), (3, 5)], None),
        ([[]], [], None),
    ],
)
def test_broken_groups_and_unknown_persons_are_refused(
    persons: list[list[float]], groups: list[AgeGroup], oldest: int | None
) -> None:
    with pytest.raises(ContractError):
        share_ages(np.array(persons), groups, oldest_age=oldest)
