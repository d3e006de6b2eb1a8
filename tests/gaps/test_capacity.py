# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Places for those in need: the entitlement under 3, unknown places, own municipality first, two lists alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dableiben.gaps.assess import Assessment
from dableiben.store.config import Carless
from support.regions import (
    X0,
    Place,
    Plan,
    by_cell,
    catalogue_with,
    check,
    gaps_of,
    limit,
    norm,
    packaged,
    people,
    places_for_all,
)

ONE = {"h": Place("13099001", "haldersee")}
TWO = {"a": Place("13099001", "asdorf"), "b": Place("13099002", "brook")}
VILLAGES = {"p": Place("13099001", "pedorf"), "q": Place("13099001", "quedorf")}
KITA_ON_FOOT = (limit("kita", 2, "foot"), places_for_all("kita"))


def foot(plan: Plan, *norms: Any, kind: str = "kita", **more: Any) -> Assessment:
    return check(plan, catalogue_with(*norms), kind, modes=("foot",), **more)


def kita(places: float | None, **more: Any) -> dict[str, Any]:
    return {"kind": "kita", "usable_places": np.nan if places is None else places, **more}


# --- the entitlement under 3 of the issue --------------------------------------------------------------------


def haldersee(usable: float = 60.0, **more: Any) -> Plan:
    """40, 42 and 38 children aged 0, 1 and 2 on one cell with a Krippe of 68 licensed places."""
    krippe = {"kind": "krippe", "usable_places": usable, "licensed_places": 68.0, **more}
    ages = {0: 40 / 120, 1: 42 / 120, 2: 38 / 120}
    recorded = frozenset({"krippe", "kindertagespflege"})
    return Plan("120C", areas="h", places=ONE, ages=ages, kinds={"C": krippe}, recorded=recorded)


def entitlement() -> tuple[Any, ...]:
    cards = packaged().norms
    return cards["N01"], cards["N04"]


def test_sixty_usable_places_for_the_children_of_haldersee_are_too_few() -> None:
    found = foot(haldersee(), *entitlement(), kind="kita_u3")
    needed = 40 * 0.035 + 42 * 0.766 + 38 * 0.90
    assert needed == pytest.approx(67.772)
    gap = found.tables["gaps"].iloc[0]
    assert len(found.tables["gaps"]) == 1
    assert (gap["kind"], gap["area_id"], gap["cause"]) == ("kita_u3", "13099001", "capacity")
    assert gap["tier"] == "entitlement"
    assert gap["persons_best"] == pytest.approx(7.772) == gap["persons_low"]
    assert (gap["target"], gap["actual"]) == (pytest.approx(67.772), pytest.approx(60))
    assert gap["severity"] == pytest.approx(7.772 / 67.772)
    assert "Rechnerisch fehlen 7,8\xa0Plätze zur Erfüllung des Rechtsanspruchs" in gap["explanation_de"]
    assert "nicht erfüllt" not in gap["explanation_de"]
    balance = found.tables["balance"].set_index("area_id").loc["13099001"]
    assert balance["saldo_places"] == pytest.approx(-7.772)


def test_usable_places_decide_even_if_more_are_licensed() -> None:
    assert foot(haldersee(68.0), *entitlement(), kind="kita_u3").tables["gaps"].empty
    assert not foot(haldersee(66.0), *entitlement(), kind="kita_u3").tables["gaps"].empty


@pytest.mark.parametrize(
    ("usable", "status"),
    [(72.0, "covered"), (71.0, "tight"), (67.772, "tight"), (66.773, "tight"), (66.772, "gap"), (60.0, "gap")],
)
def test_full_is_tight_like_less_than_a_place_and_a_whole_place_is_a_gap(usable: float, status: str) -> None:
    # 67.772 of 72 places are 94.1 %, of 71 places 95.5 %: the card calls it tight from 95 % on.
    found = foot(haldersee(usable), *entitlement(), kind="kita_u3")
    assert set(found.tables["need"]["status_capacity"]) == {status}


def test_the_rates_of_the_land_hold_not_those_of_germany() -> None:
    plan = haldersee()
    plan.land = "NI"
    needed = 40 * 0.018 + 42 * 0.375 + 38 * 0.645
    need = foot(plan, *entitlement(), kind="kita_u3").tables["need"]
    assert need["need_persons_best"].sum() == pytest.approx(needed)


# --- unknown places ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("licensed", "status"),
    [(None, "unknown"), (68.0, "unknown"), (20.0, "gap")],
    ids=["nothing said", "licensed places would do", "licensed places would not do either"],
)
def test_a_krippe_without_usable_places_is_unknown_up_to_its_licence(licensed: float | None, status: str) -> None:
    plan = haldersee(np.nan, licensed_places=np.nan if licensed is None else licensed)
    found = foot(plan, *entitlement(), kind="kita_u3")
    assert set(found.tables["need"]["status_capacity"]) == {status}
    if status == "gap":
        gap = found.tables["gaps"].iloc[0]
        ends = (gap["persons_low"], gap["persons_best"], gap["persons_high"])
        assert ends == tuple(map(pytest.approx, (47.772, 67.772, 67.772)))
        assert gap["confidence"] == "low"
    else:
        assert found.tables["gaps"].empty
        unknowns = found.tables["unknowns"]
        assert unknowns["what"].tolist() == ["capacity"]
        assert unknowns["facility_ids"].tolist() == [["C0"]]
        assert unknowns["persons_best"].tolist() == [pytest.approx(67.772)]
    assert found.tables["need"]["reachable_places"].isna().all()
    assert found.tables["balance"]["places"].isna().all()
    assert found.tables["balance"]["saldo_places"].isna().all()


def test_enough_known_places_are_enough_whatever_the_others_have() -> None:
    plan = Plan("10KU", kinds={"K": kita(10), "U": kita(None)})
    assert set(foot(plan, *KITA_ON_FOOT).tables["need"]["status_capacity"]) == {"covered"}


def test_a_possible_kita_is_as_good_as_one_of_unknown_size() -> None:
    plan = Plan("10KU", kinds={"K": kita(4), "U": kita(20, possible=True)})
    found = foot(plan, *KITA_ON_FOOT)
    assert set(found.tables["need"]["status_capacity"]) == {"unknown"}
    assert found.tables["unknowns"]["facility_ids"].tolist() == [["U1"]]


def test_a_neighbour_s_kita_of_unknown_size_may_free_places_here() -> None:
    # Both cells reach K; only the east reaches U. With U large enough nobody is left without a place.
    plan = Plan("10 K . 10U", areas="a a b b", places=TWO, kinds={"K": kita(12), "U": kita(None)})
    found = foot(plan, limit("kita", 2, "foot"), places_for_all("kita"))
    assert found.tables["gaps"].empty
    assert found.tables["need"].set_index("area_id")["status_capacity"].to_dict() == {
        "13099001:asdorf": "tight",  # own municipality first, but K is full
        "13099002:brook": "unknown",
    }
    free = catalogue_with(*KITA_ON_FOOT, kinds={"kita": {"use": "free"}})
    need = check(plan, free, "kita", modes=("foot",)).tables
    assert need["gaps"].empty
    assert set(need["need"]["status_capacity"]) == {"unknown"}
    assert need["unknowns"]["facility_ids"].tolist() == [["U1"], ["U1"]]


def test_a_kind_that_nobody_records_is_unknown() -> None:
    plan = Plan("10", kinds={}, recorded=frozenset())
    found = foot(plan, places_for_all("kita"))
    assert found.tables["gaps"].empty
    assert set(found.tables["need"]["status_capacity"]) == {"unknown"}
    assert found.tables["balance"]["places"].isna().all()


def test_unknown_ages_leave_the_places_unknown() -> None:
    plan = Plan("10K", kinds={"K": kita(50)}, ages=None)
    found = foot(plan, *KITA_ON_FOOT)
    assert set(found.tables["need"]["status_capacity"]) == {"unknown"}
    assert found.tables["balance"]["need_persons"].isna().all()


def test_where_some_ages_are_unknown_enough_for_the_known_is_not_enough() -> None:
    lost = people("13099001:brook", 4, None)
    places = {"a": Place("13099001", "asdorf"), "b": Place("13099001", "brook")}
    plan = Plan("10K 10", areas="a b", places=places, kinds={"K": kita(10)}, extra_people=[lost])
    # The builder's own row for brook would make the count known again.
    region = plan.region()
    listed = region.population
    region = replace(region, population=listed[listed["persons"].isna() | (listed["area_id"] != lost["area_id"])])
    need = check(region, catalogue_with(*KITA_ON_FOOT), "kita", modes=("foot",)).tables["need"]
    assert need.set_index("area_id")["status_capacity"].to_dict() == {
        "13099001:asdorf": "unknown",
        "13099001:brook": "unknown",
    }
    few = check(
        replace(region, facilities=region.facilities.assign(usable_places=5.0)),
        catalogue_with(*KITA_ON_FOOT), "kita", modes=("foot",),
    ).tables["gaps"]  # fmt: skip
    assert few["persons_best"].tolist() == [pytest.approx(5)]  # five are missing, whoever else comes


# --- cause and reach -----------------------------------------------------------------------------------------


def test_absent_is_a_place_without_any_kita_in_the_area_or_in_reach() -> None:
    plan = Plan("10 . . . . . 10K", areas="a a a a a b b", places=TWO, kinds={"K": kita(10)})
    only_places = foot(plan, places_for_all("kita"))
    assert gaps_of(only_places) == {("kita", "kinder_3_bis_schule", "13099001", "absent")}
    far_away = foot(plan, *KITA_ON_FOOT)
    assert gaps_of(far_away) == {("kita", "kinder_3_bis_schule", "13099001:asdorf", "distance")}


def test_who_is_too_far_away_takes_no_place() -> None:
    plan = Plan("10K . . . . . 10", kinds={"K": kita(7)})
    found = foot(plan, *KITA_ON_FOOT)
    assert {(g["cause"], g["persons_best"]) for g in found.tables["gaps"].to_dict("records")} == {
        ("distance", 10.0),
        ("capacity", 3.0),
    }
    assert by_cell(found, "status_capacity") == {(0, 0): "gap", (0, 6): "not_rated"}
    assert by_cell(found, "reachable_places") == {(0, 0): 7.0, (0, 6): 0.0}


def test_whose_way_is_unknown_has_unknown_places() -> None:
    plan = Plan("10K 10", kinds={"K": kita(50)})
    region = plan.region()
    alone = region.cells.sort_values("x_m")["cell_id"].iloc[1]
    found = check(region, catalogue_with(*KITA_ON_FOOT), "kita", modes=("foot",), unlinked=[alone])
    assert by_cell(found, "status_capacity") == {(0, 0): "covered", (0, 1): "unknown"}
    places = by_cell(found, "reachable_places")
    assert places[0, 0] == 50 and np.isnan(places[0, 1])


# --- who goes first ------------------------------------------------------------------------------------------


def test_own_municipality_first_then_the_others() -> None:
    plan = Plan("12K 12", areas="a b", places=TWO, kinds={"K": kita(15)})
    assert foot(plan, *KITA_ON_FOOT).tables["gaps"]["persons_best"].tolist() == [pytest.approx(9)]
    free = catalogue_with(*KITA_ON_FOOT, kinds={"kita": {"use": "free"}})
    found = check(plan, free, "kita", modes=("foot",)).tables["gaps"]
    assert found.set_index("area_id")["persons_best"].to_dict() == {
        "13099001": pytest.approx(4.5),
        "13099002": pytest.approx(4.5),
    }


def test_cells_outside_the_region_compete_but_are_no_gap() -> None:
    places = {"a": Place("13099001", "asdorf"), "x": Place("03999001", "drueben", inside=False)}
    plan = Plan("10K 10", areas="a x", places=places, kinds={"K": kita(12)})
    alone = foot(Plan("10K .", areas="a x", places=places, kinds={"K": kita(12)}), *KITA_ON_FOOT)
    assert alone.tables["gaps"].empty
    free = catalogue_with(*KITA_ON_FOOT, kinds={"kita": {"use": "free"}})
    found = check(plan, free, "kita", modes=("foot",))
    assert gaps_of(found) == {("kita", "kinder_3_bis_schule", "13099001", "capacity")}
    assert found.tables["gaps"]["persons_best"].tolist() == [pytest.approx(4)]
    assert set(found.tables["need"]["area_id"]) == {"13099001:asdorf"}
    assert foot(plan, *KITA_ON_FOOT).tables["gaps"].empty  # here the own municipality goes first


def test_nobody_s_land_is_not_the_same_municipality() -> None:
    # Home and Kita lie outside all known municipalities: that makes neither of them a resident of the other.
    places = {"a": Place("13099001", "asdorf"), "x": Place("03999001", "drueben", inside=False)}
    region = Plan("10 10K", areas="a x", places=places, kinds={"K": kita(10)}).region()
    cells = region.cells.copy()
    cells.loc[~cells["inside"].astype(bool), ["municipality_id", "locality_id", "district_id"]] = None
    facilities = region.facilities.assign(municipality_id=None, locality_id=None)
    region = replace(region, cells=cells, facilities=facilities)
    found = check(region, catalogue_with(*KITA_ON_FOOT), "kita", modes=("foot",))
    assert found.tables["gaps"]["persons_best"].tolist() == [pytest.approx(5)]


def test_children_with_and_without_a_car_share_the_places_near_the_village() -> None:
    # 900 m are too far on foot; by car both reach K. Carless: 20 % of each cell.
    plan = Plan("10K . . . . . . . . 30", kinds={"K": kita(15)}, carless=Carless(share=0.2, source="Probe"))
    found = check(plan, catalogue_with(limit("kita", 2, "foot", "car"), places_for_all("kita")), "kita")
    gaps = found.tables["gaps"].set_index("cause")["persons_best"]
    assert gaps["distance"] == pytest.approx(6)
    assert gaps["capacity"] == pytest.approx(34 - 15)


def test_a_phased_in_entitlement_claims_its_share_of_places_only() -> None:
    half = norm("kita_halb", "kita", "place_for_each_need", 0.5)
    assert foot(Plan("20K", kinds={"K": kita(10)}), half).tables["gaps"].empty
    gap = foot(Plan("20K", kinds={"K": kita(8)}), half).tables["gaps"].iloc[0]
    assert (gap["persons_best"], gap["target"], gap["actual"]) == (pytest.approx(2), 10, pytest.approx(8))


def test_a_pool_takes_the_places_of_all_its_kinds() -> None:
    kinds = {"C": {"kind": "krippe", "usable_places": 6.0}, "T": {"kind": "kindertagespflege", "usable_places": 4.0}}
    plan = Plan("12CT", kinds=kinds, ages={1: 1.0})
    found = foot(plan, places_for_all("kita_u3"), kind="krippe")  # asked by a member, answered by the pool
    assert found.services == ("kita_u3",)
    assert found.tables["gaps"]["persons_best"].tolist() == [pytest.approx(2)]


def test_two_lists_alone_balance_by_municipality() -> None:
    # No grid, no streets: localities are the units, the way is unknown, the places are counted by municipality.
    plan = Plan("12 12", areas="a b", places=TWO, kinds={})
    region = plan.region()
    entries = [
        {"kind": "kita", "usable_places": 5.0, "municipality_id": "13099001", "area_id": "13099001"},
        {"kind": "kita", "usable_places": 20.0, "municipality_id": "13099002", "area_id": "13099002"},
    ]
    listed = Plan(". .", areas="a b", places=TWO, kinds={}, extra_facilities=entries).region()
    from dableiben.region.cells import empty_cells

    region = replace(
        region, cells=empty_cells(), network=None, facilities=listed.facilities, recorded=frozenset({"kita"})
    )
    found = check(region, catalogue_with(*KITA_ON_FOOT), "kita", streets=True)
    need = found.tables["need"].set_index("area_id")
    assert set(need["status_distance"]) == {"unknown"}
    assert need["status_capacity"].to_dict() == {"13099001:asdorf": "gap", "13099002:brook": "covered"}
    assert found.tables["gaps"]["persons_best"].tolist() == [pytest.approx(7)]
    assert found.tables["gaps"]["cell_ids"].tolist() == [[]]
    balance = found.tables["balance"]
    municipal = balance[(balance["area_id"] == "13099001") & (balance["kita_year"] == "2025/26")].iloc[0]
    assert (municipal["places"], municipal["need_persons"], municipal["saldo_places"]) == (5.0, 12.0, -7.0)


def test_places_of_home_care_go_to_whom_it_serves_not_to_whom_is_near() -> None:
    kinds = {"D": {"kind": "ambulanter_dienst", "usable_places": 10.0, "service_area_ids": ["13099002"]}}
    plan = Plan("10D 10", areas="a b", places=TWO, kinds=kinds, ages={80: 1.0})
    change = {"ambulanter_dienst": {"capacity_unit": "place", "capacity_level": "municipality"}}
    cards = catalogue_with(places_for_all("ambulanter_dienst"), kinds=change)
    assert gaps_of(check(plan, cards, "ambulanter_dienst")) == {
        ("ambulanter_dienst", "senioren_65", "13099001", "capacity")
    }
    kinds["D"] |= {"service_area_ids": None, "usable_places": 20.0}
    found = check(Plan("10D 10", areas="a b", places=TWO, kinds=kinds, ages={80: 1.0}), cards, "ambulanter_dienst")
    assert found.tables["gaps"].empty
    assert set(found.tables["need"]["status_capacity"]) == {"unknown"}


def test_places_of_a_school_are_for_its_district() -> None:
    kinds = {
        "S": {"kind": "grundschule", "usable_places": 25.0, "service_area_ids": ["13099001"]},
        "T": {"kind": "grundschule", "usable_places": 5.0, "service_area_ids": ["13099002"]},
    }
    plan = Plan("10S 10T", areas="a b", places=TWO, kinds=kinds, ages={8: 1.0})
    cards = catalogue_with(
        limit("grundschule", 5, "foot"), places_for_all("grundschule"),
        kinds={"grundschule": {"capacity_level": "municipality"}},
    )  # fmt: skip
    found = check(plan, cards, "grundschule", modes=("foot",))
    assert gaps_of(found) == {("grundschule", "grundschulkinder", "13099002", "capacity")}
    assert found.tables["gaps"]["persons_best"].tolist() == [pytest.approx(5)]


# --- what is not known is not zero --------------------------------------------------------------------------


def nowhere(municipality: str | None, places: float = 60.0, **more: Any) -> dict[str, Any]:
    """A Kita without coordinates."""
    where = {"x_m": np.nan, "y_m": np.nan, "located": None, "municipality_id": municipality, "locality_id": None}
    return {**kita(places), **where, "area_id": municipality, **more}


@pytest.mark.parametrize("municipality", ["13099001", None], ids=["somewhere in the municipality", "nobody knows"])
def test_a_kita_without_a_place_may_have_the_places(municipality: str | None) -> None:
    plan = Plan("60K", areas="h", places=ONE, kinds={"K": kita(10)}, extra_facilities=[nowhere(municipality)])
    found = foot(plan, *KITA_ON_FOOT).tables
    assert found["gaps"].empty
    unknown = found["unknowns"].iloc[0]
    assert (unknown["what"], unknown["facility_ids"]) == ("capacity", ["extra0"])
    assert "Koordinaten oder Gemeinde" in unknown["missing_entry"]
    # Not large enough wherever it is: the gap stays, with what it may close as its interval.
    small = Plan("60K", areas="h", places=ONE, kinds={"K": kita(10)}, extra_facilities=[nowhere(municipality, 20.0)])
    gap = foot(small, *KITA_ON_FOOT).tables["gaps"].iloc[0]
    assert (gap["persons_low"], gap["persons_best"], gap["confidence"]) == (30.0, 50.0, "low")


@pytest.mark.parametrize(("minutes_away", "is_gap"), [(2, False), (3, True)])
def test_a_kita_somewhere_in_another_municipality_may_help_as_far_as_its_homes_are_near(
    minutes_away: int, is_gap: bool
) -> None:
    way = ". " * (minutes_away - 1)
    plan = Plan(
        f"60K {way}10", areas=f"a {way.replace('.', 'a')}b", places=TWO, kinds={"K": kita(10)},
        extra_facilities=[nowhere("13099002")],
    )  # fmt: skip
    gaps = foot(plan, *KITA_ON_FOOT).tables["gaps"]
    assert ("13099001" in set(gaps["area_id"])) is is_gap


def test_two_lists_with_a_kita_in_an_unknown_municipality_leave_every_balance_open() -> None:
    plan = Plan("60", areas="a", places=TWO, kinds={}, extra_facilities=[nowhere(None)])
    found = check(plan, catalogue_with(places_for_all("kita")), "kita", dimensions=("content",)).tables
    assert found["gaps"].empty
    assert found["unknowns"]["facility_ids"].tolist() == [["extra0"]]
    assert found["balance"]["places"].isna().all() and found["balance"]["saldo_places"].isna().all()


def test_a_kita_known_by_municipality_only_leaves_its_localities_open_and_counts_above() -> None:
    plan = Plan("30 | 30", areas="p | q", places=VILLAGES, kinds={}, extra_facilities=[nowhere("13099001")])
    balance = check(plan, catalogue_with(places_for_all("kita")), "kita", dimensions=("content",)).tables["balance"]
    places = balance.drop_duplicates("area_id").set_index("area_id")["places"]
    assert places["13099001"] == 60.0
    assert places[["13099001:pedorf", "13099001:quedorf"]].isna().all()


def test_places_beyond_the_edge_of_the_data_are_unknown_not_missing() -> None:
    plan = Plan("60K", areas="h", places=ONE, kinds={"K": kita(10)})
    edge_x_m = X0 + 50.0 + 200  # two minutes on foot
    found = foot(plan, *KITA_ON_FOOT, edge_x_m=edge_x_m).tables
    assert found["gaps"].empty
    assert "Rand" in found["unknowns"].iloc[0]["missing_entry"]
    assert not foot(plan, *KITA_ON_FOOT, edge_x_m=edge_x_m + 1).tables["gaps"].empty


def test_a_pool_is_recorded_only_if_all_its_kinds_are() -> None:
    plan = haldersee()
    plan.recorded = frozenset({"krippe"})
    found = foot(plan, *entitlement(), kind="kita_u3").tables
    assert found["gaps"].empty
    assert "Kindertagespflege" in found["unknowns"].iloc[0]["missing_entry"]
    assert found["balance"]["places"].isna().all()
    enough = haldersee(72.0)
    enough.recorded = frozenset({"krippe"})
    assert set(foot(enough, *entitlement(), kind="kita_u3").tables["need"]["status_capacity"]) == {"covered"}


def test_an_unknown_share_without_a_car_brackets_the_answers_of_nobody_and_everybody() -> None:
    # Car households reach the large Kita in the east, the others only the small one here.
    text = "60S . . . . . . . . . . . . . . . . . . . . . . L"
    kinds = {"S": kita(30), "L": kita(100)}
    norms = (limit("kita", 5), places_for_all("kita"))

    def missing(share: float | None) -> Any:
        carless = None if share is None else Carless(share=share, source="Probe")
        return check(Plan(text, kinds=kinds, carless=carless), catalogue_with(*norms), "kita").tables

    assert missing(0.0)["gaps"].empty
    assert missing(1.0)["gaps"]["persons_best"].tolist() == [30.0]
    open_ = missing(None)
    assert open_["gaps"].empty
    assert "ohne Auto" in open_["unknowns"].iloc[0]["missing_entry"]
    # With too few places either way it is a gap, and its interval holds both ends.
    kinds["L"] = kita(10)
    ends = [missing(share)["gaps"]["persons_best"].iloc[0] for share in (0.0, 1.0)]
    gap = missing(None)["gaps"].iloc[0]
    assert gap["persons_low"] <= min(ends) and gap["persons_high"] >= max(ends) and gap["confidence"] == "low"


def test_a_norm_of_one_group_gives_places_to_that_group_only() -> None:
    plan = Plan("60K", areas="h", places=ONE, ages={1: 0.5, 4: 0.5}, kinds={"K": kita(10)})
    groups = {"kita": {"groups": packaged().kinds["kita"].groups + packaged().kinds["krippe"].groups}}
    card = places_for_all("kita", groups=["kinder_3_bis_schule"])
    found = check(plan, catalogue_with(card, limit("kita", 2, "foot"), kinds=groups), "kita", modes=("foot",)).tables
    gap = found["gaps"].iloc[0]
    assert (gap["target"], gap["persons_best"]) == (30.0, 20.0)
