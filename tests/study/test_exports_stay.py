# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Exports of a run outlive the same check run again; after a decision they stay with the run they show."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dableiben.core.errors import InputError
from dableiben.store.config import config_from
from dableiben.store.folder import RegionFolder
from dableiben.study import check as study
from dableiben.study.check import Outcome, check
from dableiben.study.decide import decide
from dableiben.study.export import export
from dableiben.study.init import init_region
from support.two_lists import KITA, write_register, write_residents


@pytest.fixture
def region(tmp_path: Path) -> Path:
    folder = tmp_path / "musterau"
    residents = write_residents(tmp_path / "einwohner.csv")
    register = write_register(tmp_path / "einrichtungen.csv", [{**KITA, "belegbare Plätze": "8"}])
    init_region(
        folder, config_from(name="Musterau", land="MV", ags=()), [("population", residents), ("register", register)]
    )
    return folder


def run(region: Path) -> Outcome:
    return check(region, kinds=("kita",))


def test_exports_survive_the_same_check_and_stay_with_what_they_show(region: Path) -> None:
    first = run(region).run_folder
    made = [export(region, "xlsx", lang="de", council=False), export(region, "html", lang="en", council=True)]
    made[0].write_bytes(made[0].read_bytes() + b"Notiz")
    content = {path.name: path.read_bytes() for path in made}
    again = run(region).run_folder
    assert again == first
    assert {name: (first / name).read_bytes() for name in content} == content
    assert not (first / "outdated").exists()

    gap_id = str(pd.read_parquet(first / "gaps.parquet")["gap_id"].iloc[0])
    decide(region, gap_id, "confirmed", "")
    decided = run(region).run_folder
    assert decided != first
    assert {path.name for path in decided.iterdir()} & set(content) == set()
    assert {name: (first / name).read_bytes() for name in content} == content


def test_region_toml_names_the_run(region: Path) -> None:
    first = run(region).run_folder
    path = region / "region.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("Musterau", "Neu-Musterau"), encoding="utf-8")
    assert run(region).run_folder != first


def test_a_program_altered_without_a_new_version_sets_exports_aside(
    region: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(region).run_folder
    export(region, "xlsx", lang="de", council=False)
    evaluate = study.evaluate

    def altered(*given: object) -> object:
        results = evaluate(*given)  # type: ignore[arg-type]
        results.run["counts"]["cells"] += 1
        return results

    monkeypatch.setattr(study, "evaluate", altered)
    assert run(region).run_folder == first
    assert not (first / "report.xlsx").exists()
    assert (first / "outdated" / "report.xlsx").is_file()


def test_no_export_is_written_while_somebody_else_writes(region: Path) -> None:
    run(region)
    with RegionFolder(region).lock(), pytest.raises(InputError, match="schreibt gerade"):
        export(region, "xlsx", lang="de", council=False)


def test_a_check_passes_the_disclosure_gate_once(region: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls, release = [], study.release
    monkeypatch.setattr(study, "release", lambda *given: calls.append(1) or release(*given))
    outcome = run(region)
    assert calls == [1]
    assert list(outcome.released.tables["gaps"]["gap_id"]) == list(outcome.results.tables["gaps"]["gap_id"])
