# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What people put beside the results of a run outlives an equal run, and never passes for fresh when it is not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dableiben.store.carry import OUTDATED
from dableiben.store.folder import RegionFolder, new_run

RUN = "2025-a"


def write(
    folder: RegionFolder, *, gaps: str = "eins", report: str = "Bericht", clock: int = 1, run_id: str = RUN
) -> None:
    """A run as small as can be: one table, its facts, its report."""
    with new_run(folder, run_id) as path:
        (path / "gaps.parquet").write_text(gaps)
        (path / "run.json").write_text(json.dumps({"year": 2025, "clock": {"seconds": clock}}))
        (path / "run.log").write_text("info\n")
        (path / "report.html").write_text(report)


def texts(folder: Path) -> dict[str, str]:
    """Content of all files but those for machines."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".parquet", ".json", ".log"))
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


@pytest.fixture
def folder(tmp_path: Path) -> RegionFolder:
    region = RegionFolder(tmp_path)
    write(region)
    (region.latest / "report.xlsx").write_text("mit Notizen")
    (region.latest / "Sitzung").mkdir()
    (region.latest / "Sitzung" / "vorlage.txt").write_text("TOP 3")
    return region


def test_an_equal_run_keeps_what_lies_beside_it(folder: RegionFolder) -> None:
    write(folder, clock=2)
    kept = {"report.html": "Bericht", "report.xlsx": "mit Notizen", "Sitzung/vorlage.txt": "TOP 3"}
    assert texts(folder.latest) == kept
    assert json.loads((folder.latest / "run.json").read_text())["clock"] == {"seconds": 2}
    assert sorted(path.name for path in folder.results.iterdir()) == [RUN, "latest"]


def test_other_results_of_the_same_name_set_exports_aside(
    folder: RegionFolder, caplog: pytest.LogCaptureFixture
) -> None:
    write(folder, gaps="zwei", report="neuer Bericht")
    first = {f"{OUTDATED}/{name}": text for name, text in (
        ("report.html", "Bericht"), ("report.xlsx", "mit Notizen"), ("Sitzung/vorlage.txt", "TOP 3")
    )}  # fmt: skip
    assert texts(folder.latest) == {"report.html": "neuer Bericht", **first}
    assert "report.xlsx" in caplog.text and OUTDATED in caplog.text
    caplog.clear()

    (folder.latest / "report.xlsx").write_text("zweiter Stand")
    write(folder, gaps="drei", report="neuer Bericht")
    assert texts(folder.latest) == {
        "report.html": "neuer Bericht", **first, f"{OUTDATED}/report-2.xlsx": "zweiter Stand"
    }  # fmt: skip
    before = texts(folder.latest)
    write(folder, gaps="drei", report="neuer Bericht")
    assert texts(folder.latest) == before


def test_a_report_somebody_wrote_into_is_kept_aside(folder: RegionFolder) -> None:
    (folder.latest / "report.html").write_text("Bericht mit Notizen")
    write(folder)
    found = texts(folder.latest)
    assert (found["report.html"], found[f"{OUTDATED}/report.html"]) == ("Bericht", "Bericht mit Notizen")
    assert found["report.xlsx"] == "mit Notizen"


def test_a_run_whose_facts_cannot_be_read_is_no_equal_run(folder: RegionFolder) -> None:
    (folder.latest / "run.json").write_text("{")
    write(folder)
    assert texts(folder.latest)[f"{OUTDATED}/report.xlsx"] == "mit Notizen"


def test_a_swap_that_fails_leaves_everything_as_it_was(folder: RegionFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    before, replace = texts(folder.results / RUN), Path.replace

    def stop(self: Path, target: Path) -> Path:
        if self.name.startswith(".run."):
            raise PermissionError("open in another program")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(PermissionError):
        write(folder, gaps="zwei")
    assert texts(folder.results / RUN) == before
    assert sorted(path.name for path in folder.results.iterdir()) == [RUN, "latest"]


def test_a_run_that_was_being_replaced_when_the_machine_stopped_comes_back(folder: RegionFolder) -> None:
    before = texts(folder.results / RUN)
    (folder.results / RUN).rename(folder.results / f".replaced.{RUN}")
    write(folder)
    assert texts(folder.latest) == before
    assert sorted(path.name for path in folder.results.iterdir()) == [RUN, "latest"]


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RegionFolder:
    """A region on a system without links, where `latest` is a copy and exports are written into it."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError("no right to make links")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    region = RegionFolder(tmp_path)
    write(region)
    (region.latest / "report.xlsx").write_text("mit Notizen")
    return region


def test_exports_in_a_copy_go_to_the_run_they_belong_to(copied: RegionFolder) -> None:
    write(copied, run_id="2025-b", gaps="zwei", clock=2)
    assert texts(copied.results / RUN)["report.xlsx"] == "mit Notizen"
    assert texts(copied.latest) == {"report.html": "Bericht"}
    write(copied, clock=3)
    assert (
        texts(copied.latest) == texts(copied.results / RUN) == {"report.html": "Bericht", "report.xlsx": "mit Notizen"}
    )

    (copied.latest / "report.xlsx").write_text("neue Notizen")  # the newer one keeps the name
    write(copied, clock=4)
    assert texts(copied.latest)["report.xlsx"] == "neue Notizen"
    assert texts(copied.latest)[f"{OUTDATED}/report.xlsx"] == "mit Notizen"


def test_exports_in_a_copy_of_a_deleted_run_are_not_lost(copied: RegionFolder) -> None:
    shutil.rmtree(copied.results / RUN)
    write(copied, run_id="2025-b", gaps="zwei", clock=2)
    assert texts(copied.latest)[f"{OUTDATED}/report.xlsx"] == "mit Notizen"
