# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Dates as they stand in German titles and cells: 31.12.2024, 30. Juni 2024, Juni 2024, II. Quartal 2024, 2024."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from dableiben.core.seasons import MONTHS

PARTS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
VAGUE = frozenset((
    *MONTHS, "quartal", "halbjahr", "anfang", "mitte", "kw", "woche", "schuljahr", "kitajahr", "kindergartenjahr",
    "frühjahr", "sommer", "herbst", "winter",
))  # fmt: skip
"""words beside a year that mean a part of it: the year alone would be another day"""
_YEAR = r"((?:19|20|21)\d\d)(?!\d)"
_MONTH = rf"\b({'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"

_SPANS = (
    (r"\b(i{1,3}|iv|[1-4])\.?\s*quartal", 3),
    (r"\bq\s?([1-4])", 3),
    (r"\b(i{1,2}|[12])\.?\s*halbjahr", 6),
)
"""how a quarter or half-year is written, and its months"""


def find_day(text: str) -> date | None:
    """The first date in a text; a month, quarter, half-year or year alone means its last day.

    A year beside other digits or words of a date ("Anfang 2024", "2024/25") is no date: it would be a guess.
    """
    text = text.casefold()
    try:
        return _whole_day(text) or _part_of_year(text) or _bare_year(text)
    except ValueError:
        return None


def _whole_day(text: str) -> date | None:
    if m := re.search(rf"(?<!\d)(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?{_YEAR}", text):
        return date(int(m[3]), int(m[2]), int(m[1]))
    if m := re.search(r"(?<!\d)((?:19|20|21)\d\d)-?(\d\d)-?(\d\d)(?!\d)", text):
        return date(int(m[1]), int(m[2]), int(m[3]))
    if m := re.search(rf"(?<!\d)(\d{{1,2}})\.?\s*{_MONTH}\s*{_YEAR}", text):
        return date(int(m[3]), MONTHS[m[2]], int(m[1]))
    return None


def _part_of_year(text: str) -> date | None:
    if m := re.search(rf"{_MONTH}[\s/]*{_YEAR}", text):
        return _last_day(int(m[2]), MONTHS[m[1]])
    for pattern, months in _SPANS:
        if m := re.search(rf"{pattern}\s*/?\s*{_YEAR}", text):
            return _last_day(int(m[2]), months * PARTS[m[1]])
    if m := re.search(rf"(?<!\d)(\d{{1,2}})[./-]{_YEAR}", text):
        return _last_day(int(m[2]), int(m[1]))
    return None


def _last_day(year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError(month)
    return date(year, month, monthrange(year, month)[1])


def _bare_year(text: str) -> date | None:
    words = re.findall(r"[^\W\d_]+|\d+", text)
    for index, word in enumerate(words):
        if re.fullmatch(_YEAR, word):
            beside = [*words[max(index - 1, 0) : index], *words[index + 1 : index + 2]]
            vague = any(other.isdigit() or other in VAGUE for other in beside)
            return None if vague else date(int(word), 12, 31)
    return None
