# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Segments and commuters as offices list them: what is read, what stays unknown, what is refused and where."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.inputs import COMMUTERS, SEGMENTS
from dableiben.core.week import from_bytes, hours, in_words
from dableiben.sources.base import Reading
from dableiben.sources.commuters import read as read_commuters
from dableiben.sources.people_templates import COMMUTERS as COMMUTER_FORM
from dableiben.sources.people_templates import SEGMENTS as SEGMENT_FORM
from dableiben.sources.people_templates import write_commuters_template, write_segments_template
from dableiben.sources.segments import read as read_segments
from support.tables import Rows, write_table

PERSONS = ("Personen mindestens", "Personen", "Personen höchstens")
HEAD = ("Bezeichnung", "Sicht", "Gemeinde", *PERSONS, "anwesend", "Saison")


def read(folder: Path, rows: Rows, catalogue: Catalogue, name: str = "segmente.xlsx") -> Reading:
    reading = read_segments(write_table(folder / name, rows), catalogue)
    assert reading.segments is not None
    SEGMENTS.arrow(reading.segments)
    report = reading.report
    assert report.rows_read == report.rows_used + report.lost.total() and report.source.restricted
    return reading


def table(folder: Path, rows: Rows, catalogue: Catalogue, name: str = "segmente.xlsx") -> pd.DataFrame:
    found = read(folder, rows, catalogue, name).segments
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["s.xlsx", "s.ods", "s.csv"])
def test_all_columns_in_every_file_form(tmp_path: Path, catalogue: Catalogue, name: str) -> None:
    row = ("Wochenpendler", "Outgoing", "Arbeit", "Moor", "Nord", 200, 300, 450, "Befragung 2025", "Fr 18:00-Mo 6:00",
           "ganzjährig", 25, 60, "Schicht", 20, 30, 40, 5, "P1", "Befragung", date(2025, 10, 1))  # fmt: skip
    rows = [("Mehrörtige im Amt Moor",), tuple(name for name, _, _ in SEGMENT_FORM), row]
    (found,) = table(tmp_path, rows, catalogue, name).to_dict("records")
    present = found.pop("present")
    assert hours(from_bytes(present)) == 60
    fields = [field for _, field, _ in SEGMENT_FORM if field != "present"]
    wanted = [value for (_, field, _), value in zip(SEGMENT_FORM, row, strict=True) if field != "present"]
    assert [found[field] for field in fields] == ["outgoing" if w == "Outgoing" else w for w in wanted]
    assert found["source_id"].endswith("!3") and found["present_text"] == "Fr 18:00-Mo 6:00"


def test_one_number_is_a_count_and_what_is_missing_stays_unknown(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [
        HEAD, ("a", "Incoming", "Moor", None, 40, None, "Mo-Do", None),
        ("b", "Incoming", "Moor", 10, None, None, None, None),
    ]  # fmt: skip
    one, other = table(tmp_path, rows, catalogue).to_dict("records")
    assert [one[f"persons_{end}"] for end in ("low", "best", "high")] == [40, 40, 40] and "ohne Spanne" in one["rule"]
    assert other["persons_low"] == 10 and pd.isna([other["persons_best"], other["persons_high"]]).all()
    assert other["present"] is None and other["season"] is None


def test_totals_and_remarks_are_no_segments(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [
        HEAD, ("a", "ansässig", "Moor", None, 40, None, "immer", None),
        ("Summe", None, None, None, 40, None, None, None), ("Quelle: Befragung", *[None] * 7),
    ]  # fmt: skip
    reading = read(tmp_path, rows, catalogue)
    assert reading.report.rows_used == 1 and reading.report.lost.total() == 2


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"Personen mindestens": 50}, "segment-interval", "Personen mindestens"),
    ({"Personen": 60}, "segment-outside-interval", "Personen"),
    ({"Personen": 5}, "segment-outside-interval", "Personen"),
    ({"Personen": "viele"}, "segment-text-in-number", "Personen"),
    ({"Personen mindestens": -1}, "segment-negative", "Personen mindestens"),
    ({"anwesend": "meistens"}, "segment-presence", "anwesend"),
    ({"Saison": "Erntezeit"}, "segment-season", "Saison"),
    ({"Sicht": "Pendler"}, "segment-view", "Sicht"),
    ({"Sicht": None}, "segment-view", "Sicht"),
    ({"Gemeinde": None}, "segment-without-place", "Gemeinde"),
]


@pytest.mark.parametrize(("change", "code", "column"), REFUSED)
def test_what_cannot_be_is_refused_at_its_spot(
    tmp_path: Path, catalogue: Catalogue, change: dict[str, Any], code: str, column: str
) -> None:
    row = {**dict(zip(HEAD, ("a", "Incoming", "Moor", 10, 30, 40, "Mo-Do", "Juli"), strict=True)), **change}
    with pytest.raises(InputError) as caught:
        table(tmp_path, [HEAD, tuple(row.values())], catalogue)
    error = caught.value
    assert (error.code, error.row, error.column, error.sheet) == (code, 2, column, "Liste")
    assert Path(str(error.file)).name == "segmente.xlsx" and error.repair


def test_a_file_without_segments_names_the_form(tmp_path: Path, catalogue: Catalogue) -> None:
    for rows, code in (([("Art", "Name"), ("Kita", "Sonne")], "segments-no-header"), ([HEAD], "segments-empty")):
        with pytest.raises(InputError, match="dableiben template segments") as caught:
            table(tmp_path, rows, catalogue)
        assert caught.value.code == code


def test_the_form_for_segments_comes_back(tmp_path: Path, catalogue: Catalogue) -> None:
    first = table(tmp_path, [HEAD, ("a", "Outgoing", "Moor", 10, 30, 40, "Fr–So", "Juli")], catalogue)
    write_segments_template(tmp_path / "form.xlsx", first)
    again = read_segments(tmp_path / "form.xlsx", catalogue).segments
    assert again is not None
    columns = [c for c in SEGMENTS.names if c != "source_id"]
    pd.testing.assert_frame_equal(first[columns], again[columns])
    assert in_words(from_bytes(again["present"][0])) == "Fr–So 0:00–24:00"


# --- commuters -------------------------------------------------------------------------------------------------

FLOWS = ("Wohnort AGS", "Wohnort", "Arbeitsort AGS", "Arbeitsort", "Insgesamt")


def commuters(folder: Path, rows: Rows, catalogue: Catalogue, name: str = "pendler.xlsx") -> pd.DataFrame:
    reading = read_commuters(write_table(folder / name, rows), catalogue)
    assert reading.commuters is not None
    COMMUTERS.arrow(reading.commuters)
    assert reading.report.rows_read == reading.report.rows_used + reading.report.lost.total()
    return reading.commuters


@pytest.mark.parametrize("name", ["p.xlsx", "p.ods", "p.csv"])
def test_commuters_with_totals_suppressed_numbers_and_short_keys(
    tmp_path: Path, catalogue: Catalogue, name: str
) -> None:
    rows = [
        ("Auspendler, Stichtag 30.06.2025",), FLOWS,
        ("6440001", "Moor", "06440002", "Brook", 120), (None, None, "06411", "Darmstadt", "*"),
        (None, None, "06", "Hessen", "X"), (None, None, None, "Auspendler insgesamt", 200),
        ("06440001", "Moor", "06440001", "Moor", 900), ("© Statistik der Bundesagentur für Arbeit", *[None] * 4),
    ]  # fmt: skip
    found = commuters(tmp_path, rows, catalogue, name)
    assert found["home_key"].tolist() == ["06440001"] * 4 and found["as_of"].tolist() == [date(2025, 6, 30)] * 4
    assert found["work_key"].tolist() == ["06440002", "06411", "06", None]
    assert found["total"].tolist() == [None, None, None, "out"]
    assert found["persons"].iloc[[0, 3]].tolist() == [120, 200] and found["persons"].iloc[[1, 2]].isna().all()


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (("06440001", "Moor", "06440002", "Brook", "viele"), "commuters-text-in-number", "Insgesamt"),
        (("06440001", "Moor", "06440002", "Brook", -3), "commuters-negative", "Insgesamt"),
        (("06440001", "Moor", "99999999", "Brook", 3), "commuters-key", "Arbeitsort AGS"),
    ],
)
def test_commuters_that_cannot_be_read_are_refused(
    tmp_path: Path, catalogue: Catalogue, row: tuple[Any, ...], code: str, column: str
) -> None:
    with pytest.raises(InputError) as caught:
        commuters(tmp_path, [FLOWS, row], catalogue)
    assert (caught.value.code, caught.value.row, caught.value.column) == (code, 2, column)


def test_a_file_without_commuters_names_the_form(tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="dableiben template commuters"):
        commuters(tmp_path, [("Wohnort", "Personen"), ("Moor", 3)], catalogue)


def test_the_form_for_commuters_is_read(tmp_path: Path, catalogue: Catalogue) -> None:
    write_commuters_template(tmp_path / "form.xlsx")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    sheet = book["Pendler"]
    assert [cell.value for cell in sheet[1]] == [name for name, _ in COMMUTER_FORM]
    sheet.append(["06440001", "Moor", "06440002", "Brook", 12, date(2025, 6, 30)])
    book.save(tmp_path / "form.xlsx")
    found = read_commuters(tmp_path / "form.xlsx", catalogue).commuters
    assert found is not None and found["persons"].tolist() == [12.0]
