# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Every reader, a small file each: whole, empty, missing, cut, damaged, rearranged. Either the file is refused in
German with its name, or its report adds up and its tables keep their contracts; nothing else may happen."""

from __future__ import annotations

import datetime as dt
import json
import random
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import osmium
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.core.errors import InputError
from dableiben.core.inputs import AREAS, COMMUTERS, FACILITIES, GRID, PLACES, POPULATION, SEGMENTS, TRANSPORT
from dableiben.sources.base import READERS, Reading, Role, read_file
from support.feeds import write_feed
from support.ods import write_ods
from support.tables import write_csv, write_xlsx

DAY = dt.date(2025, 12, 31)
Rows = list[list[object]]

LIST: Rows = [
    ["AGS", "Gemeinde", "Ortsteil", "Alter", "Geschlecht", "Wohnsitz", "Stichtag", "Anzahl"],
    ["06440001", "Altenstadt", "Nord", 0, "m", "HW", DAY, 3],
    ["06440001", "Altenstadt", "Nord", 1, "w", "HW", DAY, None],
    ["06440001", "Altenstadt", "Süd", "3 bis unter 6", "m", "NW", DAY, 12],
    ["06440001", "Altenstadt", "Summe", 0, "m", "HW", DAY, 3],
]
REGISTER: Rows = [
    ["Art", "Name", "Gemeinde", "lon", "lat", "genehmigte Plätze", "Plätze U3", "Plätze Ü3", "Stellen", "Stand"],
    ["Kita", "Sonne", "Altenstadt", 8.95, 50.29, 60, 10, 50, None, DAY],
    ["Hausarzt", "Dr. Arndt", "Altenstadt", None, None, None, None, None, 1.5, DAY],
    ["Sternwarte", "Oben", "Altenstadt", 8.96, 50.3, None, None, None, None, None],
]
AREA_ROWS: Rows = [
    ["AGS", "Gemeinde", "Ortsteil", "Amt", "Schulbezirk", "strukturschwach"],
    ["06440001", "Altenstadt", None, "Amt A", None, "ja"],
    ["06440001", "Altenstadt", "Nord", None, "Schule 1", None],
]
TRANSPORT_ROWS: Rows = [
    ["Name", "Art", "Bedienungsgebiet", "Betriebszeiten", "Sitzplätze", "Ehrenamtliche", "Anmeldung", "Stand"],
    ["Bürgerbus Nord", "Bürgerbus", "Altenstadt; Nord", "Di, Do 9-12", 8, 12, None, DAY],
    ["Fahrdienst", "Fahrdienst", "Altenstadt", None, 3, None, 1440, None],
    ["Fähre", "Luftschiff", "Altenstadt", None, None, None, None, None],
]
SEGMENT_ROWS: Rows = [
    ["Bezeichnung", "Sicht", "Gemeinde", "Personen mindestens", "Personen", "anwesend", "Saison", "Alter von", "Stand"],
    ["Pendler", "Outgoing", "Altenstadt", 10, 30, "Fr 18:00-Mo 6:00", "Juli-August", 20, DAY],
    ["Gäste", "Incoming", "06440001", None, "*", "Sa, So", None, None, None],
    ["Summe", None, None, 10, 30, None, None, None, None],
]
COMMUTER_ROWS: Rows = [
    ["Wohnort AGS", "Wohnort", "Arbeitsort AGS", "Arbeitsort", "Personen", "Stand"],
    ["06440001", "Altenstadt", "06440002", "Nauheim", 120, DAY],
    [None, None, "06412", "Frankfurt", "*", DAY],
    [None, None, None, "Auspendler insgesamt", 300, DAY],
]
GRID_TEXT = (
    "GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner;werterlaeuternde_Zeichen\n"
    "CRS3035RES100mN3020000E4250000;4250050;3020050;12;\n"
    "CRS3035RES100mN3020000E4250100;4250150;3020050;–;\n"
    "CRS3035RES100mN3020100E4250100;4250150;3020150;3;KLAMMERN\n"
)
PLAIN_TEXT = "x,y,einwohner,leer\n4250050,3020050,12,-9\n4250150,3020050,3.5,-1\n4250150,3020150,-1,2\n"
GENESIS_TEXT = (
    "GENESIS-Tabelle: 12411-02-03-5\nBevölkerungsstand;;;\n31.12.2020;;;\n;;männlich;weiblich\n"
    ";;unter 3 Jahre;unter 3 Jahre\n06440;  Wetteraukreis;20;21\n06440001;    Altenstadt;5;-\n"
    "06440002;    Nauheim;.;7\n"
    "__________\n© Statistische Ämter\nStand: 10.10.2021\n"
)
FLAT_TEXT = (
    "Statistik_Code;Statistik_Label;Zeit_Code;Zeit_Label;Zeit;1_Merkmal_Code;1_Merkmal_Label;1_Auspraegung_Code;"
    "1_Auspraegung_Label;2_Merkmal_Code;2_Merkmal_Label;2_Auspraegung_Code;2_Auspraegung_Label;"
    "BEVSTD__Bevoelkerungsstand__Anzahl\n"
    "12411;Fort;STAG;Stichtag;31.12.2014;GEMEIN;Gemeinden;06440001;  A;GES;Geschlecht;GESM;männlich;5\n"
    "12411;Fort;STAG;Stichtag;31.12.2014;GEMEIN;Gemeinden;06440001;  A;GES;Geschlecht;GESW;weiblich;-\n"
)


packaged = cache(load_catalogue)
"""for tests by hypothesis, which print their arguments"""


def text_file(name: str, text: str) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def table_file(name: str, rows: Rows) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        path = folder / name
        if name.endswith(".xlsx"):
            return write_xlsx(path, {"T": rows})  # type: ignore[dict-item]
        if name.endswith(".ods"):
            return write_ods(path, {"T": rows})  # type: ignore[dict-item]
        return write_csv(path, rows)  # type: ignore[arg-type]

    return write


def write_osm(folder: Path) -> Path:
    path = folder / "karte.osm.pbf"
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for i in range(60):
            tags = (
                {"amenity": "pharmacy", "name": f"A{i}"}
                if i % 9 == 0
                else {"place": "village", "name": "Dorf"}
                if i == 1
                else {}
            )
            at = (8.9 + 0.001 * i, 50.3 + 0.0005 * (i % 7))
            writer.add_node(osmium.osm.mutable.Node(id=i + 1, location=at, tags=tags))
        for i in range(10):
            nodes = [6 * i + 1, 6 * i + 2, 6 * i + 3]
            writer.add_way(osmium.osm.mutable.Way(id=i + 1, nodes=nodes, tags={"highway": "residential"}))
        writer.add_way(osmium.osm.mutable.Way(id=50, nodes=[4, 5, 6, 4], tags={"building": "house"}))
    return path


def write_raster(folder: Path) -> Path:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[33550] = (200.0, 200.0, 0.0)
    tags.tagtype[33550] = 12
    tags[33922] = (0.0, 0.0, 0.0, 4_250_000.0, 3_021_000.0, 0.0)
    tags.tagtype[33922] = 12
    tags[34735] = (1, 1, 0, 2, 1025, 0, 1, 1, 3072, 0, 1, 3035)
    tags.tagtype[34735] = 3
    path = folder / "einwohner.tif"
    Image.fromarray(np.arange(30, dtype=np.float32).reshape(5, 6), mode="F").save(path, tiffinfo=tags)
    return path


def write_parquet(folder: Path) -> Path:
    path = folder / "g-1km.parquet"
    frame = pd.DataFrame({"x": [4250500, 4251500], "y": [3020500, 3020500], "Einwohner": [5, -1], "alter": [44.5, -9]})
    frame.to_parquet(path)
    return path


def write_boundaries(folder: Path) -> Path:
    shape = shapely.geometry.mapping(shapely.box(8.9, 50.2, 9.0, 50.3))
    feature = {"type": "Feature", "properties": {"AGS": "06440001", "GEN": "Altenstadt"}, "geometry": shape}
    path = folder / "grenzen.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


DAVIPLAN_SITES: Rows = [
    ["place_id", "Name", "Ort", "Lon", "Lat", "Bietet Leistung Kita an", "Kapazität für Leistung Kita"],
    ["Nummer", "Name", "Ort", None, None, "1/0", "Plätze"],
    [17, "Sonne", "Altenstadt", 8.95, 50.29, 1, 50],
]
DAVIPLAN_YEAR: Rows = [
    ["Jahr", 2025, "Reale Einwohnerdaten", None],
    ["gender_id", None, 1, 2],
    ["Geschlecht", None, "männlich", "weiblich"],
    ["age_group_id", None, 1, 1],
    ["Altersgruppe", None, "0 bis unter 18 Jahre", "0 bis unter 18 Jahre"],
    ["rs", "gen", None, None],
    ["064400001001", "Altenstadt", 5, 6],
]


def write_daviplan(rows: Rows, meta: Rows) -> Callable[[Path], Path]:
    def write(folder: Path) -> Path:
        sheets = {"2025": rows, "meta": meta}
        return write_xlsx(folder / "daviplan.xlsx", sheets, hidden=["meta"])  # type: ignore[arg-type]

    return write


def write_timetable(folder: Path) -> Path:
    return write_feed(folder / "fahrplan.zip")


SMALL: dict[str, tuple[Role, Callable[[Path], Path]]] = {
    "areas_table": ("areas", table_file("gebiete.xlsx", AREA_ROWS)),
    "areas_table csv": ("areas", table_file("gebiete.csv", AREA_ROWS)),
    "daviplan_population": ("population", write_daviplan(DAVIPLAN_YEAR, [["years", 2025], ["prognosis", None]])),
    "daviplan_sites": ("register", write_daviplan(DAVIPLAN_SITES, [["infrastructure", "Kinder"]])),
    "ffcsv": ("statistics", text_file("t.csv", FLAT_TEXT)),
    "ffcsv_population": ("population", text_file("t.csv", FLAT_TEXT)),
    "genesis": ("statistics", text_file("t.csv", GENESIS_TEXT)),
    "genesis_population": ("population", text_file("t.csv", GENESIS_TEXT)),
    "geotiff": ("population", write_raster),
    "grid_csv": ("population", text_file("g.csv", GRID_TEXT)),
    "grid_csv plain": ("population", text_file("g-100m.csv", PLAIN_TEXT)),
    "grid_parquet": ("population", write_parquet),
    "gtfs": ("gtfs", write_timetable),
    "osm": ("osm", write_osm),
    "population_list": ("population", table_file("liste.xlsx", LIST)),
    "population_list csv": ("population", table_file("liste.csv", LIST)),
    "population_list ods": ("population", table_file("liste.ods", LIST)),
    "register": ("register", table_file("register.xlsx", REGISTER)),
    "register csv": ("register", table_file("register.csv", REGISTER)),
    "register ods": ("register", table_file("register.ods", REGISTER)),
    "segments": ("segments", table_file("segmente.xlsx", SEGMENT_ROWS)),
    "segments csv": ("segments", table_file("segmente.csv", SEGMENT_ROWS)),
    "commuters": ("commuters", table_file("pendler.xlsx", COMMUTER_ROWS)),
    "commuters csv": ("commuters", table_file("pendler.csv", COMMUTER_ROWS)),
    "transport": ("transport", table_file("fahrdienste.xlsx", TRANSPORT_ROWS)),
    "transport csv": ("transport", table_file("fahrdienste.csv", TRANSPORT_ROWS)),
    "vg250": ("areas", write_boundaries),
}


def check(reading: Reading) -> None:
    """Losses add up and every table keeps its contract."""
    report = reading.report
    assert report.rows_read == report.rows_used + report.lost.total()
    assert min(report.rows_read, report.rows_used, *report.lost.values(), 0) == 0
    for contract, table in (
        (GRID, reading.grid),
        (POPULATION, reading.population),
        (FACILITIES, reading.facilities),
        (PLACES, reading.places),
        (TRANSPORT, reading.transport),
        (SEGMENTS, reading.segments),
        (COMMUTERS, reading.commuters),
        (AREAS, None if reading.areas is None else reading.areas.drop(columns="geometry", errors="ignore")),
    ):
        if table is not None:
            contract.arrow(table)
    if reading.population is not None:
        assert not (reading.population["persons"] < 0).any()
    if reading.facilities is not None:
        assert not (reading.facilities[["licensed_places", "usable_places", "occupied_places"]] < 0).any(axis=None)


def outcome(path: Path, role: Role, catalogue: Catalogue) -> Reading | InputError:
    """What reading gives; anything but a reading or an InputError lets the test fail."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            reading = read_file(path, role, catalogue)
    except InputError as error:
        assert error.message and error.repair
        assert path.name in str(error)
        return error
    check(reading)
    return reading


def test_every_reader_has_a_small_file() -> None:
    assert {name.split()[0] for name in SMALL} >= set(READERS)


@pytest.mark.parametrize("name", SMALL)
def test_whole_files_are_read_by_their_reader(tmp_path: Path, catalogue: Catalogue, name: str) -> None:
    role, write = SMALL[name]
    path = write(tmp_path)
    reading = outcome(path, role, catalogue)
    assert isinstance(reading, Reading)
    assert reading.report.rows_used > 0
    wanted = name.split(maxsplit=1)[0]
    assert READERS[wanted].sniff(path)
    earlier = [n for n, r in READERS.items() if r.role == role and r.priority > READERS[wanted].priority]
    assert not any(READERS[n].sniff(path) for n in earlier)


@pytest.mark.parametrize("name", SMALL)
def test_reading_twice_gives_the_same(tmp_path: Path, catalogue: Catalogue, name: str) -> None:
    role, write = SMALL[name]
    path = write(tmp_path)
    one, two = (outcome(path, role, catalogue) for _ in range(2))
    assert isinstance(one, Reading)
    assert isinstance(two, Reading)
    assert one.report == two.report
    for contract, first, second in (
        (GRID, one.grid, two.grid),
        (POPULATION, one.population, two.population),
        (FACILITIES, one.facilities, two.facilities),
    ):
        if first is not None and second is not None:
            assert contract.arrow(first).equals(contract.arrow(second))


@pytest.mark.parametrize("name", SMALL)
def test_missing_and_empty_files_are_refused(tmp_path: Path, catalogue: Catalogue, name: str) -> None:
    role, write = SMALL[name]
    path = write(tmp_path)
    path.write_bytes(b"")
    empty = outcome(path, role, catalogue)
    assert isinstance(empty, InputError)
    assert empty.code == "file-empty"
    path.unlink()
    missing = outcome(path, role, catalogue)
    assert isinstance(missing, InputError)
    assert missing.code == "file-missing"
    path.mkdir()
    assert isinstance(outcome(path, role, catalogue), InputError)


@pytest.mark.parametrize("name", SMALL)
def test_every_truncation_is_refused_or_counted(tmp_path: Path, catalogue: Catalogue, name: str) -> None:
    role, write = SMALL[name]
    path = write(tmp_path)
    whole = path.read_bytes()
    for share in np.linspace(0.02, 0.98, 13):
        path.write_bytes(whole[: max(1, int(share * len(whole)))])
        outcome(path, role, catalogue)


@pytest.mark.parametrize("name", SMALL)
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), flips=st.integers(1, 12))
def test_flipped_bytes_never_end_in_a_traceback(tmp_path: Path, name: str, seed: int, flips: int) -> None:
    role, write = SMALL[name]
    path = write(tmp_path)
    raw = bytearray(path.read_bytes())
    chance = random.Random(seed)
    for _ in range(flips):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    path.write_bytes(raw)
    outcome(path, role, packaged())


TEXTS = [
    name
    for name in SMALL
    if name.split()[0] in ("ffcsv", "genesis", "grid_csv", "genesis_population") or name.endswith("csv")
]
JUNK = st.sampled_from(
    ["", "0", "-1", "-9", "-5", "1e308", "NaN", "inf", "12,5", "1.234", "ca. 40", "–", "x", "99999999999999999999",
     "6440001", "31.02.2025", "2025", "Summe", "=1+1", '"', ";", "m", "Kita", "\u2028", "ä" * 300]
)  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
@settings(max_examples=25)
@given(data=st.data())
def test_rearranged_texts_are_refused_or_counted(tmp_path: Path, name: str, data: st.DataObject) -> None:
    role, write = SMALL[name]
    path = write(tmp_path)
    text = path.read_text(encoding="utf-8")
    delimiter = "," if name.endswith("plain") else ";"
    rows = [line.split(delimiter) for line in text.splitlines()]
    for _ in range(data.draw(st.integers(1, 3))):
        rows = data.draw(st.sampled_from((drop_row, double_row, swap_columns, drop_column, set_cell, shuffle)))(
            rows, data
        )
    encoding = data.draw(st.sampled_from(["utf-8", "cp1252", "utf-16", "utf-8-sig"]))
    changed = "\n".join(delimiter.join(row) for row in rows)
    path.write_bytes(changed.encode(encoding, errors="replace"))
    outcome(path, role, packaged())


def drop_row(rows: list[list[str]], data: st.DataObject) -> list[list[str]]:
    at = data.draw(st.integers(0, max(0, len(rows) - 1)))
    return rows[:at] + rows[at + 1 :]


def double_row(rows: list[list[str]], data: st.DataObject) -> list[list[str]]:
    return rows + [list(data.draw(st.sampled_from(rows)))] if rows else rows


def swap_columns(rows: list[list[str]], data: st.DataObject) -> list[list[str]]:
    width = max((len(row) for row in rows), default=1)
    a, b = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, width - 1))
    skip = data.draw(st.sampled_from([0, 1]))  # with or without the header
    changed = [list(row) for row in rows]
    for row in changed[skip:]:
        if max(a, b) < len(row):
            row[a], row[b] = row[b], row[a]
    return changed


def drop_column(rows: list[list[str]], data: st.DataObject) -> list[list[str]]:
    width = max((len(row) for row in rows), default=1)
    at = data.draw(st.integers(0, width - 1))
    return [row[:at] + row[at + 1 :] for row in rows]


def set_cell(rows: list[list[str]], data: st.DataObject) -> list[list[str]]:
    changed = [list(row) for row in rows]
    full = [row for row in changed if row]
    if full:
        row = data.draw(st.sampled_from(full))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(JUNK)
    return changed


def shuffle(rows: list[list[str]], data: st.DataObject) -> list[list[str]]:
    return data.draw(st.permutations(rows)) if len(rows) < 30 else rows


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**12), st.floats(-10, 1e15).map(lambda v: round(v, 3)),
    st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1)), JUNK, st.text(max_size=12).filter(lambda t: t.isprintable()),
)  # fmt: skip
BOOKS: dict[str, tuple[Role, Rows]] = {
    "list": ("population", LIST),
    "register": ("register", REGISTER),
    "areas": ("areas", AREA_ROWS),
    "transport": ("transport", TRANSPORT_ROWS),
}


@pytest.mark.parametrize("name", BOOKS)
@settings(max_examples=35)
@given(data=st.data())
def test_any_cell_may_hold_anything(tmp_path: Path, name: str, data: st.DataObject) -> None:
    role, rows = BOOKS[name]
    rows = [list(row) for row in rows]
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.integers(0, len(rows) - 1))
        rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(CELLS)
    outcome(write_xlsx(tmp_path / "mappe.xlsx", {"T": rows}), role, packaged())  # type: ignore[dict-item]


@pytest.mark.parametrize("role", ["population", "register", "areas", "osm", "statistics", "gtfs", "transport"])
@settings(max_examples=25)
@given(content=st.one_of(st.binary(min_size=1, max_size=400), st.text(min_size=1, max_size=400).map(str.encode)))
def test_noise_is_refused_for_every_role(tmp_path: Path, role: Role, content: bytes) -> None:
    path = tmp_path / "rauschen.csv"
    path.write_bytes(content)
    assert isinstance(outcome(path, role, packaged()), InputError)
