# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The one gate between internal results and everything that leaves the house."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, cast

import pandas as pd

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.core.run import Check, Results, RunInfo
from dableiben.core.tables import TableContract
from dableiben.privacy.ages import Ages, ages_of
from dableiben.privacy.council import keep_confirmed
from dableiben.privacy.coverage import base_group, coverage_table, need_by_area
from dableiben.privacy.entries import Entries, need_tie
from dableiben.privacy.hierarchy import Hierarchy
from dableiben.privacy.ledger import Ledger, Tie, is_small
from dableiben.privacy.marks import (
    Frames,
    indicator_rows,
    mark,
    mark_coverage,
    mark_gaps,
    mark_rounded_away,
    needs,
    round_shares,
)
from dableiben.privacy.presence import presence_by_area, round_presence
from dableiben.privacy.protection import Protection
from dableiben.privacy.released import _TOKEN, PARTS, RELEASED_TABLES, Released
from dableiben.privacy.rounding import (
    below_of,
    coarse_parts,
    round_gaps,
    round_indicators,
    round_needs,
    round_unknowns,
    steps_without_ages,
)
from dableiben.privacy.suppress import withheld_ties
from dableiben.privacy.texts import INTERNAL_TEXT, clean_tree, cleaner
from dableiben.privacy.whole import Rounding

Clean = Callable[[str, str], str]
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
    council         facts, and judgements of confirmed gaps only (privacy.council)
    """
    hierarchy = Hierarchy.of(results.areas)
    protection = Protection.of(catalogue, results.tables["facilities"])
    sources = results.run["sources"]
    is_restricted = any(s["restricted"] for s in sources) if restricted is None else restricted
    minimum = effective_minimum(catalogue, minimum_count) if is_restricted else None
    frames, by_area = _protected(results, protection, hierarchy, minimum)
    clean = cleaner(protection.words, minimum)
    if minimum is not None:
        _withhold(results, frames, by_area, hierarchy, minimum)
    _clean_texts(frames, clean)
    if council:
        keep_confirmed(frames)
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
        "presence": presence_by_area(tables["presence"], hierarchy),
    }
    for name, frame in frames.items():
        for column in ("withheld", "rounded_to"):
            if column not in frame:
                frame[column] = None
        frame["withheld"] = frame["withheld"].astype(object)
        frames[name] = frame.reset_index(drop=True)
    return frames, by_area


def entries_of(
    frames: Frames, by_area: pd.DataFrame, hierarchy: Hierarchy, minimum: int, *, indicators: bool = True
) -> Entries:
    """All counts of the tables that are to be released, and their sums."""
    entries = Entries(Ledger(), hierarchy, minimum)
    entries.need(by_area, frames["coverage"], frames["indicators"])
    entries.balance(frames["balance"])
    entries.gaps(frames["gaps"])
    entries.shortfalls(frames["gaps"], frames["balance"])
    entries.unknowns(frames["unknowns"])
    if indicators:
        entries.indicators(frames["indicators"])
    return entries


def _withhold(
    results: Results, frames: Frames, by_area: pd.DataFrame, hierarchy: Hierarchy, minimum: int
) -> None:
    """Withhold and round, in place, until neither sums of areas nor sums of ages give a small count away."""
    is_even = _even_indicators(frames)
    entries = entries_of(frames, by_area, hierarchy, minimum, indicators=not is_even)
    ties = _ties(frames, entries, _small_ends(frames["gaps"], minimum), minimum)
    ages, steps = None, steps_without_ages(hierarchy.level)
    if len(results.tables["ages"]):
        ages = ages_of(results.tables, frames, hierarchy)
        steps, ties = _steps(ages, frames, minimum, ties)
    below = below_of(ages, hierarchy.level)
    ties |= {("gap", frames["gaps"]["gap_id"].iloc[n]) for n in coarse_parts(frames["gaps"], steps, below)}
    ties |= {("unknown", n) for n in coarse_parts(frames["unknowns"], steps, below)}
    _round(frames, steps, below)
    mark_gaps(frames["gaps"], ties)
    mark_coverage(frames["coverage"], ties)
    mark(frames["balance"], ["need_persons", "saldo_places"], needs(frames["balance"], ties))
    unknown = [("unknown", number) in ties for number in range(len(frames["unknowns"]))]
    mark(frames["unknowns"], ["persons_best"], unknown)
    mark(frames["indicators"], ["value"], indicator_rows(frames, ties))
    round_shares(frames["indicators"], entries, minimum)
    round_indicators(frames["indicators"], minimum)
    mark_rounded_away(frames)
    frames["presence"] = round_presence(frames["presence"], steps, minimum)
    occupied = frames["facilities"]["occupied_places"]
    mark(frames["facilities"], ["occupied_places"], [pd.notna(v) and is_small(v, minimum) for v in occupied])


def _even_indicators(frames: Frames) -> bool:
    """Take the indicators that say nothing about places below municipalities; False if the run has none."""
    indicators = frames["indicators"]
    if not indicators["even_value"].notna().any():
        return False
    indicators["value"] = indicators["even_value"]
    return True


def _ties(frames: Frames, entries: Entries, forced: set[Tie], minimum: int) -> frozenset[Tie]:
    """What the sums of areas ask to withhold."""
    ties: frozenset[Tie] = frozenset()
    for _ in range(ROUNDS_MAX):
        ties = withheld_ties(entries.ledger, minimum, forced)
        more = _implied(frames, ties) - ties
        if not more:
            break
        forced |= more
    return ties


def _steps(
    ages: Ages, frames: Frames, minimum: int, ties: frozenset[Tie]
) -> tuple[dict[str, float], frozenset[Tie]]:
    """Steps of the areas against sums of ages, and the ties with those that no step is coarse enough for."""
    found = Rounding(ages, minimum, ties).find()
    if found.unprotected:
        # Last resort: nothing is said of where in the region they are.
        for name, columns in (("indicators", ["value"]), ("coverage", [f"{part}_share" for part in PARTS])):
            mark(frames[name], columns, [True] * len(frames[name]))
        rest = [row for row in ages.rows if row.bounds is None and not row.fixed]
        found = Rounding(replace(ages, rows=rest), minimum, ties).find()
        if found.unprotected:  # then only districts are spoken of
            found.steps |= {a: math.inf for a in ages.members if ages.level[a] != "district"}
    secret = {a for a, step in found.steps.items() if math.isinf(step)}
    groups = sorted({base_group(str(g)) for name in ("coverage", "balance") for g in frames[name]["group"].unique()})
    ties |= {need_tie(group, a) for a in secret for group in groups}
    return found.steps, ties | _implied(frames, ties)


def _round(frames: Frames, steps: dict[str, float], below: frozenset[str]) -> None:
    round_needs(frames["balance"], steps)
    round_needs(frames["coverage"], steps)
    round_gaps(frames["gaps"], steps, below)
    round_unknowns(frames["unknowns"], steps, below)


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
