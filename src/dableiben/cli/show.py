# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""How commands speak: tables and JSON on stdout, progress and remarks on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import pandas as pd

    from dableiben.study.load import Progress

AsJson = Annotated[bool, typer.Option("--json", help="Ergebnis als JSON auf die Standardausgabe.")]
Folder = Annotated[str, typer.Argument(metavar="ORDNER", help="Regionsordner.")]


def remark(text: str) -> None:
    """A message for people, on stderr."""
    typer.echo(text, err=True)


def print_json(content: object) -> None:
    """JSON on stdout."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))


@contextmanager
def progress_on_stderr() -> Iterator[Progress]:
    """A line that says what is done right now; silent where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("…") as status:
        yield lambda text: status.update(f"{text} …")


def gap_lines(gaps: pd.DataFrame) -> Iterator[str]:
    """One line per gap: rank, tier, area, kind, group, persons, cause."""
    for gap in gaps.sort_values("rank").to_dict("records"):
        persons = (
            "geheim" if gap["persons_best"] != gap["persons_best"] else f"{gap['persons_best']:.1f}".replace(".", ",")
        )
        yield (
            f"{gap['rank']:>3}. {gap['area_name']} · {gap['kind']} · {gap['group']} · "
            f"{CAUSES[gap['cause']]} · {persons} Personen · {TIERS[gap['tier']]} [{gap['gap_id']}]"
        )


CAUSES = {
    "absent": "fehlt ganz", "capacity": "zu wenig Plätze", "quality": "nicht geeignet", "distance": "zu weit",
    "hours": "geschlossen", "timetable": "keine Fahrt", "slot_capacity": "zu dieser Zeit voll",
}  # fmt: skip
TIERS = {
    "entitlement": "Rechtsanspruch", "duty": "Pflicht", "statute_local": "örtliche Satzung",
    "planning": "Planungswert", "comparison": "unter Vergleichswert",
}  # fmt: skip
