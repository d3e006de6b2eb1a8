# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The words of failure: one kind for people, one for broken tables; everything else is a bug."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class InputError(Exception):
    """Something a person gave us cannot be used; says where and how to repair it (exit code 2).

    code      stable id in kebab case, e.g. ``register-text-in-number``
    message   one German sentence: what is wrong
    repair    one German sentence: what to do
    file, sheet, row, column   the spot; row is counted as the person sees it (1 = first line)
    """

    code: str
    message: str
    repair: str
    file: str | Path | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    further: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        super().__init__(self.message)

    def place(self) -> str:
        """The spot in German: file, sheet, row, column; empty if none is known."""
        parts = []
        if self.file is not None:
            parts.append(f"Datei „{Path(self.file).name}“")
        if self.sheet is not None:
            parts.append(f"Blatt „{self.sheet}“")
        if self.row is not None:
            parts.append(f"Zeile {self.row}")
        if self.column is not None:
            parts.append(f"Spalte „{self.column}“")
        return ", ".join(parts)

    def __str__(self) -> str:
        place = self.place()
        lines = [f"{place}: {self.message}" if place else self.message, *self.further]
        return "\n".join([*lines, f"So beheben: {self.repair}"])

    def __reduce__(self) -> tuple[object, ...]:
        """Keep all fields when the error crosses a process border."""
        return (
            type(self),
            (self.code, self.message, self.repair, self.file, self.sheet, self.row, self.column, self.further),
        )


class ContractError(ValueError):
    """A table between floors breaks its contract: a bug of ours, never of the input."""
