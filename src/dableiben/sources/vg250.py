# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Boundaries of municipalities: VG250 or any layer with ARS or AGS, as zipped shapefile, GeoPackage or GeoJSON."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.geo import CRS
from dableiben.core.ids import ags_from_ars, parse_ags
from dableiben.core.inputs import AREAS
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.germany import check_metres

if TYPE_CHECKING:
    import geopandas as gpd

SUFFIXES = (".gpkg", ".geojson", ".json", ".shp")
KEYS = ("ARS", "RS", "AGS", "ags", "ars")
NAMES = ("GEN", "gen", "NAME", "name", "GEMEINDE")
ATTRIBUTION = "© GeoBasis-DE / BKG (dl-de/by-2-0)"


def sniff(path: Path) -> bool:
    """Whether the file looks like a layer of shapes."""
    if path.suffix.lower() in SUFFIXES:
        return True
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.lower().endswith((".shp", ".gpkg", ".geojson")) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def read(path: Path, _: Catalogue) -> Reading:
    """Municipalities by the contract AREAS with geometry in EPSG:3035; several parts of one key are joined.

    Errors: InputError if the layer cannot be read, has no CRS, no key, or lies outside Germany.
    """
    report = start_report(path, "vg250", attribution=ATTRIBUTION)
    layer = _layer(path)
    column = next((name for name in KEYS if name in layer.columns), None)
    if column is None:
        raise InputError(
            "areas-no-key",
            "Die Ebene hat keine Spalte ARS oder AGS.",
            "Die Gemeindeebene von VG250 verwenden (VG250_GEM).",
            file=path,
        )
    layer = _projected(layer, path)
    names = next((name for name in NAMES if name in layer.columns), None)
    report.rows_read = len(layer)
    rows: dict[str, dict[str, Any]] = {}
    for number, (key, name, shape) in enumerate(
        zip(layer[column], layer[names] if names else [None] * len(layer), layer.geometry, strict=True), start=1
    ):
        if shape is None or shape.is_empty:
            report.lose("Gebiet ohne Umriss")
            continue
        ags, ars = _keys(key, path, number, column)
        if ags is None:
            report.lose("Schlüssel keiner Gemeinde")
            continue
        report.rows_used += 1
        row = rows.setdefault(ags, {"ars": ars, "name": name if isinstance(name, str) else None, "shapes": []})
        row["shapes"].append(shape)
    return Reading(report=report, areas=_table(rows))


def _layer(path: Path) -> gpd.GeoDataFrame:
    import geopandas as gpd
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        return gpd.read_file(path)
    except (DataSourceError, DataLayerError, ValueError, OSError, UnicodeDecodeError, RuntimeError) as error:
        raise InputError(
            "areas-not-readable",
            "Die Gemeindegrenzen sind nicht lesbar.",
            "Die Datei neu herunterladen (Shapefile als ZIP, GeoPackage oder GeoJSON).",
            file=path,
        ) from error


def _projected(layer: gpd.GeoDataFrame, path: Path) -> gpd.GeoDataFrame:
    import numpy as np

    if layer.crs is None:
        raise InputError(
            "areas-no-crs",
            "Der Ebene fehlt das Koordinatensystem.",
            "Die .prj-Datei mit in das ZIP legen oder ein GeoPackage verwenden.",
            file=path,
        )
    if not len(layer):
        raise InputError("areas-empty", "Die Ebene enthält keine Gebiete.", "Die Ebene VG250_GEM verwenden.", file=path)
    layer = layer.to_crs(CRS)
    spots = layer.geometry.dropna().representative_point()
    check_metres(np.asarray(spots.x, float), np.asarray(spots.y, float), path)
    return layer


def _keys(key: object, path: Path, row: int, column: str) -> tuple[str | None, str | None]:
    """AGS and ARS of a key; None where the key names no municipality (district, Land, water)."""
    digits = re.sub(r"\s", "", "" if key is None else str(key))
    if len(digits) in (11, 12):
        ars, _ = parse_ags(digits, length=12)
        return ags_from_ars(ars), ars
    if len(digits) in (7, 8):
        return parse_ags(digits)[0], None
    if digits.isdigit():
        return None, None
    raise InputError(
        "ags-not-valid",
        f"„{key}“ ist kein amtlicher Schlüssel.",
        "Eine Ebene mit 12-stelligem ARS oder 8-stelligem AGS verwenden.",
        file=path,
        row=row,
        column=column,
    )


def _table(rows: dict[str, dict[str, Any]]) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import shapely

    table = AREAS.frame(
        {"area_key": ags, "ars": row["ars"], "level": "municipality", "name": row["name"]}
        for ags, row in sorted(rows.items())
    )
    shapes = [shapely.union_all(shapely.make_valid(row["shapes"])) for _, row in sorted(rows.items())]
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=CRS))


READERS.register("vg250")(Reader("areas", "Gemeindegrenzen (VG250; SHP im ZIP, GPKG, GeoJSON)", sniff, read))
