# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""GENESIS flat-file CSV (ffcsv) with the old German and the new English header."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dableiben.core.errors import InputError
from dableiben.sources.base import READERS, Reader, Reading, start_report
from dableiben.sources.delimited import read_text, rows_of, sniff_dialect
from dableiben.sources.statistics_values import (
    ATTRIBUTION,
    KEY,
    STATISTICS_COLUMNS,
    BadValue,
    area_keys,
    clean_name,
    day_of,
    meaning_of,
    population_rows,
    values_of,
)

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

LOST_SHORT = "Statistik: Zeile mit zu wenig Spalten"
LOST_NO_KEY = "Statistik: Zeile ohne amtlichen Schlüssel"
POPULATION_STATISTIC = "12411"
POPULATION_VARIABLE = "BEVSTD"


@dataclass(frozen=True)
class _Columns:
    """Positions of the columns in either header."""

    statistic: int
    time: int
    codes: list[int]
    """codes of the attributes, one per dimension"""
    labels: list[int]
    variables: list[int]
    """codes of the dimensions themselves"""
    values: list[tuple[int, str]]
    """value columns with what they count; a new header has one, and says per row what it counts"""
    value_code: int | None


def sniff(path: Path) -> bool:
    """Whether the first line is one of the two headers."""
    try:
        header = sniff_dialect(path).header
    except (InputError, OSError):
        return False
    return bool(header) and header[0].strip('"') in ("statistics_code", "Statistik_Code")


def read(path: Path, catalogue: Catalogue) -> Reading:
    """The table in long form (`statistics`), and the population of statistic 12411 (`population`).

    Errors: InputError if columns, keys or dates are missing, or a value is neither a number nor an official sign.
    """
    report = start_report(path, "ffcsv", attribution=ATTRIBUTION)
    rows = rows_of(read_text(path), path)
    header = [name.strip().strip("\ufeff") for name in rows[0]] if rows else []
    columns = _columns(header, path)
    filled = [(i + 1, row) for i, row in enumerate(rows[1:], 1) if any(cell.strip() for cell in row)]
    report.rows_read = len(filled)
    whole = [(number, row[: len(header)]) for number, row in filled if len(row) >= len(header)]
    report.lose(LOST_SHORT, len(filled) - len(whole))
    cells = np.array([row for _, row in whole], dtype=object).reshape(-1, len(header))
    area = _area_dimension(cells, columns, path)
    keyed = np.array([bool(KEY.match(str(text).strip())) for text in cells[:, columns.codes[area]]], bool)
    report.lose(LOST_NO_KEY, int((~keyed).sum()))
    report.rows_used = int(keyed.sum())
    numbers = [number for (number, _), keep in zip(whole, keyed, strict=True) if keep]
    facts = _facts(cells[keyed], columns, area, numbers, header, path)
    statistics = facts[list(STATISTICS_COLUMNS)]
    report.source = replace(report.source, as_of=facts["as_of"].max())
    counted = facts[facts["is_population"].astype(bool)]
    population = population_rows(counted) if len(counted) else None
    return Reading(report=report, statistics=statistics, population=population)


def _columns(header: list[str], path: Path) -> _Columns:
    new = header[:1] == ["statistics_code"]
    if not new and not any("__" in name for name in header):
        raise _no_header(path)
    numbers = sorted({int(m[1]) for name in header if (m := re.match(r"(\d+)_", name))})
    try:
        if new:
            value = header.index("value")
            return _Columns(
                0,
                header.index("time"),
                [header.index(f"{n}_variable_attribute_code") for n in numbers],
                [header.index(f"{n}_variable_attribute_label") for n in numbers],
                [header.index(f"{n}_variable_code") for n in numbers],
                [(value, "")],
                header.index("value_variable_code"),
            )
        return _Columns(
            0,
            header.index("Zeit"),
            [header.index(f"{n}_Auspraegung_Code") for n in numbers],
            [header.index(f"{n}_Auspraegung_Label") for n in numbers],
            [header.index(f"{n}_Merkmal_Code") for n in numbers],
            [(i, name) for i, name in enumerate(header) if "__" in name],
            None,
        )
    except ValueError as error:
        raise _no_header(path) from error


def _no_header(path: Path) -> InputError:
    return InputError(
        "statistics-no-header",
        "Der Tabelle fehlen Spalten des Formats ffcsv.",
        "Die Tabelle als „Flat File CSV“ neu herunterladen und nicht bearbeiten.",
        file=path,
        row=1,
    )


def _area_dimension(cells: np.ndarray, columns: _Columns, path: Path) -> int:
    """The dimension whose codes are mostly official keys."""
    shares = [
        float(np.mean([bool(KEY.match(str(text).strip())) for text in cells[:, column]])) if len(cells) else 0.0
        for column in columns.codes
    ]
    if not shares or max(shares) < 0.5:
        raise InputError(
            "statistics-no-area",
            "Die Tabelle ist nicht nach Gemeinden oder Kreisen gegliedert.",
            "Die Tabelle mit regionaler Gliederung neu herunterladen.",
            file=path,
        )
    return int(np.argmax(shares))


def _facts(
    cells: np.ndarray, columns: _Columns, area: int, numbers: list[int], header: list[str], path: Path
) -> pd.DataFrame:
    names = pd.Series(cells[:, columns.labels[area]], dtype="str")
    keys = area_keys(pd.Series(cells[:, columns.codes[area]], dtype="str"), names)
    times = pd.Series(cells[:, columns.time], dtype="str")
    days = times.map({text: day_of(text) for text in times.unique()}).astype(object)
    if days.isna().any():
        row = int(np.flatnonzero(days.isna())[0])
        raise InputError(
            "statistics-no-date",
            f"„{times.iloc[row]}“ ist kein Stichtag und kein Jahr.",
            "Die Tabelle neu herunterladen.",
            file=path,
            row=numbers[row],
            column=header[columns.time],
        )
    others = [i for i in range(len(columns.codes)) if i != area]
    labels = [tuple(str(row[columns.labels[i]]).strip() for i in others) for row in cells]
    frames = []
    for column, heading in columns.values:
        try:
            values = values_of(cells[:, column])
        except BadValue as error:
            raise InputError(
                "statistics-text-in-number",
                f"„{error.text}“ ist weder eine Zahl noch ein Zeichen der amtlichen Statistik.",
                "Die Tabelle neu herunterladen.",
                file=path,
                row=numbers[error.index],
                column=header[column],
            ) from error
        counted = _counted(cells, columns, heading)
        frames.append(_frame(cells, columns, keys, names, days, labels, values, counted))
    return pd.concat(frames, ignore_index=True)


def _counted(cells: np.ndarray, columns: _Columns, heading: str) -> list[str]:
    """Code of what each row counts."""
    if columns.value_code is not None:
        return [str(text).strip() for text in cells[:, columns.value_code]]
    return [heading.split("__", 1)[0]] * len(cells)


def _frame(
    cells: np.ndarray,
    columns: _Columns,
    keys: pd.Series,
    names: pd.Series,
    days: pd.Series,
    labels: list[tuple[str, ...]],
    values: np.ndarray,
    counted: list[str],
) -> pd.DataFrame:
    meanings = {words: meaning_of(list(words)) for words in set(labels)}
    found = [meanings[words] for words in labels]
    statistic = [str(text).strip() for text in cells[:, columns.statistic]]
    is_population = [
        meaning is not None and code == POPULATION_VARIABLE and number == POPULATION_STATISTIC
        for meaning, code, number in zip(found, counted, statistic, strict=True)
    ]
    return pd.DataFrame(
        {
            "table": statistic,
            "area_key": keys.to_numpy(),
            "area_name": clean_name(names).to_numpy(),
            "name": clean_name(names).to_numpy(),
            "as_of": days.to_numpy(),
            "dims": [" | ".join([*words, code]) for words, code in zip(labels, counted, strict=True)],
            "value": values,
            "sex": pd.Series([m[0] if m else None for m in found], dtype=object),
            "age_from": [m[1][0] if m else 0 for m in found],
            "age_to": [float("nan") if not m or m[1][1] is None else float(m[1][1]) for m in found],
            "persons": values,
            "is_population": is_population,
        }
    )


READERS.register("ffcsv")(Reader("statistics", "GENESIS ffcsv (alter und neuer Kopf)", sniff, read, 20))
READERS.register("ffcsv_population")(Reader("population", "GENESIS ffcsv (alter und neuer Kopf)", sniff, read, 20))
