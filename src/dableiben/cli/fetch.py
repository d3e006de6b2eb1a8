# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben fetch: public sources for a region, where there is internet."""

from __future__ import annotations

from typing import Annotated

import typer

from dableiben.cli.german import GermanCommand
from dableiben.cli.show import AsJson, Folder, print_json, progress_on_stderr, remark


def register(app: typer.Typer) -> None:
    """Add the command."""
    does = "Öffentliche Quellen aus dem Internet laden: Gemeindegrenzen, OpenStreetMap, Zensus 2022."
    app.command("fetch", cls=GermanCommand, help=does)(fetch)


def fetch(
    folder: Folder,
    name: Annotated[str, typer.Option(metavar="NAME", help="Name, wenn der Ordner neu angelegt wird.")] = "",
    ags: Annotated[
        list[str] | None, typer.Option("--ags", metavar="AGS", help="Schlüssel, wenn der Ordner neu angelegt wird.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Load what the region lacks and add it."""
    import os
    from pathlib import Path

    from dableiben.store.config import config_from
    from dableiben.study.fetch import fetch as load

    config = config_from(name=name or Path(folder).resolve().name, land=None, ags=tuple(ags or ()))
    with progress_on_stderr() as progress:
        done = load(Path(folder), config=config, base=os.environ.get("DABLEIBEN_FETCH_BASE"), progress=progress)
    sets = [d.model_dump(include={"id", "title", "publisher", "licence", "attribution"}) for d in done.datasets]
    if as_json:
        print_json({"folder": folder, "datasets": sets, "differences": done.differences.to_dict("records")})
    for dataset in sets:
        remark(f"{dataset['title']}: {dataset['attribution']} ({dataset['licence']}), von {dataset['publisher']}")
    if sets:
        remark(f"Geladen und hinzugefügt. Weiter mit: dableiben check {folder}")
    else:
        remark("Der Ordner hat Grenzen, Straßen und Gitterzellen schon; es wurde nichts geladen.")
