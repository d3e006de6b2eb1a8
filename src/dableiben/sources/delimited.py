# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Delimited text: which encoding, delimiter and decimal mark, and its rows as text."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from dableiben.core.errors import InputError

HEAD_BYTES = 256 * 1024
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DELIMITERS = (";", "\t", ",", "|")
MAX_TEXT_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written."""

    encoding: str
    delimiter: str
    decimal: str
    header: list[str]
    header_row: int
    """row of the header as a person counts (1 = first line)"""


def encoding_of(path: Path) -> str:
    """UTF-8 (with or without mark), UTF-16 with mark, else cp1252, which reads ISO-8859-1 texts as well.

    Errors: InputError if the file holds zero bytes, so is no text.
    """
    with path.open("rb") as handle:
        head = handle.read(4)
        for mark, name in BOMS:
            if head.startswith(mark):
                return name
        handle.seek(0)
        is_utf8 = True
        rest = b""
        while block := handle.read(1 << 22):
            if b"\0" in block:
                raise InputError(
                    "file-not-text",
                    "Die Datei ist keine Textdatei.",
                    "Als CSV (UTF-8) neu speichern.",
                    file=path,
                )
            if is_utf8:
                block = rest + block
                try:
                    block.decode("utf-8")
                    rest = b""
                except UnicodeDecodeError as error:
                    # a character cut in two by the end of the block is no error
                    is_utf8 = len(block) - error.start < 4
                    rest = block[error.start :] if is_utf8 else b""
        return "utf-8" if is_utf8 and not rest else "cp1252"


def read_text(path: Path) -> str:
    """The whole text with line ends as \\n. Errors: InputError if it is no text or larger than 2 GB."""
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise InputError(
            "file-too-large", "Die Datei ist größer als 2 GB.", "Die Datei aufteilen.", file=path
        )
    encoding = encoding_of(path)
    try:
        text = path.read_bytes().decode(encoding, errors="replace" if encoding == "cp1252" else "strict")
    except UnicodeError as error:
        raise InputError(
            "file-not-text",
            "Die Datei ist keine lesbare Textdatei.",
            "Als CSV (UTF-8) neu speichern.",
            file=path,
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def sniff_dialect(path: Path) -> Dialect:
    """Dialect of a file whose first filled line is its header. Errors: InputError if it is no text."""
    encoding = encoding_of(path)
    with path.open("rb") as handle:
        head = handle.read(HEAD_BYTES).decode(encoding, errors="replace").lstrip("\ufeff")
    lines = re.split(r"\r\n|\r|\n", head)
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise InputError(
            "file-empty", "Die Datei enthält keine Zeilen.", "Die Datei neu speichern.", file=path
        )
    delimiter = delimiter_of(lines[first:])
    header = [cell.strip().lstrip("\ufeff") for cell in next(csv.reader([lines[first]], delimiter=delimiter))]
    sample = lines[first + 1 : first + 201]
    return Dialect(encoding, delimiter, decimal_of(sample, delimiter), header, first + 1)


def delimiter_of(lines: list[str]) -> str:
    """The delimiter most of the first lines agree on."""
    best, score = ";", 0.0
    sample = [line for line in lines[:50] if line.strip()]
    for delimiter in DELIMITERS:
        counts = [line.count(delimiter) for line in sample]
        if not counts or not any(counts):
            continue
        common = max(set(counts) - {0}, key=lambda n: (counts.count(n), n))
        agreed = counts.count(common) / len(counts)
        # In a table with ; the comma is a decimal mark, so that ; and tab win where they agree as well.
        if agreed > score + (0.1 if delimiter in (",", "|") else 0):
            best, score = delimiter, agreed
    return best


def decimal_of(lines: list[str], delimiter: str) -> str:
    """Decimal mark of the numbers in the lines: comma unless it delimits or points are seen."""
    if delimiter == ",":
        return "."
    cells = [cell.strip() for line in lines for cell in line.split(delimiter)]
    commas = sum(bool(re.fullmatch(r"-?\d+,\d+", cell)) for cell in cells)
    points = sum(bool(re.fullmatch(r"-?\d+\.\d+", cell)) for cell in cells)
    return "." if points > commas else ","


def rows_of(text: str, path: Path) -> list[list[str]]:
    """All rows as text. Errors: InputError if quotes are broken beyond repair."""
    delimiter = delimiter_of(text.split("\n", 60)[:60])
    csv.field_size_limit(1_000_000)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise InputError(
            "csv-not-readable",
            "Die Tabelle ist beschädigt (Anführungszeichen oder überlange Felder).",
            "Die Datei neu herunterladen oder neu speichern.",
            file=path,
        ) from error
