# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Doctors, pharmacies, care and counselling."""

from __future__ import annotations

from dableiben.demo import plan
from dableiben.demo.facilities import Entry, Facility, Sites

# Posts of general practitioners: 27.5 in Mittelbereich Sölten (70 % of 63,132 / 1,607), 7.25 known in Mirenz.
GP_POSTS = {
    "Altstadt": (2.0, 1.5, 1.0), "Bauernvorstadt": (2.0,), "Lindenkamp": (1.5, 1.0), "Mühlenkamp": (1.0,),
    "Ziegelkamp": (1.0,), "Haldersee": (2.0, 1.5), "Torfhude": (2.0,), "Norderlanke": (1.5,), "Hohenlanke": (1.0,),
    "Grotenrade": (1.5,), "Fuhlenbrook": (1.0,), "Westerhude": (1.5, 0.5), "Dannwisch": (1.5,), "Kattenholm": (1.5,),
    "Ellerwarder": (1.0,), "Brookstedt": (2.0, 1.25, 1.0), "Ellerhagen": (1.0, 1.0), "Ellerbrook": (1.0,),
}  # fmt: skip
PAEDIATRIC_POSTS = {"Altstadt": 1.5, "Lindenkamp": 1.0, "Haldersee": 1.0, "Brookstedt": 1.0, "Grotenrade": 0.5}
PHARMACIES = (
    "Altstadt", "Lindenkamp", "Bauernvorstadt", "Haldersee", "Brookstedt", "Torfhude", "Ellerhagen", "Grotenrade",
    "Norderlanke", "Westerhude", "Kattenholm",
)  # fmt: skip
DOCTORS = (
    "Arndt", "Behm", "Clasen", "Dieckmann", "Evers", "Frahm", "Gehrke", "Harms", "Ihde", "Jessen", "Kröger", "Lüth",
)  # fmt: skip
PRACTICE_UNKNOWN = "Ostbrook"
# Places in nursing homes: licensed, usable. Amt Nord has half of what its limit asks for, Amt West enough.
NURSING_HOMES = {
    "Altstadt": (120, 112), "Bauernvorstadt": (80, 76), "Haldersee": (64, 60), "Brookstedt": (90, 84),
    "Ellerhagen": (40, 40), "Grotenrade": (32, 30), "Fuhlenbrook": (30, 28), "Westerhude": (76, 72),
    "Kattenholm": (64, 62),
}  # fmt: skip
DAY_CARE = {
    "Lindenkamp": (24, 24), "Haldersee": (16, 14), "Brookstedt": (18, 18), "Norderlanke": (12, 12),
    "Fuhlenbrook": (12, 11),
}  # fmt: skip
"""day care for older people; none in Amt West"""
HOME_CARE_FAR = "Altenwisch"
"""served from Torfhude, 22 km away, and by nobody else"""


def health(sites: Sites) -> list[Facility]:
    """Practices, pharmacies, care and counselling."""
    return [
        *_practices(sites), *_pharmacies(sites), *_home_care(sites), *_short_term_care(sites), *_homes(sites),
        *_counselling(sites),
    ]  # fmt: skip


def _practices(sites: Sites) -> list[Facility]:
    found: list[Facility] = []
    for locality, practices in GP_POSTS.items():
        for number, posts in enumerate(practices):
            doctor = DOCTORS[(len(found) * 5) % len(DOCTORS)]
            title = f"Hausarztpraxis {doctor} {locality}"
            barrier_free = ("ja", "nein", None)[(len(found) + number) % 3]
            entry = Entry("Hausarzt", posts=posts, barrier_free=barrier_free)
            tags = {"amenity": "doctors", "name": title, "healthcare": "doctor", "healthcare:speciality": "general"}
            mapped = tags if number < 2 else None
            found.append(Facility(title, locality, sites.next(locality), mapped, number == 1, entries=(entry,)))
    for locality, posts in PAEDIATRIC_POSTS.items():
        title = f"Kinderarztpraxis {DOCTORS[(len(found) * 5) % len(DOCTORS)]} {locality}"
        entry = Entry("Kinder- und Jugendarzt", posts=posts)
        tags = {"amenity": "doctors", "name": title, "healthcare": "doctor", "healthcare:speciality": "paediatrics"}
        found.append(Facility(title, locality, sites.next(locality), tags, entries=(entry,)))
    # A practice of which the map says only that it is one; the register does not know it.
    bare = {"amenity": "doctors", "name": "Praxis am Anger"}
    found.append(Facility(bare["name"], PRACTICE_UNKNOWN, sites.next(PRACTICE_UNKNOWN), bare))
    return found


def _pharmacies(sites: Sites) -> list[Facility]:
    found: list[Facility] = []
    for number, locality in enumerate(PHARMACIES):
        title = f"{('Löwen', 'Adler', 'Hirsch', 'Rosen')[number % 4]}-Apotheke {locality}"
        tags = {"amenity": "pharmacy", "name": title, "wheelchair": "yes"}
        found.append(Facility(title, locality, sites.next(locality), tags, number % 3 == 0, number % 4 == 0))
    return found


def _home_care(sites: Sites) -> list[Facility]:
    """Home-care services and the places they serve; every locality is served by one."""
    by_name = {m.name: m for m in plan.MUNICIPALITIES}
    kattenhude = tuple(p.name for p in by_name["Kattenhude"].localities if p.name != HOME_CARE_FAR)
    rows = (
        ("Pflegedienst Ellerland Mitte", "Altstadt", ("Sölten", "Hohenlanke", "Haldersee"), 160.0),
        ("Diakoniestation Norderlanke", "Norderlanke", ("Norderlanke", "Grotenrade", "Fuhlenbrook"), 90.0),
        ("Pflege Ost Brookstedt", "Brookstedt", ("Brookstedt", "Ellerhagen", "Ellerbrook"), 120.0),
        ("Sozialstation Westerhude", "Westerhude", ("Westerhude", "Dannwisch", "Ellerwarder", *kattenhude), 110.0),
        ("Pflegedienst Torfhude", "Torfhude", ("Torfhude", HOME_CARE_FAR), 45.0),
    )
    found: list[Facility] = []
    for title, locality, serves, households in rows:
        entry = Entry("Ambulanter Pflegedienst", households=households, serves=serves, provider=title)
        tags = {"amenity": "social_facility", "social_facility": "ambulatory_care", "name": title}
        found.append(Facility(title, locality, sites.next(locality), tags, entries=(entry,)))
    return found


def _short_term_care(sites: Sites) -> list[Facility]:
    """Short-term care in Sölten, Brookstedt and Amt West; none in Amt Nord."""
    rows = (("Lindenkamp", 14, 12), ("Brookstedt", 8, 8), ("Westerhude", 6, 5))
    found: list[Facility] = []
    for locality, licensed, usable in rows:
        title = f"Kurzzeitpflege {locality}"
        entry = Entry("Kurzzeitpflege", licensed, usable, usable, 3, barrier_free="ja", provider="Diakonie Ellerland")
        found.append(Facility(title, locality, sites.next(locality), entries=(entry,)))
    return found


def _homes(sites: Sites) -> list[Facility]:
    """Nursing homes and day care for older people."""
    found: list[Facility] = []
    for art, tag, rows in (("Pflegeheim", "nursing_home", NURSING_HOMES), ("Tagespflege", "day_care", DAY_CARE)):
        for locality, (licensed, usable) in rows.items():
            name = f"{art} {('Haus am Park', 'Haus Eller', 'Abendsonne', 'Zur Linde')[len(found) % 4]} {locality}"
            entry = Entry(art, licensed, usable, usable, barrier_free="ja", provider="Diakonie Ellerland")
            tags = {"amenity": "social_facility", "social_facility": tag, "social_facility:for": "senior", "name": name}
            found.append(Facility(name, locality, sites.next(locality), tags, as_building=True, entries=(entry,)))
    return found


def _counselling(sites: Sites) -> list[Facility]:
    """Pregnancy advice: 1.5 of the 2.0 posts that 80,000 residents ask for."""
    found: list[Facility] = []
    for title, locality, posts in (("Sölten", "Altstadt", 1.0), ("Brookstedt", "Brookstedt", 0.5)):
        art = "Schwangerschaftsberatung"
        entry = Entry(art, posts=posts, barrier_free="ja", provider="Beratungsverbund Ellerland")
        found.append(Facility(f"{art} {title}", locality, sites.next(locality), entries=(entry,)))
    return found
