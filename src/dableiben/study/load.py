# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From a region folder to what an assessment needs: Region, Catalogue, decisions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.core.errors import InputError
from dableiben.core.provenance import sha256_of
from dableiben.region.build import Given, build_region
from dableiben.region.change import Change, read_changes
from dableiben.region.region import Region
from dableiben.sources.base import Role, read_file
from dableiben.store.config import InputFile, RegionConfig, read_config
from dableiben.store.folder import RegionFolder
from dableiben.study.plugins import load_plugins
from dableiben.supply import hours_check  # noqa: F401 registers its checks

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """No progress."""


@dataclass(frozen=True)
class Kept:
    """A region folder, its files read."""

    folder: RegionFolder
    config: RegionConfig
    """with the inputs that could be read"""
    catalogue: Catalogue
    changes: tuple[Change, ...]
    given: tuple[Given, ...]
    whole: bool
    """False: a copy is gone or altered and was left out"""


@dataclass(frozen=True)
class Loaded:
    """A region folder, read."""

    folder: RegionFolder
    config: RegionConfig
    catalogue: Catalogue
    changes: tuple[Change, ...]
    region: Region
    given: tuple[Given, ...] = ()
    """what the region was built from"""


def load(root: Path, *, year: int | None = None, progress: Progress = silent) -> Loaded:
    """Read a region folder wholly. Errors: InputError if anything in it cannot be used."""
    kept = read_folder(root, progress=progress)
    progress("Region aufbauen")
    region = build_region(kept.given, kept.config, kept.catalogue, year=year, changes=kept.changes)
    return Loaded(kept.folder, kept.config, kept.catalogue, kept.changes, region, kept.given)


def read_folder(root: Path, *, replaced: frozenset[Role] = frozenset(), progress: Progress = silent) -> Kept:
    """What a region folder keeps. Copies that are gone or altered are left out if their role is `replaced`.

    Errors: InputError if anything else in it cannot be used.
    """
    folder, config = RegionFolder(root), read_config(root)
    catalogue, changes = load_catalogue(folder.cards), read_changes(folder.edits)
    paths: list[tuple[Role, Path]] = []
    entries: list[InputFile] = []
    for entry in config.inputs:
        try:
            paths.append((entry.role, _checked(root / entry.file, entry)))
            entries.append(entry)
        except InputError:
            if entry.role not in replaced:
                raise
    given = read_inputs(paths, catalogue, progress)
    whole = len(entries) == len(config.inputs)
    return Kept(folder, config.model_copy(update={"inputs": tuple(entries)}), catalogue, changes, tuple(given), whole)


def read_inputs(paths: list[tuple[Role, Path]], catalogue: Catalogue, progress: Progress = silent) -> list[Given]:
    """Read files completely, each with the reader of its role. Errors: InputError for the first refused."""
    load_plugins()
    given = []
    for role, path in paths:
        progress(f"{path.name} lesen")
        given.append(Given(role, read_file(path, role, catalogue)))
    return given


def _checked(path: Path, entry: InputFile) -> Path:
    if not path.is_file():
        raise InputError(
            "input-missing", "Die Kopie der Eingabe fehlt im Regionsordner.",
            f"Die Datei zurücklegen oder mit „dableiben add … --{entry.role} DATEI“ neu geben.", file=path,
        )  # fmt: skip
    if sha256_of(path) != entry.sha256:
        raise InputError(
            "input-altered", "Die Kopie der Eingabe wurde verändert; inputs/ bleibt, wie es gegeben wurde.",
            f"Sie mit „dableiben add … --{entry.role} DATEI“ neu geben; die veränderte Kopie gilt dann nicht mehr.",
            file=path,
        )  # fmt: skip
    return path
