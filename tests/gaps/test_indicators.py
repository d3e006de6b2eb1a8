# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Shares within a limit stay unknown where only a facility that may be of the kind is near."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from dableiben.gaps.indicators import _without_guesses
from dableiben.gaps.rating import RatedService, ratings


def two_villages(minutes: list[float]) -> RatedService:
    return RatedService(
        need_persons=np.array([10.0, 30.0]),
        nearest=np.array([0 if m == m else -1 for m in minutes]),
        minutes=np.array(minutes),
        part_cell=np.array([0, 1]),
        part_area=np.array([0, 1]),
        part_share=np.ones(2),
        areas=2,
        facility_area=np.array([0]),
        places=np.array([5.0]),
    )


def shares(minutes: list[float], maybe: list[float]) -> list[float]:
    service = two_villages(minutes)
    one = SimpleNamespace(offer=SimpleNamespace(nearest_possible={"foot": SimpleNamespace(minutes=np.array(maybe))}))
    table = _without_guesses(ratings(service, limits_min=[15.0]), one, service, "foot")  # type: ignore[arg-type]
    return list(table.loc[table["indicator"] == "share_within_minutes", "value"])


@pytest.mark.parametrize(
    ("minutes", "maybe", "expected"),
    [
        ([10.0, 20.0], [np.nan, np.nan], [100.0, 0.0]),
        ([10.0, 20.0], [5.0, 15.0], [100.0, np.nan]),
        ([10.0, 20.0], [5.0, 16.0], [100.0, 0.0]),
        ([10.0, np.nan], [np.nan, 1.0], [100.0, np.nan]),
    ],
)
def test_a_possible_facility_makes_the_share_unknown_only_where_it_matters(
    minutes: list[float], maybe: list[float], expected: list[float]
) -> None:
    np.testing.assert_array_equal(shares(minutes, maybe), expected)
