# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Opening hours against a second program: the npm package opening_hours, minute by minute, in Hesse.

Each text is asked at 1,000 random times of three years, holidays and the nights the clocks change among them. Every
difference that is left stands here with its reason.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import osmium
import pytest

from dableiben.core.calendar import Calendar, days_between
from dableiben.supply.opening_hours import Hours, Unreadable, read_hours

FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
TIMES = 1000
HESSE = Calendar("HE")
CLOSED, UNKNOWN, OPEN = 0, 1, 2
Pairs = set[tuple[int, int]]
"""(ours, theirs)"""
Javascript = Callable[[list[tuple[str, list[datetime]]]], list[list[int] | None]]

SUN = "We do not know the place: between the earliest and the latest sun of Germany it is unknown."
NIGHT = (
    "A night belongs to the day on which it begins. Theirs ends at midnight where another rule holds on the day after, "
    "and goes on after midnight where another rule (a holiday's) took the place of the hours before."
)
REASONS: dict[str, tuple[str, Pairs]] = {
    "sunrise-20:00": (SUN, {(UNKNOWN, OPEN), (UNKNOWN, CLOSED)}),
    "sunrise-sunset": (SUN, {(UNKNOWN, OPEN), (UNKNOWN, CLOSED)}),
    "Fr-Sa 17:00+; Su,PH 15:00+": (NIGHT, {(UNKNOWN, CLOSED), (CLOSED, UNKNOWN)}),
    "(sunrise+01:00)-(sunset-01:00)": (SUN, {(UNKNOWN, OPEN), (UNKNOWN, CLOSED)}),
    "Mo-Fr dawn-dusk": (SUN, {(UNKNOWN, OPEN), (UNKNOWN, CLOSED)}),
    "Fr 20:00-02:00; Sa 10:00-12:00": (NIGHT, {(OPEN, CLOSED)}),
    "Mo-Fr 20:00-02:00; PH off": (NIGHT, {(CLOSED, OPEN), (OPEN, CLOSED)}),
    "Mo-Fr 18:00-19:00+": (
        "An end that is open (19:00+) leaves open what comes after; theirs closes there.",
        {(UNKNOWN, CLOSED)},
    ),
}
RARER = (
    'Mo-Fr 08:00-12:00 "Termin"', '"nach Vereinbarung"', 'Mo-Fr 08:00-12:00 open "Termin"', "Mo 08:00-12:00,14:00+",
    "22:30+", "Fr 20:00-02:00", "Mo-Fr 08:00-12:00; Mo 09:00-10:00 off", 'Mo-Fr 08:00-12:00; PH off || "x"',
    "Mo-Fr 08:00-12:00 || Mo 13:00-14:00", "PH Mo-Fr 10:00-12:00", "SH Mo-Fr 10:00-12:00; PH off",
    "Mo-Fr 07:00-17:00; SH Mo-Fr 08:00-14:00; PH off", "Mo-Fr 07:00-17:00; SH,PH off", "Mo-Sa,PH 07:00-17:00",
    "PH -1 day 10:00-12:00", "SH 10:00-12:00, PH 13:00-14:00", "Mo 10:00-26:00", "Mo-Fr 08:00-08:00",
    "Apr 01-15: 10:00-12:00", "Apr 20-May 3 10:00-12:00", "Dec 20-Jan 6 off; Dec 24 10:00-12:00",
    "Mo-Fr 08:00-16:00; Dec 20-Jan 06 off", "Mo-Fr 08:00-16:00; 2026 Jul 13-2026 Aug 22 off",
    "2026 Mo-Fr 08:00-16:00", "2026-2027 Apr-Sep Mo-Fr 08:00-16:00", "2026+ Sa 10:00-12:00",
    "week 14 Mo 10:00-12:00", "week 1-53/2 Mo 10:00-12:00", "week 2-52/2 Tu 10:00-12:00; week 1-53/2 We 10:00-12:00",
    "Sa[1] 10:00-12:00", "Sa[1,3] 10:00-12:00; Mo[-1] 20:00-23:00", "Mo[1] +1 day 10:00-11:00", "easter 10:00-12:00",
    "easter -2 days off; Mo-Fr 09:00-12:00", "Mo-Fr 09:00-12:00; easter +1 day off",
    "easter -2 days-easter +1 day 10:00-12:00", "Nov-Feb Mo-Fr 08:00-10:00; Mar-Oct Mo-Fr 08:00-18:00",
    "Jan,Mar,Jul Mo 08:00-12:00", "Mo 10:00-12:00, Mo 11:00-13:00 off", "Mo-We 08:00-12:00; Apr 10:00-12:00",
    'Mo-Fr 06:00-12:00 || unknown "n.V."', "Mo 10:00-14:00, Mo 11:00-13:00 unknown", "24/7; Su 10:00-12:00 off",
    "24/7; PH off", "24/7; Dec 24 14:00-24:00 off", "Mo-Su,PH 06:00-05:00", "Sa-Mo 09:00-12:00",
    "Mo-Fr 08:00-12:00, We 14:00-18:00; Th 16:00-20:00; PH,SH off", "unknown", "Mo-Fr 08:00-16:00 unknown; Sa off",
    "10:00-12:00; Jul-Aug 08:00-14:00; Jul-Aug Su off", "Mo-Fr", 'Mo 08:00-18:00 closed "Umbau"',
    "Feb 29 10:00-12:00", "(sunrise+01:00)-(sunset-01:00)", "Mo-Fr dawn-dusk", "Fr 20:00-02:00; Sa 10:00-12:00",
    "Mo-Fr 20:00-02:00; PH off", "Mo-Fr 18:00-19:00+",
)  # fmt: skip


def some_times(seed: int) -> list[datetime]:
    chance = random.Random(seed)
    days = (LAST - FIRST).days + 1
    start = datetime(FIRST.year, FIRST.month, FIRST.day)  # noqa: DTZ001 wall clock
    return [start + timedelta(minutes=chance.randrange(days * 24 * 60)) for _ in range(TIMES)]


def differences(texts: list[str], javascript: Javascript) -> tuple[dict[str, Pairs], set[str]]:
    """What differs, by text, as (ours, theirs); and the texts that neither of the two can read."""
    asked = [(text, some_times(seed)) for seed, text in enumerate(texts)]
    found: dict[str, Pairs] = {}
    unread = set()
    days = list(days_between(FIRST, LAST))
    tables = {}
    for (text, times), theirs in zip(asked, javascript(asked), strict=True):
        hours = read_hours(text)
        if theirs is None:
            assert isinstance(hours, Unreadable), f"read by us alone: {text}"
            unread.add(text)
            continue
        assert isinstance(hours, Hours), f"read by them alone: {text}"
        if text not in tables:
            tables[text] = hours.minutes(days, HESSE, strict_osm=True)
        for at, their in zip(times, theirs, strict=True):
            ours = int(tables[text][(at.date() - FIRST).days, at.hour * 60 + at.minute])
            if ours != their:
                found.setdefault(text, set()).add((ours, their))
    return found, unread


def unexplained(found: dict[str, Pairs]) -> dict[str, Pairs]:
    return {text: pairs for text, pairs in found.items() if text not in REASONS or pairs - REASONS[text][1]}


@pytest.fixture(scope="module")
def texts_of_the_wetterau(shared_path: Path) -> list[str]:
    things = osmium.FileProcessor(str(shared_path / "regions" / "wetterau" / "wetterau-2022-12.osm.pbf"))
    return [tag.v for thing in things for tag in thing.tags if tag.k == "opening_hours"]


def test_all_hours_of_the_wetterau_are_evaluated_alike(
    texts_of_the_wetterau: list[str], evaluated_by_javascript: Javascript
) -> None:
    assert len(texts_of_the_wetterau) == 298
    found, unread = differences(texts_of_the_wetterau, evaluated_by_javascript)
    assert unexplained(found) == {}
    assert set(found) == set(REASONS) - set(RARER), "a reason is listed for what does not differ"
    assert len(unread) == 1 and next(iter(unread)).startswith("Sunday11:30am")  # English prose: read by neither


def test_rarer_forms_are_evaluated_alike(evaluated_by_javascript: Javascript) -> None:
    found, unread = differences(list(RARER), evaluated_by_javascript)
    assert unexplained(found) == {}
    assert set(found) == set(REASONS) & set(RARER), "a reason is listed for what does not differ"
    assert unread == set()
