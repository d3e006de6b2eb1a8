# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which column is which: spellings from columns.yaml, and the row in which the header stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

import yaml

from dableiben.sources.cells import plain, text_of
from dableiben.sources.sheets import Cell, Sheet

Table = Literal["population", "register", "areas", "segments", "commuters", "transport"]
HEADER_ROWS = 40
"""title lines above the header are at most this many"""


_TOTAL = re.compile(r"^(?:summe|gesamtsumme|zwischensumme|gesamt|insgesamt) |.* (?:gesamt|insgesamt|summe|ergebnis)$")


@dataclass(frozen=True)
class Spellings:
    """Spellings of columns.yaml, plain (see cells.plain)."""

    tables: dict[str, dict[str, str]]
    """table -> spelling -> field"""
    offers: dict[str, str]
    totals: frozenset[str]
    sex: dict[str, str]
    home: dict[str, str]
    form: dict[str, str]
    view: dict[str, str]
    transport_form: dict[str, str]

    def field(self, table: Table, name: str) -> str | None:
        """Field a column name stands for in a table, None if no spelling fits."""
        known = self.tables[table]
        whole = plain(name)
        without_brackets = plain(re.sub(r"[(\[].*?[)\]]", " ", name))
        return known.get(whole) or known.get(without_brackets)

    def is_total(self, cell: Cell) -> bool:
        """Whether a cell marks a row or column of totals: Summe, Dorf A Ergebnis, Gesamt: Amt Nord."""
        if not isinstance(cell, str):
            return False
        words = plain(cell)
        return words in self.totals or bool(_TOTAL.match(words))


@lru_cache(maxsize=1)
def spellings() -> Spellings:
    """The spellings that come with the package."""
    text = files("dableiben.sources").joinpath("columns.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    return Spellings(
        tables={name: _turned(content[name], name) for name in get_args(Table)},
        offers=_turned(content["offers"], "offers"),
        totals=frozenset(plain(word) for word in content["totals"]),
        sex=_turned(content["sex"], "sex"),
        home=_turned(content["home"], "home"),
        form=_turned(content["form"], "form"),
        view=_turned(content["view"], "view"),
        transport_form=_turned(content["transport_form"], "transport_form"),
    )


def _turned(by_field: dict[str, list[str]], table: str) -> dict[str, str]:
    turned: dict[str, str] = {}
    for field, names in by_field.items():
        for name in names:
            key = plain(name)
            if turned.setdefault(key, field) != field:
                raise ValueError(f"columns.yaml: {name!r} stands for two columns of {table}")
    return turned


@dataclass(frozen=True)
class Header:
    """Where a table begins on a sheet and which column holds what."""

    row: int
    """index of the (last) header row in Sheet.rows; data begin below"""
    names: list[str]
    """names as written, joined over two header rows where the upper one is merged"""
    fields: dict[str, int]
    """field -> column; the first one if a field is there twice"""
    twice: tuple[str, ...]
    """names of further columns for a field that was found already"""


def find_header(sheet: Sheet, table: Table, needed: int = 2) -> Header | None:
    """The row with the most known column names among the first rows; None if none has `needed` of them."""
    best: Header | None = None
    for index in range(min(HEADER_ROWS, len(sheet.rows))):
        header = _header_at(sheet, index, table)
        if len(header.fields) >= needed and (best is None or len(header.fields) > len(best.fields)):
            best = header
    return best


def _header_at(sheet: Sheet, index: int, table: Table) -> Header:
    known = spellings()
    row = sheet.rows[index]
    above = sheet.rows[index - 1] if index else []
    names: list[str] = []
    fields: dict[str, int] = {}
    twice: list[str] = []
    for column, cell in enumerate(row):
        own = text_of(cell) or ""
        upper = text_of(above[column]) or "" if column < len(above) and isinstance(above[column], str) else ""
        joined = f"{upper} {own}".strip() if upper and upper != own else own
        field = known.field(table, own) if own else None
        name = own
        if upper and own and known.field(table, joined) is not None:
            name, field = joined, known.field(table, joined)
        names.append(name)
        if field is not None:
            if field in fields:
                twice.append(name)
            else:
                fields[field] = column
    if table == "register":
        _village_beside(names, fields, twice)
    return Header(index, names, fields, tuple(twice))


def _village_beside(names: list[str], fields: dict[str, int], twice: list[str]) -> None:
    """Beside a column Gemeinde or AGS the column Ort holds the village, not the municipality once more."""
    town = fields.get("municipality")
    village = next((column for column, name in enumerate(names) if plain(name) in ("ort", "wohnort")), None)
    if town is None or village is None or "locality" in fields:
        return
    if village != town:
        twice.remove(names[village])
    elif twice and (other := names.index(twice[0])) and spellings().field("register", names[other]) == "municipality":
        fields["municipality"] = other
        twice.pop(0)
    else:
        return
    fields["locality"] = village




def data_rows(sheet: Sheet, header: Header) -> list[tuple[int, list[Cell]]]:
    """Rows under the header that hold anything: (row as a person counts, cells as wide as the header)."""
    width = len(header.names)
    rows = []
    for index in range(header.row + 1, len(sheet.rows)):
        row = sheet.rows[index]
        if any(cell is not None for cell in row):
            rows.append((index + 1, [*row[:width], *([None] * (width - len(row)))]))
    return rows
