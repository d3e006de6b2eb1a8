# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Nothing in the package is longer than a reader can hold; no picture or file heavier than agreed."""

from __future__ import annotations

import ast
from pathlib import Path

from support.repository import files_of_project

MODULE_LINES = 450
FUNCTION_LINES = 100  # kernels cannot be cut as freely as other code
PICTURE_BYTES = 300_000
FILE_BYTES = 1_500_000


def test_modules_stay_short(repository_path: Path) -> None:
    lengths = {
        str(path.relative_to(repository_path)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sorted((repository_path / "src").rglob("*.py"))
    }
    assert len(lengths) > 10
    assert {name: lines for name, lines in lengths.items() if lines > MODULE_LINES} == {}


def test_functions_stay_short(repository_path: Path) -> None:
    """Body lines without the docstring, counted from the first to the last statement."""
    too_long = {}
    for path in sorted((repository_path / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            if lines > FUNCTION_LINES:
                too_long[f"{path.relative_to(repository_path)}:{node.name}"] = lines
    assert too_long == {}


def test_no_heavy_files(repository_path: Path) -> None:
    heavy = {}
    for path in files_of_project(repository_path):
        limit = PICTURE_BYTES if path.suffix in {".png", ".jpg", ".svg", ".webp"} else FILE_BYTES
        if path.stat().st_size > limit:
            heavy[str(path.relative_to(repository_path))] = path.stat().st_size
    assert heavy == {}
