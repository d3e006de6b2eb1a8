# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""S1-04: districts and municipalities are areas; "structurally weak" comes with a source, reaches the results, and
what nobody said is unknown."""

from __future__ import annotations

import json
from pathlib import Path

from dableiben.store.config import RegionConfig, StructurallyWeak
from dableiben.store.tables import read_areas
from dableiben.study.check import check
from dableiben.study.init import init_region
from support.two_lists import AGS, write_register, write_residents

TABLE = f"""\
AGS;Gemeinde;strukturschwach;Quelle
{AGS};Musterau;ja;GRW-Fördergebiet 2022
13099002;Nebenau;nein;
13099003;Fernau;;Regionalplan
"""


def test_structurally_weak_reaches_the_results_with_its_source(tmp_path: Path) -> None:
    (tmp_path / "gebiete.csv").write_text(TABLE, encoding="utf-8")
    config = RegionConfig(
        format=1, name="Musterkreis", land="MV", ags=("13099",),
        structurally_weak=StructurallyWeak(value=True, source="BBSR 2024"),
    )  # fmt: skip
    files = [
        ("areas", tmp_path / "gebiete.csv"),
        ("population", write_residents(tmp_path / "einwohner.csv")),
        ("register", write_register(tmp_path / "einrichtungen.csv")),
    ]
    init_region(tmp_path / "region", config, files)  # type: ignore[arg-type]
    outcome = check(tmp_path / "region", kinds=("kita",))
    areas = read_areas(outcome.run_folder / "areas.parquet").set_index("area_id")
    assert {"district", "municipality", "locality"} <= set(areas["level"])
    assert areas["structurally_weak"].dropna().to_dict() == {AGS: True, "13099002": False}
    assert areas["structurally_weak_source"].dropna().to_dict() == {AGS: "GRW-Fördergebiet 2022"}
    run = json.loads((outcome.run_folder / "run.json").read_text(encoding="utf-8"))
    assert run["settings"]["structurally_weak"] == {"value": True, "source": "BBSR 2024"}
    assert "BBSR 2024" in outcome.report.read_text(encoding="utf-8")
