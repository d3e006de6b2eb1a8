# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Who is concerned in an area: the numbers that its gaps name, so that no sheet says another one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from dableiben.privacy.coverage import is_audience
from dableiben.report.labels import Labels
from dableiben.report.reviewed import REJECTED
from dableiben.report.sheet import Record, Sign, count, records

SHARED = ("capacity", "absent")
"""causes of which everybody in the area has a part, though only some go without"""
Key = tuple[str, str, str]
"""area, service, group without the kind of household"""


@dataclass(frozen=True)
class Concerned:
    """Persons that the gaps of one area, service and group name, by cause."""

    persons: tuple[tuple[str, float | Sign], ...]

    @property
    def number(self) -> float | Sign | None:
        """The number of the gaps, where they have one cause; None where several cannot be added."""
        return self.persons[0][1] if len(self.persons) == 1 else None


class ConcernedByArea:
    """Gaps and open questions by the areas they lie in, looked up by area, service and group."""

    def __init__(self, labels: Labels) -> None:
        self.labels = labels
        areas = labels.released.areas
        pairs = zip(areas["area_id"], areas["also_in"], strict=True)
        self.beside = {str(area): list(upper) for area, upper in pairs if upper is not None}
        self.gaps = self._by_key(records(labels.released.tables["gaps"]))
        self.open = self._by_key(records(labels.released.tables["unknowns"]))

    def _by_key(self, rows: list[Record]) -> dict[Key, list[Record]]:
        found: dict[Key, list[Record]] = defaultdict(list)
        for row in rows:
            if is_audience(row["group"]):  # no part of the residents whose shares are told
                continue
            for area in self._upwards(row["area_id"]):
                found[area, row["kind"], row["group"].split(".", 1)[0]].append(row)
        return found

    def _upwards(self, area_id: object) -> set[str]:
        """An area and all it lies in, also beside the nesting."""
        found: set[str] = set()
        while isinstance(area_id, str):
            found |= {area_id, *self.beside.get(area_id, ())}
            area_id = self.labels.parents.get(area_id)
        return found

    def of(self, row: Record) -> Concerned | None:
        """What the gaps in the area of a coverage row say; None where the area and its parts have none."""
        by_cause: dict[str, dict[object, float | Sign]] = defaultdict(dict)
        for gap in self._mine(self.gaps, row):
            if gap["review_status"] != REJECTED:
                # The same people may lack several windows of the week: they are counted once.
                who = (gap["area_id"], gap["group"]) if gap["dimension"] == "time" else gap["gap_id"]
                known = by_cause[gap["cause"]]
                known[who] = _larger(known.get(who, 0.0), _persons(gap))
        found = tuple((cause, _sum(list(by_cause[cause].values()))) for cause in sorted(by_cause))
        return Concerned(found) if found else None

    def has(self, part: str, row: Record) -> bool:
        """Whether anything of a part (gap, unknown) was found in the area, also if its share rounds to zero."""
        return bool(self._mine(self.gaps if part == "gap" else self.open, row))

    def _mine(self, table: dict[Key, list[Record]], row: Record) -> list[Record]:
        return table.get((row["area_id"], row["kind"], row["group"]), [])


def _persons(gap: Record) -> float | Sign:
    value = count(gap, "persons_best")
    return value if isinstance(value, float) else Sign.WITHHELD


def _larger(one: float | Sign, other: float | Sign) -> float | Sign:
    return max(one, other) if isinstance(one, float) and isinstance(other, float) else Sign.WITHHELD


def _sum(numbers: list[float | Sign]) -> float | Sign:
    return Sign.WITHHELD if Sign.WITHHELD in numbers else float(sum(n for n in numbers if isinstance(n, float)))
