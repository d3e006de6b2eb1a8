# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The rules of an opening_hours text: on which days they hold, at what times, and what they say.

Rules are taken apart here and not by the library: it reads "Mo, Tu 08:00-18:00" as a Monday without end and
"PH Mo-Fr" as holidays and weekdays, and it forgets a written "open". The days are its business (`hour_days`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from dableiben.supply.hour_days import Days, Unusable, read_days

DAY_MIN = 24 * 60
NOTHING, CLOSED, UNKNOWN, OPEN = -1, 0, 1, 2
"""what a text says of a minute; of two rules that hold at once in two nights, the larger one counts"""
Operator = Literal[";", ",", "||"]
_STATES = {"off": CLOSED, "closed": CLOSED, "open": OPEN, "unknown": UNKNOWN}
_EVENTS = "sunrise|sunset|dawn|dusk"
_TIME = rf"\d{{1,2}}:\d{{2}}|\((?:{_EVENTS})\s*[+-]\s*\d{{1,2}}:\d{{2}}\)|{_EVENTS}"
_TOKEN = re.compile(
    rf"""(?P<comment>"[^"]*") | (?P<both>\|\|) | (?P<end>;) | (?P<always>24/7) | (?P<time>{_TIME})
    | (?P<state>\b(?:off|closed|open|unknown)\b) | (?P<comma>,) | (?P<dash>-) | (?P<plus>\+) | (?P<space>\s+)
    | (?P<colon>:(?=\s)) | (?P<word>SH:\w+|\w+|\[[^\]]*\]|/)""",
    re.IGNORECASE | re.VERBOSE,
)
LATE_MIN, NIGHT_MIN = 17 * 60, 22 * 60


@dataclass(frozen=True)
class Clock:
    """A time of day: minutes, or a place of the sun with minutes added."""

    minutes: int
    event: str | None = None


@dataclass(frozen=True)
class Span:
    """From one time to another; `open_end`: closes some time after."""

    start: Clock
    end: Clock | None
    open_end: bool = False


@dataclass(frozen=True)
class Rule:
    """One rule. Without spans it holds all day."""

    operator: Operator
    days: Days
    spans: tuple[Span, ...]
    state: int
    always: bool = False
    """written as 24/7, without any day"""

    @property
    def replaces(self) -> bool:
        """Whether it takes the place of what rules before it say of its days (a closed one only closes)."""
        return self.operator == ";" and self.state != CLOSED


@dataclass
class _Draft:
    """A rule while its tokens come in."""

    operator: Operator
    day_text: str = ""
    times: list[str] = field(default_factory=list)
    state: int | None = None
    commented: bool = False
    always: bool = False

    @property
    def empty(self) -> bool:
        return not (self.day_text.strip() or self.times or self.always or self.commented) and self.state is None

    def finish(self) -> Rule:
        if self.empty:
            raise Unusable("Zwischen zwei Trennzeichen fehlt eine Angabe.")
        # A comment alone says that there is a condition, not that it is open.
        state = self.state if self.state is not None else UNKNOWN if self.commented else OPEN
        days = read_days(self.day_text)
        return Rule(self.operator, days, _spans(self.times), state, self.always and days.every_day)


def read_rules(text: str) -> tuple[Rule, ...]:
    """Rules of a text in OSM's syntax, in order. Errors: `Unusable` with a German reason."""
    rules: list[Rule] = []
    draft = _Draft(";")
    text = text.strip().rstrip(";").rstrip()
    tokens = _tokens(text)
    for index, (kind, value) in enumerate(tokens):
        if kind in ("end", "both"):
            rules.append(draft.finish())
            draft = _Draft("||" if kind == "both" else ";")
        elif kind == "comma" and _ends_rule(draft, tokens, index):
            rules.append(draft.finish())
            draft = _Draft(",")
        else:
            _take(draft, kind, value)
    rules.append(draft.finish())
    return tuple(rules)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Unusable(f"„{text[at : at + 20]}“ ist nicht lesbar.")
        found.append((str(match.lastgroup), match.group()))
        at = match.end()
    return found


def _ends_rule(draft: _Draft, tokens: list[tuple[str, str]], index: int) -> bool:
    """A comma after times begins a further rule, unless a time follows; one among days belongs to them."""
    if not (draft.times or draft.always or draft.state is not None or draft.commented):
        return False
    return next((kind for kind, _ in tokens[index + 1 :] if kind != "space"), "") != "time"


def _take(draft: _Draft, kind: str, value: str) -> None:
    if kind == "comment":
        draft.commented = True
    elif kind == "state":
        draft.state = _STATES[value.lower()]
    elif kind == "always":
        draft.always = True
    elif draft.commented or draft.state is not None or draft.always:
        if kind != "space":
            raise Unusable(f"„{value}“ steht hinter dem Ende einer Regel.")
    elif kind == "time" or draft.times:
        if kind not in ("time", "dash", "plus", "comma", "space"):
            raise Unusable(f"„{value}“ ist keine Uhrzeit.")
        if kind != "space":
            draft.times.append(value)
    elif kind != "colon":
        draft.day_text += value


def _spans(times: list[str]) -> tuple[Span, ...]:
    spans = []
    for part in re.split(",", "".join(times)) if times else ():
        match = re.fullmatch(rf"({_TIME})(?:-({_TIME}))?(\+)?", part, re.IGNORECASE)
        if match is None or not (match[2] or match[3]):
            raise Unusable(f"„{part}“ ist keine Zeitspanne.")
        start, end = _clock(match[1]), _clock(match[2]) if match[2] else None
        if start.event is None and start.minutes >= DAY_MIN:
            raise Unusable(f"„{part}“ beginnt nach 24 Uhr.")
        spans.append(Span(start, end, bool(match[3])))
    return tuple(spans)


def _clock(text: str) -> Clock:
    event = re.search(_EVENTS, text, re.IGNORECASE)
    shift = re.search(r"([+-]?)\s*(\d{1,2}):(\d{2})", text)
    minutes = 0
    if shift is not None:
        minutes = (-1 if shift[1] == "-" else 1) * (int(shift[2]) * 60 + int(shift[3]))
        if int(shift[3]) > 59 or abs(minutes) > 2 * DAY_MIN:
            raise Unusable(f"„{text}“ ist keine Uhrzeit.")
    return Clock(minutes, event[0].lower() if event else None)


def latest_end(start_min: int) -> int:
    """Until when "ab 18 Uhr" may last, in minutes of the day: 24:00, for an evening or night long past it.

    The lengths are those of the JavaScript evaluation that OpenStreetMap refers to; all of it is unknown.
    """
    if start_min >= NIGHT_MIN:
        return start_min + 8 * 60
    return start_min + 10 * 60 if start_min >= LATE_MIN else DAY_MIN
