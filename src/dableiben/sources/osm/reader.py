# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Reader of `.osm.pbf`, `.osm`, `.osm.gz`, `.osm.bz2`."""

from __future__ import annotations

import bz2
import gzip
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pandas as pd
import shapely

from dableiben.core.errors import InputError
from dableiben.core.geo import Floats, in_germany_degrees, to_degrees, to_metres
from dableiben.core.inputs import PLACES
from dableiben.core.provenance import ReadReport
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.frames import typed_frame

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue
    from dableiben.core.network import StreetNetwork
    from dableiben.sources.osm.scan import Found, Scan

ATTRIBUTION = "© OpenStreetMap-Mitwirkende (ODbL 1.0)"
SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
LOST_HOME = "OSM-Wohngebäude mit fehlerhafter Form"
LOST_PLACE = "OSM-Ort ohne Namen"


def sniff(path: Path) -> bool:
    """Whether the name or the first bytes say OpenStreetMap."""
    if path.name.lower().endswith(SUFFIXES):
        return True
    try:
        with path.open("rb") as handle:
            head = handle.read(512)
        if head[:2] == b"\x1f\x8b":
            with gzip.open(path) as unpacked:
                head = unpacked.read(512)
        elif head[:3] == b"BZh":
            with bz2.open(path) as unpacked_bz2:
                head = unpacked_bz2.read(512)
    except (OSError, EOFError, ValueError):
        return False
    return b"OSMHeader" in head[:32] or b"<osm" in head


def read(path: Path, catalogue: Catalogue) -> Reading:
    """Facilities, places, boundaries, homes, streets and the edge of the data.

    Errors: InputError if the file is truncated, broken, empty or of another country.
    """
    from dableiben.sources.osm.boundaries import area_table
    from dableiben.sources.osm.complete import complete_area, with_whole_municipalities
    from dableiben.sources.osm.facilities import facility_table
    from dableiben.sources.osm.scan import scan

    report = start_report(path, "osm", as_of=_date_of(path), attribution=ATTRIBUTION)
    try:
        found = scan(path, catalogue)
    except (RuntimeError, OSError, EOFError, UnicodeDecodeError, ValueError) as error:
        _refuse(path, error)
    _check_country(found, path)
    areas = area_table(found.boundaries, report)
    homes = _homes(found, report)
    facilities = facility_table(found.facilities, catalogue, report)
    places = _places(found.places, report)
    outline, is_box = complete_area(_ways(found), _points(found, homes), _box(path))
    towns = areas.loc[areas["level"] == "municipality", "geometry"].tolist()
    return Reading(
        report=report,
        areas=areas,
        facilities=facilities,
        places=places,
        buildings=homes,
        # A box is judged better by the streets: they may have been cut at it or kept whole beyond it.
        network=_streets(path, None if is_box else outline),
        extent=None if outline is None else with_whole_municipalities(outline, towns),
    )


def _streets(path: Path, outline: shapely.Geometry | None) -> StreetNetwork:
    from dableiben.sources.osm.streets import read_streets

    try:
        return read_streets(path, outline)
    except (RuntimeError, OSError, EOFError, UnicodeDecodeError) as error:
        _refuse(path, error)


def _refuse(path: Path, error: Exception) -> NoReturn:
    raise InputError(
        "osm-not-readable",
        "Die OpenStreetMap-Datei ist beschädigt oder unvollständig.",
        "Die Datei neu herunterladen und die Dateigröße mit der Quelle vergleichen.",
        file=path,
    ) from error


def _header(path: Path) -> Any:
    import osmium

    try:
        with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
            return reader.header()
    except (RuntimeError, OSError, ValueError) as error:
        _refuse(path, error)


def _date_of(path: Path) -> date | None:
    text = str(_header(path).get("osmosis_replication_timestamp") or "")[:10]
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _box(path: Path) -> tuple[float, float, float, float] | None:
    box = _header(path).box()
    if not box.valid():
        return None
    return box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat


def _check_country(found: Scan, path: Path) -> None:
    spots = np.concatenate([_ways(found).reshape(-1, 2), _points(found, None)])
    if not len(spots) and not found.homes:
        raise InputError(
            "osm-without-content",
            "Die OpenStreetMap-Datei enthält weder Straßen noch Orte noch Einrichtungen.",
            "Einen vollständigen Auszug des Gebiets verwenden (nicht nur einzelne Objektarten).",
            file=path,
        )
    if len(spots) and not in_germany_degrees(spots[:, 0], spots[:, 1]).any():
        raise InputError(
            "osm-outside-germany",
            "Die OpenStreetMap-Datei liegt nicht in Deutschland.",
            "Den Auszug des eigenen Gebiets verwenden.",
            file=path,
        )


def _ways(found: Scan) -> Floats:
    return np.array(found.ways, float).reshape(-1, 3, 2)


def _points(found: Scan, homes: pd.DataFrame | None) -> Floats:
    things = [*found.places, *found.facilities.values()]
    known = [(t.lon, t.lat) for t in things if t.lon is not None and t.lat is not None]
    spots = np.array(known, float).reshape(-1, 2)
    if homes is None:
        return spots
    lon, lat = to_degrees(homes["x_m"].to_numpy(float), homes["y_m"].to_numpy(float))
    return np.concatenate([spots, np.column_stack([lon, lat])])


def _homes(found: Scan, report: ReadReport) -> pd.DataFrame:
    """Middle and floor area of homes; unknown levels count as the usual number of the file."""
    from dableiben.sources.osm.facilities import to_shapes

    report.rows_read += len(found.homes) + found.broken_homes
    report.rows_used += len(found.homes)
    report.lose(LOST_HOME, found.broken_homes)
    if not found.homes:
        return pd.DataFrame({name: pd.Series(dtype=float) for name in ("x_m", "y_m", "floor_area_m2")})
    shapes = np.array(to_shapes([wkb for wkb, _ in found.homes]), dtype=object)
    levels = pd.to_numeric(pd.Series([text for _, text in found.homes], dtype=object), errors="coerce")
    levels = levels.where((levels > 0) & (levels < 100))
    usual = float(levels.median()) if levels.notna().any() else 1.0
    without, every = (f"{n:,}".replace(",", ".") for n in (int(levels.isna().sum()), len(levels)))
    report.note(
        f"Wohngebäude ohne Geschosszahl ({without} von {every}) zählen mit {usual:g} Geschossen, "
        "dem mittleren Wert der Datei."
    )
    middle = shapely.centroid(shapes)
    table = pd.DataFrame(
        {
            "x_m": shapely.get_x(middle).round(2),
            "y_m": shapely.get_y(middle).round(2),
            "floor_area_m2": (shapely.area(shapes) * levels.fillna(usual).to_numpy(float)).round(1),
        }
    )
    return table.sort_values(["y_m", "x_m", "floor_area_m2"], ignore_index=True)


def _places(found: list[Found], report: ReadReport) -> pd.DataFrame:
    named = [item for item in found if item.tags.get("name")]
    report.rows_read += len(found)
    report.rows_used += len(named)
    report.lose(LOST_PLACE, len(found) - len(named))
    x_m, y_m = to_metres(np.array([p.lon for p in named], float), np.array([p.lat for p in named], float))
    rows = [
        {
            "source_id": item.ref,
            "name": item.tags["name"],
            "type": item.tags["place"],
            "x_m": round(float(x), 2),
            "y_m": round(float(y), 2),
        }
        for item, x, y in zip(named, x_m, y_m, strict=True)
    ]
    return typed_frame(PLACES, rows)


READERS.register("osm")(Reader("osm", "OpenStreetMap (.osm.pbf, .osm, .osm.gz, .osm.bz2)", sniff, read))
