# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Rows of the gap table: ids and decisions over runs, tiers and ranks, severity, confidence, age of the data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from dableiben.core.errors import InputError
from dableiben.core.results import RESULT_TABLES
from dableiben.gaps.assess import Assessment
from dableiben.region.change import ReviewGap
from support.regions import Place, Plan, catalogue_with, check, limit, norm, places_for_all

PLACES = {
    "a": Place("13099001", "asdorf"),
    "b": Place("13099002", "brook"),
    "c": Place("13099003", "claus"),
}


def kita(places: float, **more: Any) -> dict[str, Any]:
    return {"kind": "kita", "usable_places": places, **more}


def test_a_gap_keeps_its_id_when_cause_norm_and_persons_change() -> None:
    cards = catalogue_with(places_for_all("kita"))
    absent = check(Plan("20 9K", areas="a b", places=PLACES, kinds={"K": kita(9)}), cards, "kita").tables["gaps"]
    few = check(Plan("30K 9K", areas="a b", places=PLACES, kinds={"K": kita(9)}), cards, "kita").tables["gaps"]
    assert (absent["cause"].item(), few["cause"].item()) == ("absent", "capacity")
    assert absent["gap_id"].item() == few["gap_id"].item()
    way = check(
        Plan("20 . . . 9K", areas="a a a a b", places=PLACES, kinds={"K": kita(9)}),
        catalogue_with(limit("kita", 1, "foot")), "kita", modes=("foot",),
    ).tables["gaps"]  # fmt: skip
    assert way["gap_id"].item() != few["gap_id"].item()  # another dimension is another gap


@pytest.mark.parametrize("status", ["confirmed", "rejected", "decided"])
def test_a_decision_survives_the_next_run(status: Any) -> None:
    cards = catalogue_with(places_for_all("kita"))
    plan = Plan("20K 30K", areas="a b", places=PLACES, kinds={"K": kita(9)})
    first = check(plan, cards, "kita").tables["gaps"]
    assert set(first["review_status"]) == {"open"} and first["review_note"].isna().all()
    mine = first["gap_id"].iloc[0]
    review = ReviewGap(on=date(2026, 1, 5), gap_id=mine, status=status, reason="Kreistag")
    plan.persons = "25K 33K"
    after = check(plan, cards, "kita", reviews={mine: review}).tables["gaps"].set_index("gap_id")
    assert after.loc[mine, ["review_status", "review_note"]].tolist() == [status, "Kreistag"]
    assert after.drop(mine)["review_status"].tolist() == ["open"]


# --- order -------------------------------------------------------------------------------------------------


def ranked(*norms: Any, adopt: tuple[str, ...] = (), plan: Plan | None = None, **card: Any) -> pd.DataFrame:
    kinds = {"K": kita(10), "T": {"kind": "seniorentreff"}}
    plan = plan or Plan(
        "30K . . . . . . . . 20", areas="a a a a a b b b b b", places=PLACES, kinds=kinds, adopt=adopt
    )
    found = check(plan, catalogue_with(*norms, **card), "kita", modes=("foot",)).tables["gaps"]
    return found.sort_values("rank")


def test_tiers_come_before_persons() -> None:
    many_for_comparison = limit("kita", 1, "foot", binding="benchmark")
    found = ranked(many_for_comparison, places_for_all("kita", binding="entitlement"), adopt=("kita_weg",))
    assert found["tier"].tolist() == ["entitlement", "comparison"]
    assert found["rank"].tolist() == [1, 2]
    planned = ranked(limit("kita", 1, "foot", binding="duty"), places_for_all("kita"))
    assert planned["tier"].tolist() == ["duty", "planning"]


def three_shortfalls(**card: Any) -> list[tuple[str, float, float]]:
    """Missing 5 of 10, 12 of 60 and 20 of 100, in three municipalities."""
    kinds = {"A": kita(5), "B": kita(48), "C": kita(80)}
    plan = Plan("10A 60B 100C", areas="a b c", places=PLACES, kinds=kinds)
    found = ranked(places_for_all("kita"), plan=plan, **card)
    columns = ["area_id", "persons_best", "severity"]
    return [tuple(row) for row in found[columns].round(6).itertuples(index=False)]


def test_inside_a_tier_persons_times_severity_decide() -> None:
    assert three_shortfalls() == [("13099003", 20.0, 0.2), ("13099001", 5.0, 0.5), ("13099002", 12.0, 0.2)]


def test_the_weights_of_the_card_change_the_order() -> None:
    assert [area for area, *_ in three_shortfalls(severity_weight=0.0)] == ["13099003", "13099002", "13099001"]
    assert [area for area, *_ in three_shortfalls(persons_weight=0.0)] == ["13099001", "13099003", "13099002"]


def test_the_severity_of_a_way_is_its_excess_over_the_limit() -> None:
    def severity(minutes_away: int, reach_min: float = 60.0) -> tuple[float, float | None]:
        plan = Plan("K" + " ." * (minutes_away - 1) + " 50", kinds={"K": kita(50)})
        gap = check(plan, catalogue_with(limit("kita", 4, "foot")), "kita", modes=("foot",), reach_min=reach_min)
        row = gap.tables["gaps"].iloc[0]
        return row["severity"], row["actual"]

    assert severity(5) == (pytest.approx(0.25), 5.0)
    assert severity(12) == (1.0, 12.0)
    unreached = severity(12, reach_min=10.0)
    assert unreached[0] == 1.0 and pd.isna(unreached[1])


# --- confidence and age --------------------------------------------------------------------------------------


def confidence(facility: dict[str, Any], certainty: str = "read") -> str:
    value = {"valid_from": "2000-01-01", "value": 2, "source": "Probe", "certainty": certainty}
    card = limit("kita", 2, "foot", values=[value])
    plan = Plan("50 . . . K", kinds={"K": facility})
    return str(check(plan, catalogue_with(card), "kita", modes=("foot",)).tables["gaps"]["confidence"].item())


def test_confidence_is_high_only_with_a_register_and_a_norm_that_was_read() -> None:
    assert confidence(kita(9)) == "high"
    assert confidence(kita(9, restricted=False, source="ort.osm.pbf")) == "medium"
    assert confidence(kita(9), certainty="memory") == "medium"


def test_the_oldest_entry_dates_the_gap() -> None:
    def as_of(*days: Any) -> date | None:
        letters = "KLM"[: len(days)]
        kinds = {letter: kita(1, as_of=day) for letter, day in zip(letters, days, strict=True)}
        found = check(Plan(f"50{letters}", kinds=kinds), catalogue_with(places_for_all("kita")), "kita")
        value = found.tables["gaps"]["data_as_of"].item()
        return None if pd.isna(value) else value

    assert as_of(date(2024, 5, 1), date(2025, 1, 1)) == date(2024, 5, 1)
    assert as_of(date(2026, 1, 31)) == date(2025, 12, 31)  # the day of the population
    # An entry without a date may be older than all others.
    assert as_of(None, date(2025, 1, 1)) is None
    assert as_of(pd.NaT, date(2024, 1, 1)) is None


def test_where_there_is_no_facility_the_population_dates_the_gap() -> None:
    plan = Plan("50", recorded=frozenset({"kita"}))
    found = check(plan, catalogue_with(places_for_all("kita")), "kita").tables["gaps"]
    assert found["data_as_of"].tolist() == [date(2025, 12, 31)]


# --- the contract --------------------------------------------------------------------------------------------


def contracted(found: Assessment) -> None:
    for table in RESULT_TABLES:
        table.arrow(found.tables[table.name])


def test_all_tables_keep_the_contract_with_and_without_content() -> None:
    kinds = {"K": kita(9), "T": {"kind": "seniorentreff", "barrier_free": False}}
    plan = Plan("20K . . . 9T", areas="a a b b c", places=PLACES, ages={4: 0.5, 70: 0.5}, kinds=kinds)
    norms = (limit("kita", 2), places_for_all("kita"), limit("seniorentreff", 2, "foot"))
    contracted(check(plan, catalogue_with(*norms)))
    contracted(check(plan, catalogue_with()))
    nobody = Plan(". . K . T", areas="a a b b c", places=PLACES, kinds=kinds)
    region = nobody.region()
    from dataclasses import replace

    from dableiben.region.cells import empty_cells

    contracted(check(replace(region, cells=empty_cells()), catalogue_with(*norms), streets=True))


def test_the_council_is_never_told_that_a_claim_is_not_met() -> None:
    found = check(
        Plan("20K", places=PLACES, areas="a", kinds={"K": kita(9)}),
        catalogue_with(places_for_all("kita", binding="entitlement")), "kita",
    ).tables["gaps"]  # fmt: skip
    assert "Anspruch nicht erfüllt" not in found["explanation_de"].item()
    assert "Rechnerisch fehlen 11\xa0Plätze zur Erfüllung des Rechtsanspruchs" in found["explanation_de"].item()


def test_an_unknown_kind_is_refused_with_the_kinds_there_are() -> None:
    with pytest.raises(InputError) as refused:
        check(Plan("20"), catalogue_with(), "einhornstall")
    assert refused.value.code == "kind-unknown"
    assert "kita" in refused.value.repair


def test_a_member_of_a_pool_asks_for_the_pool_once() -> None:
    found = check(Plan("20"), catalogue_with(), "krippe", "kindertagespflege")
    assert found.services == ("kita_u3",)


def test_norms_used_are_those_in_force_for_what_was_asked() -> None:
    norms = (limit("kita", 2), places_for_all("kita"), limit("apotheke", 9), norm("rate", "kita", "uptake_rate", 0.9))
    found = check(Plan("20K", kinds={"K": kita(9)}), catalogue_with(*norms), "kita")
    assert [used.norm.id for used in found.norms_used] == ["kita_platz", "kita_weg", "rate"]


# --- who answers, and for whom it is an obstacle --------------------------------------------------------------


def test_a_gap_says_who_answers_and_whether_it_hinders_integration() -> None:
    """Requirements S2-02, S3-07 and S4-12: duty, departments, obstacle to the integration of immigrants."""
    cards = catalogue_with(
        limit("kita", 1, "foot"), limit("supermarkt", 1, "foot"), limit("haltestelle", 1, "foot")
    )
    plan = Plan("30 . . . .", recorded=frozenset({"kita", "supermarkt", "haltestelle"}), ages={4: 0.5, 70: 0.5})
    gaps = check(plan, cards, "kita", "supermarkt", "haltestelle", modes=("foot",)).tables["gaps"]
    assert set(gaps["kind"]) == {"kita", "supermarkt", "haltestelle"}
    for gap in gaps.itertuples():
        card = cards.services()[gap.kind]
        answers = card.responsibility_by_land.get("MV", card.responsibility)
        assert gap.integration_obstacle is (gap.kind != "supermarkt")
        assert gap.duty == answers.duty
        assert gap.influence == answers.influence
        assert gap.departments == [department.de for department in answers.departments]
        assert gap.responsible_body == answers.body.de
    kita_gap = gaps[gaps["kind"] == "kita"].iloc[0]
    assert kita_gap["duty"] == "duty"
    assert len(kita_gap["departments"]) > 1
    assert set(gaps.loc[gaps["kind"] == "supermarkt", "duty"]) == {"voluntary"}
