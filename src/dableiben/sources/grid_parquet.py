# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Grids as Parquet with columns x, y (centres, EPSG:3035) and values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dableiben.core.errors import InputError
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.grid_csv import BESIDE, X, Y
from dableiben.sources.grid_values import Block, census_year, grid_rows, origin_of, theme_of

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue


def sniff(path: Path) -> bool:
    """Whether the file begins like Parquet."""
    try:
        with path.open("rb") as handle:
            return handle.read(4) == b"PAR1"
    except OSError:
        return False


def read(path: Path, catalogue: Catalogue) -> Reading:
    """Values per cell, themes as in the CSV form. Errors: InputError for a broken file or missing columns."""
    as_of, attribution = origin_of(path, census_year(path, None))
    report = start_report(path, "grid_parquet", as_of=as_of, attribution=attribution)
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(
            "parquet-not-readable",
            "Die Parquet-Datei ist beschädigt.",
            "Die Datei neu herunterladen.",
            file=path,
        ) from error
    x_name = next((n for n in table.column_names if X.match(n)), None)
    y_name = next((n for n in table.column_names if Y.match(n)), None)
    names = [
        f.name
        for f in table.schema
        if f.name not in (x_name, y_name) and f.name.lower() not in BESIDE and _is_number(f.type)
    ]
    if x_name is None or y_name is None or not names or not table.num_rows:
        raise InputError(
            "parquet-not-a-grid",
            "Die Parquet-Datei hat keine Spalten x, y und Werte.",
            "Spalten x und y (EPSG:3035) und z. B. Einwohner verwenden.",
            file=path,
        )
    try:
        arrays = {n: table[n].cast(pa.float64()).to_numpy() for n in (x_name, y_name, *names)}
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise InputError(
            "parquet-not-readable",
            "Die Parquet-Datei enthält Werte, die keine Zahlen sind.",
            "Die Datei neu herunterladen.",
            file=path,
        ) from error
    if np.isnan(arrays[x_name]).any() or np.isnan(arrays[y_name]).any():
        raise InputError(
            "grid-without-coordinates",
            "Einer Gitterzelle fehlen die Koordinaten.",
            "Die Zeile ergänzen oder löschen.",
            file=path,
        )
    block = Block(
        arrays[x_name],
        arrays[y_name],
        {theme_of(n): arrays[n] for n in names},
        np.zeros(table.num_rows, np.bool_),
    )
    return Reading(report=report, grid=grid_rows(block, path, report))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


READERS.register("grid_parquet")(Reader("population", "Gitter als Parquet (x, y, Werte)", sniff, read, 20))
