# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben demo: the made-up district."""

from __future__ import annotations

from typing import Annotated

import typer

from dableiben.cli.german import GermanCommand
from dableiben.cli.show import AsJson, print_json, progress_on_stderr, remark


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", cls=GermanCommand, help="Den erfundenen Landkreis Ellerland als Regionsordner anlegen.")(demo)


def demo(
    out: Annotated[str, typer.Option(metavar="ORDNER", help="Ordner, der angelegt wird; sonst demo.")] = "demo",
    seed: Annotated[int | None, typer.Option(help="Anderer Zufallsstart.", hidden=True)] = None,
    as_json: AsJson = False,
) -> None:
    """Write the demo region folder."""
    import shutil
    import tempfile
    from pathlib import Path

    from dableiben.demo import SHIPPED_SEED, demo_inputs, own_cards, region_settings, write_demo
    from dableiben.store.folder import check_is_new
    from dableiben.study.init import init_region

    target = Path(out)
    check_is_new(target)
    with tempfile.TemporaryDirectory() as folder, progress_on_stderr() as progress:
        raw = Path(folder)
        progress("Landkreis Ellerland erfinden")
        write_demo(raw, SHIPPED_SEED if seed is None else seed)
        files = [(role, path) for role, paths in demo_inputs(raw).items() for path in paths]
        init_region(target, region_settings(raw), files, own_cards=own_cards(raw), adopt=False, progress=progress)
        shutil.copyfile(raw / "truth.json", target / "truth.json")
    if as_json:
        print_json({"folder": out})
    remark(f"Der erfundene Landkreis Ellerland liegt in {out}. Weiter mit: dableiben check {out}")
