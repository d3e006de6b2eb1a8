# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Largest flow from rows to sites over allowed pairs, in whole numbers, and the rows it leaves short.

Dinic's algorithm on two layers. Whole numbers, because a flow in floating point never quite fills an edge and
the cut that decides who belongs to which level would depend on the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Network:
    """Allowed pairs as two adjacency lists: pairs in the order of rows, their numbers in that of sites.

    row_start   shape (rows + 1,): pairs of row r are row_start[r] .. row_start[r+1]-1
    site        site of each pair, shape (pairs,)
    site_start  shape (sites + 1,): entries of site s in `pair_of_site`
    pair_of_site, row_of_entry  number of the pair and its row, in the order of sites
    """

    row_start: IntArray
    site: IntArray
    site_start: IntArray
    pair_of_site: IntArray
    row_of_entry: IntArray


def network(row: IntArray, site: IntArray, *, rows: int, sites: int) -> Network:
    """Adjacency of pairs (row, site) that are given once each, in any order."""
    order = np.lexsort((site, row))
    row, site = row[order], site[order]
    by_site = np.argsort(site, kind="stable")
    return Network(
        np.searchsorted(row, np.arange(rows + 1)),
        site,
        np.searchsorted(site[by_site], np.arange(sites + 1)),
        by_site,
        row[by_site],
    )


def short_rows(net: Network, units_of_row: IntArray, units_of_site: IntArray) -> BoolArray:
    """The smallest set of rows that is short by the most when all rows send what they have at once.

    units_of_row, units_of_site  whole units to send and to take, >= 0, shapes (rows,), (sites,)
    result  mask over rows, empty if everything finds a place. It is the minimal minimum cut, hence unique and
            independent of the order of rows, sites and pairs
    law     the sites that the mask can reach are full, and no row outside the mask sends anything there
    source  Ford & Fulkerson 1956, https://doi.org/10.4153/CJM-1956-045-5; Dinic 1970
    """
    mask: BoolArray = _short_rows(
        net.row_start,
        net.site,
        net.site_start,
        net.pair_of_site,
        net.row_of_entry,
        units_of_row,
        units_of_site,
    )
    return mask


def _rank_python(
    net: tuple[IntArray, IntArray, IntArray, IntArray, IntArray],
    flow: IntArray,
    left: IntArray,
    room: IntArray,
    rank_of_row: IntArray,
    rank_of_site: IntArray,
    queue: IntArray,
) -> bool:
    """Breadth first from rows that still hold units, over pairs to sites and back over pairs with flow."""
    row_start, site, site_start, pair_of_site, row_of_entry = net
    rank_of_row[:] = -1
    rank_of_site[:] = -1
    tail = 0
    for row in range(left.size):
        if left[row] > 0:
            rank_of_row[row] = 0
            queue[tail] = row
            tail += 1
    head, found = 0, False
    while head < tail:
        row = queue[head]
        head += 1
        for pair in range(row_start[row], row_start[row + 1]):
            s = site[pair]
            if rank_of_site[s] >= 0:
                continue
            rank_of_site[s] = rank_of_row[row]
            found = found or room[s] > 0
            for entry in range(site_start[s], site_start[s + 1]):
                back = row_of_entry[entry]
                if rank_of_row[back] < 0 and flow[pair_of_site[entry]] > 0:
                    rank_of_row[back] = rank_of_row[row] + 1
                    queue[tail] = back
                    tail += 1
    return found


def _path_python(
    net: tuple[IntArray, IntArray, IntArray, IntArray, IntArray],
    flow: IntArray,
    room: IntArray,
    rank_of_row: IntArray,
    rank_of_site: IntArray,
    next_pair: IntArray,
    next_entry: IntArray,
    path: IntArray,
) -> int:
    """Depth first from row path[0, 0] along rising ranks to a site with room; its depth, or -1 for none.

    path[0] holds the rows, path[1] the pairs forward, path[2] the pairs that are taken back.
    """
    row_start, site, site_start, pair_of_site, row_of_entry = net
    depth = 0
    while True:
        row = path[0, depth]
        pair = next_pair[row]
        if pair == row_start[row + 1]:
            if depth == 0:
                return -1
            depth -= 1
            next_entry[site[path[1, depth]]] += 1
            continue
        s = site[pair]
        if rank_of_site[s] != rank_of_row[row]:
            next_pair[row] += 1
            continue
        path[1, depth] = pair
        if room[s] > 0:
            return depth
        entry = next_entry[s]
        while entry < site_start[s + 1] and not (
            rank_of_row[row_of_entry[entry]] == rank_of_row[row] + 1 and flow[pair_of_site[entry]] > 0
        ):
            entry += 1
        next_entry[s] = entry
        if entry == site_start[s + 1]:
            next_pair[row] += 1
            continue
        path[2, depth] = pair_of_site[entry]
        depth += 1
        path[0, depth] = row_of_entry[entry]


_rank: Callable[..., bool] = numba.njit(cache=True)(_rank_python)
_path: Callable[..., int] = numba.njit(cache=True)(_path_python)


def _short_rows_python(
    row_start: IntArray,
    site: IntArray,
    site_start: IntArray,
    pair_of_site: IntArray,
    row_of_entry: IntArray,
    units_of_row: IntArray,
    units_of_site: IntArray,
) -> BoolArray:
    """Dinic's rounds: rank, then push along rising ranks until no path is left; stop when no room is."""
    net = (row_start, site, site_start, pair_of_site, row_of_entry)
    flow = np.zeros(site.size, dtype=np.int64)
    left, room = units_of_row.copy(), units_of_site.copy()
    rank_of_row, queue = np.empty(left.size, dtype=np.int64), np.empty(left.size, dtype=np.int64)
    rank_of_site = np.empty(room.size, dtype=np.int64)
    path = np.empty((3, left.size + 1), dtype=np.int64)
    while _rank(net, flow, left, room, rank_of_row, rank_of_site, queue):
        next_pair, next_entry = row_start[:-1].copy(), site_start[:-1].copy()
        for start in range(left.size):
            if rank_of_row[start] != 0:
                continue
            while left[start] > 0:
                path[0, 0] = start
                depth = _path(net, flow, room, rank_of_row, rank_of_site, next_pair, next_entry, path)
                if depth < 0:
                    break
                last = site[path[1, depth]]
                amount = min(left[start], room[last])
                for step in range(depth):
                    amount = min(amount, flow[path[2, step]])
                left[start] -= amount
                room[last] -= amount
                for step in range(depth + 1):
                    flow[path[1, step]] += amount
                for step in range(depth):
                    flow[path[2, step]] -= amount
    return rank_of_row >= 0


_short_rows: Callable[..., BoolArray] = numba.njit(cache=True)(_short_rows_python)
