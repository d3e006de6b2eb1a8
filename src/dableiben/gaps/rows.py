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
METRES_PER_MIN = 50.0
"""how limits in metres and the ways measured for them are written as minutes; a decisecond is 8 cm, so that whole
metres and centimetres are exact"""
WITH_CAR = ".mit_auto"
WITHOUT_CAR = ".ohne_auto"


@dataclass(frozen=True)
class Limit:
    """A limit of the way in force: its norm and the minutes by mode; `metres` of a limit by length, whose minutes are
    held against measured ways (METRES_PER_MIN)."""

    norm: ChosenNorm
    minutes: dict[str, float]
    metres: float | None = None


@dataclass(frozen=True)
class Limits:
    """Limits of the way for a group: of all households, and the one that speaks of those without a car."""

    everybody: Limit | None = None
    without_car: Limit | None = None


@dataclass
class Row:
    """Need of one group for one service in one kind of household, by unit; filled step by step.

    low, best, high   persons, shape (units,); NaN = unknown
    modes             modes this row may use, out of those asked and limited; empty = none can be judged
    beyond            modes of the limit where it names none that the row may use: who is not reached by them is
                      in the gap, too; who is reached by them is not judged
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
    beyond: tuple[str, ...] = ()
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
    def unknown_persons(self) -> str:
        """Code of the reason why the persons of a row are unknown."""
        return "persons_missing" if self.group.situation is not None else "age_unknown"

    @property
    def mode(self) -> str | None:
        """The fastest mode that is judged names the row; None where no way is judged."""
        judged = self.modes or self.beyond
        return max(judged, key=MODE_ORDER.index) if judged and self.limit is not None else None


@dataclass(frozen=True)
class Part:
    """A kind of household: suffix of the group, its limit and modes, and its share low/best/high."""

    suffix: str
    limit: Limit | None
    modes: tuple[str, ...]
    beyond: tuple[str, ...] = ()
    low: float = 1.0
    best: float = 1.0
    high: float = 1.0
    share_known: bool = True


def household_parts(group: Group, limits: Limits, asked: tuple[str, ...], carless: Carless | None) -> list[Part]:
    """How a group is told apart for its limits: with and without a car where the car makes a difference.

    It does where a limit speaks of households without a car, or names a mode that they cannot use, asked for or
    not. Shares add up to 1 at their best value. An unknown share runs from nobody to everybody; its best value is
    the middle of the span, and confidence is low.
    """
    limit = limits.everybody
    usable = set(group.modes_without_car)
    if limits.without_car is None and (limit is None or usable >= limit.minutes.keys()):
        return [undivided(limits, asked)]
    theirs = limits.without_car or limit
    assert theirs is not None
    slow = tuple(m for m in judged_modes(theirs, asked) if m in usable)
    beyond = () if usable & theirs.minutes.keys() else judged_modes(theirs, asked)
    low, best, high, known = _share(group, carless)
    # A norm for households without a car says nothing about the others; they still need their places.
    fast = judged_modes(limit, asked) if limit is not None else ()
    return [
        Part(WITH_CAR, limit, fast, (), 1 - high, 1 - best, 1 - low, known),
        Part(WITHOUT_CAR, theirs, slow, beyond, low, best, high, known),
    ]


def undivided(limits: Limits, asked: tuple[str, ...]) -> Part:
    """The whole group as one part."""
    limit = limits.everybody or limits.without_car
    return Part("", limit, judged_modes(limit, asked))


def judged_modes(limit: Limit | None, asked: tuple[str, ...]) -> tuple[str, ...]:
    """Modes asked for that a limit names, slow to fast; all of them without a limit."""
    return tuple(m for m in MODE_ORDER if m in asked and (limit is None or m in limit.minutes))


def _share(group: Group, carless: Carless | None) -> tuple[float, float, float, bool]:
    share = None
    if carless is not None:
        share = carless.share_by_group.get(group.id, carless.share)
    if share is None:
        return 0.0, 0.5, 1.0, False
    return share, share, share, True
