# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The name of a run changes with everything it rests on, so that no run replaces another one's results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dableiben.region.change import SetFacility, append_change
from dableiben.store.config import config_from
from dableiben.store.folder import RegionFolder
from dableiben.study.check import check
from dableiben.study.init import init_region
from support.two_lists import write_register, write_residents

NORM = """\
id: eigener_kitaweg
reviewed_on: 2026-11-22
title: {{de: Weg zur Kita, en: Way to the Kita}}
kinds: [kita]
measure: travel_time_max
modes: [foot]
unit: Minuten
binding: statute_local
values:
  - {{valid_from: 2020-01-01, value: {value}, source: Beschluss (erfunden), certainty: made_up}}
"""


@pytest.fixture
def region(tmp_path: Path) -> Path:
    folder = tmp_path / "musterau"
    files = [
        ("population", write_residents(tmp_path / "einwohner.csv")),
        ("register", write_register(tmp_path / "einrichtungen.csv")),
    ]
    init_region(folder, config_from(name="Musterau", land="MV", ags=()), files)  # type: ignore[arg-type]
    return folder


def norm_of(minutes: int) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        path = folder / "cards" / "norms" / "eigener_kitaweg.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(NORM.format(value=minutes), encoding="utf-8")

    return write


def fewer_places(folder: Path) -> None:
    kita = pd.read_parquet(folder / "results" / "latest" / "facilities.parquet").query("kind == 'kita'")
    change = SetFacility(
        on=date(2026, 1, 5), facility_id=kita["facility_id"].iloc[0], attribute="usable_places", value=3.0
    )
    append_change(RegionFolder(folder).edits, change)


def test_what_a_run_rests_on_names_it_and_no_run_replaces_another(region: Path) -> None:
    names = [check(region).run_folder.name]
    for act in (norm_of(20), norm_of(25), fewer_places):
        act(region)
        names.append(check(region).run_folder.name)
    assert len(set(names)) == len(names)
    assert all((region / "results" / name / "gaps.parquet").is_file() for name in names)
    assert check(region).run_folder.name == names[-1]
    facilities = pd.read_parquet(region / "results" / "latest" / "facilities.parquet")
    assert list(facilities.loc[facilities["kind"] == "kita", "usable_places"]) == [3.0]
