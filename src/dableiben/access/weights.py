# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From tags and a mode card to times: which way is open in which direction, and how many deciseconds it
takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dableiben.catalogue.modes import NodeRule, TravelMode
from dableiben.core.network import NODE_KEYS, StreetNetwork, TagColumn

Int32 = NDArray[np.int32]
Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

BLOCKED = -1
CLOSED = -1
_MPH = 1.609344


@dataclass(frozen=True, eq=False)
class WayTimes:
    """Per way: deciseconds per decimetre, which directions are open, and whether points may be linked to
    it."""

    ds_per_dm: Float
    forward: Bool
    backward: Bool
    may_snap: Bool


@dataclass(frozen=True, eq=False)
class Segments:
    """Pieces between two successive nodes of a way; time -1 = closed in that direction."""

    u: Int32
    v: Int32
    forward_ds: Int32
    backward_ds: Int32
    may_snap: Bool


def way_times(network: StreetNetwork, mode: TravelMode) -> WayTimes:
    """Speeds and open directions of all ways for a mode, by the card alone."""
    denied, explicit = _access(network, mode)
    speed = _speeds_kmh(network, mode, explicit)
    is_ferry = network.way_tags["route"].among(frozenset({"ferry"})) & ~network.way_tags["highway"].present()
    usable = (speed > 0) & ~denied & ~is_ferry
    # km/h to decimetres per decisecond: 3.6 km/h = 1 dm/ds
    ds_per_dm = np.where(usable, mode.time_factor * 3.6 / np.where(usable, speed, 1.0), 0.0)
    if mode.ferry is not None:
        sails = is_ferry & ~denied & (explicit | (not mode.ferry.explicit_only))
        ds_per_dm = np.where(sails, _ferry_ds_per_dm(network, mode), ds_per_dm)
        usable = usable | sails
    forward, backward = _directions(network, mode)
    may_snap = usable & ~is_ferry & ~network.way_tags["highway"].among(frozenset(mode.snap.not_on))
    return WayTimes(ds_per_dm, usable & forward, usable & backward, may_snap)


def segments(network: StreetNetwork, mode: TravelMode) -> Segments:
    """All open segments of the network for a mode, with penalties of nodes; blocked nodes are not yet
    split."""
    ways = way_times(network, mode)
    u, v, forward, backward, way = _cut(
        network.way_start, network.way_node, network.node_x_dm, network.node_y_dm,
        ways.ds_per_dm, ways.forward, ways.backward,
    )  # fmt: skip
    extra = node_penalties(network, mode)
    # A penalty is paid when the node is entered.
    forward = np.where(forward >= 0, forward + np.maximum(extra[v], 0), CLOSED).astype(np.int32)
    backward = np.where(backward >= 0, backward + np.maximum(extra[u], 0), CLOSED).astype(np.int32)
    return Segments(u, v, forward, backward, ways.may_snap[way])


def node_penalties(network: StreetNetwork, mode: TravelMode) -> Int32:
    """Deciseconds to enter each node; -1 = blocked by a barrier."""
    extra = np.zeros(len(network.node_id), np.int32)
    if not len(network.tagged_node):
        return extra
    barrier = network.node_tags["barrier"]
    rules = {word: mode.barriers.get(word, mode.barrier_otherwise) for word in barrier.words}
    cost = barrier.look_up({word: _cost_ds(rule) for word, rule in rules.items()}, 0.0)
    denied, explicit = _granted(network.node_tags, mode, NODE_KEYS)
    # What the tags of the barrier say about the mode counts more than its kind.
    cost = np.where(barrier.present() & denied, BLOCKED, cost)
    cost = np.where(barrier.present() & explicit & (cost < 0), 0.0, cost)
    signals = network.node_tags["highway"].among(frozenset({"traffic_signals"}))
    cost = np.where(signals & (cost >= 0), cost + _cost_ds(mode.traffic_signals), cost)
    extra[network.tagged_node] = cost.astype(np.int32)
    return extra


def _cost_ds(rule: NodeRule) -> float:
    return BLOCKED if rule.blocked else float(np.floor(rule.penalty_s * 10 + 0.5))


def _access(network: StreetNetwork, mode: TravelMode) -> tuple[Bool, Bool]:
    return _granted(network.way_tags, mode, tuple(network.way_tags))


def _granted(tags: Mapping[str, TagColumn], mode: TravelMode, known: tuple[str, ...]) -> tuple[Bool, Bool]:
    """Per row: denied by the most specific tag present, and explicitly allowed by a tag of the mode
    itself."""
    rows = len(tags[known[0]])
    decided, denied, explicit = (np.zeros(rows, np.bool_) for _ in range(3))
    for key in mode.access_keys:
        if key not in known:
            continue
        column = tags[key]
        denies = column.among(frozenset(w for w in column.words if _all_parts(w, mode.denied)))
        allows = column.among(frozenset(w for w in column.words if _any_part(w, mode.allowed)))
        denied |= ~decided & denies
        if key != "access":  # the general tag opens a way to those it is made for, not a footway to cars
            explicit |= ~decided & allows & ~denies
        decided |= column.present()
    return denied, explicit


def _parts(word: str) -> list[str]:
    return [part.strip() for part in word.split(";") if part.strip()]


def _all_parts(word: str, values: frozenset[str]) -> bool:
    parts = _parts(word)
    return bool(parts) and all(part in values for part in parts)


def _any_part(word: str, values: frozenset[str]) -> bool:
    return any(part in values for part in _parts(word))


def _speeds_kmh(network: StreetNetwork, mode: TravelMode, explicit: Bool) -> Float:
    """Speed by class, signed limit and surface; 0 = the class is not passable."""
    tags = network.way_tags
    speed = tags["highway"].look_up(mode.speeds_kmh, 0.0)
    own = tags["highway"].look_up(mode.explicit_speeds_kmh, 0.0)
    speed = np.where(explicit & (own > 0), own, speed)
    if mode.maxspeed is not None:
        signed = {word: _limit_kmh(word, mode.maxspeed.words_kmh) for word in tags["maxspeed"].words}
        limit = tags["maxspeed"].look_up({word: v for word, v in signed.items() if v is not None}, 0.0)
        speed = np.where((speed > 0) & (limit > 0), limit * mode.maxspeed.factor, speed)
    surface = tags["surface"].look_up(mode.surface_max_kmh, np.inf)
    track = tags["tracktype"].look_up(mode.tracktype_max_kmh, np.inf)
    worst = np.where(tags["surface"].present(), surface, track)
    return np.asarray(np.minimum(speed, worst), np.float64)


def _limit_kmh(word: str, words_kmh: dict[str, float]) -> float | None:
    """A signed limit in km/h; None if the word is unknown (also 'none': no limit)."""
    if word in words_kmh:
        return words_kmh[word]
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh)?", word.strip())
    if match is None or float(match[1]) <= 0:
        return None
    return float(match[1]) * (_MPH if match[2] == "mph" else 1.0)


def _ferry_ds_per_dm(network: StreetNetwork, mode: TravelMode) -> Float:
    """Time per length so that the whole way takes its tagged duration and the boarding time."""
    assert mode.ferry is not None
    length = way_lengths_dm(network)
    duration = np.where(
        np.isnan(network.way_duration_s), length / (mode.ferry.default_kmh / 3.6) / 10, network.way_duration_s
    )
    total_ds = (duration + mode.ferry.boarding_min * 60) * 10
    return np.asarray(np.where(length > 0, total_ds / np.maximum(length, 1.0), 0.0), np.float64)


def way_lengths_dm(network: StreetNetwork) -> Float:
    """Length of each way in decimetres."""
    x = network.node_x_dm[network.way_node].astype(np.float64)
    y = network.node_y_dm[network.way_node].astype(np.float64)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))]) if len(x) else np.zeros(1)
    return np.asarray(along[network.way_start[1:] - 1] - along[network.way_start[:-1]], np.float64)


def _directions(network: StreetNetwork, mode: TravelMode) -> tuple[Bool, Bool]:
    """Which directions of each way are open, by one-way tags, junctions and contraflow cycleways."""
    tags = network.way_tags
    ways = len(network.way_id)
    forward, backward, decided = np.ones(ways, np.bool_), np.ones(ways, np.bool_), np.zeros(ways, np.bool_)
    for key in mode.oneway_keys:
        along = tags[key].among(frozenset({"yes", "true", "1"})) & ~decided
        against = tags[key].among(frozenset({"-1", "reverse"})) & ~decided
        both = tags[key].among(frozenset({"no", "false", "0"})) & ~decided
        backward &= ~along
        forward &= ~against
        decided |= along | against | both
    implied = tags["highway"].among(mode.oneway_classes) | tags["junction"].among(mode.oneway_junctions)
    backward &= ~(implied & ~decided)
    for key in ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both"):
        contraflow = tags[key].among(mode.contraflow_cycleways)
        backward |= contraflow
        forward |= contraflow
    return forward, backward


@njit(cache=True, nogil=True)
def _cut(way_start, way_node, x_dm, y_dm, ds_per_dm, forward, backward):  # type: ignore[no-untyped-def]
    """Segments of the open ways. Times are rounded along the way, so that a whole way is exact to a
    decisecond."""
    count = 0
    for w in range(len(way_start) - 1):
        if forward[w] or backward[w]:
            count += way_start[w + 1] - way_start[w] - 1
    u, v = np.empty(count, np.int32), np.empty(count, np.int32)
    out, back = np.empty(count, np.int32), np.empty(count, np.int32)
    way = np.empty(count, np.int32)
    k = 0
    for w in range(len(way_start) - 1):
        if not (forward[w] or backward[w]):
            continue
        length, before = 0.0, np.int64(0)
        for i in range(way_start[w], way_start[w + 1] - 1):
            a, b = way_node[i], way_node[i + 1]
            dx, dy = np.float64(x_dm[b] - x_dm[a]), np.float64(y_dm[b] - y_dm[a])
            length += np.sqrt(dx * dx + dy * dy)
            total = np.int64(np.floor(length * ds_per_dm[w] + 0.5))
            if a != b:
                u[k], v[k], way[k] = a, b, w
                out[k] = total - before if forward[w] else -1
                back[k] = total - before if backward[w] else -1
                before = total
                k += 1
    return u[:k], v[:k], out[:k], back[:k], way[:k]
