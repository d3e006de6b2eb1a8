# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Make a region folder from files: every file is read completely first; if one is refused, nothing is made."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from dableiben.catalogue.load import load_catalogue
from dableiben.catalogue.select import adoptable
from dableiben.core.errors import InputError
from dableiben.core.ids import slug
from dableiben.core.provenance import sha256_of
from dableiben.region.build import build_region
from dableiben.region.region import Region
from dableiben.sources.base import Role
from dableiben.sources.gtfs.folder import as_archives
from dableiben.store.config import FILE_NAME, InputFile, Norms, RegionConfig, write_config
from dableiben.store.folder import SUBFOLDERS, RegionFolder, check_is_new, new_folder
from dableiben.study.load import Progress, read_inputs, silent


def init_region(
    root: Path,
    config: RegionConfig,
    files: Sequence[tuple[Role, Path]],
    *,
    own_cards: Path | None = None,
    adopt: bool = True,
    progress: Progress = silent,
) -> Region:
    """Create the folder `root` with copies of the files and region.toml.

    adopt   switch on the sourced benchmarks for comparison (init says so); the demo does not
    Errors: InputError if a file is refused or `root` exists; `root` is then not created.
    """
    if not files:
        raise InputError(
            "no-files", "Es wurde keine Datei angegeben.",
            "Mindestens eine Einwohnerliste und ein Verzeichnis angeben (--population, --register).",
        )  # fmt: skip
    check_is_new(root)  # before minutes of reading, not after
    catalogue = load_catalogue(own_cards)
    with as_archives(files) as kept:
        given = read_inputs(kept, catalogue, progress)
        region = build_region(given, config, catalogue)
        if adopt and not config.norms.adopt:
            proposed = adoptable(catalogue, region.as_of, region.norm_keys)
            config = config.model_copy(update={"norms": Norms(adopt=tuple(proposed))})
        with new_folder(root) as fresh:
            for name in SUBFOLDERS:
                (fresh / name).mkdir()
            if own_cards is not None:
                shutil.copytree(own_cards, fresh / "cards", dirs_exist_ok=True)
            inputs = copy_inputs(kept, RegionFolder(fresh), ())
            update = {"inputs": inputs, "land": config.land or region.land}
            write_config(config.model_copy(update=update), fresh / FILE_NAME)
    return region


def copy_inputs(
    files: Sequence[tuple[Role, Path]], folder: RegionFolder, present: tuple[InputFile, ...]
) -> tuple[InputFile, ...]:
    """Copy files into inputs/ under their own names (a number is added where a name is taken)."""
    entries = list(present)
    taken = {entry.file for entry in entries}
    known = {(entry.role, entry.sha256) for entry in entries}
    for role, path in files:
        digest = sha256_of(path)
        if (role, digest) in known:
            continue
        stem, suffix = path.name.split(".", 1) if "." in path.name else (path.name, "")
        name = f"inputs/{path.name}"
        number = 2
        while name in taken:
            name = f"inputs/{slug(stem)}-{number}.{suffix}"
            number += 1
        if path.resolve() != (folder.root / name).resolve():  # a copy that was altered by hand may be given itself
            shutil.copyfile(path, folder.root / name)
        taken.add(name)
        known.add((role, digest))
        entries.append(InputFile(file=name, role=role, sha256=digest))
    return tuple(entries)
