# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Searches on the reversed street graph with Dial's buckets: one bucket per decisecond, in a ring.

All times are int32 deciseconds. `start` and `arcs` are the search arrays of a Graph (arcs into each node,
interleaved as origin, time). Seeds are nodes with a time to a site and the site's number, ascending by time.
Of sites at the same time the one with the lowest number wins everywhere, so results do not depend on the
order of the nodes.

Buckets are linked lists over one pool of entries: `head[bucket]`, `after[entry]`, `item[entry]`. An entry is
stale when its node has meanwhile a shorter time. The ring is longer than any arc, so no two times share a
bucket.
"""

from __future__ import annotations

import numpy as np
from numba import njit

FAR = np.int32(2_000_000_000)


@njit(cache=True, nogil=True)
def ring_size(arcs):  # type: ignore[no-untyped-def]
    """Power of two above the longest arc."""
    longest = np.int32(0)
    for i in range(1, len(arcs), 2):
        longest = max(longest, arcs[i])
    size = 1
    while size <= longest:
        size *= 2
    return size


@njit(cache=True, nogil=True)
def _grown(old):  # type: ignore[no-untyped-def]
    new = np.empty(2 * len(old), np.int32)
    new[: len(old)] = old
    return new


@njit(cache=True, nogil=True)
def nearest_site(start, arcs, seed_node, seed_ds, seed_site, limit, ring):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912, PLR0915
    """Time to the nearest site and which, for every node within the limit; else FAR and -1."""
    nodes = len(start) - 1
    dist, site = np.full(nodes, FAR, np.int32), np.full(nodes, -1, np.int32)
    head = np.full(ring, -1, np.int32)
    item, after = np.empty(len(seed_node) + 1024, np.int32), np.empty(len(seed_node) + 1024, np.int32)
    used, free, waiting, seed = 0, -1, 0, 0
    mask, now = ring - 1, np.int32(0)
    while waiting > 0 or seed < len(seed_node):
        if waiting == 0:
            now = max(now, seed_ds[seed])
        if now > limit:
            break
        bucket = now & mask
        while seed < len(seed_node) and seed_ds[seed] <= now:
            node, number = seed_node[seed], seed_site[seed]
            if now < dist[node] or (now == dist[node] and number < site[node]):
                new = now < dist[node]
                dist[node], site[node] = now, number
                if new:
                    if used + 1 >= len(item):
                        item, after = _grown(item), _grown(after)
                    entry = used if free < 0 else free
                    if free < 0:
                        used += 1
                    else:
                        free = after[free]
                    item[entry], after[entry], head[bucket] = node, head[bucket], entry
                    waiting += 1
            seed += 1
        while head[bucket] >= 0:
            entry = head[bucket]
            node, head[bucket] = item[entry], after[entry]
            after[entry], free = free, entry
            waiting -= 1
            if dist[node] != now:
                continue
            number = site[node]
            for i in range(start[node], start[node + 1]):
                other, then = arcs[2 * i], now + arcs[2 * i + 1]
                if then > limit:
                    continue
                if then < dist[other]:
                    dist[other], site[other] = then, number
                elif then == dist[other] and number < site[other]:
                    site[other] = number
                    if then != now:
                        continue  # waits in its bucket already
                else:
                    continue
                if used + 1 >= len(item):
                    item, after = _grown(item), _grown(after)
                entry = used if free < 0 else free
                if free < 0:
                    used += 1
                else:
                    free = after[free]
                place = then & mask
                item[entry], after[entry], head[place] = other, head[place], entry
                waiting += 1
        now += 1
    return dist, site


@njit(cache=True, nogil=True)
def _insert(times, sites, count, k, base, then, number):  # type: ignore[no-untyped-def]
    """Put (then, number) into a sorted list of at most k with one entry per site; returns (entered, new
    count)."""
    place = count
    for j in range(count):
        if sites[base + j] == number:
            if times[base + j] <= then:
                return False, count
            place = j  # the same site, slower: it moves up
            break
    if place == count:
        if count == k:
            last = base + k - 1
            if times[last] < then or (times[last] == then and sites[last] < number):
                return False, count
            place = k - 1
        else:
            count += 1
    while place > 0:
        before = base + place - 1
        if times[before] < then or (times[before] == then and sites[before] < number):
            break
        times[before + 1], sites[before + 1] = times[before], sites[before]
        place -= 1
    times[base + place], sites[base + place] = then, number
    return True, count


@njit(cache=True, nogil=True)
def k_nearest_sites(start, arcs, seed_node, seed_ds, seed_site, k, limit, ring):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912, PLR0915
    """For every node the k nearest sites within the limit: times and sites (nodes * k), and how many there
    are."""
    nodes = len(start) - 1
    times, sites = np.full(nodes * k, FAR, np.int32), np.full(nodes * k, -1, np.int32)
    count = np.zeros(nodes, np.int32)
    head = np.full(ring, -1, np.int32)
    size = len(seed_node) + 1024
    item, after, carried = np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.int32)
    used, free, waiting, seed = 0, -1, 0, 0
    mask, now = ring - 1, np.int32(0)
    while waiting > 0 or seed < len(seed_node):
        if waiting == 0:
            now = max(now, seed_ds[seed])
        if now > limit:
            break
        bucket = now & mask
        while True:
            # A seed that is due comes like an arc; then the entries of the bucket.
            if seed < len(seed_node) and seed_ds[seed] <= now:
                first, last, node, number = -1, 0, seed_node[seed], seed_site[seed]
                seed += 1
            elif head[bucket] >= 0:
                entry = head[bucket]
                node, number, head[bucket] = item[entry], carried[entry], after[entry]
                after[entry], free = free, entry
                waiting -= 1
                valid = False
                for j in range(node * k, node * k + count[node]):
                    valid |= sites[j] == number and times[j] == now
                if not valid:
                    continue
                first, last = start[node], start[node + 1]
            else:
                break
            for i in range(first, last):
                if i < 0:
                    other, then = node, now
                else:
                    other, then = arcs[2 * i], now + arcs[2 * i + 1]
                if then > limit:
                    continue
                if count[other] == k and times[other * k + k - 1] < then:
                    continue
                entered, count[other] = _insert(times, sites, count[other], k, other * k, then, number)
                if not entered:
                    continue
                if used + 1 >= len(item):
                    item, after, carried = _grown(item), _grown(after), _grown(carried)
                entry = used if free < 0 else free
                if free < 0:
                    used += 1
                else:
                    free = after[free]
                place = then & mask
                item[entry], carried[entry], after[entry], head[place] = other, number, head[place], entry
                waiting += 1
        now += 1
    return times, sites, count


@njit(cache=True, nogil=True)
def _reach(start, arcs, nodes_ds, limit, ring, dist, touched, head, item, after):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912
    """One bounded search from up to two (node, time) pairs; returns the number of touched nodes."""
    reached, used, free, waiting, seed = 0, 0, -1, 0, 0
    mask, now = ring - 1, np.int32(0)
    while waiting > 0 or seed < len(nodes_ds):
        if waiting == 0:
            now = max(now, nodes_ds[seed, 1])
        if now > limit:
            break
        bucket = now & mask
        while seed < len(nodes_ds) and nodes_ds[seed, 1] <= now:
            node = nodes_ds[seed, 0]
            if now < dist[node]:
                if dist[node] == FAR:
                    touched[reached] = node
                    reached += 1
                dist[node] = now
                entry = used if free < 0 else free
                if free < 0:
                    used += 1
                else:
                    free = after[free]
                item[entry], after[entry], head[bucket] = node, head[bucket], entry
                waiting += 1
            seed += 1
        while head[bucket] >= 0:
            entry = head[bucket]
            node, head[bucket] = item[entry], after[entry]
            after[entry], free = free, entry
            waiting -= 1
            if dist[node] != now:
                continue
            for i in range(start[node], start[node + 1]):
                other, then = arcs[2 * i], now + arcs[2 * i + 1]
                if then > limit or then >= dist[other]:
                    continue
                if dist[other] == FAR:
                    touched[reached] = other
                    reached += 1
                dist[other] = then
                entry = used if free < 0 else free
                if free < 0:
                    used += 1
                else:
                    free = after[free]
                place = then & mask
                item[entry], after[entry], head[place] = other, head[place], entry
                waiting += 1
        now += 1
    for bucket in range(len(head)):  # what lies beyond the limit
        head[bucket] = -1
    return reached


@njit(cache=True, nogil=True)
def travel_block(start, arcs, origins, sites, limit, ring):  # type: ignore[no-untyped-def]
    """All pairs of origin and site within the limit, site by site: origin, site, time.

    origins, sites   int32 (n, 8), the columns EDGE to LINK
    """
    nodes = len(start) - 1
    dist = np.full(nodes, FAR, np.int32)
    touched, head = np.empty(nodes, np.int32), np.full(ring, -1, np.int32)
    # At most one live and some stale entries per arc into a node wait at a time.
    item, after = np.empty(len(arcs) // 2 + 8, np.int32), np.empty(len(arcs) // 2 + 8, np.int32)
    size = max(1024, len(origins))
    out_origin, out_site, out_ds = (
        np.empty(size, np.int32),
        np.empty(size, np.int32),
        np.empty(size, np.int32),
    )
    found = 0
    for s in range(len(sites)):
        if sites[s, EDGE] < 0:
            continue
        seeds = _site_seeds(sites[s])
        reached = _reach(start, arcs, seeds, limit, ring, dist, touched, head, item, after)
        if found + len(origins) > len(out_ds):
            more = max(2 * len(out_ds), found + len(origins))
            out_origin, out_site, out_ds = (
                _sized(out_origin, more),
                _sized(out_site, more),
                _sized(out_ds, more),
            )
        for o in range(len(origins)):
            if origins[o, EDGE] < 0:
                continue
            time = _through_nodes(origins[o], dist)
            if origins[o, EDGE] == sites[s, EDGE]:
                time = min(time, along_edge(origins[o], sites[s]))
            if time <= limit:
                out_origin[found], out_site[found], out_ds[found] = o, s, time
                found += 1
        for i in range(reached):
            dist[touched[i]] = FAR
    return out_origin[:found].copy(), out_site[:found].copy(), out_ds[:found].copy()


@njit(cache=True, nogil=True)
def _sized(old, size):  # type: ignore[no-untyped-def]
    new = np.empty(size, np.int32)
    new[: len(old)] = old
    return new


# Columns of points as the kernels take them.
EDGE, NODE_A, NODE_B, FROM_A, FROM_B, TO_A, TO_B, LINK = range(8)


@njit(cache=True, nogil=True)
def _site_seeds(point):  # type: ignore[no-untyped-def]
    """Nodes from which a site is reached along its edge, with the time, ascending."""
    seeds = np.empty((2, 2), np.int32)
    count = 0
    if point[FROM_A] >= 0:
        seeds[count, 0], seeds[count, 1] = point[NODE_A], point[FROM_A] + point[LINK]
        count += 1
    if point[FROM_B] >= 0:
        seeds[count, 0], seeds[count, 1] = point[NODE_B], point[FROM_B] + point[LINK]
        count += 1
    if count == 2 and seeds[0, 1] > seeds[1, 1]:
        for j in range(2):
            seeds[0, j], seeds[1, j] = seeds[1, j], seeds[0, j]
    return seeds[:count]


@njit(cache=True, nogil=True)
def _through_nodes(origin, dist):  # type: ignore[no-untyped-def]
    """Time from an origin over either end of its edge, given the times of the nodes."""
    best = FAR
    if origin[TO_A] >= 0 and dist[origin[NODE_A]] < FAR:
        best = origin[LINK] + origin[TO_A] + dist[origin[NODE_A]]
    if origin[TO_B] >= 0 and dist[origin[NODE_B]] < FAR:
        best = min(best, origin[LINK] + origin[TO_B] + dist[origin[NODE_B]])
    return best


@njit(cache=True, nogil=True)
def along_edge(origin, site):  # type: ignore[no-untyped-def]
    """Time between two points of one edge without leaving it, links included; FAR if one-way forbids it."""
    best = FAR
    if origin[FROM_A] >= 0 and site[FROM_A] >= origin[FROM_A]:
        best = site[FROM_A] - origin[FROM_A]
    if origin[FROM_B] >= 0 and site[FROM_B] >= origin[FROM_B]:
        best = min(best, site[FROM_B] - origin[FROM_B])
    if best < FAR:
        best += origin[LINK] + site[LINK]
    return best


@njit(cache=True, nogil=True)
def read_nearest(origins, sites, order, dist, site_of_node, limit):  # type: ignore[no-untyped-def]
    """Nearest site of each origin from the results at the nodes; `order` sorts the sites by edge. -1 =
    none."""
    time, site = np.full(len(origins), -1, np.int32), np.full(len(origins), -1, np.int32)
    edges = sites[order, EDGE]
    for o in range(len(origins)):
        if origins[o, EDGE] < 0:
            continue
        best, which = FAR, np.int32(-1)
        for to, node in ((TO_A, NODE_A), (TO_B, NODE_B)):
            at = origins[o, node]
            if origins[o, to] >= 0 and dist[at] < FAR:
                total = origins[o, LINK] + origins[o, to] + dist[at]
                if total < best or (total == best and site_of_node[at] < which):
                    best, which = total, site_of_node[at]
        for i in range(np.searchsorted(edges, origins[o, EDGE]), len(edges)):
            if edges[i] != origins[o, EDGE]:
                break
            total = along_edge(origins[o], sites[order[i]])
            if total < best or (total == best and total < FAR and order[i] < which):
                best, which = total, np.int32(order[i])
        if best <= limit:
            time[o], site[o] = best, which
    return time, site


@njit(cache=True, nogil=True)
def read_k_nearest(origins, sites, order, node_ds, node_site, count, k, limit):  # type: ignore[no-untyped-def]
    """The k nearest sites of each origin, by time, then number: times and sites (origins, k); -1 = none."""
    time, site = np.full(len(origins) * k, FAR, np.int32), np.full(len(origins) * k, -1, np.int32)
    edges = sites[order, EDGE]
    for o in range(len(origins)):
        if origins[o, EDGE] < 0:
            continue
        have = 0
        for to, node in ((TO_A, NODE_A), (TO_B, NODE_B)):
            at = origins[o, node]
            if origins[o, to] >= 0:
                for j in range(at * k, at * k + count[at]):
                    total = origins[o, LINK] + origins[o, to] + node_ds[j]
                    if total <= limit:
                        _, have = _insert(time, site, have, k, o * k, total, node_site[j])
        for i in range(np.searchsorted(edges, origins[o, EDGE]), len(edges)):
            if edges[i] != origins[o, EDGE]:
                break
            total = along_edge(origins[o], sites[order[i]])
            if total <= limit:
                _, have = _insert(time, site, have, k, o * k, total, np.int32(order[i]))
    for i in range(len(time)):
        if site[i] < 0:
            time[i] = -1
    return time.reshape(len(origins), k), site.reshape(len(origins), k)
