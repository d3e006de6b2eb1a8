# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Trips of the made-up public transport between the demo's own bus stops, minute by minute."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np

from dableiben.core.ids import slug
from dableiben.demo import bus_plan, plan
from dableiben.demo.bus_plan import Service
from dableiben.demo.facilities import Facility
from dableiben.demo.terrain import Point, Terrain

BUS_KMH = 40.0
DETOUR = 1.2
"""length of a road against the straight line"""
RING_STOPS = 3
"""stops of a part of town that the ring calls at"""


@dataclass(frozen=True)
class Stop:
    """A bus stop that is a facility of the demo."""

    stop_id: str
    name: str
    point: Point
    locality: str
    barrier_free: bool


@dataclass(frozen=True)
class Trip:
    """One trip: stops and minutes of the day (beyond 1440 on the next)."""

    line: str
    service: Service
    stops: tuple[Stop, ...]
    minutes: tuple[int, ...]
    block: str | None = None
    booked: bool = False
    every: tuple[int, int, int] | None = None
    """by frequency: first minute, last minute, minutes between"""


def bus_stops(facilities: tuple[Facility, ...], terrain: Terrain) -> dict[str, list[Stop]]:
    """Bus stops of every locality, the one nearest to its middle first."""
    found: dict[str, list[Stop]] = {}
    for facility in facilities:
        if facility.tags and facility.tags.get("highway") == "bus_stop":
            mine = found.setdefault(facility.locality, [])
            key = f"{terrain.settlements[facility.locality].ags}-{slug(facility.locality)}-{len(mine) + 1}"
            barrier_free = facility.tags.get("wheelchair") == "yes"
            mine.append(Stop(key, facility.name, facility.point, facility.locality, barrier_free))
    for locality, stops in found.items():
        centre = terrain.settlements[locality].centre
        stops.sort(key=lambda stop: (_apart(stop.point, centre), stop.stop_id))
    return found


def trips(stops: dict[str, list[Stop]]) -> list[Trip]:
    """All trips of the twelve bus lines."""
    return [
        *_all_day(stops), *_late(stops), *_school(stops), *_ring(stops), *_holidays(stops), *_booked(stops),
    ]  # fmt: skip


def _all_day(stops: dict[str, list[Stop]]) -> Iterator[Trip]:
    for course in bus_plan.COURSES:
        for row, clocks in ((course.localities, course.out), (course.localities[::-1], course.back)):
            for service, clock in clocks.items():
                for minute in clock.minutes():
                    yield _trip(course.line, service, row, stops, minute)


def _late(stops: dict[str, list[Stop]]) -> Iterator[Trip]:
    for line, row in bus_plan.LATE:
        for service, minute in bus_plan.LATE_MIN:
            yield _trip(line, service, row, stops, minute)
        there = _trip(line, "FR", row[::-1], stops, 0)
        yield _trip(line, "FR", row[::-1], stops, bus_plan.THERE_MIN - there.minutes[-1])


def _school(stops: dict[str, list[Stop]]) -> Iterator[Trip]:
    """To the bell and back after lessons and after the afternoon; from Mahrenfelde not after the afternoon."""
    block = "U1"
    for line, row in (*bus_plan.TO_SCHOOL, *_around_schools()):
        there = _trip(line, "S", row, stops, 0)
        shift = bus_plan.TO_SCHOOL_MIN - there.minutes[-1]
        goes_on = (line, row[0]) == ("409", "Feldhagen")
        yield _trip(line, "S", row, stops, shift, block if goes_on else None)
        for minute in bus_plan.FROM_SCHOOL_MIN:
            if minute < bus_plan.AFTERNOON_END_MIN or row[0] not in bus_plan.WITHOUT_AFTERNOON_BUS:
                yield _trip(line, "S", row[::-1], stops, minute)
    line, row = bus_plan.BLOCK_TRIP
    yield _trip(line, "S", row, stops, bus_plan.TO_SCHOOL_MIN + 5, block)


def _around_schools() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Localities whose hub is the seat of their municipality, unless one of the other rides passes them."""
    passed = {name for _, row in bus_plan.TO_SCHOOL for name in row[:-1]}
    for municipality, place in plan.localities().values():
        near = place.hub == municipality.seat != place.name
        if near and place.name not in (*passed, *plan.WITHOUT_STREETS) and municipality.name != "Sölten":
            yield bus_plan.SCHOOL_LINE, (place.name, municipality.seat)


def _ring(stops: dict[str, list[Stop]]) -> Iterator[Trip]:
    for row in (bus_plan.RING_ROW, bus_plan.RING_ROW[::-1]):
        calls = [stop for name in row[:-1] for stop in stops[name][:RING_STOPS]] + [stops[row[-1]][0]]
        for service, every in bus_plan.RING_HEADWAYS.items():
            yield Trip(bus_plan.RING, service, tuple(calls), _minutes(calls, every[0]), every=every)


def _holidays(stops: dict[str, list[Stop]]) -> Iterator[Trip]:
    for line, row, minute in bus_plan.HOLIDAY_TRIPS:
        yield _trip(line, "F", row, stops, minute)


def _booked(stops: dict[str, list[Stop]]) -> Iterator[Trip]:
    for line, row, hours in bus_plan.BOOKED:
        for hour in hours:
            calls = [stops[name][0] for name in row]
            yield Trip(line, "W", tuple(calls), _minutes(calls, hour * bus_plan.HOUR), booked=True)


def _trip(
    line: str, service: Service, row: tuple[str, ...], stops: dict[str, list[Stop]], minute: int,
    block: str | None = None,
) -> Trip:  # fmt: skip
    calls = [stops[name][0] for name in row]
    return Trip(line, service, tuple(calls), _minutes(calls, minute), block)


def _minutes(calls: list[Stop], start: int) -> tuple[int, ...]:
    """Minutes of arrival, rounded up."""
    minutes = [start]
    for one, other in pairwise(calls):
        km = DETOUR * _apart(one.point, other.point) / 1000
        minutes.append(minutes[-1] + max(1, ceil(km / BUS_KMH * 60)))
    return tuple(minutes)


def _apart(one: Point, other: Point) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))
