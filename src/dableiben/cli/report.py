# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben report: the latest run as HTML, Excel or GeoPackage."""

from __future__ import annotations

from typing import Annotated

import typer

from dableiben.cli.german import GermanCommand
from dableiben.cli.show import AsJson, Folder, print_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", cls=GermanCommand, help="Den letzten Lauf als HTML, Excel oder GeoPackage schreiben.")(report)


def report(
    folder: Folder,
    format: Annotated[str, typer.Option(metavar="FORM", help="html, xlsx oder gpkg; sonst html.")] = "html",
    lang: Annotated[str, typer.Option(metavar="SPRACHE", help="de oder en; sonst de.")] = "de",
    council: Annotated[bool, typer.Option("--council", help="Nur bestätigte Lücken, für Rat und Kreistag.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write one export beside the results and print its path."""
    from pathlib import Path

    from dableiben.study.export import export

    path = str(export(Path(folder), format, lang=lang, council=council))
    if as_json:
        print_json({"file": path, "format": format, "lang": lang, "council": council})
    else:
        typer.echo(path)
