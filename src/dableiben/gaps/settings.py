# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What was asked of a run: resolved settings, as they stand in run.json."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dableiben.core.seasons import Season

Dimension = Literal["content", "space", "time"]
DIMENSIONS: tuple[Dimension, ...] = ("content", "space", "time")


@dataclass(frozen=True)
class Settings:
    """Resolved settings of an assessment. `kinds` holds services (kinds and pools); empty = all.

    `modes` (of the street) and `dimensions` are never empty. `workers` changes no result.

    rides    whether bus and volunteer transport may be used
    day      only the week of this day is looked at; None = the usual weeks
    season   only this part of the year, as people name it ("Sommerferien", "Juli-August"); None = all
    """

    modes: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = DIMENSIONS
    workers: int = 1
    rides: bool = True
    day: date | None = None
    season: Season | None = None
