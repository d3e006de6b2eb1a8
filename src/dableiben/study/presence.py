# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The presence of the latest run as it may be shown."""

from __future__ import annotations

from pathlib import Path

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.privacy.gate import release
from dableiben.report.view_presence import Curve, curves
from dableiben.store.config import read_config
from dableiben.store.folder import RegionFolder
from dableiben.store.tables import read_results
from dableiben.study.decide import areas_within


def latest_presence(root: Path, *, area: str | None = None) -> tuple[list[Curve], Catalogue]:
    """Curves of the latest run, the district first, and the catalogue they rest on.

    area   only this district or municipality (id or name) and what lies in it
    Errors: InputError if there is no run, or for an area that does not exist.
    """
    read_config(root)
    folder = RegionFolder(root)
    catalogue = load_catalogue(folder.cards)
    released = release(read_results(folder.latest), catalogue)
    wanted = None if area is None else areas_within(released.areas, area)
    return [curve for curve in curves(released) if wanted is None or curve.area_id in wanted], catalogue
