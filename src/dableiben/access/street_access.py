# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Travel times on streets for one mode, from home to facility: the one public face of this package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

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
        self._ring = int(kernels.ring_size(graph.arcs))

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
        home, place = self._points(origins, sites, towards)
        start, arcs = self._search_arrays(towards)
        node, time_ds, number = _seeds(place)
        dist, site = kernels.nearest_site(start, arcs, node, time_ds, number, np.int32(limit), self._ring)
        return Nearest(*kernels.read_nearest(home, place, _by_edge(place), dist, site, limit))

    def k_nearest(
        self, origins: Snapped, sites: Snapped, k: int, limit: int, towards: Towards = "site"
    ) -> KNearest:
        """The k nearest sites of every origin within `limit` deciseconds."""
        if k < 1:
            raise ValueError("k counts sites, from 1 on")
        home, place = self._points(origins, sites, towards)
        start, arcs = self._search_arrays(towards)
        node, time_ds, number = _seeds(place)
        times, found, count = kernels.k_nearest_sites(
            start, arcs, node, time_ds, number, k, np.int32(limit), self._ring
        )
        order = _by_edge(place)
        return KNearest(*kernels.read_k_nearest(home, place, order, times, found, count, k, limit))

    def matrix(self, origins: Snapped, sites: Snapped, limit: int, towards: Towards = "site") -> Travel:
        """All pairs within `limit` deciseconds, sorted by origin, then site. For large ones use `blocks`."""
        parts = list(self.blocks(origins, sites, limit, towards=towards))
        origin, site, time_ds = (
            np.concatenate([getattr(part, name) for part in parts] or [np.empty(0, np.int32)])
            for name in ("origin", "site", "time_ds")
        )
        order = np.argsort(origin, kind="stable")  # within an origin the sites ascend already
        return Travel(origin[order], site[order], time_ds[order])

    def blocks(
        self, origins: Snapped, sites: Snapped, limit: int, size: int = 64, towards: Towards = "site"
    ) -> Iterator[Travel]:
        """The pairs of `matrix` for `size` sites at a time, sorted by site, then origin; never all in
        memory."""
        home, place = self._points(origins, sites, towards)
        start, arcs = self._search_arrays(towards)
        for first in range(0, len(place), size):
            origin, site, time_ds = kernels.travel_block(
                start, arcs, home, place[first : first + size], np.int32(limit), self._ring
            )
            yield Travel(origin, site + np.int32(first), time_ds)

    def time_to_edge(self, origins: Snapped, limit: int) -> Int32:
        """Time from every origin to the nearest place where the street data end; -1 = not within `limit`."""
        return self.nearest(origins, self._outlets(), limit).time_ds

    def _outlets(self) -> Snapped:
        graph = self.graph
        edge, from_a, from_b = graph.outlet_edge, graph.outlet_from_a_ds, graph.outlet_from_b_ds
        closed = np.full(len(edge), -1, np.int32)
        return Snapped(
            edge, graph.edge_a[edge], graph.edge_b[edge], from_a, from_b, closed, closed.copy(),
            np.zeros(len(edge), np.int32), np.zeros(len(edge)),
        )  # fmt: skip

    def _points(self, origins: Snapped, sites: Snapped, towards: Towards) -> tuple[Int32, Int32]:
        if towards == "origin":
            origins, sites = origins.turned(), sites.turned()
        return _columns(origins), _columns(sites)

    def _search_arrays(self, towards: Towards) -> tuple[Int32, Int32]:
        if towards not in self._arcs:
            self._arcs[towards] = self.graph.arcs_from_facilities()
        return self._arcs[towards]


def _columns(points: Snapped) -> Int32:
    """Points as the kernels take them, shape (n, 8)."""
    columns = [points.edge, points.node_a, points.node_b, points.from_a_ds, points.from_b_ds]
    return np.ascontiguousarray(np.stack([*columns, points.to_a_ds, points.to_b_ds, points.link_ds], axis=1))


def _by_edge(sites: Int32) -> NDArray[np.int64]:
    return np.argsort(sites[:, kernels.EDGE], kind="stable")


def _seeds(sites: Int32) -> tuple[Int32, Int32, Int32]:
    """Nodes from which sites are reached along their edges, ascending by time: node, time, site."""
    number = np.arange(len(sites), dtype=np.int32)
    linked = sites[:, kernels.EDGE] >= 0
    a, b = linked & (sites[:, kernels.FROM_A] >= 0), linked & (sites[:, kernels.FROM_B] >= 0)
    node = np.concatenate([sites[a, kernels.NODE_A], sites[b, kernels.NODE_B]])
    link = sites[:, kernels.LINK]
    time_ds = np.concatenate([sites[a, kernels.FROM_A] + link[a], sites[b, kernels.FROM_B] + link[b]])
    site = np.concatenate([number[a], number[b]])
    order = np.lexsort((site, time_ds))
    return node[order], time_ds[order], site[order]
