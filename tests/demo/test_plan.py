# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The plan of the district: its size, its order, and that nothing of it exists."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from dableiben.core.ids import LAND_BY_KEY, ags_from_ars
from dableiben.demo import plan
from dableiben.demo.generate import District

NAMES_IN_FICTION = {
    *(m.name for m in plan.MUNICIPALITIES),
    *(m.name for m in plan.NEIGHBOURS),
    *(village.name for m in plan.NEIGHBOURS for village in m.villages),
    *plan.localities(),
}
ORDINARY = {"Altstadt"}
"""a part of many towns, not the name of a place of its own"""


@pytest.fixture(scope="module")
def german_names(shared_path: Path) -> set[str]:
    """Names of all municipalities and districts in the official tables of population, in small letters."""
    names: set[str] = set()
    for path in sorted((shared_path / "germany" / "regionalstatistik").glob("12411-*.csv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            cells = [cell.strip().strip('"').strip() for cell in line.split(";")]
            for key, name in itertools.pairwise(cells):
                if re.fullmatch(r"\d{2,8}", key) and name:
                    names.add(re.split(r"[,(]", name)[0].strip().lower())
    return names


def test_no_place_of_that_name_exists(german_names: set[str]) -> None:
    assert len(german_names) > 10_000
    assert {"wismar", "grabow", "lüchow"} <= german_names
    assert {name for name in NAMES_IN_FICTION - ORDINARY if name.lower() in german_names} == set()


def test_no_key_of_that_number_exists(shared_path: Path) -> None:
    real = gpd.read_file(shared_path / "germany" / "vg250-gem-2024-simplified.zip", columns=["ARS"])
    districts = {ars[:5] for ars in real["ARS"]}
    assert len(real) == 10_990
    assert not {plan.DISTRICT_KEY, plan.NEIGHBOUR_KEY} & districts
    ours = {m.ags for m in (*plan.MUNICIPALITIES, *plan.NEIGHBOURS)}
    assert not ours & {ags_from_ars(ars) for ars in real["ARS"]}


def test_keys_fit_together() -> None:
    assert LAND_BY_KEY[plan.DISTRICT_KEY[:2]] == plan.LAND == "MV"
    assert LAND_BY_KEY[plan.NEIGHBOUR_KEY[:2]] == "NI"
    for m in plan.MUNICIPALITIES:
        assert ags_from_ars(m.ars) == m.ags
        assert m.ars[:9] == plan.AMT_ARS[m.amt] if m.amt else m.ars[5] == "0"
    for neighbour in plan.NEIGHBOURS:
        assert ags_from_ars(neighbour.ars) == neighbour.ags


def test_the_district_is_as_large_as_the_issue_says() -> None:
    assert len(plan.MUNICIPALITIES) == 14
    assert len(plan.localities()) == sum(len(m.localities) for m in plan.MUNICIPALITIES) == 90
    assert sum(m.persons for m in plan.MUNICIPALITIES) == plan.PERSONS == 80_000
    assert {m.amt for m in plan.MUNICIPALITIES} == {None, "Amt Nord", "Amt West"}
    free = {m.name for m in plan.MUNICIPALITIES if m.amt is None}
    assert {"Sölten", "Haldersee", "Brookstedt"} < free


def test_everybody_has_a_hub_in_the_own_municipality() -> None:
    for name, (municipality, place) in plan.localities().items():
        hub_municipality, hub = plan.localities()[place.hub]
        assert hub.hub == hub.name, name
        assert hub_municipality == municipality, name


def test_municipalities_and_localities_lie_in_one_piece(district: District) -> None:
    settlements = district.terrain.settlements
    for m in plan.MUNICIPALITIES:
        whole = shapely.union_all([settlements[place.name].shape for place in m.localities])
        assert whole.geom_type == "Polygon" and not whole.interiors, m.name
    for one in settlements.values():
        assert one.shape.is_valid
        assert all(one.shape.contains(shapely.box(x - 50, y - 50, x + 50, y + 50)) for x, y in one.cells), one.name


def test_no_cell_belongs_to_two_places(district: District) -> None:
    cells = [cell for settlement in district.terrain.settlements.values() for cell in settlement.cells]
    assert len(cells) == len(set(cells))


def test_every_boundary_closes(district: District) -> None:
    for name, settlement in district.terrain.settlements.items():
        length = sum(shapely.LineString(b.points).length for b in district.terrain.boundaries if name in b.sides)
        assert length == pytest.approx(settlement.shape.length), name


def test_seeds_move_places_sizes_and_streets(shipped: District, another: District) -> None:
    assert shipped.terrain.settlements["Altstadt"].centre != another.terrain.settlements["Altstadt"].centre
    assert shipped.residents.persons("Lüttenrade") != another.residents.persons("Lüttenrade")
    assert shipped.streets.nodes != another.streets.nodes
