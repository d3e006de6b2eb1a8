# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""docs/results.md promises what the contracts hold: every table, every column with its type and class."""

from __future__ import annotations

from pathlib import Path

import pytest

from dableiben.core.results import RESULT_TABLES
from dableiben.core.run import RUN_AREAS
from dableiben.core.tables import TableContract


@pytest.mark.parametrize("contract", [*RESULT_TABLES, RUN_AREAS], ids=lambda contract: contract.name)
def test_every_column_is_described(contract: TableContract, repository_path: Path) -> None:
    text = (repository_path / "docs" / "results.md").read_text(encoding="utf-8")
    section = text.split(f"\n## {contract.name}\n")[1].split("\n## ")[0]
    rows = {line.split("|")[1].strip(" `"): line for line in section.splitlines() if line.startswith("| `")}
    assert list(rows) == contract.names
    for column in contract.columns:
        assert column.meaning in rows[column.name]
        assert str(column.type) in rows[column.name]
        assert ("never null" in rows[column.name]) is not column.nullable
        assert rows[column.name].rstrip(" |").endswith(column.privacy)
