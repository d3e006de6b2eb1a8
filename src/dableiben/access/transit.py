# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Ways by bus and train on one day, with the walks at both ends: when to leave, and when one is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dableiben.access import timetable_kernels as kernels
from dableiben.access.connections import DAY_S, DayClock, connections_of
from dableiben.access.snap import Snapped
from dableiben.access.stop_ways import StopWays, Walks
from dableiben.access.street_access import StreetAccess
from dableiben.catalogue.modes import TransitRules
from dableiben.core.errors import InputError
from dableiben.core.timetable import Timetable

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Float = NDArray[np.float64]
Sites = int | Sequence[int] | Int64
IMPOSSIBLE = -1


class DayTransit:
    """One day of a timetable between homes and sites, ready for questions.

    All times are int32 seconds of the wall clock since 0:00 of the day; those from 86,400 on lie in the next one. A
    journey is a walk to a stop, rides with changes, and a walk from a stop; or only a walk, where that is faster. It
    begins on the day and lasts no longer than the horizon of the card. -1 = there is none. Where several sites are
    asked for at once, any of them will do. Times that are asked for lie within the day, 0 to 86,400 (else ValueError).

    Laws: whoever leaves when `latest_departures` says is there by then, and whoever leaves later is not. One trip less
    makes nobody arrive earlier.
    """

    def __init__(
        self, timetable: Timetable, day: date, ways: StopWays, rules: TransitRules, *, on_demand: bool = False
    ) -> None:
        """With ways on foot that were searched before (they are the same for all days).

        on_demand   count those trips as well that run only when booked

        Errors: InputError for a day that the timetable says nothing about, which is not a day without buses.
        """
        if not timetable.covers(day):
            raise InputError(
                "timetable-day-outside",
                f"Der Fahrplan sagt nichts über den {day:%d.%m.%Y}; er gilt vom {timetable.first_day:%d.%m.%Y} bis zum "
                f"{timetable.last_day:%d.%m.%Y}.",
                "Einen Tag in diesem Zeitraum wählen oder einen neueren Fahrplan einlesen.",
            )
        self.day, self.ways, self.rules, self.on_demand = day, ways, rules, on_demand
        self._clock = DayClock(day)
        self._horizon = round(rules.horizon_min * 60)
        stops = len(timetable.stop_id)
        changes_back = ways.change.turned(stops)
        at_once = np.zeros(stops, np.bool_)
        for changes in (ways.change, changes_back):
            at_once[changes.origins()[changes.seconds == 0]] = True
        found = connections_of(timetable, self._clock, DAY_S + self._horizon, at_once, on_demand=on_demand)
        self._ahead = _Scan.of(found.table, found.vehicles, stops, ways.change)
        self._back = _Scan.of(found.mirrored, found.vehicles, stops, changes_back)

    @classmethod
    def build(
        cls,
        timetable: Timetable,
        day: date,
        foot: StreetAccess,
        homes: Snapped,
        sites: Snapped,
        rules: TransitRules,
        *,
        on_demand: bool = False,
    ) -> DayTransit:
        """With ways on foot searched for this one day."""
        ways = StopWays.build(timetable, foot, homes, sites, rules)
        return cls(timetable, day, ways, rules, on_demand=on_demand)

    @property
    def connections(self) -> int:
        """Number of connections of the day, those of the days before and after that touch it included."""
        return len(self._ahead.table)

    @property
    def dropped_stops(self) -> Int64:
        """Numbers of the stops with trips that no street leads to."""
        return self.ways.dropped_stops

    def latest_departures(self, sites: Sites, arrive_by_s: Int32) -> Int32:
        """Latest leaving of every home to be at a site by then, shape (homes, times); -1 = impossible."""
        by, ways = self._running(arrive_by_s), self.ways
        found = -self._reached(self._back, ways.stop_to_site, ways.home_to_stop, ways.home_to_site, sites, -by)
        possible = (found >= self._clock.midnight) & (by - found <= self._horizon)
        return np.where(possible, self._clock.wall(np.where(possible, found, 0)), np.int32(IMPOSSIBLE))

    def earliest_arrivals(self, sites: Sites, leave_at_s: Int32) -> Int32:
        """Earliest arrival at every home for who leaves a site then, shape (homes, times); -1 = impossible."""
        at, ways = self._running(leave_at_s), self.ways
        found = self._reached(self._ahead, ways.site_to_stop, ways.stop_to_home, ways.site_to_home, sites, at)
        return self._arrivals(found, at)

    def nearest_arrivals(self, sites: Sites, leave_at_s: Int32) -> Int32:
        """Earliest arrival at the nearest of some sites for who leaves each home then, shape (homes, times); -1 =
        impossible. One scan for all homes."""
        at = self._running(leave_at_s)
        return self._arrivals(self._nearest(sites, at), at)

    def arrivals_from(self, home: int, leave_at_s: Int32) -> Int32:
        """Earliest arrival at every site for who leaves one home then, shape (sites, times); -1 = impossible."""
        at, ways = self._running(leave_at_s), self.ways
        found = self._reached(self._ahead, ways.home_to_stop, ways.stop_to_site, self._direct_by_home, home, at)
        return self._arrivals(found, at)

    def durations(self, sites: Sites, leave_at_s: Int32) -> Int32:
        """Seconds to the nearest of some sites for who leaves each home then, waiting for the first ride included,
        shape (homes, times); -1 = impossible."""
        at = self._running(leave_at_s)
        lasts = self._nearest(sites, at) - at
        return np.where(lasts <= self._horizon, lasts, np.int32(IMPOSSIBLE))

    def percentiles(self, sites: Sites, first_s: int, last_s: int, percents: Sequence[float]) -> Float:
        """Minutes from each home to the nearest of some sites over a window of departures, shape (homes, percents).

        Looked at are the departures from `first_s` up to, not including, `last_s`, as closely as the card says. The
        p-th percentile is the shortest time that p percent of them do not exceed, so it is the time of a journey; NaN
        where that many are not possible.
        """
        return percentiles_of(self.durations(sites, departures(self.rules, first_s, last_s)), percents)

    @cached_property
    def _direct_by_home(self) -> Walks:
        return self.ways.home_to_site.turned(self.ways.homes)

    def _nearest(self, sites: Sites, at: Int32) -> Int32:
        """Earliest arrivals in running seconds, shape (homes, times); NEVER = not reached."""
        scan, walks = self._ahead, self.ways.home_to_stop
        if not len(at):
            return np.empty((self.ways.homes, 0), np.int32)
        order = np.argsort(at, kind="stable")
        leave, walk_s = at[order], np.full(scan.stops, kernels.NEVER, np.int32)
        np.minimum.at(walk_s, *_together(self.ways.stop_to_site, sites))
        until = int(leave[-1]) + self._horizon
        start, size, departure, arrival = kernels.profile(
            scan.table, int(leave[0]), until, scan.vehicles, scan.stops, scan.change_start, scan.change, walk_s
        )
        found: Int32 = kernels.read_profile(
            start, size, departure, arrival, walks.start, walks.target, walks.seconds, leave
        )
        _walk(found, *_together(self.ways.home_to_site, sites), leave)
        return _as_asked(found, order)

    def _running(self, wall_s: Int32) -> Int32:
        wall_s = np.asarray(wall_s, np.int32)
        if np.any((wall_s < 0) | (wall_s > DAY_S)):
            raise ValueError("a time that is asked for lies within the day")
        return self._clock.running(wall_s)

    def _arrivals(self, found: Int32, leave: Int32) -> Int32:
        possible = (found < kernels.NEVER) & (found - leave <= self._horizon)
        return np.where(possible, self._clock.wall(np.where(possible, found, 0)), np.int32(IMPOSSIBLE))

    def _reached(
        self, scan: _Scan, first_walk: Walks, last_walk: Walks, direct: Walks, sites: Sites, leave: Int32
    ) -> Int32:
        """Earliest arrival at homes in the time of the scan, for departures in any order; NEVER = not reached."""
        order = np.argsort(leave, kind="stable")
        ways = _together(first_walk, sites)
        by_vehicle = scan.spread(*ways, leave[order], self._horizon)
        found: Int32 = kernels.read_places(last_walk.start, last_walk.target, last_walk.seconds, by_vehicle)
        _walk(found, *_together(direct, sites), leave[order])
        return _as_asked(found, order)


def departures(rules: TransitRules, first_s: int, last_s: int) -> Int32:
    """Departures that are looked at from `first_s` up to, not including, `last_s`, as closely as the card says."""
    leave = np.arange(first_s, last_s, rules.departures_every_s, dtype=np.int32)
    if not len(leave):
        raise ValueError("a window of departures has a beginning and an end")
    return leave


def percentiles_of(seconds: Int32, percents: Sequence[float]) -> Float:
    """Minutes that a share of departures do not exceed, shape (homes, percents), from the seconds of each, -1 =
    impossible; NaN where that many are not possible."""
    count = seconds.shape[1]
    place = np.maximum(np.ceil(np.asarray(percents, float) / 100 * count).astype(int) - 1, 0)
    # As unsigned numbers the impossible ones are the longest.
    ranked = np.partition(seconds.view(np.uint32), np.unique(place), axis=1)[:, place].view(np.int32)
    return np.where(ranked == IMPOSSIBLE, np.nan, ranked / 60)


class _Scan(NamedTuple):
    """What the kernels need of a day in one direction of time."""

    table: Int32
    vehicles: int
    stops: int
    change_start: Int64
    change: Int32

    @classmethod
    def of(cls, table: Int32, vehicles: int, stops: int, changes: Walks) -> _Scan:
        return cls(table, vehicles, stops, changes.start, np.stack([changes.target, changes.seconds], axis=1))

    def spread(self, way_stop: Int32, way_s: Int32, leave: Int32, horizon: int) -> Int32:
        """Earliest arrival by vehicle at every stop for ascending departures."""
        if not len(leave):
            return np.empty((self.stops, 0), np.int32)
        return kernels.spread(*self, way_stop, way_s, leave, int(leave[-1]) + horizon)  # type: ignore[no-any-return]


def _walk(found: Int32, home: Int32, seconds: Int32, leave: Int32) -> None:
    """Lower arrivals to those of who walks all the way."""
    shortest = np.full(len(found), kernels.NEVER, np.int32)
    np.minimum.at(shortest, home, seconds)
    near = np.flatnonzero(shortest < kernels.NEVER)
    found[near] = np.minimum(found[near], leave + shortest[near, None])


def _as_asked(found: Int32, order: NDArray[np.intp]) -> Int32:
    """Columns in the order in which they were asked for."""
    unsorted = np.empty_like(found)
    unsorted[:, order] = found
    return unsorted


def _together(walks: Walks, sites: Sites) -> tuple[Int32, Int32]:
    """Targets and seconds of the walks of some origins, each on its own."""
    parts = [walks.of(int(site)) for site in np.atleast_1d(np.asarray(sites, np.int64))]
    if not parts:
        return np.empty(0, np.int32), np.empty(0, np.int32)
    return np.concatenate([stop for stop, _ in parts]), np.concatenate([seconds for _, seconds in parts])
