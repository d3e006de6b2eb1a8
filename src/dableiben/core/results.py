# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Result contract of a run (schema_version): later steps only add columns."""

from __future__ import annotations

import pyarrow as pa

from dableiben.core.tables import DAY, FLAG, NUMBER, TEXT, TEXTS, WHOLE, Column, TableContract

SCHEMA_VERSION = 1
WEEK_SLOTS = pa.binary(84)
"""672 quarter hours, see core.week"""

_persons = [
    Column(f"persons_{end}", NUMBER, f"persons concerned, {end}", "persons", nullable=False, count=True)
    for end in ("low", "best", "high")
]
_hours = [
    Column(f"person_hours_week_{end}", NUMBER, f"person-hours a week, {end}", "h")
    for end in ("low", "best", "high")
]
_need = [
    Column(f"need_persons_{end}", NUMBER, f"persons with this need, {end}", "persons", privacy="internal", count=True)
    for end in ("low", "best", "high")
]

_present = [
    Column(f"persons_{end}", NUMBER, f"present, {end}; null = unknown", "persons", privacy="internal", count=True)
    for end in ("low", "best", "high")
]

GAPS = TableContract(
    "gaps",
    (
        Column("gap_id", TEXT, "stable as long as kind, group, dimension and area stay", nullable=False),
        Column("kind", TEXT, "facility kind or pool", nullable=False),
        Column("group", TEXT, "target group; .mit_auto / .ohne_auto where households are told apart", nullable=False),
        Column("mode", TEXT, "foot, bike, car; null where no way was judged"),
        Column("area_id", TEXT, "area that names the gap", nullable=False),
        Column("area_name", TEXT, "its name", nullable=False),
        Column("cell_ids", TEXTS, "cells concerned; empty where only areas are known", privacy="internal"),
        Column("year", WHOLE, "year of the population", nullable=False),
        Column("variant", TEXT, "actual or projection variant", nullable=False),
        Column("scenario_id", TEXT, "baseline or id of the scenario", nullable=False),
        Column("dimension", TEXT, "content, space, time", nullable=False),
        Column("cause", TEXT, "absent, capacity, quality, distance, hours, timetable, slot_capacity", nullable=False),
        *_persons,
        *_hours,
        Column("day_type", TEXT, "school_day, school_holiday, saturday, sunday, public_holiday; null = several"),
        Column("season", TEXT, "holidays or the season of a segment; null = whenever such days are"),
        Column("slots", WEEK_SLOTS, "week slots, null unless time"),
        Column("slots_text", TEXT, "week slots in words"),
        Column("norm_id", TEXT, "card of the norm", nullable=False),
        Column("binding", TEXT, "binding of the norm", nullable=False),
        Column("target", NUMBER, "target in `unit`"),
        Column("actual", NUMBER, "actual in `unit`; null = none in reach"),
        Column("unit", TEXT, "unit of target and actual", nullable=False),
        Column("tier", TEXT, "entitlement, duty, statute_local, planning, comparison", nullable=False),
        Column("severity", NUMBER, "0..1, share of the target that is missing", nullable=False),
        Column("confidence", TEXT, "high, medium, low", nullable=False),
        Column("data_as_of", DAY, "oldest data the gap rests on; null = an entry has no date"),
        Column("responsible_body", TEXT, "who answers for it"),
        Column("influence", TEXT, "own, fund, urge"),
        Column("duty", TEXT, "duty or voluntary"),
        Column("departments", TEXTS, "departments concerned"),
        Column("integration_obstacle", FLAG, "obstacle to integration of immigrants", nullable=False),
        Column("review_status", TEXT, "open, confirmed, rejected, decided", nullable=False),
        Column("review_note", TEXT, "reason given with the decision"),
        Column("rank", WHOLE, "1 = first; inside tiers by persons x severity", nullable=False),
        Column("explanation_de", TEXT, "the gap in German sentences", nullable=False),
        Column("explanation_en", TEXT, "the gap in English sentences", nullable=False),
    ),
    key=("gap_id",),
    sort=("rank",),
)

UNKNOWNS = TableContract(
    "unknowns",
    (
        Column("kind", TEXT, "facility kind or pool", nullable=False),
        Column("group", TEXT, "target group", nullable=False),
        Column("area_id", TEXT, "area"),
        Column("what", TEXT, "what cannot be said: distance, capacity, quality, time, need", nullable=False),
        Column("persons_best", NUMBER, "persons for whom it cannot be said", "persons", count=True),
        Column("missing_entry", TEXT, "which entry would answer it", nullable=False),
        Column("facility_ids", TEXTS, "facilities that lack the entry"),
        Column("reason", TEXT, "reason in German", nullable=False),
    ),
    key=("kind", "group", "area_id", "what", "missing_entry"),
    sort=("kind", "group", "what", "area_id", "missing_entry"),
)

NEED = TableContract(
    "need",
    (
        Column("cell_id", TEXT, "cell; null where only areas are known", privacy="internal"),
        Column("area_id", TEXT, "smallest area known"),
        Column("group", TEXT, "target group", nullable=False),
        Column("kind", TEXT, "facility kind or pool", nullable=False),
        Column("mode", TEXT, "mode judged; null where none was"),
        Column("year", WHOLE, "year of the population", nullable=False),
        *_need,
        Column("reachable_places", NUMBER, "usable places within the limit; null = unknown", privacy="internal"),
        Column("status_distance", TEXT, "see gaps.status"),
        Column("status_capacity", TEXT, "see gaps.status"),
        Column("status_time", TEXT, "null until asked for"),
        Column("status", TEXT, "together", nullable=False),
        Column("reason", TEXT, "code of the reason where unknown, tight or not rated"),
    ),
    sort=("kind", "group", "mode", "area_id", "cell_id"),
)

BALANCE = TableContract(
    "balance",
    (
        Column("area_id", TEXT, "area", nullable=False),
        Column("kind", TEXT, "facility kind or pool", nullable=False),
        Column("group", TEXT, "target group", nullable=False),
        Column("kita_year", TEXT, "Kita or school year, e.g. 2025/26; calendar year for others", nullable=False),
        Column("places", NUMBER, "Bestand: usable places; null = unknown"),
        Column("need_persons", NUMBER, "Bedarf", "persons", count=True),
        Column("saldo_places", NUMBER, "Bestand - Bedarf; null if one of them is unknown"),
    ),
    key=("area_id", "kind", "group", "kita_year"),
    sort=("kind", "group", "kita_year", "area_id"),
)

INDICATORS = TableContract(
    "indicators",
    (
        Column("area_id", TEXT, "area; null for an indicator of a facility or cell"),
        Column("facility_id", TEXT, "facility; null for an indicator of an area"),
        Column("kind", TEXT, "facility kind or pool", nullable=False),
        Column("mode", TEXT, "foot, bike, car; null where no way is involved"),
        Column("indicator", TEXT, "id of the indicator", nullable=False),
        Column("value", NUMBER, "value; null = not defined or unknown"),
        Column("unit", TEXT, "unit", nullable=False),
        Column(
            "even_value", NUMBER, "value if every place had the ages of its municipality; null = no restricted list",
            privacy="internal",
        ),
    ),
    sort=("kind", "indicator", "mode", "area_id", "facility_id"),
)

CELLS = TableContract(
    "cells",
    (
        Column("cell_id", TEXT, "cell", nullable=False),
        Column("x_m", NUMBER, "centre, EPSG:3035", "m", nullable=False),
        Column("y_m", NUMBER, "centre, EPSG:3035", "m", nullable=False),
        Column("area_id", TEXT, "smallest area; null outside the region"),
        Column("kind", TEXT, "facility kind or pool", nullable=False),
        Column("mode", TEXT, "foot, bike, car", nullable=False),
        Column("travel_time_min", NUMBER, "to the nearest facility; null = out of reach", "min"),
        Column("nearest_facility_id", TEXT, "nearest facility; ties by id"),
        Column("status_distance", TEXT, "this mode alone against its limit; the worst where groups have several"),
    ),
    key=("cell_id", "kind", "mode"),
    sort=("kind", "mode", "cell_id"),
)

FACILITIES = TableContract(
    "facilities",
    (
        Column("facility_id", TEXT, "stable id", nullable=False),
        Column("kind", TEXT, "facility kind", nullable=False),
        Column("name", TEXT, "name"),
        Column("x_m", NUMBER, "EPSG:3035; null = unknown or protected", "m"),
        Column("y_m", NUMBER, "EPSG:3035", "m"),
        Column("area_id", TEXT, "smallest area; null outside the region"),
        Column("licensed_places", NUMBER, "licensed"),
        Column("usable_places", NUMBER, "usable with the staff at hand; decides"),
        Column("occupied_places", NUMBER, "occupied"),
        Column("opening_hours", TEXT, "as given"),
        Column("provider", TEXT, "who runs it"),
        Column("form", TEXT, "paid, volunteer, mixed"),
        Column("source", TEXT, "source file(s)", nullable=False),
        Column("as_of", DAY, "date of the entry"),
        Column("possible", FLAG, "the source leaves open whether it is of this kind", nullable=False),
        Column("barrier_free", FLAG, "True, False; null = unknown"),
    ),
    key=("facility_id",),
    sort=("kind", "facility_id"),
)

AGES = TableContract(
    "ages",
    (
        Column("area_id", TEXT, "smallest area known", nullable=False, privacy="internal"),
        Column("sex", TEXT, "m, w; null where the sexes are not told apart", privacy="internal"),
        Column("age", WHOLE, "age year; 100 = 100 and older", nullable=False, privacy="internal"),
        Column("persons", NUMBER, "main residents; no row = nobody", "persons", privacy="internal", count=True),
    ),
    key=("area_id", "sex", "age"),
    sort=("area_id", "sex", "age"),
)

AGE_WEIGHTS = TableContract(
    "age_weights",
    (
        Column("kind", TEXT, "facility kind or pool", nullable=False),
        Column("group", TEXT, "target group", nullable=False),
        Column("kita_year", TEXT, "as in balance; the first of a kind and group is now", nullable=False),
        Column("sex", TEXT, "m, w; null where the sexes are not told apart"),
        Column("age", WHOLE, "age year today", nullable=False),
        Column("weight", NUMBER, "persons in need per person of this age; no row = 0", nullable=False),
    ),
    key=("kind", "group", "kita_year", "sex", "age"),
    sort=("kind", "group", "kita_year", "sex", "age"),
)

CELL_SLOTS = TableContract(
    "cell_slots",
    (
        Column("cell_id", TEXT, "cell; null where only areas are known", privacy="internal"),
        Column("area_id", TEXT, "smallest area known"),
        Column("kind", TEXT, "facility kind or pool", nullable=False),
        Column("group", TEXT, "target group, with its audience and household: .outgoing.ohne_auto", nullable=False),
        Column("mode", TEXT, "fastest way that may be used: foot, bike, bus, car"),
        Column("norm_id", TEXT, "card of the norm", nullable=False),
        Column("window", TEXT, "card of the need window", nullable=False),
        Column("segment", TEXT, "multilocal segment; empty = everybody of the group", nullable=False),
        Column("week", TEXT, "school, holidays, asked, or a season", nullable=False),
        Column("first_day", DAY, "Monday of the week looked at", nullable=False),
        *(
            Column(f"persons_{end}", NUMBER, "persons with the need", "persons", privacy="internal", count=True)
            for end in ("low", "best", "high")
        ),
        Column("status_time", TEXT, "see gaps.status", nullable=False),
        Column("needed", WEEK_SLOTS, "week slots in which the need arises", nullable=False),
        Column("served", WEEK_SLOTS, "slots with an open offer within the limit, there and back", nullable=False),
        Column("unknown", WEEK_SLOTS, "slots of which a missing entry leaves it open", nullable=False),
        Column("by_ride", WEEK_SLOTS, "slots served by bus or volunteer transport only", nullable=False),
        Column("hours", WEEK_SLOTS, "not served: closed", nullable=False),
        Column("timetable", WEEK_SLOTS, "not served: no ride", nullable=False),
        Column("slot_capacity", WEEK_SLOTS, "not served: no room", nullable=False),
    ),
    sort=("kind", "group", "window", "segment", "week", "area_id", "cell_id"),
)

BUS_TIMES = TableContract(
    "bus_times",
    (
        Column("cell_id", TEXT, "cell", nullable=False),
        Column("area_id", TEXT, "smallest area; null outside the region"),
        Column("kind", TEXT, "facility kind or pool", nullable=False),
        Column("day_type", TEXT, "school_day, school_holiday, saturday, sunday, public_holiday", nullable=False),
        Column("first_day", DAY, "day looked at; the timetable runs as mostly on such days", nullable=False),
        Column("from_min", WHOLE, "first departure, minute of the day", "min", nullable=False),
        Column("to_min", WHOLE, "end of the departures, minute of the day, not included", "min", nullable=False),
        *(
            Column(f"minutes_p{percent:02}", NUMBER, f"{words}; null = out of reach", "min")
            for percent, words in (
                (5, "by bus or on foot to the nearest facility, waiting included; 5 % of departures are as short"),
                (50, "50 % of departures are as short"),
                (95, "95 % of departures are as short"),
            )
        ),
    ),
    key=("cell_id", "kind", "day_type", "from_min"),
    sort=("kind", "day_type", "from_min", "cell_id"),
)

PRESENCE = TableContract(
    "presence",
    (
        Column("cell_id", TEXT, "cell; null where only areas are known", privacy="internal"),
        Column("area_id", TEXT, "smallest area known", privacy="internal"),
        Column("season", TEXT, "part of the year: year, rest, or ids of seasons joined with +", nullable=False),
        Column("slot_from", WHOLE, "first week slot of the stretch, 0 = Monday 00:00", nullable=False),
        Column("slot_to", WHOLE, "week slot after its last one, at most 672", nullable=False),
        *_present,
        Column(
            "living_here", NUMBER, "of these, best, those who live here; null = unknown", "persons",
            privacy="internal", count=True,
        ),
        Column("residents", NUMBER, "main residents; null = unknown", "persons", privacy="internal", count=True),
    ),
    key=("cell_id", "area_id", "season", "slot_from"),
    sort=("season", "area_id", "cell_id", "slot_from"),
)

RESULT_TABLES = (
    GAPS, UNKNOWNS, NEED, BALANCE, INDICATORS, CELLS, CELL_SLOTS, BUS_TIMES, FACILITIES, AGES, AGE_WEIGHTS, PRESENCE,
)  # fmt: skip
