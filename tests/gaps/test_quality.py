# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Cause quality: a group needs an attribute; one facility that has it is enough, what is not known is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from support.regions import X0, Place, Plan, catalogue_with, check, gaps_of, limit, packaged, places_for_all

CARDS = catalogue_with(limit("seniorentreff", 2, "foot"))
HALLS: dict[str, dict[str, Any]] = {
    "Y": {"kind": "seniorentreff", "barrier_free": True},
    "N": {"kind": "seniorentreff", "barrier_free": False},
    "U": {"kind": "seniorentreff", "barrier_free": None},
    "P": {"kind": "seniorentreff", "barrier_free": None, "possible": True},
    "Q": {"kind": "seniorentreff", "barrier_free": False, "possible": True},
}


def plan(map_: str, **more: Any) -> Plan:
    return Plan(map_, ages={70: 1.0}, kinds=HALLS, **more)


def answer(map_: str, **ways: Any) -> str:
    need = check(plan(map_), CARDS, "seniorentreff", modes=("foot",), **ways).tables["need"]
    assert set(need["status_distance"]) == {"covered"}
    return str(need["status_capacity"].iloc[0])


@pytest.mark.parametrize(
    ("map_", "status"),
    [
        ("90Y", "covered"),
        ("90N", "gap"),
        ("90U", "unknown"),
        ("90YN", "covered"),
        ("90NU", "unknown"),
        ("90N . Y", "covered"),
        ("90N . . Y", "gap"),  # three minutes: out of reach
        ("90N . . U", "gap"),
        ("90NP", "unknown"),  # it may be one, and barrier-free
        ("90NQ", "gap"),
    ],
)
def test_one_hall_that_has_it_is_enough_and_silence_is_unknown(map_: str, status: str) -> None:
    assert answer(map_) == status


def test_beyond_the_edge_of_the_data_there_may_be_a_better_hall() -> None:
    assert answer("90N", edge_x_m=X0 + 200.0) == "unknown"
    assert answer("90Y", edge_x_m=X0 + 200.0) == "covered"
    assert answer("90N", edge_x_m=X0 + 250.0) == "unknown"  # two minutes, exactly the limit
    assert answer("90N", edge_x_m=X0 + 251.0) == "gap"


def test_a_hall_without_a_place_may_be_the_better_one() -> None:
    for given, status in ((True, "unknown"), (None, "unknown"), (False, "gap")):
        somewhere = [{"kind": "seniorentreff", "barrier_free": given}]
        need = check(plan("90N", extra_facilities=somewhere), CARDS, "seniorentreff", modes=("foot",)).tables["need"]
        assert need["status_capacity"].tolist() == [status]


def test_the_gap_names_attribute_persons_and_place() -> None:
    found = check(plan("90N"), CARDS, "seniorentreff", modes=("foot",))
    assert gaps_of(found) == {("seniorentreff", "senioren_65", "13099001:mitte", "quality")}
    gap = found.tables["gaps"].iloc[0]
    assert (gap["dimension"], gap["persons_best"]) == ("content", 90.0)
    assert "barrierefrei" in gap["explanation_de"]


def test_the_unknown_names_the_halls_that_do_not_say() -> None:
    unknowns = check(plan("90NU"), CARDS, "seniorentreff", modes=("foot",)).tables["unknowns"]
    assert unknowns[["what", "persons_best"]].to_numpy().tolist() == [["quality", 90.0]]
    assert unknowns["facility_ids"].tolist() == [["U1"]]


def test_who_is_too_far_away_has_a_gap_of_the_way_only() -> None:
    found = check(plan("90 . . N"), CARDS, "seniorentreff", modes=("foot",))
    assert set(found.tables["gaps"]["cause"]) == {"distance"}


def test_without_a_limit_in_force_no_quality_is_judged() -> None:
    found = check(plan("90N"), catalogue_with(), "seniorentreff", modes=("foot",))
    assert found.tables["gaps"].empty


def test_groups_without_such_a_need_are_not_asked() -> None:
    cards = catalogue_with(limit("buergerbuero", 2, "foot"))
    kinds = {"N": {"kind": "buergerbuero", "barrier_free": False}}
    found = check(Plan("90N", ages={40: 0.5, 70: 0.5}, kinds=kinds), cards, "buergerbuero", modes=("foot",))
    assert gaps_of(found) == {("buergerbuero", "senioren_65", "13099001:mitte", "quality")}


def test_a_second_cause_in_the_same_place_is_told_in_the_explanation() -> None:
    """Too few places and none of them barrier-free: one gap with its id, both causes in its words."""
    hall = {"kind": "seniorentreff", "usable_places": 95.0, "barrier_free": False}
    villages = {"p": Place("13099001", "pedorf"), "q": Place("13099001", "quedorf")}
    plan = Plan("50S 50", areas="p q", places=villages, ages={70: 1.0}, kinds={"S": hall})
    card = packaged().kinds["seniorentreff"]
    served = [group.model_copy(update={"needs": ("barrier_free",)}) for group in card.groups]
    kinds = {"seniorentreff": {"capacity_unit": "place", "groups": tuple(served)}}
    norms = (limit("seniorentreff", 5, "foot"), places_for_all("seniorentreff"))
    gaps = check(plan, catalogue_with(*norms, kinds=kinds), "seniorentreff", modes=("foot",)).tables["gaps"]
    assert len(gaps) == 1
    text = gaps["explanation_de"].iloc[0].replace("\u00a0", " ")
    assert "barrierefrei" in text and "Dazu kommt ein weiterer Mangel. " in text and "fehlen 5" in text
