# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben check: the main job."""

from __future__ import annotations

from typing import Annotated

import typer

from dableiben.cli.show import AsJson, Folder, gap_lines, print_json, progress_on_stderr, remark


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check", help="Bedarf, Angebot und Wege abgleichen; schreibt Ergebnisse und Bericht.")(check)


def check(
    folder: Folder,
    year: Annotated[int | None, typer.Option(help="Jahr der Bevölkerung; sonst das letzte.")] = None,
    kinds: Annotated[str, typer.Option(help="Angebotsarten, mit Komma getrennt; sonst alle.")] = "",
    modes: Annotated[str, typer.Option(help="foot,bike,car; sonst alle.")] = "",
    dimensions: Annotated[str, typer.Option(help="content,space; sonst alle.")] = "",
    workers: Annotated[int, typer.Option(min=1, help="Gleichzeitige Rechnungen; ändert kein Ergebnis.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Run a check and print its gaps."""
    from pathlib import Path

    from dableiben.gaps.settings import DIMENSIONS
    from dableiben.study.check import check as run
    from dableiben.study.check import released_gaps

    wanted_modes = _parts(modes, ("foot", "bike", "car"), "--modes")
    wanted_dimensions = _parts(dimensions, DIMENSIONS, "--dimensions")
    with progress_on_stderr() as progress:
        outcome = run(
            Path(folder), year=year, kinds=_parts(kinds, None, "--kinds"), modes=wanted_modes,
            dimensions=wanted_dimensions, workers=workers, progress=progress,
        )  # fmt: skip
    gaps = released_gaps(outcome)
    if as_json:
        print_json({"run": str(outcome.run_folder), "report": str(outcome.report), "gaps": gaps.to_dict("records")})
        return
    for line in gap_lines(gaps):
        typer.echo(line)
    unknown = len(outcome.results.tables["unknowns"])
    remark(f"{len(gaps)} Lücken, {unknown} offene Fragen. Bericht: {outcome.report}")


def _parts(text: str, allowed: tuple[str, ...] | None, option: str) -> tuple[str, ...]:
    from dableiben.core.errors import InputError

    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    wrong = [part for part in parts if allowed is not None and part not in allowed]
    if wrong:
        raise InputError(
            "option-unknown", f"{option}: „{wrong[0]}“ gibt es nicht.", f"Möglich sind: {', '.join(allowed or ())}.",
        )  # fmt: skip
    return parts
