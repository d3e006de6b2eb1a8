# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Blank or prefilled forms for population, facilities and transport, and what a returned form changes.

The readers read the forms back: headings are spellings of columns.yaml, ids come back with the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from dableiben.catalogue.load import Catalogue
from dableiben.core.geo import to_degrees
from dableiben.core.ids import slug

OLDEST_YEAR = 100
"""ages from here on share the last column of the form"""
SEXES = (("m", "männlich"), ("w", "weiblich"))
HOMES = (("main", "Hauptwohnsitz"), ("second", "Nebenwohnsitz"))
CREATED = datetime(2026, 1, 1)  # noqa: DTZ001  # a fixed date, so that the same form has the same bytes

POPULATION_COLUMNS: tuple[tuple[str, str], ...] = (
    ("AGS", "Amtlicher Gemeindeschlüssel, 8 Ziffern, als Text mit führender Null."),
    ("Gemeinde", "Name der Gemeinde."),
    ("Ortsteil", "Name des Ortsteils; leer = ganze Gemeinde."),
    ("Geschlecht", "männlich, weiblich oder divers."),
    ("Wohnsitz", "Hauptwohnsitz oder Nebenwohnsitz. Nebenwohnsitze zählen nicht als Einwohner."),
    ("Stichtag", "Tag, für den die Personen gezählt sind, z. B. 31.12.2025."),
)
REGISTER_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("ID", "source_id", "Nicht ändern. Neue Einrichtungen: leer lassen."),
    ("Art", "kind", "Art der Einrichtung, z. B. Kita, Krippe, Grundschule, Hausarzt. Eine Zeile je Angebot."),
    ("vorhanden", "exists", "ja, nein oder ?: ob es dieses Angebot hier gibt."),
    ("Name", "name", "Name der Einrichtung."),
    ("Träger", "provider", "Wer die Einrichtung betreibt."),
    ("Gemeinde", "municipality", "Name oder AGS der Gemeinde."),
    ("Ortsteil", "locality", "Name des Ortsteils."),
    ("Straße und Hausnummer", "address", "Anschrift."),
    ("Längengrad", "lon", "Dezimalgrad (WGS84), zwischen 6 und 15; leer, wenn nur der Ort bekannt ist."),
    ("Breitengrad", "lat", "Dezimalgrad (WGS84), zwischen 47 und 55; leer, wenn nur der Ort bekannt ist."),
    (
        "genehmigte Plätze",
        "licensed_places",
        "Plätze laut Betriebserlaubnis oder Vertrag. Leer = unbekannt, 0 = keine.",
    ),
    ("belegbare Plätze", "usable_places", "Plätze, die mit dem Personal belegt werden können. Sie entscheiden."),
    ("Stellen", "posts", "Bei Praxen und Beratung: Versorgungsaufträge oder Vollzeitstellen, nicht Köpfe."),
    ("belegte Plätze", "occupied_places", "Derzeit belegte Plätze."),
    ("Warteliste", "waiting_list", "Personen auf der Warteliste."),
    ("Alter von", "age_from", "Jüngstes Alter in Jahren, das aufgenommen wird."),
    ("Alter bis", "age_to", "Höchstes Alter in Jahren, einschließlich."),
    ("Öffnungszeiten", "opening_hours", "Z. B. Mo-Fr 7:00-16:30, Schließzeit 13.7.-31.7., feiertags geschlossen."),
    ("Plätze nach Uhrzeit", "places_by_time", "Nur wenn nicht alle ganztags gelten: 60 bis 16:30; 15 bis 17:30."),
    ("barrierefrei", "barrier_free", "ja, nein oder teilweise; leer = unbekannt."),
    ("Sprachen", "languages", "Angebotene Sprachen, mit Komma getrennt."),
    ("Einzugsgebiet", "service_area", "Versorgte Orte oder Gemeinden, mit Komma getrennt (Pflegedienst, Schulbezirk)."),
    ("Trägerform", "form", "hauptamtlich, ehrenamtlich oder gemischt."),
    ("Finanzierung", "financing", "Wer die Einrichtung bezahlt."),
    ("Stand", "as_of", "Datum der Angaben, z. B. 31.12.2025."),
)
TRANSPORT_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("ID", "source_id", "Nicht ändern. Neue Angebote: leer lassen."),
    ("Name", "name", "Name des Angebots oder des Vereins."),
    ("Art", "form", "Bürgerbus, Fahrdienst, Rufbus oder Mitfahrbank. Eine Zeile je Angebot."),
    ("Bedienungsgebiet", "localities", "Bediente Gemeinden oder Ortsteile, mit Semikolon getrennt."),
    ("Linienweg", "routes_text", "Weg oder Haltestellen in Worten; leer, wenn ohne festen Weg gefahren wird."),
    ("Betriebszeiten", "service_hours", "Z. B. Di, Do 9:00-12:00. Leer = unbekannt."),
    ("Sitzplätze", "seats", "Plätze für Fahrgäste."),
    ("Ehrenamtliche", "volunteers", "Menschen, die ehrenamtlich fahren oder begleiten. Leer = unbekannt, 0 = keine."),
    ("hauptamtliche Begleitung", "paid_support", "ja oder nein: ob jemand bezahlt organisiert; leer = unbekannt."),
    ("Anmeldung", "notice_min", "Minuten vor der Fahrt; 0 = ohne Anmeldung."),
    ("Träger", "provider", "Wer das Angebot betreibt."),
    ("Stand", "as_of", "Datum der Angaben, z. B. 31.12.2025."),
)
TRANSPORT_WORDS = {
    "buergerbus": "Bürgerbus", "fahrdienst": "Fahrdienst", "rufbus": "Rufbus", "mitfahrbank": "Mitfahrbank",
}  # fmt: skip
FORM_WORDS = {"paid": "hauptamtlich", "volunteer": "ehrenamtlich", "mixed": "gemischt"}
BY_POSTS = ("doctor", "post")


@contextmanager
def _workbook(path: Path) -> Any:
    """A workbook in which text stays text, whatever it begins with."""
    book = xlsxwriter.Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"created": CREATED, "title": "Vorlage von dableiben"})
    try:
        yield book
    finally:
        book.close()


def write_population_template(
    path: Path, areas: pd.DataFrame | None = None, *, as_of: date | None = None, population: pd.DataFrame | None = None
) -> None:
    """Write a form for the population list: a row per locality, sex and home, a column per age.

    areas        area_key (AGS), municipality, locality: rows to prefill; None = one empty row set
    as_of        day written into the rows; None = left empty
    population   rows of the contract POPULATION with single ages: counts to prefill
    """
    with _workbook(path) as book:
        sheet = book.add_worksheet("Einwohner")
        styles = _styles(book)
        for column, (name, note) in enumerate(POPULATION_COLUMNS):
            _head(sheet, column, name, note, styles)
        first = len(POPULATION_COLUMNS)
        for age in range(OLDEST_YEAR + 1):
            name = str(age) if age < OLDEST_YEAR else f"{OLDEST_YEAR} und mehr"
            _head(sheet, first + age, name, "Anzahl der Personen. Leer = unbekannt, 0 = keine.", styles)
        counts = _counts(population)
        row = 1
        for area in _areas(areas):
            for sex, sex_word in SEXES:
                for home, home_word in HOMES:
                    _write_cells(sheet, row, [*area, sex_word, home_word, as_of], styles)
                    for age in range(OLDEST_YEAR + 1):
                        value = counts.get((*area, sex, home, age))
                        if value is not None:
                            sheet.write_number(row, first + age, value)
                    row += 1
        sheet.freeze_panes(1, first)
        sheet.set_column(0, first - 1, 16)
        sheet.set_column(first, first + OLDEST_YEAR, 6)
        _write_notes(book, [(n, t) for n, t in POPULATION_COLUMNS], styles)


def _areas(areas: pd.DataFrame | None) -> list[tuple[str | None, str | None, str | None]]:
    if areas is None or areas.empty:
        return [(None, None, None)]
    columns = [areas[name] if name in areas else pd.Series([None] * len(areas)) for name in _AREA]
    rows = {tuple(_text(value) for value in row) for row in zip(*columns, strict=True)}
    return sorted(rows, key=lambda row: tuple(part or "" for part in row))  # type: ignore[arg-type]


_AREA = ("area_key", "municipality", "locality")


def _counts(population: pd.DataFrame | None) -> dict[tuple[object, ...], float]:
    if population is None:
        return {}
    counts: dict[tuple[object, ...], float] = {}
    single = population[population["age_from"].eq(population["age_to"]) | population["age_from"].ge(OLDEST_YEAR)]
    for row in single.to_dict("records"):
        persons = _text(row["persons"])
        if persons is not None:
            area = tuple(_text(row[name]) for name in _AREA)
            key = (*area, _text(row["sex"]), _text(row["home"]), min(int(row["age_from"]), OLDEST_YEAR))
            counts[key] = counts.get(key, 0.0) + float(persons)
    return counts


def write_form(
    path: Path,
    title: str,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[object]] = (),
    choices: Sequence[tuple[str, Sequence[str]]] = (),
) -> None:
    """Write a form of one sheet: columns (name, note), rows to prefill, words to choose from by column."""
    with _workbook(path) as book:
        sheet = book.add_worksheet(title)
        styles = _styles(book)
        for column, (name, note) in enumerate(columns):
            _head(sheet, column, name, note, styles)
        for number, row in enumerate(rows, start=1):
            _write_cells(sheet, number, row, styles)
        names = [name for name, _ in columns]
        for name, words in choices:
            column = names.index(name)
            rule = {"validate": "list", "source": list(words), "error_type": "warning"}
            sheet.data_validation(1, column, len(rows) + 500, column, rule)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(columns) - 1, 18)
        _write_notes(book, columns, styles)


def write_register_template(
    path: Path, catalogue: Catalogue, facilities: pd.DataFrame | None = None, *, per_provider: bool = False
) -> list[Path]:
    """Write a form for the register; returns the files written.

    facilities     rows of the contract FACILITIES (or a region's facilities with facility_id) to prefill
    per_provider   one file per provider, named after it: `<name>-<provider>.xlsx`; those without provider together
    """
    if facilities is None or facilities.empty or not per_provider:
        _write_register(path, catalogue, facilities)
        return [path]
    written = []
    providers = [_text(provider) or "" for provider in facilities["provider"]]
    for provider in sorted(set(providers)):
        target = path.with_name(f"{path.stem}-{slug(provider) or 'ohne-traeger'}{path.suffix or '.xlsx'}")
        _write_register(target, catalogue, facilities[[given == provider for given in providers]])
        written.append(target)
    return written


def _write_register(path: Path, catalogue: Catalogue, facilities: pd.DataFrame | None) -> None:
    with _workbook(path) as book:
        sheet = book.add_worksheet("Einrichtungen")
        styles = _styles(book)
        for column, (name, _, note) in enumerate(REGISTER_COLUMNS):
            _head(sheet, column, name, note, styles)
        rows = _register_rows(facilities, catalogue)
        for number, row in enumerate(rows, start=1):
            _write_cells(sheet, number, row, styles)
        sheet.freeze_panes(1, 4)
        sheet.set_column(0, len(REGISTER_COLUMNS) - 1, 18)
        kinds = book.add_worksheet("Arten")
        kinds.write_column(0, 0, sorted(kind.label.de for kind in catalogue.kinds.values()))
        kinds.hide()
        _add_choices(sheet, len(rows) + 500, len(catalogue.kinds))
        _write_notes(book, [(name, note) for name, _, note in REGISTER_COLUMNS], styles)


def _add_choices(sheet: Any, last_row: int, kinds: int) -> None:
    """Lists to choose from; other words are allowed, with a warning."""
    names = [name for name, _, _ in REGISTER_COLUMNS]
    choices: tuple[tuple[str, object], ...] = (
        ("Art", f"=Arten!$A$1:$A${kinds}"),
        ("vorhanden", ["ja", "nein", "?"]),
        ("barrierefrei", ["ja", "nein", "teilweise"]),
        ("Trägerform", list(FORM_WORDS.values())),
    )
    for name, source in choices:
        column = names.index(name)
        sheet.data_validation(
            1, column, last_row, column, {"validate": "list", "source": source, "error_type": "warning"}
        )


def write_transport_template(path: Path, transport: pd.DataFrame | None = None) -> None:
    """Write a form for volunteer and on-demand transport; rows of the contract TRANSPORT prefill it."""
    with _workbook(path) as book:
        sheet = book.add_worksheet("Fahrangebote")
        styles = _styles(book)
        for column, (name, _, note) in enumerate(TRANSPORT_COLUMNS):
            _head(sheet, column, name, note, styles)
        records = [] if transport is None else transport.to_dict("records")
        for number, record in enumerate(records, start=1):
            places = record["localities"] if isinstance(record["localities"], list | np.ndarray) else []
            row = {**record, "form": TRANSPORT_WORDS[str(record["form"])], "localities": "; ".join(places) or None}
            _write_cells(sheet, number, [_shown(row[field]) for _, field, _ in TRANSPORT_COLUMNS], styles)
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, len(TRANSPORT_COLUMNS) - 1, 18)
        form = [name for name, _, _ in TRANSPORT_COLUMNS].index("Art")
        choice = {"validate": "list", "source": list(TRANSPORT_WORDS.values()), "error_type": "warning"}
        sheet.data_validation(1, form, len(records) + 500, form, choice)
        _write_notes(book, [(name, note) for name, _, note in TRANSPORT_COLUMNS], styles)


def _register_rows(facilities: pd.DataFrame | None, catalogue: Catalogue) -> list[list[object]]:
    if facilities is None or facilities.empty:
        return []
    table = facilities.copy()
    if "source_id" not in table:
        table["source_id"] = table["facility_id"]
    lon, lat = to_degrees(table["x_m"].to_numpy(float), table["y_m"].to_numpy(float))
    table["lon"], table["lat"] = np.round(lon, 7), np.round(lat, 7)
    table = table.sort_values(["kind", "source_id"], kind="stable")
    rows = []
    for record in table.to_dict("records"):
        kind = catalogue.kinds[str(record["kind"])]
        by_posts = kind.capacity_unit in BY_POSTS
        record["posts"] = record.get("usable_places") if by_posts else None
        if by_posts:
            record["usable_places"] = None
        record["exists"] = "?" if record.get("possible") else "ja"
        record["kind"] = kind.label.de
        record["form"] = FORM_WORDS.get(str(record.get("form")))
        rows.append([_shown(record.get(field)) for _, field, _ in REGISTER_COLUMNS])
    return rows


def _shown(value: object) -> object:
    if isinstance(value, list | tuple | np.ndarray):
        return ", ".join(str(part) for part in value) or None
    if _text(value) is None:
        return None
    if isinstance(value, bool | np.bool_):
        return "ja" if value else "nein"
    return value


def _text(value: object) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    return str(value)


def _styles(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "day": book.add_format({"num_format": "dd.mm.yyyy"}),
        "text": book.add_format({"num_format": "@"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }


def _head(sheet: Any, column: int, name: str, note: str, styles: dict[str, Any]) -> None:
    sheet.write_string(0, column, name, styles["head"])
    sheet.write_comment(0, column, note)


def _write_cells(sheet: Any, row: int, values: Sequence[object], styles: dict[str, Any]) -> None:
    for column, value in enumerate(values):
        if value is None:
            continue
        if isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), styles["day"])  # noqa: DTZ001
        elif isinstance(value, int | float | np.integer | np.floating):
            sheet.write_number(row, column, float(value))
        else:
            sheet.write_string(row, column, str(value), styles["text"])


def _write_notes(book: Any, columns: Sequence[tuple[str, str]], styles: dict[str, Any]) -> None:
    sheet = book.add_worksheet("Hinweise")
    sheet.write_string(0, 0, "So wird die Vorlage ausgefüllt", styles["head"])
    sheet.write_string(1, 0, "Leere Zellen heißen: nicht bekannt. Wo es nichts gibt, eine 0 eintragen.", styles["wrap"])
    for row, (name, note) in enumerate(columns, start=3):
        sheet.write_string(row, 0, f"{name}: {note}", styles["wrap"])
    sheet.set_column(0, 0, 100)


DIFFERENCE_COLUMNS = ("key", "name", "column", "before", "after")
METRES_FROM = 1_000_000.0
"""numbers from here on are coordinates"""
FACILITY_KEY = ("source_id", "kind")
POPULATION_KEY = ("area_key", "municipality", "locality", "age_from", "age_to", "sex", "home", "as_of", "variant")


def differences(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """What a returned form changes: rows that come, go or differ, one row per changed value.

    old, new   both by the contract FACILITIES, or both by the contract POPULATION
    result     DIFFERENCE_COLUMNS; column "(neu)" or "(entfällt)" for whole rows; sorted, None = unknown
    """
    key = POPULATION_KEY if "persons" in new else FACILITY_KEY
    before, after = _by_key(old, key), _by_key(new, key)
    rows: list[tuple[str, str | None, str, str | None, str | None]] = []
    for place in sorted(set(before) | set(after)):
        one, other = before.get(place), after.get(place)
        name = _text((other or one or {}).get("name")) or _text((other or one or {}).get("locality"))
        label = " | ".join(part for part in place if part)
        if one is None or other is None:
            rows.append((label, name, "(neu)" if one is None else "(entfällt)", _count(one), _count(other)))
            continue
        for column in sorted(set(one) | set(other)):
            if column not in key and not _same(one.get(column), other.get(column)):
                shown = tuple(_text(_shown(row.get(column))) for row in (one, other))
                rows.append((label, name, column, shown[0], shown[1]))
    return pd.DataFrame(rows, columns=list(DIFFERENCE_COLUMNS), dtype=object)


def _same(one: object, other: object) -> bool:
    """Equal as shown; places equal to the metre, as they went through degrees."""
    if isinstance(one, float) and isinstance(other, float) and max(abs(one), abs(other)) > METRES_FROM:
        return abs(one - other) < 1.0
    return _text(_shown(one)) == _text(_shown(other))


def _count(row: dict[str, object] | None) -> str | None:
    return _text(row.get("persons")) if row is not None else None


def _by_key(table: pd.DataFrame, key: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, object]]:
    found: dict[tuple[str, ...], dict[str, object]] = {}
    for record in table.to_dict("records"):
        place = tuple(_whole(_text(record.get(name))) for name in key)
        found[place] = {str(name): value for name, value in record.items()}
    return found


def _whole(text: str | None) -> str:
    return "" if text is None else text.removesuffix(".0")
