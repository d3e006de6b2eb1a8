# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Released needs must not be solvable for small numbers of children: an attacker in whole numbers tries."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from dableiben.catalogue.load import load_catalogue
from dableiben.core import results as contract
from dableiben.core.geo import CRS
from dableiben.core.run import RUN_AREAS, Results
from dableiben.core.school_year import EntryRule
from dableiben.privacy.gate import release
from support.checked_demo import checked_demo, released_demo
from support.made_district import run_info
from support.whole_attacker import OLDEST, WholeAttack, ages_of_areas, true_ages, weights

CATALOGUE = load_catalogue()
RULE, DAY = EntryRule(6, 30), date(2025, 6, 30)
RATES = {"kita_u3": {0: 0.035, 1: 0.766, 2: 0.9}, "kita": {-1: 0.967}, "ganztag_grundschule": {-1: 0.86}}
GROUPS = {"kita_u3": "kinder_u3", "kita": "kinder_3_bis_schule", "ganztag_grundschule": "grundschulkinder"}
YEARS = ("2024/25", "2025/26", "2026/27", "2027/28")


@pytest.mark.slow
def test_the_demo_gives_no_child_away() -> None:
    results, catalogue = checked_demo()
    norms = {norm["id"]: norm["value"] for norm in results.run["norms_used"]}
    printed = {"kita_u3": norms["N04"], "kita": norms["N05"], "ganztag_grundschule": norms["N08"]}
    rates = {
        kind: {int(a): r for a, r in value.items()} if isinstance(value, dict) else {-1: float(value)}
        for kind, value in printed.items()
    }
    truth = true_ages(results.tables["ages"])
    granted = ages_of_areas(truth, {leaf: leaf.split(":")[0] for leaf, _ in truth})
    day = date.fromisoformat(str(results.run["settings"]["as_of"]))
    attack = WholeAttack(released_demo(), rates, day, catalogue.entry_rule("MV"), granted)
    assert sum(0 < n < 3 for n in truth.values()) > 100  # small counts exist, otherwise the test shows nothing
    assert attack.narrow(truth, 3) == {}


@pytest.mark.slow
def test_the_demo_is_still_worth_reading() -> None:
    released = released_demo()
    balance = released.tables["balance"].merge(released.areas[["area_id", "level"]], on="area_id")
    wide = balance[balance["level"] != "locality"]
    assert (wide["rounded_to"] == 0.1).all()
    assert wide["need_persons"].notna().mean() > 0.95
    places = balance[balance["level"] == "locality"]
    assert places["need_persons"].notna().mean() > 0.8
    assert (places["rounded_to"] <= 5).mean() > 0.8
    gap = released.tables["gaps"].set_index(["kind", "area_id"]).loc["kita_u3", "13099002"]
    assert (gap["target"], gap["actual"], gap["persons_best"]) == (67.8, 60.0, 7.8)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_made_up_places_give_no_child_away(seed: int) -> None:
    results = small_places(seed)
    truth = true_ages(results.tables["ages"])
    granted = ages_of_areas(truth, dict.fromkeys({leaf for leaf, _ in truth}, "13999"))
    attack = WholeAttack(release(results, CATALOGUE), RATES, DAY, RULE, granted)
    whole = granted["13999"]
    hidden = {key: n for key, n in truth.items() if whole[key[1]] >= 3}
    assert sum(0 < n < 3 for n in hidden.values()) > 10
    narrow = attack.narrow(truth, 3)
    assert {key: ends for key, ends in narrow.items() if key in hidden} == {}


@pytest.mark.parametrize("seed", [1, 2])
def test_released_numbers_agree_and_carry_no_noise(seed: int) -> None:
    released = release(small_places(seed), CATALOGUE)
    for row in released.tables["balance"].to_dict("records"):
        if pd.isna(row["need_persons"]):
            continue
        assert row["saldo_places"] == round(row["places"] - row["need_persons"], 4)
        assert float(row["need_persons"]) == round(float(row["need_persons"]), 1)
        assert round(row["need_persons"] / row["rounded_to"], 6) % 1 == 0


def small_places(seed: int) -> Results:
    """Villages with few children each, a town, and a municipality that is one hamlet."""
    dice = np.random.default_rng(seed)
    size = {"001": [14.0, 2.0, 1.5, 1.5], "002": [4.0, 2.0, 2.0], "003": [1.2], "004": [3.0, 1.0, 0.5]}
    areas: list[tuple[Any, ...]] = [("13999", "district", "Kreis", None, [], None, True)]
    ages: list[dict[str, Any]] = []
    for ending, means in size.items():
        ags = f"13999{ending}"
        areas.append((ags, "municipality", ags, "13999", [], ags, True))
        for number, mean in enumerate(means):
            leaf = f"{ags}:o{number}"
            areas.append((leaf, "locality", leaf, ags, [], ags, True))
            children = dice.poisson(mean, OLDEST + 1)
            ages += [{"area_id": leaf, "age": a, "persons": float(n)} for a, n in enumerate(children) if n]
    tables: dict[str, Any] = {t.name: t.frame() for t in contract.RESULT_TABLES}
    tables["ages"] = contract.AGES.frame(ages)
    tables["age_weights"] = contract.AGE_WEIGHTS.frame(_weights())
    tables["balance"] = contract.BALANCE.frame(_balance(tables["ages"], tables["age_weights"]))
    table = pd.DataFrame(areas, columns=RUN_AREAS.names[: len(areas[0])]).reindex(columns=RUN_AREAS.names)
    frame = gpd.GeoDataFrame(table, geometry=[None] * len(areas), crs=CRS)
    return Results(tables, frame, None, run_info())


def _weights() -> list[dict[str, Any]]:
    rows = []
    for kind, group in GROUPS.items():
        for year in YEARS[:1] if kind == "kita_u3" else YEARS:
            for age, weight in enumerate(weights(kind, group, year, RATES[kind], DAY, RULE)):
                if weight:
                    key = {"kind": kind, "group": group, "kita_year": year}
                    rows.append({**key, "sex": None, "age": age, "weight": weight})
    return rows


def _balance(ages: pd.DataFrame, rows: pd.DataFrame) -> list[dict[str, Any]]:
    both = ages[["area_id", "age", "persons"]].merge(rows, on="age")
    both["need"] = both["persons"] * both["weight"]
    found = []
    for upper in (both["area_id"], both["area_id"].str[:8], both["area_id"].str[:5]):
        sums = both.groupby([upper, "kind", "group", "kita_year"])["need"].sum()
        for (area_id, kind, group, year), need in sums.items():
            found.append({"area_id": area_id, "kind": kind, "group": group, "kita_year": year, "places": 20.0,
                          "need_persons": need, "saldo_places": 20.0 - need})  # fmt: skip
    return found
