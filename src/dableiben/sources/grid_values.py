# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A block of cells with values, from whatever file, to rows of the contract GRID."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from math import gcd
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.errors import InputError
from dableiben.core.geo import Floats
from dableiben.core.provenance import ReadReport
from dableiben.sources.day_words import find_day
from dableiben.sources.germany import check_metres, metres_in_germany
from dableiben.sources.grid_themes import age_theme

PERSONS = "persons"
PERSONS_NAMES = frozenset(
    (
        "einwohner",
        "einwohnerzahl",
        "einw",
        "bevoelkerung",
        "bevölkerung",
        "insgesamt_bevoelkerung",
        "persons",
        "population",
    )
)
SIZES_M = (100, 200, 250, 500, 1000, 5000, 10000)
UNINHABITED = -1.0
SUPPRESSED = -9.0
CLASSES = 6
"""a table of classes has codes up to this in place of persons"""
ENOUGH_CELLS = 50

LOST_UNINHABITED = "Gitterzelle unbewohnt oder geheim gehalten (-1)"
LOST_NO_VALUE = "Gitterzelle ohne Wert (geheim gehalten)"
LOST_TWICE = "Gitterzelle doppelt"
LOST_ABROAD = "Gitterzelle außerhalb Deutschlands"

CENSUS = {
    2011: (date(2011, 5, 9), "© Statistische Ämter des Bundes und der Länder, Zensus 2011 (dl-de/by-2-0)"),
    2022: (date(2022, 5, 15), "© Statistische Ämter des Bundes und der Länder, Zensus 2022 (dl-de/by-2-0)"),
}


@dataclass
class Block:
    """Cells of one file: centres, and one array of values per theme (NaN = unknown)."""

    x_m: Floats
    y_m: Floats
    themes: dict[str, Floats]
    weak: NDArray[np.bool_]
    size_m: int | None = None
    """as the file itself says; None if it does not"""
    rows: NDArray[np.int32] | None = None
    """row of each cell in the file, as a person counts; None = from the second row on"""
    uninhabited: int = 0
    """cells of the file that were left out because every value says -1"""
    names: dict[str, str] = field(default_factory=dict)
    """theme -> column name as written"""

    def row_of(self, index: int) -> int:
        """Row of the file a cell stands in, as a person counts."""
        return int(self.rows[index]) if self.rows is not None else index + 2


def theme_of(column: str) -> str:
    """Name of the theme of a value column: persons, or the column's name in lower case."""
    name = column.strip().lower()
    return PERSONS if name in PERSONS_NAMES else name


def grid_rows(block: Block, path: Path, report: ReadReport) -> pd.DataFrame:
    """Rows of the contract GRID; every cell is used or lost for a counted reason.

    Errors: InputError for another country, swapped axes, degrees, negative values, an unclear cell size.
    """
    report.rows_read += len(block.x_m) + block.uninhabited
    report.lose(LOST_UNINHABITED, block.uninhabited)
    check_metres(block.x_m, block.y_m, path)
    _check_negative(block, path)
    keep = metres_in_germany(block.x_m, block.y_m)
    size_m = cell_size(block.x_m[keep], block.y_m[keep], block.size_m, path)
    report.lose(LOST_ABROAD, int((~keep).sum()))
    first = keep & ~_twice(block, keep, path)
    report.lose(LOST_TWICE, int(keep.sum() - first.sum()))
    _name_classes(block, size_m, report)
    unused = sorted(block.names.get(t, t) for t in block.themes if t != PERSONS and age_theme(t) is None)
    if unused:
        report.note(f"Nicht ausgewertet: {', '.join(unused)}.")
    known = np.zeros(len(first), np.bool_)
    bare = np.ones(len(first), np.bool_)
    frames = []
    for theme in sorted(block.themes):
        raw = block.themes[theme]
        missing = np.isnan(raw) | (raw == UNINHABITED) | (raw == SUPPRESSED)
        known |= ~missing
        # A cell without persons is left out; a cell whose persons are secret is kept as unknown.
        rows = first & ~(raw == UNINHABITED) if theme == PERSONS else first
        bare &= raw == UNINHABITED
        value = np.where(missing, np.nan, raw)[rows]
        frames.append(_frame(block, rows, theme, size_m, value))
    report.rows_used += int((first & known).sum())
    report.lose(LOST_UNINHABITED, int((first & ~known & bare).sum()))
    report.lose(LOST_NO_VALUE, int((first & ~known & ~bare).sum()))
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(["size_m", "theme", "y_m", "x_m"], ignore_index=True)


def _frame(block: Block, rows: NDArray[np.bool_], theme: str, size_m: int, value: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "x_m": block.x_m[rows],
            "y_m": block.y_m[rows],
            "size_m": np.full(int(rows.sum()), size_m, np.int64),
            "theme": pd.Series([theme], dtype="str").repeat(int(rows.sum())).to_numpy(),
            "value": value,
            "weak": block.weak[rows],
        }
    )


def _twice(block: Block, keep: NDArray[np.bool_], path: Path) -> NDArray[np.bool_]:
    cells = pd.DataFrame({"x": block.x_m, "y": block.y_m})
    again = np.asarray(cells.duplicated() & keep)
    if again.any():
        values = pd.DataFrame(block.themes)
        differing = again & ~np.asarray(cells.join(values).duplicated())
        if differing.any():
            raise InputError(
                "grid-cell-twice",
                "Dieselbe Gitterzelle steht mehrfach mit verschiedenen Werten in der Datei.",
                "Nur eine Zeile je Gitterzelle und nur einen Stand je Datei verwenden.",
                file=path,
                row=block.row_of(int(np.flatnonzero(differing)[0])),
            )
    return again


def _check_negative(block: Block, path: Path) -> None:
    for theme, values in sorted(block.themes.items()):
        wrong = (values < 0) & (values != UNINHABITED) & (values != SUPPRESSED)
        if wrong.any():
            row = int(np.flatnonzero(wrong)[0])
            raise InputError(
                "grid-negative",
                f"Negativer Wert {values[row]:g}; erlaubt sind nur -1 und -9 für fehlende Werte.",
                "Den Wert berichtigen oder die Datei neu herunterladen.",
                file=path,
                row=block.row_of(row),
                column=block.names.get(theme, theme),
            )


def cell_size(x_m: Floats, y_m: Floats, stated: int | None, path: Path) -> int:
    """Edge length in metres: as stated by the file or its name, checked against the spacing of the cells."""
    named = re.search(r"(?<!\d)(\d{1,5})\s*(km|m)(?![a-z])", path.stem.lower())
    if stated is None and named:
        stated = int(named[1]) * (1000 if named[2] == "km" else 1)
    spacing = _spacing(x_m, y_m, path)
    if stated is None and spacing in SIZES_M:
        return spacing
    if stated is None or stated not in SIZES_M:
        raise InputError(
            "grid-size-unknown",
            "Die Größe der Gitterzellen ist nicht zu erkennen.",
            "Die Größe in den Dateinamen schreiben, z. B. einwohner-100m.csv.",
            file=path,
        )
    if spacing % stated:
        raise InputError(
            "grid-size-differs",
            f"Die Datei nennt Zellen von {stated} m, die Zellen liegen aber {spacing} m auseinander.",
            "Prüfen, ob der Dateiname oder die Spalten zu diesem Gitter gehören.",
            file=path,
        )
    return stated


def _spacing(x_m: Floats, y_m: Floats, path: Path) -> int:
    """Largest number of metres that divides all distances between cells; 0 for a single cell."""
    whole = []
    for values in (x_m, y_m):
        unique = np.unique(values)
        if (np.abs(unique - np.round(unique)) > 0.01).any():
            raise InputError(
                "grid-not-regular",
                "Die Koordinaten sind keine Mittelpunkte eines Gitters (Bruchteile von Metern).",
                "Mittelpunkte der Gitterzellen in EPSG:3035 in ganzen Metern angeben.",
                file=path,
            )
        whole.append(np.diff(np.round(unique).astype(np.int64)))
    steps = np.concatenate(whole)
    return gcd(*(int(step) for step in np.unique(steps))) if len(steps) else 0


def _name_classes(block: Block, size_m: int, report: ReadReport) -> None:
    """Tables of the census with classes in place of numbers would make six people of six hundred."""
    values = block.themes.get(PERSONS)
    if values is None or size_m < 1000:
        return
    known = values[values > 0]
    if len(known) >= ENOUGH_CELLS and float(known.max()) <= CLASSES:
        block.themes["persons_class"] = block.themes.pop(PERSONS)
        report.note("Die Einwohner stehen als Klassen (1 bis 6) in der Datei; sie zählen nicht als Personen.")


def origin_of(path: Path, census: int | None) -> tuple[date | None, str]:
    """Date and attribution of a grid: those of its census, else the date in the name of the file."""
    return CENSUS[census] if census is not None else (find_day(path.stem) or _year_of_name(path.stem), "")


def _year_of_name(stem: str) -> date | None:
    """The last day of the only year in the name of a file (einwohner-2024-100m), None without one."""
    years = re.findall(r"(?<!\d)((?:19|20)\d\d)(?!\d)", stem)
    return date(int(years[0]), 12, 31) if len(years) == 1 else None


def census_year(path: Path, id_example: str | None) -> int | None:
    """Census the grid comes from, by the form of its ids or the name of the file."""
    if id_example and id_example.startswith("CRS3035RES"):
        return 2022
    named = re.search(r"(2011|2022)", path.stem)
    if named:
        return int(named[1])
    return 2011 if id_example else None
