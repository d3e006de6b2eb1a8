# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""One row of a facility register to the facilities it stands for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn, TypeVar

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.inputs import FACILITIES
from dableiben.core.provenance import ReadReport
from dableiben.sources.cells import NotReadable, ages, day, is_unknown, number, plain, text_of, words_of, yes_no
from dableiben.sources.columns import Header, spellings
from dableiben.sources.coordinates import CoordinateColumns, Misplaced, to_3035
from dableiben.sources.register_header import CAPACITY_FIELDS, Offer
from dableiben.sources.register_hours import hours_text
from dableiben.sources.sheets import Cell, Sheet

T = TypeVar("T")
BY_POSTS = ("doctor", "post")
"""units counted in posts (care contracts, full-time equivalents), not in places"""


@dataclass(frozen=True)
class SheetPlan:
    """What is known of a sheet before its rows are read."""

    sheet: Sheet
    header: Header
    kind_column: int | None
    offers: tuple[Offer, ...]
    coordinates: CoordinateColumns | None
    default_kinds: tuple[str, ...]
    default_day: date | None


@dataclass(frozen=True)
class Entry:
    """A facility of one kind, by the contract FACILITIES, and where it stands in the file."""

    sheet: str
    row: int
    own_id: str | None
    values: dict[str, object]
    cells: tuple[Cell, ...]
    exists: bool = True
    """False: the list says that there is no such facility (any more)"""


@dataclass
class RowReader:
    """Reads the cells of one row by the names of their columns."""

    path: Path
    plan: SheetPlan
    row: int
    cells: list[Cell]
    report: ReadReport

    def entries(self, kinds: tuple[str, ...], catalogue: Catalogue) -> list[Entry]:
        """The facilities of the row: one per kind or offer; none if no kind is known."""
        places = self._places_by_kind(kinds, catalogue)
        if not places:
            return []
        base = self.base()
        x_m, y_m = self.spot()
        own_id = self.text("id")
        entries = []
        for kind in sorted(places):
            values: dict[str, object] = dict.fromkeys(FACILITIES.names)
            is_open = kind not in kinds and all(value is None for value in places[kind].values())
            is_possible = is_open or self.text_at(self.plan.header.fields.get("exists")) == "?"
            values.update(base, **places[kind], kind=kind, possible=is_possible, x_m=x_m, y_m=y_m)
            if len(places) > 1:  # the ages of the whole house are those of none of its parts
                values.update(age_from=None, age_to=None)
            exists = self.exists() is not False
            entries.append(Entry(self.plan.sheet.name, self.row, own_id, values, tuple(self.cells), exists))
        return entries

    def exists(self) -> bool | None:
        """What the column "vorhanden" says; None if it does not."""
        return self._known("exists", yes_no, "ja, nein oder ? eintragen.")

    def text_at(self, column: int | None) -> str | None:
        """Text of a cell by its column, None if empty."""
        return text_of(self._at(column))

    def text(self, field: str) -> str | None:
        """Text of a field, None if the column is missing or the cell says nothing."""
        return words_of(self._get(field))

    def _at(self, column: int | None) -> Cell:
        return self.cells[column] if column is not None and column < len(self.cells) else None

    def _get(self, field: str) -> Cell:
        return self._at(self.plan.header.fields.get(field))

    def _refuse(self, code: str, message: str, repair: str, column: int | None) -> NoReturn:
        name = self.plan.header.names[column] if column is not None else None
        raise InputError(code, message, repair, file=self.path, sheet=self.plan.sheet.name, row=self.row, column=name)

    def number_at(self, column: int | None, *, thousands: bool = True) -> float | None:
        """Number of a cell, None if unknown. Errors: InputError with the spot for text and for less than 0."""
        cell = self._at(column)
        try:
            value = number(cell, thousands=thousands)
        except NotReadable:
            self._refuse(
                "register-text-in-number",
                f"„{text_of(cell)}“ ist keine Zahl.",
                "Nur die Zahl eintragen; ist sie nicht bekannt, die Zelle leer lassen.",
                column,
            )
        if value is not None and value < 0:
            self._refuse(
                "register-negative",
                f"Der Wert {value:g} ist negativ.",
                "Den Wert berichtigen oder die Zelle leeren.",
                column,
            )
        return value

    def _amount(self, column: int | None, by_posts: bool) -> float | None:
        value = self.number_at(column, thousands=not by_posts)
        if by_posts and value is not None and value != self.number_at(column):
            self.report.note(
                f"Blatt „{self.plan.sheet.name}“, Zeile {self.row}: „{self.text_at(column)}“ ist als {value:g} Stellen "
                "gelesen (Punkt als Komma)."
            )
        return value

    def _places_by_kind(self, kinds: tuple[str, ...], catalogue: Catalogue) -> dict[str, dict[str, float | None]]:
        """Kind -> capacities. Offers with places split the row; without any number the row's own kinds stand."""
        fields = self.plan.header.fields
        # Nobody has a thousand posts: "1.500" of a practice is one and a half.
        by_posts = bool(kinds) and all(catalogue.kinds[kind].capacity_unit in BY_POSTS for kind in kinds)
        own = {name: self._amount(fields.get(name), by_posts) for name in CAPACITY_FIELDS}
        posts = self._amount(fields.get("posts"), True)
        self.number_at(fields.get("heads"))
        offers: dict[str, dict[str, float | None]] = {}
        for offer in self.plan.offers:
            value = self.number_at(offer.column)
            if value is not None:
                offers.setdefault(offer.kind, {})[offer.field] = value
        offered = {offer.kind for offer in self.plan.offers}
        if offers and (not kinds or set(kinds) <= offered):
            return self._split(offers, kinds, own)
        if offers:  # another kind (Kindertagespflege) with its places in these columns
            for name in CAPACITY_FIELDS:
                parts = [places[name] for places in offers.values() if places.get(name) is not None]
                own[name] = own[name] if own[name] is not None or not parts else sum(p for p in parts if p is not None)
        found: dict[str, dict[str, float | None]] = {}
        for kind in kinds:
            values = dict(own)
            if catalogue.kinds[kind].capacity_unit in BY_POSTS and posts is not None:
                values["usable_places"] = posts
            found[kind] = values
        if len(kinds) > 1 and any(value is not None for value in own.values()):
            self.report.note(
                f"Blatt „{self.plan.sheet.name}“, Zeile {self.row}: Plätze für mehrere Arten zusammen sind für die "
                "einzelne Art nicht bekannt."
            )
            return {kind: dict.fromkeys(CAPACITY_FIELDS) for kind in kinds}
        return found

    def _split(
        self, offers: dict[str, dict[str, float | None]], kinds: tuple[str, ...], own: dict[str, float | None]
    ) -> dict[str, dict[str, float | None]]:
        """One facility per offer: 0 places = not offered, an empty cell = unknown whether and how many."""
        found = {
            kind: {**dict.fromkeys(CAPACITY_FIELDS), **places}
            for kind, places in offers.items()
            if any(value for value in places.values())
        }
        for kind in {offer.kind for offer in self.plan.offers} - set(offers):
            found[kind] = dict.fromkeys(CAPACITY_FIELDS)
        for name in ("licensed_places", "usable_places", "occupied_places"):
            parts = [places.get(name) for places in offers.values()]
            total = own[name]
            if total is not None and parts and all(part is not None for part in parts):
                summed = sum(part for part in parts if part is not None)
                if abs(total - summed) > 0.01:
                    self.report.note(
                        f"Blatt „{self.plan.sheet.name}“, Zeile {self.row}: {total:g} Plätze insgesamt, die Angebote "
                        f"ergeben {summed:g}; verwendet werden die Angebote."
                    )
        return found or {kind: dict.fromkeys(CAPACITY_FIELDS, 0.0) for kind in kinds}

    def base(self) -> dict[str, object]:
        """What holds for every facility of the row: name, place, hours, ages, provider ..."""
        age_from, age_to = self._ages()
        street, house = self.text("street"), self.text("house_number")
        return {
            "name": self.text("name"),
            "municipality": self.text("municipality"),
            "locality": self.text("locality"),
            "address": " ".join(part for part in (street, house) if part) or None,
            "opening_hours": hours_text(self._get),
            "places_by_time": self.text("places_by_time"),
            "age_from": age_from,
            "age_to": age_to,
            "languages": self._list("languages", r"[,;/\n]|\bund\b"),
            "barrier_free": self._known("barrier_free", yes_no, "ja, nein oder teilweise eintragen."),
            "service_area": self._list("service_area", r"[,;|\n]"),
            "provider": self.text("provider"),
            "form": self._form(),
            "financing": self.text("financing"),
            "as_of": self._known("as_of", day, "Das Datum als 31.12.2025 eintragen.") or self.plan.default_day,
        }

    def _known(self, field: str, parse: Callable[[Cell], T], repair: str) -> T | None:
        cell = self._get(field)
        try:
            return parse(cell)
        except NotReadable:
            column = self.plan.header.fields[field]
            self._refuse(
                f"register-{field.replace('_', '-')}", f"„{text_of(cell)}“ ist hier nicht zu lesen.", repair, column
            )

    def _list(self, field: str, separator: str) -> list[str] | None:
        parts = [part.strip() for part in re.split(separator, self.text(field) or "")]
        return [part for part in parts if part] or None

    def _ages(self) -> tuple[int | None, int | None]:
        low, high = self._age_in("age_from"), self._age_in("age_to")
        if low is None and high is None and not is_unknown(self._get("age")):
            band = ages(self._get("age"))
            if band is None:
                self._refuse_age("age")
            return band
        return (low[0] if low else None), (high[1] if high else None)

    def _age_in(self, field: str) -> tuple[int, int | None] | None:
        cell = self._get(field)
        if is_unknown(cell):
            return None
        whole = float(int(cell)) if isinstance(cell, float) and 0 <= cell <= 120 else cell
        found = ages(whole)
        if found is None:
            self._refuse_age(field)
        return found

    def _refuse_age(self, field: str) -> NoReturn:
        column = self.plan.header.fields[field]
        shown = text_of(self._at(column))
        self._refuse("register-age", f"„{shown}“ ist kein Alter.", "Jahre eintragen, z. B. 3 oder „0-6“.", column)

    def _form(self) -> str | None:
        volunteer = self._get("volunteer")
        text = self.text("form")
        if text is None and not is_unknown(volunteer):
            text = text_of(volunteer)
            try:
                is_volunteer = yes_no(volunteer)
            except NotReadable:
                is_volunteer = None
            if is_volunteer is not None:
                return "volunteer" if is_volunteer else "paid"
        if text is None:
            return None
        found = spellings().form.get(plain(text))
        if found is None:
            self.report.note(f"Form „{text}“ ist weder haupt- noch ehrenamtlich und bleibt unbekannt.")
        return found

    def spot(self) -> tuple[float | None, float | None]:
        """x_m, y_m in EPSG:3035, both None if not given. Errors: InputError naming the likely cause."""
        columns = self.plan.coordinates
        if columns is None:
            return None, None
        first, second = self._degree(columns.first), self._degree(columns.second)
        if first is None or second is None or (first == 0 and second == 0):
            if (first is None) != (second is None):
                self.report.note(f"Blatt „{self.plan.sheet.name}“, Zeile {self.row}: Eine der Koordinaten fehlt.")
            return None, None
        named = self.number_at(columns.epsg_column) if columns.epsg_column is not None else None
        epsg = int(named) if named is not None else columns.named_epsg
        try:
            return to_3035(first, second, is_degrees=columns.is_degrees, epsg=epsg)
        except Misplaced as error:
            self._refuse("register-coordinates", error.cause, error.repair, columns.first)

    def _degree(self, column: int) -> float | None:
        cell = self._at(column)
        try:
            return number(cell, thousands=False)
        except NotReadable:
            self._refuse(
                "register-text-in-number",
                f"„{text_of(cell)}“ ist keine Koordinate.",
                "Dezimalgrad eintragen, z. B. 9,0321, oder die Zelle leeren.",
                column,
            )
