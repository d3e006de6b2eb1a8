# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Population lists: long and wide, titles, totals, merged cells, second homes; unknown is never 0."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.core.errors import InputError
from dableiben.core.inputs import POPULATION
from dableiben.sources.base import Reading
from dableiben.sources.cells import ages
from dableiben.sources.population_list import read as read_list
from support.tables import Rows, write_csv, write_table, write_xlsx

DAY = date(2025, 12, 31)
HEAD = ("AGS", "Gemeinde", "Ortsteil", "Alter", "Geschlecht", "Wohnsitz", "Stichtag", "Anzahl")
LONG = (
    HEAD,
    ("13071001", "Moor", "Nord", 0, "m", "HW", DAY, 3),
    ("13071001", "Moor", "Nord", 1, "w", "HW", DAY, None),
    ("13071001", "Moor", "Süd", 40, "männlich", "Hauptwohnung", DAY, 12),
    ("13071001", "Moor", "Süd", "90 und mehr", "weiblich", "Nebenwohnsitz", DAY, 1),
)


def read(path: Path) -> Reading:
    reading = read_list(path, None)  # type: ignore[arg-type]
    report = reading.report
    assert report.rows_read == report.rows_used + report.lost.total()
    assert report.source.restricted
    assert reading.population is not None
    POPULATION.arrow(reading.population)
    return reading


def table(reading: Reading) -> pd.DataFrame:
    assert reading.population is not None
    return reading.population


def rows_of(folder: Path, rows: Rows, name: str = "liste.xlsx") -> Reading:
    return read(write_table(folder / name, rows))


def refusal(folder: Path, rows: Rows) -> InputError:
    with pytest.raises(InputError) as caught:
        rows_of(folder, rows)
    return caught.value


@pytest.mark.parametrize("name", ["liste.xlsx", "liste.ods", "liste.csv"])
def test_long_form_in_every_file_form(tmp_path: Path, name: str) -> None:
    reading = rows_of(tmp_path, LONG, name)
    people = table(reading)
    assert people["persons"].isna().tolist() == [False, True, False, False]
    assert people["persons"].sum() == 16
    assert people["sex"].tolist() == ["m", "w", "m", "w"]
    assert people["home"].tolist() == ["main", "main", "main", "second"]
    assert people["age_to"].isna().tolist() == [False, False, False, True]
    assert set(people["area_key"]) == {"13071001"}
    assert set(people["as_of"]) == {DAY} == {reading.report.source.as_of}
    assert set(people["basis"]) == {"register"}


def test_wide_form_equals_long_form(tmp_path: Path) -> None:
    """A second writer of the same numbers: whatever the layout, the same persons come out."""
    counts = {
        (place, sex, home, age): (7 * age + 3 * len(place) + (sex == "w") + 2 * (home == "N")) % 11
        for place, sex, home, age in product(("Nord", "Süd"), ("m", "w"), ("H", "N"), range(12))
    }
    long = [
        ("Ortsteil", "Geschlecht", "Wohnung", "Alter", "Einwohner"),
        *((p, s, h, a, n) for (p, s, h, a), n in counts.items()),
    ]
    by_age = [("Ortsteil", "Geschlecht", "Wohnung", *range(12))]
    for place, sex, home in product(("Nord", "Süd"), ("m", "w"), ("H", "N")):
        by_age.append((place, sex, home, *(counts[place, sex, home, age] for age in range(12))))  # type: ignore[arg-type]
    heads = [f"{home} {sex}" for home, sex in product(("HW", "NW"), ("männlich", "weiblich"))]
    by_sex = [("Ortsteil", "Alter", *heads)]
    for place, age in product(("Nord", "Süd"), range(12)):
        by_sex.append((place, age, *(counts[place, s, h, age] for h, s in product("HN", "mw"))))  # type: ignore[arg-type]
    columns = ["locality", "sex", "home", "age_from", "age_to", "persons"]
    frames = [
        table(rows_of(tmp_path, [("Stand: 31.12.2025",), *rows], f"liste{i}.xlsx"))[columns]
        .astype(object)
        .sort_values(columns[:4], ignore_index=True)
        for i, rows in enumerate((long, by_age, by_sex))
    ]
    assert len(frames[0]) == len(counts)
    assert frames[0].astype(str).equals(frames[1].astype(str))
    assert frames[0].astype(str).equals(frames[2].astype(str))


def test_two_header_rows_with_merged_cells(tmp_path: Path) -> None:
    rows = [
        ("Moor", None, None, None, None, None, None),
        ("Ortsteil", "männlich", None, None, "weiblich", None, None),
        ("Ortsteil", "0", "1", "2 u. m.", "0", "1", "2 u. m."),
        ("Nord", 1, 2, 3, 4, 5, 6),
    ]
    path = write_xlsx(tmp_path / "2025.xlsx", {"Blatt": rows}, merges=[(1, 0, 2, 0), (1, 1, 1, 3), (1, 4, 1, 6)])
    people = table(read(path))
    assert people[["sex", "age_from", "persons"]].to_numpy().tolist() == [
        ["m", 0, 1], ["m", 1, 2], ["m", 2, 3], ["w", 0, 4], ["w", 1, 5], ["w", 2, 6],
    ]  # fmt: skip
    # the same without merged cells, as a CSV export has it
    without = [("Stand 31.12.2025",), *rows[1:2], (None, *rows[2][1:]), rows[3]]
    again = table(rows_of(tmp_path, without, "export.csv"))
    assert again["persons"].tolist() == people["persons"].tolist()
    assert again["sex"].tolist() == people["sex"].tolist()


def test_vertically_merged_localities_are_filled_and_counted(tmp_path: Path) -> None:
    rows = [("Ortsteil", "Alter", "Anzahl"), ("Nord", 0, 1), (None, 1, 2), ("Süd", 0, 3), (None, 1, 4)]
    reading = read(write_xlsx(tmp_path / "e2024.xlsx", {"T": rows}, merges=[(1, 0, 2, 0), (3, 0, 4, 0)]))
    assert table(reading)["locality"].tolist() == ["Nord", "Nord", "Süd", "Süd"]
    assert any("2 verbundene Zellbereiche" in note for note in reading.report.notes)
    # written into the first row only, without merging
    again = rows_of(tmp_path, rows, "e2024b.csv")
    assert table(again)["locality"].tolist() == ["Nord", "Nord", "Süd", "Süd"]
    assert any("Wert der Zeile darüber" in note for note in again.report.notes)


@pytest.mark.parametrize("word", ["Summe", "Insgesamt", "Gesamt", "zusammen", "Moor gesamt", "Nord Ergebnis"])
def test_rows_of_totals_are_left_out(tmp_path: Path, word: str) -> None:
    rows = [("Ortsteil", "Alter", "Jahr", "Anzahl"), ("Nord", 0, 2025, 3), ("Süd", 0, 2025, 4), (word, 0, 2025, 7)]
    reading = rows_of(tmp_path, rows)
    assert table(reading)["persons"].sum() == 7
    assert reading.report.lost == {"Summenzeile der Einwohnerliste": 1}
    assert not any("stimmen nicht" in note for note in reading.report.notes)


def test_wrong_totals_are_named(tmp_path: Path) -> None:
    rows = [
        ("Ortsteil", "Jahr", "0-5", "6-17", "18 und älter", "Insgesamt"),
        ("Nord", 2025, 1, 2, 30, 33),
        ("Süd", 2025, 1, 2, 30, 39),
        ("Summe", 2025, 2, 4, 60, 66),
    ]
    reading = rows_of(tmp_path, rows)
    assert table(reading)["persons"].sum() == 66
    note = next(note for note in reading.report.notes if "stimmen nicht" in note)
    assert "Zeile 3: 39 statt 33" in note


def test_totals_over_unknown_parts_are_not_called_wrong(tmp_path: Path) -> None:
    rows = [("Ortsteil", "Jahr", "0-5", "6 und mehr", "Insgesamt"), ("Nord", 2025, None, 2, 33)]
    reading = rows_of(tmp_path, rows)
    assert not any("stimmen nicht" in note for note in reading.report.notes)
    assert table(reading)["persons"].isna().sum() == 1


def test_insgesamt_alone_is_the_count_itself(tmp_path: Path) -> None:
    rows = [("Ortsteil", "Geschlecht", "Alter", "Jahr", "Anzahl"), ("Nord", "insgesamt", "0-17", 2025, 5)]
    people = table(rows_of(tmp_path, rows))
    assert people["sex"].isna().all()
    assert people["persons"].tolist() == [5]


def test_municipality_beside_its_localities_does_not_count_twice(tmp_path: Path) -> None:
    rows = [
        ("Gemeinde", "Ortsteil", "Alter", "Jahr", "Anzahl"),
        ("Moor", None, 0, 2025, 7),
        ("Moor", "Nord", 0, 2025, 3),
        ("Moor", "Süd", 0, 2025, 4),
    ]
    reading = rows_of(tmp_path, rows)
    assert table(reading)["persons"].sum() == 7
    assert reading.report.lost == {"Einwohnerliste: Gemeinde insgesamt neben ihren Ortsteilen": 1}


def test_repeated_rows_are_dropped_and_further_ones_added(tmp_path: Path) -> None:
    rows = [
        ("Ortsteil", "Nationalität", "Alter", "Jahr", "Anzahl"),
        ("Nord", "deutsch", 0, 2025, 3),
        ("Nord", "ausländisch", 0, 2025, 3),
        ("Nord", "deutsch", 0, 2025, 3),
        ("Nord", "deutsch", 1, 2025, None),
        ("Nord", "ausländisch", 1, 2025, 2),
    ]
    reading = rows_of(tmp_path, rows)
    people = table(reading)
    assert people.loc[people["age_from"] == 0, "persons"].tolist() == [6]
    assert people.loc[people["age_from"] == 1, "persons"].isna().all()  # a part is unknown
    assert reading.report.lost == {
        "Einwohnerliste: Zeile doppelt": 1, "Einwohnerliste: Zeile ohne Anzahl (unbekannt, nicht 0)": 1,
    }  # fmt: skip
    assert any("Zeile 4" in note for note in reading.report.notes)


def test_a_form_filled_in_for_some_places_only_needs_no_date_in_the_empty_rows(tmp_path: Path) -> None:
    rows = [
        ("AGS", "Gemeinde", "Ortsteil", "Geschlecht", "Stichtag", "0", "1", "2"),
        ("06440001", "Altenstadt", "Nord", "m", "31.12.2025", 3, 4, 5),
        ("06440001", "Altenstadt", "Süd", "m", None, None, None, None),
    ]
    reading = rows_of(tmp_path, rows)
    people = table(reading)
    assert people.loc[people["locality"] == "Süd", "persons"].isna().all()
    assert set(people["as_of"]) == {date(2025, 12, 31)}
    assert reading.report.lost == {"Einwohnerliste: Zeile ohne Anzahl (unbekannt, nicht 0)": 1}
    empty = [rows[0], rows[2]]
    assert refusal(tmp_path, empty).code == "population-empty"


def test_lost_zero_is_put_back_and_ars_becomes_ags(tmp_path: Path) -> None:
    rows = [("Schlüssel (AGS)", "Alter", "Jahr", "Anzahl"), (6440001, 0, 2025, 1), ("064400010010", 0, 2025, 2)]
    rows[0] = ("AGS", "Alter", "Jahr", "Anzahl")
    reading = rows_of(tmp_path, rows)
    assert table(reading)["area_key"].tolist() == ["06440001", "06440010"]
    assert any("führende Null" in note for note in reading.report.notes)


def test_several_sheets_one_of_them_hidden(tmp_path: Path) -> None:
    head = ("Ortsteil", "Alter", "Anzahl")
    sheets = {
        "Haldersee": [("Stand: 30.06.2025",), head, ("Nord", 0, 1)],
        "Brookstedt": [("Stand: 30.06.2025",), head, ("Nord", 0, 2)],
        "Hinweise": [("Bitte nur Hauptwohnsitze eintragen",)],
        "alt": [("Stand: 30.06.2020",), head, ("Nord", 0, 99)],
    }
    reading = read(write_xlsx(tmp_path / "l.xlsx", sheets, hidden=["alt"]))
    assert table(reading)[["municipality", "persons"]].to_numpy().tolist() == [["Haldersee", 1], ["Brookstedt", 2]]
    assert any("Hinweise" in note for note in reading.report.notes)
    assert set(table(reading)["as_of"]) == {date(2025, 6, 30)}


def test_sheets_by_sex_and_columns_by_year(tmp_path: Path) -> None:
    head = ("Ortsteil", "Alter", 2024, 2025)
    sheets = {"männlich": [head, ("Nord", 0, 1, 2)], "weiblich": [head, ("Nord", 0, 3, 4)]}
    people = table(read(write_xlsx(tmp_path / "l.xlsx", sheets)))
    assert people[["sex", "persons"]].to_numpy().tolist() == [["m", 1], ["m", 2], ["w", 3], ["w", 4]]
    assert people["as_of"].tolist() == [date(2024, 12, 31), date(2025, 12, 31)] * 2


def test_shared_borders_are_read_as_bis_unter_and_other_overlaps_refused(tmp_path: Path) -> None:
    rows = [("Ortsteil", "Jahr", "0-3", "3-6", "6-10", "10+"), ("Nord", 2025, 1, 2, 3, 4)]
    people = table(rows_of(tmp_path, rows))
    assert people["age_to"].tolist()[:3] == [2, 5, 9]
    error = refusal(tmp_path, [("Ortsteil", "Jahr", "0-5", "3-6", "7+"), ("Nord", 2025, 1, 2, 3)])
    assert error.code == "population-ages-overlap"


@pytest.mark.parametrize(
    ("cell", "column", "code"),
    [
        ("ca. 40", 7, "population-text-in-number"),
        (-4, 7, "population-negative"),
        ("alt", 3, "population-age-not-readable"),
        (date(2025, 6, 3), 3, "population-age-not-readable"),
        ("Katze", 4, "population-sex-not-readable"),
        ("Ferienhaus", 5, "population-home-not-readable"),
        ("neulich", 6, "population-date-not-readable"),
        ("130710", 0, "ags-not-valid"),
    ],
)
def test_invalid_cells_are_refused_with_their_spot(tmp_path: Path, cell: object, column: int, code: str) -> None:
    rows = [list(row) for row in LONG]
    rows[3][column] = cell  # type: ignore[call-overload]
    error = refusal(tmp_path, rows)
    assert error.code == code
    assert (error.file, error.sheet, error.row) == (tmp_path / "liste.xlsx", "Liste", 4)
    assert error.column == HEAD[column]
    assert error.repair


def test_missing_parts_are_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, [("Ortsteil", "Alter", "Anzahl"), ("Nord", 3, 4)]).code == "population-without-date"
    assert refusal(tmp_path, [("Alter", "Jahr", "Anzahl"), (3, 2025, 4)]).code == "population-without-area"
    assert refusal(tmp_path, [("foo", "bar"), ("Nord", 3)]).code == "population-no-header"
    assert refusal(tmp_path, [("Ortsteil", "Alter", "Jahr", "Anzahl")]).code == "population-empty"


def test_homes_in_one_sum_are_refused(tmp_path: Path) -> None:
    rows = [("Ortsteil", "Alter", "Jahr", "Wohnsitz", "Anzahl"), ("Nord", 3, 2025, "insgesamt", 4)]
    assert refusal(tmp_path, rows).code == "population-homes-mixed"


def test_list_in_cp1252_with_thousands(tmp_path: Path) -> None:
    rows = [("Ortsteil", "Alter", "Jahr", "Anzahl"), ("Nördlich", "18 und älter", 2025, "1.234"), ("Süd", 3, 2025, 4)]
    reading = read(write_csv(tmp_path / "l.csv", rows, encoding="cp1252"))
    assert table(reading)["persons"].tolist() == [1234, 4]
    assert table(reading)["locality"].tolist() == ["Nördlich", "Süd"]


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("unter 3 Jahre", (0, 2)), ("3 bis unter 6 Jahre", (3, 5)), ("75 Jahre und mehr", (75, None)),
        ("75 u.m.", (75, None)), ("90+", (90, None)), ("0-2", (0, 2)), ("0 – 2 J.", (0, 2)), ("U3", (0, 2)),
        ("ab 80", (80, None)), ("85 und älter", (85, None)), ("unter 1 Jahr", (0, 0)), ("17", (17, 17)),
        ("3 bis einschl. 6", (3, 6)), ("2024", None), ("Insgesamt", None), ("6-3", None), ("", None),
    ],
)  # fmt: skip
def test_ages_as_offices_write_them(text: str, band: tuple[int, int | None] | None) -> None:
    assert ages(text) == band


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["Nord", "Süd", "Ost"]), st.integers(0, 20), st.sampled_from("mw")),
        st.one_of(st.none(), st.integers(0, 5000)),
        min_size=1,
        max_size=40,
    )
)
def test_what_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory, counts: dict[tuple[str, int, str], int | None]
) -> None:
    folder = tmp_path_factory.mktemp("liste")
    rows = [("Ortsteil", "Alter", "Geschlecht", "Stichtag", "Einwohner")]
    rows += [(place, age, sex, DAY, n) for (place, age, sex), n in counts.items()]  # type: ignore[misc]
    people = table(rows_of(folder, rows))
    found = {
        (row.locality, row.age_from, row.sex): None if pd.isna(row.persons) else int(row.persons)
        for row in people.itertuples()
    }
    assert found == counts
