# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A facility of the made-up district, where it stands and which of the two sources knows it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dableiben.demo import plan
from dableiben.demo.chance import stream
from dableiben.demo.terrain import Point, Terrain


@dataclass(frozen=True)
class Entry:
    """A row of the register; what is None stands empty in the sheet."""

    art: str
    """kind as the office writes it"""
    licensed: float | None = None
    usable: float | None = None
    occupied: float | None = None
    posts: float | None = None
    """doctors in care contracts, advisers in full-time posts"""
    households: float | None = None
    """households a home-care service can look after"""
    waiting: int | None = None
    age_from: int | None = None
    age_to: int | None = None
    barrier_free: str | None = None
    serves: tuple[str, ...] = ()
    provider: str | None = None
    form: str | None = None
    hours: str | None = None
    located: bool = True
    """whether the row has coordinates; childminders have only their locality"""


@dataclass(frozen=True)
class Facility:
    """One facility. `tags` = it is on the map; `entries` = it stands in the register (one row per offer)."""

    name: str
    locality: str
    point: Point
    tags: dict[str, str] | None = None
    as_building: bool = False
    """mapped as a building; else as a point"""
    mapped_twice: bool = False
    """as a building and again as a point inside it"""
    entries: tuple[Entry, ...] = ()


@dataclass
class Sites:
    """Hands out sites: every facility of a locality gets a cell near its middle, one after the other."""

    terrain: Terrain
    seed: int
    used: dict[str, int] = field(default_factory=dict)

    def next(self, locality: str) -> Point:
        """The next free site of a locality."""
        cells = self.terrain.settlements[locality].cells
        nearest = cells[: max(1, min(len(cells), 7 + len(cells) // 10))]
        number = self.used.get(locality, 0)
        self.used[locality] = number + 1
        x_m, y_m = nearest[number % len(nearest)]
        shift = stream(self.seed, f"site {plan.drawn_as(locality)} {number}").uniform(-30, 30, 2)
        return round(x_m + float(shift[0]), 1), round(y_m + float(shift[1]), 1)
