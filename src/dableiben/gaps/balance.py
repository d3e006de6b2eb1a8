# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Bestand - Bedarf - Saldo per area and group: what a planner does in the first hour."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dableiben.core.levels import LEVELS, id_column
from dableiben.gaps.service import Frame, Judged


def balance_rows(frame: Frame, one: Judged, kita_year: str) -> Iterator[dict[str, object]]:
    """Rows of BALANCE for a service: per area of each level and group, for the year of the population.

    places is null where a facility of the area has no usable places given, or where no source records the
    kind; saldo is null where places or need are unknown.
    """
    card = one.card
    if card.capacity_unit is None or not _counts_by_head(frame, one):
        return
    kinds = frame.catalogue.members(one.service)
    offers = frame.facilities[frame.facilities["kind"].isin(kinds)]
    units = frame.units
    inside = units["inside"].to_numpy(bool)
    year = kita_year if card.demand_mode == "register" else str(frame.region.year)
    for level in LEVELS:
        ids = units[id_column(level)].to_numpy(object)
        theirs = offers[id_column(level)].to_numpy(object)
        for area_id in sorted({v for v in ids[inside] if isinstance(v, str)}):
            here = offers[theirs == area_id]
            places = _places(here["usable_places"].astype(float).to_numpy(), here["possible"].to_numpy(bool))
            if not one.offer.recorded:
                places = np.nan
            for group, need in one.group_need.items():
                needed = float(need[inside & (ids == area_id)].sum())
                yield {
                    "area_id": area_id,
                    "kind": one.service,
                    "group": group,
                    "kita_year": year,
                    "places": places,
                    "need_persons": needed,
                    "saldo_places": places - needed,
                }


def _counts_by_head(frame: Frame, one: Judged) -> bool:
    """Places stand against persons only where each person in need takes one."""
    has_rate = any(frame.norm(one.service, "uptake_rate", group) is not None for group in one.group_need)
    return one.place_norm is not None or (has_rate and one.card.capacity_unit in ("place", "bed"))


def _places(usable: np.ndarray, possible: np.ndarray) -> float:
    """Sum of usable places; NaN if one is unknown or a facility may or may not be of the kind."""
    if possible.any():
        return float("nan")
    return float(usable.sum())
