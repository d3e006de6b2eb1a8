# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of the floating catchments, for every decay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.access import decay
from dableiben.access.catchment import (
    FloatArray,
    Travel,
    balanced,
    nearest,
    supply_in_reach,
    three_step,
    to_nearest_only,
    two_step,
)
from dableiben.access.decay import Decay

Measure = Callable[..., FloatArray]
DECAYS = [
    decay.step({30.0: 1.0}),
    decay.step({10.0: 1.0, 20.0: 0.68, 30.0: 0.22}),
    decay.step_below({10.0: 1.0, 30.0: 0.5}),
    decay.gaussian(bandwidth_min=15, limit_min=30),
    decay.gaussian_to_zero(limit_min=30),
    decay.exponential(0.05),
]
EVERYWHERE = decay.step({10_000.0: 1.0})


def three_step_by_one_decay(
    need: FloatArray, supply: FloatArray, travel: Travel, *, decay: Decay
) -> FloatArray:
    return three_step(need, supply, travel, decay=decay, choice=decay)


CONSERVING = [two_step, three_step_by_one_decay]
ALL = [*CONSERVING, balanced]


@dataclass(frozen=True)
class Town:
    need: FloatArray
    supply: FloatArray
    travel: Travel


@st.composite
def towns(draw: st.DrawFn) -> Town:
    cells, sites = draw(st.integers(1, 10)), draw(st.integers(1, 6))
    number = st.one_of(st.integers(0, 30).map(float), st.floats(1e-3, 50))
    need = np.array(draw(st.lists(number, min_size=cells, max_size=cells)))
    supply = np.array(draw(st.lists(number, min_size=sites, max_size=sites)))
    # Whole minutes, so that limits are hit; None = out of reach.
    time = st.one_of(st.none(), st.integers(0, 45))
    times = draw(st.lists(time, min_size=cells * sites, max_size=cells * sites))
    held = [(k // sites, k % sites, t) for k, t in enumerate(times) if t is not None]
    cell, site, minutes = (np.array(column) for column in zip(*held, strict=True)) if held else ([], [], [])
    return Town(
        need,
        supply,
        Travel(np.array(cell, np.int32), np.array(site, np.int32), np.array(minutes, dtype=float)),
    )


def close(one: FloatArray, other: FloatArray) -> None:
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("measure", CONSERVING)
@given(town=towns(), chosen=st.sampled_from(DECAYS))
def test_all_supply_in_reach_is_handed_out_and_no_more(measure: Measure, chosen: Decay, town: Town) -> None:
    found = measure(town.need, town.supply, town.travel, decay=chosen)
    counts = (chosen(town.travel.minutes) > 0) & (town.need[town.travel.cell] > 0)
    reached = np.unique(town.travel.site[counts])
    assert (found * town.need).sum() == pytest.approx(town.supply[reached].sum(), rel=1e-9, abs=1e-9)


@given(town=towns(), chosen=st.sampled_from(DECAYS))
def test_balanced_counts_everybody_once_and_hands_out_each_level_of_service_once(
    chosen: Decay, town: Town
) -> None:
    weight = chosen(town.travel.minutes)
    table = np.zeros((town.need.size, town.supply.size))
    table[town.travel.cell, town.travel.site] = weight
    with np.errstate(invalid="ignore", divide="ignore"):
        rows = np.nan_to_num(table / table.sum(axis=1, keepdims=True))
        columns = np.nan_to_num(table / table.sum(axis=0))
        assigned = town.need @ rows
        level = np.where(assigned > 0, town.supply / assigned, 0.0)
    assert assigned.sum() == pytest.approx(town.need[table.sum(axis=1) > 0].sum(), rel=1e-9, abs=1e-12)
    found = balanced(town.need, town.supply, town.travel, decay=chosen)
    close(found, columns @ level)
    assert found.sum() == pytest.approx(level.sum(), rel=1e-9, abs=1e-12)


@given(town=towns())
def test_unlimited_reach_gives_places_per_person_everywhere(town: Town) -> None:
    cells, sites = town.need.size, town.supply.size
    cell, site = np.divmod(np.arange(cells * sites, dtype=np.int32), np.int32(sites))
    travel = Travel(cell, site, np.full(cell.size, 7.0))
    total = town.need.sum()
    expected = town.supply.sum() / total if total > 0 else 0.0
    for measure in CONSERVING:
        close(measure(town.need, town.supply, travel, decay=EVERYWHERE), np.full(cells, expected))
    close(
        supply_in_reach(town.supply, travel, cells=cells, decay=EVERYWHERE),
        np.full(cells, town.supply.sum()),
    )


@pytest.mark.parametrize("measure", ALL)
@given(town=towns(), chosen=st.sampled_from(DECAYS), data=st.data())
def test_a_closed_site_helps_nobody_and_more_places_hurt_nobody(
    measure: Measure, chosen: Decay, town: Town, data: st.DataObject
) -> None:
    found = measure(town.need, town.supply, town.travel, decay=chosen)
    site = data.draw(st.integers(0, town.supply.size - 1))
    closed, grown = town.supply.copy(), town.supply.copy()
    closed[site] = 0
    grown[site] += 5
    assert (measure(town.need, closed, town.travel, decay=chosen) <= found * (1 + 1e-12)).all()
    assert (measure(town.need, grown, town.travel, decay=chosen) >= found * (1 - 1e-12)).all()


@pytest.mark.parametrize("measure", ALL)
@given(town=towns(), data=st.data())
def test_relabelling_changes_nothing(measure: Measure, town: Town, data: st.DataObject) -> None:
    found = measure(town.need, town.supply, town.travel, decay=DECAYS[1])
    cells = np.array(data.draw(st.permutations(range(town.need.size))))
    sites = np.array(data.draw(st.permutations(range(town.supply.size))))
    pairs = np.array(data.draw(st.permutations(range(town.travel.cell.size))), dtype=np.int64)
    renamed = Travel(
        np.argsort(cells).astype(np.int32)[town.travel.cell][pairs],
        np.argsort(sites).astype(np.int32)[town.travel.site][pairs],
        town.travel.minutes[pairs],
    )
    close(measure(town.need[cells], town.supply[sites], renamed, decay=DECAYS[1]), found[cells])


@pytest.mark.parametrize("measure", CONSERVING)
@given(town=towns(), part=st.floats(0.1, 0.9))
def test_splitting_a_cell_changes_no_places_per_person(measure: Measure, town: Town, part: float) -> None:
    found = measure(town.need, town.supply, town.travel, decay=DECAYS[1])
    own = town.travel.cell == 0
    need = np.append(town.need, town.need[0] * (1 - part))
    need[0] *= part
    split = Travel(
        np.append(town.travel.cell, np.full(own.sum(), town.need.size, dtype=np.int32)),
        np.append(town.travel.site, town.travel.site[own]),
        np.append(town.travel.minutes, town.travel.minutes[own]),
    )
    close(measure(need, town.supply, split, decay=DECAYS[1]), np.append(found, found[0]))


@given(town=towns())
def test_no_facility_gives_nothing_and_half_the_need_doubles_the_places(town: Town) -> None:
    nothing = np.zeros(town.supply.size)
    for measure in ALL:
        assert not measure(town.need, nothing, town.travel, decay=DECAYS[0]).any()
        found = measure(town.need, town.supply, town.travel, decay=DECAYS[0])
        close(measure(town.need / 2, town.supply, town.travel, decay=DECAYS[0]), found * 2)


@given(town=towns())
def test_the_nearest_site_is_the_first_of_those_with_least_minutes(town: Town) -> None:
    found = nearest(town.travel, cells=town.need.size)
    for cell in range(town.need.size):
        options = [
            (minutes, site)
            for c, site, minutes in zip(town.travel.cell, town.travel.site, town.travel.minutes, strict=True)
            if c == cell
        ]
        if options:
            assert (found.minutes[cell], found.site[cell]) == min(options)
        else:
            assert np.isnan(found.minutes[cell])
            assert found.site[cell] == -1


@given(town=towns())
def test_exclusive_catchments_share_out_each_site_among_its_own_people(town: Town) -> None:
    only = to_nearest_only(town.travel, cells=town.need.size)
    assert np.unique(only.cell).size == only.cell.size
    found = two_step(town.need, town.supply, only, decay=EVERYWHERE)
    for cell, site in zip(only.cell, only.site, strict=True):
        people = town.need[only.cell[only.site == site]].sum()
        assert found[cell] == pytest.approx(town.supply[site] / people if people else 0, rel=1e-9)


@given(town=towns())
def test_a_town_without_travel_is_unserved(town: Town) -> None:
    nowhere = replace(town, travel=town.travel.only(np.zeros(town.travel.cell.size, dtype=bool)))
    for measure in ALL:
        assert not measure(nowhere.need, nowhere.supply, nowhere.travel, decay=EVERYWHERE).any()
