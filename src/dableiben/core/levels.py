# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Levels of areas, from large to small, and which of them nest."""

from __future__ import annotations

LEVELS = (
    "district",
    "mittelbereich",
    "amt",
    "municipality",
    "school_district",
    "planning_area",
    "locality",
)

NESTED = ("district", "amt", "municipality", "locality")
"""Each area of a level lies in exactly one area of the level before it; gaps are named along this path."""

LABELS_DE = {
    "district": "Landkreis",
    "mittelbereich": "Mittelbereich",
    "amt": "Amt",
    "municipality": "Gemeinde",
    "school_district": "Schulbezirk",
    "planning_area": "Planungsraum",
    "locality": "Ortsteil",
}


def id_column(level: str) -> str:
    """Name of the column that holds the area id of a level in the table of cells."""
    return f"{level}_id"
