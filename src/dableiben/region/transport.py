# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Volunteer and on-demand transport of a region: newest entries, with the areas they serve."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from dableiben.core.ids import slug
from dableiben.region.areas import Municipality
from dableiben.region.place_names import PlaceNames
from dableiben.region.region import TRANSPORT_COLUMNS
from dableiben.sources.base import Reading

ALL_OF = re.compile(
    r"^(?:(?:der|die|das|im) )?(?:ganz(?:e[nrs]?)?|gesamte[nrs]?|alle orte|alle ortsteile)(?: (?:von|der|in|im))?\s+",
    re.IGNORECASE,
)
"""words before a municipality that mean all of it"""
WHOLE_REGION = frozenset(("kreisweit", "landkreis", "kreis", "kreisgebiet", "gesamter-landkreis", "ganzer-landkreis"))


def collect_transport(
    readings: Sequence[Reading], municipalities: Mapping[str, Municipality], inside: frozenset[str], region_name: str
) -> pd.DataFrame:
    """All offers by TRANSPORT_COLUMNS in the order given; a later file replaces offers (form, name) of earlier ones."""
    rows: list[dict[str, object]] = []
    for reading in readings:
        if reading.transport is None:
            continue
        table = reading.transport.assign(source=reading.report.source.file)
        new = [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
        named = {_identity(row) for row in new} - {None}
        rows = [row for row in rows if _identity(row) not in named] + new
    if not rows:
        return pd.DataFrame(columns=list(TRANSPORT_COLUMNS), dtype=object)
    search = _Areas.of(municipalities, inside, region_name)
    for row in rows:
        places = row["localities"] if isinstance(row["localities"], list) else []
        found = {place: search.ids(place) for place in places}
        row["area_ids"] = sorted({area_id for ids in found.values() for area_id in ids})
        row["places_unknown"] = [place for place, ids in found.items() if not ids]
    return pd.DataFrame(rows, columns=list(TRANSPORT_COLUMNS)).astype(object)


def _identity(row: Mapping[str, object]) -> tuple[str, str] | None:
    return (str(row["form"]), slug(str(row["name"]))) if isinstance(row["name"], str) else None


class _Areas:
    """Areas by the names people write for what a bus serves: municipality before locality before what lies above."""

    def __init__(self, names: PlaceNames, above: dict[str, list[str]]) -> None:
        self.names, self.above = names, above

    @classmethod
    def of(cls, municipalities: Mapping[str, Municipality], inside: frozenset[str], region_name: str) -> _Areas:
        """Index of all names."""
        above: dict[str, list[str]] = {}
        for m in municipalities.values():
            for upper, word in ((m.amt, "Amt"), (m.mittelbereich, "Mittelbereich")):
                for name in {slug(upper), slug(f"{word} {upper}")} if upper else ():
                    above.setdefault(name, []).append(m.ags)
        for name in {slug(region_name), *WHOLE_REGION}:
            above[name] = sorted(inside)
        return cls(PlaceNames.of(dict(municipalities)), above)

    def ids(self, place: str) -> list[str]:
        """Ids of the areas a text means; none if it fits nowhere, or to several places."""
        for text in dict.fromkeys((place, ALL_OF.sub("", place))):
            municipality = self.names.municipality(text)
            if municipality is not None:
                return [municipality.ags]
            found, locality_id = self.names.find(text)
            if locality_id is not None:
                return [locality_id]
            if slug(text) in self.above:
                return self.above[slug(text)]
            if found is not None:
                return [found.ags]
        return []
