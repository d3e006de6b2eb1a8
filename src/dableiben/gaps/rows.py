# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Judged rows: one service, one group, one kind of household, over all places."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dableiben.catalogue.schema import Attribute, Group
from dableiben.catalogue.select import ChosenNorm
from dableiben.gaps.status import Words
from dableiben.store.config import Carless

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
MODE_ORDER = ("foot", "bike", "car")  # slow to fast; a row is named by its fastest mode
WITH_CAR = ".mit_auto"
WITHOUT_CAR = ".ohne_auto"


@dataclass(frozen=True)
class Limit:
    """A limit of the way in force: its norm and the minutes by mode."""

    norm: ChosenNorm
    minutes: dict[str, float]
    metres: float | None = None

    @property
    def households(self) -> str:
        """all, or without_car."""
        return self.norm.norm.households


@dataclass
class Row:
    """Need of one group for one service in one kind of household, by unit; filled step by step.

    low, best, high   persons, shape (units,); NaN = unknown
    modes             modes this row may use, out of those asked and limited; empty = none can be judged
    """

    service: str
    group: Group
    suffix: str
    needs: tuple[Attribute, ...]
    modes: tuple[str, ...]
    low: Floats
    best: Floats
    high: Floats
    limit: Limit | None
    share_known: bool
    distance: Words | None = None
    capacity: Words | None = None
    quality: Words | None = None
    lacking: dict[Attribute, Bools] = field(default_factory=dict)
    """attribute -> units whose gap in quality is the lack of it"""
    reason: Words = field(default_factory=lambda: np.empty(0, object))
    reachable_places: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def name(self) -> str:
        """Group as it stands in the results."""
        return self.group.id + self.suffix

    @property
    def mode(self) -> str | None:
        """The fastest mode of the row names it; None where no way is judged."""
        return max(self.modes, key=MODE_ORDER.index) if self.modes and self.limit is not None else None


@dataclass(frozen=True)
class Part:
    """A kind of household: suffix of the group, its modes, and its share low/best/high."""

    suffix: str
    modes: tuple[str, ...]
    low: float
    best: float
    high: float
    share_known: bool


def household_parts(group: Group, limit: Limit | None, asked: tuple[str, ...], carless: Carless | None) -> list[Part]:
    """How a group is told apart for a limit: with and without a car where the car makes a difference.

    Shares add up to 1 at their best value. An unknown share runs from nobody to everybody; its best value is
    the middle of the span, and confidence is low.
    """
    whole = undivided(limit, asked)
    for_carless = limit is not None and limit.households == "without_car"
    if limit is None or ("car" not in whole.modes and not for_carless):
        return [whole]
    slow = tuple(m for m in whole.modes if m in group.modes_without_car)
    low, best, high, known = _share(group, carless)
    # A norm for households without a car says nothing about the others; they still need their places.
    fast = () if for_carless else whole.modes
    return [
        Part(WITH_CAR, fast, 1 - high, 1 - best, 1 - low, known),
        Part(WITHOUT_CAR, slow, low, best, high, known),
    ]


def undivided(limit: Limit | None, asked: tuple[str, ...]) -> Part:
    """The whole group as one part."""
    modes = tuple(m for m in MODE_ORDER if m in asked and (limit is None or m in limit.minutes))
    return Part("", modes, 1.0, 1.0, 1.0, True)


def _share(group: Group, carless: Carless | None) -> tuple[float, float, float, bool]:
    share = None
    if carless is not None:
        share = carless.share_by_group.get(group.id, carless.share)
    if share is None:
        return 0.0, 0.5, 1.0, False
    return share, share, share, True
