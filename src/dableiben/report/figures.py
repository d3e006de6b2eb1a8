# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What a table of the HTML report holds: cells whose look tells a number from one that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dableiben.catalogue.text import half_up
from dableiben.report.labels import Labels
from dableiben.report.sheet import Sign

Look = Literal["text", "number", "zero", "withheld", "unknown", "empty"]

WITHHELD_MARK = "•"
EMPTY_MARK = "–"


@dataclass(frozen=True)
class Cell:
    """One cell: its text, how it looks, where it leads, a second smaller line, what it is sorted by."""

    text: str
    look: Look = "text"
    href: str = ""
    note: str = ""
    sort: float | None = None
    shade: int = 0
    """0 none .. 4 strong; a second cue beside the number"""
    foreign: bool = False
    """German text in an English report"""


@dataclass(frozen=True)
class Column:
    """A column: its title and whether numbers stand in it."""

    title: str
    numeric: bool = False
    narrow: bool = False
    """title is written upwards"""


@dataclass(frozen=True)
class Row:
    """A row; the first cell is its heading."""

    cells: tuple[Cell, ...]
    id: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its caption."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""
    sortable: bool = False
    dense: bool = False


def stepped_share(labels: Labels, share: float, step: float, *, found: bool) -> str | None:
    """A share rounded to a step in words: about 5 %, under 5 %; None for a true zero.

    found   whether something was found, though its share may round to zero
    """
    if share > 0:
        return labels.word("share.about", share=share)
    return labels.word("share.under", share=step) if found else None


class Figures:
    """Makes cells of values: three looks for zero, unknown and withheld."""

    def __init__(self, labels: Labels) -> None:
        self.labels, self.say = labels, labels.say

    def text(self, value: object, *, href: str = "", note: str = "", foreign: bool = False) -> Cell:
        """Plain text; what is missing is empty."""
        said = "" if value is None else str(value)
        if not said:
            return self.empty()
        return Cell(said, href=href, note=note, foreign=foreign and self.labels.lang != "de")

    def empty(self) -> Cell:
        """Does not apply here."""
        return Cell(EMPTY_MARK, "empty")

    def sign(self, sign: Sign, note: str = "") -> Cell:
        """What stands in place of a number."""
        if sign is Sign.WITHHELD:
            return Cell(WITHHELD_MARK, "withheld", note=note)
        return Cell(self.labels.word("table.unknown"), "unknown", note=note)

    def number(self, value: object, digits: int = 1, *, note: str = "") -> Cell:
        """A number, a sign in place of one, or nothing."""
        if isinstance(value, Sign):
            return self.sign(value, note)
        if not isinstance(value, (int, float)):
            return self.empty()
        shown = self.say.number(float(value), digits)
        return Cell(shown, "zero" if value == 0 else "number", note=note, sort=float(value))

    def persons(self, value: object, *, note: str = "") -> Cell:
        """Persons without false precision; fewer than half a person is still not zero."""
        if isinstance(value, (int, float)) and 0 < value < 0.5:
            return Cell(self.labels.word("html.below_one"), "number", note=note, sort=float(value))
        cell = self.number(value, 0, note=note)
        if cell.look == "number":
            return Cell(self.say.rounded(float(value)), "number", note=note, sort=float(value))  # type: ignore[arg-type]
        return cell

    def span(self, low: object, high: object) -> Cell:
        """Persons from low to high; one number where both are the same."""
        ends = [self.persons(low), self.persons(high)]
        if ends[0].text == ends[1].text:
            return ends[1]
        said = self.labels.word("html.interval", low=ends[0].text, high=ends[1].text)
        return Cell(said, "number", sort=ends[1].sort)

    def rounded_share(self, share: float, step: float, *, found: bool) -> Cell:
        """A share rounded to a step; where something was found, neither none nor all."""
        said = stepped_share(self.labels, share, step, found=found)
        return self.share(share) if said is None else Cell(said, "number", sort=share)

    def unknown_or(self, value: object, digits: int = 1) -> Cell:
        """A number that is unknown if it is missing."""
        return self.number(Sign.UNKNOWN if value is None else value, digits)

    def share(self, value: object, digits: int = 0, *, shaded: bool = False) -> Cell:
        """A share as percentage."""
        if isinstance(value, Sign):
            return self.sign(value)
        if not isinstance(value, (int, float)):
            return self.empty()
        said = self.say.share(value, digits)
        if 0 < value < 0.005 and not digits:
            said = f"<\u00a0{self.say.share(0.01)}"
        shade = 0 if not shaded or value <= 0 else 1 + min(3, int(value * 4))
        return Cell(said, "zero" if value == 0 else "number", sort=float(value), shade=shade)

    def saldo(self, value: object, digits: int) -> Cell:
        """A balance with its sign."""
        if not isinstance(value, (int, float)):
            return self.number(value)
        shown = half_up(float(value), digits)
        return Cell(
            self.say.balance(shown), "zero" if shown == 0 else "number", sort=shown, shade=2 if shown < 0 else 0
        )

    def day(self, value: object) -> Cell:
        """A date; text in ISO form is read."""
        if isinstance(value, str) and value:
            value = date.fromisoformat(value)
        return Cell(self.say.day(value)) if isinstance(value, date) else self.empty()

    def columns(self, *keys: str, numeric: Iterable[str] = ()) -> tuple[Column, ...]:
        """Columns from keys of ``column.`` or, with a dot, of any words."""
        numbers = set(numeric)
        return tuple(
            Column(self.labels.word(key if "." in key else f"column.{key}"), numeric=key in numbers) for key in keys
        )
