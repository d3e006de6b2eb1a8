# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Opening hours: distinct texts, each read and evaluated into the 672 quarter hours of a week with holidays.

The goal is a rate, so it stands as a peer of its own: 500 texts a second. The library opening-hours-py is measured on
those texts it can read (no school holidays, no German words), as the intervals of the week; it knows neither the
holidays of the Land nor what a text leaves open, so the answers are compared as its specification has them.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import opening_hours

from dableiben.core.calendar import Calendar, week_of
from dableiben.supply.opening_hours import Hours, read_hours

TEXTS = 3000
GOAL_PER_S = 500
WEEK = week_of(date(2027, 3, 26))
"""the week of Good Friday, in the Easter holidays"""
START = datetime(WEEK[0].year, WEEK[0].month, WEEK[0].day)  # noqa: DTZ001 wall clock
HESSE = Calendar("HE")


def run(rounds: int) -> list[dict[str, Any]]:
    """Two entries: all forms against the goal, OSM's syntax alone against the library."""
    plain = [text for text in made(0, TEXTS) if "SH" not in text and "PH" not in text and "Uhr" not in text]
    equal = all(np.array_equal(ours(text, strict_osm=True), theirs(text)) for text in plain[:300])
    # Every round has texts of its own, since texts that were read once are kept.
    all_forms = [seconds(ours, made(number, TEXTS)) for number in range(1, rounds + 1)]
    pairs = []
    for number in range(rounds):
        texts = [t for t in made(100 + number, TEXTS) if "SH" not in t and "PH" not in t and "Uhr" not in t]
        pairs.append((seconds(ours, texts), seconds(intervals, texts)))
    return [
        entry(f"{TEXTS:,} distinct opening hours, a week each", f"{GOAL_PER_S} a second", all_forms,
              [TEXTS / GOAL_PER_S] * rounds, 1.0, None),
        entry("a third of them, in OSM's syntax without holidays", "opening-hours-py 2.1", [a for a, _ in pairs],
              [b for _, b in pairs], None, equal),
    ]  # fmt: skip


def entry(
    name: str, peer: str, ours_s: list[float], peer_s: list[float], goal: float | None, equal: bool | None
) -> dict[str, Any]:
    ratios = [their / own for own, their in zip(ours_s, peer_s, strict=True)]
    return {
        "name": name, "peer": peer, "ours_s": ours_s, "peer_s": peer_s, "ratio": statistics.median(ratios),
        "ratio_range": [min(ratios), max(ratios)], "goal": goal, "equal": equal,
    }  # fmt: skip


def made(seed: int, count: int) -> list[str]:
    """Distinct texts as they occur: OSM's syntax plain and with holidays, and German words."""
    chance = random.Random(seed)

    def stretch() -> str:
        first, last = chance.randrange(5 * 60, 12 * 60), chance.randrange(12 * 60, 22 * 60)
        return f"{first // 60:02d}:{first % 60:02d}-{last // 60:02d}:{last % 60:02d}"

    forms: tuple[Callable[[], str], ...] = (
        lambda: f"Mo-Th {stretch()}; Fr {stretch()}; Sa {stretch()}",
        lambda: f"Mo-Fr {stretch()}; SH Mo-Fr {stretch()}; PH off",
        lambda: f"Mo–Do {stretch()} Uhr, Fr {stretch()} Uhr, in den Ferien {stretch()}, Schließzeit 3 Wochen im August",
    )
    return [forms[number % 3]() for number in range(count)]


def ours(text: str, *, strict_osm: bool = False) -> np.ndarray:
    hours = read_hours(text)
    assert isinstance(hours, Hours), text
    return hours.week(WEEK, HESSE, strict_osm=strict_osm)[0]


def intervals(text: str) -> list[Any]:
    return list(opening_hours.OpeningHours(text).intervals(START, START + timedelta(days=7)))


def theirs(text: str) -> np.ndarray:
    """What the library says of every quarter hour."""
    minutes = np.zeros(7 * 24 * 60, bool)
    for start, end, state, _ in intervals(text):
        first, last = ((moment - START).total_seconds() / 60 for moment in (start, end))
        minutes[int(first) : int(last)] = state == opening_hours.State.OPEN
    return minutes.reshape(-1, 15).all(axis=1)


def seconds(evaluate: Callable[[str], object], texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        evaluate(text)
    return time.process_time() - start
