# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which municipality and locality a list means: names as people write them, keys that lost their zero."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from dableiben.core.errors import InputError
from dableiben.core.ids import LAND_BY_KEY, ags_from_ars, parse_ags, slug
from dableiben.region.areas import Municipality

TITLES = frozenset((
    "gemeinde", "stadt", "markt", "flecken", "hansestadt", "kreisstadt", "universitaetsstadt", "landeshauptstadt",
    "samtgemeinde", "einheitsgemeinde", "ortsgemeinde", "ortsteil", "ot", "stadtteil", "d",
))  # fmt: skip
"""words before or behind a name that are not part of it"""
BRACKETS = re.compile(r"[(\[](.*?)[)\]]")
POSTCODE = re.compile(r"^\s*(?:D[- ]*)?\d{5}\s+(?=\D)")

Spot = tuple[Municipality | None, str | None]
"""municipality, and locality id; None where it is not known"""


def bare(name: str) -> str:
    """A name as a key without brackets, postcode and titles: "63674 Altenstadt, Gemeinde (Hessen)" -> altenstadt."""
    words = slug(BRACKETS.sub(" ", POSTCODE.sub("", name))).split("-")
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in TITLES:
        words = words[:-1]
    return "-".join(words)


@dataclass(frozen=True)
class PlaceNames:
    """Names of the municipalities and localities of a region. A name of two places stands for neither."""

    by_ags: dict[str, Municipality]
    exact: dict[str, list[Municipality]]
    loose: dict[str, list[Municipality]]
    localities: dict[str, list[tuple[Municipality, str]]]
    """bare name -> municipality and locality id"""

    @classmethod
    def of(cls, municipalities: dict[str, Municipality]) -> PlaceNames:
        """Index of all names."""
        exact: dict[str, list[Municipality]] = {}
        loose: dict[str, list[Municipality]] = {}
        localities: dict[str, list[tuple[Municipality, str]]] = {}
        for m in municipalities.values():
            if m.name:
                exact.setdefault(slug(m.name), []).append(m)
                loose.setdefault(bare(m.name), []).append(m)
            for entry in m.localities.values():
                spot = (m, m.locality_id(entry["name"]))
                for key in sorted({slug(entry["name"]), bare(entry["name"])}):
                    localities.setdefault(key, []).append(spot)
        return cls(dict(municipalities), exact, loose, localities)

    def find(self, municipality: object, locality: object = None) -> Spot:
        """The place a row names by its columns municipality (name or key) and locality."""
        town = str(municipality) if is_said(municipality) else None
        village = str(locality) if is_said(locality) else None
        if town is None:
            return self._alone(village) if village else (None, None)
        m = self.municipality(town)
        if m is not None:
            return m, self._locality(m, village or m.name)
        spot = self._alone(town)  # "Ort" often holds the village
        if spot[0] is None:
            spot = self._joined(town)
        if spot[0] is None and village:
            # A list that names municipalities by their key only leaves nothing to compare the name with.
            alone = self._alone(village)
            spot = alone if alone[0] is not None and alone[0].name is None else spot
        return spot if village is None or spot[0] is None else (spot[0], self._locality(spot[0], village) or spot[1])

    def municipality(self, text: str) -> Municipality | None:
        """A municipality by key or name; the exact name first. None if there is none, or several."""
        if re.fullmatch(r"[\d ]+(\.0)?", text.strip()):
            return self.by_ags.get(_key(text) or "")
        for named in (self.exact.get(slug(text)), self.loose.get(bare(text))):
            if named:
                return named[0] if len(named) == 1 else None
        return None

    def _locality(self, m: Municipality, name: str | None) -> str | None:
        if not name:
            return None
        found = [i for key in (slug(name), bare(name)) for town, i in self.localities.get(key, []) if town is m]
        return found[0] if found else None

    def _alone(self, name: str) -> Spot:
        for key in (slug(name), bare(name)):
            spots = self.localities.get(key)
            if spots:
                return spots[0] if len({i for _, i in spots}) == 1 else (None, None)
        return None, None

    def _joined(self, text: str) -> Spot:
        """ "Altenstadt-Adorf", "Altenstadt OT Adorf", "Adorf (Altenstadt)"; both parts must be known."""
        inner = BRACKETS.search(text)
        parts = [(inner[1], BRACKETS.sub(" ", text))] if inner else []
        words = slug(POSTCODE.sub("", text)).split("-")
        parts += [("-".join(words[:n]), "-".join(words[n:])) for n in range(1, len(words))]
        for town, village in parts:
            m = self.municipality(town)
            locality_id = self._locality(m, village) if m is not None else None
            if locality_id is not None:
                return m, locality_id
        return None, None


def _key(text: str) -> str | None:
    digits = re.sub(r"\s|\.0$", "", text)
    if len(digits) in (11, 12) and digits.zfill(12)[:2] in LAND_BY_KEY:
        return ags_from_ars(digits.zfill(12))
    try:
        return parse_ags(digits)[0]
    except InputError:
        return None


def is_said(value: object) -> bool:
    """Whether a cell says something."""
    return not (value is None or value is pd.NA or (isinstance(value, float) and value != value) or value == "")
