# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Is this in Germany? Tells swapped axes, other reference systems and other countries from ours."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from dableiben.core.errors import InputError
from dableiben.core.geo import Floats, in_germany_degrees, in_germany_m, to_degrees

# A rough outline in degrees, drawn by hand; widened below so that islands and border towns lie inside.
OUTLINE = (
    (8.3, 55.1), (9.5, 54.9), (11.3, 54.6), (12.5, 54.5), (13.5, 54.7), (14.3, 54.0), (14.5, 53.2),
    (14.2, 52.9), (14.7, 52.4), (14.7, 51.6), (15.0, 51.2), (14.8, 50.8), (13.5, 50.6),
    (12.5, 50.3), (12.1, 50.2), (12.5, 49.8), (12.7, 49.4), (13.8, 48.8), (13.4, 48.4),
    (12.8, 48.1), (13.0, 47.6), (12.2, 47.6), (11.1, 47.4), (10.3, 47.3), (9.7, 47.5), (8.9, 47.6),
    (7.6, 47.6), (7.5, 48.0), (7.8, 48.6), (8.2, 49.0), (7.4, 49.1), (6.5, 49.2), (6.4, 49.5),
    (6.1, 50.1), (6.0, 50.9), (6.1, 51.3), (6.0, 51.8), (6.7, 52.0), (6.8, 52.5), (7.0, 52.8),
    (7.2, 53.3), (6.7, 53.6), (7.8, 54.1), (8.6, 54.3),
)  # fmt: skip
MARGIN_DEGREES = 0.25
INSIDE_SHARE = 0.5
"""from this share of its points on a file counts as German (a district may have a strip beyond the border)"""
SAMPLE = 20_000
REPAIR_CRS = "Die Koordinaten in EPSG:3035 (ETRS89-LAEA, Meter) angeben."


@lru_cache(maxsize=1)
def _outline() -> shapely.Geometry:
    shape = shapely.buffer(shapely.Polygon(OUTLINE), MARGIN_DEGREES)
    shapely.prepare(shape)
    return shape


def degrees_in_germany(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Which points (degrees) lie in the widened outline of Germany."""
    return np.asarray(shapely.contains_xy(_outline(), lon, lat), np.bool_)


def metres_in_germany(x_m: Floats, y_m: Floats) -> NDArray[np.bool_]:
    """Which points (EPSG:3035) lie in the widened outline of Germany."""
    inside = in_germany_m(x_m, y_m)
    lon, lat = to_degrees(x_m[inside], y_m[inside])
    inside[inside] = degrees_in_germany(lon, lat)
    return inside


def check_metres(x_m: Floats, y_m: Floats, path: Path) -> None:
    """Errors: InputError naming the likely cause if the points are not in Germany in EPSG:3035."""
    step = max(1, len(x_m) // SAMPLE)
    x, y = np.asarray(x_m[::step], float), np.asarray(y_m[::step], float)
    if not len(x) or metres_in_germany(x, y).mean() >= INSIDE_SHARE:
        return
    raise InputError("not-in-germany", *_cause(x, y), file=path)


def _cause(x: Floats, y: Floats) -> tuple[str, str]:
    """What is wrong with coordinates that should be EPSG:3035, and how to repair it."""
    if in_germany_m(y, x).mean() >= INSIDE_SHARE:
        return "Die Spalten x und y sind vertauscht.", "x (Ost) und y (Nord) tauschen."
    if in_germany_degrees(x, y).mean() >= INSIDE_SHARE or in_germany_degrees(y, x).mean() >= INSIDE_SHARE:
        return "Die Koordinaten stehen in Grad (WGS84), erwartet wird EPSG:3035 in Metern.", REPAIR_CRS
    zone = utm_zone(x, y)
    if zone is not None:
        return f"Die Koordinaten stehen in UTM (EPSG:{zone}), erwartet wird EPSG:3035.", REPAIR_CRS
    return (
        "Die Daten liegen nicht in Deutschland.",
        "Prüfen, ob es die Datei des eigenen Landes ist und ob sie in EPSG:3035 vorliegt.",
    )


def utm_zone(east: Floats, north: Floats) -> int | None:
    """EPSG code (25832 or 25833) if the numbers look like UTM in Germany, also with a zone prefix."""
    if ((north < 5_200_000) | (north > 6_150_000)).mean() > INSIDE_SHARE:
        return None
    if ((east > 200_000) & (east < 950_000)).mean() >= INSIDE_SHARE:
        return 25832
    for prefix, code in ((32_000_000, 25832), (33_000_000, 25833)):
        if ((east > prefix + 200_000) & (east < prefix + 950_000)).mean() >= INSIDE_SHARE:
            return code
    return None
