# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Stays between a way there and a way back, against every stay written out."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dableiben.access.outings import EVER, stays
from dableiben.core import week

spans = st.lists(st.tuples(st.integers(0, 671), st.integers(1, 60)), max_size=8)
weeks = spans.map(lambda parts: _mask(parts))  # noqa: PLW0108  # defined below


def _mask(parts: list[tuple[int, int]]) -> week.Mask:
    mask = week.no_slots()
    for start, length in parts:
        mask[(start + np.arange(length)) % week.SLOTS_A_WEEK] = True
    return mask


def written_out(is_open: week.Mask, there: week.Mask, back: week.Mask, least: int, longest: int) -> week.Mask:
    """Every stay, one by one."""
    found = week.no_slots()
    for start in np.flatnonzero(there):
        for length in range(least, longest + 1):
            inside = (start + np.arange(length)) % week.SLOTS_A_WEEK
            if is_open[inside].all() and back[(start + length) % week.SLOTS_A_WEEK]:
                found[inside] = True
    return found


@given(weeks, weeks, weeks, st.integers(1, 6), st.integers(0, 20))
def test_slots_of_stays_are_those_of_all_stays_written_out(
    is_open: week.Mask, there: week.Mask, back: week.Mask, least: int, more: int
) -> None:
    got = stays(is_open, there[None], back[None], least, least + more)[0]
    assert (got == written_out(is_open, there, back, least, least + more)).all()


@given(weeks, weeks, weeks, arrays(np.bool_, 672), st.integers(1, 4))
def test_longer_hours_and_more_rides_never_lose_a_slot(
    is_open: week.Mask, there: week.Mask, back: week.Mask, more: week.Mask, least: int
) -> None:
    before = stays(is_open, there[None], back[None], least, 12)
    for changed in ((is_open | more, there, back), (is_open, there | more, back), (is_open, there, back | more)):
        after = stays(changed[0], changed[1][None], changed[2][None], least, 12)
        assert not (before & ~after).any()


def test_on_foot_every_open_slot_counts_if_the_visit_fits() -> None:
    is_open = week.slots([0], 480, 720) | week.slots([1], 480, 495)
    got = stays(is_open, EVER, EVER, 2, 12)[0]
    assert week.in_words(got) == "Mo 8:00–12:00"


def test_each_home_has_its_own_ways() -> None:
    is_open = week.slots([0], 480, 720)
    there = np.stack([week.slots([0], 480, 495), week.slots([0], 660, 675)])
    back = np.stack([week.slots([0], 570, 585), week.no_slots()])
    got = stays(is_open, there, back, 2, 96)
    assert [week.in_words(one) for one in got] == ["Mo 8:00–9:30", ""]
