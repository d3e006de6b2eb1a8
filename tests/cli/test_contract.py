# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Exit codes, what goes where, and that nothing is half-written: on a region of two lists."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dableiben.core.errors import InputError
from support.command_line import Run
from support.two_lists import KITA, write_register, write_residents

Lists = tuple[Path, Path]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checked region of two lists, made by the library; tests here only read it."""
    from dableiben.store.config import config_from
    from dableiben.study.check import check
    from dableiben.study.init import init_region

    folder = tmp_path_factory.mktemp("checked")
    root = folder / "musterau"
    residents = write_residents(folder / "einwohner.csv")
    # 25 children a year of age have 8 places: whatever else, places are missing.
    register = write_register(folder / "einrichtungen.csv", [{**KITA, "belegbare Plätze": "8"}])
    config = config_from(name="Musterau", land=None, ags=())
    init_region(root, config, [("population", residents), ("register", register)])
    check(root, kinds=("kita",))
    return root


def content(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != "region.lock"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_init_check_and_read(run: Run, lists: Lists, tmp_path: Path) -> None:
    root = tmp_path / "musterau"
    made = run("init", root, "--name", "Musterau", "--population", lists[0], "--register", lists[1], "--json")
    assert made.code == 0
    assert made.json()["municipalities"] == ["Musterau"]
    assert [(s["kind"], s["rows_read"]) for s in made.json()["sources"]] == [("population_list", 360), ("register", 2)]
    assert "Weiter mit: dableiben check" in made.err

    checked = run("check", root, "--kinds", "kita,hausarzt", "--json")
    assert checked.code == 0
    found = checked.json()
    assert (Path(found["run"]) / "gaps.parquet").is_file() and Path(found["report"]).is_file()

    listed = run("gaps", root, "--json")
    assert listed.code == 0
    assert listed.json() == found["gaps"]

    log = (root / "results" / "latest" / "run.log").read_text(encoding="utf-8").splitlines()
    assert "info    einwohner.csv: 360 gelesen, 360 verwendet" in log
    assert not any(str(tmp_path) in line or "Meyer" in line for line in log)
    settings = json.loads((root / "results" / "latest" / "run.json").read_text(encoding="utf-8"))["settings"]
    assert settings["kinds"] == sorted(["hausarzt", "kita"]) and settings["modes"] == ["foot", "bike", "car", "bus"]


def test_gaps_are_lines_for_people(run: Run, checked: Path) -> None:
    answer = run("gaps", checked)
    assert answer.code == 0
    gaps = run("gaps", checked, "--json").json()
    assert len(gaps) > 0
    lines = answer.out.splitlines()
    assert len(lines) == len(gaps)
    for line, gap in zip(lines, gaps, strict=True):
        assert line.endswith(f"[{gap['gap_id']}]") and gap["area_name"] in line
        assert "Kita" in line and gap["kind"] not in line and gap["group"] not in line
    assert answer.err == ("1 Lücke.\n" if len(gaps) == 1 else f"{len(gaps)} Lücken.\n")


def test_a_gap_of_fewer_than_the_minimum_is_shown_without_its_number(run: Run, lists: Lists, tmp_path: Path) -> None:
    root = tmp_path / "musterau"
    # 33.9 children need a Kita: two places are missing, and a number under three is not shown.
    register = write_register(tmp_path / "knapp.csv", [{**KITA, "belegbare Plätze": "32"}])
    run("init", root, "--name", "Musterau", "--population", lists[0], "--register", register)
    for command in (["check", root, "--kinds", "kita"], ["gaps", root]):
        answer = run(*command)
        assert answer.code == 0, answer.err
        assert "eine nicht gezeigte Zahl von Personen" in answer.out


def test_filters_of_gaps(run: Run, checked: Path) -> None:
    every = run("gaps", checked, "--json").json()
    assert run("gaps", checked, "--area", "Musterau", "--json").json() == every
    assert run("gaps", checked, "--area", "13099001", "--json").json() == every
    assert run("gaps", checked, "--kind", "kita", "--json").json() == every
    assert run("gaps", checked, "--kind", "hausarzt", "--json").json() == []
    assert run("gaps", checked, "--area", "Oberdorf", "--json").json() == [
        gap for gap in every if gap["area_id"] == "13099001:oberdorf"
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["gaps", "{}", "--kind", "kitta"], ["kitta"]),
        (["gaps", "{}", "--area", "Nirgendwo"], ["Nirgendwo"]),
        (["check", "{}", "--kinds", "kitta"], ["--kinds", "kitta"]),
        (["check", "{}", "--modes", "foot,auto"], ["--modes", "auto", "foot, bike, car"]),
        (["check", "{}", "--dimensions", "zeit"], ["--dimensions", "zeit"]),
        (["check", "{}", "--year", "1999"], ["1999", "2024"]),
        (["check", "{}", "--year", "voriges"], ["--year", "ganze Zahl"]),
        (["check", "{}", "--workers", "0"], ["--workers"]),
        (["check", "{}", "--woerker", "2"], ["--woerker", "--workers"]),
        (["check"], ["ORDNER", "fehlt"]),
        (["check", "{}", "nochwas"], ["nochwas"]),
        (["chek", "{}"], ["chek", "„check“"]),
        (["decide", "{}", "gibtsnicht", "open"], ["gibtsnicht"]),
        (["decide", "{}", "gibtsnicht", "vielleicht"], ["vielleicht", "confirmed"]),
        (["decide", "{}", "gibtsnicht", "rejected"], ["Begründung"]),
        (["report", "{}", "--format", "docx"], ["docx", "xlsx"]),
        (["report", "{}", "--lang", "fr"], ["fr", "de, en"]),
        (["add", "{}"], ["keine Datei"]),
        (["add", "{}", "--register", "fehlt.csv"], ["fehlt.csv", "gibt es nicht"]),
        (["template", "karte", "{}"], ["karte"]),
        (["template", "register", "{}", "--per", "ort"], ["--per", "provider"]),
        (["new", "kind", "kita", "--folder", "{}"], ["kita", "gibt es schon"]),
        (["new", "source", "leser", "--folder", "{}"], ["Programm"]),
        (["init", "{}", "--name", "x", "--population", "fehlt.csv"], ["gibt es schon"]),
        (["demo", "--out", "{}"], ["gibt es schon"]),
    ],
    ids=lambda value: " ".join(value) if value and value[0] in ("check", "chek") else None,
)
def test_what_cannot_be_used_ends_with_two_and_changes_nothing(
    run: Run, checked: Path, arguments: list[str], words: list[str]
) -> None:
    before = content(checked)
    answer = run(*(argument.format(checked) for argument in arguments))
    assert (answer.code, answer.out) == (2, "")
    assert all(word in answer.err for word in words), answer.err
    assert "So beheben:" in answer.err and "Traceback" not in answer.err
    assert content(checked) == before


@pytest.mark.parametrize(
    "command", ["check", "gaps", "doctor", "report", "upgrade", "add", "decide", "fetch", "template"]
)
def test_a_folder_that_is_no_region_is_refused(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "leer").mkdir()
    more = {"add": ["--register", tmp_path / "x.csv"], "decide": ["abc", "open"]}.get(command, [])
    first = ["template", "register"] if command == "template" else [command]
    answer = run(*first, tmp_path / "leer", *more)
    assert (answer.code, answer.out) == (2, "")
    assert "Regionsordner" in answer.err
    assert list((tmp_path / "leer").iterdir()) == []


def without(_: Path) -> list[str]:
    return []


def missing(folder: Path) -> list[str]:
    return ["--population", str(folder / "fehlt.csv")]


def empty(folder: Path) -> list[str]:
    (folder / "leer.csv").write_bytes(b"")
    return ["--population", str(folder / "leer.csv")]


def second_is_bad(folder: Path) -> list[str]:
    write_residents(folder / "gut.csv")
    write_register(folder / "schlecht.csv", [{**KITA, "belegbare Plätze": "viele"}])
    return ["--population", str(folder / "gut.csv"), "--register", str(folder / "schlecht.csv")]


def bad_key(folder: Path) -> list[str]:
    write_residents(folder / "gut.csv")
    return ["--population", str(folder / "gut.csv"), "--ags", "1309"]


@pytest.mark.parametrize("given", [without, missing, empty, second_is_bad, bad_key], ids=lambda f: f.__name__)
def test_what_init_refuses_makes_no_folder(run: Run, tmp_path: Path, given: Callable[[Path], list[str]]) -> None:
    inputs = tmp_path / "dateien"
    inputs.mkdir()
    answer = run("init", tmp_path / "neu", "--name", "x", *given(inputs))
    assert (answer.code, answer.out) == (2, "")
    assert "So beheben:" in answer.err
    assert {path.name for path in tmp_path.iterdir()} == {"dateien"}


def test_a_refusal_names_the_spot(run: Run, tmp_path: Path) -> None:
    answer = run("init", tmp_path / "neu", "--name", "x", *second_is_bad(tmp_path))
    assert (
        "Datei „schlecht.csv“" in answer.err and "Zeile 2" in answer.err and "Spalte „belegbare Plätze“" in answer.err
    )


def test_decisions_are_kept_and_shown_after_the_next_check(run: Run, lists: Lists, tmp_path: Path) -> None:
    root = tmp_path / "musterau"
    register = write_register(tmp_path / "knapp.csv", [{**KITA, "belegbare Plätze": "8"}])
    run("init", root, "--name", "Musterau", "--population", lists[0], "--register", register)
    first = run("check", root, "--kinds", "kita", "--json").json()["gaps"]
    gap_id = first[0]["gap_id"]
    kept = run("decide", root, gap_id, "rejected", "--reason", "Neubau ist beschlossen", "--json")
    assert kept.json() == {"gap_id": gap_id, "status": "rejected", "reason": "Neubau ist beschlossen"}
    again = run("check", root, "--kinds", "kita", "--json").json()["gaps"]
    (gap,) = (g for g in again if g["gap_id"] == gap_id)
    assert (gap["review_status"], gap["review_note"]) == ("rejected", "Neubau ist beschlossen")
    assert len(list((root / "results").glob("2024-*"))) == 2


def test_settings_reach_the_run(run: Run, lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "musterau"
    run("init", root, "--name", "Musterau", "--population", lists[0], "--register", lists[1])
    toml = root / "region.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8") + '\n[check]\nkinds = ["kita"]\nmodes = ["car"]\n', encoding="utf-8"
    )
    monkeypatch.setenv("DABLEIBEN_MODES", "bike")

    def used(*flags: str) -> tuple[list[str], list[str]]:
        assert run("check", root, *flags).code == 0
        settings = json.loads((root / "results" / "latest" / "run.json").read_text(encoding="utf-8"))["settings"]
        return settings["kinds"], settings["modes"]

    assert used() == (["kita"], ["bike"])
    assert used("--modes", "foot") == (["kita"], ["foot"])


def test_other_commands_speak_json(run: Run, checked: Path, tmp_path: Path) -> None:
    assert {check["severity"] for check in run("doctor", checked, "--json").json()} <= {"green", "yellow", "red"}
    assert run("upgrade", checked, "--json").json() == {"before": 1, "after": 1}
    files = run("template", "register", checked, "--out", tmp_path, "--json").json()["files"]
    assert all(Path(file).is_file() for file in files)
    assert run("new", "norm", "neue_norm", "--folder", tmp_path, "--json").json() == {
        "files": [str(tmp_path / "cards" / "norms" / "neue_norm.yaml")]
    }


def test_paths_are_data(run: Run, tmp_path: Path) -> None:
    answer = run("new", "kind", "neues_angebot", "--folder", tmp_path)
    assert Path(answer.out.strip()).is_file()
    assert "dableiben check" in answer.err
    answer = run("template", "population", "--out", tmp_path)
    assert Path(answer.out.strip()).is_file()


def test_doctor_ends_with_one_when_something_is_red(run: Run, tmp_path: Path) -> None:
    """A region whose people are known without their ages."""
    grid = tmp_path / "zensus.csv"
    cell = "CRS3035RES100mN3300000E4400000;4400050;3300050;7"
    grid.write_text(f"GITTER_ID_100m;x_mp_100m;y_mp_100m;Einwohner\n{cell}\n", encoding="utf-8")
    areas = tmp_path / "gebiete.csv"
    areas.write_text("AGS;Gemeinde;Amt\n13099001;Musterau;Amt Nord\n", encoding="utf-8")
    root = tmp_path / "musterau"
    assert run("init", root, "--name", "Musterau", "--population", grid, "--areas", areas).code == 0
    answer = run("doctor", root)
    assert answer.code == 1
    assert "ROT" in answer.out and "Alter" in answer.out
    assert any(check["severity"] == "red" for check in run("doctor", root, "--json").json())


def broken(*_: object, **__: object) -> None:
    raise RuntimeError("inside")


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def refused(*_: object, **__: object) -> None:
    raise InputError("x", "Satz.", "Rat.", file="a.csv", row=3)


@pytest.mark.parametrize(
    ("happens", "code", "words"),
    [
        (broken, 70, ["Fehler im Programm (RuntimeError)", "Halb Geschriebenes", "DABLEIBEN_DEBUG=1"]),
        (interrupted, 130, ["Abgebrochen"]),
        (refused, 2, ["Datei „a.csv“, Zeile 3: Satz.", "So beheben: Rat."]),
    ],
)
def test_how_a_command_can_end(
    run: Run, checked: Path, monkeypatch: pytest.MonkeyPatch, happens: object, code: int, words: list[str]
) -> None:
    monkeypatch.setattr("dableiben.study.decide.latest_gaps", happens)
    answer = run("gaps", checked)
    assert (answer.code, answer.out) == (code, "")
    assert all(word in answer.err for word in words) and "Traceback" not in answer.err


def test_a_bug_shows_its_place_when_asked(run: Run, checked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dableiben.study.decide.latest_gaps", broken)
    monkeypatch.setenv("DABLEIBEN_DEBUG", "1")
    answer = run("gaps", checked)
    assert answer.code == 70
    assert "Traceback" in answer.err and "in broken" in answer.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one child alone")
def test_ctrl_c_leaves_nothing_behind(lists: Lists, tmp_path: Path) -> None:
    """The signal comes while a file is being read."""
    work = tmp_path / "arbeit"
    work.mkdir()
    program = (
        "import dableiben.sources.base as base, signal, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored where the tests run in the background
        "def slow(path): print('liest', flush=True); time.sleep(60)\n"
        "base.check_file = slow\n"
        "from dableiben.cli.app import main\nmain()\n"
    )
    command = [sys.executable, "-c", program, "init", str(work / "neu"), "--name", "x", "--population", str(lists[0])]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "liest"
        time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=30)
    assert child.returncode == 130
    assert "Abgebrochen" in err and "Traceback" not in err
    assert list(work.iterdir()) == []
