# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which areas add up to which: the sums by which a withheld count could be found again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from dableiben.core.levels import NESTED


@dataclass(frozen=True)
class Hierarchy:
    """Areas with all they lie in; nested levels by parent, others (Mittelbereich, ...) beside them."""

    level: Mapping[str, str]
    inside: frozenset[str]
    above: Mapping[str, tuple[str, ...]]
    """area -> areas it lies in directly"""
    members: Mapping[str, tuple[tuple[str, ...], ...]]
    """area -> groups of areas directly in it; a group (nested, Mittelbereiche, ...) has no overlap"""

    @classmethod
    def of(cls, areas: pd.DataFrame) -> Hierarchy:
        """From a frame after core.run.RUN_AREAS."""
        level = dict(zip(areas["area_id"], areas["level"], strict=True))
        above: dict[str, tuple[str, ...]] = {}
        for row in areas.to_dict("records"):
            beside = row["also_in"]
            upper = [row["parent_id"], *(beside if isinstance(beside, Iterable) else ())]
            above[row["area_id"]] = tuple(sorted({a for a in upper if isinstance(a, str) and a in level}))
        members: dict[str, dict[str, list[str]]] = {}
        for area_id in sorted(level):
            family = "nested" if level[area_id] in NESTED else level[area_id]
            for upper_id in above[area_id]:
                # An area that lies in `upper_id` through another one is not counted twice.
                if not any(upper_id in _all_above(above, a) for a in above[area_id] if a != upper_id):
                    members.setdefault(upper_id, {}).setdefault(family, []).append(area_id)
        groups = {a: tuple(tuple(g) for _, g in sorted(m.items())) for a, m in sorted(members.items())}
        inside = frozenset(areas.loc[areas["inside"].astype(bool), "area_id"])
        return cls(level, inside, above, groups)

    def ancestors(self, area_id: str) -> tuple[str, ...]:
        """All areas an area lies in, sorted, itself not among them."""
        return _all_above(self.above, area_id)

    def at_level(self, area_id: str, level: str) -> str | None:
        """The area of a level that an area is or lies in; None if there is none."""
        around = (area_id, *self.ancestors(area_id))
        return next((a for a in around if self.level.get(a) == level), None)

    def sums(self, values: Mapping[str, float]) -> dict[str, float]:
        """Add values of areas to every area they lie in (each once); keeps the areas' own values."""
        total = dict(values)
        for area_id, value in sorted(values.items()):
            for upper in self.ancestors(area_id):
                total[upper] = total.get(upper, 0.0) + value
        return total


def _all_above(above: Mapping[str, tuple[str, ...]], area_id: str) -> tuple[str, ...]:
    found: set[str] = set()
    waiting = list(above.get(area_id, ()))
    while waiting:
        upper = waiting.pop()
        if upper not in found:
            found.add(upper)
            waiting += above.get(upper, ())
    return tuple(sorted(found))
