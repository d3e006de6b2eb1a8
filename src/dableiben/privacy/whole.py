# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""How coarsely needs must be rounded so that nobody can solve them for small numbers of persons of an age.

The proof is a set of *alternatives*: other whole numbers of persons that fit every released number. A small count is
safe once the truth and its alternatives lie apart by at least the minimum. Alternatives are found by integer
programmes (HiGHS) over a few places, all others as they are; how they were found does not matter to the proof.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from dableiben.privacy.ages import STEPS, Ages
from dableiben.privacy.ledger import TOLERANCE, Tie, is_small

Floats = NDArray[np.float64]
Target = tuple[str, int]
"""area and atom of a small count"""
NODES_MAX = 60
ROUNDS_MAX = 8
FIRST_STEP = 1.5
"""minima a first step is at least: below, hardly any alternative fits"""
SIBLINGS_MAX = 3
PARTNERS_MAX = 4
SLACK = 1e-7
"""alternatives keep that distance from the ends of intervals, so that float noise tells nothing"""
MOVE_MAX = 40
"""persons by which an alternative may move a count"""


@dataclass
class Rounding:
    """Steps of the areas, and the alternatives found so far.

    steps         by area, to which its needs are rounded; infinite: withheld
    unprotected   small counts for which no step was coarse enough
    """

    ages: Ages
    minimum: int
    ties: Collection[Tie]
    steps: dict[str, float] = field(default_factory=dict)
    unprotected: list[Target] = field(default_factory=list)
    moves: list[Floats] = field(default_factory=list)

    def __post_init__(self) -> None:
        shape = self.ages.persons.shape
        self.matrix = csr_matrix(
            (
                [f * w for row in self.ages.rows for f in row.factors.values() for w in row.form],
                (
                    [n for n, row in enumerate(self.ages.rows) for _ in range(len(row.factors) * shape[1])],
                    [leaf * shape[1] + k for row in self.ages.rows for leaf in row.factors for k in range(shape[1])],
                ),
            ),
            shape=(len(self.ages.rows), math.prod(shape)),
        )
        self.matrix.eliminate_zeros()
        self.values = np.array([row.value for row in self.ages.rows])
        self.counts = {a: self.ages.persons[list(m)].sum(axis=0) for a, m in self.ages.members.items()}
        self._refresh()

    def _refresh(self) -> None:
        ends = [row.interval(self.steps.get(row.area, STEPS[0]), self.ties) for row in self.ages.rows]
        self.low, self.high = (np.array([end[side] for end in ends]) - self.values for side in (0, 1))

    def find(self) -> Rounding:
        """Raise steps until every small count is safe."""
        for area_id in self._with_small_ages():
            self.steps[area_id] = next(s for s in STEPS if s >= FIRST_STEP * self.minimum)
        self._refresh()
        targets = self.targets()
        for number in range(ROUNDS_MAX):
            open_ = self.exposed(targets)
            self._search(open_)
            left = self.exposed(open_)
            raised = {area for target in left if (area := self._next(target)) is not None}
            if not raised or number == ROUNDS_MAX - 1:
                self.unprotected = left
                break
            for area_id in sorted(raised):
                self.steps[area_id] = STEPS[STEPS.index(self.steps.get(area_id, STEPS[0])) + 1]
            self._refresh()
            self.moves = [move for move in self.moves if self._fits(move)]
        return self

    def targets(self) -> list[Target]:
        """Small counts of persons by atom, of every area but districts, each group of places once."""
        found: dict[tuple[tuple[int, ...], int], Target] = {}
        many = self.ages.persons.sum(axis=0) >= self.minimum - TOLERANCE  # else the public total names them
        for area_id, leaves in sorted(self.ages.members.items(), key=lambda item: (len(item[1]), item[0])):
            if self.ages.level[area_id] != "district":
                for atom in np.flatnonzero([is_small(n, self.minimum) for n in self.counts[area_id]] & many):
                    found.setdefault((leaves, int(atom)), (area_id, int(atom)))
        return list(found.values())

    def exposed(self, targets: Sequence[Target]) -> list[Target]:
        """Targets whose truth and alternatives lie apart by less than the minimum."""
        if not self.moves:
            return list(targets)
        moves = np.array(self.moves)
        left = []
        for area_id, atom in targets:
            moved = moves[:, list(self.ages.members[area_id]), atom].sum(axis=1)
            if max(0.0, moved.max()) - min(0.0, moved.min()) < self.minimum - TOLERANCE:
                left.append((area_id, atom))
        return left

    def _with_small_ages(self) -> list[str]:
        """Areas below municipalities with small counts in their needs, and all beside them.

        One decimal would give them away; and an exact neighbour could not take part in any exchange.
        """
        used = np.zeros(self.ages.persons.shape[1], bool)
        below = self.ages.below
        for row in self.ages.rows:
            if row.area in below and row.bounds is None and not row.fixed:
                used |= np.array(row.form) > 0
        small = [a for a in below if any(is_small(n, self.minimum) for n in self.counts[a][used])]
        homes = {self.ages.home[n] for a in small for n in self.ages.members[a]}
        return [a for a in sorted(below) if homes & {self.ages.home[n] for n in self.ages.members[a]}]

    def _next(self, target: Target) -> str | None:
        """The area whose step is raised for an exposed count; None if all that could help are withheld.

        Its own first, then those beside it in the municipality. Where the municipality is too small to hide it,
        others have to move with it: of both, the finer one is raised, and what lies around only one of them.
        """
        area_id, _ = target
        leaves = self.ages.members[area_id]
        home = self.ages.home[leaves[0]]
        inside = self.ages.members.get(home, leaves)
        if not self._needs_others(target):
            beside = sorted(inside, key=lambda n: (self.ages.persons[n].sum(), n))
            order = [area_id, *(self.ages.leaves[n] for n in beside)]
            found = next((a for a in order if math.isfinite(self._step(a))), None)
            if found is not None:
                return found
        mine = [area_id, *([home] if home in self.ages.members else [])]
        partners: list[str] = []
        for other in dict.fromkeys(self.ages.home[n] for n in self._others(inside)):
            partners += [other, *self._around_one(home, other)]
            open_ = [a for a in (*mine, *partners) if math.isfinite(self._step(a))]
            if open_:
                return min(open_, key=self._step)
        return None

    def _step(self, area_id: str) -> float:
        return self.steps.get(area_id, STEPS[0])

    def _around_one(self, home: str, other: str) -> list[str]:
        """Areas with only one of two municipalities in them: their numbers bind an exchange."""
        one, two = (set(self.ages.members.get(a, ())) for a in (home, other))
        return [
            a for a, m in self.ages.members.items()
            if (one <= {*m}) != (two <= {*m}) and a not in (home, other) and self.ages.level[a] != "district"
        ]  # fmt: skip

    def _others(self, leaves: Sequence[int]) -> list[int]:
        """Places of other municipalities: those in the same upper areas first, then by size."""
        homes = {self.ages.home[n] for n in leaves}
        others = [n for n in range(len(self.ages.leaves)) if self.ages.home[n] not in homes]
        above = [m for m in self.ages.members.values() if leaves[0] in m]
        size = self.ages.persons.sum(axis=1)
        return sorted(others, key=lambda n: (-sum(n in m for m in above), -size[n], n))

    def _fits(self, move: Floats) -> bool:
        sums = self.matrix @ move.ravel()
        return bool((sums >= self.low - TOLERANCE).all() and (sums <= self.high + TOLERANCE).all())

    def _search(self, open_: Sequence[Target]) -> None:
        """Alternatives for exposed counts: by exchange inside the municipality, else with a larger one."""
        for wide in (False, True):
            by_area: dict[str, list[Target]] = {}
            for target in self.exposed(open_):
                if wide and not self._needs_others(target):
                    continue
                by_area.setdefault(target[0], []).append(target)
            for targets in by_area.values():
                for goal, sign in ((targets, 1.0), *(([t], 1.0) for t in targets), (targets, -1.0)):
                    left = self.exposed(goal)
                    if left:
                        self._exchange(left, sign, wide=wide)

    def _needs_others(self, target: Target) -> bool:
        """Whether the municipality has too few of an age to move a count inside it, or is one place."""
        area_id, atom = target
        leaves = self.ages.members[area_id]
        home = self.ages.members.get(self.ages.home[leaves[0]], leaves)
        return len(home) <= len(leaves) or self.ages.persons[list(home), atom].sum() <= 2 * self.minimum

    def _exchange(self, targets: Sequence[Target], sign: float, *, wide: bool) -> None:
        free = self._free(targets[0][0], wide=wide)
        groups = [free] if wide else [[n for n in free if self.ages.home[n] == h] for h in self._homes(free)]
        programme = _Programme(self, free, groups)
        for area_id, atom in targets:
            for leaf in self.ages.members[area_id]:
                if leaf in free:
                    programme.want(leaf, atom, sign, float(self.minimum))
        move = programme.solve()
        if move is not None and np.any(move) and self._fits(move):
            self.moves.append(move)

    def _homes(self, leaves: Sequence[int]) -> list[str]:
        return sorted({self.ages.home[n] for n in leaves})

    def _free(self, area_id: str, *, wide: bool) -> list[int]:
        """Places that may change: some of the area, its siblings, and (wide) the largest places elsewhere."""
        size = self.ages.persons.sum(axis=1)
        mine = sorted(self.ages.members[area_id], key=lambda n: (-size[n], n))[:SIBLINGS_MAX]
        homes = {self.ages.home[n] for n in mine}
        beside = [n for n in range(len(size)) if self.ages.home[n] in homes and n not in mine]
        beside = sorted(beside, key=lambda n: (-size[n], n))[: max(0, SIBLINGS_MAX + 1 - len(mine))]
        if not wide:
            return sorted({*mine, *beside})
        others = self._others(mine)
        large = sorted(others, key=lambda n: (-size[n], n))[:2]
        return sorted({*mine, *beside[:2], *others[:PARTNERS_MAX], *large})


class _Programme:
    """Whole numbers by which the persons of a few places may change, with all released numbers kept."""

    def __init__(self, rounding: Rounding, free: list[int], groups: list[list[int]]) -> None:
        self.rounding, self.free = rounding, free
        atoms = rounding.ages.persons.shape[1]
        self.columns = np.concatenate([np.arange(n * atoms, (n + 1) * atoms) for n in free])
        part = rounding.matrix[:, self.columns].tocsr()
        dense = part.toarray().reshape(part.shape[0], len(free), atoms)
        # What counts all free places alike does not move while their sum stays.
        moved = [dense[:, [free.index(n) for n in group]] for group in groups]
        kept = np.logical_or.reduce([np.ptp(one, axis=1).max(axis=1) > 1e-12 for one in moved])
        kept &= np.isfinite(rounding.low) | np.isfinite(rounding.high)
        same = [[(free.index(n) * atoms + k) for n in group] for group in groups for k in range(atoms)]
        part = part[np.flatnonzero(kept)]
        equal = csr_matrix(
            (
                np.ones(sum(map(len, same))),
                ([r for r, cs in enumerate(same) for _ in cs], [c for cs in same for c in cs]),
            ),
            shape=(len(same), len(self.columns)),
        )
        self.matrix = vstack([part, equal], format="csr")
        slack = np.minimum(SLACK, (rounding.high[kept] - rounding.low[kept]) / 4)
        zeros = np.zeros(len(same))
        self.low = np.concatenate([np.minimum(rounding.low[kept] + slack, 0.0), zeros])
        self.high = np.concatenate([np.maximum(rounding.high[kept] - slack, 0.0), zeros])
        persons = rounding.ages.persons.ravel()[self.columns]
        self.least = -np.minimum(np.floor(persons + TOLERANCE), MOVE_MAX)
        self.most = np.full(len(self.columns), float(MOVE_MAX))
        self.cost = np.zeros(len(self.columns))
        self.atoms = atoms

    def want(self, leaf: int, atom: int, sign: float, enough: float) -> None:
        """Move a count up (or down), but no further than is enough."""
        at = self.free.index(leaf) * self.atoms + atom
        self.cost[at] = sign
        self.most[at] = min(self.most[at], enough)

    def solve(self) -> Floats | None:
        """The best alternative found, shape (leaves, atoms); None without one."""
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.columns), self.matrix.shape[0]
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_, model.col_lower_, model.col_upper_ = self.cost, self.least, self.most
        model.row_lower_, model.row_upper_ = self.low, self.high
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_ = self.matrix.indptr, self.matrix.indices
        model.a_matrix_.value_ = self.matrix.data
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(self.columns)
        programme: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        options = (
            ("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_max_nodes", NODES_MAX),
            ("mip_rel_gap", 0.15), ("mip_feasibility_tolerance", 1e-6),
        )  # fmt: skip
        for option, value in options:
            programme.setOptionValue(option, value)
        programme.passModel(model)
        count = len(self.columns)
        programme.setSolution(count, np.arange(count, dtype=np.int32), np.zeros(count))
        programme.run()
        found = np.array(programme.getSolution().col_value)
        if len(found) != len(self.columns):
            return None
        move = np.zeros(self.rounding.ages.persons.size)
        move[self.columns] = np.round(found)
        return move.reshape(self.rounding.ages.persons.shape)
