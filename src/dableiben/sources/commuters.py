# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Commuter tables like those of the Bundesagentur für Arbeit: residence, place of work, persons.

Suppressed numbers (*, X) are unknown, never 0. Rows of totals are kept as such: where single flows are suppressed,
the total is what is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from dableiben.core.errors import InputError
from dableiben.core.ids import LAND_BY_KEY, ags_from_ars
from dableiben.core.inputs import COMMUTERS
from dableiben.core.provenance import ReadReport
from dableiben.sources.areas_table import sniff
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.cells import NotReadable, day, number, text_of, words_of
from dableiben.sources.columns import Header, data_rows, find_header, spellings
from dableiben.sources.day_words import find_day
from dableiben.sources.frames import typed_frame
from dableiben.sources.sheets import Cell, Sheet, read_sheets

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

LOST_AT_HOME = "Pendler: Wohnort und Arbeitsort sind gleich"
LOST_NOTE = "Pendler: Zeile ohne Wohnort oder Arbeitsort (Fußnote, Zwischentitel)"
PLACES = ("home_key", "home_name", "work_key", "work_name")


def read(path: Path, _: Catalogue) -> Reading:
    """Rows by the contract COMMUTERS. Empty cells of a place take the place of the row above, as the tables print it.

    Errors: InputError with sheet, row and column for numbers and keys that cannot be read, or a file without flows.
    """
    report = start_report(path, "commuters")
    rows: list[dict[str, object]] = []
    headers = 0
    for sheet in read_sheets(path):
        header = None if sheet.hidden else find_header(sheet, "commuters", needed=3)
        if header is not None and _is_complete(header):
            headers += 1
            rows += _SheetReader(path, sheet, header, report).rows()
        elif not sheet.is_empty:
            why = "ist ausgeblendet" if sheet.hidden else "enthält keine Pendlertabelle"
            report.note(f"Blatt „{sheet.name}“ {why} und wurde übergangen.")
    if not headers or not rows:
        raise InputError(
            "commuters-no-header" if not headers else "commuters-empty",
            "Auf keinem Blatt ist eine Kopfzeile mit Wohnort, Arbeitsort und Personen zu erkennen."
            if not headers else "Die Datei enthält keine Pendler.",
            "„dableiben template commuters“ schreibt eine Vorlage mit allen Spalten.", file=path,
        )  # fmt: skip
    unknown = sum(row["persons"] is None for row in rows)
    if unknown:
        report.note(f"{unknown} Zahlen sind geheim oder leer: Sie sind unbekannt, nicht null.")
    report.rows_used = len(rows)
    days = [row["as_of"] for row in rows if isinstance(row["as_of"], date)]
    report.source = replace(report.source, as_of=max(days) if days else None)
    return Reading(report=report, commuters=typed_frame(COMMUTERS, rows))


def _is_complete(header: Header) -> bool:
    found = set(header.fields)
    return "persons" in found and bool(found & {"home_key", "home_name"}) and bool(found & {"work_key", "work_name"})


@dataclass
class _SheetReader:
    path: Path
    sheet: Sheet
    header: Header
    report: ReadReport
    row: int = 0

    def rows(self) -> list[dict[str, object]]:
        """Flows and totals of the sheet."""
        titles = [text_of(cell) or "" for row in self.sheet.rows[: self.header.row] for cell in row]
        default = next((found for found in map(find_day, [*titles, self.sheet.name, self.path.stem]) if found), None)
        found: list[dict[str, object]] = []
        above: dict[str, str | None] = dict.fromkeys(PLACES)
        for number_, cells in data_rows(self.sheet, self.header):
            self.row = number_
            self.report.rows_read += 1
            places = self._places(cells, above) if self._is_flow(cells) else above
            said = [bool(places[f"{end}_key"] or places[f"{end}_name"]) for end in ("home", "work")]
            if not all(said) or places is above:
                self.report.lose(LOST_NOTE)
                continue
            above = places
            total = self._total(places)
            if total is None and places["home_key"] and places["home_key"] == places["work_key"]:
                self.report.lose(LOST_AT_HOME)
                continue
            found.append({
                **places, "source_id": f"{self.sheet.name}!{number_}", "total": total,
                "persons": self._persons(cells), "as_of": self._day(cells) or default,
            })  # fmt: skip
        return found

    def _cell(self, cells: list[Cell], name: str) -> Cell:
        column = self.header.fields.get(name)
        return cells[column] if column is not None else None

    def _is_flow(self, cells: list[Cell]) -> bool:
        """Whether a row says more than one thing: a footnote stands alone."""
        return sum(words_of(self._cell(cells, name)) is not None for name in (*PLACES, "persons")) > 1

    def _places(self, cells: list[Cell], above: dict[str, str | None]) -> dict[str, str | None]:
        """Keys and names of both ends; an end that is not named is that of the row above."""
        places: dict[str, str | None] = {}
        for end in ("home", "work"):
            key, name = self._key(cells, f"{end}_key"), words_of(self._cell(cells, f"{end}_name"))
            if key is None and name is None:
                key, name = above[f"{end}_key"], above[f"{end}_name"]
            elif key is None and name and re.fullmatch(r"\d{5}|\d{8}", name):
                key, name = name, None
            places[f"{end}_key"], places[f"{end}_name"] = key, name
        return places

    def _total(self, places: dict[str, str | None]) -> str | None:
        """Which end stands for all places: its name or key says so."""
        for end, total in (("work", "out"), ("home", "in")):
            if spellings().is_total(places[f"{end}_name"]) or places[f"{end}_key"] == "":
                places[f"{end}_key"] = None
                return total
        return None

    def _key(self, cells: list[Cell], name: str) -> str | None:
        cell = self._cell(cells, name)
        text = re.sub(r"\s", "", text_of(cell) or "")
        if not text or text in ("-", "."):
            return None
        if spellings().is_total(text):
            return ""
        if text.isdigit():
            text = text.zfill(len(text) + 1) if len(text) in (1, 4, 7, 11) else text
            text = ags_from_ars(text) if len(text) == 12 else text
        if re.fullmatch(r"\d{2}(\d{3}(\d{3})?)?", text) and text[:2] in LAND_BY_KEY:
            return text
        return self._refuse(
            "commuters-key", f"„{text_of(cell)}“ ist kein amtlicher Schlüssel.",
            "Den Schlüssel als Text mit führender Null eintragen, z. B. 06440001, oder leer lassen.", name,
        )  # fmt: skip

    def _persons(self, cells: list[Cell]) -> float | None:
        cell = self._cell(cells, "persons")
        try:
            value = number(cell)
        except NotReadable:
            self._refuse("commuters-text-in-number", f"„{text_of(cell)}“ ist keine Zahl.",
                         "Nur die Zahl eintragen; ist sie geheim, * oder X.", "persons")  # fmt: skip
        if value is not None and value < 0:
            self._refuse("commuters-negative", f"Die Anzahl {value:g} ist negativ.",
                         "Die Anzahl berichtigen oder die Zelle leeren.", "persons")  # fmt: skip
        return value

    def _day(self, cells: list[Cell]) -> date | None:
        cell = self._cell(cells, "as_of")
        try:
            return day(cell)
        except NotReadable:
            self._refuse("commuters-date", f"„{text_of(cell)}“ ist kein Datum.",
                         "Das Datum als 30.06.2025 eintragen.", "as_of")  # fmt: skip

    def _refuse(self, code: str, message: str, repair: str, field: str) -> NoReturn:
        name = self.header.names[self.header.fields[field]]
        raise InputError(code, message, repair, file=self.path, sheet=self.sheet.name, row=self.row, column=name)


READERS.register("commuters")(Reader("commuters", "Pendlertabelle (XLSX, ODS, CSV)", sniff, read, -10))
