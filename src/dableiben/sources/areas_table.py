# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Areas table of the office: AGS, Gemeinde, Amt, Mittelbereich, Planungsraum, strukturschwach, Quelle; and rows
per Ortsteil with Schulbezirk. XLSX, ODS or CSV."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from dableiben.core.errors import InputError
from dableiben.core.ids import LAND_BY_KEY, ags_from_ars, parse_ags, slug
from dableiben.core.inputs import AREAS
from dableiben.core.provenance import ReadReport
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.cells import NotReadable, is_unknown, plain, text_of, words_of, yes_no
from dableiben.sources.columns import Header, data_rows, find_header, spellings
from dableiben.sources.frames import typed_frame
from dableiben.sources.office import form_of
from dableiben.sources.sheets import Cell, Sheet, read_sheets

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

LOST_TWICE = "Gebietstabelle: Zeile doppelt"
LOST_TOTAL = "Gebietstabelle: Summenzeile oder Fußnote"
ATTRIBUTES = ("amt", "mittelbereich", "planning_area", "school_district")
TABLE_SUFFIXES = (".xlsx", ".xls", ".xlsm", ".ods", ".csv", ".txt")


def sniff(path: Path) -> bool:
    """Whether the file is a workbook or text; asked last, so that it can say what is missing."""
    try:
        form_of(path)
    except (InputError, OSError):
        return path.suffix.lower() in TABLE_SUFFIXES
    return True


def read(path: Path, catalogue: Catalogue) -> Reading:
    """Rows by the contract AREAS: municipalities, localities, and districts where they are named.

    Errors: InputError with sheet, row and column for keys or flags that cannot be read, or a table without AGS.
    """
    report = start_report(path, "areas_table")
    rows = _Rows(path, report)
    found = False
    for sheet in read_sheets(path):
        header = None if sheet.hidden else find_header(sheet, "areas")
        if header is not None and "area_key" in header.fields:
            found = True
            rows.read(sheet, header)
        elif sheet.hidden and find_header(sheet, "areas") is not None:
            report.note(f"Blatt „{sheet.name}“ ist ausgeblendet und wurde übergangen.")
        elif not sheet.hidden and not sheet.is_empty:
            report.note(f"Blatt „{sheet.name}“ enthält keine Gebietstabelle und wurde übergangen.")
    if not found or not rows.by_key:
        raise InputError(
            "areas-no-header",
            "In der Tabelle ist keine Kopfzeile mit AGS und Gemeinde zu erkennen, oder sie hat keine Zeilen.",
            "Eine Kopfzeile wie „AGS | Gemeinde | Amt | Mittelbereich | Planungsraum“ verwenden.",
            file=path,
        )
    return Reading(report=report, areas=typed_frame(AREAS, [rows.by_key[key] for key in sorted(rows.by_key)]))


@dataclass
class _Rows:
    path: Path
    report: ReadReport
    by_key: dict[str, dict[str, object]] = field(default_factory=dict)
    last_key: str | None = None

    def read(self, sheet: Sheet, header: Header) -> None:
        """Take all rows of a sheet."""
        for number, cells in data_rows(sheet, header):
            self.report.rows_read += 1
            self._take(_Line(self.path, sheet, header, number, cells))

    def _take(self, line: _Line) -> None:
        named = [line.text(n) for n in ("area_key", "municipality", "locality")]
        if not any(named) or any(spellings().is_total(line.cell(n)) for n in ("area_key", "municipality")):
            self.report.lose(LOST_TOTAL)
            return
        ags, ars, repaired = line.key()
        if repaired:
            self.report.note("Bei Gemeindeschlüsseln wurde die führende Null ergänzt, die verloren gegangen war.")
        if ags is None and (line.text("locality") is None or self.last_key is None):
            if len([cell for cell in line.cells if cell is not None]) == 1:
                self.report.lose(LOST_TOTAL)
                return
            line.refuse(
                "areas-without-key", "Der Zeile fehlt der Gemeindeschlüssel (AGS).", "Den AGS ergänzen.", "area_key"
            )
        self.last_key = key = ags or str(self.last_key)
        row = _area_row(line, key, ars)
        area_key = str(row["area_key"])
        before = self.by_key.get(area_key)
        if before is None:
            self.by_key[area_key] = row
            self.report.rows_used += 1
        else:
            self.report.lose(LOST_TWICE)
            if any(row[n] is not None and before.get(n) not in (None, row[n]) for n in row):
                self.report.note(
                    f"Zeile {line.row} widerspricht einer früheren Zeile zu {key}; verwendet wird die frühere."
                )
            for name, value in row.items():
                if before.get(name) is None:
                    before[name] = value
        district = line.text("district")
        if district:
            self.by_key.setdefault(key[:5], {"area_key": key[:5], "level": "district", "name": district})


def _area_row(line: _Line, ags: str, ars: str | None) -> dict[str, object]:
    attributes: dict[str, object] = {name: line.text(name) for name in ATTRIBUTES}
    locality = line.text("locality")
    if locality is not None:
        area_key = f"{ags}:{slug(locality)}"
        return {"area_key": area_key, "level": "locality", "name": locality, "parent_key": ags, **attributes}
    return {
        "area_key": ags,
        "ars": ars,
        "level": "municipality",
        "name": line.text("municipality"),
        "parent_key": ags[:5],
        **attributes,
        "structurally_weak": line.flag("structurally_weak"),
        "structurally_weak_source": line.text("structurally_weak_source"),
    }


@dataclass(frozen=True)
class _Line:
    path: Path
    sheet: Sheet
    header: Header
    row: int
    cells: list[Cell]

    def cell(self, name: str) -> Cell:
        column = self.header.fields.get(name)
        return self.cells[column] if column is not None else None

    def text(self, name: str) -> str | None:
        return words_of(self.cell(name))

    def refuse(self, code: str, message: str, repair: str, name: str) -> NoReturn:
        column = self.header.names[self.header.fields[name]]
        raise InputError(code, message, repair, file=self.path, sheet=self.sheet.name, row=self.row, column=column)

    def flag(self, name: str) -> bool | None:
        try:
            return yes_no(self.cell(name))
        except NotReadable:
            self.refuse(
                "areas-flag", f"„{text_of(self.cell(name))}“ ist hier nicht zu lesen.", "ja oder nein eintragen.", name
            )

    def key(self) -> tuple[str | None, str | None, bool]:
        """AGS, ARS if the cell holds one, and whether a lost zero was put back."""
        cell = self.cell("area_key")
        if is_unknown(cell):
            return None, None, False
        text = plain(text_of(cell) or "").replace(" ", "")
        full = text.zfill(12)
        if text.isdigit() and len(text) in (11, 12) and full[:2] in LAND_BY_KEY:
            return ags_from_ars(full), full, len(text) == 11
        try:
            ags, repaired = parse_ags(text)
        except InputError as error:
            self.refuse(error.code, error.message, error.repair, "area_key")
        return ags, None, repaired


READERS.register("areas_table")(Reader("areas", "Gebietstabelle (XLSX, ODS, CSV)", sniff, read, -10))
