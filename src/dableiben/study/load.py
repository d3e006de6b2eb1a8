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

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """No progress."""


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
    folder = RegionFolder(root)
    config = read_config(root)
    catalogue = load_catalogue(folder.cards)
    changes = read_changes(folder.edits)
    paths = [(entry.role, _checked(root / entry.file, entry)) for entry in config.inputs]
    given = read_inputs(paths, catalogue, progress)
    progress("Region aufbauen")
    region = build_region(given, config, catalogue, year=year, changes=changes)
    return Loaded(folder, config, catalogue, changes, region, tuple(given))


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
            "Die Datei zurücklegen oder mit „dableiben add“ neu hinzufügen.", file=path,
        )  # fmt: skip
    if sha256_of(path) != entry.sha256:
        raise InputError(
            "input-altered", "Die Kopie der Eingabe wurde verändert; inputs/ bleibt, wie es gegeben wurde.",
            "Die geänderte Datei mit „dableiben add“ hinzufügen.", file=path,
        )  # fmt: skip
    return path
