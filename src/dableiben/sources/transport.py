# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Register of volunteer and on-demand transport (Bürgerbus, Fahrdienst, Rufbus, Mitfahrbank) as XLSX, ODS or CSV.

Empty cells are unknown: no hours are not "never", no number of volunteers is not "none".
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from dableiben.core.errors import InputError
from dableiben.core.inputs import TRANSPORT
from dableiben.core.provenance import ReadReport
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.cells import NotReadable, day, is_unknown, number, plain, text_of, words_of, yes_no
from dableiben.sources.columns import Header, data_rows, find_header, spellings
from dableiben.sources.day_words import find_day
from dableiben.sources.frames import typed_frame
from dableiben.sources.register import FOOTNOTES, sniff
from dableiben.sources.sheets import Cell, Sheet, read_sheets

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

LOST_FORM = "Fahrangebote: Art unbekannt"
LOST_NOTE = "Fahrangebote: Zeile ohne Name und Art (Fußnote, Zwischentitel, Summe)"
LOST_TWICE = "Fahrangebote: Zeile doppelt"
NO_NOTICE = frozenset(("nein", "keine", "nicht noetig", "ohne", "nicht erforderlich", "entfaellt"))
UNITS = {"": 1, "min": 1, "minute": 1, "minuten": 1, "h": 60, "std": 60, "stunde": 60, "stunden": 60, "tag": 1440,
         "tage": 1440, "werktag": 1440, "werktage": 1440, "woche": 10_080, "wochen": 10_080}  # fmt: skip
_NOTICE = re.compile(r"(?:bis |mindestens )?(\d+(?:\.\d+)?|ein(?:en?)?) ?([a-z]*)(?: vorher| zuvor| vor \w+)?")


def read(path: Path, _: Catalogue) -> Reading:
    """Rows by the contract TRANSPORT.

    Errors: InputError with sheet, row and column for text in a number column, negative numbers and dates that are
    none, and for a table without a header or without any known form of transport.
    """
    report = start_report(path, "transport", restricted=True)
    entries: list[dict[str, object]] = []
    headers = 0
    for sheet in read_sheets(path):
        header = find_header(sheet, "transport")
        if header is not None and sheet.hidden:
            report.note(f"Blatt „{sheet.name}“ ist ausgeblendet und wurde übergangen.")
        elif header is not None and {"name", "form"} & set(header.fields):
            headers += 1
            entries += _sheet_rows(path, sheet, header, report)
        elif not sheet.hidden and not sheet.is_empty:
            report.note(f"Blatt „{sheet.name}“ enthält keine Fahrangebote und wurde übergangen.")
    if not headers:
        raise InputError(
            "transport-no-header",
            "Auf keinem Blatt ist eine Kopfzeile mit Name, Art und Bedienungsgebiet zu erkennen.",
            "Eine Kopfzeile wie „Name | Art | Bedienungsgebiet | Betriebszeiten | Sitzplätze“ verwenden; "
            "„dableiben template transport“ schreibt eine Vorlage.", file=path,
        )  # fmt: skip
    if not entries:
        raise InputError(
            "transport-empty", "Die Tabelle enthält kein Fahrangebot einer bekannten Art.",
            "In der Spalte „Art“ Bürgerbus, Fahrdienst, Rufbus oder Mitfahrbank eintragen.", file=path,
            further=tuple(report.notes),
        )  # fmt: skip
    report.rows_used = len(entries)
    days = [entry["as_of"] for entry in entries if isinstance(entry["as_of"], date)]
    report.source = replace(report.source, as_of=max(days) if days else None)
    return Reading(report, transport=typed_frame(TRANSPORT, _with_ids(entries)))


def _sheet_rows(path: Path, sheet: Sheet, header: Header, report: ReadReport) -> list[dict[str, object]]:
    unknown = [n for column, n in enumerate(header.names) if n and column not in header.fields.values()]
    if unknown:
        report.note(f"Blatt „{sheet.name}“: nicht gelesene Spalten: {', '.join(unknown)}.")
    titles = [text_of(cell) or "" for row in sheet.rows[: header.row] for cell in row]
    default_day = next((found for found in map(find_day, [*titles, sheet.name]) if found), None)
    found: list[dict[str, object]] = []
    unknown_forms: Counter[str] = Counter()
    for row, cells in data_rows(sheet, header):
        report.rows_read += 1
        line = _Line(path, sheet, header, row, cells, report)
        form = line.form()
        name = line.text("name")
        if form is None and (line.text("form") is None or name is None):
            report.lose(LOST_NOTE)
        elif form is None:
            unknown_forms[line.text("form") or ""] += 1
            report.lose(LOST_FORM)
        else:
            values = line.values(form, default_day)
            if any(_same(values, other) for other in found):
                report.lose(LOST_TWICE)
            else:
                found.append(values)
    for text, count in sorted(unknown_forms.items()):
        report.note(f"Art „{text}“ ist nicht bekannt ({count} Zeilen nicht verwendet).")
    return found


def _same(one: dict[str, object], other: dict[str, object]) -> bool:
    return all(one[name] == other[name] for name in one if name != "source_id")


def _with_ids(entries: list[dict[str, object]]) -> list[dict[str, object]]:
    """Own ids where they are unique, else sheet and row."""
    own = Counter(entry["own_id"] for entry in entries)
    rows = []
    for entry in entries:
        is_unique = entry["own_id"] is not None and own[entry["own_id"]] == 1
        rows.append({**entry, "source_id": entry["own_id"] if is_unique else entry["source_id"]})
        del rows[-1]["own_id"]
    return rows


@dataclass(frozen=True)
class _Line:
    """One row by the names of its columns."""

    path: Path
    sheet: Sheet
    header: Header
    row: int
    cells: list[Cell]
    report: ReadReport

    def cell(self, name: str) -> Cell:
        column = self.header.fields.get(name)
        return self.cells[column] if column is not None else None

    def text(self, name: str) -> str | None:
        return words_of(self.cell(name))

    def form(self) -> str | None:
        """Form of transport from its column, else from the name ("Bürgerbus Moorwarder"); None for footnotes."""
        known = spellings().transport_form
        text = self.text("form")
        if text is not None:
            words = plain(text)
            found = [form for spelling, form in known.items() if re.search(rf"\b{re.escape(spelling)}\b", words)]
            return found[0] if len(set(found)) == 1 else known.get(words)
        words = plain(self.text("name") or "")
        if not words or words.startswith(FOOTNOTES) or spellings().is_total(self.cell("name")):
            return None
        if len([cell for cell in self.cells if cell is not None]) == 1:
            return None  # a heading between the rows
        found = [form for spelling, form in known.items() if re.search(rf"\b{re.escape(spelling)}", words)]
        return found[0] if len(set(found)) == 1 else None

    def values(self, form: str, default_day: date | None) -> dict[str, object]:
        """All columns of the contract, and the own id."""
        return {
            "source_id": f"{self.sheet.name}!{self.row}",
            "own_id": self.text("id"),
            "name": self.text("name"),
            "form": form,
            "localities": places_in(self.text("localities")),
            "routes_text": self.text("routes_text"),
            "service_hours": self.text("service_hours"),
            "seats": self.whole("seats"),
            "volunteers": self.whole("volunteers"),
            "paid_support": self.flag("paid_support"),
            "notice_min": self.notice(),
            "provider": self.text("provider"),
            "as_of": self.day() or default_day,
        }

    def whole(self, name: str) -> int | None:
        """A whole number of at least 0, None if unknown."""
        try:
            value = number(self.cell(name))
        except NotReadable:
            value = -1.0
        if value is None:
            return None
        if value < 0 or value != int(value) or value > 100_000:
            self.refuse(
                "transport-text-in-number", "ist keine Anzahl",
                "Nur die Zahl eintragen; ist sie nicht bekannt, die Zelle leer lassen.", name,
            )  # fmt: skip
        return int(value)

    def flag(self, name: str) -> bool | None:
        try:
            return yes_no(self.cell(name))
        except NotReadable:
            self.refuse("transport-flag", "ist hier nicht zu lesen", "ja oder nein eintragen.", name)

    def notice(self) -> float | None:
        """Minutes by which a ride must be booked: "60", "2 Stunden vorher", "am Vortag", "keine"; else unknown."""
        cell = self.cell("notice_min")
        if is_unknown(cell):
            return None
        if isinstance(cell, bool):
            return None if cell else 0.0
        words = plain((text_of(cell) or "").replace(",", "komma")).replace("komma", ".")
        if words in NO_NOTICE:
            return 0.0
        found = _NOTICE.fullmatch(words)
        if found and found[2] in UNITS:
            return (1.0 if found[1].startswith("ein") else float(found[1])) * UNITS[found[2]]
        if re.search(r"\bvortage?\b|\btag (?:vorher|zuvor|davor)\b", words):
            return float(UNITS["tag"])
        self.report.note(
            f"Blatt „{self.sheet.name}“, Zeile {self.row}: „{text_of(cell)}“ ist keine Frist; die Anmeldung gilt als "
            "nicht bekannt."
        )
        return None

    def day(self) -> date | None:
        try:
            return day(self.cell("as_of"))
        except NotReadable:
            self.refuse("transport-date", "ist kein Datum", "Ein Datum wie 31.12.2025 eintragen.", "as_of")

    def refuse(self, code: str, what: str, repair: str, name: str) -> NoReturn:
        """Errors: InputError with the spot, always."""
        column = self.header.names[self.header.fields[name]]
        raise InputError(
            code, f"„{text_of(self.cell(name))}“ {what}.", repair, file=self.path, sheet=self.sheet.name, row=self.row,
            column=column,
        )  # fmt: skip


def places_in(text: str | None) -> list[str] | None:
    """Places as written, separated by ; or , (in brackets a comma separates nothing); None = not said."""
    if text is None:
        return None
    parts = [part.strip(" .") for part in re.split(r"[;,\n](?![^(]*\))", text)]
    return [part for part in dict.fromkeys(parts) if part] or None


READERS.register("transport")(Reader("transport", "Fahrangebote (XLSX, ODS, CSV)", sniff, read, -10))
