# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Official statistics: all tables at hand, sums against published totals, signs, keys, both flat headers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.inputs import POPULATION
from dableiben.sources.base import Reading, read_file
from dableiben.sources.statistics_values import (
    STATISTICS_COLUMNS,
    BadValue,
    area_keys,
    meaning_of,
    values_of,
)

TABLES = "germany/regionalstatistik"
GERMANY_2015 = 82_175_684
"""population on 31 December 2015 as published"""


def read(path: Path, catalogue: Catalogue, role: str = "statistics") -> Reading:
    reading = read_file(path, role, catalogue)  # type: ignore[arg-type]
    report = reading.report
    assert report.rows_read == report.rows_used + report.lost.total()
    assert reading.statistics is not None
    assert list(reading.statistics.columns) == list(STATISTICS_COLUMNS)
    return reading


@pytest.fixture(scope="module")
def by_age(shared_path: Path, catalogue: Catalogue) -> Reading:
    """Table 12411-02-03-5: municipalities by sex and 17 age groups."""
    return read(shared_path / TABLES / "12411-02-03-5_00.csv", catalogue)


def test_all_tables_are_read(shared_path: Path, catalogue: Catalogue) -> None:
    paths = sorted((shared_path / TABLES).glob("*.csv")) + sorted((shared_path / "reference/formats").glob("*"))
    assert len(paths) == 50
    for path in paths:
        if path.name in ("12411-01-01-5_00.csv", "12411-02-03-5_00.csv", "12411-04-02-4_00.csv"):
            continue  # the large ones are read by the tests below
        reading = read(path, catalogue)
        table = reading.statistics
        assert table is not None
        assert len(table) > 5, path.name
        assert table["value"].notna().any(), path.name
        assert all(isinstance(day, date) for day in table["as_of"].unique()), path.name
        assert table["area_key"].str.fullmatch(r"DG|(SG)?\d{2,8}").all(), path.name


def test_municipalities_add_up_to_germany(by_age: Reading) -> None:
    people = by_age.population
    assert people is not None
    POPULATION.arrow(people.head(20_000))
    towns = people[people["area_key"].str.len() == 8]
    assert towns["persons"].sum() == GERMANY_2015
    assert not towns.duplicated(["area_key", "sex", "age_from"]).any()
    assert set(people["sex"]) == {"m", "w"}
    assert set(people["as_of"]) == {date(2015, 12, 31)}
    table = by_age.statistics
    assert table is not None
    whole = table[(table["area_key"] == "DG") & table["dims"].str.fullmatch(r"Insgesamt \| .* \| Insgesamt")]
    assert whole["value"].tolist() == [GERMANY_2015]


@pytest.mark.parametrize(("key", "persons"), [("06440001", 11_859), ("02000000", 1_787_408), ("11000000", 3_520_031)])
def test_single_municipalities(by_age: Reading, key: str, persons: int) -> None:
    people = by_age.population
    assert people is not None
    assert people.loc[people["area_key"] == key, "persons"].sum() == persons


def test_ages_cover_every_year_once(by_age: Reading) -> None:
    people = by_age.population
    assert people is not None
    bands = people[["age_from", "age_to"]].drop_duplicates().sort_values("age_from").to_numpy()
    assert bands[0, 0] == 0
    assert np.isnan(bands[-1, 1])
    assert (bands[1:, 0] == bands[:-1, 1] + 1).all()


def test_districts_by_single_years_agree_with_age_groups(
    by_age: Reading, shared_path: Path, catalogue: Catalogue
) -> None:
    """Two tables of the same statistic: single years summed to groups."""
    years = read(shared_path / TABLES / "12411-04-02-4_00.csv", catalogue).population
    groups = by_age.population
    assert years is not None and groups is not None
    fine = years[years["area_key"] == "06440"]
    coarse = groups[groups["area_key"] == "06440"]
    assert len(fine) > 150
    for row in coarse[coarse["age_to"].notna()].itertuples():
        inside = fine[(fine["sex"] == row.sex) & fine["age_from"].between(row.age_from, row.age_to)]
        assert inside["persons"].sum() == row.persons


def test_sexes_of_eight_years(shared_path: Path, catalogue: Catalogue) -> None:
    people = read(shared_path / TABLES / "12411-01-01-5_00.csv", catalogue, "population").population
    assert people is not None
    by_year = people[people["area_key"].str.len() == 8].groupby("as_of")["persons"].sum()
    assert {day.year: int(persons) for day, persons in by_year.items() if day.year > 2008} == {
        2015: 82_175_684, 2014: 81_197_537, 2013: 80_767_463, 2012: 80_523_746, 2011: 80_327_900, 2010: 81_751_602,
        2009: 81_802_257,
    }  # fmt: skip
    # 2008: the table gives the cities of Hannover and Saarbrücken within their districts only
    assert by_year[date(2008, 12, 31)] == 82_002_356 - 519_619 - 176_749


def test_mean_ages_and_births_are_no_population(shared_path: Path, catalogue: Catalogue) -> None:
    for name in ("12411-07-01-5_00.csv", "12411-08-01-4_00.csv", "12612-01-01-4_00.csv"):
        assert read(shared_path / TABLES / name, catalogue).population is None


def test_old_flat_header(shared_path: Path, catalogue: Catalogue) -> None:
    folder = shared_path / "reference/formats"
    people = read(folder / "population.ffcsv", catalogue, "population").population
    assert people is not None
    luebeck = people[(people["area_key"] == "01003000") & (people["as_of"] == date(2014, 12, 31))]
    raw = pd.read_csv(folder / "population.ffcsv", sep=";", dtype=str)
    whole = raw[
        (raw["1_Auspraegung_Code"] == "01003000")
        & (raw["Zeit"] == "31.12.2014")
        & (raw["2_Auspraegung_Label"] == "Insgesamt")
        & (raw["3_Auspraegung_Label"] == "Insgesamt")
    ]
    assert luebeck["persons"].sum() == int(whole.iloc[0, -1])
    moves = read(folder / "migration.ffcsv", catalogue).statistics
    assert moves is not None
    assert moves["dims"].unique().tolist() == ["BEV981", "BEV982"]
    births = read(folder / "births.ffcsv", catalogue).statistics
    assert births is not None
    grinau = births[births["area_key"] == "01053038"].set_index("as_of")["value"]
    assert grinau[date(2013, 12, 31)] == 0  # the dash means exactly zero


NEW_HEADER = (
    "statistics_code;statistics_label;time_code;time_label;time;"
    "1_variable_code;1_variable_label;1_variable_attribute_code;1_variable_attribute_label;"
    "2_variable_code;2_variable_label;2_variable_attribute_code;2_variable_attribute_label;"
    "value;value_unit;value_variable_code;value_variable_label;value_q"
)


def flat(folder: Path, *rows: str, header: str = NEW_HEADER, encoding: str = "utf-8-sig") -> Path:
    path = folder / "t.csv"
    path.write_bytes("\r\n".join([header, *rows, ""]).encode(encoding))
    return path


def line(key: str, sex: str, value: str, time: str = "2024-12-31") -> str:
    code = {"männlich": "GESM", "weiblich": "GESW"}.get(sex, "")
    return (
        f"12411;Fortschreibung;STAG;Stichtag;{time};GEMEIN;Gemeinden;{key};Moor;"
        f"GES;Geschlecht;{code};{sex};{value};Anzahl;BEVSTD;Bevölkerungsstand;e"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_new_flat_header_with_secret_values(tmp_path: Path, catalogue: Catalogue, encoding: str) -> None:
    rows = [line("13071001", "Insgesamt", "9"), line("13071001", "männlich", "5"), line("13071001", "weiblich", "4")]
    rows += [line("13071002", "Insgesamt", "7"), line("13071002", "männlich", "."), line("13071002", "weiblich", "/")]
    people = read(flat(tmp_path, *rows, encoding=encoding), catalogue).population
    assert people is not None
    one = people[people["area_key"] == "13071001"]
    assert one[["sex", "persons"]].to_numpy().tolist() == [["m", 5], ["w", 4]]
    two = people[people["area_key"] == "13071002"]  # the split is secret, the whole is not
    assert two["sex"].isna().all()
    assert two["persons"].tolist() == [7]
    assert set(people["as_of"]) == {date(2024, 12, 31)}


def test_flat_tables_that_cannot_be_used_are_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    def code(path: Path) -> tuple[str, int | None]:
        with pytest.raises(InputError) as caught:
            read_file(path, "statistics", catalogue)
        return caught.value.code, caught.value.row

    assert code(flat(tmp_path, line("13071001", "männlich", "fünf"))) == ("statistics-text-in-number", 2)
    assert code(flat(tmp_path, line("Moor", "männlich", "5")))[0] == "statistics-no-area"
    assert code(flat(tmp_path, line("13071001", "männlich", "5", time="bald"))) == ("statistics-no-date", 2)
    broken = NEW_HEADER.replace("1_variable_attribute_code;", "")
    assert code(flat(tmp_path, line("13071001", "männlich", "5"), header=broken)) == ("statistics-no-header", 1)


GENESIS = """Tabelle: 12411-02-03-5
Bevölkerungsstand: Bevölkerung nach Geschlecht;;;;
31.12.2020;;;;
;;männlich;männlich;Insgesamt
;;unter 3 Jahre;3 Jahre und mehr;Insgesamt
;;Anzahl;Anzahl;Anzahl
13;  Mecklenburg-Vorpommern;10;20;60
13071;    Kreis;5;-;30
13071001;      Moor, Stadt;(5);.;30
__________
"Hinweis: © nicht die Fußnote;
über zwei Zeilen"
Stand: 10.10.2021 / 13:08:02
"""


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_signs_headings_and_footer(tmp_path: Path, catalogue: Catalogue, encoding: str) -> None:
    path = tmp_path / "12411.csv"
    path.write_bytes(GENESIS.encode(encoding if encoding == "utf-8" else "cp1252"))
    table = read(path, catalogue).statistics
    assert table is not None
    moor = table[table["area_key"] == "13071001"]
    assert moor["dims"].tolist() == [
        "männlich | unter 3 Jahre | Anzahl", "männlich | 3 Jahre und mehr | Anzahl", "Insgesamt | Anzahl",
    ]  # fmt: skip
    assert moor["value"].fillna(-1).tolist() == [5, -1, 30]
    assert set(moor["area_name"]) == {"Moor"}
    kreis = table[table["area_key"] == "13071"]
    assert kreis["value"].tolist() == [5, 0, 30]
    assert set(table["as_of"]) == {date(2020, 12, 31)}


def test_table_without_head_or_with_words_is_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "t.csv"
    path.write_text(GENESIS.replace(";;Anzahl;Anzahl;Anzahl\n", "").replace(";;m", "x;;m").replace(";;u", "x;;u"))
    with pytest.raises(InputError) as caught:
        read_file(path, "statistics", catalogue)
    assert caught.value.code == "statistics-no-header"
    path.write_text(GENESIS.replace("(5)", "etwa 5"))
    with pytest.raises(InputError) as caught:
        read_file(path, "statistics", catalogue)
    assert (caught.value.code, caught.value.row) == ("statistics-text-in-number", 9)
    assert caught.value.column == "männlich unter 3 Jahre Anzahl"


def test_signs_of_official_tables() -> None:
    texts = np.array(["-", ".", "/", "x", "…", "...", "(12)", "1,5", "-3", "12e", "0"], dtype=object)
    values = values_of(texts)
    assert values[[0, 6, 7, 8, 9, 10]].tolist() == [0, 12, 1.5, -3, 12, 0]
    assert np.isnan(values[1:6]).all()
    with pytest.raises(BadValue):
        values_of(np.array(["1", "viel"], dtype=object))


@given(st.lists(st.floats(-1e9, 1e9).map(lambda v: round(v, 3)), min_size=1))
def test_numbers_survive_german_writing(numbers: list[float]) -> None:
    texts = np.array([f"{number:.3f}".replace(".", ",") for number in numbers], dtype=object)
    assert values_of(texts).tolist() == pytest.approx(numbers)


def test_keys_of_municipalities_in_associations() -> None:
    keys = pd.Series(
        ["03151", "03151401", "03151401002", "0713100007", "11", "02", "11001", "064400001001", "06440001"]
    )
    names = pd.Series(["Gifhorn", "Boldecker Land", "Barwedel", "Ahrweiler", "Berlin", "Hamburg", "Mitte", "A", "A"])
    assert area_keys(keys, names).tolist() == [
        "03151", "SG03151401", "03151002", "07131007", "11000000", "02000000", "11001", "06440001", "06440001",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        (["Insgesamt"], (None, (0, None))),
        (["männlich", "unter 3 Jahre"], ("m", (0, 2))),
        (["Altersgruppen (unter 3 bis 75 u.m.)", "75 Jahre und mehr", "weiblich"], ("w", (75, None))),
        (["Ausländer(innen)", "männlich"], None),
        (["Jugendquotient"], None),
    ],
)  # fmt: skip
def test_only_sex_and_age_make_population(words: list[str], meaning: tuple[object, object] | None) -> None:
    found = meaning_of(words)
    assert (found[:2] if found else None) == meaning


def test_a_table_cut_in_half_is_told(shared_path: Path, catalogue: Catalogue, tmp_path: Path) -> None:
    whole = (shared_path / TABLES / "12411-04-02-4_00.csv").read_bytes()
    (tmp_path / "12411-04-02-4_00.csv").write_bytes(whole[: whole.index(b"\n", 20_000) + 1])
    assert any("abgeschnitten" in note for note in read(tmp_path / "12411-04-02-4_00.csv", catalogue).report.notes)
    assert not read(shared_path / TABLES / "12411-04-02-4_00.csv", catalogue).report.notes
