# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which municipality belongs to which Amt, Mittelbereich, planning area; which locality to which school district."""

from __future__ import annotations

from pathlib import Path

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.ids import ags_from_ars, parse_ags
from dableiben.core.inputs import AREAS
from dableiben.core.provenance import ReadReport
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.cells import NotReadable, text_of, yes_no
from dableiben.sources.columns import Header, data_rows, find_header
from dableiben.sources.office import form_of
from dableiben.sources.sheets import Cell, Sheet, read_sheets

ARS_LENGTH = 12


def sniff(path: Path) -> bool:
    """Whether the file is a workbook or text; VG250 and other shapes are asked first."""
    try:
        form_of(path)
    except (InputError, OSError):
        return path.suffix.lower() in (".xlsx", ".ods", ".csv", ".txt")
    return True


def read(path: Path, _: Catalogue) -> Reading:
    """Rows by the contract AREAS without shapes: municipalities, and localities where the table names them.

    Errors: InputError with sheet, row and column for a key that is none, or a yes/no that is neither.
    """
    report = start_report(path, "areas_table")
    rows: list[dict[str, object]] = []
    for sheet in read_sheets(path):
        header = None if sheet.hidden else find_header(sheet, "areas")
        if header is None or "area_key" not in header.fields:
            if not sheet.is_empty:
                report.note(f"Blatt „{sheet.name}“ enthält keine Zuordnung mit AGS und wurde übergangen.")
            continue
        rows += _rows(path, sheet, header, report)
    if not rows:
        raise InputError(
            "areas-no-header",
            "Auf keinem Blatt ist eine Zuordnung der Gemeinden mit AGS zu erkennen.",
            "Spalten wie „AGS | Gemeinde | Amt | Mittelbereich“ verwenden.",
            file=path,
        )
    return Reading(report=report, areas=AREAS.frame(_once(rows, report)))


def _rows(path: Path, sheet: Sheet, header: Header, report: ReadReport) -> list[dict[str, object]]:
    rows = []
    for number, cells in data_rows(sheet, header):
        report.rows_read += 1
        fields: dict[str, Cell] = {name: cells[column] for name, column in header.fields.items()}
        if text_of(fields["area_key"]) is None:
            report.lose("Zeile ohne Schlüssel")
            continue
        rows.append(_row(path, sheet, header, number, fields, report))
        report.rows_used += 1
    return rows


def _row(
    path: Path, sheet: Sheet, header: Header, number: int, fields: dict[str, Cell], report: ReadReport
) -> dict[str, object]:
    def spot(field: str) -> dict[str, object]:
        return {"file": path, "sheet": sheet.name, "row": number, "column": header.names[header.fields[field]]}

    text = text_of(fields["area_key"]) or ""
    length = ARS_LENGTH if len(text.replace(" ", "")) in (ARS_LENGTH - 1, ARS_LENGTH) else 8
    try:
        key, repaired = parse_ags(text, length=length)
    except InputError as error:
        raise InputError(error.code, error.message, error.repair, **spot("area_key")) from error  # type: ignore[arg-type]
    if repaired:
        report.note("Führende Nullen von Schlüsseln wurden ergänzt.")
    try:
        weak = yes_no(fields.get("structurally_weak"))
    except NotReadable as error:
        raise InputError(
            "areas-no-yes-no",
            f"„{error}“ ist weder ja noch nein.",
            "„ja“ oder „nein“ eintragen oder die Zelle leer lassen.",
            **spot("structurally_weak"),  # type: ignore[arg-type]
        ) from error
    ags = ags_from_ars(key) if length == ARS_LENGTH else key
    locality = text_of(fields.get("locality"))
    values = {name: text_of(fields.get(name)) for name in ("amt", "mittelbereich", "planning_area", "school_district")}
    return {
        "area_key": ags if locality is None else f"{ags}/{locality}",
        "ars": key if length == ARS_LENGTH and locality is None else None,
        "level": "municipality" if locality is None else "locality",
        "name": text_of(fields.get("municipality")) if locality is None else locality,
        "parent_key": None if locality is None else ags,
        **values,
        "structurally_weak": weak,
        "structurally_weak_source": text_of(fields.get("structurally_weak_source")) if weak is not None else None,
    }


def _once(rows: list[dict[str, object]], report: ReadReport) -> list[dict[str, object]]:
    """Each area once; a later row fills what earlier ones left empty, and a contradiction is noted."""
    by_key: dict[object, dict[str, object]] = {}
    for row in rows:
        first = by_key.setdefault(row["area_key"], row)
        for name, value in row.items():
            if first[name] is None:
                first[name] = value
            elif value is not None and value != first[name]:
                report.note(f"{row['name']}: zwei Angaben ({first[name]} und {value}); die erste gilt.")
    return list(by_key.values())


READERS.register("areas_table")(Reader("areas", "Zuordnung der Gemeinden (XLSX, ODS, CSV)", sniff, read, priority=-1))
