# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What reading a timetable loses, repairs and counts, in one place for all its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from dableiben.core.provenance import ReadReport

NAMED = 10
"""ids that a note names; of more the rest is counted, all stand in `left_out`"""


@dataclass
class Losses:
    """Every row of a table is used or lost once; ids of what is lost or lacks something stay listed."""

    report: ReadReport
    counts: Counter[str] = field(default_factory=Counter)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    """German reason -> ids as the feed writes them, complete"""

    def read(self, rows: int) -> None:
        """Count rows of a table."""
        self.report.rows_read += rows

    def lose(self, reason: str, rows: int, ids: Iterable[object] = ()) -> None:
        """Count rows that are not used, with the ids they are about."""
        self.report.lose(f"Fahrplan: {reason}", rows)
        self.list(f"Fahrplan: {reason}", ids)

    def list(self, reason: str, ids: Iterable[object]) -> None:
        """Keep ids under a reason, each once, and name the first in a note when all is read."""
        listed = dict.fromkeys(str(i) for i in ids)
        if listed:
            known = self.left_out.setdefault(reason, [])
            known += [i for i in listed if i not in set(known)]

    def note(self, sentence: str) -> None:
        """A remark for the report."""
        self.report.note(sentence)

    def finish(self) -> None:
        """Add up what was used, and name what is listed."""
        self.report.rows_used = self.report.rows_read - self.report.lost.total()
        for reason, ids in self.left_out.items():
            more = f" und {len(ids) - NAMED} weitere" if len(ids) > NAMED else ""
            self.note(f"{reason}: {', '.join(ids[:NAMED])}{more}.")


def german(number: int) -> str:
    """A whole number as Germans write it: 424.266."""
    return f"{number:,}".replace(",", ".")
