# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Add next year's files or returned forms: read completely, then kept; what changes is listed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from dableiben.core.errors import InputError
from dableiben.region.build import build_region
from dableiben.region.region import Region
from dableiben.sources.base import Role
from dableiben.sources.gtfs.folder import as_archives
from dableiben.store.config import existing, write_inputs
from dableiben.store.folder import RegionFolder
from dableiben.study.differences import region_differences
from dableiben.study.init import copy_inputs
from dableiben.study.load import Kept, Progress, read_folder, read_inputs, silent


def add_files(root: Path, files: Sequence[tuple[Role, Path]], *, progress: Progress = silent) -> pd.DataFrame:
    """Add files to a region folder; returns the differences (what, before, after).

    Errors: InputError if a file is refused; the folder is then as it was.
    """
    if not files:
        raise InputError("no-files", "Es wurde keine Datei angegeben.", "Mindestens eine Datei angeben.")
    with RegionFolder(existing(root)).lock(), as_archives(files) as files:
        kept = read_folder(root, replaced=frozenset(role for role, _ in files), progress=progress)
        before = _built(kept)
        present = {(entry.role, entry.sha256) for entry in kept.config.inputs}
        new = read_inputs(list(files), kept.catalogue, progress)
        fresh = [g for g in new if (g.role, g.reading.report.source.sha256) not in present]
        after = build_region([*kept.given, *fresh], kept.config, kept.catalogue, changes=kept.changes)
        inputs = copy_inputs(files, kept.folder, kept.config.inputs)
        write_inputs(root, inputs)
    return region_differences(before or after, after, kept.catalogue)


def _built(kept: Kept) -> Region | None:
    """The region as it was; None where it cannot be built without a copy that is gone or altered."""
    try:
        return build_region(kept.given, kept.config, kept.catalogue, changes=kept.changes)
    except InputError:
        if kept.whole:
            raise
        return None
