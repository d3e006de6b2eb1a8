# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Sheets of XLSX, ODS and CSV files as plain rows of cells; merged cells are filled and counted."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from dableiben.core.errors import InputError
from dableiben.sources.delimited import read_text, rows_of
from dableiben.sources.office import broken, check_archive, form_of

Cell = str | float | bool | date | None
Range = tuple[tuple[int, int], tuple[int, int]]
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


@dataclass
class Sheet:
    """One sheet. Row `i` of `rows` is row `i + 1` as a person counts; empty cells are None."""

    name: str
    rows: list[list[Cell]]
    hidden: bool = False
    merged: list[Range] = field(default_factory=list)
    """((first row, first column), (last row, last column)), counted from 0"""

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds anything."""
        return not any(cell is not None for row in self.rows for cell in row)


def read_sheets(path: Path) -> list[Sheet]:
    """All sheets in their order, hidden ones included (marked). A CSV file is one sheet named like the file.

    Errors: InputError if the file is damaged, encrypted, old Excel, HTML, or unpacks to too much.
    """
    form = form_of(path)
    if form == "csv":
        rows = [[cell.strip() or None for cell in row] for row in rows_of(read_text(path), path)]
        return [Sheet(path.stem, [list[Cell](row) for row in rows])]
    check_archive(path)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            sheets = [_sheet(book, meta) for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise broken(path) from error
    if form == "ods":
        _add_ods_merges(path, sheets)
    for sheet in sheets:
        _fill_merged(sheet)
    if all(sheet.is_empty for sheet in sheets):
        raise InputError(
            "file-empty", "Die Tabelle ist leer.", "Prüfen, ob das richtige Blatt gespeichert ist.", file=path
        )
    return sheets


def _sheet(book: CalamineWorkbook, meta: object) -> Sheet:
    name = meta.name  # type: ignore[attr-defined]
    sheet = book.get_sheet_by_name(name)
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    hidden = meta.visible != SheetVisibleEnum.Visible  # type: ignore[attr-defined]
    return Sheet(name, rows, hidden, list(sheet.merged_cell_ranges or []))


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value.replace("\xa0", " ").strip() or None
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else (None if value is None else str(value))


def _fill_merged(sheet: Sheet) -> None:
    """Every cell of a merged range says what its first cell says."""
    for (row0, col0), (row1, col1) in sheet.merged:
        if row0 >= len(sheet.rows) or col0 >= len(sheet.rows[row0]):
            continue
        value = sheet.rows[row0][col0]
        for row in sheet.rows[row0 : row1 + 1]:
            for col in range(col0, min(col1 + 1, len(row))):
                row[col] = value


def _add_ods_merges(path: Path, sheets: list[Sheet]) -> None:
    """Merged cells of ODS: the library does not tell them."""
    by_name = {sheet.name: sheet for sheet in sheets}
    try:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as handle:
            sheet: Sheet | None = None
            row = col = 0
            for event, element in iterparse(handle, events=("start", "end")):
                if event == "start" and element.tag == f"{_TABLE}table":
                    sheet, row = by_name.get(element.get(f"{_TABLE}name", "")), 0
                elif event == "start" and element.tag == f"{_TABLE}table-row":
                    col = 0
                elif event == "end" and element.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                    down = int(element.get(f"{_TABLE}number-rows-spanned", "1"))
                    wide = int(element.get(f"{_TABLE}number-columns-spanned", "1"))
                    if sheet is not None and (down > 1 or wide > 1):
                        sheet.merged.append(((row, col), (row + down - 1, col + wide - 1)))
                    col += int(element.get(f"{_TABLE}number-columns-repeated", "1"))
                    element.clear()
                elif event == "end" and element.tag == f"{_TABLE}table-row":
                    row += int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                    element.clear()
    except (ParseError, DefusedXmlException, ValueError, KeyError, zipfile.BadZipFile, OSError) as error:
        raise broken(path) from error
