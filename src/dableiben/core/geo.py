# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""One place for coordinates: compute in EPSG:3035 (metres), speak WGS84 to people."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

CRS = 3035
Floats = NDArray[np.float64]

# Bounds of Germany with a margin, to tell another country or swapped axes from ours.
GERMANY_LON_LAT = (5.5, 47.0, 15.5, 55.2)
GERMANY_3035 = (4_000_000.0, 2_650_000.0, 4_700_000.0, 3_600_000.0)


@lru_cache(maxsize=8)
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def to_metres(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """WGS84 degrees to x_m, y_m in EPSG:3035."""
    x_m, y_m = _transformer(4326, CRS).transform(np.asarray(lon, float), np.asarray(lat, float))
    return np.asarray(x_m, float), np.asarray(y_m, float)


def to_degrees(x_m: Floats, y_m: Floats) -> tuple[Floats, Floats]:
    """EPSG:3035 metres to longitude and latitude in WGS84 degrees."""
    lon, lat = _transformer(CRS, 4326).transform(np.asarray(x_m, float), np.asarray(y_m, float))
    return np.asarray(lon, float), np.asarray(lat, float)


def in_germany_m(x_m: Floats, y_m: Floats) -> NDArray[np.bool_]:
    """Which points lie in the box around Germany in EPSG:3035."""
    x0, y0, x1, y1 = GERMANY_3035
    return np.asarray((x_m >= x0) & (x_m <= x1) & (y_m >= y0) & (y_m <= y1))


def in_germany_degrees(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    """Which points lie in the box around Germany in degrees."""
    x0, y0, x1, y1 = GERMANY_LON_LAT
    return np.asarray((lon >= x0) & (lon <= x1) & (lat >= y0) & (lat <= y1))


def cell_id(x_m: float, y_m: float, size_m: int) -> str:
    """INSPIRE-like id of a cell from its centre: size, and the lower-left corner in metres."""
    return f"{size_m}mN{round(y_m - size_m / 2)}E{round(x_m - size_m / 2)}"
