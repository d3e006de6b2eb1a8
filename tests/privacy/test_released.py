# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Nobody but the gate makes something that may be shown."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from pathlib import Path

import pytest

from dableiben.core.results import GAPS, NEED
from dableiben.privacy.gate import release
from dableiben.privacy.released import RELEASED_TABLES, Released, released_contract
from support.made_district import MadeDistrict, made_catalogue


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Released:
    made = MadeDistrict(seed=1, municipalities=4, localities=2, persons=3_000)
    return release(made.results(), made_catalogue(tmp_path_factory.mktemp("cards")))


def test_released_cannot_be_made_elsewhere(released: Released) -> None:
    with pytest.raises(TypeError, match="release only"):
        Released(released.tables, released.areas, None, released.run, None, False, token=object())
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(released, council=True)
    for way in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            way(released)


def test_released_tables_keep_their_contract(released: Released) -> None:
    for name, contract in RELEASED_TABLES.items():
        assert released.arrow(name).column_names == contract.names
        assert "internal" not in {column.privacy for column in contract.columns}


def test_contract_of_a_table_drops_what_is_internal() -> None:
    assert "cell_ids" not in released_contract(GAPS).names
    assert not [n for n in released_contract(NEED).names if n.startswith("need_persons") or n == "cell_id"]
    assert released_contract(GAPS)["persons_best"].nullable


def test_council_sees_confirmed_gaps_only(tmp_path: Path) -> None:
    made = MadeDistrict(seed=1, municipalities=4, localities=2, persons=9_000)
    catalogue = made_catalogue(tmp_path)
    everybody, council = (release(made.results(), catalogue, council=c) for c in (False, True))
    assert set(council.tables["gaps"]["review_status"]) == {"confirmed"}
    assert 0 < len(council.tables["gaps"]) < len(everybody.tables["gaps"])
    assert list(council.tables["gaps"]["rank"]) == list(range(1, len(council.tables["gaps"]) + 1))


def test_the_same_results_are_released_alike(tmp_path: Path) -> None:
    made = MadeDistrict(seed=5, municipalities=4, localities=3, persons=3_000)
    catalogue = made_catalogue(tmp_path)
    one, other = made.results(), made.results()
    shuffled = {name: frame.sample(frac=1, random_state=1) for name, frame in other.tables.items()}
    other = dataclasses.replace(other, tables=shuffled)
    first, second = release(one, catalogue), release(other, catalogue)
    for name in RELEASED_TABLES:
        assert first.arrow(name).equals(second.arrow(name)), name
