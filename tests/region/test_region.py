# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""For which keys norms hold in a region."""

from __future__ import annotations

from dableiben.region.checks import data_checks
from support.regions import Place, Plan, catalogue_with, check, gaps_of, limit

TWO = {"a": Place("13099001", "asdorf"), "b": Place("13099002", "brook")}


def test_a_town_alone_has_norms_of_its_own_a_district_has_those_of_the_district() -> None:
    town, district = Plan("5 5"), Plan("5 5", areas="a b", places=TWO)
    assert town.region().norm_keys == ("13099001", "13099", "MV", "DE")
    assert district.region().norm_keys == ("13099", "MV", "DE")


def test_a_limit_that_a_town_decided_is_used_in_the_town() -> None:
    way = limit("kita", 1, "foot")
    of_town = way.model_copy(update={"values": (way.values[0].model_copy(update={"area": "13099001"}),)})
    plan = Plan("30 . . . .", recorded=frozenset({"kita"}))
    assert gaps_of(check(plan, catalogue_with(of_town), "kita", modes=("foot",))) == {
        ("kita", "kinder_3_bis_schule", "13099001:mitte", "distance")
    }


def test_values_of_a_part_of_the_region_are_not_applied_and_named() -> None:
    two = {"a": Place("13099001", "asdorf"), "b": Place("13098002", "brook")}
    region = Plan("5 5", areas="a b", places=two).region()
    assert region.norm_keys == ("MV", "DE")
    way = limit("kita", 1, "foot")
    value = way.values[0]
    for area in ("13099", "13099001"):
        part = catalogue_with(way.model_copy(update={"values": (value.model_copy(update={"area": area}),)}))
        assert check(region, part, "kita", modes=("foot",)).tables["gaps"].empty
        found = {one["id"]: one for one in data_checks(region, part)}["norms_of_parts"]
        assert found["severity"] == "yellow" and f"({area})" in found["text_de"]
    assert "norms_of_parts" not in {one["id"] for one in data_checks(region, catalogue_with(way))}
