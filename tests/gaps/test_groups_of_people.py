# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Supply is checked group by group, in every small area, and for places of education and leisure as for others."""

from __future__ import annotations

import pandas as pd
import pytest

from support.regions import Place, Plan, catalogue_with, check, gaps_of, limit, packaged

VILLAGES = {"A": Place("13099001", "adorf"), "B": Place("13099001", "bdorf")}
LEARNING_AND_LEISURE = sorted(
    kind.id
    for kind in packaged().kinds.values()
    if kind.domain in ("school", "youth", "culture") and kind.pool is None and not kind.register_only
)


def test_each_group_is_judged_by_what_it_asks_for() -> None:
    """S0-05: one village, two groups, two answers."""
    kinds = {"K": {"kind": "kita"}, "S": {"kind": "seniorentreff"}}
    plan = Plan("10K . . . . . . . S", kinds=kinds, ages={4: 0.4, 70: 0.6})
    norms = catalogue_with(limit("kita", 3, "foot"), limit("seniorentreff", 3, "foot"))
    found = check(plan, norms, "kita", "seniorentreff", modes=("foot",))
    need = found.tables["need"].set_index("kind")
    assert need.loc["kita", ["group", "need_persons_best", "status_distance"]].tolist() == [
        "kinder_3_bis_schule", 4.0, "covered"
    ]  # fmt: skip
    assert need.loc["seniorentreff", ["group", "need_persons_best", "status_distance"]].tolist() == [
        "senioren_65", 6.0, "gap"
    ]  # fmt: skip
    assert gaps_of(found) == {("seniorentreff", "senioren_65", "13099001:mitte", "distance")}


def test_population_stands_by_small_area_age_and_life_situation_and_an_empty_field_is_unknown() -> None:
    """S1-16: every field of the matrix is there; what nobody counted is unknown, never 0 and never a gap."""
    plan = Plan(
        "10 20", "A B", places=VILLAGES, ages=None,
        recorded=frozenset({"kita", "seniorentreff", "integrationskurs"}),
        extra_people=[
            {"area_id": "13099001:adorf", "age_from": age, "age_to": age, "home": "main", "persons": persons,
             "as_of": pd.Timestamp(2025, 12, 31).date(), "variant": "actual", "basis": "register"}
            for age, persons in ((4, 6.0), (70, None), (100, 0.0))
        ],
    )  # fmt: skip
    kinds = ("kita", "seniorentreff", "integrationskurs")
    found = check(plan, catalogue_with(*(limit(kind, 3, "foot") for kind in kinds)), *kinds, modes=("foot",))
    need = found.tables["need"]
    persons = need.set_index(["area_id", "group"])["need_persons_best"]
    a, b = "13099001:adorf", "13099001:bdorf"
    groups = ("kinder_3_bis_schule", "senioren_65", "neu_zugewandert")
    assert sorted(persons.index) == sorted((area, group) for area in (a, b) for group in groups)
    assert persons[a, "kinder_3_bis_schule"] == 6.0
    assert persons.drop((a, "kinder_3_bis_schule")).isna().all()
    unknown = need.set_index(["area_id", "group"])["status"].drop((a, "kinder_3_bis_schule"))
    assert set(unknown) == {"unknown"}
    assert {kind for kind, *_ in gaps_of(found)} == {"kita"}
    rows = found.tables["unknowns"]
    assert {"senioren_65", "neu_zugewandert"} <= set(rows.loc[rows["what"] == "need", "group"])


@pytest.mark.parametrize("kind", LEARNING_AND_LEISURE)
def test_ways_lead_to_places_of_education_and_leisure_too(kind: str) -> None:
    """S4-11: with and without a norm, the way of every cell is in the results."""
    plan = Plan("K 10 20 30", kinds={"K": {"kind": kind}}, ages={4: 0.2, 8: 0.2, 14: 0.2, 40: 0.2, 70: 0.2})
    cells = check(plan, catalogue_with(), kind, modes=("foot",)).tables["cells"]
    assert sorted(cells["travel_time_min"]) == [1.0, 2.0, 3.0]
    assert set(cells["kind"]) == {kind}


def test_there_are_places_of_education_and_of_leisure() -> None:
    assert {"grundschule", "volkshochschule", "bibliothek", "jugendarbeit", "sportanlage"} <= set(LEARNING_AND_LEISURE)
