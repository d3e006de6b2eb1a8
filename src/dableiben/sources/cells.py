# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Cells as people write them in German lists: numbers, dates, ages, yes and no."""

from __future__ import annotations

import re
from datetime import date

from dableiben.sources.day_words import find_day
from dableiben.sources.sheets import Cell

UNKNOWN = frozenset((
    "", "-", "–", "—", ".", "..", "...", "…", "*", "**", "x", "/", "//", "?", "k.a.", "k. a.", "ka",
    "keine angabe", "n/a", "na", "nn", "n.n.", "unbekannt", "geheim", "offen", "nicht bekannt", "nan", "null",
))  # fmt: skip
SILENT = frozenset(("-", "–", "—", "?", "...", "k.a.", "k. a.", "keine angabe", "n/a", "nan", "null", "unbekannt"))
"""marks for unknown in columns of text, where x or NN may be a name"""
YES = frozenset(("ja", "j", "yes", "true", "wahr", "1", "x", "vorhanden", "barrierefrei", "rollstuhlgerecht"))
NO = frozenset(("nein", "n", "no", "false", "falsch", "0", "nicht vorhanden", "nicht barrierefrei", "kein", "keine"))
PARTLY = frozenset(("teilweise", "eingeschränkt", "bedingt", "limited", "teils"))
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
OPEN_UPWARDS = r"(?:und mehr|und aelter|und ueber|u m|um|u ae|u a|u aelter|plus)"


class NotReadable(ValueError):  # noqa: N818
    """A cell that is neither empty nor what its column holds."""


def plain(text: object) -> str:
    """Text for comparing: lower case, ae oe ue ss, letters and digits only, single spaces."""
    lowered = re.sub(r"\s+", " ", str(text)).casefold().replace("a\u0308", "ä").replace("o\u0308", "ö")
    lowered = lowered.replace("u\u0308", "ü").translate(_UMLAUTS)
    return re.sub(r"[^0-9a-z]+", " ", lowered).strip()


def is_unknown(cell: Cell) -> bool:
    """Whether a cell says nothing: empty, or one of the usual marks."""
    return cell is None or (isinstance(cell, str) and cell.strip().casefold() in UNKNOWN)


def words_of(cell: Cell) -> str | None:
    """Text of a cell, None if it is empty or says that nothing is known."""
    text = text_of(cell)
    return None if text is None or text.casefold() in SILENT else text


def number(cell: Cell, *, thousands: bool = True) -> float | None:
    """A number, None if unknown. "1.234" is 1234 unless `thousands` is off (coordinates, posts), "1,5" is 1.5.

    "0.750" is no thousand: a group of thousands never begins with zero.
    Errors: NotReadable for anything else, also yes/no and dates.
    """
    if is_unknown(cell):
        return None
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        raise NotReadable(str(cell))
    if isinstance(cell, int | float):
        if cell != cell or cell in (float("inf"), float("-inf")):
            raise NotReadable(str(cell))
        return float(cell)
    text = re.sub(r"[\s'’\u202f\xa0]", "", cell).replace("−", "-")
    if thousands and re.fullmatch(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[+-]?\d+(,\d+)?", text):
        text = text.replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d+)?", text):
        raise NotReadable(cell)
    return float(text)


def text_of(cell: Cell) -> str | None:
    """Text of a cell, None if empty; whole numbers without a decimal point, dates as in German lists."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "ja" if cell else "nein"
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) else str(cell)
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y")
    return re.sub(r"[ \t\r\n]+", " ", cell).strip() or None


def day(cell: Cell, *, end_of_year: bool = True) -> date | None:
    """A date, None if unknown; a bare year, quarter or month means its last day.

    Errors: NotReadable for anything else.
    """
    if isinstance(cell, date):
        return cell
    if is_unknown(cell):
        return None
    if isinstance(cell, float) and 1950 <= cell <= 2150 and cell == int(cell):
        return date(int(cell), 12, 31) if end_of_year else None
    found = find_day(text_of(cell) or "")
    if found is None:
        raise NotReadable(str(cell))
    return found


def yes_no(cell: Cell) -> bool | None:
    """True, False, or None for unknown and "teilweise". Errors: NotReadable for anything else."""
    if isinstance(cell, bool):
        return cell
    text = (text_of(cell) or "").casefold()
    if text in YES:
        return True
    if text in NO:
        return False
    if is_unknown(cell) or text in PARTLY:
        return None
    raise NotReadable(str(cell))


def ages(cell: Cell) -> tuple[int, int | None] | None:
    """First and last age year (None = open) of "3", "unter 3", "3 bis unter 6 Jahre", "75 u. m.", "0-2".

    None if the text is no age. "3 bis 6" and "3-6" include the 6; "3 bis unter 6" does not.
    """
    t = plain((text_of(cell) or "").replace("+", " plus "))
    t = re.sub(_AGE_FILLERS, " ", t)
    t = re.sub(r"\s+", " ", t).strip()
    for pattern, first, last in _AGE_PATTERNS:
        if m := re.fullmatch(pattern, t):
            low = int(m[first]) if first else 0
            high = None if last is None else (int(m[abs(last)]) - 1 if last < 0 else int(m[last]))
            if low > 120 or (high is not None and (high > 120 or high < low)):
                return None
            return low, high
    return None


_AGE_FILLERS = r"\b(?:im |in )?(?:alter|alters?jahre?|altersgruppe|von|jahre?n?|jaehrige?r?|j|lebensjahr|alt)\b"
# pattern, group of the first age (0 = from birth), group of the last age (negative = not included, None = open)
_AGE_PATTERNS: tuple[tuple[str, int, int | None], ...] = (
    (r"(\d{1,3})", 1, 1),
    (r"(?:unter|u|bis unter|0 bis unter|juenger als) ?(\d{1,3})", 0, -1),
    (r"(\d{1,3}) (?:bis )?(?:unter|u) (\d{1,3})", 1, -2),
    (r"(\d{1,3}) (?:bis )?(?:einschliesslich |einschl )?(\d{1,3})", 1, 2),
    (r"bis (\d{1,3})", 0, 1),
    (rf"(\d{{1,3}}) ?{OPEN_UPWARDS}", 1, None),
    (r"(?:ab|ueber|aelter als) (\d{1,3})", 1, None),
)
