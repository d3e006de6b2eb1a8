# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Ways of a region: travel times from every place to the facilities of a service, by mode."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from dableiben.access.snap import Snapped
from dableiben.access.street_access import StreetAccess, limit_ds, to_minutes
from dableiben.catalogue.modes import TravelMode
from dableiben.core.network import StreetNetwork

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
    islands_km: float
    """streets that hang together with nothing else"""


class Ways(Protocol):
    """What an assessment asks about ways; `StreetWays` answers it on streets."""

    modes: tuple[str, ...]

    def linked(self, mode: str) -> NDArray[np.bool_]:
        """Which places are connected to the streets of a mode."""

    def linked_sites(self, mode: str) -> NDArray[np.bool_]:
        """Which facilities are connected to the streets of a mode."""

    def may_reach(self, mode: str, facilities: Ints, limit_min: float) -> NDArray[np.bool_]:
        """Places from which some of these facilities would be within the limit as the crow flies at top speed."""

    def left_out(self, mode: str) -> LeftOut:
        """Places, facilities and streets from or to which no way is computed."""

    def nearest(self, mode: str, facilities: Ints) -> Nearest:
        """Nearest of some facilities from every place."""

    def within(self, mode: str, facilities: Ints, limit_min: float) -> Pairs:
        """All pairs with minutes <= limit."""

    def edge_minutes(self, mode: str) -> Floats:
        """Minutes to the nearest place where the street data are cut; NaN if not reached."""


@dataclass(frozen=True)
class _OneMode:
    streets: StreetAccess
    origins: Snapped
    sites: Snapped
    linked: NDArray[np.bool_]
    edge: Floats


class StreetWays:
    """Ways on the street network, built once per run; searches are bounded by `limit_min`."""

    def __init__(
        self,
        network: StreetNetwork,
        cards: Mapping[str, TravelMode],
        units: pd.DataFrame,
        facilities: pd.DataFrame,
        limit_min: float,
        *,
        workers: int,
    ) -> None:
        self.modes = tuple(cards)
        self.limit_ds = limit_ds(limit_min)
        points = [table[["x_m", "y_m"]].to_numpy(float).T for table in (units, facilities)]
        self._points = [np.ascontiguousarray(xy.T) for xy in points]
        self._metres_per_min = {mode: max(card.speeds_kmh.values()) * 1000 / 60 for mode, card in cards.items()}

        def build(card: TravelMode) -> _OneMode:
            streets = StreetAccess.build(network, card)
            origins, sites = (streets.snap(x, y) for x, y in points)
            edge = to_minutes(streets.time_to_edge(origins, self.limit_ds))
            return _OneMode(streets, origins, sites, origins.linked, edge)

        with ThreadPoolExecutor(max_workers=workers) as pool:
            self._by_mode = dict(zip(self.modes, pool.map(build, cards.values()), strict=True))

    def linked(self, mode: str) -> NDArray[np.bool_]:
        """See `Ways`."""
        return self._by_mode[mode].linked

    def linked_sites(self, mode: str) -> NDArray[np.bool_]:
        """See `Ways`."""
        return self._by_mode[mode].sites.linked

    def left_out(self, mode: str) -> LeftOut:
        """See `Ways`."""
        one = self._by_mode[mode]
        placed = [~np.isnan(xy).any(axis=1) for xy in self._points]
        islands_km = one.streets.dropped.length_islands_m / 1000
        return LeftOut(placed[0] & ~one.linked, placed[1] & ~one.sites.linked, islands_km)

    def may_reach(self, mode: str, facilities: Ints, limit_min: float) -> NDArray[np.bool_]:
        """See `Ways`."""
        homes, sites = self._points
        found = np.zeros(len(homes), bool)
        placed = ~np.isnan(homes).any(axis=1)
        if len(facilities) and placed.any():
            metres, _ = cKDTree(sites[facilities]).query(homes[placed])
            found[placed] = metres <= limit_min * self._metres_per_min[mode]
        return found

    def edge_minutes(self, mode: str) -> Floats:
        """See `Ways`."""
        return self._by_mode[mode].edge

    def nearest(self, mode: str, facilities: Ints) -> Nearest:
        """See `Ways`; ties go to the first of `facilities`."""
        one = self._by_mode[mode]
        found = one.streets.nearest(one.origins, one.sites.take(facilities), self.limit_ds)
        site = np.asarray(found.site, np.int64)
        rows = np.where(site >= 0, facilities[np.maximum(site, 0)] if len(facilities) else -1, -1)
        return Nearest(to_minutes(found.time_ds), rows)

    def within(self, mode: str, facilities: Ints, limit_min: float) -> Pairs:
        """See `Ways`."""
        one = self._by_mode[mode]
        travel = one.streets.matrix(one.origins, one.sites.take(facilities), limit_ds(limit_min))
        rows = facilities[np.asarray(travel.site, np.int64)] if len(facilities) else np.empty(0, np.int64)
        return Pairs(np.asarray(travel.origin, np.int64), rows, to_minutes(travel.time_ds))

