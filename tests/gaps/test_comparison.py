# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""S2-05: areas stand beside each other in the same figures, and each against the standard."""

from __future__ import annotations

import pytest

from support.regions import Place, Plan, catalogue_with, check, limit

A, B = "13099001", "13099002"


def test_areas_are_compared_with_each_other_and_with_a_standard() -> None:
    plan = Plan(
        "K 10 . . 20", "A A A B B", places={"A": Place(A), "B": Place(B)},
        kinds={"K": {"kind": "kita", "usable_places": 12.0}},
    )  # fmt: skip
    found = check(plan, catalogue_with(limit("kita", 3, "foot")), "kita", modes=("foot",))
    table = found.tables["indicators"]
    figures = table[table["area_id"].notna()].set_index(["indicator", "area_id"])["value"]
    # with each other: the way of A, of B and of both together
    assert figures["mean_travel_time", A] == 1.0
    assert figures["mean_travel_time", B] == 4.0
    assert figures["mean_travel_time", "13099"] == pytest.approx((10 * 1 + 20 * 4) / 30)
    assert figures["places_per_100", A] == pytest.approx(120.0)
    assert figures["places_per_100", B] == 0.0
    # how unequal the ways of all persons are: half the mean difference of all pairs, by the mean
    gini = (2 * 10 * 20 * 3) / (2 * 30 * 30) / figures["mean_travel_time", "13099"]
    whole = table.set_index("indicator")["value"]
    assert whole["gini_travel_time"] == pytest.approx(gini)
    # with the standard: the same limit holds in both, and only B misses it
    need = found.tables["need"].set_index("area_id")["status_distance"].to_dict()
    assert need == {A: "covered", B: "gap"}
    assert [(gap.area_id, gap.target, gap.actual) for gap in found.tables["gaps"].itertuples()] == [(B, 3.0, 4.0)]
