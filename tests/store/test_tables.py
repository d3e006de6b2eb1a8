# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Equal results give equal bytes, and come back as they were."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import pytest

from dableiben.core.run import Results
from dableiben.store.tables import read_results, write_results
from support.made_district import MadeDistrict


@pytest.fixture(scope="module")
def results() -> Results:
    return MadeDistrict(seed=2, municipalities=4, localities=2, persons=2_000).results()


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_order_of_rows_does_not_reach_the_file(results: Results, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    write_results(results, tmp_path / "a")
    shuffled = {name: frame.sample(frac=1, random_state=3) for name, frame in results.tables.items()}
    areas = results.areas.sample(frac=1, random_state=3)
    write_results(dataclasses.replace(results, tables=shuffled, areas=areas), tmp_path / "b")
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_results_come_back(results: Results, tmp_path: Path) -> None:
    write_results(results, tmp_path)
    back = read_results(tmp_path)
    assert back.run == results.run
    assert back.size_m == results.size_m
    for name, table in results.arrow().items():
        assert back.arrow()[name].equals(table), name
    one, other = (r.areas.set_index("area_id").geometry.sort_index() for r in (results, back))
    assert one.isna().equals(other.isna())
    assert one.dropna().geom_equals(other.dropna()).all()
