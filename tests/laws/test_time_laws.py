# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of gaps in time, through the whole check: longer hours never add one, a trip less never removes one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dableiben.core.week import from_bytes
from dableiben.gaps.assess import Assessment
from support.hours import BY_BUS, SCHOOL_DAYS, TIMETABLE, cards, checked, in_window, window
from support.regions import Plan

HOURS = st.tuples(st.integers(6, 12), st.integers(1, 8)).map(lambda pair: (pair[0], pair[0] + pair[1]))
CLOCKS = st.lists(st.integers(24, 76), max_size=5).map(lambda quarters: sorted(set(quarters)))
VISITS = (window(pattern="visit", stay_min=30, windows=[{**BY_BUS, "times": ["07:00-19:00"]}]),)
NEEDED = (window(windows=[{"days": "Mo-Fr", "times": ["06:00-20:00"], "day_types": SCHOOL_DAYS}]),)


def lacking(found: Assessment, *causes: str) -> np.ndarray:
    """Slots lacking by row of CELL_SLOTS."""
    table = found.tables["cell_slots"].sort_values(["cell_id", "group", "week"])
    masks = [[from_bytes(data) for data in table[cause]] for cause in causes]
    return np.logical_or.reduce([np.array(rows, bool) for rows in masks])


def clock(quarter: int) -> str:
    return f"{quarter // 4:02d}:{quarter % 4 * 15:02d}"


@settings(max_examples=25, deadline=None)
@given(HOURS, HOURS, st.integers(0, 2), st.integers(0, 2))
def test_longer_hours_never_add_a_gap(one: tuple[int, int], other: tuple[int, int], before: int, after: int) -> None:
    def check(first: int, last: int) -> Assessment:
        kinds = {
            "K": {"kind": "kita", "usable_places": 99.0, "opening_hours": f"Mo-Fr {first:02d}:00-{last:02d}:00"},
            "L": {"kind": "kita", "usable_places": 99.0, "opening_hours": f"Mo-Fr {other[0]:02d}:00-{other[1]:02d}:00"},
        }
        return checked(Plan("40K . 20 . L", kinds=kinds), cards(in_window("kita", 3), windows=NEEDED), "kita")

    short, long = check(*one), check(one[0] - before, one[1] + after)
    every = ("hours", "timetable", "slot_capacity")
    assert not (lacking(long, *every) & ~lacking(short, *every)).any()
    assert len(long.tables["gaps"]) <= len(short.tables["gaps"])


@settings(max_examples=25, deadline=None)
@given(CLOCKS, CLOCKS, st.data())
def test_a_trip_less_never_removes_a_gap(there: list[int], back: list[int], data: st.DataObject) -> None:
    region = replace(
        Plan("40 . . . . . . . . S", kinds={"S": {"kind": "hausarzt", "opening_hours": "Mo-Fr 08:00-18:00"}}).region(),
        timetable=TIMETABLE,
    )  # fmt: skip
    catalogue = cards(in_window("hausarzt", 45, "bus"), windows=VISITS)

    def check(go: list[int], come: list[int]) -> Assessment:
        hops = [[(clock(q), clock(q + 1)) for q in quarters] for quarters in (go, come)]
        rides = dict.fromkeys(range(5), (hops[0], hops[1]))
        return checked(region, catalogue, "hausarzt", rides=rides)

    dropped = data.draw(st.sampled_from(there)) if there else None
    more, fewer = check(there, back), check([q for q in there if q != dropped], back)
    every = ("hours", "timetable")
    assert not (lacking(more, *every) & ~lacking(fewer, *every)).any()
