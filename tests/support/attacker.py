# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""An attacker on released tables: knows the tables, the areas, the rates and the method, and adds and subtracts.

Written apart from the gate on purpose: it reads released tables only, one linear programme over all of them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from dableiben.privacy.released import Released

PARTS = ("gap", "unknown", "served", "unrated")


def base(group: str) -> str:
    return group.partition(".")[0]


@dataclass
class Attack:
    """Counts as unknowns, what the tables say of them as equations and classes."""

    released: Released
    truth: Mapping[Hashable, float]
    """only for rates and for persons in no smaller area: what the method prints, not the counts themselves"""
    number: dict[Hashable, int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    """(coefficients, smallest, largest) of a linear expression"""
    targets: list[Hashable] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.members: dict[str, dict[str, list[str]]] = {}
        direct: dict[str, list[str]] = {}
        columns = ["area_id", "level", "parent_id", "also_in"]
        for area_id, level, parent, beside in self.released.areas[columns].itertuples(index=False):
            family = "nested" if level in ("district", "amt", "municipality", "locality") else level
            direct[area_id] = [a for a in (parent, *beside) if isinstance(a, str)]
            for upper in direct[area_id]:
                self.members.setdefault(upper, {}).setdefault(family, []).append(area_id)

        def above(area_id: str) -> set[str]:
            return {area_id}.union(*(above(a) for a in direct[area_id]))

        self.around = {area_id: above(area_id) for area_id in direct}

    def unknown(self, key: Hashable) -> int:
        if key not in self.number:
            self.number[key] = len(self.low)
            self.low.append(0.0)
            self.high.append(math.inf)
        return self.number[key]

    def tell(self, key: Hashable, value: float) -> None:
        self.between(key, value, value)

    def between(self, key: Hashable, low: float, high: float) -> None:
        x = self.unknown(key)
        self.low[x], self.high[x] = max(self.low[x], low), min(self.high[x], high)

    def collect(self, public: dict[Hashable, float]) -> Attack:
        """Read all released tables; `public` are totals known from elsewhere."""
        self._needs()
        self._parts()
        self._gaps()
        for key, value in public.items():
            if key in self.number:
                self.tell(key, value)
        self._areas()
        self._rates()
        return self

    def _needs(self) -> None:
        for r in self.released.tables["balance"].to_dict("records"):
            key = ("need", r["kind"], base(r["group"]), r["area_id"], r["kita_year"])
            self.unknown(key)
            if pd.notna(r["need_persons"]):
                self.tell(key, r["need_persons"])
            elif r["withheld"]:
                self.targets.append(key)
            if pd.notna(r["saldo_places"]) and pd.notna(r["places"]):
                self.tell(key, r["places"] - r["saldo_places"])
        for r in self.released.tables["coverage"].to_dict("records"):
            key = ("need", r["kind"], r["group"], r["area_id"], "")
            self.unknown(key)
            if pd.notna(r["need_persons"]):
                self.tell(key, r["need_persons"])
            elif r["withheld"]:
                self.targets.append(key)

    def _parts(self) -> None:
        for r in self.released.tables["coverage"].to_dict("records"):
            need = self.number["need", r["kind"], r["group"], r["area_id"], ""]
            expression = {need: -1.0}
            for part in PARTS:
                key = ("part", r["kind"], r["group"], r["area_id"], part)
                expression[self.unknown(key)] = 1.0
                share, whole = r[f"{part}_share"], r["need_persons"]
                if pd.notna(share) and pd.notna(whole):
                    half = 0.0 if pd.isna(r["share_step"]) else r["share_step"] / 2
                    self.between(key, max(0.0, share - half) * whole - 1e-7, min(1.0, share + half) * whole + 1e-7)
                self.targets.append(key)
            self.rows.append((expression, 0.0, 0.0))

    def _gaps(self) -> None:
        gaps = self.released.tables["gaps"].to_dict("records")
        for r in gaps:
            key = ("gap", r["gap_id"])
            self.unknown(key)
            if pd.notna(r["persons_best"]):
                self.tell(key, r["persons_best"])
            else:
                self.targets.append(key)
            if r["unit"] == "Plätze" and pd.notna(r["target"]) and pd.notna(r["actual"]):
                self.tell(key, r["target"] - r["actual"])
        for key in [k for k in self.number if k[0] == "need" and k[4] == ""]:
            _, kind, group, area_id, _ = key
            mine = [r for r in gaps if r["kind"] == kind and base(r["group"]) == group]
            mine = [r for r in mine if area_id in self.around[r["area_id"]] and r["dimension"] == "space"]
            space = {self.number["gap", r["gap_id"]]: 1.0 for r in mine}
            part = self.number.get(("part", kind, group, area_id, "gap"))
            if space and part is not None:
                self.rows.append(({**space, part: -1.0}, -math.inf, 0.0))

    def _areas(self) -> None:
        """Areas of one nesting add up to the area around them, but for what is known to lie in none of them."""
        for key in list(self.number):
            if key[0] not in ("need", "part"):
                continue
            for group in self.members.get(key[3], {}).values():
                parts = [(*key[:3], a, *key[4:]) for a in group]
                if all(part in self.number for part in parts):
                    rest = self.truth.get(key, 0.0) - sum(self.truth.get(part, 0.0) for part in parts)
                    expression = {self.number[key]: 1.0, **{self.number[part]: -1.0 for part in parts}}
                    self.rows.append((expression, rest, rest))

    def _rates(self) -> None:
        """Kinds that count the same group differ by a rate, which is printed in the report."""
        tables: dict[tuple[str, str], list[Hashable]] = {}
        for key in self.number:
            if key[0] == "need" and self.truth.get(key, 0.0) > 0:
                tables.setdefault((key[2], key[3]), []).append(key)
        for keys in tables.values():
            for one, other in itertools.pairwise(sorted(keys)):
                rate = self.truth[other] / self.truth[one]
                self.rows.append(({self.number[one]: rate, self.number[other]: -1.0}, -1e-6, 1e-6))

    def bounds(self, keys: list[Hashable]) -> dict[Hashable, tuple[float, float]]:
        """The smallest and the largest value each count can have."""
        equal = [r for r in self.rows if r[1] == r[2]]
        loose = [r for r in self.rows if r[1] != r[2]]
        a_eq, b_eq = self._matrix([(c, high) for c, _, high in equal])
        upper = [(c, high) for c, _, high in loose]
        upper += [({x: -v for x, v in c.items()}, -low) for c, low, _ in loose if not math.isinf(low)]
        a_ub, b_ub = self._matrix(upper)
        limits = list(zip(self.low, self.high, strict=True))
        found = {}
        for key in keys:
            cost = np.zeros(len(self.low))
            cost[self.number[key]] = 1.0
            ends = []
            for sign in (1.0, -1.0):
                solved = linprog(sign * cost, A_ub=a_ub, b_ub=b_ub, A_eq=a_eq, b_eq=b_eq, bounds=limits, method="highs")
                assert solved.status in (0, 3), solved.message
                ends.append(float(sign * solved.fun) if solved.status == 0 else math.inf)
            found[key] = (ends[0], ends[1])
        return found

    def _matrix(self, rows: list[tuple[dict[int, float], float]]) -> tuple[csr_matrix | None, np.ndarray | None]:
        if not rows:
            return None, None
        entries = [(n, x, v) for n, (c, _) in enumerate(rows) for x, v in c.items()]
        at, columns, values = zip(*entries, strict=True)
        return csr_matrix((values, (at, columns)), shape=(len(rows), len(self.low))), np.array([b for _, b in rows])
