# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Indicators of the supply count every certain facility; what may be there and is not known makes them unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely

from dableiben.gaps.assess import Assessment
from dableiben.gaps.indicators import _without_guesses
from dableiben.gaps.rating import RatedService, ratings
from support.regions import X0, Y0, Place, Plan, catalogue_with, check, limit, places_for_all


def two_villages(minutes: list[float]) -> RatedService:
    return RatedService(
        need_persons=np.array([10.0, 30.0]),
        nearest=np.array([0 if m == m else -1 for m in minutes]),
        minutes=np.array(minutes),
        part_cell=np.array([0, 1]),
        part_area=np.array([0, 1]),
        part_share=np.ones(2),
        areas=2,
        facility_area=np.array([0]),
        places=np.array([5.0]),
    )


def shares(minutes: list[float], maybe: list[float]) -> list[float]:
    service = two_villages(minutes)
    one = SimpleNamespace(offer=SimpleNamespace(nearest_possible={"foot": SimpleNamespace(minutes=np.array(maybe))}))
    table = _without_guesses(ratings(service, limits_min=[15.0]), one, service, "foot")  # type: ignore[arg-type]
    return list(table.loc[table["indicator"] == "share_within_minutes", "value"])


@pytest.mark.parametrize(
    ("minutes", "maybe", "expected"),
    [
        ([10.0, 20.0], [np.nan, np.nan], [100.0, 0.0]),
        ([10.0, 20.0], [5.0, 15.0], [100.0, np.nan]),
        ([10.0, 20.0], [5.0, 16.0], [100.0, 0.0]),
        ([10.0, np.nan], [np.nan, 1.0], [100.0, np.nan]),
    ],
)
def test_a_possible_facility_makes_the_share_unknown_only_where_it_matters(
    minutes: list[float], maybe: list[float], expected: list[float]
) -> None:
    np.testing.assert_array_equal(shares(minutes, maybe), expected)


# --- supply of a municipality: 60 children in the west, 40 in the east ------------------------------------------

WEST, EAST = "13099001", "13099002"
BEYOND = "03999001"
TOWNS = {"w": Place(WEST, "westdorf"), "e": Place(EAST, "ostdorf"), "x": Place(BEYOND, "drueben", inside=False)}
NAMES = ("places_per_100", "need_per_place", "need_per_facility", "facilities_per_100")


def kita(municipality: str | None, **more: Any) -> dict[str, Any]:
    """A Kita of 30 places of which only the municipality is known."""
    return {"kind": "kita", "usable_places": 30.0, "municipality_id": municipality, **more}


def towns(*extra: Mapping[str, Any]) -> Plan:
    """Two municipalities of one cell each and their facilities."""
    return Plan("60 | 40", areas="w | e", places=TOWNS, extra_facilities=extra)


def checked(plan: Plan | Any, *, streets: bool) -> Assessment:
    # The network of a plan is empty: asked for its streets, there are no ways at all, as with two lists.
    return check(plan, catalogue_with(places_for_all("kita")), "kita", streets=streets)


def supply(found: Assessment, area_id: str) -> list[float]:
    table = found.tables["indicators"]
    mine = table[(table["area_id"] == area_id) & table["indicator"].isin(NAMES)]
    assert mine["mode"].isna().all() and len(mine) == len(NAMES)
    values = mine.set_index("indicator")["value"]
    return [values[name] for name in NAMES]


UNKNOWN = [np.nan] * 4


@pytest.mark.parametrize("streets", [True, False])
@pytest.mark.parametrize(
    ("extra", "west", "east"),
    [
        # 60 places for 60 and none for 40: neither coordinates nor ways are asked for.
        ([kita(WEST), kita(WEST, x_m=X0, y_m=Y0)], [100, 1, 30, 200 / 60], [0, np.nan, np.nan, 0]),
        ([kita(WEST, usable_places=np.nan)], [np.nan, np.nan, 60, 100 / 60], [0, np.nan, np.nan, 0]),
        ([kita(WEST), kita(WEST, possible=True)], UNKNOWN, [0, np.nan, np.nan, 0]),
        ([kita(WEST), kita(EAST), kita(None)], UNKNOWN, UNKNOWN),
        ([kita(WEST), kita(EAST), kita(None, possible=True)], UNKNOWN, UNKNOWN),
    ],
    ids=["placed or not", "places unknown", "possible", "somewhere", "possible, somewhere"],
)
def test_supply_counts_facilities_by_municipality(
    streets: bool, extra: Sequence[Mapping[str, Any]], west: list[float], east: list[float]
) -> None:
    found = checked(towns(*extra), streets=streets)
    np.testing.assert_allclose(supply(found, WEST), west)
    np.testing.assert_allclose(supply(found, EAST), east)


def test_supply_agrees_with_the_balance() -> None:
    found = checked(towns(kita(WEST), kita(WEST), kita(EAST)), streets=True)
    balance = found.tables["balance"]
    now = balance[balance["area_id"].isin([WEST, EAST]) & (balance["kita_year"] == balance["kita_year"].min())]
    for row in now.itertuples():
        assert supply(found, row.area_id)[0] == pytest.approx(100 * row.places / row.need_persons)


@pytest.mark.parametrize(("shaped", "west", "east"), [([], np.nan, np.nan), ([WEST, EAST], 50, 0)])
def test_a_site_in_no_known_shape_may_stand_where_no_shape_is_known(
    shaped: list[str], west: float, east: float
) -> None:
    region = towns(kita(WEST), kita(None, x_m=X0 + 5000, y_m=Y0)).region()
    shapes = {WEST: shapely.box(X0, Y0, X0 + 100, Y0 + 100), EAST: shapely.box(X0 + 100, Y0, X0 + 200, Y0 + 100)}
    areas = region.areas.copy()
    areas["geometry"] = [shapes[i] if i in shaped else None for i in areas["area_id"]]
    found = checked(replace(region, areas=areas), streets=False)
    table = found.tables["indicators"].query("indicator == 'places_per_100'").set_index("area_id")["value"]
    np.testing.assert_allclose([table[WEST], table[EAST]], [west, east])


def test_supply_is_shown_once_and_for_municipalities_only() -> None:
    table = checked(towns(kita(WEST)), streets=False).tables["indicators"]
    mine = table[table["indicator"].isin(NAMES)]
    assert set(mine["area_id"]) == {WEST, EAST}
    assert not mine.duplicated(["area_id", "indicator"]).any()


# --- places with competition (2SFCA) ----------------------------------------------------------------------------


@pytest.mark.parametrize(("east", "per_100"), [("e", 25.0), ("x", 25.0)])
def test_people_outside_the_region_compete_for_places(east: str, per_100: float) -> None:
    # 25 places for 60 children in the west and 40 who live one minute away, in the region or beyond its border.
    plan = Plan(
        "60 | 40",
        areas=f"w | {east}",
        places=TOWNS,
        extra_facilities=[kita(WEST, usable_places=25.0, x_m=X0 + 50, y_m=Y0 + 50)],
    )
    found = check(plan, catalogue_with(limit("kita", 1, "foot")), "kita", modes=("foot",)).tables["indicators"]
    value = found.query("indicator == 'two_step_places_per_100'").set_index("area_id")["value"]
    assert value[WEST] == pytest.approx(per_100)
    assert BEYOND not in value.index
