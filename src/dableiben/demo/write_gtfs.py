# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The public transport as a GTFS feed with GTFS-Flex zones: one ZIP, the same bytes for the same district."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import numpy as np
import shapely

from dableiben.core.calendar import Calendar, days_between
from dableiben.core.geo import to_degrees
from dableiben.demo import bus_plan, plan
from dableiben.demo.bus_plan import Service
from dableiben.demo.facilities import Facility
from dableiben.demo.terrain import Point, Terrain, to_m
from dableiben.demo.timetable import Stop, Trip, bus_stops, trips

Row = tuple[object, ...]
ZIPPED = (2026, 1, 2, 8, 0, 0)
AGENCY = "Erfundene Verkehrsgesellschaft Ellerland (Demo von dableiben)"
BUS, RAIL, SCHOOL_BUS, ON_DEMAND = 3, 2, 712, 715
WALK_AROUND_M = 120.0
"""a zone on demand reaches this far around the cells people live in"""
SERVICE_DAYS: dict[Service, tuple[int, ...]] = {
    "W": (0, 1, 2, 3, 4), "S": (0, 1, 2, 3, 4), "F": (), "FR": (4,), "SA": (5,), "SU": (6,),
}  # fmt: skip
"""weekdays in calendar.txt; everything else is an exception in calendar_dates.txt"""
CHANGE_S = {"rail": 240, "bus": 180}
TIMES = ("trip_id", "stop_id", "arrival_time", "departure_time", "stop_sequence", "pickup_type", "drop_off_type",
         "timepoint", "location_id", "start_pickup_drop_off_window", "end_pickup_drop_off_window",
         "pickup_booking_rule_id", "drop_off_booking_rule_id")  # fmt: skip


def write_gtfs(path: Path, terrain: Terrain, facilities: tuple[Facility, ...]) -> None:
    """Write the feed."""
    stops = bus_stops(facilities, terrain)
    buses = trips(stops)
    station = next(f.point for f in facilities if f.tags and f.tags.get("railway") == "station")
    tables = {
        "agency.txt": _agency(), "feed_info.txt": _feed_info(), "stops.txt": _stops(stops, buses, station),
        "routes.txt": _routes(), "calendar.txt": _calendar(), "calendar_dates.txt": _exceptions(),
        "trips.txt": _trips(buses), "stop_times.txt": _times(buses), "frequencies.txt": _frequencies(buses),
        "transfers.txt": _transfers(stops), "booking_rules.txt": _booking_rules(),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            archive.writestr(_entry(name), _csv(rows))
        archive.writestr(_entry("locations.geojson"), _locations(terrain))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ZIPPED)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry


def _csv(rows: Iterable[Row]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(["" if v is None else v for v in row] for row in rows)
    return text.getvalue()


def _agency() -> Iterator[Row]:
    yield "agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"
    yield "ELL", AGENCY, "https://ellerland.example", "Europe/Berlin", "de"


def _feed_info() -> Iterator[Row]:
    yield "feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date", "feed_end_date", "feed_version"
    yield AGENCY, "https://ellerland.example", "de", _day(bus_plan.FIRST_DAY), _day(bus_plan.LAST_DAY), "2026"


def _stops(stops: dict[str, list[Stop]], buses: list[Trip], station: Point) -> Iterator[Row]:
    """Stops that are called at, and the stations; the bus stop at the station belongs to it."""
    yield "stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station", "wheelchair_boarding"
    called = {stop.stop_id: stop for trip in buses for stop in trip.stops}
    at_station = stops[bus_plan.STATION[1]][0].stop_id
    parent = _rail_id(bus_plan.STATION[0])
    for stop in sorted(called.values(), key=lambda stop: stop.stop_id):
        belongs = parent if stop.stop_id == at_station else None
        yield stop.stop_id, stop.name, *_lat_lon(stop.point), 0, belongs, 1 if stop.barrier_free else 2
    for name, x_km, y_km, _ in bus_plan.RAIL:
        spot = station if x_km is None or y_km is None else to_m(x_km, y_km)
        yield _rail_id(name), name, *_lat_lon(spot), 1, None, 1
        yield f"{_rail_id(name)}-1", f"{name}, Gleis 1", *_lat_lon(spot), 0, _rail_id(name), 1


def _rail_id(name: str) -> str:
    return "bf-" + name.split(maxsplit=1)[0].lower().replace("ö", "oe").replace("ü", "ue")


def _lat_lon(point: Point) -> tuple[float, float]:
    lon, lat = to_degrees(*(np.array([part]) for part in point))
    return round(float(lat[0]), 6), round(float(lon[0]), 6)


def _routes() -> Iterator[Row]:
    yield "route_id", "agency_id", "route_short_name", "route_long_name", "route_type"
    for line, name in bus_plan.LINE_NAMES.items():
        yield line, "ELL", line, name, SCHOOL_BUS if line == bus_plan.SCHOOL_LINE else BUS
    yield "RB90", "ELL", bus_plan.RAIL_NAME, " – ".join(name for name, *_ in bus_plan.RAIL), RAIL
    for zone in bus_plan.ZONES:
        yield f"ruf-{zone.zone_id}", "ELL", "Ruf", zone.name, ON_DEMAND


def _calendar() -> Iterator[Row]:
    yield (
        "service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "start_date", "end_date",
    )  # fmt: skip
    for service, days in SERVICE_DAYS.items():
        if days:
            flags = (int(day in days) for day in range(7))
            yield service, *flags, _day(bus_plan.FIRST_DAY), _day(bus_plan.LAST_DAY)


def _exceptions() -> Iterator[Row]:
    """Days on which a service runs (1) or does not run (2) against its weekdays."""
    yield "service_id", "date", "exception_type"
    calendar = Calendar(plan.LAND)
    for service, weekdays in SERVICE_DAYS.items():
        for day in days_between(bus_plan.FIRST_DAY, bus_plan.LAST_DAY):
            runs = runs_on(service, day, calendar)
            if runs != (day.weekday() in weekdays):
                yield service, _day(day), 1 if runs else 2


def runs_on(service: Service, day: date, calendar: Calendar) -> bool:
    """Whether a service is meant to run on a day."""
    kind = calendar.day_type(day)
    wanted: dict[Service, bool] = {
        "W": kind in ("school_day", "school_holiday"),
        "S": kind == "school_day",
        "F": kind == "school_holiday",
        "FR": kind in ("school_day", "school_holiday") and day.weekday() == 4,
        "SA": kind == "saturday",
        "SU": kind in ("sunday", "public_holiday"),
    }
    return wanted[service]


def _day(day: date) -> str:
    return day.strftime("%Y%m%d")


def _rail_trips() -> Iterator[tuple[str, Service, list[tuple[str, int]]]]:
    """Trip id, service, and stops with minutes, in both directions."""
    number = 0
    for service, clock in bus_plan.RAIL_MINUTES.items():
        for minute in clock.minutes():
            for back in (False, True):
                number += 1
                calls = [(f"{_rail_id(name)}-1", after) for name, _, _, after in bus_plan.RAIL]
                last = calls[-1][1]
                calls = [(stop, last - after) for stop, after in reversed(calls)] if back else calls
                yield f"RB90-{number}", service, [(stop, minute + after) for stop, after in calls]


def _numbered(buses: list[Trip]) -> Iterator[tuple[str, Trip]]:
    for number, trip in enumerate(buses, start=1):
        yield f"{trip.line}-{number}", trip


def _zone_trips() -> Iterator[tuple[str, bus_plan.Zone, Service]]:
    for zone in bus_plan.ZONES:
        for service in zone.windows:
            yield f"ruf-{zone.zone_id}-{service}", zone, service


def _trips(buses: list[Trip]) -> Iterator[Row]:
    yield "route_id", "service_id", "trip_id", "trip_headsign", "block_id"
    for key, trip in _numbered(buses):
        yield trip.line, trip.service, key, trip.stops[-1].locality, trip.block
    for key, service, calls in _rail_trips():
        yield "RB90", service, key, next(n for n, *_ in bus_plan.RAIL if f"{_rail_id(n)}-1" == calls[-1][0]), None
    for key, zone, service in _zone_trips():
        yield f"ruf-{zone.zone_id}", service, key, zone.name, None


def _times(buses: list[Trip]) -> Iterator[Row]:
    yield TIMES
    for key, trip in _numbered(buses):
        for number, (stop, minute) in enumerate(zip(trip.stops, trip.minutes, strict=True), start=1):
            inner = 1 < number < len(trip.stops)
            time = None if inner and stop.locality in bus_plan.UNTIMED else _clock(minute)
            kind, rule = (2, "heidebus") if trip.booked else (0, None)
            yield key, stop.stop_id, time, time, number, kind, kind, int(time is not None), *(None,) * 3, rule, rule
    for key, _, calls in _rail_trips():
        for number, (platform, minute) in enumerate(calls, start=1):
            yield key, platform, _clock(minute), _clock(minute), number, 0, 0, 1, *(None,) * 5
    for key, zone, service in _zone_trips():
        first, last = (_clock(minute) for minute in zone.windows[service])
        rule = f"ruf-{zone.zone_id}"
        # Two calls at the same zone: a ride begins and ends inside it.
        for number, (pickup, drop_off) in enumerate(((2, 1), (1, 2)), start=1):
            rules = (rule if pickup == 2 else None, rule if drop_off == 2 else None)
            yield key, None, None, None, number, pickup, drop_off, None, zone.zone_id, first, last, *rules


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}:00"


def _frequencies(buses: list[Trip]) -> Iterator[Row]:
    yield "trip_id", "start_time", "end_time", "headway_secs", "exact_times"
    for key, trip in _numbered(buses):
        if trip.every:
            first, last, minutes = trip.every
            yield key, _clock(first), _clock(last), minutes * 60, 0


def _transfers(stops: dict[str, list[Stop]]) -> Iterator[Row]:
    """At the station of Sölten: between train and bus in both directions, and from bus to bus."""
    yield "from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time"
    platform, bus = f"{_rail_id(bus_plan.STATION[0])}-1", stops[bus_plan.STATION[1]][0].stop_id
    yield platform, bus, 2, CHANGE_S["rail"]
    yield bus, platform, 2, CHANGE_S["rail"]
    yield bus, bus, 2, CHANGE_S["bus"]


def _booking_rules() -> Iterator[Row]:
    yield "booking_rule_id", "booking_type", "prior_notice_duration_min", "message", "phone_number"
    for zone in bus_plan.ZONES:
        yield f"ruf-{zone.zone_id}", 1, zone.notice_min, f"{zone.name}: {zone.notice_min} Minuten vorher", "000 000"
    yield "heidebus", 1, 120, "Heidebus: zwei Stunden vorher anrufen", "000 000"


def _locations(terrain: Terrain) -> str:
    """Zones: the ground around the populated cells of their localities."""
    features = []
    for zone in bus_plan.ZONES:
        parts = []
        for name in zone.localities:
            ground = shapely.MultiPoint(terrain.settlements[name].cells).convex_hull.buffer(WALK_AROUND_M, quad_segs=2)
            lon, lat = to_degrees(*shapely.get_coordinates(ground.exterior).T)
            parts.append([[[round(x, 6), round(y, 6)] for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]])
        features.append({
            "id": zone.zone_id, "type": "Feature", "properties": {"stop_name": zone.name},
            "geometry": {"type": "MultiPolygon", "coordinates": parts},
        })  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False) + "\n"
