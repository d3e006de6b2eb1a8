# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Status of the way on plain maps: limits, households, edges, possible and unplaced facilities, service areas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dableiben.store.config import Carless
from support.regions import (
    X0,
    Y0,
    Place,
    Plan,
    by_cell,
    catalogue_with,
    check,
    gaps_of,
    limit,
    norm,
    places_for_all,
)
from support.streets import make_network

LINE = "K 10 20 30 40 50"
KITA = {"K": {"kind": "kita", "usable_places": 500.0}}
HALF = Carless(share=0.5, source="Probe")
MODES = ("foot", "bike", "car")


def line(**more: Any) -> Plan:
    """A Kita at the west end of a street, cells 1 to 5 minutes away on foot."""
    return Plan(**{"persons": LINE, "kinds": KITA, **more})


def status(plan: Plan, *norms: Any, kind: str = "kita", **asked: Any) -> list[str]:
    """status_distance of the cells of a line, from west to east."""
    group = asked.pop("group", None)
    asked.setdefault("modes", ("foot",))
    found = by_cell(check(plan, catalogue_with(*norms), kind, **asked), "status_distance", group)
    return [found[key] for key in sorted(found)]


def reasons(plan: Plan, *norms: Any, kind: str = "kita", **asked: Any) -> list[str | None]:
    asked.setdefault("modes", ("foot",))
    found = by_cell(check(plan, catalogue_with(*norms), kind, **asked), "reason")
    return [found[key] if isinstance(found[key], str) else None for key in sorted(found)]


def test_a_way_exactly_as_long_as_the_limit_is_within_it() -> None:
    assert status(line(), limit("kita", 3, "foot")) == ["covered"] * 3 + ["gap"] * 2
    assert status(line(), limit("kita", 3 - 1e-9, "foot")) == ["covered"] * 2 + ["gap"] * 3


@pytest.mark.parametrize("mode", ["foot", "bike", "car"])
def test_a_limit_in_metres_is_held_against_the_length_of_the_way(mode: str) -> None:
    metres = norm("kita_m", "kita", "distance_max", 300, modes=[mode])
    plan = line(carless=Carless(share=0.0, source="Probe"))
    group = "kinder_3_bis_schule.mit_auto" if mode == "car" else None
    assert status(plan, metres, modes=(mode,), group=group) == ["covered"] * 3 + ["gap"] * 2
    table = check(plan, catalogue_with(metres), "kita", modes=(mode,)).tables["gaps"]
    found = table[table["persons_best"] > 0].iloc[0]
    assert (found["unit"], found["target"]) == ("m", 300)
    assert found["actual"] == pytest.approx((40 * 400 + 50 * 500) / 90)
    assert found["severity"] == pytest.approx((40 * 1 / 3 + 50 * 2 / 3) / 90)


def test_without_a_norm_in_force_nothing_is_rated_and_nothing_is_a_gap() -> None:
    assert status(line()) == ["not_rated"] * 5
    found = check(line(), catalogue_with(), "kita")
    assert found.tables["gaps"].empty
    assert set(found.tables["need"]["status"]) == {"not_rated"}
    assert set(found.tables["cells"]["travel_time_min"]) >= {1.0, 2.0, 3.0, 4.0, 5.0}  # times are still given
    assert found.tables["need"]["mode"].isna().all()


@pytest.mark.parametrize("binding", ["statistic", "heuristic"])
def test_statistics_and_rules_of_thumb_never_make_a_gap(binding: str) -> None:
    assert status(line(), limit("kita", 1, "foot", binding=binding)) == ["not_rated"] * 5


@pytest.mark.parametrize("binding", ["benchmark", "case_law"])
def test_a_benchmark_rates_only_where_the_region_adopts_it(binding: str) -> None:
    card = limit("kita", 1, "foot", binding=binding)
    assert status(line(), card) == ["not_rated"] * 5
    assert status(line(adopt=("kita_weg",)), card) == ["covered"] + ["gap"] * 4
    found = check(line(adopt=("kita_weg",)), catalogue_with(card), "kita", modes=("foot",))
    assert set(found.tables["gaps"]["tier"]) == {"comparison"}


def test_a_norm_without_a_source_is_a_draft_and_rates_nothing() -> None:
    draft = limit("kita", 1, "foot", values=[{"valid_from": "2000-01-01", "value": 1, "certainty": "memory"}])
    assert status(line(), draft) == ["not_rated"] * 5


# --- households with and without a car -------------------------------------------------------------------


def shares(plan: Plan, group: str) -> list[tuple[float, float, float]]:
    found = check(plan, catalogue_with(limit("kita", 3)), "kita")
    table = found.tables["need"]
    table = table[table["group"] == f"kinder_3_bis_schule.{group}"].sort_values("need_persons_high")
    ends = [f"need_persons_{end}" for end in ("low", "best", "high")]
    return [tuple(row) for row in table[ends].itertuples(index=False)]


def test_households_are_told_apart_with_a_known_share() -> None:
    plan = line(persons="K 10", carless=Carless(share=0.2, source="Probe"))
    assert shares(plan, "ohne_auto") == [(2.0, 2.0, 2.0)]
    assert shares(plan, "mit_auto") == [(8.0, 8.0, 8.0)]


def test_a_share_of_the_group_goes_before_the_share_of_all() -> None:
    carless = Carless(share=0.2, share_by_group={"kinder_3_bis_schule": 0.5}, source="Probe")
    assert shares(line(persons="K 10", carless=carless), "ohne_auto") == [(5.0, 5.0, 5.0)]


@pytest.mark.parametrize("carless", [None, Carless(source="nur die Quelle")])
def test_an_unknown_share_runs_from_nobody_to_everybody(carless: Carless | None) -> None:
    plan = line(persons="K 10", carless=carless)
    assert shares(plan, "ohne_auto") == [(0.0, 5.0, 10.0)]
    assert shares(plan, "mit_auto") == [(0.0, 5.0, 10.0)]


def test_a_gap_on_an_unknown_share_has_low_confidence_and_says_its_span() -> None:
    plan = line(persons="K . . . . . . . . 20", carless=None)
    found = check(plan, catalogue_with(limit("kita", 3)), "kita").tables["gaps"]
    row = found.iloc[0]
    assert (row["group"], row["confidence"]) == ("kinder_3_bis_schule.ohne_auto", "low")
    assert (row["persons_low"], row["persons_best"], row["persons_high"]) == (0.0, 10.0, 20.0)
    known = line(persons="K . . . . . . . . 20", carless=Carless(share=0.5, source="Probe"))
    assert set(check(known, catalogue_with(limit("kita", 3)), "kita").tables["gaps"]["confidence"]) == {"high"}


def test_a_carless_group_is_never_covered_by_car() -> None:
    # 900 m: 9 min on foot, 3.6 by bike, 0.9 by car.
    plan = line(persons="K . . . . . . . . 20", carless=Carless(share=0.1, source="Probe"))
    norms = (limit("kita", 3),)
    modes = ("foot", "bike", "car")
    assert status(plan, *norms, modes=modes, group="kinder_3_bis_schule.mit_auto") == ["covered"]
    assert status(plan, *norms, modes=modes, group="kinder_3_bis_schule.ohne_auto") == ["gap"]


def test_who_is_not_reached_even_by_car_is_not_reached_without_one() -> None:
    plan = line(persons="K 10 . . . . . . . 20", carless=Carless(share=0.1, source="Probe"))
    card = limit("kita", 0.5, "car")
    assert status(plan, card, modes=MODES, group="kinder_3_bis_schule.mit_auto") == ["covered", "gap"]
    # The limit names no way they have: who lives near enough by car is not judged.
    assert status(plan, card, modes=MODES, group="kinder_3_bis_schule.ohne_auto") == ["not_rated", "gap"]
    gap = check(plan, catalogue_with(card), "kita").tables["gaps"]
    assert gap[["group", "mode", "persons_low", "persons_best", "persons_high"]].to_numpy().tolist() == [
        ["kinder_3_bis_schule", "car", 20.0, 20.0, 20.0]
    ]


def test_all_households_in_one_gap_are_one_gap_without_an_interval() -> None:
    # Nobody knows who has a car, and nobody reaches the Kita: the number of children is certain.
    plan = line(persons="K . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . 20")
    gaps = check(plan, catalogue_with(limit("kita", 1)), "kita").tables["gaps"]
    assert gaps[["group", "persons_low", "persons_best", "persons_high"]].to_numpy().tolist() == [
        ["kinder_3_bis_schule", 20.0, 20.0, 20.0]
    ]
    assert set(gaps["confidence"]) != {"low"}


def test_a_mode_not_asked_for_still_tells_households_apart() -> None:
    # Old people without a car only walk; leaving the car out of the question does not give them a bicycle.
    plan = Plan("S . . . . 20", ages={70: 1.0}, kinds={"S": {"kind": "supermarkt"}}, carless=HALF)
    asked = {"modes": ("foot", "bike"), "kind": "supermarkt"}
    assert status(plan, limit("supermarkt", 3), group="senioren_65.mit_auto", **asked) == ["covered"]
    assert status(plan, limit("supermarkt", 3), group="senioren_65.ohne_auto", **asked) == ["gap"]


def test_limits_of_all_and_of_carless_households_hold_side_by_side() -> None:
    plan = Plan("S . . . . 20", ages={70: 1.0}, kinds={"S": {"kind": "supermarkt"}}, carless=HALF)
    duty = norm("plicht", "supermarkt", "travel_time_max", 30, modes=["car"], binding="duty")
    plan_value = norm("plan", "supermarkt", "travel_time_max", 3, modes=["foot"], households="without_car")
    found = check(plan, catalogue_with(duty, plan_value), "supermarkt").tables
    assert found["gaps"][["group", "norm_id", "persons_best"]].to_numpy().tolist() == [
        ["senioren_65.ohne_auto", "plan", 10.0]
    ]
    need = found["need"][found["need"]["group"] == "senioren_65.mit_auto"]
    assert set(need["status_distance"]) == {"covered"}


def test_a_facility_without_a_street_may_be_near_but_not_farther_than_the_crow_flies() -> None:
    plan = line(persons="K 10 20 30 40 50")
    card = limit("kita", 3, "foot")
    assert status(plan, card, off_street=["K0"]) == ["unknown"] * 3 + ["gap"] * 2
    assert reasons(plan, card, off_street=["K0"])[:3] == ["off_street"] * 3
    unknown = check(plan, catalogue_with(card), "kita", modes=("foot",), off_street=["K0"]).tables["unknowns"].iloc[0]
    assert unknown["facility_ids"] == ["K0"] and "Straße" in unknown["missing_entry"]


@pytest.mark.parametrize(("metres_off", "word"), [(200.0, "covered"), (350.0, "unknown")])
def test_on_real_streets_a_facility_beyond_the_cap_leaves_the_way_open(metres_off: float, word: str) -> None:
    nodes = {n: (X0 + n * 500.0, Y0 + 50.0) for n in range(9)}
    street = make_network(nodes, [(list(nodes), {"highway": "residential"})])
    shop = {"kind": "supermarkt", "x_m": X0 + 250, "y_m": Y0 + 50 + metres_off, "municipality_id": "13099001"}
    plan = Plan(
        "100", ages={70: 1.0}, network=street, recorded=frozenset({"supermarkt"}),
        extra_facilities=[{**shop, "area_id": "13099001"}],
    )  # fmt: skip
    found = check(plan, catalogue_with(limit("supermarkt", 15, "foot")), "supermarkt", modes=("foot",), streets=True)
    need = found.tables["need"]
    assert set(need.loc[need["need_persons_best"] > 0, "status_distance"]) == {word}
    (noticed,) = found.checks
    assert (noticed["severity"], "1 Einrichtungen" in noticed["text_de"]) == (
        ("green", False) if word == "covered" else ("yellow", True)
    )


def test_the_edge_of_the_data_exactly_at_the_limit_leaves_the_need_open() -> None:
    plan = line(persons=". . . 10 20")
    plan.recorded = frozenset({"kita"})
    edge_x_m = X0 + 50.0 + 400 + 200  # 200 m, two minutes on foot, east of the last cell
    assert status(plan, limit("kita", 2, "foot"), edge_x_m=edge_x_m) == ["gap", "unknown"]
    assert status(plan, limit("kita", 2 - 1e-9, "foot"), edge_x_m=edge_x_m) == ["gap", "gap"]


def test_the_way_of_a_row_is_its_fastest_mode() -> None:
    plan = line(carless=Carless(share=0.1, source="Probe"))
    need = check(plan, catalogue_with(limit("kita", 3)), "kita").tables["need"]
    assert set(need.loc[need["group"].str.endswith(".mit_auto"), "mode"]) == {"car"}
    assert set(need.loc[need["group"].str.endswith(".ohne_auto"), "mode"]) == {"bike"}


@pytest.mark.parametrize("modes", [("foot", "bike", "car"), ("foot",)])
def test_a_norm_for_carless_households_judges_only_them_whatever_modes_are_asked(modes: tuple[str, ...]) -> None:
    plan = line(persons="K . . . . 20", carless=Carless(share=0.25, source="Probe"))
    found = check(plan, catalogue_with(limit("kita", 3, "foot", households="without_car")), "kita", modes=modes)
    gap = found.tables["gaps"].iloc[0]
    assert (gap["group"], gap["persons_best"]) == ("kinder_3_bis_schule.ohne_auto", 5.0)
    need = found.tables["need"].set_index("group")
    assert need.loc["kinder_3_bis_schule.mit_auto", "status_distance"] == "not_rated"
    assert need["need_persons_best"].sum() == 20.0  # nobody is lost


def test_children_whose_way_is_not_rated_are_not_short_of_places_for_it() -> None:
    plan = line(persons="K 20", carless=Carless(share=0.25, source="Probe"))
    for card in (limit("kita", 3, "car"), limit("kita", 3, "foot", households="without_car")):
        found = check(plan, catalogue_with(card, places_for_all("kita")), "kita")
        assert found.tables["gaps"].empty
        assert set(found.tables["need"]["status_capacity"]) == {"covered"}


# --- unknown -----------------------------------------------------------------------------------------------


def test_a_facility_that_is_only_possibly_of_the_kind_makes_unknown_not_covered() -> None:
    plan = line(kinds={"K": {"kind": "kita", "possible": True}})
    assert status(plan, limit("kita", 3, "foot")) == ["unknown"] * 3 + ["gap"] * 2
    assert reasons(plan, limit("kita", 3, "foot")) == ["possible_only"] * 3 + [None] * 2


def test_a_certain_facility_beats_a_possible_one() -> None:
    plan = line(persons="KP 10 20", kinds={**KITA, "P": {"kind": "kita", "possible": True}})
    assert status(plan, limit("kita", 1, "foot")) == ["covered", "gap"]


def test_where_the_data_end_within_the_limit_a_gap_is_unknown() -> None:
    # The data end 4.5 cells east of the origin: 3.5, 2.5, 1.5, 0.5, 0.5 minutes from the cells.
    edge = {"edge_x_m": X0 + 500.0}
    assert status(line(), limit("kita", 1, "foot"), **edge) == ["covered", "gap", "gap", "unknown", "unknown"]
    assert reasons(line(), limit("kita", 1, "foot"), **edge) == [None] * 3 + ["data_edge"] * 2


def test_an_edge_exactly_at_the_limit_is_within_it() -> None:
    # The cells lie 4, 3, 2, 1, 0 minutes from the edge: the way to it may be as long as the limit.
    edge = {"edge_x_m": X0 + 550.0}
    assert status(line(), limit("kita", 1, "foot"), **edge) == ["covered", "gap", "gap", "unknown", "unknown"]
    found = check(line(), catalogue_with(limit("kita", 1, "foot")), "kita", modes=("foot",), **edge)
    cells = found.tables["cells"].sort_values("x_m")["status_distance"]
    assert cells.tolist() == ["covered", "gap", "gap", "unknown", "unknown"]


def test_a_facility_found_within_the_limit_counts_also_at_the_edge_of_the_data() -> None:
    assert status(line(), limit("kita", 5, "foot"), edge_x_m=X0 + 500.0) == ["covered"] * 5


def test_the_edge_is_asked_by_the_modes_of_the_row_only() -> None:
    # 50 children live 5 min on foot from the Kita and 4 min on foot (0.4 by car) from the edge.
    plan = line(persons="K . . . . . . . 50", carless=Carless(share=0.5, source="Probe"))
    card = limit("kita", 0.6, "foot", "car")
    edge = {"edge_x_m": X0 + 1250.0, "modes": ("foot", "bike", "car")}
    assert status(plan, card, group="kinder_3_bis_schule.mit_auto", **edge) == ["unknown"]
    assert status(plan, card, group="kinder_3_bis_schule.ohne_auto", **edge) == ["gap"]


def test_a_cell_without_streets_is_unknown() -> None:
    region = line().region()
    alone = region.cells.sort_values("x_m")["cell_id"].iloc[-1]
    assert status(region, limit("kita", 9, "foot"), unlinked=[alone]) == ["covered"] * 4 + ["unknown"]
    assert reasons(region, limit("kita", 9, "foot"), unlinked=[alone])[-1] == "no_streets"


def test_a_kind_that_no_source_records_is_unknown_and_no_facility_is_not_unknown() -> None:
    nothing = line(persons=". 10 20", recorded=frozenset())
    assert status(nothing, limit("kita", 3, "foot")) == ["unknown"] * 2
    assert reasons(nothing, limit("kita", 3, "foot")) == ["kind_not_recorded"] * 2
    recorded = line(persons=". 10 20", recorded=frozenset({"kita"}))
    assert status(recorded, limit("kita", 3, "foot")) == ["gap"] * 2


def test_a_facility_without_a_place_leaves_every_gap_open() -> None:
    somewhere = [{"kind": "kita", "name": "irgendwo"}]
    plan = line(extra_facilities=somewhere)
    assert status(plan, limit("kita", 2, "foot")) == ["covered"] * 2 + ["unknown"] * 3
    assert reasons(plan, limit("kita", 2, "foot")) == [None] * 2 + ["place_missing"] * 3
    unknowns = check(plan, catalogue_with(limit("kita", 2, "foot")), "kita", modes=("foot",)).tables["unknowns"]
    assert unknowns["facility_ids"].tolist() == [["extra0"]]
    assert unknowns["persons_best"].tolist() == [120.0]


def test_without_a_street_file_every_way_is_unknown() -> None:
    from dataclasses import replace

    region = replace(line().region(), network=None)
    found = check(region, catalogue_with(limit("kita", 2, "foot")), "kita", modes=("foot",), streets=True)
    need = found.tables["need"]
    assert set(need["status_distance"]) == {"unknown"}
    assert set(need["reason"]) == {"no_street_file"}
    assert found.tables["cells"].empty


def test_nobody_in_need_is_no_gap() -> None:
    # Sandrade: cells of the grid with 400 second homes, no child on the list.
    assert status(line(ages={40: 1.0}), limit("kita", 1, "foot")) == ["not_applicable"] * 5


def test_unknown_ages_are_unknown_persons_not_none() -> None:
    found = check(line(ages=None), catalogue_with(limit("kita", 1, "foot")), "kita", modes=("foot",))
    assert found.tables["gaps"].empty
    need = found.tables["need"].sort_values("cell_id")
    assert need["need_persons_best"].isna().all()
    # Whoever lives within the limit is covered; beyond it there may be nobody of this age: no gap, but unknown.
    assert need["status_distance"].tolist() == ["covered"] + ["unknown"] * 4
    assert need["status"].tolist() == ["covered"] + ["unknown"] * 4
    assert need["reason"].fillna("").tolist() == [""] + ["age_unknown"] * 4
    assert "need" in set(found.tables["unknowns"]["what"])


def test_a_facility_outside_the_region_counts_like_one_inside() -> None:
    places = {"i": Place("13099001", "innen"), "a": Place("03999001", "drueben", inside=False)}
    plan = Plan("10 20 30 K", areas="i i i a", places=places, kinds=KITA)
    assert status(plan, limit("kita", 2, "foot")) == ["gap", "covered", "covered"]


# --- who may use it ----------------------------------------------------------------------------------------

AROUND = {"a": Place("13099001", "altenwisch"), "b": Place("13099001", "brook"), "c": Place("13099002", "claus")}


def home_care(**service: Any) -> Plan:
    """Home care at the west end; its service area is given in the test."""
    kinds = {"D": {"kind": "ambulanter_dienst", **service}}
    return Plan("D10 10 10", areas="b c a", places=AROUND, kinds=kinds, ages={80: 1.0})


FAR = limit("ambulanter_dienst", 0.5, "car")


def test_home_care_covers_where_its_service_area_says_so_however_far() -> None:
    plan = home_care(service_area_ids=["13099001:altenwisch"])
    found = check(plan, catalogue_with(FAR), "ambulanter_dienst", longer=500.0)
    assert [by_cell(found, "status_distance")[0, c] for c in range(3)] == ["gap", "gap", "covered"]
    cells = found.tables["cells"]
    by_car = cells[cells["mode"] == "car"].sort_values("x_m")
    assert by_car["status_distance"].tolist() == ["gap", "gap", "covered"]


def test_a_service_area_may_be_a_municipality() -> None:
    plan = home_care(service_area_ids=["13099001"])
    assert status(plan, FAR, kind="ambulanter_dienst", modes=("car",)) == ["covered", "gap", "covered"]


def test_a_gap_of_a_service_area_is_a_whole_gap_however_near_the_office_is() -> None:
    plan = home_care(service_area_ids=["13099001"])
    gap = check(plan, catalogue_with(FAR), "ambulanter_dienst").tables["gaps"].iloc[0]
    assert (gap["area_id"], gap["severity"]) == ("13099002:claus", 1.0)
    assert np.isnan(gap["actual"]) if gap["actual"] is not None else True


def test_a_service_that_does_not_say_where_leaves_the_rest_unknown() -> None:
    plan = home_care(service_area_ids=None)
    assert status(plan, FAR, kind="ambulanter_dienst", modes=("car",)) == ["unknown"] * 3
    assert set(reasons(plan, FAR, kind="ambulanter_dienst", modes=("car",))) == {"service_area_missing"}


def test_a_name_in_a_service_area_that_nobody_knows_leaves_the_rest_unknown() -> None:
    plan = home_care(service_area_ids=["13099001"], service_area_unknown=["Clauss"])
    assert status(plan, FAR, kind="ambulanter_dienst", modes=("car",)) == ["covered", "unknown", "covered"]


def test_a_possible_service_makes_unknown_where_it_would_serve() -> None:
    plan = home_care(service_area_ids=["13099001"], possible=True)
    assert status(plan, FAR, kind="ambulanter_dienst", modes=("car",)) == ["unknown", "gap", "unknown"]


def test_a_service_area_holds_also_where_the_office_has_no_place() -> None:
    entry = {"kind": "ambulanter_dienst", "service_area_ids": ["13099001"]}
    plan = Plan("10 10 10", areas="b c a", places=AROUND, ages={80: 1.0}, extra_facilities=[entry])
    assert status(plan, FAR, kind="ambulanter_dienst", modes=("car",)) == ["covered", "gap", "covered"]
    assert status(plan, kind="ambulanter_dienst", modes=("car",)) == ["covered", "not_rated", "covered"]


def test_home_care_comes_to_the_house_with_and_without_a_car() -> None:
    plan = home_care(service_area_ids=["13099001:altenwisch"])
    plan.carless = Carless(share=0.3, source="Probe")
    found = check(plan, catalogue_with(FAR), "ambulanter_dienst")
    assert gaps_of(found) == {
        ("ambulanter_dienst", "senioren_65", "13099001:brook", "distance"),
        ("ambulanter_dienst", "senioren_65", "13099002:claus", "distance"),
    }


def school(**more: Any) -> Plan:
    kinds = {
        "S": {"kind": "grundschule", "service_area_ids": ["13099001:altenwisch"]},
        "T": {"kind": "grundschule", "service_area_ids": ["13099001:brook", "13099002"]},
    }
    kinds = {letter: {**columns, **more.pop(letter, {})} for letter, columns in kinds.items()}
    return Plan("10S 10 10 10 10T", areas="a a b b c", places=AROUND, kinds=kinds, ages={8: 1.0}, **more)


SCHOOL_WAY = limit("grundschule", 2, "foot")


def test_the_school_of_another_district_does_not_count() -> None:
    # The third cell is 2 minutes from both schools; S is not for brook. The second is 1 minute from S.
    assert status(school(), SCHOOL_WAY, kind="grundschule") == ["covered"] * 5
    assert status(school(), limit("grundschule", 1, "foot"), kind="grundschule") == [
        "covered", "covered", "gap", "covered", "covered",
    ]  # fmt: skip
    swapped = school(S={"service_area_ids": ["13099001:brook"]}, T={"service_area_ids": ["13099002"]})
    assert status(swapped, SCHOOL_WAY, kind="grundschule") == ["gap", "gap", "covered", "gap", "covered"]


def test_a_school_without_a_known_district_is_open_to_all() -> None:
    free = school(S={"service_area_ids": None}, T={"service_area_ids": None})
    assert status(free, limit("grundschule", 1, "foot"), kind="grundschule") == [
        "covered", "covered", "gap", "covered", "covered",
    ]  # fmt: skip


def test_school_districts_of_the_areas_table_say_which_school_it_is() -> None:
    places = {
        "a": Place("13099001", "altenwisch", school_district="west"),
        "b": Place("13099001", "brook", school_district="ost"),
    }
    kinds = {"S": {"kind": "grundschule"}, "T": {"kind": "grundschule"}}
    plan = Plan("10S 10 10 10 10T", areas="a a b b b", places=places, kinds=kinds, ages={8: 1.0})
    assert status(plan, SCHOOL_WAY, kind="grundschule") == ["covered"] * 5
    # Moved border: the third cell now belongs to the school in the west, 2 minutes away; the fourth 3 minutes.
    moved = Plan("10S 10 10 10 10T", areas="a a a a b", places=places, kinds=kinds, ages={8: 1.0})
    assert status(moved, SCHOOL_WAY, kind="grundschule") == ["covered"] * 3 + ["gap", "covered"]


def test_dimensions_that_were_not_asked_for_are_null() -> None:
    norms = (limit("kita", 2, "foot"), places_for_all("kita"))
    only_space = check(line(), catalogue_with(*norms), "kita", modes=("foot",), dimensions=("space",)).tables
    assert only_space["need"]["status_capacity"].isna().all()
    assert set(only_space["gaps"]["dimension"]) == {"space"}
    few = {"K": {"kind": "kita", "usable_places": 25.0}}
    both = check(line(kinds=few), catalogue_with(*norms), "kita", modes=("foot",)).tables
    only_content = check(line(kinds=few), catalogue_with(*norms), "kita", modes=("foot",), dimensions=("content",))
    need = only_content.tables["need"]
    assert need["status_distance"].isna().all() and need["reason"].isna().all()
    # Who is too far away is not short of places, asked for or not: 10 + 20 children, 25 places.
    gap = only_content.tables["gaps"].iloc[0]
    assert (gap["cause"], gap["persons_best"]) == ("capacity", pytest.approx(5.0))
    assert set(both["gaps"]["cause"]) == {"capacity", "distance"}
    assert need["status_capacity"].tolist() == both["need"]["status_capacity"].tolist()


# --- the table of cells --------------------------------------------------------------------------------------


def cell_status(plan: Plan, *norms: Any, kind: str, mode: str = "foot", **asked: Any) -> list[str]:
    table = check(plan, catalogue_with(*norms), kind, modes=(mode,), **asked).tables["cells"]
    return list(table[table["mode"] == mode].sort_values("x_m")["status_distance"])


def test_a_cell_tells_the_worst_where_groups_have_different_limits() -> None:
    shop = line(ages={30: 0.5, 70: 0.5}, kinds={"K": {"kind": "supermarkt"}})
    old = limit("supermarkt", 2, "foot", groups=["senioren_65"])
    young = norm("jung", "supermarkt", "travel_time_max", 4, modes=["foot"], groups=["alle_unter_65"])
    wanted = ["covered", "covered", "gap", "gap", "gap"]
    assert cell_status(shop, old, young, kind="supermarkt") == wanted
    swapped = old.model_copy(update={"groups": young.groups}), young.model_copy(update={"groups": old.groups})
    assert cell_status(shop, *swapped, kind="supermarkt") == wanted
    # Where the longer limit reaches the edge of the data only one group is unknown: the gap of the other is worse.
    edge = {"edge_x_m": X0 + 850.0}
    assert cell_status(shop, old, young, kind="supermarkt", **edge) == wanted
    by_length = norm("alt", "supermarkt", "distance_max", 200, modes=["foot"], groups=["senioren_65"])
    assert cell_status(shop, by_length, young, kind="supermarkt") == wanted
