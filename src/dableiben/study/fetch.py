# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Public sources for a region: boundaries, then streets and cells around it, added like files of a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import shapely

from dableiben.catalogue.load import load_catalogue
from dableiben.core.errors import InputError
from dableiben.core.geo import to_degrees
from dableiben.core.ids import land_of
from dableiben.sources.base import Reading, Role, read_file
from dableiben.sources.cut import Box, cut_grid, cut_osm
from dableiben.sources.fetch import Dataset, Fetcher, packaged_datasets
from dableiben.store.config import FILE_NAME, RegionConfig
from dableiben.study.add import add_files
from dableiben.study.init import init_region
from dableiben.study.load import Progress, load, silent

OSM_NAME = "openstreetmap.osm.pbf"


@dataclass(frozen=True)
class Fetched:
    """What was loaded, and what it changes in the region (empty for a new one)."""

    datasets: tuple[Dataset, ...]
    differences: pd.DataFrame


def fetch(
    root: Path, *, config: RegionConfig | None = None, base: str | None = None, progress: Progress = silent
) -> Fetched:
    """Load the public data sets a region lacks and add them; make the region from them if there is none.

    config  of a new region, with its keys; None for a region folder that exists
    base    see sources.fetch.Fetcher
    Errors: InputError if something cannot be loaded or used; the region is then as it was.
    """
    if config is None or (root / FILE_NAME).exists():
        loaded = load(root, progress=progress)
        inside = loaded.region.areas[loaded.region.areas["inside"].astype(bool)]
        keys = tuple(sorted(inside.loc[inside["level"] == "municipality", "area_id"]))
        fetcher = Fetcher(root / "cache" / "fetch", base, progress=progress)
        readings = [given.reading for given in loaded.given]
        wanted, files = _load_lacking(fetcher, keys, readings)
        differences = add_files(root, files, progress=progress) if files else pd.DataFrame()
        return Fetched(wanted, differences)
    if not config.ags:
        raise InputError(
            "no-keys", f"„{root.name}“ ist noch kein Regionsordner, und ohne Schlüssel ist keine Gegend genannt.",
            "Den Pfad prüfen, oder für einen neuen Ordner --ags angeben, z. B. --ags 13072 für einen Kreis.",
        )  # fmt: skip
    with TemporaryDirectory() as folder:
        wanted, files = _load_lacking(Fetcher(Path(folder), base, progress=progress), config.ags, [])
        init_region(root, config, files, progress=progress)
    return Fetched(wanted, pd.DataFrame())


def _load_lacking(
    fetcher: Fetcher, keys: Sequence[str], readings: list[Reading]
) -> tuple[tuple[Dataset, ...], list[tuple[Role, Path]]]:
    cards = packaged_datasets()
    present = {reading.report.source.kind for reading in readings}
    wanted = tuple(dataset for dataset in cards.datasets if dataset.kind not in present)
    files: list[tuple[Role, Path]] = []
    for dataset in wanted:
        if dataset.kind == "boundaries":
            path = fetcher.load(dataset.addresses())
            readings = [*readings, read_file(path, dataset.role, load_catalogue())]
        else:
            path = _load_cut(fetcher, dataset, _Surroundings.of(readings, keys, cards.margin_km * 1000))
        files.append((dataset.role, path))
    return wanted, files


def _load_cut(fetcher: Fetcher, dataset: Dataset, around: _Surroundings) -> Path:
    if dataset.kind == "osm":
        target = fetcher.cache / OSM_NAME
        parts = [fetcher.load(dataset.addresses(land), md5_beside=dataset.md5_beside) for land in around.laender]
        fetcher.progress("Straßen und Orte der Region ausschneiden")
        cut_osm(parts, target, around.degrees)
        return target
    archive = fetcher.load(dataset.addresses())
    fetcher.progress("Gitterzellen der Region ausschneiden")
    target = fetcher.cache / f"{archive.stem}_100m-Gitter.csv"
    cut_grid(archive, dataset.member or "*", target, around.metres)
    return target


@dataclass(frozen=True)
class _Surroundings:
    """The box around the region's municipalities, and the Länder it touches."""

    metres: Box
    degrees: Box
    laender: tuple[str, ...]

    @classmethod
    def of(cls, readings: Sequence[Reading], keys: Sequence[str], margin_m: float) -> _Surroundings:
        """Errors: InputError if no municipality of the keys has a shape."""
        tables = [r.areas for r in readings if r.areas is not None and "geometry" in r.areas]
        rows = [row for table in tables for row in table.to_dict("records")]
        shapes = [(str(r["area_key"]), r["geometry"]) for r in rows if r["level"] == "municipality"]
        shapes = [(key, shape) for key, shape in shapes if shape is not None]
        own = [shape for key, shape in shapes if key.startswith(tuple(keys))]
        if not own:
            raise InputError(
                "ags-not-found", f"In den Gemeindegrenzen gibt es keine Gemeinde mit dem Schlüssel {', '.join(keys)}.",
                "Den Schlüssel prüfen (--ags oder region.toml); nach einer Kreisreform gilt der neue.",
            )  # fmt: skip
        west, south, east, north = shapely.total_bounds(own)
        metres = (west - margin_m, south - margin_m, east + margin_m, north + margin_m)
        frame = shapely.box(*metres)
        edge = np.asarray(shapely.segmentize(frame, 1000.0).exterior.coords)
        lon, lat = to_degrees(edge[:, 0], edge[:, 1])
        degrees = (float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
        touched = {land_of(key) for key, shape in shapes if shape.intersects(frame)}
        return cls(metres, degrees, tuple(sorted(land for land in touched if land)))
