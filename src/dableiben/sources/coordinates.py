# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Coordinates of a list to EPSG:3035; what is swapped, in another system or abroad is named, not guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from pyproj import Transformer

from dableiben.core.geo import CRS, GERMANY_3035, GERMANY_LON_LAT, in_germany_degrees
from dableiben.sources.germany import degrees_in_germany, metres_in_germany, utm_zone

WGS84 = 4326
UTM = (25832, 25833)
KNOWN = (WGS84, CRS, *UTM)
GAUSS_KRUEGER_NORTH = (5_200_000.0, 6_150_000.0)


class Misplaced(ValueError):  # noqa: N818
    """Coordinates that cannot be used; carries the German cause and the repair."""

    def __init__(self, cause: str, repair: str) -> None:
        super().__init__(cause)
        self.cause = cause
        self.repair = repair


@dataclass(frozen=True)
class CoordinateColumns:
    """Which columns hold coordinates, and what their names say about the system."""

    first: int
    """longitude or easting"""
    second: int
    """latitude or northing"""
    is_degrees: bool
    epsg_column: int | None
    named_epsg: int | None


def epsg_in(*names: str) -> int | None:
    """EPSG code that column names speak of: "Ost (EPSG:25833)", "UTM32 Ost", "x_3035"; None if they do not."""
    for name in names:
        found = re.search(r"(?<!\d)(25832|25833|3035|4326)(?!\d)", name)
        if found:
            return int(found[1])
        zone = re.search(r"(?:utm|zone)\W*(32|33)(?!\d)", name, re.IGNORECASE)
        if zone:
            return 25800 + int(zone[1])
    return None


def to_3035(first: float, second: float, *, is_degrees: bool, epsg: int | None) -> tuple[float, float]:
    """x_m, y_m in EPSG:3035 of (longitude, latitude) or (easting, northing).

    epsg   what the list says itself; None = told by the size of the numbers
    Errors: Misplaced with the likely cause.
    """
    if is_degrees and abs(first) <= 180 and abs(second) <= 90:
        return _from_degrees(first, second)
    if is_degrees:
        raise Misplaced(*_no_degrees(first, second))
    if epsg is not None and epsg not in KNOWN:
        raise Misplaced(
            f"Das Koordinatensystem EPSG:{epsg} ist hier nicht vorgesehen.",
            "Längengrad und Breitengrad (WGS84) oder EPSG:3035, 25832, 25833 angeben.",
        )
    code = epsg if epsg is not None else _guess(first, second)
    if code == WGS84:
        return _from_degrees(first, second)
    if code in UTM and first > 30_000_000:
        first -= 1_000_000 * (32 if first < 33_000_000 else 33)
    x_m, y_m = (first, second) if code == CRS else _transformer(code).transform(first, second)
    x, y = np.array([x_m], float), np.array([y_m], float)
    if not np.isfinite([x_m, y_m]).all() or not metres_in_germany(x, y)[0]:
        raise Misplaced(*_outside_metres(first, second, code))
    return round(float(x_m), 2), round(float(y_m), 2)


def _from_degrees(lon: float, lat: float) -> tuple[float, float]:
    if not degrees_in_germany(np.array([lon]), np.array([lat]))[0]:
        if in_germany_degrees(np.array([lat]), np.array([lon]))[0]:
            raise Misplaced(
                f"Längen- und Breitengrad sind vertauscht ({lon:g}, {lat:g}).",
                "Die Überschriften der beiden Spalten tauschen: In Deutschland liegt die Länge zwischen 6 und 15, "
                "die Breite zwischen 47 und 55.",
            )
        raise Misplaced(
            f"Der Punkt ({lon:g}, {lat:g}) liegt nicht in Deutschland.",
            "Die Koordinaten prüfen oder leeren und nur Gemeinde und Ortsteil angeben.",
        )
    x_m, y_m = _transformer(WGS84).transform(lon, lat)
    return round(float(x_m), 2), round(float(y_m), 2)


def _guess(first: float, second: float) -> int:
    """EPSG code by the size of the numbers."""
    west, south, east, north = GERMANY_3035
    if west <= first <= east and south <= second <= north:
        return CRS
    if west <= second <= east and south <= first <= north:
        raise Misplaced("Ost- und Nordwert sind vertauscht.", "Die Überschriften der beiden Spalten tauschen.")
    lon0, lat0, lon1, lat1 = GERMANY_LON_LAT
    if lon0 <= first <= lon1 and lat0 <= second <= lat1:
        return WGS84
    zone = utm_zone(np.array([first]), np.array([second]))
    if zone is not None and first > 30_000_000:
        return zone
    if zone is not None:
        raise Misplaced(
            "Die Koordinaten stehen in UTM, aber die Zone fehlt.",
            "Die Überschrift ergänzen, z. B. „Ost (EPSG:25832)“ für Zone 32 oder „Ost (EPSG:25833)“ für Zone 33.",
        )
    raise Misplaced(*_cause(first, second))


def _no_degrees(first: float, second: float) -> tuple[str, str]:
    """Why numbers in columns of longitude and latitude are too large."""
    try:
        code = _guess(first, second)
    except Misplaced as error:
        return error.cause, error.repair
    return (
        f"Die Spalten heißen Länge und Breite, enthalten aber Meter (EPSG:{code}).",
        f"Die Überschriften in „Ost (EPSG:{code})“ und „Nord (EPSG:{code})“ ändern oder Dezimalgrad eintragen.",
    )


def _cause(first: float, second: float) -> tuple[str, str]:
    repair = "Längengrad und Breitengrad (WGS84) oder EPSG:3035, 25832, 25833 angeben."
    low, high = GAUSS_KRUEGER_NORTH
    if 2_000_000 < first < 6_000_000 and low < second < high:
        return "Die Koordinaten stehen in Gauß-Krüger.", repair
    if utm_zone(np.array([second]), np.array([first])) is not None:
        return "Ost- und Nordwert sind vertauscht.", "Die Überschriften der beiden Spalten tauschen."
    if abs(first) <= 180 and abs(second) <= 90:
        return f"Der Punkt ({first:g}, {second:g}) liegt nicht in Deutschland.", "Die Koordinaten prüfen."
    for power in range(1, 10):
        lon, lat = first / 10**power, second / 10**power
        if in_germany_degrees(np.array([lon]), np.array([lat]))[0]:
            return "In den Koordinaten fehlt das Komma.", f"Als Dezimalgrad eintragen, z. B. {lon:.5f} und {lat:.5f}."
    return f"Die Koordinaten ({first:g}, {second:g}) gehören zu keinem bekannten System.", repair


def _outside_metres(first: float, second: float, code: int) -> tuple[str, str]:
    repair = "Koordinaten und Koordinatensystem prüfen."
    other = {25832: 25833, 25833: 25832}.get(code)
    if other is not None:
        x_m, y_m = _transformer(other).transform(first, second)
        if metres_in_germany(np.array([x_m], float), np.array([y_m], float))[0]:
            return f"In EPSG:{code} liegt der Punkt nicht in Deutschland, in EPSG:{other} schon.", repair
    return f"Der Punkt ({first:g}, {second:g}) liegt in EPSG:{code} nicht in Deutschland.", repair


@lru_cache(maxsize=4)
def _transformer(code: int) -> Transformer:
    return Transformer.from_crs(code, CRS, always_xy=True)
