# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The contracted street graph of one mode: what the searches run on, and where every street segment lies in
it.

Times are whole deciseconds (int32), so sums are exact and the same on every machine. The search arrays hold
the reversed graph only: everything asked here is asked towards a facility.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from dableiben.access.contract import chains, incidence, junctions, morton
from dableiben.access.weights import BLOCKED, Segments, node_penalties, segments
from dableiben.catalogue.modes import TravelMode
from dableiben.core.network import StreetNetwork

Int32 = NDArray[np.int32]
Bool = NDArray[np.bool_]


@dataclass(frozen=True)
class Dropped:
    """What was left out of the graph, so that it can be shown."""

    segments_total: int
    """segments open for the mode"""
    segments_islands: int
    """not strongly connected with the largest part, and not leading out of the data"""
    length_islands_m: float
    length_total_m: float
    nodes_blocked: int
    """barriers that let nobody through"""


@dataclass(frozen=True, eq=False)
class Graph:
    """Contracted graph in CSR form, its edges, and the segments points are linked to.

    start, arcs     reversed graph: arcs[2 * i] is the node an arc comes from, arcs[2 * i + 1] its time,
                    for i in start[n] .. start[n + 1] - 1 the arcs INTO node n in the direction of
                    travel
    edge_*          contracted edges: both nodes, time from a to b and from b to a (-1 closed)
    seg_*           segments in chain direction: ends (x0, y0, x1, y1 in dm), edge, time on the edge before
                    the segment and on it, forward (from a) and backward (from b); -1 closed; whether it
                    begins at node a, whether it ends at node b
    outlet_*        places where the data end, as positions on edges: edge, time from a, from b
    """

    mode_id: str
    start: Int32
    arcs: Int32
    edge_a: Int32
    edge_b: Int32
    edge_ab_ds: Int32
    edge_ba_ds: Int32
    seg_xy_dm: Int32
    seg_edge: Int32
    seg_before_a_ds: Int32
    seg_forward_ds: Int32
    seg_before_b_ds: Int32
    seg_backward_ds: Int32
    seg_may_snap: Bool
    seg_at_a: Bool
    seg_at_b: Bool
    outlet_edge: Int32
    outlet_from_a_ds: Int32
    outlet_from_b_ds: Int32
    nodes_uncontracted: int
    dropped: Dropped

    def __post_init__(self) -> None:
        for name in (f.name for f in fields(self)):
            value: Any = getattr(self, name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def nodes(self) -> int:
        """Number of contracted nodes."""
        return len(self.start) - 1

    @property
    def search_bytes(self) -> int:
        """Bytes of the arrays a search reads."""
        return self.start.nbytes + self.arcs.nbytes

    def arcs_from_facilities(self) -> tuple[Int32, Int32]:
        """Search arrays for travel the other way, from a facility to the homes (home care, ambulance)."""
        return _search_arrays(self.nodes, self.edge_b, self.edge_a, self.edge_ab_ds, self.edge_ba_ds)


@dataclass(frozen=True, eq=False)
class _Raw:
    """Segments over nodes that may be copies (at barriers), with coordinates."""

    parts: Segments
    x_dm: Int32
    y_dm: Int32
    is_outlet: Bool


def build_graph(network: StreetNetwork, mode: TravelMode) -> Graph:
    """Build the contracted graph of a mode: largest strongly connected part, chains contracted, Morton order.

    Parts from which streets lead out of the data are kept with the largest part: whether they hang together
    is unknown. What is left out stands in `dropped`. A network without passable streets gives a graph
    without edges.
    """
    raw, blocked = _split_at_barriers(network, mode)
    raw, dropped = _largest_part(raw, blocked)
    parts = raw.parts
    start, segment = incidence(parts.u, parts.v, len(raw.x_dm))
    stays = junctions(parts.u, parts.v, parts.forward_ds, parts.backward_ds, start, segment)
    first, last, ab_ds, ba_ds, edge, flipped, before_a, before_b = chains(
        parts.u, parts.v, parts.forward_ds, parts.backward_ds, start, segment, stays
    )
    nodes, rank = _in_morton_order(_ends(first, last, len(raw.x_dm)), raw)
    edge_a, edge_b = rank[first], rank[last]
    csr_start, arcs = _search_arrays(len(nodes), edge_a, edge_b, ab_ds, ba_ds)
    forward = np.where(flipped, parts.backward_ds, parts.forward_ds)
    backward = np.where(flipped, parts.forward_ds, parts.backward_ds)
    tail, head = np.where(flipped, parts.v, parts.u), np.where(flipped, parts.u, parts.v)
    at_a, at_b = tail == first[edge], head == last[edge]
    from_tail = (
        np.where((forward >= 0) | at_a, before_a, -1),
        np.where(backward >= 0, before_b + backward, -1),
    )
    from_head = np.where(forward >= 0, before_a + forward, -1), np.where((backward >= 0) | at_b, before_b, -1)
    outlets = _outlets(edge, (raw.is_outlet[tail], *from_tail), (raw.is_outlet[head], *from_head))
    return Graph(
        mode_id=mode.id,
        start=csr_start,
        arcs=arcs,
        edge_a=edge_a,
        edge_b=edge_b,
        edge_ab_ds=ab_ds,
        edge_ba_ds=ba_ds,
        seg_xy_dm=np.stack([raw.x_dm[tail], raw.y_dm[tail], raw.x_dm[head], raw.y_dm[head]], axis=1),
        seg_edge=edge,
        seg_before_a_ds=before_a,
        seg_forward_ds=forward,
        seg_before_b_ds=before_b,
        seg_backward_ds=backward,
        seg_may_snap=parts.may_snap,
        seg_at_a=at_a,
        seg_at_b=at_b,
        outlet_edge=outlets[0],
        outlet_from_a_ds=outlets[1],
        outlet_from_b_ds=outlets[2],
        nodes_uncontracted=len(_ends(parts.u, parts.v, len(raw.x_dm))),
        dropped=dropped,
    )


def _split_at_barriers(network: StreetNetwork, mode: TravelMode) -> tuple[_Raw, int]:
    """Give each segment its own copy of a node that lets nobody through; the streets end there."""
    parts = segments(network, mode)
    blocked = node_penalties(network, mode) == BLOCKED
    ends = np.stack([parts.u, parts.v])
    at_barrier = blocked[ends]
    copied = ends[at_barrier]
    ends = ends.copy()
    ends[at_barrier] = len(network.node_id) + np.arange(len(copied), dtype=np.int32)
    split = replace(parts, u=ends[0], v=ends[1])
    raw = _Raw(
        split,
        np.concatenate([network.node_x_dm, network.node_x_dm[copied]]),
        np.concatenate([network.node_y_dm, network.node_y_dm[copied]]),
        np.concatenate([network.is_data_edge, network.is_data_edge[copied]]),
    )
    return raw, len(_ends(copied, copied, len(network.node_id)))


def _largest_part(raw: _Raw, blocked: int) -> tuple[_Raw, Dropped]:
    parts, nodes = raw.parts, len(raw.x_dm)
    part = _strong_parts(parts, raw.is_outlet)
    used = np.zeros(nodes, np.bool_)
    used[parts.u] = used[parts.v] = True
    size = np.bincount(part[:nodes][used], minlength=1)
    # Ties go to the part of the lowest node.
    largest = part[:nodes][used][np.argmax(size[part[:nodes][used]])] if used.any() else -1
    keep = (part[parts.u] == largest) & (part[parts.v] == largest)
    length = np.hypot(
        raw.x_dm[parts.u].astype(np.float64) - raw.x_dm[parts.v],
        raw.y_dm[parts.u].astype(np.float64) - raw.y_dm[parts.v],
    ) / 10  # fmt: skip
    kept = Segments(*(getattr(parts, f.name)[keep] for f in fields(Segments)))
    dropped = Dropped(
        segments_total=len(keep),
        segments_islands=int((~keep).sum()),
        length_islands_m=float(np.round(length[~keep].sum(), 1)),
        length_total_m=float(np.round(length.sum(), 1)),
        nodes_blocked=blocked,
    )
    return replace(raw, parts=kept), dropped


def _strong_parts(parts: Segments, is_outlet: Bool) -> Int32:
    """Number of the strongly connected part of each node; all outlets hang together through one outer
    node."""
    nodes = len(is_outlet)
    ahead, back = parts.forward_ds >= 0, parts.backward_ds >= 0
    used = _ends(parts.u, parts.v, nodes)
    outlets = used[is_outlet[used]]
    outside = np.full(len(outlets), nodes, np.int32)
    tail = np.concatenate([parts.u[ahead], parts.v[back], outlets, outside])
    head = np.concatenate([parts.v[ahead], parts.u[back], outside, outlets])
    links = csr_matrix((np.ones(len(tail), np.int8), (tail, head)), shape=(nodes + 1, nodes + 1))
    return np.asarray(connected_components(links, directed=True, connection="strong")[1], np.int32)


def _ends(u: Int32, v: Int32, nodes: int) -> Int32:
    """Nodes that occur in u or v, ascending (np.unique hashes, which is slow for such numbers)."""
    occurs = np.zeros(nodes, np.bool_)
    occurs[u] = occurs[v] = True
    return np.flatnonzero(occurs).astype(np.int32)


def _in_morton_order(nodes: Int32, raw: _Raw) -> tuple[Int32, Int32]:
    """Contracted nodes along the Morton curve, and the place of each old node in it (-1 elsewhere)."""
    rank = np.full(len(raw.x_dm), -1, np.int32)
    if len(nodes):
        x, y = raw.x_dm[nodes], raw.y_dm[nodes]
        nodes = nodes[np.argsort(morton(x - x.min(), y - y.min()), kind="stable")]
        rank[nodes] = np.arange(len(nodes), dtype=np.int32)
    return nodes, rank


def _search_arrays(nodes: int, edge_a: Int32, edge_b: Int32, ab_ds: Int32, ba_ds: Int32) -> tuple[Int32, Int32]:
    """Arcs into each node in CSR form, of parallel ones the fastest; loops never shorten a way."""
    open_ab, open_ba = (ab_ds >= 0) & (edge_a != edge_b), (ba_ds >= 0) & (edge_a != edge_b)
    into = np.concatenate([edge_b[open_ab], edge_a[open_ba]])
    origin = np.concatenate([edge_a[open_ab], edge_b[open_ba]])
    time_ds = np.concatenate([ab_ds[open_ab], ba_ds[open_ba]])
    order = np.lexsort((time_ds, origin, into))
    into, origin, time_ds = into[order], origin[order], time_ds[order]
    fastest = np.ones(len(into), np.bool_)
    fastest[1:] = (into[1:] != into[:-1]) | (origin[1:] != origin[:-1])
    into, origin, time_ds = into[fastest], origin[fastest], time_ds[fastest]
    start = np.zeros(nodes + 1, np.int32)
    np.cumsum(np.bincount(into, minlength=nodes)[:nodes], out=start[1:])
    return start, np.stack([origin, time_ds], axis=1).astype(np.int32).ravel()


def _outlets(
    edge: Int32, tails: tuple[Bool, Int32, Int32], heads: tuple[Bool, Int32, Int32]
) -> tuple[Int32, Int32, Int32]:
    """Positions on edges of the nodes where the data end: edge, time from a, time from b."""
    rows = [
        np.concatenate([column[here] for here, column in ((tails[0], one), (heads[0], other))])
        for one, other in zip((edge, *tails[1:]), (edge, *heads[1:]), strict=True)
    ]
    found = np.unique(np.stack(rows), axis=1).astype(np.int32)
    return found[0], found[1], found[2]
