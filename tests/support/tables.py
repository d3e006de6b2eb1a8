# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Writes the lists that offices send: the same rows as XLSX, ODS or CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from support.ods import Value, write_ods

Rows = Sequence[Sequence[Value]]
Merge = tuple[int, int, int, int]
"""first row, first column, last row, last column; the value stands in the rows"""


def write_xlsx(
    path: Path, sheets: Mapping[str, Rows], *, merges: Sequence[Merge] = (), hidden: Sequence[str] = ()
) -> Path:
    """Write one worksheet per entry; dates get a German format; merges hold for every sheet."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, column, dt.datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
                elif value is not None:
                    sheet.write(number, column, value)
        for first_row, first_column, last_row, last_column in merges:
            value = rows[first_row][first_column]
            sheet.merge_range(first_row, first_column, last_row, last_column, value)
    book.close()
    return path


def write_csv(path: Path, rows: Rows, *, encoding: str = "utf-8", delimiter: str = ";") -> Path:
    """Write rows as an office's Excel does: decimal comma, German dates."""
    text = "\r\n".join(delimiter.join(_csv_cell(value) for value in row) for row in rows) + "\r\n"
    path.write_bytes(text.encode(encoding))
    return path


def write_table(path: Path, rows: Rows, sheet: str = "Liste") -> Path:
    """Write rows in the form the suffix asks for."""
    if path.suffix == ".xlsx":
        return write_xlsx(path, {sheet: rows})
    if path.suffix == ".ods":
        return write_ods(path, {sheet: rows})
    return write_csv(path, rows)


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, dt.date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, float):
        return str(value).replace(".", ",")
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ';"\n') else text
