# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The four layers of the GeoPackage: areas, gaps, ways, facilities, with the words and styles of their fields.

Names of layers and fields are German and the same in every language, so that projects and joins keep working; values,
aliases and legends follow the language. Ways are wide (a square per cell, a column per offer and mode): in QGIS a
style picks a column, and one square per cell, offer and mode would be a hundred times as many shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd
import shapely

from dableiben.catalogue.schema import TIERS
from dableiben.privacy.hierarchy import Hierarchy
from dableiben.privacy.released import PROTECTED
from dableiben.report.area_shapes import area_shapes, squares
from dableiben.report.data_sheets import FACILITY_COLUMNS, facilities, facility_row
from dableiben.report.finding_sheets import EXACT, GAP_COLUMNS, gap_row, share_in_gap
from dableiben.report.labels import Labels, known
from dableiben.report.layer_styles import (
    LayerStyle,
    area_styles,
    facility_styles,
    gap_styles,
    way_styles,
)
from dableiben.report.questions import open_questions
from dableiben.report.sheet import Form, Record, Shown, Sign, in_order, is_withheld, records

FieldType = Literal["text", "real", "whole"]
FIELD_NAMES = {
    "rank": "rang", "tier": "stufe", "area": "gebiet", "level": "ebene", "service": "angebot", "group": "gruppe",
    "mode": "weg", "cause": "ursache", "slots": "zeiten", "season": "jahreszeit", "day_type": "tage",
    "person_hours_best": "personenstunden", "person_hours_low": "personenstunden_min",
    "person_hours_high": "personenstunden_max", "persons_best": "personen", "persons_low": "personen_min",
    "persons_high": "personen_max", "target": "soll", "actual": "ist", "unit": "einheit", "norm": "norm",
    "binding": "bindung", "confidence": "sicherheit", "responsible_body": "zustaendig", "influence": "einfluss",
    "duty": "pflicht", "departments": "aemter", "integration_obstacle": "integrationshemmnis",
    "review_status": "pruefstand", "review_note": "pruefvermerk", "explanation": "begruendung",
    "severity": "schwere", "data_as_of": "aelteste_angabe", "gap_id": "luecke_id", "kind_id": "angebot_id",
    "group_id": "gruppe_id", "area_id": "gebiet_id", "norm_id": "norm_id", "withheld": "geheim", "name": "name",
    "municipality": "gemeinde", "licensed_places": "genehmigt", "usable_places": "nutzbar",
    "occupied_places": "belegt", "opening_hours": "oeffnungszeiten", "provider": "traeger", "form": "betriebsform",
    "barrier_free": "barrierefrei", "certain": "art", "location": "lage", "as_of": "stand", "source": "quelle",
    "facility_id": "einrichtung_id", "domain": "bereich", "ags": "ags", "origin": "umriss",
    "gap_count": "luecken", "unknown_count": "offene_punkte", "highest_tier": "hoechste_stufe",
    "withheld_for": "geheim_bei", "cell_id": "zelle_id", "protected_for": "geschuetzt_bei",
}  # fmt: skip
MODE_NAMES = {"foot": "fuss", "bike": "rad", "car": "auto"}


@dataclass(frozen=True)
class LayerField:
    """A field: its name, the words shown for it, its type."""

    name: str
    alias: str
    type: FieldType


@dataclass(frozen=True)
class Layer:
    """A layer before it is written; the first style is the one QGIS loads."""

    name: str
    title: str
    about: str
    geometry_type: str
    fields: tuple[LayerField, ...]
    rows: list[tuple[Any, ...]]
    shapes: list[Any]
    styles: tuple[LayerStyle, ...]


def map_layers(labels: Labels) -> list[Layer]:
    """All layers that the result can fill; without a map there are no ways."""
    shapes = {area: found.shape for area, found in area_shapes(labels.released).items()}
    layers = [area_layer(labels), gap_layer(labels, shapes), facility_layer(labels)]
    if labels.released.size_m is not None and len(labels.released.tables["cells"]):
        layers.insert(2, way_layer(labels))
    return layers


def _field(labels: Labels, key: str, kind: FieldType = "text") -> LayerField:
    return LayerField(FIELD_NAMES[key], labels.word(f"column.{key}"), kind)


def _of_columns(labels: Labels, columns: Sequence[tuple[str, Form, int]]) -> list[LayerField]:
    types: dict[Form, FieldType] = {"number": "real", "persons": "real", "share": "real", "whole": "whole"}
    return [_field(labels, key, types.get(form, "text")) for key, form, _ in columns]


def _plain(value: Any, kind: FieldType) -> Any:
    """A cell of a sheet as a value of a field; a sign or a word in place of a number is no number."""
    if isinstance(value, Shown):
        value = value.value
    if isinstance(value, Sign) or (kind != "text" and isinstance(value, str)):
        return None
    return value.isoformat() if isinstance(value, date) else value


def gap_layer(labels: Labels, shapes: dict[str, Any]) -> Layer:
    """Gaps with the shape of the area that names them: large areas first, below; in a level the first rank on top."""
    fields = (*_of_columns(labels, GAP_COLUMNS), _field(labels, "withheld"))
    rows, places = [], []
    gaps = records(labels.gaps)
    for row in in_order(gaps, lambda row: labels.area_order(row["area_id"])[0], lambda row: -row["rank"]):
        cells = [_plain(cell, field.type) for cell, field in zip(gap_row(labels, row), fields, strict=False)]
        rows.append((*cells, labels.word("table.yes" if is_withheld(row) else "table.no")))
        places.append(shapes.get(row["area_id"]))
    return _layer(labels, "luecken", "gaps", "MultiPolygon", fields, rows, places, gap_styles(labels))


def facility_layer(labels: Labels) -> Layer:
    """Facilities as points; those without a place keep their row."""
    kept = [number for number, (key, _, _) in enumerate(FACILITY_COLUMNS) if key not in ("lon", "lat")]
    fields = (*_of_columns(labels, [FACILITY_COLUMNS[number] for number in kept]), _field(labels, "domain"))
    rows, places = [], []
    for row in facilities(labels):
        cells = facility_row(labels, row)
        plain = [_plain(cells[number], field.type) for number, field in zip(kept, fields, strict=False)]
        rows.append((*plain, labels.domain(row["kind"])))
        places.append(None if row["x_m"] is None else shapely.Point(row["x_m"], row["y_m"]))
    return _layer(labels, "einrichtungen", "facilities", "Point", fields, rows, places, facility_styles(labels))


def area_layer(labels: Labels) -> Layer:
    """Areas, large ones first, with what was found in them."""
    shapes = area_shapes(labels.released)
    coverage = _by_area_and_service(labels)
    rated = set() if labels.released.council else {kind for _, kind in coverage}
    services = sorted(rated, key=lambda kind: _service_order(labels, kind))
    found = _found_in(labels)
    fields = [
        *(_field(labels, key) for key in ("area_id", "name", "level", "municipality", "ags", "origin")),
        _field(labels, "gap_count", "whole"), _field(labels, "unknown_count", "whole"),
        _field(labels, "highest_tier"), _field(labels, "withheld_for"),
    ]  # fmt: skip
    for service in services:
        label = labels.service(service)
        fields.append(LayerField(share_field(service), labels.word("column.share_in_gap", service=label), "real"))
        fields.append(LayerField(open_field(service), labels.word("column.share_unknown", service=label), "real"))
    order = labels.released.areas.sort_values(
        "area_id", key=lambda ids: pd.Series([labels.area_order(a) for a in ids], index=ids.index)
    )
    rows, places = [], []
    for area in records(pd.DataFrame(order.drop(columns=order.geometry.name))):
        area_id = area["area_id"]
        here = [coverage.get((area_id, service), []) for service in services]
        secret = [labels.service(s) for s, part in zip(services, here, strict=True) if any(map(_share_is_secret, part))]
        rows.append(
            (area_id, area["name"], labels.level(area_id), labels.municipality(area_id), area["ags"],
             labels.label("origin", shapes[area_id].origin if area_id in shapes else None),
             *found[area_id], "; ".join(secret) or None, *(value for part in here for value in _shares(part)))
        )  # fmt: skip
        places.append(shapes[area_id].shape if area_id in shapes else None)
    styles = area_styles(labels, [(s, share_field(s), open_field(s)) for s in services])
    return _layer(labels, "gebiete", "areas", "MultiPolygon", fields, rows, places, styles)


def _service_order(labels: Labels, service: str) -> tuple[int, str]:
    """By field of services and id: the same in every language."""
    return labels.service_order(service)[0], service


def share_field(service: str) -> str:
    """Field of the per cent in a gap."""
    return f"luecke_pct_{service}"


def open_field(service: str) -> str:
    """Field of the per cent of whom it cannot be said."""
    return f"unbekannt_pct_{service}"


def _by_area_and_service(labels: Labels) -> dict[tuple[str, str], list[Record]]:
    """Rows of coverage that are rated at all."""
    found: dict[tuple[str, str], list[Record]] = {}
    for row in records(labels.released.tables["coverage"]):
        if row["unrated_share"] is None or row["unrated_share"] < 1 - EXACT:
            found.setdefault((row["area_id"], row["kind"]), []).append(row)
    return found


def _share_is_secret(row: Record) -> bool:
    return is_withheld(row) and row["gap_share"] is None


def _shares(rows: list[Record]) -> tuple[float | None, float | None]:
    """Per cent in a gap and unknown, each of the group most concerned."""
    share = share_in_gap(rows)
    if share is Sign.UNKNOWN:
        share = 0.0
    unknown = [row["unknown_share"] for row in rows if row["unknown_share"] is not None]
    in_gap = round(share * 100, 1) if isinstance(share, float) else None
    return in_gap, round(max(unknown) * 100, 1) if unknown else None


def _found_in(labels: Labels) -> dict[str, tuple[int, int, str | None]]:
    """Number of gaps and unknowns in an area or its parts, and the highest tier among the gaps."""
    hierarchy = Hierarchy.of(labels.released.areas)
    gaps: dict[str, list[str]] = {area: [] for area in hierarchy.level}
    unknowns = dict.fromkeys(hierarchy.level, 0)
    for area_id, tier in zip(labels.gaps["area_id"], labels.gaps["tier"], strict=True):
        for upper in (area_id, *hierarchy.ancestors(area_id)):
            gaps.setdefault(upper, []).append(tier)
    for asked in open_questions(labels):
        for area_id in {up for area in asked.area_ids if area for up in (area, *hierarchy.ancestors(area))}:
            unknowns[area_id] = unknowns.get(area_id, 0) + 1
    return {
        area: (
            len(tiers),
            unknowns[area],
            labels.label("label", min(tiers, key=TIERS.index)) if tiers else None,
        )
        for area, tiers in gaps.items()
        if area in unknowns
    }


def way_layer(labels: Labels) -> Layer:
    """Cells as squares, minutes and rating by offer and mode in columns."""
    released = labels.released
    table = released.tables["cells"]
    cells = table.drop_duplicates("cell_id").sort_values("cell_id", ignore_index=True)
    place = pd.Series(range(len(cells)), index=cells["cell_id"].to_numpy())
    hidden = _protected(labels, table)
    fields = [_field(labels, key) for key in ("cell_id", "area_id", "area", "municipality", "protected_for")]
    columns: list[list[Any]] = [
        cells["cell_id"].tolist(), [known(a) for a in cells["area_id"]], [labels.area(a) for a in cells["area_id"]],
        [labels.municipality(a) for a in cells["area_id"]], [hidden.get(c) for c in cells["cell_id"]],
    ]  # fmt: skip
    ways: list[tuple[str, str, bool]] = []
    parts = {
        (str(kind), str(mode)): part
        for (kind, mode), part in table.groupby(["kind", "mode"], sort=True)
        if part["travel_time_min"].notna().any()
    }
    for kind, mode in sorted(parts, key=lambda key: (_service_order(labels, key[0]), list(MODE_NAMES).index(key[1]))):
        part = parts[kind, mode]
        at = place[part["cell_id"]].to_numpy()
        said = {"service": labels.service(kind), "mode": labels.word(f"mode.{mode}")}
        fields.append(LayerField(minutes_field(kind, mode), labels.word("column.minutes", **said), "real"))
        minutes = [None if known(v) is None else round(float(v), 1) for v in part["travel_time_min"]]
        columns.append(_spread(minutes, at, len(cells)))
        status = [known(s) for s in part["status_distance"]]
        is_rated = any(s not in (None, "not_rated") for s in status)
        if is_rated:
            fields.append(LayerField(status_field(kind, mode), labels.word("column.status", **said), "text"))
            columns.append(_spread([labels.label("status", s) for s in status], at, len(cells)))
        ways.append((kind, mode, is_rated))
    shapes = list(squares(cells, released.size_m or 0))
    rows = list(zip(*columns, strict=True))
    styles = way_styles(labels, [(k, m, minutes_field(k, m), status_field(k, m) if r else None) for k, m, r in ways])
    return _layer(labels, "wege", "ways", "Polygon", fields, rows, shapes, styles)


def minutes_field(kind: str, mode: str) -> str:
    """Field of the minutes to the nearest facility."""
    return f"{MODE_NAMES[mode]}_{kind}"


def status_field(kind: str, mode: str) -> str:
    """Field of the rating of this way."""
    return f"status_{MODE_NAMES[mode]}_{kind}"


def _spread(values: list[Any], at: Any, size: int) -> list[Any]:
    column: list[Any] = [None] * size
    for position, value in zip(at, values, strict=True):
        column[position] = value
    return column


def _protected(labels: Labels, table: pd.DataFrame) -> dict[str, str]:
    """Cell -> services whose ways are not shown there."""
    hidden = table[[PROTECTED in str(known(w) or "") for w in table["withheld"]]]
    kinds: dict[str, set[str]] = {}
    for cell, kind in zip(hidden["cell_id"], hidden["kind"], strict=True):
        kinds.setdefault(cell, set()).add(kind)
    return {c: "; ".join(map(labels.service, sorted(k, key=labels.service_order))) for c, k in kinds.items()}


def _layer(
    labels: Labels, name: str, key: str, geometry_type: str, fields: Sequence[LayerField], rows: list[tuple[Any, ...]],
    shapes: list[Any], styles: Sequence[LayerStyle],
) -> Layer:  # fmt: skip
    title, about = labels.word(f"layer.{key}"), labels.word(f"layer_about.{key}")
    return Layer(name, title, about, geometry_type, tuple(fields), rows, shapes, tuple(styles))
