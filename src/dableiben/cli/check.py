# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben check: the main job."""

from __future__ import annotations

from typing import Annotated

import typer

from dableiben.cli.german import GermanCommand
from dableiben.cli.show import AsJson, Folder, gap_lines, gap_total, print_json, progress_on_stderr, remark


def register(app: typer.Typer) -> None:
    """Add the command."""
    does = "Bedarf, Angebot und Wege abgleichen; schreibt Ergebnisse und Bericht."
    app.command("check", cls=GermanCommand, help=does)(check)


def check(
    folder: Folder,
    year: Annotated[int | None, typer.Option(metavar="JJJJ", help="Jahr der Bevölkerung; sonst das letzte.")] = None,
    kinds: Annotated[str, typer.Option(metavar="ART,…", help="Angebotsarten; sonst alle.")] = "",
    modes: Annotated[str, typer.Option(metavar="WEISE,…", help="foot, bike, car, bus; sonst alle.")] = "",
    dimensions: Annotated[str, typer.Option(metavar="SICHT,…", help="content, space, time; sonst alle.")] = "",
    date: Annotated[str, typer.Option(metavar="JJJJ-MM-TT", help="Nur die Woche dieses Tages ansehen.")] = "",
    season: Annotated[str, typer.Option(metavar="ZEIT", help="Nur diese Zeit im Jahr, z. B. Juli-August.")] = "",
    workers: Annotated[
        int | None, typer.Option(metavar="ZAHL", help="Gleichzeitige Rechnungen, sonst 1; ändert kein Ergebnis.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run a check and print its gaps."""
    from pathlib import Path

    from dableiben.study.check import check as run
    from dableiben.study.check import released_findings

    with progress_on_stderr() as progress:
        outcome = run(
            Path(folder), year=year, kinds=_parts(kinds), modes=_parts(modes), dimensions=_parts(dimensions),
            date=date, season=season, workers=workers, progress=progress,
        )  # fmt: skip
    gaps, unknown = released_findings(outcome)
    if as_json:
        print_json({"run": str(outcome.run_folder), "report": str(outcome.report), "gaps": gaps.to_dict("records")})
    else:
        for line in gap_lines(gaps, outcome.catalogue):
            typer.echo(line)
    questions = "1 offene Frage" if unknown == 1 else f"{unknown} offene Fragen"
    remark(f"{gap_total(gaps)}, {questions}. Bericht: {outcome.report}")


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
