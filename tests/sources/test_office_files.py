# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Workbooks that are no workbooks, are locked, or blow up when unpacked."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from dableiben.core.errors import InputError
from dableiben.sources.office import MAX_ENTRIES, check_archive, form_of
from dableiben.sources.sheets import read_sheets
from support.ods import write_ods
from support.tables import write_xlsx

ROWS = [("Ortsteil", "Alter", "Anzahl"), ("Nord", 3, 4)]


def code(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_sheets(path)
    assert caught.value.repair
    assert path.name in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<html><body><table><tr><td>Kita</td></tr></table></body></html>", "table-is-html"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html></html>", "table-is-html"),
        (b'<?xml version="1.0"?><Workbook/>', "table-is-html"),
        (b"%PDF-1.7\n", "table-is-pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"), "table-old-excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "table-encrypted"),
        (b"PK\x03\x04" + b"\0" * 40, "file-damaged"),
        (b"Ortsteil;Alter\0;3", "file-not-text"),
    ],
)
def test_files_under_a_false_name_are_told_apart(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "liste.xlsx"
    path.write_bytes(content)
    assert code(path) == expected


def test_forms_go_by_content_not_by_name(tmp_path: Path) -> None:
    assert form_of(write_xlsx(tmp_path / "a.csv", {"T": ROWS})) == "xlsx"
    assert form_of(write_ods(tmp_path / "a.xlsx", {"T": ROWS})) == "ods"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_truncated_workbooks_are_damaged(tmp_path: Path, share: float, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    whole = (write_xlsx if suffix == "xlsx" else write_ods)(path, {"T": ROWS}).read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert code(path) == "file-damaged"


def archive(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def test_bombs_are_refused_before_any_parser_sees_them(tmp_path: Path) -> None:
    sheet = "xl/worksheets/sheet1.xml"
    packed_well = archive(tmp_path / "a.xlsx", {"xl/workbook.xml": b"", sheet: b"\0" * 60_000_000})
    assert packed_well.stat().st_size < 100_000
    assert code(packed_well) == "file-too-large"
    many = archive(tmp_path / "b.xlsx", {"xl/workbook.xml": b""} | {f"x{i}": b"" for i in range(MAX_ENTRIES + 1)})
    assert code(many) == "file-too-large"


def test_a_part_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.xlsx", {"xl/workbook.xml": b"", "xl/media/x": b"\0" * 30_000_000})
    raw = bytearray(path.read_bytes())
    size = struct.pack("<I", 30_000_000)
    at = raw.find(size)
    while at >= 0:
        raw[at : at + 4] = struct.pack("<I", 1000)
        at = raw.find(size, at)
    path.write_bytes(raw)
    assert code(path) == "file-damaged"


@pytest.mark.parametrize("block", [0, 1 << 20])
def test_one_stray_cell_far_away_does_not_fill_the_memory(tmp_path: Path, block: int) -> None:
    """Also where its address lies across the border of two blocks of reading."""
    cells = b'<row><c r="A1"><v>1</v></c>' + b" " * max(0, block - 60) + b'<c s="3" r="XFD1048576"><v>1</v></c></row>'
    path = archive(tmp_path / "a.xlsx", {"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": cells})
    with pytest.raises(InputError) as caught:
        check_archive(path)
    assert caught.value.code == "file-too-large"


def test_repeated_rows_of_ods_do_not_fill_the_memory(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", {"T": ROWS})
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["content.xml"] = parts["content.xml"].replace(
        b"<table:table-cell office", b'<table:table-cell table:number-columns-repeated="900000000" office', 1
    )
    assert code(archive(tmp_path / "b.ods", parts)) == "file-too-large"


def test_external_entities_of_ods_are_refused(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", {"T": ROWS})
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    parts["content.xml"] = parts["content.xml"].replace(b'<?xml version="1.0" encoding="UTF-8"?>', bomb)
    assert code(archive(tmp_path / "b.ods", parts)) == "file-damaged"


def test_locked_archives_are_named(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.xlsx", {"xl/workbook.xml": b"abc"})
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.find(mark) + offset] |= 1
    path.write_bytes(raw)
    assert code(path) == "file-encrypted"


def test_empty_workbook_is_said_to_be_empty(tmp_path: Path) -> None:
    assert code(write_xlsx(tmp_path / "a.xlsx", {"T": []})) == "file-empty"


def test_merged_cells_of_ods_are_filled(tmp_path: Path) -> None:
    path = write_ods(tmp_path / "a.ods", {"T": [("Nord", 1), (None, 2)]})
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["content.xml"] = parts["content.xml"].replace(
        b"<table:table-cell office", b'<table:table-cell table:number-rows-spanned="2" office', 1
    )
    (sheet,) = read_sheets(archive(tmp_path / "b.ods", parts))
    assert sheet.rows == [["Nord", 1.0], ["Nord", 2.0]]
    assert sheet.merged == [((0, 0), (1, 0))]
