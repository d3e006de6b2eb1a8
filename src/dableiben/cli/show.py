# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""How commands speak: tables and JSON on stdout, progress and remarks on stderr."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

    from dableiben.catalogue.load import Catalogue
    from dableiben.study.load import Progress

AsJson = Annotated[bool, typer.Option("--json", help="Ergebnis als JSON auf die Standardausgabe.")]
Folder = Annotated[str, typer.Argument(metavar="ORDNER", help="Regionsordner.")]
QUIET_SECONDS = 2.0
"""what takes no longer shows no bar"""


def remark(text: str) -> None:
    """A message for people, on stderr."""
    typer.echo(text, err=True)


def print_json(content: object) -> None:
    """JSON on stdout; what is unknown is null."""
    typer.echo(json.dumps(_plain(content), ensure_ascii=False, indent=2, allow_nan=False))


def _plain(value: Any) -> Any:
    """The value in the types of JSON: NaN and NA become null, arrays lists, dates and paths text."""
    if hasattr(value, "tolist"):  # numpy, without importing it
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if type(value).__name__ in ("NAType", "NaTType") or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value if isinstance(value, float) else value.hex() if isinstance(value, bytes) else str(value)


@contextmanager
def progress_on_stderr() -> Iterator[Progress]:
    """Says what is done right now and for how long; silent for what is quick, and where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from threading import Timer

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(bar_width=20), TimeElapsedColumn(), TextColumn("{task.description}"))
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task("…", total=None)
    timer = Timer(QUIET_SECONDS, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda text: bar.update(task, description=f"{text} …")
    finally:
        timer.cancel()
        timer.join()
        bar.stop()


def gap_lines(gaps: pd.DataFrame, catalogue: Catalogue) -> Iterator[str]:
    """One line per gap: rank, area, what for whom, cause, persons, tier, id, and what was decided about it."""
    from dableiben.catalogue.group_words import group_label
    from dableiben.catalogue.text import speaker
    from dableiben.catalogue.words import cause_words

    say = speaker(catalogue, "de")
    services = catalogue.services()
    for gap in gaps.sort_values("rank").to_dict("records"):
        persons, status = gap["persons_best"], gap["review_status"]
        parts = (
            gap["area_name"],
            services[gap["kind"]].label.de,
            group_label(catalogue, gap["group"], "de", service=gap["kind"], norm_id=gap["norm_id"]),
            cause_words(catalogue, gap["kind"], gap["cause"], "de") + _times(gap),
            say.render("word.withheld") if persons is None or persons != persons else say.persons(persons),
            say.render(f"label.{gap['tier']}"),
        )
        rank = "  –" if status == "rejected" else f"{gap['rank']:>3}."
        decided = "" if status == "open" else f" – {say.render(f'review.{status}')}"
        yield f"{rank} {' · '.join(parts)} [{gap['gap_id']}]{decided}".replace("\u00a0", " ")


def gap_total(gaps: pd.DataFrame) -> str:
    """How many gaps stand, and how many were rejected: 15 Lücken, 1 verworfen."""
    rejected = int((gaps["review_status"] == "rejected").sum())
    n = len(gaps) - rejected
    return ("1 Lücke" if n == 1 else f"{n} Lücken") + (f", {rejected} verworfen" if rejected else "")


def _times(gap: Mapping[Hashable, Any]) -> str:
    """When a gap in time holds: ": Mo–Fr 6:00–7:00 (Schulferien)"."""
    from dableiben.core.seasons import season_words

    if not isinstance(gap["slots_text"], str):
        return ""
    season = f" ({season_words(gap['season'], 'de')})" if isinstance(gap["season"], str) else ""
    return f": {gap['slots_text']}{season}"
