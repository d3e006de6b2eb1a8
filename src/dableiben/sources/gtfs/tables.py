# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of a feed from a ZIP archive or a folder, column by column, every value a text."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from dableiben.core.errors import InputError
from dableiben.sources.gtfs.losses import Losses
from dableiben.sources.office import MAX_RATIO, RATIO_FROM

MAX_BYTES = 6_000_000_000
"""unpacked; the feed of all Germany has three"""
BLOCK = 1 << 24
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]


@dataclass
class Feed:
    """The files of a feed, wherever they lie."""

    path: Path
    names: dict[str, str]
    """name of a table -> its name inside the archive or folder"""

    def read(self, name: str) -> bytes:
        """Content of a table. Errors: InputError if the archive is damaged or blows up."""
        try:
            if self.path.is_dir():
                return (self.path / self.names[name]).read_bytes()
            with zipfile.ZipFile(self.path) as archive:
                info = archive.getinfo(self.names[name])
                packed_well = info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size)
                if info.file_size > MAX_BYTES or packed_well:
                    raise InputError(
                        "gtfs-too-large", f"Die Tabelle {name} wäre entpackt ungewöhnlich groß.",
                        "Einen Fahrplan für das eigene Gebiet verwenden.", file=self.path,
                    )  # fmt: skip
                return archive.read(info)
        except (
            zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, NotImplementedError,
        ) as error:  # fmt: skip
            raise damaged(self.path) from error


def damaged(path: Path) -> InputError:
    """The error for an archive that cannot be unpacked."""
    return InputError(
        "gtfs-not-readable", "Das Archiv mit dem Fahrplan ist beschädigt.", "Das Archiv neu laden.", file=path
    )


def open_feed(path: Path) -> Feed:
    """Find the tables, also where all of them lie in one folder of the archive. Errors: InputError if damaged."""
    try:
        if path.is_dir():
            inside = [p.relative_to(path).as_posix() for p in sorted(path.rglob("*")) if p.is_file()]
        else:
            with zipfile.ZipFile(path) as archive:
                inside = sorted(name for name in archive.namelist() if not name.endswith("/"))
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        raise damaged(path) from error
    roots = {name.rpartition("/")[0] for name in inside if name.rpartition("/")[2] == "trips.txt"}
    root = min(roots, key=lambda folder: (folder.count("/"), folder)) if roots else ""
    root = f"{root}/" if root else ""
    return Feed(path, {n.removeprefix(root): n for n in inside if n.startswith(root) and "/" not in n[len(root) :]})


@dataclass(frozen=True)
class Table:
    """A table whose columns are dictionary-encoded texts without blanks at their ends; "" = nothing is said."""

    name: str
    rows: int
    columns: dict[str, Any]
    """name -> pyarrow.DictionaryArray"""

    def __contains__(self, column: str) -> bool:
        return column in self.columns

    def values(self, column: str) -> tuple[Whole, list[str]]:
        """Number of the distinct text in each row, and the distinct texts; one empty text if there is no column."""
        if column not in self.columns:
            return np.zeros(self.rows, np.int64), [""]
        array = self.columns[column]
        return array.indices.to_numpy(zero_copy_only=False).astype(np.int64), array.dictionary.to_pylist()

    def texts(self, column: str) -> Texts:
        """A column as texts."""
        return self.mapped(column, lambda text: text, object)

    def mapped(self, column: str, function: Callable[[str], Any], dtype: Any = np.float64) -> NDArray[Any]:
        """A column after a function that is called once for each distinct text."""
        numbers, distinct = self.values(column)
        results = np.empty(len(distinct), dtype)
        for index, text in enumerate(distinct):
            results[index] = function(text)
        return results[numbers] if len(distinct) else np.empty(self.rows, dtype)

    def numbers(self, column: str) -> NDArray[np.float64]:
        """A column as numbers; NaN where there is none."""
        return self.mapped(column, number_or_nan)

    def said(self, column: str) -> Flags:
        """Where a column says anything."""
        return self.mapped(column, bool, np.bool_)

    def at(self, column: str, index: pd.Index) -> Whole:
        """Place of each text in an index of unique texts; -1 = not there."""
        numbers, distinct = self.values(column)
        return index.get_indexer(pd.Index(distinct, dtype=object)).astype(np.int64)[numbers]

    def where(self, keep: Flags) -> Table:
        """The rows that are kept."""
        if keep.all():
            return self
        mask = pa.array(keep)
        return Table(self.name, int(keep.sum()), {n: column.filter(mask) for n, column in self.columns.items()})


def number_or_nan(text: str) -> float:
    """A finite number, NaN if the text is none."""
    try:
        value = float(text)
    except ValueError:
        return float("nan")
    return value if abs(value) < 1e15 else float("nan")


def read_table(
    feed: Feed, name: str, columns: Iterable[str], losses: Losses, *, needed: Iterable[str] = ()
) -> Table | None:
    """Some columns of a table; None if the feed has no such table. Rows of another width are counted as lost.

    Errors: InputError if the table is damaged or lacks a needed column.
    """
    if name not in feed.names:
        return None
    data = _in_utf8(feed.read(name), name, losses)
    head, _, body = _lines(data)
    header = [cell.strip() for cell in next(csv.reader([head]), [])]
    missing = [column for column in needed if column not in header]
    if missing and body.strip():
        raise InputError(
            "gtfs-column-missing", f"In der Tabelle {name} fehlt die Spalte {missing[0]}.",
            "Ein vollständiges GTFS-Archiv des Verkehrsverbunds verwenden.", file=feed.path, sheet=name,
            column=missing[0],
        )  # fmt: skip
    wanted = [column for column in dict.fromkeys(columns) if column in header]
    found = _parsed(body, header, wanted, name, losses)
    rows = len(found[wanted[0]]) if wanted else 0
    losses.read(rows)
    return Table(name, rows, found)


def _in_utf8(data: bytes, name: str, losses: Losses) -> bytes:
    """A text in UTF-8 without its mark; other encodings are told."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        losses.note(f"Die Tabelle {name} ist in UTF-16 geschrieben und wurde umgewandelt.")
        return data.decode("utf-16", errors="replace").encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode()
    except UnicodeDecodeError:
        losses.note(f"Die Tabelle {name} ist nicht in UTF-8 geschrieben; gelesen wurde sie als Windows-1252.")
        return data.decode("cp1252", errors="replace").encode()
    return data


def _lines(data: bytes) -> tuple[str, bytes, bytes]:
    data = data.lstrip(b"\r\n ")
    ends = [at for at in (data.find(b"\n"), data.find(b"\r")) if at >= 0]
    end = min(ends, default=len(data))
    return data[:end].decode(), b"\n", data[end:].lstrip(b"\r\n")


def _parsed(body: bytes, header: list[str], wanted: list[str], name: str, losses: Losses) -> dict[str, Any]:
    if not body.strip() or not wanted:
        return {column: pa.array([], pa.string()).dictionary_encode() for column in wanted}
    unique = [column if column not in header[:i] else f"{column}#{i}" for i, column in enumerate(header)]
    try:
        if body.count(b'"') % 2:
            raise pa.ArrowInvalid("a quote is not closed")
        table = pa_csv.read_csv(
            pa.BufferReader(body),
            pa_csv.ReadOptions(column_names=unique, block_size=BLOCK),
            pa_csv.ParseOptions(newlines_in_values=b'"' in body),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()), include_columns=wanted, strings_can_be_null=False
            ),
        )
        return {column: _encoded(table[column].combine_chunks()) for column in wanted}
    except pa.ArrowInvalid:
        rows = list(_rows(body.decode(errors="replace"), len(header), name, losses))
        places = {column: header.index(column) for column in wanted}
        return {c: _encoded(pa.array([row[i] for row in rows], pa.string())) for c, i in places.items()}


def _rows(text: str, width: int, name: str, losses: Losses) -> Iterator[list[str]]:
    """Rows one by one, where the fast way stumbles: short ones are filled up, too long ones are lost.

    A quote that nobody closes must not swallow the rows after it: then every line stands for itself.
    """
    lines = text.splitlines() if text.count('"') % 2 else None
    parsed = (row for line in lines for row in csv.reader([line])) if lines else csv.reader(io.StringIO(text))
    csv.field_size_limit(1 << 24)
    try:
        for row in parsed:
            if not any(row):
                continue
            if len(row) > width and any(cell.strip() for cell in row[width:]):
                losses.read(1)
                losses.lose(f"Zeile mit zu vielen Spalten ({name})", 1)
                continue
            yield [*row[:width], *([""] * (width - len(row)))]
    except csv.Error:
        losses.read(1)
        losses.lose(f"Zeile nicht lesbar ({name})", 1)


def _encoded(array: Any) -> Any:
    """Dictionary-encoded, blanks at the ends taken away."""
    encoded = array.dictionary_encode()
    distinct = encoded.dictionary.to_pylist()
    stripped = [text.strip() for text in distinct]
    if stripped == distinct:
        return encoded
    numbers, unique = pd.factorize(np.array(stripped, dtype=object))
    codes = numbers[encoded.indices.to_numpy(zero_copy_only=False)]
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(list(unique), pa.string()))
