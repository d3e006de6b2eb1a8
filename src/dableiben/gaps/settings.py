# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What was asked of a run: resolved settings, as they stand in run.json."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Dimension = Literal["content", "space"]
DIMENSIONS: tuple[Dimension, ...] = ("content", "space")


@dataclass(frozen=True)
class Settings:
    """Resolved settings of an assessment. `kinds` holds services (kinds and pools); empty = all.

    `modes` and `dimensions` are never empty. `workers` changes no result.
    """

    modes: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = DIMENSIONS
    workers: int = 1
