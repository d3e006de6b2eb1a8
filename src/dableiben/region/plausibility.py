# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Data checks on what can hardly be true: places that contradict, dates ahead, one facility listed twice."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from dableiben.catalogue.load import Catalogue
from dableiben.core.ids import slug
from dableiben.core.run import Check
from dableiben.region.check_base import CHECKS, graded, labels, some
from dableiben.region.facilities import generic_words
from dableiben.region.region import Region

YEARS_AHEAD = 2
"""an entry newer than the population by more than this has a slip of the pen in its date"""
PAIRS = (
    ("occupied_places", "usable_places", "mehr belegte als nutzbare Plätze"),
    ("usable_places", "licensed_places", "mehr nutzbare als genehmigte Plätze"),
)


@CHECKS.register("plausible_places")
def plausible_places(region: Region, catalogue: Catalogue) -> Check | None:
    """Occupied, usable and licensed places in the order they must have, and dates of entries."""
    table = region.facilities
    parts = []
    for more, less, words in PAIRS:
        wrong = table[table[more].astype(float) > table[less].astype(float)]
        if len(wrong):
            parts.append(f"{len(wrong)} mit {words} ({some(labels(wrong, catalogue))})")
    late = [not pd.isna(day) and day.year > region.as_of.year + YEARS_AHEAD for day in table["as_of"]]
    if any(late):
        named = some(labels(table[late], catalogue))
        parts.append(f"{sum(late)} mit einem Stand, der weit in der Zukunft liegt ({named})")
    if not parts:
        return None
    return graded(
        "plausible_places", True, f"Einrichtungen: {'; '.join(parts)}.",
        "Die Zahlen beim Träger nachfragen; eine Überbelegung kann zutreffen.",
    )  # fmt: skip


@CHECKS.register("likely_twice")
def likely_twice(region: Region, catalogue: Catalogue) -> Check | None:
    """Entries of different registers that differ by words of their kind only (Kita, Kindertagesstätte)."""
    open_kinds = {kind.id for kind in catalogue.kinds.values() if kind.protection == "none"}
    table = region.facilities[region.facilities["kind"].isin(open_kinds) & region.facilities["restricted"].astype(bool)]
    words = generic_words(catalogue)
    pairs = []
    for _, rows in table[table["municipality_id"].notna()].groupby(["kind", "municipality_id"], sort=True):
        named = [row for row in rows.to_dict("records") if isinstance(row["name"], str)]
        for one, other in combinations(named, 2):
            apart = isinstance(one["locality_id"], str) and isinstance(other["locality_id"], str)
            if one["source"] == other["source"] or (apart and one["locality_id"] != other["locality_id"]):
                continue
            own = [set(slug(row["name"]).split("-")) - words[row["kind"]] for row in (one, other)]
            if own[0] and own[0] == own[1]:
                pairs.append(f"„{one['name']}“ und „{other['name']}“")
    if not pairs:
        return None
    return graded(
        "likely_twice", True, f"Vermutlich doppelt in mehreren Verzeichnissen: {some(pairs)}.",
        "Namen angleichen; ist es dieselbe Einrichtung, zählt sie sonst zweimal.",
    )  # fmt: skip


@CHECKS.register("own_norms")
def own_norms(region: Region, catalogue: Catalogue) -> Check | None:
    """Own norm cards that hold neither on the day nor here."""
    own = [norm for norm in catalogue.norms.values() if catalogue.is_own("norms", norm.id) and norm.values]
    idle = sorted(norm.id for norm in own if norm.value_on(region.as_of, region.norm_keys) is None)
    if not own:
        return None
    return graded(
        "own_norms", bool(idle),
        f"{len(own) - len(idle)} von {len(own)} eigenen Normen gelten am {region.as_of:%d.%m.%Y} in der Region"
        + (f"; nicht: {some(idle)}." if idle else "."),
        "valid_from, valid_to, area und source auf der Karte prüfen.",
    )  # fmt: skip


@CHECKS.register("grid_place")
def grid_place(region: Region, _: Catalogue) -> Check | None:
    """Whether the grid lies in the region at all."""
    if not region.grid_cells:
        return None
    inside = 0 if region.cells_of_homes or region.cells.empty else int(region.cells["inside"].astype(bool).sum())
    if inside:
        return graded("grid_place", False, f"{inside} von {region.grid_cells} Rasterzellen liegen in der Region.", "")
    return graded(
        "grid_place", True, f"Das Raster enthält keine Zelle der Region ({region.grid_cells} Zellen liegen anderswo).",
        "Das Raster für dieses Gebiet laden; Koordinaten in EPSG:3035.", severity="red",
    )  # fmt: skip


@CHECKS.register("structurally_weak")
def structurally_weak(region: Region, _: Catalogue) -> Check | None:
    """Municipalities that a table of areas calls structurally weak, with who says so."""
    rows = region.areas[region.areas["inside"].astype(bool) & region.areas["structurally_weak"].eq(True)]
    if rows.empty:
        return None
    said = rows["structurally_weak_source"].where(rows["structurally_weak_source"].notna(), "ohne Quelle")
    parts = [f"{some(sorted(rows['name'][said == source]))} ({source})" for source in sorted(set(said))]
    return graded(
        "structurally_weak", "ohne Quelle" in set(said), f"Als strukturschwach gelten: {'; '.join(parts)}.",
        "In der Gebietstabelle die Spalte „Quelle“ füllen.",
    )  # fmt: skip
