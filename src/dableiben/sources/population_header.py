# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The header of a population list: key columns, and columns of counts with what their names say.

Counts may stand in one column (long form) or in many: one per age, sex, home or date, under one header row or
under several with merged cells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from dableiben.core.seasons import MONTHS
from dableiben.sources.cells import ages, plain, text_of
from dableiben.sources.columns import HEADER_ROWS, spellings
from dableiben.sources.day_words import find_day
from dableiben.sources.sheets import Cell, Sheet

AREA_FIELDS = ("area_key", "municipality", "locality")
STRONG_KEYS = frozenset((*AREA_FIELDS, "age", "age_from", "birth_year", "sex"))
"""a header has one of these; "Stichtag" and "Einwohner" stand in titles as well"""
FILLERS = frozenset(
    ("einwohner", "personen", "anzahl", "bevoelkerung", "ew", "davon", "alter", "geschlecht", "im", "mit")
)


@dataclass(frozen=True)
class Counts:
    """A column of counts and what is said about it; None = nothing."""

    column: int
    name: str
    age: tuple[int, int | None] | None = None
    sex: str | None = None
    home: str | None = None
    as_of: date | None = None
    is_total: bool = False

    def axes(self) -> frozenset[str]:
        """Names of what is said about the column."""
        return frozenset(n for n in ("age", "sex", "home", "as_of") if getattr(self, n) is not None)


@dataclass(frozen=True)
class PopulationHeader:
    """Where the data begin and what the columns are."""

    last_row: int
    """index of the last header row"""
    first_row: int
    keys: dict[str, int]
    counts: tuple[Counts, ...]
    totals: tuple[Counts, ...]
    """columns that sum over others"""


def find_population_header(sheet: Sheet) -> PopulationHeader | None:
    """The topmost row with a key column and a column of counts; None if there is none."""
    for index in range(min(HEADER_ROWS, len(sheet.rows))):
        keys = _keys(sheet.rows[index])
        if not set(keys) & STRONG_KEYS:
            continue
        counts = _counts(sheet.rows[index], keys)
        if "persons" in keys or counts or _below(sheet, index, keys):
            return _joined(sheet, index, keys)
    return None


def _keys(row: list[Cell]) -> dict[str, int]:
    keys: dict[str, int] = {}
    for column, cell in enumerate(row):
        field = spellings().field("population", cell) if isinstance(cell, str) else None
        if field is not None:
            # A second name of the municipality beside the first ("Gemeinde", "Ort") is the locality.
            beside = field == "municipality" and field in keys and "locality" not in keys
            keys.setdefault("locality" if beside else field, column)
    return keys


def _counts(row: list[Cell], keys: dict[str, int]) -> dict[int, Counts]:
    found = {}
    for column, cell in enumerate(row):
        if cell is not None and column not in keys.values():
            said = describe(cell, column)
            if said is not None:
                found[column] = said
    return found


def _joined(sheet: Sheet, index: int, keys: dict[str, int]) -> PopulationHeader | None:
    """Lay header rows above and below over the row found, as long as they only describe counts."""
    levels = [_counts(sheet.rows[index], keys)]
    first = last = index
    while below := _below(sheet, last, keys):
        levels.append(below)
        last += 1
    while first > 0 and (above := _above(sheet.rows[first - 1], levels[0], keys)):
        levels.insert(0, above)
        first -= 1
    deepest = levels[-1]
    columns: dict[int, Counts] = {}
    for level in levels:
        for column, said in (_spread(level, deepest) if level is not deepest else level).items():
            columns[column] = _both(columns[column], said) if column in columns else said
    if "persons" in keys:
        columns[keys["persons"]] = Counts(keys["persons"], text_of(sheet.rows[index][keys["persons"]]) or "")
    if len(levels) > 1:  # a column that only the upper row names belongs to no count
        columns = {c: s for c, s in columns.items() if c in deepest or c == keys.get("persons")}
    counts, totals = _split_totals([columns[c] for c in sorted(columns)])
    return PopulationHeader(last, first, keys, tuple(counts), tuple(totals)) if counts else None


def _below(sheet: Sheet, index: int, keys: dict[str, int]) -> dict[int, Counts]:
    """Counts of the row below if it is a further header row, else nothing."""
    if index + 1 >= len(sheet.rows):
        return {}
    row, upper = sheet.rows[index + 1], sheet.rows[index]
    for column in keys.values():
        own = row[column] if column < len(row) else None
        if own is not None and own != upper[column]:
            return {}
    rest = {c: v for c, v in enumerate(row) if v is not None and c not in keys.values()}
    found = _counts(row, keys)
    # Plain numbers under counts could be data: then the row would name its area.
    is_bare = all(column >= len(row) or row[column] is None for column in keys.values())
    has_upper = all(c < len(upper) and upper[c] is not None for c in rest)
    is_header = has_upper or is_bare or not _counts(upper, keys)
    return found if rest and len(found) == len(rest) and is_header else {}


def _above(row: list[Cell], under: dict[int, Counts], keys: dict[str, int]) -> dict[int, Counts]:
    """What a row above says about the counts under it; a word reaches to the right up to the next one."""
    found: dict[int, Counts] = {}
    current: Counts | None = None
    for column in sorted(under):
        cell = row[column] if column < len(row) else None
        if cell is not None:
            current = describe(cell, column)
            if current is None or current.age is not None:
                return {}
        if current is not None:
            found[column] = replace(current, column=column)
    others = [c for c, v in enumerate(row) if v is not None and c not in under]
    return found if found and not others else {}


def _spread(level: dict[int, Counts], under: dict[int, Counts]) -> dict[int, Counts]:
    """A word over several columns stands in the first of them where cells are not merged."""
    spread = dict(level)
    current: Counts | None = None
    for column in sorted(set(level) | set(under)):
        current = level.get(column, current)
        if current is not None:
            spread[column] = replace(current, column=column)
    return spread


def _both(upper: Counts, lower: Counts) -> Counts:
    return Counts(
        lower.column,
        f"{upper.name} {lower.name}".strip(),
        lower.age or upper.age,
        lower.sex or upper.sex,
        lower.home or upper.home,
        lower.as_of or upper.as_of,
        upper.is_total or lower.is_total,
    )


def _split_totals(columns: list[Counts]) -> tuple[list[Counts], list[Counts]]:
    """Columns that say less than others, or say "Insgesamt", sum over the others."""
    axes = frozenset[str]().union(*(c.axes() for c in columns))
    full = [c for c in columns if c.axes() == axes and not c.is_total]
    if not full:  # only "Insgesamt" columns: they are the counts
        return columns, []
    return full, [c for c in columns if c not in full]


def describe(cell: Cell, column: int) -> Counts | None:
    """What the name of a column of counts says: "m 0-2", "Nebenwohnsitz", "31.12.2024", "Insgesamt", "75+"."""
    if isinstance(cell, date):
        return Counts(column, text_of(cell) or "", as_of=cell)
    name = text_of(cell)
    if name is None or isinstance(cell, bool):
        return None
    age = ages(cell)
    if age is not None:
        return Counts(column, name, age=age)
    return _describe_words(name, column)


def _describe_words(name: str, column: int) -> Counts | None:
    known = spellings()
    words = plain(name).split()
    sex = home = None
    is_total = False
    rest = list(words)
    for length in (4, 3, 2, 1):
        start = 0
        while start + length <= len(rest):
            span = " ".join(rest[start : start + length])
            if span in known.totals:
                is_total = True
            elif span in known.home and home is None and not (len(span) == 1 and len(words) > 2):
                home = known.home[span]
            elif span in known.sex and sex is None:
                sex = known.sex[span]
            elif span not in FILLERS:
                start += 1
                continue
            del rest[start : start + length]
    left = " ".join(rest)
    age = ages(left) if left else None
    as_of = find_day(name) if left and age is None and any(ch.isdigit() for ch in left) else None
    if left and age is None and (as_of is None or not _only_date(left)):
        return None
    if not (is_total or sex or home or age or as_of):
        return None
    return Counts(column, name, age, sex, home, as_of, is_total)


def _only_date(left: str) -> bool:
    return all(
        word.isdigit() or word in MONTHS or word in ("stichtag", "stand", "am", "zum", "jahr", "quartal", "maerz")
        for word in left.split()
    )
