# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of opening hours: longer hours close nothing, and slots are what a second evaluation says of their minutes."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import opening_hours
from hypothesis import given, settings
from hypothesis import strategies as st

from dableiben.core.calendar import Calendar, week_of
from dableiben.supply.opening_hours import Hours, read_hours

HESSE = Calendar("HE")
weeks = st.dates(date(2025, 1, 1), date(2028, 12, 31)).map(week_of)
minutes = st.integers(0, 95).map(lambda quarter: quarter * 15) | st.integers(0, 1439)
day_texts = st.sampled_from(
    ("Mo-Fr", "Sa", "Sa-Su", "Tu,Th", "We", "Mo[1]", "Jul-Aug Mo-Fr", "week 2-52/2 Fr", "Mo-Su")
)


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


@st.composite
def spans(draw: st.DrawFn) -> list[tuple[int, int]]:
    """One or two spans of a day that do not touch."""
    ends = sorted(draw(st.sets(st.integers(0, 96), min_size=4, max_size=4)))
    return [(ends[0] * 15, ends[1] * 15), (ends[2] * 15, ends[3] * 15)][: draw(st.integers(1, 2))]


def said(found: list[tuple[int, int]]) -> str:
    return ",".join(f"{clock(start)}-{clock(end)}" for start, end in found)


def understood(text: str) -> Hours:
    found = read_hours(text)
    assert isinstance(found, Hours), (text, found)
    return found


@given(days=day_texts, found=spans(), earlier=st.integers(0, 8), later=st.integers(0, 8), week=weeks,
       ending=st.sampled_from(("", "; PH off", "; SH off", " || unknown", "; Dec 24 08:00-12:00")))  # fmt: skip
def test_longer_hours_close_no_slot(
    days: str, found: list[tuple[int, int]], earlier: int, later: int, week: tuple[date, ...], ending: str
) -> None:
    (start, end), rest = found[0], found[1:]
    longer = [(max(start - 15 * earlier, 0), min(end + 15 * later, 24 * 60)), *rest]
    opened, unknown = understood(f"{days} {said(found)}{ending}").week(week, HESSE)
    opened_longer, unknown_longer = understood(f"{days} {said(longer)}{ending}").week(week, HESSE)
    assert not (opened & ~opened_longer).any()
    assert not (unknown & ~opened_longer & ~unknown_longer).any()


@given(rules=st.lists(st.tuples(day_texts, spans(), st.sampled_from(("", "", "", " off", " unknown"))), min_size=1,
                      max_size=3), separator=st.sampled_from(("; ", ", ")), week=weeks)  # fmt: skip
@settings(max_examples=60)
def test_slots_are_what_the_library_says_of_every_minute(
    rules: list[tuple[str, list[tuple[int, int]], str]], separator: str, week: tuple[date, ...]
) -> None:
    text = separator.join(f"{days} {said(found)}{state}" for days, found, state in rules)
    peer = opening_hours.OpeningHours(text)
    states = {opening_hours.State.OPEN: 2, opening_hours.State.UNKNOWN: 1, opening_hours.State.CLOSED: 0}
    start = datetime(week[0].year, week[0].month, week[0].day)  # noqa: DTZ001 wall clock
    by_minute = np.array([
        states[peer.state(start + timedelta(minutes=minute))[0]] for minute in range(7 * 24 * 60)
    ])  # fmt: skip
    least = by_minute.reshape(-1, 15).min(axis=1)
    opened, unknown = understood(text).week(week, HESSE, strict_osm=True)
    assert np.array_equal(opened, least == 2), text
    assert np.array_equal(unknown, least == 1), text


@given(days=day_texts, start=minutes, length=st.integers(1, 1440), week=weeks, land=st.sampled_from(("HE", "MV", "NI")))
def test_no_slot_is_open_and_unknown_and_certainty_only_takes_away(
    days: str, start: int, length: int, week: tuple[date, ...], land: str
) -> None:
    hours = understood(f"{days} {clock(start)}-{clock((start + length) % 1440)}")
    opened, unknown = hours.week(week, Calendar(land))
    as_written, none = hours.week(week, Calendar(land), strict_osm=True)
    assert not (opened & unknown).any()
    assert not none.any()
    assert np.array_equal(opened | unknown, as_written)
