# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Persons by age behind the released numbers: every released need is a weighted sum of whole numbers of persons.

Unknowns are the persons of each smallest area and *atom*: ages and sexes that have the same weight in all released
needs, which no released number can tell apart. Each released number leaves its sum an interval, its rounding.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.privacy.coverage import PART_OF_STATUS, base_group, is_audience
from dableiben.privacy.entries import need_tie
from dableiben.privacy.hierarchy import Hierarchy
from dableiben.privacy.ledger import Tie
from dableiben.privacy.released import PARTS

Floats = NDArray[np.float64]
Form = tuple[float, ...]
STEPS = (0.1, 1.0, 5.0, 10.0, math.inf)
"""to which the needs of an area are rounded, finest first; the last withholds them"""
GRANTED_PERSONS_MIN = 1000
"""residents from which an area's own ages stand for all its places in released indicators (gaps.basis); below, those of
the area above. The proof grants an attacker exactly these needs, so both must mean the same areas."""
STEPS_OF_PARTS = ((STEPS[0], STEPS[0]), (STEPS[1], STEPS[3]))
"""of gaps and unknowns, by whether the area is smaller than a municipality: their step, and the largest step of the
area with which they are shown"""
_EVEN_LEVELS = ("municipality", "amt")
_DIGITS = 9  # weights that differ by less are one


@dataclass(frozen=True)
class Row:
    """One released number: ``low <= sum(factor of leaf x form . persons of leaf) <= high``.

    area, group   whose step rounds it, and whose tie withholds it
    factors       by number of leaf
    value         the true sum
    bounds        given (a class of shares), or None: from the step of the area
    below         the area is smaller than a municipality
    tie           of a gap or an unknown; they have steps of their own
    fixed         known through released indicators, even if the number itself is rounded further or withheld
    """

    area: str
    group: str
    form: Form
    factors: Mapping[int, float]
    value: float
    bounds: tuple[float, float] | None = None
    below: bool = False
    fixed: bool = False
    tie: Tie = None

    def interval(self, step: float, ties: Collection[Tie]) -> tuple[float, float]:
        """What the number leaves open at a step of its area."""
        if self.bounds is not None:
            return self.bounds
        if self.fixed:
            step = STEPS[0]
        elif (need_tie(self.group, self.area) if self.tie is None else self.tie) in ties:
            return 0.0, math.inf
        elif self.tie is not None:
            step = part_step(step, below=self.below) if step <= STEPS_OF_PARTS[self.below][1] else math.inf
        return released_interval(self.value, step)


def part_step(step: float, *, below: bool) -> float:
    """Step of the persons of a gap or an unknown, from the step of the needs of its area."""
    least, most = STEPS_OF_PARTS[below]
    return least if step <= most else math.inf


def rounded(value: float, step: float) -> float:
    """A number as it is released, a multiple of the step without float noise; NaN if it is withheld at this step."""
    if math.isinf(step) or math.isnan(value):
        return math.nan
    result = round(math.floor(value / step + 0.5) * step, _DIGITS)
    # A rounded zero would say that nobody is there.
    return math.nan if result == 0 and value > 1e-6 else result


def released_interval(value: float, step: float) -> tuple[float, float]:
    """Between which numbers a released one leaves its true value."""
    if math.isinf(step):
        return 0.0, math.inf
    middle = rounded(value, step)
    if math.isnan(middle):
        return 0.0, step / 2
    # The ends belong to it: who rounds up at the half cannot be told from who does not by a margin.
    return max(0.0, min(middle - step / 2, value)), max(middle + step / 2, value)


CELL_CAUSES = frozenset(("distance", "quality", "hours", "timetable", "slot_capacity"))
"""causes whose gaps name the cells they hold for"""


@dataclass
class Ages:
    """Smallest areas, atoms, persons, and all released numbers as rows."""

    leaves: tuple[str, ...]
    persons: Floats
    """shape (leaves, atoms)"""
    members: Mapping[str, tuple[int, ...]]
    """area -> leaves in it"""
    rows: list[Row]
    level: Mapping[str, str]
    home: tuple[str, ...]
    """municipality of each leaf, or the leaf itself"""

    @property
    def below(self) -> frozenset[str]:
        """Areas that are not made of whole municipalities."""
        whole = {h: {n for n, other in enumerate(self.home) if other == h} for h in set(self.home)}
        parts = {a: set(m) for a, m in self.members.items() if self.level.get(a) != "municipality"}
        return frozenset(a for a, m in parts.items() if any(not whole[self.home[n]] <= m for n in m))


def ages_of(tables: Mapping[str, pd.DataFrame], frames: Mapping[str, pd.DataFrame], hierarchy: Hierarchy) -> Ages:
    """From the internal tables of ages, weights and need, and the frames about to be released."""
    ages, weights = tables["ages"], tables["age_weights"]
    ages = ages[ages["area_id"].isin(hierarchy.inside)]
    unknown = set(ages.loc[ages["persons"].isna(), "area_id"])
    ages = ages[~ages["area_id"].isin(unknown)]
    forms, atom_of = _atoms(ages, weights, frames)
    leaves = tuple(sorted(set(ages["area_id"])))
    number = {leaf: n for n, leaf in enumerate(leaves)}
    persons = np.zeros((len(leaves), max(atom_of.values(), default=-1) + 1))
    for area_id, sex, age, count in _tuples(ages, "area_id", "sex", "age", "persons"):
        persons[number[area_id], atom_of[sex if isinstance(sex, str) else None, int(age)]] += count
    members: dict[str, list[int]] = {}
    for n, leaf in enumerate(leaves):
        for area_id in (leaf, *hierarchy.ancestors(leaf)):
            members.setdefault(area_id, []).append(n)
    home = tuple(hierarchy.at_level(leaf, "municipality") or leaf for leaf in leaves)
    found = Ages(leaves, persons, {a: tuple(m) for a, m in sorted(members.items())}, [], hierarchy.level, home)
    _Rows(found, forms, tables["need"]).enter(frames)
    return found


def _atoms(
    ages: pd.DataFrame, weights: pd.DataFrame, frames: Mapping[str, pd.DataFrame]
) -> tuple[dict[tuple[str, str, str], Form], dict[tuple[str | None, int], int]]:
    """Forms of the released needs by kind, group and year over atoms, and the atom of each sex and age."""
    shown = set(_tuples(frames["balance"], "kind", "group", "kita_year"))
    first = weights.groupby(["kind", "group"])["kita_year"].min().to_dict()
    shown |= {(k, g, first[k, g]) for k, g in set(_tuples(frames["coverage"], "kind", "group")) if (k, g) in first}
    by_key: dict[tuple[str, str, str], dict[tuple[str | None, int], float]] = {}
    for kind, group, year, sex, age, weight in _tuples(weights, *weights.columns):
        if (kind, group, year) in shown:
            at = (sex if isinstance(sex, str) else None, int(age))
            by_key.setdefault((kind, group, year), {})[at] = round(float(weight), _DIGITS)
    keys = sorted(by_key)
    spots = sorted(
        {(s if isinstance(s, str) else None, int(a)) for s, a in _tuples(ages, "sex", "age")},
        key=lambda spot: (spot[1], str(spot[0])),
    )
    signature = {spot: tuple(by_key[key].get(spot, 0.0) for key in keys) for spot in spots}
    atoms = {one: n for n, one in enumerate(dict.fromkeys(signature.values()))}
    columns = {key: tuple(one[n] for one in atoms) for n, key in enumerate(keys)}
    return columns, {spot: atoms[one] for spot, one in signature.items()}


class _Rows:
    """Enters the rows of each released table."""

    def __init__(self, ages: Ages, forms: Mapping[tuple[str, str, str], Form], need: pd.DataFrame) -> None:
        self.ages, self.forms, self.need = ages, forms, need
        self.now = {(k, g): form for (k, g, _), form in sorted(forms.items(), reverse=True)}
        self.total = {a: float(ages.persons[list(m)].sum()) for a, m in ages.members.items()}
        self.seen: set[tuple[str, Form]] = set()
        self.below = ages.below

    def enter(self, frames: Mapping[str, pd.DataFrame]) -> None:
        for kind, group, year, area_id in _tuples(frames["balance"], "kind", "group", "kita_year", "area_id"):
            self._need(self.forms.get((kind, group, year)), group, area_id)
        for kind, group, area_id in _tuples(frames["coverage"], "kind", "group", "area_id"):
            self._need(self.now.get((kind, group)), group, area_id)
        self._even()
        self._shares(frames["coverage"])
        self._gaps(frames["gaps"])
        self._unknowns(frames["unknowns"])

    def _row(self, area_id: str, group: str, form: Form, factors: dict[int, float], **more: Any) -> None:
        sums = {leaf: float(np.dot(form, self.ages.persons[leaf])) for leaf in factors}
        value = sum(factor * sums[leaf] for leaf, factor in factors.items())
        self.ages.rows.append(Row(area_id, base_group(group), form, factors, value, **more))

    def _need(self, form: Form | None, group: str, area_id: str) -> None:
        # A district's population by age is published anyway.
        if form is None or area_id not in self.ages.members or self.ages.level[area_id] == "district":
            return
        if (area_id, form) not in self.seen:
            self.seen.add((area_id, form))
            self._row(area_id, group, form, dict.fromkeys(self.ages.members[area_id], 1.0))

    def _even(self) -> None:
        """What released indicators may say of the need of larger areas."""
        forms = {form: group for (_, group), form in sorted(self.now.items())}
        for area_id, leaves in self.ages.members.items():
            if self.ages.level[area_id] in _EVEN_LEVELS and self.total[area_id] >= GRANTED_PERSONS_MIN:
                for form, group in forms.items():
                    self._row(area_id, group, form, dict.fromkeys(leaves, 1.0), fixed=True)

    def _shares(self, coverage: pd.DataFrame) -> None:
        """A rounded share bounds the part: ``(share - step/2) need <= part <= (share + step/2) need``."""
        rows = self.need[self.need["need_persons_best"].notna()]
        keys = [rows["kind"], rows["group"].map(base_group), rows["area_id"], rows["status"].map(PART_OF_STATUS)]
        sums = rows["need_persons_best"].groupby(keys).sum().to_dict()
        for row in _records(coverage):
            form, step = self.now.get((row["kind"], row["group"])), row["share_step"]
            if form is None or row["area_id"] not in self.ages.members or not 0 < float(step or 0) < math.inf:
                continue
            leaves = self.ages.members[row["area_id"]]
            for part in PARTS:
                inside = {n: sums.get((row["kind"], row["group"], self.ages.leaves[n], part), 0.0) for n in leaves}
                self._share(row, form, step, self._factors(form, inside), row[f"{part}_share"])

    def _share(self, row: Mapping[str, Any], form: Form, step: float, within: dict[int, float], share: Any) -> None:
        # Where the share is the same in all places, no exchange between them moves it.
        if pd.isna(share) or max(within.values()) - min(within.values()) < 1e-9:
            return
        for end, bounds in ((share - step / 2, (0.0, math.inf)), (share + step / 2, (-math.inf, 0.0))):
            if 0 < end < 1:
                moved = {n: factor - end for n, factor in within.items()}
                self._row(row["area_id"], row["group"], form, moved, bounds=bounds)

    def _gaps(self, gaps: pd.DataFrame) -> None:
        for gap in _records(gaps):
            form = self.now.get((gap["kind"], base_group(gap["group"])))
            if form is not None and gap["area_id"] in self.ages.members and not is_audience(gap["group"]):
                mine = self.need[self.need["kind"] == gap["kind"]]
                rows = mine[mine["group"] == gap["group"]]
                if rows.empty:  # the hours do not tell apart the households that the way does
                    rows = mine[mine["group"].map(base_group) == base_group(gap["group"])]
                if gap["cause"] in CELL_CAUSES and len(gap["cell_ids"]):
                    rows = rows[rows["cell_id"].isin(gap["cell_ids"])]
                self._part(gap, form, rows, gap["persons_best"], ("gap", gap["gap_id"]))

    def _unknowns(self, unknowns: pd.DataFrame) -> None:
        for number, row in enumerate(_records(unknowns)):
            form = self.now.get((row["kind"], base_group(row["group"])))
            if form is not None and row["area_id"] in self.ages.members and not pd.isna(row["persons_best"]):
                rows = self.need[(self.need["kind"] == row["kind"]) & (self.need["group"] == row["group"])]
                rows = rows[rows["status"] == "unknown"]
                self._part(row, form, rows, row["persons_best"], ("unknown", number))

    def _part(self, row: Mapping[str, Any], form: Form, need: pd.DataFrame, persons: float, tie: Tie) -> None:
        """Persons of a gap, as parts of the need of its places."""
        if self.ages.level[row["area_id"]] == "district":
            return
        leaves = self.ages.members[row["area_id"]]
        inside = need.groupby("area_id")["need_persons_best"].sum().to_dict()
        parts = {n: inside.get(self.ages.leaves[n], 0.0) for n in leaves}
        whole = sum(parts.values())
        if whole <= 0:
            return
        factors = {n: f * persons / whole for n, f in self._factors(form, parts).items()}
        self._row(row["area_id"], row["group"], form, factors, below=row["area_id"] in self.below, tie=tie)

    def _factors(self, form: Form, parts: Mapping[int, float]) -> dict[int, float]:
        whole = {n: float(np.dot(form, self.ages.persons[n])) for n in parts}
        # Where nobody is today, nothing is known of how those would live who might be there.
        return {n: part / whole[n] if whole[n] > 0 else 0.0 for n, part in parts.items()}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return cast(list[dict[str, Any]], frame.to_dict("records"))


def _tuples(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(zip(*(frame[column].tolist() for column in columns), strict=True))
