# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Two neighbouring extracts are one street network: nobody's way ends at the border of a file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from dableiben.access.street_access import StreetAccess, limit_ds
from dableiben.core.geo import to_degrees
from dableiben.core.network import StreetNetwork
from dableiben.region.join_streets import join_streets
from dableiben.sources.cut import cut_osm
from dableiben.sources.osm.streets import read_streets
from support.streets import make_network, mode_card

X_M, Y_M, MIDDLE_M = (4_241_500.0, 4_254_000.0), (3_014_700.0, 3_031_000.0), 3_023_000.0


def cut(source: Path, target: Path, south_m: float, north_m: float) -> StreetNetwork:
    lon, lat = to_degrees(np.array(X_M), np.array([south_m, north_m]))
    cut_osm([source], target, (float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])))
    return read_streets(target)


@pytest.fixture(scope="module")
def parts(shared_path: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[StreetNetwork, ...]:
    """The real extract's middle in one piece, and in two that overlap by the ways that cross."""
    source = shared_path / "regions" / "wetterau" / "wetterau-2022-12.osm.pbf"
    folder = tmp_path_factory.mktemp("cut")
    return (
        cut(source, folder / "whole.osm.pbf", *Y_M),
        cut(source, folder / "south.osm.pbf", Y_M[0], MIDDLE_M),
        cut(source, folder / "north.osm.pbf", MIDDLE_M, Y_M[1]),
    )


def spelled(network: StreetNetwork) -> Counter[tuple[int, ...]]:
    ids = network.node_id[network.way_node]
    return Counter(
        (way, *ids[a:b].tolist())
        for way, a, b in zip(network.way_id.tolist(), network.way_start, network.way_start[1:], strict=False)
    )


def test_two_halves_are_the_whole(parts: tuple[StreetNetwork, ...]) -> None:
    whole, south, north = parts
    joined = join_streets([south, north])
    assert joined is not None
    assert set(spelled(south)) & set(spelled(north)), "some ways are in both files"
    assert spelled(joined) == spelled(whole)
    assert np.array_equal(joined.node_id, whole.node_id)
    assert np.array_equal(joined.node_x_dm, whole.node_x_dm) and np.array_equal(joined.node_y_dm, whole.node_y_dm)
    assert np.array_equal(joined.tagged_node, whole.tagged_node)
    # The cut between the files is no edge of the data any more.
    border = np.abs(joined.node_y_dm / 10 - MIDDLE_M) < 400
    sides = np.abs(joined.node_x_dm / 10 - np.mean(X_M)) > np.ptp(X_M) / 2 - 800
    assert (south.is_data_edge.sum(), north.is_data_edge.sum()) > (0, 0)
    assert not joined.is_data_edge[border & ~sides].any()


@pytest.mark.parametrize("mode_id", ["foot", "car"])
def test_times_across_the_cut_equal_those_of_the_whole(parts: tuple[StreetNetwork, ...], mode_id: str) -> None:
    whole, south, north = parts
    random = np.random.default_rng(20261122)
    x, y = random.uniform(*X_M, 120), random.uniform(*Y_M, 120)
    tables = []
    for network in (whole, join_streets([south, north]), join_streets([north, south])):
        assert network is not None
        access = StreetAccess.build(network, mode_card(mode_id))
        travel = access.matrix(access.snap(x[:60], y[:60]), access.snap(x[60:], y[60:]), limit_ds(60))
        table = np.full((60, 60), -1)
        table[travel.origin, travel.site] = travel.time_ds
        tables.append(table)
    assert (tables[0] >= 0).sum() > 300
    assert np.array_equal(tables[0], tables[1]) and np.array_equal(tables[0], tables[2])


def test_a_way_cut_in_one_file_is_taken_whole_from_the_other() -> None:
    street = {"highway": "residential"}
    places = {i: (float(i) * 100, 0.0) for i in range(1, 6)}
    whole = make_network(places, [([1, 2, 3, 4, 5], street)])
    piece = make_network({i: places[i] for i in (1, 2)}, [([1, 2], street)])
    for order in ([whole, piece], [piece, whole]):
        joined = join_streets(order)
        assert joined is not None and list(spelled(joined)) == [(0, 1, 2, 3, 4, 5)]


def test_none_one_and_empty() -> None:
    one = make_network({1: (0.0, 0.0), 2: (100.0, 0.0)}, [([1, 2], {"highway": "residential"})])
    assert join_streets([]) is None
    assert join_streets([one]) is one
    assert join_streets([StreetNetwork.empty(), one]) is one
    only = join_streets([StreetNetwork.empty(), StreetNetwork.empty()])
    assert only is not None and only.is_empty
