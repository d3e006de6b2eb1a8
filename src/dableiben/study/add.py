# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Add next year's files or returned forms: read completely, then kept; what changes is listed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.region.build import build_region
from dableiben.region.region import Region
from dableiben.sources.base import Role
from dableiben.store.config import existing, write_inputs
from dableiben.store.folder import RegionFolder
from dableiben.study.init import copy_inputs
from dableiben.study.load import Progress, load, read_inputs, silent

COMPARED = {
    "usable_places": "nutzbare Plätze",
    "licensed_places": "genehmigte Plätze",
    "occupied_places": "belegte Plätze",
    "opening_hours": "Öffnungszeiten",
    "barrier_free": "barrierefrei",
    "provider": "Träger",
}
"""columns whose differences are listed, with the word for them"""


def add_files(root: Path, files: Sequence[tuple[Role, Path]], *, progress: Progress = silent) -> pd.DataFrame:
    """Add files to a region folder; returns the differences (what, before, after).

    Errors: InputError if a file is refused; the folder is then as it was.
    """
    if not files:
        raise InputError("no-files", "Es wurde keine Datei angegeben.", "Mindestens eine Datei angeben.")
    with RegionFolder(existing(root)).lock():
        before = load(root, progress=progress)
        present = {(entry.role, entry.sha256) for entry in before.config.inputs}
        new = read_inputs(list(files), before.catalogue, progress)
        fresh = [g for g in new if (g.role, g.reading.report.source.sha256) not in present]
        after = build_region([*before.given, *fresh], before.config, before.catalogue, changes=before.changes)
        inputs = copy_inputs(files, before.folder, before.config.inputs)
        write_inputs(root, inputs)
    return region_differences(before.region, after, before.catalogue)


def region_differences(before: Region, after: Region, catalogue: Catalogue) -> pd.DataFrame:
    """What two regions differ in: date, persons by municipality, facilities that come, go or change.

    Facilities whose place is protected are listed by their kind, without name.
    """
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
        rows += _facility_rows(facility_id, theirs, ours, catalogue)
    return pd.DataFrame(rows, columns=["what", "before", "after"])


def _persons(region: Region) -> dict[str, float]:
    main = region.population[region.population["home"] == "main"]
    sums = main.assign(ags=[a[:8] for a in main["area_id"]]).groupby("ags")["persons"].sum()
    return {str(ags): float(persons) for ags, persons in sums.items()}


def _facility_rows(
    facility_id: str, theirs: pd.DataFrame, ours: pd.DataFrame, catalogue: Catalogue
) -> list[dict[str, str]]:
    if facility_id not in theirs.index:
        return [_row(facility_label(ours, facility_id, catalogue), "nicht vorhanden", "vorhanden")]
    if facility_id not in ours.index:
        return [_row(facility_label(theirs, facility_id, catalogue), "vorhanden", "nicht vorhanden")]
    rows = []
    for column, word in COMPARED.items():
        old, new = theirs.at[facility_id, column], ours.at[facility_id, column]
        if _shown(old) != _shown(new):
            rows.append(_row(f"{facility_label(ours, facility_id, catalogue)}: {word}", old, new))
    return rows


def facility_label(table: pd.DataFrame, facility_id: str, catalogue: Catalogue) -> str:
    """Kind and name of a facility (table indexed by facility_id); without name where its place is protected."""
    kind, name = catalogue.kinds[str(table.at[facility_id, "kind"])], table.at[facility_id, "name"]
    if kind.protection != "none" or not isinstance(name, str):
        return f"{kind.label.de} ohne Namen" if kind.protection == "none" else f"{kind.label.de} (geschützt)"
    return f"{name} ({kind.label.de})"


def _row(what: str, before: object, after: object) -> dict[str, str]:
    return {"what": what, "before": _shown(before), "after": _shown(after)}


def _shown(value: object) -> str:
    if value is None or value is pd.NA or value != value:
        return "unbekannt"
    if isinstance(value, bool | np.bool_):
        return "ja" if value else "nein"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
