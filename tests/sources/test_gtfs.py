# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A timetable is checked and kept."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from dableiben.catalogue.load import load_catalogue
from dableiben.core.errors import InputError
from dableiben.sources.base import read_file
from dableiben.sources.gtfs import CALENDARS, NEEDED, NOTE


def archive(path: Path, **replaced: str | None) -> Path:
    """A made-up timetable; a table may be replaced or (None) left out."""
    tables: dict[str, str | None] = dict.fromkeys((*NEEDED, CALENDARS[0]), "id\na\nb\n")
    tables |= {f"{name}.txt": text for name, text in replaced.items()}
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in tables.items():
            if text is not None:
                opened.writestr(name, text)
    return path


def test_a_real_timetable_is_counted(shared_path: Path) -> None:
    path = shared_path / "regions" / "wetterau" / "gtfs-2022-partial.zip"
    reading = read_file(path, "gtfs", load_catalogue())
    with zipfile.ZipFile(path) as opened:
        names = [n for n in opened.namelist() if n in (*NEEDED, *CALENDARS)]
        rows = sum(len(opened.read(name).decode("utf-8-sig").split()[1:]) > 0 for name in names)
    assert rows == len(names) == 6
    assert reading.report.rows_used == reading.report.rows_read > 100
    assert reading.report.notes == [NOTE]


def test_rows_of_all_tables_are_counted(tmp_path: Path) -> None:
    path = archive(tmp_path / "plan.zip", stops="id\na\n\nb\nc", calendar=None, calendar_dates="id\n")
    assert read_file(path, "gtfs", load_catalogue()).report.rows_read == 3 + 4 * 2


@pytest.mark.parametrize(
    ("replaced", "code"),
    [
        ({"trips": None}, "gtfs-incomplete"),
        ({"calendar": None}, "gtfs-incomplete"),
        ({"stops": "id\n"}, "gtfs-empty"),
        ({"stops": ""}, "gtfs-empty"),
    ],
)
def test_an_incomplete_timetable_is_refused(tmp_path: Path, replaced: dict[str, str | None], code: str) -> None:
    with pytest.raises(InputError) as refused:
        read_file(archive(tmp_path / "plan.zip", **replaced), "gtfs", load_catalogue())
    assert refused.value.code == code


def test_damaged_archives_never_give_a_traceback(tmp_path: Path) -> None:
    content = archive(tmp_path / "plan.zip").read_bytes()
    path, catalogue = tmp_path / "kaputt.zip", load_catalogue()
    for at in range(0, len(content), 7):
        path.write_bytes(content[:at] + b"\xff\x00" + content[at + 2 :] if at % 2 else content[: at + 1])
        try:
            read_file(path, "gtfs", catalogue)
        except InputError as error:
            assert error.code in {"gtfs-not-readable", "gtfs-incomplete", "gtfs-empty", "file-of-unknown-kind"}
