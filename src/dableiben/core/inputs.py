# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Contracts of what readers hand to the region: one shape per kind of fact, whatever the file was."""

from __future__ import annotations

import pyarrow as pa

from dableiben.core.tables import DAY, FLAG, NUMBER, TEXT, TEXTS, WHOLE, Column, TableContract

GRID = TableContract(
    "grid",
    (
        Column("x_m", NUMBER, "centre of the cell, EPSG:3035", "m", nullable=False),
        Column("y_m", NUMBER, "centre of the cell, EPSG:3035", "m", nullable=False),
        Column("size_m", WHOLE, "edge length of the cell", "m", nullable=False),
        Column("theme", TEXT, "persons, or a theme used as weight, e.g. persons_under_10", nullable=False),
        Column("value", NUMBER, "value; null = suppressed or unknown, never 0 for it"),
        Column("weak", FLAG, "the publisher marks the value as weak (KLAMMERN)", nullable=False),
    ),
    key=("size_m", "x_m", "y_m", "theme"),
    sort=("size_m", "theme", "y_m", "x_m"),
)

POPULATION = TableContract(
    "population",
    (
        Column("area_key", TEXT, "AGS (8 digits) or district key (5 digits); null if only names are given"),
        Column("municipality", TEXT, "name of the municipality as written in the file"),
        Column("locality", TEXT, "name of the locality (Ortsteil); null for a whole municipality"),
        Column("age_from", WHOLE, "youngest age year of the row", "years", nullable=False),
        Column("age_to", WHOLE, "oldest age year, included; null = open upwards", "years"),
        Column("sex", TEXT, "m, w, d; null = all"),
        Column("home", TEXT, "main or second", nullable=False),
        Column("as_of", DAY, "date the persons were counted for", nullable=False),
        Column("persons", NUMBER, "persons; null = unknown or suppressed", "persons", count=True),
        Column("variant", TEXT, "actual, or the name of a projection variant", nullable=False),
        Column("basis", TEXT, "register (own list of residents) or official (statistics)", nullable=False),
    ),
)

AREAS = TableContract(
    "areas",
    (
        Column("area_key", TEXT, "AGS, ARS or own key as text", nullable=False),
        Column("ars", TEXT, "ARS (12 digits) if known"),
        Column("level", TEXT, "one of core.levels.LEVELS", nullable=False),
        Column("name", TEXT, "name; null if the source has none (VG250 without names)"),
        Column("parent_key", TEXT, "key of the area this one belongs to, if the source says so"),
        Column("mittelbereich", TEXT, "name of the Mittelbereich (municipalities)"),
        Column("amt", TEXT, "name of the Amt / Samtgemeinde / Verbandsgemeinde (municipalities)"),
        Column("planning_area", TEXT, "name of the own planning area (municipalities or localities)"),
        Column("school_district", TEXT, "name of the primary school district (localities)"),
        Column("structurally_weak", FLAG, "attribute structurally weak; null = not said"),
        Column("structurally_weak_source", TEXT, "who says so"),
        # geometry (shapely, EPSG:3035) may be attached as a further column; it is not part of Parquet
    ),
)

FACILITIES = TableContract(
    "facilities",
    (
        Column("source_id", TEXT, "id in the source, e.g. node/123 or Standorte!17", nullable=False),
        Column("kind", TEXT, "id of the facility kind", nullable=False),
        Column("possible", FLAG, "True: the source leaves open whether it is of this kind", nullable=False),
        Column("name", TEXT, "name"),
        Column("x_m", NUMBER, "EPSG:3035; null = only place and locality are known", "m"),
        Column("y_m", NUMBER, "EPSG:3035", "m"),
        Column("municipality", TEXT, "name or AGS of the municipality as given"),
        Column("locality", TEXT, "name of the locality as given"),
        Column("address", TEXT, "street and number as given"),
        Column("licensed_places", NUMBER, "licensed capacity in the kind's unit"),
        Column("usable_places", NUMBER, "capacity usable with the staff at hand; decides"),
        Column("occupied_places", NUMBER, "occupied"),
        Column("waiting_list", NUMBER, "persons waiting", "persons"),
        Column("opening_hours", TEXT, "as given"),
        Column("places_by_time", TEXT, "places by time of day as given, e.g. 60 bis 16:30; 15 bis 17:30"),
        Column("age_from", WHOLE, "youngest age admitted", "years"),
        Column("age_to", WHOLE, "oldest age admitted", "years"),
        Column("languages", TEXTS, "languages offered"),
        Column("barrier_free", FLAG, "True, False; null = unknown"),
        Column("service_area", TEXTS, "localities or municipalities served (home care, school district)"),
        Column("provider", TEXT, "who runs it"),
        Column("form", TEXT, "paid, volunteer or mixed"),
        Column("financing", TEXT, "as given"),
        Column("as_of", DAY, "date of the entry"),
    ),
    key=("source_id", "kind"),
    sort=("kind", "source_id"),
)

PLACES = TableContract(
    "places",
    (
        Column("source_id", TEXT, "id in the source", nullable=False),
        Column("name", TEXT, "name of the settlement", nullable=False),
        Column("type", TEXT, "city, town, village, suburb, hamlet, ...", nullable=False),
        Column("x_m", NUMBER, "EPSG:3035", "m", nullable=False),
        Column("y_m", NUMBER, "EPSG:3035", "m", nullable=False),
    ),
    key=("source_id",),
    sort=("source_id",),
)

SEGMENTS = TableContract(
    "segments",
    (
        Column("source_id", TEXT, "where it stands, e.g. Segmente!4", nullable=False),
        Column("name", TEXT, "name of the segment"),
        Column("view", TEXT, "incoming, outgoing or resident, seen from the place", nullable=False),
        Column("reason", TEXT, "work, study, second home, harvest, partnership, ... as given"),
        Column("municipality", TEXT, "name or AGS of the municipality as given"),
        Column("locality", TEXT, "name of the locality as given"),
        Column("persons_low", NUMBER, "persons at least; null = unknown", "persons", count=True),
        Column("persons_best", NUMBER, "persons; null = unknown", "persons", count=True),
        Column("persons_high", NUMBER, "persons at most; null = unknown", "persons", count=True),
        Column("rule", TEXT, "how the interval was made"),
        Column("present_text", TEXT, "when they are here, as given"),
        Column("present", pa.binary(84), "week slots in which they are here; null = unknown"),
        Column("season", TEXT, "as given, readable by core.seasons; null = all year"),
        Column("age_from", WHOLE, "youngest age", "years"),
        Column("age_to", WHOLE, "oldest age, included; null = open upwards", "years"),
        Column("working_time", TEXT, "as given: shift, 5-14, ..."),
        Column("stay_children_u3", NUMBER, "children under 3 who stay in the household", "persons", count=True),
        Column("stay_children_3_to_school", NUMBER, "children from 3 to school who stay", "persons", count=True),
        Column("stay_primary_pupils", NUMBER, "primary school children who stay", "persons", count=True),
        Column("stay_persons_75", NUMBER, "persons from 75 on who stay", "persons", count=True),
        Column("pair", TEXT, "the same persons seen from two places share it"),
        Column("source", TEXT, "who says so"),
        Column("as_of", DAY, "date of the entry"),
    ),
    key=("source_id",),
    sort=("source_id",),
)

TRANSPORT = TableContract(
    "transport",
    (
        Column("source_id", TEXT, "id in the source, or sheet and row", nullable=False),
        Column("name", TEXT, "name of the offer, e.g. of a Bürgerbus association"),
        Column("form", TEXT, "buergerbus, fahrdienst, rufbus or mitfahrbank", nullable=False),
        Column("localities", TEXTS, "places served, as written; null = not said"),
        Column("routes_text", TEXT, "route or stops in words, as given"),
        Column("service_hours", TEXT, "hours of service in any usual spelling, as given"),
        Column("seats", WHOLE, "seats for passengers"),
        Column("volunteers", WHOLE, "volunteers who drive or accompany"),
        Column("paid_support", FLAG, "True: somebody is paid to organise it; null = unknown"),
        Column("notice_min", NUMBER, "minutes before the ride by which it must be booked; 0 = not needed", "minutes"),
        Column("provider", TEXT, "who runs it"),
        Column("as_of", DAY, "date of the entry"),
    ),
    key=("source_id",),
    sort=("source_id",),
)

COMMUTERS = TableContract(
    "commuters",
    (
        Column("source_id", TEXT, "where it stands, e.g. Auspendler!4", nullable=False),
        Column("home_key", TEXT, "AGS (8 digits), district (5) or Land (2) of the residence; null if not given"),
        Column("home_name", TEXT, "name of the place of residence as given"),
        Column("work_key", TEXT, "AGS, district or Land of the place of work; null if not given"),
        Column("work_name", TEXT, "name of the place of work as given"),
        Column("total", TEXT, "out: all who leave the residence; in: all who come to work here; null: one flow"),
        Column("persons", NUMBER, "commuters; null = suppressed or unknown, never 0", "persons", count=True),
        Column("as_of", DAY, "date of the count"),
    ),
    key=("source_id",),
    sort=("source_id",),
)
