# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Searches and graph builds on streets against pandana, scipy, networkit and pyrosm.

All programs search the same contracted graphs with the same cut-off, each in a process and environment of its own
with one thread; what they answer is compared before any number is reported. Searches are timed apart from builds, as
CPU time, in interleaved rounds. The facilities and origins are drawn with a fixed seed.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
PBF = HERE.parent.parent / "shared" / "benchmarks" / "streets" / "porto.osm.pbf"
PEERS = HERE / ".peers" / "streets"
REQUIREMENTS = ("pandana==0.8", "networkit==11.3", "pyrosm==0.25.0")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
ROUNDS = 7
LIMIT_DS = 30 * 600
KINDS, SITES, ORIGINS, FACILITIES, K = 20, 50, 5000, 500, 5
SIDE, MILLION_KINDS = 1070, 5

# name, task, peer, goal; the goals are the ones of the issue, None = shown without one
SEARCHES: tuple[tuple[str, str, str, float | None], ...] = (
    ("nearest of 20 kinds, car, 30 min, Porto", "car:nearest", "scipy", 2.0),
    ("nearest of 20 kinds, foot, 30 min, Porto", "foot:nearest", "scipy", 2.0),
    ("nearest of 20 kinds, car, 30 min, Porto", "car:nearest", "pandana", 100.0),
    ("nearest of 20 kinds, foot, 30 min, Porto", "foot:nearest", "pandana", 100.0),
    ("nearest of 5 kinds, 1 M nodes, no limit", "million:nearest", "networkit", 2.5),
    ("nearest of 5 kinds, 1 M nodes, no limit", "million:nearest", "scipy", None),
    ("5 nearest of 20 kinds, car, 30 min, Porto", "car:several", "pandana", 10.0),
    ("5 nearest of 20 kinds, foot, 30 min, Porto", "foot:several", "pandana", 10.0),
    ("matrix 5,000 x 500, car, 30 min, Porto", "car:matrix", "scipy", 3.0),
    ("matrix 5,000 x 500, car, 30 min, Porto", "car:matrix", "pandana", 25.0),
)


def run(rounds: int = ROUNDS) -> list[dict[str, Any]]:
    """One entry per comparison: name, peer, goal, seconds (or MB) of all rounds of both, and whether they agree."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        return [*searches(folder, rounds), *builds(rounds)]


def searches(folder: str, rounds: int) -> list[dict[str, Any]]:
    workers = {
        program: Worker([str(python), str(HERE / "streets_worker.py"), program, folder])
        for program, python in (
            ("dableiben", Path(sys.executable)),
            ("scipy", Path(sys.executable)),
            ("pandana", peer_python()),
            ("networkit", peer_python()),
        )
    }
    try:
        return [
            compared(name, task, workers["dableiben"], workers[peer], peer, goal, rounds)
            for name, task, peer, goal in SEARCHES
        ]
    finally:
        for worker in workers.values():
            worker.close()


def compared(
    name: str, task: str, ours: Worker, theirs: Worker, peer: str, goal: float | None, rounds: int
) -> dict[str, Any]:
    print(f"  {name}: {peer}", file=sys.stderr, flush=True)
    equal = np.array_equal(ours.answer(task), theirs.answer(task))
    pairs = [(ours.seconds(task), theirs.seconds(task)) for _ in range(rounds)]
    return entry(name, peer, "s", goal, pairs, bool(equal))


def entry(
    name: str, peer: str, unit: str, goal: float | None, pairs: list[tuple[float, float]], equal: bool | None
) -> dict[str, Any]:
    ratios = [theirs / own for own, theirs in pairs]
    return {
        "name": name,
        "peer": next((r.replace("==", " ") for r in REQUIREMENTS if r.startswith(peer)), peer),
        f"ours_{unit}": [own for own, _ in pairs],
        f"peer_{unit}": [theirs for _, theirs in pairs],
        "ratio": statistics.median(ratios),
        "ratio_range": [min(ratios), max(ratios)],
        "goal": goal,
        "equal": equal,
    }


class Worker:
    """A process that holds its graphs and answers one line of JSON per task."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | ONE_THREAD,
        )  # fmt: skip

    def ask(self, **question: str) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:  # pandana talks while it works
            if line.startswith("{"):
                return float(json.loads(line)["seconds"])
        raise RuntimeError(f"the program ended at {question}")

    def answer(self, task: str) -> np.ndarray[Any, Any]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "answer.npy"
            self.ask(task=task, save=str(path))
            return np.asarray(np.load(path))

    def seconds(self, task: str) -> float:
        return self.ask(task=task)

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=60)


def builds(rounds: int) -> list[dict[str, Any]]:
    """Streets of Porto for foot and car, a fresh process each time: CPU seconds and peak memory."""
    ours, theirs = [sys.executable, "dableiben"], [str(peer_python()), "pyrosm"]
    built(ours)  # numba compiles once per machine
    pairs = [(built(ours), built(theirs)) for _ in range(rounds)]
    name = "graphs for foot and car from the PBF of Porto"
    return [
        entry(f"{name}, CPU", "pyrosm", "s", 2.0, [(own[0], other[0]) for own, other in pairs], None),
        entry(f"{name}, memory", "pyrosm", "mb", 2.0, [(own[1], other[1]) for own, other in pairs], None),
    ]


def built(command: list[str]) -> tuple[float, float]:
    python, program = command
    run = subprocess.run(
        [python, str(HERE / "streets_build.py"), program, str(PBF)],
        capture_output=True, text=True, check=True, env=os.environ | ONE_THREAD,
    )  # fmt: skip
    answer = json.loads(run.stdout.splitlines()[-1])
    return float(answer["seconds"]), float(answer["mb"])


def prepare(folder: Path) -> None:
    """Write the graphs all programs search: Porto for car and foot, and a made-up one of a million nodes."""
    from dableiben.access.graph import build_graph
    from dableiben.catalogue.load import load_catalogue
    from dableiben.sources.osm.streets import read_streets

    network, modes = read_streets(PBF), load_catalogue().modes
    for mode in ("car", "foot"):
        graph = build_graph(network, modes[mode])
        head = np.repeat(np.arange(graph.nodes, dtype=np.int32), np.diff(graph.start))
        arcs = largest_part(graph.nodes, graph.arcs[0::2], head, graph.arcs[1::2])
        save(folder / f"{mode}.npz", *arcs, LIMIT_DS, KINDS)
    save(folder / "million.npz", *made_up(SIDE), 100_000_000, MILLION_KINDS)


def save(path: Path, nodes: int, tail: Any, head: Any, time_ds: Any, limit: int, kinds: int) -> None:
    random = np.random.default_rng(20261122)

    def some(count: int) -> Any:
        return np.sort(random.choice(nodes, count, replace=False)).astype(np.int32)

    np.savez(
        path, nodes=nodes, tail=tail, head=head, time_ds=time_ds, limit=limit, k=K,
        kinds=np.stack([some(SITES) for _ in range(kinds)]), origins=some(ORIGINS), facilities=some(FACILITIES),
    )  # fmt: skip


def made_up(side: int) -> tuple[int, Any, Any, Any]:
    """A square lattice with 62 % of its streets, a tenth of them one-way; its largest part, in Morton order."""
    from dableiben.access.contract import morton

    random = np.random.default_rng(1)
    x, y = (axis.ravel().astype(np.int32) for axis in np.meshgrid(np.arange(side), np.arange(side)))
    rank = np.empty(side * side, np.int64)
    rank[np.argsort(morton(x, y), kind="stable")] = np.arange(side * side)
    lattice = rank.reshape(side, side)
    a = np.concatenate([lattice[:, :-1].ravel(), lattice[:-1].ravel()])
    b = np.concatenate([lattice[:, 1:].ravel(), lattice[1:].ravel()])
    kept = random.random(len(a)) < 0.62
    a, b = a[kept], b[kept]
    time_ds, both = random.integers(40, 900, len(a)), random.random(len(a)) >= 0.1
    tail, head = np.concatenate([a, b[both]]), np.concatenate([b, a[both]])
    times = np.concatenate([time_ds, time_ds[both]]).astype(np.int32)
    return largest_part(side * side, tail, head, times)


def largest_part(nodes: int, tail: Any, head: Any, time_ds: Any) -> tuple[int, Any, Any, Any]:
    """Nodes that all reach each other, numbered anew (dableiben also keeps parts that lead out of the data)."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    links = csr_matrix((np.ones(len(tail)), (tail, head)), shape=(nodes, nodes))
    part = connected_components(links, connection="strong")[1]
    largest = part == np.bincount(part).argmax()
    number = (np.cumsum(largest) - 1).astype(np.int32)
    inside = largest[tail] & largest[head]
    return int(largest.sum()), number[tail[inside]], number[head[inside]], time_ds[inside]


def peer_python() -> Path:
    """Python of the peers' own environment, which is made on first use."""
    python = PEERS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(PEERS)], check=True)
        subprocess.run([*uv, "pip", "install", "--quiet", "--python", str(python), *REQUIREMENTS], check=True)
    return python


if __name__ == "__main__":
    for found in run(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS):
        print(json.dumps(found, ensure_ascii=False), flush=True)
