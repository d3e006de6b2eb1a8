# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The made-up district as it was planned: municipalities, localities, roads. Nothing here exists.

Coordinates are kilometres east and north of `ORIGIN_M`; the seed moves every locality a little. A hub is a
locality with a shop, a village hall and a Kita of its own; the other localities lie within walking distance
of the hub named beside them. Hubs that lie alone are where the story (story.py) takes something away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

ORIGIN_M = (4_405_000, 3_335_000)
"""lower left corner of the plan in EPSG:3035; the real land there knows nothing of it"""
DISTRICT_NAME = "Landkreis Ellerland"
DISTRICT_KEY = "13099"
NEIGHBOUR_NAME = "Landkreis Elbwarder"
NEIGHBOUR_KEY = "03399"
LAND = "MV"
AS_OF = date(2025, 12, 31)
PERSONS = 80_000
AMT_NORD = "Amt Nord"
AMT_WEST = "Amt West"
AMT_ARS = {AMT_NORD: "130995961", AMT_WEST: "130995962"}
MB_SOELTEN = "Mittelbereich Sölten"
MB_MIRENZ = "Mittelbereich Mirenz"
"""its Mittelzentrum lies outside, to the east"""


@dataclass(frozen=True)
class Locality:
    """One of the 90 localities. `weight` shares out the municipality's persons, unless `persons` fixes them."""

    name: str
    x_km: float
    y_km: float
    weight: float
    hub: str
    """the hub people walk to; its own name if it is one"""
    persons: int | None = None
    min_age: int = 0
    """nobody younger lives here"""


@dataclass(frozen=True)
class Municipality:
    """A municipality with its exact number of main residents."""

    ags: str
    name: str
    persons: int
    mittelbereich: str
    localities: tuple[Locality, ...] = field(repr=False)
    amt: str | None = None

    @property
    def seat(self) -> str:
        """Main locality: the first one."""
        return self.localities[0].name

    @property
    def ars(self) -> str:
        """Regional key: district, association (own one if it belongs to no Amt), municipality."""
        association = AMT_ARS[self.amt][5:] if self.amt else f"0{self.ags[5:]}"
        return f"{DISTRICT_KEY}{association}{self.ags[5:]}"


def _places(text: str) -> tuple[Locality, ...]:
    """Rows `name | x y | weight | hub | more` as localities."""
    places = []
    for line in text.strip().splitlines():
        name, where, weight, hub, *more = (part.strip() for part in line.split("|"))
        x_km, y_km = (float(part) for part in where.split())
        extra = {key: int(value) for key, value in (item.split("=") for item in more if item)}
        places.append(Locality(name, x_km, y_km, float(weight), hub or name, **extra))
    return tuple(places)


MUNICIPALITIES = (
    Municipality("13099001", "Sölten", 21_500, MB_SOELTEN, _places("""
        Altstadt         | 27.5 12.6 | 6200 |
        Bauernvorstadt   | 26.2 13.4 | 3600 |
        Lindenkamp       | 28.9 13.2 | 3900 |
        Mühlenkamp       | 27.9 11.1 | 2900 |
        Ziegelkamp       | 26.2 11.8 | 2300 |
        Rosenkamp        | 27.0 14.5 |  900 |
        Klein Sölten     | 29.6 10.7 |  500 | Mühlenkamp
        Söltener Heide   | 24.7 11.1 |  330 | Ziegelkamp
        Ellerkamp        | 30.4 14.2 |  300 | Lindenkamp
        Ellermühle       | 24.6 14.0 |  280 | Bauernvorstadt
        Ellertannen      | 28.2 15.8 |  290 | Rosenkamp
    """)),
    Municipality("13099002", "Haldersee", 6_011, MB_SOELTEN, _places("""
        Haldersee        | 26.9 22.3 | 4200 |
        Haldertannen     | 25.4 23.3 |  520 | Haldersee
        Haldermoor       | 28.3 23.4 |  390 | Haldersee
        Haldenkaten      | 26.4 20.5 |  340 | Haldersee
        Fährkrug         | 28.1 20.9 |  280 | Haldersee
        Uferkaten        | 28.8 22.2 |  281 | Haldersee
    """)),
    Municipality("13099003", "Brookstedt", 7_300, MB_MIRENZ, _places("""
        Brookstedt       | 38.1 11.2 | 4300 |
        Stedtkaten       | 36.6 12.0 |  430 | Brookstedt
        Brookmühle       | 39.6 12.0 |  410 | Brookstedt
        Vorderbrook      | 37.3  9.6 |  390 | Brookstedt
        Hinterbrook      | 39.1  9.7 |  350 | Brookstedt
        Ostbrook         | 40.0 15.4 |  560 |
        Kuhbrook         | 38.7 16.4 |  320 | Ostbrook
        Brookfelde       | 33.4  8.8 |  540 |
    """)),
    Municipality("13099004", "Torfhude", 4_300, MB_SOELTEN, _places("""
        Torfhude         | 20.6  6.8 | 2100 |
        Torfkaten        | 19.1  7.5 |  400 | Torfhude
        Torfmühle        | 21.7  8.1 |  420 | Torfhude
        Torfwisch        | 21.8  5.5 |  380 | Torfhude
        Moorwarder       | 19.6  5.3 |  350 | Torfhude
        Grotenmoor       | 19.9 12.0 |  650 |
    """)),
    Municipality("13099005", "Ellerhagen", 5_200, MB_MIRENZ, _places("""
        Ellerhagen       | 30.3  4.2 | 2700 |
        Ellerschleuse    | 29.1  5.5 |  480 | Ellerhagen
        Ellerwiese       | 31.8  5.2 |  450 | Ellerhagen
        Ellernkrug       | 31.4  2.8 |  420 | Ellerhagen
        Rethkaten        | 29.2  2.8 |  400 | Ellerhagen
        Schwarzetorf     | 25.1  4.4 |  750 |
    """)),
    Municipality("13099011", "Norderlanke", 3_900, MB_SOELTEN, _places("""
        Norderlanke      | 19.1 23.2 | 1700 |
        Lankmühle        | 17.9 24.5 |  450 | Norderlanke
        Lankkaten        | 20.5 24.3 |  430 | Norderlanke
        Lankwisch        | 19.7 21.6 |  420 | Norderlanke
        Nordkaten        | 17.7 22.1 |  380 | Norderlanke
        Lüttenrade       | 22.8 27.2 |  520 |
    """), AMT_NORD),
    Municipality("13099012", "Hohenlanke", 3_721, MB_SOELTEN, _places("""
        Hohenlanke       | 20.1 17.4 | 1700 |
        Hohenfurtkaten   | 18.7 18.5 |  430 | Hohenlanke
        Lanktannen       | 21.5 18.5 |  400 | Hohenlanke
        Radekaten        | 21.4 16.1 |  380 | Hohenlanke
        Rademoor         | 18.8 16.2 |  350 | Hohenlanke
        Mahrenfelde      | 24.2 17.7 |  461 |
    """), AMT_NORD),
    Municipality("13099013", "Grotenrade", 4_000, MB_SOELTEN, _places("""
        Grotenrade       | 32.7 25.0 | 1800 |
        Kirchkaten       | 31.2 26.0 |  420 | Grotenrade
        Eulenkaten       | 34.3 25.7 |  430 | Grotenrade
        Norderrade       | 33.4 23.3 |  400 | Grotenrade
        Nordwisch        | 31.4 23.9 |  390 | Grotenrade
        Feldhagen        | 37.1 22.3 |  560 |
    """), AMT_NORD),
    Municipality("13099014", "Fuhlenbrook", 3_900, MB_SOELTEN, _places("""
        Fuhlenbrook      | 33.4 18.2 | 1700 |
        Mohrmühle        | 32.1 19.3 |  420 | Fuhlenbrook
        Mohrwisch        | 34.8 19.2 |  410 | Fuhlenbrook
        Mohrkrug         | 34.3 16.8 |  380 | Fuhlenbrook
        Mohrfelde        | 32.2 16.9 |  360 | Fuhlenbrook
        Kranichrade      | 38.6 19.6 |  630 |
    """), AMT_NORD),
    Municipality("13099015", "Ellerbrook", 4_368, MB_MIRENZ, _places("""
        Ellerbrook       | 40.0 25.2 | 2300 |
        Reiherrade       | 38.6 26.3 |  520 | Ellerbrook
        Storchkaten      | 40.7 26.6 |  380 | Ellerbrook
        Immenrade        | 38.8 24.1 |  500 | Ellerbrook
        Honigkaten       | 40.7 23.6 |  500 | Ellerbrook
        Grenzhufe        | 43.2 22.9 |    1 | Ellerbrook | persons=168
    """), AMT_NORD),
    Municipality("13099021", "Westerhude", 4_900, MB_SOELTEN, _places("""
        Westerhude       |  3.5 21.3 | 2500 |
        Westerkaten      |  2.0 22.4 |  450 | Westerhude
        Westermühle      |  4.9 20.1 |  450 | Westerhude
        Kranichsund      |  2.1 20.1 |  400 | Westerhude
        Dornsund         |  6.4 24.2 |  750 |
        Birkwisch        |  7.6 23.0 |  350 | Dornsund
    """), AMT_WEST),
    Municipality("13099022", "Dannwisch", 4_500, MB_SOELTEN, _places("""
        Dannwisch        |  6.0 15.3 | 1400 |
        Dannkaten        |  7.6 16.3 |  360 | Dannwisch
        Gravenmark       |  4.6 16.4 |  340 | Dannwisch
        Dannkrug         |  6.8 13.7 |  320 | Dannwisch
        Wendelrade       |  0.9 12.4 |  560 |
        Birkenmoor       | 13.2 14.2 |    1 |  | persons=1520
    """), AMT_WEST),
    Municipality("13099023", "Kattenhude", 3_800, MB_SOELTEN, _places("""
        Kattenholm       |  5.2  8.2 | 1800 |
        Kattenmühle      |  3.8  9.3 |  420 | Kattenholm
        Kattenwisch      |  6.7  8.9 |  420 | Kattenholm
        Kattenkrug       |  5.8  6.5 |  380 | Kattenholm
        Altenwisch       |  8.6 12.1 |  470 |
        Sandrade         | 13.0  7.8 |    1 |  | persons=9 | min_age=55
    """), AMT_WEST),
    Municipality("13099024", "Ellerwarder", 2_600, MB_SOELTEN, _places("""
        Ellerwarder      |  7.2  2.9 | 1250 |
        Warderkrug       |  5.7  2.0 |  320 | Ellerwarder
        Wardermühle      |  8.6  3.9 |  310 | Ellerwarder
        Röhrbeck         |  1.9  3.3 |  420 |
        Wischkrug        |  3.2  4.5 |  300 | Röhrbeck
    """), AMT_WEST),
)  # fmt: skip


@dataclass(frozen=True)
class NeighbourVillage:
    """A village beyond the border, in Niedersachsen as the story has it."""

    name: str
    x_km: float
    y_km: float
    persons: int


@dataclass(frozen=True)
class NeighbourMunicipality:
    """A municipality beyond the border; nothing but its grid cells, boundary and OSM objects is known."""

    ags: str
    name: str
    villages: tuple[NeighbourVillage, ...]

    @property
    def ars(self) -> str:
        """Regional key, no association."""
        return f"{NEIGHBOUR_KEY}0{self.ags[5:]}{self.ags[5:]}"


NEIGHBOURS = (
    NeighbourMunicipality("03399001", "Rögenwisch", (
        NeighbourVillage("Rögenwisch", -2.7, 5.2, 740),
        NeighbourVillage("Wustrade", -4.9, 2.6, 310),
    )),
    NeighbourMunicipality("03399002", "Löhnwedel", (
        NeighbourVillage("Löhnwedel", -1.0, 12.9, 1480),
        NeighbourVillage("Dangerwisch", -4.2, 11.3, 420),
        NeighbourVillage("Nienrade", -3.7, 15.6, 350),
    )),
    NeighbourMunicipality("03399003", "Gartwedel", (
        NeighbourVillage("Gartwedel", -3.0, 20.9, 980),
        NeighbourVillage("Oldenkaten", -4.6, 25.0, 290),
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Road:
    """A road over land through the named localities or corners (`CORNERS`).

    The two roads across the heath are limited to 40 km/h: that is what puts Amt West far from the doctors.
    """

    kind: str
    ref: str | None
    stops: tuple[str, ...]
    maxspeed: str | None = "100"


CORNERS = {
    "Heidekreuz Nord": (13.1, 23.6),
    "Heidekreuz Süd": (13.0, 4.0),
    "Ostkante": (42.45, 23.2),
}
"""points where roads meet or end outside localities"""


def _roads(text: str) -> tuple[Road, ...]:
    roads = []
    for line in text.strip().splitlines():
        kind, ref, stops, *speed = (part.strip() for part in line.split("|"))
        names = tuple(stop.strip() for stop in stops.split(">"))
        roads.append(Road(kind, ref or None, names, speed[0] if speed else "100"))
    return tuple(roads)


ROADS = _roads("""
    primary   | B 399 | Rögenwisch > Röhrbeck > Ellerwarder
    primary   | B 399 | Ellerwarder > Heidekreuz Süd > Torfhude | 40
    primary   | B 399 | Torfhude > Ziegelkamp > Altstadt
    primary   | B 399 | Altstadt > Klein Sölten > Brookstedt > Brookmühle
    secondary | L 901 | Gartwedel > Westerhude > Dornsund
    secondary | L 901 | Dornsund > Heidekreuz Nord > Norderlanke | 40
    secondary | L 901 | Norderlanke > Haldertannen > Haldersee
    secondary | L 902 | Haldersee > Haldenkaten > Rosenkamp > Altstadt > Mühlenkamp > Ellerschleuse > Ellerhagen
    secondary | L 903 | Westerhude > Dannwisch > Kattenholm > Ellerwarder
    secondary | L 904 | Norderlanke > Hohenlanke > Bauernvorstadt > Altstadt
    secondary | L 905 | Altstadt > Lindenkamp > Ellerkamp > Fuhlenbrook > Grotenrade > Ellerbrook
    secondary | L 906 | Haldersee > Haldermoor > Grotenrade
    secondary | L 907 | Brookstedt > Ostbrook > Kranichrade > Fuhlenbrook
    secondary | L 908 | Ellerbrook > Honigkaten > Ostkante
    tertiary  | K 11  | Heidekreuz Nord > Birkenmoor
    tertiary  | K 12  | Heidekreuz Süd > Sandrade
    tertiary  | K 13  | Dannwisch > Wendelrade > Löhnwedel > Dangerwisch
    tertiary  | K 14  | Kattenwisch > Altenwisch
    tertiary  | K 15  | Torfmühle > Grotenmoor
    tertiary  | K 16  | Torfwisch > Schwarzetorf > Rethkaten
    tertiary  | K 17  | Ellerwiese > Brookfelde > Vorderbrook
    tertiary  | K 18  | Lankkaten > Lüttenrade > Haldertannen
    tertiary  | K 19  | Lanktannen > Mahrenfelde > Haldenkaten
    tertiary  | K 20  | Mohrwisch > Feldhagen
    tertiary  | K 21  | Löhnwedel > Nienrade > Gartwedel > Oldenkaten
    tertiary  | K 22  | Rögenwisch > Wustrade
    tertiary  | K 23  | Kattenholm > Röhrbeck
    tertiary  | K 26  | Schwarzetorf > Ziegelkamp
    tertiary  | K 25  | Kattenwisch > Wardermühle
    tertiary  | K 25  | Wardermühle > Heidekreuz Süd | 40
    tertiary  | K 24  | Bauernvorstadt > Ziegelkamp > Mühlenkamp > Lindenkamp > Rosenkamp > Bauernvorstadt
""")

DRAWN_AS = {
    "Mahrenfelde": "Wolfsrade", "Röhrbeck": "Grenzwisch", "Dornsund": "Westerbrook", "Gravenmark": "Dannmühle",
    "Kranichsund": "Schafkrug", "Moorwarder": "Moorkrug", "Fuhlenbrook": "Mohrkaten",
}  # fmt: skip
"""localities that were renamed when the story went on: their chance is still that of the former name, so that
nothing moved"""

WITHOUT_STREETS = ("Grenzhufe",)
"""lies behind the edge of the street data"""
BOX_KM = (-8.6, -2.6, 42.3, 30.6)
"""the OSM extract was cut here (west, south, east, north); a tip of the district sticks out in the east"""

FERRY = ("Fährkrug", "Uferkaten")
"""a ferry over the Haldersee for people on foot, by bike and by car, 12 minutes"""


def localities() -> dict[str, tuple[Municipality, Locality]]:
    """All localities by name (names are unique), in the order of the plan."""
    return {place.name: (m, place) for m in MUNICIPALITIES for place in m.localities}


def drawn_as(locality: str) -> str:
    """The name by which chance knows a locality or municipality."""
    return DRAWN_AS.get(locality, locality)


def hubs() -> tuple[str, ...]:
    """Localities with facilities of their own, in the order of the plan."""
    return tuple(name for name, (_, place) in localities().items() if place.hub == name)
