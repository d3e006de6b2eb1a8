# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Porto Alegre of the r5r paper as one day of connections with all walks: hexagons, streets, two feeds.

The city lies outside of what EPSG:3035 is made for, so this has a projection of its own, and reads the two feeds by
itself. Empty times of calls are filled in evenly between those that are known.
"""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyproj import Transformer

from dableiben.access.stop_ways import StopWays
from dableiben.access.street_access import StreetAccess
from dableiben.access.transit import DayTransit
from dableiben.catalogue.load import load_catalogue
from dableiben.catalogue.modes import TransitRules
from dableiben.core.timetable import Timetable
from dableiben.sources.osm import streets

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "benchmarks" / "transit"
FEEDS = ("porto-alegre-eptc-gtfs.zip", "porto-alegre-trensurb-gtfs.zip")
DAY = date(2019, 5, 14)
FIRST_S, LAST_S, STEP_S, HORIZON_S = 13 * 3600, 15 * 3600, 60, 17 * 3600
ACCESS_MIN, TRANSFER_MIN = 15, 10
UTM = Transformer.from_crs(4326, 32722, always_xy=True)


def metres(lon: Any, lat: Any) -> Any:
    x_m, y_m = UTM.transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.asarray(x_m), np.asarray(y_m)


def rules() -> TransitRules:
    changes = {"max_access_min": ACCESS_MIN, "max_transfer_min": TRANSFER_MIN, "horizon_min": 240}
    return load_catalogue().transit["bus"].model_copy(update=changes)


def foot() -> StreetAccess:
    streets.to_metres = metres
    return StreetAccess.build(streets.read_streets(DATA / "porto-alegre.osm.pbf"), load_catalogue().modes["foot"])


def hexagons() -> pd.DataFrame:
    return pd.read_csv(DATA / "porto-alegre-hexgrid.csv")


def table(feed: zipfile.ZipFile, name: str) -> pd.DataFrame:
    frame = pd.read_csv(io.BytesIO(feed.read(name)), dtype=str, keep_default_na=False)
    return frame.rename(columns=str.strip)


def seconds(texts: pd.Series) -> np.ndarray[Any, Any]:
    parts = texts.str.strip().str.split(":", expand=True).reindex(columns=range(3))
    numbers = parts.apply(pd.to_numeric, errors="coerce").to_numpy(float)
    return np.asarray(numbers @ [3600.0, 60.0, 1.0])


def timetable(copies: int = 1) -> Timetable:
    """Both feeds on the day; `copies` runs every trip as often, some seconds apart, to grow the timetable."""
    stops, trips, calls = [], [], []
    for number, name in enumerate(FEEDS):
        with zipfile.ZipFile(DATA / name) as feed:
            stop, trip, call = table(feed, "stops.txt"), table(feed, "trips.txt"), table(feed, "stop_times.txt")
            calendar = table(feed, "calendar.txt").set_index("service_id")
            runs = calendar[DAY.strftime("%A").lower()].eq("1")
            runs &= (calendar["start_date"] <= f"{DAY:%Y%m%d}") & (calendar["end_date"] >= f"{DAY:%Y%m%d}")
            if "calendar_dates.txt" in feed.namelist():
                other = table(feed, "calendar_dates.txt").query(f"date == '{DAY:%Y%m%d}'")
                for service, kind in zip(other["service_id"], other["exception_type"], strict=True):
                    runs[service] = kind == "1"
            trip = trip[trip["service_id"].map(runs).fillna(False).astype(bool)]
            call = call[call["trip_id"].isin(trip["trip_id"])]
            for frame, columns in ((stop, ["stop_id"]), (trip, ["trip_id"]), (call, ["trip_id", "stop_id"])):
                frame[columns] = f"{number}:" + frame[columns]
            stops.append(stop)
            trips.append(trip)
            calls.append(call)
    return assembled(pd.concat(stops), pd.concat(trips), pd.concat(calls), copies)


def assembled(stops: pd.DataFrame, trips: pd.DataFrame, calls: pd.DataFrame, copies: int) -> Timetable:
    calls = calls.assign(order=pd.to_numeric(calls["stop_sequence"])).sort_values(["trip_id", "order"])
    times = pd.DataFrame({"arrival": seconds(calls["arrival_time"]), "departure": seconds(calls["departure_time"])})
    times = times.groupby(calls["trip_id"].to_numpy()).transform(lambda column: column.interpolate())
    calls = calls.reset_index(drop=True)
    usable = times.notna().all(axis=1).groupby(calls["trip_id"]).transform("all")
    calls, times = calls[usable].reset_index(drop=True), times[usable].round().astype(int).reset_index(drop=True)
    trip_id, size = np.unique(calls["trip_id"], return_counts=True)
    stop = pd.Index(stops["stop_id"]).get_indexer(calls["stop_id"])
    shift = np.repeat(np.arange(copies) * 37, len(calls))
    x_m, y_m = metres(stops["stop_lon"].astype(float), stops["stop_lat"].astype(float))
    number, trip_count = len(stops), copies * len(trip_id)
    every = np.ones(copies * len(calls), np.bool_)
    return Timetable(
        stop_id=tuple(stops["stop_id"]), stop_name=tuple(stops["stop_name"]), stop_x_m=x_m, stop_y_m=y_m,
        stop_station=np.arange(number, dtype=np.int32), route_id=("",), route_name=("",),
        route_type=np.array([3], np.int32), trip_id=tuple(f"{i}:{t}" for i in range(copies) for t in trip_id),
        trip_route=np.zeros(trip_count, np.int32), trip_service=np.zeros(trip_count, np.int32),
        trip_block=np.full(trip_count, -1, np.int32), trip_on_demand=np.zeros(trip_count, np.bool_),
        trip_start=np.concatenate([[0], np.cumsum(np.tile(size, copies))]).astype(np.int32),
        call_stop=np.tile(stop, copies).astype(np.int32),
        call_arrival_s=(np.tile(times["arrival"], copies) + shift).astype(np.int32),
        call_departure_s=(np.tile(times["departure"], copies) + shift).astype(np.int32),
        call_boards=every, call_alights=every.copy(), service_id=("",), first_day=DAY,
        runs=np.ones((1, 1), np.bool_), transfer_from=np.empty(0, np.int32), transfer_to=np.empty(0, np.int32),
        transfer_s=np.empty(0, np.int32),
    )  # fmt: skip


def write_feed(folder: Path, feed: Timetable) -> None:
    """The same timetable as a folder of GTFS without gaps, for programs that need one."""
    folder.mkdir()
    lon, lat = UTM.transform(feed.stop_x_m, feed.stop_y_m, direction="INVERSE")
    days = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), 1)
    day = f"{DAY:%Y%m%d}"
    trip = np.repeat(np.arange(len(feed.trip_id)), np.diff(feed.trip_start))
    # Trips with the same stops are one route, as programs that go by routes like it.
    starts = zip(feed.trip_start[:-1].tolist(), feed.trip_start[1:].tolist(), strict=True)
    route = pd.factorize(pd.Series([feed.call_stop[one:end].tobytes() for one, end in starts]))[0]

    def times(column: Any) -> list[str]:
        return [f"{s // 3600:02}:{s % 3600 // 60:02}:{s % 60:02}" for s in column.tolist()]

    tables = {
        "agency": {"agency_id": ["a"], "agency_name": ["a"], "agency_url": ["https://example.org"],
                   "agency_timezone": ["America/Sao_Paulo"]},
        "calendar": {"service_id": ["s"], **{name: [one] for name, one in days.items()}, "start_date": [day],
                     "end_date": [day]},
        "routes": {"route_id": np.unique(route), "agency_id": "a", "route_short_name": "r", "route_type": 3},
        "trips": {"route_id": route, "service_id": "s", "trip_id": feed.trip_id},
        "stops": {"stop_id": feed.stop_id, "stop_name": "s", "stop_lat": lat, "stop_lon": lon},
        "stop_times": {"trip_id": np.array(feed.trip_id)[trip], "arrival_time": times(feed.call_arrival_s),
                       "departure_time": times(feed.call_departure_s),
                       "stop_id": np.array(feed.stop_id)[feed.call_stop],
                       "stop_sequence": np.arange(len(trip)) - feed.trip_start[trip] + 1},
    }  # fmt: skip
    for name, columns in tables.items():
        pd.DataFrame(columns).to_csv(folder / f"{name}.txt", index=False)


def job(copies: int = 1) -> tuple[Timetable, DayTransit]:
    """The timetable and the day, hexagons being homes and sites."""
    walk, grid, feed = foot(), hexagons(), timetable(copies)
    points = walk.snap(*metres(grid["lon"], grid["lat"]))
    return feed, DayTransit(feed, DAY, StopWays.build(feed, walk, points, points, rules()), rules())
