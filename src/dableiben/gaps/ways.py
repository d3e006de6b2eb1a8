# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Ways of a region: travel times, or lengths, from every place to the facilities of a service, by mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from dableiben.access.snap import Snapped
from dableiben.access.stop_ways import StopWays
from dableiben.access.street_access import StreetAccess, limit_ds, to_minutes
from dableiben.access.transit import DayTransit
from dableiben.catalogue.modes import TransitRules, TravelMode
from dableiben.core.network import StreetNetwork
from dableiben.core.timetable import SCHOOL_BUS, Timetable
from dableiben.gaps.rows import METRES_PER_MIN, Limit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
KMH_BY_LENGTH = METRES_PER_MIN * 60 / 1000


@dataclass(frozen=True)
class Nearest:
    """Minutes to the nearest facility and its row in the table of facilities; NaN and -1 out of reach."""

    minutes: Floats
    facility: Ints


@dataclass(frozen=True)
class Pairs:
    """Places and facilities within a limit: rows of units, rows of facilities, minutes."""

    unit: Ints
    facility: Ints
    minutes: Floats


@dataclass(frozen=True)
class LeftOut:
    """What a mode's streets leave out."""

    homes: NDArray[np.bool_]
    """places with a point, too far from any street"""
    sites: NDArray[np.bool_]
    """facilities with a point, too far from any street"""


class Journeys(Protocol):
    """Ways by timetable on one day; `access.transit.DayTransit` answers it."""

    def latest_departures(self, sites: int, arrive_by_s: NDArray[np.int32]) -> NDArray[np.int32]:
        """Seconds of the latest leaving of every home to be at a facility by then, shape (homes, times); -1 = none."""

    def earliest_arrivals(self, sites: int, leave_at_s: NDArray[np.int32]) -> NDArray[np.int32]:
        """Seconds of the earliest arrival at every home when leaving a facility then; -1 = none."""

    def durations(self, sites: Ints, leave_at_s: NDArray[np.int32]) -> NDArray[np.int32]:
        """Seconds to the nearest of some facilities when leaving every home then, shape (homes, times); -1 = none."""


Transit = Callable[[date, bool], Journeys]
"""journeys of a day that the timetable covers, with the buses for pupils only or without"""


class Ways(Protocol):
    """What an assessment asks about ways; `StreetWays` answers it on streets."""

    modes: tuple[str, ...]

    def linked(self, mode: str) -> NDArray[np.bool_]:
        """Which places are connected to the streets of a mode."""

    def linked_sites(self, mode: str) -> NDArray[np.bool_]:
        """Which facilities are connected to the streets of a mode."""

    def left_out(self, mode: str) -> LeftOut:
        """Places, and facilities from or to which no way is computed."""

    def may_reach(self, mode: str, points: Floats, limit_min: float) -> NDArray[np.bool_]:
        """Places from which some of these points, shape (n, 2), would be within the limit as the crow flies at top
        speed; points that are not known (NaN) do not count."""

    def nearest(self, mode: str, facilities: Ints) -> Nearest:
        """Nearest of some facilities from every place."""

    def within(self, mode: str, facilities: Ints, limit_min: float) -> Pairs:
        """All pairs with minutes <= limit."""

    def edge_minutes(self, mode: str) -> Floats:
        """Minutes to the nearest place where the street data are cut; NaN if not reached."""

    def transit(self, timetable: Timetable, rules: TransitRules) -> Transit | None:
        """Ways by timetable between places and facilities, with the walks at both ends; None without ways on foot."""

    def measured(self) -> Ways:
        """The same streets by length, for limits in metres: each `minute` stands for METRES_PER_MIN metres."""


def ways_for(limit: Limit | None, ways: Ways | None) -> Ways | None:
    """The ways that a limit is held against: times, or lengths where it is in metres."""
    return ways.measured() if ways is not None and limit is not None and limit.metres is not None else ways


@dataclass(frozen=True)
class _OneMode:
    limit_ds: int
    metres_per_min: float
    """at top speed"""
    homes: Floats
    """points of places and facilities, shape (n, 2), NaN where unknown"""
    places: Floats
    streets: StreetAccess
    origins: Snapped
    sites: Snapped
    linked: NDArray[np.bool_]
    edge: Floats


@dataclass(frozen=True)
class _Rides:
    """A timetable with its ways on foot, which are the same for every service."""

    timetable: Timetable
    rules: TransitRules
    ways: StopWays
    for_all: Timetable
    """without the buses for pupils only"""

    def on(self, day: date, pupils: bool) -> Journeys:
        """Journeys of a day, those that must be booked included."""
        timetable = self.timetable if pupils else self.for_all
        return DayTransit(timetable, day, self.ways, self.rules, on_demand=True)


class StreetWays:
    """Ways on the street network, built once per run; every search is bounded."""

    def __init__(self, by_mode: Mapping[str, _OneMode], by_length: StreetWays | None = None) -> None:
        self.modes = tuple(by_mode)
        self._by_mode = by_mode
        self._by_length = by_length
        self._rides: _Rides | None = None

    @classmethod
    def build(
        cls,
        network: StreetNetwork,
        cards: Mapping[str, TravelMode],
        units: pd.DataFrame,
        facilities: pd.DataFrame,
        limit_min: float,
        *,
        metres: Mapping[str, float],
        workers: int,
    ) -> StreetWays:
        """Ways by the modes of `cards`, searched up to `limit_min` minutes.

        metres   mode -> metres up to which ways are searched by length; modes that no limit measures stay out,
                 their graph would be built for nothing
        """
        homes, places = (table[["x_m", "y_m"]].to_numpy(float) for table in (units, facilities))
        # A ferry has a length too: what it takes is not asked.
        timeless = replace(network, way_duration_s=np.full(len(network.way_id), np.nan, np.float32))
        wanted = [(network, card, limit_ds(limit_min)) for card in cards.values()] + [
            (timeless, cards[mode].measuring(KMH_BY_LENGTH), limit_ds(longest / METRES_PER_MIN))
            for mode, longest in metres.items()
        ]

        def build(streets: StreetNetwork, card: TravelMode, limit: int) -> _OneMode:
            access = StreetAccess.build(streets, card)
            origins, sites = (access.snap(*points.T) for points in (homes, places))
            edge = to_minutes(access.time_to_edge(origins, limit))
            fastest = max(card.speeds_kmh.values()) * 1000 / 60
            return _OneMode(limit, fastest, homes, places, access, origins, sites, origins.linked, edge)

        with ThreadPoolExecutor(max_workers=workers) as pool:
            built = list(pool.map(lambda one: build(*one), wanted))
        by_length = dict(zip(metres, built[len(cards) :], strict=True))
        return cls(dict(zip(cards, built[: len(cards)], strict=True)), cls(by_length))

    def measured(self) -> Ways:
        """See `Ways`."""
        return self._by_length if self._by_length is not None else StreetWays({})

    def transit(self, timetable: Timetable, rules: TransitRules) -> Transit | None:
        """See `Ways`."""
        foot = self._by_mode.get("foot")
        if foot is None:
            return None
        known = self._rides
        if known is None or known.timetable is not timetable or known.rules is not rules:
            ways = StopWays.build(timetable, foot.streets, foot.origins, foot.sites, rules)
            for_all = timetable.without_trips(timetable.route_type[timetable.trip_route] == SCHOOL_BUS)
            known = self._rides = _Rides(timetable, rules, ways, for_all)
        return known.on

    def linked(self, mode: str) -> NDArray[np.bool_]:
        """See `Ways`."""
        return self._by_mode[mode].linked

    def linked_sites(self, mode: str) -> NDArray[np.bool_]:
        """See `Ways`."""
        return self._by_mode[mode].sites.linked

    def left_out(self, mode: str) -> LeftOut:
        """See `Ways`."""
        one = self._by_mode[mode]
        placed = [~np.isnan(xy).any(axis=1) for xy in (one.homes, one.places)]
        return LeftOut(placed[0] & ~one.linked, placed[1] & ~one.sites.linked)

    def may_reach(self, mode: str, points: Floats, limit_min: float) -> NDArray[np.bool_]:
        """See `Ways`."""
        one = self._by_mode[mode]
        found = np.zeros(len(one.homes), bool)
        placed, points = ~np.isnan(one.homes).any(axis=1), points[~np.isnan(points).any(axis=1)]
        if len(points) and placed.any():
            metres, _ = cKDTree(points).query(one.homes[placed])
            found[placed] = metres <= limit_min * one.metres_per_min
        return found

    def edge_minutes(self, mode: str) -> Floats:
        """See `Ways`."""
        return self._by_mode[mode].edge

    def nearest(self, mode: str, facilities: Ints) -> Nearest:
        """See `Ways`; ties go to the first of `facilities`."""
        one = self._by_mode[mode]
        found = one.streets.nearest(one.origins, one.sites.take(facilities), one.limit_ds)
        site = np.asarray(found.site, np.int64)
        rows = np.where(site >= 0, facilities[np.maximum(site, 0)] if len(facilities) else -1, -1)
        return Nearest(to_minutes(found.time_ds), rows)

    def within(self, mode: str, facilities: Ints, limit_min: float) -> Pairs:
        """See `Ways`."""
        one = self._by_mode[mode]
        travel = one.streets.matrix(one.origins, one.sites.take(facilities), limit_ds(limit_min))
        rows = facilities[np.asarray(travel.site, np.int64)] if len(facilities) else np.empty(0, np.int64)
        return Pairs(np.asarray(travel.origin, np.int64), rows, to_minutes(travel.time_ds))
