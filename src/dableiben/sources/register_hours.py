# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Opening hours of a register row as one text: from one column, a column per weekday, or two (from and to) per weekday.

The text keeps the words of the list; what it means is decided where hours are evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from dableiben.sources.cells import plain, words_of
from dableiben.sources.sheets import Cell

WEEKDAYS = {
    "monday": "Mo", "tuesday": "Di", "wednesday": "Mi", "thursday": "Do", "friday": "Fr", "saturday": "Sa",
    "sunday": "So",
}  # fmt: skip
MINUTES_A_DAY = 24 * 60


def hours_text(cell_of: Callable[[str], Cell]) -> str | None:
    """The hours of a row; None if no column says any. `cell_of` gives the cell of a field of columns.yaml.

    A column of closing times or closing days is told after the hours: without hours it says nothing of when it is open.
    """
    hours = words_of(cell_of("opening_hours")) or "; ".join(_days(cell_of)) or None
    if hours is None:
        return None
    return "; ".join([hours, *_closings(cell_of)])


def _days(cell_of: Callable[[str], Cell]) -> list[str]:
    found = []
    for field, short in WEEKDAYS.items():
        whole = clock_text(cell_of(field))
        start, end = clock_text(cell_of(f"{field}_from")), clock_text(cell_of(f"{field}_to"))
        if whole is None and start and end:
            whole = f"{start}-{end}"
        elif whole is None and start:
            whole = start if re.search("[a-z]", start, re.IGNORECASE) else f"ab {start}"  # geschlossen
        elif whole is None and end:
            whole = f"? bis {end}"  # without a beginning it must not be read as that of another day
        if whole is not None:
            found.append(f"{short} {whole}")
    return found


def _closings(cell_of: Callable[[str], Cell]) -> list[str]:
    """Closing times as one statement, with the word that says what they are."""
    found = []
    times = words_of(cell_of("closing_times"))
    if times is not None and plain(times) not in ("keine", "nein", "0"):
        named = re.match(r"\w*(schlie(ß|ss)|betriebsferien|betriebsurlaub)", times, re.IGNORECASE)
        found.append(times if named else f"Schließzeit {times}")
    days = words_of(cell_of("closing_days"))
    if days is not None and re.fullmatch(r"[1-9]\d*", days):
        found.append(f"{days} Schließtage")
    elif days is not None and plain(days) not in ("keine", "nein", "0"):
        found.append(f"Schließtage {days}")
    return found


def clock_text(cell: Cell) -> str | None:
    """A cell of hours as text: a time of Excel (a part of a day, 07:00:00) as 7:00, 7.5 as 7:30, words as they are."""
    if isinstance(cell, float) and 0 < cell < 1:
        minutes = round(cell * MINUTES_A_DAY)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(cell, float) and 0 <= cell <= 24 and (cell * 4).is_integer():
        return f"{int(cell)}:{round(cell % 1 * 60):02d}"
    text = words_of(cell)
    return None if text is None else re.sub(r"\b(\d{1,2}:\d{2}):00\b", r"\1", text)
