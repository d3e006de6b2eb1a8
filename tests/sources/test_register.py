# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Facility registers: kinds, capacities, offers of one house, coordinates, repeated rows, refusals."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.geo import to_degrees
from dableiben.core.inputs import FACILITIES
from dableiben.sources.base import Reading
from dableiben.sources.columns import spellings
from dableiben.sources.coordinates import Misplaced, to_3035
from dableiben.sources.register import read as read_register
from dableiben.sources.register_header import CAPACITY_FIELDS
from support.tables import Rows, write_csv, write_table, write_xlsx


def read(path: Path, catalogue: Catalogue) -> Reading:
    reading = read_register(path, catalogue)
    report = reading.report
    assert report.rows_read == report.rows_used + report.lost.total()
    assert report.source.restricted
    assert reading.facilities is not None
    FACILITIES.arrow(reading.facilities)
    return reading


def rows_of(folder: Path, rows: Rows, catalogue: Catalogue, name: str = "register.xlsx") -> pd.DataFrame:
    found = read(write_table(folder / name, rows), catalogue).facilities
    assert found is not None
    return found.set_index(["name", "kind"], drop=False).sort_index()


def refusal(folder: Path, rows: Rows, catalogue: Catalogue) -> InputError:
    with pytest.raises(InputError) as caught:
        rows_of(folder, rows, catalogue)
    return caught.value


@pytest.mark.parametrize("name", ["r.xlsx", "r.ods", "r.csv"])
def test_a_register_in_every_file_form(tmp_path: Path, catalogue: Catalogue, name: str) -> None:
    rows = [
        ("Einrichtungen, Stand 01.11.2025",),
        ("Lfd. Nr.", "Einrichtungsart", "Name", "Gemeinde", "Ortsteil", "Länge (WGS84)", "Breite (WGS84)",
         "Plätze lt. Betriebserlaubnis", "belegbare Plätze", "belegte Plätze", "Warteliste", "Alter von", "Alter bis",
         "barrierefrei", "Sprachen", "Träger", "Trägerform", "Öffnungszeiten", "Versorgungsgebiet", "Stand"),
        (1, "Kindergarten", "Sonne", "Moor", "Nord", 9.1, 50.3, 60, 50.5, 48, 3, 3, 6, "ja", "Deutsch, Türkisch",
         "Moor", "hauptamtlich", "Mo-Fr 7-16", None, date(2025, 10, 1)),
        (2, "Freiwillige Feuerwehr", "FF Nord", "Moor", "Nord", None, None, None, None, None, None, None, None,
         "nein", None, "Moor", "ehrenamtlich", None, "Nord; Süd", None),
    ]  # fmt: skip
    table = rows_of(tmp_path, rows, catalogue, name)
    kita = table.loc[("Sonne", "kita")]
    assert [kita[n] for n in CAPACITY_FIELDS] == [60, 50.5, 48, 3]
    assert (kita["age_from"], kita["age_to"], kita["barrier_free"]) == (3, 6, True)
    assert kita["languages"] == ["Deutsch", "Türkisch"]
    assert (kita["form"], kita["provider"], kita["opening_hours"]) == ("paid", "Moor", "Mo-Fr 7-16")
    assert kita["as_of"] == date(2025, 10, 1)
    lon, lat = to_degrees(np.array([kita["x_m"]]), np.array([kita["y_m"]]))
    assert np.allclose([lon[0], lat[0]], [9.1, 50.3], atol=1e-6)
    fire = table.loc[("FF Nord", "feuerwehr")]
    assert (fire["form"], fire["barrier_free"], fire["service_area"]) == ("volunteer", False, ["Nord", "Süd"])
    assert fire["as_of"] == date(2025, 11, 1)  # from the title
    assert np.isnan(fire["x_m"])
    assert table["possible"].tolist() == [False, False]


def test_usable_and_licensed_places_are_kept_apart(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [("Art", "Name", "genehmigte Plätze"), ("Kita", "Sonne", 60)]
    assert np.isnan(rows_of(tmp_path, rows, catalogue)["usable_places"].iloc[0])
    plain = [("Art", "Name", "Plätze"), ("Kita", "Sonne", 60)]
    reading = read(write_table(tmp_path / "p.xlsx", plain), catalogue)
    assert reading.facilities is not None
    assert reading.facilities["usable_places"].tolist() == [60]
    assert any("nutzbare Plätze" in note for note in reading.report.notes)


def test_columns_per_offer_make_two_facilities_of_a_house(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [
        ("Name", "Gemeinde", "genehmigte Plätze U3", "Plätze U3", "Plätze Ü3 (belegbar)", "belegte Kindergartenplätze"),
        ("Sonne", "Moor", 20, 15, 50, 44),
        ("Mond", "Moor", 0, 0, 25, 20),
        ("Stern", "Moor", None, None, 40, None),
    ]
    path = write_xlsx(tmp_path / "r.xlsx", {"Kitas": rows})
    found = read(path, catalogue).facilities
    assert found is not None
    table = found.set_index(["name", "kind"])
    assert table.loc[("Sonne", "krippe"), ["licensed_places", "usable_places"]].tolist() == [20, 15]
    assert table.loc[("Sonne", "kita"), ["usable_places", "occupied_places"]].tolist() == [50, 44]
    assert ("Mond", "krippe") not in table.index  # 0 = not offered
    assert table.loc[("Stern", "krippe"), "possible"]  # empty = unknown whether offered
    assert np.isnan(table.loc[("Stern", "krippe"), "usable_places"])
    assert not table.loc[("Stern", "kita"), "possible"]


def test_offers_that_contradict_the_total_are_noted(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [("Art", "Name", "Plätze", "Krippe", "Kindergarten"), ("Kita", "Sonne", 80, 15, 50)]
    reading = read(write_table(tmp_path / "r.xlsx", rows), catalogue)
    assert reading.facilities is not None
    assert sorted(reading.facilities["usable_places"]) == [15, 50]
    assert any("80 Plätze insgesamt, die Angebote ergeben 65" in note for note in reading.report.notes)


def test_doctors_count_in_posts_not_in_heads(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [
        ("Fachrichtung", "Praxis", "Ort", "Köpfe", "Versorgungsaufträge"),
        ("Hausarzt", "Dr. Arndt", "Moor", 3, 1.5),
        ("Hausarzt", "Dr. Brandt", "Moor", 2, None),
    ]
    reading = read(write_table(tmp_path / "r.xlsx", rows), catalogue)
    assert reading.facilities is not None
    table = reading.facilities.set_index("name")
    assert table.loc["Dr. Arndt", "usable_places"] == 1.5
    assert np.isnan(table.loc["Dr. Brandt", "usable_places"])
    assert any("Köpfe" in note for note in reading.report.notes)


def test_posts_of_the_staff_are_no_places(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [("Art", "Name", "Stellen"), ("Kita", "Sonne", 7.5)]
    assert np.isnan(rows_of(tmp_path, rows, catalogue)["usable_places"].iloc[0])


def test_kind_from_sheet_heading_or_content(tmp_path: Path, catalogue: Catalogue) -> None:
    by_sheet = write_xlsx(tmp_path / "a.xlsx", {"Grundschulen": [("Name", "Ort"), ("Am See", "Moor")]})
    assert read(by_sheet, catalogue).facilities["kind"].tolist() == ["grundschule"]  # type: ignore[index]
    by_heading = [("Name", "Ort"), ("Apotheken", None), ("Adler", "Moor"), ("Supermärkte", None), ("Nah", "Moor")]
    path = write_xlsx(tmp_path / "b.xlsx", {"Kitas": [*by_heading[:1], ("Sonne", "Moor"), *by_heading[1:]]})
    assert read(path, catalogue).facilities["kind"].tolist() == ["kita", "apotheke", "supermarkt"]  # type: ignore[index]
    by_content = [("Was", "Name", "Ort"), ("Kita", "Sonne", "Moor"), ("Apotheke", "Adler", "Moor")]
    assert sorted(rows_of(tmp_path, by_content, catalogue)["kind"]) == ["apotheke", "kita"]
    error = refusal(tmp_path, [("Name", "Ort"), ("Sonne", "Moor")], catalogue)
    assert error.code == "register-without-kind"


def test_every_alias_of_every_card_is_understood(tmp_path: Path, catalogue: Catalogue) -> None:
    """And a word that two cards share leads to one of the two."""
    aliases = [(alias, kind.id) for kind in catalogue.kinds.values() for alias in kind.register_aliases]
    rows = [("Art", "Name", "Ort"), *((alias, f"Haus {i}", "Moor") for i, (alias, _) in enumerate(aliases))]
    table = rows_of(tmp_path, rows, catalogue).set_index("name")
    claimed: dict[str, set[str]] = {}
    for alias, kind in aliases:
        claimed.setdefault(alias.casefold(), set()).add(kind)
    wrong = {
        alias: table.loc[f"Haus {i}", "kind"]
        for i, (alias, _) in enumerate(aliases)
        if table.loc[f"Haus {i}", "kind"] not in claimed[alias.casefold()]
    }
    assert len(aliases) > 200
    assert wrong == {}


def test_unknown_kinds_are_listed_and_counted(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [("Art", "Name"), ("Kita", "Sonne"), ("Sternwarte", "Oben"), ("Sternwarte", "Unten"), ("Quelle: Amt", None)]
    reading = read(write_table(tmp_path / "r.xlsx", rows), catalogue)
    assert reading.report.lost == {
        "Register: Einrichtungsart unbekannt": 2,
        "Register: Zeile ohne Name und Art (Fußnote, Zwischentitel)": 1,
    }
    assert "Einrichtungsart „Sternwarte“ ist nicht bekannt (2 Zeilen nicht verwendet)." in reading.report.notes
    error = refusal(tmp_path, [("Art", "Name"), ("Sternwarte", "Oben")], catalogue)
    assert error.code == "register-empty"
    assert "Sternwarte" in str(error)


def test_repeated_facilities_are_listed_and_the_first_counts(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [
        ("Art", "Name", "Ort", "Plätze"),
        ("Kita", "Sonne", "Moor", 50),
        ("Kita", "SONNE ", "Moor", 60),
        ("Kita", "Sonne", "See", 40),
        ("Hausarzt", "Hausarztpraxis", "Moor", 1),
        ("Hausarzt", "Hausarztpraxis", "Moor", 2),
        ("Summe", None, None, 153),
    ]
    reading = read(write_table(tmp_path / "r.xlsx", rows), catalogue)
    assert reading.facilities is not None
    assert sorted(reading.facilities["usable_places"]) == [1, 2, 40, 50]
    assert reading.report.lost == {"Register: Einrichtung doppelt": 1, "Register: Summenzeile": 1}
    assert any("Zeile 3 wiederholt Zeile 2" in n and "usable_places" in n for n in reading.report.notes)


def test_ids_of_the_list_are_kept_where_they_are_unique(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [("Kennung", "Art", "Name"), ("A1", "Kita", "Sonne"), ("A1", "Krippe", "Sonne"), (None, "Kita", "Neu"),
            ("B", "Kita", "Eins"), ("B", "Kita", "Zwei")]  # fmt: skip
    table = rows_of(tmp_path, rows, catalogue)
    assert table["source_id"].to_dict() == {
        ("Sonne", "kita"): "A1", ("Sonne", "krippe"): "A1", ("Neu", "kita"): "Liste!4",
        ("Eins", "kita"): "Liste!5", ("Zwei", "kita"): "Liste!6",
    }  # fmt: skip


def test_weekday_columns_become_opening_hours(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [("Art", "Name", "Mo", "Di", "Mittwoch"), ("Apotheke", "Adler", "8-12", None, "14-18")]
    assert rows_of(tmp_path, rows, catalogue)["opening_hours"].iloc[0] == "Mo 8-12; Mi 14-18"


def test_from_and_to_of_every_weekday_become_opening_hours(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [
        ("Art", "Name", "Montag von", "Montag bis", "Di von", "Di bis", "Mittwoch von", "Mittwoch bis", "Fr von"),
        ("Kita", "Sonne", time(7, 0), time(16, 30), "7:00:00", "16.30", 7.5, 14, None),
        ("Kita", "Mond", "8", "12", "geschlossen", None, None, "12", "9"),
    ]
    path = write_xlsx(tmp_path / "r.xlsx", {"T": rows})
    table = read(path, catalogue).facilities
    assert table is not None
    assert table.set_index("name")["opening_hours"].to_dict() == {
        "Sonne": "Mo 7:00-16:30; Di 7:00-16.30; Mi 7:30-14:00",
        "Mond": "Mo 8-12; Di geschlossen; Mi ? bis 12; Fr ab 9",  # an end without a beginning is not read
    }


def test_weekdays_over_two_header_rows(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [("Art", "Name", "Montag", None), ("Art", "Name", "von", "bis"), ("Kita", "Sonne", "7:00", "16:00")]
    path = write_xlsx(tmp_path / "r.xlsx", {"T": rows}, merges=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)])
    table = read(path, catalogue).facilities
    assert table is not None and table["opening_hours"].tolist() == ["Mo 7:00-16:00"]


@pytest.mark.parametrize(
    ("heading", "cell", "said"),
    [
        ("Schließzeiten", "13.7.-31.7.", "Mo-Fr 7-16; Schließzeit 13.7.-31.7."),
        ("Schließzeiten", "Sommerschließzeit 3 Wochen", "Mo-Fr 7-16; Sommerschließzeit 3 Wochen"),
        ("Schließtage", 20, "Mo-Fr 7-16; 20 Schließtage"),
        ("Schließzeiten", "keine", "Mo-Fr 7-16"),
    ],
)
def test_closing_times_stand_behind_the_hours(
    heading: str, cell: object, said: str, tmp_path: Path, catalogue: Catalogue
) -> None:
    rows = [("Art", "Name", "Öffnungszeiten", heading), ("Kita", "Sonne", "Mo-Fr 7-16", cell)]
    assert rows_of(tmp_path, rows, catalogue)["opening_hours"].iloc[0] == said


def test_places_by_time_are_kept_as_given(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [("Art", "Name", "belegbare Plätze", "Plätze nach Uhrzeit"), ("Kita", "Sonne", 60, "15 bis 17:30")]
    row = rows_of(tmp_path, rows, catalogue).iloc[0]
    assert (row["usable_places"], row["places_by_time"]) == (60, "15 bis 17:30")


def test_header_over_two_rows(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [
        ("Art", "Name", "Plätze", None, None),
        ("Art", "Name", "genehmigt", "belegbar", "belegt"),
        ("Kita", "Sonne", 60, 50, 48),
    ]
    path = write_xlsx(tmp_path / "r.xlsx", {"T": rows}, merges=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4)])
    table = read(path, catalogue).facilities
    assert table is not None
    assert table[list(CAPACITY_FIELDS[:3])].to_numpy().tolist() == [[60, 50, 48]]


HEAD = ("Art", "Name", "Plätze", "Alter", "barrierefrei", "Stand", "lon", "lat")


@pytest.mark.parametrize(
    ("cell", "column", "code"),
    [
        ("ca. 40", 2, "register-text-in-number"),
        (-3, 2, "register-negative"),
        ("klein", 3, "register-age"),
        ("vielleicht", 4, "register-barrier-free"),
        ("gestern", 5, "register-as-of"),
        ("neun", 6, "register-text-in-number"),
        (48.85, 7, "register-coordinates"),
    ],
)
def test_invalid_cells_are_refused_with_their_spot(
    tmp_path: Path, catalogue: Catalogue, cell: object, column: int, code: str
) -> None:
    rows: list[list[object]] = [
        list(HEAD),
        ["Kita", "Sonne", 50, "3-6", "ja", date(2025, 1, 1), 9.1, 50.3],
        ["Kita", "Mond", 50, "3-6", "ja", date(2025, 1, 1), 2.35 if column == 7 else 9.1, 50.3],
    ]
    rows[2][column] = cell
    error = refusal(tmp_path, rows, catalogue)  # type: ignore[arg-type]
    assert (error.code, error.sheet, error.row) == (code, "Liste", 3)
    assert error.column == (HEAD[column] if column < 7 else "lon")


def test_text_in_number_column_of_a_csv_names_the_row(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [("Art", "Name", "Plätze"), ("Kita", "Sonne", "50"), ("Kita", "Mond", "fünfzig")]
    with pytest.raises(InputError) as caught:
        read_register(write_csv(tmp_path / "r.csv", rows, encoding="cp1252"), catalogue)
    assert (caught.value.row, caught.value.column) == (3, "Plätze")


@pytest.mark.parametrize(
    ("head", "first", "second", "words"),
    [
        (("lon", "lat"), 50.3, 9.1, "vertauscht"),
        (("lon", "lat"), 2.35, 48.85, "nicht in Deutschland"),
        (("lon", "lat"), 9_123_456, 50_345_678, "fehlt das Komma"),
        (("lon", "lat"), 4_250_000, 3_020_000, "enthalten aber Meter"),
        (("Ost", "Nord"), 500_000, 5_570_000, "Zone fehlt"),
        (("Ost", "Nord"), 5_570_000, 500_000, "vertauscht"),
        (("Rechtswert", "Hochwert"), 3_500_000, 5_570_000, "Gauß-Krüger"),
        (("x", "y"), 3_020_000, 4_250_000, "vertauscht"),
        (("Ost (EPSG:25833)", "Nord"), 280_000, 5_570_000, "nicht in Deutschland"),
        (("x", "y"), 1, 2, "nicht in Deutschland"),
    ],
)
def test_coordinates_are_refused_with_the_likely_cause(
    tmp_path: Path, catalogue: Catalogue, head: tuple[str, str], first: float, second: float, words: str
) -> None:
    if "25833" in head[0]:
        first = 900_000  # east of Poland's border
    error = refusal(tmp_path, [("Art", "Name", *head), ("Kita", "Sonne", first, second)], catalogue)
    assert error.code == "register-coordinates"
    assert words in str(error)
    assert (error.row, error.column) == (2, head[0])


def utm(lon: float, lat: float, zone: int) -> tuple[float, float]:
    """Easting and northing on GRS 80 by Krüger's series (Karney 2011, eq. 7 to 11), as a second algorithm."""
    n = 0.0033528106811823 / (2 - 0.0033528106811823)
    alpha = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16,
        13 * n**2 / 48 - 3 * n**3 / 5,
        61 * n**3 / 240,
    )
    radius = 6_378_137.0 / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    e = 2 * np.sqrt(n) / (1 + n)
    phi, shift = np.radians(lat), np.radians(lon - (6 * zone - 183))
    t = np.sinh(np.arctanh(np.sin(phi)) - e * np.arctanh(e * np.sin(phi)))
    xi, eta = np.arctan2(t, np.cos(shift)), np.arctanh(np.sin(shift) / np.sqrt(1 + t**2))
    east = eta + sum(a * np.cos(2 * j * xi) * np.sinh(2 * j * eta) for j, a in enumerate(alpha, 1))
    north = xi + sum(a * np.sin(2 * j * xi) * np.cosh(2 * j * eta) for j, a in enumerate(alpha, 1))
    return 500_000 + 0.9996 * radius * east, 0.9996 * radius * north


@pytest.mark.parametrize(("lon", "lat"), [(9.5, 51.0), (12.7, 53.9), (7.1, 48.9)])
def test_known_systems_give_the_same_point(lon: float, lat: float) -> None:
    east, north = utm(lon, lat, 32)
    spots = [
        to_3035(lon, lat, is_degrees=True, epsg=4326),
        to_3035(lon, lat, is_degrees=False, epsg=None),
        to_3035(east, north, is_degrees=False, epsg=25832),
        to_3035(32_000_000 + east, north, is_degrees=False, epsg=None),
        to_3035(*utm(lon, lat, 33), is_degrees=False, epsg=25833),
    ]
    assert np.ptp(np.array(spots), axis=0).max() < 0.02
    again = to_3035(*spots[0], is_degrees=False, epsg=None)
    assert again == spots[0]
    with pytest.raises(Misplaced, match="nicht vorgesehen"):
        to_3035(3_500_000.0, 5_570_000.0, is_degrees=False, epsg=31467)


def test_missing_coordinates_are_unknown_not_refused(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [("Art", "Name", "lon", "lat"), ("Kita", "A", None, None), ("Kita", "B", 9.1, None), ("Kita", "C", 0, 0)]
    reading = read(write_table(tmp_path / "r.xlsx", rows), catalogue)
    assert reading.facilities is not None
    assert reading.facilities["x_m"].isna().all()
    assert any("Eine der Koordinaten fehlt" in note for note in reading.report.notes)


def test_spellings_are_unambiguous_and_data_only() -> None:
    """A newcomer adds a spelling in columns.yaml; one spelling never stands for two columns."""
    known = spellings()
    assert known.field("register", "Plätze (Anzahl)") == "usable_places"
    assert known.field("register", "Plätze (laut Betriebserlaubnis)") == "licensed_places"
    assert known.field("register", "PLAETZE LT. BETRIEBSERLAUBNIS") == "licensed_places"
    assert known.field("register", "Unsinn") is None
    assert known.field("population", "Ortsteil ") == "locality"
    for table in known.tables.values():
        assert all(name == name.casefold() and name for name in table)


@pytest.mark.parametrize("head", [("Art", "Name", "Gemeinde", "Ort"), ("Art", "Name", "AGS", "Ort")])
def test_a_column_ort_beside_the_municipality_holds_the_village(
    tmp_path: Path, catalogue: Catalogue, head: tuple[str, ...]
) -> None:
    for columns in (head, (*head[:2], head[3], head[2])):
        row = {"Art": "Kita", "Name": "A", head[2]: "Altenstadt", "Ort": "Adorf"}
        table = rows_of(tmp_path, [columns, tuple(row[name] for name in columns)], catalogue)
        assert table[["municipality", "locality"]].to_numpy().tolist() == [["Altenstadt", "Adorf"]]
    alone = rows_of(tmp_path, [("Art", "Name", "Ort"), ("Kita", "A", "Adorf")], catalogue)
    assert alone["municipality"].tolist() == ["Adorf"]


@pytest.mark.parametrize(
    ("text", "posts"), [("0.750", 0.75), ("0,750", 0.75), ("1.500", 1.5), ("1,5", 1.5), ("2", 2.0)]
)
def test_posts_have_no_thousands(tmp_path: Path, catalogue: Catalogue, text: str, posts: float) -> None:
    rows = [("Art", "Name", "Gemeinde", "Versorgungsaufträge"), ("Hausarzt", "Dr. A", "Altenstadt", text)]
    assert rows_of(tmp_path, rows, catalogue, "liste.csv")["usable_places"].tolist() == [posts]
    own = [("Art", "Name", "Gemeinde", "Plätze"), ("Hausarzt", "Dr. A", "Altenstadt", text)]
    reading = read(write_table(tmp_path / "plaetze.csv", own), catalogue)
    assert reading.facilities is not None and reading.facilities["usable_places"].tolist() == [posts]
    assert any("Punkt als Komma" in note for note in reading.report.notes) == (text == "1.500")


@pytest.mark.parametrize(("text", "places"), [("1.050", 1050.0), ("0.750", 0.75), ("12.500", 12500.0)])
def test_places_have_thousands(tmp_path: Path, catalogue: Catalogue, text: str, places: float) -> None:
    rows = [("Art", "Name", "Gemeinde", "Plätze"), ("Grundschule", "A", "Altenstadt", text)]
    assert rows_of(tmp_path, rows, catalogue, "liste.csv")["usable_places"].tolist() == [places]


def test_an_empty_sheet_named_by_a_kind_says_that_there_is_none(tmp_path: Path, catalogue: Catalogue) -> None:
    head = [("Name", "Gemeinde", "Plätze")]
    reading = read(write_table(tmp_path / "Kitas.csv", head), catalogue)
    assert reading.recorded == {"kita"} and reading.facilities is not None and reading.facilities.empty
    assert any("keine solche Einrichtung" in note for note in reading.report.notes)
    assert refusal(tmp_path, [("Art", "Name", "Gemeinde", "Plätze")], catalogue).code == "register-empty"


def test_a_hidden_sheet_is_left_out_and_told(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [("Art", "Name", "Gemeinde"), ("Kita", "A", "Altenstadt")]
    path = write_xlsx(tmp_path / "r.xlsx", {"Jetzt": rows, "Alt": rows}, hidden=["Alt"])
    reading = read(path, catalogue)
    assert reading.facilities is not None and len(reading.facilities) == 1
    assert "Blatt „Alt“ ist ausgeblendet und wurde übergangen." in reading.report.notes
