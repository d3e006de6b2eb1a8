# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The region folder: nothing else has to be installed or backed up. One writer at a time, no half results."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from dableiben.core.errors import InputError
from dableiben.store.carry import OUTDATED, carry_over

LOG = logging.getLogger("dableiben")
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
    """A folder for one run: written aside, then renamed, then made `latest`.

    An equal run is replaced, and what people put beside its results is carried over (store.carry).
    """
    folder.results.mkdir(exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".run.", dir=folder.results))
    temporary.chmod(0o755)
    final = folder.results / run_id
    replaced = folder.results / f".replaced.{run_id}"
    _finish_swap(replaced, final)
    try:
        yield temporary
        outdated = _keep_exports_of_copy(folder.results, temporary)
        if final.exists():
            outdated += carry_over(final, temporary)
            final.replace(replaced)
        try:
            temporary.replace(final)
        finally:
            _finish_swap(replaced, final)
        _point_latest(folder.results, run_id)
        _tell(outdated, run_id)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _finish_swap(replaced: Path, final: Path) -> None:
    """The replaced run goes once the new one is there; else (it was not, or the machine stopped) it comes back."""
    if replaced.exists() and not final.exists():
        replaced.replace(final)
    shutil.rmtree(replaced, ignore_errors=True)


def _keep_exports_of_copy(results: Path, new: Path) -> list[Path]:
    """Where `latest` is a copy, exports were written there: take them home to the run that it is a copy of.

    If that run was deleted, the new one takes them. Returns what no longer fits there.
    """
    latest = results / "latest"
    if latest.is_symlink() or not (latest / "run.json").is_file():
        return []
    known = (latest / "run.json").read_bytes()  # its clock makes it the only one
    others = [path for path in sorted(results.iterdir()) if path not in (latest, new)]
    homes = [path for path in others if (path / "run.json").is_file() and (path / "run.json").read_bytes() == known]
    if not homes:
        return carry_over(latest, new)
    carry_over(homes[0], latest)
    shutil.copytree(latest, homes[0], dirs_exist_ok=True)
    return []


def _tell(outdated: list[Path], run_id: str) -> None:
    if outdated:
        names = ", ".join(path.name for path in outdated)
        LOG.warning("Passt nicht mehr zum Ergebnis und liegt jetzt in results/%s/%s: %s", run_id, OUTDATED, names)


def _point_latest(results: Path, run_id: str) -> None:
    latest, aside = results / "latest", results / ".latest.new"
    _remove(aside)
    try:
        aside.symlink_to(run_id, target_is_directory=True)
    except OSError:  # no links on this system (Windows without the right)
        shutil.copytree(results / run_id, aside)
    if not (latest.is_symlink() and aside.is_symlink() and os.name != "nt"):
        _remove(latest)  # a folder, or a link on Windows, cannot be replaced in one go
    aside.replace(latest)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
