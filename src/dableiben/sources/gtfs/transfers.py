# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Changes between vehicles (transfers.txt): least times, changes that are impossible, vehicles that go on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dableiben.sources.gtfs.losses import Losses
from dableiben.sources.gtfs.places import STATION, Stops
from dableiben.sources.gtfs.tables import Feed, Table, Whole, read_table

COLUMNS = (
    "from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time", "from_trip_id", "to_trip_id", "from_route_id",
    "to_route_id",
)  # fmt: skip
TIMED, LEAST, IMPOSSIBLE, STAY_SEATED, GET_OFF = 1, 2, 3, 4, 5


def read_transfers(feed: Feed, losses: Losses) -> Table | None:
    """All rows; None without the table."""
    return read_table(feed, "transfers.txt", COLUMNS, losses)


def between_stops(table: Table | None, stops: Stops, losses: Losses) -> tuple[Whole, Whole, Whole]:
    """From, to (rows of stops.txt) and least seconds; -1 = impossible, 0 = the vehicle waits (type 1).

    A row that names no time says nothing that the rules of journeys do not say: it gives no entry.

    Rows about stations hold for all their stops; a row about the stops themselves goes first. Rows for single lines or
    trips are lost: what holds for some passengers must not hold for all.
    """
    if table is None:
        return (np.zeros(0, np.int64),) * 3
    kind, least = table.numbers("transfer_type"), table.numbers("min_transfer_time")
    kind = np.where(np.isnan(kind), 0, kind)
    seat = np.isin(kind, (STAY_SEATED, GET_OFF))
    special = ~seat & (table.said("from_trip_id") | table.said("to_trip_id"))
    special |= ~seat & (table.said("from_route_id") | table.said("to_route_id"))
    losses.lose("Umstieg nur für einzelne Linien oder Fahrten", int(special.sum()))
    start, end = table.at("from_stop_id", stops.index), table.at("to_stop_id", stops.index)
    bad = ~seat & ~special & ((start < 0) | (end < 0) | ~np.isin(kind, (0, TIMED, LEAST, IMPOSSIBLE)))
    losses.lose("Umstieg zwischen unbekannten Haltestellen oder unbekannter Art", int(bad.sum()))
    found: dict[tuple[int, int], tuple[int, int]] = {}
    members = stops.members()
    silent = np.isnan(least) & ~np.isin(kind, (TIMED, IMPOSSIBLE))
    for row in np.flatnonzero(~seat & ~special & ~bad & ~silent):
        ends = start[row], end[row]
        stationwide = int((stops.kind[list(ends)] == STATION).sum())
        time_s = -1 if kind[row] == IMPOSSIBLE else int(max(0, np.nan_to_num(least[row]))) if kind[row] != TIMED else 0
        for one in members[ends[0]]:
            for other in members[ends[1]]:
                known = found.get((one, other))
                if known is None or stationwide < known[0]:
                    found[one, other] = (stationwide, time_s)
    pairs = sorted(found)
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1], np.array([found[pair][1] for pair in pairs], np.int64)


def seats(table: Table | None, trips: pd.Index, block: Whole, first_s: Whole, losses: Losses) -> Whole:
    """Blocks after the rows that let passengers stay seated (4), or make them get off (5)."""
    if table is None:
        return block
    kind = table.numbers("transfer_type")
    rows = np.isin(kind, (STAY_SEATED, GET_OFF))
    start, end = table.at("from_trip_id", trips), table.at("to_trip_id", trips)
    bad = rows & ((start < 0) | (end < 0))
    losses.lose("Weiterfahrt zwischen unbekannten Fahrten", int(bad.sum()))
    block = block.copy()
    for row in np.flatnonzero(rows & ~bad):
        one, other = int(start[row]), int(end[row])
        if kind[row] == STAY_SEATED:
            if block[one] < 0:
                block[one] = block.max(initial=-1) + 1
            block[other if block[other] < 0 else block == block[other]] = block[one]
        elif block[one] >= 0 and block[one] == block[other]:
            block[(block == block[one]) & (first_s >= first_s[other])] = block.max() + 1
    return block
