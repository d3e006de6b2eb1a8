# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A sheet before it is written: titled columns with a form, rows of plain values and signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Literal

import pandas as pd

from dableiben.privacy.released import SMALL
from dableiben.report.labels import Labels, known

Form = Literal[
    "text", "id", "number", "minutes", "persons", "share", "saldo", "whole", "year", "day", "degrees", "left"
]


class Sign(Enum):
    """What stands in place of a number that is not there."""

    WITHHELD = "withheld"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Shown:
    """A number in another form than that of its column."""

    value: float
    form: Form


Cell = str | float | int | date | Sign | Shown | None


@dataclass(frozen=True)
class Field:
    """One column: its title in words, the form of its values, its width in characters."""

    title: str
    form: Form = "text"
    width: int = 14


@dataclass(frozen=True)
class Sheet:
    """A table for people: one heading line, then titled columns."""

    id: str
    fields: tuple[Field, ...]
    rows: list[tuple[Cell, ...]]
    frozen: int = 1
    """columns that stay in sight"""
    shaded: tuple[int, ...] = field(default=())
    """columns whose numbers are shaded from low to high"""


Record = dict[str, Any]
"""one row of a released table"""
Style = Literal["title", "mark", "section", "text", "item", "sheet"]


@dataclass(frozen=True)
class Line:
    """A line of a page to read; `sheet` leads to the sheet whose id stands in `target`."""

    style: Style
    left: str
    right: Cell = None
    target: str = ""


@dataclass(frozen=True)
class Page:
    """A sheet to read from top to bottom."""

    id: str
    lines: list[Line]


@dataclass(frozen=True)
class Columns:
    """Builds titled columns from the words of the catalogue."""

    labels: Labels

    def __call__(self, *columns: tuple[str, Form, int]) -> tuple[Field, ...]:
        """Fields from (key under ``column.``, form, width)."""
        return tuple(Field(self.labels.word(f"column.{key}"), form, width) for key, form, width in columns)


def records(frame: pd.DataFrame) -> list[Record]:
    """Rows of a table, None for everything that is missing."""
    return [{str(k): known(v) for k, v in row.items()} for row in frame.to_dict("records")]


MODE_ORDER = ("foot", "bike", "bus", "car", "")


def mode_order(mode: str | None) -> int:
    """From slow to fast; where no way is involved, last."""
    return MODE_ORDER.index(mode or "")


def count(row: Record, column: str, *, missing: Cell = Sign.UNKNOWN) -> Cell:
    """A count of a released row: its value, withheld, or `missing` where it was never known."""
    value = row[column]
    if value is not None:
        return float(value)
    return Sign.WITHHELD if is_withheld(row) else missing


def is_withheld(row: Record) -> bool:
    """Whether a count of the row is withheld."""
    return SMALL in (row["withheld"] or "")


def texts(value: Any) -> list[str]:
    """A list of texts, empty for a missing one."""
    return [] if value is None else [str(text) for text in value]


def flag(labels: Labels, value: Any) -> Cell:
    """Yes, no or unknown."""
    if value is None:
        return Sign.UNKNOWN
    return labels.word("table.yes" if value else "table.no")


def in_order(rows: Sequence[Record], *keys: Any) -> list[Record]:
    """Rows sorted by functions of a row."""
    return sorted(rows, key=lambda row: tuple(key(row) for key in keys))
