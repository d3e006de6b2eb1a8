# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Lift an older region folder to the present format, one step per format.

Format 1 is the first, so there is no step yet. A step takes the content of region.toml and the folder, changes what
its format changed, and returns the new content; the next one starts from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from dableiben.core.errors import InputError
from dableiben.store.config import FILE_NAME, FORMAT, read_format
from dableiben.store.folder import RegionFolder

Content = dict[str, Any]
Step = Callable[[Content, Path], Content]
STEPS: Mapping[int, Step] = {}
"""format a step starts from -> step to the next one"""


@dataclass(frozen=True)
class Upgraded:
    """From which format to which; equal if nothing was to be done."""

    before: int
    after: int


def upgrade(root: Path, *, steps: Mapping[int, Step] = STEPS, target: int = FORMAT) -> Upgraded:
    """Lift the folder step by step; region.toml is replaced at the end, in one go.

    Errors: InputError for a newer folder, or one whose format no step starts from.
    """
    before = read_format(root, newest=target)
    missing = [number for number in range(before, target) if number not in steps]
    if missing:
        raise InputError(
            "region-format-unknown", f"Ein Format {before} gab es nie oder es wird nicht mehr gelesen.",
            f"In {FILE_NAME} den Eintrag „format“ prüfen.", file=root / FILE_NAME,
        )  # fmt: skip
    if before == target:
        return Upgraded(before, target)
    with RegionFolder(root).lock():
        content: Content = tomlkit.parse((root / FILE_NAME).read_text(encoding="utf-8"))
        for number in range(before, target):
            content = steps[number](content, root)
            content["format"] = number + 1
        aside = root / f".{FILE_NAME}.new"
        aside.write_text(tomlkit.dumps(content), encoding="utf-8")
        aside.replace(root / FILE_NAME)
    return Upgraded(before, target)
