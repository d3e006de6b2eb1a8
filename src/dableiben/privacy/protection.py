# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Protected places: what must not be found on a map, in a table, by a travel time or by a name.

`hidden` (Frauenhaus): the facility itself is left out everywhere; what is said stays at district level and
without ways, because a travel time or a table per municipality would show where it is.
`locality_only` (Kindertagespflege, often a private flat): its locality is named, nothing closer; travel times
are left out in every municipality where such a place is the nearest one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dableiben.catalogue.load import Catalogue
from dableiben.core.ids import slug
from dableiben.privacy.hierarchy import Hierarchy
from dableiben.privacy.released import PROTECTED

WIDE_LEVELS = ("district", "mittelbereich")
NAME_LENGTH_MIN = 4


@dataclass(frozen=True)
class Protection:
    """Which services and facilities are protected, and the words that would give them away."""

    hidden: frozenset[str]
    """kinds and pools with a hidden kind"""
    coarse: frozenset[str]
    """kinds and pools with a kind of which only the locality is named"""
    hidden_ids: frozenset[str]
    coarse_ids: Mapping[str, str]
    """facility_id -> id under which it is released"""
    words: tuple[str, ...]
    """names and ids that no released text may contain"""

    @classmethod
    def of(cls, catalogue: Catalogue, facilities: pd.DataFrame) -> Protection:
        """From the cards' `protection` and the facilities of a run."""
        by_class = {
            wanted: {k for k, card in catalogue.kinds.items() if card.protection == wanted}
            for wanted in ("hidden", "locality_only")
        }
        hidden, coarse = (
            kinds | {p for p, pool in catalogue.pools.items() if kinds & set(pool.kinds)} for kinds in by_class.values()
        )
        order = facilities.sort_values(["kind", "facility_id"])
        hidden_rows = order[order["kind"].isin(by_class["hidden"])]
        coarse_rows = order[order["kind"].isin(by_class["locality_only"])]
        new_ids = {f: f"{k}-{n}" for n, (f, k) in enumerate(_pairs(coarse_rows, "facility_id", "kind"), 1)}
        ids = [*hidden_rows["facility_id"], *new_ids]
        words = sorted({*ids, *_names(catalogue, facilities, set(ids))})
        return cls(
            frozenset(hidden),
            frozenset(coarse - hidden),
            frozenset(hidden_rows["facility_id"]),
            new_ids,
            tuple(words),
        )

    def facilities(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Without hidden ones; of coarse ones only kind, locality and capacities."""
        frame = frame[~frame["facility_id"].isin(self.hidden_ids)].copy()
        coarse = frame["facility_id"].isin(self.coarse_ids)
        for column in ("name", "x_m", "y_m", "provider", "opening_hours"):
            frame[column] = frame[column].astype(object).where(~coarse, None)
        frame["facility_id"] = [self.coarse_ids.get(f, f) for f in frame["facility_id"]]
        frame["withheld"] = [PROTECTED if c else None for c in coarse]
        return frame

    def cells(self, frame: pd.DataFrame, hierarchy: Hierarchy) -> pd.DataFrame:
        """Without travel times that lead to a protected place, or lie around one that does."""
        protected = {*self.hidden_ids, *self.coarse_ids}
        frame = frame[~frame["kind"].isin(self.hidden)].copy()
        frame["withheld"] = None
        places = frame["area_id"].astype(object).unique()
        around = {a: hierarchy.at_level(a, "municipality") or a for a in places if isinstance(a, str)}
        place = frame["area_id"].map(around).fillna("")
        near = frame["nearest_facility_id"].isin(protected)
        mask = pd.Series(False, index=frame.index)
        for kind in sorted(set(frame.loc[near, "kind"])):
            mine = frame["kind"] == kind
            mask |= mine & place.isin(place[mine & near].unique())
        for column in ("travel_time_min", "nearest_facility_id", "status_distance"):
            frame[column] = frame[column].astype(object).where(~mask, None)
        frame.loc[mask, "withheld"] = PROTECTED
        return frame

    def by_area(self, frame: pd.DataFrame, hierarchy: Hierarchy) -> pd.DataFrame:
        """Rows of a table with kind and area: of hidden services only those of a whole district."""
        wide = [hierarchy.level.get(a) in WIDE_LEVELS for a in frame["area_id"]]
        return frame[~frame["kind"].isin(self.hidden) | pd.Series(wide, index=frame.index, dtype=bool)].copy()

    def gaps(self, frame: pd.DataFrame, hierarchy: Hierarchy) -> pd.DataFrame:
        """Of hidden services only gaps of content in a whole district."""
        frame = self.by_area(frame, hierarchy)
        way = frame["mode"].notna() | (frame["dimension"] != "content")
        return frame[~(frame["kind"].isin(self.hidden) & way)].copy()

    def unknowns(self, frame: pd.DataFrame, hierarchy: Hierarchy) -> pd.DataFrame:
        """Without ids of hidden facilities; of hidden services only rows of a whole district or none."""
        nowhere = frame["area_id"].isna()
        wide = self.by_area(frame[~nowhere], hierarchy)
        frame = pd.concat([wide, frame[nowhere]]) if nowhere.any() else wide
        frame = frame.sort_index().copy()
        frame["facility_ids"] = frame["facility_ids"].map(self.ids)
        return frame

    def indicators(self, frame: pd.DataFrame, hierarchy: Hierarchy) -> pd.DataFrame:
        """Without ways to protected places seen from small areas, without hidden facilities."""
        frame = frame[~frame["facility_id"].isin(self.hidden_ids)].copy()
        level = frame["area_id"].map(lambda a: hierarchy.level.get(a) if isinstance(a, str) else None)
        way = frame["mode"].notna()
        wide = level.isin(WIDE_LEVELS)
        hidden = frame["kind"].isin(self.hidden) & (way | ~wide)
        near = frame["facility_id"].isin(self.coarse_ids) | level.isin(["locality", "school_district"])
        coarse = frame["kind"].isin(self.coarse) & way & near
        frame = frame[~hidden & ~coarse].copy()
        frame["facility_id"] = [self.coarse_ids.get(f, f) if isinstance(f, str) else None for f in frame["facility_id"]]
        return frame

    def ids(self, value: Any) -> list[str] | None:
        """Facility ids as they may be released."""
        if value is None or (isinstance(value, float) and value != value):
            return None
        return [self.coarse_ids.get(str(f), str(f)) for f in value if f not in self.hidden_ids]


def _names(catalogue: Catalogue, facilities: pd.DataFrame, protected: set[str]) -> set[str]:
    """Names only protected facilities have; a mere label ("Kindertagespflege") is no name."""
    labels: set[str] = set()
    for card in catalogue.kinds.values():
        labels |= {slug(word) for word in (card.label.de, card.plural.de, *card.register_aliases)}
    mine = facilities["facility_id"].isin(protected)
    others = {slug(str(n)) for n in facilities.loc[~mine, "name"] if isinstance(n, str)}
    names = {str(n).strip() for n in facilities.loc[mine, "name"] if isinstance(n, str)}
    return {n for n in names if len(n) >= NAME_LENGTH_MIN and slug(n) not in labels | others}


def _pairs(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(zip(*(frame[column].tolist() for column in columns), strict=True))
