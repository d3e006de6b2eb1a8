# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Places by time of day: "60 bis 16:30; 15 bis 17:30", "Mo-Fr 6:00-7:00: 10; 16:00-17:30: 15" to places per slot.

Hours that are named here count as hours of service, also before and after the opening hours. "15 bis 17:30" alone says
nothing of when the other places end: where it lies inside the opening hours, the slots before it are unknown; where
it lies beyond them, it prolongs them. Several such entries that add up to all places are groups of them, else each
is what is left until then.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dableiben.core.week import DAYS_A_WEEK, SLOT_MIN, SLOTS_A_DAY, Mask, slots
from dableiben.supply.german_statements import statements_of
from dableiben.supply.german_words import tokens_of
from dableiben.supply.hour_days import Unusable
from dableiben.supply.hour_rules import DAY_MIN
from dableiben.supply.opening_hours import MOST_CHARS, Unreadable

Floats = NDArray[np.float64]
_UNIT = r"(?:plätze?|kinder|pl\.?)?"
_COUNT_FIRST = re.compile(rf"(\d+)\s*{_UNIT}\s+((?:von|bis|ab|in|mo|di|mi|do|fr|sa|so|täglich|werktags)\b.*)", re.I)
_COUNT_LAST = re.compile(rf"(.*\d.*?)\s*(?::\s+|=\s*)(\d+)\s*{_UNIT}", re.I)
_UNTIL = re.compile(r"(.*?)\s*\bbis\s+(\d{1,2}(?:[:.]\d{2})?)\s*(?:uhr|h)?", re.I)


@dataclass(frozen=True)
class Entry:
    """So many places on some weekdays (0 = Monday; none = all days of service).

    From `start` to `end` minutes of the day; `start` None: until then, from a time that is not told; `end` None: from
    then on as long as it is open.
    """

    places: float
    days: tuple[int, ...]
    start: int | None
    end: int | None


@lru_cache(maxsize=4096)
def read_places_by_time(text: str | None) -> tuple[Entry, ...] | Unreadable | None:
    """Entries of a text, in order; None if it says nothing, `Unreadable` if it cannot be read."""
    given = " ".join(text.split()) if text else ""
    if not given or text is None:
        return None
    if len(given) > MOST_CHARS:
        return Unreadable(given[:MOST_CHARS], f"Der Text ist länger als {MOST_CHARS} Zeichen.")
    entries: list[Entry] = []
    try:
        lines = "\n".join(" ".join(line.split()) for line in text.splitlines())
        for part in re.split(r"[;\n]|,\s+(?=\d+\s*(?:plätze\s+)?(?:bis|von)\b)", lines, flags=re.IGNORECASE):
            if part.strip():
                entries += _entries(part.strip(), entries[-1].days if entries else ())
    except Unusable as error:
        return Unreadable(given, str(error))
    return tuple(entries)


def _entries(part: str, days_before: tuple[int, ...]) -> list[Entry]:
    if match := _COUNT_FIRST.fullmatch(part):
        places, when = float(match[1]), match[2]
    elif match := _COUNT_LAST.fullmatch(part):
        places, when = float(match[2]), match[1]
    else:
        raise Unusable(f"„{part}“ nennt nicht zugleich eine Zahl von Plätzen und eine Zeit.")
    until = _UNTIL.fullmatch(when)
    only_until = until is not None and not re.search(r"\d|\bab\b", until[1])
    if until is not None and only_until:
        when = f"{until[1].strip()} 0 - {until[2]}"
    found = []
    for statement in statements_of(tokens_of(when)):
        if statement.season.named or statement.off or statement.unknown or statement.public or not statement.times:
            raise Unusable(f"„{part}“ nennt keine Uhrzeit einer gewöhnlichen Woche.")
        days = tuple(sorted(statement.days | (set(range(5)) if statement.workday else set()))) or days_before
        for start, end in statement.times:
            found.append(Entry(places, days, None if only_until else start, end))
    return found


def places_by_slot(text: str | None, usable: float | None, open_mask: Mask) -> Floats:
    """Places per slot, float[672]: NaN where unknown, 0 where closed.

    text        as in the register, None = all places in all hours
    usable      places that can be used at all; None or NaN = unknown
    open_mask   bool[672], slots of service by the opening hours

    A text that cannot be read leaves all slots of service unknown.
    """
    most = float("nan") if usable is None else float(usable)
    found = np.where(open_mask, most, 0.0)
    entries = read_places_by_time(text)
    if isinstance(entries, Unreadable):
        found[open_mask] = np.nan
        return found
    for day in range(DAYS_A_WEEK):
        _until([e for e in entries or () if e.start is None and _holds(e, day, open_mask)], day, most, open_mask, found)
    for entry in entries or ():
        if entry.start is not None:
            days = [day for day in range(DAYS_A_WEEK) if _holds(entry, day, open_mask)]
            end = DAY_MIN if entry.end is None else entry.end + DAY_MIN * (entry.end <= entry.start)
            window = slots(days, entry.start, end)
            found[window & open_mask if entry.end is None else window] = entry.places
    return found


def _holds(entry: Entry, day: int, open_mask: Mask) -> bool:
    if entry.days:
        return day in entry.days
    return bool(open_mask[day * SLOTS_A_DAY : (day + 1) * SLOTS_A_DAY].any())


def _until(entries: list[Entry], day: int, most: float, open_mask: Mask, found: Floats) -> None:
    """Write the places of one day of which is said until when they are there."""
    if not entries:
        return
    today = slice(day * SLOTS_A_DAY, (day + 1) * SLOTS_A_DAY)
    opened, slot = open_mask[today], np.arange(SLOTS_A_DAY)
    close = int(np.flatnonzero(opened)[-1]) + 1 if opened.any() else 0
    entries = sorted(entries, key=lambda entry: entry.end or 0)
    ends = [(entry.end or 0) // SLOT_MIN for entry in entries]
    left = [entry.places for entry in entries]
    if len(left) > 1 and sum(left) == most:  # groups that leave one after the other
        left = [sum(left[number:]) for number in range(len(left))]
    in_service = opened | (slot >= close)
    start = 0
    if max(left) != most:  # how long the others stay is not told; beyond the opening hours they are not there
        found[today][opened & (slot < ends[0])] = np.nan if ends[0] <= close else most
        start = ends[0] if ends[0] <= close else close
    for end, places in zip(ends, left, strict=True):
        found[today][in_service & (slot >= start) & (slot < end)] = places
        start = max(start, end)
    found[today][opened & (slot >= ends[-1])] = np.nan
