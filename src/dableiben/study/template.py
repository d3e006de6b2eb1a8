# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Forms to send round: for the population list, the register and transport, filled with what a region already knows."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pandas as pd

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.core.errors import InputError
from dableiben.region.region import Region
from dableiben.sources.people_templates import write_commuters_template, write_segments_template
from dableiben.sources.templates import write_population_template, write_register_template, write_transport_template
from dableiben.study.load import Loaded, Progress, load, silent

Form = Literal["population", "register", "segments", "commuters", "transport"]
FILES: dict[str, str] = {
    "population": "einwohner-vordruck.xlsx",
    "register": "einrichtungen-vordruck.xlsx",
    "segments": "segmente-vordruck.xlsx",
    "commuters": "pendler-vordruck.xlsx",
    "transport": "fahrangebote-vordruck.xlsx",
}


def write_templates(
    form: str, out: Path, *, root: Path | None = None, per_provider: bool = False, progress: Progress = silent
) -> list[Path]:
    """Write a form into the folder `out`, one per provider if asked for; returns the files.

    root   region folder to fill it from; None = an empty form
    Errors: InputError for an unknown form, a file that exists (it may be filled in), or what `load` refuses.
    """
    if form not in FILES:
        raise InputError(
            "form-unknown", f"Einen Vordruck „{form}“ gibt es nicht.", f"Möglich sind: {', '.join(FILES)}."
        )
    if per_provider and form != "register":
        raise InputError(
            "form-without-provider", "Nur Vordrucke für Einrichtungen gibt es je Träger.", "--per weglassen."
        )
    loaded = load(root, progress=progress) if root is not None else None
    with TemporaryDirectory() as folder:
        draft = Path(folder) / FILES[form]
        written = _written(form, draft, loaded, per_provider)
        targets = [out / path.name for path in written]
        for target in targets:
            if target.exists():
                raise InputError(
                    "file-exists", "Den Vordruck gibt es schon; er könnte ausgefüllt sein.",
                    "Ihn wegräumen oder mit --out einen anderen Ordner nennen.", file=target,
                )  # fmt: skip
        out.mkdir(parents=True, exist_ok=True)
        for path, target in zip(written, targets, strict=True):
            target.write_bytes(path.read_bytes())
    return targets


def _written(form: str, path: Path, loaded: Loaded | None, per_provider: bool) -> list[Path]:
    if form == "population":
        return _population(path, loaded)
    if form == "register":
        return _register(path, loaded, per_provider)
    if form == "segments":
        known = None if loaded is None else loaded.region.segments
        write_segments_template(path, None if known is None else known[known["basis"] == "given"])
    elif form == "transport":
        write_transport_template(path, None if loaded is None else loaded.region.transport)
    else:
        write_commuters_template(path)
    return [path]


def _population(path: Path, loaded: Loaded | None) -> list[Path]:
    """Places are filled in, counts and date are not: last year's would pass for this year's."""
    write_population_template(path, None if loaded is None else _places(loaded.region))
    return [path]


def _places(region: Region) -> pd.DataFrame:
    inside = region.areas[region.areas["inside"].astype(bool)]
    localities = inside[inside["level"] == "locality"]
    split = {area_id.split(":")[0] for area_id in localities["area_id"]}
    towns = inside[(inside["level"] == "municipality") & ~inside["area_id"].isin(split)]
    rows = [(str(i), str(name), None) for i, name in towns[["area_id", "name"]].itertuples(index=False)]
    for area_id, name in localities[["area_id", "name"]].itertuples(index=False):
        ags = str(area_id).split(":")[0]
        rows.append((ags, region.name_of(ags), str(name)))  # type: ignore[arg-type] # None above
    return pd.DataFrame(rows, columns=["area_key", "municipality", "locality"])


def _register(path: Path, loaded: Loaded | None, per_provider: bool) -> list[Path]:
    catalogue = loaded.catalogue if loaded is not None else load_catalogue()
    facilities = None if loaded is None else _facilities(loaded.region, catalogue)
    return write_register_template(path, catalogue, facilities, per_provider=per_provider)


def _facilities(region: Region, catalogue: Catalogue) -> pd.DataFrame:
    """Facilities of the assessed municipalities with names of places; a protected place is left empty."""
    table = region.facilities[region.facilities["area_id"].notna()].astype(object).reset_index(drop=True)
    for column, ids in (("municipality", "municipality_id"), ("locality", "locality_id")):
        names = [region.name_of(i) if isinstance(i, str) else None for i in table[ids]]
        table[column] = pd.Series(names, index=table.index, dtype=object)
    served = [[region.name_of(i) for i in ids] if isinstance(ids, list) else None for ids in table["service_area_ids"]]
    table["service_area"] = pd.Series(served, index=table.index, dtype=object)
    protection = {kind.id: kind.protection for kind in catalogue.kinds.values()}
    hidden = table["kind"].map(protection)
    table.loc[hidden != "none", ["x_m", "y_m"]] = None
    table.loc[hidden == "hidden", ["municipality", "locality", "service_area"]] = None
    return table
