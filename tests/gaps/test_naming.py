# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which area names a gap: the walk from the district down, by examples and against the rule read out loud."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.core.levels import LEVELS, id_column
from dableiben.gaps.naming import NamedArea, name_areas

# municipality -> Amt (None: without); localities are letters
AMT = {"m1": "west", "m2": "west", "m3": "nord", "m4": None}


@dataclass(frozen=True)
class Home:
    """One unit: municipality, locality (None: unknown), persons, in the gap or not, judged or not."""

    municipality: str
    locality: str | None
    persons: float
    in_gap: bool
    judged: bool = True


def named(homes: list[Home], *, share: float = 0.95, smallest: float = 5.0) -> list[tuple[str, float]]:
    """(area, persons) of the named gaps."""
    found = areas(homes, share=share, smallest=smallest)
    persons = np.array([h.persons for h in homes])
    return [(area.area_id, float(persons[area.units].sum())) for area in found]


def areas(homes: list[Home], *, share: float = 0.95, smallest: float = 5.0) -> list[NamedArea]:
    units = pd.DataFrame({id_column(level): [None] * len(homes) for level in LEVELS}, dtype=object)
    units["district_id"] = "d"
    units["amt_id"] = pd.Series([AMT[h.municipality] for h in homes], dtype=object)
    units["municipality_id"] = [h.municipality for h in homes]
    units["locality_id"] = pd.Series(
        [None if h.locality is None else f"{h.municipality}:{h.locality}" for h in homes], dtype=object
    )
    return name_areas(
        units,
        np.array([h.in_gap and h.judged for h in homes]),
        np.array([h.judged for h in homes]),
        np.array([h.persons for h in homes]),
        cluster_share=share,
        smallest_persons=smallest,
    )


def test_a_district_that_lies_in_the_gap_as_a_whole_names_it_once() -> None:
    homes = [Home("m1", "a", 10, True), Home("m2", "b", 10, True), Home("m3", "c", 10, True)]
    assert named(homes) == [("d", 30)]


def test_an_amt_names_it_where_only_its_municipalities_lie_in_it() -> None:
    homes = [Home("m1", "a", 10, True), Home("m2", "b", 10, True), Home("m3", "c", 10, False)]
    assert named(homes) == [("west", 20)]


def test_a_municipality_names_it_where_all_its_localities_lie_in_it() -> None:
    homes = [Home("m1", "a", 10, True), Home("m1", "b", 10, True), Home("m2", "c", 10, False)]
    assert named(homes) == [("m1", 20)]


def test_an_area_with_people_in_one_part_only_leaves_the_name_to_that_part() -> None:
    homes = [Home("m1", "a", 10, True), Home("m3", "c", 10, False), Home("m2", "b", 0, False)]
    assert named(homes) == [("m1:a", 10)]


def test_the_share_counts_persons_and_exactly_the_share_is_enough() -> None:
    homes = [Home("m1", "a", 95, True), Home("m1", "b", 5, False), Home("m3", "c", 100, False)]
    assert named(homes) == [("m1", 95)]
    less = [Home("m1", "a", 94, True), Home("m1", "b", 6, False), Home("m3", "c", 100, False)]
    assert named(less) == [("m1:a", 94)]


def test_who_cannot_be_judged_has_no_say_in_the_share() -> None:
    homes = [Home("m1", "a", 10, True), Home("m1", "b", 10, True), Home("m1", "c", 900, False, judged=False)]
    assert named([*homes, Home("m3", "d", 50, False)]) == [("m1", 20)]


def test_a_part_of_a_locality_names_the_locality_whatever_the_share() -> None:
    homes = [Home("m1", "a", 10, True), Home("m1", "a", 990, False), Home("m1", "b", 50, False)]
    assert named(homes) == [("m1:a", 10)]
    assert [area.units.tolist() for area in areas(homes)] == [[0]]


@pytest.mark.parametrize(("persons", "found"), [(5.0, [("m1:a", 5.0)]), (4.999, [])])
def test_few_persons_are_not_named_on_their_own(persons: float, found: list[tuple[str, float]]) -> None:
    assert named([Home("m1", "a", persons, True), Home("m1", "b", 100, False)]) == found


def test_what_is_too_small_in_each_part_is_named_together_by_the_area_above() -> None:
    homes = [Home("m1", name, 4, True) for name in "abcdefg"] + [Home("m1", "h", 100, False)]
    assert named(homes) == [("m1", 28)]
    homes = [Home("m1", "a", 4, True), Home("m2", "b", 4, True), Home("m1", "c", 50, False), Home("m3", "d", 50, False)]
    assert named(homes) == [("west", 8)]
    homes = [Home("m1", "a", 4, True), Home("m4", "b", 4, True), Home("m1", "c", 50, False), Home("m4", "d", 50, False)]
    assert named(homes) == [("d", 8)]


def test_a_rest_is_named_beside_the_parts_that_name_themselves() -> None:
    homes = [
        Home("m1", "a", 10, True), Home("m1", "b", 3, True), Home("m1", "c", 3, True), Home("m1", "d", 90, False),
        Home("m2", "e", 4, True), Home("m2", "f", 90, False), Home("m3", "g", 90, False),
    ]  # fmt: skip
    assert named(homes) == [("m1", 6), ("m1:a", 10)]  # the four of m2 are too few for the Amt, and for the district
    assert [area.units.tolist() for area in areas(homes)] == [[1, 2], [0]]


def test_a_rest_too_small_for_the_whole_district_is_left_out() -> None:
    homes = [
        Home("m1", "a", 2, True),
        Home("m3", "b", 2.9, True),
        Home("m1", "c", 50, False),
        Home("m3", "d", 50, False),
    ]
    assert named(homes) == []
    homes[1] = Home("m3", "b", 3, True)
    assert named(homes) == [("d", 5)]


def test_a_municipality_without_localities_names_its_part() -> None:
    homes = [Home("m1", None, 10, True), Home("m1", None, 90, False), Home("m3", None, 90, False)]
    assert named(homes) == [("m1", 10)]


def test_a_municipality_without_amt_stands_beside_the_amts() -> None:
    homes = [Home("m3", "a", 10, True), Home("m4", "b", 10, True)]
    assert named(homes) == [("d", 20)]
    homes = [Home("m3", "a", 10, False), Home("m4", "b", 10, True), Home("m4", "c", 10, True)]
    assert named(homes) == [("m4", 20)]


def test_areas_come_from_large_to_small_and_then_by_id() -> None:
    homes = [
        Home("m1", "b", 10, True), Home("m1", "a", 10, True), Home("m1", "c", 10, False),
        Home("m3", "x", 10, True), Home("m3", "y", 10, True),
    ]  # fmt: skip
    assert [area for area, _ in named(homes)] == ["m3", "m1:a", "m1:b"]


def test_nobody_in_the_gap_names_nothing() -> None:
    assert named([Home("m1", "a", 10, False)]) == []


# --- the rule read out loud ----------------------------------------------------------------------------------


def child_of(home: Home, level: str) -> str:
    """The next smaller area a home lies in, seen from a level."""
    chain = ["d", AMT[home.municipality], home.municipality, f"{home.municipality}:{home.locality}"]
    names = ["district", "amt", "municipality", "locality"]
    return next(area for area in chain[names.index(level) + 1 :] if area is not None)


def level_of(area: str) -> str:
    if area == "d":
        return "district"
    return "amt" if area in AMT.values() else "locality" if ":" in area else "municipality"


def by_the_rule(homes: list[Home], area: str, share: float, smallest: float) -> tuple[dict[str, float], float]:
    """Name the area or ask its children and take their rests together; recursive, over plain lists.

    Returns the persons by named area, and the persons of the rest.
    """
    judged = [h for h in homes if h.judged and h.persons > 0]
    hit = sum(h.persons for h in judged if h.in_gap)
    level = level_of(area)
    children = set() if level == "locality" else {child_of(h, level) for h in judged}
    found: dict[str, float] = {}
    if level != "locality" and not (hit >= share * sum(h.persons for h in judged) and len(children) > 1):
        hit = 0.0
        for child in sorted(children):
            theirs = [h for h in homes if child_of(h, level) == child]
            deeper, rest = by_the_rule(theirs, child, share, smallest)
            found, hit = found | deeper, hit + rest
    return ({**found, area: hit}, 0.0) if hit >= smallest else (found, hit)


HOMES = st.lists(
    st.builds(
        Home,
        st.sampled_from(sorted(AMT)),
        st.sampled_from(["a", "b"]),
        st.sampled_from([0.0, 1.0, 3.0, 10.0, 200.0]),
        st.booleans(),
        st.sampled_from([True, True, True, False]),
    ),
    min_size=1,
    max_size=12,
)


@given(HOMES, st.sampled_from([0.5, 0.95, 1.0]))
def test_the_walk_names_what_the_rule_says(homes: list[Home], share: float) -> None:
    expected, _ = by_the_rule(homes, "d", share, 5.0)
    found = named(homes, share=share)
    assert dict(found) == expected and len(found) == len(expected)


@given(HOMES)
def test_everybody_in_the_gap_is_named_unless_all_who_are_left_are_too_few(homes: list[Home]) -> None:
    in_gap = sum(h.persons for h in homes if h.in_gap and h.judged)
    assert in_gap - sum(persons for _, persons in named(homes)) < 5.0


@given(HOMES)
def test_named_areas_do_not_overlap_and_hold_everybody_in_the_gap(homes: list[Home]) -> None:
    found = areas(homes, smallest=0.5)
    units = [unit for area in found for unit in area.units.tolist()]
    assert len(units) == len(set(units))
    peopled = {i for i, h in enumerate(homes) if h.in_gap and h.judged and h.persons > 0}
    assert peopled <= set(units) <= {i for i, h in enumerate(homes) if h.in_gap and h.judged}


@given(HOMES, st.data())
def test_splitting_a_cell_changes_no_name(homes: list[Home], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(homes) - 1))
    whole = homes[index]
    half = Home(whole.municipality, whole.locality, whole.persons / 2, whole.in_gap, whole.judged)
    assert named([*homes, half][:index] + [half, *homes[index + 1 :], half]) == named(homes)
