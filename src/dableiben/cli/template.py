# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben template: forms to be filled in by municipalities and providers."""

from __future__ import annotations

from typing import Annotated

import typer

from dableiben.cli.german import GermanCommand
from dableiben.cli.show import AsJson, print_json, progress_on_stderr, remark


def register(app: typer.Typer) -> None:
    """Add the command."""
    does = "Vordrucke für Listen von Menschen, Einrichtungen und Fahrten schreiben (Excel), auf Wunsch vorausgefüllt."
    app.command("template", cls=GermanCommand, help=does)(template)


def template(
    form: Annotated[
        str, typer.Argument(metavar="VORDRUCK", help="population, register, segments, commuters oder transport.")
    ],
    folder: Annotated[
        str | None, typer.Argument(metavar="[ORDNER]", help="Regionsordner, aus dem vorausgefüllt wird; sonst leer.")
    ] = None,
    per: Annotated[str, typer.Option(metavar="provider", help="Ein Vordruck je Träger (nur register).")] = "",
    out: Annotated[str, typer.Option(metavar="ORDNER", help="Wohin; sonst in den jetzigen Ordner.")] = ".",
    as_json: AsJson = False,
) -> None:
    """Write forms and print their files."""
    from pathlib import Path

    from dableiben.core.errors import InputError
    from dableiben.study.template import write_templates

    if per not in ("", "provider"):
        raise InputError("option-unknown", f"--per: „{per}“ gibt es nicht.", "Möglich ist: provider (je Träger).")
    root = Path(folder) if folder is not None else None
    with progress_on_stderr() as progress:
        files = write_templates(form, Path(out), root=root, per_provider=per == "provider", progress=progress)
    if as_json:
        print_json({"files": [str(path) for path in files]})
    else:
        for path in files:
            typer.echo(path)
    remark(f"Ausgefüllt zurück: dableiben add {folder or 'ORDNER'} --{form} DATEI")
