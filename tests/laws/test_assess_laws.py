# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Laws of the whole check, from a made-up map to its gaps: they hold for every map, limit and number of places."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dableiben.catalogue.load import Catalogue
from dableiben.core.results import RESULT_TABLES
from dableiben.gaps.assess import Assessment
from dableiben.region.build import with_facilities
from dableiben.region.region import Region
from support.regions import Place, Plan, catalogue_with, check, limit, places_for_all

ROWS, COLUMNS = 3, 6
PLACES = {"a": Place("13099001", "asdorf", amt="Nord"), "b": Place("13099002", "brook", amt="Nord")}
AREAS = "\n".join([" ".join("aaabbb")] * ROWS)
EXACT = {"smallest_shortfall": {"place": 1e-3}, "smallest_persons": 0.0}
"""every shortfall is a gap, so that gaps add up to everybody who is not served"""


@dataclass(frozen=True)
class Map:
    """Persons and Kitas of each cell; places of the Kitas in their order; limit on foot."""

    persons: tuple[int, ...]
    kitas: tuple[int, ...]
    places: tuple[int, ...]
    minutes: int

    def region(self) -> Region:
        words = []
        for cell, persons in enumerate(self.persons):
            letters = "".join(chr(ord("A") + k) for k, at in enumerate(self.kitas) if at == cell)
            words.append((str(persons) if persons else "") + letters or ".")
        text = "\n".join(" ".join(words[r * COLUMNS : (r + 1) * COLUMNS]) for r in range(ROWS))
        kinds = {chr(ord("A") + k): kita(places) for k, places in enumerate(self.places)}
        recorded = frozenset({"kita"})
        return Plan(text, areas=AREAS, places=PLACES, kinds=kinds, recorded=recorded).region()

    def cards(self, minutes: float | None = None) -> Catalogue:
        way = limit("kita", self.minutes if minutes is None else minutes, "foot")
        return catalogue_with(way, places_for_all("kita"), **EXACT)

    @property
    def need(self) -> int:
        return sum(self.persons)


def kita(places: int) -> dict[str, Any]:
    return {"kind": "kita", "usable_places": float(places)}


@st.composite
def maps(draw: st.DrawFn, *, fewest: int = 1) -> Map:
    persons = draw(st.lists(st.integers(0, 40), min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS).filter(any))
    kitas = draw(st.lists(st.integers(0, ROWS * COLUMNS - 1), min_size=fewest, max_size=4))
    places = draw(st.lists(st.integers(0, 120), min_size=len(kitas), max_size=len(kitas)))
    return Map(tuple(persons), tuple(kitas), tuple(places), draw(st.integers(1, 6)))


def run(region: Region, cards: Catalogue, **more: Any) -> Assessment:
    return check(region, cards, "kita", modes=("foot",), **more)


def unserved(found: Assessment) -> float:
    """Everybody in a gap: too far away, or within reach without a place."""
    return float(found.tables["gaps"]["persons_best"].sum())


def too_far(found: Assessment) -> set[str]:
    need = found.tables["need"]
    return set(need.loc[need["status_distance"] == "gap", "cell_id"])


@given(case=maps(fewest=0))
@settings(max_examples=40)
def test_places_are_conserved(case: Map) -> None:
    """Who is not in a gap has a place, and there are not more of them than places."""
    open_need = unserved(run(case.region(), case.cards()))
    assert -1e-6 <= open_need <= case.need + 1e-6
    assert case.need - open_need <= sum(case.places) + 1e-6


@given(case=maps())
@settings(max_examples=40)
def test_unlimited_reach_leaves_exactly_the_places_that_are_missing(case: Map) -> None:
    found = run(case.region(), case.cards(minutes=60))
    assert too_far(found) == set()
    assert unserved(found) == pytest.approx(max(0, case.need - sum(case.places)), abs=1e-3)


@given(case=maps(), data=st.data())
@settings(max_examples=40)
def test_a_closed_facility_never_helps(case: Map, data: st.DataObject) -> None:
    region = case.region()
    closed = data.draw(st.integers(0, len(region.facilities) - 1))
    fewer = with_facilities(region, region.facilities.drop(index=closed).reset_index(drop=True))
    before, after = run(region, case.cards()), run(fewer, case.cards())
    assert too_far(before) <= too_far(after)
    assert unserved(after) >= unserved(before) - 1e-6


@given(case=maps(), longer=st.floats(1.0, 3.0))
@settings(max_examples=40)
def test_longer_roads_never_improve(case: Map, longer: float) -> None:
    region = case.region()
    before, after = run(region, case.cards()), run(region, case.cards(), longer=longer)
    assert too_far(before) <= too_far(after)
    assert unserved(after) >= unserved(before) - 1e-6


@given(case=maps(fewest=0), data=st.data())
@settings(max_examples=40)
def test_splitting_a_cell_changes_no_gap(case: Map, data: st.DataObject) -> None:
    region = case.region()
    index = data.draw(st.integers(0, len(region.cells) - 1))
    part = data.draw(st.floats(0.1, 0.9))
    cells = pd.concat([region.cells, region.cells.iloc[[index]]], ignore_index=True)
    whole = float(region.cells["persons"].iloc[index])
    cells.loc[len(cells) - 1, ["cell_id", "persons"]] = ["100mN0E0", whole * part]
    cells.loc[index, "persons"] = whole * (1 - part)
    before, after = run(region, case.cards()), run(replace(region, cells=cells), case.cards())
    assert named(after).keys() == named(before).keys()
    for key, persons in named(before).items():
        assert named(after)[key] == pytest.approx(persons, abs=1e-3)


def named(found: Assessment) -> dict[tuple[str, ...], float]:
    gaps = found.tables["gaps"]
    keys = gaps[["gap_id", "group", "area_id", "cause"]].itertuples(index=False, name=None)
    return dict(zip(keys, gaps["persons_best"], strict=True))


@given(case=maps(fewest=0), seed=st.integers(0, 1000))
@settings(max_examples=25)
def test_the_order_of_cells_people_and_facilities_changes_nothing(case: Map, seed: int) -> None:
    region = case.region()
    dice = np.random.default_rng(seed)

    def shuffled(table: pd.DataFrame) -> pd.DataFrame:
        return table.iloc[dice.permutation(len(table))].reset_index(drop=True)

    other = replace(
        region,
        cells=shuffled(region.cells),
        population=shuffled(region.population),
        facilities=shuffled(region.facilities),
    )
    before, after = run(region, case.cards()), run(other, case.cards())
    assert named(after).keys() == named(before).keys()
    assert list(named(after).values()) == pytest.approx(list(named(before).values()))
    assert too_far(after) == too_far(before)


@given(case=maps(fewest=0))
@settings(max_examples=15)
def test_new_names_of_facilities_change_nothing_but_the_names(case: Map) -> None:
    region = case.region()
    ids = [f"neu-{number}" for number in range(len(region.facilities))]
    other = with_facilities(region, region.facilities.assign(facility_id=ids))
    before, after = run(region, case.cards()), run(other, case.cards())
    assert named(after) == named(before)


@given(persons=st.lists(st.integers(0, 40), min_size=ROWS * COLUMNS, max_size=ROWS * COLUMNS).filter(any))
@settings(max_examples=15)
def test_no_facility_of_a_recorded_kind_leaves_everybody_too_far_away(persons: list[int]) -> None:
    case = Map(tuple(persons), (), (), 5)
    found = run(case.region(), case.cards())
    assert set(found.tables["gaps"]["cause"]) == {"distance"}
    assert unserved(found) == pytest.approx(case.need)
    assert len(too_far(found)) == sum(1 for p in persons if p)


@given(case=maps())
@settings(max_examples=10)
def test_two_workers_give_the_same_tables_as_one(case: Map) -> None:
    one, two = (
        check(case.region(), case.cards(), "kita", "supermarkt", "hausarzt", workers=workers) for workers in (1, 2)
    )
    for contract in RESULT_TABLES:
        assert contract.arrow(one.tables[contract.name]).equals(contract.arrow(two.tables[contract.name]))


# --- what is said without an entry stays true when it comes ------------------------------------------------------


@st.composite
def hidden_entries(draw: st.DrawFn) -> tuple[Region, Region, Map]:
    """A region of which all is known, and the same without one entry of one Kita."""
    case = draw(maps())
    whole = case.region()
    facilities = whole.facilities.copy()
    row = draw(st.integers(0, len(facilities) - 1))
    what = draw(st.sampled_from(["place", "places", "kind", "municipality"]))
    if what in ("place", "municipality"):
        facilities.loc[row, ["x_m", "y_m"]] = np.nan
        facilities.loc[row, ["located", "locality_id"]] = None
    if what == "municipality":
        facilities.loc[row, ["municipality_id", "area_id"]] = None
    if what == "places":
        facilities.loc[row, "usable_places"] = np.nan
        facilities.loc[row, "licensed_places"] = draw(st.sampled_from([np.nan, float(case.places[row])]))
    if what == "kind":
        facilities.loc[row, "possible"] = True
    return whole, with_facilities(whole, facilities), case


@given(made=hidden_entries())
@settings(max_examples=30)
def test_what_is_said_without_an_entry_stays_true_when_it_comes(made: tuple[Region, Region, Map]) -> None:
    """Unknown may become anything; a gap is said only where the missing entry cannot close it, covered only where it
    is. Places are said to suffice for those whose way is known: others may still ask for them."""
    whole, hidden, case = made
    told, truth = (run(region, case.cards()).tables["need"] for region in (hidden, whole))
    way, places = (set(zip(told[c], truth[c], strict=True)) for c in ("status_distance", "status_capacity"))
    assert not way & {("gap", "covered"), ("covered", "gap")}
    assert not places & {("gap", "covered"), ("gap", "tight")}
