# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Boundary relations with their official keys to areas with shapes; incomplete ones are counted."""

from __future__ import annotations

import re

import pandas as pd
import shapely

from dableiben.core.ids import LAND_BY_KEY, ags_from_ars
from dableiben.core.inputs import AREAS
from dableiben.core.provenance import ReadReport
from dableiben.sources.frames import typed_frame
from dableiben.sources.osm.facilities import to_shapes
from dableiben.sources.osm.scan import Found

LOST_INCOMPLETE = "OSM-Grenze im Auszug unvollständig"
LOST_NO_KEY = "OSM-Grenze ohne amtlichen Schlüssel"
LOST_TWICE = "OSM-Grenze mit demselben Schlüssel wie eine andere"
LOST_INSIDE = "OSM-Grenze eines Ortsteils innerhalb eines anderen Ortsteils"


def area_table(boundaries: dict[int, Found], report: ReadReport) -> pd.DataFrame:
    """Rows by the contract AREAS with a further column `geometry` (shapely, EPSG:3035)."""
    items = [boundaries[number] for number in sorted(boundaries)]
    report.rows_read += len(items)
    complete = [item for item in items if item.wkb is not None]
    report.lose(LOST_INCOMPLETE, len(items) - len(complete))
    rows: dict[str, dict[str, object]] = {}
    for item, shape in zip(complete, to_shapes([item.wkb for item in complete]), strict=True):
        found = _rows_of(item)
        if not found:
            report.lose(LOST_NO_KEY)
        elif any(row["area_key"] in rows for row in found):
            report.lose(LOST_TWICE)
        else:
            report.rows_used += 1
            rows.update({str(row["area_key"]): {**row, "geometry": shape} for row in found})
    _name_amt(rows)
    _name_municipality(rows)
    ordered = [rows[key] for key in sorted(rows)]
    table = typed_frame(AREAS, [{k: v for k, v in row.items() if k != "geometry"} for row in ordered])
    table["geometry"] = pd.Series([row["geometry"] for row in ordered], dtype=object)
    return table


def _rows_of(item: Found) -> list[dict[str, object]]:
    tags = item.tags
    level = int(tags["admin_level"])
    ags = _digits(tags.get("de:amtlicher_gemeindeschluessel"))
    ars = _digits(tags.get("de:regionalschluessel"))
    full = ars.ljust(12, "0") if ars else None
    base: dict[str, object] = {"name": tags.get("name"), "ars": full}
    if level >= 9:
        return [{**base, "ars": None, "area_key": item.ref, "level": "locality"}] if tags.get("name") else []
    if level == 7:
        return [{**base, "area_key": full[:9], "level": "amt"}] if full and full[5:9] != "0000" else []
    ags = ags or (ags_from_ars(full) if full else None)
    if ags is None:
        return []
    if level == 8:
        return [{**base, "area_key": ags, "level": "municipality"}] if len(ags) == 8 else []
    rows = [{**base, "area_key": ags[:5], "level": "district"}]
    if len(ags) == 8 and _is_town(tags):
        # An independent town is district and municipality at once.
        rows.append({**base, "area_key": ags, "level": "municipality", "parent_key": ags[:5]})
    return rows


def _is_town(tags: dict[str, str]) -> bool:
    is_town = tags.get("de:place") in ("city", "town") or tags.get("place") in ("city", "town")
    return is_town or "stadt" in tags.get("name:prefix", "").casefold()


def _digits(text: str | None) -> str | None:
    raw = re.sub(r"\s", "", text or "")
    return raw if re.fullmatch(r"\d{5,12}", raw) and raw[:2] in LAND_BY_KEY else None


def _name_amt(rows: dict[str, dict[str, object]]) -> None:
    """The first nine digits of the ARS say which Amt a municipality belongs to."""
    for row in rows.values():
        if row["level"] == "municipality":
            row.setdefault("parent_key", str(row["area_key"])[:5])
            amt = rows.get(str(row["ars"])[:9]) if row["ars"] else None
            if amt is not None and amt["level"] == "amt":
                row["amt"] = amt["name"]


def _name_municipality(rows: dict[str, dict[str, object]]) -> None:
    """A locality belongs to the municipality it lies in, where that one is in the file."""
    towns = [row for row in rows.values() if row["level"] == "municipality"]
    if not towns:
        return
    tree = shapely.STRtree([row["geometry"] for row in towns])
    for row in rows.values():
        if row["level"] == "locality":
            inside = tree.query(shapely.point_on_surface(row["geometry"]), predicate="within")
            if len(inside):
                row["parent_key"] = towns[int(min(inside))]["area_key"]
