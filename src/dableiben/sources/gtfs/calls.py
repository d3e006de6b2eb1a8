# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Calls of a feed (stop_times.txt): sorted by trip and order, times complete, trips that cannot be left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.errors import InputError
from dableiben.sources.gtfs.losses import Losses, german
from dableiben.sources.gtfs.places import Stops
from dableiben.sources.gtfs.tables import Feed, Flags, Table, Whole, read_table
from dableiben.sources.gtfs.times import Floats, backwards, fill, over_midnight, seconds, timed_range

COLUMNS = (
    "trip_id", "stop_id", "arrival_time", "departure_time", "stop_sequence", "pickup_type", "drop_off_type",
    "shape_dist_traveled", "pickup_booking_rule_id", "drop_off_booking_rule_id", "location_id", "location_group_id",
    "start_pickup_drop_off_window", "end_pickup_drop_off_window",
)  # fmt: skip
REGULAR, NONE, PHONE, DRIVER = 0, 1, 2, 3
EARTH_M = 111_195.0
"""metres a degree of latitude"""


@dataclass(frozen=True)
class Calls:
    """Calls of all usable trips, ordered by trip (its row in trips.txt) and sequence."""

    trip: Whole
    stop: Whole
    """row in stops.txt"""
    arrival_s: Floats
    departure_s: Floats
    pickup: Whole
    drop_off: Whole
    booked: Flags
    """boarding here has a rule for booking"""

    def where(self, keep: Flags) -> Calls:
        """The calls that are kept."""
        return Calls(**{name: column[keep] for name, column in vars(self).items()})


def read_calls(feed: Feed, trips: pd.Index, runs: Flags, stops: Stops, losses: Losses) -> tuple[Calls, Table]:
    """Calls with complete times, and the rows that name a window instead of a time (GTFS-Flex).

    runs   which trips have days of service; calls of the others are lost with them
    Errors: InputError if the table names no trips, or neither stops nor areas.
    """
    table = read_table(feed, "stop_times.txt", COLUMNS, losses, needed=("trip_id",))
    if table is None or not table.rows:
        raise InputError("gtfs-empty", "Die Tabelle stop_times.txt ist leer.", "Das Archiv neu laden.", file=feed.path)
    if not {"stop_id", "location_id", "location_group_id"} & set(table.columns):
        raise InputError(
            "gtfs-column-missing", "In der Tabelle stop_times.txt fehlt die Spalte stop_id.",
            "Ein vollständiges GTFS-Archiv des Verkehrsverbunds verwenden.", file=feed.path, sheet=table.name,
            column="stop_id",
        )  # fmt: skip
    trip = table.at("trip_id", trips)
    stray = trip < 0
    losses.lose("Halt einer Fahrt, die nicht in trips.txt steht", int(stray.sum()), table.texts("trip_id")[stray])
    out = ~stray & ~runs[trip]
    losses.lose("Halt einer Fahrt ohne Verkehrstage", int(out.sum()))
    table = table.where(~stray & ~out)
    flexible = table.said("start_pickup_drop_off_window") | table.said("end_pickup_drop_off_window")
    flexible |= table.said("location_id") | table.said("location_group_id")
    fixed = table.where(~flexible)
    return _complete(_sorted(fixed, trips, stops, losses), trips, stops, losses), table.where(flexible)


@dataclass(frozen=True)
class _Raw:
    calls: Calls
    shape_m: Floats


def _sorted(table: Table, trips: pd.Index, stops: Stops, losses: Losses) -> _Raw:
    """Rows at known stops by trip and sequence; of two with one number the first."""
    stop = table.at("stop_id", stops.index)
    unknown = stop < 0
    losses.lose("Halt an einer unbekannten Haltestelle", int(unknown.sum()), table.texts("stop_id")[unknown])
    sequence = table.numbers("stop_sequence") if "stop_sequence" in table else np.arange(table.rows, dtype=float)
    unnumbered = ~unknown & np.isnan(sequence)
    losses.lose("Halt ohne Nummer der Reihenfolge", int(unnumbered.sum()))
    keep = ~unknown & ~unnumbered
    table, stop, sequence = table.where(keep), stop[keep], sequence[keep]
    trip = table.at("trip_id", trips)
    order = np.lexsort((np.arange(len(trip)), sequence, trip))
    again = np.zeros(len(trip), np.bool_)
    again[1:] = (np.diff(trip[order]) == 0) & (np.diff(sequence[order]) == 0)
    losses.lose("Halt doppelt (gleiche Fahrt, gleiche Nummer)", int(again.sum()))
    order = order[~again]
    arrival, departure = (table.mapped(f"{word}_time", seconds)[order] for word in ("arrival", "departure"))
    odd = sum(
        int((table.said(column)[order] & np.isnan(values)).sum())
        for column, values in (("arrival_time", arrival), ("departure_time", departure))
    )
    if odd:
        losses.note(f"{german(odd)} Zeiten sind nicht lesbar und gelten als nicht angegeben.")
    arrival = np.where(np.isnan(arrival), departure, arrival)
    departure = np.where(np.isnan(departure), arrival, departure)
    calls = Calls(
        trip=trip[order], stop=stop[order], arrival_s=arrival, departure_s=departure,
        pickup=_kind(table, "pickup_type")[order], drop_off=_kind(table, "drop_off_type")[order],
        booked=table.said("pickup_booking_rule_id")[order],
    )  # fmt: skip
    return _Raw(calls, table.numbers("shape_dist_traveled")[order])


def _kind(table: Table, column: str) -> Whole:
    values = table.numbers(column)
    return np.where(np.isin(values, (NONE, PHONE, DRIVER)), values, REGULAR).astype(np.int64)


def _complete(raw: _Raw, trips: pd.Index, stops: Stops, losses: Losses) -> Calls:
    """Fill in times; leave out calls outside the known times, trips that run backwards and trips of one call."""
    calls, shape_m = raw.calls, raw.shape_m
    arrival, departure, wrapped = over_midnight(calls.arrival_s, calls.departure_s, calls.trip)
    losses.counts["trips_over_midnight_repaired"] = wrapped
    if wrapped:
        losses.note(f"In {german(wrapped)} Fahrten beginnen die Zeiten nach Mitternacht wieder bei 0 Uhr; ergänzt.")
    calls = Calls(**{**vars(calls), "arrival_s": arrival, "departure_s": departure})
    inside = timed_range(arrival, calls.trip)
    names = trips[np.unique(calls.trip[~inside])]
    losses.lose("Halt vor der ersten oder nach der letzten Zeit der Fahrt", int((~inside).sum()), names)
    calls, shape_m = calls.where(inside), shape_m[inside]
    filled = fill(calls.arrival_s, calls.departure_s, calls.trip, shape_m, _way_m(calls, stops))
    _tell_filled(filled.by_shape, filled.by_distance, filled.by_index, losses)
    calls = Calls(**{**vars(calls), "arrival_s": filled.arrival_s, "departure_s": filled.departure_s})
    wrong = np.isin(calls.trip, backwards(calls.arrival_s, calls.departure_s, calls.trip))
    names = trips[np.unique(calls.trip[wrong])]
    losses.lose("Halt einer Fahrt, deren Zeiten rückwärts laufen", int(wrong.sum()), names)
    calls = calls.where(~wrong)
    single = np.bincount(calls.trip, minlength=len(trips))[calls.trip] == 1
    losses.lose("einziger Halt einer Fahrt", int(single.sum()), trips[calls.trip[single]])
    return calls.where(~single)


def _way_m(calls: Calls, stops: Stops) -> Floats:
    """Distance from the call before as the crow flies; good enough for proportions anywhere on earth."""
    lon, lat = stops.lon[calls.stop], stops.lat[calls.stop]
    north = np.diff(lat, prepend=np.nan)
    east = np.diff(lon, prepend=np.nan) * np.cos(np.radians(lat))
    metres: NDArray[np.float64] = EARTH_M * np.hypot(east, north)
    return metres


def _tell_filled(by_shape: int, by_distance: int, by_index: int, losses: Losses) -> None:
    losses.counts["times_filled_by_shape"] = by_shape
    losses.counts["times_filled_by_distance"] = by_distance
    losses.counts["times_filled_by_index"] = by_index
    total = by_shape + by_distance + by_index
    if total:
        losses.note(
            f"{german(total)} Halte ohne Zeit sind zwischen den Zeiten davor und danach ergänzt: {german(by_shape)} "
            f"nach dem Weg des Fahrplans, {german(by_distance)} nach der Entfernung der Haltestellen, "
            f"{german(by_index)} gleichmäßig."
        )
