# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From released unknowns to open questions: what one entry answers, for households with and without a car together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dableiben.catalogue.explain import WITH_CAR, WITHOUT_CAR
from dableiben.catalogue.group_words import without_household
from dableiben.report.labels import Labels
from dableiben.report.sheet import Record, Sign, count, records, texts

Number = float | Sign


@dataclass(frozen=True)
class Question:
    """What one missing entry would answer.

    group      households together where both are concerned
    area_ids   areas of one level, by name; None = the whole region
    low, high  persons: equal where their number is certain
    """

    kind: str
    group: str
    area_ids: tuple[str | None, ...]
    what: str
    low: Number
    high: Number
    missing_entry: str
    reason: str
    facility_ids: tuple[str, ...]

    @property
    def persons(self) -> float:
        """What questions are ordered by: the middle of the span; nothing for a number that is not there."""
        return (self.low + self.high) / 2 if isinstance(self.low, float) and isinstance(self.high, float) else 0.0


def open_questions(labels: Labels) -> list[Question]:
    """Open questions, most persons first. Rows that differ only by car or area and need the same entry are one."""
    together: dict[tuple[object, ...], list[Record]] = defaultdict(list)
    for row in records(labels.released.tables["unknowns"]):
        level = labels.levels.get(row["area_id"] or "")
        group, ids = without_household(row["group"]), tuple(texts(row["facility_ids"]))
        together[row["kind"], group, row["what"], row["missing_entry"], row["reason"], ids, level].append(row)

    def order(asked: Question) -> tuple[object, ...]:
        areas = [labels.area_order(area) for area in asked.area_ids]
        what = (asked.group, asked.what, areas, asked.missing_entry, asked.reason, asked.facility_ids)
        return (-asked.persons, labels.service_order(asked.kind), what)

    return sorted((_question(labels, rows) for rows in together.values()), key=order)


def _question(labels: Labels, rows: list[Record]) -> Question:
    groups = sorted({row["group"] for row in rows})
    group = groups[0] if len(groups) == 1 else without_household(groups[0])
    low, high = _span(labels, rows)
    first = rows[0]
    areas = sorted({row["area_id"] for row in rows}, key=labels.area_order)
    return Question(
        first["kind"], group, tuple(areas), first["what"], low, high, first["missing_entry"], first["reason"],
        tuple(texts(first["facility_ids"])),
    )  # fmt: skip


def _span(labels: Labels, rows: list[Record]) -> tuple[Number, Number]:
    """Persons of rows; where nobody knows who has a car, from the fewer to the more of both kinds of household.

    Such rows hold half of the people each: the middle of a share between nobody and everybody.
    """
    numbers = [count(row, "persons_best") for row in rows]
    for sign in (Sign.WITHHELD, Sign.UNKNOWN):
        if sign in numbers:
            return sign, sign
    of_part: dict[str, float] = defaultdict(float)
    for row, number in zip(rows, numbers, strict=True):
        of_part[_part(row["group"])] += float(number)  # type: ignore[arg-type]
    whole, parts = of_part.pop("", 0.0), [of_part[part] for part in (WITH_CAR, WITHOUT_CAR)]
    if not is_carless_unknown(labels, rows[0]["group"]):
        return whole + sum(parts), whole + sum(parts)
    return whole + 2 * min(parts), whole + 2 * max(parts)


def _part(group: str) -> str:
    return next((part for part in (WITH_CAR, WITHOUT_CAR) if group.endswith(part)), "")


def is_carless_unknown(labels: Labels, group: str) -> bool:
    """Whether the run had no share of households without a car for a group."""
    settings: Any = labels.released.run["settings"]
    if "carless" not in settings:
        return False
    carless = settings["carless"] or {}
    of_group = (carless.get("share_by_group") or {}).get(group.split(".", 1)[0], carless.get("share"))
    return of_group is None


def areas_of(question: Question, labels: Labels) -> Iterator[str]:
    """Areas of a question and all they lie in along the nesting, each once."""
    seen: set[str] = set()
    for area_id in question.area_ids:
        at = area_id
        while at is not None and at not in seen:
            seen.add(at)
            at = labels.parents.get(at)
    yield from sorted(seen)
