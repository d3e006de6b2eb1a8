# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A tiny made-up region of two lists, as a municipality would send them: residents and facilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

AGS = "13099001"
PERSONS = {"Oberdorf": 3, "Unterdorf": 2}
"""persons of each age year and sex by locality"""
HEAD = (
    "Art",
    "Name",
    "Träger",
    "Gemeinde",
    "Ortsteil",
    "genehmigte Plätze",
    "belegbare Plätze",
    "barrierefrei",
    "Stand",
)
KITA = {
    "Art": "Kita", "Name": "Kita Regenbogen", "Gemeinde": "Musterau", "Ortsteil": "Oberdorf",
    "genehmigte Plätze": "40", "belegbare Plätze": "36", "Stand": "31.12.2024",
}  # fmt: skip
PRACTICE = {"Art": "Hausarzt", "Name": "Praxis Meyer", "Gemeinde": "Musterau", "Ortsteil": "Unterdorf"}


def write_residents(path: Path, day: str = "31.12.2024", more: int = 0) -> Path:
    """Write a population list; `more` persons are added to every row."""
    lines = ["AGS;Gemeinde;Ortsteil;Alter;Geschlecht;Wohnsitz;Stichtag;Anzahl"]
    for locality, persons in PERSONS.items():
        for age in range(90):
            for sex in "mw":
                lines.append(f"{AGS};Musterau;{locality};{age};{sex};Hauptwohnsitz;{day};{persons + more}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_register(path: Path, rows: Sequence[Mapping[str, str]] = (KITA, PRACTICE)) -> Path:
    """Write a register; columns that no row names are left out."""
    head = [name for name in (*HEAD, "ID", "vorhanden") if any(name in row for row in rows)]
    lines = [";".join(head), *(";".join(row.get(name, "") for name in head) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
