# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Counts of persons and the sums they enter: what an attacker could add up and subtract."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace

Tie = Hashable
TOLERANCE = 1e-6


@dataclass(frozen=True)
class Count:
    """One number of persons.

    tie        counts of one tie are withheld together (the same persons seen through several tables)
    published  it stands in a released table, unless withheld
    public     known outside anyway (a municipality's official total), unless its tie is withheld
    free       slack of an inequality: no number of its own, needs no protection
    total      a sum of others; withheld last
    between    it is released only as lying between these two (a rounded share of a known need)
    """

    value: float
    tie: Tie
    published: bool = False
    public: bool = False
    free: bool = False
    total: bool = False
    between: tuple[float, float] | None = None


@dataclass(frozen=True)
class Sum:
    """``factor * counts[total] = sum(counts[parts]) + residual``; an attacker knows factor and residual."""

    total: int
    parts: tuple[int, ...]
    residual: float = 0.0
    factor: float = 1.0


@dataclass
class Ledger:
    """All counts of a release and all sums among them."""

    counts: list[Count] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    index: dict[Hashable, int] = field(default_factory=dict)

    def add(
        self,
        key: Hashable,
        value: float,
        *,
        tie: Tie | None = None,
        published: bool = False,
        public: bool = False,
        total: bool = False,
        between: tuple[float, float] | None = None,
    ) -> int:
        """Enter a count under a key and return its number; the arguments are those of Count."""
        tie = key if tie is None else tie
        self.counts.append(Count(value, tie, published, public, total=total, between=between))
        self.index[key] = len(self.counts) - 1
        return self.index[key]

    def alias(self, key: Hashable, number: int, *, published: bool) -> None:
        """Enter a key for a count that is there already, because another table shows the same number."""
        count = self.counts[number]
        self.counts[number] = replace(count, published=count.published or published)
        self.index[key] = number

    def relate(self, total: int, parts: Iterable[int], *, within: float = 0.02) -> None:
        """Enter that `parts` add up to `total`.

        Where the difference is at most `within` of the total (rounding, another date), an attacker is
        granted the difference. Where the parts are clearly less, the rest is unknown and not negative.
        """
        parts = tuple(parts)
        rest = self.counts[total].value - sum(self.counts[part].value for part in parts)
        if abs(rest) <= max(TOLERANCE, within * self.counts[total].value):
            self.sums.append(Sum(total, parts, rest if abs(rest) > TOLERANCE else 0.0))
        elif rest > 0:
            self.counts.append(Count(rest, ("slack", len(self.counts)), free=True))
            self.sums.append(Sum(total, (*parts, len(self.counts) - 1)))


def is_small(value: float, minimum: float) -> bool:
    """Whether a count is under the minimum. Zero names nobody and is shown."""
    return TOLERANCE < value < minimum - TOLERANCE
