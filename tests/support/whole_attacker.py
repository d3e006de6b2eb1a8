# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""An attacker who thinks in whole numbers: children by age, solved from released needs and printed rates.

Written apart from the gate on purpose: it reads released tables, the rates and dates that the report prints, and
the ages of the areas it is granted. For each count it asks integer programmes (scipy) for other whole numbers.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from dableiben.core.school_year import EntryRule, share_at_school
from dableiben.privacy.released import Released

OLDEST = 11
AGES = range(OLDEST + 1)
EXACT = 1e-5
"""an unrounded number is known that well"""


def weights(kind: str, group: str, year: str, rates: Mapping[int, float], day: date, rule: EntryRule) -> list[float]:
    """Persons in need in a Kita year per child of each age today; `day` is the day of the check."""
    ahead = int(year[:4]) - (day.year if (day.month, day.day) >= (8, 1) else day.year - 1)
    then = day.replace(year=day.year + ahead)
    result = []
    for age in AGES:
        later = age + ahead
        share = {
            "kinder_u3": float(later < 3),
            "kinder_3_bis_schule": (later >= 3) * (1 - share_at_school(later, then, rule)),
            "grundschulkinder": share_at_school(later, then, rule) - share_at_school(later, then, rule, grade=5),
        }[group]
        result.append(share * rates.get(later, rates.get(-1, 0.0)))
    return result


@dataclass
class WholeAttack:
    """Whole numbers of children by smallest area and age, and what released numbers say of them."""

    released: Released
    rates: Mapping[str, Mapping[int, float]]
    """by kind and age; -1 = every age"""
    day: date
    rule: EntryRule
    granted: Mapping[str, Mapping[int, int]]
    """areas of which the attacker knows the children by age"""
    rows: list[tuple[np.ndarray, float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        areas = self.released.areas
        direct = {
            a: [u for u in (p, *(b if b is not None else [])) if isinstance(u, str)]
            for a, p, b in areas[["area_id", "parent_id", "also_in"]].itertuples(index=False)
        }

        def around(area_id: str) -> set[str]:
            return {area_id}.union(*(around(u) for u in direct.get(area_id, [])))

        parents = {p for p in areas["parent_id"] if isinstance(p, str)}
        self.leaves = [
            a for a, level in areas[["area_id", "level"]].itertuples(index=False)
            if level == "locality" or (level == "municipality" and a not in parents)
        ]  # fmt: skip
        self.inside = {leaf: around(leaf) for leaf in self.leaves}
        self._read()

    def _over(self, area_id: str, per_age: list[float]) -> np.ndarray:
        return np.concatenate([np.array(per_age) * (area_id in self.inside[leaf]) for leaf in self.leaves])

    def _read(self) -> None:
        for row in self.released.tables["balance"].to_dict("records"):
            if row["kind"] not in self.rates:
                continue
            per_age = weights(row["kind"], row["group"], row["kita_year"], self.rates[row["kind"]], self.day, self.rule)
            line = self._over(row["area_id"], per_age)
            step = row.get("rounded_to")
            half = EXACT if step is None or pd.isna(step) else step / 2 + EXACT
            if pd.notna(row["need_persons"]):
                self.rows.append((line, row["need_persons"] - half, row["need_persons"] + half))
            if pd.notna(row["saldo_places"]) and pd.notna(row["places"]):
                need = row["places"] - row["saldo_places"]
                self.rows.append((line, need - half, need + half))
        self._ratios()
        for area_id, children in self.granted.items():
            for age in AGES:
                line = self._over(area_id, [float(age == other) for other in AGES])
                self.rows.append((line, children.get(age, 0), children.get(age, 0)))

    def _ratios(self) -> None:
        """Places per 100 children: who knows the places has the need."""
        balance = self.released.tables["balance"]
        places = {(k, a): p for k, a, p in balance[["kind", "area_id", "places"]].itertuples(index=False)}
        shown = self.released.tables["indicators"]
        shown = shown[(shown["indicator"] == "need_per_place") & shown["value"].notna() & shown["area_id"].notna()]
        years = balance.groupby("kind")[["group", "kita_year"]].min()
        for kind, area_id, value in shown[["kind", "area_id", "value"]].itertuples(index=False):
            if kind in self.rates and places.get((kind, area_id), 0) > 0:
                group, year = years.loc[kind]
                per_age = weights(kind, group, year, self.rates[kind], self.day, self.rule)
                need = float(value) * places[kind, area_id]
                # Cells at a border count in part for their neighbours: only what that leaves is said.
                self.rows.append((self._over(area_id, per_age), need * 0.8 - 1, need * 1.25 + 1))

    def narrow(self, truth: Mapping[tuple[str, int], int], minimum: int) -> dict[tuple[str, int], tuple[int, int]]:
        """Small counts (by smallest area and age) confined to less than the minimum, with the smallest and largest."""
        small = [key for key, n in truth.items() if 0 < n < minimum and key[1] <= OLDEST]
        self._check(truth)
        found = {}
        for group in self._blocks():
            for leaf, age in small:
                if leaf in group:
                    low, high = self._ends(group, leaf, age, truth[leaf, age], minimum)
                    if high - low < minimum:
                        found[leaf, age] = (low, high)
        return found

    def _check(self, truth: Mapping[tuple[str, int], int]) -> None:
        here = np.array([truth.get((leaf, age), 0) for leaf in self.leaves for age in AGES], float)
        for line, low, high in self.rows:
            assert low - 1e-4 <= line @ here <= high + 1e-4, "the attacker misread a number"

    def _blocks(self) -> list[list[str]]:
        """Smallest areas that hang together: granted areas cut the rest off."""
        blocks: dict[str, list[str]] = {}
        for leaf in self.leaves:
            level = self.released.areas.set_index("area_id")["level"]
            known = sorted(a for a in self.inside[leaf] if a in self.granted and level[a] == "municipality")
            blocks.setdefault(known[0] if known else "", []).append(leaf)
        return list(blocks.values())

    def _ends(self, group: list[str], leaf: str, age: int, n: int, minimum: int) -> tuple[int, int]:
        columns = [number * len(AGES) + a for number, one in enumerate(self.leaves) if one in group for a in AGES]
        at = columns.index(self.leaves.index(leaf) * len(AGES) + age)
        rows = [(line[columns], low, high) for line, low, high in self.rows if not np.delete(line, columns).any()]
        rows = [row for row in rows if row[0].any()]
        limits = LinearConstraint(np.array([r[0] for r in rows]), [r[1] for r in rows], [r[2] for r in rows])
        if self._possible(limits, len(columns), at, n + minimum):
            return n, n + minimum
        high = self._reach(limits, len(columns), at, n + minimum)
        return -self._reach(limits, len(columns), at, n + minimum, sign=-1), high

    def _possible(self, limits: LinearConstraint, size: int, at: int, value: int) -> bool:
        """Whether any whole numbers give one count a value: sooner found than the best ones."""
        low, high = np.zeros(size), np.full(size, math.inf)
        low[at] = high[at] = value
        options = {"mip_rel_gap": 1.0}
        solved = milp(np.zeros(size), constraints=limits, integrality=np.ones(size), bounds=Bounds(low, high),
                      options=options)  # fmt: skip
        return solved.x is not None

    def _reach(self, limits: LinearConstraint, size: int, at: int, enough: int, sign: int = 1) -> int:
        """The largest value (with sign -1: minus the smallest) of one count, at most `enough`."""
        cost, upper = np.zeros(size), np.full(size, math.inf)
        cost[at], upper[at] = -sign, enough
        solved = milp(cost, constraints=limits, integrality=np.ones(size), bounds=Bounds(0, upper))
        assert solved.x is not None, solved.message
        return round(solved.x[at]) * sign


def true_ages(ages: pd.DataFrame) -> dict[tuple[str, int], int]:
    """Children by smallest area and age."""
    sums = ages[ages["age"] <= OLDEST].groupby(["area_id", "age"])["persons"].sum()
    return {(str(area_id), int(age)): round(n) for (area_id, age), n in sums.items()}


def ages_of_areas(truth: Mapping[tuple[str, int], int], upper: Mapping[str, str]) -> dict[str, dict[int, int]]:
    """Children by age of the areas above."""
    found: dict[str, dict[int, int]] = {}
    for (leaf, age), n in truth.items():
        found.setdefault(upper[leaf], dict.fromkeys(itertools.chain(AGES), 0))[age] += n
    return found
