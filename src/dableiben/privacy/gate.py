# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The one gate between internal results and everything that leaves the house."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, cast

import pandas as pd

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.core.run import Check, Results, RunInfo
from dableiben.core.tables import TableContract
from dableiben.privacy.coverage import coverage_table, need_by_area, rounded_share, share_step
from dableiben.privacy.entries import SHARE_UNITS, Entries, need_tie
from dableiben.privacy.hierarchy import Hierarchy
from dableiben.privacy.ledger import Ledger, Tie, is_small
from dableiben.privacy.protection import Protection
from dableiben.privacy.released import _TOKEN, PARTS, RELEASED_TABLES, SMALL, Released
from dableiben.privacy.suppress import withheld_ties
from dableiben.privacy.texts import INTERNAL_TEXT, SMALL_TEXT, clean_tree, cleaner

Frames = dict[str, pd.DataFrame]
Clean = Callable[[str, str], str]
GAP_NUMBERS = tuple(f"{what}_{end}" for what in ("persons", "person_hours_week") for end in ("low", "best", "high"))
ROUNDS_MAX = 20


def release(
    results: Results,
    catalogue: Catalogue,
    *,
    minimum_count: int | None = None,
    restricted: bool | None = None,
    council: bool = False,
) -> Released:
    """Make of internal results what may be shown, printed and exported.

    Personal and internal columns are dropped; protected places are removed (privacy.protection); if a
    restricted input was read, counts of persons with 0 < n < minimum are withheld together with as many
    others as keep every withheld count uncertain by at least the minimum (privacy.suppress). Zero is shown.

    minimum_count   local rule; default: the assessment card. Never under the packaged card (3).
    restricted      default: whether any source in run.json is restricted (a municipality's own list)
    council         keep confirmed gaps only
    """
    hierarchy = Hierarchy.of(results.areas)
    protection = Protection.of(catalogue, results.tables["facilities"])
    sources = results.run["sources"]
    is_restricted = any(s["restricted"] for s in sources) if restricted is None else restricted
    minimum = effective_minimum(catalogue, minimum_count) if is_restricted else None
    frames, by_area = _protected(results, protection, hierarchy, minimum)
    clean = cleaner(protection.words, minimum)
    if minimum is not None:
        _withhold(frames, by_area, hierarchy, minimum)
    _clean_texts(frames, clean)
    if council:
        frames["gaps"] = frames["gaps"][frames["gaps"]["review_status"] == "confirmed"]
    frames["gaps"] = _ranked(frames["gaps"])
    tables = {name: _conform(frames[name], contract) for name, contract in RELEASED_TABLES.items()}
    areas = results.areas[results.areas["area_id"].isin(hierarchy.inside)]
    areas = areas.sort_values("area_id", ignore_index=True)
    return Released(
        tables, areas, results.size_m, _released_run(results.run, clean), minimum, council, token=_TOKEN
    )  # fmt: skip


def effective_minimum(catalogue: Catalogue, local: int | None = None) -> int:
    """The minimum in force: a local rule or card may raise the packaged one, not lower it."""
    return max(_packaged_minimum(), catalogue.assessment.minimum_count, local or 0)


@cache
def _packaged_minimum() -> int:
    return load_catalogue().assessment.minimum_count


def _protected(
    results: Results, protection: Protection, hierarchy: Hierarchy, minimum: int | None
) -> tuple[Frames, pd.DataFrame]:
    tables = results.tables
    by_area = need_by_area(tables["need"], hierarchy)
    coverage = coverage_table(by_area, hierarchy, minimum)
    frames = {
        "gaps": protection.gaps(tables["gaps"], hierarchy),
        "unknowns": protection.unknowns(tables["unknowns"], hierarchy),
        "coverage": protection.by_area(coverage, hierarchy),
        "balance": protection.by_area(tables["balance"], hierarchy),
        "indicators": protection.indicators(tables["indicators"], hierarchy),
        "cells": protection.cells(tables["cells"], hierarchy),
        "facilities": protection.facilities(tables["facilities"]),
    }
    for name, frame in frames.items():
        if "withheld" not in frame:
            frame["withheld"] = None
        frame["withheld"] = frame["withheld"].astype(object)
        frames[name] = frame.reset_index(drop=True)
    return frames, by_area


def entries_of(frames: Frames, by_area: pd.DataFrame, hierarchy: Hierarchy, minimum: int) -> Entries:
    """All counts of the tables that are to be released, and their sums."""
    entries = Entries(Ledger(), hierarchy, minimum)
    entries.need(by_area, frames["coverage"], frames["indicators"])
    entries.balance(frames["balance"])
    entries.gaps(frames["gaps"])
    entries.shortfalls(frames["gaps"], frames["balance"])
    entries.unknowns(frames["unknowns"])
    entries.indicators(frames["indicators"])
    return entries


def _withhold(frames: Frames, by_area: pd.DataFrame, hierarchy: Hierarchy, minimum: int) -> None:
    entries = entries_of(frames, by_area, hierarchy, minimum)
    forced: set[Tie] = _small_ends(frames["gaps"], minimum)
    ties: frozenset[Tie] = frozenset()
    for _ in range(ROUNDS_MAX):
        ties = withheld_ties(entries.ledger, minimum, forced)
        more = _implied(frames, ties) - ties
        if not more:
            break
        forced |= more
    _mark_gaps(frames["gaps"], ties)
    _mark_coverage(frames["coverage"], ties)
    _mark(frames["balance"], ["need_persons", "saldo_places"], _needs(frames["balance"], ties))
    unknown = [("unknown", number) in ties for number in range(len(frames["unknowns"]))]
    _mark(frames["unknowns"], ["persons_best"], unknown)
    _mark(frames["indicators"], ["value"], _indicator_rows(frames, ties))
    _round_shares(frames["indicators"], entries, minimum)
    occupied = frames["facilities"]["occupied_places"]
    _mark(frames["facilities"], ["occupied_places"], [pd.notna(v) and is_small(v, minimum) for v in occupied])


def _mark_coverage(coverage: pd.DataFrame, ties: frozenset[Tie]) -> None:
    secret = _needs(coverage, ties)
    _mark(coverage, ["need_persons"], secret)
    too_few = [step == math.inf or s for step, s in zip(coverage["share_step"], secret, strict=True)]
    for part in PARTS:
        rows = coverage[["kind", "group", "area_id"]].itertuples(index=False)
        in_tie = [("part", k, g, part, a) in ties for k, g, a in rows]
        _mark(coverage, [f"{part}_share"], [a or b for a, b in zip(too_few, in_tie, strict=True)], given=True)
    coverage["share_step"] = coverage["share_step"].where(~pd.Series(too_few, index=coverage.index), None)


def _round_shares(indicators: pd.DataFrame, entries: Entries, minimum: int) -> None:
    """Shares of persons as multiples of a step that leaves the minimum open."""
    need = entries.need_of_kind()
    shares = indicators["unit"].isin(list(SHARE_UNITS)) & indicators["value"].notna() & indicators["area_id"].notna()
    rows = indicators[shares]
    found: list[float | None] = []
    for kind, area_id, value, unit in rows[["kind", "area_id", "value", "unit"]].itertuples(index=False):
        step = share_step(need.get((kind, area_id), (0.0,))[0], minimum)
        rounded = rounded_share(float(value) * SHARE_UNITS[unit], step)
        found.append(None if rounded is None else round(rounded / SHARE_UNITS[unit], 10))
    indicators["value"] = indicators["value"].astype(object)
    indicators.loc[shares, "value"] = pd.Series(found, index=rows.index, dtype=object)
    _mark(indicators, ["value"], list(shares & indicators["value"].isna()), given=True)


def _small_ends(gaps: pd.DataFrame, minimum: int) -> set[Tie]:
    """Gaps of which the lower or the upper end is a small count."""
    ends = gaps[["persons_low", "persons_best", "persons_high"]].astype(float).to_numpy()
    small = [any(is_small(v, minimum) for v in row) for row in ends]
    return {("gap", g) for g, is_one in zip(gaps["gap_id"], small, strict=True) if is_one}


def _implied(frames: Frames, ties: frozenset[Tie]) -> set[Tie]:
    """A gap often concerns all of an area: where the area's need is withheld, so is the gap."""
    gaps = frames["gaps"]
    rows = zip(gaps["gap_id"], gaps["group"], gaps["area_id"], strict=True)
    found: set[Tie] = {("gap", gap_id) for gap_id, group, area_id in rows if need_tie(group, area_id) in ties}
    unknowns = frames["unknowns"]
    entries = zip(unknowns["group"], unknowns["area_id"], strict=True)
    found |= {("unknown", n) for n, (g, a) in enumerate(entries) if isinstance(a, str) and need_tie(g, a) in ties}
    return found


def _needs(frame: pd.DataFrame, ties: frozenset[Tie]) -> list[bool]:
    return [need_tie(g, a) in ties for g, a in zip(frame["group"], frame["area_id"], strict=True)]


def _indicator_rows(frames: Frames, ties: frozenset[Tie]) -> list[bool]:
    """Every indicator of an area rests on its need: withheld where the need of one of its groups is."""
    hidden = {(t[1], t[2]) for t in ties if isinstance(t, tuple) and t[0] == "need"}
    groups: dict[str, set[str]] = {}
    for name in ("coverage", "balance"):
        for kind, group in zip(frames[name]["kind"], frames[name]["group"], strict=True):
            groups.setdefault(kind, set()).add(str(group).split(".", 1)[0])
    rows = zip(frames["indicators"]["kind"], frames["indicators"]["area_id"], strict=True)
    return [
        ("indicator", number) in ties or any((g, area_id) in hidden for g in sorted(groups.get(kind, ())))
        for number, (kind, area_id) in enumerate(rows)
    ]


def _mark(frame: pd.DataFrame, columns: list[str], rows: list[bool], *, given: bool = False) -> None:
    """Empty columns in rows and say why; rows where nothing was known stay unknown, not withheld.

    given  something was known, even if the columns are empty already
    """
    mask = pd.Series(rows, index=frame.index, dtype=bool)
    if not given:
        mask &= frame[columns].notna().any(axis=1)
    for column in columns:
        frame[column] = frame[column].astype(object).where(~mask, None)
    before = frame.loc[mask, "withheld"]
    frame.loc[mask, "withheld"] = [SMALL if v is None or SMALL in v else f"{SMALL},{v}" for v in before]


def _mark_gaps(gaps: pd.DataFrame, ties: frozenset[Tie]) -> None:
    rows = [("gap", g) in ties for g in gaps["gap_id"]]
    content = [r and d == "content" for r, d in zip(rows, gaps["dimension"], strict=True)]
    _mark(gaps, list(GAP_NUMBERS), rows)
    # Missing places are missing persons; target minus supply would say how many.
    _mark(gaps, ["target", "severity"], content)
    mask = pd.Series(rows, index=gaps.index, dtype=bool)
    for lang in ("de", "en"):
        gaps.loc[mask, f"explanation_{lang}"] = SMALL_TEXT[lang]
    gaps.loc[mask, "review_note"] = None


def _ranked(gaps: pd.DataFrame) -> pd.DataFrame:
    """Ranks anew: inside a tier, gaps with a withheld number stand last, since a rank would bound it."""
    order = gaps.sort_values("rank", kind="stable")
    tier = {t: n for n, t in enumerate(dict.fromkeys(order["tier"]))}
    secret = gaps["withheld"].notna()
    keys = pd.DataFrame(
        {
            "tier": gaps["tier"].map(tier),
            "secret": secret,
            "rank": gaps["rank"].where(~secret, 0),
            "gap_id": gaps["gap_id"],
        }
    )
    placed = keys.sort_values(["tier", "secret", "rank", "gap_id"]).index
    gaps = gaps.loc[placed].reset_index(drop=True)
    gaps["rank"] = range(1, len(gaps) + 1)
    return gaps


def _clean_texts(frames: Frames, clean: Clean) -> None:
    columns = {
        "gaps": ("explanation_de", "explanation_en", "review_note"),
        "unknowns": ("reason", "missing_entry"),
    }
    for name, texts in columns.items():
        for column in texts:
            lang = "en" if column.endswith("_en") else "de"
            values = frames[name][column].tolist()
            cleaned = [clean(v, lang) if isinstance(v, str) else None for v in values]
            frames[name][column] = pd.Series(cleaned, index=frames[name].index, dtype=object)
    unknowns = frames["unknowns"]
    # Two entries whose texts became the same are one row.
    frames["unknowns"] = unknowns.drop_duplicates(list(RELEASED_TABLES["unknowns"].key))


def _conform(frame: pd.DataFrame, contract: TableContract) -> pd.DataFrame:
    """Only released columns, sorted; also the proof that the contract holds."""
    frame = frame[contract.names].reset_index(drop=True)
    contract.arrow(frame)
    return frame.sort_values(list(contract.sort), ignore_index=True, na_position="last") if len(frame) else frame


def _released_run(run: RunInfo, clean: Clean) -> RunInfo:
    content: dict[str, Any] = {key: value for key, value in run.items() if key != "clock"}
    content["sources"] = [
        {**source, "lost": clean_tree(source["lost"], clean), "notes": clean_tree(source["notes"], clean)}
        for source in run["sources"]
    ]
    content["checks"] = [_released_check(check, clean) for check in run["checks"]]
    return cast(RunInfo, content)


def _released_check(check: Check, clean: Clean) -> Check:
    if check.get("internal"):
        return {**check, "text_de": INTERNAL_TEXT["de"], "hint_de": ""}
    return {**check, "text_de": clean(check["text_de"], "de"), "hint_de": clean(check["hint_de"], "de")}
