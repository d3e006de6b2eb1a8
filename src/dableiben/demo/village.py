# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What a village needs every day: shop, village hall, bus stop; and what else stands on the map."""

from __future__ import annotations

from dableiben.demo import plan
from dableiben.demo.chance import stream
from dableiben.demo.facilities import Entry, Facility, Sites
from dableiben.demo.streets import LARGE_CELLS
from dableiben.demo.terrain import CELL_M, Point, Terrain

NO_SHOP = ("Lüttenrade", "Wendelrade")
"""Lüttenrade: planted; Wendelrade shops beyond the border"""
SHOP_BEYOND = "Löhnwedel"
NO_STOP = ("Kranichrade",)
NO_PLAYGROUND = ("Schwarzetorf",)
STOPS_WITH_STEPS = ("Brookfelde",)
"""its only stops are known not to be barrier-free"""
HALLS_WITH_STEPS = ("Feldhagen", "Grotenmoor")
HALLS_UNKNOWN = ("Kattenmühle", "Lankmühle", "Torfkaten", "Mohrkrug", "Ellerschleuse")
"""second halls in small places, next to a hub with a barrier-free one; nobody has asked about them"""
STOP_NAMES = ("Mitte", "Kirche", "Schule", "Am Ring", "Feuerwehr")
ROW_STEP = 2
WIDE = 5
"""streets that run on for more cells than this get further stops"""


def village(sites: Sites) -> list[Facility]:
    """Shops, village halls, bus stops, playgrounds and places for the young."""
    return [*_shops(sites), *_halls(sites), *_stops(sites), *_playgrounds(sites), *_youth(sites)]


def _shops(sites: Sites) -> list[Facility]:
    found = []
    for number, hub in enumerate((*plan.hubs(), SHOP_BEYOND)):
        if hub in NO_SHOP:
            continue
        title = f"{('Ellermarkt', 'Frischeland', 'Dorfmarkt')[number % 3]} {hub}"
        tags = {"shop": "supermarket", "name": title, "wheelchair": "yes"}
        found.append(Facility(title, hub, sites.next(hub), tags, number % 2 == 0, number % 6 == 0))
    return found


def _halls(sites: Sites) -> list[Facility]:
    found = []
    for number, locality in enumerate((*plan.hubs(), *HALLS_UNKNOWN)):
        steps, unknown = locality in HALLS_WITH_STEPS, locality in HALLS_UNKNOWN
        barrier_free = "nein" if steps else ("unbekannt" if unknown else "ja")
        title = f"{('Dorfgemeinschaftshaus', 'Bürgerhaus', 'Gemeinschaftshaus')[number % 3]} {locality}"
        entry = Entry("Dorfgemeinschaftshaus", barrier_free=barrier_free, provider="Gemeinde", form="Ehrenamt")
        tags = {"amenity": "community_centre", "name": title}
        if not unknown:
            tags["wheelchair"] = "no" if steps else "yes"
        mapped = tags if number % 4 or steps else None
        found.append(Facility(title, locality, sites.next(locality), mapped, number % 3 == 1, entries=(entry,)))
    return found


def _stops(sites: Sites) -> list[Facility]:
    """Bus stops so that nobody lives farther than 800 m from a barrier-free one, but where it is planned."""
    found = []
    for settlement in sites.terrain.settlements.values():
        if settlement.name in (*NO_STOP, *plan.WITHOUT_STREETS):
            continue
        steps = settlement.name in STOPS_WITH_STEPS
        for number, point in enumerate(stop_sites(sites.terrain, settlement.name, sites.seed)):
            title = f"{settlement.name}, {STOP_NAMES[number % len(STOP_NAMES)]} {number + 1}"
            tags = {"highway": "bus_stop", "public_transport": "platform", "bus": "yes", "name": title}
            tags["wheelchair"] = "no" if steps else "yes"
            found.append(Facility(title, settlement.name, point, tags))
    return found


def _playgrounds(sites: Sites) -> list[Facility]:
    """A playground in the middle of every locality but the planted one."""
    found = []
    for name in plan.localities():
        if name not in (*NO_PLAYGROUND, *plan.WITHOUT_STREETS):
            tags = {"leisure": "playground", "name": f"Spielplatz {name}"}
            found.append(Facility(tags["name"], name, sites.next(name), tags))
    return found


def _youth(sites: Sites) -> list[Facility]:
    """Youth clubs in the towns and in Amt West; none in Amt Nord."""
    found = []
    for locality in ("Altstadt", "Lindenkamp", "Haldersee", "Brookstedt", "Torfhude", "Westerhude", "Kattenholm"):
        title = f"Jugendklub {locality}"
        tags = {"amenity": "community_centre", "community_centre:for": "juvenile", "name": title}
        entry = Entry("Jugendklub", barrier_free="ja", provider="Kreisjugendring Ellerland")
        found.append(Facility(title, locality, sites.next(locality), tags, entries=(entry,)))
    return found


def stop_sites(terrain: Terrain, name: str, seed: int) -> list[Point]:
    """Along the middle of a settlement every 400 m (200 m in towns), and farther out where its streets are long."""
    settlement = terrain.settlements[name]
    x0, y0 = settlement.centre
    columns: dict[int, list[int]] = {0: [0]}
    for x_m, y_m in settlement.cells:
        columns.setdefault(round((y_m - y0) / (CELL_M * ROW_STEP)), []).append(round((x_m - x0) / CELL_M))
    chance = stream(seed, f"stops {plan.drawn_as(name)}")
    sites = []
    for row in sorted(columns):
        wanted = [0] if row % 2 == 0 or len(settlement.cells) > LARGE_CELLS else []
        wanted += [-WIDE - 1] * (min(columns[row]) < -WIDE) + [WIDE + 1] * (max(columns[row]) > WIDE)
        for column in wanted:
            shift = chance.uniform(-12, 12, 2)
            sites.append((
                round(x0 + column * CELL_M + 12 + float(shift[0]), 1),
                round(y0 + row * ROW_STEP * CELL_M + 8 + float(shift[1]), 1),
            ))  # fmt: skip
    return sites
