# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Gaps in time in words and as a strip of the week; which weeks were looked at, and what is not known of hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from dableiben.catalogue.text import half_up
from dableiben.core.seasons import season_words
from dableiben.core.week import DAY_NAMES, DAYS_A_WEEK, SLOT_MIN, Mask, day_of, from_bytes, in_words
from dableiben.report.figures import Cell
from dableiben.report.labels import Labels
from dableiben.report.sheet import Record

MOMENTS = ("arrive", "leave")
"""patterns of windows in which a slot is a time to be somewhere, not an hour of a stay"""
SMALL_SUM = 100
"""person-hours from this on are added up to tens"""
ROW_HEIGHT = 7
"""of the strip, in widths of a slot"""
TICKS = range(0, 25, 6)
"""hours that are written above the strip"""


@dataclass(frozen=True)
class Strip:
    """A week of 7 rows and 96 slots a day; `bars` as (slot of the day, row, slots)."""

    text: str
    days: tuple[str, ...]
    bars: tuple[tuple[int, int, int], ...]
    row_height: int = ROW_HEIGHT
    ticks: tuple[int, ...] = tuple(TICKS)


@dataclass(frozen=True)
class Times:
    """What a gap in time shows besides: its windows in words, the strip, person-hours, part of the year."""

    words: str
    strip: Strip
    hours: str


def mask_of(gap: Mapping[str, Any]) -> Mask | None:
    """Slots of a gap in time; None for the other dimensions."""
    return from_bytes(gap["slots"]) if isinstance(gap["slots"], bytes) else None


def slot_words(labels: Labels, gap: Mapping[str, Any]) -> str | None:
    """When a gap in time holds: Mo–Fr 6:00–7:00 und 16:00–17:00."""
    mask = mask_of(gap)
    return None if mask is None else in_words(mask, labels.lang)


def season_of(labels: Labels, gap: Mapping[str, Any]) -> str | None:
    """Part of the year in which a gap holds; None = in usual weeks."""
    return None if gap["season"] is None else season_words(str(gap["season"]), labels.lang)


def when_words(labels: Labels, gap: Mapping[str, Any]) -> str | None:
    """Season and type of day: Schultage; Schulferien; Juli–August. None where a gap says neither."""
    season = season_of(labels, gap)
    if gap["season"] == "holidays" and gap["day_type"] == "school_holiday":
        return season
    return ", ".join(part for part in (season, labels.label("day_type", gap["day_type"])) if part) or None


def is_of_moments(labels: Labels, gap: Mapping[str, Any]) -> bool:
    """Whether a gap is about times to be somewhere: then a quarter of an hour is a ride, not a stay."""
    norm = labels.catalogue.norms.get(gap["norm_id"])
    window = labels.catalogue.windows.get(norm.window) if norm is not None and norm.window is not None else None
    return gap["dimension"] == "time" and window is not None and window.pattern in MOMENTS


def person_hours(labels: Labels, gap: Mapping[str, Any]) -> tuple[float, float, float] | None:
    """Person-hours a week, low, best and high; None where there are none, they are withheld, or it is about rides."""
    found = [gap[f"person_hours_week_{end}"] for end in ("low", "best", "high")]
    if any(value is None for value in found) or is_of_moments(labels, gap):
        return None
    return float(found[0]), float(found[1]), float(found[2])


def strip_of(labels: Labels, mask: Mask) -> Strip:
    """The week of a mask."""
    bars = tuple(
        (start, day, end - start) for day in range(DAYS_A_WEEK) for start, end in _stretches(day_of(mask, day))
    )
    text = labels.word("html.week_alt", slots=in_words(mask, labels.lang))
    return Strip(text, DAY_NAMES[labels.lang], bars)


def _stretches(day: Mask) -> Iterator[tuple[int, int]]:
    """First slot and slot after the last of each run of a day."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], day, [False])).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def times_of(labels: Labels, gap: Record) -> Times | None:
    """Words and strip of a gap in time; None for the other dimensions."""
    mask = mask_of(gap)
    if mask is None:
        return None
    when = when_words(labels, gap)
    words = in_words(mask, labels.lang) + (f" ({when})" if when else "")
    return Times(words, strip_of(labels, mask), hours_words(labels, gap))


def hours_words(labels: Labels, gap: Record) -> str:
    """Person-hours a week with their interval, or rides; empty where there are none."""
    if is_of_moments(labels, gap):
        found = [gap[f"person_hours_week_{end}"] for end in ("low", "best", "high")]
        if any(value is None for value in found):
            return ""
        low, best, high = (float(value) * 60 / SLOT_MIN for value in found)
        return labels.word("html.rides_week", low=low, best=best, high=high)
    hours = person_hours(labels, gap)
    if hours is None:
        return ""
    return labels.word("html.person_hours", low=hours[0], best=hours[1], high=hours[2])


def fact_of_time(labels: Labels, gap: Record, *, at_most: bool) -> str:
    """How many of the hours needed are served in half a sentence.

    at_most   what is not known, or lacks for another reason, may make it fewer
    """
    if gap["target"] is None or gap["actual"] is None:
        return ""
    target, actual = float(gap["target"]), float(gap["actual"])
    if is_of_moments(labels, gap):
        per_hour = 60 / SLOT_MIN
        return labels.word("html.fact.rides", target=target * per_hour, actual=actual * per_hour, at_most=at_most)
    return labels.word(f"html.fact.{gap['cause']}", target=target, actual=actual, at_most=at_most)


def time_total(labels: Labels, gaps: Iterable[Record]) -> str:
    """Person-hours of gaps in time in one sentence: those of usual weeks, and those of holidays and seasons."""
    sums = {True: np.zeros(3), False: np.zeros(3)}
    for gap in gaps:
        hours = person_hours(labels, gap) if gap["dimension"] == "time" else None
        if hours is not None:
            sums[gap["season"] is None] += hours
    usual, other = (_rounded(sums[key]) for key in (True, False))
    if not usual[1] and not other[1]:
        return ""
    return labels.word("summary.person_hours", usual=usual, other=other)


def _rounded(hours: np.ndarray) -> list[float]:
    """Hours added up, without false precision."""
    return [half_up(value / 10) * 10 if value >= SMALL_SUM else half_up(value) for value in hours.tolist()]


def weeks_words(labels: Labels) -> str | None:
    """The weeks that were looked at, with their Mondays; None where hours were not asked about."""
    weeks: Any = labels.released.run["settings"].get("weeks") or []
    named = [
        labels.word("html.week_of", week=_week(labels, str(one["week"])), day=date.fromisoformat(str(one["first_day"])))
        for one in weeks
    ]
    return ", ".join(named) or None


def _week(labels: Labels, key: str) -> str:
    if labels.has(f"week.{key}"):
        return labels.word(f"week.{key}")
    return labels.word("html.week_season", season=season_words(key, labels.lang))


def time_notes(labels: Labels) -> Iterator[Cell]:
    """What to know about hours and rides before reading gaps in time."""
    weeks = weeks_words(labels)
    if weeks is None:
        return
    yield Cell(labels.word("html.weeks", weeks=weeks))
    counts = labels.released.run["counts"]
    if counts.get("hours_given") is not None:
        yield Cell(
            labels.word(
                "html.hours_known", given=counts["hours_given"], unread=counts["hours_unread"],
                whole=counts["facilities"],
            ), href="#checks",
        )  # fmt: skip
    for check in labels.released.run["checks"]:
        if check["severity"] != "green" and labels.has(f"html.time_check.{check['id']}"):
            yield Cell(labels.word(f"html.time_check.{check['id']}"), href="#checks")
