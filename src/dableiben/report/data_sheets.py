# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Sheets with what it rests on: indicators, catchments, facilities, norms, sources, data checks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from dableiben.core.geo import to_degrees
from dableiben.report.labels import Labels, known
from dableiben.report.sheet import (
    Cell,
    Columns,
    Field,
    Form,
    Record,
    Sheet,
    Shown,
    Sign,
    count,
    flag,
    in_order,
    is_withheld,
    mode_order,
    records,
)

AREA_COLUMNS_MAX = 60
"""more areas than these do not fit beside each other: small ones are left out, they stand in the Parquet tables"""
SMALL_LEVELS = ("locality", "school_district")
SHARE_UNITS = {"%": 0.01, "share": 1.0}
CATCHMENT = ("need_in_catchment", "mean_travel_time_catchment", "max_travel_time_catchment")
GRADES = ("red", "yellow", "green")


def indicator_sheet(labels: Labels) -> Sheet:
    """One row per indicator, one column per area; rows without any value are left out."""
    table = labels.released.tables["indicators"]
    table = table[table["facility_id"].isna()]
    areas = _columns(labels, table)
    rows: dict[tuple[str, str, str], dict[str, Record]] = {}
    for row in records(table):
        if _says(row):
            key = (row["kind"], row["indicator"], row["mode"] or "")
            rows.setdefault(key, {})[row["area_id"] or ""] = row
    fields = (
        *Columns(labels)(
            ("domain", "text", 17), ("service", "text", 24), ("indicator", "text", 58), ("unit", "text", 13)
        ),
        *(Field(_heading(labels, area, areas), "number", 12) for area in areas),
        *Columns(labels)(("kind_id", "id", 16), ("indicator_id", "id", 24), ("mode", "id", 8)),
    )
    order = sorted(rows, key=lambda key: (labels.service_order(key[0]), key[1], mode_order(key[2])))
    body = [_indicator_row(labels, key, rows[key], areas) for key in order]
    return Sheet("indicators", fields, body, frozen=3)


def _says(row: Record) -> bool:
    return row["value"] is not None or is_withheld(row)


def _columns(labels: Labels, table: pd.DataFrame) -> list[str]:
    """Areas that get a column, "" for the region as a whole."""
    present = sorted({known(a) or "" for a in table["area_id"]}, key=lambda a: (a != "", labels.area_order(a)))
    if len(present) > AREA_COLUMNS_MAX:
        present = [a for a in present if labels.levels.get(a) not in SMALL_LEVELS]
    return present


def _heading(labels: Labels, area: str, areas: list[str]) -> str:
    """Name of an area; with its level where another one has the same name."""
    name = labels.area(area or None) or labels.word("column.whole")
    twice = sum(labels.area(other) == name for other in areas) > 1
    return f"{name} ({labels.level(area)})" if twice else name


def _indicator_row(
    labels: Labels, key: tuple[str, str, str], by_area: dict[str, Record], areas: list[str]
) -> tuple[Cell, ...]:
    kind, indicator, mode = key
    unit = next(iter(by_area.values()))["unit"]
    return (
        labels.domain(kind), labels.service(kind), labels.indicator(indicator, kind, mode or None),
        labels.label("indicator_unit", unit), *(_value(by_area.get(area), unit) for area in areas),
        kind, indicator, mode or None,
    )  # fmt: skip


def _value(row: Record | None, unit: str) -> Cell:
    if row is None:
        return None
    value = count(row, "value", missing=None)
    if isinstance(value, float) and unit in SHARE_UNITS:
        return Shown(value * SHARE_UNITS[unit], "share")
    if isinstance(value, float) and unit == "min":
        return Shown(value, "minutes")
    return value


def catchment_sheet(labels: Labels) -> Sheet:
    """Persons for whom a facility is the nearest, and their ways, by facility and mode."""
    table = labels.released.tables["indicators"]
    table = table[table["facility_id"].notna() & table["indicator"].isin(CATCHMENT)]
    found: dict[tuple[str, str, str], dict[str, Record]] = {}
    for row in records(table):
        key = (row["kind"], row["facility_id"], row["mode"] or "")
        found.setdefault(key, {})[row["indicator"]] = row
    found = {key: rows for key, rows in found.items() if any(_says(row) for row in rows.values())}
    places = {row["facility_id"]: row for row in records(labels.released.tables["facilities"])}
    fields = Columns(labels)(
        ("service", "text", 26), ("name", "text", 34), ("area", "text", 20), ("municipality", "text", 20),
        ("mode", "text", 16), ("catchment_persons", "persons", 15), ("catchment_mean", "number", 13),
        ("catchment_max", "number", 13), ("kind_id", "id", 16), ("facility_id", "id", 26),
    )  # fmt: skip
    order = sorted(
        found, key=lambda key: (labels.service_order(key[0]), _name(places.get(key[1])), key[1], mode_order(key[2]))
    )
    body: list[tuple[Cell, ...]] = []
    for kind, facility, mode in order:
        place = places.get(facility, {})
        mine = [found[kind, facility, mode].get(indicator) for indicator in CATCHMENT]
        values = [_value(row, row["unit"] if row else "") for row in mine]
        body.append(
            (labels.service(kind), known(place.get("name")), *_where(labels, place.get("area_id")),
             labels.label("mode", mode or None), *values, kind, facility)
        )  # fmt: skip
    return Sheet("catchments", fields, body, frozen=2)


def _name(place: Record | None) -> str:
    return str(known((place or {}).get("name")) or "").casefold()


def _where(labels: Labels, area_id: Any) -> tuple[str | None, str | None]:
    """Area and municipality of a facility."""
    if known(area_id) is None:
        return labels.word("table.outside"), None
    return labels.area(area_id), labels.municipality(area_id)


FACILITY_COLUMNS: tuple[tuple[str, Form, int], ...] = (
    ("service", "text", 24), ("name", "text", 34), ("area", "text", 20), ("municipality", "text", 20),
    ("licensed_places", "number", 11), ("usable_places", "number", 11), ("occupied_places", "number", 11),
    ("unit", "text", 13), ("opening_hours", "text", 26), ("provider", "text", 24), ("form", "text", 14),
    ("barrier_free", "text", 12), ("certain", "text", 12), ("location", "text", 15), ("lon", "degrees", 10),
    ("lat", "degrees", 10), ("as_of", "day", 11), ("source", "text", 26), ("kind_id", "id", 16),
    ("facility_id", "id", 28), ("area_id", "id", 18),
)  # fmt: skip


def facility_sheet(labels: Labels) -> Sheet:
    """Every facility that was counted."""
    rows = [facility_row(labels, row) for row in facilities(labels)]
    return Sheet("facilities", Columns(labels)(*FACILITY_COLUMNS), rows, frozen=2)


def facilities(labels: Labels) -> list[Record]:
    """Facilities by service, municipality and name."""
    return in_order(
        records(labels.released.tables["facilities"]),
        lambda row: labels.service_order(row["kind"]),
        lambda row: labels.municipality(row["area_id"]) or "\uffff",
        _name,
        lambda row: row["facility_id"],
    )


def facility_row(labels: Labels, row: Record) -> tuple[Cell, ...]:
    """The values of FACILITY_COLUMNS for one facility."""
    card = labels.card(row["kind"])
    unit = card.capacity_unit if card else None
    lacking = Sign.UNKNOWN if unit else None
    lon, lat = degrees(row)
    return (
        labels.service(row["kind"]), row["name"], *_where(labels, row["area_id"]),
        count(row, "licensed_places", missing=None), _plain(row["usable_places"], lacking),
        count(row, "occupied_places", missing=None), labels.unit(unit), row["opening_hours"],
        row["provider"], labels.label("form", row["form"]), flag(labels, row["barrier_free"]),
        labels.word("table.possible" if row["possible"] else "table.certain"), location(labels, row), lon, lat,
        row["as_of"], row["source"], row["kind"], row["facility_id"], row["area_id"],
    )  # fmt: skip


def _plain(value: Any, missing: Cell) -> Cell:
    value = known(value)
    return missing if value is None else float(value)


def degrees(row: Record) -> tuple[float | None, float | None]:
    """Longitude and latitude of a facility."""
    x_m, y_m = row["x_m"], row["y_m"]
    if x_m is None or y_m is None:
        return None, None
    lon, lat = to_degrees(x_m, y_m)
    return round(float(lon), 5), round(float(lat), 5)


def location(labels: Labels, row: Record) -> str | None:
    """Why a facility has no location; None where it has one."""
    if row["x_m"] is not None:
        return None
    return labels.word("table.protected" if row["withheld"] else "table.no_place")


def norm_sheet(labels: Labels) -> Sheet:
    """Norms and rates that were used."""
    fields = Columns(labels)(
        ("norm", "text", 44), ("binding", "text", 20), ("value", "text", 22), ("unit", "text", 26),
        ("valid_from", "day", 11), ("validity", "text", 10), ("legal_basis", "text", 24), ("certainty", "text", 22),
        ("source", "text", 50), ("note", "text", 50), ("card", "text", 16), ("norm_id", "id", 12),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for norm in sorted(labels.released.run["norms_used"], key=lambda norm: (norm["id"], norm.get("area") or "")):
        value = norm["value"]
        said: Cell = "; ".join(_by_age(labels, value)) if isinstance(value, dict) else float(value)
        mark = " *" if norm["uncertain"] else ""
        rows.append(
            (norm["title"][labels.lang] + mark, labels.label("binding", norm["binding"]), said,
             labels.norm_unit(norm["unit"]), date.fromisoformat(norm["valid_from"]),
             norm.get("area"), norm.get("legal_basis") or None,
             labels.label("certainty", norm["certainty"]), norm["source"], norm.get("note") or None,
             labels.word("table.own_card" if norm["own"] else "table.packaged"), norm["id"])
        )  # fmt: skip
    return Sheet("norms", fields, rows)


def _by_age(labels: Labels, values: dict[str, float]) -> list[str]:
    ages = sorted(values, key=lambda age: (int(age) if age.isdigit() else 0, age))
    return [labels.word("table.age_value", age=age, value=values[age]) for age in ages]


def source_sheet(labels: Labels) -> Sheet:
    """Files read, with attribution, losses and remarks."""
    fields = Columns(labels)(
        ("file", "text", 34), ("file_kind", "text", 26), ("as_of", "day", 11), ("attribution", "text", 46),
        ("restricted", "text", 11), ("rows_read", "whole", 12), ("rows_used", "whole", 12), ("rows_lost", "whole", 12),
        ("lost", "text", 50), ("notes", "text", 60), ("sha256", "id", 24),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for source in labels.released.run["sources"]:
        lost = sorted(source["lost"].items(), key=lambda pair: (-pair[1], pair[0]))
        rows.append(
            (source["file"], labels.label("source", source["kind"]),
             date.fromisoformat(source["as_of"]) if source["as_of"] else None, source["attribution"] or None,
             flag(labels, source["restricted"]), source["rows_read"], source["rows_used"],
             sum(source["lost"].values()), "\n".join(f"{labels.say.number(n)} × {why}" for why, n in lost) or None,
             "\n".join(source["notes"]) or None, source["sha256"])
        )  # fmt: skip
    return Sheet("sources", fields, rows)


def check_sheet(labels: Labels) -> Sheet:
    """Data checks, the gravest first."""
    fields = Columns(labels)(
        ("check_severity", "text", 9), ("check", "text", 80), ("hint", "text", 60), ("check_id", "id", 22)
    )  # fmt: skip
    checks = sorted(labels.released.run["checks"], key=lambda check: (GRADES.index(check["severity"]), check["id"]))
    rows: list[tuple[Cell, ...]] = [
        (labels.label("severity", check["severity"]), check["text_de"], check["hint_de"] or None, check["id"])
        for check in checks
    ]
    return Sheet("checks", fields, rows)
