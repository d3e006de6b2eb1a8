# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Bestand - Bedarf - Saldo per area and group: what a planner does in the first hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.levels import LEVELS, id_column
from dableiben.core.school_year import kita_year_of
from dableiben.gaps.service import Frame, Judged
from dableiben.need.groups import later_need
from dableiben.supply.whereabouts import may_lie_in

Floats = NDArray[np.float64]


def balance_rows(frame: Frame, one: Judged) -> Iterator[dict[str, object]]:
    """Rows of BALANCE for a service: per area of each level, group and year.

    places is null where a facility of the area has no usable places given, or where no source records the
    kind; saldo is null where places or need are unknown. Later years take the children already born and
    today's places.
    """
    if one.card.capacity_unit is None or not _counts_by_head(frame, one):
        return
    kinds = frame.catalogue.members(one.service)
    offers = frame.facilities[frame.facilities["kind"].isin(kinds)]
    inside = frame.units["inside"].to_numpy(bool)
    needs = list(_needs(frame, one))
    for level in LEVELS:
        places = _places(offers, frame.units, level) if one.offer.recorded else None
        ids = frame.units[id_column(level)].where(inside, None)
        for group, year, need in needs:
            sums = pd.Series(need).groupby(ids.to_numpy(object), sort=True).apply(lambda s: s.sum(skipna=False))
            for area_id, needed in sums.items():
                here = np.nan if places is None else places.get(str(area_id), 0.0)
                yield {
                    "area_id": area_id,
                    "kind": one.service,
                    "group": group,
                    "kita_year": year,
                    "places": here,
                    "need_persons": needed,
                    "saldo_places": here - needed,
                }


def _needs(frame: Frame, one: Judged) -> Iterator[tuple[str, str, Floats]]:
    """Group, name of the year, persons in need by unit: now and in later years of child care and school."""
    rule, day = frame.catalogue.entry_rule(frame.region.land), frame.region.as_of
    for group_id, need in one.group_need.items():
        yield group_id, year_now(frame, one), need
        rate = frame.norm(one.service, "uptake_rate", group_id)
        value = rate.value.value if rate is not None else None
        for year, years in later_years(frame, one, group_id).items():
            later = later_need(frame.residents, frame.catalogue.groups[group_id], day, rule, value, years)
            if later is not None:
                yield group_id, year, later


def year_now(frame: Frame, one: Judged) -> str:
    """Name of the year a service is judged in: Kita year of what is used by register, else calendar year."""
    day = frame.region.as_of
    return kita_year_of(day) if one.card.demand_mode == "register" else str(day.year)


def later_years(frame: Frame, one: Judged, group_id: str) -> dict[str, int]:
    """Later years of the balance of a group, by name, with how far they are ahead; empty where none are shown."""
    group, day = frame.catalogue.groups[group_id], frame.region.as_of
    if one.card.capacity_unit is None or not _counts_by_head(frame, one):
        return {}
    if one.card.demand_mode != "register" or group.age_to is None:
        return {}
    ahead = range(1, min(frame.catalogue.assessment.later_years, group.age_from) + 1)
    return {kita_year_of(date(day.year + n, day.month, min(day.day, 28))): n for n in ahead}


def _counts_by_head(frame: Frame, one: Judged) -> bool:
    """Places stand against persons only where each person in need takes one."""
    has_rate = any(frame.norm(one.service, "uptake_rate", group) is not None for group in one.group_need)
    return one.place_norm is not None or (has_rate and one.card.capacity_unit in ("place", "bed"))


def _places(offers: pd.DataFrame, units: pd.DataFrame, level: str) -> dict[str, float]:
    """Usable places by area; NaN if one is unknown, or a facility may or may not be of the kind or lie there."""
    column = id_column(level)
    here = offers[offers[column].notna()]
    usable = here["usable_places"].astype(float).where(~here["possible"].astype(bool))
    sums = usable.groupby(here[column].astype(object), sort=True).apply(lambda s: s.sum(skipna=False))
    found = {str(area_id): float(value) for area_id, value in sums.items()}
    ids = units[column].to_numpy(object)
    for mask in may_lie_in(offers.reset_index(drop=True), units, level).values():
        found |= {str(area_id): float("nan") for area_id in set(ids[mask]) if isinstance(area_id, str)}
    return found
