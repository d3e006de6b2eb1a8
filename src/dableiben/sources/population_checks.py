# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What is checked and settled once a population list is read: totals, age groups that overlap, repeated rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from dableiben.core.errors import InputError
from dableiben.core.provenance import ReadReport

Area = tuple[str | None, str | None, str | None]
"""area_key, municipality, locality"""
Age = tuple[int, int | None]

LOST_TOTAL = "Summenzeile der Einwohnerliste"
LOST_TWICE = "Einwohnerliste: Zeile doppelt"
LOST_NO_COUNT = "Einwohnerliste: Zeile ohne Anzahl (unbekannt, nicht 0)"
LOST_PROJECTION = "Vorausberechnung: wird neben den gezählten Einwohnern gezeigt, aber noch nicht bewertet"
LOST_WHOLE = "Einwohnerliste: Gemeinde insgesamt neben ihren Ortsteilen"
TOLERANCE = 0.5


@dataclass(frozen=True)
class Row:
    """One count of the list, with the place it stands at."""

    sheet: str
    row: int
    area: Area
    age: Age | None
    sex: str | None
    home: str | None
    as_of: date
    persons: float | None
    variant: str
    total_of: frozenset[str]
    """what this count sums over: locality, municipality, age, sex, home"""
    cells: tuple[object, ...] = ()
    """the whole row, to tell a repeated row from a further one"""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes the count one of its own."""
        return (*self.area, self.age, self.sex, self.home, self.as_of, self.variant)

    def values(self, basis: str) -> dict[str, object]:
        """The row by the contract POPULATION."""
        age_from, age_to = self.age if self.age is not None else (0, None)
        return {
            "area_key": self.area[0],
            "municipality": self.area[1],
            "locality": self.area[2],
            "age_from": age_from,
            "age_to": age_to,
            "sex": self.sex,
            "home": self.home,
            "as_of": self.as_of,
            "persons": self.persons,
            "variant": self.variant,
            "basis": basis,
        }


def settle(rows: list[Row], report: ReadReport, path: Path) -> list[Row]:
    """The counts to use: without totals (checked), repeated rows and double-counted municipalities."""
    rows = _drop_false_totals(rows, path)
    totals = [row for row in rows if row.total_of]
    counts = [row for row in rows if not row.total_of]
    for sentence in check_totals(totals, counts):
        report.note(sentence)
    used_before = {(row.sheet, row.row) for row in counts}
    report.lose(LOST_TOTAL, len({(row.sheet, row.row) for row in totals} - used_before))
    counts = _close_ages(counts, report, path)
    counts = _without_wholes(counts, report)
    return _joined(counts, report)


def _drop_false_totals(rows: list[Row], path: Path) -> list[Row]:
    """ "Insgesamt" is no total where nothing else is said: then it is the count itself."""
    has_sex = {row.sheet for row in rows if row.sex is not None}
    has_age = {row.sheet for row in rows if row.age is not None}
    has_home = {row.sheet for row in rows if row.home is not None}
    has_part = {row.sheet for row in rows if not row.total_of & {"locality", "municipality"}}
    settled = []
    for row in rows:
        false = {
            axis
            for axis, known in (("sex", has_sex), ("age", has_age), ("locality", has_part), ("municipality", has_part))
            if axis in row.total_of and row.sheet not in known
        }
        if "home" in row.total_of and row.sheet not in has_home:
            raise InputError(
                "population-homes-mixed", "Haupt- und Nebenwohnsitze stehen nur zusammen in der Liste.",
                "Nur Personen mit Hauptwohnsitz liefern oder beide in einer Spalte „Wohnsitz“ unterscheiden.",
                file=path, sheet=row.sheet, row=row.row,
            )  # fmt: skip
        settled.append(replace(row, total_of=row.total_of - false) if false else row)
    return settled


_PARTS = ("area_key", "municipality", "locality", "age", "sex", "home", "as_of", "variant")


def check_totals(totals: Iterable[Row], counts: Sequence[Row]) -> list[str]:
    """German sentences on totals that differ from the sum of their parts; unknown parts are not checked."""
    by_pattern: dict[frozenset[str], list[Row]] = defaultdict(list)
    for row in totals:
        whole = row.total_of
        if "municipality" in whole or ("locality" in whole and row.area[1] is None):
            whole = whole | {"area_key", "municipality", "locality"}
        by_pattern[whole].append(row)
    wrong: list[tuple[Row, float]] = []
    for pattern in sorted(by_pattern, key=sorted):
        kept = [i for i, part in enumerate(_PARTS) if part not in pattern]
        sums: dict[tuple[object, ...], float] = defaultdict(float)
        unknown = set()
        for row in counts:
            key = (row.sheet, *(row.key[i] for i in kept))
            if row.persons is None:
                unknown.add(key)
            else:
                sums[key] += row.persons
        for row in by_pattern[pattern]:
            key = (row.sheet, *(row.key[i] for i in kept))
            is_checked = row.persons is not None and key in sums and key not in unknown
            if is_checked and abs(sums[key] - (row.persons or 0)) > TOLERANCE:
                wrong.append((row, sums[key]))
    if not wrong:
        return []
    row, found = min(wrong, key=lambda pair: (pair[0].sheet, pair[0].row))
    example = f"Blatt „{row.sheet}“, Zeile {row.row}: {row.persons:g} statt {found:g}"
    differ = f"{len(wrong)} Summen der Einwohnerliste stimmen nicht mit ihren Teilen überein, z. B. {example}."
    return [f"{differ} Verwendet werden die Teile."]


def _close_ages(rows: list[Row], report: ReadReport, path: Path) -> list[Row]:
    """Read "0-3, 3-6, 6-10" as "bis unter": bands that share their borders would count children twice."""
    bands = sorted({row.age for row in rows if row.age is not None}, key=lambda a: (a[0], a[1] is None, a[1] or 0))
    overlapping = [(low, high) for low, high in pairwise(bands) if low[1] is None or high[0] <= low[1]]
    if not overlapping:
        return rows
    shared = all(low[1] is not None and high[0] == low[1] and low[0] < low[1] for low, high in overlapping)
    if not shared:
        (first, second) = overlapping[0]
        raise InputError(
            "population-ages-overlap",
            f"Altersgruppen überschneiden sich: {_band(first)} und {_band(second)}.",
            "Jedes Alter nur einmal zählen, z. B. „0 bis unter 3“, „3 bis unter 6“.",
            file=path,
        )  # fmt: skip
    report.note("Altersgruppen mit gemeinsamer Grenze (0-3, 3-6) sind als „bis unter“ gelesen.")
    borders = {low for low, _ in overlapping}
    closed = {band: (band[0], band[1] - 1) for band in borders if band[1] is not None}
    return [replace(row, age=closed.get(row.age, row.age)) if row.age is not None else row for row in rows]


def _band(age: Age) -> str:
    return f"{age[0]} und mehr" if age[1] is None else f"{age[0]} bis {age[1]}"


def _without_wholes(rows: list[Row], report: ReadReport) -> list[Row]:
    """Leave out rows of a whole municipality that equal the sum of its localities."""
    parts: dict[tuple[object, ...], float] = defaultdict(float)
    for row in rows:
        if row.area[2] is not None and row.persons is not None:
            parts[(row.area[0], row.area[1], *row.key[3:])] += row.persons
    wholes = [row for row in rows if row.area[2] is None]
    same = [
        row
        for row in wholes
        if abs(parts.get((row.area[0], row.area[1], *row.key[3:]), -1) - (row.persons or 0)) < TOLERANCE
    ]
    if not wholes or len(same) < len(wholes):
        return rows
    left = [row for row in rows if row.area[2] is not None]
    report.lose(LOST_WHOLE, len(_places(wholes) - _places(left)))
    return left


def _places(rows: Iterable[Row]) -> set[tuple[str, int]]:
    return {(row.sheet, row.row) for row in rows}


def _joined(rows: list[Row], report: ReadReport) -> list[Row]:
    """One row per combination: repeated rows are dropped, further ones (by nationality, say) added up."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row)
    kept: list[Row] = []
    repeated: set[tuple[str, int]] = set()
    added = 0
    for group in groups.values():
        different: dict[tuple[object, ...], Row] = {}
        for row in group:
            different.setdefault((row.persons, *row.cells), row)
        repeated |= _places(group) - _places(different.values())
        parts = list(different.values())
        added += len(parts) - 1
        persons = [row.persons for row in parts]
        total = None if any(p is None for p in persons) else sum(p for p in persons if p is not None)
        kept.append(replace(parts[0], persons=total))
    repeated -= _places(kept)
    report.lose(LOST_TWICE, len(repeated))
    if repeated:
        report.note("Doppelte Zeilen der Einwohnerliste: " + _listed(sorted(repeated)))
    if added:
        report.note(
            f"{added} weitere Zeilen zu derselben Kombination wurden zusammengezählt "
            "(z. B. nach Nationalität getrennt)."
        )
    silent = _places(rows) - _places(row for row in rows if row.persons is not None) - repeated
    report.lose(LOST_NO_COUNT, len(silent))
    projected = _places(row for row in rows if row.variant != "actual") - repeated - silent
    report.lose(LOST_PROJECTION, len(projected))
    report.rows_used += len(_places(rows) - repeated - silent - projected)
    return kept


def _listed(places: list[tuple[str, int]], most: int = 10) -> str:
    text = ", ".join(f"Blatt „{sheet}“ Zeile {row}" for sheet, row in places[:most])
    return text + (f" und {len(places) - most} weitere." if len(places) > most else ".")
