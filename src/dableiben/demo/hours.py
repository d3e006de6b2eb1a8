# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Opening hours of the made-up facilities, spelled as offices spell them; some missing, some that nobody can read.

Kinds and places that a planted gap in time rests on are said first; everything else is open when it is needed.
"""

from __future__ import annotations

from dataclasses import replace

from dableiben.demo import plan
from dableiben.demo.facilities import Entry, Facility

KITA_FULL = (
    "Mo-Fr 06:00-17:00", "Mo–Fr 6–17 Uhr", "montags bis freitags 6.00 bis 17.00 Uhr", "Mo. - Fr.: 6:00 - 17:00 Uhr",
)  # fmt: skip
KITA_SHORT = (
    "Mo-Fr 07:00-16:00", "Mo–Fr 7–16 Uhr", "montags bis freitags 7.00 bis 16.00 Uhr", "Mo. - Fr.: 7:00 - 16:00 Uhr",
)  # fmt: skip
KITA_SHORT_IN = ("Torfhude",)
"""besides Amt West: every Kita within 36 minutes by car of Röhrbeck opens at 7 and closes at 16"""
CHILDMINDER = "Mo-Do 7.30-15.30 Uhr, Fr bis 14 Uhr"
SCHOOL = ("Mo-Fr 07:30-16:00; SH,PH off", "Mo–Fr 7:30–16:00 Uhr, in den Ferien geschlossen")
WHOLE_DAY = "Mo–Fr 7:30–16:00 Uhr, in den Ferien geschlossen"
HORT_CLOSED_LONG = "Fuhlenbrook"
HORT_LONG = "Mo–Fr 6–17 Uhr, geschlossen 13.07.2026–22.08.2026"
"""all six weeks of the summer holidays of 2026"""
HORT = (
    "Mo–Fr 6–17 Uhr, geschlossen 27.07.2026–07.08.2026", "Mo-Fr 06:00-17:00; 2026 Jul 20-2026 Aug 07 off",
    "Mo. bis Fr. 6:00 bis 17:00 Uhr, geschlossen 20.07.2026–31.07.2026",
)  # fmt: skip
"""two or three weeks, where four are allowed"""
GP_EARLY = ("Mo-Fr 08:00-12:00; Mo,Di,Do 14:00-17:00", "Mo–Fr 8–12 Uhr, Mo, Di, Do 14–17 Uhr")
"""all practices of Amt West: nobody within 24 minutes by car of Gravenmark is open after 17:00"""
GP = (
    "Mo-Fr 08:00-12:00; Mo,Di,Do 15:00-18:00", "Mo–Fr 8–12 Uhr, Mo, Di, Do 15–18 Uhr",
    "Mo bis Fr 8.00-12.00 Uhr, Di und Do 14.00-19.00 Uhr", "Mo-Fr 8-12 Uhr, Mo+Do 15-18 Uhr und nach Vereinbarung",
)  # fmt: skip
PAEDIATRICIAN = ("Mo-Fr 08:00-12:00", "Mo–Fr 8–12 Uhr, Mo, Do 14–17 Uhr")
PHARMACY_WEST = "Mo-Fr 08:00-18:00; Sa,Su,PH off"
"""Westerhude and Kattenholm; all others are more than half an hour by car from Kranichsund"""
PHARMACY = ("Mo-Fr 08:00-18:00; Sa 09:00-12:00; PH off", "Mo-Fr 08:00-18:30; Sa 08:30-13:00; PH off")
SHOP = ("Mo-Sa 07:00-20:00; PH off", "Mo-Sa 07:00-21:00; PH off", "Mo-Fr 07:00-20:00; Sa 07:00-20:00; Su,PH off")
YOUTH = (
    "Mo–Do 14–20 Uhr, Fr 14–22 Uhr", "Di-Do 14:00-20:00; Fr,Sa 14:00-22:00",
    "Mo bis Do 14.00-20.00, Fr 14.00-22.00 Uhr",
)  # fmt: skip
DAY_CARE = ("Mo–Fr 8–16 Uhr", "Mo-Fr 07:30-16:30", "montags bis freitags 8.00 bis 16.00 Uhr")
DAY_CARE_TWO_DAYS = "Di und Do 8–16 Uhr"
COURSE_MORNINGS = "Mo–Fr 9–13 Uhr"
COURSE_EVENINGS = "Mo-Do 09:00-13:00,17:00-20:00; Sa 09:00-13:00"
ALWAYS = ("24/7", "rund um die Uhr")
ADVICE = {"Altstadt": "Mo, Di, Do 9–12 und 13–16 Uhr sowie nach Vereinbarung", "Brookstedt": None}
HALLS = ("Mo-So 9-22 Uhr", "täglich 9–22 Uhr", "Mo-Su 09:00-22:00", None)
HALL_UNREADABLE = ("siehe Aushang am Haus", "Schlüssel bei Frau Behm", "je nach Belegungsplan")
ON_THE_MAP = {
    "bakery": "Mo-Fr 06:00-18:00; Sa 06:00-12:00", "bank": "Mo-Fr 09:00-12:30, Mo,Th 14:00-17:00",
    "post_office": "Mo-Fr 09:00-12:00,14:00-17:00; Sa 09:00-11:00",
    "dentist": "Mo-Fr 08:00-12:00, Mo,Tu,Th 14:00-18:00",
    "library": "Tu,Th 10:00-18:00; We 14:00-17:00", "townhall": "Tu 09:00-12:00,13:00-18:00; Th 09:00-12:00",
}  # fmt: skip


def with_hours(facilities: tuple[Facility, ...]) -> tuple[Facility, ...]:
    """The facilities with their hours: on the map in its own syntax, in the register as the office wrote it."""
    return tuple(_with_hours(facility, number) for number, facility in enumerate(facilities))


def _with_hours(facility: Facility, number: int) -> Facility:
    entries = tuple(replace(entry, hours=_of_entry(entry, facility, number)) for entry in facility.entries)
    tags = facility.tags
    said = entries[0].hours if entries else _on_the_map(facility, number)
    # Where the register says it in words the map is silent: the demo plants no conflict about hours.
    if tags is not None and said and _is_osm(said):
        tags = {**tags, "opening_hours": said}
    return replace(facility, tags=tags, entries=entries)


def _is_osm(text: str) -> bool:
    """Whether the map could have written it."""
    words = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH", "SH", "off"}
    letters = "".join(c if c.isalpha() else " " for c in text).split()
    return text == "24/7" or (set(letters) <= words and "." not in text and "Uhr" not in text and ":" in text)


def _of_entry(entry: Entry, facility: Facility, number: int) -> str | None:
    if entry.hours is not None:
        return entry.hours
    municipality, _ = plan.localities()[facility.locality]
    west = municipality.amt == plan.AMT_WEST
    by_art: dict[str, tuple[str | None, ...]] = {
        "Kita": KITA_SHORT if west or municipality.name in KITA_SHORT_IN else KITA_FULL,
        "Kindertagespflege": (CHILDMINDER,),
        "Grundschule": SCHOOL,
        "Ganztagsgrundschule": (WHOLE_DAY,),
        "Hort": (HORT_LONG,) if municipality.name == HORT_CLOSED_LONG else HORT,
        "Hausarzt": GP_EARLY if west else GP,
        "Kinder- und Jugendarzt": PAEDIATRICIAN,
        "Jugendklub": YOUTH,
        "Tagespflege": DAY_CARE,
        "Kurzzeitpflege": ALWAYS,
        "Pflegeheim": ALWAYS,
        "Ambulanter Pflegedienst": ALWAYS,
        "Schwangerschaftsberatung": (ADVICE.get(facility.locality),),
        "Dorfgemeinschaftshaus": HALL_UNREADABLE if number % 7 == 0 else HALLS,
    }
    by_art["Krippe"] = by_art["Kita"]
    choices = by_art[entry.art]
    return choices[number % len(choices)]


def _on_the_map(facility: Facility, number: int) -> str | None:
    """Hours of what only the map knows."""
    tags = facility.tags or {}
    if tags.get("amenity") == "pharmacy":
        municipality, _ = plan.localities()[facility.locality]
        return PHARMACY_WEST if municipality.amt == plan.AMT_WEST else PHARMACY[number % len(PHARMACY)]
    if tags.get("shop") == "supermarket":
        return SHOP[number % len(SHOP)]
    return ON_THE_MAP.get(tags.get("amenity") or tags.get("shop") or "")


def without_hours(facilities: tuple[Facility, ...]) -> dict[str, list[str]]:
    """Names of the registered facilities that say nothing of their hours, and of those nobody can read."""
    entries = [(facility.name, entry.hours) for facility in facilities for entry in facility.entries]
    return {
        "missing": sorted({name for name, hours in entries if hours is None}),
        "unreadable": sorted({name for name, hours in entries if hours in HALL_UNREADABLE}),
    }
