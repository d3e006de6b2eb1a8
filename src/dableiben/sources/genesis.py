# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of GENESIS / Regionalstatistik as CSV: title, header rows to be joined, keys as text, signs, footer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dableiben.core.errors import InputError
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.delimited import encoding_of, read_text, rows_of
from dableiben.sources.statistics_values import (
    ATTRIBUTION,
    KEY,
    STATISTICS_COLUMNS,
    BadValue,
    area_keys,
    clean_name,
    day_of,
    meaning_of,
    population_rows,
    values_of,
)

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

TABLE_ID = re.compile(r"(?:GENESIS-)?Tabelle:\s*(\d{5}-[\w-]+)")
FOOTER = re.compile(r"^_{4,}|^©|^\(C\)opyright")
LOST_NO_KEY = "Statistik: Zeile ohne amtlichen Schlüssel"
LOST_SHORT = "Statistik: Zeile mit zu wenig Spalten"
LOST_GONE = "Statistik: früherer Schlüssel einer Gemeinde, die unter neuem weitergeführt wird"
COUNTED = re.compile(r"^12411-0[1-6]")
"""tables of the population itself; -07 (mean age), -08 (ratios) and others count something else"""


@dataclass(frozen=True)
class _Table:
    id: str
    first: int
    """index of the first data row"""
    last: int
    """index after the last data row"""
    lead: int
    """columns before the values: time, key, name, further dims"""
    key_column: int
    headings: list[list[str]]
    """words over each value column"""
    titles: list[str]


def sniff(path: Path) -> bool:
    """Whether the first line says "Tabelle: 12411-..."."""
    try:
        with path.open("rb") as handle:
            head = handle.read(300)
        return TABLE_ID.match(head.decode("cp1252", errors="replace").lstrip("\ufeffï»¿\"'")) is not None
    except OSError:
        return False


def read(path: Path, catalogue: Catalogue) -> Reading:
    """The table in long form (`statistics`), and the population of tables 12411 (`population`).

    Errors: InputError if header, keys or dates are missing, or a value is neither a number nor an official sign.
    """
    report = start_report(path, "genesis", attribution=ATTRIBUTION)
    encoding_of(path)
    rows = rows_of(read_text(path), path)
    table = _find(rows, path)
    if table.last == len(rows):
        report.note("Der Tabelle fehlt die Fußzeile („____“ oder „©“): Sie könnte abgeschnitten sein.")
    width = table.lead + len(table.headings)
    report.rows_read = table.last - table.first
    whole = [(i + 1, row) for i, row in enumerate(rows[table.first : table.last], table.first) if len(row) >= width]
    report.lose(LOST_SHORT, report.rows_read - len(whole))
    keyed = [(number, row[:width]) for number, row in whole if KEY.match(row[table.key_column].strip())]
    report.lose(LOST_NO_KEY, len(whole) - len(keyed))
    report.rows_used = len(keyed)
    cells = np.array([row for _, row in keyed], dtype=object).reshape(-1, width)
    try:
        values = values_of(cells[:, table.lead :])
    except BadValue as error:
        at, column = divmod(error.index, len(table.headings))
        raise InputError(
            "statistics-text-in-number",
            f"„{error.text}“ ist weder eine Zahl noch ein Zeichen der amtlichen Statistik.",
            "Die Tabelle neu herunterladen (Format CSV).",
            file=path,
            row=keyed[at][0],
            column=" ".join(table.headings[column]) or None,
        ) from error
    gone = _gone(cells, values, table)
    report.lose(LOST_GONE, int(gone.sum()))
    report.rows_used -= int(gone.sum())
    facts = _Facts(cells[~gone], values[~gone], table, path)
    statistics = facts.long()
    population = facts.population() if COUNTED.match(table.id) else None
    report.source = replace(report.source, as_of=statistics["as_of"].max() if len(statistics) else None)
    return Reading(report=report, statistics=statistics, population=population)


def _gone(cells: np.ndarray, values: np.ndarray, table: _Table) -> np.ndarray:
    """Rows of nothing but dashes for a municipality that has another row: it changed its association."""
    names = pd.Series(cells[:, table.key_column + 1], dtype="str")
    keys = area_keys(pd.Series(cells[:, table.key_column], dtype="str"), names)
    lead = pd.DataFrame(cells[:, : table.lead]).drop(columns=[table.key_column, table.key_column + 1])
    again = lead.assign(key=keys.to_numpy()).duplicated(keep=False).to_numpy(bool)
    return np.asarray(again & (values == 0).all(axis=1), bool)


def _find(rows: list[list[str]], path: Path) -> _Table:
    """Where header, data and footer are."""
    last = next((i for i, row in enumerate(rows) if row and FOOTER.match(row[0])), len(rows))
    first = next((i for i, row in enumerate(rows[:last]) if _key_column(row) is not None), None)
    title = TABLE_ID.match(rows[0][0]) if rows and rows[0] else None
    if first is None or title is None:
        raise InputError(
            "statistics-no-header",
            "Die Tabelle hat keine Zeilen mit amtlichem Schlüssel.",
            "Die Tabelle mit regionaler Gliederung neu herunterladen (Format CSV).",
            file=path,
        )
    top = first
    while top > 1 and rows[top - 1] and rows[top - 1][0] == "" and len(rows[top - 1]) > 1:
        top -= 1
    header = rows[top:first]
    width = max((len(row) for row in header), default=0)
    if not header or width < 3:
        raise InputError(
            "statistics-no-header",
            "Der Tabelle fehlt der Kopf über den Zahlen.",
            "Die Tabelle neu herunterladen und nicht bearbeiten.",
            file=path,
            row=first + 1,
        )
    columns = [[row[c].strip() if c < len(row) else "" for row in header] for c in range(width)]
    lead = next((c for c, words in enumerate(columns) if any(words)), width)
    headings = [[w for w, _ in groupby(word for word in words if word)] for words in columns[lead:]]
    titles = [row[0].strip() for row in rows[:top] if row]
    key_column = _key_column(rows[first]) or 0
    return _Table(title[1], first, last, max(lead, key_column + 2), key_column, headings, titles)


def _key_column(row: list[str]) -> int | None:
    """Column of the key in a data row: the first, or the second after a time."""
    if len(row) >= 3 and KEY.match(row[0].strip()) and day_of(row[0]) is None:
        return 0
    is_dated = len(row) >= 4 and day_of(row[0]) is not None
    return 1 if is_dated and KEY.match(row[1].strip()) else None


class _Facts:
    """The cells of one table with the meaning of its rows and columns."""

    def __init__(self, cells: np.ndarray, values: np.ndarray, table: _Table, path: Path) -> None:
        self.values, self.table = values, table
        names = pd.Series(cells[:, table.key_column + 1], dtype="str")
        self.keys = area_keys(pd.Series(cells[:, table.key_column], dtype="str"), names)
        self.names = clean_name(names)
        lead = [c for c in range(table.lead) if c not in (table.key_column, table.key_column + 1)]
        self.words_of_rows: list[tuple[str, ...]] = []
        self.day_of_rows: list[date | None] = []
        title_day = next((d for d in map(_title_day, table.titles) if d), None)
        for row in cells[:, lead] if lead else np.empty((len(cells), 0), dtype=object):
            words = [str(word).strip() for word in row]
            days = [day_of(word) for word in words]
            self.day_of_rows.append(next((d for d in days if d), title_day))
            self.words_of_rows.append(tuple(w for w, d in zip(words, days, strict=True) if w and d is None))
        self.day_of_columns = [next((d for d in map(day_of, words) if d), None) for words in table.headings]
        self._check_days(path)

    def _check_days(self, path: Path) -> None:
        if any(day is None for day in self.day_of_rows) and any(day is None for day in self.day_of_columns):
            raise InputError(
                "statistics-no-date",
                "Der Stand der Zahlen ist nicht zu erkennen.",
                "Die Tabelle mit Stichtag oder Jahr neu herunterladen.",
                file=path,
            )

    def long(self) -> pd.DataFrame:
        """STATISTICS_COLUMNS: one row per area and value; `dims` joins the words over and beside the value."""
        n, m = self.values.shape
        texts = np.empty((n, m), dtype=object)
        for column, words in enumerate(self.table.headings):
            over = [word for word in words if day_of(word) is None]
            joined = {rows: " | ".join([*rows, *over]) for rows in set(self.words_of_rows)}
            texts[:, column] = [joined[rows] for rows in self.words_of_rows]
        columns = {
            "table": np.full(n * m, self.table.id, dtype=object),
            "area_key": self.keys.to_numpy(object).repeat(m),
            "area_name": self.names.to_numpy(object).repeat(m),
            "as_of": self._days().ravel(),
            "dims": texts.ravel(),
        }
        frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
        return frame.assign(value=self.values.ravel())[list(STATISTICS_COLUMNS)]

    def _days(self) -> np.ndarray:
        days = np.empty(self.values.shape, dtype=object)
        days[:] = np.array(self.day_of_rows, dtype=object)[:, None]
        for column, day in enumerate(self.day_of_columns):
            if day is not None:
                days[:, column] = day
        return days

    def population(self) -> pd.DataFrame | None:
        """Rows of the contract POPULATION; None if nothing in the table counts people by sex or age."""
        parts = []
        days = self._days()
        rows_by_words: dict[tuple[str, ...], list[int]] = {}
        for index, words in enumerate(self.words_of_rows):
            rows_by_words.setdefault(words, []).append(index)
        for column, over in enumerate(self.table.headings):
            over = [word for word in over if day_of(word) is None]
            for beside, rows in rows_by_words.items():
                meaning = meaning_of([*beside, *over])
                if meaning is None:
                    continue
                sex, (age_from, age_to), _ = meaning
                parts.append(
                    pd.DataFrame(
                        {
                            "area_key": self.keys.to_numpy()[rows],
                            "name": self.names.to_numpy()[rows],
                            "as_of": days[rows, column],
                            "sex": pd.Series([sex] * len(rows), dtype=object),
                            "age_from": age_from,
                            "age_to": float("nan") if age_to is None else float(age_to),
                            "persons": self.values[rows, column],
                        }
                    )
                )
        return population_rows(pd.concat(parts, ignore_index=True)) if parts else None


def _title_day(text: str) -> date | None:
    return day_of(re.sub(r"^Stichtag:\s*", "", text))


READERS.register("genesis")(Reader("statistics", "GENESIS-/Regionalstatistik-Tabelle (CSV)", sniff, read, 10))
READERS.register("genesis_population")(
    Reader("population", "GENESIS-/Regionalstatistik-Tabelle (CSV)", sniff, read, 10)
)
