# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Segments of people who live in several places, as XLSX, ODS or CSV: how many, from where seen, when they are here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from dableiben.core.errors import InputError
from dableiben.core.inputs import SEGMENTS
from dableiben.core.provenance import ReadReport
from dableiben.sources.areas_table import sniff
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.cells import is_unknown, text_of
from dableiben.sources.columns import Header, data_rows, find_header, spellings
from dableiben.sources.frames import typed_frame
from dableiben.sources.segment_values import ONE_NUMBER, SegmentEntry
from dableiben.sources.sheets import Cell, Sheet, read_sheets

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

LOST_TOTAL = "Segmente: Summenzeile"
LOST_NOTE = "Segmente: Zeile ohne Sicht und Personen (Fußnote, Zwischentitel)"
NEEDED = ("view", "persons_best", "persons_low", "persons_high", "present")
"""a row without any of these is a remark"""


def read(path: Path, _: Catalogue) -> Reading:
    """Rows by the contract SEGMENTS.

    Errors: InputError with sheet, row and column for what segment_values refuses, and for a file without segments.
    """
    report = start_report(path, "segments", restricted=True)
    rows: list[dict[str, object]] = []
    headers = 0
    for sheet in read_sheets(path):
        header = None if sheet.hidden else find_header(sheet, "segments", needed=3)
        if header is not None and {"view", "municipality"} & set(header.fields):
            headers += 1
            rows += _rows_of(path, sheet, header, report)
        elif not sheet.is_empty:
            why = "ist ausgeblendet" if sheet.hidden else "enthält keine Segmente"
            report.note(f"Blatt „{sheet.name}“ {why} und wurde übergangen.")
    if not headers or not rows:
        raise InputError(
            "segments-no-header" if not headers else "segments-empty",
            "Auf keinem Blatt ist eine Kopfzeile mit Sicht, Gemeinde, Personen und anwesend zu erkennen."
            if not headers else "Die Datei enthält kein Segment.",
            "„dableiben template segments“ schreibt eine Vorlage mit allen Spalten.",
            file=path,
        )  # fmt: skip
    alone = sum(row["rule"] == ONE_NUMBER for row in rows)
    if alone:
        report.note(f"{alone} Segmente nennen nur eine Zahl: Sie gilt ohne Spanne.")
    report.rows_used = len(rows)
    days = [row["as_of"] for row in rows if isinstance(row["as_of"], date)]
    report.source = replace(report.source, as_of=max(days) if days else None)
    return Reading(report=report, segments=typed_frame(SEGMENTS, rows))


def _rows_of(path: Path, sheet: Sheet, header: Header, report: ReadReport) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number, cells in data_rows(sheet, header):
        report.rows_read += 1
        by_field: dict[str, Cell] = {name: cells[column] for name, column in header.fields.items()}
        if any(spellings().is_total(by_field.get(name)) for name in ("name", "municipality", "view")):
            report.lose(LOST_TOTAL)
        elif all(is_unknown(by_field.get(name)) for name in NEEDED):
            report.lose(LOST_NOTE)
        else:
            entry = SegmentEntry(by_field, _Spot(path, sheet, header, number).refuse)
            rows.append({**entry.values(), "source_id": f"{sheet.name}!{number}"})
    return rows


class _Spot:
    """Where an entry stands, to refuse it."""

    def __init__(self, path: Path, sheet: Sheet, header: Header, row: int) -> None:
        self.path, self.sheet, self.header, self.row = path, sheet, header, row

    def refuse(self, code: str, message: str, repair: str, field: str) -> NoReturn:
        """Errors: InputError, always."""
        column = self.header.fields.get(field)
        name = text_of(self.header.names[column]) if column is not None else None
        raise InputError(code, message, repair, file=self.path, sheet=self.sheet.name, row=self.row, column=name)


READERS.register("segments")(Reader("segments", "Segmente Mehrörtiger (XLSX, ODS, CSV)", sniff, read, -10))
