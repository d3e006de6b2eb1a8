# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben new: commented blanks for a kind, a norm, an indicator, a reader."""

from __future__ import annotations

from typing import Annotated

import typer

from dableiben.cli.german import GermanCommand
from dableiben.cli.show import AsJson, print_json, remark


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "new", cls=GermanCommand, help="Eine kommentierte Vorlage für eine Karte, einen Indikator oder Leser schreiben."
    )(new)


def new(
    what: Annotated[str, typer.Argument(metavar="WAS", help="kind, norm, group, indicator oder source.")],
    name: Annotated[str, typer.Argument(metavar="KENNUNG", help="kleine Buchstaben, Ziffern und Unterstrich.")],
    folder: Annotated[
        str, typer.Option(metavar="ORDNER", help="Regionsordner (bei indicator, source: Programmordner); sonst hier.")
    ] = ".",
    as_json: AsJson = False,
) -> None:
    """Write a blank and print its files."""
    from pathlib import Path

    from dableiben.study.new import write_blank

    written = [str(path) for path in write_blank(what, name, Path(folder))]
    if as_json:
        print_json({"files": written})
    else:
        for path in written:
            typer.echo(path)
    if what == "norm":
        remark("Ein Entwurf: Die Norm gilt erst, wenn ihr Wert eine Quelle (source) hat.")
    elif what in ("indicator", "source"):
        remark("Wie es gefunden wird, steht oben in der Programmdatei.")
    else:
        remark("Beispielwerte anpassen; die Karte gilt ab dem nächsten „dableiben check“.")
