# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Stretches of the week as people write them in German: "Mo-Do", "Fr 18:00-Mo 6:00", "Mo-Fr nachts 18-6"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dableiben.core.week import DAYS_A_WEEK, SLOT_MIN, SLOTS_A_WEEK, Mask, no_slots, slots

MINUTES_A_DAY = 24 * 60
_DAYS = {
    word: number
    for number, words in enumerate(
        (
            "mo mon montag montags", "di die dienstag dienstags", "mi mit mittwoch mittwochs",
            "do don donnerstag donnerstags", "fr fre freitag freitags", "sa sam samstag samstags sonnabend sonnabends",
            "so son sonntag sonntags",
        )
    )
    for word in words.split()
}  # fmt: skip
_SEVERAL = {
    "taeglich": (0, 6), "ganze woche": (0, 6), "die ganze woche": (0, 6), "jeden tag": (0, 6), "durchgehend": (0, 6),
    "immer": (0, 6), "staendig": (0, 6), "wochenende": (5, 6), "am wochenende": (5, 6), "wochenends": (5, 6),
    "unter der woche": (0, 4), "wochentags": (0, 4),
}  # fmt: skip
"""words for several days; "werktags" is not among them: the Saturday belongs to it for some and not for others"""
_SILENT = frozenset(("von", "am", "jeweils", "uhr", "ganztags", "ganztaegig", "jeden", "jede", "den", "der", "dem"))
_PARTS_OF_DAY = frozenset(("nachts", "abends", "tagsueber", "frueh", "morgens", "vormittags", "nachmittags", "mittags"))
"""they add nothing to hours, and without hours they are no stretch: when the night begins is nowhere written"""
_FULL = re.compile(r"\b24\s*/\s*7\b|\brund um die uhr\b")
_TOKEN = re.compile(r"(?P<time>\d{1,2}(?::\d{2})?)|(?P<word>[a-z]+)|(?P<sign>[-,;])|\s+")
_SHORT = ("mo", "di", "mi", "do", "fr", "sa", "so")
Token = tuple[str, int]
"""kind (day, time, part, ab, -, ",", ";") and number: day 0..6, or minutes"""


class NotReadable(ValueError):  # noqa: N818
    """A text that is no stretch of the week."""


def read_week(text: str) -> Mask | None:
    """Slots of the week that a text names; None if it cannot be read (nothing is guessed then).

    Days alone are whole days; hours after days hold for each of them ("Mo-Fr 18-6" runs past each midnight); from a
    day and hour to a day and hour is one stretch ("Fr 18:00-Mo 6:00"), over Sunday midnight into Monday if need be.
    """
    try:
        return _mask_of(_tokens(_plain(text)))
    except NotReadable:
        return None


def _plain(text: str) -> str:
    words = text.casefold()
    for old, new in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        words = words.replace(old, new)
    words = re.sub(r"[–—−]", "-", words)
    words = re.sub(r"\bbis\b", "-", words)
    words = re.sub(r"(\d)\s*h\b", r"\1", words)
    words = re.sub(r"(?<=\d)\.(?=\d\d\b)", ":", words)
    words = re.sub(r"(?<=[a-z])\.", " ", words)
    words = re.sub(r"\b(und|sowie)\b|[&+]", ",", words)
    words = _FULL.sub(" mo-so ", words)
    for phrase, (first, last) in sorted(_SEVERAL.items(), key=lambda pair: -len(pair[0])):
        words = re.sub(rf"\b{phrase}\b", f" {_SHORT[first]}-{_SHORT[last]} ", words)
    return words.replace("\n", ";")


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotReadable(text)
        position = match.end()
        if match["time"]:
            found.append(("time", _minutes(match["time"])))
        elif match["sign"]:
            found.append((match["sign"], 0))
        elif (word := match["word"]) in _DAYS:
            found.append(("day", _DAYS[word]))
        elif word == "ab":
            found.append(("ab", 0))
        elif word in _PARTS_OF_DAY:
            found.append(("part", 0))
        elif word and word not in _SILENT:
            raise NotReadable(text)
    return found


def _minutes(text: str) -> int:
    hour, _, minute = text.partition(":")
    value = int(hour) * 60 + int(minute or 0)
    if value > MINUTES_A_DAY or int(minute or 0) > 59:
        raise NotReadable(text)
    return value


def _mask_of(tokens: list[Token]) -> Mask:
    mask = no_slots()
    stretches = 0
    for clause in _clauses(tokens):
        mask |= _clause(clause)
        stretches += 1
    if not stretches:
        raise NotReadable("empty")
    return mask


def _clauses(tokens: list[Token]) -> Iterator[list[Token]]:
    """Parts that stand for themselves: after ";", and after a comma where hours are over and days begin again."""
    part: list[Token] = []
    timed = False
    for number, token in enumerate(tokens):
        kind = token[0]
        following = tokens[number + 1][0] if number + 1 < len(tokens) else ""
        if kind == ";" or (kind == "," and timed and following == "day"):
            if part:
                yield part
            part, timed = [], False
            continue
        timed = timed or kind == "time"
        part.append(token)
    if part:
        yield part


def _clause(tokens: list[Token]) -> Mask:
    needs_hours = any(kind == "part" for kind, _ in tokens)
    tokens = [token for token in tokens if token[0] != "part"]
    kinds = " ".join(kind for kind, _ in tokens if kind != "ab")
    numbers = [number for kind, number in tokens if kind in ("day", "time")]
    if kinds == "day time - day time":
        return _from_to(numbers[0], numbers[1], numbers[2], numbers[3])
    if kinds == "day time - day":
        return _from_to(numbers[0], numbers[1], numbers[2], MINUTES_A_DAY)
    days, rest = _days(tokens)
    if not rest and not needs_hours:
        return slots(days, 0, MINUTES_A_DAY)
    mask = no_slots()
    if not rest:
        raise NotReadable("a part of the day without hours")
    for start, end in _times(rest):
        mask |= slots(days, start, end if end > start else end + MINUTES_A_DAY)
    return mask


def _from_to(first: int, start: int, last: int, end: int) -> Mask:
    """One stretch between two moments of the week; it wraps over Sunday midnight where the end comes first."""
    begin, until = first * MINUTES_A_DAY + start, last * MINUTES_A_DAY + end
    if until <= begin:
        until += DAYS_A_WEEK * MINUTES_A_DAY
    mask = no_slots()
    mask[[slot % SLOTS_A_WEEK for slot in range(-(-begin // SLOT_MIN), until // SLOT_MIN)]] = True
    return mask


def _days(tokens: list[Token]) -> tuple[list[int], list[Token]]:
    """Days at the head of a clause, and what stands after them."""
    days: list[int] = []
    position = 0
    while position < len(tokens) and tokens[position][0] == "day":
        first = tokens[position][1]
        if [kind for kind, _ in tokens[position + 1 : position + 3]] == ["-", "day"]:
            last = tokens[position + 2][1]
            days += [(first + number) % DAYS_A_WEEK for number in range((last - first) % DAYS_A_WEEK + 1)]
            position += 3
        else:
            days.append(first)
            position += 1
        if [kind for kind, _ in tokens[position : position + 2]] == [",", "day"]:
            position += 1
    if not days:
        raise NotReadable("no day")
    return sorted(set(days)), tokens[position:]


def _times(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Hours of a day: "8-12", "ab 18", "bis 14", several with commas. A single time without "ab" is no stretch."""
    position = 0
    while position < len(tokens):
        kinds = [kind for kind, _ in tokens[position : position + 3]]
        if kinds == ["time", "-", "time"]:
            yield tokens[position][1], tokens[position + 2][1]
            position += 3
        elif kinds[:2] == ["ab", "time"]:
            yield tokens[position + 1][1], MINUTES_A_DAY
            position += 2
        elif kinds[:2] == ["-", "time"]:
            yield 0, tokens[position + 1][1]
            position += 2
        else:
            raise NotReadable("no hours")
        if position < len(tokens):
            if tokens[position][0] != "," or position + 1 == len(tokens):
                raise NotReadable("what follows the hours")
            position += 1
