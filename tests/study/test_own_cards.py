# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A region adds a kind of facility and a local norm by two YAML files; both appear in results and report."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dableiben.demo import demo_inputs, own_cards, region_settings, write_demo
from dableiben.study.check import check
from dableiben.study.init import init_region

KIND = """\
id: repaircafe
reviewed_on: 2026-11-22
domain: culture
label: {de: Reparaturcafé, en: repair café}
plural: {de: Reparaturcafés, en: repair cafés}
article: das
osm: [{amenity: "repair_cafe"}]
register_aliases: [Reparaturcafé, Repair-Café]
capacity_unit: null
groups: [{group: alle}]
demand_mode: presence
use: free
capacity_level: municipality
responsibility:
  body: {de: die Gemeinde, en: the municipality}
  influence: fund
  duty: voluntary
  departments: [{de: Ehrenamt, en: volunteering}]
  basis: eigene Annahme
sources: [eigene Karte der Region]
"""
NORM = """\
id: ortsrecht_repaircafe
reviewed_on: 2026-11-22
title: {de: Reparaturcafé in jedem Amt, en: A repair café in each Amt}
kinds: [repaircafe]
measure: facilities_min
level: amt
unit: Einrichtungen
binding: statute_local
legal_basis: Beschluss des Kreistags (erfunden)
values:
  - valid_from: 2020-01-01
    area: "13099"
    value: 1
    source: Beschluss des Kreistags (erfunden)
    certainty: made_up
"""


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw = tmp_path_factory.mktemp("raw")
    folder = tmp_path_factory.mktemp("regions") / "ellerland"
    write_demo(raw)
    files = [(role, path) for role, paths in demo_inputs(raw).items() for path in paths]
    init_region(folder, region_settings(raw), files, own_cards=own_cards(raw), adopt=False)
    (folder / "cards" / "kinds").mkdir(parents=True)
    (folder / "cards" / "kinds" / "repaircafe.yaml").write_text(KIND, encoding="utf-8")
    (folder / "cards" / "norms" / "ortsrecht_repaircafe.yaml").write_text(NORM, encoding="utf-8")
    return folder


def test_two_yaml_files_add_a_kind_and_a_norm(region: Path) -> None:
    outcome = check(region, kinds=("repaircafe",))
    need = pd.read_parquet(outcome.run_folder / "need.parquet")
    unknowns = pd.read_parquet(outcome.run_folder / "unknowns.parquet")
    gaps = pd.read_parquet(outcome.run_folder / "gaps.parquet")
    assert set(need["kind"]) == {"repaircafe"}
    # Two Ämter and no repair café on the map: the kind has OSM tags, so the map speaks about it.
    assert set(gaps["area_name"]) == {"Amt Nord", "Amt West"}
    assert set(gaps["norm_id"]) == {"ortsrecht_repaircafe"}
    assert set(gaps["cause"]) == {"absent"}
    assert set(gaps["tier"]) == {"statute_local"}
    assert unknowns.empty
    report = outcome.report.read_text(encoding="utf-8")
    assert "Reparaturcafé" in report
    assert "Beschluss des Kreistags (erfunden)" in report
