# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Capacity assignment against linear programmes: the largest total, and the fairest way to reach it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from dableiben.core.errors import ContractError
from dableiben.gaps.assignment import Assignment, assign
from dableiben.gaps.flow import network, short_rows

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Case = tuple[FloatArray, FloatArray, IntArray, IntArray]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Small towns with whole and broken numbers, empty rows, empty sites and rows without any site."""
    rows, sites = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    number = st.one_of(st.integers(0, 9).map(float), st.floats(0.1, 9))
    need = draw(st.lists(number, min_size=rows, max_size=rows))
    capacity = draw(st.lists(number, min_size=sites, max_size=sites))
    allowed = draw(st.lists(st.booleans(), min_size=rows * sites, max_size=rows * sites))
    row, site = np.nonzero(np.array(allowed).reshape(rows, sites))
    return np.array(need), np.array(capacity), row, site


def incidence(index: IntArray, size: int) -> FloatArray:
    matrix = np.zeros((size, index.size))
    matrix[index, np.arange(index.size)] = 1
    return matrix


def largest_total(case: Case) -> float:
    need, capacity, row, site = case
    if not row.size:
        return 0.0
    uses = np.vstack([incidence(row, need.size), incidence(site, capacity.size)])
    found = linprog(-np.ones(row.size), A_ub=uses, b_ub=np.concatenate([need, capacity]), method="highs")
    return -float(found.fun)


def fairest(case: Case) -> FloatArray:
    """Water filling by linear programmes: raise the common share, freeze rows that cannot rise further."""
    need, capacity, row, site = case
    of_row, of_site = incidence(row, need.size), incidence(site, capacity.size)
    frozen = {r: 0.0 for r in range(need.size) if need[r] == 0 or r not in row}

    def solve(goal: FloatArray, share: tuple[float, float]) -> FloatArray | None:
        lines, bounds = [np.append(line, 0) for line in of_site], list(capacity)
        for r in range(need.size):
            least = np.append(-of_row[r], 0 if r in frozen else need[r])
            lines += [least, np.append(of_row[r], 0)]
            bounds += [-frozen[r] * need[r], frozen[r] * need[r]] if r in frozen else [0, need[r]]
        limits = [(0, None)] * row.size + [share]
        found = linprog(
            goal, A_ub=np.array(lines), b_ub=np.array(bounds) + 1e-10, bounds=limits, method="highs"
        )
        return None if found.status else np.asarray(found.x)

    while len(frozen) < need.size:
        rise = solve(np.append(np.zeros(row.size), -1), (0, 1))
        assert rise is not None
        common = rise[-1]
        stuck = []
        for r in set(range(need.size)) - set(frozen):
            alone = solve(np.append(-of_row[r], 0), (max(0, common - 1e-9), max(0, common - 1e-9)))
            assert alone is not None
            if of_row[r] @ alone[:-1] <= (common + 1e-6) * need[r]:
                stuck.append(r)
        assert stuck
        frozen |= dict.fromkeys(stuck, common)
    return np.array([frozen[r] for r in range(need.size)]) * need


@given(cases())
@settings(max_examples=300)
def test_the_total_is_that_of_the_linear_programme(case: Case) -> None:
    found = assign(*case)
    assert found.served_persons.sum() == pytest.approx(largest_total(case), abs=1e-9)
    assert found.used_places.sum() == pytest.approx(found.served_persons.sum(), abs=1e-9)


@given(cases())
@settings(max_examples=120)
def test_shares_are_those_of_water_filling(case: Case) -> None:
    np.testing.assert_allclose(assign(*case).served_persons, fairest(case), atol=1e-5)


@given(cases())
@settings(max_examples=80)
def test_places_are_used_as_evenly_as_water_filling_from_the_side_of_the_sites(case: Case) -> None:
    _, capacity, row, site = case
    found = assign(*case)
    np.testing.assert_allclose(
        found.used_places, fairest((capacity, found.served_persons, site, row)), atol=1e-5
    )


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_priority_serves_its_class_first_and_then_the_most_that_is_left(case: Case, random: object) -> None:
    need, capacity, row, site = case
    rank = np.array([random.randint(0, 1) for _ in row], dtype=np.int64)  # type: ignore[attr-defined]
    found = assign(*case, priority=rank)
    own = assign(need, capacity, row[rank == 0], site[rank == 0])
    if (rank == 0).any():
        np.testing.assert_allclose(found.served_persons_by_priority[0], own.served_persons, atol=1e-9)
    if not row.size:
        return
    # What class 1 can get at most while every row keeps what it has of class 0.
    best = linprog(
        -(rank == 1).astype(float),
        A_ub=np.vstack([incidence(row, need.size), incidence(site, capacity.size)]),
        b_ub=np.concatenate([need, capacity]) + 1e-9,
        A_eq=incidence(row, need.size) * (rank == 0),
        b_eq=own.served_persons,
        method="highs",
    )
    assert found.served_persons.sum() == pytest.approx(own.served_persons.sum() - best.fun, abs=1e-6)


def index(*numbers: int) -> IntArray:
    return np.array(numbers, dtype=np.int64)


def numbers(*values: float) -> FloatArray:
    return np.array(values, dtype=float)


def test_three_villages_by_hand() -> None:
    # A reaches Kita 0 only, B both, C Kita 1 only: B leaves Kita 0 to A, and 1 is shared by B and C alike.
    found = assign(numbers(20, 10, 10), numbers(10, 12), index(0, 1, 1, 2), index(0, 0, 1, 1))
    np.testing.assert_allclose(found.share, [0.5, 0.6, 0.6], rtol=1e-12)
    np.testing.assert_allclose(found.used_places, [10, 12], rtol=1e-12)


def test_kita_pool_of_haldersee_misses_seven_point_eight_places() -> None:
    need = numbers(40 * 0.035, 42 * 0.766, 38 * 0.90)
    found = assign(need, numbers(60), index(0, 1, 2), index(0, 0, 0))
    assert need.sum() - found.served_persons.sum() == pytest.approx(67.772 - 60, abs=1e-9)
    np.testing.assert_allclose(found.share, 60 / 67.772, rtol=1e-12)


def test_own_municipality_first_then_the_others_share_what_is_left() -> None:
    # Kita of 10 places; 6 children of the municipality, 8 and 4 of two others.
    found = assign(numbers(6, 8, 4), numbers(10), index(0, 1, 2), index(0, 0, 0), priority=index(0, 1, 1))
    np.testing.assert_allclose(found.served_persons, [6, 8 / 3, 4 / 3], rtol=1e-12)
    np.testing.assert_allclose(found.served_persons_by_priority, [[6, 0, 0], [0, 8 / 3, 4 / 3]], rtol=1e-12)
    assert found.priorities.tolist() == [0, 1]


def test_own_children_step_aside_to_another_kita_so_that_nobody_is_turned_away() -> None:
    # Ten own children may use both Kitas of ten places, ten others only the second.
    found = assign(numbers(10, 10), numbers(10, 10), index(0, 0, 1), index(0, 1, 1), priority=index(0, 0, 1))
    assert found.served_persons.tolist() == [10, 10]
    assert found.used_places.tolist() == [10, 10]


def test_own_children_left_over_go_to_others_after_those() -> None:
    # A has 5 places for its 10 children; 5 of them knock at B, where 6 own children and 8 places are.
    found = assign(numbers(10, 6), numbers(5, 8), index(0, 0, 1), index(0, 1, 1), priority=index(0, 1, 0))
    np.testing.assert_allclose(found.served_persons, [7, 6], rtol=1e-12)


def test_places_left_over_are_used_evenly() -> None:
    found = assign(numbers(6), numbers(10, 20, 30), index(0, 0), index(0, 1))
    np.testing.assert_allclose(found.used_places, [2, 4, 0], rtol=1e-12)


def test_nobody_in_need_has_no_share_and_a_row_without_a_site_gets_nothing() -> None:
    found = assign(numbers(0, 5), numbers(3), index(0), index(0))
    assert np.isnan(found.share[0])
    assert found.served_persons.tolist() == [0, 0]
    assert found.share[1] == 0
    assert found.used_places.tolist() == [0]


def test_a_site_without_limit_serves_everybody_who_may_use_it() -> None:
    found = assign(numbers(5, 7), numbers(np.inf, 1), index(0, 1), index(0, 1))
    assert found.served_persons.tolist() == [5, 1]
    assert found.used_places.tolist() == [5, 1]


def test_a_pair_given_twice_counts_in_its_first_class() -> None:
    once = assign(numbers(4, 4), numbers(4), index(0, 1), index(0, 0), priority=index(0, 1))
    twice = assign(numbers(4, 4), numbers(4), index(0, 0, 1), index(0, 0, 0), priority=index(1, 0, 1))
    assert twice.served_persons.tolist() == once.served_persons.tolist() == [4, 0]


@pytest.mark.parametrize(
    ("need", "capacity", "row", "site"),
    [
        ([1.0], [np.nan], [0], [0]),
        ([np.nan], [1.0], [0], [0]),
        ([np.inf], [1.0], [0], [0]),
        ([-1.0], [1.0], [0], [0]),
        ([1.0], [-1.0], [0], [0]),
        ([1.0], [1.0], [1], [0]),
        ([1.0], [1.0], [0], [1]),
        ([1.0], [1.0], [-1], [0]),
        ([1.0], [1.0], [0, 0], [0]),
    ],
)
def test_broken_input_is_refused(
    need: list[float], capacity: list[float], row: list[int], site: list[int]
) -> None:
    with pytest.raises(ContractError):
        assign(np.array(need), np.array(capacity), index(*row), index(*site))


def town(generator: np.random.Generator, rows: int, sites: int, reach: float) -> Case:
    homes, kitas = generator.random((rows, 2)), generator.random((sites, 2))
    apart = np.hypot(*(homes[:, None, :] - kitas[None, :, :]).transpose(2, 0, 1))
    row, site = np.nonzero(apart <= reach)
    need = generator.gamma(0.5, 4, rows)
    return need, np.rint(generator.gamma(2, 0.45, sites) * need.sum() / sites), row, site


def test_a_whole_district_keeps_the_total_and_its_levels() -> None:
    case = town(np.random.default_rng(7), rows=3000, sites=60, reach=0.15)
    found = assign(*case)
    assert found.served_persons.sum() == pytest.approx(largest_total_by_scipy_flow(case), rel=1e-6)
    no_row_could_be_lifted_at_the_cost_of_a_better_served_one(case, found)


def largest_total_by_scipy_flow(case: Case) -> float:
    """scipy's maximum flow in thousandths of a person (it counts in 32 bits)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import maximum_flow

    need, capacity, row, site = case
    rows, sites = need.size, capacity.size
    source, sink = rows + sites, rows + sites + 1
    start = np.concatenate([np.full(rows, source), row, rows + np.arange(sites)])
    end = np.concatenate([np.arange(rows), rows + site, np.full(sites, sink)])
    units = np.concatenate([need, np.full(row.size, need.sum()), capacity]) * 1000
    graph = coo_array((np.rint(units).astype(np.int32), (start, end)), shape=(sink + 1, sink + 1)).tocsr()
    return float(maximum_flow(graph, source, sink).flow_value) / 1000


def no_row_could_be_lifted_at_the_cost_of_a_better_served_one(case: Case, found: Assignment) -> None:
    """Fairness, checked on levels: the rows up to a share fill all sites they may use, alone."""
    need, capacity, row, site = case
    levels = np.unique(found.share[found.share < 1 - 1e-9].round(9))
    assert levels.size > 3
    for level in levels:
        poor = found.share <= level + 1e-8
        theirs = np.unique(site[poor[row]])
        assert capacity[theirs].sum() == pytest.approx(need[poor] @ found.share[poor], rel=1e-9)


def test_minimal_cut_of_the_flow_by_hand() -> None:
    net = network(index(0, 1, 1, 2), index(0, 0, 1, 1), rows=3, sites=2)
    assert short_rows(net, index(20, 10, 2), index(10, 12)).tolist() == [True, False, False]
    assert short_rows(net, index(20, 10, 10), index(10, 12)).tolist() == [True, True, True]
    assert not short_rows(net, index(5, 10, 7), index(10, 12)).any()
