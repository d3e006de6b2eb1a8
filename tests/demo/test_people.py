# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Residents of the made-up district: exact where the story needs it, a shrinking rural district elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from dableiben.demo import needs, plan
from dableiben.demo.chance import shared_out
from dableiben.demo.generate import District
from dableiben.demo.people import OLDEST, SECOND_HOMES


def names_of(municipality: str) -> tuple[str, ...]:
    return tuple(name for name, (m, _) in plan.localities().items() if m.name == municipality)


def test_sums_are_those_of_the_plan(district: District) -> None:
    residents = district.residents
    assert sum(residents.persons(name) for name in residents.main) == 80_000
    for m in plan.MUNICIPALITIES:
        assert sum(residents.persons(place.name) for place in m.localities) == m.persons
        for place in m.localities:
            if place.persons is not None:
                assert residents.persons(place.name) == place.persons
    for table in (*residents.main.values(), *residents.second.values()):
        assert table.shape == (OLDEST + 1, 2)
        assert (table >= 0).all()


def test_haldersee_has_40_42_and_38_children(district: District) -> None:
    names = names_of("Haldersee")
    assert [district.residents.of(names, range(age, age + 1)) for age in (0, 1, 2)] == [40, 42, 38]


def test_need_under_3_in_haldersee_by_hand(district: District) -> None:
    by_hand = 40 * 0.035 + 42 * 0.766 + 38 * 0.90
    assert by_hand == pytest.approx(67.772)
    assert needs.need_u3(district.residents, names_of("Haldersee")) == pytest.approx(67.772)


def test_children_from_3_to_school_by_hand(shipped: District) -> None:
    """Born 1.1.2019 to 30.6.2019 (181 of 365 days): at school; Birkenmoor has 17, 18, 17 and 18 children of 3 to 6."""
    assert needs.children_3_to_school(shipped.residents, ("Birkenmoor",)) == pytest.approx(
        17 + 18 + 17 + 18 * (1 - 181 / 365)
    )


def test_sandrade_has_nine_residents_and_many_second_homes(district: District) -> None:
    main, second = district.residents.main["Sandrade"], district.residents.second["Sandrade"]
    assert main.sum() == 9
    assert main[:18].sum() == 0
    assert second.sum() == SECOND_HOMES["Sandrade"] > 400
    # Children among those with a second home: who counts them as residents finds a gap that is none.
    assert second[:7].sum() >= 10


def test_the_district_is_old_and_shrinks(district: District) -> None:
    by_age = np.sum(list(district.residents.main.values()), axis=0)
    total = by_age.sum()
    assert 0.13 < by_age[:18].sum() / total < 0.17
    assert 0.27 < by_age[65:].sum() / total < 0.33
    assert by_age[:10].sum() < 0.6 * by_age[55:65].sum()
    women = by_age[:, 1] / by_age.sum(axis=1)
    assert 0.44 < women[:20].mean() < 0.53 and women[85:95].mean() > 0.55


def test_shares_add_up_and_keep_their_order() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        weights = rng.uniform(0.01, 5, int(rng.integers(1, 40)))
        total = int(rng.integers(0, 500))
        shares = shared_out(total, weights)
        assert shares.sum() == total
        assert (np.abs(shares - total * weights / weights.sum()) < 1).all()
