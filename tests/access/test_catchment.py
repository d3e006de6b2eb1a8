# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Floating catchments against published results, hand calculations and their own streamed second version."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dableiben.access import catchment, decay
from dableiben.access.catchment import FloatArray, Travel
from dableiben.core.errors import ContractError

# As the published numbers were made: cumulative and 2SFCA include their limit, the stepped E2SFCA does not.
BINARY_30 = decay.step({30: 1.0})
BINARY_45 = decay.step({45: 1.0})
E2SFCA_STEPS = {10: 1.0, 20: 0.68, 30: 0.22, 60: 0.05}


@dataclass(frozen=True)
class City:
    """Belo Horizonte: 898 hexagons, every hexagon is both cell and site."""

    persons: FloatArray
    jobs: FloatArray
    schools: FloatArray
    travel: Travel
    expected: pd.DataFrame


@pytest.fixture(scope="module")
def city(shared_path: Path) -> City:
    folder = shared_path / "reference" / "access"
    land = pd.read_csv(folder / "belo_horizonte_land_use.csv")
    times = pd.read_csv(folder / "belo_horizonte_travel_times.csv.gz")
    index = pd.Index(land["id"])
    travel = Travel(
        index.get_indexer(times["from_id"]).astype(np.int32),
        index.get_indexer(times["to_id"]).astype(np.int32),
        times["travel_time"].to_numpy(dtype=float),
    )
    expected = pd.read_csv(folder / "belo_horizonte_expected.csv").set_index("id").loc[land["id"]]
    assert len(expected) == 898
    assert travel.cell.size == 748_437
    return City(*(land[name].to_numpy(dtype=float) for name in ("population", "jobs", "schools")), travel, expected)


def test_cumulative_opportunities_are_those_published(city: City) -> None:
    found = catchment.supply_in_reach(city.jobs, city.travel, cells=898, decay=BINARY_30)
    np.testing.assert_array_equal(found, city.expected["cum30_jobs"])


def test_gravity_is_that_published(city: City) -> None:
    found = catchment.supply_in_reach(city.schools, city.travel, cells=898, decay=decay.exponential(0.05))
    np.testing.assert_allclose(found, city.expected["grav005_schools"], rtol=1e-9, atol=0)


def test_2sfca_is_that_published(city: City) -> None:
    found = catchment.two_step(city.persons, city.jobs, city.travel, decay=BINARY_45)
    np.testing.assert_allclose(found, city.expected["sfca2_bin45_jobs"], rtol=1e-9, atol=0)


def test_e2sfca_is_that_published_with_the_half_open_convention_of_r(city: City) -> None:
    half_open = decay.step_below(E2SFCA_STEPS)
    found = catchment.two_step(city.persons, city.schools, city.travel, decay=half_open)
    np.testing.assert_allclose(found, city.expected["e2sfca_step_schools"], rtol=1e-9, atol=0)


def test_our_convention_includes_the_limit_and_so_differs_from_the_published_e2sfca(city: City) -> None:
    found = catchment.two_step(city.persons, city.schools, city.travel, decay=decay.step(E2SFCA_STEPS))
    published = city.expected["e2sfca_step_schools"].to_numpy()
    served = published > 0
    assert np.abs(found[served] / published[served] - 1).max() == pytest.approx(0.257, abs=0.001)


def test_bfca_is_that_published(city: City) -> None:
    found = catchment.balanced(city.persons, city.jobs, city.travel, decay=decay.exponential(0.05))
    np.testing.assert_allclose(found, city.expected["bfca_exp005_jobs"], rtol=1e-9, atol=0)


def test_time_to_the_closest_school_is_that_published(city: City) -> None:
    to_schools = city.travel.only(city.schools[city.travel.site] > 0)
    found = catchment.nearest(to_schools, cells=898)
    published = city.expected["closest_school_min"].to_numpy()
    published = np.where(np.isinf(published), np.nan, published)
    np.testing.assert_array_equal(found.minutes, published)
    np.testing.assert_array_equal(found.site < 0, np.isnan(published))


def blocks_of(travel: Travel, cuts: Iterable[int]) -> Callable[[], Iterable[Travel]]:
    edges = [0, *cuts, travel.cell.size]
    blocks = [Travel(travel.cell[a:b], travel.site[a:b], travel.minutes[a:b]) for a, b in pairwise(edges)]
    return lambda: iter(blocks)


@pytest.mark.parametrize("cuts", [[], [1], [250_000, 250_000, 500_001], range(0, 748_437, 12_345)])
def test_streamed_measures_agree_to_the_last_bit(city: City, cuts: Iterable[int]) -> None:
    blocks = blocks_of(city.travel, cuts)
    smooth = decay.gaussian(bandwidth_min=20, limit_min=45)
    for one, many in (
        (catchment.two_step, catchment.two_step_streamed),
        (catchment.balanced, catchment.balanced_streamed),
    ):
        held = one(city.persons, city.jobs, city.travel, decay=smooth)
        streamed = many(city.persons, city.jobs, blocks, decay=smooth)
        assert held.tobytes() == streamed.tobytes()
    held = catchment.supply_in_reach(city.jobs, city.travel, cells=898, decay=smooth)
    streamed = catchment.supply_in_reach_streamed(city.jobs, blocks, cells=898, decay=smooth)
    assert held.tobytes() == streamed.tobytes()
    closest, closest_streamed = (
        catchment.nearest(city.travel, cells=898),
        catchment.nearest_streamed(blocks, cells=898),
    )
    assert closest.site.tobytes() == closest_streamed.site.tobytes()
    assert closest.minutes.tobytes() == closest_streamed.minutes.tobytes()


def test_mass_is_kept_on_real_travel(city: City) -> None:
    places = catchment.two_step(city.persons, city.jobs, city.travel, decay=BINARY_45)
    near = city.travel.only((city.travel.minutes <= 45) & (city.persons[city.travel.cell] > 0))
    assert (places * city.persons).sum() == pytest.approx(city.jobs[np.unique(near.site)].sum(), rel=1e-12)


@pytest.mark.parametrize("number", range(4))
def test_hospital_example(shared_path: Path, number: int) -> None:
    text = (shared_path / "reference" / "access" / "hospital_example.json").read_text(encoding="utf-8")
    example = json.loads(text)
    scenario = example["scenarios"][number]
    persons = np.array([tract["pop"] for tract in example["tracts"]], dtype=float)
    doctors = np.array([tract["doc"] for tract in example["tracts"]], dtype=float)
    travel = Travel(
        np.array([pair["origin"] - 1 for pair in scenario["cost"]], dtype=np.int32),
        np.array([pair["dest"] - 1 for pair in scenario["cost"]], dtype=np.int32),
        np.array([pair["cost"] for pair in scenario["cost"]], dtype=float),
    )
    within = decay.inverse_power(1, limit_min=61)
    two = catchment.two_step(persons, doctors, travel, decay=within)
    np.testing.assert_allclose(two, [scenario["sfca2"][key] for key in "123"], rtol=1e-9)
    everywhere = decay.inverse_power(1, limit_min=np.inf)
    three = catchment.three_step(persons, doctors, travel, decay=within, choice=everywhere)
    np.testing.assert_allclose(three, [scenario["sfca3"][key] for key in "123"], rtol=1e-9)


# Two villages and a town; Kita 0 with 10 places, Kita 1 with 30, Kita 2 beyond the limit of everybody.
PERSONS = np.array([20.0, 30.0, 50.0])
PLACES = np.array([10.0, 30.0, 99.0])
VILLAGES = Travel(
    np.array([0, 1, 1, 2, 2], dtype=np.int32),
    np.array([0, 0, 1, 1, 2], dtype=np.int32),
    np.array([5.0, 15.0, 15.0, 0.0, 16.0]),
)
WITHIN_15 = decay.step({15: 1.0})


def test_two_step_by_hand_and_the_limit_belongs_to_the_catchment() -> None:
    found = catchment.two_step(PERSONS, PLACES, VILLAGES, decay=WITHIN_15)
    np.testing.assert_allclose(found, [10 / 50, 10 / 50 + 30 / 80, 30 / 80], rtol=1e-15)
    below = catchment.two_step(PERSONS, PLACES, VILLAGES, decay=decay.step_below({15: 1.0}))
    np.testing.assert_allclose(below, [10 / 20, 0, 30 / 50], rtol=1e-15)


def test_balanced_by_hand() -> None:
    found = catchment.balanced(PERSONS, PLACES, VILLAGES, decay=WITHIN_15)
    # Village 1 sends half of its 30 persons to each Kita; each Kita's level is halved over its two cells.
    first, second = 10 / (20 + 15), 30 / (15 + 50)
    np.testing.assert_allclose(found, [first / 2, first / 2 + second / 2, second / 2], rtol=1e-15)


def test_exclusive_catchments_take_the_nearest_and_break_ties_by_index() -> None:
    only = catchment.to_nearest_only(VILLAGES, cells=4)
    assert only.cell.tolist() == [0, 1, 2]
    assert only.site.tolist() == [0, 0, 1]
    found = catchment.two_step(PERSONS, PLACES, only, decay=WITHIN_15)
    np.testing.assert_allclose(found, [10 / 50, 10 / 50, 30 / 50], rtol=1e-15)


def test_nothing_in_reach_is_zero_places_but_no_nearest_site() -> None:
    nobody = Travel(np.array([], dtype=np.int32), np.array([], dtype=np.int32), np.array([]))
    assert catchment.two_step(PERSONS, PLACES, nobody, decay=WITHIN_15).tolist() == [0, 0, 0]
    assert catchment.balanced(PERSONS, PLACES, nobody, decay=WITHIN_15).tolist() == [0, 0, 0]
    found = catchment.nearest(nobody, cells=2)
    assert found.site.tolist() == [-1, -1]
    assert np.isnan(found.minutes).all()


def test_a_site_with_nobody_in_reach_hands_out_nothing() -> None:
    found = catchment.two_step(np.array([0.0, 0.0, 50.0]), PLACES, VILLAGES, decay=WITHIN_15)
    np.testing.assert_allclose(found, [0, 30 / 50, 30 / 50], rtol=1e-15)


def travel_of(cell: int, site: int, minutes: float) -> Travel:
    return Travel(np.array([cell], dtype=np.int32), np.array([site], dtype=np.int32), np.array([minutes]))


@pytest.mark.parametrize(
    "travel",
    [
        travel_of(3, 0, 1.0),
        travel_of(-1, 0, 1.0),
        travel_of(0, 3, 1.0),
        travel_of(0, -1, 1.0),
        travel_of(0, 0, -0.1),
        travel_of(0, 0, np.nan),
        Travel(np.array([0], dtype=np.int32), np.array([0, 1], dtype=np.int32), np.array([1.0])),
    ],
)
def test_broken_travel_is_refused(travel: Travel) -> None:
    with pytest.raises(ContractError):
        catchment.two_step(PERSONS, PLACES, travel, decay=WITHIN_15)
    with pytest.raises(ContractError):
        catchment.two_step_streamed(PERSONS, PLACES, lambda: [VILLAGES, travel], decay=WITHIN_15)


@pytest.mark.parametrize("wrong", [np.nan, -1.0, np.inf])
def test_unknown_supply_or_need_is_refused_and_never_taken_as_zero(wrong: float) -> None:
    broken = np.array([wrong, 1.0, 1.0])
    with pytest.raises(ContractError, match="supply_places"):
        catchment.two_step(PERSONS, broken, VILLAGES, decay=WITHIN_15)
    with pytest.raises(ContractError, match="need_persons"):
        catchment.balanced(broken, PLACES, VILLAGES, decay=WITHIN_15)


def test_a_decay_that_forgets_pairs_is_refused() -> None:
    forgetful = decay.Decay("forgetful", 10, lambda minutes: minutes[1:])
    with pytest.raises(ContractError, match="one weight for each pair"):
        catchment.two_step(PERSONS, PLACES, VILLAGES, decay=forgetful)


def test_other_types_and_strided_columns_give_the_same_numbers() -> None:
    wide = Travel(
        np.repeat(VILLAGES.cell, 2).astype(np.int64)[::2],  # type: ignore[arg-type]
        np.repeat(VILLAGES.site, 2).astype(np.int64)[::2],  # type: ignore[arg-type]
        np.repeat(VILLAGES.minutes, 2).astype(np.float32)[::2],  # type: ignore[arg-type]
    )
    expected = catchment.two_step(PERSONS, PLACES, VILLAGES, decay=WITHIN_15)
    np.testing.assert_array_equal(catchment.two_step(PERSONS, PLACES, wide, decay=WITHIN_15), expected)
