# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Limits in metres on streets: metres are metres for every mode, whatever the speed, the surface or the barrier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from dableiben.catalogue.schema import Norm
from dableiben.core.network import StreetNetwork
from dableiben.gaps.assess import Assessment
from dableiben.gaps.rows import METRES_PER_MIN
from dableiben.gaps.ways import StreetWays
from dableiben.store.config import Carless
from support.regions import X0, Y0, Plan, catalogue_with, check, limit, norm
from support.streets import make_network, mode_card

HOME = X0 + 50, Y0 + 50
MODES = ("foot", "bike", "car")
STREET = {"highway": "residential"}


def street(tags: Mapping[str, str] = STREET, node_tags: Mapping[int, Mapping[str, str]] | None = None) -> StreetNetwork:
    """Six kilometres to the east from the home, cut after one, with a way around nothing."""
    nodes = {0: HOME, 1: (HOME[0] + 1000, HOME[1]), 2: (HOME[0] + 6000, HOME[1])}
    return make_network(nodes, [([0, 1], STREET), ([1, 2], tags)], node_tags)


def metres(value: float, *modes: str) -> Norm:
    return norm("m", "supermarkt", "distance_max", value, modes=modes)


def seniors(network: StreetNetwork, along: float, beside: float = 0.0, **more: Any) -> Plan:
    """100 people and a supermarket so many metres along the street and beside it."""
    shop = {"kind": "supermarkt", "x_m": HOME[0] + along, "y_m": HOME[1] + beside, "municipality_id": "13099001"}
    nobody_without = Carless(share=0.0, source="Probe")
    return Plan("100", ages={70: 1.0}, network=network, extra_facilities=[shop], carless=nobody_without, **more)


def judged(plan: Plan, *norms: Norm, modes: tuple[str, ...]) -> tuple[str, float | None, Assessment]:
    """status_distance of those who have a car or may do without, actual of the gap, and all of it."""
    found = check(plan, catalogue_with(*norms), "supermarkt", modes=modes, streets=True)
    need = found.tables["need"].query("need_persons_best > 0")
    gaps = found.tables["gaps"].query("persons_best > 0")
    return need["status_distance"].item(), None if gaps.empty else gaps["actual"].item(), found


@pytest.mark.parametrize("mode", MODES)
def test_the_link_counts_by_its_length(mode: str) -> None:
    plan = seniors(street(), 800, 190)
    assert judged(plan, metres(990, mode), modes=(mode,))[:2] == ("covered", None)
    status, actual, found = judged(plan, metres(989, mode), modes=(mode,))
    assert (status, actual) == ("gap", pytest.approx(990))
    assert set(found.tables["cells"]["status_distance"]) == {"gap"}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("tags", [{"highway": "primary"}, {"highway": "service", "surface": "sand"}])
def test_neither_class_nor_surface_changes_a_length(mode: str, tags: Mapping[str, str]) -> None:
    plan = seniors(street(tags, {1: {"barrier": "gate"}}), 4500)
    assert judged(plan, metres(4500, mode), modes=(mode,))[0] == "covered"
    status, actual, _ = judged(plan, metres(2000, mode), modes=(mode,))
    assert (status, actual) == ("gap", pytest.approx(4500))


def test_a_ferry_counts_by_its_length_and_a_wall_stays_a_wall() -> None:
    nodes = {0: HOME, 1: (HOME[0] + 500, HOME[1]), 2: (HOME[0] + 700, HOME[1]), 3: (HOME[0] + 900, HOME[1])}
    ways = [([0, 1], STREET), ([1, 2], {"route": "ferry"}), ([2, 3], STREET)]
    ferry = make_network(nodes, ways, duration_s={1: 3600.0})
    assert judged(seniors(ferry, 900), metres(900, "foot"), modes=("foot",))[0] == "covered"
    around = {**nodes, 4: (HOME[0] + 600, HOME[1] + 2000)}
    ways = [([0, 1, 2, 3], STREET), ([1, 4, 3], STREET)]
    wall = make_network(around, ways, {2: {"barrier": "wall"}})
    status, actual, _ = judged(seniors(wall, 900), metres(1000, "foot"), modes=("foot",))
    assert (status, actual) == ("gap", pytest.approx(500 + np.hypot(100, 2000) + np.hypot(300, 2000), abs=0.1))


def test_the_shortest_way_is_measured_not_the_fastest() -> None:
    # By car the primary road around is faster, the track of a service road is shorter.
    nodes = {0: HOME, 1: (HOME[0] + 1000, HOME[1]), 2: (HOME[0] + 500, HOME[1] + 400)}
    roads = make_network(nodes, [([0, 1], {"highway": "service"}), ([0, 2, 1], {"highway": "primary"})])
    plan = seniors(roads, 1000)
    assert judged(plan, metres(1000, "car"), modes=("car",))[0] == "covered"
    minutes = judged(plan, metres(1000, "car"), modes=("car",))[2].tables["cells"]["travel_time_min"].item()
    assert minutes == pytest.approx(1.04 * 2 * np.hypot(500, 400) / 65_000 * 60, abs=0.01)  # the table tells time


def test_groups_may_have_limits_of_time_and_of_length_side_by_side() -> None:
    plan = seniors(street(), 900)
    plan.carless = Carless(share=0.5, source="Probe")
    by_time = limit("supermarkt", 1, "car", groups=["senioren_65"])
    found = check(plan, catalogue_with(by_time), "supermarkt", modes=MODES, streets=True)
    assert set(found.tables["gaps"]["unit"]) == {"min"}
    found = check(plan, catalogue_with(metres(800, "car", "foot")), "supermarkt", modes=MODES, streets=True)
    assert found.tables["gaps"]["actual"].tolist() == pytest.approx([900] * len(found.tables["gaps"]))


def test_a_place_for_each_need_is_looked_for_within_the_metres() -> None:
    kita = {"kind": "kita", "usable_places": 60.0, "x_m": HOME[0] + 900, "y_m": HOME[1], "municipality_id": "13099001"}
    plan = Plan("60", network=street({"highway": "primary"}), extra_facilities=[kita])
    cards = [norm("p", "kita", "place_for_each_need", 1), norm("m", "kita", "distance_max", 900, modes=["foot"])]
    found = check(plan, catalogue_with(*cards), "kita", modes=("foot",), streets=True)
    assert found.tables["need"][["status", "reachable_places"]].iloc[0].tolist() == ["tight", 60.0]
    value = found.tables["indicators"].query("indicator == 'two_step_places_per_100'")["value"]
    assert value.tolist() == pytest.approx([100.0] * len(value)) and len(value)


# --- against scipy on lengths -----------------------------------------------------------------------------------

TAGS = st.sampled_from(
    [{"highway": "residential"}, {"highway": "primary"}, {"highway": "track", "tracktype": "grade5", "foot": "yes"},
     {"highway": "service", "surface": "mud", "maxspeed": "30"}]
)  # fmt: skip
SPOTS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=3, max_size=9, unique=True)


@settings(max_examples=40)
@given(SPOTS, st.data())
def test_lengths_equal_scipy_on_the_lengths_of_the_streets(spots: list[tuple[int, int]], data: st.DataObject) -> None:
    nodes = {i: (X0 + 97.0 * x, Y0 + 101.0 * y) for i, (x, y) in enumerate(spots)}
    index = st.integers(0, len(spots) - 1)
    pairs = [(i, i + 1) for i in range(len(spots) - 1)] + data.draw(st.lists(st.tuples(index, index), max_size=6))
    pairs = [(a, b) for a, b in dict.fromkeys(pairs) if a != b]
    network = make_network(nodes, [(pair, data.draw(TAGS)) for pair in pairs])
    xy = np.array(list(nodes.values()))
    lengths = csr_matrix((len(xy), len(xy))).tolil()
    for a, b in pairs:
        lengths[a, b] = lengths[b, a] = np.hypot(*(xy[a] - xy[b]))
    expected = dijkstra(lengths.tocsr())
    table = pd.DataFrame(xy, columns=["x_m", "y_m"])
    cards = {mode: mode_card(mode) for mode in ("foot", "bike")}
    far = dict.fromkeys(cards, 100_000.0)
    ways = StreetWays.build(network, cards, table, table, 10.0, metres=far, workers=1).measured()
    for mode in cards:
        found = ways.within(mode, np.arange(len(xy)), 100_000 / METRES_PER_MIN)
        assert len(found.unit) == len(xy) ** 2
        measured = found.minutes * METRES_PER_MIN
        # Each way is rounded to 8 cm.
        np.testing.assert_allclose(measured, expected[found.unit, found.facility], atol=0.05 * len(pairs))


def test_only_modes_with_a_limit_in_metres_are_measured() -> None:
    table = pd.DataFrame({"x_m": [HOME[0]], "y_m": [HOME[1]]})
    cards = {mode: mode_card(mode) for mode in MODES}
    ways = StreetWays.build(street(), cards, table, table, 10.0, metres={"foot": 1000.0}, workers=1)
    assert (ways.modes, ways.measured().modes) == (MODES, ("foot",))
    assert StreetWays.build(street(), cards, table, table, 10.0, metres={}, workers=1).measured().modes == ()
