# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The made-up district, checked once per process: for tests that ask about the results of a whole run."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from dableiben.catalogue.load import Catalogue
from dableiben.core.run import Results
from dableiben.demo import SHIPPED_SEED, demo_inputs, own_cards, region_settings, write_demo
from dableiben.gaps.settings import Settings
from dableiben.privacy.gate import release
from dableiben.privacy.released import Released
from dableiben.study.check import evaluate
from dableiben.study.init import init_region
from dableiben.study.load import load


@cache
def checked_demo(seed: int = SHIPPED_SEED) -> tuple[Results, Catalogue]:
    """Results and catalogue of Landkreis Ellerland; nobody may change them."""
    with tempfile.TemporaryDirectory() as folder:
        raw, region = Path(folder) / "raw", Path(folder) / "ellerland"
        raw.mkdir()
        write_demo(raw, seed)
        files = [(role, path) for role, paths in demo_inputs(raw).items() for path in paths]
        init_region(region, region_settings(raw), files, own_cards=own_cards(raw), adopt=False)
        loaded = load(region)
        return evaluate(loaded, Settings(modes=loaded.catalogue.assessment.default_modes)), loaded.catalogue


@cache
def released_demo(seed: int = SHIPPED_SEED) -> Released:
    """What of the made-up district may be shown."""
    return release(*checked_demo(seed))
