# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What the code imports, what pyproject.toml asks for and what the lock pins are the same thing."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

# Needed without being imported by name: time zones on Windows.
SILENT = {"tzdata"}


@pytest.fixture(scope="module")
def project(repository_path: Path) -> dict[str, Any]:
    return tomllib.loads((repository_path / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock(repository_path: Path) -> dict[str, list[tuple[Requirement, int]]]:
    """Pins of the lock by name, each with its number of hashes."""
    text = (repository_path / "requirements.lock").read_text(encoding="utf-8")
    pins: dict[str, list[tuple[Requirement, int]]] = {}
    for block in re.split(r"\n(?=\S)", text):
        if block.startswith("#"):
            continue
        requirement = Requirement(block.split("\\")[0].strip())
        hashes = block.count("--hash=sha256:")
        pins.setdefault(canonicalize_name(requirement.name), []).append((requirement, hashes))
    return pins


def asked_for(project: dict[str, Any]) -> list[Requirement]:
    texts = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    return [Requirement(text) for text in texts]


def test_lock_holds_what_the_project_asks_for(
    project: dict[str, Any], lock: dict[str, list[tuple[Requirement, int]]]
) -> None:
    assert len(lock) > 40
    for requirement in asked_for(project):
        pins = lock.get(canonicalize_name(requirement.name), [])
        assert pins, f"{requirement} is not in the lock: make lock"
        for pin, _ in pins:
            (version,) = (Version(s.version) for s in pin.specifier)
            assert version in requirement.specifier, f"{pin} does not fit {requirement}: make lock"


def test_every_pin_is_exact_and_has_hashes(lock: dict[str, list[tuple[Requirement, int]]]) -> None:
    for pins in lock.values():
        for pin, hashes in pins:
            assert [s.operator for s in pin.specifier] == ["=="] and hashes >= 1 and pin.url is None


def test_lock_names_no_address_and_no_option(repository_path: Path) -> None:
    text = (repository_path / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text and "file:" not in text
    assert not re.search(r"^\s*--(?!hash=sha256:[0-9a-f]{64}( \\)?$)", text, re.MULTILINE)


def test_every_range_has_both_ends(project: dict[str, Any]) -> None:
    for text in project["project"]["dependencies"]:
        operators = {s.operator for s in Requirement(text).specifier}
        assert ">=" in operators and ("<" in operators or Requirement(text).name in SILENT), text


def imported_distributions(repository_path: Path) -> set[str]:
    """Packages of others that the code imports, by the name under which they are installed."""
    distributions = packages_distributions()
    used = set()
    for path in sorted((repository_path / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            used |= {name.split(".")[0] for name in names}
    foreign = used - set(sys.stdlib_module_names) - {"dableiben"}
    return {canonicalize_name(d) for name in foreign for d in distributions.get(name, [f"unknown-{name}"])}


def declared_dependencies(project: dict[str, Any]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in project["project"]["dependencies"]}


def test_what_is_imported_is_declared(project: dict[str, Any], repository_path: Path) -> None:
    assert imported_distributions(repository_path) - declared_dependencies(project) == set()
