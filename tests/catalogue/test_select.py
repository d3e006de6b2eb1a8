# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which norm holds: own cards first, then by tier; comparison only where adopted; drafts never."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.select import LIMITS, adoptable, choose_norm, norms_in_force, validity_keys

DAY = date(2026, 11, 22)
MV = validity_keys("13072001")

LIMIT = """
id: {id}
reviewed_on: 2026-11-22
title: {{de: Grenze, en: limit}}
kinds: [{kind}]
measure: travel_time_max
modes: [foot, bike, car]
unit: Minuten
binding: {binding}
values:
  - {{valid_from: {day}, area: "{area}", value: {value}, source: {source}, certainty: local}}
"""


def limit(**changes: object) -> str:
    card = {
        "id": "eigene_grenze", "kind": "supermarkt", "binding": "planning", "day": "2026-01-01", "area": "DE",
        "value": 15, "source": "Kreistag",
    }  # fmt: skip
    return LIMIT.format(**{**card, **changes})


def test_keys_run_from_the_municipality_to_the_country() -> None:
    assert validity_keys("13072001") == ("13072001", "13072", "MV", "DE")
    assert validity_keys("06440") == ("06440", "HE", "DE")
    assert validity_keys(None, "MV") == ("MV", "DE")
    assert validity_keys("13099005", "HE")[2] == "MV"


def test_the_value_of_the_land_beats_the_value_of_the_country(catalogue: Catalogue) -> None:
    norm = choose_norm(catalogue, "kita_u3", "uptake_rate", DAY, MV, [])
    assert norm is not None and norm.value.area == "MV"
    assert [norm.share_at(age) for age in (0, 1, 2, 3)] == [0.035, 0.766, 0.90, None]
    other = choose_norm(catalogue, "kita_u3", "uptake_rate", DAY, validity_keys("06440001"), [])
    assert other is not None and other.share_at(1) == 0.375
    with pytest.raises(ValueError, match="per age year"):
        _ = norm.number


def test_a_rate_for_all_ages_is_one_number(catalogue: Catalogue) -> None:
    norm = choose_norm(catalogue, "kita", "uptake_rate", DAY, MV, [])
    assert norm is not None and norm.share_at(3) == norm.share_at(5) == norm.number == 0.967


def test_comparison_only_where_adopted(catalogue: Catalogue) -> None:
    assert choose_norm(catalogue, "supermarkt", LIMITS, DAY, MV, []) is None
    adopted = choose_norm(catalogue, "supermarkt", LIMITS, DAY, MV, ["N28"])
    assert adopted is not None and adopted.norm.tier == "comparison"
    assert adoptable(catalogue, DAY, MV) == ["N09", "N28"]


def test_statistics_and_rules_of_thumb_make_no_gap(catalogue: Catalogue) -> None:
    for service in catalogue.services():
        measures = ("travel_time_max", "distance_max", "place_for_each_need", "persons_per_unit")
        found = norms_in_force(catalogue, service, measures, DAY, MV, ["N09", "N28", "N36", "N43"])
        assert all(norm.norm.tier is not None for norm in found)


def test_uncertain_values_are_marked(catalogue: Catalogue) -> None:
    now = choose_norm(catalogue, "hausarzt", "persons_per_unit", DAY, MV, [])
    then = choose_norm(catalogue, "hausarzt", "persons_per_unit", date(2015, 6, 1), MV, [])
    assert now is not None and now.uncertain and now.number == 1607
    assert then is not None and not then.uncertain and then.number == 1671


def test_a_value_holds_from_its_first_to_its_last_day(catalogue: Catalogue) -> None:
    def share(day: date) -> float | None:
        norm = choose_norm(catalogue, "ganztag_grundschule", "place_for_each_need", day, MV, [])
        return norm.number if norm else None

    assert share(date(2026, 7, 31)) is None
    assert [share(date(year, 8, 1)) for year in (2026, 2027, 2028, 2029)] == [0.25, 0.5, 0.75, 1.0]
    assert share(date(2027, 7, 31)) == 0.25


def test_own_cards_come_before_a_higher_tier(with_cards: Callable[..., Catalogue]) -> None:
    own = limit(kind="kita", binding="planning")
    catalogue = with_cards({"norms/eigene.yaml": own})
    found = norms_in_force(catalogue, "kita", LIMITS, DAY, MV, ["N09"])
    assert [(norm.norm.id, norm.own) for norm in found] == [("eigene_grenze", True), ("N09", False)]


def test_among_equals_the_higher_tier_then_the_nearer_area(with_cards: Callable[..., Catalogue]) -> None:
    catalogue = with_cards(
        {
            "norms/a.yaml": limit(id="a_planung", binding="planning", area="13072001"),
            "norms/b.yaml": limit(id="b_satzung", binding="statute_local"),
            "norms/c.yaml": limit(id="c_satzung", binding="statute_local", area="13072"),
        }
    )
    found = [norm.norm.id for norm in norms_in_force(catalogue, "supermarkt", LIMITS, DAY, MV, [])]
    assert found == ["c_satzung", "b_satzung", "a_planung"]
    elsewhere = [n.norm.id for n in norms_in_force(catalogue, "supermarkt", LIMITS, DAY, ("06440", "HE", "DE"), [])]
    assert elsewhere == ["b_satzung"]


def test_a_norm_without_a_source_is_a_draft(with_cards: Callable[..., Catalogue]) -> None:
    catalogue = with_cards({"norms/a.yaml": limit(source="null")})
    assert choose_norm(catalogue, "supermarkt", LIMITS, DAY, MV, []) is None


def test_an_own_benchmark_waits_for_adoption_too(with_cards: Callable[..., Catalogue]) -> None:
    catalogue = with_cards({"norms/a.yaml": limit(binding="benchmark")})
    assert choose_norm(catalogue, "supermarkt", LIMITS, DAY, MV, []) is None
    assert choose_norm(catalogue, "supermarkt", LIMITS, DAY, MV, ["eigene_grenze"]) is not None


def test_a_norm_of_a_member_holds_for_its_pool(with_cards: Callable[..., Catalogue]) -> None:
    catalogue = with_cards({"norms/a.yaml": limit(kind="krippe")})
    chosen = choose_norm(catalogue, "kita_u3", LIMITS, DAY, MV, [])
    assert chosen is not None and chosen.norm.id == "eigene_grenze"


def test_a_norm_for_other_groups_does_not_hold(catalogue: Catalogue) -> None:
    assert choose_norm(catalogue, "hausarzt", "persons_per_unit", DAY, MV, [], group="alle") is not None
    assert choose_norm(catalogue, "hausarzt", "persons_per_unit", DAY, MV, [], group="senioren_65") is None
