# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Facility register of a municipality as XLSX, ODS or CSV, with column names in any usual German spelling.

Places usable with the staff at hand decide, not licensed ones; doctors count in care contracts, not in heads. A
row of a Kita with places U3 and Ü3 is two facilities. Unknown kinds and repeated rows are listed and counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from dableiben.core.errors import InputError
from dableiben.core.inputs import FACILITIES
from dableiben.core.provenance import ReadReport
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.cells import plain, text_of
from dableiben.sources.columns import Header, data_rows, find_header, spellings
from dableiben.sources.day_words import find_day
from dableiben.sources.frames import typed_frame
from dableiben.sources.office import form_of
from dableiben.sources.register_header import (
    KindNames,
    coordinate_columns,
    kind_column,
    offers_of,
)
from dableiben.sources.register_rows import Entry, RowReader, SheetPlan
from dableiben.sources.sheets import Sheet, read_sheets

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

LOST_KIND = "Register: Einrichtungsart unbekannt"
LOST_TOTAL = "Register: Summenzeile"
LOST_NOTE = "Register: Zeile ohne Name und Art (Fußnote, Zwischentitel)"
LOST_ABSENT = "Register: Angebot laut Spalte „vorhanden“ nicht vorhanden"
LOST_TWICE = "Register: Einrichtung doppelt"
FOOTNOTES = ("quelle", "stand", "hinweis", "anmerkung", "erstellt", "bearbeitet", "datenquelle", "legende")
TABLE_SUFFIXES = (".xlsx", ".xls", ".xlsm", ".ods", ".csv", ".txt")


def sniff(path: Path) -> bool:
    """Whether the file is a workbook or text; asked last, so that it can say what is missing."""
    try:
        form_of(path)
    except (InputError, OSError):
        return path.suffix.lower() in TABLE_SUFFIXES
    return True


def read(path: Path, catalogue: Catalogue) -> Reading:
    """Rows by the contract FACILITIES, `possible` always False.

    Errors: InputError with sheet, row and column for text in a number column, negative numbers, coordinates that
    are swapped, abroad or in an unknown system, and for a register without header or kinds.
    """
    report = start_report(path, "register", restricted=True)
    names = KindNames.of(catalogue)
    entries: list[Entry] = []
    none_of: set[str] = set()
    headers = 0
    for sheet in read_sheets(path):
        header = None if sheet.hidden else find_header(sheet, "register")
        if header is not None:
            headers += 1
            entries += _read_sheet(path, sheet, header, catalogue, names, report)
            if not data_rows(sheet, header) and (kinds := names.find(sheet.name)):
                none_of |= set(kinds)
                report.note(f"Blatt „{sheet.name}“ hat keine Zeile: Es gibt keine solche Einrichtung.")
        elif sheet.hidden and find_header(sheet, "register") is not None:
            report.note(f"Blatt „{sheet.name}“ ist ausgeblendet und wurde übergangen.")
        elif not sheet.hidden and not sheet.is_empty:
            report.note(f"Blatt „{sheet.name}“ enthält kein Register und wurde übergangen.")
    if not headers:
        raise InputError(
            "register-no-header",
            "Auf keinem Blatt ist eine Kopfzeile mit Art, Name, Ort oder Plätzen zu erkennen.",
            "Eine Kopfzeile wie „Art | Name | Gemeinde | Ortsteil | belegbare Plätze | Stand“ verwenden; "
            "„dableiben template register“ schreibt eine Vorlage.",
            file=path,
        )
    kept = _without_twice([entry for entry in entries if entry.exists], names, report)
    closed = [entry for entry in entries if not entry.exists]
    if not kept and not closed and not none_of:
        raise InputError(
            "register-empty",
            "Das Register enthält keine Einrichtung einer bekannten Art.",
            "Prüfen, ob die Spalte „Art“ Bezeichnungen wie Kita, Grundschule oder Hausarzt enthält.",
            file=path,
            further=tuple(report.notes),
        )
    report.rows_used = len({(entry.sheet, entry.row) for entry in kept})
    days = [entry.values["as_of"] for entry in kept if isinstance(entry.values["as_of"], date)]
    report.source = replace(report.source, as_of=max(days) if days else None)
    return Reading(
        report=report,
        facilities=_table(kept),
        closed=_table(closed) if closed else None,
        recorded=frozenset(none_of),
    )


def _read_sheet(
    path: Path, sheet: Sheet, header: Header, catalogue: Catalogue, names: KindNames, report: ReadReport
) -> list[Entry]:
    titles = [text_of(cell) or "" for row in sheet.rows[: header.row] for cell in row]
    kinds_of_title = [names.find(text) for text in (sheet.name, *titles)]
    plan = SheetPlan(
        sheet=sheet,
        header=header,
        kind_column=kind_column(sheet, header, names),
        offers=offers_of(header, catalogue),
        coordinates=coordinate_columns(header),
        default_kinds=next((kinds for kinds in kinds_of_title if kinds), ()),
        default_day=next((day for day in map(find_day, [*titles, sheet.name]) if day), None),
    )
    if plan.kind_column is None and not plan.default_kinds and not plan.offers:
        raise InputError(
            "register-without-kind",
            "Dem Register fehlt eine Spalte mit der Art der Einrichtung.",
            "Eine Spalte „Art“ ergänzen oder das Blatt nach der Art benennen, z. B. „Kitas“.",
            file=path,
            sheet=sheet.name,
            row=header.row + 1,
        )
    _note_columns(plan, report)
    return _SheetReader(path, plan, catalogue, names, report).entries()


def _note_columns(plan: SheetPlan, report: ReadReport) -> None:
    sheet, header = plan.sheet.name, plan.header
    used = {*header.fields.values(), *(offer.column for offer in plan.offers), plan.kind_column}
    unknown = [name for column, name in enumerate(header.names) if name and column not in used]
    if unknown:
        report.note(f"Blatt „{sheet}“: nicht gelesene Spalten: {', '.join(unknown)}.")
    if header.twice:
        report.note(f"Blatt „{sheet}“: mehrfach vorhandene Spalten, gelesen wird die erste: {', '.join(header.twice)}.")
    if "heads" in header.fields:
        report.note(f"Blatt „{sheet}“: „{header.names[header.fields['heads']]}“ zählt nicht; es zählen Stellen.")
    usable = header.fields.get("usable_places")
    if usable is not None and plain(header.names[usable]) in ("plaetze", "platzzahl", "kapazitaet", "anzahl plaetze"):
        report.note(f"Blatt „{sheet}“: „{header.names[usable]}“ wird als nutzbare Plätze gelesen.")
    if plan.sheet.merged:
        report.note(f"Blatt „{sheet}“: {len(plan.sheet.merged)} verbundene Zellbereiche wurden aufgelöst.")


@dataclass
class _SheetReader:
    path: Path
    plan: SheetPlan
    catalogue: Catalogue
    names: KindNames
    report: ReadReport
    unknown_kinds: dict[str, int] = field(default_factory=dict)
    heading: tuple[str, ...] = ()
    """kind named by the last heading between the rows"""

    def entries(self) -> list[Entry]:
        """Facilities of the sheet in its order."""
        found: list[Entry] = []
        first = self.plan.header.row + 1
        for index in range(first, len(self.plan.sheet.rows)):
            cells = self.plan.sheet.rows[index]
            if any(cell is not None for cell in cells):
                self.report.rows_read += 1
                found += self._entries_of(RowReader(self.path, self.plan, index + 1, cells, self.report))
        for text, count in sorted(self.unknown_kinds.items()):
            self.report.note(f"Einrichtungsart „{text}“ ist nicht bekannt ({count} Zeilen nicht verwendet).")
        return found

    def _entries_of(self, row: RowReader) -> list[Entry]:
        filled = [cell for cell in row.cells if cell is not None]
        if any(spellings().is_total(cell) for cell in filled[:3]):
            self.report.lose(LOST_TOTAL)
            return []
        if len({str(cell) for cell in filled}) == 1 and not self._is_bare_name(row):
            self.heading = self.names.find(text_of(filled[0])) or self.heading
            self.report.lose(LOST_NOTE)
            return []
        text = row.text_at(self.plan.kind_column)
        kinds = self.names.find(text) if text else (self.heading or self.plan.default_kinds)
        if text and not kinds:
            kinds = self.plan.default_kinds if self.plan.kind_column is None else ()
        if not kinds and not text and row.text("name") is None:
            self.report.lose(LOST_NOTE)
            return []
        entries = row.entries(kinds, self.catalogue)
        if row.exists() is False:
            self.report.lose(LOST_ABSENT)
        elif not entries:
            shown = text or "(leer)"
            self.unknown_kinds[shown] = self.unknown_kinds.get(shown, 0) + 1
            self.report.lose(LOST_KIND)
        return entries

    def _is_bare_name(self, row: RowReader) -> bool:
        """A facility of which only the name is known, not a heading and not a footnote."""
        name = row.text("name")
        if name is None or self.names.find(name) or not (self.heading or self.plan.default_kinds):
            return False
        return not plain(name).startswith(FOOTNOTES) and len(name) <= 100


def _without_twice(entries: list[Entry], names: KindNames, report: ReadReport) -> list[Entry]:
    """Leave out rows that repeat a facility: same kind, name, locality, address and (if given) spot."""
    seen: dict[tuple[object, ...], Entry] = {}
    kept: list[Entry] = []
    repeated: list[str] = []
    for entry in entries:
        key = _identity(entry, names)
        first = seen.get(key)
        if first is None:
            seen[key] = entry
            kept.append(entry)
        else:
            other = sorted(n for n, v in entry.values.items() if n != "source_id" and v != first.values[n])
            differing = f" (abweichend: {', '.join(other)})" if other else ""
            repeated.append(f"Zeile {entry.row} wiederholt Zeile {first.row}{differing}")
    rows_kept = {(entry.sheet, entry.row) for entry in kept}
    report.lose(LOST_TWICE, len({(e.sheet, e.row) for e in entries} - rows_kept))
    if repeated:
        more = f" und {len(repeated) - 10} weitere" if len(repeated) > 10 else ""
        report.note("Doppelte Einrichtungen, verwendet wird die erste: " + "; ".join(repeated[:10]) + more + ".")
    return kept


def _identity(entry: Entry, names: KindNames) -> tuple[object, ...]:
    v = entry.values
    if entry.own_id is not None and entry.own_id.startswith(f"{v['kind']}:"):
        return ("form", entry.own_id)  # two entries of our form are two facilities, whatever their names
    name = plain(v["name"] or "")
    if not name or name in names.by_name:  # "Hausarztpraxis" twice in a town may be two
        return ("row", v["kind"], *(str(cell) for cell in entry.cells))
    x_m, y_m = v["x_m"], v["y_m"]
    spot = (round(x_m / 100), round(y_m / 100)) if isinstance(x_m, float) and isinstance(y_m, float) else None
    return (
        v["kind"],
        name,
        plain(v["municipality"] or ""),
        plain(v["locality"] or ""),
        plain(v["address"] or ""),
        spot,
    )


def _table(entries: list[Entry]) -> pd.DataFrame:
    """Rows with unique ids: the id of the list where it is unique, else sheet and row."""
    own = Counter((entry.own_id, entry.values["kind"]) for entry in entries)
    rows = []
    for entry in entries:
        is_unique = entry.own_id is not None and own[entry.own_id, entry.values["kind"]] == 1
        rows.append({**entry.values, "source_id": entry.own_id if is_unique else f"{entry.sheet}!{entry.row}"})
    return typed_frame(FACILITIES, rows)


READERS.register("register")(Reader("register", "Einrichtungsregister (XLSX, ODS, CSV)", sniff, read, -10))
