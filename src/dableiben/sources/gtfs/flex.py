# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""GTFS-Flex: areas in which somebody is fetched on request, with the hours of rides and the notice to give."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import MultiPoint
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from dableiben.core.geo import to_metres
from dableiben.core.timetable import OnDemandZone
from dableiben.sources.gtfs.calls import NONE
from dableiben.sources.gtfs.losses import Losses, german
from dableiben.sources.gtfs.places import Stops
from dableiben.sources.gtfs.tables import Feed, Table, read_table
from dableiben.sources.gtfs.times import seconds
from dableiben.sources.gtfs.trips import Routes, Trips

MINUTES_A_DAY = 1440
ONE_WAY = "Rufangebot nur von einem Gebiet in ein anderes (nicht abgebildet)"
Places = dict[str, tuple[str, BaseGeometry]]
"""id of an area, a group of stops or a stop -> name, shape in EPSG:3035"""
Ride = tuple[frozenset[str], list[tuple[float, float]], float | None]
"""areas in which rides begin and end, their windows, minutes by which they must be booked"""


@dataclass(frozen=True)
class Notice:
    """How long before a ride it must be booked."""

    minutes: float | None
    before_midnight_min: float = 0.0
    """a rule by days: minutes from the last moment of booking to the midnight that begins the day of the ride"""

    def of(self, latest_ride_s: float) -> float:
        """Minutes; of a rule by days those of the last ride of the day, so never less than is asked."""
        return self.minutes if self.minutes is not None else self.before_midnight_min + latest_ride_s / 60


def read_zones(
    feed: Feed, rows: Table, trips: Trips, routes: Routes, service: np.ndarray[Any, Any], stops: Stops, losses: Losses
) -> tuple[OnDemandZone, ...]:
    """Zones of the rows of stop_times.txt that name a window; trips of one area and notice make one zone.

    service   number of the service of each trip; -1 = none
    What only leads from one area into another is lost with its reason: a zone serves ways inside itself.
    """
    if not rows.rows and not {"locations.geojson", "location_groups.txt"} & set(feed.names):
        return ()
    places = _places(feed, stops, losses)
    notices = _notices(feed, losses)
    found: dict[tuple[frozenset[str], float | None], list[int]] = {}
    windows: dict[int, list[tuple[float, float]]] = {}
    for trip, (area_ids, spans, notice) in _rides(rows, trips, places, notices, losses).items():
        found.setdefault((area_ids, notice), []).append(trip)
        windows[trip] = spans
    zones = []
    for (area_ids, notice), members in found.items():
        names = [places[i][0] for i in sorted(area_ids) if places[i][0]]
        hours = {(int(service[t]), int(a), int(b)) for t in members for a, b in windows[t]}
        name = ", ".join(names) or str(routes.name[trips.route[members[0]]])
        shape = shapely.union_all([places[i][1] for i in sorted(area_ids)])
        zones.append(OnDemandZone("+".join(sorted(area_ids)), name, shape, tuple(sorted(hours)), notice))
    losses.counts["trips_in_zones"] = len(windows)
    if zones:
        losses.note(f"{german(len(zones))} Gebiete mit Rufangebot ({german(len(windows))} Fahrten ohne feste Zeiten).")
    return tuple(sorted(zones, key=lambda zone: (zone.zone_id, zone.notice_min or -1)))


def _rides(
    rows: Table, trips: Trips, places: Places, notices: dict[str, Notice], losses: Losses
) -> dict[int, Ride]:
    """By trip: areas in which passengers both get on and off."""
    trip = rows.at("trip_id", trips.index)
    area = np.where(rows.said("location_id"), rows.texts("location_id"), rows.texts("location_group_id"))
    area = np.where(area == "", rows.texts("stop_id"), area)
    starts, ends = (rows.mapped(f"{word}_pickup_drop_off_window", seconds) for word in ("start", "end"))
    picks, drops = (rows.numbers(f"{word}_type") != NONE for word in ("pickup", "drop_off"))
    rules = rows.texts("pickup_booking_rule_id")
    good = np.array([a in places for a in area], np.bool_) & (ends > starts)
    losses.lose("Rufangebot ohne bekanntes Gebiet oder ohne Zeiten", int((~good).sum()), area[~good])
    rides: dict[int, Ride] = {}
    for number in np.unique(trip[good]):
        mine = good & (trip == number)
        both = frozenset(area[mine & picks]) & frozenset(area[mine & drops])
        inside = mine & np.isin(area, list(both))
        outside = mine & ~inside
        losses.lose(ONE_WAY, int(outside.sum()), area[outside])
        if both:
            spans = sorted(set(zip(starts[inside], ends[inside], strict=True)))
            asked = [notices[rule].of(spans[-1][1]) for rule in set(rules[inside & picks]) if rule in notices]
            rides[int(number)] = (both, spans, max(asked, default=None))
    return rides


def _places(feed: Feed, stops: Stops, losses: Losses) -> Places:
    """Areas of locations.geojson, groups of stops (as points), and single stops."""
    x_m, y_m = stops.metres()
    placed, ids = np.flatnonzero(~np.isnan(x_m)), stops.index.tolist()
    found: Places = {ids[i]: (str(stops.name[i]), MultiPoint([(x_m[i], y_m[i])])) for i in placed}
    found |= _groups(feed, stops, losses)
    return found | _areas(feed, losses)


def _groups(feed: Feed, stops: Stops, losses: Losses) -> Places:
    names = read_table(feed, "location_groups.txt", ("location_group_id", "location_group_name"), losses)
    columns = ("location_group_id", "stop_id")
    members = read_table(feed, "location_group_stops.txt", columns, losses, needed=columns)
    if members is None:
        return {}
    label: dict[str, str] = {}
    if names is not None:
        label = dict(zip(names.texts("location_group_id"), names.texts("location_group_name"), strict=True))
    x_m, y_m = stops.metres()
    stop = members.at("stop_id", stops.index)
    good = stop >= 0
    good[good] = ~np.isnan(x_m[stop[good]])
    losses.lose("Haltestelle eines Rufangebots unbekannt oder ohne Ort", int((~good).sum()))
    groups = pd.Series(stop[good]).groupby(members.texts("location_group_id")[good])
    return {
        str(group): (label.get(str(group), ""), MultiPoint([(x_m[i], y_m[i]) for i in rows])) for group, rows in groups
    }


def _areas(feed: Feed, losses: Losses) -> Places:
    if "locations.geojson" not in feed.names:
        return {}
    try:
        content = json.loads(feed.read("locations.geojson").decode("utf-8-sig"))
        features: Iterable[Any] = content["features"]
    except (ValueError, KeyError, TypeError, RecursionError):
        losses.note("Die Datei locations.geojson ist nicht lesbar; ihre Rufangebote fehlen.")
        return {}
    found: Places = {}
    for feature in features if isinstance(features, list) else []:
        losses.read(1)
        try:
            area_id, properties = str(feature["id"]), feature.get("properties") or {}
            shape = shapely.make_valid(shapely.transform(shape_of(feature["geometry"]), _in_metres))
            if shape.area <= 0 or not np.isfinite(shape.bounds).all():
                raise ValueError(area_id)
            found[area_id] = (str(properties.get("stop_name") or properties.get("name") or ""), shape)
        except (ValueError, KeyError, TypeError, AttributeError, shapely.errors.ShapelyError):
            losses.lose("Gebiet eines Rufangebots nicht lesbar", 1)
    return found


def _in_metres(degrees: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.stack(to_metres(degrees[:, 0], degrees[:, 1]), axis=1)


def _notices(feed: Feed, losses: Losses) -> dict[str, Notice]:
    """Rule of booking_rules.txt -> how to reckon its notice."""
    columns = ("booking_rule_id", "booking_type", "prior_notice_duration_min", "prior_notice_last_day",
               "prior_notice_last_time")  # fmt: skip
    table = read_table(feed, "booking_rules.txt", columns, losses)
    if table is None:
        return {}
    kind, least, days = (table.numbers(column) for column in columns[1:4])
    latest = np.nan_to_num(table.mapped("prior_notice_last_time", seconds)) / 60
    found: dict[str, Notice] = {}
    for row, rule in enumerate(table.texts("booking_rule_id")):
        if kind[row] == 0:
            found[rule] = Notice(0.0)
        elif not np.isnan(least[row]):
            found[rule] = Notice(float(least[row]))
        elif not np.isnan(days[row]):
            found[rule] = Notice(None, days[row] * MINUTES_A_DAY - latest[row])
    return found
