# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben gaps, decide: read gaps, decide about them."""

from __future__ import annotations

from typing import Annotated

import typer

from dableiben.cli.show import AsJson, Folder, gap_lines, print_json, remark


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("gaps", help="Lücken des letzten Laufs anzeigen.")(gaps)
    app.command("decide", help="Über eine Lücke entscheiden: open, confirmed, rejected, decided.")(decide)


def gaps(
    folder: Folder,
    kind: Annotated[str | None, typer.Option(help="Nur diese Angebotsart.")] = None,
    area: Annotated[str | None, typer.Option(help="Nur dieses Gebiet (Kennung oder Name).")] = None,
    as_json: AsJson = False,
) -> None:
    """List the gaps of the latest run."""
    from pathlib import Path

    from dableiben.study.decide import latest_gaps

    table = latest_gaps(Path(folder))
    if kind is not None:
        table = table[table["kind"] == kind]
    if area is not None:
        table = table[(table["area_id"] == area) | (table["area_name"] == area)]
    if as_json:
        print_json(table.to_dict("records"))
        return
    for line in gap_lines(table):
        typer.echo(line)
    remark(f"{len(table)} Lücken.")


def decide(
    folder: Folder,
    gap_id: Annotated[str, typer.Argument(metavar="LÜCKE", help="Kennung der Lücke.")],
    status: Annotated[str, typer.Argument(help="open, confirmed, rejected oder decided.")],
    reason: Annotated[str, typer.Option(help="Begründung; bei rejected nötig.")] = "",
) -> None:
    """Keep a decision about a gap; it survives the next runs."""
    from pathlib import Path

    from dableiben.study.decide import decide as keep

    keep(Path(folder), gap_id, status, reason)
    remark(f"Festgehalten: {gap_id} ist „{status}“. Sichtbar nach dem nächsten „dableiben check“.")
