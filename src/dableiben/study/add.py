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
from dableiben.store.config import FILE_NAME, write_config
from dableiben.study.init import copy_inputs
from dableiben.study.load import Progress, load, read_inputs, silent

COMPARED = ("usable_places", "licensed_places", "occupied_places", "opening_hours", "barrier_free")


def add_files(root: Path, files: Sequence[tuple[Role, Path]], *, progress: Progress = silent) -> pd.DataFrame:
    """Add files to a region folder; returns the differences (what, before, after).

    Errors: InputError if a file is refused; the folder is then as it was.
    """
    if not files:
        raise InputError("no-files", "Es wurde keine Datei angegeben.", "Mindestens eine Datei angeben.")
    before = load(root, progress=progress)
    with before.folder.lock():
        old = read_inputs([(e.role, root / e.file) for e in before.config.inputs], before.catalogue)
        new = read_inputs(list(files), before.catalogue, progress)
        after = build_region([*old, *new], before.config, before.catalogue, changes=before.changes)
        inputs = copy_inputs(files, before.folder, before.config.inputs)
        aside = root / f".{FILE_NAME}.new"
        write_config(before.config.model_copy(update={"inputs": inputs}), aside)
        aside.replace(root / FILE_NAME)
    return region_differences(before.region, after)


def region_differences(before: Region, after: Region) -> pd.DataFrame:
    """What two regions differ in: date, persons by municipality, facilities that come, go or change."""
    rows: list[dict[str, str]] = []
    if before.as_of != after.as_of:
        rows.append(_row("Stichtag der Bevölkerung", before.as_of.isoformat(), after.as_of.isoformat()))
    old, new = (_persons(region) for region in (before, after))
    for ags in sorted(set(old) | set(new)):
        if old.get(ags) != new.get(ags):
            rows.append(_row(f"Einwohner {after.name_of(ags)}", old.get(ags), new.get(ags)))
    theirs = before.facilities.drop_duplicates("facility_id").set_index("facility_id")
    ours = after.facilities.drop_duplicates("facility_id").set_index("facility_id")
    for facility_id in sorted(set(theirs.index) | set(ours.index)):
        rows += _facility_rows(facility_id, theirs, ours)
    return pd.DataFrame(rows, columns=["what", "before", "after"])


def _persons(region: Region) -> dict[str, float]:
    main = region.population[region.population["home"] == "main"]
    sums = main.assign(ags=[a[:8] for a in main["area_id"]]).groupby("ags")["persons"].sum()
    return {str(ags): float(persons) for ags, persons in sums.items()}


def _facility_rows(facility_id: str, theirs: pd.DataFrame, ours: pd.DataFrame) -> list[dict[str, str]]:
    if facility_id not in theirs.index:
        return [_row(f"{_name(ours, facility_id)} (neu)", None, "vorhanden")]
    if facility_id not in ours.index:
        return [_row(f"{_name(theirs, facility_id)} (entfällt)", "vorhanden", None)]
    rows = []
    for column in COMPARED:
        old, new = theirs.at[facility_id, column], ours.at[facility_id, column]
        if str(old) != str(new):
            rows.append(_row(f"{_name(ours, facility_id)}: {column}", old, new))
    return rows


def _name(table: pd.DataFrame, facility_id: str) -> str:
    name = table.at[facility_id, "name"]
    return str(name) if isinstance(name, str) else facility_id


def _row(what: str, before: object, after: object) -> dict[str, str]:
    shown = ["–" if v is None or v != v else str(v) for v in (before, after)]
    return {"what": what, "before": shown[0], "after": shown[1]}
