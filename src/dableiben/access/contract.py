# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Contraction of a street graph: chains of nodes of degree two become one edge, and each segment knows its
place."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def incidence(u, v, nodes):  # type: ignore[no-untyped-def]
    """Segments at each node in CSR form: start int32 (nodes + 1), segment int32 (2 * segments)."""
    start = np.zeros(nodes + 1, np.int32)
    for s in range(len(u)):
        start[u[s] + 1] += 1
        start[v[s] + 1] += 1
    for n in range(nodes):
        start[n + 1] += start[n]
    fill = start[:-1].copy()
    segment = np.empty(2 * len(u), np.int32)
    for s in range(len(u)):
        segment[fill[u[s]]] = s
        fill[u[s]] += 1
        segment[fill[v[s]]] = s
        fill[v[s]] += 1
    return start, segment


@njit(cache=True, nogil=True)
def junctions(u, v, forward, backward, start, segment):  # type: ignore[no-untyped-def]
    """Which nodes stay: all but those of degree two where both directions run through alike."""
    nodes = len(start) - 1
    stays = np.ones(nodes, np.bool_)
    for n in range(nodes):
        if start[n + 1] - start[n] != 2:
            continue
        s, t = segment[start[n]], segment[start[n] + 1]
        s_in, s_out = (forward[s], backward[s]) if v[s] == n else (backward[s], forward[s])
        t_in, t_out = (forward[t], backward[t]) if v[t] == n else (backward[t], forward[t])
        stays[n] = ((s_in >= 0) != (t_out >= 0)) or ((t_in >= 0) != (s_out >= 0))
    return stays


@njit(cache=True, nogil=True)
def chains(u, v, forward, backward, start, segment, stays):  # type: ignore[no-untyped-def]
    """Follow every chain from junction to junction; a ring without junction gets its lowest node as one.

    Returns per edge: first and last node, time forward and backward (-1 closed); per segment: its edge,
    whether it runs against the chain, and the time before it in either direction (from the first node
    forward, from the last node backward).
    """
    segments = len(u)
    first, last = np.empty(segments, np.int32), np.empty(segments, np.int32)
    time_f, time_b = np.empty(segments, np.int32), np.empty(segments, np.int32)
    edge = np.full(segments, -1, np.int32)
    flipped = np.zeros(segments, np.bool_)
    before_f, before_b = np.zeros(segments, np.int32), np.zeros(segments, np.int32)
    chain = np.empty(segments, np.int32)
    edges = 0
    for sweep in range(2):  # first from junctions, then the rings that are left
        for n in range(len(start) - 1):
            if sweep == 0 and not stays[n]:
                continue
            for i in range(start[n], start[n + 1]):
                if edge[segment[i]] >= 0:
                    continue
                stays[n] = True
                node, s, size = n, segment[i], 0
                total_f, total_b = np.int32(0), np.int32(0)
                while True:
                    flip = v[s] == node
                    step_f, step_b = (backward[s], forward[s]) if flip else (forward[s], backward[s])
                    edge[s], flipped[s] = edges, flip
                    before_f[s] = total_f
                    total_f += max(step_f, 0)
                    total_b += max(step_b, 0)
                    before_b[s] = total_b
                    chain[size] = s
                    size += 1
                    node = u[s] if flip else v[s]
                    if stays[node]:
                        break
                    s = segment[start[node]] if segment[start[node]] != s else segment[start[node] + 1]
                for j in range(size):  # so far counted from the first node; turn it round
                    before_b[chain[j]] = total_b - before_b[chain[j]]
                first[edges], last[edges] = n, node
                time_f[edges] = total_f if step_f >= 0 else -1
                time_b[edges] = total_b if step_b >= 0 else -1
                edges += 1
    return (
        first[:edges].copy(), last[:edges].copy(), time_f[:edges].copy(), time_b[:edges].copy(),
        edge, flipped, before_f, before_b,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def morton(x, y):  # type: ignore[no-untyped-def]
    """Position on the Morton curve, 31 bits per axis, of non-negative whole coordinates."""
    code = np.empty(len(x), np.int64)
    for i in range(len(x)):
        c = np.int64(0)
        for bit in range(31):
            c |= ((np.int64(x[i]) >> bit) & 1) << (2 * bit)
            c |= ((np.int64(y[i]) >> bit) & 1) << (2 * bit + 1)
        code[i] = c
    return code
