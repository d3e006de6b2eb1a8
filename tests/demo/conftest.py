# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The made-up district, built and written once per seed."""

from __future__ import annotations

from functools import lru_cache

import pytest

from dableiben.demo import SHIPPED_SEED, DemoFiles, generate
from dableiben.demo.generate import District, build_district

FURTHER_SEEDS = (1, 2, 3)
SEEDS = (SHIPPED_SEED, *FURTHER_SEEDS)


@lru_cache(maxsize=len(SEEDS))
def district_of(seed: int) -> District:
    return build_district(seed)


@pytest.fixture(scope="session", params=SEEDS)
def district(request: pytest.FixtureRequest) -> District:
    """The district of the shipped seed, then of three further seeds."""
    return district_of(request.param)


@pytest.fixture(scope="session")
def shipped() -> District:
    return district_of(SHIPPED_SEED)


@pytest.fixture(scope="session")
def another() -> District:
    """The district of a further seed."""
    return district_of(FURTHER_SEEDS[0])


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """All files of the shipped seed."""
    return generate(tmp_path_factory.mktemp("ellerland"), SHIPPED_SEED)
