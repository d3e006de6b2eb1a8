# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The cards of foot, bike and car on hand-made streets: who may go where, in which direction, how fast."""

from __future__ import annotations

import numpy as np
import pytest

from dableiben.access.graph import build_graph
from dableiben.access.street_access import StreetAccess, limit_ds
from dableiben.access.weights import node_penalties, segments, way_times
from dableiben.catalogue.modes import TravelMode
from dableiben.core.network import WAY_KEYS
from support.streets import make_network, mode_card

MODES = ("foot", "bike", "car")
Tags = dict[str, str]


def kmh(mode_id: str, tags: Tags) -> tuple[float, float]:
    """Speed with and against the direction of one street of 1 km; 0 = closed. Without the card's time factor."""
    mode = mode_card(mode_id, time_factor=1.0)
    network = make_network({1: (0, 0), 2: (1000, 0)}, [([1, 2], tags)])
    ways = way_times(network, mode)
    speed = 3.6 / ways.ds_per_dm[0] if ways.ds_per_dm[0] else 0.0
    return round(speed * ways.forward[0], 6), round(speed * ways.backward[0], 6)


@pytest.mark.parametrize(
    ("tags", "foot", "bike", "car"),
    [
        ({"highway": "residential"}, 5, 15, 25),
        ({"highway": "motorway"}, 0, 0, 90),
        ({"highway": "footway"}, 5, 4, 0),
        ({"highway": "footway", "bicycle": "yes"}, 5, 13, 0),
        ({"highway": "cycleway"}, 5, 15, 0),
        ({"highway": "steps"}, 3, 2, 0),
        ({"highway": "track"}, 5, 12, 0),
        ({"highway": "track", "motor_vehicle": "yes"}, 5, 12, 15),
        ({"highway": "track", "access": "yes"}, 5, 12, 0),
        ({"highway": "track", "surface": "gravel"}, 5, 6, 0),
        ({"highway": "track", "tracktype": "grade5"}, 5, 6, 0),
        ({"highway": "track", "tracktype": "grade5", "surface": "asphalt"}, 5, 12, 0),
        ({"highway": "construction"}, 0, 0, 0),
        ({"highway": "proposed"}, 0, 0, 0),
        ({"highway": "residential", "access": "private"}, 0, 0, 0),
        ({"highway": "residential", "access": "private", "foot": "yes"}, 5, 0, 0),
        ({"highway": "residential", "access": "no", "bicycle": "designated"}, 0, 15, 0),
        ({"highway": "residential", "vehicle": "no"}, 5, 0, 0),
        ({"highway": "residential", "motor_vehicle": "agricultural;forestry"}, 5, 15, 0),
        ({"highway": "residential", "motor_vehicle": "destination;agricultural"}, 5, 15, 25),
        ({"highway": "residential", "vehicle": "no", "motorcar": "yes"}, 5, 0, 25),
        ({"highway": "residential", "access": "destination"}, 5, 15, 25),
        ({"highway": "primary", "bicycle": "use_sidepath"}, 5, 0, 65),
        ({"highway": "secondary", "maxspeed": "100"}, 5, 15, 80),
        ({"highway": "secondary", "maxspeed": "30 mph"}, 5, 15, 38.624256),
        ({"highway": "residential", "maxspeed": "walk"}, 5, 15, 8),
        ({"highway": "residential", "maxspeed": "DE:urban"}, 5, 15, 40),
        ({"highway": "motorway", "maxspeed": "none"}, 0, 0, 90),
        ({"highway": "residential", "maxspeed": "signals"}, 5, 15, 25),
        ({"highway": "residential", "maxspeed": "0"}, 5, 15, 25),
        ({"highway": "footway", "maxspeed": "30"}, 5, 4, 0),
        ({"building": "yes", "highway": "services"}, 0, 0, 0),
    ],
)  # fmt: skip
def test_speeds_and_access(tags: Tags, foot: float, bike: float, car: float) -> None:
    tags = {key: value for key, value in tags.items() if key in WAY_KEYS}
    assert tuple(kmh(mode_id, tags)[0] for mode_id in MODES) == (foot, bike, car)


@pytest.mark.parametrize(
    ("tags", "foot", "bike", "car"),
    [
        ({}, "both", "both", "both"),
        ({"oneway": "yes"}, "both", "ahead", "ahead"),
        ({"oneway": "true"}, "both", "ahead", "ahead"),
        ({"oneway": "-1"}, "both", "back", "back"),
        ({"oneway": "no"}, "both", "both", "both"),
        ({"oneway": "yes", "oneway:bicycle": "no"}, "both", "both", "ahead"),
        ({"oneway": "yes", "cycleway": "opposite_lane"}, "both", "both", "ahead"),
        ({"oneway": "yes", "cycleway:left": "opposite"}, "both", "both", "ahead"),
        ({"oneway:bicycle": "yes"}, "both", "ahead", "both"),
        ({"oneway:foot": "yes"}, "ahead", "both", "both"),
        ({"junction": "roundabout"}, "both", "ahead", "ahead"),
        ({"junction": "roundabout", "oneway": "no"}, "both", "both", "both"),
        ({"junction": "circular"}, "both", "ahead", "ahead"),
    ],
)
def test_directions(tags: Tags, foot: str, bike: str, car: str) -> None:
    names = {(True, True): "both", (True, False): "ahead", (False, True): "back", (False, False): "closed"}
    found = [kmh(mode_id, {"highway": "residential", **tags}) for mode_id in MODES]
    assert [names[ahead > 0, back > 0] for ahead, back in found] == [foot, bike, car]


def test_motorways_are_oneway_unless_they_say_otherwise() -> None:
    assert kmh("car", {"highway": "motorway"})[1] == 0
    assert kmh("car", {"highway": "motorway_link"})[1] == 0
    assert kmh("car", {"highway": "motorway_link", "oneway": "no"})[1] > 0


@pytest.mark.parametrize(
    ("tags", "foot", "bike", "car"),
    [
        ({"barrier": "gate"}, 50, 100, 200),
        ({"barrier": "bollard"}, 0, 0, -1),
        ({"barrier": "wall"}, -1, -1, -1),
        ({"barrier": "gate", "access": "private"}, -1, -1, -1),
        ({"barrier": "gate", "access": "private", "foot": "yes"}, 50, -1, -1),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, 0, 0, 0),
        ({"barrier": "lift_gate", "motor_vehicle": "no"}, 0, 0, -1),
        ({"barrier": "made_up"}, 0, 0, -1),
        ({"highway": "traffic_signals"}, 0, 20, 20),
        ({"highway": "traffic_signals", "access": "private"}, 0, 20, 20),
    ],
)
def test_barriers_and_signals(tags: Tags, foot: int, bike: int, car: int) -> None:
    nodes = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (200.0, 0.0)}
    network = make_network(nodes, [([1, 2, 3], {"highway": "residential"})], {2: tags})
    assert [int(node_penalties(network, mode_card(mode_id))[1]) for mode_id in MODES] == [foot, bike, car]


def test_a_penalty_is_paid_once_in_each_direction() -> None:
    nodes = {1: (0.0, 0.0), 2: (100.0, 0.0), 3: (200.0, 0.0)}
    network = make_network(nodes, [([1, 2, 3], {"highway": "residential"})], {2: {"barrier": "gate"}})
    free = segments(make_network(nodes, [([1, 2, 3], {"highway": "residential"})]), mode_card("foot"))
    slow = segments(network, mode_card("foot"))
    assert slow.forward_ds.sum() - free.forward_ds.sum() == 50
    assert slow.backward_ds.sum() - free.backward_ds.sum() == 50
    # On the segment that enters the gate: whoever ends there has opened it, whoever starts there has passed it.
    assert (slow.forward_ds - free.forward_ds).tolist() == [50, 0]
    assert (slow.backward_ds - free.backward_ds).tolist() == [0, 50]


@pytest.mark.parametrize(
    ("tags", "duration_s", "expected_min"),
    [
        ({"route": "ferry"}, 600, {"foot": 20, "bike": 20}),
        ({"route": "ferry", "motor_vehicle": "yes"}, 600, {"foot": 20, "bike": 20, "car": 20}),
        ({"route": "ferry", "foot": "no"}, 600, {"bike": 20}),
        ({"route": "ferry"}, None, {"foot": 22, "bike": 22}),  # 1 km at 5 km/h
        ({"route": "ferry", "access": "private"}, 600, {}),
    ],
)
def test_ferries_take_their_duration_and_the_boarding(
    tags: Tags, duration_s: float | None, expected_min: dict[str, float]
) -> None:
    nodes = {1: (0.0, 0.0), 2: (900.0, 0.0), 3: (1000.0, 0.0)}
    network = make_network(nodes, [([1, 2, 3], tags)], duration_s={0: duration_s} if duration_s else None)
    for mode_id in MODES:
        parts = segments(network, mode_card(mode_id))
        assert (parts.forward_ds.sum() == expected_min.get(mode_id, 0) * 600) and not parts.may_snap.any()
        assert np.array_equal(parts.forward_ds, parts.backward_ds)


def test_an_island_with_a_ferry_is_reached_over_it() -> None:
    street = {"highway": "residential"}
    nodes = {1: (0.0, 0.0), 2: (500.0, 0.0), 3: (2500.0, 0.0), 4: (3000.0, 0.0)}
    ways = [([1, 2], street), ([2, 3], {"route": "ferry"}), ([3, 4], street)]
    mode = mode_card("foot")
    access = StreetAccess.build(make_network(nodes, ways, duration_s={1: 900}), mode)
    ends = access.snap(np.array([0.0, 3000.0, 1500.0]), np.array([0.0, 0.0, 0.0]))
    assert ends.dropped.tolist() == [2], "nobody lives on the ferry"
    walk_and_sail = 2 * 500 / (5 / 3.6) / 60 + 15 + 10
    time = access.nearest(ends.take(np.array([0])), ends.take(np.array([1])), limit_ds(60)).time_ds[0] / 600
    assert time == pytest.approx(walk_and_sail, abs=0.005)
    no_ferry = StreetAccess.build(make_network(nodes, ways), mode.model_copy(update={"ferry": None}))
    assert no_ferry.dropped.segments_islands == 1


def test_a_whole_way_is_exact_however_many_nodes_it_has() -> None:
    """Rounding each piece would add up to 20 % on this street of 3 m pieces."""
    nodes = {i: (i * 3.1, 0.0) for i in range(1, 200)}
    network = make_network(nodes, [(list(nodes), {"highway": "secondary"})])
    parts = segments(network, mode_card("car"))
    exact = 198 * 3.1 / (55 / 3.6) * 10 * mode_card("car").time_factor
    assert abs(parts.forward_ds.sum() - exact) <= 0.5
    assert build_graph(network, mode_card("car")).edge_ab_ds.tolist() == [parts.forward_ds.sum()]


def test_the_time_factor_slows_streets() -> None:
    network = make_network({1: (0, 0), 2: (1000, 0)}, [([1, 2], {"highway": "residential"})])
    plain, slow = (segments(network, mode_card("bike", time_factor=f)).forward_ds[0] for f in (1.0, 1.5))
    assert slow == 1.5 * plain == 3600


def test_a_card_with_a_tag_that_is_not_read_is_refused() -> None:
    with pytest.raises(ValueError, match="not read"):
        mode_card("foot", access_keys=["foot", "horse"])


@pytest.mark.parametrize("mode_id", MODES)
def test_cards_say_where_their_numbers_come_from(mode_id: str) -> None:
    card = mode_card(mode_id)
    assert isinstance(card, TravelMode)
    assert "OSRM" in card.source
    assert card.certainty == "assumption"
    assert "own assumption" in card.source
