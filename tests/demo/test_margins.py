# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What is planted is far beyond its limit, everything else well within: at least a fifth on either side.

Ways are measured on the written map by scipy, not by the package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.demo import plan
from dableiben.demo.facilities import Facility
from dableiben.demo.generate import District
from dableiben.demo.write_osm import write_osm
from support.streets_by_scipy import Map, minutes_to_nearest, read_map

MARGIN = 0.2
BEHIND = "Grenzhufe"
"""behind the edge of the street data: no way at all"""
CARDS = Path("src") / "dableiben" / "demo" / "cards"


def art(name: str, barrier_free: str | None = None) -> Callable[[Facility], bool]:
    return lambda f: any(e.art == name and barrier_free in (None, e.barrier_free) for e in f.entries)


def tagged(**tags: str) -> Callable[[Facility], bool]:
    return lambda f: f.tags is not None and all(f.tags.get(k.replace("__", ":")) == v for k, v in tags.items())


@dataclass(frozen=True)
class Story:
    """A limit: who is meant, by which mode, and where it is broken on purpose (localities or an Amt)."""

    card: str
    mode: str
    offers: Callable[[Facility], bool]
    beyond: tuple[str, ...] = ()


STORIES = {
    "Kita with a car": Story("ellerland_kita_weg", "car", art("Kita")),
    # Nobody under 55 lives in Sandrade, so its way to the Kita is long on purpose and no gap.
    "Kita by bike": Story("ellerland_kita_weg", "bike", art("Kita"), ("Birkenmoor", "Sandrade")),
    "paediatrician": Story("ellerland_kinderarzt_weg", "car", art("Kinder- und Jugendarzt"), (plan.AMT_WEST,)),
    "supermarket": Story("ellerland_supermarkt_fussweg", "foot", tagged(shop="supermarket"), ("Lüttenrade",)),
    "hall": Story("ellerland_dorfgemeinschaftshaus_fussweg", "foot", art("Dorfgemeinschaftshaus")),
    "hall without steps": Story(
        "ellerland_dorfgemeinschaftshaus_fussweg", "foot", art("Dorfgemeinschaftshaus", "ja"),
        ("Feldhagen", "Grotenmoor"),
    ),
    "stop": Story("ellerland_haltestelle_fussweg", "foot", tagged(highway="bus_stop"), ("Kranichrade",)),
    "stop without steps": Story(
        "ellerland_haltestelle_fussweg", "foot", tagged(highway="bus_stop", wheelchair="yes"),
        ("Kranichrade", "Brookfelde"),
    ),
    "playground": Story("ellerland_spielplatz_fussweg", "foot", tagged(leisure="playground"), ("Schwarzetorf",)),
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue(repository_path: Path) -> Catalogue:
    return load_catalogue(repository_path / CARDS)


@pytest.fixture(scope="module")
def streets(district: District, tmp_path_factory: pytest.TempPathFactory) -> Map:
    path = tmp_path_factory.mktemp("map") / "e.osm.pbf"
    write_osm(path, district.seed, district.terrain, district.streets, district.facilities)
    return read_map(path)


def limit_min(catalogue: Catalogue, card: str, mode: str) -> float:
    """Minutes of a card; metres are walked at 5 km/h."""
    norm = catalogue.norms[card]
    value = float(norm.values[0].value)  # type: ignore[arg-type]
    if norm.measure == "distance_max":
        assert mode == "foot"
        return value / 1000 / 5 * 60
    return value


@pytest.mark.parametrize("story", STORIES)
def test_nothing_comes_near_its_limit(story: str, district: District, streets: Map, catalogue: Catalogue) -> None:
    told = STORIES[story]
    limit = limit_min(catalogue, told.card, told.mode)
    sites = np.array([f.point for f in district.facilities if told.offers(f)])
    assert len(sites) >= 5
    inside = [s for s in district.terrain.settlements.values() if s.inside and s.name != BEHIND]
    cells = np.array([cell for settlement in inside for cell in settlement.cells])
    minutes = minutes_to_nearest(streets, told.mode, cells, sites)
    start = 0
    for settlement in inside:
        mine = minutes[start : start + len(settlement.cells)]
        start += len(settlement.cells)
        municipality, _ = plan.localities()[settlement.name]
        if settlement.name in told.beyond or municipality.amt in told.beyond:
            assert mine.min() > (1 + MARGIN) * limit, settlement.name
        else:
            assert mine.max() < (1 - MARGIN) * limit, settlement.name


def test_wendelrade_shops_beyond_the_border(district: District, streets: Map, catalogue: Catalogue) -> None:
    """Without the shop in Löhnwedel it would be a gap: that is what makes it a trap."""
    limit = limit_min(catalogue, "ellerland_supermarkt_fussweg", "foot")
    cells = np.array(district.terrain.settlements["Wendelrade"].cells)
    shops = [f for f in district.facilities if f.tags and f.tags.get("shop") == "supermarket"]
    abroad = np.array([f.point for f in shops if not district.terrain.settlements[f.locality].inside])
    at_home = np.array([f.point for f in shops if district.terrain.settlements[f.locality].inside])
    assert minutes_to_nearest(streets, "foot", cells, abroad).max() < (1 - MARGIN) * limit
    assert minutes_to_nearest(streets, "foot", cells, at_home).min() > (1 + MARGIN) * limit


def test_altenwisch_is_served_from_far_away(district: District, streets: Map) -> None:
    services = [
        f for f in district.facilities if any("Altenwisch" in e.serves for e in f.entries if "Pflegedienst" in e.art)
    ]
    assert [f.name for f in services] == ["Pflegedienst Torfhude"]
    # At 5 km/h minutes are metres: 22 km by road.
    cells = np.array(district.terrain.settlements["Altenwisch"].cells)
    minutes = minutes_to_nearest(streets, "foot", cells, np.array([services[0].point]))
    assert 20 < np.median(minutes) / 60 * 5 < 25


def test_every_locality_is_in_a_service_area_of_home_care(district: District) -> None:
    served = {
        place
        for f in district.facilities
        for e in f.entries
        if e.art == "Ambulanter Pflegedienst"
        for place in e.serves
    }
    for name, (municipality, _) in plan.localities().items():
        assert name in served or municipality.name in served, name


def test_nobody_lives_near_a_street_that_ends_at_the_edge(district: District, streets: Map) -> None:
    """Grenzhufe is cut off; planted gaps of other places cannot be put down to the edge of the data."""
    grenzhufe = np.array(district.terrain.settlements[BEHIND].cells)
    stops = np.array([f.point for f in district.facilities if f.tags and f.tags.get("highway") == "bus_stop"])
    for mode in ("foot", "bike", "car"):
        assert np.isinf(minutes_to_nearest(streets, mode, grenzhufe, stops)).all()
