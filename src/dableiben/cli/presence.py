# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben presence: who is there when, over the week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dableiben.cli.german import GermanCommand
from dableiben.cli.show import AsJson, Folder, print_json, remark

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue
    from dableiben.report.view_presence import Curve


def register(app: typer.Typer) -> None:
    """Add the command."""
    does = "Wer wann da ist: Anwesende über die Woche, je Gemeinde und Saison, aus dem letzten Lauf."
    app.command("presence", cls=GermanCommand, help=does)(presence)


def presence(
    folder: Folder,
    area: Annotated[str | None, typer.Option(metavar="GEBIET", help="Nur dieses Gebiet (Kennung oder Name).")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the presence of the latest run."""
    from pathlib import Path

    from dableiben.study.presence import latest_presence

    curves, catalogue = latest_presence(Path(folder), area=area)
    evenings = catalogue.presence.evening_mask
    if as_json:
        print_json([_content(curve, curve.evening_share(evenings)) for curve in curves])
        return
    for curve in curves:
        for line in _lines(curve, catalogue):
            typer.echo(line)
    if any(curve.rounded_to for curve in curves):
        remark("Zahlen sind gerundet, damit kleine Gruppen nicht zu erkennen sind.")


def _content(curve: Curve, share: float | None) -> dict[str, Any]:
    from dableiben.core.week import in_words

    return {
        "area_id": curve.area_id,
        "area_name": curve.area_name,
        "season": curve.season,
        "season_de": curve.season_words("de"),
        "residents": curve.residents,
        "rounded_to": curve.rounded_to,
        "withheld": curve.withheld,
        "evening_share": share,
        "levels": [{"persons": persons, "slots_de": in_words(mask)} for persons, mask in curve.levels()],
        "stretches": [
            {"slot_from": first, "slot_to": last, "low": curve.low[first], "best": curve.best[first],
             "high": curve.high[first]}
            for first, last in curve.stretches()
        ],
    }  # fmt: skip


def _lines(curve: Curve, catalogue: Catalogue) -> Iterator[str]:
    """Name and season, the week as a line, the numbers with their slots, the evenings."""
    from dableiben.catalogue.text import speaker
    from dableiben.core.week import in_words

    say = speaker(catalogue, "de")
    yield f"{curve.area_name} ({curve.season_words('de')})  {curve.line()}"
    if curve.withheld:
        yield f"  {say.render('word.withheld')}"
        return
    for persons, mask in curve.levels():
        number = "nicht bekannt" if persons != persons else say.persons(persons)
        yield f"  {in_words(mask)}: {number}".replace("\u00a0", " ")
    share = curve.evening_share(catalogue.presence.evening_mask)
    if share is not None:
        yield f"  Von den Einwohnern abends da ({catalogue.presence.evenings} Uhr): {round(100 * share)} %"
