# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Whom a need window speaks about: everybody of a group, or people of multilocal segments and their households."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dableiben.catalogue.windows import Audience, NeedWindow
from dableiben.core.calendar import Calendar
from dableiben.core.ids import slug
from dableiben.core.levels import LEVELS, id_column
from dableiben.core.seasons import WHOLE_YEAR, Season, read_season
from dableiben.core.week import Mask, from_bytes, no_slots
from dableiben.gaps.service import Frame
from dableiben.gaps.time.weeks import Week, season_week

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Crowd:
    """Persons by unit who share their hours.

    low, best, high   shape (units,)
    when     slots in which their need can arise: here (incoming, resident) or without the one who is away
             (outgoing); None = always
    key      segment they are, empty = everybody of the group
    """

    low: Floats
    best: Floats
    high: Floats
    when: Mask | None = None
    season: Season = WHOLE_YEAR
    key: str = ""

    def weeks(self, frame: Frame) -> tuple[Week, ...]:
        """Weeks in which they are looked at: those of the year, or one of their season."""
        times = frame.times
        assert times is not None
        if self.season.is_whole_year or times.is_asked:
            return tuple(week for week in times.weeks if self._here(week, times.calendar))
        season = self.season
        found = season_week(season.id, lambda day: season.contains(day, times.calendar), times.base, times.calendar)
        return (found,) if found is not None else ()

    def _here(self, week: Week, calendar: Calendar) -> bool:
        return all(self.season.contains(day, calendar) for day in week.days)

    def narrowed(self, window: NeedWindow, week: Week, calendar: Calendar) -> Mask:
        """Slots of a week in which their need arises."""
        mask = window.slots(week.days, calendar)
        return mask if self.when is None else mask & self.when


def crowds(frame: Frame, window: NeedWindow, everybody: Callable[[], Floats]) -> Iterator[Crowd]:
    """The crowds a window speaks about, in the order of the segments.

    Segments of which it is not known how many they are, or how many stay, say nothing about hours; of those of which
    it is not known when they are here, the hours are unknown.
    """
    audience = window.audience
    if audience.view == "everybody":
        persons = everybody()
        yield Crowd(persons, persons, persons)
        return
    shares = _Shares(frame, everybody)
    for row in frame.region.segments.to_dict("records"):
        if row["view"] == audience.view and _speaks_of(audience, row):
            crowd = _crowd({str(name): value for name, value in row.items()}, audience, shares)
            if not np.isnan(crowd.best).all():
                yield crowd


def _speaks_of(audience: Audience, row: Mapping[Any, Any]) -> bool:
    return _has_word(row["reason"], audience.reasons) and _has_word(row["working_time"], audience.working_times)


def _has_word(said: object, wanted: tuple[str, ...]) -> bool:
    """Whether a text holds one of some words; no words ask for nothing."""
    words = set(slug(said).split("-")) if isinstance(said, str) else set()
    return not wanted or any(slug(word) in words for word in wanted)


def _crowd(row: Mapping[str, Any], audience: Audience, shares: _Shares) -> Crowd:
    spread = shares.of(str(row["area_id"]))
    low, best, high = (spread * number for number in _persons(row, audience))
    low, high = np.where(np.isnan(low), 0.0, low), np.where(np.isnan(high), best, high)
    present = row["present"]
    mask = from_bytes(present) if isinstance(present, bytes) else ~no_slots()
    when = ~mask if audience.view == "outgoing" else mask
    if not isinstance(present, bytes):  # nobody knows when: it may concern all of them or nobody
        low, best = low * 0.0, best * np.nan
        when = ~no_slots()
    return Crowd(low, best, high, when, read_season(row["season"]) or WHOLE_YEAR, str(row["source_id"]))


def _persons(row: Mapping[str, Any], audience: Audience) -> tuple[float, float, float]:
    """Low, best and high; of those who stay as many more or less as there are more or fewer who go."""
    low, best, high = (_number(row[f"persons_{end}"]) for end in ("low", "best", "high"))
    if audience.stays is None:
        return low, best, high
    staying = _number(row[f"stay_{audience.stays}"])
    return (staying * low / best, staying, staying * high / best) if best > 0 else (staying, staying, staying)


def _number(value: Any) -> float:
    return float("nan") if value is None or value != value else float(value)


class _Shares:
    """How the persons of an area are spread over its units: as those of the group who live there, else all."""

    def __init__(self, frame: Frame, everybody: Callable[[], Floats]) -> None:
        self._frame, self._everybody = frame, everybody

    def of(self, area_id: str) -> Floats:
        """Shares of the units of an area, shape (units,), together 1; none where it has no units."""
        units = self._frame.units
        mine = np.logical_or.reduce([(units[id_column(level)] == area_id).to_numpy(bool) for level in LEVELS])
        for weights in (self._everybody(), self._frame.residents.total, np.ones(len(mine))):
            found = np.where(mine, np.nan_to_num(weights), 0.0)
            if found.sum() > 0:
                return np.asarray(found / found.sum())
        return np.zeros(len(mine))
