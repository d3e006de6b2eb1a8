# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Stops of a feed: which there are, where they lie, which station they belong to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.geo import to_metres
from dableiben.sources.gtfs.losses import Losses
from dableiben.sources.gtfs.tables import Feed, Flags, Table, Texts, Whole, read_table

PLACELESS = "Fahrplan: Haltestelle ohne brauchbaren Ort (bleibt im Fahrplan, zu Fuß nicht erreichbar)"
COLUMNS = ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station")
PLATFORM, STATION, BOARDING = 0, 1, 4
NOWHERE_DEGREES = 0.01
"""a stop this near to 0/0 in the Atlantic was never measured"""


@dataclass(frozen=True)
class Stops:
    """All places of a feed by their rows, before it is known which of them are called at."""

    index: pd.Index
    name: Texts
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    """degrees; NaN = no usable place"""
    kind: Whole
    """0 stop, 1 station, 2 entrance, 3 node, 4 boarding area"""
    root: Texts
    """id of the station, or of the stop itself"""

    def metres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """EPSG:3035; NaN where there is no place."""
        x_m, y_m = np.full(len(self.lon), np.nan), np.full(len(self.lon), np.nan)
        known = ~np.isnan(self.lon)
        if known.any():
            x_m[known], y_m[known] = to_metres(self.lon[known], self.lat[known])
        off = ~(np.isfinite(x_m) & np.isfinite(y_m))
        x_m[off] = y_m[off] = np.nan
        return x_m, y_m

    def members(self) -> list[list[int]]:
        """For each row the stops that a row of transfers means by it: the stop itself, or all stops of a station."""
        stops = np.flatnonzero(self.kind != STATION)
        grouped: dict[int, list[int]] = {}
        for stop, station in zip(stops, self.index.get_indexer(pd.Index(self.root[stops], dtype=object)), strict=True):
            grouped.setdefault(int(station), []).append(int(stop))
        return [grouped.get(row, []) if kind == STATION else [row] for row, kind in enumerate(self.kind.tolist())]


def read_stops(feed: Feed, losses: Losses) -> Stops:
    """All rows of stops.txt with an id of their own. Errors: InputError if the ids are missing."""
    table = read_table(feed, "stops.txt", COLUMNS, losses, needed=("stop_id",)) or Table("stops.txt", 0, {})
    table = unique_rows(table, "stop_id", "Haltestelle", losses)
    index = pd.Index(table.texts("stop_id"), dtype=object)
    kind = table.numbers("location_type")
    kinds: Whole = np.where(np.isin(kind, (0, 1, 2, 3, 4)), kind, 0).astype(np.int64)
    parent = table.at("parent_station", index)
    lon, lat = _usable(table.numbers("stop_lon"), table.numbers("stop_lat"))
    _place_by_parent(lon, lat, parent, losses)
    names = table.texts("stop_name")
    return Stops(index, names, lon, lat, kinds, _roots(index, table.texts("parent_station"), parent))


def unique_rows(table: Table, column: str, word: str, losses: Losses) -> Table:
    """Rows with an id, the first of each; the others are lost."""
    said = table.said(column)
    losses.lose(f"{word} ohne Kennung", int((~said).sum()))
    table = table.where(said)
    numbers, distinct = table.values(column)
    again = pd.Series(numbers).duplicated().to_numpy()
    losses.lose(f"{word} doppelt", int(again.sum()), (distinct[n] for n in np.unique(numbers[again])))
    return table.where(~again)


def _usable(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Degrees; NaN for 0/0, beyond the earth and nothing."""
    with np.errstate(invalid="ignore"):
        wrong = ~((np.abs(lon) <= 180) & (np.abs(lat) < 90))
        wrong |= (np.abs(lon) < NOWHERE_DEGREES) & (np.abs(lat) < NOWHERE_DEGREES)
    return np.where(wrong, np.nan, lon), np.where(wrong, np.nan, lat)


def _place_by_parent(lon: NDArray[np.float64], lat: NDArray[np.float64], parent: Whole, losses: Losses) -> None:
    """A platform without a place lies where its station lies."""
    for _ in range(2):  # boarding area, platform, station
        lacking = np.isnan(lon) & (parent >= 0)
        lacking[lacking] = ~np.isnan(lon[parent[lacking]])
        lon[lacking], lat[lacking] = lon[parent[lacking]], lat[parent[lacking]]
        losses.counts["stops_placed_by_station"] += int(lacking.sum())


def _roots(index: pd.Index, parents: Texts, parent: Whole) -> Texts:
    root = np.where(parents == "", index.to_numpy(dtype=object), parents)
    for _ in range(2):
        known = parent >= 0
        above = root.copy()
        above[known] = root[parent[known]]
        root = above
    return np.asarray(root, dtype=object)


def called(stops: Stops, calls_at: Whole, losses: Losses) -> Flags:
    """Which rows become stops: platforms, boarding areas and whatever a trip calls at; the rest is counted."""
    keep = np.isin(stops.kind, (PLATFORM, BOARDING))
    keep[calls_at] = True
    beside = ~keep & (stops.kind != STATION)
    losses.lose("Eingang oder Knoten eines Bahnhofs (nicht gebraucht)", int(beside.sum()))
    placeless = keep & np.isnan(stops.lon)
    losses.counts["stops_without_place"] = int(placeless.sum())
    losses.list(PLACELESS, stops.index[placeless])
    return keep
