# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Presence leaves the house by municipality and rounded: no step of the curve gives a small group away."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.core.results import PRESENCE
from dableiben.privacy.hierarchy import Hierarchy
from dableiben.privacy.presence import presence_by_area, round_presence
from dableiben.privacy.released import RELEASED_TABLES

A, B = "13099001", "13099002"
AREAS = pd.DataFrame(
    {
        "area_id": ["13099", A, B, f"{A}:alt"],
        "level": ["district", "municipality", "municipality", "locality"],
        "parent_id": [None, "13099", "13099", A],
        "also_in": [[], [], [], []],
        "inside": [True] * 4,
    }
)
HIERARCHY = Hierarchy.of(AREAS)
MINIMUM = 3


def rows(area_id: str, *levels: tuple[int, int, float], cell: str | None = None) -> list[dict[str, Any]]:
    found = []
    for first, last, persons in levels:
        same = dict.fromkeys(("persons_low", "persons_best", "persons_high", "living_here", "residents"), persons)
        keys = {"cell_id": cell, "area_id": area_id, "season": "year", "slot_from": first, "slot_to": last}
        found.append({**keys, **same})
    return found


def summed(*parts: list[dict[str, Any]]) -> pd.DataFrame:
    return presence_by_area(PRESENCE.frame([row for part in parts for row in part]), HIERARCHY)


def test_cells_add_up_to_municipalities_and_the_district() -> None:
    table = summed(
        rows(f"{A}:alt", (0, 384, 100.0), (384, 672, 120.0), cell="c1"), rows(A, (0, 672, 50.0), cell="c2"),
        rows(B, (0, 96, 10.0), (96, 672, 30.0)),
    )  # fmt: skip
    numbers = table.set_index(["area_id", "slot_from"])["persons_best"]
    assert numbers[A].to_dict() == {0: 150.0, 384: 170.0}
    assert numbers["13099"].to_dict() == {0: 160.0, 96: 180.0, 384: 200.0}


def test_a_sum_of_which_a_part_is_unknown_is_unknown_in_its_slots() -> None:
    table = summed(rows(A, (0, 96, np.nan), (96, 672, 40.0), cell="c1"), rows(A, (0, 672, 50.0), cell="c2"))
    town = table[table["area_id"] == A].set_index("slot_from")["persons_best"]
    assert np.isnan(town[0]) and town[96] == 90


@given(st.integers(50, 5000), st.integers(0, 2))
def test_a_group_below_the_minimum_stays_uncertain_in_the_curve(residents: int, away: int) -> None:
    """Two who are away and nobody who is away look alike, or like five."""
    table = round_presence(summed(rows(A, (0, 384, residents - away), (384, 672, residents))), {A: 0.1}, MINIMUM)
    town = table[table["area_id"] == A]
    steps = set(np.diff(town["persons_best"].astype(float)))
    assert steps <= {0.0, 5.0} and set(town["rounded_to"]) == {5.0}


def test_the_step_of_the_area_is_never_undercut() -> None:
    both = summed(rows(A, (0, 672, 1234.0)), rows(B, (0, 672, 88.0)))
    table = round_presence(both, {A: 10.0, B: float("inf")}, MINIMUM)
    by_area = table.set_index("area_id")
    assert by_area.loc[A, "persons_best"] == 1230.0
    assert pd.isna(by_area.loc[B, "persons_best"]) and by_area.loc[B, "withheld"] == "geheim"


@pytest.mark.parametrize("few", [1.0, 2.0])
def test_few_people_are_withheld_in_every_slot(few: float) -> None:
    table = round_presence(summed(rows(A, (0, 384, few), (384, 672, 90.0))), {}, MINIMUM)
    town = table[table["area_id"] == A]
    assert len(town) == 1 and town["persons_best"].isna().all() and set(town["withheld"]) == {"geheim"}


def test_a_higher_minimum_rounds_more_coarsely() -> None:
    table = round_presence(summed(rows(A, (0, 672, 1234.0))), {}, 30)
    assert set(table["rounded_to"]) == {30.0} and table["persons_best"].iloc[0] == 1230.0


def test_no_cell_leaves_the_house() -> None:
    assert "cell_id" not in RELEASED_TABLES["presence"].names
