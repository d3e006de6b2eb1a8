# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Journeys found by plain search over all calls, in real time (UTC), as an independent answer for timetables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dableiben.core.timetable import Timetable

BERLIN = ZoneInfo("Europe/Berlin")
Ways = Mapping[int, Mapping[int, int]]
"""from -> to -> seconds"""


@dataclass(frozen=True)
class Call:
    stop: int
    arrives: float
    leaves: float
    boards: bool
    alights: bool


@dataclass(frozen=True)
class PlainJourneys:
    """One day of a timetable; times are POSIX seconds, made from wall clock with `at`."""

    timetable: Timetable
    day: date
    walks: Ways
    """between stops"""
    min_change_s: int
    horizon_s: int
    on_demand: bool = False

    def at(self, wall_s: int) -> float:
        """The moment of a wall-clock second of the day; the second one, if there are two."""
        local = datetime.combine(self.day, time()) + timedelta(seconds=wall_s)
        return local.replace(tzinfo=BERLIN, fold=1).astimezone(UTC).timestamp()

    def wall(self, moment: float) -> int:
        local = datetime.fromtimestamp(moment, BERLIN).replace(tzinfo=None)
        return round((local - datetime.combine(self.day, time())).total_seconds())

    def runs(self) -> list[list[Call]]:
        """Every vehicle with its calls; trips of a block that continue at the same station are one."""
        table, found = self.timetable, []
        for offset in (-1, 0, 1):
            day = self.day + timedelta(days=offset)
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN).timestamp()
            trips = []
            for trip in table.trips_on(day).tolist():
                if table.trip_on_demand[trip] and not self.on_demand:
                    continue
                first, end = int(table.trip_start[trip]), int(table.trip_start[trip + 1])
                if end - first < 2:
                    continue
                calls = [
                    Call(
                        int(table.call_stop[c]), noon - 43_200 + int(table.call_arrival_s[c]),
                        noon - 43_200 + int(table.call_departure_s[c]),
                        bool(table.call_boards[c]) and c < end - 1, bool(table.call_alights[c]) and c > first,
                    )
                    for c in range(first, end)
                ]  # fmt: skip
                trips.append((int(table.trip_block[trip]), calls[0].leaves, calls[-1].arrives, trip, calls))
            chain: dict[int, list[Call]] = {}
            for block, _, _, _, calls in sorted(trips, key=lambda t: t[:4]):
                before = chain.get(block)
                station = table.stop_station
                in_time = block >= 0 and before and before[-1].arrives <= calls[0].leaves
                if in_time and before and station[before[-1].stop] == station[calls[0].stop]:
                    before += calls
                    continue
                run = list(calls)
                found.append(run)
                chain[block] = run
        return found

    def change(self, one: int, other: int) -> int | None:
        """Seconds a change takes, None = not possible."""
        table = self.timetable
        said = [
            int(s)
            for a, b, s in zip(table.transfer_from, table.transfer_to, table.transfer_s, strict=True)
            if (a, b) == (one, other)
        ]
        walk = 0 if one == other else self.walks.get(one, {}).get(other)
        if said:
            return None if min(said) < 0 else max(said) or walk or 0
        return None if walk is None else walk + self.min_change_s

    def by_vehicle(self, ready: Mapping[int, float]) -> dict[int, float]:
        """Earliest arrival by vehicle at stops for who is ready at stops by a moment; nothing but repetition."""
        ready = dict(ready)
        arrived: dict[int, float] = {}
        runs, stops = self.runs(), range(len(self.timetable.stop_id))
        takes = {(a, b): self.change(a, b) for a in stops for b in stops}
        again = True
        while again:
            again = False
            for run in runs:
                seated = False
                for call in run:
                    if seated and call.alights and call.arrives < arrived.get(call.stop, float("inf")):
                        arrived[call.stop] = call.arrives
                        again = True
                        for stop in stops:
                            least = takes[call.stop, stop]
                            if least is not None and call.arrives + least < ready.get(stop, float("inf")):
                                ready[stop] = call.arrives + least
                    if call.boards and ready.get(call.stop, float("inf")) <= call.leaves:
                        seated = True
        return arrived

    def arrival(
        self, ways_out: Mapping[int, int], ways_in: Mapping[int, int], direct: int | None, wall_s: int
    ) -> float:
        """Earliest arrival, in moments, of who leaves then; infinite if it takes longer than the horizon."""
        leave = self.at(wall_s)
        return self._arrival_from(ways_out, ways_in, direct, leave)

    def _arrival_from(
        self, ways_out: Mapping[int, int], ways_in: Mapping[int, int], direct: int | None, leave: float
    ) -> float:
        arrived = self.by_vehicle({stop: leave + s for stop, s in ways_out.items()})
        times = [arrived[stop] + s for stop, s in ways_in.items() if stop in arrived]
        times += [] if direct is None else [leave + direct]
        best = min(times, default=float("inf"))
        return best if best - leave <= self.horizon_s else float("inf")

    def departure(
        self, ways_out: Mapping[int, int], ways_in: Mapping[int, int], direct: int | None, wall_s: int
    ) -> float:
        """Latest leaving, in moments, to arrive by then: every moment that could matter is tried forward."""
        by, midnight = self.at(wall_s), datetime.combine(self.day, time(), tzinfo=BERLIN).timestamp()
        calls = [call for run in self.runs() for call in run if call.stop in ways_out]
        moments = {call.leaves - ways_out[call.stop] for call in calls}
        moments |= set() if direct is None else {by - direct}
        for leave in sorted((m for m in moments if midnight <= m <= by and by - m <= self.horizon_s), reverse=True):
            if self._arrival_from(ways_out, ways_in, direct, leave) <= by:
                return leave
        return float("-inf")
