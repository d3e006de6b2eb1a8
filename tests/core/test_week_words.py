# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""When people are here, in the words of a list: read to the quarter hour, or not at all."""

from __future__ import annotations

import numpy as np
import pytest

from dableiben.core.week import SLOTS_A_DAY, hours, slots
from dableiben.core.week_words import read_week

DAY = 1440


@pytest.mark.parametrize(
    ("text", "days", "start", "end"),
    [
        ("Mo-Do", range(4), 0, DAY),
        ("Montag bis Donnerstag", range(4), 0, DAY),
        ("Fr–Mo", (4, 5, 6, 0), 0, DAY),
        ("am Wochenende", (5, 6), 0, DAY),
        ("durchgehend", range(7), 0, DAY),
        ("Mo-Fr nachts 18-6", range(5), 18 * 60, 30 * 60),
        ("Mo., Mi. und Fr. 8.30 bis 12 Uhr", (0, 2, 4), 510, 720),
        ("Fr ab 18 Uhr", (4,), 18 * 60, DAY),
        ("So bis 14 Uhr", (6,), 0, 14 * 60),
    ],
)
def test_days_and_hours_are_read(text: str, days: range, start: int, end: int) -> None:
    found = read_week(text)
    assert found is not None and np.array_equal(found, slots(days, start, end))


def test_a_stretch_from_friday_to_monday_runs_over_sunday_midnight() -> None:
    found = read_week("Fr 18:00-Mo 6:00")
    assert found is not None and hours(found) == 60
    assert found[4 * SLOTS_A_DAY + 72] and found[-1] and found[0] and not found[24] and not found[4 * SLOTS_A_DAY + 71]


def test_a_stretch_within_the_week_leaves_the_weekend_out() -> None:
    found = read_week("Mo 6:00 - Do 20:00")
    assert found is not None and hours(found) == 86
    assert not found[23] and found[24] and not found[3 * SLOTS_A_DAY + 80 :].any()


def test_hours_of_one_day_do_not_hold_for_the_next_part() -> None:
    found = read_week("Mo-Do 8-16, Fr 8-12; Sa")
    wanted = slots(range(4), 480, 960) | slots((4,), 480, 720) | slots((5,), 0, DAY)
    assert found is not None and np.array_equal(found, wanted)


@pytest.mark.parametrize(
    "text", ["", "nachts", "Mo-Fr nachts", "werktags", "Mo - Do 20:00", "Mo 8", "Mo 25-26", "8-16", "oft Mo-Do", "Mo,"]
)
def test_what_leaves_the_hours_open_is_not_guessed(text: str) -> None:
    assert read_week(text) is None
