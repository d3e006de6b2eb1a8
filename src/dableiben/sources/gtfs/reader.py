# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Timetables (GTFS) to core.timetable: complete, with everything that was filled in and lost counted and listed."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dableiben.core.errors import InputError
from dableiben.core.provenance import ReadReport, Source
from dableiben.core.timetable import Timetable
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.gtfs.calls import NONE, Calls, read_calls
from dableiben.sources.gtfs.days import Services, day_number, narrower, read_services
from dableiben.sources.gtfs.flex import read_zones
from dableiben.sources.gtfs.losses import Losses
from dableiben.sources.gtfs.places import Stops, called, read_stops
from dableiben.sources.gtfs.tables import Feed, Flags, Whole, open_feed, read_table
from dableiben.sources.gtfs.transfers import between_stops, read_transfers, seats
from dableiben.sources.gtfs.trips import Copies, Routes, Trips, blocks, by_frequency, on_demand, read_routes, read_trips

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

NEEDED = ("stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
CALENDARS = ("calendar.txt", "calendar_dates.txt")
BESIDE = (
    "agency.txt", "feed_info.txt", "frequencies.txt", "transfers.txt", "booking_rules.txt", "location_groups.txt",
    "location_group_stops.txt", "locations.geojson",
)  # fmt: skip
HOME_ZONE = "Europe/Berlin"


def sniff(path: Path) -> bool:
    """Whether the file is an archive, or a folder."""
    return path.is_dir() or zipfile.is_zipfile(path)


def read(path: Path, _: Catalogue) -> Reading:
    """The timetable of a ZIP archive or a folder.

    Errors: InputError if a table or a needed column is missing, the archive is damaged, or no trip can be used.
    """
    report = _report_of_folder(path) if path.is_dir() else start_report(path, "gtfs")
    feed = open_feed(path)
    _check_complete(feed)
    losses = Losses(report)
    timetable = _timetable(feed, losses)
    unread = sorted(set(feed.names) - {*NEEDED, *CALENDARS, *BESIDE})
    if unread:
        losses.note(f"Nicht gelesene Tabellen: {', '.join(unread)}.")
    losses.finish()
    return Reading(report, timetable=timetable, left_out={k: tuple(v) for k, v in losses.left_out.items()})


def _report_of_folder(path: Path) -> ReadReport:
    """A report whose hash is that of the tables in the folder."""
    digest = hashlib.sha256()
    for file in sorted(p for p in path.rglob("*") if p.is_file()):
        digest.update(file.relative_to(path).as_posix().encode() + b"\0" + file.read_bytes())
    return ReadReport(Source(path.name, "gtfs", digest.hexdigest()))


def _check_complete(feed: Feed) -> None:
    needed = [name for name in NEEDED if not (name == "stops.txt" and "locations.geojson" in feed.names)]
    missing = [name for name in needed if name not in feed.names]
    missing += [" oder ".join(CALENDARS)] if not set(feed.names) & set(CALENDARS) else []
    if missing:
        raise InputError(
            "gtfs-incomplete", f"Dem Fahrplan fehlt {missing[0]}.",
            "Das vollständige GTFS-Archiv des Verkehrsverbunds verwenden.", file=feed.path,
        )  # fmt: skip


def _timetable(feed: Feed, losses: Losses) -> Timetable:
    stops = read_stops(feed, losses)
    trips, routes = read_trips(feed, read_routes(feed, losses), losses)
    for name, rows in (("stops.txt", len(stops.index)), ("trips.txt", len(trips.index))):
        if not rows and name in feed.names and "locations.geojson" not in feed.names:
            raise InputError("gtfs-empty", f"Die Tabelle {name} ist leer.", "Das Archiv neu laden.", file=feed.path)
    services = read_services(feed, pd.Index(trips.service, dtype=object).unique(), losses)
    service = services.index.get_indexer(pd.Index(trips.service, dtype=object)).astype(np.int64)
    idle = service < 0
    losses.lose("Fahrt ohne Verkehrstage", int(idle.sum()), trips.index[idle])
    calls, flexible = read_calls(feed, trips.index, ~idle, stops, losses)
    zones = read_zones(feed, flexible, trips, routes, service, stops, losses)
    has_calls = np.bincount(calls.trip, minlength=len(trips.index)) > 0
    in_zone = np.zeros(len(trips.index), np.bool_)
    in_zone[flexible.at("trip_id", trips.index)] = True
    empty = ~idle & ~has_calls & ~in_zone
    losses.lose("Fahrt ohne Halte oder mit nur einem Halt", int(empty.sum()), trips.index[empty])
    if not has_calls.any() and not zones:
        raise InputError(
            "gtfs-empty", "Der Fahrplan enthält keine Fahrt mit Halten, Zeiten und Verkehrstagen.",
            "Das Archiv neu laden oder beim Verkehrsverbund nachfragen.", file=feed.path,
            further=tuple(f"{count} × {reason}" for reason, count in sorted(losses.report.lost.items())),
        )  # fmt: skip
    _describe(feed, services, losses)
    return _written(feed, stops, routes, trips, services, service, calls, has_calls, zones, losses)


def _describe(feed: Feed, services: Services, losses: Losses) -> None:
    """Who publishes the feed, for when, in whose time."""
    report = losses.report
    agency = read_table(feed, "agency.txt", ("agency_name", "agency_timezone"), losses)
    names = list(dict.fromkeys(n for n in agency.texts("agency_name") if n)) if agency is not None else []
    zones = sorted({str(z) for z in agency.texts("agency_timezone")} - {"", HOME_ZONE}) if agency is not None else []
    if zones:
        losses.note(f"Die Zeiten gelten in der Zeitzone {', '.join(zones)}, nicht in {HOME_ZONE}.")
    publisher, version = narrower(feed, services.first_day, services.runs.shape[1], losses)
    number = day_number(version[:8])
    as_of = None if np.isnan(number) else date.fromordinal(int(number))
    named = publisher or ", ".join(names[:3])
    report.source = replace(report.source, as_of=as_of, attribution=f"Fahrplan: {named}" if named else "")


def _written(
    feed: Feed, stops: Stops, routes: Routes, trips: Trips, services: Services, service: Whole, calls: Calls,
    has_calls: Flags, zones: tuple[Any, ...], losses: Losses,
) -> Timetable:  # fmt: skip
    """All parts as one Timetable, renumbered to what is kept."""
    first_s = np.zeros(len(trips.index), np.int64)
    first_s[calls.trip[::-1]] = calls.departure_s[::-1]
    copies = by_frequency(feed, trips, first_s, has_calls, losses)
    table = read_transfers(feed, losses)
    block = seats(table, trips.index, blocks(trips), first_s, losses)
    block = np.where(copies.number > 0, -1, block[copies.trip])
    pairs = between_stops(table, stops, losses)
    keep = called(stops, np.unique(np.concatenate([calls.stop, *pairs[:2]])), losses)
    renumbered = np.cumsum(keep) - 1
    row, start = _rows_of(copies, calls, len(trips.index))
    shift = np.repeat(copies.shift_s, np.diff(start))
    x_m, y_m = stops.metres()
    demand = on_demand(calls, trips, routes, losses)[copies.trip]
    counts = _count(losses, services, copies, demand, row, int(keep.sum()), routes, zones)
    stop = renumbered[calls.stop[row]]
    return Timetable(
        stop_id=tuple(stops.index[keep]), stop_name=tuple(stops.name[keep]), stop_x_m=x_m[keep], stop_y_m=y_m[keep],
        stop_station=pd.factorize(stops.root[keep])[0].astype(np.int32),
        route_id=tuple(routes.index), route_name=tuple(routes.name), route_type=routes.type.astype(np.int32),
        trip_id=_names(copies, trips),
        trip_route=trips.route[copies.trip].astype(np.int32), trip_service=service[copies.trip].astype(np.int32),
        trip_block=block.astype(np.int32), trip_on_demand=demand, trip_start=start.astype(np.int32),
        call_stop=stop.astype(np.int32), call_arrival_s=(calls.arrival_s[row] + shift).astype(np.int32),
        call_departure_s=(calls.departure_s[row] + shift).astype(np.int32), call_boards=calls.pickup[row] != NONE,
        call_alights=calls.drop_off[row] != NONE, service_id=tuple(services.index), first_day=services.first_day,
        runs=services.runs, transfer_from=renumbered[pairs[0]].astype(np.int32),
        transfer_to=renumbered[pairs[1]].astype(np.int32), transfer_s=pairs[2].astype(np.int32), zones=zones,
        counts=counts,
    )  # fmt: skip


def _names(copies: Copies, trips: Trips) -> tuple[str, ...]:
    """Ids of trips as in the feed; those of a frequency with their number."""
    ids = trips.index.tolist()
    taken, between = set(ids), "#"
    numbered = [(ids[t], int(n)) for t, n in zip(copies.trip, copies.number, strict=True)]
    while any(n and f"{i}{between}{n}" in taken for i, n in numbered):
        between += "#"
    return tuple(f"{i}{between}{n}" if n else i for i, n in numbered)


def _rows_of(copies: Copies, calls: Calls, trips: int) -> tuple[Whole, Whole]:
    """Rows of the calls of every copy one after another, and where each copy begins."""
    size = np.bincount(calls.trip, minlength=trips)
    begin = np.concatenate([[0], np.cumsum(size)])[:-1]
    lengths = size[copies.trip]
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    row = np.repeat(begin[copies.trip] - start[:-1], lengths) + np.arange(start[-1])
    return row.astype(np.int64), start


def _count(
    losses: Losses, services: Services, copies: Copies, demand: Flags, row: Whole, stops: int, routes: Routes,
    zones: tuple[Any, ...],
) -> dict[str, int]:  # fmt: skip
    """What the timetable holds, beside what was filled in and lost."""
    held = {
        "stops": stops, "routes": len(routes.index), "trips": len(copies.trip), "calls": len(row),
        "services": len(services.index), "days": services.runs.shape[1], "trips_on_demand": int(demand.sum()),
        "zones": len(zones),
    }  # fmt: skip
    return dict(sorted((dict(losses.counts) | held).items()))


READERS.register("gtfs")(Reader("gtfs", "Fahrplan im Format GTFS (ZIP oder Ordner)", sniff, read))
