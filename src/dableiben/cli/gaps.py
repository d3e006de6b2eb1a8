# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben gaps, decide: read gaps, decide about them."""

from __future__ import annotations

from typing import Annotated

import typer

from dableiben.cli.german import GermanCommand
from dableiben.cli.show import AsJson, Folder, gap_lines, gap_total, print_json, remark

STATUS_HELP = "open (offen), confirmed (bestätigt), rejected (verworfen) oder decided (beschlossen)."


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("gaps", cls=GermanCommand, help="Lücken des letzten Laufs anzeigen.")(gaps)
    app.command(
        "decide", cls=GermanCommand, help="Über eine Lücke entscheiden: offen, bestätigt, verworfen, beschlossen."
    )(decide)


def gaps(
    folder: Folder,
    kind: Annotated[str | None, typer.Option(metavar="ART", help="Nur diese Angebotsart.")] = None,
    area: Annotated[str | None, typer.Option(metavar="GEBIET", help="Nur dieses Gebiet (Kennung oder Name).")] = None,
    as_json: AsJson = False,
) -> None:
    """List the gaps of the latest run."""
    from pathlib import Path

    from dableiben.catalogue.load import load_catalogue
    from dableiben.store.folder import RegionFolder
    from dableiben.study.decide import latest_gaps

    table = latest_gaps(Path(folder), kind=kind, area=area)
    if as_json:
        print_json(table.to_dict("records"))
    else:
        for line in gap_lines(table, load_catalogue(RegionFolder(Path(folder)).cards)):
            typer.echo(line)
    remark(f"{gap_total(table)}.")


def decide(
    folder: Folder,
    gap_id: Annotated[str, typer.Argument(metavar="LÜCKE", help="Kennung der Lücke.")],
    status: Annotated[str, typer.Argument(metavar="STAND", help=STATUS_HELP)],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Begründung; bei rejected nötig.")] = "",
    as_json: AsJson = False,
) -> None:
    """Keep a decision about a gap; it survives the next runs."""
    from pathlib import Path

    from dableiben.catalogue.load import load_catalogue
    from dableiben.catalogue.text import speaker
    from dableiben.study.decide import decide as keep

    keep(Path(folder), gap_id, status, reason)
    if as_json:
        print_json({"gap_id": gap_id, "status": status, "reason": reason})
    word = speaker(load_catalogue(), "de").render(f"review.{status}")
    remark(f"Festgehalten: {gap_id} ist „{word}“. Sichtbar nach dem nächsten „dableiben check“.")
