# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Population list of a municipality: locality x age x sex x main or second home x date, as XLSX, ODS or CSV.

Long form (one row per combination with a count) and wide forms (ages, sexes, homes or dates as columns). Rows
and columns of totals are left out and checked; what is empty is unknown, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from dableiben.core.errors import InputError
from dableiben.core.ids import LAND_BY_KEY, ags_from_ars, parse_ags
from dableiben.core.inputs import POPULATION
from dableiben.core.provenance import ReadReport
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.cells import NotReadable, ages, day, is_unknown, number, plain, text_of, words_of
from dableiben.sources.columns import spellings
from dableiben.sources.day_words import find_day
from dableiben.sources.frames import typed_frame
from dableiben.sources.office import form_of
from dableiben.sources.population_checks import LOST_NO_COUNT, Age, Area, Row, settle
from dableiben.sources.population_header import AREA_FIELDS, Counts, PopulationHeader, describe, find_population_header
from dableiben.sources.sheets import Cell, Sheet, read_sheets

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

LOST_FOOTNOTE = "Einwohnerliste: Zeile ohne Angaben (Fußnote, Zwischentitel)"
LOST_NO_AGE = "Einwohnerliste: Personen ohne Altersangabe"
TABLE_SUFFIXES = (".xlsx", ".xls", ".xlsm", ".ods", ".csv", ".txt")
SHEET_NAMES = frozenset(
    ("tabelle", "blatt", "sheet", "einwohner", "daten", "liste", "export", "bevoelkerung", "einwohnerliste", "tab")
)
NO_DAY = date.min
"""placeholder for a row without counts and without a date of its own"""
FOOTNOTES = ("quelle", "stand", "hinweis", "anmerkung", "erstellt", "bearbeitet", "c ", "datenquelle", "auswertung")


def sniff(path: Path) -> bool:
    """Whether the file is a workbook or text; asked last, so that it can say what is missing."""
    try:
        form_of(path)
    except (InputError, OSError):
        return path.suffix.lower() in TABLE_SUFFIXES
    return True


def read(path: Path, catalogue: Catalogue) -> Reading:
    """Rows by the contract POPULATION with basis `register`.

    Errors: InputError with sheet, row and column for text in a number column, negative counts, ages, sexes or
    dates that cannot be read, and for a list without header, date or area.
    """
    report = start_report(path, "population_list", restricted=True)
    lists: list[tuple[Sheet, PopulationHeader]] = []
    for sheet in read_sheets(path):
        header = None if sheet.hidden else find_population_header(sheet)
        if header is not None:
            lists.append((sheet, header))
        elif sheet.hidden and find_population_header(sheet) is not None:
            report.note(f"Blatt „{sheet.name}“ ist ausgeblendet und wurde übergangen.")
        elif not sheet.hidden and not sheet.is_empty:
            report.note(f"Blatt „{sheet.name}“ enthält keine Einwohnerliste und wurde übergangen.")
    if not lists:
        _refuse_headless(path)
    rows = [
        row
        for sheet, header in lists
        for row in _SheetReader(path, sheet, header, report, several=len(lists) > 1).rows()
    ]
    kept = settle(rows, report, path)
    if not kept:
        raise InputError(
            "population-empty",
            "Die Einwohnerliste enthält keine Zeilen mit Personen.",
            "Prüfen, ob unter der Kopfzeile Daten stehen und die Anzahl eingetragen ist.",
            file=path,
        )
    report.source = replace(report.source, as_of=max(row.as_of for row in kept))
    return Reading(report=report, population=typed_frame(POPULATION, [row.values("register") for row in kept]))


def _refuse_headless(path: Path) -> NoReturn:
    raise InputError(
        "population-no-header",
        "Auf keinem Blatt ist eine Kopfzeile mit Ortsteil (oder Gemeinde), Alter und Anzahl zu erkennen.",
        "Eine Kopfzeile wie „Gemeinde | Ortsteil | Alter | Geschlecht | Wohnsitz | Stichtag | Anzahl“ verwenden; "
        "„dableiben template population“ schreibt eine Vorlage.",
        file=path,
    )


@dataclass
class _SheetReader:
    path: Path
    sheet: Sheet
    header: PopulationHeader
    report: ReadReport
    several: bool
    """whether the file has several sheets with lists (one per municipality, sex, year ...)"""
    default_day: date | None = None
    default_town: str | None = None
    default: Counts = field(default_factory=lambda: Counts(-1, ""))
    """what the name of the sheet says about all its counts"""
    last_area: Area = (None, None, None)
    cells: list[Cell] = field(default_factory=list)
    """the row being read"""
    row: int = 0
    """as a person counts"""

    def rows(self) -> list[Row]:
        """All counts of the sheet, those of totals marked."""
        self._read_titles()
        self._check_header()
        found: list[Row] = []
        for index in range(self.header.last_row + 1, len(self.sheet.rows)):
            self.cells, self.row = self.sheet.rows[index], index + 1
            if any(cell is not None for cell in self.cells):
                self.report.rows_read += 1
                found += self._counts_of_row()
        return self._dated(found)

    def _dated(self, rows: list[Row]) -> list[Row]:
        """Rows without counts belong to the latest day of the others; forms come back filled in for some places."""
        days = [row.as_of for row in rows if row.as_of != NO_DAY]
        dated = [replace(row, as_of=max(days)) if row.as_of == NO_DAY else row for row in rows] if days else []
        self.report.lose(LOST_NO_COUNT, len({row.row for row in rows}) if not days else 0)
        return dated

    def _read_titles(self) -> None:
        """Date and municipality from the lines above the header, the sheet's and the file's name."""
        titles = [text_of(c) for row in self.sheet.rows[: self.header.first_row] for c in row]
        for text in (*titles, self.sheet.name, self.path.stem):
            self.default_day = self.default_day or find_day(text or "")
        said = describe(self.sheet.name, -1)
        if said is not None and said.age is None:
            self.default = said
            return
        words = [w for w in plain(self.sheet.name).split() if w not in SHEET_NAMES and not w.isdigit()]
        named = {"municipality", "area_key"} & set(self.header.keys)
        is_nameless = not set(self.header.keys) & set(AREA_FIELDS)
        if words and not named and (self.several or is_nameless) and self.sheet.name != self.path.stem:
            self.default_town = self.sheet.name

    def _check_header(self) -> None:
        if not set(self.header.keys) & set(AREA_FIELDS) and self.default_town is None:
            self.row = self.header.last_row + 1
            self._refuse(
                "population-without-area",
                "Der Liste fehlt eine Spalte Ortsteil, Gemeinde oder AGS.",
                "Eine der Spalten ergänzen oder das Blatt nach der Gemeinde benennen.",
            )
        if self.sheet.merged:
            count = len(self.sheet.merged)
            self.report.note(f"Blatt „{self.sheet.name}“: {count} verbundene Zellbereiche wurden aufgelöst.")
        columns = (self.default, *self.header.counts)
        if "home" not in self.header.keys and not any(c.home for c in columns):
            self.report.note("Die Liste unterscheidet keine Wohnsitze: Alle Personen zählen als Hauptwohnsitz.")

    def _counts_of_row(self) -> list[Row]:
        totals = {n for n in (*AREA_FIELDS, "age", "sex", "home") if spellings().is_total(self._get(n))}
        if totals:
            totals |= {n for n in ("age", "sex", "home") if n in self.header.keys and is_unknown(self._get(n))}
        columns = [*self.header.counts, *self.header.totals]
        persons = {counts.column: self._persons(counts) for counts in columns}
        if self._is_footnote(persons, totals):
            self.report.lose(LOST_FOOTNOTE)
            return []
        area = self._area(totals)
        is_silent = all(value is None for value in persons.values())
        all_axes = frozenset[str]().union(*(c.axes() for c in self.header.counts))
        found: list[Row] = []
        for counts in columns:
            if counts in self.header.totals and counts.axes() == all_axes:
                continue
            age = counts.age or (None if "age" in totals else self._age())
            total_of = totals | (all_axes - counts.axes() if counts in self.header.totals else set())
            if age is None and "age" in self.header.keys and "age" not in total_of and counts.age is None:
                self.report.lose(LOST_NO_AGE)
                return []
            row = Row(
                self.sheet.name,
                self.row,
                area,
                age,
                counts.sex or (None if "sex" in total_of else self._word("sex") or self.default.sex),
                counts.home or (None if "home" in total_of else self._word("home") or self.default.home or "main"),
                counts.as_of or self._day(needed=not is_silent),
                persons[counts.column],
                text_of(self._get("variant")) or "actual",
                frozenset(total_of),
                tuple(self.cells),
            )
            found.append(row)
        return found

    def _get(self, name: str) -> Cell:
        column = self.header.keys.get(name)
        return self.cells[column] if column is not None and column < len(self.cells) else None

    def _name(self, column: int) -> str:
        return text_of(self.sheet.rows[self.header.last_row][column]) or f"{column + 1}. Spalte"

    def _refuse(self, code: str, message: str, repair: str, column: str | None = None) -> NoReturn:
        raise InputError(code, message, repair, file=self.path, sheet=self.sheet.name, row=self.row, column=column)

    def _persons(self, counts: Counts) -> float | None:
        cell = self.cells[counts.column] if counts.column < len(self.cells) else None
        try:
            value = number(cell)
        except NotReadable:
            self._refuse(
                "population-text-in-number",
                f"„{text_of(cell)}“ ist keine Zahl.",
                "Nur die Anzahl eintragen; ist sie nicht bekannt, die Zelle leer lassen.",
                counts.name,
            )
        if value is not None and value < 0:
            self._refuse(
                "population-negative",
                f"Die Anzahl {value:g} ist negativ.",
                "Die Anzahl berichtigen; ist sie nicht bekannt, die Zelle leer lassen.",
                counts.name,
            )
        return value

    def _is_footnote(self, persons: dict[int, float | None], totals: set[str]) -> bool:
        """A remark or heading: no count, and no age where the list has a column for it."""
        if totals or any(value is not None for value in persons.values()):
            return False
        filled = [cell for cell in self.cells if cell is not None]
        long_form = bool({"age", "age_from", "birth_year"} & set(self.header.keys))
        if long_form:
            return all(is_unknown(self._get(n)) for n in ("age", "age_from", "birth_year"))
        words = plain(filled[0])
        return len(filled) == 1 and (words.startswith(FOOTNOTES) or len(words) > 60 or "area" in words)

    def _area(self, totals: set[str]) -> Area:
        key = self._key() if "area_key" not in totals else None
        town = None if "municipality" in totals else words_of(self._get("municipality"))
        locality = None if "locality" in totals else words_of(self._get("locality"))
        if key is None and town is None and not totals:
            if locality is None and any(self.last_area):
                self.report.note("Leere Zellen bei Gemeinde und Ortsteil übernehmen den Wert der Zeile darüber.")
                return self.last_area
            key, town = self.last_area[0], self.last_area[1]
        area = (key, town or self.default_town, locality)
        if not totals:
            if not any(area):
                self._refuse(
                    "population-without-area",
                    "Die Zeile nennt weder Ortsteil noch Gemeinde noch AGS.",
                    "Das Gebiet ergänzen oder die Zeile löschen.",
                )
            self.last_area = area
        return area

    def _key(self) -> str | None:
        cell = self._get("area_key")
        text = (text_of(cell) or "").replace(" ", "")
        if is_unknown(cell):
            return None
        if text.isdigit() and len(text) in (11, 12) and text.zfill(12)[:2] in LAND_BY_KEY:
            return ags_from_ars(text.zfill(12))
        try:
            key, repaired = parse_ags(text, length=5 if len(text) in (4, 5) else 8)
        except InputError as error:
            self._refuse(error.code, error.message, error.repair, self._name(self.header.keys["area_key"]))
        if repaired:
            self.report.note("Bei Gemeindeschlüsseln wurde die führende Null ergänzt, die verloren gegangen war.")
        return key

    def _age(self) -> Age | None:
        low, high = self._get("age_from"), self._get("age_to")
        if not is_unknown(low):
            first, last = ages(low), ages(high) if not is_unknown(high) else (0, None)
            if first is None or last is None:
                self._refuse_age("age_from", low)
            return first[0], last[1]
        birth = self._get("birth_year")
        if not is_unknown(birth):
            return self._age_by_birth(birth)
        cell = self._get("age")
        if is_unknown(cell):
            return None
        age = ages(cell)
        if age is None:
            self._refuse_age("age", cell)
        return age

    def _age_by_birth(self, cell: Cell) -> Age:
        try:
            year = number(cell, thousands=False)
        except NotReadable:
            year = None
        age = self._day().year - int(year) if year is not None else -1
        if not 0 <= age <= 120:
            self._refuse_age("birth_year", cell)
        self.report.note("Das Alter ist aus dem Geburtsjahr gerechnet: im Jahr des Stichtags erreichtes Alter.")
        return age, age

    def _refuse_age(self, name: str, cell: Cell) -> NoReturn:
        shown = text_of(cell)
        hint = " (Excel hat die Altersgruppe wohl in ein Datum verwandelt)" if isinstance(cell, date) else ""
        self._refuse(
            "population-age-not-readable",
            f"„{shown}“ ist kein Alter{hint}.",
            "Ein Alter in Jahren eintragen, z. B. 3, „3 bis unter 6“ oder „75 und mehr“ (als Text).",
            self._name(self.header.keys[name]),
        )

    def _word(self, name: str) -> str | None:
        known = spellings().sex if name == "sex" else spellings().home
        cell = self._get(name)
        if cell is None or (isinstance(cell, str) and plain(cell) not in known and is_unknown(cell)):
            return None
        found = known.get(plain(text_of(cell) or ""))
        if found is None:
            example = "m, w oder d" if name == "sex" else "Hauptwohnsitz oder Nebenwohnsitz"
            self._refuse(
                f"population-{name}-not-readable",
                f"„{text_of(cell)}“ ist hier nicht bekannt.",
                f"{example} eintragen.",
                self._name(self.header.keys[name]),
            )
        return found

    def _day(self, *, needed: bool = True) -> date:
        """Date of the row, else of the list. Errors: InputError if there is none and it is `needed`."""
        for name in ("as_of", "year"):
            cell = self._get(name)
            try:
                found = day(cell)
            except NotReadable:
                self._refuse(
                    "population-date-not-readable",
                    f"„{text_of(cell)}“ ist kein Datum.",
                    "Das Datum als 31.12.2025 eintragen.",
                    self._name(self.header.keys[name]),
                )
            if found is not None:
                return found
        if self.default_day is None and not needed:
            return NO_DAY
        if self.default_day is None:
            self._refuse(
                "population-without-date",
                "Der Stichtag der Liste ist nicht zu erkennen.",
                "Eine Spalte „Stichtag“ ergänzen oder „Stand: 31.12.2025“ über die Tabelle schreiben.",
            )
        return self.default_day


READERS.register("population_list")(
    Reader("population", "Einwohnerliste der Gemeinde (XLSX, ODS, CSV)", sniff, read, -10)
)
