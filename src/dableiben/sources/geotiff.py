# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Population rasters as GeoTIFF in EPSG:3035, one band, read by Pillow and the GeoTIFF tags."""

from __future__ import annotations

import struct
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, UnidentifiedImageError

from dableiben.core.errors import InputError
from dableiben.core.geo import CRS
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.grid_values import PERSONS, Block, census_year, grid_rows, origin_of

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

PIXEL_SCALE, TIEPOINT, GEO_KEYS, NO_DATA = 33550, 33922, 34735, 42113
RASTER_TYPE_KEY, PROJECTED_KEY = 1025, 3072
PIXEL_IS_POINT = 2
MAX_PIXELS = 80_000_000
"""all of Germany in cells of 100 m has 57 million"""


def sniff(path: Path) -> bool:
    """Whether the file begins like a TIFF."""
    try:
        with path.open("rb") as handle:
            return handle.read(4) in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
    except OSError:
        return False


def read(path: Path, catalogue: Catalogue) -> Reading:
    """Persons per cell; pixels with 0 or the value for "no data" have none.

    Errors: InputError for a broken file, several bands, another reference system, oblong pixels.
    """
    as_of, attribution = origin_of(path, census_year(path, None))
    report = start_report(path, "geotiff", as_of=as_of, attribution=attribution)
    pixels, tags = _open(path)
    keys = _geo_keys(tags.get(GEO_KEYS, ()))
    _check_reference(keys, path)
    size_m, x0_m, y0_m = _placing(tags, keys, path)
    present = np.isfinite(pixels) & (pixels != 0)
    no_data = _number(tags.get(NO_DATA))
    if no_data is not None:
        present &= pixels != no_data
    rows, cols = np.nonzero(present)
    block = Block(
        x_m=x0_m + cols.astype(np.float64) * size_m,
        y_m=y0_m - rows.astype(np.float64) * size_m,
        themes={PERSONS: pixels[rows, cols].astype(float)},
        weak=np.zeros(len(rows), np.bool_),
        size_m=size_m,
    )
    if not len(rows):
        raise InputError("file-empty", "Das Raster enthält keine Werte.", "Die Datei neu herunterladen.", file=path)
    return Reading(report=report, grid=grid_rows(block, path, report))


def _open(path: Path) -> tuple[np.ndarray[Any, Any], dict[int, Any]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=["TIFF"]) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise _refusal("Das Raster ist zu groß.", "Auf das eigene Land zuschneiden.", path)
                if len(image.getbands()) != 1 or getattr(image, "n_frames", 1) > 1:
                    raise _refusal("Das Raster hat mehr als einen Kanal.", "Ein Raster mit einem Wert liefern.", path)
                tags = dict(image.tag_v2)  # type: ignore[attr-defined]
                return np.asarray(image), tags
    except (
        UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, TypeError,
        KeyError, IndexError, OverflowError, struct.error, EOFError, MemoryError, ZeroDivisionError,
        AttributeError, RuntimeError,
    ) as error:  # fmt: skip
        raise _refusal("Das Raster ist beschädigt oder kein GeoTIFF.", "Die Datei neu herunterladen.", path) from error


def _refusal(message: str, repair: str, path: Path) -> InputError:
    return InputError("geotiff-not-usable", message, repair, file=path)


def _geo_keys(values: Any) -> dict[int, int]:
    """Keys with a plain number: groups of four (key, location, count, value) after a header of four."""
    flat = [int(v) for v in values] if isinstance(values, tuple) else []
    groups = [flat[i : i + 4] for i in range(4, len(flat) - 3, 4)]
    return {key: value for key, location, _, value in groups if location == 0}


def _check_reference(keys: dict[int, int], path: Path) -> None:
    code = keys.get(PROJECTED_KEY)
    if code != CRS:
        found = f"EPSG:{code}" if code else "kein Bezugssystem"
        raise _refusal(
            f"Das Raster nennt {found}, erwartet wird EPSG:{CRS}.",
            f"Das Raster in EPSG:{CRS} bereitstellen.",
            path,
        )


def _placing(tags: dict[int, Any], keys: dict[int, int], path: Path) -> tuple[int, float, float]:
    """Cell size and centre of the first pixel."""
    try:
        width, height = (float(v) for v in tags[PIXEL_SCALE][:2])
        col, row, _, x_m, y_m = (float(v) for v in tags[TIEPOINT][:5])
    except (KeyError, TypeError, ValueError) as error:
        raise _refusal("Dem Raster fehlt die Lage (GeoTIFF-Angaben).", "Als GeoTIFF neu speichern.", path) from error
    if not (0 < width == height and width == round(width)):
        raise _refusal("Die Pixel sind nicht quadratisch.", "Ein Gitter mit ganzen Metern verwenden.", path)
    shift = 0.0 if keys.get(RASTER_TYPE_KEY) == PIXEL_IS_POINT else width / 2
    return int(width), x_m - col * width + shift, y_m + row * width - shift


def _number(text: object) -> float | None:
    try:
        return float(str(text).strip("\0 "))
    except ValueError:
        return None


READERS.register("geotiff")(Reader("population", "Einwohnerraster als GeoTIFF (EPSG:3035)", sniff, read, 20))
