# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Free texts may say what a table withholds: they are cleared of protected names and small numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

SMALL_TEXT = {
    "de": "Die Zahl der betroffenen Personen ist geheim: Sie ist sehr klein, oder sie würde eine sehr kleine "
    "Zahl verraten.",
    "en": "The number of persons concerned is withheld: it is very small, or it would give away one that is.",
}
PLACE_TEXT = {
    "de": "Einzelheiten betreffen einen geschützten Ort und werden nicht genannt.",
    "en": "Details concern a protected place and are not given.",
}
INTERNAL_TEXT = {
    "de": "Einzelheiten stehen in den internen Ergebnissen.",
    "en": "Details are in the internal results.",
}

# "ein Kind" is an article more often than a number.
_NUMBER_WORDS = {"zwei": 2, "drei": 3, "vier": 4, "two": 2, "three": 3, "four": 4}
_PERSONS = (
    r"(?:Person(?:en)?|Kind(?:er|ern)?|Mensch(?:en)?|Einwohner\w*|Frau(?:en)?|M[aä]nner\w*|Jugendliche\w*"
    r"|Senior\w*|Bewohner\w*|Sch[uü]ler\w*|Haushalte?n?|Betroffene\w*|Erwachsene\w*"
    r"|persons?|people|child(?:ren)?|women|residents?|pupils?|households?)"
)
_COUNT = re.compile(
    rf"(?<![\w.,§])(\d+(?:[.,]\d+)*|{'|'.join(_NUMBER_WORDS)})\s+(?:(?:weitere|ältere|junge|older|young)\s+)?{_PERSONS}\b",
    re.IGNORECASE,
)  # fmt: skip


def names_small_count(text: str, minimum: int) -> bool:
    """Whether a text speaks of fewer than `minimum` persons ("2 Kinder"); zero may be named."""
    for match in _COUNT.finditer(text):
        word = match.group(1).lower()
        value = float(_NUMBER_WORDS[word]) if word in _NUMBER_WORDS else _number(word)
        if 0 < value < minimum:
            return True
    return False


def _number(word: str) -> float:
    # 1.234,5 in German, 1,234.5 in English: the last sign before one or two digits is the decimal one.
    whole, sign, part = re.fullmatch(r"(.*?)(?:([.,])(\d{1,2}))?", word).groups()  # type: ignore[union-attr]
    digits = re.sub(r"[.,]", "", whole) or "0"
    return float(f"{digits}.{part}") if sign else float(digits)


def cleaner(words: Iterable[str], minimum: int | None) -> Callable[[str, str], str]:
    """A function (text, language) -> text that may be released; clean texts come back as they are."""
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(w)}(?!\w)" for w in words) or r"(?!)", re.IGNORECASE)

    def clean(text: str, lang: str = "de") -> str:
        if pattern.search(text):
            return PLACE_TEXT[lang]
        if minimum is not None and names_small_count(text, minimum):
            return SMALL_TEXT[lang]
        return text

    return clean


def clean_tree(value: Any, clean: Callable[[str, str], str]) -> Any:
    """Apply `clean` to every text in nested lists and dicts (values and keys)."""
    if isinstance(value, str):
        return clean(value, "de")
    if isinstance(value, dict):
        return {clean_tree(k, clean): clean_tree(v, clean) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean_tree(v, clean) for v in value]
    return value
