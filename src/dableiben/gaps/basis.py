# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What need rests on, for the disclosure gate: persons by age of the smallest areas, and the weight of each age.

Every need is a weighted sum of whole numbers of persons with printed rates: who knows several of them can solve for
the ages. The gate has to know the same sums (privacy.ages). And need for release, evened out below municipalities.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.levels import id_column
from dableiben.core.results import AGE_WEIGHTS, AGES
from dableiben.gaps.balance import later_years, year_now
from dableiben.gaps.service import Frame, Judged, shares_of
from dableiben.need.groups import later_weights, need_weights
from dableiben.need.people import SEXES
from dableiben.privacy.ages import GRANTED_PERSONS_MIN

Floats = NDArray[np.float64]
EVEN_DIGITS = 1
"""decimals of its need, as it is released (privacy.rounding)"""
_EVEN_LEVELS = ("municipality", "amt", "district")


def age_table(frame: Frame) -> pd.DataFrame:
    """AGES of the assessed places."""
    inside = np.flatnonzero(frame.units["inside"].to_numpy(bool))
    numbers, areas = pd.factorize(frame.units["area_id"].to_numpy(object)[inside], sort=True)
    by_age = np.zeros((len(areas), *frame.residents.by_age.shape[1:]))
    np.add.at(by_age, numbers[numbers >= 0], frame.residents.by_age[inside[numbers >= 0]])
    # Cells share out whole persons; what adding them up again leaves over is float noise.
    by_age = np.round(by_age, 9)
    if not frame.residents.has_sex:
        by_age = by_age.sum(axis=1, keepdims=True)
    area, sex, age = np.nonzero(by_age != 0)
    rows = {
        "area_id": areas[area],
        "sex": [SEXES[s] if frame.residents.has_sex else None for s in sex],
        "age": age,
        "persons": by_age[area, sex, age],
    }
    return pd.DataFrame(rows)[AGES.names] if len(area) else AGES.frame()


def weight_table(frame: Frame, judged: list[Judged]) -> pd.DataFrame:
    """AGE_WEIGHTS of every released need: now, and in the later years of the balance."""
    parts = []
    for one in judged:
        for group_id, need in one.group_need.items():
            if np.isnan(need[frame.units["inside"].to_numpy(bool)]).all():
                continue  # nobody knows who they are
            rate = frame.norm(one.service, "uptake_rate", group_id)
            shares = shares_of(frame, frame.catalogue.groups[group_id])
            value = rate.value.value if rate is not None else None
            years = {year_now(frame, one): need_weights(shares, value)} | _later(frame, one, group_id, value)
            parts += [_weights(frame, (one.service, group_id, year), weights) for year, weights in years.items()]
    return pd.concat(parts, ignore_index=True)[AGE_WEIGHTS.names] if parts else AGE_WEIGHTS.frame()


def _later(
    frame: Frame, one: Judged, group_id: str, rate: float | Mapping[int, float] | None
) -> dict[str, Floats]:
    rule, day = frame.catalogue.entry_rule(frame.region.land), frame.region.as_of
    group = frame.catalogue.groups[group_id]
    ahead = later_years(frame, one, group_id).items()
    found = {year: later_weights(group, day, rule, rate, years) for year, years in ahead}
    return {year: weights for year, weights in found.items() if weights is not None}


def _weights(frame: Frame, key: tuple[str, str, str], weights: Floats) -> pd.DataFrame:
    has_sex = frame.residents.has_sex
    sex, age = np.nonzero(weights if has_sex else weights[:1])
    rows = pd.DataFrame({"sex": [SEXES[s] if has_sex else None for s in sex], "age": age, "weight": weights[sex, age]})
    return rows.assign(**dict(zip(("kind", "group", "kita_year"), key, strict=True)))


def is_restricted(frame: Frame) -> bool:
    """Whether a list was read from which small counts must not be released."""
    return any(report.source.restricted for report in frame.region.reports)


def even_need(frame: Frame, need: Floats) -> Floats:
    """Need by unit if every place of a municipality had its ages, shape (units,).

    need     persons in need by unit
    result   need per grid person of the municipality times grid persons, so that indicators made of it say nothing
             about the ages of a locality; a municipality under GRANTED_PERSONS_MIN takes the ages of the Amt, and that
             of the district. Outside the region, need stays.
    """
    units, inside = frame.units, frame.units["inside"].to_numpy(bool)
    weight = grid_weights(frame)
    result = np.where(inside, np.nan, need)
    for level in _EVEN_LEVELS:
        ids = units[id_column(level)].where(inside, None).to_numpy(object)
        numbers, areas = pd.factorize(ids, sort=True)
        own = numbers >= 0
        sums = [np.bincount(numbers[own], part[own], len(areas)) for part in (need, weight, frame.residents.total)]
        whole = np.round(sums[0], EVEN_DIGITS)
        big = (sums[2] >= GRANTED_PERSONS_MIN) | (level == "district")
        rate = np.divide(whole, sums[1], out=np.zeros(len(areas)), where=sums[1] > 0)
        take = own & np.isnan(result)
        take[take] = big[numbers[take]]
        result[take] = rate[numbers[take]] * weight[take]
    return np.nan_to_num(result)


def grid_weights(frame: Frame) -> Floats:
    """Public persons by unit: of the grid; where a place has no cell, its residents, but never few."""
    count = len(frame.region.cells)
    weight = np.zeros(len(frame.units))
    weight[:count] = frame.region.cells["persons"].to_numpy(float)
    few = frame.catalogue.assessment.minimum_count
    rest = np.nan_to_num(frame.residents.total[count:])
    weight[count:] = np.where((rest > 0) & (rest < few), few, rest)
    return np.nan_to_num(weight)
