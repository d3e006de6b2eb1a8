# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Process of the benchmark of streets: holds one program's graphs and times one task per line of JSON.

Called with the program (dableiben, scipy, pandana, networkit) and the folder of graphs; runs in the environment of
that program. Graphs and their preparation (contraction hierarchies of pandana, the sources of networkit) are made
before the clock runs; the clock is CPU time.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Answer = Callable[[], Any]


class Job:
    """One graph (arcs `tail` -> `head` in deciseconds) with what is asked of it."""

    def __init__(self, path: Path) -> None:
        data = np.load(path)
        self.nodes = int(data["nodes"])
        self.tail, self.head, self.time_ds = data["tail"], data["head"], data["time_ds"]
        self.kinds, self.limit, self.k = data["kinds"], int(data["limit"]), int(data["k"])
        self.origins, self.facilities = data["origins"], data["facilities"]


def main(program: str, folder: str) -> None:
    jobs = {path.stem: Job(path) for path in sorted(Path(folder).glob("*.npz"))}
    tasks: dict[str, Answer] = {}
    maker = {"dableiben": of_dableiben, "scipy": of_scipy, "pandana": of_pandana, "networkit": of_networkit}[program]
    for line in sys.stdin:
        question = json.loads(line)
        name = question["task"]
        if name not in tasks:
            graph, what = name.split(":")
            tasks |= {f"{graph}:{key}": answer for key, answer in maker(jobs[graph]).items()}
            tasks[name] = tasks[f"{graph}:{what}"]
        start = time.process_time()
        found = tasks[name]()
        seconds = time.process_time() - start
        if "save" in question:
            np.save(question["save"], settled(found, jobs[name.split(":")[0]].limit))
        print(json.dumps({"seconds": seconds}), flush=True)


def settled(found: Any, limit: int) -> np.ndarray[Any, Any]:
    """Times as whole deciseconds, -1 beyond the limit, whatever the program says for it."""
    table = np.asarray(found, dtype=float)
    within = np.isfinite(table) & (table >= 0) & (table <= limit + 0.25)
    return np.where(within, np.round(table), -1).astype(np.int32)


def of_dableiben(job: Job) -> dict[str, Answer]:
    from dableiben.access import kernels
    from dableiben.access.snap import Snapped
    from dableiben.access.street_access import Travel

    order = np.lexsort((job.tail, job.head))
    start = np.zeros(job.nodes + 1, np.int32)
    np.cumsum(np.bincount(job.head, minlength=job.nodes), out=start[1:])
    arcs = np.stack([job.tail[order], job.time_ds[order]], axis=1).astype(np.int32).ravel()
    last, ring = kernels.last_key(job.limit), kernels.ring_size(kernels.longest_arc(arcs))
    pool = len(arcs) // 2 + 4096

    def at_nodes(nodes: np.ndarray[Any, Any], first_edge: int) -> Snapped:
        """Points on nodes: each on an edge of its own, with no way along it."""
        table = np.full((len(nodes), 8), -1, np.int32)
        table[:, kernels.EDGE] = first_edge + np.arange(len(nodes))
        table[:, kernels.NODE_A] = table[:, kernels.NODE_B] = nodes
        table[:, [kernels.FROM_A, kernels.TO_A, kernels.LINK]] = 0
        return Snapped(table, np.zeros(len(nodes)))

    homes, places = at_nodes(job.origins, 0), at_nodes(job.facilities, len(job.origins))
    seeds = [kernels.seeds_of(at_nodes(kind, 0).table)[:2] for kind in job.kinds]

    def nearest() -> list[Any]:
        keys = [kernels.nearest_site(start, arcs, node, key, last, ring, pool) for node, key in seeds]
        return [np.where(key < kernels.FAR, key >> kernels.TIME, -1) for key in keys]

    def several() -> list[Any]:
        keys = [kernels.k_nearest_sites(start, arcs, node, key, job.k, last, ring, pool)[0] for node, key in seeds]
        return [np.where(key < kernels.FAR, key >> kernels.TIME, -1).reshape(-1, job.k) for key in keys]

    def pairs() -> Travel:
        found = kernels.travel_block(start, arcs, homes.table, places.table, last, ring, pool)
        return Travel(*kernels.sort_by_origin(*found, len(homes)))

    def matrix() -> Any:
        travel = pairs()
        table = np.full((len(job.origins), len(job.facilities)), -1, np.int32)
        table[travel.origin, travel.site] = travel.time_ds
        return table

    return {"nearest": nearest, "several": several, "matrix": matrix}


def of_scipy(job: Job) -> dict[str, Answer]:
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    # Zero is no arc to some versions of scipy; a hair is rounded away in `settled`.
    weight = np.maximum(job.time_ds.astype(float), 1e-6)
    back = csr_matrix((weight, (job.head, job.tail)), shape=(job.nodes, job.nodes))
    limit = job.limit + 0.25

    def nearest() -> list[Any]:
        return [dijkstra(back, indices=kind, min_only=True, limit=limit) for kind in job.kinds]

    def matrix() -> Any:
        return dijkstra(back, indices=job.facilities, limit=limit)[:, job.origins].T

    return {"nearest": nearest, "matrix": matrix}


def of_pandana(job: Job) -> dict[str, Answer]:
    import pandana
    import pandas as pd

    # Nodes stand at x = number, so that each facility is set exactly on its node.
    x, y = pd.Series(np.arange(job.nodes, dtype=float)), pd.Series(np.zeros(job.nodes))
    network = pandana.Network(
        x, y, pd.Series(job.tail), pd.Series(job.head), pd.DataFrame({"ds": job.time_ds.astype(float)}), twoway=False
    )
    limit = job.limit + 0.25

    def of_kind(kind: np.ndarray[Any, Any], number: int) -> Any:
        network.set_pois("kind", limit, number, pd.Series(kind.astype(float)), pd.Series(np.zeros(len(kind))))
        found = network.nearest_pois(limit, "kind", num_pois=number).to_numpy()
        return np.where(found >= limit, -1, found)  # the limit itself stands for "none"

    def nearest() -> list[Any]:
        return [of_kind(kind, 1)[:, 0] for kind in job.kinds]

    def several() -> list[Any]:
        return [of_kind(kind, job.k) for kind in job.kinds]

    def matrix() -> Any:
        homes = np.repeat(job.origins, len(job.facilities))
        places = np.tile(job.facilities, len(job.origins))
        return np.reshape(network.shortest_path_lengths(homes, places), (len(job.origins), len(job.facilities)))

    return {"nearest": nearest, "several": several, "matrix": matrix}


def of_networkit(job: Job) -> dict[str, Answer]:
    import networkit

    networkit.setNumberOfThreads(1)
    # One more node per kind, with an arc of no length to each of its facilities, on the reversed graph.
    extra = [np.full(len(kind), job.nodes + i) for i, kind in enumerate(job.kinds)]
    tail = np.concatenate([job.head, *extra]).astype(np.int64)
    head = np.concatenate([job.tail, *job.kinds]).astype(np.int64)
    weight = np.concatenate([job.time_ds, np.zeros(sum(map(len, job.kinds)))]).astype(float)
    size = job.nodes + len(job.kinds)
    graph = networkit.GraphFromCoo((weight, (tail, head)), n=size, weighted=True, directed=True)

    def one(source: int) -> Any:
        search = networkit.distance.Dijkstra(graph, source, False)
        search.run()
        return np.asarray(search.getDistances(asarray=True))[: job.nodes]

    def nearest() -> list[Any]:
        return [one(job.nodes + i) for i in range(len(job.kinds))]

    return {"nearest": nearest}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
