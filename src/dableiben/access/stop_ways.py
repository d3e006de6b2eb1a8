# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Ways on foot around stops: to them, from them, between them, and past them straight to the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dableiben.access.snap import Snapped
from dableiben.access.street_access import StreetAccess, Travel, limit_ds
from dableiben.catalogue.modes import TransitRules
from dableiben.core.timetable import Timetable

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Rows = NDArray[np.integer[Any]]
DS_PER_S = 10


@dataclass(frozen=True, eq=False)
class Walks:
    """Ways on foot in whole seconds, those of origin `o` at `start[o]:start[o + 1]`."""

    start: Int64
    target: Int32
    seconds: Int32

    def of(self, origin: int) -> tuple[Int32, Int32]:
        """Targets of one origin and the seconds to them."""
        own = slice(self.start[origin], self.start[origin + 1])
        return self.target[own], self.seconds[own]

    @classmethod
    def of_rows(cls, origins: int, origin: Rows, target: Rows, seconds: Int32) -> Walks:
        """From one row per way, in any order."""
        order = np.lexsort((target, origin))
        start = np.searchsorted(origin[order], np.arange(origins + 1))
        return cls(start.astype(np.int64), target[order].astype(np.int32), seconds[order].astype(np.int32))

    @classmethod
    def of_travel(cls, origins: int, travel: Travel) -> Walks:
        """From the pairs of a search; a second that has begun counts whole, so nobody catches a bus by rounding."""
        return cls.of_rows(origins, travel.origin, travel.site, -(-travel.time_ds // DS_PER_S))

    def turned(self, targets: int) -> Walks:
        """The same ways by target."""
        return Walks.of_rows(targets, self.target, self.origins(), self.seconds)

    def origins(self) -> Int64:
        """Origin of each way."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))


@dataclass(frozen=True, eq=False)
class StopWays:
    """All ways on foot between homes, sites and the stops of a timetable, each in its direction; good for every day."""

    home_to_stop: Walks
    stop_to_home: Walks
    """by home, too"""
    site_to_stop: Walks
    stop_to_site: Walks
    """by site, too"""
    home_to_site: Walks
    site_to_home: Walks
    """both by site"""
    change: Walks
    """from stop to stop or at one stop, what a change takes; what is missing is not possible"""
    dropped_stops: Int64
    """stops with trips that no street leads to; who sits in the bus rides through"""

    @property
    def homes(self) -> int:
        """Number of homes."""
        return len(self.home_to_stop.start) - 1

    @property
    def sites(self) -> int:
        """Number of sites."""
        return len(self.site_to_stop.start) - 1

    @classmethod
    def build(
        cls, timetable: Timetable, foot: StreetAccess, homes: Snapped, sites: Snapped, rules: TransitRules
    ) -> StopWays:
        """Search all ways on the streets for people on foot, within the limits of the card, links to the streets
        included."""
        stops = foot.snap(timetable.stop_x_m, timetable.stop_y_m)
        access, between, direct = map(limit_ds, (rules.max_access_min, rules.max_transfer_min, rules.max_direct_min))
        served = np.zeros(len(stops), np.bool_)
        served[timetable.call_stop] = True
        # Stops that nothing calls at are not worth a search.
        rows = np.flatnonzero(served & stops.linked).astype(np.int32)
        used = stops.take(rows)

        def near_stops(points: Snapped, towards: str) -> Walks:
            travel = foot.matrix(points, used, access, "site" if towards == "stop" else "origin")
            return Walks.of_travel(len(points), Travel(travel.origin, rows[travel.site], travel.time_ds))

        changes = foot.matrix(used, used, between)
        walked = Travel(rows[changes.origin], rows[changes.site], changes.time_ds)
        return cls(
            near_stops(homes, "stop"), near_stops(homes, "home"), near_stops(sites, "stop"), near_stops(sites, "site"),
            Walks.of_travel(len(homes), foot.matrix(homes, sites, direct)).turned(len(sites)),
            Walks.of_travel(len(sites), foot.matrix(sites, homes, direct)),
            changes_of(timetable, walked, rules.min_change_s),
            np.flatnonzero(served & ~stops.linked),
        )  # fmt: skip


def changes_of(timetable: Timetable, walked: Travel, min_change_s: int) -> Walks:
    """What changes take: the walk, if one has to walk, and the least time for a change.

    What the timetable says of a change takes the place of both; only a walk is never done in no time. Of several
    entries for one change the longest counts, and "not possible" before all.
    """
    stops = len(timetable.stop_id)
    apart = walked.origin != walked.site
    seconds = -(-walked.time_ds[apart] // DS_PER_S)
    pairs = walked.origin[apart].astype(np.int64) * stops + walked.site[apart]
    known = dict(zip(pairs.tolist(), seconds.tolist(), strict=True))
    takes = {pair: walk + min_change_s for pair, walk in known.items()}
    takes |= {stop * (stops + 1): min_change_s for stop in range(stops)}
    given: dict[int, int] = {}
    entries = (timetable.transfer_from.astype(np.int64) * stops + timetable.transfer_to).tolist()
    for pair, least in zip(entries, timetable.transfer_s.tolist(), strict=True):
        given[pair] = -1 if least < 0 or given.get(pair) == -1 else max(least, given.get(pair, 0))
    takes |= {pair: least or known.get(pair, 0) for pair, least in given.items()}
    kept = np.array(sorted(pair for pair, least in takes.items() if least >= 0), np.int64)
    seconds = np.array([takes[pair] for pair in kept.tolist()], np.int32)
    return Walks.of_rows(stops, kept // stops, kept % stops, seconds)
