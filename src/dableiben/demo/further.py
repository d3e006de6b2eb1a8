# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Facilities that the gaps in time need; made last, so that they move no other facility; in the register only."""

from __future__ import annotations

from dableiben.demo import hours
from dableiben.demo.facilities import Entry, Facility, Sites

DAY_CARE_FAR = "Torfhude"
"""day care on two days, outside Amt West, whose lack of one stays; the only one within 35 minutes of Altenwisch"""
COURSES = {"Gravenmark": (30, 12, hours.COURSE_MORNINGS), "Altstadt": (60, 45, hours.COURSE_EVENINGS)}
"""places, occupied, hours; no limit counts them"""


def further(sites: Sites) -> list[Facility]:
    """Two integration courses and a day care that is open on two days."""
    found = []
    for place, (places, occupied, text) in COURSES.items():
        entry = Entry(
            "Integrationskurs", places, places, occupied, barrier_free="ja", provider="Volkshochschule Ellerland",
            form="hauptamtlich", hours=text,
        )  # fmt: skip
        found.append(Facility(f"Integrationskurs {place}", place, sites.next(place), entries=(entry,)))
    entry = Entry(
        "Tagespflege", 14, 14, 6, barrier_free="ja", provider="Pflegedienst Torfhude", hours=hours.DAY_CARE_TWO_DAYS
    )
    name = f"Tagespflege Moorblick {DAY_CARE_FAR}"
    return [*found, Facility(name, DAY_CARE_FAR, sites.next(DAY_CARE_FAR), entries=(entry,))]
