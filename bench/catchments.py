# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""2SFCA and E2SFCA on the 748,437 travel times of Belo Horizonte, against PySAL access.

Both programs get their own prepared tables (arrays here, frames with whole-number ids there) in a process of
their own with one thread; only the measure itself is timed, as CPU time. Rounds are interleaved, results are
compared for equality within 1e-9 before any number is reported.
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
DATA = HERE.parent.parent / "shared" / "reference" / "access"
PEERS = HERE / ".peers" / "access"
REQUIREMENT = "access==1.1.10.post3"
ROUNDS = 7
GOAL = 5.0
MEASURES = {"2sfca": "2SFCA, 45 min", "e2sfca": "E2SFCA, steps 10/20/30/60 min"}
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


def run() -> list[dict[str, Any]]:
    """One entry per measure: name, peer, goal, CPU seconds of all rounds of both, and whether results agree."""
    ours = Worker([sys.executable, str(HERE / "catchments_worker.py"), "dableiben"])
    peer = Worker([str(peer_python()), str(HERE / "catchments_worker.py"), "access"])
    try:
        return [measured(measure, ours, peer) for measure in MEASURES]
    finally:
        ours.close()
        peer.close()


def measured(measure: str, ours: Worker, peer: Worker) -> dict[str, Any]:
    equal = np.allclose(ours.result(measure), peer.result(measure), rtol=1e-9, atol=0)
    rounds = [(ours.seconds(measure), peer.seconds(measure)) for _ in range(ROUNDS)]
    ratios = [theirs / own for own, theirs in rounds]
    return {
        "name": f"{MEASURES[measure]}, 748,437 pairs",
        "peer": f"PySAL {REQUIREMENT.replace('==', ' ')}",
        "ours_s": [own for own, _ in rounds],
        "peer_s": [theirs for _, theirs in rounds],
        "ratio": statistics.median(ratios),
        "ratio_range": [min(ratios), max(ratios)],
        "goal": GOAL,
        "equal": bool(equal),
    }


class Worker:
    """A process that has read its data and answers one line of JSON per question."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            [*command, str(DATA)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | ONE_THREAD,
        )

    def ask(self, **question: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def result(self, measure: str) -> np.ndarray[Any, Any]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "result.npy"
            self.ask(measure=measure, save=str(path))
            return np.asarray(np.load(path))

    def seconds(self, measure: str) -> float:
        return float(self.ask(measure=measure)["seconds"])

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=60)


def peer_python() -> Path:
    """Python of the peer's own environment, which is made on first use."""
    python = PEERS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(PEERS)], check=True)
        subprocess.run([*uv, "pip", "install", "--quiet", "--python", str(python), REQUIREMENT], check=True)
    return python


if __name__ == "__main__":
    for entry in run():
        print(json.dumps(entry, ensure_ascii=False))
