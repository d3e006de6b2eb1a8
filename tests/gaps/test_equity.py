# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Weighted Gini and Theil against published results, closed forms and brute force."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.core.errors import ContractError
from dableiben.gaps.equity import gini, theil

FloatArray = npt.NDArray[np.float64]
Spread = tuple[FloatArray, FloatArray, npt.NDArray[np.int64]]


def test_belo_horizonte_is_as_unequal_as_published(shared_path: Path) -> None:
    folder = shared_path / "reference" / "access"
    land = pd.read_csv(folder / "belo_horizonte_land_use.csv").set_index("id")
    jobs = pd.read_csv(folder / "belo_horizonte_expected.csv").set_index("id")["cum30_jobs"]
    persons = land.loc[jobs.index, "population"].to_numpy(dtype=float)
    text = (folder / "belo_horizonte_inequality_expected.json").read_text(encoding="utf-8")
    published = json.loads(text)["inequality_on_cum30_jobs"]
    value = jobs.to_numpy(dtype=float)
    assert gini(value, persons) == pytest.approx(published["gini"], rel=1e-11)
    decile = land.loc[jobs.index, "income_decile"].fillna(0).to_numpy(dtype=np.int64)
    found = theil(value, persons, decile)
    assert found.total == pytest.approx(published["theil"][0]["theil_t"], rel=1e-11)
    assert 0 < found.between < found.total


def one_area(size: int) -> npt.NDArray[np.int64]:
    return np.zeros(size, dtype=np.int64)


def test_one_of_four_has_everything() -> None:
    value, persons = np.array([0.0, 8.0]), np.array([3.0, 1.0])
    assert gini(value, persons) == pytest.approx(0.75)
    assert theil(value, persons, one_area(2)).total == pytest.approx(np.log(4))


def test_everybody_alike_is_zero_and_nothing_at_all_is_not_defined() -> None:
    alike = np.array([5.0, 5.0, 5.0])
    assert gini(alike, np.array([1.0, 2.0, 9.0])) == pytest.approx(0, abs=1e-15)
    assert theil(alike, np.array([1.0, 2.0, 9.0]), one_area(3)).total == pytest.approx(0, abs=1e-15)
    for value, persons in ((np.zeros(2), np.ones(2)), (np.ones(2), np.zeros(2)), (np.ones(0), np.ones(0))):
        assert np.isnan(gini(value, persons))
        assert np.isnan(theil(value, persons, one_area(value.size)).total)


@st.composite
def spreads(draw: st.DrawFn) -> Spread:
    size = draw(st.integers(1, 8))
    value = draw(st.lists(st.integers(0, 20).map(float), min_size=size, max_size=size))
    persons = draw(st.lists(st.integers(0, 6).map(float), min_size=size, max_size=size))
    area = draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    if not any(v * p for v, p in zip(value, persons, strict=True)):
        value[0], persons[0] = 1.0, 1.0
    return np.array(value), np.array(persons), np.array(area)


@given(spreads())
def test_gini_is_half_the_mean_difference_of_all_pairs_of_persons(spread: Spread) -> None:
    value, persons, _ = spread
    each = np.repeat(value, persons.astype(int))
    pairs = np.abs(each[:, None] - each[None, :]).mean()
    assert gini(value, persons) == pytest.approx(pairs / (2 * each.mean()), abs=1e-12)


@given(spreads())
def test_theil_is_the_mean_over_persons_and_splits_into_its_parts(spread: Spread) -> None:
    value, persons, area = spread
    each = np.repeat(value, persons.astype(int)) / np.repeat(value, persons.astype(int)).mean()
    found = theil(value, persons, area)
    assert found.total == pytest.approx(np.mean([x * np.log(x) if x > 0 else 0 for x in each]), abs=1e-12)
    assert found.between + found.within == pytest.approx(found.total, abs=1e-12)
    assert min(found.between, found.within) >= -1e-12
    assert theil(value, persons, one_area(value.size)).between == pytest.approx(0, abs=1e-12)
    alone = theil(value, persons, np.arange(value.size))
    assert alone.within == pytest.approx(0, abs=1e-12)


@given(spreads(), st.floats(0.01, 100))
def test_scaling_and_order_change_nothing(spread: Spread, factor: float) -> None:
    value, persons, area = spread
    assert gini(value * factor, persons) == pytest.approx(gini(value, persons), abs=1e-12)
    assert gini(value, persons * factor) == pytest.approx(gini(value, persons), abs=1e-12)
    turned = theil(value[::-1] * factor, persons[::-1] * factor, area[::-1])
    assert turned.between == pytest.approx(theil(*spread).between, abs=1e-12)


@pytest.mark.parametrize("wrong", [np.array([np.nan, 1.0]), np.array([-1.0, 1.0]), np.array([1.0])])
def test_broken_numbers_are_refused(wrong: FloatArray) -> None:
    with pytest.raises(ContractError):
        gini(wrong, np.array([1.0, 1.0]))
    with pytest.raises(ContractError):
        theil(np.array([1.0, 1.0]), wrong, one_area(2))
    with pytest.raises(ContractError):
        theil(np.array([1.0, 1.0]), np.array([1.0, 1.0]), np.array([0, -1]))
