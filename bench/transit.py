# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""All ways by bus between the 1,227 hexagons of Porto Alegre, departures of every minute of two hours.

The job of the r5r paper (Pereira et al. 2021), with arrivals until 17:00. One scan for all departures is held against
one scan per departure of the same making, whose arrivals have to be identical, on every tenth origin. ferrobus gets
the same feeds with the empty times filled in; it links and walks by its own rules, so the results are compared as
ratios. Each program has a process of its own with one thread; the clock is CPU time; rounds are interleaved.

Run as a script with the word `growth`, this prints how the scan grows with departures, trips and cells.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import transit_build as city
from catchments import ONE_THREAD

from dableiben.access import timetable_kernels as kernels
from dableiben.access.stop_ways import Walks
from dableiben.access.transit import DayTransit
from dableiben.core.timetable import Timetable

HERE = Path(__file__).resolve().parent
PEERS = HERE / ".peers" / "transit"
REQUIREMENT = "ferrobus==0.2.1"
GOAL, ALLOWED_S = 5.0, 20.0
LEAVE = list(range(city.FIRST_S, city.LAST_S + 1, city.STEP_S))
SAMPLE = 10
FERROBUS_DEPARTURES = (13 * 3600, 14 * 3600, 15 * 3600)


def run(rounds: int = 7) -> list[dict[str, Any]]:
    """One entry per comparison: name, peer, goal, CPU seconds of all rounds of both, and whether they agree."""
    with tempfile.TemporaryDirectory() as folder:
        feed, day = city.job()
        prepare(Path(folder), feed, day)
        ours = Worker([sys.executable, str(HERE / "transit_worker.py"), "dableiben", folder])
        try:
            return [*by_minute(ours, day.ways.homes, rounds), by_ferrobus(Path(folder), ours, day.ways.homes)]
        finally:
            ours.close()


def by_minute(ours: Worker, homes: int, rounds: int) -> list[dict[str, Any]]:
    job = {"leave_s": LEAVE, "last_s": city.HORIZON_S, "origins": list(range(0, homes, SAMPLE))}
    equal = len({ours.ask(**job, how=how, hash=True)["found"] for how in ("range", "minute")}) == 1
    turns = [[float(ours.ask(**job, how=how)["seconds"]) for how in ("range", "minute")] for _ in range(rounds)]
    every = job | {"origins": list(range(homes)), "how": "range"}
    whole = [float(ours.ask(**every)["seconds"]) for _ in range(min(rounds, 3))]
    name = f"{homes} x {homes} x {len(LEAVE)} by bus, Porto Alegre"
    return [
        entry(f"{name}, every tenth origin", "one scan per departure", turns, GOAL, equal),
        entry(f"{name}, whole job", "allowed time", [[own, ALLOWED_S] for own in whole], 1.0, None),
    ]


def by_ferrobus(folder: Path, ours: Worker, homes: int) -> dict[str, Any]:
    """Whole job of ferrobus from three departures of all origins; ours from the same origins, all departures."""
    peer = Worker([str(peer_python()), str(HERE / "transit_worker.py"), "ferrobus", str(folder)])
    try:
        answers = [peer.ask(leave_s=leave, save=str(folder / f"{leave}.npy")) for leave in FERROBUS_DEPARTURES]
    finally:
        peer.close()
    job = {"leave_s": LEAVE, "last_s": city.HORIZON_S, "how": "range"}
    own = float(ours.ask(**job, origins=list(range(homes)))["seconds"])
    turns = [[own, float(answer["seconds"]) * len(LEAVE)] for answer in answers]
    found = entry("the same, whole job", REQUIREMENT.replace("==", " "), turns, None, None)
    ratios = []
    for home in range(0, homes, SAMPLE):
        ours.ask(**job, origins=[home], save=str(folder / "own.npy"))
        lasts = np.load(folder / "own.npy")
        for leave in FERROBUS_DEPARTURES:
            other, mine = np.load(folder / f"{leave}.npy")[home], lasts[:, LEAVE.index(leave)]
            both = (other > 0) & (mine > 0) & (other <= city.HORIZON_S - leave)
            ratios.append(other[both] / mine[both])
    shares = np.percentile(np.concatenate(ratios), (5, 50, 95))
    return found | {"result_ratio": [round(float(share), 2) for share in shares]}


def entry(name: str, peer: str, turns: list[list[float]], goal: float | None, equal: bool | None) -> dict[str, Any]:
    ratios = [theirs / own for own, theirs in turns]
    return {
        "name": name, "peer": peer, "goal": goal, "equal": equal, "ours_s": [own for own, _ in turns],
        "peer_s": [theirs for _, theirs in turns], "ratio": statistics.median(ratios),
        "ratio_range": [min(ratios), max(ratios)],
    }  # fmt: skip


def prepare(folder: Path, feed: Timetable, day: DayTransit) -> None:
    scan, ways = day._ahead, day.ways
    arrays: dict[str, Any] = scan._asdict()
    walks = {"out": ways.home_to_stop, "in": ways.stop_to_site, "direct": ways.home_to_site.turned(ways.homes)}
    for name, walk in walks.items():
        arrays |= {f"{name}_start": walk.start, f"{name}_target": walk.target, f"{name}_seconds": walk.seconds}
    np.savez(folder / "city.npz", **arrays)
    grid = city.hexagons()
    about = {
        "pbf": str(city.DATA / "porto-alegre.osm.pbf"), "day": city.DAY.isoformat(),
        "transfer_s": city.TRANSFER_MIN * 60, "access_s": city.ACCESS_MIN * 60,
        "points": grid[["lat", "lon"]].to_numpy(float).tolist(),
    }  # fmt: skip
    (folder / "ferrobus.json").write_text(json.dumps(about), "utf-8")
    city.write_feed(folder / "gtfs", feed)


class Worker:
    """A process that has read its city and answers one line of JSON per question."""

    def __init__(self, command: list[str]) -> None:
        threads = ONE_THREAD | {"RAYON_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | threads
        )

    def ask(self, **question: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

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
        subprocess.run([*uv, "pip", "install", "--quiet", "--python", str(python), REQUIREMENT, "numpy"], check=True)
    return python


def growth() -> None:
    """Milliseconds of CPU per origin, mean of every fortieth, all departures and targets; best of five turns."""
    for copies in (1, 2, 4, 8):
        _, day = city.job(copies)
        counts = (1, 8, 30, 61, 121, 241) if copies == 1 else (121,)
        for count in counts:
            took = scan_ms(day, count, 1)
            print(f"trips x{copies}, {day.connections:,} connections, {count} departures: {took:.2f} ms")
        for share in (2, 4) if copies == 1 else ():
            print(f"{day.ways.sites // share} targets, 121 departures: {scan_ms(day, 121, share):.2f} ms")


def scan_ms(day: DayTransit, departures: int, share: int) -> float:
    leave = np.linspace(city.FIRST_S, city.LAST_S, departures).astype(np.int32)
    ways, rows = day.ways, np.arange(0, day.ways.sites, share)
    own = np.isin(ways.stop_to_site.origins(), rows)
    target, seconds = ways.stop_to_site.target[own], ways.stop_to_site.seconds[own]
    places = Walks.of_rows(len(rows), np.searchsorted(rows, ways.stop_to_site.origins()[own]), target, seconds)
    turns = []
    for _ in range(5):
        took = []
        for home in range(0, ways.homes, 40):
            start = time.process_time()
            by_vehicle = kernels.spread(*day._ahead, *ways.home_to_stop.of(home), leave, city.HORIZON_S)
            kernels.read_places(places.start, places.target, places.seconds, by_vehicle)
            took.append(time.process_time() - start)
        turns.append(statistics.mean(took))
    return 1000 * min(turns)


if __name__ == "__main__":
    if "growth" in sys.argv:
        growth()
    else:
        for found in run():
            print(json.dumps(found, ensure_ascii=False))
