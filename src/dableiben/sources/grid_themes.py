# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What columns of grids besides the persons say about ages (grid_themes.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import yaml


@dataclass(frozen=True)
class AgeTheme:
    """An age band (age_to None = open) and how its values are given."""

    age_from: int
    age_to: int | None
    kind: Literal["percent", "count"]


def age_theme(theme: str) -> AgeTheme | None:
    """What a theme says about ages; None if nothing uses it."""
    return _themes().get(theme.replace("_", "").lower())


@lru_cache(maxsize=1)
def _themes() -> dict[str, AgeTheme]:
    text = files("dableiben.sources").joinpath("grid_themes.yaml").read_text(encoding="utf-8")
    return {str(name): AgeTheme(**content) for name, content in yaml.safe_load(text).items()}
