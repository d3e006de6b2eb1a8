# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Persons in need to usable places: as many as possible, shares as even as possible, independent of order.

**Definition.** A pair of a row (persons in need) and a site is allowed or not; travel time has no say beyond
that. Among all ways to fill the places, those that serve the most persons are kept, and of these the one
whose shares served / need are max-min fair: the smallest share is as large as it can be, then the second
smallest, and so on. The vector of served persons is the lexicographically optimal base of a polymatroid
(Fujishige 1980, https://doi.org/10.1287/moor.5.2.186; Megiddo 1974, https://doi.org/10.1007/BF01585506); it
exists and is unique.

**Priority.** Class 0 (own municipality) is served first, by the definition above. Then the need still open is
assigned over the pairs of class 1 to what is left, without taking anything from anybody of class 0; the site
that a person of class 0 uses may still change, so that nobody is turned away while a place elsewhere suits
the other. Within a class, shares are of the need still open.

**Used places** are not unique where places remain. They are reported for the way that uses the sites as
evenly as possible (used / capacity max-min fair), which is unique for the same reason.

**Method.** Decomposition: try the share at which everybody would be served alike; a maximum flow either
manages it or its minimal minimum cut names the rows that must get less and the sites that these fill alone.
Both parts are solved again. Every part that ends is a level with share = places / need, an exact fraction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import frexp, fsum

import numpy as np
import numpy.typing as npt

from dableiben.core.errors import ContractError
from dableiben.gaps.flow import network, short_rows

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

# The whole need is at most 2^54 units, as fine as floats; capacities up to 128 times it fit in 64 bits.
UNIT_BITS = 54
LARGEST = 128.0


@dataclass(frozen=True)
class Assignment:
    """Result of `assign`.

    served_persons  persons with a place, shape (rows,)
    share           served / need, shape (rows,); NaN where nobody is in need
    used_places     places in use, shape (sites,)
    priorities      the classes of priority, ascending, shape (classes,)
    served_persons_by_priority  shape (classes, rows); its sum over classes is served_persons
    """

    served_persons: FloatArray
    share: FloatArray
    used_places: FloatArray
    priorities: IntArray
    served_persons_by_priority: FloatArray


@dataclass
class _Problem:
    """Nodes want units from sites. Free nodes share what the fixed ones, which get all they want, leave.

    A node is a merged set of rows with the same sites in one class of priority; several nodes may stand for
    the same row. Node and site numbers of the pairs count from 0 within the problem.
    """

    units: list[int]
    is_free: BoolArray
    node: IntArray
    site: IntArray
    capacity: list[int]


@dataclass
class _Level:
    """Free nodes that get the same share `served_units / free_units`, and the sites they fill to the brim."""

    served_units: int
    free_units: int
    nodes: IntArray
    sites: IntArray

    @property
    def share(self) -> float:
        return self.served_units / self.free_units


@dataclass
class _State:
    """What is settled between two classes of priority: units still open, nodes served in full, sites left."""

    open_units: list[int]
    capacity: list[int]
    is_open_site: BoolArray
    units: list[int] = field(default_factory=list)
    sites_of_node: list[IntArray] = field(default_factory=list)


def assign(
    need_persons: FloatArray,
    capacity_places: FloatArray,
    row: IntArray,
    site: IntArray,
    *,
    priority: IntArray | None = None,
) -> Assignment:
    """Assign need to capacity over the allowed pairs; definition in the module's docstring.

    need_persons     persons in need, shape (rows,), finite, >= 0
    capacity_places  usable places, shape (sites,), >= 0, at most 128 times the whole need counts (inf too).
                     Unknown never comes in: the caller runs once with the lowest and once with the highest
    row, site        allowed pairs, whole numbers, shapes (pairs,); a repeated pair counts in its first class
    priority         class of each pair, the smallest is served first; without it all pairs are alike
    law              sum(served) = sum(used); without priority the sum is the largest possible; order of rows,
                     sites and pairs, and splitting a row or a site, change nothing; unlimited reach gives
                     min(1, S/P) to everybody; a row without a pair gets nothing
    errors           ContractError if a number is negative or missing, or an index lies outside
    """
    need, capacity = _numbers(need_persons, "need_persons"), _numbers(capacity_places, "capacity_places")
    if not np.isfinite(need).all():
        raise ContractError("need_persons must be finite")
    row, site, rank = _pairs(row, site, priority, need.size, capacity.size)
    priorities = np.unique(rank)
    served = np.zeros((priorities.size, need.size))
    used = np.zeros(capacity.size)
    total = fsum(need)  # exact, so that the order of rows has no say in the unit
    if total > 0 and row.size:
        capacity = np.minimum(capacity, LARGEST * total)
        scale = UNIT_BITS - frexp(total)[1]
        state = _State(_units(need, scale), _units(capacity, scale), np.ones(capacity.size, dtype=bool))
        for number, value in enumerate(priorities):
            share = _serve_class(state, row[rank == value], site[rank == value])
            served[number] = (need - served[:number].sum(axis=0)) * share
        used = capacity * _used_share(state)
    served_persons = served.sum(axis=0)
    share = np.divide(served_persons, need, out=np.full(need.size, np.nan), where=need > 0)
    return Assignment(served_persons, share, used, priorities, served)


def _serve_class(state: _State, row: IntArray, site: IntArray) -> FloatArray:
    """Share of the need still open that one class of pairs serves, shape (rows,); settles the state."""
    share = np.zeros(len(state.open_units))
    wanting = np.array([units > 0 for units in state.open_units])
    kept = wanting[row] & state.is_open_site[site]
    members, sites_of_new = _merge(row[kept], site[kept])
    fixed = len(state.units)
    state.units += [sum(state.open_units[r] for r in rows.tolist()) for rows in members]
    state.sites_of_node += sites_of_new
    problem = _problem(state, fixed)
    closed: list[IntArray] = []
    for rows in members:
        share[rows] = 1.0
    for level in _levels(problem):
        for node in level.nodes[problem.is_free[level.nodes]].tolist():
            share[members[node - fixed]] = level.share
            for r in members[node - fixed].tolist():
                state.open_units[r] -= state.open_units[r] * level.served_units // level.free_units
        state.is_open_site[level.sites] = False
        closed.append(level.nodes)
    still_open = np.ones(len(state.units), dtype=bool)
    still_open[np.concatenate(closed) if closed else []] = False
    for node in np.flatnonzero(still_open[fixed:]).tolist():
        for r in members[node].tolist():
            state.open_units[r] = 0
    # A node below 1 fills its sites alone and for ever; neither can play a part in a later class.
    state.units = [u for u, keep in zip(state.units, still_open, strict=True) if keep]
    state.sites_of_node = [s for s, keep in zip(state.sites_of_node, still_open, strict=True) if keep]
    return share


def _used_share(state: _State) -> FloatArray:
    """used / capacity per site: 1 for closed sites; the others carry the nodes served in full, evenly."""
    used = np.where(state.is_open_site, 0.0, 1.0)
    problem = _problem(state, len(state.units))
    every_site = np.ones(len(problem.capacity), dtype=bool)
    turned = _Problem(problem.capacity, every_site, problem.site, problem.node, problem.units)
    used[problem.site] = 1.0  # the levels below 1 are listed, what is not in them is full
    for level in _levels(turned):
        is_open = level.nodes[state.is_open_site[level.nodes]]
        used[is_open] = level.share
    return used


def _problem(state: _State, fixed: int) -> _Problem:
    """All nodes of the state on the sites still open; nodes from number `fixed` on are free."""
    sizes = [sites.size for sites in state.sites_of_node]
    node = np.repeat(np.arange(len(sizes)), sizes)
    site = np.concatenate([np.zeros(0, dtype=np.int64), *state.sites_of_node])
    kept = state.is_open_site[site]
    capacity = [c if is_open else 0 for c, is_open in zip(state.capacity, state.is_open_site, strict=True)]
    return _Problem(state.units, np.arange(len(sizes)) >= fixed, node[kept], site[kept], capacity)


def _levels(problem: _Problem) -> list[_Level]:
    """All levels with a share below 1; free nodes in none of them get everything."""
    units = np.array(problem.units, dtype=np.int64)
    capacity = np.array(problem.capacity, dtype=np.int64)
    levels = []
    work = [(np.arange(units.size), np.arange(capacity.size), problem.node, problem.site)]
    while work:
        nodes, sites, node, site = work.pop()
        free = problem.is_free[nodes]
        free_units = sum(units[nodes[free]].tolist())
        if not free_units:
            continue
        left = sum(capacity[sites].tolist()) - sum(units[nodes[~free]].tolist())
        trial = min(left, free_units)
        wanted = units[nodes]
        wanted[free] = [u * trial // free_units for u in wanted[free].tolist()]
        net = network(node, site, rows=nodes.size, sites=sites.size)
        short = short_rows(net, wanted, capacity[sites])
        if short.any():
            filled = np.zeros(sites.size, dtype=bool)
            filled[site[short[node]]] = True
            work.append(_part(nodes, sites, node, site, short, filled))
            if trial < free_units:
                work.append(_part(nodes, sites, node, site, ~short, ~filled))
        elif trial < free_units:
            levels.append(_Level(trial, free_units, nodes, sites))
    return levels


def _part(
    nodes: IntArray,
    sites: IntArray,
    node: IntArray,
    site: IntArray,
    keep_node: BoolArray,
    keep_site: BoolArray,
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    kept = keep_node[node] & keep_site[site]
    node_number, site_number = np.cumsum(keep_node) - 1, np.cumsum(keep_site) - 1
    return nodes[keep_node], sites[keep_site], node_number[node[kept]], site_number[site[kept]]


def _merge(row: IntArray, site: IntArray) -> tuple[list[IntArray], list[IntArray]]:
    """Rows with the same sites, together: members and sites of each node. Pairs come sorted by row, site."""
    edges = [*np.flatnonzero(np.diff(row, prepend=-1)).tolist(), row.size]
    members: dict[bytes, list[int]] = {}
    for start, end in pairwise(edges):
        members.setdefault(site[start:end].tobytes(), []).append(int(row[start]))
    rows = [np.array(numbers, dtype=np.int64) for numbers in members.values()]
    return rows, [np.frombuffer(key, dtype=np.int64) for key in members]


def _pairs(
    row: IntArray, site: IntArray, priority: IntArray | None, rows: int, sites: int
) -> tuple[IntArray, IntArray, IntArray]:
    """Pairs checked, sorted by row and site, once each with their smallest class."""
    row, site = np.asarray(row, dtype=np.int64), np.asarray(site, dtype=np.int64)
    rank = np.zeros(row.size, dtype=np.int64) if priority is None else np.asarray(priority, dtype=np.int64)
    if not row.size == site.size == rank.size:
        raise ContractError("row, site and priority differ in length")
    if row.size and (row.min() < 0 or row.max() >= rows or site.min() < 0 or site.max() >= sites):
        raise ContractError(f"a pair lies outside {rows} rows and {sites} sites")
    order = np.lexsort((rank, site, row))
    row, site, rank = row[order], site[order], rank[order]
    first = np.ones(row.size, dtype=bool)
    first[1:] = (np.diff(row) != 0) | (np.diff(site) != 0)
    return row[first], site[first], rank[first]


def _units(numbers: FloatArray, scale: int) -> list[int]:
    """Whole units of 2^-scale; what is above zero stays above zero."""
    units: list[int] = np.maximum(np.rint(np.ldexp(numbers, scale)), numbers > 0).astype(np.int64).tolist()
    return units


def _numbers(numbers: FloatArray, name: str) -> FloatArray:
    array = np.asarray(numbers, dtype=np.float64)
    if array.ndim != 1 or np.isnan(array).any() or (array < 0).any():
        raise ContractError(f"{name} must be one column of numbers >= 0; unknown is not a number")
    return array
