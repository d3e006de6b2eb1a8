# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Persons of a target group, and the need they have of a service, by place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dableiben.catalogue.schema import Group
from dableiben.core.school_year import EntryRule, share_at_school
from dableiben.need.ages import LAST_AGE
from dableiben.need.people import SEXES, Residents

Floats = NDArray[np.float64]


def group_shares(group: Group, day: date, rule: EntryRule) -> Floats:
    """Share of each age year that belongs to the group on a day, shape (2, 101).

    Ages follow the Land's school entry where the card says `until_school` or `grades`.
    """
    shares = np.zeros((2, LAST_AGE + 1))
    last = LAST_AGE if group.age_to is None else min(group.age_to, LAST_AGE)
    for age in range(group.age_from, last + 1):
        share = 1.0
        if group.until_school:
            share = 1.0 - share_at_school(age, day, rule)
        if group.grades is not None:
            first, final = group.grades
            share = share_at_school(age, day, rule, grade=first)
            share -= share_at_school(age, day, rule, grade=final + 1)
        shares[:, age] = share
    if group.sex is not None:
        shares[1 - SEXES.index(group.sex)] = 0.0
    return shares


def group_persons(residents: Residents, group: Group, shares: Floats) -> Floats:
    """Persons of the group by unit, shape (units,); NaN where age, sex or situation is unknown."""
    if group.situation is not None or (group.sex is not None and not residents.has_sex):
        return np.full(len(residents.total), np.nan)
    if (shares == 1.0).all():
        return residents.total.copy()
    wanted = shares > 0
    return np.asarray((residents.by_age[:, wanted] * shares[wanted]).sum(axis=1))


def need_weights(shares: Floats, rate: float | Mapping[int, float] | None) -> Floats:
    """Persons in need per person of each sex and age: share in the group times uptake rate, shape (2, 101)."""
    if isinstance(rate, Mapping):
        return np.asarray(shares * np.array([rate.get(age, 0.0) for age in range(LAST_AGE + 1)]))
    return shares if rate is None else shares * rate


def later_weights(
    group: Group, day: date, rule: EntryRule, rate: float | Mapping[int, float] | None, years: int
) -> Floats | None:
    """`need_weights` some years later, by the ages of today; None if some are not yet born."""
    if years > group.age_from:
        return None
    later = day.replace(year=day.year + years) if (day.month, day.day) != (2, 29) else date(day.year + years, 2, 28)
    weights = need_weights(group_shares(group, later, rule), rate)
    now = np.zeros_like(weights)
    now[:, : LAST_AGE + 1 - years] = weights[:, years:]
    return now


def need_persons(
    residents: Residents, group: Group, shares: Floats, rate: float | Mapping[int, float] | None
) -> Floats:
    """Persons of the group who need a service: each age year times its uptake rate (1 if there is none).

    Law: with one rate for all ages, need = rate x persons of the group. Ages without a rate of their own in a
    mapping have none: they do not need it.
    """
    if rate is None:
        return group_persons(residents, group, shares)
    if not isinstance(rate, Mapping):
        return group_persons(residents, group, shares) * rate
    by_age = np.array([rate.get(age, 0.0) for age in range(LAST_AGE + 1)])
    return group_persons(residents, group, shares * by_age)


def later_need(
    residents: Residents,
    group: Group,
    day: date,
    rule: EntryRule,
    rate: float | Mapping[int, float] | None,
    years: int,
) -> Floats | None:
    """Need of a group some years later from those already born, shape (units,); None if some are not yet born.

    Everybody grows older where they live: nobody moves or dies. Law: with years = 0 it is `need_persons`.
    """
    weights = later_weights(group, day, rule, rate if isinstance(rate, Mapping) else None, years)
    if weights is None:
        return None
    persons = group_persons(residents, group, weights)
    return persons if rate is None or isinstance(rate, Mapping) else persons * rate
