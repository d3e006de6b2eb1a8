# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Travel times on streets for one mode, from home to facility: the one public face of this package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dableiben.access import kernels
from dableiben.access.graph import Dropped, Graph, build_graph
from dableiben.access.snap import SnapGrid, Snapped, build_grid, snap_points
from dableiben.catalogue.modes import TravelMode
from dableiben.core.network import StreetNetwork

Int32 = NDArray[np.int32]
Float = NDArray[np.float64]
Towards = Literal["site", "origin"]

DS_PER_MIN = 600
OUT_OF_REACH = -1


def limit_ds(minutes: float) -> int:
    """Largest whole number of deciseconds within a limit: time_ds <= limit_ds(m) exactly when minutes <= m.

    Errors: ValueError for a negative or endless limit.
    """
    exact = Decimal(str(minutes)) * DS_PER_MIN
    if not exact.is_finite() or exact < 0:
        raise ValueError(f"a limit in minutes is a number from 0 on, not {minutes}")
    return int(exact.to_integral_value(ROUND_FLOOR))


def to_minutes(time_ds: Int32) -> Float:
    """Deciseconds to minutes; out of reach (-1) becomes NaN."""
    return np.where(time_ds < 0, np.nan, time_ds / DS_PER_MIN)


@dataclass(frozen=True, eq=False)
class Nearest:
    """Per origin: time to the nearest site and its number; -1 = none within the limit."""

    time_ds: Int32
    site: Int32


@dataclass(frozen=True, eq=False)
class KNearest:
    """Per origin (rows) up to k sites (columns) by time, then number; -1 = no further one within the
    limit."""

    time_ds: Int32
    site: Int32


@dataclass(frozen=True, eq=False)
class Travel:
    """Pairs within a limit, one row each."""

    origin: Int32
    site: Int32
    time_ds: Int32

    def __len__(self) -> int:
        return len(self.origin)


class StreetAccess:
    """The streets of a region for one mode, ready for questions.

    Times are int32 deciseconds along streets by the mode card, including the walk between the points and the
    street at both ends. Within a limit means time_ds <= limit_ds. Of sites at the same time the lowest
    number is named. With `towards="origin"` travel goes from the site to the origin.
    """

    def __init__(self, graph: Graph, mode: TravelMode) -> None:
        self.graph = graph
        self.mode = mode
        self._grid: SnapGrid = build_grid(graph)
        self._arcs: dict[Towards, tuple[Int32, Int32]] = {"site": (graph.start, graph.arcs)}
        self._longest = int(kernels.longest_arc(graph.arcs))
        self._outlets = _outlets(graph)

    @classmethod
    def build(cls, network: StreetNetwork, mode: TravelMode) -> StreetAccess:
        """Build the graph of a mode from the raw network."""
        return cls(build_graph(network, mode), mode)

    @property
    def mode_id(self) -> str:
        """Id of the mode card."""
        return self.mode.id

    @property
    def dropped(self) -> Dropped:
        """What of the network is left out: islands, blocked nodes."""
        return self.graph.dropped

    def snap(self, x_m: Float, y_m: Float) -> Snapped:
        """Link points in EPSG:3035 (metres, shape (n,)) to the streets; too far ones stand in `dropped`."""
        return snap_points(self.graph, self._grid, self.mode.snap, x_m, y_m)

    def nearest(self, origins: Snapped, sites: Snapped, limit: int, towards: Towards = "site") -> Nearest:
        """Nearest site of every origin within `limit` deciseconds. One search for all origins."""
        search = self._search(origins, sites, limit, towards)
        key = kernels.nearest_site(
            search.start, search.arcs, search.node, search.key, search.last, search.ring, search.pool
        )
        order = _by_edge(search.sites)
        return Nearest(*kernels.read_nearest(search.origins, search.sites, order, key, search.last))

    def k_nearest(self, origins: Snapped, sites: Snapped, k: int, limit: int, towards: Towards = "site") -> KNearest:
        """The k nearest sites of every origin within `limit` deciseconds."""
        if k < 1:
            raise ValueError("k counts sites, from 1 on")
        search = self._search(origins, sites, limit, towards)
        keys, count = kernels.k_nearest_sites(
            search.start, search.arcs, search.node, search.key, k, search.last, search.ring, search.pool
        )
        order = _by_edge(search.sites)
        return KNearest(*kernels.read_k_nearest(search.origins, search.sites, order, keys, count, k, search.last))

    def matrix(self, origins: Snapped, sites: Snapped, limit: int, towards: Towards = "site") -> Travel:
        """All pairs within `limit` deciseconds, sorted by origin, then site. For large ones use `blocks`."""
        parts = list(self.blocks(origins, sites, limit, size=max(len(sites), 1), towards=towards))
        if not parts:
            return Travel(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int32))
        whole = parts[0]
        return Travel(*kernels.sort_by_origin(whole.origin, whole.site, whole.time_ds, len(origins)))

    def blocks(
        self, origins: Snapped, sites: Snapped, limit: int, size: int = 64, towards: Towards = "site"
    ) -> Iterator[Travel]:
        """The pairs of `matrix` for `size` sites at a time, sorted by site, then origin; never all in memory."""
        search = self._search(origins, sites, limit, towards)
        for first in range(0, len(sites), size):
            origin, site, time_ds = kernels.travel_block(
                search.start, search.arcs, search.origins, search.sites[first : first + size],
                search.last, search.ring, search.pool,
            )  # fmt: skip
            yield Travel(origin, site + np.int32(first), time_ds)

    def time_to_edge(self, origins: Snapped, limit: int) -> Int32:
        """Time from every origin to the nearest place where the street data end; -1 = not within `limit`."""
        return self.nearest(origins, self._outlets, limit).time_ds

    def _search(self, origins: Snapped, sites: Snapped, limit: int, towards: Towards) -> _Search:
        if towards not in self._arcs:
            self._arcs[towards] = self.graph.arcs_from_facilities()
        start, arcs = self._arcs[towards]
        if towards == "origin":
            origins, sites = origins.turned(), sites.turned()
        node, key, longest = kernels.seeds_of(sites.table)
        return _Search(
            start, arcs, origins.table, sites.table, node, key, kernels.last_key(limit),
            kernels.ring_size(max(self._longest, longest)), POOL_AT_LEAST + len(arcs) // 2 + len(node),
        )  # fmt: skip


POOL_AT_LEAST = 1024
"""entries of a search beyond one per arc and seed; too few cost time, never exactness"""


class _Search(NamedTuple):
    """What the kernels need for one question."""

    start: Int32
    arcs: Int32
    origins: Int32
    sites: Int32
    node: Int32
    key: NDArray[np.int64]
    last: int
    ring: int
    pool: int


def _outlets(graph: Graph) -> Snapped:
    """Places where the data end, as sites on the streets themselves."""
    edge, from_a, from_b = graph.outlet_edge, graph.outlet_from_a_ds, graph.outlet_from_b_ds
    closed, no_link = np.full(len(edge), -1, np.int32), np.zeros(len(edge), np.int32)
    columns = [edge, graph.edge_a[edge], graph.edge_b[edge], from_a, from_b, closed, closed, no_link]
    return Snapped(np.stack(columns, axis=1), np.zeros(len(edge)))


def _by_edge(sites: Int32) -> NDArray[np.int64]:
    return np.argsort(sites[:, kernels.EDGE], kind="stable")
