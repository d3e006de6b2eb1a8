# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The files of the demo: real layouts, the same bytes for the same seed, read without a loss."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import openpyxl
import osmium
import pytest

import dableiben.sources
from dableiben.catalogue.load import load_catalogue
from dableiben.demo import SHIPPED_SEED, DemoFiles, demo_inputs, generate, own_cards, plan, region_settings
from dableiben.demo.generate import District
from dableiben.demo.terrain import box_degrees
from dableiben.demo.write_tables import OFFICIAL_DIFFERS
from dableiben.sources.base import read_file

assert dableiben.sources  # registers the readers


def digests(files: DemoFiles) -> dict[str, str]:
    root = files.truth.parent
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_equal_seeds_give_equal_bytes(files: DemoFiles, tmp_path: Path) -> None:
    imports = "import sys; from pathlib import Path; from dableiben.demo import generate; "
    code = imports + "generate(Path(sys.argv[1]), int(sys.argv[2]))"
    for hash_seed in ("0", "4711"):
        out = tmp_path / hash_seed
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run([sys.executable, "-c", code, str(out), str(SHIPPED_SEED)], check=True, env=environment)
        other = DemoFiles(demo_inputs(out), own_cards(out), out / "truth.json")
        assert digests(other) == digests(files)


def test_other_seeds_give_other_files(files: DemoFiles, tmp_path: Path) -> None:
    one, other = digests(files), digests(generate(tmp_path, SHIPPED_SEED + 1))
    assert one.keys() == other.keys()
    # Areas, segments, commuters, volunteers and own limits belong to the plan; everything else is drawn.
    same = {name for name in one if one[name] == other[name]}
    planned = {"gebiete.xlsx", "mehroertige.xlsx", "pendler.csv", "fahrdienste.xlsx"}
    assert {name for name in same if not name.startswith("cards")} == {f"quelle/{name}" for name in planned}


def test_grids_have_the_layout_of_2022(files: DemoFiles, shipped: District) -> None:
    persons, ages = (path for path in files.inputs["population"] if path.suffix == ".csv")
    lines = persons.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner;werterlaeuternde_Zeichen"
    rows = list(csv.DictReader(lines, delimiter=";"))
    for row in rows[:50]:
        x, y = int(row["x_mp_100m"]), int(row["y_mp_100m"])
        assert row["GITTER_ID_100m"] == f"CRS3035RES100mN{y - 50}E{x - 50}"
    values = [row["Einwohner"] for row in rows]
    assert values.count("–") == 60
    assert all(int(value) >= 3 for value in values if value != "–")
    assert {row["werterlaeuternde_Zeichen"] for row in rows} == {"", "KLAMMERN"}
    populated = {cell for s in shipped.terrain.settlements.values() for cell in s.cells}
    assert {(float(r["x_mp_100m"]), float(r["y_mp_100m"])) for r in rows if r["Einwohner"] != "–"} == populated
    first = ages.read_text(encoding="utf-8").splitlines()
    assert first[0] == "GITTER_ID_100m;x_mp_100m;y_mp_100m;Durchschnittsalter;werterlaeuternde_Zeichen"
    assert "," in first[1].split(";")[3] and "." not in "".join(first[1:])


def test_statistics_have_the_new_header_and_the_persons_of_the_register(files: DemoFiles, shipped: District) -> None:
    rows = list(csv.DictReader(files.inputs["statistics"][0].read_text(encoding="utf-8").splitlines(), delimiter=";"))
    variables = [
        f"{n}_variable_{what}" for n in (1, 2, 3) for what in ("code", "label", "attribute_code", "attribute_label")
    ]
    assert list(rows[0]) == [
        "statistics_code", "statistics_label", "time_code", "time_label", "time", *variables,
        "value", "value_unit", "value_variable_code", "value_variable_label",
    ]  # fmt: skip
    for m in plan.MUNICIPALITIES:
        mine = [row for row in rows if row["1_variable_attribute_code"] == m.ags]
        table = np.sum([shipped.residents.main[place.name] for place in m.localities], axis=0)
        for row in mine:
            sex, group = row["2_variable_attribute_code"], row["3_variable_attribute_code"]
            columns = {"": [0, 1], "GESM": [0], "GESW": [1]}[sex]
            low, high = {"": (0, 101), "ALT075UM": (75, 101)}.get(group) or (int(group[3:6]), int(group[7:]))
            extra = OFFICIAL_DIFFERS.get(m.ags, 0) if sex != "GESM" and low <= 25 < high else 0
            assert int(row["value"]) == table[low:high, columns].sum() + extra
        assert len(mine) == 3 * 18


def test_official_statistics_differ_by_twelve_women_of_soelten_only() -> None:
    assert OFFICIAL_DIFFERS == {"13099001": 12}


def test_list_of_residents_holds_everybody(files: DemoFiles, shipped: District) -> None:
    path = next(p for p in files.inputs["population"] if p.suffix == ".xlsx")
    book = openpyxl.load_workbook(path, read_only=True)
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0] == ("AGS", "Gemeinde", "Ortsteil", "Alter", "Geschlecht", "Wohnungsart", "Stichtag", "Einwohner")
    main = Counter()
    for _, _, locality, *_, home, day, persons in rows[1:]:
        assert day.date() == plan.AS_OF
        main[locality, home] += persons
    for name in plan.localities():
        assert main[name, "alleinige oder Hauptwohnung"] == shipped.residents.persons(name)
        assert main[name, "Nebenwohnung"] == shipped.residents.second[name].sum()


def test_the_map_is_an_extract_like_others(files: DemoFiles) -> None:
    path = files.inputs["osm"][0]
    kinds: Counter[str] = Counter()
    levels: Counter[str] = Counter()
    found: Counter[str] = Counter()
    last = {"n": 0, "w": 0, "r": 0}
    for item in osmium.FileProcessor(str(path)):
        tags = {tag.k: tag.v for tag in item.tags}
        letter = "n" if item.is_node() else "w" if item.is_way() else "r"
        assert item.id > last[letter]
        last[letter] = item.id
        kinds[tags.get("highway", "")] += item.is_way()
        levels[tags.get("admin_level", "")] += item.is_relation()
        for key in ("oneway", "barrier", "maxspeed", "opening_hours", "wheelchair", "place", "building"):
            found[key] += key in tags
        found["ferry"] += tags.get("route") == "ferry"
    wanted = {"primary", "secondary", "tertiary", "unclassified", "residential", "track", "path", "cycleway"}
    assert wanted <= set(kinds)
    assert {level: levels[level] for level in "6789"} == {"6": 2, "7": 2, "8": 17, "9": 90}
    assert found["ferry"] == 1
    assert all(found[key] > 0 for key in found)
    with osmium.io.Reader(str(path)) as reader:
        box = reader.header().box()
        assert "made up" in reader.header().get("generator")
    assert (box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat) == pytest.approx(
        box_degrees()
    )


def test_every_file_is_read_without_a_loss(files: DemoFiles) -> None:
    catalogue = load_catalogue(files.cards)
    lost: dict[str, int] = {}
    for role, paths in files.inputs.items():
        for path in paths:
            reading = read_file(path, role, catalogue)
            assert reading.report.rows_read > 0
            lost |= {f"{path.name}: {reason}": number for reason, number in reading.report.lost.items()}
    assert set(lost) == {
        "ellerland.osm.pbf: OSM-Einrichtung doppelt erfasst (z. B. Punkt und Gebäude), zusammengeführt",
        "zensus2022_100m.csv: Gitterzelle ohne Wert (geheim gehalten)",
        "zensus2022_durchschnittsalter_100m.csv: Gitterzelle ohne Wert (geheim gehalten)",
    }


def test_own_cards_are_marked_as_made_up(files: DemoFiles) -> None:
    catalogue = load_catalogue(files.cards)
    own: dict[str, set[str]] = {"norms": set(), "windows": set()}
    for folder, name in (card.split("/") for card in catalogue.own):
        own[folder].add(name)
    assert sum(map(len, own.values())) == len(catalogue.own)
    for window in (catalogue.windows[name] for name in own["windows"]):
        assert window.certainty == "made_up" and "erfunden" in window.source
    for norm in (catalogue.norms[name] for name in own["norms"]):
        assert {value.certainty for value in norm.values} == {"made_up"}
        assert "erfunden" in norm.title.de and "made-up" in norm.title.en
        assert norm.tier in ("statute_local", "planning")


def test_settings_adopt_no_benchmark_and_say_that_all_is_made_up(files: DemoFiles) -> None:
    config = region_settings(files.truth.parent)
    assert config.made_up is True
    assert config.norms.adopt == ()
    assert config.carless is not None and "erfunden" in config.carless.source


def test_truth_says_that_it_is_made_up(files: DemoFiles) -> None:
    truth = json.loads(files.truth.read_text(encoding="utf-8"))
    assert truth["made_up"] is True
    assert (truth["persons"], truth["seed"]) == (80_000, SHIPPED_SEED)
