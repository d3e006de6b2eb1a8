# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Street networks by hand, and travel times on the uncontracted graph as an independent answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

import dableiben.catalogue
from dableiben.access.weights import node_penalties, segments
from dableiben.catalogue.modes import TravelMode
from dableiben.core.network import NODE_KEYS, WAY_KEYS, StreetNetwork, TagColumn

Spot = tuple[int, float, float, float]
"""segment, share of it before and behind the place, distance in dm"""


def mode_card(mode_id: str, **changes: object) -> TravelMode:
    """The packaged card of a mode, with some fields replaced."""
    path = Path(dableiben.catalogue.__file__).parent / "data" / "modes" / f"{mode_id}.yaml"
    return TravelMode.model_validate({**yaml.safe_load(path.read_text("utf-8")), **changes})


def plain_mode(**changes: object) -> TravelMode:
    """A made-up mode without frills: 36 km/h (1 m per decisecond) on every residential street."""
    card: dict[str, object] = {
        "id": "plain",
        "reviewed_on": "2026-01-01",
        "label": {"de": "Probe", "en": "trial"},
        "source": "made up for tests",
        "certainty": "assumption",
        "speeds_kmh": {"residential": 36, "primary": 72},
        "access_keys": ["motor_vehicle", "access"],
        "denied": ["no", "private"],
        "allowed": ["yes"],
        "oneway_keys": ["oneway"],
        "barriers": {"bollard": {"blocked": True}, "gate": {"penalty_s": 10}},
        "snap": {"cap_m": 300, "link_kmh": 3.6},
    }
    return TravelMode.model_validate({**card, **changes})


def make_network(
    nodes: Mapping[int, tuple[float, float]],
    ways: Sequence[tuple[Sequence[int], Mapping[str, str]]],
    node_tags: Mapping[int, Mapping[str, str]] | None = None,
    edge_nodes: Sequence[int] = (),
    duration_s: Mapping[int, float] | None = None,
) -> StreetNetwork:
    """A network from node id -> (x, y) in metres, and ways as (node ids, tags)."""
    ids = np.array(sorted(nodes), np.int64)
    place = {int(node): i for i, node in enumerate(ids)}
    tagged = sorted(node_tags or {})
    return StreetNetwork(
        node_id=ids,
        node_x_dm=np.array([round(nodes[int(n)][0] * 10) for n in ids], np.int32),
        node_y_dm=np.array([round(nodes[int(n)][1] * 10) for n in ids], np.int32),
        is_data_edge=np.isin(ids, np.array(edge_nodes, np.int64)),
        way_id=np.arange(len(ways), dtype=np.int64),
        way_start=np.concatenate([[0], np.cumsum([len(w[0]) for w in ways])]).astype(np.int32),
        way_node=np.array([place[n] for w in ways for n in w[0]], np.int32),
        way_tags={key: _column([w[1].get(key) for w in ways]) for key in WAY_KEYS},
        way_duration_s=np.array([(duration_s or {}).get(i, np.nan) for i in range(len(ways))], np.float32),
        tagged_node=np.array([place[n] for n in tagged], np.int32),
        node_tags={key: _column([(node_tags or {})[n].get(key) for n in tagged]) for key in NODE_KEYS},
    )


def _column(words: Sequence[str | None]) -> TagColumn:
    known = tuple(sorted({word for word in words if word is not None}))
    codes = [-1 if word is None else known.index(word) for word in words]
    return TagColumn(np.array(codes, np.int16), known)


@dataclass
class Uncontracted:
    """The raw segments of a mode: own choice of the largest part, own snapping, scipy for the times."""

    network: StreetNetwork
    mode: TravelMode
    tail: np.ndarray = field(init=False)
    head: np.ndarray = field(init=False)
    ahead: np.ndarray = field(init=False)
    back: np.ndarray = field(init=False)
    xy: np.ndarray = field(init=False)
    nodes: int = field(init=False)

    def __post_init__(self) -> None:
        parts = segments(self.network, self.mode)
        blocked = node_penalties(self.network, self.mode) < 0
        tail, head = parts.u.astype(np.int64), parts.v.astype(np.int64)
        count = len(self.network.node_id)
        self.origin_of = list(range(count))
        for ends in (tail, head):
            for i in np.flatnonzero(blocked[ends]):
                self.origin_of.append(int(ends[i]))
                ends[i] = count
                count += 1
        x, y = self.network.node_x_dm, self.network.node_y_dm
        xy = np.stack([x[parts.u], y[parts.u], x[parts.v], y[parts.v]], axis=1).astype(float)
        keep = self._largest(tail, head, parts.forward_ds, parts.backward_ds, count)
        self.tail, self.head, self.nodes = tail[keep], head[keep], count
        self.ahead, self.back = parts.forward_ds[keep], parts.backward_ds[keep]
        self.xy, self.may_snap = xy[keep], parts.may_snap[keep]

    def _largest(
        self, tail: np.ndarray, head: np.ndarray, ahead: np.ndarray, back: np.ndarray, count: int
    ) -> np.ndarray:
        if not len(tail):
            return np.zeros(0, bool)
        outlets = [n for n in {*tail.tolist(), *head.tolist()} if self.network.is_data_edge[self.origin_of[n]]]
        arcs = [*zip(tail[ahead >= 0], head[ahead >= 0], strict=True)]
        arcs += [*zip(head[back >= 0], tail[back >= 0], strict=True)]
        arcs += [(n, count) for n in outlets] + [(count, n) for n in outlets]
        links = csr_matrix((np.ones(len(arcs)), tuple(np.array(arcs).T)), shape=(count + 1, count + 1))
        part = connected_components(links, connection="strong")[1]
        used = np.unique(np.concatenate([tail, head]))
        sizes = np.bincount(part[used])
        winner = next(part[n] for n in used if sizes[part[n]] == sizes.max())
        return (part[tail] == winner) & (part[head] == winner)

    def snap(self, x_m: np.ndarray, y_m: np.ndarray) -> list[Spot | None]:
        """Place of each point, by looking at every segment."""
        found: list[Spot | None] = []
        swap = (self.xy[:, 2] < self.xy[:, 0]) | ((self.xy[:, 2] == self.xy[:, 0]) & (self.xy[:, 3] < self.xy[:, 1]))
        x0, y0, x1, y1 = np.where(swap, self.xy[:, [2, 3, 0, 1]].T, self.xy.T)
        dx, dy = x1 - x0, y1 - y0
        size = dx * dx + dy * dy
        for x, y in zip(np.asarray(x_m) * 10, np.asarray(y_m) * 10, strict=True):
            with np.errstate(invalid="ignore"):
                t = np.clip(((x - x0) * dx + (y - y0) * dy) / size, 0, 1)
            t = np.where(size == 0, 0.0, t)
            px, py = np.where(t == 1, x1, x0 + t * dx), np.where(t == 1, y1, y0 + t * dy)
            square = np.where(self.may_snap, (x - px) ** 2 + (y - py) ** 2, np.inf)
            best = int(np.argmin(square)) if len(square) else -1
            if best < 0 or square[best] > (self.mode.snap.cap_m * 10) ** 2:
                found.append(None)
            else:
                share, rest = (1 - t[best], t[best]) if swap[best] else (t[best], 1 - t[best])
                found.append((best, float(share), float(rest), float(np.sqrt(square[best]))))
        return found

    def times(self, origins: list[Spot | None], sites: list[Spot | None]) -> np.ndarray:
        """Deciseconds from every origin to every site, links included; inf = out of reach."""
        points = [*origins, *sites]
        total = self.nodes + len(points)
        arcs = self._arcs([None if p is None else self._place(p) for p in points], len(origins))
        keys = np.array([arc[:2] for arc in arcs], np.int64).reshape(-1, 2)
        # scipy adds up parallel arcs: keep the fastest. An explicit zero may count as no arc: a hair instead.
        weights = np.maximum(np.array([arc[2] for arc in arcs], float), 1e-7)
        order = np.lexsort((weights, keys[:, 1], keys[:, 0]))
        keys, weights = keys[order], weights[order]
        first = np.ones(len(keys), bool)
        first[1:] = (keys[1:] != keys[:-1]).any(1)
        graph = csr_matrix((weights[first], (keys[first, 0], keys[first, 1])), shape=(total, total))
        rows = self.nodes + np.arange(len(origins))
        columns = self.nodes + len(origins) + np.arange(len(sites))
        result = np.round(dijkstra(graph, indices=rows)[:, columns])
        link = [np.inf if p is None else _part(1.0, p[3] * 3.6 / self.mode.snap.link_kmh) for p in points]
        return result + np.array(link[: len(origins)])[:, None] + np.array(link[len(origins) :])[None, :]

    def _arcs(self, places: list[Place | None], origins: int) -> list[tuple[int, int, int]]:
        """Streets, ways from origins and to sites (nobody travels on through a point), and along one
        segment."""
        ahead, back = self.ahead >= 0, self.back >= 0
        arcs = [*zip(self.tail[ahead].tolist(), self.head[ahead].tolist(), self.ahead[ahead].tolist(), strict=True)]
        arcs += zip(self.head[back].tolist(), self.tail[back].tolist(), self.back[back].tolist(), strict=True)
        for p, place in enumerate(places):
            for node, to_node, from_node in place.ends if place else ():
                if to_node is not None and p < origins:
                    arcs.append((self.nodes + p, node, to_node))
                if from_node is not None and p >= origins:
                    arcs.append((node, self.nodes + p, from_node))
        for o, home in enumerate(places[:origins]):
            for p, place in enumerate(places[origins:], origins):
                if home is not None and place is not None and home.segment == place.segment:
                    arcs += [(self.nodes + o, self.nodes + p, time) for time in home.along(place)]
        return arcs

    def _place(self, spot: Spot) -> Place:
        """Times between a point on a segment and its ends; on a node it may go where the node goes."""
        s, share, rest, _ = spot
        tail, head, ahead, back = int(self.tail[s]), int(self.head[s]), int(self.ahead[s]), int(self.back[s])
        along = _part(share, ahead) if ahead >= 0 else None
        against = _part(rest, back) if back >= 0 else None
        ends: list[tuple[int, int | None, int | None]] = [
            (tail, None if against is None else back - against, along),
            (head, None if along is None else ahead - along, against),
        ]
        if share == 0:
            ends.append((tail, 0, 0))
        if rest == 0:
            ends.append((head, 0, 0))
        return Place(s, along, against, ends)


@dataclass(frozen=True)
class Place:
    """A point on a segment: time from its tail ahead, from its head back, and to and from the ends."""

    segment: int
    ahead: int | None
    back: int | None
    ends: list[tuple[int, int | None, int | None]]
    """node, time to it, time from it"""

    def along(self, other: Place) -> list[int]:
        """Times to another point on the same segment without leaving it."""
        pairs = ((self.ahead, other.ahead), (self.back, other.back))
        return [there - here for here, there in pairs if here is not None and there is not None and there >= here]


def _part(share: float, whole: float) -> int:
    return int(np.floor(share * whole + 0.5))
