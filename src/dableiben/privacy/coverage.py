# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Need by area and status: what is released in place of need by cell."""

from __future__ import annotations

import math

import pandas as pd

from dableiben.privacy.hierarchy import Hierarchy
from dableiben.privacy.released import COVERAGE, PARTS, STEPS

LEVELS_SHOWN = ("district", "mittelbereich", "amt", "planning_area", "municipality")
PART_OF_STATUS = {
    "gap": "gap",
    "unknown": "unknown",
    "covered": "served",
    "tight": "served",
    "not_rated": "unrated",
}


def base_group(group: str) -> str:
    """Group without the part that tells households with and without car apart."""
    return group.split(".", 1)[0]


PARTS_OF_GROUP = ("mit_auto", "ohne_auto", "alter_", "klasse_")


def is_audience(group: str) -> bool:
    """Whether a group is people of a multilocal segment or their households: no part of the residents by age."""
    return any(not part.startswith(PARTS_OF_GROUP) for part in group.split(".")[1:])


def need_by_area(need: pd.DataFrame, hierarchy: Hierarchy) -> pd.DataFrame:
    """Persons by kind, base group, area and part (PARTS), for every area with or above need.

    need  after core.results.NEED; rows outside the assessed areas do not count
    Columns: kind, group, area_id, part, persons
    """
    rows = need[need["area_id"].isin(hierarchy.inside) & need["need_persons_best"].notna()]
    rows = pd.DataFrame(
        {
            "kind": rows["kind"].astype(str),
            "group": rows["group"].map({g: base_group(str(g)) for g in rows["group"].unique()}),
            "area_id": rows["area_id"].astype(str),
            "part": rows["status"].map(PART_OF_STATUS),
            "persons": rows["need_persons_best"].astype(float),
        }
    ).dropna(subset=["part"])
    keys = ["kind", "group", "area_id", "part"]
    small = rows.groupby(keys, sort=True, as_index=False)["persons"].sum()
    pairs = [(a, up) for a in sorted(set(small["area_id"])) for up in (a, *hierarchy.ancestors(a))]
    upward = pd.DataFrame(pairs, columns=["area_id", "upper_id"])
    wide = small.merge(upward, on="area_id").drop(columns="area_id").rename(columns={"upper_id": "area_id"})
    summed: pd.DataFrame = wide.groupby(keys, sort=True, as_index=False)["persons"].sum()
    return summed


def coverage_table(by_area: pd.DataFrame, hierarchy: Hierarchy, minimum: int | None) -> pd.DataFrame:
    """Frame after COVERAGE for the levels that are shown; shares rounded if there is a minimum count."""
    shown = {a for a in hierarchy.inside if hierarchy.level[a] in LEVELS_SHOWN}
    rows = by_area[by_area["area_id"].isin(shown)]
    if rows.empty:
        return COVERAGE.frame()
    keys = ["area_id", "kind", "group"]
    wide = rows.pivot_table(index=keys, columns="part", values="persons", aggfunc="sum")
    wide = wide.reindex(columns=list(PARTS)).fillna(0.0)
    need = wide.sum(axis=1)
    steps = [share_step(n, minimum) for n in need]
    frame = pd.DataFrame({"need_persons": need})
    for part in PARTS:
        pairs = zip(wide[part], need, steps, strict=True)
        frame[f"{part}_share"] = [rounded_share(p / n, s) if n else None for p, n, s in pairs]
    frame["share_step"] = steps
    return frame.reset_index()[COVERAGE.names].rename_axis(columns=None)


def share_step(whole: float, minimum: int | None) -> float | None:
    """The finest step that leaves at least `minimum` persons of `whole` open; infinite: show no share.

    Half a step counts, because the classes at 0 and 100 % are half as wide. None without a minimum.
    """
    if minimum is None:
        return None
    return next((step for step in STEPS if whole * step / 2 >= minimum), math.inf)


def rounded_share(share: float, step: float | None) -> float | None:
    """A share as it is released: a multiple of the step, None where no step is coarse enough."""
    if step is None:
        return share
    return None if math.isinf(step) else round(math.floor(share / step + 0.5) * step, 10)


def class_of_share(share: float, step: float, whole: float) -> tuple[float, float]:
    """Persons between whom a rounded share leaves the count open."""
    middle = rounded_share(share, step)
    if middle is None:
        return (0.0, whole)
    return (max(0.0, middle - step / 2) * whole, min(1.0, middle + step / 2) * whole)
