# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Norms by area: planning values, posts, minimum numbers; partial areas and unknown capacity are unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dableiben.gaps.assess import Assessment
from support.regions import Place, Plan, catalogue_with, check, gaps_of, limit, norm, places_for_all

SOELTEN = {
    "a": Place("13099001", "asdorf", amt="west", mittelbereich="soelten"),
    "b": Place("13099002", "brook", amt="west", mittelbereich="soelten"),
    "c": Place("13099003", "claus", amt="nord", mittelbereich="klausen"),
}
DOCTORS = norm(
    "praxen", "hausarzt", "persons_per_unit", 1600, level="mittelbereich", per_group="alle", groups=["alle"]
)
FLOOR = norm("praxen_min", "hausarzt", "provision_share_min", 0.75, binding="duty", groups=["alle"])


def practice(doctors: float | None, **more: Any) -> dict[str, Any]:
    return {"kind": "hausarzt", "usable_places": np.nan if doctors is None else doctors, **more}


def land(map_: str = "8000A 8000B 1600C", **doctors: Any) -> Plan:
    """16,000 people in the Mittelbereich Sölten (target 10 doctors), 1,600 in another (target 1)."""
    kinds = {"A": practice(4), "B": practice(3), "C": practice(1), "P": practice(2, possible=True)}
    kinds |= {letter: practice(value) if not isinstance(value, dict) else value for letter, value in doctors.items()}
    return Plan(map_, areas="a b c", places=SOELTEN, ages={40: 1.0}, kinds=kinds)


def found(plan: Any, *norms: Any, kind: str = "hausarzt") -> Assessment:
    return check(plan, catalogue_with(*norms), kind, dimensions=("content",))


def status(plan: Any, *norms: Any, kind: str = "hausarzt") -> dict[str, str]:
    need = found(plan, *norms, kind=kind).tables["need"]
    return {area.split(":")[1]: word for area, word in zip(need["area_id"], need["status_capacity"], strict=True)}


def test_seventy_percent_of_the_planning_value_is_a_gap_of_the_mittelbereich() -> None:
    gap = found(land(), DOCTORS, FLOOR).tables["gaps"]
    assert len(gap) == 1
    gap = gap.iloc[0]
    assert (gap["area_id"], gap["cause"], gap["unit"]) == ("mb:soelten", "capacity", "doctor")
    assert (gap["target"], gap["actual"]) == (10.0, 7.0)
    assert gap["severity"] == pytest.approx(0.3)
    assert gap["persons_best"] == pytest.approx(16000 * 0.3) == gap["persons_low"] == gap["persons_high"]
    assert "Landesausschuss" in gap["explanation_de"]


def test_from_the_floor_on_too_few_doctors_are_tight() -> None:
    assert status(land(A=4.5), DOCTORS, FLOOR) == {"asdorf": "tight", "brook": "tight", "claus": "covered"}
    assert status(land(A=4.49), DOCTORS, FLOOR)["asdorf"] == "gap"
    assert status(land(A=4.5), DOCTORS)["asdorf"] == "gap"  # without a floor any quarter doctor counts
    assert status(land(A=6.76), DOCTORS)["asdorf"] == "tight"
    assert status(land(A=7), DOCTORS)["asdorf"] == "covered"


def test_a_practice_without_details_leaves_open_what_it_could_close() -> None:
    assert status(land(A=None), DOCTORS, FLOOR)["asdorf"] == "unknown"
    unknown = found(land(A=None), DOCTORS, FLOOR).tables["unknowns"]
    assert unknown[["area_id", "what"]].to_numpy().tolist() == [["mb:soelten", "capacity"]]
    assert unknown["facility_ids"].tolist() == [["A0"]]
    assert unknown["persons_best"].tolist() == [pytest.approx(16000 * 0.7)]
    # With the others at the floor already, or the licence too small, the missing number does not matter.
    assert status(land(A=None, B=7.5), DOCTORS, FLOOR)["asdorf"] == "tight"
    assert status(land(A=practice(None, licensed_places=2.0)), DOCTORS, FLOOR)["asdorf"] == "gap"
    assert status(land(A=practice(None, licensed_places=5.0)), DOCTORS, FLOOR)["asdorf"] == "unknown"


def test_a_possible_practice_leaves_it_open_too() -> None:
    assert status(land("8000A 8000BP 1600C"), DOCTORS, FLOOR)["asdorf"] == "unknown"
    too_small = practice(0.4, possible=True)  # 7.4 doctors would still be under three quarters
    assert status(land("8000A 8000BP 1600C", P=too_small), DOCTORS, FLOOR)["asdorf"] == "gap"


def test_no_practice_at_all_is_absent() -> None:
    gap = found(land("8000A 8000B 1600"), DOCTORS, FLOOR).tables["gaps"].set_index("area_id").loc["mb:klausen"]
    assert (gap["cause"], gap["actual"], gap["persons_best"]) == ("absent", 0.0, pytest.approx(1600))


def test_one_and_a_half_of_two_posts_in_the_district() -> None:
    counselling = norm(
        "beratung", "schwangerschaftsberatung", "persons_per_unit", 40000, level="district", per_group="alle",
        binding="duty",
    )  # fmt: skip
    kinds = {"S": {"kind": "schwangerschaftsberatung", "usable_places": 1.5}}
    plan = Plan("40000S 40000", areas="a c", places=SOELTEN, ages={30: 1.0}, kinds=kinds)
    cards = catalogue_with(counselling, kinds={"schwangerschaftsberatung": {}})
    tables = check(plan, cards, "schwangerschaftsberatung").tables
    gap = tables["gaps"].iloc[0]
    assert (gap["area_id"], gap["tier"], gap["unit"]) == ("13099", "duty", "post")
    assert (gap["target"], gap["actual"], gap["severity"]) == (2.0, 1.5, pytest.approx(0.25))


def test_places_per_thousand_old_people() -> None:
    homes = norm("heime", "pflegeheim", "units_per_1000", 60, level="amt", per_group="senioren_80")
    kinds = {"H": {"kind": "pflegeheim", "usable_places": 50.0}}
    plan = Plan("1000H 1000", areas="a c", places=SOELTEN, ages={85: 1.0}, kinds=kinds)
    tables = check(plan, catalogue_with(homes), "pflegeheim").tables
    gaps = tables["gaps"].set_index("area_id")
    assert gaps["target"].to_dict() == {"amt:west": 60.0, "amt:nord": 60.0}
    assert gaps["cause"].to_dict() == {"amt:west": "capacity", "amt:nord": "absent"}


def test_at_least_one_facility_in_each_amt() -> None:
    one = norm("kzp", "kurzzeitpflege", "facilities_min", 1, level="amt", per_group="senioren_65")
    kinds = {"K": {"kind": "kurzzeitpflege"}, "P": {"kind": "kurzzeitpflege", "possible": True}}
    plan = Plan("500K 500 200", areas="a b c", places=SOELTEN, ages={70: 1.0}, kinds=kinds)
    tables = check(plan, catalogue_with(one), "kurzzeitpflege").tables
    gap = tables["gaps"].iloc[0]
    assert gaps_of(check(plan, catalogue_with(one), "kurzzeitpflege")) == {
        ("kurzzeitpflege", "senioren_65", "amt:nord", "absent")
    }
    assert (gap["unit"], gap["target"], gap["actual"], gap["persons_best"]) == ("facility", 1.0, 0.0, 200.0)
    maybe = Plan("500K 500 200P", areas="a b c", places=SOELTEN, ages={70: 1.0}, kinds=kinds)
    assert status(maybe, one, kind="kurzzeitpflege")["claus"] == "unknown"


def test_a_kind_without_capacity_is_counted_by_its_facilities() -> None:
    grounds = norm("spiel", "spielplatz", "units_per_1000", 2, level="municipality", per_group="kinder_1_12")
    kinds = {"S": {"kind": "spielplatz"}}
    plan = Plan("1000S 1000SS 500", areas="a b c", places=SOELTEN, ages={5: 1.0}, kinds=kinds)
    tables = check(plan, catalogue_with(grounds), "spielplatz").tables
    gaps = tables["gaps"].set_index("area_id").sort_index()
    assert gaps.index.tolist() == ["13099001", "13099003"]
    assert gaps[["target", "actual", "unit"]].to_numpy().tolist() == [[2.0, 1.0, "facility"], [1.0, 0.0, "facility"]]


def test_an_area_of_which_only_a_part_lies_in_the_data_is_unknown_unless_it_has_enough() -> None:
    region = replace(land().region(), incomplete=frozenset({"mb:soelten", "mb:klausen"}))
    assert status(region, DOCTORS, FLOOR) == {"asdorf": "unknown", "brook": "unknown", "claus": "covered"}
    reasons = found(region, DOCTORS, FLOOR).tables["unknowns"]
    assert reasons["area_id"].tolist() == ["mb:soelten"]
    assert found(region, DOCTORS, FLOOR).tables["gaps"].empty


@pytest.mark.parametrize("level", ["locality", "planning_area", "school_district"])
def test_norms_hold_at_small_levels_too(level: str) -> None:
    places = {
        "a": Place("13099001", "asdorf", planning_area="p1", school_district="s1"),
        "b": Place("13099001", "brook", planning_area="p2", school_district="s2"),
    }
    one = norm("treff", "jugendarbeit", "facilities_min", 1, level=level, per_group="jugend_6_26")
    plan = Plan("50J 60", areas="a b", places=places, ages={15: 1.0}, kinds={"J": {"kind": "jugendarbeit"}})
    gaps = check(plan, catalogue_with(one), "jugendarbeit").tables["gaps"]
    assert gaps["persons_best"].tolist() == [60.0]
    wanted = {"locality": "13099001:brook", "planning_area": "pa:p2", "school_district": "sb:s2"}
    assert gaps["area_id"].tolist() == [wanted[level]]


def test_a_kind_that_nobody_records_is_unknown_in_every_area() -> None:
    plan = land("8000 8000 1600")
    plan.recorded = frozenset()
    assert set(status(plan, DOCTORS, FLOOR).values()) == {"unknown"}


def test_unknown_persons_make_no_target() -> None:
    plan = land()
    plan.ages = None
    posts = norm("heime", "pflegeheim", "units_per_1000", 60, level="amt", per_group="senioren_80")
    tables = check(plan, catalogue_with(posts), "pflegeheim").tables
    assert set(tables["need"]["status_capacity"]) == {"unknown"}
    assert tables["gaps"].empty
    assert tables["unknowns"].loc[tables["unknowns"]["what"] == "capacity", "persons_best"].isna().all()


def test_a_group_of_unknown_size_is_named_with_the_persons_of_the_norm() -> None:
    # Nobody knows how many newcomers there are; the norm counts everybody.
    one = norm("mig", "migrationsberatung", "facilities_min", 1, level="district", per_group="alle")
    plan = Plan("5000", areas="a", places=SOELTEN, ages={30: 1.0}, recorded=frozenset({"migrationsberatung"}))
    gap = check(plan, catalogue_with(one), "migrationsberatung").tables["gaps"].iloc[0]
    assert (gap["cause"], gap["persons_best"]) == ("absent", 5000.0)


def test_two_norms_of_the_content_missed_at_once_are_one_gap_and_one_decision() -> None:
    norms = (
        places_for_all("kita", binding="entitlement"),
        norm("kita_min", "kita", "facilities_min", 3, level="municipality", per_group="kinder_3_bis_schule"),
    )
    plan = Plan("50K", areas="a", places=SOELTEN, kinds={"K": {"kind": "kita", "usable_places": 40.0}})
    gaps = check(plan, catalogue_with(*norms), "kita").tables["gaps"]
    assert gaps[["tier", "unit", "persons_best"]].to_numpy().tolist() == [["entitlement", "place", 10.0]]
    unknown = Plan("50K", areas="a", places=SOELTEN, kinds={"K": {"kind": "kita"}})
    places = norm("kita_1000", "kita", "units_per_1000", 900, level="municipality", per_group="kinder_3_bis_schule")
    rows = check(unknown, catalogue_with(norms[0], places), "kita").tables["unknowns"]
    assert rows["facility_ids"].tolist() == [["K0"]]  # one question, one row


def test_quality_and_number_of_one_area_do_not_share_a_row() -> None:
    norms = (
        limit("seniorentreff", 5, "foot"),
        norm("treff", "seniorentreff", "facilities_min", 2, level="locality", per_group="senioren_65"),
    )
    plan = Plan(
        "90T", areas="a", places=SOELTEN, ages={70: 1.0}, kinds={"T": {"kind": "seniorentreff", "barrier_free": False}}
    )
    gaps = check(plan, catalogue_with(*norms), "seniorentreff", modes=("foot",)).tables["gaps"]
    assert len(gaps) == 1 and gaps["gap_id"].is_unique


# --- what is not known is not zero --------------------------------------------------------------------------


def stray(kind: str, places: float, municipality: str | None = None) -> dict[str, Any]:
    """A facility without coordinates, its municipality known or not."""
    nowhere = {"x_m": np.nan, "y_m": np.nan, "located": None, "locality_id": None}
    return {"kind": kind, "usable_places": places, "municipality_id": municipality, "area_id": municipality, **nowhere}


def test_a_practice_that_may_be_anywhere_may_be_here() -> None:
    plan = land()
    plan.extra_facilities = [stray("hausarzt", 3.0)]
    assert status(plan, DOCTORS, FLOOR)["asdorf"] == "unknown"
    tables = found(plan, DOCTORS, FLOOR).tables
    assert tables["gaps"].empty
    assert tables["unknowns"]["facility_ids"].tolist() == [["extra0"]]
    assert "Gemeinde" in tables["unknowns"]["missing_entry"].iloc[0]


def test_a_practice_known_by_municipality_counts_in_its_mittelbereich() -> None:
    plan = land()
    plan.extra_facilities = [stray("hausarzt", 3.0, "13099002")]
    assert status(plan, DOCTORS, FLOOR)["asdorf"] == "covered"


def test_what_a_practice_without_details_may_close_is_the_interval_of_the_gap() -> None:
    plan = land(B={**practice(None), "licensed_places": 1.0})
    gap = found(plan, DOCTORS, FLOOR).tables["gaps"].iloc[0]
    assert (gap["persons_low"], gap["persons_best"], gap["persons_high"]) == (8000.0, 9600.0, 9600.0)
    assert gap["confidence"] == "low"


def test_a_place_in_no_known_mittelbereich_is_unknown_and_says_what_is_missing() -> None:
    plan = land()
    plan.places = {**SOELTEN, "c": Place("13099003", "claus", amt="nord")}
    tables = found(plan, DOCTORS, FLOOR).tables
    assert status(plan, DOCTORS, FLOOR)["claus"] == "unknown"
    row = tables["unknowns"].iloc[0]
    assert (row["area_id"], row["what"], row["persons_best"]) == ("13099003", "capacity", 1600.0)
    assert "Mittelbereich" in row["missing_entry"]


def test_a_norm_by_amt_does_not_speak_of_a_municipality_without_one() -> None:
    card = norm("treffs", "seniorentreff", "facilities_min", 1, level="amt")
    plan = land("8000A 8000B 1600C")
    plan.places = {**SOELTEN, "c": Place("13099003", "claus", mittelbereich="klausen")}
    plan.recorded = frozenset({"seniorentreff"})
    plan.ages = {70: 1.0}
    assert set(found(plan, card, kind="seniorentreff").tables["gaps"]["area_id"]) == {"amt:west"}
    assert status(plan, card, kind="seniorentreff")["claus"] == "not_rated"
    plan.places = {letter: replace(place, amt=None) for letter, place in SOELTEN.items()}
    none = found(plan, card, kind="seniorentreff").tables
    assert none["gaps"].empty and "Amt" in none["unknowns"]["missing_entry"].iloc[0]
