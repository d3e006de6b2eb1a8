# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The offer of a service: its facilities, who may use them, and the ways to the nearest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.gaps.rights import Rights, rights_of
from dableiben.gaps.ways import Nearest, Ways

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Offer:
    """Facilities of a service, as rows of the table of facilities, and what its ways are.

    certain, possible   rows with a place
    unplaced            rows without a place, certain or possible
    off_street          mode -> certain rows with a place too far from any street of the mode
    points              of all facilities of the region, shape (facilities, 2), NaN where unknown
    unrecorded          kinds of the service that no source speaks about: there may be any number of them
    nearest             mode -> nearest certain facility that may be used; `nearest_possible` likewise
    rights              who may use which
    served              units inside a service area of a certain facility; `maybe_served` of a possible one
    """

    certain: Ints
    possible: Ints
    unplaced: Ints
    off_street: dict[str, Ints]
    points: NDArray[np.float64]
    unrecorded: tuple[str, ...]
    nearest: dict[str, Nearest]
    nearest_possible: dict[str, Nearest]
    rights: Rights
    served: Bools
    maybe_served: Bools

    @property
    def recorded(self) -> bool:
        """Whether some source speaks about every kind of the service."""
        return not self.unrecorded

    @property
    def rows(self) -> Ints:
        """All facilities of the service, ascending."""
        return np.sort(np.concatenate([self.certain, self.possible, self.unplaced]))


def find_offer(
    service_kinds: tuple[str, ...],
    facilities: pd.DataFrame,
    units: pd.DataFrame,
    recorded: frozenset[str],
    ways: Ways | None,
    *,
    use: str,
    level: str,
) -> Offer:
    """Facilities that serve a service and the ways to the nearest of them that may be used."""
    mine = facilities["kind"].isin(service_kinds).to_numpy(bool)
    placed = facilities["x_m"].notna().to_numpy(bool)
    sure = ~facilities["possible"].to_numpy(bool)
    certain, possible = np.flatnonzero(mine & placed & sure), np.flatnonzero(mine & placed & ~sure)
    rights = rights_of(facilities, np.flatnonzero(mine), units, use=use, level=level)
    # A service that comes to the house is reached where it says it comes; its office may be anywhere.
    by_way = rights if use != "service_area" else Rights({}, frozenset())
    modes = ways.modes if ways is not None else ()
    nearest = {m: by_way.nearest(ways, m, certain) for m in modes} if ways is not None else {}
    maybe = {m: by_way.nearest(ways, m, possible) for m in modes} if ways is not None else {}
    return Offer(
        certain,
        possible,
        np.flatnonzero(mine & ~placed),
        {m: certain[~ways.linked_sites(m)[certain]] for m in modes} if ways is not None else {},
        facilities[["x_m", "y_m"]].to_numpy(float),
        tuple(sorted(set(service_kinds) - recorded)),
        nearest,
        maybe,
        rights,
        rights.served(np.flatnonzero(mine & sure), len(units)),
        rights.served(np.flatnonzero(mine & ~sure), len(units)),
    )
