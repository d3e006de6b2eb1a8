# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The office's own tables: list of residents, register, areas (XLSX); and the official statistics (ffcsv)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import xlsxwriter

from dableiben.core.geo import to_degrees
from dableiben.demo import plan
from dableiben.demo.facilities import Entry, Facility
from dableiben.demo.people import SEXES, Residents

Row = tuple[object, ...]
CREATED = datetime(2026, 1, 2, 8, 0)  # noqa: DTZ001  # Excel knows no time zone
SEX_WORDS = {"m": "männlich", "w": "weiblich"}
HOME_WORDS = (("main", "alleinige oder Hauptwohnung"), ("second", "Nebenwohnung"))
RESIDENT_COLUMNS = ("AGS", "Gemeinde", "Ortsteil", "Alter", "Geschlecht", "Wohnungsart", "Stichtag", "Einwohner")
REGISTER_COLUMNS = (
    "Lfd. Nummer", "Art der Einrichtung", "Name der Einrichtung", "Gemeinde", "Ortsteil", "Breite (WGS84)",
    "Länge (WGS84)", "Plätze lt. Betriebserlaubnis", "belegbare Plätze", "belegte Plätze", "Warteliste", "Stellen",
    "Alter von", "Alter bis", "Öffnungszeiten", "barrierefrei", "Versorgungsgebiet", "Träger", "Trägerform", "Stand",
)  # fmt: skip
AREA_COLUMNS = ("AGS", "Gemeinde", "Ortsteil", "Amt", "Mittelbereich", "Schulbezirk", "strukturschwach", "Quelle")
SHEETS = {
    "Kinder und Schule": (
        "Kita", "Krippe", "Kindertagespflege", "Grundschule", "Hort", "Ganztagsgrundschule", "Jugendklub",
    ),
    "Gesundheit und Pflege": (
        "Hausarzt", "Kinder- und Jugendarzt", "Ambulanter Pflegedienst", "Kurzzeitpflege", "Pflegeheim", "Tagespflege",
    ),
    "Beratung und Begegnung": (
        "Schwangerschaftsberatung", "Dorfgemeinschaftshaus", "Integrationskurs",
    ),
}  # fmt: skip
REGISTER_DAY = date(2025, 11, 1)
WEAK_SOURCE = "erfunden (Demo)"
AGE_GROUPS = (0, 3, 6, 10, 15, 18, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 75)
OFFICIAL_DIFFERS = {"13099001": 12}
"""the statistics count this many more women of 25 to 29 in Sölten than the register of residents"""
OFFICIAL_SEXES = (("", "Insgesamt", [0, 1]), ("GESM", "männlich", [0]), ("GESW", "weiblich", [1]))
FFCSV_HEADER = (
    "statistics_code;statistics_label;time_code;time_label;time;"
    "1_variable_code;1_variable_label;1_variable_attribute_code;1_variable_attribute_label;"
    "2_variable_code;2_variable_label;2_variable_attribute_code;2_variable_attribute_label;"
    "3_variable_code;3_variable_label;3_variable_attribute_code;3_variable_attribute_label;"
    "value;value_unit;value_variable_code;value_variable_label"
)


@contextmanager
def workbook(path: Path) -> Iterator[xlsxwriter.Workbook]:
    """A workbook with a fixed date; text stays text, whatever it begins with."""
    path.unlink(missing_ok=True)
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Erfunden: Landkreis Ellerland (Demo von dableiben)", "created": CREATED})
    yield book
    book.close()


def write_rows(
    book: xlsxwriter.Workbook, name: str, title: str | None, columns: tuple[str, ...], rows: Iterable[Row]
) -> None:
    """A sheet with a title, a header and rows."""
    sheet = book.add_worksheet(name)
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    first = 0
    if title:
        sheet.write_string(0, 0, title)
        first = 2
    sheet.write_row(first, 0, columns, bold)
    sheet.freeze_panes(first + 1, 0)
    sheet.set_column(0, len(columns) - 1, 16)
    for number, row in enumerate(rows, start=first + 1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001
            elif value is not None:
                sheet.write(number, column, value)


def write_residents(path: Path, residents: Residents) -> None:
    """List of residents: locality, age year, sex, main or second home, day, persons."""
    rows = []
    for name, (municipality, _) in plan.localities().items():
        for home, words in HOME_WORDS:
            persons = (residents.main if home == "main" else residents.second)[name]
            for age, column in zip(*np.nonzero(persons), strict=True):
                number = int(persons[age, column])
                sex = SEX_WORDS[SEXES[int(column)]]
                rows.append((municipality.ags, municipality.name, name, int(age), sex, words, plan.AS_OF, number))
    with workbook(path) as book:
        write_rows(book, "Einwohner", None, RESIDENT_COLUMNS, rows)


def write_register(path: Path, facilities: Iterable[Facility]) -> None:
    """Register of facilities on three sheets, one row per offer."""
    listed = [(facility, entry) for facility in facilities for entry in facility.entries]
    with workbook(path) as book:
        for sheet, kinds in SHEETS.items():
            rows = [(facility, entry) for facility, entry in listed if entry.art in kinds]
            write_rows(
                book, sheet, "Landkreis Ellerland (erfunden), Einrichtungen, Stand 01.11.2025", REGISTER_COLUMNS,
                [_register_row(number, *row) for number, row in enumerate(rows, start=1)],
            )  # fmt: skip
    missing = sorted({entry.art for _, entry in listed} - {kind for kinds in SHEETS.values() for kind in kinds})
    if missing:
        raise ValueError(f"no sheet for {missing}")


def _register_row(number: int, facility: Facility, entry: Entry) -> Row:
    municipality, _ = plan.localities()[facility.locality]
    lon, lat = to_degrees(*(np.array([part]) for part in facility.point))
    spot = (round(float(lat[0]), 6), round(float(lon[0]), 6)) if entry.located else (None, None)
    places = entry.usable if entry.usable is not None else entry.households
    return (
        number, entry.art, facility.name, municipality.name, facility.locality, *spot, entry.licensed, places,
        entry.occupied, entry.waiting, entry.posts, entry.age_from, entry.age_to, entry.hours, entry.barrier_free,
        ", ".join(entry.serves) or None, entry.provider, entry.form, REGISTER_DAY,
    )  # fmt: skip


def write_areas(path: Path) -> None:
    """Municipalities with Amt and Mittelbereich, localities with the district of their primary school."""
    rows: list[Row] = []
    for m in plan.MUNICIPALITIES:
        rows.append((m.ags, m.name, None, m.amt, m.mittelbereich, None, "ja", WEAK_SOURCE))
        for place in m.localities:
            school = f"Schulbezirk {m.name}" if m.name != "Sölten" else None
            rows.append((m.ags, m.name, place.name, None, None, school, None, None))
    with workbook(path) as book:
        write_rows(book, "Gebiete", None, AREA_COLUMNS, rows)


def write_statistics(path: Path, residents: Residents) -> None:
    """Population of the municipalities by age group and sex at the end of the year, as GENESIS gives it."""
    lines = [FFCSV_HEADER]
    for m in plan.MUNICIPALITIES:
        persons = np.sum([residents.main[place.name] for place in m.localities], axis=0)
        persons[25, SEXES.index("w")] += OFFICIAL_DIFFERS.get(m.ags, 0)
        for sex_code, sex_label, columns in OFFICIAL_SEXES:
            for code, label, ages in _age_groups():
                value = int(persons[ages[0] : ages[1], columns].sum())
                lines.append(
                    f"12411;Fortschreibung des Bevölkerungsstandes;STAG;Stichtag;{plan.AS_OF.isoformat()};"
                    f"GEMEIN;Gemeinden;{m.ags};{m.name};GES;Geschlecht;{sex_code};{sex_label};"
                    f"ALTX20;Altersgruppen (unter 3 bis 75 u.m.);{code};{label};"
                    f"{value};Anzahl;BEVSTD;Bevölkerungsstand"
                )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _age_groups() -> list[tuple[str, str, tuple[int, int]]]:
    """Code, label and bounds (upper one excluded) of the age groups of table 12411-02-03."""
    groups = [("", "Insgesamt", (0, 200)), ("ALT000B03", "unter 3 Jahre", (0, 3))]
    for low, high in pairwise(AGE_GROUPS[1:]):
        groups.append((f"ALT{low:03d}B{high:02d}", f"{low} bis unter {high} Jahre", (low, high)))
    return [*groups, ("ALT075UM", "75 Jahre und mehr", (75, 200))]
