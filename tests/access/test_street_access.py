# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Travel times on streets: against scipy on the raw streets, against brute force, and by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dableiben.access import kernels
from dableiben.access.graph import build_graph
from dableiben.access.street_access import StreetAccess, limit_ds, to_minutes
from dableiben.core.network import StreetNetwork
from dableiben.sources.osm.streets import read_streets
from support.streets import Spot, Uncontracted, make_network, mode_card, plain_mode

STREET = {"highway": "residential"}
ONEWAY = {"highway": "residential", "oneway": "yes"}
NO_LIMIT = limit_ds(100_000)


@pytest.fixture(scope="module")
def wetterau(shared_path: Path) -> StreetNetwork:
    return read_streets(shared_path / "regions" / "wetterau" / "wetterau-2022-12.osm.pbf")


def xy(*points: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([p[0] for p in points], float), np.array([p[1] for p in points], float)


def dense(access: StreetAccess, origins: object, sites: object, limit: int, towards: str = "site") -> np.ndarray:
    """The matrix as a table, inf = no pair."""
    travel = access.matrix(origins, sites, limit, towards)  # type: ignore[arg-type]
    table = np.full((len(origins), len(sites)), np.inf)  # type: ignore[arg-type]
    table[travel.origin, travel.site] = travel.time_ds
    return table


@pytest.mark.parametrize("mode_id", ["foot", "bike", "car"])
def test_ten_thousand_pairs_equal_scipy_on_the_raw_streets(wetterau: StreetNetwork, mode_id: str) -> None:
    mode = mode_card(mode_id)
    access, raw = StreetAccess.build(wetterau, mode), Uncontracted(wetterau, mode)
    random = np.random.default_rng(20261122)
    x = random.uniform(4_241_500, 4_254_000, 200)
    y = random.uniform(3_014_700, 3_031_000, 200)
    homes, places = access.snap(x[:100], y[:100]), access.snap(x[100:], y[100:])
    expected = raw.times(raw.snap(x[:100], y[:100]), raw.snap(x[100:], y[100:]))
    found = dense(access, homes, places, NO_LIMIT)
    assert (np.isfinite(expected).sum(1) > 50).sum() > 50, "nearly all pairs are reachable"
    assert (found != expected).sum() == 0
    limited = dense(access, homes, places, limit_ds(20))
    assert np.array_equal(limited, np.where(expected <= limit_ds(20), expected, np.inf))
    back = dense(access, homes, places, NO_LIMIT, "origin")
    assert np.array_equal(back, raw.times(raw.snap(x[100:], y[100:]), raw.snap(x[:100], y[:100])).T)


@st.composite
def small_networks(draw: st.DrawFn) -> tuple[StreetNetwork, np.ndarray, np.ndarray]:
    """Streets with loops, parallels, dead ends, one-ways, barriers and outlets; and points near them."""
    count = draw(st.integers(2, 9))
    spot = st.tuples(st.integers(0, 6), st.integers(0, 6))
    nodes = {i + 1: (draw(spot)[0] * 30.0 + i * 0.1, draw(spot)[1] * 30.0) for i in range(count)}
    node = st.integers(1, count)
    tags = st.sampled_from(
        [
            STREET, STREET, ONEWAY, {"highway": "primary"}, {"highway": "residential", "oneway": "-1"},
            {"highway": "residential", "access": "private"},
        ]
    )  # fmt: skip
    ways = draw(st.lists(st.tuples(st.lists(node, min_size=2, max_size=5), tags), min_size=1, max_size=7))
    barriers = draw(st.dictionaries(node, st.sampled_from([{"barrier": "bollard"}, {"barrier": "gate"}]), max_size=2))
    outlets = draw(st.lists(node, max_size=2))
    points = draw(st.lists(st.tuples(st.integers(-20, 220), st.integers(-20, 220)), min_size=1, max_size=8))
    return make_network(nodes, ways, barriers, outlets), *xy(*[(p[0] * 1.0, p[1] * 1.0) for p in points])


@settings(max_examples=400)
@given(small_networks(), st.integers(0, 900))
def test_small_networks_equal_brute_force(made: tuple[StreetNetwork, np.ndarray, np.ndarray], limit: int) -> None:
    network, x, y = made
    mode = plain_mode(snap={"cap_m": 60, "link_kmh": 3.6})
    access, raw = StreetAccess.build(network, mode), Uncontracted(network, mode)
    points, spots = access.snap(x, y), raw.snap(x, y)
    assert (points.linked).tolist() == [spot is not None for spot in spots]
    expected = raw.times(spots, spots)
    found = dense(access, points, points, NO_LIMIT)
    # Two points on a one-way street less than a decisecond apart are at one place; the raw graph drives
    # round.
    links = points.link_ds[:, None] + points.link_ds[None, :]
    one_place = (found == links) & (points.table[:, None, 0] == points.table[None, :, 0])
    assert np.array_equal(found[~one_place], expected[~one_place])
    assert _apart_m(raw, spots)[one_place].max(initial=0) < 3
    assert np.array_equal(dense(access, points, points, NO_LIMIT, "origin"), found.T)

    within = np.where(found <= limit, found, np.inf)
    numbers = np.broadcast_to(np.arange(len(x)), within.shape)
    order = np.lexsort((numbers, within), axis=1)  # by time, then number
    ranked = np.take_along_axis(within, order, 1)
    for k in (1, 2, 4):
        best = access.k_nearest(points, points, k, limit)
        times = np.full((len(x), k), -1.0)
        times[:, : min(k, len(x))] = np.where(np.isinf(ranked), -1, ranked)[:, :k]
        sites = np.full((len(x), k), -1)
        sites[:, : min(k, len(x))] = np.where(np.isinf(ranked), -1, order)[:, :k]
        assert np.array_equal(best.time_ds, times)
        assert np.array_equal(best.site, sites)
    nearest = access.nearest(points, points, limit)
    assert np.array_equal(nearest.time_ds, np.where(np.isinf(ranked[:, 0]), -1, ranked[:, 0]))
    assert np.array_equal(nearest.site, np.where(np.isinf(ranked[:, 0]), -1, order[:, 0]))


def _apart_m(raw: Uncontracted, spots: list[Spot | None]) -> np.ndarray:
    """Metres between the places on the streets that points are linked to."""
    on = np.full((len(spots), 2), np.nan)
    for i, spot in enumerate(spots):
        if spot is not None:
            x0, y0, x1, y1 = raw.xy[spot[0]]
            on[i] = (x0 + spot[1] * (x1 - x0)) / 10, (y0 + spot[1] * (y1 - y0)) / 10
    return np.hypot(*(on[:, None] - on[None, :]).T).T


@settings(max_examples=100)
@given(small_networks())
def test_time_to_the_edge_of_the_data_is_the_time_to_its_nearest_node(
    made: tuple[StreetNetwork, np.ndarray, np.ndarray],
) -> None:
    network, x, y = made
    mode = plain_mode(snap={"cap_m": 60, "link_kmh": 3.6})
    access, raw = StreetAccess.build(network, mode), Uncontracted(network, mode)
    outlets: list[Spot | None] = []
    for share, ends in ((0.0, raw.tail), (1.0, raw.head)):
        at_edge = [network.is_data_edge[raw.origin_of[node]] for node in ends]
        outlets += [(int(s), share, 1 - share, 0.0) for s in np.flatnonzero(at_edge)]
    found = access.time_to_edge(access.snap(x, y), NO_LIMIT)
    times = raw.times(raw.snap(x, y), outlets) if outlets else np.full((len(x), 1), np.inf)
    assert np.array_equal(found, np.where(np.isinf(times.min(1)), -1, times.min(1)))


@settings(max_examples=60)
@given(small_networks(), st.integers(0, 900))
def test_a_pool_that_is_too_small_changes_nothing(
    made: tuple[StreetNetwork, np.ndarray, np.ndarray], limit: int
) -> None:
    network, x, y = made
    access = StreetAccess.build(network, plain_mode())
    points = access.snap(x, y)
    graph, last = access.graph, kernels.last_key(limit)
    node, key, longest = kernels.seeds_of(points.table)
    ring = kernels.ring_size(max(longest, int(graph.arcs[1::2].max(initial=0))))
    for search, arguments in (
        (kernels.nearest_site, (graph.start, graph.arcs, node, key, last, ring)),
        (kernels.k_nearest_sites, (graph.start, graph.arcs, node, key, 3, last, ring)),
        (kernels.travel_block, (graph.start, graph.arcs, points.table, points.table, last, ring)),
    ):
        large, small = search(*arguments, 5000), search(*arguments, 1)
        assert all(np.array_equal(a, b) for a, b in zip(large, small, strict=True))


@settings(max_examples=60)
@given(small_networks(), st.randoms(use_true_random=False))
def test_other_node_ids_change_nothing(made: tuple[StreetNetwork, np.ndarray, np.ndarray], random: object) -> None:
    network, x, y = made
    order = np.arange(len(network.node_id))
    random.shuffle(order)  # type: ignore[attr-defined]
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    tagged = place[network.tagged_node]
    rows = np.argsort(tagged)
    other = replace(
        network,
        node_x_dm=network.node_x_dm[order],
        node_y_dm=network.node_y_dm[order],
        is_data_edge=network.is_data_edge[order],
        way_node=place[network.way_node].astype(np.int32),
        tagged_node=tagged[rows].astype(np.int32),
        node_tags={k: replace(c, codes=c.codes[rows]) for k, c in network.node_tags.items()},
    )
    mode = plain_mode()
    one, two = StreetAccess.build(network, mode), StreetAccess.build(other, mode)
    if one.dropped != two.dropped:  # of two parts of the same size the lowest node decides
        return
    tables = [dense(a, a.snap(x, y), a.snap(x, y), NO_LIMIT) for a in (one, two)]
    assert np.array_equal(tables[0], tables[1]) or one.graph.nodes <= 2


def test_numbers_by_hand() -> None:
    """A street of 300 m at 10 m/s: home 100 m along it and 5 m beside it, site 250 m along and on it."""
    access = StreetAccess.build(make_network({1: (0, 0), 2: (300, 0)}, [([1, 2], STREET)]), plain_mode())
    home, site = access.snap(*xy((100, 5))), access.snap(*xy((250, 0)))
    assert home.link_ds.tolist() == [50]  # 5 m at 1 m/s
    assert access.nearest(home, site, 200).time_ds.tolist() == [200]  # 50 ds + 150 m at 1 m per ds
    assert access.nearest(home, site, 199).time_ds.tolist() == [-1], "within means up to and including"


def test_oneway_on_one_edge_means_going_round() -> None:
    """Two points on a one-way ring: with the street 100 ds, against it the rest of the 400 m ring."""
    corners = {1: (0, 0), 2: (100, 0), 3: (100, 100), 4: (0, 100)}
    access = StreetAccess.build(make_network(corners, [([1, 2, 3, 4, 1], ONEWAY)]), plain_mode())
    points = access.snap(*xy((50, 0), (100, 50)))
    assert dense(access, points, points, NO_LIMIT).tolist() == [[0, 100], [300, 0]]
    assert dense(access, points, points, NO_LIMIT, "origin").tolist() == [[0, 300], [100, 0]]


def test_of_parallel_streets_the_faster_counts_but_points_stay_on_theirs() -> None:
    nodes = {1: (0, 0), 2: (200, 0), 3: (100, 100), 4: (-50, 0), 5: (250, 0)}
    ways = [([1, 3, 2], STREET), ([1, 2], STREET), ([4, 1], STREET), ([2, 5], STREET)]
    access = StreetAccess.build(make_network(nodes, ways), plain_mode())
    ends, top = access.snap(*xy((-50, 0), (250, 0))), access.snap(*xy((100, 100)))
    assert dense(access, ends, ends, NO_LIMIT)[0, 1] == 300
    assert dense(access, ends, top, NO_LIMIT)[0, 0] == 50 + 141


def test_a_bollard_stops_and_a_gate_delays() -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 400)}
    ways = [([1, 2, 3], STREET), ([1, 4, 3], STREET)]
    points = xy((0, 0), (200, 0))
    times = []
    for tags in ({}, {2: {"barrier": "gate"}}, {2: {"barrier": "bollard"}}):
        access = StreetAccess.build(make_network(nodes, ways, tags), plain_mode())
        ends = access.snap(*points)
        times.append(dense(access, ends, ends, NO_LIMIT)[0, 1])
    round_trip = np.round(2 * np.hypot(100, 400))
    assert times == [200, 300, round_trip]


def test_a_point_before_the_bollard_is_still_served() -> None:
    """The street up to the bollard stays; only passing it is impossible."""
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0), 4: (100, 400)}
    network = make_network(nodes, [([1, 2, 3], STREET), ([1, 4, 3], STREET)], {2: {"barrier": "bollard"}})
    access = StreetAccess.build(network, plain_mode())
    both = access.snap(*xy((90, 0), (110, 0)))
    assert dense(access, both, both, NO_LIMIT)[0, 1] == 90 + 825 + 90
    assert access.dropped.nodes_blocked == 1


def test_an_own_tag_opens_a_bollard_and_a_private_gate_is_shut() -> None:
    nodes = {1: (0, 0), 2: (100, 0), 3: (200, 0)}
    way = [([1, 2, 3], STREET)]
    opened = make_network(nodes, way, {2: {"barrier": "bollard", "motor_vehicle": "yes"}})
    shut = make_network(nodes, way, {2: {"barrier": "gate", "access": "private"}})
    ends = xy((0, 0), (200, 0))
    # Behind the shut gate lies an island: from there one walks the 100 m to the street at 1 m/s.
    for network, expected in ((opened, 200.0), (shut, 100.0 + 1000.0)):
        access = StreetAccess.build(network, plain_mode())
        points = access.snap(*ends)
        assert dense(access, points, points, NO_LIMIT)[0, 1] == expected


def test_islands_are_dropped_and_counted() -> None:
    nodes = {1: (0, 0), 2: (500, 0), 3: (500, 500), 4: (0, 200), 5: (50, 200)}
    access = StreetAccess.build(make_network(nodes, [([1, 2, 3], STREET), ([4, 5], STREET)]), plain_mode())
    assert access.dropped.segments_islands == 1
    assert access.dropped.length_islands_m == 50
    at_island = access.snap(*xy((20, 200)))
    assert at_island.distance_m.tolist() == [200], "linked to the streets that lead somewhere"


def test_an_island_at_the_edge_of_the_data_is_kept() -> None:
    """Beyond the edge it may hang together with the rest: a place there is unknown, not on the main part."""
    nodes = {1: (0, 0), 2: (500, 0), 3: (500, 500), 4: (0, 200), 5: (50, 200)}
    network = make_network(nodes, [([1, 2, 3], STREET), ([4, 5], STREET)], edge_nodes=[1, 4])
    access = StreetAccess.build(network, plain_mode())
    home, site = access.snap(*xy((20, 200))), access.snap(*xy((400, 0)))
    assert access.nearest(home, site, NO_LIMIT).time_ds.tolist() == [-1]
    assert access.time_to_edge(home, NO_LIMIT).tolist() == [20]


def test_a_one_way_street_out_of_the_data_counts_as_a_way_out() -> None:
    nodes = {1: (0, 0), 2: (500, 0), 3: (500, 500)}
    network = make_network(nodes, [([1, 2], STREET), ([2, 3], ONEWAY)], edge_nodes=[3])
    access = StreetAccess.build(network, plain_mode())
    assert access.time_to_edge(access.snap(*xy((0, 0))), NO_LIMIT).tolist() == [-1], "nothing comes back in"
    both = make_network(nodes, [([1, 2], STREET), ([2, 3], ONEWAY), ([2, 3], STREET)], edge_nodes=[3])
    access = StreetAccess.build(both, plain_mode())
    assert access.time_to_edge(access.snap(*xy((0, 0))), NO_LIMIT).tolist() == [1000]


def test_points_beyond_the_cap_or_without_coordinates_are_dropped() -> None:
    access = StreetAccess.build(make_network({1: (0, 0), 2: (300, 0)}, [([1, 2], STREET)]), plain_mode())
    points = access.snap(*xy((100, 300), (100, 300.1), (np.nan, 0), (1e12, 0), (599.9, 0)))
    assert points.dropped.tolist() == [1, 2, 3]
    assert np.isnan(points.distance_m).tolist() == [False, True, True, True, False]
    found = access.nearest(points, points, NO_LIMIT)
    assert found.time_ds[[1, 2, 3]].tolist() == [-1, -1, -1]
    assert found.site[0] == 0
    assert len(access.matrix(points, points, NO_LIMIT)) == 4


def test_classes_without_access_from_the_side_take_no_points() -> None:
    nodes = {1: (0, 0), 2: (300, 0), 3: (0, 100), 4: (300, 100)}
    ways = [([1, 2], {"highway": "primary"}), ([3, 4], STREET), ([1, 3], STREET), ([2, 4], STREET)]
    mode = plain_mode(snap={"cap_m": 300, "link_kmh": 3.6, "not_on": ["primary"]})
    access = StreetAccess.build(make_network(nodes, ways), mode)
    assert access.snap(*xy((150, 10))).distance_m.tolist() == [90]


def test_no_sites_and_no_streets() -> None:
    access = StreetAccess.build(make_network({1: (0, 0), 2: (300, 0)}, [([1, 2], STREET)]), plain_mode())
    home, nobody = access.snap(*xy((100, 0))), access.snap(*xy())
    assert access.nearest(home, nobody, NO_LIMIT).site.tolist() == [-1]
    assert access.k_nearest(home, nobody, 3, NO_LIMIT).time_ds.tolist() == [[-1, -1, -1]]
    assert len(access.matrix(home, nobody, NO_LIMIT)) == 0
    assert access.nearest(nobody, home, NO_LIMIT).time_ds.shape == (0,)
    empty = StreetAccess.build(StreetNetwork.empty(), plain_mode())
    lost = empty.snap(*xy((100, 0)))
    assert lost.dropped.tolist() == [0]
    assert empty.nearest(lost, lost, NO_LIMIT).time_ds.tolist() == [-1]
    assert empty.k_nearest(lost, lost, 2, NO_LIMIT).site.tolist() == [[-1, -1]]
    assert empty.time_to_edge(lost, NO_LIMIT).tolist() == [-1]


def test_equal_times_name_the_lowest_site() -> None:
    access = StreetAccess.build(
        make_network({1: (0, 0), 2: (100, 0), 3: (200, 0)}, [([1, 2], STREET), ([2, 3], STREET)]), plain_mode()
    )
    home, sites = access.snap(*xy((100, 0))), access.snap(*xy((150, 0), (50, 0), (50, 0)))
    assert access.nearest(home, sites, NO_LIMIT).site.tolist() == [0]
    assert access.nearest(home, sites.take(np.array([1, 0, 2])), NO_LIMIT).site.tolist() == [0]
    assert access.k_nearest(home, sites, 3, NO_LIMIT).site.tolist() == [[0, 1, 2]]


@pytest.mark.parametrize(
    ("minutes", "deciseconds"),
    [(30, 18000), (0, 0), (12.3, 7380), (8.7, 5220), (1.1, 660), (0.1, 60), (1 / 3, 199), (29.9999, 17999)],
)
def test_limits_in_minutes_become_whole_deciseconds(minutes: float, deciseconds: int) -> None:
    assert limit_ds(minutes) == deciseconds


@pytest.mark.parametrize("minutes", [-1, float("nan"), float("inf")])
def test_no_limit_without_a_number(minutes: float) -> None:
    with pytest.raises(ValueError, match="limit"):
        limit_ds(minutes)


def test_minutes_of_the_unreachable_are_unknown() -> None:
    assert to_minutes(np.array([-1, 0, 90], np.int32))[1:].tolist() == [0, 0.15]
    assert np.isnan(to_minutes(np.array([-1], np.int32))[0])


def test_blocks_hold_the_matrix(wetterau: StreetNetwork) -> None:
    access = StreetAccess.build(wetterau, mode_card("car"))
    random = np.random.default_rng(7)
    points = access.snap(random.uniform(4_242_000, 4_253_000, 90), random.uniform(3_015_000, 3_030_000, 90))
    whole = access.matrix(points, points, limit_ds(10))
    assert np.array_equal(np.lexsort((whole.site, whole.origin)), np.arange(len(whole)))
    parts = list(access.blocks(points, points, limit_ds(10), size=7))
    assert len(parts) == 13
    site = np.concatenate([p.site for p in parts])
    origin = np.concatenate([p.origin for p in parts])
    assert np.array_equal(np.lexsort((origin, site)), np.arange(len(site)))
    pairs = {(o, s): t for p in parts for o, s, t in zip(p.origin, p.site, p.time_ds, strict=True)}
    assert pairs == dict(zip(zip(whole.origin, whole.site, strict=True), whole.time_ds, strict=True))


def test_graph_is_small_in_memory(wetterau: StreetNetwork) -> None:
    for mode_id in ("foot", "bike", "car"):
        graph = build_graph(wetterau, mode_card(mode_id))
        assert graph.search_bytes <= 30 * graph.nodes
        assert graph.nodes < graph.nodes_uncontracted / 4


def test_the_same_bytes_in_every_process(shared_path: Path) -> None:
    program = (
        "import sys, hashlib, dataclasses, numpy as np; from pathlib import Path;"
        "from support.streets import mode_card; from dableiben.sources.osm.streets import read_streets;"
        "from dableiben.access.graph import build_graph;"
        "g = build_graph(read_streets(Path(sys.argv[1])), mode_card('bike'));"
        "h = hashlib.sha256();"
        "[h.update(np.ascontiguousarray(v).tobytes()) for f in dataclasses.fields(g)"
        " if isinstance(v := getattr(g, f.name), np.ndarray)];"
        "print(h.hexdigest())"
    )
    path = shared_path / "regions" / "wetterau" / "wetterau-2022-12.osm.pbf"
    tests = str(Path(__file__).parent.parent)
    hashes = set()
    for seed in ("1", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": tests}
        run = subprocess.run(
            [sys.executable, "-c", program, str(path)], env=environment, capture_output=True, text=True, check=True
        )
        hashes.add(run.stdout.strip())
    assert len(hashes) == 1
    assert len(hashes.pop()) == 64
