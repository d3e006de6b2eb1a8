# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Trips of a feed: routes, vehicles, what runs only when booked, and trips by frequency written out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dableiben.sources.gtfs.calls import DRIVER, NONE, PHONE, Calls
from dableiben.sources.gtfs.losses import Losses, german
from dableiben.sources.gtfs.places import unique_rows
from dableiben.sources.gtfs.tables import Feed, Flags, Table, Texts, Whole, read_table
from dableiben.sources.gtfs.times import seconds

ON_DEMAND_TYPES = (715, 1501)
"""demand and response bus, communal taxi (Anruf-Sammeltaxi)"""
UNKNOWN_TYPE = -1
MOST_BY_FREQUENCY = 5_000
"""trips of one row of frequencies.txt; more is a slip of the pen"""


@dataclass(frozen=True)
class Routes:
    """Lines by their ids."""

    index: pd.Index
    name: Texts
    type: Whole


@dataclass(frozen=True)
class Trips:
    """Rows of trips.txt with an id of their own."""

    table: Table
    index: pd.Index
    route: Whole
    """row in routes"""
    service: Texts


def read_routes(feed: Feed, losses: Losses) -> Routes:
    """Lines with their short or long names. Errors: InputError if the ids are missing."""
    columns = ("route_id", "route_short_name", "route_long_name", "route_type")
    table = read_table(feed, "routes.txt", columns, losses, needed=("route_id",)) or Table("routes.txt", 0, {})
    table = unique_rows(table, "route_id", "Linie", losses)
    short, long = table.texts("route_short_name"), table.texts("route_long_name")
    kind = np.nan_to_num(table.numbers("route_type"), nan=UNKNOWN_TYPE)
    numbers: Whole = np.where((kind >= 0) & (kind < 10_000), kind, UNKNOWN_TYPE).astype(np.int64)
    return Routes(pd.Index(table.texts("route_id"), dtype=object), np.where(short == "", long, short), numbers)


def read_trips(feed: Feed, routes: Routes, losses: Losses) -> tuple[Trips, Routes]:
    """Trips, and the lines with those added that only trips name: a bus without a line still runs.

    Errors: InputError if a needed column is missing.
    """
    columns = ("trip_id", "route_id", "service_id", "block_id")
    table = read_table(feed, "trips.txt", columns, losses, needed=columns[:3]) or Table("trips.txt", 0, {})
    table = unique_rows(table, "trip_id", "Fahrt", losses)
    unknown = pd.Index(table.texts("route_id")[table.at("route_id", routes.index) < 0], dtype=object).unique()
    if len(unknown):
        losses.counts["routes_unknown"] = len(unknown)
        losses.list("Fahrplan: Linie steht nicht in routes.txt (die Fahrten bleiben)", unknown)
        more = np.full(len(unknown), UNKNOWN_TYPE, np.int64)
        names = np.concatenate([routes.name, unknown.to_numpy(dtype=object)])
        routes = Routes(routes.index.append(unknown), names, np.concatenate([routes.type, more]))
    index = pd.Index(table.texts("trip_id"), dtype=object)
    return Trips(table, index, table.at("route_id", routes.index), table.texts("service_id")), routes


def blocks(trips: Trips) -> Whole:
    """A number for trips of one vehicle; -1 where a trip stands alone."""
    numbers, distinct = trips.table.values("block_id")
    many = np.bincount(numbers, minlength=len(distinct)) > 1
    many &= np.array([text != "" for text in distinct], np.bool_)
    renumbered = np.where(many, np.cumsum(many) - 1, -1)
    return np.asarray(renumbered[numbers], np.int64)


def on_demand(calls: Calls, trips: Trips, routes: Routes, losses: Losses) -> Flags:
    """Trips that run only when booked: by the type of the line, or because every boarding must be asked for.

    The last call of a trip is no boarding. Single stops on request of other trips stay regular and are counted.
    """
    by_line = np.isin(routes.type, ON_DEMAND_TYPES)[trips.route]
    last = np.ones(len(calls.trip), np.bool_)
    last[:-1] = np.diff(calls.trip) != 0
    boarding = (calls.pickup != NONE) & ~last
    asked = boarding & (np.isin(calls.pickup, (PHONE, DRIVER)) | calls.booked)
    boardings, askings = (np.bincount(calls.trip[which], minlength=len(trips.index)) for which in (boarding, asked))
    found = np.asarray(by_line | ((boardings > 0) & (boardings == askings)))
    has_calls = np.bincount(calls.trip, minlength=len(trips.index)) > 0
    flagged, single = int((found & has_calls).sum()), int((asked & ~found[calls.trip]).sum())
    losses.counts["calls_on_request"] = single
    if flagged:
        losses.note(f"{german(flagged)} von {german(int(has_calls.sum()))} Fahrten fahren nur auf Bestellung.")
    if single:
        losses.note(f"{german(single)} Halte sonst regelmäßiger Fahrten werden nur auf Bestellung bedient.")
    return found


@dataclass(frozen=True)
class Copies:
    """Trips to write: the row in trips.txt, seconds by which its calls move, and its number among the copies."""

    trip: Whole
    shift_s: Whole
    number: Whole
    """0 = the trip itself"""


def by_frequency(feed: Feed, trips: Trips, first_s: Whole, has_calls: Flags, losses: Losses) -> Copies:
    """Every trip with calls once, those of frequencies.txt as often as they run.

    first_s   first departure of each trip; the trip that frequencies.txt names is only a pattern
    """
    columns = ("trip_id", "start_time", "end_time", "headway_secs", "exact_times")
    table = read_table(feed, "frequencies.txt", columns, losses, needed=columns[:4])
    plain = np.flatnonzero(has_calls).astype(np.int64)
    if table is None or not table.rows:
        return Copies(plain, np.zeros_like(plain), np.zeros_like(plain))
    trip = table.at("trip_id", trips.index)
    start, end = table.mapped("start_time", seconds), table.mapped("end_time", seconds)
    headway = table.numbers("headway_secs")
    with np.errstate(invalid="ignore", divide="ignore"):
        runs = np.ceil((end - start) / headway)
        good = (trip >= 0) & (headway > 0) & (runs >= 1) & (runs <= MOST_BY_FREQUENCY)
    good[good] &= has_calls[trip[good]]
    losses.lose("Takt ohne Fahrt oder mit unbrauchbaren Zeiten", int((~good).sum()), table.texts("trip_id")[~good])
    named = np.unique(trip[good])
    times = runs[good].astype(np.int64)
    row = np.repeat(np.flatnonzero(good), times)
    step = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    shift = np.rint(start[row] + step * headway[row]).astype(np.int64) - first_s[trip[row]]
    loose = int((times * (table.numbers("exact_times")[good] != 1)).sum())
    losses.counts["trips_by_frequency"] = len(row)
    losses.counts["trips_by_loose_frequency"] = loose
    if len(row):
        losses.note(
            f"{german(len(named))} Fahrten im Takt sind als {german(len(row))} einzelne Fahrten ausgeschrieben"
            + (f"; bei {german(loose)} davon sind die Abfahrten nur ungefähr." if loose else ".")
        )
    single = plain[~np.isin(plain, named)]
    order = np.lexsort((shift, trip[row]))
    copied, shift = trip[row][order], shift[order]
    number = np.arange(len(copied)) - np.searchsorted(copied, copied) + 1
    whole = np.concatenate([single, copied])
    place = np.argsort(whole, kind="stable")
    zeros = np.zeros_like(single)
    shifts, numbers = np.concatenate([zeros, shift]), np.concatenate([zeros, number])
    return Copies(whole[place], shifts[place], numbers[place])
