# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Timetables as they were read: stops, trips with their calls, days of service, transfers, zones on demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from dableiben.core.errors import ContractError

Int32 = NDArray[np.int32]
Float64 = NDArray[np.float64]
Bool = NDArray[np.bool_]
SCHOOL_BUS = 712
"""route type of services for pupils only"""
_OF_TRIPS = ("route", "service", "block", "on_demand")
_OF_CALLS = ("stop", "arrival_s", "departure_s", "boards", "alights")


@dataclass(frozen=True, eq=False)
class OnDemandZone:
    """An area of a feed (GTFS-Flex) inside which somebody is fetched and brought on request."""

    zone_id: str
    name: str
    shape: BaseGeometry
    """EPSG:3035; whoever is inside it and wants to go inside it is served. Points in it are stops of a group: whoever
    may walk to one of them is served"""
    windows: tuple[tuple[int, int, int], ...]
    """(service number, first second, last second) in which rides are offered on a day of that service"""
    notice_min: float | None = None
    """minutes before the ride by which it must be booked; None = not said"""


@dataclass(frozen=True, eq=False)
class Timetable:
    """All services of one or several feeds. Seconds count from noon minus 12 hours of the service day.

    Trip `t` calls at `call_stop[trip_start[t]:trip_start[t + 1]]`, in order, each call not before the one before.
    Trips by frequency are written out as single trips. Service `s` runs on `first_day + d` where `runs[s, d]`.
    """

    stop_id: tuple[str, ...]
    stop_name: tuple[str, ...]
    stop_x_m: Float64
    stop_y_m: Float64
    """EPSG:3035; NaN = the feed gives no usable place"""
    stop_station: Int32
    """stops of one station share a number"""
    route_id: tuple[str, ...]
    route_name: tuple[str, ...]
    route_type: Int32
    """as in GTFS: 0 tram, 1 metro, 2 rail, 3 bus, 715 on demand, ..."""
    trip_id: tuple[str, ...]
    trip_route: Int32
    trip_service: Int32
    trip_block: Int32
    """trips of one vehicle that follow each other share a number; passengers may stay seated; -1 = none"""
    trip_on_demand: Bool
    """runs only when booked"""
    trip_start: Int32
    call_stop: Int32
    call_arrival_s: Int32
    call_departure_s: Int32
    call_boards: Bool
    """passengers may get on"""
    call_alights: Bool
    """passengers may get off"""
    service_id: tuple[str, ...]
    first_day: date
    runs: Bool
    """shape (services, days)"""
    transfer_from: Int32
    transfer_to: Int32
    transfer_s: Int32
    """least seconds for the change; -1 = no change possible here"""
    zones: tuple[OnDemandZone, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """what was read, filled in and lost"""

    def __post_init__(self) -> None:
        stops, trips, calls = len(self.stop_id), len(self.trip_id), len(self.call_stop)
        per_stop = (self.stop_name, self.stop_x_m, self.stop_y_m, self.stop_station)
        _check("stops", all(len(column) == stops for column in per_stop))
        _check("routes", len(self.route_name) == len(self.route_type) == len(self.route_id))
        per_trip = (self.trip_route, self.trip_service, self.trip_block, self.trip_on_demand)
        _check("trips", {len(column) for column in per_trip} == {trips})
        _check("trip_start", len(self.trip_start) == trips + 1 and int(self.trip_start[-1]) == calls)
        per_call = (self.call_arrival_s, self.call_departure_s, self.call_boards, self.call_alights)
        _check("calls", {len(column) for column in per_call} == {calls})
        _check("call_stop", not calls or (int(self.call_stop.min()) >= 0 and int(self.call_stop.max()) < stops))
        _check("services", self.runs.shape[0] == len(self.service_id))
        _check("transfers", len(self.transfer_from) == len(self.transfer_to) == len(self.transfer_s))
        for name in (f.name for f in fields(self)):
            value: Any = getattr(self, name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def last_day(self) -> date:
        """Last day the feeds say anything about."""
        return self.first_day + timedelta(days=max(self.runs.shape[1] - 1, 0))

    def covers(self, day: date) -> bool:
        """Whether the feeds say anything about a day: outside of them nothing is known, which is not "no bus"."""
        return self.runs.shape[1] > 0 and self.first_day <= day <= self.last_day

    def without_trips(self, left_out: Bool) -> Timetable:
        """The same timetable without some trips, shape (trips,)."""
        kept = np.flatnonzero(~left_out)
        calls = np.diff(self.trip_start)
        of_kept = np.repeat(~left_out, calls)
        return replace(
            self,
            trip_id=tuple(self.trip_id[trip] for trip in kept),
            **{f"trip_{name}": getattr(self, f"trip_{name}")[kept] for name in _OF_TRIPS},
            trip_start=np.concatenate([[0], np.cumsum(calls[kept])]).astype(np.int32),
            **{f"call_{name}": getattr(self, f"call_{name}")[of_kept] for name in _OF_CALLS},
        )

    def services_on(self, day: date) -> Bool:
        """Which services run on a day; none on a day that is not covered."""
        if not self.covers(day):
            return np.zeros(len(self.service_id), dtype=np.bool_)
        return np.asarray(self.runs[:, (day - self.first_day).days])

    def trips_on(self, day: date) -> Int32:
        """Numbers of the trips whose service runs on a day."""
        return np.flatnonzero(self.services_on(day)[self.trip_service]).astype(np.int32)


def _check(what: str, holds: bool) -> None:
    if not holds:
        raise ContractError(f"timetable: {what} do not fit together")
