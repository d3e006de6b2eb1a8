# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What else stands on the map of a rural district; no limit of the demo speaks about it."""

from __future__ import annotations

from dableiben.demo import plan
from dableiben.demo.facilities import Facility, Sites

TOWNS = ("Altstadt", "Lindenkamp", "Haldersee", "Brookstedt", "Torfhude", "Ellerhagen", "Westerhude", "Grotenrade")
EVERYWHERE = (
    ("Freiwillige Feuerwehr {}", {"amenity": "fire_station"}),
    ("Sportplatz {}", {"leisure": "pitch", "sport": "soccer"}),
)
"""in every hub"""
IN_TOWNS = (
    ("Bäckerei Korn {}", {"shop": "bakery"}),
    ("Sparkasse Ellerland {}", {"amenity": "bank", "atm": "yes"}),
    ("Post {}", {"amenity": "post_office"}),
    ("Zahnarztpraxis {}", {"amenity": "dentist", "healthcare": "dentist"}),
    ("Bibliothek {}", {"amenity": "library"}),
    ("Rathaus {}", {"amenity": "townhall"}),
)
REGIONAL_SCHOOL = {"amenity": "school", "school:de": "Regionale Schule", "isced:level": "2"}
ONCE = (
    ("Klinikum Ellerland", "Bauernvorstadt", {"amenity": "hospital", "healthcare": "hospital", "emergency": "yes"}),
    ("Gymnasium Sölten", "Lindenkamp", {"amenity": "school", "school:de": "Gymnasium", "isced:level": "2;3"}),
    ("Regionale Schule Sölten", "Mühlenkamp", REGIONAL_SCHOOL),
    ("Regionale Schule Haldersee", "Haldersee", REGIONAL_SCHOOL),
    ("Regionale Schule Brookstedt", "Brookstedt", REGIONAL_SCHOOL),
    ("Bahnhof Sölten", "Ziegelkamp", {"railway": "station"}),
    ("Rettungswache Sölten", "Altstadt", {"emergency": "ambulance_station"}),
    ("Rettungswache Brookstedt", "Brookstedt", {"emergency": "ambulance_station"}),
    ("Rettungswache Westerhude", "Westerhude", {"emergency": "ambulance_station"}),
    ("Minigolf Sandrade", "Sandrade", {"leisure": "miniature_golf"}),
)


def map_extras(sites: Sites) -> list[Facility]:
    """Facilities that only the map knows."""
    found = []
    for hub in plan.hubs():
        for title, tags in EVERYWHERE:
            found.append(_mapped(title, hub, tags, sites))
    for town in TOWNS:
        for title, tags in IN_TOWNS:
            found.append(_mapped(title, town, tags, sites))
    return found + [_mapped(title, locality, tags, sites) for title, locality, tags in ONCE]


def _mapped(title: str, locality: str, tags: dict[str, str], sites: Sites) -> Facility:
    as_building = len(title.format(plan.drawn_as(locality))) % 3 == 0 and "railway" not in tags
    name = title.format(locality)
    return Facility(name, locality, sites.next(locality), {**tags, "name": name}, as_building)
