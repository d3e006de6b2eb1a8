# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Administrative boundaries: VG250/VG25 of the BKG and the like, as shapefile, GeoPackage or GeoJSON."""

from __future__ import annotations

import re
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from dableiben.core.errors import InputError
from dableiben.core.geo import CRS
from dableiben.core.ids import LAND_BY_KEY, ags_from_ars
from dableiben.core.inputs import AREAS
from dableiben.core.provenance import ReadReport
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.frames import typed_frame
from dableiben.sources.germany import check_metres
from dableiben.sources.office import broken, check_archive

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

ATTRIBUTION = "© GeoBasis-DE / BKG (dl-de/by-2-0)"
ARS_NAMES = ("ars", "ars_0", "rs", "rs_0", "regionalschluessel", "ars_g")
AGS_NAMES = ("ags", "ags_0", "gemeindeschluessel", "gem_schl")
NAME_NAMES = ("gen", "name", "gemeindename", "gemeinde")
LEVELS = (("_krs", "district"), ("_vwg", "amt"), ("_gem", "municipality"))
"""layers of VG250 by the end of their names"""
LAND = 4
"""geofactor GF of areas on land; others are water"""
LOST_WATER = "Grenzen: Wasserfläche"
LOST_NO_KEY = "Grenzen: Fläche ohne amtlichen Schlüssel"
LOST_NO_SHAPE = "Grenzen: Fläche ohne Form"


def sniff(path: Path) -> bool:
    """Whether the file is a shapefile (also zipped), a GeoPackage or a GeoJSON."""
    try:
        with path.open("rb") as handle:
            head = handle.read(2048)
        if head.startswith(b"PK"):
            with zipfile.ZipFile(path) as archive:
                return any(name.lower().endswith((".shp", ".gpkg", ".geojson")) for name in archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
        return path.suffix.lower() in (".zip", ".shp", ".gpkg", ".geojson")
    is_json = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"type"' in head
    return head.startswith((b"SQLite format 3\0", b"\x00\x00\x27\x0a")) or is_json


def read(path: Path, catalogue: Catalogue) -> Reading:
    """Areas with shapes in EPSG:3035: municipalities; districts and Ämter where the file has their layers.

    Errors: InputError if the file is damaged, has no polygons with ARS or AGS, no reference system, or lies abroad.
    """
    report = start_report(path, "boundaries", attribution=ATTRIBUTION)
    source = _unpacked(path)
    layers = _layers(source, path)
    rows: list[dict[str, Any]] = []
    for layer, level in layers:
        rows += _areas_of(_read_layer(source, layer, path), level, report, path)
    if not any(row["level"] == "municipality" for row in rows):
        raise InputError(
            "areas-without-key",
            "Die Datei enthält keine Gemeinden mit amtlichem Schlüssel (ARS oder AGS).",
            "Die Ebene GEM der Verwaltungsgebiete (VG250) verwenden.",
            file=path,
        )
    _name_amt(rows)
    table = typed_frame(AREAS, [{k: v for k, v in row.items() if k != "geometry"} for row in rows])
    table["geometry"] = pd.Series([row["geometry"] for row in rows], dtype=object)
    return Reading(report=report, areas=table)


def _unpacked(path: Path) -> str:
    """What the geodata library opens: the file, or the one inside the archive."""
    with path.open("rb") as handle:
        is_archive = handle.read(2) == b"PK"
    if not is_archive:
        return str(path)
    check_archive(path)
    with zipfile.ZipFile(path) as archive:
        inside = sorted(n for n in archive.namelist() if n.lower().endswith((".gpkg", ".geojson")))
        folders = sorted({n.rpartition("/")[0] for n in archive.namelist() if n.lower().endswith(".shp")})
    name = inside[0] if inside else folders[0] if folders else ""
    return f"/vsizip/{{{path.resolve()}}}/{name}".rstrip("/")


def _layers(source: str, path: Path) -> list[tuple[str, str]]:
    """Layers to read with their level: those named like VG250's, else the only layer of polygons."""
    import pyogrio

    try:
        found = [(str(name), str(kind)) for name, kind in pyogrio.list_layers(source)]
    except (RuntimeError, OSError, UnicodeError, ValueError) as error:
        raise broken(path) from error
    polygons = [name for name, kind in found if "Polygon" in kind or kind == "Unknown"]
    known = [(name, level) for name in polygons for ending, level in LEVELS if name.lower().endswith(ending)]
    if any(level == "municipality" for _, level in known):
        return known
    if len(polygons) == 1:
        return [(polygons[0], "municipality")]
    names = ", ".join(name for name, _ in found)
    raise InputError(
        "areas-no-layer",
        "In der Datei ist keine eindeutige Ebene mit Gemeindegrenzen zu finden.",
        "Nur die Ebene GEM der Verwaltungsgebiete (VG250) liefern.",
        file=path,
        further=(f"Gefundene Ebenen: {names}.",),
    )


@dataclass(frozen=True)
class _Layer:
    fields: dict[str, list[Any]]
    """lower-case name -> values"""
    shapes: np.ndarray


def _read_layer(source: str, layer: str, path: Path) -> _Layer:
    """Attributes and shapes in EPSG:3035."""
    import pyogrio
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            meta, _, wkb, columns = pyogrio.raw.read(source, layer=layer)
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")
        if not meta["crs"]:
            raise InputError(
                "areas-without-crs",
                "Den Grenzen fehlt das Koordinatensystem (.prj).",
                "Das Archiv mit allen Dateien (.shp, .shx, .dbf, .prj) liefern.",
                file=path,
            )
        turn = Transformer.from_crs(meta["crs"], CRS, always_xy=True)
        shapes = shapely.transform(
            shapely.force_2d(shapes), lambda at: np.column_stack(turn.transform(at[:, 0], at[:, 1])) if len(at) else at
        )
    except (RuntimeError, ProjError, shapely.errors.ShapelyError, OSError, UnicodeError, ValueError, KeyError) as error:
        raise broken(path) from error
    names = [str(name).lower() for name in meta["fields"]]
    return _Layer({name: list(values) for name, values in zip(names, columns, strict=True)}, shapes)


def _areas_of(layer: _Layer, level: str, report: ReadReport, path: Path) -> list[dict[str, Any]]:
    n = len(layer.shapes)
    report.rows_read += n
    nothing: list[Any] = [None] * n
    ars = next((layer.fields[name] for name in ARS_NAMES if name in layer.fields), nothing)
    ags = next((layer.fields[name] for name in AGS_NAMES if name in layer.fields), nothing)
    names = next((layer.fields[name] for name in NAME_NAMES if name in layer.fields), nothing)
    factor = layer.fields.get("gf", [LAND] * n)
    groups: dict[str, list[int]] = {}
    keys: dict[str, tuple[str, str | None]] = {}
    for i in range(n):
        key = _key(ars[i], ags[i], level)
        if level == "amt" and key is not None and key[0][5] != "5":
            report.rows_used += 1  # the layer repeats municipalities that belong to no association
        elif factor[i] is not None and int(factor[i]) != LAND:
            report.lose(LOST_WATER)
        elif layer.shapes[i] is None or shapely.is_empty(layer.shapes[i]):
            report.lose(LOST_NO_SHAPE)
        elif key is None:
            report.lose(LOST_NO_KEY)
        else:
            keys[key[0]] = key
            groups.setdefault(key[0], []).append(i)
            report.rows_used += 1
    if not groups:
        return []
    shapes = shapely.make_valid(layer.shapes)
    middle = shapely.centroid(shapes[[i for group in groups.values() for i in group]])
    check_metres(shapely.get_x(middle), shapely.get_y(middle), path)
    return [
        {
            "area_key": key,
            "ars": keys[key][1],
            "level": level,
            "name": next((str(names[i]).strip() for i in group if names[i]), None),
            "parent_key": key[:5] if level == "municipality" else None,
            "geometry": shapely.union_all(shapes[group]) if len(group) > 1 else shapes[group[0]],
        }
        for key, group in sorted(groups.items())
    ]


def _key(ars: object, ags: object, level: str) -> tuple[str, str | None] | None:
    """Key of the area on its level and its ARS (12 digits) if known; zeros lost to a number are put back."""
    full = _digits(ars, 12)
    own = _digits(ags, 8)
    if level == "municipality":
        if full:
            return ags_from_ars(full), full
        return (own, None) if own else None
    if level == "district":
        key = (full or own or "")[:5] or _digits(ars, 5) or _digits(ags, 5)
        return (key, None) if key else None
    association = full[:9] if full else _digits(ars, 9)
    return (association, full) if association else None


def _digits(value: object, length: int) -> str | None:
    text = re.sub(r"\.0$", "", str(value).strip()) if value is not None else ""
    if re.fullmatch(rf"\d{{{length - 1},{length}}}", text):
        text = text.zfill(length)
        return text if text[:2] in LAND_BY_KEY else None
    return None


def _name_amt(rows: list[dict[str, Any]]) -> None:
    """Municipalities of an association (sixth digit of the ARS is 5) carry its name if the file has it."""
    names = {row["area_key"]: row["name"] for row in rows if row["level"] == "amt"}
    for row in rows:
        if row["level"] == "municipality" and row["ars"] and row["ars"][5] == "5":
            row["amt"] = names.get(row["ars"][:9])


READERS.register("vg250")(
    Reader("areas", "Gemeindegrenzen (VG250 als Shapefile-Archiv, GeoPackage oder GeoJSON)", sniff, read, 10)
)
