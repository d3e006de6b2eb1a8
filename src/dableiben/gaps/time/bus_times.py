# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Travel times by bus over the departures of a window, for a typical day of each type."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.access.transit import departures, percentiles_of
from dableiben.catalogue.modes import TransitRules
from dableiben.core.calendar import DAY_TYPES
from dableiben.core.results import BUS_TIMES
from dableiben.gaps.service import Frame, Judged
from dableiben.gaps.time.rides import BUS
from dableiben.gaps.ways import Journeys
from dableiben.region.timetables import typical_days

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
PERCENTS = (5, 50, 95)


@dataclass(frozen=True)
class _Part:
    """A window on a day, with its percentiles for one service, shape (cells, 3)."""

    service: str
    day_type: str
    day: date
    window: tuple[int, int]
    minutes: Floats


def bus_times_table(frame: Frame, judged: list[Judged]) -> pd.DataFrame:
    """BUS_TIMES: minutes to the nearest certain facility by bus or on foot, by cell, service, type of day and window.

    Days and windows are those of the card; days near the one that was asked for, else near that of the population.
    Empty without a timetable, ways on foot, or rides. Services that come to the house have no way.
    """
    timetable, rules = frame.region.timetable, frame.catalogue.transit[BUS]
    cells = np.flatnonzero(frame.units["inside"].to_numpy(bool) & frame.units["cell_id"].notna().to_numpy())
    if frame.times is None or not frame.settings.rides or timetable is None or frame.ways is None or not len(cells):
        return BUS_TIMES.frame()
    transit = frame.ways.transit(timetable, rules)
    if transit is None:
        return BUS_TIMES.frame()
    wanted = {day_type for window in rules.windows for day_type in window.day_types}
    typical = typical_days(timetable, frame.times.calendar, near=frame.times.base)
    days = {kind: (typical[kind], transit(typical[kind], False)) for kind in DAY_TYPES if kind in wanted & set(typical)}
    served = [one for one in judged if len(one.offer.certain) and one.card.use != "service_area"]
    with ThreadPoolExecutor(max_workers=frame.settings.workers) as pool:
        found = pool.map(
            lambda one: [
                _Part(one.service, kind, day, window, minutes)
                for kind, (day, journeys) in days.items()
                for window, minutes in _of_day(one, rules, kind, journeys, cells)
            ],
            served,
        )
        parts = [part for several in found for part in several]
    return _table(frame, parts, cells) if parts else BUS_TIMES.frame()


def _of_day(
    one: Judged, rules: TransitRules, day_type: str, journeys: Journeys, cells: Ints
) -> Iterator[tuple[tuple[int, int], Floats]]:
    """Percentiles of each window of a day. All its departures are asked for at once."""
    windows = [window.minutes for window in rules.windows if day_type in window.day_types]
    leave = [departures(rules, first * 60, last * 60) for first, last in windows]
    seconds = _seconds(one, journeys, np.concatenate(leave))[cells]
    ends = np.cumsum([len(part) for part in leave])
    for window, mine in zip(windows, np.split(seconds, ends[:-1], axis=1), strict=True):
        yield window, percentiles_of(mine, PERCENTS)


def _seconds(one: Judged, journeys: Journeys, leave: NDArray[np.int32]) -> NDArray[np.int32]:
    """Seconds to the nearest facility that may be used, shape (units, departures); -1 = none."""
    only = one.offer.rights.only
    groups: dict[bytes, list[int]] = {}
    for row in one.offer.certain.tolist():
        groups.setdefault(only[row].tobytes() if row in only else b"", []).append(row)
    best: NDArray[np.uint32] | None = None
    for rows in groups.values():
        # As unsigned numbers the impossible ones are the longest.
        found = journeys.durations(np.array(rows, np.int64), leave).view(np.uint32)
        if rows[0] in only:
            found = np.where(only[rows[0]][:, None], found, np.uint32(2**32 - 1))
        best = found if best is None else np.minimum(best, found)
    assert best is not None
    return best.view(np.int32)


def _table(frame: Frame, parts: list[_Part], cells: Ints) -> pd.DataFrame:
    """Rows part by part; words as codes, since there are very many rows."""
    times, size = len(parts), len(cells)
    minutes = np.concatenate([part.minutes for part in parts])
    table: dict[str, object] = {
        "cell_id": _words(frame.units["cell_id"].to_numpy(object)[cells], np.tile(np.arange(size), times)),
        "area_id": _words(frame.units["area_id"].to_numpy(object)[cells], np.tile(np.arange(size), times)),
    }
    part_of = np.repeat(np.arange(times), size)
    for name, values in (
        ("kind", [part.service for part in parts]),
        ("day_type", [part.day_type for part in parts]),
        ("first_day", [part.day for part in parts]),
    ):
        table[name] = _words(np.array(values, object), part_of)
    for name, place in (("from_min", 0), ("to_min", 1)):
        table[name] = np.array([part.window[place] for part in parts], np.int64)[part_of]
    return pd.DataFrame(
        table | {f"minutes_p{percent:02}": minutes[:, n] for n, percent in enumerate(PERCENTS)}
    )[BUS_TIMES.names]  # fmt: skip


def _words(values: NDArray[np.object_], which: Ints) -> pd.Series:
    codes, words = pd.factorize(values, sort=True)
    kind = pd.CategoricalDtype(pd.Index(words, dtype=object))
    return pd.Series(pd.Categorical.from_codes(codes[which], dtype=kind))
