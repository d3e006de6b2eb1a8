# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The GeoPackage read back by GDAL and by SQLite: shapes, words, styles that draw every feature once, equal bytes."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from dableiben.catalogue.text import Lang
from dableiben.core.run import Results
from dableiben.report.area_shapes import area_shapes
from dableiben.report.gpkg import STAMP, write_gpkg
from support.exports import Made, made

LAYERS = ["gebiete", "luecken", "wege", "einrichtungen"]


@pytest.fixture(scope="module")
def district() -> Made:
    return made()


@pytest.fixture(scope="module")
def path(district: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(district, tmp_path_factory.mktemp("gpkg") / "report.gpkg")


@pytest.fixture(scope="module")
def database(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path)) as opened:
        yield opened


def written(made_up: Made, path: Path, lang: Lang = "de") -> Path:
    write_gpkg(made_up.released, made_up.catalogue, path, lang=lang)
    return path


def layer(path: Path, name: str) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(path, layer=name)


def styles(database: sqlite3.Connection) -> list[tuple[str, str, int, ET.Element]]:
    """Layer, name, default or not, parsed style."""
    rows = database.execute("SELECT f_table_name, styleName, useAsDefault, styleQML FROM layer_styles ORDER BY id")
    return [(table, name, default, ET.fromstring(text.split("\n", 1)[1])) for table, name, default, text in rows]


def test_four_layers_in_metres(path: Path, database: sqlite3.Connection) -> None:
    assert [name for name, kind in pyogrio.list_layers(path) if kind] == LAYERS
    for name in LAYERS:
        info = pyogrio.read_info(path, layer=name)
        assert info["crs"] == "EPSG:3035" and info["features"] > 0
    one = database.execute("PRAGMA application_id").fetchone()[0]
    assert one == int.from_bytes(b"GPKG", "big")
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_spatial_index_finds_what_lies_in_a_window(
    path: Path, district: Made, database: sqlite3.Connection
) -> None:
    indexed = database.execute("SELECT table_name FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'")
    assert {row[0] for row in indexed} == set(LAYERS)
    cells = district.released.tables["cells"].drop_duplicates("cell_id")
    x, y = float(cells["x_m"].iloc[0]), float(cells["y_m"].iloc[0])
    found = pyogrio.read_dataframe(path, layer="wege", bbox=(x - 500, y - 500, x + 500, y + 500))
    near = cells[((cells["x_m"] - x).abs() <= 550) & ((cells["y_m"] - y).abs() <= 550)]
    assert set(found["zelle_id"]) == set(near["cell_id"]) and 0 < len(found) < len(cells)


def test_gaps_lie_in_the_area_that_names_them(path: Path, district: Made) -> None:
    table = district.released.tables["gaps"].set_index("gap_id")
    gaps = layer(path, "luecken").set_index("luecke_id")
    large_first = gaps["ebene"].map(["Landkreis", "Mittelbereich", "Amt", "Gemeinde", "Ortsteil"].index)
    drawn = list(zip(large_first, -gaps["rang"], strict=True))
    assert drawn == sorted(drawn) and set(gaps["rang"]) == set(table["rank"])  # the first rank lies on top
    areas = layer(path, "gebiete").set_index("gebiet_id")
    for gap_id, gap in gaps.iterrows():
        assert gap.geometry.equals(areas.geometry[gap["gebiet_id"]])
        row = table.loc[gap_id]
        if row["withheld"]:
            assert pd.isna(gap["personen"]) and pd.isna(gap["personen_min"]) and gap["geheim"] == "ja"
        else:
            assert gap["personen"] == pytest.approx(row["persons_best"]) and gap["geheim"] == "nein"
    assert (gaps["geheim"] == "ja").sum() == table["withheld"].notna().sum() > 2
    assert gaps.loc[gaps["rang"] == 1, "angebot"].item() == "Hausarztpraxis"


def test_areas_count_the_gaps_of_their_parts(path: Path, district: Made) -> None:
    areas = layer(path, "gebiete").set_index("gebiet_id")
    assert set(areas.index) == set(district.released.areas["area_id"])
    gaps = district.released.tables["gaps"]
    nested = gaps[~gaps["area_id"].str.startswith("mb:")]
    assert areas.loc["13999", "luecken"] == len(gaps)  # all Mittelbereiche lie in it
    dornsee = nested["area_id"].str.startswith("13999003").sum()
    assert areas.loc["13999003", "luecken"] == dornsee > 0
    assert areas.loc["13999003", "gemeinde"] == "Dornsee" and areas.loc["13999", "ebene"] == "Landkreis"
    coverage = district.released.tables["coverage"].set_index(["area_id", "kind"])
    share = coverage.loc[("13999", "kinderarzt"), "gap_share"]
    assert areas.loc["13999", "luecke_pct_kinderarzt"] == pytest.approx(share * 100) != 0
    withheld = coverage[(coverage["withheld"].notna()) & coverage["gap_share"].isna()]
    for area_id, kind in withheld.index:
        assert pd.isna(areas.loc[area_id, f"luecke_pct_{kind}"])
        label = district.catalogue.services()[kind].label.de
        assert label in areas.loc[area_id, "geheim_bei"]
    assert "luecke_pct_apotheke" not in areas.columns  # never rated


def test_areas_without_an_outline_get_a_shape(district: Made) -> None:
    shapes = area_shapes(district.released)
    areas = district.released.areas.set_index("area_id")
    assert set(shapes) == set(areas.index)
    members = areas[areas["also_in"].map(lambda also: "mb:m0" in also) & (areas["level"] == "municipality")]
    assert shapes["mb:m0"].origin == "parts"
    assert shapes["mb:m0"].shape.area == pytest.approx(members.geometry.area.sum())
    locality = areas.index[areas["level"] == "locality"][0]
    cells = district.released.tables["cells"].drop_duplicates("cell_id")
    mine = cells[cells["area_id"] == locality]
    assert shapes[locality].origin == "cells"
    assert shapes[locality].shape.area == pytest.approx(len(mine) * district.released.size_m**2)  # type: ignore[operator]
    assert shapes["13999001"].origin == "outline"


def test_ways_are_wide_with_minutes_and_rating(path: Path, district: Made) -> None:
    cells = district.released.tables["cells"]
    ways = layer(path, "wege").set_index("zelle_id")
    assert set(ways.index) == set(cells["cell_id"])
    assert (ways.geometry.area == district.released.size_m**2).all()  # type: ignore[operator]
    for (kind, mode), part in cells.groupby(["kind", "mode"]):
        name = {"foot": "fuss", "bike": "rad", "car": "auto"}[str(mode)] + f"_{kind}"
        wanted = part.set_index("cell_id")["travel_time_min"].astype(float)
        if wanted.isna().all():
            assert name not in ways.columns
            continue
        assert ways[name].reindex(wanted.index).to_numpy() == pytest.approx(wanted.round(1).to_numpy(), nan_ok=True)
        rated = set(part["status_distance"].dropna()) - {"not_rated"}
        assert (f"status_{name}" in ways.columns) == bool(rated)
    statuses = set(ways["status_auto_kinderarzt"].dropna())
    assert statuses <= {"Lücke", "gedeckt", "unbekannt"} and "Lücke" in statuses
    hidden = cells[cells["withheld"].notna()]
    assert len(hidden) and ways.loc[hidden["cell_id"], "geschuetzt_bei"].eq("Betreuung unter 3 Jahren").all()
    assert ways.loc[hidden["cell_id"], "auto_kita_u3"].isna().all()


def test_facilities_are_points_and_protected_places_are_gone(path: Path, district: Made) -> None:
    shown = layer(path, "einrichtungen").set_index("einrichtung_id")
    table = district.released.tables["facilities"].set_index("facility_id")
    assert set(shown.index) == set(table.index)
    minders = shown[shown["angebot_id"] == "kindertagespflege"]
    assert len(minders) == 3 and minders.geometry.isna().all() and (minders["lage"] == "geschützter Ort").all()
    known = shown[shown.geometry.notna()]
    assert known.geometry.x.to_numpy() == pytest.approx(table.loc[known.index, "x_m"].astype(float).to_numpy())
    assert "frauenhaus" not in set(shown["angebot_id"])
    content = path.read_bytes()
    secret = district.results.tables["facilities"]
    secret = secret[secret["kind"].isin(["frauenhaus", "kindertagespflege"])]
    for text in (*secret["name"], *secret["facility_id"]):
        assert text.encode() not in content


def test_every_layer_has_one_default_style(database: sqlite3.Connection) -> None:
    found = styles(database)
    assert {table for table, _, _, _ in found} == set(LAYERS)
    for name in LAYERS:
        mine = [(default, style) for table, style, default, _ in found if table == name]
        assert [default for default, _ in mine] == [1] + [0] * (len(mine) - 1)
        assert len({style for _, style in mine}) == len(mine)
    defaults = {table: name for table, name, default, _ in found if default}
    # The first gap of the way in rank decides which way is shown first.
    assert defaults["wege"] == "Bewertung: Kinderarztpraxis, mit dem Auto"
    assert defaults["luecken"] == "Lücken nach Stufe"


def test_styles_name_existing_fields_and_symbols(database: sqlite3.Connection) -> None:
    for table, name, _, style in styles(database):
        columns = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
        renderer = style.find("renderer-v2")
        assert renderer is not None
        symbols = [symbol.get("name") for symbol in renderer.iterfind("symbols/symbol")]
        entries = [*renderer.iterfind("categories/category"), *renderer.iterfind("rules/rule")]
        assert entries and [entry.get("symbol") for entry in entries] == symbols, (table, name)
        if renderer.get("type") == "categorizedSymbol":
            assert renderer.get("attr") in columns
        for rule in renderer.iterfind("rules/rule"):
            assert set(re.findall(r'"(\w+)"', rule.get("filter", ""))) <= columns
        aliases = {a.get("field"): a.get("name") for a in style.iterfind("aliases/alias")}
        assert set(aliases) == columns - {"geom"} and all(aliases.values())
        for color in style.iterfind(".//prop[@k='color']"):
            assert re.fullmatch(r"(\d{1,3},){3}\d{1,3}", color.get("v", ""))
        tip = style.findtext("mapTip") or ""
        assert tip and set(re.findall(r'"(\w+)"', " ".join(re.findall(r"\[%(.*?)%\]", tip)))) <= columns
        geometry = {"einrichtungen": "0"}.get(table, "2")
        assert style.findtext("layerGeometryType") == geometry


def test_categories_cover_every_value(database: sqlite3.Connection) -> None:
    for table, name, _, style in styles(database):
        renderer = cast(ET.Element, style.find("renderer-v2"))
        if renderer.get("type") != "categorizedSymbol":
            continue
        values = {c.get("value") for c in renderer.iterfind("categories/category")}
        present = {row[0] for row in database.execute(f'SELECT DISTINCT "{renderer.get("attr")}" FROM {table}')}
        assert {"" if value is None else value for value in present} <= values, (table, name)


def test_rules_select_every_feature_once(database: sqlite3.Connection) -> None:
    """The filters are SQL as well: classes have no holes and do not overlap."""
    checked = 0
    for table, name, _, style in styles(database):
        rules = list(style.iterfind("renderer-v2/rules/rule"))
        if not rules:
            continue
        counts = [
            database.execute(f"SELECT count(*) FROM {table} WHERE {r.get('filter')}").fetchone()[0] for r in rules
        ]
        assert sum(counts) == database.execute(f"SELECT count(*) FROM {table}").fetchone()[0], (table, name)
        checked += 1
    assert checked > 10


def test_nobody_is_called_served_where_it_is_unknown(tmp_path: Path) -> None:
    def doubt(results: Results) -> None:
        need = results.tables["need"]
        rows = (need["kind"] == "kinderarzt") & need["area_id"].str.startswith("13999003") & (need["status"] == "gap")
        assert rows.any()
        need.loc[rows, "status"] = "unknown"

    path = written(made(change=doubt, restricted=False), tmp_path / "report.gpkg")
    areas = layer(path, "gebiete").set_index("gebiet_id")
    assert areas.loc["13999003", "luecke_pct_kinderarzt"] == 0 < areas.loc["13999003", "unbekannt_pct_kinderarzt"]
    with closing(sqlite3.connect(path)) as database:
        (style,) = (s for _, name, _, s in styles(database) if name == "Anteil in einer Lücke: Kinderarztpraxis")
        filters = {r.get("label"): r.get("filter") for r in style.iterfind("renderer-v2/rules/rule")}
        found = {}
        for label in ("keine", "keine Lücke belegt, teilweise unbekannt", "über 50\u00a0%"):
            query = f"SELECT gebiet_id FROM gebiete WHERE {filters[label]}"
            found[label] = {row[0] for row in database.execute(query)}
    assert list(found.values()) == [{"13999001", "13999002"}, {"13999003"}, {"13999005"}]


def test_attribution_and_mark_stand_in_the_metadata(path: Path, database: sqlite3.Connection) -> None:
    rows = database.execute(
        "SELECT r.table_name, m.metadata FROM gpkg_metadata m JOIN gpkg_metadata_reference r ON r.md_file_id = m.id "
        "WHERE m.md_standard_uri = 'http://mrcc.com/qgis.dtd' ORDER BY m.id"
    ).fetchall()
    assert [table for table, _ in rows] == [None, *LAYERS]
    for _, text in rows:
        root = ET.fromstring(text.split("\n", 1)[1])
        assert root.findtext("rights") == "© OpenStreetMap-Mitwirkende, ODbL 1.0"
        assert "ERFUNDEN" in str(root.findtext("abstract")) and "Landkreis Musterland" in str(root.findtext("title"))
    contents = database.execute("SELECT identifier, description FROM gpkg_contents WHERE data_type = 'features'")
    for identifier, description in contents:
        assert identifier.endswith("(ERFUNDEN)") and "OpenStreetMap" in description


def test_english_keeps_the_fields(path: Path, district: Made, tmp_path: Path) -> None:
    english = written(district, tmp_path / "report.gpkg", "en")
    for name in LAYERS:
        assert list(layer(english, name).columns) == list(layer(path, name).columns)
    first = layer(english, "luecken").set_index("rang").loc[1]
    assert (first["angebot"], first["ursache"]) == ("general practice", "too few doctors' posts")
    with closing(sqlite3.connect(english)) as database:
        aliases = [a for _, _, default, s in styles(database) if default for a in s.iterfind("aliases/alias")]
        assert {"Area", "Cause", "Persons"} <= {alias.get("name") for alias in aliases}


def test_nothing_tells_when_it_was_written(database: sqlite3.Connection) -> None:
    stamps = [
        *database.execute("SELECT last_change FROM gpkg_contents"),
        *database.execute("SELECT update_time FROM layer_styles"),
        *database.execute("SELECT timestamp FROM gpkg_metadata_reference"),
    ]
    assert {stamp for (stamp,) in stamps} == {STAMP}


def test_equal_results_give_equal_bytes(district: Made, path: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "a folder with another name"
    elsewhere.mkdir()
    again = written(made(), elsewhere / "other.gpkg")
    assert again.read_bytes() == path.read_bytes()
    written(district, again)  # over an older file
    assert again.read_bytes() == path.read_bytes()
    assert [entry.name for entry in elsewhere.iterdir()] == ["other.gpkg"]


def test_bytes_do_not_depend_on_the_hash_seed(path: Path, tmp_path: Path) -> None:
    tests = Path(__file__).resolve().parent.parent
    script = (
        "import sys; from pathlib import Path; from support.exports import made;"
        "from dableiben.report.gpkg import write_gpkg; m = made();"
        "write_gpkg(m.released, m.catalogue, Path(sys.argv[1]))"
    )
    env = {**os.environ, "PYTHONHASHSEED": "4242", "PYTHONPATH": str(tests)}
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "x.gpkg")], env=env, check=True)
    assert (tmp_path / "x.gpkg").read_bytes() == path.read_bytes()


def test_only_released_results_are_written(district: Made, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="Released"):
        write_gpkg(district.results, district.catalogue, tmp_path / "no.gpkg")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_two_lists_without_a_map(tmp_path: Path) -> None:
    """Areas without outlines, no cells, no places: rows without shapes, no layer of ways."""

    def without_map(results: Results) -> None:
        tables = cast(dict[str, Any], results.tables)
        tables["cells"] = results.tables["cells"].iloc[:0]
        tables["facilities"] = results.tables["facilities"].assign(x_m=None, y_m=None)
        results.areas["geometry"] = gpd.GeoSeries([None] * len(results.areas), crs=3035)

    path = written(made(change=without_map), tmp_path / "report.gpkg")
    assert [name for name, _ in pyogrio.list_layers(path)][:3] == ["gebiete", "luecken", "einrichtungen"]
    assert layer(path, "gebiete").geometry.isna().all() and len(layer(path, "luecken")) > 5
    with closing(sqlite3.connect(path)) as database:
        assert {table for table, _, _, _ in styles(database)} == {"gebiete", "luecken", "einrichtungen"}


def test_no_gap_at_all_keeps_the_fields(path: Path, tmp_path: Path) -> None:
    def nothing(results: Results) -> None:
        for name in ("gaps", "unknowns", "facilities"):
            cast(dict[str, Any], results.tables)[name] = results.tables[name].iloc[:0]

    empty = written(made(change=nothing), tmp_path / "report.gpkg")
    for name in ("luecken", "einrichtungen"):
        fields = pyogrio.read_info(path, layer=name)
        mine = pyogrio.read_info(empty, layer=name)
        assert mine["features"] == 0
        assert list(mine["fields"]) == list(fields["fields"]) and list(mine["dtypes"]) == list(fields["dtypes"])
        assert mine["geometry_type"] == fields["geometry_type"]


def test_shapes_are_valid(path: Path) -> None:
    for name in LAYERS:
        shapes = layer(path, name).geometry.dropna()
        assert shapely.is_valid(shapes.to_numpy()).all()


def test_the_council_is_told_no_unconfirmed_judgement(tmp_path: Path) -> None:
    council = made(council=True)
    path = tmp_path / "council.gpkg"
    write_gpkg(council.released, council.catalogue, path)
    with sqlite3.connect(path) as database:
        names = {layer: {row[1] for row in database.execute(f"PRAGMA table_info({layer})")} for layer in LAYERS}
        found = {row[0] for row in database.execute("SELECT gebiet_id FROM luecken")}
    assert not [n for n in names["gebiete"] if n.startswith(("luecke_pct", "unbekannt_pct"))]
    assert not [n for n in names["wege"] if n.startswith("status_")]
    gaps = council.results.tables["gaps"]
    assert found <= set(gaps.loc[gaps["review_status"] == "confirmed", "area_id"])
