# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Distance decay: values at and beside the limits; laws for every registered factory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.access import decay
from dableiben.access.decay import DECAYS, Decay
from dableiben.core.errors import ContractError

STEPS = {10: 1.0, 20: 0.68, 30: 0.22}
EXAMPLES: dict[str, tuple[Any, ...]] = {
    "exponential": (0.05,),
    "gaussian": (12, 30),
    "gaussian_to_zero": (30,),
    "inverse_power": (1.5, 30),
    "step": (STEPS,),
    "step_below": (STEPS,),
}


def example(name: str) -> Decay:
    return DECAYS[name](*EXAMPLES[name])


def test_every_decay_stands_under_the_laws() -> None:
    assert sorted(EXAMPLES) == list(DECAYS)


@pytest.mark.parametrize("name", list(DECAYS))
@given(minutes=st.lists(st.floats(1, 500), max_size=30))
def test_weights_lie_in_0_to_1_and_never_grow_with_time(name: str, minutes: list[float]) -> None:
    weights = example(name)(np.sort(np.array(minutes, dtype=float)))
    assert ((weights >= 0) & (weights <= 1)).all()
    assert (np.diff(weights) <= 0).all()


@pytest.mark.parametrize("name", list(DECAYS))
def test_nothing_counts_beyond_the_limit(name: str) -> None:
    chosen = example(name)
    if np.isfinite(chosen.limit_min):
        assert chosen(np.array([np.nextafter(chosen.limit_min, np.inf), 1e9])).tolist() == [0, 0]
    assert chosen(np.array([1.0]))[0] > 0.9


def test_a_limit_is_included_and_only_step_below_excludes_it() -> None:
    at = np.array([0, 10, np.nextafter(10, 11), 20, 30, np.nextafter(30, 31)])
    assert decay.step(STEPS)(at).tolist() == [1, 1, 0.68, 0.68, 0.22, 0]
    assert decay.step_below(STEPS)(at).tolist() == [1, 0.68, 0.68, 0.22, 0, 0]


def test_steps_may_be_given_in_any_order() -> None:
    at = np.linspace(0, 40, 81)
    turned = dict(reversed(STEPS.items()))
    np.testing.assert_array_equal(decay.step(turned)(at), decay.step(STEPS)(at))


def test_gaussians_by_formula() -> None:
    at = np.array([0.0, 15.0, 30.0])
    np.testing.assert_allclose(decay.gaussian(15, 30)(at), [1, np.exp(-0.5), np.exp(-2)], rtol=1e-15)
    middle = (np.exp(-1 / 8) - np.exp(-1 / 2)) / (1 - np.exp(-1 / 2))
    np.testing.assert_allclose(decay.gaussian_to_zero(30)(at), [1, middle, 0], rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: decay.step({}),
        lambda: decay.step({0: 1.0}),
        lambda: decay.step({np.inf: 1.0}),
        lambda: decay.step({10: 0.5, 20: 0.6}),
        lambda: decay.step({10: 1.5}),
        lambda: decay.step({10: -0.5}),
        lambda: decay.step({10: np.nan}),
        lambda: decay.gaussian(0, 30),
        lambda: decay.gaussian(10, 0),
        lambda: decay.gaussian_to_zero(-1),
        lambda: decay.exponential(0),
        lambda: decay.inverse_power(0, 10),
        lambda: decay.inverse_power(1, 10)(np.array([0.0, 1.0])),
    ],
)
def test_senseless_values_are_refused(broken: Any) -> None:
    with pytest.raises(ContractError):
        broken()
