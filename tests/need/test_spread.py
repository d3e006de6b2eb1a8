# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Persons of areas on their cells: totals are kept, hints bend the structure, nothing hinted changes nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dableiben.need.ages import LAST_AGE
from dableiben.need.spread import spread
from dableiben.region.age_hints import no_hints

AGES = LAST_AGE + 1


def two_villages() -> np.ndarray:
    totals = np.zeros((2, 2, AGES))
    totals[0, :, :18], totals[0, :, 18:65], totals[0, :, 65:90] = 2.0, 4.0, 1.0
    totals[1, :, 30] = 50.0
    return totals


def hints(share: dict[str, float], first: int = 0, last: int | None = 17) -> pd.DataFrame:
    rows = [{"cell_id": cell, "age_from": first, "age_to": last, "share": value} for cell, value in share.items()]
    return pd.DataFrame(rows, columns=["cell_id", "age_from", "age_to", "share"])


CELLS = np.array(["a", "b", "c"], dtype=object)
AREA = np.array([0, 0, 1])


def test_without_hints_every_cell_has_the_structure_of_its_area() -> None:
    totals = two_villages()
    done = spread(np.array([30.0, 10.0, 7.0]), AREA, totals, no_hints(), CELLS)
    np.testing.assert_allclose(done.by_age[0], totals[0] * 0.75)
    np.testing.assert_allclose(done.by_age[2], totals[1])
    assert done.adjusted == ()


def test_a_hint_moves_children_to_the_cell_that_has_more_of_them() -> None:
    totals = two_villages()
    done = spread(np.array([30.0, 10.0, 7.0]), AREA, totals, hints({"a": 0.1, "b": 0.5}), CELLS)
    children = done.by_age[:, :, :18].sum(axis=(1, 2)) / done.by_age.sum(axis=(1, 2))
    assert children[1] > 2 * children[0]
    np.testing.assert_allclose(done.by_age[:2].sum(axis=0), totals[0], atol=1e-9)
    np.testing.assert_allclose(done.by_age[:2].sum(axis=(1, 2)), totals[0].sum() * np.array([0.75, 0.25]), atol=1e-6)
    np.testing.assert_allclose(done.by_age[2], totals[1], atol=1e-9)


def test_an_area_with_an_unknown_age_keeps_it_unknown_in_every_cell() -> None:
    totals = two_villages()
    totals[0, 0, 5] = np.nan
    done = spread(np.array([30.0, 10.0, 7.0]), AREA, totals, hints({"a": 0.1, "b": 0.5}), CELLS)
    assert np.isnan(done.by_age[:2, 0, 5]).all()
    assert not np.isnan(done.by_age[2]).any()


def test_a_band_that_no_cell_hints_at_still_finds_a_place() -> None:
    totals = two_villages()
    done = spread(np.array([30.0, 10.0, 7.0]), AREA, totals, hints({"a": 0.0, "b": 0.0}), CELLS)
    np.testing.assert_allclose(done.by_age[:2].sum(axis=0), totals[0], atol=1e-9)


@given(
    persons=st.lists(st.floats(0.5, 500), min_size=3, max_size=3),
    shares=st.lists(st.floats(0, 1), min_size=2, max_size=2),
    old=st.lists(st.floats(0, 1), min_size=2, max_size=2),
)
def test_totals_of_areas_are_kept_whatever_the_hints(
    persons: list[float], shares: list[float], old: list[float]
) -> None:
    totals = two_villages()
    both = pd.concat(
        [hints(dict(zip("ab", shares, strict=True))), hints(dict(zip("ab", old, strict=True)), 65, None)],
        ignore_index=True,
    )
    done = spread(np.array(persons), AREA, totals, both, CELLS)
    assert (done.by_age >= 0).all()
    np.testing.assert_allclose(done.by_age[:2].sum(axis=0), totals[0], rtol=1e-6, atol=1e-6)
