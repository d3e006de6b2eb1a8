# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Where a number comes from: file, hash, reader, date, licence line; and what reading lost."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Source:
    """One input as it was given."""

    file: str
    """name of the file without its folder (results must not depend on the folder)"""
    kind: str
    """which reader understood it, e.g. ``osm``, ``zensus_grid``, ``register``"""
    sha256: str
    as_of: date | None = None
    attribution: str = ""
    """licence line that must stand wherever results are shown; empty for a municipality's own lists"""
    restricted: bool = False
    """True for a municipality's own lists: small counts are withheld in what is released"""


@dataclass
class ReadReport:
    """What a reader read and what it lost, with reasons; shown in doctor and report."""

    source: Source
    rows_read: int = 0
    rows_used: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    """German reason -> rows lost"""
    notes: list[str] = field(default_factory=list)
    """German sentences on what was repaired or assumed, e.g. a leading zero put back"""

    def lose(self, reason: str, rows: int = 1) -> None:
        """Count rows that are not used, with the German reason."""
        if rows:
            self.lost[reason] += rows

    def note(self, sentence: str) -> None:
        """Keep a remark once."""
        if sentence not in self.notes:
            self.notes.append(sentence)


def sha256_of(path: Path) -> str:
    """Hex digest of a file, read in blocks."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
