# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Places by time of day: a Kita with 60 places, 15 of them until 17:30."""

from __future__ import annotations

import numpy as np
import pytest

from dableiben.core.week import no_slots, slots
from dableiben.supply.opening_hours import Unreadable
from dableiben.supply.staffed import places_by_slot, read_places_by_time

MONDAY, SATURDAY = 0, 5
SCHOOL_WEEK = slots(range(5), 7 * 60, 16 * 60 + 30)


def at(found: np.ndarray, day: int, hour: float) -> float:
    return float(found[day * 96 + int(hour * 4)])


def test_without_a_word_all_places_are_there_in_all_hours() -> None:
    found = places_by_slot(None, 60, SCHOOL_WEEK)
    assert set(found[SCHOOL_WEEK]) == {60.0} and set(found[~SCHOOL_WEEK]) == {0.0}


def test_places_beyond_the_opening_hours_prolong_them() -> None:
    found = places_by_slot("15 bis 17:30", 60, SCHOOL_WEEK)
    assert [at(found, MONDAY, hour) for hour in (6.75, 7, 16.25, 16.5, 17.25, 17.5)] == [0, 60, 60, 15, 15, 0]
    assert found[SATURDAY * 96 :].sum() == 0


@pytest.mark.parametrize("text", ["60 bis 16:30; 15 bis 17:30", "45 Plätze bis 16.30 Uhr, 15 Plätze bis 17.30 Uhr"])
def test_all_places_told_by_their_ends(text: str) -> None:
    found = places_by_slot(text, 60, slots(range(5), 7 * 60, 17 * 60 + 30))
    assert [at(found, MONDAY, hour) for hour in (6.75, 7, 16.25, 16.5, 17.25, 17.5)] == [0, 60, 60, 15, 15, 0]


def test_some_places_told_inside_the_hours_leave_the_others_unknown() -> None:
    found = places_by_slot("15 bis 16:00", 60, SCHOOL_WEEK)
    assert np.isnan(at(found, MONDAY, 7)) and np.isnan(at(found, MONDAY, 16.25))
    assert at(found, MONDAY, 16.5) == 0


def test_windows_with_their_own_places() -> None:
    found = places_by_slot("Mo-Fr 6:00-7:00: 10; 16:00-17:30: 15", 60, SCHOOL_WEEK)
    assert [at(found, MONDAY, hour) for hour in (6, 7, 15.75, 16, 17.25, 17.5)] == [10, 60, 60, 15, 15, 0]
    assert found[SATURDAY * 96 :].sum() == 0


def test_places_from_a_time_on_last_as_long_as_it_is_open() -> None:
    found = places_by_slot("20 ab 14 Uhr", 60, SCHOOL_WEEK)
    assert [at(found, MONDAY, hour) for hour in (13.75, 14, 16.25, 16.5)] == [60, 20, 20, 0]


def test_unknown_places_stay_unknown_and_closed_stays_closed() -> None:
    found = places_by_slot("16:00-17:30: 15", None, SCHOOL_WEEK)
    assert np.isnan(at(found, MONDAY, 8)) and at(found, MONDAY, 17) == 15 and at(found, MONDAY, 20) == 0
    assert not places_by_slot(None, None, no_slots()).any()


@pytest.mark.parametrize("text", ["je nach Personal", "15", "bis 17:30", "15 in den Ferien", "Mo-Fr 6:00: 10"])
def test_what_cannot_be_read_leaves_the_hours_unknown(text: str) -> None:
    assert isinstance(read_places_by_time(text), Unreadable)
    found = places_by_slot(text, 60, SCHOOL_WEEK)
    assert np.isnan(found[SCHOOL_WEEK]).all() and not found[~SCHOOL_WEEK].any()
