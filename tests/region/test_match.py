# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Same facility in register and map: one-to-one by kind, name and distance; decisions win; conflicts are listed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.core.inputs import FACILITIES
from dableiben.region.match import MatchRule, match, merge, name_likeness

RULE = MatchRule(within_m=1500, name_similarity=0.8, same_place_m=150)
WORDS = {"kita": frozenset({"kita", "kindertagesstaette", "kindergarten"})}


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    full = [{**dict.fromkeys(FACILITIES.names), "kind": "kita", "possible": False, **row} for row in rows]
    frame = pd.DataFrame(full, columns=FACILITIES.names).astype(object)
    return frame.assign(x_m=frame["x_m"].astype(float), y_m=frame["y_m"].astype(float))


def ours(number: int, name: str | None, x: float | None, **more: Any) -> dict[str, Any]:
    return {"source_id": f"Blatt!{number}", "name": name, "x_m": x, "y_m": 0.0 if x is not None else None, **more}


def theirs(number: int, name: str | None, x: float, **more: Any) -> dict[str, Any]:
    return {"source_id": f"node/{number}", "name": name, "x_m": x, "y_m": 0.0, **more}


def pairs(
    register: pd.DataFrame, osm: pd.DataFrame, decided: dict[tuple[str, str], bool] | None = None
) -> set[tuple[str, str]]:
    found = match(register, osm, RULE, WORDS, decided or {})
    return {(register.loc[left, "source_id"], osm.loc[right, "source_id"]) for left, right in found.pairs}


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("Kita Sonnenschein", "Kindertagesstätte Sonnenschein", 1.0),
        ("Kita Sonnenschein", "Sonnenschein Haldersee e. V.", 1.0),  # one name holds the other
        ("Kita", "Kindergarten", None),  # generic words name nothing
        (None, "Kita Sonnenschein", None),
        (float("nan"), "Kita Sonnenschein", None),
    ],
)
def test_names_are_compared_without_the_words_of_the_kind(one: Any, other: Any, likeness: float | None) -> None:
    assert name_likeness(one, other, WORDS["kita"]) == likeness


def test_a_typing_error_is_alike_and_another_name_is_not() -> None:
    typo = name_likeness("Kita Sonnenschein", "Kita Sonnenschien", WORDS["kita"])
    other = name_likeness("Kita Sonnenschein", "Kita Moorhexen", WORDS["kita"])
    assert typo is not None and other is not None
    assert other < RULE.name_similarity <= typo < 1.0


def test_the_same_name_within_reach_is_the_same_and_beyond_is_not() -> None:
    register = table(ours(1, "Kita Sonnenschein", 0.0))
    assert pairs(register, table(theirs(1, "Sonnenschein", 1500.0))) == {("Blatt!1", "node/1")}
    assert pairs(register, table(theirs(1, "Sonnenschein", 1501.0))) == set()


def test_without_a_name_only_the_same_place_is_the_same() -> None:
    register = table(ours(1, "Kita Sonnenschein", 0.0))
    assert pairs(register, table(theirs(1, None, 150.0))) == {("Blatt!1", "node/1")}
    assert pairs(register, table(theirs(1, None, 151.0))) == set()


def test_another_kind_or_another_name_is_another_facility() -> None:
    register = table(ours(1, "Kita Sonnenschein", 0.0))
    assert pairs(register, table(theirs(1, "Kita Sonnenschein", 0.0, kind="krippe"))) == set()
    assert pairs(register, table(theirs(1, "Kita Moorhexen", 10.0))) == set()


def test_each_is_used_once_the_most_alike_first_then_the_nearest() -> None:
    register = table(ours(1, "Kita Sonnenschein", 0.0), ours(2, "Kita Sonnenschein", 400.0))
    osm = table(theirs(1, "Sonnenschein", 100.0), theirs(2, "Sonnenschein", 450.0))
    assert pairs(register, osm) == {("Blatt!1", "node/1"), ("Blatt!2", "node/2")}
    assert pairs(register, osm.iloc[[1]]) == {("Blatt!2", "node/2")}
    alike = table(theirs(1, "Sonnenschien", 0.0), theirs(2, "Sonnenschein", 900.0))
    assert pairs(register.iloc[[0]], alike) == {("Blatt!1", "node/2")}


# --- decisions -----------------------------------------------------------------------------------------------


def test_a_decision_wins_at_any_distance_and_likeness() -> None:
    register = table(ours(1, "Kita Sonnenschein", 0.0))
    osm = table(theirs(1, "Moorhexen", 9000.0), theirs(2, "Sonnenschein", 10.0))
    assert pairs(register, osm) == {("Blatt!1", "node/2")}
    assert pairs(register, osm, {("Blatt!1", "node/1"): True}) == {("Blatt!1", "node/1")}


def test_a_decision_holds_for_an_entry_without_coordinates() -> None:
    register = table(ours(1, "Kita Sonnenschein", None))
    osm = table(theirs(1, "Moorhexen", 9000.0))
    assert pairs(register, osm) == set()
    assert pairs(register, osm, {("Blatt!1", "node/1"): True}) == {("Blatt!1", "node/1")}


def test_a_decided_pair_takes_its_entry_before_a_more_alike_rival() -> None:
    register = table(ours(1, "Kita Sonnenschein", 0.0), ours(2, "Kita Sonnenhof", 50.0))
    osm = table(theirs(1, "Sonnenschein", 0.0))
    assert pairs(register, osm) == {("Blatt!1", "node/1")}
    assert pairs(register, osm, {("Blatt!2", "node/1"): True}) == {("Blatt!2", "node/1")}


def test_what_was_called_different_is_never_the_same() -> None:
    register = table(ours(1, "Kita Sonnenschein", 0.0))
    osm = table(theirs(1, "Kita Sonnenschein", 0.0))
    assert pairs(register, osm, {("Blatt!1", "node/1"): False}) == set()


def test_a_decision_about_entries_that_are_gone_changes_nothing() -> None:
    register, osm = table(ours(1, "Kita Sonnenschein", 0.0)), table(theirs(1, "Sonnenschein", 0.0))
    decided = {("Blatt!9", "node/1"): True, ("Blatt!1", "node/9"): False}
    assert pairs(register, osm, decided) == {("Blatt!1", "node/1")}


NAMES = st.sampled_from(["Kita Sonnenschein", "Sonnenschien", "Kita Moorhexen", "Kita", None])
SPOTS = st.integers(0, 20).map(lambda n: n * 100.0)


@given(
    st.lists(st.tuples(NAMES, SPOTS), max_size=5),
    st.lists(st.tuples(NAMES, SPOTS), max_size=5),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_lists_has_no_say_and_nobody_is_used_twice(left: Any, right: Any, dice: Any) -> None:
    mine = [ours(n, name, x) for n, (name, x) in enumerate(left)]
    others = [theirs(n, name, x) for n, (name, x) in enumerate(right)]
    found = pairs(table(*mine), table(*others))
    dice.shuffle(mine)
    dice.shuffle(others)
    assert pairs(table(*mine), table(*others)) == found
    assert len({a for a, _ in found}) == len({b for _, b in found}) == len(found)


# --- merged --------------------------------------------------------------------------------------------------


def merged(register: pd.DataFrame, osm: pd.DataFrame) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    return merge(register, osm, match(register, osm, RULE, WORDS, {}))


def test_the_register_decides_and_the_map_fills_what_it_leaves_empty() -> None:
    register = table(ours(1, "Kita Sonnenschein", 0.0, usable_places=40.0, provider="Gemeinde"))
    osm = table(
        theirs(1, "Sonnenschein", 10.0, usable_places=55.0, opening_hours="Mo-Fr 07:00-16:00", provider="Gemeinde"),
        theirs(2, "Moorhexen", 900.0),
    )
    found, conflicts = merged(register, osm)
    assert found["source_id"].tolist() == ["Blatt!1", "node/2"]
    assert found["osm_id"].tolist() == ["node/1", "node/2"]
    first = found.iloc[0]
    assert (first["usable_places"], first["opening_hours"]) == (40.0, "Mo-Fr 07:00-16:00")
    assert conflicts == [{"source_id": "Blatt!1", "what": "usable_places", "register": "40.0", "osm": "55.0"}]


@pytest.mark.parametrize(
    ("krippe", "on_map", "conflicts"),
    [(15.0, 60.0, []), (15.0, 70.0, [("60.0", "70.0")]), (None, 70.0, [])],
)
def test_one_house_with_two_offers_is_compared_by_their_sum(
    krippe: float | None, on_map: float, conflicts: list[tuple[str, str]]
) -> None:
    register = table(
        ours(1, "Regenbogen", 0.0, kind="kita", licensed_places=45.0),
        ours(2, "Regenbogen", 0.0, kind="krippe", licensed_places=krippe),
    )
    osm = table(
        *(theirs(1, "Regenbogen", 5.0, kind=kind, licensed_places=on_map) for kind in ("kita", "krippe"))
    )
    rows, found = merged(register, osm)
    assert [(row["register"], row["osm"]) for row in found if row["what"] == "licensed_places"] == conflicts
    places = rows.set_index("kind")["licensed_places"]
    assert places["kita"] == 45.0
    assert places["krippe"] == krippe or (krippe is None and pd.isna(places["krippe"]))


def test_an_entry_known_by_its_locality_takes_the_place_that_the_map_knows() -> None:
    register = table(ours(1, "Kita Sonnenschein", 0.0), ours(2, "Kita Moorhexen", 5000.0))
    register = register.assign(located=["locality", "given"])
    osm = table(theirs(1, "Sonnenschein", 700.0), theirs(2, "Moorhexen", 5100.0))
    found, _ = merged(register, osm)
    assert found["x_m"].tolist() == [700.0, 5000.0]
    assert found["located"].tolist() == ["given", "given"]


def test_no_register_and_no_map_are_fine() -> None:
    assert len(merged(table(), table(theirs(1, "Moorhexen", 0.0)))[0]) == 1
    assert len(merged(table(ours(1, "Moorhexen", 0.0)), table())[0]) == 1
    assert merged(table(), table())[0].empty
    assert np.array_equal(merged(table(), table(theirs(1, None, 0.0)))[0]["osm_id"], ["node/1"])
