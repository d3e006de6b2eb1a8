# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Distance decay: how much a site counts for a person who needs so many minutes to it.

A decay is made by a factory from values that stand on a card; no factory has a default for a planning number.
Every decay gives weights in 0..1 (``inverse_power`` may exceed 1 below one minute) that never grow with time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numba
import numpy as np
import numpy.typing as npt

from dableiben.core.errors import ContractError
from dableiben.core.registry import Registry

FloatArray = npt.NDArray[np.float64]

DECAYS: Registry[Callable[..., Decay]] = Registry("decay")


@dataclass(frozen=True)
class Decay:
    """Weight by travel time. `limit_min` is the time from which on the weight is 0 (inf: never)."""

    name: str
    limit_min: float
    weigh: Callable[[FloatArray], FloatArray]

    def __call__(self, minutes: FloatArray) -> FloatArray:
        """Weights of the same shape as `minutes` (float64, >= 0)."""
        return self.weigh(minutes)


@DECAYS.register("step")
def step(weights_by_limit_min: Mapping[float, float]) -> Decay:
    """Weights in steps, limits included: ``{10: 1.0, 20: 0.68}`` weighs 10 min with 1, 10.1 min with 0.68.

    One step ``{30: 1.0}`` is the plain catchment of 2SFCA and of cumulative opportunities.
    law     limit convention of the project: within means ``minutes <= limit``
    errors  ContractError if limits are not positive or weights grow with time or leave 0..1
    source  Luo & Qi 2009, https://doi.org/10.1016/j.healthplace.2009.06.002
    """
    return _steps("step", weights_by_limit_min, np.sort(np.array([*weights_by_limit_min], dtype=float)))


@DECAYS.register("step_below")
def step_below(weights_by_limit_min: Mapping[float, float]) -> Decay:
    """Weights in steps, limits excluded (``minutes < limit``): only to compare with programs that count so.

    The stepped decay of the R package `accessibility` uses this half-open convention; with times rounded to
    minutes it differs from `step` by up to a quarter. Errors as `step`.
    """
    limits = np.sort(np.array([*weights_by_limit_min], dtype=float))
    # minutes < limit holds exactly up to the number just below the limit.
    return _steps("step_below", weights_by_limit_min, np.nextafter(limits, 0))


@DECAYS.register("gaussian")
def gaussian(bandwidth_min: float, limit_min: float) -> Decay:
    """exp(-(t / bandwidth)² / 2) up to and including the limit, 0 beyond.

    errors  ContractError if bandwidth or limit are not positive
    source  Dai 2010, https://doi.org/10.1016/j.healthplace.2010.06.012 (bandwidth form)
    """
    _positive(bandwidth_min=bandwidth_min, limit_min=limit_min)

    def weigh(minutes: FloatArray) -> FloatArray:
        return np.where(minutes <= limit_min, np.exp(-0.5 * (minutes / bandwidth_min) ** 2), 0.0)

    return Decay(f"gaussian({bandwidth_min:g}, {limit_min:g})", limit_min, weigh)


@DECAYS.register("gaussian_to_zero")
def gaussian_to_zero(limit_min: float) -> Decay:
    """Gaussian that falls from 1 to exactly 0 at the limit: (e^(-(t/limit)²/2) - e^(-1/2)) / (1 - e^(-1/2)).

    errors  ContractError if the limit is not positive
    source  Dai 2010, https://doi.org/10.1016/j.healthplace.2010.06.012
    """
    _positive(limit_min=limit_min)
    floor = np.exp(-0.5)

    def weigh(minutes: FloatArray) -> FloatArray:
        inside = (np.exp(-0.5 * (minutes / limit_min) ** 2) - floor) / (1.0 - floor)
        return np.where(minutes <= limit_min, np.maximum(inside, 0.0), 0.0)

    return Decay(f"gaussian_to_zero({limit_min:g})", limit_min, weigh)


@DECAYS.register("exponential")
def exponential(rate_per_min: float) -> Decay:
    """exp(-rate · t), without a limit. Errors: ContractError if the rate is not positive."""
    _positive(rate_per_min=rate_per_min)
    return Decay(f"exponential({rate_per_min:g})", np.inf, lambda minutes: np.exp(-rate_per_min * minutes))


@DECAYS.register("inverse_power")
def inverse_power(exponent: float, limit_min: float) -> Decay:
    """t^(-exponent) up to and including the limit, 0 beyond; t = 0 is not allowed (the weight has no end).

    errors  ContractError if exponent or limit are not positive, or a time is 0
    source  Hansen 1959, https://doi.org/10.1080/01944365908978307
    """
    _positive(exponent=exponent, limit_min=limit_min)

    def weigh(minutes: FloatArray) -> FloatArray:
        if minutes.size and not minutes.min() > 0:
            raise ContractError("inverse_power has no weight for 0 minutes")
        return np.where(minutes <= limit_min, minutes**-exponent, 0.0)

    return Decay(f"inverse_power({exponent:g}, {limit_min:g})", limit_min, weigh)


def _steps(name: str, weights_by_limit_min: Mapping[float, float], last_inside: FloatArray) -> Decay:
    limits = sorted(weights_by_limit_min)
    weights = np.array([weights_by_limit_min[limit] for limit in limits])
    if not limits or not limits[0] > 0 or not np.isfinite(limits).all():
        raise ContractError(f"{name}: limits must be positive minutes, got {limits}")
    if not (np.diff(weights) <= 0).all() or not weights[-1] >= 0 or not weights[0] <= 1:
        raise ContractError(f"{name}: weights must lie in 0..1 and never grow, got {weights.tolist()}")

    # Weight by the number of limits that a time does not pass; a missing time (NaN) passes all.
    weight_by_limits_kept = np.concatenate([[0.0], weights[::-1]])

    def weigh(minutes: FloatArray) -> FloatArray:
        result: FloatArray = _weigh_steps(
            np.ascontiguousarray(minutes, dtype=float), last_inside, weight_by_limits_kept
        )
        return result

    shown = ", ".join(f"{limit:g}: {weights_by_limit_min[limit]:g}" for limit in limits)
    return Decay(f"{name}({shown})", float(limits[-1]), weigh)


@numba.njit(cache=True)
def _weigh_steps(minutes: FloatArray, last_inside: FloatArray, weight_by_limits_kept: FloatArray) -> FloatArray:
    result = np.empty(minutes.size)
    for pair in range(minutes.size):
        kept = 0
        for limit in last_inside:
            kept += minutes[pair] <= limit
        result[pair] = weight_by_limits_kept[kept]
    return result


def _positive(**numbers: float) -> None:
    for name, number in numbers.items():
        if not number > 0:
            raise ContractError(f"{name} must be positive, got {number}")
