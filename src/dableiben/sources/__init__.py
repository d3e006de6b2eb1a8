# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""One reader per kind of file; each counts the rows it read and lost.

Importing this package registers all readers; they load what they need (osmium, pyogrio) when they read.
"""

from dableiben.sources import (
    areas_table,
    commuters,
    daviplan,
    ffcsv,
    genesis,
    geotiff,
    grid_csv,
    grid_parquet,
    gtfs,
    population_list,
    register,
    segments,
    transport,
    vg250,
)
from dableiben.sources.osm import reader as osm_reader

__all__ = [
    "areas_table",
    "commuters",
    "daviplan",
    "ffcsv",
    "genesis",
    "geotiff",
    "grid_csv",
    "grid_parquet",
    "gtfs",
    "osm_reader",
    "population_list",
    "register",
    "segments",
    "transport",
    "vg250",
]
