# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Same facility in two sources: by kind, distance and name; differences are listed, decisions win."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from dableiben.core.ids import slug

COMPARED = ("licensed_places", "usable_places", "occupied_places", "opening_hours", "barrier_free", "provider")


@dataclass(frozen=True)
class MatchRule:
    """Numbers of the rule, from the assessment card."""

    within_m: float
    name_similarity: float
    same_place_m: float
    """closer than this, two entries of one kind are the same unless their names contradict"""


@dataclass(frozen=True)
class Matched:
    """Pairs (index in register, index in OSM), each used once, and how sure the best rival was."""

    pairs: tuple[tuple[int, int], ...]


def name_likeness(one: object, other: object, generic: frozenset[str]) -> float | None:
    """0..1 how alike two names are without the generic words of the kind; None if one has no name."""
    first, second = (_bare(name, generic) for name in (one, other))
    if not first or not second:
        return None
    if set(first.split("-")) <= set(second.split("-")) or set(second.split("-")) <= set(first.split("-")):
        return 1.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _bare(name: object, generic: frozenset[str]) -> str:
    if not isinstance(name, str):
        return ""
    words = [w for w in slug(re.sub(r"e\.\s?V\.", "", name)).split("-") if w not in generic]
    return "-".join(words)


def match(
    register: pd.DataFrame,
    osm: pd.DataFrame,
    rule: MatchRule,
    generic: Mapping[str, frozenset[str]],
    decided: Mapping[tuple[str, str], bool],
) -> Matched:
    """One-to-one pairs of the same kind, most alike and nearest first; ties by source id.

    register, osm   FACILITIES rows; the rule needs coordinates, a decision does not
    decided         (register id, osm id) -> same or not: a person's decision wins over the rule, at any distance
    """
    candidates: list[tuple[float, float, str, str, int, int]] = []
    for kind in sorted(set(register["kind"]) & set(osm["kind"])):
        ours, theirs = register[register["kind"] == kind], osm[osm["kind"] == kind]
        candidates += _decided(ours, theirs, decided)
        ours = ours[ours["x_m"].notna()]
        candidates += _candidates(ours, theirs, rule, generic.get(kind, frozenset()), decided)
    candidates.sort()
    used: set[tuple[str, int]] = set()
    pairs = []
    for *_, left, right in candidates:
        if ("r", left) not in used and ("o", right) not in used:
            used |= {("r", left), ("o", right)}
            pairs.append((left, right))
    return Matched(tuple(sorted(pairs)))


def _decided(
    ours: pd.DataFrame, theirs: pd.DataFrame, decided: Mapping[tuple[str, str], bool]
) -> list[tuple[float, float, str, str, int, int]]:
    """Pairs a person called the same; they come before every likeness."""
    left, right = (dict(zip(table["source_id"], table.index, strict=True)) for table in (ours, theirs))
    return [
        (-np.inf, 0.0, a, b, int(left[a]), int(right[b]))
        for (a, b), same in decided.items()
        if same and a in left and b in right
    ]


def _candidates(
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    rule: MatchRule,
    generic: frozenset[str],
    decided: Mapping[tuple[str, str], bool],
) -> list[tuple[float, float, str, str, int, int]]:
    if ours.empty or theirs.empty:
        return []
    found = []
    tree = cKDTree(theirs[["x_m", "y_m"]].to_numpy(float))
    near = tree.query_ball_point(ours[["x_m", "y_m"]].to_numpy(float), rule.within_m)
    for (left, a), positions in zip(ours.iterrows(), near, strict=True):
        for position in sorted(positions):
            b = theirs.iloc[position]
            distance_m = float(np.hypot(a["x_m"] - b["x_m"], a["y_m"] - b["y_m"]))
            if (a["source_id"], b["source_id"]) in decided:
                continue
            alike = name_likeness(a["name"], b["name"], generic)
            if distance_m <= rule.same_place_m if alike is None else alike >= rule.name_similarity:
                key = (-(alike if alike is not None else 0.5), distance_m, a["source_id"], b["source_id"])
                found.append((*key, int(str(left)), int(str(theirs.index[position]))))
    return found


def merge(register: pd.DataFrame, osm: pd.DataFrame, matched: Matched) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Register rows completed by their OSM partner, then OSM rows without partner; and the conflicts.

    The register decides; OSM fills what the register leaves empty, and a difference is listed. Where the register
    tells the locality only (`located`), OSM tells the place. One house on the map may be several offers of the
    register (Krippe and Kita): its capacity stands against their sum and fills none of them.
    """
    rows = register.to_dict("records")
    position = {index: number for number, index in enumerate(register.index)}
    osm_ids: list[str | None] = [None] * len(rows)
    conflicts: list[dict[str, Any]] = []
    offers = _offers_of_house(matched, osm)
    for left, right in matched.pairs:
        partner, mine = osm.loc[right], rows[position[left]]
        osm_ids[position[left]] = str(partner["source_id"])
        if mine.get("located") == "locality":
            mine |= {"x_m": partner["x_m"], "y_m": partner["y_m"], "located": "given"}
        together = offers[str(partner["source_id"])]
        for column in register.columns:
            ours, theirs = mine[column], partner.get(column)
            if column == "licensed_places" and len(together) > 1:
                each = [rows[position[offer]][column] for offer in together]
                ours = float("nan") if any(_missing(places) for places in each) else sum(each)
                theirs = theirs if left == together[0] and not _missing(ours) else None
            if _missing(ours) and not _missing(theirs):
                mine[column] = theirs
            elif column in COMPARED and not _missing(theirs) and ours != theirs:
                conflicts.append(
                    {"source_id": mine["source_id"], "what": column, "register": str(ours), "osm": str(theirs)}
                )
    merged = pd.DataFrame(rows, columns=list(register.columns), dtype=object)
    merged["osm_id"] = pd.Series(osm_ids, dtype=object)
    partners = {right for _, right in matched.pairs}
    rest = osm[~osm.index.isin(sorted(partners))].astype(object)
    rest = rest.assign(osm_id=rest["source_id"])
    return pd.concat([merged, rest], ignore_index=True), conflicts


def _offers_of_house(matched: Matched, osm: pd.DataFrame) -> dict[str, list[int]]:
    """OSM id -> register rows it is matched with, one per kind."""
    offers: dict[str, list[int]] = {}
    for left, right in matched.pairs:
        offers.setdefault(str(osm.at[right, "source_id"]), []).append(left)
    return offers


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and value != value)
