# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What can be concluded about withheld counts: the attacker's best bounds, exactly."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from dableiben.privacy.ledger import TOLERANCE, Ledger

ROUNDS_MAX = 200
EPS = 1e-9
FAR = 1000.0


@dataclass(frozen=True)
class Equation:
    """``sum(factor * x) = constant`` over unknown counts; what is left of a sum of the ledger."""

    terms: tuple[tuple[int, float], ...]
    constant: float
    number: int
    """number of the sum in the ledger"""

    def range_of(self, x: int, low: Mapping[int, float], high: Mapping[int, float]) -> tuple[float, float]:
        """Range of one count by this equation alone, given the bounds of the others."""
        own = next(factor for y, factor in self.terms if y == x)
        others = [(y, f) for y, f in self.terms if y != x]
        most = self.constant - sum(f * (low[y] if f > 0 else high[y]) for y, f in others)
        least = self.constant - sum(f * (high[y] if f > 0 else low[y]) for y, f in others)
        return (least / own, most / own) if own > 0 else (most / own, least / own)


@dataclass(frozen=True)
class Component:
    """Unknown counts that hang together through equations."""

    unknowns: tuple[int, ...]
    equations: tuple[Equation, ...]
    limits: tuple[tuple[float, float], ...]
    """what is known of each unknown beforehand: 0 to infinity, or the class it is released in"""

    @property
    def is_forest(self) -> bool:
        """No cycle between counts and equations: then narrowing step by step finds the exact bounds."""
        edges = sum(len(equation.terms) for equation in self.equations)
        return edges == len(self.unknowns) + len(self.equations) - 1


Limits = Mapping[int, tuple[float, float]]


def components(ledger: Ledger, limits: Limits) -> list[Component]:
    """Split what is unknown into parts that tell nothing about each other; known counts become constants.

    limits  unknown counts with what is known of them beforehand
    """
    unknown = set(limits)
    equations = [_equation(ledger, number, unknown) for number in range(len(ledger.sums))]
    equations = [equation for equation in equations if equation.terms]
    root = {x: x for x in unknown}

    def find(x: int) -> int:
        while root[x] != x:
            root[x] = root[root[x]]
            x = root[x]
        return x

    for equation in equations:
        first = find(equation.terms[0][0])
        for x, _ in equation.terms[1:]:
            root[find(x)] = first
            first = find(first)
    members: dict[int, list[int]] = {}
    for x in sorted(unknown):
        members.setdefault(find(x), []).append(x)
    own: dict[int, list[Equation]] = {}
    for equation in equations:
        own.setdefault(find(equation.terms[0][0]), []).append(equation)
    return [
        Component(tuple(xs), tuple(own.get(top, ())), tuple(limits[x] for x in xs))
        for top, xs in sorted(members.items())
    ]


def _equation(ledger: Ledger, number: int, unknown: Collection[int]) -> Equation:
    entry = ledger.sums[number]
    terms: list[tuple[int, float]] = []
    constant = entry.residual
    for part in entry.parts:
        if part in unknown:
            terms.append((part, -1.0))
        else:
            constant += ledger.counts[part].value
    if entry.total in unknown:
        terms.append((entry.total, entry.factor))
    else:
        constant -= entry.factor * ledger.counts[entry.total].value
    return Equation(tuple(terms), constant, number)


def too_narrow(ledger: Ledger, component: Component, wanted: Collection[int], width: float) -> list[int]:
    """Those of the wanted counts whose smallest and largest possible value lie less than `width` apart."""
    if not component.is_forest:
        return _optimise(ledger, component, sorted(wanted), width)
    narrowed = narrow(component)
    return [x for x in sorted(wanted) if narrowed[x][1] - narrowed[x][0] < width - TOLERANCE]


def narrow(component: Component) -> dict[int, tuple[float, float]]:
    """Bounds by substituting bounds into each equation until nothing moves: never too narrow."""
    low = {x: ends[0] for x, ends in zip(component.unknowns, component.limits, strict=True)}
    high = {x: ends[1] for x, ends in zip(component.unknowns, component.limits, strict=True)}
    for _ in range(ROUNDS_MAX):
        moved = False
        for equation in component.equations:
            moved |= _narrow_by(equation, low, high)
        if not moved:
            break
    return {x: (low[x], max(high[x], low[x])) for x in component.unknowns}


def _narrow_by(equation: Equation, low: dict[int, float], high: dict[int, float]) -> bool:
    moved = False
    for x, _ in equation.terms:
        new_low, new_high = equation.range_of(x, low, high)
        if new_low > low[x] + EPS:
            low[x], moved = new_low, True
        if new_high < high[x] - EPS:
            high[x], moved = new_high, True
    return moved


def _optimise(ledger: Ledger, component: Component, wanted: list[int], width: float) -> list[int]:
    """By linear programmes; each solution is a possible state of all counts and spares programmes for others."""
    column = {x: number for number, x in enumerate(component.unknowns)}
    terms = [(n, column[x], factor) for n, equation in enumerate(component.equations) for x, factor in equation.terms]
    rows, columns, factors = zip(*terms, strict=True)
    matrix = csr_matrix((factors, (rows, columns)), shape=(len(component.equations), len(column)))
    constants = np.array([equation.constant for equation in component.equations])
    least = np.array([ledger.counts[x].value for x in component.unknowns])  # the truth is possible, too
    most = least.copy()
    # Far limits in place of none keep every programme bounded; they are only ever too narrow.
    limits = [(low, min(high, value + FAR * width)) for (low, high), value in zip(component.limits, least, strict=True)]
    targets = [column[x] for x in wanted]
    # All at once first: few programmes settle most counts, the rest are asked one by one.
    for goal in (targets, *([t] for t in targets)):
        for sign in (-1.0, 1.0):
            open_ = [t for t in goal if most[t] - least[t] < width - TOLERANCE]
            if not open_:
                break
            cost = np.zeros(len(column))
            cost[open_] = sign
            solved = linprog(cost, A_eq=matrix, b_eq=constants, bounds=limits, method="highs")
            if solved.status == 0:
                # What cannot be solved moves nothing: it counts as known to the attacker.
                least, most = np.minimum(least, solved.x), np.maximum(most, solved.x)
    return [x for x, t in zip(wanted, targets, strict=True) if most[t] - least[t] < width - TOLERANCE]
