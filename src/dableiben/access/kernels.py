# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Searches on the reversed street graph with Dial's buckets.

`start` and `arcs` are the search arrays of a Graph: arcs into each node, interleaved as origin, deciseconds.
What a search knows of a node is one int64 key: the time in the upper 32 bits, the number of the site in the
lower. So the smaller key is the shorter time and, at the same time, the lower number, whatever the order of
the nodes.

A bucket holds the nodes of 16 deciseconds in any order; a node that improves within its bucket is looked at
again, so the result is exact. Buckets form a ring longer than any arc and any seed. They are linked lists over
one pool of entries that is only filled: `head[bucket]`, `after[entry]`, `item[entry]`. An entry whose node has
meanwhile a key of an earlier bucket is stale. Should the pool not suffice, the search starts again with a larger
one (to let it grow in the loop costs half the speed).
"""

from __future__ import annotations

import numpy as np
from numba import njit

FAR = np.int64(1) << 61
"""key of what is not reached; two of them add up without overflow"""
SITE = np.int64(0xFFFFFFFF)
TIME = 32
"""bits below the time"""
BUCKET = 36
"""bits below the number of the bucket: 16 deciseconds each"""

# Columns of the table of points (see snap.Snapped).
EDGE, NODE_A, NODE_B, FROM_A, FROM_B, TO_A, TO_B, LINK = range(8)


@njit(cache=True, nogil=True)
def last_key(limit):  # type: ignore[no-untyped-def]
    """Largest key within a limit in deciseconds."""
    return (np.int64(limit) << TIME) | SITE


@njit(cache=True, nogil=True)
def ring_size(longest):  # type: ignore[no-untyped-def]
    """Number of buckets, a power of two, so that keys `longest` deciseconds apart never share one."""
    size = 1
    while size < (longest >> (BUCKET - TIME)) + 2:
        size *= 2
    return size


@njit(cache=True, nogil=True)
def longest_arc(arcs):  # type: ignore[no-untyped-def]
    """Deciseconds of the longest arc; 0 without arcs."""
    longest = 0
    for i in range(1, len(arcs), 2):
        longest = max(longest, arcs[i])
    return longest


@njit(cache=True, nogil=True)
def seeds_of(points):  # type: ignore[no-untyped-def]
    """Nodes from which the points are reached along their edges, as node and key, and the longest such
    time."""
    node, key = np.empty(2 * len(points), np.int32), np.empty(2 * len(points), np.int64)
    count, longest = 0, 0
    for p in range(len(points)):
        for column, end in ((FROM_A, NODE_A), (FROM_B, NODE_B)):
            if points[p, EDGE] >= 0 and points[p, column] >= 0:
                time = points[p, column] + points[p, LINK]
                node[count], key[count] = points[p, end], (np.int64(time) << TIME) | p
                longest = max(longest, time)
                count += 1
    return node[:count], key[:count], longest


@njit(cache=True, nogil=True)
def _spread(start, arcs, key, seed_node, seed_key, last, head, item, after):  # type: ignore[no-untyped-def]
    """Lower the keys of all nodes that the seeds reach within `last`.

    Every node whose key changed stands in `item` up to the returned number; -1 = the pool is too small, then
    `key` and `head` are to be set anew.
    """
    mask, used, taken, bucket = len(head) - 1, 0, 0, np.int64(0)
    if len(seed_node) > len(item):
        return -1
    for i in range(len(seed_node)):
        node = seed_node[i]
        if seed_key[i] < key[node] and seed_key[i] <= last:
            key[node] = seed_key[i]
            place = (seed_key[i] >> BUCKET) & mask
            item[used], after[used], head[place] = node, head[place], used
            used += 1
    while taken < used:
        here = bucket & mask
        while head[here] >= 0:
            node = item[head[here]]
            head[here] = after[head[here]]
            taken += 1
            now = key[node]
            if now >> BUCKET != bucket:
                continue
            if used + start[node + 1] - start[node] > len(item):
                return -1
            for i in range(start[node], start[node + 1]):
                other, then = arcs[2 * i], now + (np.int64(arcs[2 * i + 1]) << TIME)
                if then < key[other] and then <= last:
                    key[other] = then
                    place = (then >> BUCKET) & mask
                    item[used], after[used], head[place] = other, head[place], used
                    used += 1
        bucket += 1
    return used


@njit(cache=True, nogil=True)
def nearest_site(start, arcs, seed_node, seed_key, last, ring, pool):  # type: ignore[no-untyped-def]
    """Key of the nearest site of every node; FAR = none within `last`."""
    while True:
        key, head = np.full(len(start) - 1, FAR, np.int64), np.full(ring, -1, np.int32)
        item, after = np.empty(pool, np.int32), np.empty(pool, np.int32)
        if _spread(start, arcs, key, seed_node, seed_key, last, head, item, after) >= 0:
            return key
        pool *= 2


@njit(cache=True, nogil=True)
def _enter(keys, base, count, k, new):  # type: ignore[no-untyped-def]
    """Put a key into an ascending list of at most k with one key per site; returns the new count, -1 =
    stayed out."""
    place = count
    for j in range(count):
        if (keys[base + j] ^ new) & SITE == 0:
            if keys[base + j] <= new:
                return -1
            place = j
            break
    if place == count:
        if count < k:
            count += 1
        elif keys[base + k - 1] > new:
            place = k - 1
        else:
            return -1
    while place > 0 and keys[base + place - 1] > new:
        keys[base + place] = keys[base + place - 1]
        place -= 1
    keys[base + place] = new
    return count


@njit(cache=True, nogil=True)
def _spread_k(start, arcs, keys, count, k, seed_node, seed_key, last, head, item, carried, after):  # type: ignore[no-untyped-def]
    """As _spread with up to k keys per node; an entry carries its key and is stale when that has left the
    list."""
    mask, used, taken, bucket = len(head) - 1, 0, 0, np.int64(0)
    if len(seed_node) > len(item):
        return -1
    for i in range(len(seed_node)):
        node = seed_node[i]
        entered = _enter(keys, node * k, count[node], k, seed_key[i]) if seed_key[i] <= last else -1
        if entered >= 0:
            count[node] = entered
            place = (seed_key[i] >> BUCKET) & mask
            item[used], carried[used], after[used], head[place] = node, seed_key[i], head[place], used
            used += 1
    while taken < used:
        here = bucket & mask
        while head[here] >= 0:
            node, now = item[head[here]], carried[head[here]]
            head[here] = after[head[here]]
            taken += 1
            if used + start[node + 1] - start[node] > len(item):
                return -1
            j = node * k
            while j < node * k + count[node] and keys[j] != now:
                j += 1
            if j == node * k + count[node]:
                continue
            for i in range(start[node], start[node + 1]):
                other, then = arcs[2 * i], now + (np.int64(arcs[2 * i + 1]) << TIME)
                if then > last or (count[other] == k and keys[other * k + k - 1] <= then):
                    continue
                entered = _enter(keys, other * k, count[other], k, then)
                if entered >= 0:
                    count[other] = entered
                    place = (then >> BUCKET) & mask
                    item[used], carried[used], after[used], head[place] = other, then, head[place], used
                    used += 1
        bucket += 1
    return used


@njit(cache=True, nogil=True)
def k_nearest_sites(start, arcs, seed_node, seed_key, k, last, ring, pool):  # type: ignore[no-untyped-def]
    """Keys of the k nearest sites of every node (nodes * k, ascending), and how many there are within
    `last`."""
    while True:
        keys, count = np.full((len(start) - 1) * k, FAR, np.int64), np.zeros(len(start) - 1, np.int32)
        head, item = np.full(ring, -1, np.int32), np.empty(pool, np.int32)
        carried, after = np.empty(pool, np.int64), np.empty(pool, np.int32)
        if _spread_k(start, arcs, keys, count, k, seed_node, seed_key, last, head, item, carried, after) >= 0:
            return keys, count
        pool *= 2


@njit(cache=True, nogil=True)
def along_edge(origin, site):  # type: ignore[no-untyped-def]
    """Key (site number 0) between two points of one edge without leaving it, links included; FAR if
    closed."""
    best = FAR
    for column in (FROM_A, FROM_B):
        if origin[column] >= 0 and site[column] >= origin[column]:
            time = np.int64(site[column] - origin[column]) + origin[LINK] + site[LINK]
            best = min(best, time << TIME)
    return best


@njit(cache=True, nogil=True)
def ways_out(origins):  # type: ignore[no-untyped-def]
    """Nodes at the ends of the origins' edges and the keys (site number 0) to them; FAR if closed or not
    linked."""
    node, key = np.zeros((len(origins), 2), np.int32), np.full((len(origins), 2), FAR, np.int64)
    for o in range(len(origins)):
        for end in range(2):
            if origins[o, EDGE] >= 0 and origins[o, TO_A + end] >= 0:
                node[o, end] = origins[o, NODE_A + end]
                key[o, end] = np.int64(origins[o, TO_A + end] + origins[o, LINK]) << TIME
    return node, key


@njit(cache=True, nogil=True)
def read_nearest(origins, sites, by_edge, key, last):  # type: ignore[no-untyped-def]
    """Time and site of each origin from the keys of the nodes; `by_edge` sorts the sites by edge. -1 =
    none."""
    time, site = np.full(len(origins), -1, np.int32), np.full(len(origins), -1, np.int32)
    node, out = ways_out(origins)
    edges = sites[by_edge, EDGE]
    for o in range(len(origins)):
        best = FAR
        for end in range(2):
            if out[o, end] < FAR:
                best = min(best, out[o, end] + key[node[o, end]])
        if origins[o, EDGE] >= 0:
            for i in range(np.searchsorted(edges, origins[o, EDGE]), len(edges)):
                if edges[i] != origins[o, EDGE]:
                    break
                best = min(best, along_edge(origins[o], sites[by_edge[i]]) | by_edge[i])
        if best <= last:
            time[o], site[o] = best >> TIME, best & SITE
    return time, site


@njit(cache=True, nogil=True)
def read_k_nearest(origins, sites, by_edge, keys, count, k, last):  # type: ignore[no-untyped-def]
    """Times and sites (origins, k) of the k nearest sites, by time, then number; -1 = no further one."""
    time, site = np.full((len(origins), k), -1, np.int32), np.full((len(origins), k), -1, np.int32)
    node, out = ways_out(origins)
    edges = sites[by_edge, EDGE]
    best = np.empty(k, np.int64)
    for o in range(len(origins)):
        have = 0
        for end in range(2):
            if out[o, end] < FAR:
                for j in range(node[o, end] * k, node[o, end] * k + count[node[o, end]]):
                    have = max(have, _enter(best, 0, have, k, out[o, end] + keys[j]))
        if origins[o, EDGE] >= 0:
            for i in range(np.searchsorted(edges, origins[o, EDGE]), len(edges)):
                if edges[i] != origins[o, EDGE]:
                    break
                along = along_edge(origins[o], sites[by_edge[i]])
                if along < FAR:
                    have = max(have, _enter(best, 0, have, k, along | by_edge[i]))
        for j in range(have):
            if best[j] <= last:
                time[o, j], site[o, j] = best[j] >> TIME, best[j] & SITE
    return time, site


@njit(cache=True, nogil=True)
def travel_block(start, arcs, origins, sites, last, ring, pool):  # type: ignore[no-untyped-def]
    """All pairs within `last`, site by site and by ascending origin: origin, site, time."""
    key, head = np.full(len(start) - 1, FAR, np.int64), np.full(ring, -1, np.int32)
    item, after = np.empty(pool, np.int32), np.empty(pool, np.int32)
    node, out = ways_out(origins)
    pairs, found = np.empty((3, max(1024, len(origins))), np.int32), 0
    for s in range(len(sites)):
        seed_node, seed_key, _ = seeds_of(sites[s : s + 1])
        if not len(seed_node):
            continue
        used = _spread(start, arcs, key, seed_node, seed_key, last, head, item, after)
        while used < 0:
            pool *= 2
            item, after = np.empty(pool, np.int32), np.empty(pool, np.int32)
            key[:], head[:] = FAR, -1
            used = _spread(start, arcs, key, seed_node, seed_key, last, head, item, after)
        if found + len(origins) > pairs.shape[1]:
            pairs = _widened(pairs, found, max(2 * pairs.shape[1], found + len(origins)))
        found = _read_pairs(origins, sites[s], s, node, out, key, last, pairs, found)
        for i in range(used):
            key[item[i]] = FAR
    return pairs[0, :found].copy(), pairs[1, :found].copy(), pairs[2, :found].copy()


@njit(cache=True, nogil=True)
def _read_pairs(origins, site, number, node, out, key, last, pairs, found):  # type: ignore[no-untyped-def]
    for o in range(len(origins)):
        best = min(out[o, 0] + key[node[o, 0]], out[o, 1] + key[node[o, 1]])
        if origins[o, EDGE] == site[EDGE]:
            best = min(best, along_edge(origins[o], site))
        if best <= last:
            pairs[0, found], pairs[1, found], pairs[2, found] = o, number, best >> TIME
            found += 1
    return found


@njit(cache=True, nogil=True)
def _widened(old, used, size):  # type: ignore[no-untyped-def]
    new = np.empty((3, size), np.int32)
    new[:, :used] = old[:, :used]
    return new


@njit(cache=True, nogil=True)
def sort_by_origin(origin, site, time, origins):  # type: ignore[no-untyped-def]
    """Pairs in the order of their origins; within an origin they keep their order."""
    place = np.zeros(origins + 1, np.int64)
    for i in range(len(origin)):
        place[origin[i] + 1] += 1
    for o in range(origins):
        place[o + 1] += place[o]
    to_origin, to_site, to_time = np.empty_like(origin), np.empty_like(site), np.empty_like(time)
    for i in range(len(origin)):
        at = place[origin[i]]
        place[origin[i]] += 1
        to_origin[at], to_site[at], to_time[at] = origin[i], site[i], time[i]
    return to_origin, to_site, to_time
