# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The released result as an Excel workbook for planners: one sheet per question, words instead of ids.

The table of cells (one row per cell, service and mode) is left out: it belongs into a map, see report.gpkg.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.text import Lang
from dableiben.core.errors import ContractError
from dableiben.privacy.released import Released
from dableiben.report.data_sheets import (
    catchment_sheet,
    check_sheet,
    facility_sheet,
    indicator_sheet,
    norm_sheet,
    source_sheet,
)
from dableiben.report.finding_sheets import (
    balance_sheet,
    comparison_sheet,
    coverage_sheet,
    gap_sheet,
    rejected_sheet,
    unknown_sheet,
)
from dableiben.report.labels import Labels
from dableiben.report.pages import WITHHELD_SIGN, method_page, overview_page
from dableiben.report.sheet import Cell, Field, Form, Line, Page, Sheet, Shown, Sign

CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 (a workbook's date has no zone; constant, so that bytes repeat)
TEXT_MAX = 32_767
"""characters an Excel cell can hold"""
FOOTER_MAX = 255
HEADING, HEADER = 0, 1
"""rows of the heading line and of the column titles"""
LEFT_WIDTH, RIGHT_WIDTH = 44, 90
PAGE_WIDTH = 200
"""characters that fit on a printed page and can still be read"""
LINE_HEIGHT, ROW_HEIGHT_MAX = 13.5, 400.0
CHARACTERS = 1.05
"""letters per unit of column width, which is that of a digit"""
SMALL_NUMBER = 100
"""persons from this on are shown without decimals"""


def write_xlsx(released: Released, catalogue: Catalogue, path: Path, *, lang: Lang = "de") -> None:
    """Write the workbook; equal results give equal bytes.

    released   the only thing that may leave the house (privacy.gate.release)
    Errors: TypeError for anything else than Released.
    """
    if not isinstance(released, Released):
        raise TypeError("write_xlsx takes privacy.Released only")
    labels = Labels(released, catalogue, lang)
    content = BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "default_date_format": "dd.mm.yyyy",
    }  # fmt: skip
    with xlsxwriter.Workbook(content, options) as workbook:
        workbook.set_properties(
            {"title": labels.title(), "subject": " ".join(labels.marks()), "author": "dableiben", "created": CREATED}
        )
        _Writer(workbook, labels).write(_sheets(labels))
    path.write_bytes(content.getvalue())


def _sheets(labels: Labels) -> list[Sheet | Page]:
    """Every sheet that has something to say; gaps and unknowns are shown even if there are none."""
    compared = [] if labels.released.council else [comparison_sheet(labels)]
    tables = [
        gap_sheet(labels), rejected_sheet(labels), unknown_sheet(labels), balance_sheet(labels), coverage_sheet(labels),
        *compared, indicator_sheet(labels), catchment_sheet(labels), facility_sheet(labels),
        norm_sheet(labels), source_sheet(labels), check_sheet(labels),
    ]  # fmt: skip
    shown: list[Sheet | Page] = [sheet for sheet in tables if sheet.rows or sheet.id in ("gaps", "unknowns")]
    shown.append(method_page(labels))
    return [overview_page(labels, shown), *shown]


class _Writer:
    """Formats and page set-up of one workbook."""

    def __init__(self, workbook: Any, labels: Labels) -> None:
        self.workbook, self.labels = workbook, labels
        self.formats: dict[tuple[str, ...], Any] = {}
        self.signs = {Sign.WITHHELD: WITHHELD_SIGN, Sign.UNKNOWN: labels.word("table.unknown")}

    def write(self, sheets: list[Sheet | Page]) -> None:
        """All sheets in order."""
        for sheet in sheets:
            worksheet = self.workbook.add_worksheet(self.labels.word(f"sheet.{sheet.id}"))
            if isinstance(sheet, Page):
                self._page(worksheet, sheet)
            else:
                self._table(worksheet, sheet)
            self._print_setup(worksheet, sheet)

    def _table(self, worksheet: Any, sheet: Sheet) -> None:
        about = self.labels.word(f"sheet_about.{sheet.id}")
        heading = " · ".join([*self.labels.marks(), self.labels.title(), about])
        self._text(worksheet, HEADING, 0, heading, self._format("mark" if self.labels.marks() else "heading"))
        for column, field in enumerate(sheet.fields):
            worksheet.set_column(column, column, field.width)
            self._text(worksheet, HEADER, column, field.title, self._format("header"))
        # Bold titles and the arrow of the filter need room; long words are not split over lines.
        worksheet.set_row(HEADER, _height((f.width - 4, f.title) for f in sheet.fields))
        for number, row in enumerate(sheet.rows, start=HEADER + 1):
            worksheet.set_row(number, _height((f.width, c) for f, c in zip(sheet.fields, row, strict=True)))
            for column, (field, cell) in enumerate(zip(sheet.fields, row, strict=True)):
                self._cell(worksheet, number, column, field, cell)
        last = max(HEADER + len(sheet.rows), HEADER + 1)
        worksheet.autofilter(HEADER, 0, last, len(sheet.fields) - 1)
        worksheet.freeze_panes(HEADER + 1, sheet.frozen)
        self._highlight(worksheet, sheet, last)

    def _highlight(self, worksheet: Any, sheet: Sheet, last: int) -> None:
        for column, field in enumerate(sheet.fields):
            if field.form == "saldo":
                rule = {"type": "cell", "criteria": "<", "value": 0, "format": self._format("negative")}
                worksheet.conditional_format(HEADER + 1, column, last, column, rule)
        if sheet.shaded:
            scale = {
                "type": "2_color_scale", "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1,
                "min_color": "#FFFFFF", "max_color": "#E8833A",
            }  # fmt: skip
            worksheet.conditional_format(HEADER + 1, sheet.shaded[0], last, sheet.shaded[-1], scale)

    def _page(self, worksheet: Any, page: Page) -> None:
        worksheet.set_column(0, 0, LEFT_WIDTH)
        worksheet.set_column(1, 1, RIGHT_WIDTH)
        worksheet.hide_gridlines(2)
        for row, line in enumerate(page.lines):
            self._line(worksheet, row, line)

    def _line(self, worksheet: Any, row: int, line: Line) -> None:
        if line.style == "text":
            worksheet.merge_range(row, 0, row, 1, "", self._format("text"))
            self._text(worksheet, row, 0, line.left, self._format("text"))
            worksheet.set_row(row, _height([(LEFT_WIDTH + RIGHT_WIDTH, line.left)]))
            return
        if line.style in ("title", "section"):
            worksheet.set_row(row, 2 * LINE_HEIGHT)
        else:
            worksheet.set_row(row, _height([(LEFT_WIDTH, line.left), (RIGHT_WIDTH, line.right)]))
        if line.style == "sheet":
            worksheet.write_url(row, 0, f"internal:'{line.target}'!A1", self._format("link"), line.left)
        else:
            self._text(worksheet, row, 0, line.left, self._format(line.style))
        if line.right is not None:
            self._cell(worksheet, row, 1, Field("", "left"), line.right)

    def _cell(self, worksheet: Any, row: int, column: int, field: Field, cell: Cell) -> None:
        form = field.form
        if isinstance(cell, Shown):
            form, cell = cell.form, cell.value
        if cell is None:
            worksheet.write_blank(row, column, None, self._format(form))
        elif isinstance(cell, Sign):
            self._text(worksheet, row, column, self.signs[cell], self._format("sign"))
        elif isinstance(cell, str):
            self._text(worksheet, row, column, cell, self._format(form if form in ("id", "left") else "text"))
        elif isinstance(cell, date):
            worksheet.write_datetime(row, column, cell, self._format("left-day" if form == "left" else "day"))
        else:
            value = round(float(cell), 6)  # the rest is noise of the machine's arithmetic
            worksheet.write_number(row, column, value, self._format(form, self._digits(form, value)))

    def _text(self, worksheet: Any, row: int, column: int, text: str, cell_format: Any) -> None:
        # write_string alone: a text that begins with = + - @ stays a text.
        if worksheet.write_string(row, column, text[:TEXT_MAX], cell_format) != 0:
            raise ContractError(f"{worksheet.get_name()}: row {row} column {column} cannot be written")

    def _digits(self, form: Form, value: float) -> str:
        """Excel's number format (written in English, shown as in the reader's country)."""
        if form == "degrees":
            return "0.00000"
        if form in ("whole", "year"):
            return "#,##0" if form == "whole" else "0"
        if form == "minutes":
            return "#,##0.0"
        if form == "share":
            return "0 %" if abs(value * 100 - round(value * 100)) < 0.05 else "0.0 %"
        whole = abs(value - round(value)) < 0.005 or (form == "persons" and abs(value) >= SMALL_NUMBER)
        digits = "#,##0" if whole else "#,##0.0" if abs(value * 10 - round(value * 10)) < 0.05 else "#,##0.00"
        digits = "#,##0.0" if form in ("persons", "saldo") and not whole else digits
        return f"+{digits};−{digits};0" if form == "saldo" else digits

    def _format(self, style: str, digits: str = "") -> Any:
        key = (style, digits)
        if key not in self.formats:
            looks = {**_BASE, **_LOOKS.get(style, {"align": "right"})}
            if digits:
                looks["num_format"] = digits
            self.formats[key] = self.workbook.add_format(looks)
        return self.formats[key]

    def _print_setup(self, worksheet: Any, sheet: Sheet | Page) -> None:
        worksheet.set_landscape()
        worksheet.set_paper(9)  # A4
        worksheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.8)
        pages = 1
        if isinstance(sheet, Sheet):
            printed = [column for column, field in enumerate(sheet.fields) if field.form != "id"]
            worksheet.print_area(0, 0, HEADER + len(sheet.rows), printed[-1])
            worksheet.repeat_rows(HEADING, HEADER)
            width = sum(sheet.fields[column].width for column in printed)
            pages = -(-width // PAGE_WIDTH)
            if pages > 1:
                worksheet.repeat_columns(0, sheet.frozen - 1)
        worksheet.fit_to_pages(pages, 0)
        worksheet.set_footer(footer(self.labels))


def _height(cells: Iterable[tuple[int, object]]) -> float:
    """Height of a row in points by the text that wraps most; programs differ in doing it by themselves."""
    lines = 1
    for width, cell in cells:
        if isinstance(cell, str):
            lines = max(lines, sum(1 + int(len(part) / (CHARACTERS * max(width, 1))) for part in cell.split("\n")))
    return min(lines * LINE_HEIGHT, ROW_HEIGHT_MAX)


def footer(labels: Labels) -> str:
    """What stands under every printed page: marks and title, attribution, page number; at most 255 characters."""
    first = " · ".join([*labels.marks(), labels.title()])
    second = "; ".join(labels.attributions())
    page = f"&R&8{labels.word('table.page')} &P/&N"
    room = FOOTER_MAX - len(page) - len("&L&8\n")
    if len(_plain(first)) + len(_plain(second)) > room:
        second = labels.word("table.see_sources")
    while len(_plain(first)) + len(_plain(second)) > room:
        first = first[:-1]
    return f"&L&8{_plain(first)}\n{_plain(second)}{page}"


def _plain(text: str) -> str:
    """Text of a footer: & is a command; a digit right after the font size would be read as part of it."""
    text = text.replace("&", "&&")
    return f" {text}" if text[:1].isdigit() else text


_BASE: dict[str, Any] = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
_LOOKS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True, "indent": 1},
    "left": {"text_wrap": True, "align": "left"},
    "item": {"text_wrap": True},
    "id": {"font_color": "#767676", "font_size": 8, "text_wrap": True},
    "sign": {"align": "right", "font_color": "#5F5F5F", "italic": True},
    "day": {"num_format": "dd.mm.yyyy", "align": "right"},
    "left-day": {"num_format": "dd.mm.yyyy", "align": "left"},
    "heading": {"font_color": "#404040"},
    "mark": {"bold": True, "font_color": "#B00020"},
    "title": {"bold": True, "font_size": 16},
    "section": {"bold": True, "font_size": 12, "font_color": "#1F4E79", "bottom": 1, "valign": "bottom"},
    "link": {"font_color": "#0B5394", "underline": 1},
    "header": {
        "bold": True, "text_wrap": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1,
        "border_color": "#FFFFFF", "valign": "vcenter",
    },
    "negative": {"font_color": "#9C0006", "bg_color": "#FFC7CE"},
}  # fmt: skip
