# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Enter every count of persons of a run, and how the counts hang together, into the ledger.

Keys: ``("need", series, kind, group, area)``, ``("part", kind, group, part, area)``, ``("gap", gap_id)``,
``("unknown", row)``, ``("indicator", row)``. Need of one group in one area is one tie, whatever the kind,
year or table: several kinds count the same persons (times a published rate), so one would betray the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dableiben.privacy.coverage import base_group, class_of_share, is_audience, share_step
from dableiben.privacy.hierarchy import Hierarchy
from dableiben.privacy.ledger import TOLERANCE, Ledger, Sum, Tie, is_small
from dableiben.privacy.released import PARTS

SPACE_CAUSES = ("distance",)
COUNT_UNITS = frozenset({"persons", "person", "Personen", "demanders"})
SHARE_UNITS = {"share": 1.0, "%": 0.01, "percent": 0.01, "Prozent": 0.01, "Anteil": 1.0}
BY_AREA = ("kind", "group", "area_id", "part", "persons")
Share = tuple[int, str, float, float | None]
"""row, area (empty: a facility), persons, the other persons of the area (None: a mere count)"""
Key = tuple[str, ...]
Values = Mapping[str, float]


@dataclass
class Entries:
    """A ledger under construction over one hierarchy; frames have a range index (row numbers are keys)."""

    ledger: Ledger
    hierarchy: Hierarchy
    minimum: int
    shown: dict[str, list[tuple[Key, Values]]] = field(default_factory=dict)
    """group -> tables of its need entered so far"""

    def need(self, by_area: pd.DataFrame, coverage: pd.DataFrame, indicators: pd.DataFrame) -> None:
        """Need by kind, group and area, its parts by status, published where coverage or an indicator is."""
        shown = {(str(k), str(a)) for k, a in _tuples(coverage, "kind", "area_id")}
        shown |= {(str(k), a) for k, a in _tuples(indicators, "kind", "area_id") if isinstance(a, str)}
        whole: dict[tuple[str, str], dict[str, float]] = {}
        pieces: dict[tuple[str, str, str, str], float] = {}
        for kind, group, area_id, part, persons in _tuples(by_area, *BY_AREA):
            pieces[kind, group, part, area_id] = persons
            values = whole.setdefault((kind, group), {})
            values[area_id] = values.get(area_id, 0.0) + persons
        for (kind, group), values in sorted(whole.items()):
            self._series("coverage", kind, group, values, {a for a in values if (kind, a) in shown})
        covered = sorted(_tuples(coverage, "kind", "group", "area_id"))
        for kind, group, area_id in covered:
            need = self.ledger.index["need", "coverage", kind, group, area_id]
            counts = [pieces.get((kind, group, part, area_id), 0.0) for part in PARTS]
            self.ledger.relate(need, self._classes(("part", kind, group), area_id, counts))
        for kind, group, area_id in covered:
            for part in PARTS:
                self._sum_up(("part", kind, group, part), area_id)

    def _classes(self, key: tuple[str, str, str], area_id: str, counts: list[float]) -> list[int]:
        """The parts of a need, released as rounded shares of it."""
        whole = sum(counts)
        step = share_step(whole, self.minimum) or math.inf
        parts = []
        for part, value in zip(PARTS, counts, strict=True):
            between = class_of_share(value / whole, step, whole) if whole else (0.0, 0.0)
            parts.append(self.ledger.add((*key, part, area_id), value, published=True, between=between))
        return parts

    def balance(self, balance: pd.DataFrame) -> None:
        """Bedarf of the balance; Saldo and Bestand give it away, so the three share its tie."""
        tables: dict[tuple[str, str, str], dict[str, float]] = {}
        for kind, group, year, area_id, persons in _tuples(
            balance, "kind", "group", "kita_year", "area_id", "need_persons"
        ):
            if not pd.isna(persons):
                values = tables.setdefault((year, kind, base_group(group)), {})
                values[area_id] = values.get(area_id, 0.0) + float(persons)
        for (year, kind, group), values in sorted(tables.items()):
            self._series(f"balance {year}", kind, group, values, set(values))

    def gaps(self, gaps: pd.DataFrame) -> None:
        """Persons of gaps, as parts of the need of their area and of the gaps of the areas above."""
        for gap_id, persons in zip(gaps["gap_id"], gaps["persons_best"], strict=True):
            self.ledger.add(("gap", gap_id), float(persons), published=True)
        by_need: dict[tuple[str, ...], list[int]] = {}
        for row in gaps.to_dict("records"):
            if is_audience(str(row["group"])):
                continue  # a count of its own, not of the residents by age
            number = self.ledger.index["gap", row["gap_id"]]
            family = "space" if row["cause"] in SPACE_CAUSES else str(row["cause"])
            if row["dimension"] == "time":  # the same persons may lack several hours
                family = f"{family} {row['gap_id']}"
            for area_id in (row["area_id"], *self.hierarchy.ancestors(row["area_id"])):
                key = (row["kind"], base_group(row["group"]), area_id, family)
                by_need.setdefault(key, []).append(number)
        for (kind, group, area_id, family), numbers in sorted(by_need.items()):
            total = self.ledger.index.get(("part", kind, group, "gap", area_id))
            if total is not None:
                self._within(total, numbers)
            self._rest(kind, group, area_id, family, numbers)

    def shortfalls(self, gaps: pd.DataFrame, balance: pd.DataFrame) -> None:
        """Places that are missing are Bedarf minus Bestand: who knows two of the three knows the third."""
        places = {(k, a): p for k, a, p in _tuples(balance, "kind", "area_id", "places") if not pd.isna(p)}
        for row in gaps.to_dict("records"):
            known = places.get((row["kind"], row["area_id"]))
            for year in sorted(set(balance["kita_year"])):
                key = ("need", f"balance {year}", row["kind"], base_group(row["group"]), row["area_id"])
                need = self.ledger.index.get(key)
                if known is None or need is None:
                    continue
                gap = self.ledger.index["gap", row["gap_id"]]
                missing = self.ledger.counts[need].value - float(known)
                if abs(missing - self.ledger.counts[gap].value) <= 0.5:
                    residual = self.ledger.counts[need].value - self.ledger.counts[gap].value
                    self.ledger.sums.append(Sum(need, (gap,), residual))

    def unknowns(self, unknowns: pd.DataFrame) -> None:
        """Persons for whom something cannot be said: at most the unknown ones of each area around."""
        for number, row in enumerate(unknowns.to_dict("records")):
            if pd.isna(row["persons_best"]):
                continue
            entry = self.ledger.add(("unknown", number), float(row["persons_best"]), published=True)
            if not isinstance(row["area_id"], str):
                continue
            for area_id in (row["area_id"], *self.hierarchy.ancestors(row["area_id"])):
                key = ("part", row["kind"], base_group(row["group"]), "unknown", area_id)
                if key in self.ledger.index:
                    self._within(self.ledger.index[key], [entry])

    def indicators(self, indicators: pd.DataFrame) -> None:
        """Indicators that count persons, and shares, which times the need are counts.

        A table of one indicator without any small count needs no protection and is left out.
        """
        need = self.need_of_kind()
        tables: dict[tuple[str, str, str, str], list[Share]] = {}
        rows = indicators[indicators["unit"].isin([*COUNT_UNITS, *SHARE_UNITS]) & indicators["value"].notna()]
        for number, area_id, kind, mode, name, unit, value in zip(rows.index, *_columns(rows), strict=True):
            place, way = (v if isinstance(v, str) else "" for v in (area_id, mode))
            if unit in COUNT_UNITS:
                part, rest = float(value), None
            elif need.get((kind, place), (0.0,))[0] > 0:
                whole = need[kind, place][0]
                part = min(max(float(value) * SHARE_UNITS[unit], 0.0), 1.0) * whole
                rest = whole - part
            else:
                continue
            label = (kind, way, name, "area" if place else "facility")
            tables.setdefault(label, []).append((number, place, part, rest))
        for label, entries in sorted(tables.items()):
            if any(is_small(v or 0.0, self.minimum) for _, _, part, rest in entries for v in (part, rest)):
                self._indicator(label, entries, need)

    def _indicator(
        self,
        label: tuple[str, str, str, str],
        entries: list[Share],
        need: Mapping[tuple[str, str], tuple[float, Tie]],
    ) -> None:
        numbers = []
        for number, place, part, rest in entries:
            if rest is None:
                entry = self.ledger.add(("indicator", number), part, published=True)
            else:
                entry = self._share(number, part, *need[label[0], place])
            numbers.append((place or str(number), entry))
        self._sums_of_indicator(label, numbers)

    def _share(self, number: int, part: float, whole: float, tie: Tie) -> int:
        """A share shows both sides: those inside and those outside. They go together."""
        step = share_step(whole, self.minimum) or math.inf
        inside, rest = (
            self.ledger.add(
                (name, number), value, tie=("indicator", number), published=True,
                between=class_of_share(value / whole, step, whole),
            )
            for name, value in (("indicator", part), ("indicator rest", whole - part))
        )  # fmt: skip
        total = self.ledger.add(("indicator need", number), whole, tie=tie, public=True)
        self.ledger.relate(total, [inside, rest])
        return inside

    def _series(self, series: str, kind: str, group: str, values: Values, published: set[str]) -> None:
        """One table of need over areas, completed upwards by sums that are public knowledge."""
        full = dict(values)
        members = self.hierarchy.members
        for area_id in sorted(members, key=lambda a: (-len(self.hierarchy.ancestors(a)), a)):
            sums = [sum(full[m] for m in group if m in full) for group in members[area_id] if full.keys() & {*group}]
            if area_id not in full and sums:
                full[area_id] = max(sums)
        key = ("need", series, kind, group)
        earlier = self.shown.setdefault(group, [])
        same = next((k for k, v in earlier if _agree(full, v)), None)
        for area_id in sorted(full):
            # Statistics publish a district's population by age anyway: withholding it would hide nothing.
            whole = self.hierarchy.level[area_id] == "district"
            is_shown = area_id in published and not whole
            if same is not None:
                self.ledger.alias((*key, area_id), self.ledger.index[*same, area_id], published=is_shown)
                continue
            self.ledger.add(
                (*key, area_id), full[area_id], tie=need_tie(group, area_id), published=is_shown,
                public=whole or area_id not in values, total=area_id in members,
            )  # fmt: skip
        if same is not None:
            return
        for area_id in sorted(full):
            self._sum_up(key, area_id)
        for other, numbers in earlier[:1]:
            self._rates(key, full, other, numbers)
        earlier.append((key, full))

    def _rates(self, key: Key, values: Values, other: Key, numbers: Values) -> None:
        """Two kinds count the same persons times a rate; an attacker is granted the rate of every area."""
        index = self.ledger.index
        for area_id in sorted(values.keys() & numbers.keys()):
            if values[area_id] > 0 and numbers[area_id] > 0:
                rate = values[area_id] / numbers[area_id]
                self.ledger.sums.append(Sum(index[*other, area_id], (index[*key, area_id],), factor=rate))

    def _sum_up(self, key: tuple[str, ...], area_id: str) -> None:
        """Relate an area's count to the counts of the areas in it, once per group of areas."""
        index = self.ledger.index
        for group in self.hierarchy.members.get(area_id, ()):
            parts = [index[*key, a] for a in group if (*key, a) in index]
            if parts:
                self.ledger.relate(index[*key, area_id], parts)

    def _within(self, total: int, parts: Iterable[int]) -> None:
        self.ledger.relate(total, parts, within=0.005)

    def _rest(self, kind: str, group: str, area_id: str, family: str, gaps: list[int]) -> None:
        """Who is not in the gap is a count as well: all but two in a gap names the two."""
        need = self.ledger.index.get(("need", "coverage", kind, group, area_id))
        if need is None:
            return
        rest = self.ledger.counts[need].value - sum(self.ledger.counts[g].value for g in gaps)
        if rest < -TOLERANCE:
            return
        number = self.ledger.add(("rest", kind, group, area_id, family), max(rest, 0.0))
        self.ledger.relate(need, [*gaps, number], within=0.0)

    def need_of_kind(self) -> dict[tuple[str, str], tuple[float, Tie]]:
        """Persons with need of a service in an area, all groups together, with their tie."""
        found: dict[tuple[str, str], tuple[float, Tie]] = {}
        for key, number in self.ledger.index.items():
            if isinstance(key, tuple) and key[:2] == ("need", "coverage"):
                _, _, kind, _, area_id = key
                several = (kind, area_id) in found
                before = found[kind, area_id][0] if several else 0.0
                tie = ("need of kind", kind, area_id) if several else self.ledger.counts[number].tie
                found[kind, area_id] = (before + self.ledger.counts[number].value, tie)
        return found

    def _sums_of_indicator(self, label: tuple[str, ...], entries: list[tuple[str, int]]) -> None:
        if label[-1] == "facility":
            whole = sum(self.ledger.counts[number].value for _, number in entries)
            total = self.ledger.add(("indicator sum", *label), whole, public=True)
            self.ledger.relate(total, [number for _, number in entries])
            return
        by_area = dict(entries)
        for area_id, number in entries:
            for group in self.hierarchy.members.get(area_id, ()):
                parts = [by_area[a] for a in group if a in by_area]
                if parts:
                    self.ledger.relate(number, parts)


def _agree(values: Values, others: Values) -> bool:
    """Whether all values are also among the others."""
    return all(a in others and abs(v - others[a]) <= TOLERANCE for a, v in values.items())


def _columns(rows: pd.DataFrame) -> list[list[Any]]:
    return [rows[name].tolist() for name in ("area_id", "kind", "mode", "indicator", "unit", "value")]


def _tuples(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(zip(*(frame[column].tolist() for column in columns), strict=True))


def need_tie(group: str, area_id: str) -> Tie:
    """Tie of the need of a group in an area."""
    return ("need", base_group(group), area_id)
