# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Grids as CSV: the official layouts of the census 2011 and 2022, and plain x, y, value in EPSG:3035."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

from dableiben.core.errors import InputError
from dableiben.core.geo import Floats
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.delimited import Dialect, sniff_dialect
from dableiben.sources.grid_values import UNINHABITED, Block, census_year, grid_rows, origin_of, theme_of

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

ID = re.compile(r"^gitter_id_?(\d+k?m)?$", re.IGNORECASE)
X = re.compile(r"^(x|x_mp|x_mp_\d+k?m|x_m|ost|rechtswert)$", re.IGNORECASE)
Y = re.compile(r"^(y|y_mp|y_mp_\d+k?m|y_m|nord|hochwert)$", re.IGNORECASE)
EXPLANATION = re.compile(r"^(werterl.*zeichen.*|.*_q)$", re.IGNORECASE)
BESIDE = frozenset(("lon", "lat", "longitude", "latitude", "ags", "ars", "name", "gemeinde", "fid", "id", "geometry"))
MISSING = ["", "–", "—", "-", ".", "...", "…", "/", "x", "NA", "nan", "NaN", "null"]
CELL_ID = re.compile(r"^(?:CRS3035RES)?(\d+)(k?m)N(\d+)E(\d+)$")


CHECKED_IDS = 1000


def sniff(path: Path) -> bool:
    """Whether the first line names an x and a y column, or the id of a grid cell."""
    try:
        dialect = sniff_dialect(path)
    except InputError:
        return False
    names = dialect.header
    return any(ID.match(n) for n in names) or (any(X.match(n) for n in names) and any(Y.match(n) for n in names))


def read(path: Path, catalogue: Catalogue) -> Reading:
    """Values per cell: Einwohner is `persons`, other columns are themes under their lower-case name.

    Errors: InputError with row and column for text in a number column, negative values, another country,
    swapped axes, ids that contradict the coordinates.
    """
    dialect = sniff_dialect(path)
    block, id_example = _read_block(path, dialect)
    as_of, attribution = origin_of(path, census_year(path, id_example))
    report = start_report(path, "zensus_grid", as_of=as_of, attribution=attribution)
    return Reading(report=report, grid=grid_rows(block, path, report))


@dataclass(frozen=True)
class _Columns:
    """Positions of the columns."""

    names: list[str]
    id: int | None
    x: int | None
    y: int | None
    weak: list[int]
    values: list[int]

    @property
    def has_centres(self) -> bool:
        """Whether the file names the centres of the cells, or only their ids."""
        return self.x is not None and self.y is not None


def _columns(names: list[str], path: Path) -> _Columns:
    id_at, x_at, y_at = (next((i for i, n in enumerate(names) if p.match(n)), None) for p in (ID, X, Y))
    weak_at = [i for i, n in enumerate(names) if EXPLANATION.match(n)]
    taken = {id_at, x_at, y_at, *weak_at}
    values_at = [i for i, n in enumerate(names) if i not in taken and n.strip() and n.strip().lower() not in BESIDE]
    columns = _Columns(names, id_at, x_at, y_at, weak_at, values_at)
    if not values_at or not (columns.has_centres or id_at is not None):
        raise InputError(
            "grid-without-values",
            "Neben den Koordinaten gibt es keine Spalte mit Werten.",
            "Eine Spalte mit Werten ergänzen, z. B. Einwohner.",
            file=path,
        )
    return columns


def _read_block(path: Path, dialect: Dialect) -> tuple[Block, str | None]:
    """All cells but those of which every value says -1: a national file of 2011 has thirty million of them."""
    _check_header(dialect.header, path)
    columns = _columns(dialect.header, path)
    size_m: int | None = None
    id_example: str | None = None
    pieces: list[tuple[np.ndarray, ...]] = []
    row, uninhabited = dialect.header_row + 1, 0
    for frame in _batches(path, dialect, columns):
        rows = np.arange(row, row + len(frame), dtype=np.int32)
        row += len(frame)
        if columns.id is not None and not pieces and len(frame):
            id_example = str(frame[columns.id].iloc[0])
            size_m = _check_ids(frame.head(CHECKED_IDS), columns, rows, path)
        x_m, y_m = _centres(frame, columns, rows, path)
        values = frame[columns.values].to_numpy(float)
        weak = np.zeros(len(frame), np.bool_)
        for column in columns.weak:
            weak |= frame[column].astype("str").str.upper().eq("KLAMMERN").to_numpy(bool)
        keep = ~(values == UNINHABITED).all(axis=1)
        uninhabited += int((~keep).sum())
        pieces.append((x_m[keep], y_m[keep], values[keep], weak[keep], rows[keep]))
    if not any(len(piece[0]) for piece in pieces):
        raise InputError(
            "file-empty", "Die Datei enthält keine Gitterzellen mit Werten.", "Die Datei neu herunterladen.", file=path
        )
    x_m, y_m, values, weak, rows = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    themes = {theme_of(columns.names[c]): values[:, i] for i, c in enumerate(columns.values)}
    written = {theme_of(columns.names[c]): columns.names[c] for c in columns.values}
    return Block(x_m, y_m, themes, weak, size_m, rows, uninhabited, written), id_example


def _check_header(names: list[str], path: Path) -> None:
    seen = [theme_of(n) for n in names if n.strip()]
    twice = sorted({n for n in seen if seen.count(n) > 1})
    if twice:
        raise InputError(
            "column-twice",
            f"Die Spalte „{twice[0]}“ gibt es mehrfach.",
            "Eine der Spalten umbenennen oder löschen.",
            file=path,
            column=twice[0],
        )


def _batches(path: Path, dialect: Dialect, columns: _Columns) -> Iterator[pd.DataFrame]:
    """The columns needed, by position; large national files come in pieces."""
    names = [f"c{i}" for i in range(len(dialect.header))]
    numbers = [i for i in (columns.x, columns.y) if i is not None] + columns.values
    texts = [i for i in (columns.id, *columns.weak) if i is not None]
    types = {names[i]: pa.float64() for i in numbers} | {names[i]: pa.string() for i in texts}
    try:
        with arrow_csv.open_csv(
            path,
            # one thread, so that an error knows its row
            read_options=arrow_csv.ReadOptions(
                encoding=dialect.encoding, skip_rows=dialect.header_row, column_names=names, use_threads=False
            ),
            parse_options=arrow_csv.ParseOptions(delimiter=dialect.delimiter),
            convert_options=arrow_csv.ConvertOptions(
                column_types=types,
                include_columns=list(types),
                null_values=MISSING,
                strings_can_be_null=True,
                decimal_point=dialect.decimal,
            ),
        ) as reader:
            for batch in reader:
                frame = batch.to_pandas()
                frame.columns = [int(name[1:]) for name in frame.columns]
                yield frame
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeDecodeError) as error:
        raise _refusal(path, dialect, str(error)) from error


def _refusal(path: Path, dialect: Dialect, message: str) -> InputError:
    row = re.search(r"Row #(\d+)", message)
    column = re.search(r"column #(\d+)", message)
    value = re.search(r"invalid value '([^']*)'", message)
    where = int(row[1]) if row else None
    if value and column:
        return InputError(
            "grid-text-in-number",
            f"„{value[1]}“ ist keine Zahl.",
            "Den Wert berichtigen oder die Zelle leeren.",
            file=path,
            row=where,
            column=dialect.header[int(column[1])],
        )
    return InputError(
        "grid-not-readable",
        "Die Tabelle ist beschädigt: Zeilen haben verschieden viele Spalten oder Zeichen fehlen.",
        "Die Datei neu herunterladen oder neu speichern (CSV, UTF-8).",
        file=path,
        row=where,
    )


def _check_ids(frame: pd.DataFrame, columns: _Columns, rows: np.ndarray, path: Path) -> int:
    """Cell size by the ids. Errors: InputError if an id contradicts the coordinates beside it."""
    size_m, x_m, y_m = _from_ids(frame[columns.id], rows, path)
    if columns.has_centres:
        beside = frame[[columns.x, columns.y]].to_numpy(float)
        wrong = (beside[:, 0] != x_m) | (beside[:, 1] != y_m)
        if wrong.any():
            raise InputError(
                "grid-id-differs",
                "Kennung und Koordinaten der Gitterzelle widersprechen sich.",
                "Prüfen, ob Spalten vertauscht wurden; am besten die Datei neu herunterladen.",
                file=path,
                row=int(rows[np.flatnonzero(wrong)[0]]),
            )
    return size_m


def _centres(frame: pd.DataFrame, columns: _Columns, rows: np.ndarray, path: Path) -> tuple[Floats, Floats]:
    if not columns.has_centres:
        _, x_m, y_m = _from_ids(frame[columns.id], rows, path)
        return x_m, y_m
    x_m, y_m = frame[columns.x].to_numpy(float), frame[columns.y].to_numpy(float)
    missing = np.isnan(x_m) | np.isnan(y_m)
    if missing.any():
        raise InputError(
            "grid-without-coordinates",
            "Einer Gitterzelle fehlen die Koordinaten.",
            "Die Zeile ergänzen oder löschen.",
            file=path,
            row=int(rows[np.flatnonzero(missing)[0]]),
        )
    return x_m, y_m


def _from_ids(ids: pd.Series, rows: np.ndarray, path: Path) -> tuple[int, Floats, Floats]:
    """Size and centres by ids such as CRS3035RES100mN2689100E4337000 or 1kmN2689E4337 (lower-left corner)."""
    parts = ids.astype("str").str.extract(CELL_ID.pattern)
    if parts.isna().any(axis=None):
        index = int(np.flatnonzero(parts.isna().any(axis=1))[0])
        raise InputError(
            "grid-id-not-valid",
            f"„{ids.iloc[index]}“ ist keine Kennung einer Gitterzelle.",
            "Erwartet wird z. B. CRS3035RES100mN2689100E4337000.",
            file=path,
            row=int(rows[index]),
        )
    size_m = int(str(parts.iloc[0, 0])) * (1000 if parts.iloc[0, 1] == "km" else 1)
    low = parts[[2, 3]].to_numpy(dtype="str")
    # Short ids leave out the zeros of the cell size: N26840 is 2,684,000 m on the 100 m grid.
    factor = np.where(np.char.str_len(low) == 7, 1, size_m)
    metres = low.astype(float) * factor
    return size_m, metres[:, 1] + size_m / 2, metres[:, 0] + size_m / 2


READERS.register("grid_csv")(Reader("population", "Gitter als CSV (Zensus 2011/2022 oder x, y, Wert)", sniff, read, 10))
