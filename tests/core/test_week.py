# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The week grid: bits, bytes and words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.core import week

weeks = st.binary(min_size=week.BYTES_A_WEEK, max_size=week.BYTES_A_WEEK)


def test_monday_midnight_is_the_first_bit() -> None:
    assert week.to_bytes(week.slots([0], 0, 15)) == b"\x01" + b"\x00" * 83
    assert week.to_bytes(week.slots([6], 1425, 1440)) == b"\x00" * 83 + b"\x80"


@given(weeks)
def test_bytes_and_masks_are_the_same_week(data: bytes) -> None:
    assert week.to_bytes(week.from_bytes(data)) == data


@pytest.mark.parametrize("length", [0, 83, 85])
def test_other_lengths_are_no_week(length: int) -> None:
    with pytest.raises(ValueError, match="84"):
        week.from_bytes(b"\x00" * length)
    with pytest.raises(ValueError, match="672"):
        week.to_bytes(np.zeros(length, dtype=np.bool_))


def test_a_slot_is_in_only_if_all_of_it_is() -> None:
    assert week.slots([0], 7 * 60 + 10, 8 * 60 + 10).nonzero()[0].tolist() == [29, 30, 31]


def test_hours_over_midnight_run_into_the_next_day_and_sunday_into_monday() -> None:
    mask = week.slots([6], 23 * 60, 25 * 60)
    assert week.hours(mask) == 2
    assert mask[:4].all() and mask[-4:].all()


@pytest.mark.parametrize(
    ("mask", "german"),
    [
        (week.slots(range(5), 360, 420) | week.slots(range(5), 960, 1050), "Mo–Fr 6:00–7:00 und 16:00–17:30"),
        (week.slots([0, 2, 4], 480, 960), "Mo, Mi, Fr 8:00–16:00"),
        (week.slots([5, 6], 540, 720), "Sa, So 9:00–12:00"),
        (week.slots(range(4), 420, 990) | week.slots([4], 420, 840), "Mo–Do 7:00–16:30; Fr 7:00–14:00"),
        (week.slots([4], 1200, 1560), "Fr 20:00–2:00"),
        (week.slots([6], 1380, 1500), "So 23:00–1:00"),
        (week.slots([2], 0, 1440), "Mi 0:00–24:00"),
        (
            week.slots([4], 1080, 1440) | week.slots([5, 6], 0, 1440) | week.slots([0], 0, 360),
            "Mo 0:00–6:00; Fr 18:00–24:00; Sa, So 0:00–24:00",
        ),
        (week.slots(range(3), 0, 1440), "Mo–Mi 0:00–24:00"),
        (~week.no_slots(), "durchgehend"),
        (week.no_slots(), ""),
    ],
)
def test_a_week_in_german_words(mask: week.Mask, german: str) -> None:
    assert week.in_words(mask) == german


def test_a_week_in_english_words() -> None:
    mask = week.slots([1, 3], 540, 720) | week.slots([1, 3], 840, 960)
    assert week.in_words(mask, "en") == "Tue, Thu 9:00–12:00 and 14:00–16:00"


@given(weeks)
def test_words_tell_every_slot_once(data: bytes) -> None:
    """Read back, the words give the mask again."""
    mask = week.from_bytes(data)
    again = week.no_slots()
    for part in week.in_words(mask).split("; ") if mask.any() and not mask.all() else []:
        days, times = part.split(" ", maxsplit=1)[0], part
        names = times.split(" ")
        cut = next(number for number, word in enumerate(names) if word[0].isdigit())
        days = " ".join(names[:cut])
        for stretch in " ".join(names[cut:]).replace(" und ", ", ").split(", "):
            start, end = (int(h) * 60 + int(m) for h, m in (clock.split(":") for clock in stretch.split("–")))
            read = week.slots(_days(days), start, end if end > start else end + 1440)
            assert not (again & read).any()
            again |= read
    assert (again == mask).all() or mask.all()


def _days(text: str) -> list[int]:
    names = week.DAY_NAMES["de"]
    found: list[int] = []
    for part in text.split(", "):
        first, _, last = part.partition("–")
        found += range(names.index(first), names.index(last or first) + 1)
    return found
