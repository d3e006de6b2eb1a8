# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben demo: the made-up district."""

from __future__ import annotations

from typing import Annotated

import typer

from dableiben.cli.show import progress_on_stderr, remark


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", help="Den erfundenen Landkreis Ellerland als Regionsordner anlegen.")(demo)


def demo(
    out: Annotated[str, typer.Option(help="Ordner, der angelegt wird.")] = "demo",
    seed: Annotated[int | None, typer.Option(help="Anderer Zufallsstart.", hidden=True)] = None,
) -> None:
    """Write the demo region folder."""
    from pathlib import Path

    from dableiben.demo.region import make_demo

    with progress_on_stderr() as progress:
        make_demo(Path(out), seed=seed, progress=progress)
    remark(f"Der erfundene Landkreis Ellerland liegt in {out}. Weiter mit: dableiben check {out}")
