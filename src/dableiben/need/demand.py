# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""How presence becomes need, by the demand mode of a service. To scale everything by presence gives child care the
wrong sign: the child of an Outgoing stays, and is to be looked after for longer."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import numpy as np

from dableiben.catalogue.schema import DemandMode
from dableiben.core.week import Mask, from_bytes
from dableiben.need.presence import spread_over
from dableiben.need.present_persons import Change, Ends, Floats, MaskList, Presence, triple
from dableiben.region.region import Region
from dableiben.region.segments import season_of

STAYING = {
    "kinder_u3": ("stay_children_u3",),
    "kinder_3_bis_schule": ("stay_children_3_to_school",),
    "grundschulkinder": ("stay_primary_pupils",),
    "kinder_1_12": ("stay_children_3_to_school", "stay_primary_pupils"),
    "senioren_65": ("stay_persons_75",),
}
"""id of a target group -> columns of segments with members of it who stay in the household of an absent person"""


def register_need(present: Presence, need: Floats) -> Presence:
    """Need that follows residence: the same in every slot, whoever is away.

    need   persons in need by unit, shape (units,). Families of Incoming who came along are main residents and in it.
    Law: no segment changes it.
    """
    return replace(present, base=triple(need), changes=())


def presence_need(present: Presence, rate: Floats | float) -> Presence:
    """Need of everybody who is there in a slot: sum over segments of persons x presence, times a rate by unit.

    Law: more Outgoings away in a slot never raise it there, more Incomings present never lower it.
    """
    rates = np.broadcast_to(np.asarray(rate, float), (len(present.units),))
    changes = []
    for change in present.changes:
        shares = change.shares * rates[change.units]
        whole = shares.sum()
        if whole > 0:
            low, best, high = (persons * whole for persons in change.persons)
            changes.append(replace(change, shares=shares / whole, persons=(low, best, high)))
    return replace(present, base=present.base * rates, changes=tuple(changes))


def household_need(region: Region, present: Presence, group: str, window: Mask) -> Presence:
    """Members who stay and need somebody while the absent member is away: the edge hours of Outgoing households.

    group    id of a target group in STAYING
    window   slots of the need (edge hours, evening, night); outside of it nobody is counted
    result   persons by slot on top of the need by residence; base is zero
    The members are counted for the best number of persons of a segment, its ends scale them. A segment that does not
    say who stays leaves the best number and the upper end unknown in its slots.
    Law: more Outgoing households never lower it. Errors: KeyError for a group no column speaks of.
    """
    columns = STAYING[group]
    masks, changes = MaskList(), []
    for row in region.segments.to_dict("records"):
        if row["view"] == "incoming" or row["basis"] == "estimated":
            continue
        away = ~from_bytes(row["present"]) if row["present"] is not None else np.ones(len(window), np.bool_)
        mask = away & window
        units, shares = spread_over(region, present.units, present.base[1], str(row["area_id"]))
        if mask.any() and len(units):
            persons = _staying([float(row[name]) for name in columns], row)
            if row["present"] is None:  # nobody knows when: perhaps in no slot of the window
                persons = (0.0, float("nan"), persons[2])
            changes.append(Change(units, shares, persons, masks.number(mask), season_of(row["season"]).id, "outgoing"))
    return replace(
        present, base=np.zeros((3, len(present.units))), masks=masks.array(), changes=tuple(changes)
    )


def peak_need(present: Presence, rate: Floats | float) -> Presence:
    """What a service must hold out for: the most persons of any slot and season, in every slot.

    Law: at least the need by presence of every slot.
    """
    need = presence_need(present, rate)
    return replace(need, base=need.peak(), changes=())


def need_of_mode(mode: DemandMode, present: Presence, need: Floats, rate: Floats | float) -> Presence:
    """Need by slot of a service by its demand mode, without the edge hours of households (`household_need`).

    present   presence of the target group; `need` persons in need by residence; `rate` persons in need per person
    """
    if mode not in get_args(DemandMode):
        raise ValueError(f"no demand mode: {mode}")
    if mode == "presence":
        return presence_need(present, rate)
    return peak_need(present, rate) if mode == "peak" else register_need(present, need)


def _staying(counts: list[float], row: dict[object, object]) -> Ends:
    """Members who stay, low, best, high."""
    unknown = float("nan")
    count = sum(counts)
    low, best, high = (float(row[f"persons_{end}"]) for end in ("low", "best", "high"))  # type: ignore[arg-type]
    if np.isnan(count):
        return 0.0, unknown, unknown
    if count == 0 or best == 0 or np.isnan(best):
        return (0.0, count, count) if count == 0 else (0.0, count, unknown)
    return count * low / best if low == low else 0.0, count, count * high / best
