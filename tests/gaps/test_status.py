# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Status together: gap, else unknown, else the worst of tight and covered, against every combination."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from dableiben.gaps.status import together
from support.regions import X0, Plan, catalogue_with, check, limit, places_for_all

WORDS = ("gap", "unknown", "tight", "covered", "not_rated", None)


def by_the_sentence(words: tuple[str | None, ...]) -> str:
    """DESIGN read out: `gap` if one is, else `unknown` if one is, else the worst of `tight`, `covered`."""
    said = set(words)
    if "gap" in said:
        return "gap"
    if "unknown" in said:
        return "unknown"
    return "tight" if "tight" in said else "covered" if "covered" in said else "not_rated"


@pytest.mark.parametrize("words", list(product(WORDS, repeat=3)))
def test_every_combination_of_three_dimensions(words: tuple[str | None, ...]) -> None:
    layers = [np.array([word], dtype=object) for word in words]
    assert together(list(layers), np.array([1.0]))[0] == by_the_sentence(words)


def test_a_dimension_that_was_not_asked_for_has_no_say() -> None:
    assert together([None, np.array(["tight"], dtype=object)], np.array([1.0]))[0] == "tight"
    assert together([None, None], np.array([1.0]))[0] == "not_rated"


@pytest.mark.parametrize("word", WORDS)
def test_nobody_in_need_is_not_applicable_and_unknown_need_is_not_nobody(word: str | None) -> None:
    layer = np.array([word, word], dtype=object)
    found = together([layer], np.array([0.0, np.nan]))
    assert found[0] == "not_applicable"
    assert found[1] != "not_applicable"


@pytest.mark.parametrize("ages", [{4: 1.0}, {40: 1.0}, None])
def test_the_status_of_a_need_follows_from_its_dimensions_also_where_persons_are_unknown(
    ages: dict[int, float] | None,
) -> None:
    plan = Plan("K10 20 30 . 90", ages=ages, kinds={"K": {"kind": "kita", "usable_places": 20.0}})
    for norms in ([limit("kita", 2, "foot")], [limit("kita", 2, "foot"), places_for_all("kita")], []):
        need = check(plan, catalogue_with(*norms), "kita", modes=("foot",), edge_x_m=X0 + 500).tables["need"]
        for row in need.itertuples():
            told = (row.status_distance, row.status_capacity)
            words = tuple(word if isinstance(word, str) else None for word in told)
            nobody = row.need_persons_high == 0
            assert row.status == ("not_applicable" if nobody else by_the_sentence(words))
