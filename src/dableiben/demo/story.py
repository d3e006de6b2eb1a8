# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The story of the made-up district: what is missing on purpose, what cannot be known, what only looks missing.

`truth` counts persons from the construction (people.py, needs.py); nothing here asks the checker.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from dableiben.core.ids import slug
from dableiben.demo import needs, plan
from dableiben.demo.childcare import AFTERNOON_SHARE, SHORT_OF_AFTERNOONS
from dableiben.demo.facilities import Facility
from dableiben.demo.health import GP_POSTS, NURSING_HOMES
from dableiben.demo.people import Residents

Cause = Literal["absent", "capacity", "quality", "distance"]
WITH_CAR = ".mit_auto"
WITHOUT_CAR = ".ohne_auto"


@dataclass(frozen=True)
class PlantedGap:
    """A gap that the check must report: kind, area and cause exactly, persons within 2 %."""

    kind: str
    group: str
    area_id: str
    area_name: str
    dimension: Literal["content", "space"]
    cause: Cause
    persons: float
    norm_id: str
    tier: str
    note: str


@dataclass(frozen=True)
class PlantedUnknown:
    """Something that cannot be said; it must be reported as unknown and never as a gap."""

    kind: str
    group: str
    area_id: str
    area_name: str
    what: Literal["capacity", "distance"]
    note: str


@dataclass(frozen=True)
class Trap:
    """What looks like a gap and is none: no gap of these kinds may be named for this area or one around it."""

    kinds: tuple[str, ...]
    area_id: str
    area_name: str
    note: str


def truth(seed: int, residents: Residents, facilities: list[Facility]) -> dict[str, object]:
    """Content of truth.json."""
    return {
        "made_up": True,
        "region": plan.DISTRICT_NAME,
        "seed": seed,
        "as_of": plan.AS_OF.isoformat(),
        "persons": sum(residents.persons(name) for name in residents.main),
        "gaps": [asdict(gap) for gap in _gaps(residents, facilities)],
        "unknowns": [asdict(unknown) for unknown in _unknowns()],
        "traps": [asdict(trap) for trap in _traps()],
    }


def locality_id(name: str) -> str:
    """Id of a locality in the results."""
    municipality, _ = plan.localities()[name]
    return f"{municipality.ags}:{slug(name)}"


def _names(*, ags: str | None = None, amt: str | None = None, mittelbereich: str | None = None) -> tuple[str, ...]:
    """Localities of a municipality, an Amt, a Mittelbereich, or of the whole district."""
    return tuple(
        name
        for name, (m, _) in plan.localities().items()
        if ags in (None, m.ags) and amt in (None, m.amt) and mittelbereich in (None, m.mittelbereich)
    )


def _municipality(name: str) -> plan.Municipality:
    return next(m for m in plan.MUNICIPALITIES if m.name == name)


def _gaps(residents: Residents, facilities: list[Facility]) -> list[PlantedGap]:
    return [*_places(residents, facilities), *_by_area(residents), *_ways(residents), *_halls(residents)]


def _places(residents: Residents, facilities: list[Facility]) -> list[PlantedGap]:
    """Places missing for children in need."""
    haldersee, brookstedt = _municipality("Haldersee"), _municipality(SHORT_OF_AFTERNOONS)
    u3 = needs.need_u3(residents, _names(ags=haldersee.ags))
    u3 -= _usable(facilities, haldersee, ("Krippe", "Kindertagespflege"))
    afternoons = needs.need_afternoons(residents, _names(ags=brookstedt.ags))
    afternoons -= _usable(facilities, brookstedt, ("Hort", "Ganztagsgrundschule"))
    return [
        PlantedGap(
            "kita_u3", "kinder_u3", haldersee.ags, haldersee.name, "content", "capacity", u3, "N01", "entitlement",
            "40, 42 and 38 children aged 0, 1, 2 at .035/.766/.90 need 67.8 places; 68 are licensed, 60 can be used",
        ),
        PlantedGap(
            "ganztag_grundschule", "grundschulkinder", brookstedt.ags, brookstedt.name, "content", "capacity",
            afternoons, "ellerland_ganztag", "statute_local", f"places for {AFTERNOON_SHARE:.0%} of the pupils in need",
        ),
    ]  # fmt: skip


def _usable(facilities: list[Facility], municipality: plan.Municipality, arts: tuple[str, ...]) -> float:
    here = {place.name for place in municipality.localities}
    entries = [entry for f in facilities if f.locality in here for entry in f.entries if entry.art in arts]
    return float(sum(entry.usable or 0 for entry in entries))


def _by_area(residents: Residents) -> list[PlantedGap]:
    """Doctors, advisers and facilities counted by area."""
    everybody = range(101)
    gp_persons = residents.of(_names(mittelbereich=plan.MB_SOELTEN), everybody)
    gp_target = gp_persons / needs.PERSONS_PER_GP
    gp_posts = sum(sum(GP_POSTS[name]) for name in _names(mittelbereich=plan.MB_SOELTEN) if name in GP_POSTS)
    women = residents.of(_names(), range(15, 50), "w")
    very_old = residents.of(_names(amt=plan.AMT_NORD), range(80, 101))
    wanted = very_old * needs.NURSING_PLACES_PER_1000 / 1000
    places = sum(NURSING_HOMES[name][1] for name in _names(amt=plan.AMT_NORD) if name in NURSING_HOMES)
    nord, west = f"amt:{slug(plan.AMT_NORD)}", f"amt:{slug(plan.AMT_WEST)}"
    return [
        PlantedGap(
            "hausarzt", "alle", f"mb:{slug(plan.MB_SOELTEN)}", plan.MB_SOELTEN, "content", "capacity",
            gp_persons * (1 - gp_posts / gp_target), "N20", "planning",
            f"{gp_posts:g} posts of {gp_target:.1f}: 70 % of the planning value, under the threshold of 75 %",
        ),
        PlantedGap(
            "schwangerschaftsberatung", "frauen_15_49", plan.DISTRICT_KEY, plan.DISTRICT_NAME, "content", "capacity",
            women * 0.25, "N44", "duty", "1.5 posts of 2.0 for 80,000 residents",
        ),
        PlantedGap(
            "kurzzeitpflege", "senioren_65", nord, plan.AMT_NORD, "content", "absent",
            needs.seniors(residents, _names(amt=plan.AMT_NORD)), "ellerland_kurzzeitpflege_amt", "planning",
            "no short-term care in the whole Amt; influence: urge",
        ),
        PlantedGap(
            "jugendarbeit", "jugend_6_26", nord, plan.AMT_NORD, "content", "absent",
            residents.of(_names(amt=plan.AMT_NORD), range(6, 27)), "ellerland_jugendarbeit_amt", "planning",
            "no youth club in the whole Amt",
        ),
        PlantedGap(
            "tagespflege", "senioren_65", west, plan.AMT_WEST, "content", "absent",
            needs.seniors(residents, _names(amt=plan.AMT_WEST)), "ellerland_tagespflege_amt", "planning",
            "no day care for older people in the whole Amt",
        ),
        PlantedGap(
            "pflegeheim", "senioren_80", nord, plan.AMT_NORD, "content", "capacity",
            very_old * (1 - places / wanted), "ellerland_pflegeheim_amt", "planning",
            f"{places} places of {wanted:.0f}",
        ),
    ]  # fmt: skip


def _ways(residents: Residents) -> list[PlantedGap]:
    """Facilities out of reach."""
    west = _names(amt=plan.AMT_WEST)
    rows = (
        ("kita", "kinder_3_bis_schule" + WITHOUT_CAR, "Birkenmoor",
         needs.need_kita(residents, ("Birkenmoor",)) * needs.CARLESS_SHARE, "ellerland_kita_weg", "planning",
         "the nearest Kita is more than 36 minutes away by bike; with a car it is less than 24"),
        ("supermarkt", "senioren_65" + WITHOUT_CAR, "Lüttenrade",
         needs.seniors(residents, ("Lüttenrade",)) * needs.CARLESS_SHARE_SENIORS, "ellerland_supermarkt_fussweg",
         "planning", "the village shop closed; the next one is more than 4.6 km away on foot"),
        ("haltestelle", "senioren_65", "Kranichrade", needs.seniors(residents, ("Kranichrade",)),
         "ellerland_haltestelle_fussweg", "statute_local", "no bus stops here"),
        ("spielplatz", "kinder_1_12", "Schwarzetorf", residents.of(("Schwarzetorf",), range(1, 13)),
         "ellerland_spielplatz_fussweg", "planning", "no playground here"),
    )  # fmt: skip
    found = [
        PlantedGap(kind, group, locality_id(name), name, "space", "distance", persons, norm, tier, note)
        for kind, group, name, persons, norm, tier, note in rows
    ]
    children = needs.under_18(residents, west)
    found.append(
        PlantedGap(
            "kinderarzt", "kinder_0_17", f"amt:{slug(plan.AMT_WEST)}", plan.AMT_WEST, "space", "distance",
            children, "ellerland_kinderarzt_weg", "planning",
            "no paediatrician within 21 minutes by car, so none for households without one either",
        )
    )  # fmt: skip
    return found


def _halls(residents: Residents) -> list[PlantedGap]:
    """Places that older people reach but cannot enter."""
    hall, stop = "ellerland_dorfgemeinschaftshaus_fussweg", "ellerland_haltestelle_fussweg"
    rows = (
        ("dorfgemeinschaftshaus", "Feldhagen", hall, "planning", "its only meeting place has steps"),
        ("dorfgemeinschaftshaus", "Grotenmoor", hall, "planning", "its only meeting place has steps"),
        ("haltestelle", "Brookfelde", stop, "statute_local", "none of its stops is barrier-free"),
    )
    return [
        PlantedGap(
            kind, "senioren_65", locality_id(name), name, "content", "quality", needs.seniors(residents, (name,)),
            norm, tier, note,
        )
        for kind, name, norm, tier, note in rows
    ]  # fmt: skip


def _unknowns() -> list[PlantedUnknown]:
    torfhude = _municipality("Torfhude")
    behind = "its cells lie behind the edge of the street data"
    edge = (
        ("kita", "kinder_3_bis_schule" + WITH_CAR), ("kita", "kinder_3_bis_schule" + WITHOUT_CAR),
        ("kinderarzt", "kinder_0_17" + WITH_CAR), ("kinderarzt", "kinder_0_17" + WITHOUT_CAR),
        ("supermarkt", "senioren_65" + WITHOUT_CAR),
        ("dorfgemeinschaftshaus", "senioren_65"), ("haltestelle", "senioren_65"), ("spielplatz", "kinder_1_12"),
    )  # fmt: skip
    return [
        PlantedUnknown(
            "kita_u3", "kinder_u3", torfhude.ags, torfhude.name, "capacity",
            "the places of one Kita are not in the register; they could close the gap",
        ),
        PlantedUnknown(
            "hausarzt", "alle", f"mb:{slug(plan.MB_MIRENZ)}", plan.MB_MIRENZ, "capacity",
            "7.25 posts of 10.5 are known; of one practice in Ostbrook nothing is known but that it is one",
        ),
        *(
            PlantedUnknown(kind, group, locality_id("Grenzhufe"), "Grenzhufe", "distance", behind)
            for kind, group in edge
        ),
    ]  # fmt: skip


def _traps() -> list[Trap]:
    return [
        Trap(("supermarkt",), locality_id("Wendelrade"), "Wendelrade",
             "the supermarket beyond the border, in Löhnwedel, is within the limit"),
        Trap(("kita", "kita_u3", "grundschule", "ganztag_grundschule", "spielplatz"), locality_id("Sandrade"),
             "Sandrade", "400 holiday homes, 9 residents, none of them a child; second homes make no main residents"),
        Trap(("ambulanter_dienst",), locality_id("Altenwisch"), "Altenwisch",
             "the home-care service 22 km away in Torfhude has it in its service area"),
        Trap(("kita_u3",), locality_id("Haldersee"), "Haldersee",
             "places are missing, but facilities are there: the cause is capacity, never absent"),
    ]  # fmt: skip
