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

from dableiben.core.run import Results
from dableiben.privacy.released import Released

RATIOS = ("places_per_100", "need_per_place", "need_per_facility", "facilities_per_100")
PARTS = ("gap", "unknown", "served", "unrated")


def half_step(row: Mapping[str, object]) -> float:
    """How far a rounded number of persons lies from the true one at most."""
    step = row["rounded_to"]
    return float(step) / 2 + 1e-7 if isinstance(step, float | int) and math.isfinite(step) else 0.0


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
    rows_of: dict[int, list[int]] = field(default_factory=dict)

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

    def about(self, key: Hashable, value: float, row: Mapping[str, object]) -> None:
        """A number that is rounded to the step of its row."""
        self.between(key, value - half_step(row), value + half_step(row))

    def between(self, key: Hashable, low: float, high: float) -> None:
        x = self.unknown(key)
        self.low[x], self.high[x] = max(self.low[x], low), min(self.high[x], high)

    def collect(self, public: dict[Hashable, float]) -> Attack:
        """Read all released tables; `public` are totals known from elsewhere."""
        self._needs()
        self._parts()
        self._gaps()
        self._ratios()
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
                self.about(key, r["need_persons"], r)
            elif r["withheld"]:
                self.targets.append(key)
            if pd.notna(r["saldo_places"]) and pd.notna(r["places"]):
                self.about(key, r["places"] - r["saldo_places"], r)
        for r in self.released.tables["coverage"].to_dict("records"):
            key = ("need", r["kind"], r["group"], r["area_id"], "")
            self.unknown(key)
            if pd.notna(r["need_persons"]):
                self.about(key, r["need_persons"], r)
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
                    least, most = whole - half_step(r), whole + half_step(r)
                    self.between(key, max(0.0, share - half) * least - 1e-7, min(1.0, share + half) * most + 1e-7)
                self.targets.append(key)
            self.rows.append((expression, 0.0, 0.0))

    def _gaps(self) -> None:
        gaps = self.released.tables["gaps"].to_dict("records")
        for r in gaps:
            key = ("gap", r["gap_id"])
            self.unknown(key)
            if pd.notna(r["persons_best"]):
                self.about(key, r["persons_best"], r)
            else:
                self.targets.append(key)
            if r["unit"] == "Plätze" and pd.notna(r["target"]) and pd.notna(r["actual"]):
                missing = r["target"] - r["actual"]
                self.between(key, missing - 0.1, missing + 0.1)  # both are rounded to one decimal
        for key in [k for k in self.number if k[0] == "need" and k[4] == ""]:
            _, kind, group, area_id, _ = key
            mine = [r for r in gaps if r["kind"] == kind and base(r["group"]) == group]
            mine = [r for r in mine if area_id in self.around[r["area_id"]] and r["dimension"] == "space"]
            space = {self.number["gap", r["gap_id"]]: 1.0 for r in mine}
            part = self.number.get(("part", kind, group, area_id, "gap"))
            if space and part is not None:
                self.rows.append(({**space, part: -1.0}, -math.inf, 0.0))

    def _ratios(self) -> None:
        """Places per 100 persons, persons per facility: who counts places or facilities has the need."""
        of_kind: dict[tuple[str, str], list[Hashable]] = {}
        for key in self.number:
            if key[0] == "need" and key[4] == "":
                of_kind.setdefault((key[1], key[3]), []).append(key)
        rows = self.released.tables["indicators"]
        shown = rows[rows["value"].notna() & rows["area_id"].notna() & rows["indicator"].isin(RATIOS)]
        for kind, area_id in sorted(set(zip(shown["kind"], shown["area_id"], strict=True))):
            keys = of_kind.get((kind, area_id), [])
            whole = sum(self.truth.get(key, 0.0) for key in keys)
            if keys:
                self.rows.append(({self.number[key]: 1.0 for key in keys}, whole, whole))

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
        return {key: self._bounds(self.number[key]) for key in keys}

    def _bounds(self, wanted: int) -> tuple[float, float]:
        columns, rows = self._around(wanted)
        equal = [(c, high) for c, low, high in rows if low == high]
        upper = [(c, high) for c, low, high in rows if low != high]
        upper += [({x: -v for x, v in c.items()}, -low) for c, low, high in rows if low != high and not math.isinf(low)]
        a_eq, b_eq = _matrix(equal, columns)
        a_ub, b_ub = _matrix(upper, columns)
        limits = [(self.low[x], self.high[x]) for x in columns]
        ends = []
        for sign in (1.0, -1.0):
            cost = np.zeros(len(columns))
            cost[columns[wanted]] = sign
            solved = linprog(cost, A_ub=a_ub, b_ub=b_ub, A_eq=a_eq, b_eq=b_eq, bounds=limits, method="highs")
            assert solved.status in (0, 3), solved.message
            ends.append(float(sign * solved.fun) if solved.status == 0 else math.inf)
        return ends[0], ends[1]

    def _around(self, start: int) -> tuple[dict[int, int], list[tuple[dict[int, float], float, float]]]:
        """The unknowns that hang together with one, numbered, and their rows; known counts end the search."""
        if not self.rows_of:
            for number, (expression, _, _) in enumerate(self.rows):
                for x in expression:
                    self.rows_of.setdefault(x, []).append(number)
        columns, rows, waiting = {start: 0}, set[int](), [start]
        while waiting:
            for number in self.rows_of.get(waiting.pop(), []):
                rows.add(number)
                for x in self.rows[number][0]:
                    if x not in columns:
                        columns[x] = len(columns)
                        if self.low[x] < self.high[x]:
                            waiting.append(x)
        return columns, [self.rows[number] for number in sorted(rows)]


def _matrix(
    rows: list[tuple[dict[int, float], float]], columns: Mapping[int, int]
) -> tuple[csr_matrix | None, np.ndarray | None]:
    if not rows:
        return None, None
    entries = [(n, columns[x], v) for n, (c, _) in enumerate(rows) for x, v in c.items()]
    at, across, values = zip(*entries, strict=True)
    return csr_matrix((values, (at, across)), shape=(len(rows), len(columns))), np.array([b for _, b in rows])


def truth_of(results: Results) -> dict[Hashable, float]:
    """The counts themselves, under the attacker's keys."""
    found: dict[Hashable, float] = {}
    for r in results.tables["balance"].to_dict("records"):
        found["need", r["kind"], base(r["group"]), r["area_id"], r["kita_year"]] = r["need_persons"]
    for r in results.tables["gaps"].to_dict("records"):
        found["gap", r["gap_id"]] = r["persons_best"]
    above = upward(results.areas)
    parts = {"covered": "served", "tight": "served", "not_rated": "unrated", "gap": "gap", "unknown": "unknown"}
    for r in results.tables["need"].to_dict("records"):
        if r["status"] == "not_applicable" or pd.isna(r["need_persons_best"]) or r["area_id"] not in above:
            continue
        for area_id in above[r["area_id"]]:
            for key in (
                ("need", r["kind"], base(r["group"]), area_id, ""),
                ("part", r["kind"], base(r["group"]), area_id, parts[r["status"]]),
            ):
                found[key] = found.get(key, 0.0) + r["need_persons_best"]
    return found


def upward(areas: pd.DataFrame) -> dict[str, set[str]]:
    direct = {
        a: {u for u in (p, *(b or [])) if isinstance(u, str)}
        for a, p, b in areas[["area_id", "parent_id", "also_in"]].itertuples(index=False)
    }

    def walk(area_id: str) -> set[str]:
        return {area_id}.union(*(walk(u) for u in direct[area_id]))

    return {a: walk(a) for a in direct}


def assert_safe(results: Results, released: Released, *, minimum: int = 3) -> list[Hashable]:
    """Attack a release; every small count must stay open by the minimum. Returns the small counts."""
    truth = truth_of(results)
    districts = set(results.areas.loc[results.areas["level"] == "district", "area_id"])
    whole = {k: v for k, v in truth.items() if k[0] == "need" and k[3] in districts}
    # Statistics publish the district, unless a count of it is small itself.
    public = {} if any(0 < v < minimum for v in whole.values()) else whole
    attack = Attack(released, truth).collect(public)
    small = [k for k in dict.fromkeys(attack.targets) if 1e-6 < truth.get(k, 0.0) < minimum - 1e-6]
    for key, (low, high) in attack.bounds(small).items():
        assert low - 1e-4 <= truth[key] <= high + 1e-4, (key, low, truth[key], high)
        assert high - low >= minimum - 1e-3, (key, low, truth[key], high)
    large = [k for k in dict.fromkeys(attack.targets) if k[0] == "need" and k not in [*public, *small]]
    for key, (low, high) in attack.bounds(large).items():
        assert low - 1e-4 <= truth[key] <= high + 1e-4, (key, low, truth[key], high)
        assert high - low > 1e-3, f"{key} is withheld in vain"
    for table, column in (("balance", "need_persons"), ("coverage", "need_persons"), ("gaps", "persons_best")):
        shown = released.tables[table][column].dropna().astype(float)
        assert not ((shown > 1e-6) & (shown < minimum - 1e-6)).any()
    return small
