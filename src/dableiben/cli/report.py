# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben report: the latest run as HTML, Excel or GeoPackage."""

from __future__ import annotations

from typing import Annotated

import typer

from dableiben.cli.show import Folder


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report", help="Den letzten Lauf als HTML, Excel oder GeoPackage schreiben.")(report)


def report(
    folder: Folder,
    format: Annotated[str, typer.Option(help="html, xlsx oder gpkg.")] = "html",
    lang: Annotated[str, typer.Option(help="de oder en.")] = "de",
    council: Annotated[bool, typer.Option("--council", help="Nur bestätigte Lücken.")] = False,
) -> None:
    """Write one export beside the results and print its path."""
    from pathlib import Path

    from dableiben.study.export import export

    typer.echo(str(export(Path(folder), format, lang=lang, council=council)))
