# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A second opinion on buses: earliest arrivals between localities, read from the written feed with csv only."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

WALK_TO_STOP_MIN = 20.0
Walk = Callable[[str, str], float]
"""minutes on foot between the middles of two localities"""


@dataclass(frozen=True)
class Feed:
    """Tables of a feed: rows as texts by column."""

    tables: dict[str, list[dict[str, str]]]

    @classmethod
    def read(cls, path: Path) -> Feed:
        tables = {}
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if name.endswith(".txt"):
                    text = io.TextIOWrapper(archive.open(name), encoding="utf-8", newline="")
                    tables[name.removesuffix(".txt")] = list(csv.DictReader(text))
        return cls(tables)

    def services(self, day: date) -> set[str]:
        """Services that run on a day."""
        key, weekday = day.strftime("%Y%m%d"), day.strftime("%A").lower()
        runs = {
            row["service_id"]
            for row in self.tables["calendar"]
            if row[weekday] == "1" and row["start_date"] <= key <= row["end_date"]
        }
        for row in self.tables["calendar_dates"]:
            if row["date"] == key:
                (runs.add if row["exception_type"] == "1" else runs.discard)(row["service_id"])
        return runs

    def rides(self, day: date, *, pupils: bool = True) -> list[list[tuple[str, int]]]:
        """Trips by timetable on a day as (locality, minute); frequencies written out, times filled in."""
        place = {row["stop_id"]: row["stop_name"].split(",")[0] for row in self.tables["stops"]}
        school = {row["route_id"] for row in self.tables["routes"] if row["route_type"] == "712"}
        running = self.services(day)
        kept = {
            row["trip_id"]
            for row in self.tables["trips"]
            if row["service_id"] in running and (pupils or row["route_id"] not in school)
        }
        calls: dict[str, list[tuple[str, int | None]]] = {}
        for row in self.tables["stop_times"]:
            if row["trip_id"] in kept and row["stop_id"] and row["pickup_type"] != "2":
                calls.setdefault(row["trip_id"], []).append((place[row["stop_id"]], _minute(row["arrival_time"])))
        every = {row["trip_id"]: row for row in self.tables["frequencies"]}
        found = []
        for trip, stops in calls.items():
            filled = _filled(stops)
            starts = [0]
            if trip in every:
                first, last = (int(_minute(every[trip][key]) or 0) for key in ("start_time", "end_time"))
                starts = [m - filled[0][1] for m in range(first, last, int(every[trip]["headway_secs"]) // 60)]
            found += [[(stop, minute + start) for stop, minute in filled] for start in starts]
        return found


def _minute(text: str) -> int | None:
    hours, minutes, _ = text.split(":") if text else ("", "", "")
    return int(hours) * 60 + int(minutes) if hours else None


def _filled(calls: list[tuple[str, int | None]]) -> list[tuple[str, int]]:
    """A stop without a time gets that of the stop after it: later than it can be."""
    filled: list[tuple[str, int]] = []
    for stop, minute in reversed(calls):
        filled.append((stop, minute if minute is not None else filled[-1][1]))
    return filled[::-1]


def minutes_home(
    rides: list[list[tuple[str, int]]], start: str, leave: int, homes: list[str], walk: Walk
) -> dict[str, float]:
    """Minutes from leaving a locality until home, on foot or by bus.

    Nobody walks longer than 20 minutes to or from a stop.
    """
    links = sorted((a[1], b[1], a[0], b[0], trip) for trip, row in enumerate(rides) for a, b in pairwise(row))
    places = {stop for row in rides for stop, _ in row}
    at = {stop: leave + walk(start, stop) for stop in places if walk(start, stop) <= WALK_TO_STOP_MIN}
    board, aboard = dict(at), set()
    for departure, arrival, one, other, trip in links:
        if trip in aboard or board.get(one, float("inf")) <= departure:
            aboard.add(trip)
            for stop in (other, *(p for p in places if p != other and walk(other, p) <= WALK_TO_STOP_MIN)):
                board[stop] = min(board.get(stop, float("inf")), arrival + walk(other, stop))
    found = {}
    for home in homes:
        ways = [board[s] + walk(s, home) for s in board if walk(s, home) <= WALK_TO_STOP_MIN]
        found[home] = min([leave + walk(start, home), *ways]) - leave
    return found
