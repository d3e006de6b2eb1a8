# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Imports go down only, and the contracts that say so do catch somebody who imports up."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
MODEL = ("need", "supply", "access", "gaps", "options")
CLOSED_TO_MODEL = ("dableiben.sources", "dableiben.web")
NETWORK = {"aiohttp", "django", "ftplib", "http", "httpx", "requests", "socket", "urllib", "urllib3"}

# (file to plant in, import to plant, what the report must name)
PLANTED = (
    ("core", "import dableiben.catalogue", "dableiben.core is not allowed to import dableiben.catalogue"),
    ("need", "import dableiben.supply", "dableiben.need is not allowed to import dableiben.supply"),
    ("study", "import dableiben.cli", "dableiben.study is not allowed to import dableiben.cli"),
    ("gaps", "import dableiben.sources", "dableiben.gaps -> dableiben.sources"),
    ("access", "def late():\n    import requests", "dableiben.access -> requests"),
    ("supply", "from urllib.request import urlopen", "dableiben.supply -> urllib"),
    ("report", "import typer", "dableiben.report -> typer"),
    ("undeclared", "", "dableiben.undeclared"),
)


def lint(folder: Path, source: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter with the contracts of ``folder`` on the package below ``source``."""
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo", "--config", str(folder / "pyproject.toml")],
        cwd=source,
        env={**os.environ, "PYTHONPATH": str(source), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_go_down_only(repository_path: Path) -> None:
    done = lint(repository_path, repository_path / "src")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.fixture(scope="module")
def report_on_planted(repository_path: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says about a copy of the package with every import of PLANTED."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copy(repository_path / "pyproject.toml", folder)
    shutil.copytree(
        repository_path / "src" / "dableiben",
        folder / "src" / "dableiben",
        ignore=lambda _, names: [n for n in names if n == "__pycache__"],
    )
    for package, line, _ in PLANTED:
        place = folder / "src" / "dableiben" / package / "__init__.py"
        place.parent.mkdir(exist_ok=True)
        with place.open("a", encoding="utf-8") as file:
            file.write(f"\n{line}\n")
    first = lint(folder, folder / "src")
    assert first.returncode == 1, first.stdout + first.stderr
    # A package that no floor knows stops the floors' contract before it looks at imports: report, then go on.
    shutil.rmtree(folder / "src" / "dableiben" / "undeclared")
    second = lint(folder, folder / "src")
    assert second.returncode == 1, second.stdout + second.stderr
    return " ".join((first.stdout + first.stderr + second.stdout + second.stderr).split())


@pytest.mark.parametrize(("package", "line", "named"), PLANTED, ids=[f"{p[0]}: {p[1][:40]}" for p in PLANTED])
def test_planted_violation_is_named(report_on_planted: str, package: str, line: str, named: str) -> None:
    assert named in report_on_planted


def imported(path: Path) -> set[str]:
    """Every module name that a file imports, at the top or inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports inside the package are written in full"
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def test_model_reads_no_sources_and_no_network(repository_path: Path) -> None:
    """The same rule by a second way that does not depend on import-linter."""
    found = []
    for package in MODEL:
        for path in sorted((repository_path / "src" / "dableiben" / package).rglob("*.py")):
            for name in sorted(imported(path)):
                if name.split(".")[0] in NETWORK or name.startswith(CLOSED_TO_MODEL):
                    found.append(f"{path.relative_to(repository_path)}: {name}")
    assert found == []
