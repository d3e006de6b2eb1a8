# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What people put beside the results of a run (exports, notes) outlives a run of the same name."""

from __future__ import annotations

import filecmp
import json
import shutil
from pathlib import Path
from typing import Any

OUTDATED = "outdated"
"""folder inside a run for what was made from other results of the same name"""
DATA = frozenset({".parquet", ".json", ".log"})
"""endings of what a run writes for machines; a newer file replaces an older one"""


def same_results(one: Path, other: Path) -> bool:
    """Whether two runs hold the same tables and facts; clock times do not count."""
    tables, others = ({path.name for path in run.glob("*.parquet")} for run in (one, other))
    if tables != others or _facts(one) != _facts(other):
        return False
    return all(filecmp.cmp(one / name, other / name, shallow=False) for name in sorted(tables))


def carry_over(old: Path, new: Path) -> list[Path]:
    """Copy into `new` whatever `old` holds beside the files of a run; returns what no longer fits, as it lies in `new`.

    An export stays under its name if both runs hold the same results. Else it would pass for an export of
    results that it was not made from: it goes to the folder `outdated`. So does a document of the run that
    differs from the new one of that name (somebody may have written into it). Nothing is overwritten.
    """
    fresh, outdated = same_results(old, new), []
    for path in sorted(path for path in old.rglob("*") if path.is_file()):
        name = path.relative_to(old)
        was_outdated = name.parts[0] == OUTDATED
        goal = new / name
        if goal.exists() and (path.suffix in DATA or filecmp.cmp(path, goal, shallow=False)):
            continue
        if goal.exists() or not (fresh or was_outdated):
            goal = _free(new / OUTDATED / (name.relative_to(OUTDATED) if was_outdated else name))
            outdated.append(goal.relative_to(new))
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, goal)
    return outdated


def _facts(run: Path) -> dict[str, Any] | None:
    """Content of run.json without clock times; None where it cannot be read."""
    try:
        content = json.loads((run / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return {key: value for key, value in content.items() if key != "clock"} if isinstance(content, dict) else None


def _free(path: Path) -> Path:
    """The path, or the first with a number that is not taken: report.xlsx, report-2.xlsx, report-3.xlsx."""
    goal, number = path, 2
    while goal.exists():
        goal, number = path.with_name(f"{path.stem}-{number}{path.suffix}"), number + 1
    return goal
