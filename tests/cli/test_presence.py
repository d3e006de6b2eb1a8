# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""`dableiben presence`: from a table of segments to the week of a municipality."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.command_line import Run
from support.tables import write_csv

PEOPLE = [
    ("AGS", "Gemeinde", "Alter", "Stichtag", "Anzahl"),
    ("13099001", "Musterau", "0 bis 99", "31.12.2025", 5000), ("13099002", "Brook", "0 bis 99", "31.12.2025", 900),
]  # fmt: skip
HOUSES = [("Art", "Name", "Gemeinde", "Plätze Ü3"), ("Kita", "Regenbogen", "Musterau", 20)]
SEGMENTS = [
    ("Bezeichnung", "Sicht", "Gemeinde", "Personen", "anwesend", "Saison"),
    ("Wochenpendler", "Outgoing", "Musterau", 300, "Fr-So", None),
    ("Montage", "Incoming", "Musterau", 200, "Mo-Do", None),
    ("zwei Gäste", "Incoming", "Brook", 2, "Sa-So", None),
]


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from dableiben.store.config import config_from
    from dableiben.study.check import check
    from dableiben.study.init import init_region

    folder = tmp_path_factory.mktemp("segments")
    files = [
        ("population", write_csv(folder / "einwohner.csv", PEOPLE)),
        ("register", write_csv(folder / "einrichtungen.csv", HOUSES)),
        ("segments", write_csv(folder / "segmente.csv", SEGMENTS)),
    ]
    init_region(folder / "ort", config_from(name="Ellerland", land=None, ags=()), files)  # type: ignore[arg-type]
    check(folder / "ort", kinds=("kita",))
    return folder / "ort"


def test_the_week_is_told_in_words(run: Run, region: Path) -> None:
    answer = run("presence", region, "--area", "Musterau")
    assert answer.code == 0
    assert answer.out.splitlines()[1:] == [
        "  Mo–Do 0:00–24:00: 4.900 Personen",
        "  Fr–So 0:00–24:00: 5.000 Personen",
        "  Von den Einwohnern abends da (Mo-Do 18-22 Uhr): 94 %",
    ]
    assert "gerundet" in answer.err


def test_json_holds_every_area_and_no_small_group(run: Run, region: Path) -> None:
    found = {entry["area_id"]: entry for entry in run("presence", region, "--json").json()}
    assert list(found) == ["13099", "13099002", "13099001"]
    assert [level["persons"] for level in found["13099002"]["levels"]] == [900.0]  # two guests are no step of the curve
    assert found["13099001"]["evening_share"] == 0.94 and found["13099001"]["season"] == "year"
    stretches = found["13099001"]["stretches"]
    assert [s["best"] for s in stretches] == [4900.0, 5000.0] and stretches[-1]["slot_to"] == 672


def test_an_area_that_is_not_there_is_refused(run: Run, region: Path) -> None:
    answer = run("presence", region, "--area", "Xdorf")
    assert answer.code == 2 and "Xdorf" in answer.err
