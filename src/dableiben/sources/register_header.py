# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What the columns of a facility register mean: fields, places per offer (U3, Ü3, Hort), coordinates, kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dableiben.catalogue.load import Catalogue
from dableiben.sources.cells import plain, text_of
from dableiben.sources.columns import Header, data_rows, spellings
from dableiben.sources.coordinates import WGS84, CoordinateColumns, epsg_in
from dableiben.sources.sheets import Sheet

CAPACITY_FIELDS = ("licensed_places", "usable_places", "occupied_places", "waiting_list")
KIND_SHARE = 0.5
"""a column is the kind's if at least this share of its cells names a kind"""


@dataclass(frozen=True)
class Offer:
    """A column of places for one offer."""

    column: int
    kind: str
    field: str


def offers_of(header: Header, catalogue: Catalogue) -> tuple[Offer, ...]:
    """Columns such as "Plätze U3" or "belegte Krippenplätze"; bare "Krippe" only beside another bare offer."""
    found: list[Offer] = []
    bare: list[Offer] = []
    for column, name in enumerate(header.names):
        if not name or column in header.fields.values():
            continue
        parts = _offer_parts(name)
        if parts is None or parts[0] not in catalogue.kinds:
            continue
        kind, field = parts
        (found if field else bare).append(Offer(column, kind, field or "usable_places"))
    if len({offer.kind for offer in bare}) > 1:
        found += bare
    return tuple(sorted(found, key=lambda offer: offer.column))


def _offer_parts(name: str) -> tuple[str, str | None] | None:
    """Kind and capacity field of a column name; field None if the name says the offer only."""
    known = spellings()
    words = plain(name)
    for spelling in sorted(known.offers, key=lambda text: (-len(text), text)):
        match = re.search(rf"\b{re.escape(spelling)}\b", words)
        if match is None:
            continue
        rest = " ".join((words[: match.start()] + " " + words[match.end() :]).split())
        kind = known.offers[spelling]
        if not rest:
            return kind, ("usable_places" if spelling.endswith("plaetze") else None)
        for candidate in (rest, f"{rest} plaetze"):
            field = known.field("register", candidate)
            if field in CAPACITY_FIELDS:
                return kind, field
        return None
    return None


def coordinate_columns(header: Header) -> CoordinateColumns | None:
    """Longitude and latitude if there are such columns, else easting and northing."""
    epsg_column = header.fields.get("epsg")
    for first, second, is_degrees in (("lon", "lat", True), ("east", "north", False)):
        if first in header.fields and second in header.fields:
            columns = header.fields[first], header.fields[second]
            named = epsg_in(*(header.names[c] for c in columns))
            return CoordinateColumns(*columns, is_degrees, epsg_column, WGS84 if is_degrees and not named else named)
    return None


@dataclass(frozen=True)
class KindNames:
    """Which words stand for which kind, plain (see cells.plain)."""

    by_name: dict[str, str]

    @classmethod
    def of(cls, catalogue: Catalogue) -> KindNames:
        """Aliases, labels and ids of all cards; the first card wins where two share a word."""
        names: dict[str, str] = {}
        for kind in catalogue.kinds.values():
            for alias in kind.register_aliases:
                names.setdefault(plain(alias), kind.id)
        for kind in catalogue.kinds.values():
            for word in (kind.label.de, kind.plural.de, kind.id):
                names.setdefault(plain(word), kind.id)
        return cls(names)

    def find(self, text: str | None) -> tuple[str, ...]:
        """Kinds a cell names: one, or several in "Krippe/Kita" where each part is known; () if unknown."""
        if not text:
            return ()
        for candidate in (text, re.sub(r"[(\[].*?[)\]]", " ", text)):
            kind = self.by_name.get(plain(candidate))
            if kind:
                return (kind,)
        parts = [part for part in re.split(r"[/,;+&]|\bund\b|\bmit\b", text) if part.strip()]
        kinds = [self.by_name.get(plain(part)) for part in parts]
        if len(parts) > 1 and all(kinds):
            return tuple(dict.fromkeys(kind for kind in kinds if kind))
        return ()


def kind_column(sheet: Sheet, header: Header, names: KindNames) -> int | None:
    """The column that names the kind: by its heading, else the one whose cells mostly name kinds."""
    rows = [cells for _, cells in data_rows(sheet, header)]
    by_heading = header.fields.get("kind")
    best, share = by_heading, 0.0
    for column in range(len(header.names)):
        texts = [text_of(cells[column]) for cells in rows if isinstance(cells[column], str)]
        if texts:
            known = sum(bool(names.find(text)) for text in texts) / len(texts)
            if column == by_heading and known > 0:
                return column
            if known >= KIND_SHARE and known > share:
                best, share = column, known
    return best
