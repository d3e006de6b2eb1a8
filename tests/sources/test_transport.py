# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Lists of Bürgerbusse and Fahrdienste are read as people write them; what is left empty is unknown, never none."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.inputs import TRANSPORT
from dableiben.sources.base import Reading, read_file
from dableiben.sources.templates import write_transport_template
from dableiben.sources.transport import places_in
from support.tables import write_table

HEAD = (
    "Name", "Art", "Bedienungsgebiet", "Betriebszeiten", "Sitzplätze", "Ehrenamtliche", "hauptamtliche Begleitung",
    "Anmeldung", "Träger", "Stand",
)  # fmt: skip
BUS = ("Bürgerbus Moor", "Bürgerbus", "Lüttenrade; Moorhof, Sand", "Di, Do 9-12 Uhr", 8, 14, "ja", 0, "Verein", "2025")


def read(path: Path, rows: list[Any], catalogue: Catalogue) -> Reading:
    reading = read_file(write_table(path, rows), "transport", catalogue)
    assert reading.report.rows_read == reading.report.rows_used + reading.report.lost.total()
    assert reading.transport is not None
    TRANSPORT.arrow(reading.transport)
    return reading


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "csv"])
def test_every_column_is_read(tmp_path: Path, catalogue: Catalogue, suffix: str) -> None:
    reading = read(tmp_path / f"liste.{suffix}", [HEAD, BUS], catalogue)
    assert reading.transport is not None
    (row,) = reading.transport.to_dict("records")
    row.pop("source_id")
    assert row == {
        "name": "Bürgerbus Moor", "form": "buergerbus", "localities": ["Lüttenrade", "Moorhof", "Sand"],
        "routes_text": None, "service_hours": "Di, Do 9-12 Uhr", "seats": 8, "volunteers": 14, "paid_support": True,
        "notice_min": 0, "provider": "Verein", "as_of": date(2025, 12, 31),
    }  # fmt: skip
    assert reading.report.source.restricted and reading.report.source.as_of == date(2025, 12, 31)


def test_an_empty_cell_is_unknown_and_a_zero_is_none(tmp_path: Path, catalogue: Catalogue) -> None:
    empty = ("Fahrdienst Sand", "Fahrdienst", *[None] * 8)
    none = ("Bank", "Mitfahrbank", "Sand", None, None, 0, "nein", "keine", None, None)
    table = read(tmp_path / "liste.xlsx", [HEAD, empty, none], catalogue).transport
    assert table is not None
    unknown, known = table.astype(object).where(table.notna(), None).to_dict("records")
    fields = ("localities", "volunteers", "paid_support", "notice_min")
    assert [unknown[field] for field in fields] == [None] * 4
    assert [known[field] for field in fields] == [["Sand"], 0, False, 0]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        (60, 60), ("60 Min.", 60), ("2 Stunden vorher", 120), ("1,5 Std.", 90), ("einen Tag vorher", 1440),
        ("am Vortag bis 12 Uhr", 1440), ("bis 30 Minuten vor Abfahrt", 30), ("nein", 0), ("nicht erforderlich", 0),
        ("telefonisch", None), ("?", None), (None, None),
    ],
)  # fmt: skip
def test_notice_is_read_in_minutes_or_unknown(tmp_path: Path, catalogue: Catalogue, text: Any, minutes: Any) -> None:
    reading = read(tmp_path / "liste.xlsx", [HEAD, (*BUS[:7], text, *BUS[8:])], catalogue)
    assert reading.transport is not None
    found = reading.transport["notice_min"].iloc[0]
    assert (None if found != found else found) == minutes
    assert any("telefonisch" in note for note in reading.report.notes) == (text == "telefonisch")


@pytest.mark.parametrize(
    ("words", "form"),
    [
        ("Bürgerbus", "buergerbus"), ("ehrenamtlicher Fahrdienst", "fahrdienst"), ("Anruf-Sammel-Taxi", "rufbus"),
        ("ALT", "rufbus"), ("Mitfahrbänke", "mitfahrbank"), ("Rufbus (Linie 12)", "rufbus"),
    ],
)  # fmt: skip
def test_forms_have_many_names(tmp_path: Path, catalogue: Catalogue, words: str, form: str) -> None:
    table = read(tmp_path / "liste.xlsx", [HEAD, ("Nord", words, *BUS[2:])], catalogue).transport
    assert table is not None and table["form"].tolist() == [form]


def test_without_a_column_for_it_the_name_says_the_form(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [("Name", "Orte"), ("Bürgerbus Moor", "Sand"), ("Quelle: Kreis", None), ("Rufbus 7", "Moor")]
    reading = read(tmp_path / "liste.xlsx", rows, catalogue)
    assert reading.transport is not None and reading.transport["form"].tolist() == ["buergerbus", "rufbus"]
    assert reading.report.lost.total() == 1


def test_unknown_forms_and_repeated_rows_are_counted(tmp_path: Path, catalogue: Catalogue) -> None:
    reading = read(tmp_path / "liste.xlsx", [HEAD, BUS, ("Zeppelin", "Luftschiff", *BUS[2:]), BUS], catalogue)
    assert reading.report.lost == {"Fahrangebote: Art unbekannt": 1, "Fahrangebote: Zeile doppelt": 1}
    assert any("Luftschiff" in note for note in reading.report.notes)


def test_one_bus_may_have_several_rows(tmp_path: Path, catalogue: Catalogue) -> None:
    table = read(tmp_path / "liste.xlsx", [HEAD, BUS, (*BUS[:3], "Sa 9-12", *BUS[4:])], catalogue).transport
    assert table is not None and len(table) == 2 and table["source_id"].is_unique


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [(4, "acht", "transport-text-in-number"), (5, -3, "transport-text-in-number"), (4, 2.5, "transport-text-in-number"),
     (6, "manchmal schon", "transport-flag"), (9, "neulich", "transport-date")],
)  # fmt: skip
def test_what_its_column_cannot_hold_is_refused_with_its_spot(
    tmp_path: Path, catalogue: Catalogue, column: int, value: object, code: str
) -> None:
    row: list[object] = [*BUS]
    row[column] = value
    with pytest.raises(InputError) as refused:
        read(tmp_path / "liste.xlsx", [HEAD, tuple(row)], catalogue)
    assert (refused.value.code, refused.value.row, refused.value.column) == (code, 2, HEAD[column])


@pytest.mark.parametrize(
    ("rows", "code"),
    [([("a", "b"), (1, 2)], "transport-no-header"), ([HEAD, ("x", "Luftschiff")], "transport-empty")],
)
def test_a_table_of_something_else_is_refused(tmp_path: Path, catalogue: Catalogue, rows: list[Any], code: str) -> None:
    with pytest.raises(InputError) as refused:
        read(tmp_path / "liste.xlsx", rows, catalogue)
    assert refused.value.code == code


def test_places_are_told_apart_but_not_inside_brackets() -> None:
    assert places_in("Moor; Sand (Nord, Süd), Bruch.") == ["Moor", "Sand (Nord, Süd)", "Bruch"]
    assert places_in(" ; ") is None and places_in(None) is None


def test_the_form_goes_out_and_comes_back_unchanged(tmp_path: Path, catalogue: Catalogue) -> None:
    first = read(tmp_path / "liste.xlsx", [HEAD, BUS, ("Bank", "Mitfahrbank", *[None] * 8)], catalogue).transport
    write_transport_template(tmp_path / "form.xlsx", first)
    back = read_file(tmp_path / "form.xlsx", "transport", catalogue).transport
    assert first is not None and back is not None
    assert TRANSPORT.arrow(back).equals(TRANSPORT.arrow(first))
