# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A made-up district released through the gate, for what writes files of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dableiben.catalogue.load import Catalogue
from dableiben.core.run import Results
from dableiben.privacy.gate import release
from dableiben.privacy.released import Released
from support.made_district import MadeDistrict, made_catalogue


@dataclass(frozen=True)
class Made:
    """Internal results, their catalogue, and what the gate made of them."""

    results: Results
    catalogue: Catalogue
    released: Released


def made(*, change: Callable[[Results], None] | None = None, council: bool = False, restricted: bool = True) -> Made:
    """A small district with gaps, unknowns, withheld counts and protected places.

    change  alters the internal tables before they are released
    """
    results = MadeDistrict(seed=7, municipalities=5, localities=3, persons=4_000).results(restricted=restricted)
    results = replace(results, tables={name: frame.copy() for name, frame in results.tables.items()})
    if change is not None:
        change(results)
    with TemporaryDirectory() as folder:
        catalogue = made_catalogue(Path(folder))
    return Made(results, catalogue, release(results, catalogue, council=council))
