# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Street networks of neighbouring extracts joined to one, so that ways lead from one into the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from dableiben.core.network import NODE_KEYS, WAY_KEYS, StreetNetwork, TagColumn

Bool = NDArray[np.bool_]
Ints = NDArray[np.int64]


def join_streets(networks: Sequence[StreetNetwork]) -> StreetNetwork | None:
    """One network of all; None without any.

    Nodes and ways are the same where their ids are. A node is at the edge of the data only if it is so in every
    network that has it: what one extract cuts, its neighbour may hold. Of a way that two extracts have, the
    longer one stays, and both where each has a piece the other lacks.
    """
    filled = [network for network in networks if not network.is_empty]
    if not filled:
        return networks[0] if networks else None
    return reduce(_join, filled)


def _join(one: StreetNetwork, two: StreetNetwork) -> StreetNetwork:
    node_id = np.union1d(one.node_id, two.node_id)
    at = [np.searchsorted(node_id, network.node_id) for network in (one, two)]
    x_dm, y_dm = np.empty(len(node_id), np.int32), np.empty(len(node_id), np.int32)
    is_edge = np.ones(len(node_id), np.bool_)
    for place, network in zip(reversed(at), (two, one), strict=True):
        x_dm[place], y_dm[place] = network.node_x_dm, network.node_y_dm
        is_edge[place] &= network.is_data_edge
    keep = _kept_ways(one, two, at)
    start, nodes = _ways([one, two], at, keep)
    tagged, tag_rows = _tagged([one, two], at)
    return StreetNetwork(
        node_id=node_id,
        node_x_dm=x_dm,
        node_y_dm=y_dm,
        is_data_edge=is_edge,
        way_id=np.concatenate([n.way_id[k] for n, k in zip((one, two), keep, strict=True)]),
        way_start=start,
        way_node=nodes,
        way_tags={key: _stack(one.way_tags[key], two.way_tags[key], keep) for key in WAY_KEYS},
        way_duration_s=np.concatenate([n.way_duration_s[k] for n, k in zip((one, two), keep, strict=True)]),
        tagged_node=tagged,
        node_tags={key: _take(_stack(one.node_tags[key], two.node_tags[key]), tag_rows) for key in NODE_KEYS},
        edge_rule=one.edge_rule if one.edge_rule == two.edge_rule else f"{one.edge_rule}+{two.edge_rule}",
        counts=_sums(one.counts, two.counts) | {"nodes_at_data_edge": int(is_edge.sum())},
    )


def _kept_ways(one: StreetNetwork, two: StreetNetwork, at: list[Ints]) -> tuple[Bool, Bool]:
    """Which rows stay: not those whose nodes the other network has all in the same way."""
    pairs = [_pairs(network, place) for network, place in zip((one, two), at, strict=True)]
    both = np.intersect1d(one.way_id, two.way_id)
    inside = [
        _all_in(network, mine, other, both)
        for network, mine, other in zip((one, two), pairs, reversed(pairs), strict=True)
    ]
    # Equal ways are inside each other: the first network keeps its own.
    equal = np.isin(one.way_id, two.way_id[inside[1]])
    return ~(inside[0] & ~equal), ~inside[1]


def _pairs(network: StreetNetwork, place: Ints) -> NDArray[np.void]:
    """(way, node) of every stop of every way, comparable across networks."""
    pairs = np.empty(len(network.way_node), dtype=[("way", np.int64), ("node", np.int64)])
    pairs["way"] = np.repeat(network.way_id, np.diff(network.way_start))
    pairs["node"] = place[network.way_node]
    return pairs


def _all_in(network: StreetNetwork, mine: NDArray[np.void], other: NDArray[np.void], both: Ints) -> Bool:
    shared = np.isin(mine["way"], both)
    found = np.zeros(len(mine), np.bool_)
    found[shared] = np.isin(mine[shared], other[np.isin(other["way"], both)])
    return np.asarray(np.logical_and.reduceat(found, network.way_start[:-1]), np.bool_)


def _ways(
    networks: list[StreetNetwork], at: list[Ints], keep: tuple[Bool, Bool]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    lengths, nodes = [], []
    for network, place, kept in zip(networks, at, keep, strict=True):
        length = np.diff(network.way_start)
        lengths.append(length[kept])
        nodes.append(place[network.way_node][np.repeat(kept, length)])
    start = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
    return start.astype(np.int32), np.concatenate(nodes).astype(np.int32)


def _tagged(networks: list[StreetNetwork], at: list[Ints]) -> tuple[NDArray[np.int32], Ints]:
    """Tagged nodes, ascending, each once, and the row of the stacked tags each one takes."""
    nodes = np.concatenate([place[network.tagged_node] for network, place in zip(networks, at, strict=True)])
    found, first = np.unique(nodes, return_index=True)
    return found.astype(np.int32), first


def _stack(one: TagColumn, two: TagColumn, keep: tuple[Bool, Bool] | None = None) -> TagColumn:
    words = tuple(sorted({*one.words, *two.words}))
    code = {word: number for number, word in enumerate(words)}
    codes = []
    for number, column in enumerate((one, two)):
        # The last entry is what code -1 finds.
        table = np.array([*(code[word] for word in column.words), -1], np.int16)
        rows = table[column.codes]
        codes.append(rows if keep is None else rows[keep[number]])
    return TagColumn(np.concatenate(codes), words)


def _take(column: TagColumn, rows: Ints) -> TagColumn:
    return TagColumn(column.codes[rows], column.words)


def _sums(one: Mapping[str, int], two: Mapping[str, int]) -> dict[str, int]:
    return {key: one.get(key, 0) + two.get(key, 0) for key in sorted({*one, *two})}
