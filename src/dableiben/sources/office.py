# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What form of table file is this, and is it safe to open? Limits for files that blow up when unpacked."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import Literal

from dableiben.core.errors import InputError

Form = Literal["xlsx", "ods", "csv"]

MAX_ENTRIES = 10_000
MAX_UNPACKED = 1_000_000_000
MAX_RATIO = 300
"""unpacked to packed; spreadsheets stay under 50"""
RATIO_FROM = 20_000_000
"""small parts may pack well without harm"""
MAX_CELLS = 20_000_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BLOCK = 1 << 20

_CELL = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_REPEATED = re.compile(rb'number-(?:columns|rows)-repeated="(\d+)"[^>]*?office:value-type')


def form_of(path: Path) -> Form:
    """Form of a table file by its first bytes, whatever its name says.

    Errors: InputError for encrypted or old Excel files, HTML named .xls(x), PDF and other archives.
    """
    with path.open("rb") as handle:
        head = handle.read(4096)
    if head.startswith(OLE):
        raise _ole_refusal(path)
    if head.startswith(b"PK"):
        return _form_of_archive(path)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml")):
        raise InputError(
            "table-is-html",
            "Die Datei ist eine Web-Seite oder XML mit der Endung einer Tabelle.",
            "In Excel öffnen und als „Excel-Arbeitsmappe (.xlsx)“ speichern.",
            file=path,
        )
    if start.startswith(b"%pdf"):
        raise InputError(
            "table-is-pdf", "Die Datei ist ein PDF.", "Die Tabelle als XLSX, ODS oder CSV liefern.", file=path
        )
    return "csv"


def _ole_refusal(path: Path) -> InputError:
    with path.open("rb") as handle:
        is_encrypted = "EncryptedPackage".encode("utf-16-le") in handle.read(50_000_000)
    if is_encrypted:
        return InputError(
            "table-encrypted",
            "Die Datei ist mit einem Kennwort verschlüsselt.",
            "Das Kennwort in Excel entfernen (Datei, Informationen) und neu speichern.",
            file=path,
        )
    return InputError(
        "table-old-excel",
        "Die Datei hat das alte Excel-Format (.xls).",
        "In Excel als „Excel-Arbeitsmappe (.xlsx)“ speichern.",
        file=path,
    )


def _form_of_archive(path: Path) -> Form:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise broken(path) from error
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise InputError(
        "table-unknown-archive",
        "Die Datei ist ein Archiv, aber keine Tabelle (XLSX oder ODS).",
        "Die Tabelle entpacken oder als „Excel-Arbeitsmappe (.xlsx)“ speichern.",
        file=path,
    )


def broken(path: Path) -> InputError:
    """The error for an archive or workbook that is damaged."""
    return InputError(
        "file-damaged",
        "Die Datei ist beschädigt oder unvollständig.",
        "Die Datei neu herunterladen oder neu speichern.",
        file=path,
    )


def check_archive(path: Path) -> None:
    """Unpack every part once, without keeping it, and count.

    A part that lies about its size fails its checksum here, before any parser sees it.
    Errors: InputError if it is damaged, encrypted, too large, packed too well, or spans too many cells.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_ENTRIES or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise _too_large(path)
            for part in parts:
                if part.flag_bits & 1:
                    raise InputError(
                        "file-encrypted",
                        "Das Archiv ist mit einem Kennwort verschlüsselt.",
                        "Ohne Kennwort neu speichern.",
                        file=path,
                    )
                if part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(1, part.compress_size):
                    raise _too_large(path)
                _check_part(archive, part, path)
    except (
        zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError, RuntimeError,
    ) as error:  # fmt: skip
        raise broken(path) from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, path: Path) -> None:
    is_sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    is_ods = part.filename == "content.xml"
    rows = columns = 1
    with archive.open(part) as handle:
        tail = b""
        while block := handle.read(BLOCK):
            text = tail + block
            if is_sheet:
                for letters, digits in _CELL.findall(text):
                    rows, columns = max(rows, int(digits)), max(columns, _column_number(letters))
            elif is_ods:
                rows = max([rows, *(int(number[:9]) for number in _REPEATED.findall(text))])
            tail = text[-400:] if is_sheet or is_ods else b""
            # A parser lays out the whole rectangle, also for one stray cell far away.
            if rows * columns > MAX_CELLS:
                raise _too_large(path)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large(path: Path) -> InputError:
    return InputError(
        "file-too-large",
        "Die Datei wäre entpackt ungewöhnlich groß.",
        "Leere Bereiche und Bilder löschen (Strg+Ende zeigt die letzte benutzte Zelle) und neu speichern.",
        file=path,
    )
