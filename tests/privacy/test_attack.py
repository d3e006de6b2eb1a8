# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Must show 7: no released table reveals a count under the minimum, alone or by difference with its totals."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dableiben.catalogue.load import load_catalogue
from dableiben.core import results as contract
from dableiben.core.geo import CRS
from dableiben.core.run import RUN_AREAS, Results
from dableiben.privacy.gate import release
from dableiben.privacy.ledger import Ledger, is_small
from support.attacker import assert_safe, upward
from support.made_district import MadeDistrict, made_catalogue, run_info

CATALOGUE = load_catalogue()


@pytest.mark.parametrize("seed", [7, 8])
def test_made_district_withstands_the_attacker(seed: int, tmp_path: Path) -> None:
    catalogue = made_catalogue(tmp_path)
    results = MadeDistrict(seed=seed, municipalities=8, localities=4, persons=9_000).results()
    released = release(results, catalogue)
    attacked = assert_safe(results, released)
    assert len(attacked) > 20  # small counts exist, otherwise the test shows nothing


def test_attacker_finds_what_is_withheld_without_its_complements(monkeypatch: pytest.MonkeyPatch) -> None:
    """The attacker is worth something: small counts withheld alone are found again."""

    def small_ones_only(ledger: Ledger, minimum: int, forced: Collection[Hashable] = ()) -> frozenset[Hashable]:
        return frozenset(c.tie for c in ledger.counts if not c.between and is_small(c.value, minimum))

    monkeypatch.setattr("dableiben.privacy.gate.withheld_ties", small_ones_only)
    results = small_region([[2, 40, 60]], kinds=["grundschule"], levels=("municipality", "district"), places=[50])
    with pytest.raises(AssertionError, match="13999001"):
        assert_safe(results, release(results, CATALOGUE))


def test_saldo_is_withheld_with_the_need_it_gives_away() -> None:
    results = small_region([[2, 40, 60]], kinds=["grundschule"], levels=("municipality",), places=[50])
    balance = release(results, CATALOGUE).tables["balance"]
    hidden = balance["withheld"] == "geheim"
    assert hidden.sum() >= 2
    assert balance.loc[hidden, ["need_persons", "saldo_places"]].isna().all().all()
    assert balance.loc[hidden, "places"].notna().all()


def test_zero_is_shown() -> None:
    results = small_region([[0, 40, 60]], kinds=["grundschule"], levels=("municipality",), places=[50])
    balance = release(results, CATALOGUE).tables["balance"]
    assert list(balance["need_persons"].astype(float)) == [0, 40, 60]
    assert balance["withheld"].isna().all()


def test_unrestricted_sources_are_shown_in_full() -> None:
    results = small_region([[2, 40, 60]], kinds=["grundschule"], levels=("municipality",), places=[50])
    balance = release(results, CATALOGUE, restricted=False).tables["balance"]
    assert list(balance["need_persons"].astype(float)) == [2, 40, 60]


def test_local_rule_raises_the_minimum_and_never_lowers_it() -> None:
    results = small_region([[4, 40, 60]], kinds=["grundschule"], levels=("municipality",), places=[50])
    assert release(results, CATALOGUE).tables["balance"]["withheld"].isna().all()
    raised = release(results, CATALOGUE, minimum_count=5)
    assert raised.minimum_count == 5
    assert raised.tables["balance"]["withheld"].notna().sum() >= 2
    assert release(results, CATALOGUE, minimum_count=1).minimum_count == 3


def test_withheld_gap_keeps_no_number_and_no_telling_rank() -> None:
    tree = [[90, 70, 60, 80, 12, 50, 40, 100, 110]]
    results = small_region(tree, kinds=["grundschule"], levels=("municipality",), places=[10])
    gaps = release(results, CATALOGUE).tables["gaps"]
    hidden = gaps[gaps["withheld"] == "geheim"]
    assert 0 < len(hidden) < len(gaps)
    numbers = ["persons_low", "persons_best", "persons_high", "target", "severity"]
    assert hidden[numbers].isna().all().all()
    assert not hidden["explanation_de"].str.contains(r"\d").any()
    assert hidden["rank"].min() > gaps[gaps["withheld"].isna()]["rank"].max()
    assert list(gaps["rank"]) == list(range(1, len(gaps) + 1))


counts = st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=4), min_size=1, max_size=5)


@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(
    counts,
    st.sets(st.sampled_from(["district", "amt", "municipality", "locality", "mittelbereich"]), min_size=1),
    st.lists(st.sampled_from([None, 0, 3, 8, 40]), min_size=1, max_size=3),
    st.sampled_from([3, 5]),
)
def test_any_hierarchy_withstands_the_attacker(
    tree: list[list[int]], levels: set[str], places: list[float | None], minimum: int
) -> None:
    results = small_region(tree, kinds=["grundschule", "kita"], levels=tuple(sorted(levels)), places=places)
    released = release(results, CATALOGUE, minimum_count=minimum)
    assert_safe(results, released, minimum=minimum)


def small_region(
    tree: list[list[int]], *, kinds: list[str], levels: tuple[str, ...], places: list[float | None]
) -> Results:
    """Municipalities with pupils per locality; a balance at some levels; capacity gaps; ways without gap.

    With one list, its numbers are municipalities of one locality each.
    """
    if len(tree) == 1:
        tree = [[n] for n in tree[0]]
    rows, needs = _small_areas(tree)
    table = pd.DataFrame(rows, columns=RUN_AREAS.names[: len(rows[0])]).reindex(columns=RUN_AREAS.names)
    areas = gpd.GeoDataFrame(table, geometry=[None] * len(rows), crs=CRS)
    above = upward(areas)
    balance, gaps, need = [], [], []
    for number, kind in enumerate(kinds):
        rate = (1.0, 0.5)[number]
        for area_id, level in areas[["area_id", "level"]].itertuples(index=False):
            if level not in levels:
                continue
            persons = rate * sum(n for a, n in needs.items() if area_id in above[a])
            have = places[len(balance) % len(places)]
            saldo = None if have is None else have - persons
            balance.append({"area_id": area_id, "kind": kind, "group": "grundschulkinder", "kita_year": "2025/26",
                            "places": have, "need_persons": persons, "saldo_places": saldo})  # fmt: skip
            if saldo is not None and saldo <= -1:
                gaps.append(_small_gap(kind, area_id, -saldo, persons, have, len(gaps) + 1))
        for area_id, persons in needs.items():
            status = ("covered", "gap", "unknown")[(len(area_id) + persons) % 3]
            need.append(_small_need(kind, area_id, rate * persons, status))
    tables: dict[str, Any] = {t.name: t.frame() for t in contract.RESULT_TABLES}
    tables["balance"], tables["need"] = contract.BALANCE.frame(balance), contract.NEED.frame(need)
    tables["gaps"] = contract.GAPS.frame(gaps)
    return Results(tables, areas, None, run_info())


def _small_areas(tree: list[list[int]]) -> tuple[list[tuple[Any, ...]], dict[str, int]]:
    rows: list[tuple[Any, ...]] = [("13999", "district", "Kreis", None, [], None, True)]
    rows += [(f"amt:{n}", "amt", f"Amt {n}", "13999", [], None, True) for n in range(2)]
    rows += [(f"mb:{n}", "mittelbereich", f"Mittelbereich {n}", "13999", [], None, True) for n in range(2)]
    needs = {}
    for number, localities in enumerate(tree):
        ags = f"13999{number + 1:03d}"
        beside = [f"mb:{int(number > 1)}"]
        rows.append((ags, "municipality", f"Gemeinde {number}", f"amt:{number % 2}", beside, ags, True))
        for place, persons in enumerate(localities):
            rows.append((f"{ags}:o{place}", "locality", f"Ort {number}.{place}", ags, [], ags, True))
            needs[f"{ags}:o{place}"] = persons
    return rows, needs


def _small_need(kind: str, area_id: str, persons: float, status: str) -> dict[str, Any]:
    return {
        "cell_id": None, "area_id": area_id, "group": "grundschulkinder", "kind": kind, "mode": None, "year": 2025,
        "need_persons_low": persons, "need_persons_best": persons, "need_persons_high": persons,
        "status": status if persons else "not_applicable",
    }  # fmt: skip


def _small_gap(kind: str, area_id: str, missing: float, need: float, have: float | None, rank: int) -> dict[str, Any]:
    text = f"In {area_id} fehlen Plätze für {missing:g} Kinder."
    return {
        "gap_id": f"{kind}-{area_id}", "kind": kind, "group": "grundschulkinder", "area_id": area_id,
        "area_name": area_id, "cell_ids": [], "year": 2025, "variant": "actual", "scenario_id": "baseline",
        "dimension": "content", "cause": "capacity", "persons_low": missing, "persons_best": missing,
        "persons_high": missing, "norm_id": "N01", "binding": "entitlement", "target": need, "actual": have,
        "unit": "Plätze", "tier": "entitlement", "severity": missing / need, "confidence": "high",
        "integration_obstacle": False, "review_status": "open", "rank": rank, "explanation_de": text,
        "explanation_en": text, "departments": [],
    }  # fmt: skip
