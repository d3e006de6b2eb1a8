# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The week grid: 672 quarter hours, Monday 00:00 is bit 0; masks as flags, as 84 bytes, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SLOT_MIN = 15
SLOTS_A_DAY = 96
DAYS_A_WEEK = 7
SLOTS_A_WEEK = SLOTS_A_DAY * DAYS_A_WEEK
BYTES_A_WEEK = SLOTS_A_WEEK // 8

Mask = NDArray[np.bool_]
"""one flag per slot, shape (672,)"""

Language = Literal["de", "en"]
DAY_NAMES: dict[Language, tuple[str, ...]] = {
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_ALWAYS = {"de": "durchgehend", "en": "round the clock"}
_AND = {"de": " und ", "en": " and "}


def no_slots() -> Mask:
    """A week without a slot."""
    return np.zeros(SLOTS_A_WEEK, dtype=np.bool_)


def slots(days: range | tuple[int, ...] | list[int], from_min: int, to_min: int) -> Mask:
    """Slots of some days (0 = Monday) from one minute of the day to another.

    Minutes beyond 1440 run into the next day, from Sunday into Monday. A slot is in if all of it lies between.
    """
    mask = no_slots()
    first, last = -(-from_min // SLOT_MIN), to_min // SLOT_MIN
    for day in days:
        mask[(day * SLOTS_A_DAY + np.arange(first, last)) % SLOTS_A_WEEK] = True
    return mask


def day_of(mask: Mask, day: int) -> Mask:
    """The 96 slots of one day (0 = Monday)."""
    return mask[day * SLOTS_A_DAY : (day + 1) * SLOTS_A_DAY]


def to_bytes(mask: Mask) -> bytes:
    """A week as 84 bytes: slot s is bit s % 8 of byte s // 8. Law: `from_bytes(to_bytes(mask))` is the mask."""
    if mask.shape != (SLOTS_A_WEEK,):
        raise ValueError(f"a week has {SLOTS_A_WEEK} slots, not {mask.shape}")
    return np.packbits(mask, bitorder="little").tobytes()


def from_bytes(data: bytes) -> Mask:
    """The week that 84 bytes stand for. Errors: ValueError for another length."""
    if len(data) != BYTES_A_WEEK:
        raise ValueError(f"a week has {BYTES_A_WEEK} bytes, not {len(data)}")
    return np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little").astype(np.bool_)


def hours(mask: Mask) -> float:
    """Hours a week."""
    return int(mask.sum()) * SLOT_MIN / 60


def in_words(mask: Mask, language: Language = "de") -> str:
    """A week in words: "Mo–Fr 6:00–7:00 und 16:00–17:30; Sa 9:00–12:00"; days with the same hours stand together.

    A stretch over midnight belongs to the day on which it begins: "Fr 20:00–2:00".
    """
    if mask.all():
        return _ALWAYS[language]
    by_day = [_ranges_of_day(mask, day) for day in range(DAYS_A_WEEK)]
    parts = []
    for days in _alike(by_day):
        times = [f"{_clock(start)}–{_clock(end)}" for start, end in by_day[days[0]]]
        parts.append(f"{_days_in_words(days, language)} {_joined(times, language)}")
    return "; ".join(parts)


def _ranges_of_day(mask: Mask, day: int) -> tuple[tuple[int, int], ...]:
    """Stretches that begin on a day, as minutes of that day; the end may lie beyond 1440."""
    start_of_day = day * SLOTS_A_DAY
    found = []
    for slot in range(start_of_day, start_of_day + SLOTS_A_DAY):
        begins = mask[slot] and not mask[slot - 1]
        if slot == start_of_day and mask[slot] and mask[slot - 1]:
            begins = not _is_told_before(mask, slot)
        if begins:
            found.append(((slot - start_of_day) * SLOT_MIN, (_end_of(mask, slot) - start_of_day) * SLOT_MIN))
    return tuple(found)


def _is_told_before(mask: Mask, midnight: int) -> bool:
    """Whether small hours belong to the evening before: they end before noon, and it was not the whole day."""
    eve = np.arange(midnight - SLOTS_A_DAY, midnight) % SLOTS_A_WEEK
    return not mask[midnight : midnight + SLOTS_A_DAY // 2].all() and not bool(mask[eve].all())


def _end_of(mask: Mask, first: int) -> int:
    """Slot at which a stretch ends: at midnight, unless the small hours of the next day belong to it."""
    midnight = (first // SLOTS_A_DAY + 1) * SLOTS_A_DAY
    slot = first
    while slot < midnight and mask[slot]:
        slot += 1
    if slot < midnight or not mask[midnight % SLOTS_A_WEEK] or not _is_told_before(mask, midnight % SLOTS_A_WEEK):
        return slot
    while mask[slot % SLOTS_A_WEEK]:
        slot += 1
    return slot


def _alike(by_day: list[tuple[tuple[int, int], ...]]) -> Iterator[list[int]]:
    """Days with the same stretches, in the order of the first of them; days without any are left out."""
    seen: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for day, ranges in enumerate(by_day):
        if ranges:
            seen.setdefault(ranges, []).append(day)
    return iter(seen.values())


def _days_in_words(days: list[int], language: Language) -> str:
    """Monday to Friday as "Mo–Fr", single days with commas; two neighbours are two days."""
    names = DAY_NAMES[language]
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    words = []
    for run in runs:
        words += [f"{names[run[0]]}–{names[run[-1]]}"] if len(run) > 2 else [names[day] for day in run]
    return ", ".join(words)


def _clock(minutes: int) -> str:
    """Minutes of a day as "6:00"; the end of a day is 24:00, the small hours of the next are told as such."""
    if minutes > SLOTS_A_DAY * SLOT_MIN:
        minutes -= SLOTS_A_DAY * SLOT_MIN
    return f"{minutes // 60}:{minutes % 60:02d}"


def _joined(words: list[str], language: Language) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + _AND[language] + words[-1]
