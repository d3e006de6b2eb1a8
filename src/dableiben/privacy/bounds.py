# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What can be concluded about withheld counts: the attacker's best bounds, exactly."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from dableiben.privacy.ledger import TOLERANCE, Count, Ledger, Tie

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


class Web:
    """How the counts of a ledger hang together through its sums."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.sums_of: dict[int, list[int]] = {}
        self.counts_of: dict[Tie, list[int]] = {}
        for number, entry in enumerate(ledger.sums):
            for x in (entry.total, *entry.parts):
                self.sums_of.setdefault(x, []).append(number)
        for x, count in enumerate(ledger.counts):
            self.counts_of.setdefault(count.tie, []).append(x)

    def component(self, start: int, ties: Collection[Tie]) -> Component:
        """All unknown counts that an unknown one hangs together with; known counts become constants.

        ties  what is withheld
        """
        seen, equations, waiting = {start}, dict[int, Equation](), [start]
        while waiting:
            for number in self.sums_of.get(waiting.pop(), ()):
                if number not in equations:
                    equations[number] = self._equation(number, ties)
                    fresh = [x for x, _ in equations[number].terms if x not in seen]
                    seen.update(fresh)
                    waiting += fresh
        unknowns = tuple(sorted(seen))
        limits = tuple(known_of(self.ledger.counts[x], ties) for x in unknowns)
        return Component(unknowns, tuple(equations[number] for number in sorted(equations)), limits)

    def _equation(self, number: int, ties: Collection[Tie]) -> Equation:
        entry, counts = self.ledger.sums[number], self.ledger.counts
        terms: list[tuple[int, float]] = []
        constant = entry.residual
        for x, factor in ((entry.total, entry.factor), *((part, -1.0) for part in entry.parts)):
            if is_unknown(counts[x], ties):
                terms.append((x, factor))
            else:
                constant -= factor * counts[x].value
        return Equation(tuple(terms), constant, number)


def is_unknown(count: Count, ties: Collection[Tie]) -> bool:
    """Whether an attacker does not know the count: withheld, in a class, or neither released nor public."""
    return count.free or count.tie in ties or count.between is not None or not (count.published or count.public)


def known_of(count: Count, ties: Collection[Tie]) -> tuple[float, float]:
    """What an attacker knows of an unknown count beforehand."""
    return (0.0, math.inf) if count.between is None or count.tie in ties else count.between


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
    least = np.array([ledger.counts[x].value for x in component.unknowns])  # the truth is possible, too
    most = least.copy()
    programme = _programme(component, column, least + FAR * width)
    targets = [column[x] for x in wanted]
    # All at once first: few programmes settle most counts, the rest are asked one by one.
    for goal in (targets, *([t] for t in targets)):
        for sign in (-1.0, 1.0):
            open_ = [t for t in goal if most[t] - least[t] < width - TOLERANCE]
            if not open_:
                break
            cost = np.zeros(len(column))
            cost[open_] = sign
            programme.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
            programme.run()
            # What cannot be solved moves nothing: it counts as known to the attacker.
            if programme.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                state = np.array(programme.getSolution().col_value)
                least, most = np.minimum(least, state), np.maximum(most, state)
    return [x for x, t in zip(wanted, targets, strict=True) if most[t] - least[t] < width - TOLERANCE]


def _programme(component: Component, column: Mapping[int, int], far: np.ndarray) -> Any:
    """The equations as a programme without goal; far limits in place of none keep it bounded, only too narrow."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(column), len(component.equations)
    model.col_cost_ = np.zeros(len(column))
    model.col_lower_ = np.array([low for low, _ in component.limits])
    model.col_upper_ = np.minimum([high for _, high in component.limits], far)
    model.row_lower_ = model.row_upper_ = np.array([equation.constant for equation in component.equations])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(equation.terms) for equation in component.equations)])
    model.a_matrix_.index_ = np.array([column[x] for equation in component.equations for x, _ in equation.terms])
    model.a_matrix_.value_ = np.array([factor for equation in component.equations for _, factor in equation.terms])
    programme = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        programme.setOptionValue(option, value)
    programme.passModel(model)
    return programme
