# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The command line on a real piece of Hesse: from raw files to report and decision, in one folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Call = Callable[..., subprocess.CompletedProcess[str]]
COMPLETE = {"Altenstadt", "Glauburg", "Limeshain"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the program is called."""
    return tmp_path_factory.mktemp("wetterau")


@pytest.fixture(scope="module")
def call(folder: Path) -> Call:
    """Call the program as a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DABLEIBEN_")}
    environment["PYTHONIOENCODING"] = "utf-8"

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dableiben.cli", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", cwd=folder, env=environment, check=False
        )

    return run


@pytest.fixture(scope="module")
def made(call: Call, shared_path: Path) -> subprocess.CompletedProcess[str]:
    """`init` with map, grid, boundaries and ages."""
    region, germany = shared_path / "regions" / "wetterau", shared_path / "germany"
    return call(
        *("init", "wetterau", "--name", "Wetterau (Ausschnitt)", "--ags", "06440", "--json"),
        *("--osm", region / "wetterau-2022-12.osm.pbf", "--population", region / "zensus2011-200m.csv"),
        *("--areas", germany / "vg250-gem-2024-simplified.zip", "--gtfs", region / "gtfs-2022-partial.zip"),
        *("--statistics", germany / "regionalstatistik" / "12411-02-03-5_00.csv"),
    )


@pytest.fixture(scope="module")
def checked(call: Call, made: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    """`check` of three kinds on foot and by car."""
    assert made.returncode == 0, made.stderr
    return call("check", "wetterau", "--kinds", "kita,supermarkt,grundschule", "--modes", "car,foot", "--json")


def test_init_says_what_was_read_and_assessed(made: subprocess.CompletedProcess[str]) -> None:
    assert made.returncode == 0, made.stderr
    said = json.loads(made.stdout)
    assert set(said["municipalities"]) == COMPLETE
    kinds = {source["kind"]: source for source in said["sources"]}
    assert {"osm", "zensus_grid", "gtfs"} <= set(kinds)
    assert kinds["osm"]["rows_read"] > 1000
    assert said["adopted_norms"]
    assert f"Vergleichswerte sind eingeschaltet ({', '.join(said['adopted_norms'])})" in made.stderr


def test_check_gives_gaps_and_a_report(call: Call, checked: subprocess.CompletedProcess[str]) -> None:
    assert checked.returncode == 0, checked.stderr
    assert checked.stderr.strip().endswith("report.html")
    found = json.loads(checked.stdout)
    listed = call("gaps", "wetterau", "--json")
    assert json.loads(listed.stdout) == found["gaps"]
    assert {gap["kind"] for gap in found["gaps"]} <= {"kita", "supermarkt", "grundschule", "kita_u3"}


@pytest.mark.parametrize(
    ("form", "begin"), [("html", b"<!doctype html>"), ("xlsx", b"PK"), ("gpkg", b"SQLite format 3")]
)
def test_exports_are_what_their_names_say(
    call: Call, checked: subprocess.CompletedProcess[str], folder: Path, form: str, begin: bytes
) -> None:
    assert checked.returncode == 0
    done = call("report", "wetterau", "--format", form, "--lang", "en", "--council")
    assert done.returncode == 0, done.stderr
    path = folder / done.stdout.strip()
    assert path.name == f"report-council-en.{form}"
    assert path.read_bytes()[: len(begin)].lower() == begin.lower()
    assert not [other.name for other in path.parent.iterdir() if other.name.startswith(".")]


def test_doctor_names_what_is_missing(call: Call, made: subprocess.CompletedProcess[str]) -> None:
    done = call("doctor", "wetterau")
    assert done.returncode == 0, done.stdout
    assert "ohne Angabe der nutzbaren Plätze" in done.stdout
    assert "Menschen ohne Auto ist nicht bekannt" in done.stdout


def test_the_register_form_of_a_map_region_comes_back(call: Call, made: subprocess.CompletedProcess[str]) -> None:
    files = json.loads(call("template", "register", "wetterau", "--out", "post", "--json").stdout)["files"]
    done = call("add", "wetterau", "--register", files[0], "--json")
    assert done.returncode == 0, done.stderr
    # Untouched: the same facilities, by the same ids.
    assert json.loads(done.stdout) == []
