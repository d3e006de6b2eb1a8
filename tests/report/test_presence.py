# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The chapter on presence: curves that move, in words and as a drawing; no chapter where nobody comes or goes."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

from dableiben.catalogue.load import Catalogue
from dableiben.core.results import PRESENCE
from dableiben.core.week import slots
from dableiben.privacy.gate import release
from dableiben.privacy.released import Released
from dableiben.report.html import render
from dableiben.report.view_presence import curves
from support.made_district import MadeDistrict, made_catalogue

MADE = MadeDistrict(seed=2, municipalities=4, localities=2, persons=9_000)


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder: Path = tmp_path_factory.mktemp("cards")
    return made_catalogue(folder)


def released(catalogue: Catalogue, *levels: tuple[int, int, float | None], season: str = "year") -> Released:
    """The made district with one municipality whose presence is told."""
    results = MADE.results()
    towns = sorted(results.areas.loc[results.areas["level"] == "municipality", "area_id"])
    rows: list[dict[str, Any]] = []
    for first, last, persons in levels:
        same = dict.fromkeys(("persons_low", "persons_best", "persons_high", "living_here"), persons)
        row = {"area_id": towns[0], "season": season, "slot_from": first, "slot_to": last, "residents": 5000.0}
        rows.append({**row, **same})
    return release(dataclasses.replace(results, tables={**results.tables, "presence": PRESENCE.frame(rows)}), catalogue)


MOVES = ((0, 384, 4900.0), (384, 672, 5000.0))


@pytest.mark.parametrize(("lang", "title"), [("de", "Wer wann da ist"), ("en", "Who is there when")])
def test_a_curve_that_moves_has_its_chapter(catalogue: Catalogue, lang: Literal["de", "en"], title: str) -> None:
    page = render(released(catalogue, *MOVES, season="months:7-8"), catalogue, lang)
    assert f"</span> {title}</h2>" in page and ("Juli–August" if lang == "de" else "July–August") in page
    assert re.search(r'<polyline class="curve" points="0,80 384,80 384,0 672,0"/>', page)


@pytest.mark.parametrize("levels", [(), ((0, 672, 5000.0),)])
def test_where_nobody_comes_or_goes_there_is_no_chapter(catalogue: Catalogue, levels: Any) -> None:
    assert "Wer wann da ist" not in render(released(catalogue, *levels), catalogue, "de")


def test_what_is_unknown_is_grey_and_no_line(catalogue: Catalogue) -> None:
    page = render(released(catalogue, (0, 96, None), (96, 672, 5000.0)), catalogue, "de")
    assert '<rect class="unknown-time" x="0" y="0" width="96" height="80"/>' in page
    assert '<polyline class="curve" points="96,80 672,80"/>' in page


def test_a_curve_tells_its_levels_stretches_and_evenings(catalogue: Catalogue) -> None:
    (curve,) = (c for c in curves(released(catalogue, *MOVES)) if len(c.area_id) == 8)
    assert [value for value, _ in curve.levels()] == [4900.0, 5000.0]
    assert curve.stretches() == [(0, 384), (384, 672)] and not curve.is_flat
    assert curve.evening_share(slots(range(4), 1080, 1320)) == pytest.approx(0.98)
    assert curve.line() == "▁" * 16 + "█" * 12
    assert np.array_equal(curve.levels()[0][1], slots(range(4), 0, 1440))
