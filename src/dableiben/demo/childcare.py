# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Kitas, crèches, childminders, primary schools and after-school care, with room for everybody but where planned."""

from __future__ import annotations

from math import ceil, floor

from dableiben.demo import plan
from dableiben.demo.facilities import Entry, Facility, Sites
from dableiben.demo.needs import need_afternoons, need_kita, need_u3, primary_pupils
from dableiben.demo.people import Residents

RESERVE = 1.15
"""places per child in need wherever nothing is planted"""
NO_KITA = {"Birkenmoor": "Dannwisch", "Sandrade": "Kattenholm"}
"""hubs without a Kita, and where their children go (by car)"""
SHORT_OF_PLACES = "Haldersee"
PLACES_UNKNOWN = "Torfhude"
SHORT_OF_AFTERNOONS = "Brookstedt"
AFTERNOON_SHARE = 0.6
"""places in the afternoon there, per pupil in need"""
KNOWN_SHARE = 0.75
"""places under 3 that are known in that municipality, per child in need: the rest hangs on one Kita without numbers"""
NAMES = (
    "Abenteuerland", "Pusteblume", "Regenbogen", "Storchennest", "Wirbelwind", "Sonnenkäfer", "Spatzennest",
    "Löwenzahn", "Mäuseburg", "Kleine Strolche", "Zwergenland", "Rappelkiste", "Bullerbü", "Bienenkorb",
    "Tausendfüßler", "Sternschnuppe", "Villa Kunterbunt", "Waldwichtel", "Krümelkiste",
    "Moorfrösche", "Igelbau", "Seepferdchen",
)  # fmt: skip
PROVIDERS = ("Gemeinde", "Diakonie Ellerland", "AWO Ellerland", "Volkssolidarität Ellerland", "DRK Ellerland")


def kita_hub(place: plan.Locality) -> str:
    """Where the children of a locality go to Kita."""
    return NO_KITA.get(place.hub, place.hub)


def childcare(residents: Residents, sites: Sites) -> list[Facility]:
    """All facilities for children up to the end of primary school."""
    found: list[Facility] = []
    for municipality in plan.MUNICIPALITIES:
        found += _kitas(municipality, residents, sites, len(found))
        found += _schools(municipality, residents, sites)
    return found


def _kitas(municipality: plan.Municipality, residents: Residents, sites: Sites, number: int) -> list[Facility]:
    by_hub: dict[str, list[str]] = {}
    for place in municipality.localities:
        by_hub.setdefault(kita_hub(place), []).append(place.name)
    kitas = []
    for hub, names in by_hub.items():
        from_3 = ceil(RESERVE * need_kita(residents, names)) + 1
        under_3 = ceil(RESERVE * need_u3(residents, names)) + 1
        if municipality.name == SHORT_OF_PLACES:
            return [*_short(hub, from_3, sites), _childminder(hub, sites)]
        if municipality.name == PLACES_UNKNOWN and hub == municipality.name:
            under_3 = floor(KNOWN_SHARE * need_u3(residents, (p.name for p in municipality.localities)))
            under_3 -= sum(ceil(RESERVE * need_u3(residents, n)) + 1 for h, n in by_hub.items() if h != hub)
            kitas.append(_without_numbers(hub, sites))
        parts = 2 if from_3 > 90 else 1
        for part in range(parts):
            places = (_part(from_3, parts, part), _part(under_3, parts, part))
            kitas.append(_kita(NAMES[(number + len(kitas)) % len(NAMES)], hub, places, sites))
    return kitas


def _part(places: int, parts: int, number: int) -> int:
    """Places of one of several Kitas; the first one takes what is left over."""
    return places // parts + (places % parts if number == 0 else 0)


def _kita(name: str, hub: str, places: tuple[int, int], sites: Sites) -> Facility:
    """A Kita with places from 3 and under 3, in both sources."""
    from_3, under_3 = places
    variant = len(name) + len(plan.drawn_as(hub))
    provider = PROVIDERS[variant % len(PROVIDERS)]
    barrier_free = ("ja", "nein", None)[variant % 3]
    entries = [_offer("Kita", from_3 + variant % 4, from_3, barrier_free, provider)]
    if under_3:
        entries.append(_offer("Krippe", under_3 + variant % 3, under_3, barrier_free, provider))
    title = f"Kita {name} {hub}"
    tags = {
        "amenity": "kindergarten", "name": title, "min_age": "1" if under_3 else "3", "max_age": "6",
        "operator": provider,
    }  # fmt: skip
    if barrier_free:
        tags["wheelchair"] = {"ja": "yes", "nein": "no"}[barrier_free]
    return Facility(title, hub, sites.next(hub), tags, variant % 2 == 0, variant % 5 == 0, tuple(entries))


def _offer(art: str, licensed: int, usable: int, barrier_free: str | None, provider: str) -> Entry:
    """A row of the register for places from 3 on (Kita) or under 3 (Krippe), nearly full."""
    age_from, age_to = (3, 6) if art == "Kita" else (0, 2)
    return Entry(
        art, licensed, usable, floor(usable * 0.85), waiting=licensed - usable, age_from=age_from, age_to=age_to,
        barrier_free=barrier_free, provider=provider,
    )  # fmt: skip


def _short(hub: str, from_3: int, sites: Sites) -> list[Facility]:
    """Haldersee: 68 places under 3 are licensed, 60 can be used for want of staff; enough places from 3 on."""
    half = from_3 // 2
    rows = (("Seepferdchen", from_3 - half, 36, 31), ("Haldermäuse", half, 27, 24))
    found = []
    for name, places, licensed, usable in rows:
        title = f"Kita {name} {hub}"
        entries = (
            _offer("Kita", places + 2, places, "ja", "Stadt Haldersee"),
            _offer("Krippe", licensed, usable, "ja", "Stadt Haldersee"),
        )
        tags = {
            "amenity": "kindergarten", "name": title, "min_age": "1", "max_age": "6", "wheelchair": "yes",
            "operator": "Stadt Haldersee", "capacity": str(places + licensed),
        }  # fmt: skip
        found.append(Facility(title, hub, sites.next(hub), tags, as_building=True, entries=entries))
    return found


def _childminder(hub: str, sites: Sites) -> Facility:
    entry = Entry(
        "Kindertagespflege", 5, 5, 5, waiting=2, age_from=0, age_to=2, provider="selbstständig", located=False
    )
    return Facility("Tagespflege Wellenreiter", hub, sites.next(hub), entries=(entry,))


def _without_numbers(hub: str, sites: Sites) -> Facility:
    """A Kita of which the register knows nothing but that it is there."""
    title = f"Kita Moorwichtel {hub}"
    entries = (Entry("Kita", age_from=3, age_to=6), Entry("Krippe", age_from=0, age_to=2))
    tags = {"amenity": "kindergarten", "name": title, "min_age": "1", "max_age": "6"}
    return Facility(title, hub, sites.next(hub), tags, as_building=True, entries=entries)


def _schools(municipality: plan.Municipality, residents: Residents, sites: Sites) -> list[Facility]:
    """A primary school and a Hort in the main place of every municipality; Sölten has three of each."""
    seats = ("Altstadt", "Lindenkamp", "Ziegelkamp") if municipality.name == "Sölten" else (municipality.seat,)
    names = [place.name for place in municipality.localities]
    pupils = primary_pupils(residents, names)
    places = ceil(RESERVE * pupils / len(seats)) + 1
    afternoons = places
    if municipality.name == SHORT_OF_AFTERNOONS:
        afternoons = floor(AFTERNOON_SHARE * need_afternoons(residents, names))
    found = []
    for seat in seats:
        served = () if len(seats) > 1 else tuple(names)
        school = Entry("Grundschule", usable=places, licensed=places, serves=served, provider=municipality.name)
        title = f"Grundschule {seat}"
        tags = {"amenity": "school", "name": title, "isced:level": "1", "school:de": "Grundschule"}
        found.append(Facility(title, seat, sites.next(seat), tags, as_building=True, entries=(school,)))
        whole_day = ceil(afternoons / 3)
        found.append(_after_school(seat, afternoons - whole_day, whole_day, sites))
    return found


def _after_school(seat: str, hort: int, whole_day: int, sites: Sites) -> Facility:
    title = f"Hort {seat}"
    entries = (
        Entry(
            "Hort",
            hort,
            hort,
            floor(hort * 0.85),
            age_from=6,
            age_to=10,
            provider=PROVIDERS[len(plan.drawn_as(seat)) % len(PROVIDERS)],
        ),
        Entry("Ganztagsgrundschule", whole_day, whole_day, floor(whole_day * 0.85), age_from=6, age_to=10),
    )
    tags = {"amenity": "childcare", "after_school": "yes", "name": title, "min_age": "6", "max_age": "10"}
    return Facility(title, seat, sites.next(seat), tags, entries=entries)
