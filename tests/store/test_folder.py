# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The region folder: one writer, no half folder, no half run, `latest` points to the newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from dableiben.core.errors import InputError
from dableiben.store.folder import RegionFolder, new_folder, new_run


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_a_new_folder_appears_only_when_all_is_well(tmp_path: Path) -> None:
    target = tmp_path / "ellerland"
    with new_folder(target) as fresh:
        (fresh / "region.toml").write_text("format = 1\n")
        assert not target.exists()
    assert everything(tmp_path) == ["ellerland", "ellerland/region.toml"]


@pytest.mark.parametrize("error", [InputError("x", "y", "z"), KeyboardInterrupt()])
def test_an_error_leaves_nothing_behind(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)), new_folder(tmp_path / "weit" / "weg" / "ellerland") as fresh:
        (fresh / "inputs").mkdir()
        (fresh / "inputs" / "a.csv").write_text("1\n")
        raise error
    assert everything(tmp_path) == []


def test_an_empty_folder_may_be_filled_and_stays_empty_on_an_error(tmp_path: Path) -> None:
    target = tmp_path / "leer"
    target.mkdir()
    with pytest.raises(ValueError, match="halb"), new_folder(target):
        raise ValueError("halb")
    assert everything(tmp_path) == ["leer"]
    with new_folder(target) as fresh:
        (fresh / "a").write_text("1")
    assert everything(tmp_path) == ["leer", "leer/a"]


def test_a_folder_that_holds_something_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "da").mkdir()
    (tmp_path / "da" / "brief.txt").write_text("Moin")
    (tmp_path / "datei").write_text("Moin")
    for name in ("da", "datei"):
        with pytest.raises(InputError) as refused, new_folder(tmp_path / name):
            raise AssertionError("must not be entered")
        assert refused.value.code == "folder-exists"
    assert everything(tmp_path) == ["da", "da/brief.txt", "datei"]


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    folder = RegionFolder(tmp_path)
    with folder.lock():
        with pytest.raises(InputError) as refused, RegionFolder(tmp_path).lock():
            raise AssertionError("must not be entered")
        assert refused.value.code == "region-locked"
    with folder.lock():
        pass
    with pytest.raises(ValueError, match="x"), folder.lock():
        raise ValueError("x")
    with folder.lock():  # an error releases it
        pass


def run(folder: RegionFolder, run_id: str, text: str) -> None:
    with new_run(folder, run_id) as path:
        (path / "run.json").write_text(text)


def test_latest_is_the_newest_run_and_an_equal_run_is_replaced(tmp_path: Path) -> None:
    folder = RegionFolder(tmp_path)
    with pytest.raises(InputError) as none:
        _ = folder.latest
    assert none.value.code == "no-results"
    run(folder, "2025-a", "eins")
    run(folder, "2025-b", "zwei")
    assert (folder.latest / "run.json").read_text() == "zwei"
    run(folder, "2025-a", "drei")
    assert (folder.latest / "run.json").read_text() == "drei"
    assert sorted(p.name for p in folder.results.iterdir()) == ["2025-a", "2025-b", "latest"]
    assert (folder.results / "latest").resolve() == (folder.results / "2025-a").resolve()


def test_a_folder_moved_elsewhere_keeps_its_latest(tmp_path: Path) -> None:
    (tmp_path / "hier").mkdir()
    run(RegionFolder(tmp_path / "hier"), "2025-a", "eins")
    (tmp_path / "hier").rename(tmp_path / "dort")
    assert (RegionFolder(tmp_path / "dort").latest / "run.json").read_text() == "eins"


def test_a_run_that_fails_leaves_the_last_one_as_it_was(tmp_path: Path) -> None:
    folder = RegionFolder(tmp_path)
    run(folder, "2025-a", "eins")
    before = everything(tmp_path)
    for run_id in ("2025-a", "2025-b"):
        with pytest.raises(ValueError, match="halb"), new_run(folder, run_id) as path:
            (path / "run.json").write_text("halb")
            raise ValueError("halb")
    assert everything(tmp_path) == before
    assert (folder.latest / "run.json").read_text() == "eins"


def test_where_links_are_not_allowed_latest_is_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("no right to make links")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    folder = RegionFolder(tmp_path)
    run(folder, "2025-a", "eins")
    run(folder, "2025-b", "zwei")
    assert not folder.latest.is_symlink()
    assert (folder.latest / "run.json").read_text() == "zwei"
    assert sorted(p.name for p in folder.results.iterdir()) == ["2025-a", "2025-b", "latest"]
