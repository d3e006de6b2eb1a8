# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Excel templates of daviplan: sites with capacities per service, and population by area, age group and sex.

Both carry a hidden sheet `meta`. Sites: names in row 1, help texts in row 2, per service a pair "Bietet Leistung X
an" (1 or 0) and "Kapazität für Leistung X". Population: one sheet per year, heads in rows 1 to 6.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dableiben.core.errors import InputError
from dableiben.core.ids import LAND_BY_KEY, ags_from_ars
from dableiben.core.inputs import FACILITIES, POPULATION
from dableiben.core.provenance import ReadReport
from dableiben.sources import population_list, register
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.cells import NotReadable, ages, number, plain, text_of
from dableiben.sources.columns import Header, find_header, spellings
from dableiben.sources.frames import typed_frame
from dableiben.sources.population_checks import LOST_PROJECTION
from dableiben.sources.register_header import KindNames, coordinate_columns
from dableiben.sources.register_rows import RowReader, SheetPlan
from dableiben.sources.sheets import Cell, Sheet, read_sheets

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

OFFERS = re.compile(r"^Bietet Leistung (.+) an$", re.IGNORECASE)
CAPACITY = re.compile(r"^Kapazität für Leistung (.+)$", re.IGNORECASE)
LOST_NO_OFFER = "daviplan: Standort bietet keine Leistung an"
LOST_KIND = "daviplan: Leistung unbekannt"
LOST_NO_KEY = "daviplan: Gebiet ohne Regionalschlüssel"
HELP_ROW = 1
"""index of the row with help texts"""


def sniff(path: Path) -> bool:
    """Whether the workbook has a sheet named meta."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as handle:
            return re.search(rb'<sheet[^>]*name="meta"', handle.read(1_000_000), re.IGNORECASE) is not None
    except (OSError, KeyError, zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError):
        return False


def _meta(sheets: list[Sheet]) -> dict[str, list[Cell]]:
    """First column -> what stands beside it."""
    sheet = next((s for s in sheets if s.name.lower() == "meta"), None)
    rows = sheet.rows if sheet else []
    return {str(row[0]).strip().lower(): row[1:] for row in rows if row and row[0] is not None}


# --- sites -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Service:
    name: str
    kind: str | None
    offers: int | None
    """column with 1 or 0"""
    capacity: int | None


def read_sites(path: Path, catalogue: Catalogue) -> Reading:
    """Facilities, one per site and service offered; the capacity counts as usable.

    Errors: InputError as for a register (text in a number column, coordinates abroad or swapped).
    """
    sheets = read_sheets(path)
    if "infrastructure" not in _meta(sheets):
        return register.read(path, catalogue)
    report = start_report(path, "daviplan_sites", restricted=True)
    names = KindNames.of(catalogue)
    infrastructure = text_of(next(iter(_meta(sheets)["infrastructure"]), None)) or ""
    rows: list[dict[str, object]] = []
    for sheet in sheets:
        header = None if sheet.hidden or sheet.name.lower() == "meta" else find_header(sheet, "register")
        if header is not None:
            rows += _Sites(path, sheet, header, names, infrastructure, report).rows()
    if not rows:
        raise InputError(
            "register-empty",
            "Die Datei enthält keinen Standort mit einer bekannten Leistung.",
            "Prüfen, ob die Spalten „Bietet Leistung ... an“ und „Kapazität für Leistung ...“ ausgefüllt sind.",
            file=path,
            further=tuple(report.notes),
        )
    return Reading(report=report, facilities=typed_frame(FACILITIES, rows))


@dataclass
class _Sites:
    path: Path
    sheet: Sheet
    header: Header
    names: KindNames
    infrastructure: str
    report: ReadReport

    def rows(self) -> list[dict[str, object]]:
        """Facilities of the sheet."""
        services = self._services()
        for service in services:
            if service.kind is None:
                self.report.note(f"Leistung „{service.name}“ ist keine bekannte Einrichtungsart.")
        plan = SheetPlan(self.sheet, self.header, None, (), coordinate_columns(self.header), (), None)
        found: list[dict[str, object]] = []
        for index in range(max(self.header.row + 1, HELP_ROW + 1), len(self.sheet.rows)):
            cells = self.sheet.rows[index]
            if any(cell is not None for cell in cells):
                self.report.rows_read += 1
                row = RowReader(self.path, plan, index + 1, cells, self.report)
                found += self._facilities(row, services)
        return found

    def _services(self) -> list[_Service]:
        columns: dict[str, dict[str, int]] = {}
        for column, name in enumerate(self.header.names):
            for what, pattern in (("offers", OFFERS), ("capacity", CAPACITY)):
                if match := pattern.match(name.strip()):
                    columns.setdefault(match[1], {})[what] = column
        services = []
        for name, at in columns.items():
            kinds = self.names.find(name) or (self.names.find(self.infrastructure) if len(columns) == 1 else ())
            services.append(_Service(name, kinds[0] if kinds else None, at.get("offers"), at.get("capacity")))
        return services

    def _facilities(self, row: RowReader, services: list[_Service]) -> list[dict[str, object]]:
        offered = []
        for service in services:
            flag, places = row.number_at(service.offers), row.number_at(service.capacity)
            if flag == 1 or (flag is None and places):
                offered.append((service, places))
        known = [(service.kind, places) for service, places in offered if service.kind is not None]
        if not known:
            self.report.lose(LOST_KIND if offered else LOST_NO_OFFER)
            return []
        self.report.rows_used += 1
        x_m, y_m = row.spot()
        base = row.base()
        number_of_site = row.text("id") or str(row.row)
        return [
            {
                **base,
                "source_id": f"{self.sheet.name}!{number_of_site}",
                "kind": kind,
                "possible": False,
                "x_m": x_m,
                "y_m": y_m,
                "usable_places": places,
            }
            for kind, places in known
        ]


# --- population ------------------------------------------------------------------------------------------


def read_population(path: Path, catalogue: Catalogue) -> Reading:
    """Population by municipality, age group and sex; projections keep the name of their variant.

    Errors: InputError with sheet, row and column for counts, ages or sexes that cannot be read.
    """
    sheets = read_sheets(path)
    meta = _meta(sheets)
    if "years" not in meta and "arealevel" not in meta:
        return population_list.read(path, catalogue)
    report = start_report(path, "daviplan_population", restricted=True)
    variant = " ".join(t for t in (text_of(c) for c in meta.get("prognosis", [])) if t and not t.isdigit()) or "actual"
    rows: list[dict[str, object]] = []
    for sheet in sheets:
        if not sheet.hidden and sheet.name.lower() != "meta" and not sheet.is_empty:
            rows += _Year(path, sheet, variant, report).rows()
    if not rows:
        raise InputError(
            "population-empty",
            "Die Datei enthält keine Einwohnerzahlen.",
            "Prüfen, ob die Jahresblätter ausgefüllt sind.",
            file=path,
        )
    days = [row["as_of"] for row in rows if isinstance(row["as_of"], date)]
    report.source = replace(report.source, as_of=max(days))
    return Reading(report=report, population=typed_frame(POPULATION, rows))


@dataclass
class _Year:
    path: Path
    sheet: Sheet
    variant: str
    report: ReadReport

    def rows(self) -> list[dict[str, object]]:
        """Rows of one year."""
        head, key_column = self._find_head()
        year = self._year()
        columns = self._columns(head, key_column)
        found: list[dict[str, object]] = []
        for index in range(head + 1, len(self.sheet.rows)):
            cells = self.sheet.rows[index]
            if all(cell is None for cell in cells):
                continue
            self.report.rows_read += 1
            key = (text_of(cells[key_column]) or "").replace(" ", "").zfill(12)
            if len(key) != 12 or not key.isdigit() or key[:2] not in LAND_BY_KEY:
                self.report.lose(LOST_NO_KEY)
                continue
            if self.variant == "actual":
                self.report.rows_used += 1
            else:
                self.report.lose(LOST_PROJECTION)
            name = text_of(cells[key_column + 1]) if key_column + 1 < len(cells) else None
            for column, sex, age in columns:
                cell = cells[column] if column < len(cells) else None
                found.append(
                    {
                        "area_key": ags_from_ars(key),
                        "municipality": name,
                        "age_from": age[0],
                        "age_to": age[1],
                        "sex": sex,
                        "home": "main",
                        "as_of": date(year, 12, 31),
                        "persons": self._count(index, column, cell),
                        "variant": self.variant,
                        "basis": "official",
                    }
                )
        return found

    def _find_head(self) -> tuple[int, int]:
        for index, row in enumerate(self.sheet.rows[:20]):
            for column, cell in enumerate(row):
                if isinstance(cell, str) and cell.lower() in ("rs", "ars"):
                    return index, column
        raise self._error("Die Zeile mit „rs“ und „gen“ fehlt.", "Die Vorlage von daviplan unverändert verwenden.", 1)

    def _year(self) -> int:
        for cell in [*self.sheet.rows[0], self.sheet.name]:
            text = text_of(cell) or ""
            if re.fullmatch(r"(19|20|21)\d\d", text):
                return int(text)
        raise self._error("Das Jahr fehlt in der ersten Zeile.", "In Zeile 1 „Jahr | 2025“ eintragen.", 1)

    def _columns(self, head: int, key_column: int) -> list[tuple[int, str | None, tuple[int, int | None]]]:
        """Columns of counts with sex and age group, from the heads above."""
        labelled = {plain(next((c for c in row if c is not None), "")): row for row in self.sheet.rows[:head]}
        sexes = labelled.get("geschlecht", [])
        age_row = labelled.get("altersgruppe")
        if age_row is None:
            raise self._error(
                "Die Zeile „Altersgruppe“ fehlt.", "Die Vorlage von daviplan unverändert verwenden.", head + 1
            )
        columns = []
        sex: str | None = None
        for column in range(key_column + 2, len(age_row)):
            said = text_of(sexes[column]) if column < len(sexes) else None
            sex = spellings().sex.get(plain(said)) if said else sex
            if age_row[column] is None:
                continue
            age = ages(age_row[column])
            if age is None:
                raise self._error(
                    f"„{text_of(age_row[column])}“ ist keine Altersgruppe.", "Z. B. „0 bis unter 18 Jahre“.", 5
                )
            columns.append((column, sex, age))
        return columns

    def _count(self, index: int, column: int, cell: Cell) -> float | None:
        try:
            value = number(cell)
        except NotReadable as error:
            repair = "Nur die Anzahl eintragen oder die Zelle leeren."
            raise self._error(f"„{text_of(cell)}“ ist keine Zahl.", repair, index + 1) from error
        if value is not None and value < 0:
            raise self._error(f"Die Anzahl {value:g} ist negativ.", "Die Anzahl berichtigen.", index + 1)
        return value

    def _error(self, message: str, repair: str, row: int) -> InputError:
        return InputError("daviplan-population", message, repair, file=self.path, sheet=self.sheet.name, row=row)


READERS.register("daviplan_sites")(
    Reader("register", "daviplan: Standorte und Kapazitäten (XLSX)", sniff, read_sites, 5)
)
READERS.register("daviplan_population")(
    Reader("population", "daviplan: Einwohner- oder Prognosedaten (XLSX)", sniff, read_population, 5)
)
