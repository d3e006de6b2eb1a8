# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The region folder: nothing else has to be installed or backed up. One writer at a time, no half results."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from dableiben.core.errors import InputError

SUBFOLDERS = ("inputs", "cards", "changes", "results", "internal", "cache")


@dataclass(frozen=True)
class RegionFolder:
    """Paths inside a region folder."""

    root: Path

    @property
    def inputs(self) -> Path:
        """Copies of what was given, never altered."""
        return self.root / "inputs"

    @property
    def cards(self) -> Path:
        """The region's own cards."""
        return self.root / "cards"

    @property
    def edits(self) -> Path:
        """Decided changes, one JSON object a line."""
        return self.root / "changes" / "edits.jsonl"

    @property
    def results(self) -> Path:
        """One folder per run."""
        return self.root / "results"

    @property
    def latest(self) -> Path:
        """The newest run. Errors: InputError if there is none."""
        path = self.results / "latest"
        if not path.exists():
            raise InputError(
                "no-results", "Für diese Region gibt es noch kein Ergebnis.",
                f"Zuerst „dableiben check {self.root.name}“ aufrufen.",
            )  # fmt: skip
        return path

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold region.lock. Errors: InputError if somebody else writes."""
        lock = FileLock(self.root / "region.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise InputError(
                "region-locked", "Ein anderer Vorgang schreibt gerade in diesen Ordner.",
                "Warten, bis er fertig ist, und erneut aufrufen.",
            ) from None  # fmt: skip
        try:
            yield
        finally:
            lock.release()


def check_is_new(target: Path) -> None:
    """Errors: InputError if `target` exists and is not an empty folder."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InputError(
            "folder-exists", f"„{target}“ gibt es schon.",
            "Einen anderen Namen wählen, oder neue Dateien mit „dableiben add“ hinzufügen.",
        )  # fmt: skip


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A temporary folder beside `target` that becomes `target` only if the block ends without error.

    Errors: InputError if `target` exists and is not an empty folder.
    """
    check_is_new(target)
    made = [parent for parent in target.parents if not parent.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    temporary.chmod(0o755)
    try:
        yield temporary
        if target.is_dir():
            target.rmdir()
        temporary.replace(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if not target.exists():
            _remove_empty(made)


def _remove_empty(folders: list[Path]) -> None:
    """Take away folders that were made on the way, innermost first; what others put there in between stays."""
    for folder in folders:
        if any(folder.iterdir()):
            return
        folder.rmdir()


@contextmanager
def new_run(folder: RegionFolder, run_id: str) -> Iterator[Path]:
    """A folder for one run: written aside, then renamed, then made `latest`; an equal run is replaced."""
    folder.results.mkdir(exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".run.", dir=folder.results))
    temporary.chmod(0o755)
    final = folder.results / run_id
    try:
        yield temporary
        if final.exists():
            shutil.rmtree(final)
        temporary.replace(final)
        _point_latest(folder.results, run_id)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _point_latest(results: Path, run_id: str) -> None:
    latest = results / "latest"
    if latest.is_dir() and not latest.is_symlink():
        shutil.rmtree(latest)
    aside = results / ".latest.new"
    aside.unlink(missing_ok=True)
    try:
        aside.symlink_to(run_id, target_is_directory=True)
        aside.replace(latest)
    except OSError:  # no links on this system (Windows without the right)
        shutil.copytree(results / run_id, latest)

