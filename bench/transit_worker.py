# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Process of the benchmark of timetables: holds one program's city and times one task per line of JSON.

Called with the program (dableiben, ferrobus) and a folder; runs in the environment of that program. What is prepared
once for a city is made before the clock runs; the clock is CPU time.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

try:
    from numba import njit

    from dableiben.access import timetable_kernels as kernels
except ImportError:  # in the environment of a peer
    kernels = None

    def njit(**_: object) -> Callable[[Any], Any]:
        return lambda function: function


Task = Callable[[dict[str, Any]], Any]


def main(program: str, folder: str) -> None:
    task = {"dableiben": of_dableiben, "ferrobus": of_ferrobus}[program](Path(folder))
    for line in sys.stdin:
        question = json.loads(line)
        start = time.process_time()
        found = task(question)
        print(json.dumps({"seconds": time.process_time() - start, "found": found}), flush=True)


NEVER = kernels.NEVER if kernels is not None else 0


@njit(nogil=True)  # type: ignore[untyped-decorator]
def at_once(table, vehicles, stops, change_start, change, way_stop, way_s, leave, last):  # type: ignore[no-untyped-def]
    """The scan of a single departure, with nothing that several would need."""
    ready, by_vehicle = np.full(stops, NEVER, np.int32), np.full(stops, NEVER, np.int32)
    on_board = np.zeros(vehicles, np.bool_)
    for i in range(len(way_stop)):
        ready[way_stop[i]] = min(ready[way_stop[i]], leave + way_s[i])
    i = np.searchsorted(table[:, 0], leave)
    while i < len(table) and table[i, 0] <= last:
        vehicle, target = table[i, 4], table[i, 3]
        if on_board[vehicle] or (table[i, 5] & 1 and ready[table[i, 2]] <= table[i, 0]):
            on_board[vehicle] = True
            arrival = table[i, 1]
            if table[i, 5] & 2 and by_vehicle[target] > arrival:
                by_vehicle[target] = arrival
                for c in range(change_start[target], change_start[target + 1]):
                    ready[change[c, 0]] = min(ready[change[c, 0]], arrival + change[c, 1])
        i += 1
    return by_vehicle


@njit(nogil=True)  # type: ignore[untyped-decorator]
def by_minute(city, way_stop, way_s, leave, last, start, stop, seconds):  # type: ignore[no-untyped-def]
    """One scan per departure, and from the stops to the places."""
    found = np.full((len(start) - 1, len(leave)), NEVER, np.int32)
    table, vehicles, stops, change_start, change = city
    for m in range(len(leave)):
        times = at_once(table, vehicles, stops, change_start, change, way_stop, way_s, leave[m], last)
        for p in range(len(start) - 1):
            for w in range(start[p], start[p + 1]):
                found[p, m] = min(found[p, m], times[stop[w]] + seconds[w])
    return found


def of_dableiben(folder: Path) -> Task:
    """Questions: how (range, minute), origins, leave_s, last_s; found is a digest of all arrivals if `hash` is set."""
    data = np.load(folder / "city.npz")
    city = data["table"], int(data["vehicles"]), int(data["stops"]), data["change_start"], data["change"]
    out, back, direct = (
        [data[f"{way}_{part}"] for part in ("start", "target", "seconds")] for way in ("out", "in", "direct")
    )

    def arrivals(how: str, home: int, leave: Any, last: int) -> Any:
        own = slice(out[0][home], out[0][home + 1])
        ways = out[1][own], out[2][own]
        if how == "range":
            found = kernels.read_places(*back, kernels.spread(*city, *ways, leave, last))
        else:
            found = by_minute(city, *ways, leave, last, *back)
        own = slice(direct[0][home], direct[0][home + 1])
        np.minimum.at(found, direct[1][own], leave + direct[2][own][:, None])
        return found

    def task(question: dict[str, Any]) -> Any:
        leave, digest = np.array(question["leave_s"], np.int32), hashlib.sha256()
        for home in question["origins"]:
            found = arrivals(question["how"], home, leave, question["last_s"])
            if question.get("hash"):
                digest.update(np.minimum(found, NEVER).tobytes())
        if "save" in question:
            np.save(question["save"], np.where(found > question["last_s"], -1, found - leave))
        return digest.hexdigest()

    for how in ("range", "minute"):
        arrivals(how, 0, np.array([50_000], np.int32), 50_001)
    return task


def of_ferrobus(folder: Path) -> Task:
    """Questions: leave_s, one departure; all points to all points, at most four changes."""
    import ferrobus

    about = json.loads((folder / "ferrobus.json").read_text("utf-8"))
    model = ferrobus.create_transit_model(
        about["pbf"], [str(folder / "gtfs")], date.fromisoformat(about["day"]), about["transfer_s"]
    )
    points = []
    for lat, lon in about["points"]:
        try:
            points.append(ferrobus.create_transit_point(lat, lon, model, about["access_s"], 1000))
        except ValueError:
            points.append(None)
    known = [number for number, point in enumerate(points) if point is not None]

    def task(question: dict[str, Any]) -> Any:
        found = ferrobus.travel_time_matrix(model, [points[i] for i in known], question["leave_s"], 4)
        if "save" in question:
            table = np.full((len(points), len(points)), -1, np.int32)
            table[np.ix_(known, known)] = [[-1 if s is None else s for s in row] for row in found]
            np.save(question["save"], table)
        return len(known)

    return task


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
