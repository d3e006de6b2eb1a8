# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of the capacity assignment: order, splitting, closing, more places, unlimited reach, no supply."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dableiben.gaps.assignment import Assignment, assign


@dataclass(frozen=True)
class Town:
    need: npt.NDArray[np.float64]
    capacity: npt.NDArray[np.float64]
    row: npt.NDArray[np.int64]
    site: npt.NDArray[np.int64]
    priority: npt.NDArray[np.int64]

    def assigned(self) -> Assignment:
        return assign(self.need, self.capacity, self.row, self.site, priority=self.priority)


@st.composite
def towns(draw: st.DrawFn, classes: int = 3) -> Town:
    rows, sites = draw(st.integers(1, 12)), draw(st.integers(1, 6))
    number = st.one_of(st.integers(0, 20).map(float), st.floats(1e-6, 50))
    need = draw(st.lists(number, min_size=rows, max_size=rows))
    capacity = draw(st.lists(number, min_size=sites, max_size=sites))
    # One number per pair: 0 = not allowed, else its class of priority.
    kinds = draw(st.lists(st.integers(0, classes), min_size=rows * sites, max_size=rows * sites))
    table = np.array(kinds).reshape(rows, sites)
    row, site = np.nonzero(table)
    return Town(np.array(need), np.array(capacity), row, site, table[row, site])


def same(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> None:
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


@given(towns())
def test_supply_is_conserved_and_nobody_gets_more_than_needed(town: Town) -> None:
    found = town.assigned()
    assert found.served_persons.sum() == pytest.approx(found.used_places.sum(), rel=1e-9, abs=1e-9)
    assert (found.served_persons >= 0).all()
    assert (found.served_persons <= town.need * (1 + 1e-12)).all()
    assert (found.used_places >= 0).all()
    assert (found.used_places <= town.capacity * (1 + 1e-12)).all()
    same(found.served_persons_by_priority.sum(axis=0), found.served_persons)


@given(towns(), st.data())
def test_the_order_of_pairs_rows_and_sites_changes_no_bit(town: Town, data: st.DataObject) -> None:
    found = town.assigned()
    pairs = np.array(data.draw(st.permutations(range(town.row.size))), dtype=np.int64)
    shuffled = replace(
        town, row=town.row[pairs], site=town.site[pairs], priority=town.priority[pairs]
    ).assigned()
    assert shuffled.served_persons.tobytes() == found.served_persons.tobytes()
    assert shuffled.used_places.tobytes() == found.used_places.tobytes()

    rows = np.array(data.draw(st.permutations(range(town.need.size))), dtype=np.int64)
    sites = np.array(data.draw(st.permutations(range(town.capacity.size))), dtype=np.int64)
    new_row, new_site = np.argsort(rows), np.argsort(sites)
    renamed = replace(
        town,
        need=town.need[rows],
        capacity=town.capacity[sites],
        row=new_row[town.row],
        site=new_site[town.site],
    ).assigned()
    assert renamed.served_persons.tobytes() == found.served_persons[rows].tobytes()
    assert renamed.used_places.tobytes() == found.used_places[sites].tobytes()


@given(towns(), st.floats(0, 1))
def test_splitting_a_row_changes_no_total(town: Town, part: float) -> None:
    found = town.assigned()
    own = town.row == 0
    split = replace(
        town,
        need=np.append(town.need, town.need[0] * (1 - part)),
        row=np.append(town.row, np.full(own.sum(), town.need.size)),
        site=np.append(town.site, town.site[own]),
        priority=np.append(town.priority, town.priority[own]),
    )
    split.need[0] *= part
    again = split.assigned()
    same(again.served_persons[:-1][1:], found.served_persons[1:])
    assert again.served_persons[[0, -1]].sum() == pytest.approx(found.served_persons[0], rel=1e-9, abs=1e-9)
    same(again.used_places, found.used_places)


@given(towns(), st.floats(0, 1))
def test_splitting_a_site_changes_no_total(town: Town, part: float) -> None:
    found = town.assigned()
    own = town.site == 0
    split = replace(
        town,
        capacity=np.append(town.capacity, town.capacity[0] * (1 - part)),
        row=np.append(town.row, town.row[own]),
        site=np.append(town.site, np.full(own.sum(), town.capacity.size)),
        priority=np.append(town.priority, town.priority[own]),
    )
    split.capacity[0] *= part
    again = split.assigned()
    same(again.served_persons, found.served_persons)
    assert again.used_places[[0, -1]].sum() == pytest.approx(found.used_places[0], rel=1e-9, abs=1e-9)


@given(towns(), st.data())
@settings(max_examples=200)
def test_more_places_never_hurt_and_a_closed_site_never_helps(town: Town, data: st.DataObject) -> None:
    found = town.assigned().served_persons.sum()
    site = data.draw(st.integers(0, town.capacity.size - 1))
    more, none = town.capacity.copy(), town.capacity.copy()
    more[site] += data.draw(st.floats(0, 30))
    none[site] = 0
    assert replace(town, capacity=more).assigned().served_persons.sum() >= found - 1e-9
    assert replace(town, capacity=none).assigned().served_persons.sum() <= found + 1e-9
    kept = town.site != site
    left_out = replace(town, row=town.row[kept], site=town.site[kept], priority=town.priority[kept])
    same(left_out.assigned().served_persons, replace(town, capacity=none).assigned().served_persons)


@given(towns(classes=1), st.data())
def test_without_priority_more_places_take_nothing_from_anybody(town: Town, data: st.DataObject) -> None:
    site = data.draw(st.integers(0, town.capacity.size - 1))
    more = town.capacity.copy()
    more[site] += data.draw(st.floats(0, 30))
    lifted = replace(town, capacity=more).assigned().served_persons
    assert (lifted >= town.assigned().served_persons - 1e-9).all()


@given(towns())
def test_unlimited_reach_gives_everybody_the_same(town: Town) -> None:
    row, site = np.divmod(np.arange(town.need.size * town.capacity.size), town.capacity.size)
    found = assign(town.need, town.capacity, row, site)
    wanted = town.need > 0
    if wanted.any():
        share = min(1.0, town.capacity.sum() / town.need.sum())
        np.testing.assert_allclose(found.share[wanted], share, rtol=1e-9, atol=1e-12)
    assert np.isnan(found.share[~wanted]).all()


@given(towns())
def test_no_facility_serves_nobody(town: Town) -> None:
    none = np.array([], dtype=np.int64)
    found = assign(town.need, np.array([]), none, none)
    assert not found.served_persons.any()
    closed = replace(town, capacity=np.zeros(town.capacity.size)).assigned()
    assert not closed.served_persons.any()
    assert not closed.used_places.any()


@given(towns(), st.floats(1e-6, 1e6))
def test_scaling_persons_and_places_alike_scales_the_result(town: Town, factor: float) -> None:
    found = town.assigned()
    scaled = replace(town, need=town.need * factor, capacity=town.capacity * factor).assigned()
    np.testing.assert_allclose(
        scaled.served_persons, found.served_persons * factor, rtol=1e-9, atol=1e-9 * factor
    )
