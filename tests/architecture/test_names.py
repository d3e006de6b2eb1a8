# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Words that mean two things, or nothing, do not become names."""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
from pathlib import Path

# In German two words (Erreichbarkeit, Barrierefreiheit), so never bare: access or barrier_free.
# A Träger is a provider, never a carrier.
FALSE_FRIENDS = re.compile(r"accessibility|carrier|handicapped", re.IGNORECASE)
EMPTY_WORDS = re.compile(r"^(utils?|helpers?|misc|common|stuff|manager|tools?|base_utils)$")
PARTS_OF_CLASS = re.compile(r"(Manager|Helper|Utils?)$")
# The planning number comes from a card: a parameter named like one has no literal default.
PLANNING = re.compile(
    r"(limit|threshold|rate|radius|speed|target|norm|share|minimum)(_|$)|_(min|km|persons|places|share)$"
)
MODEL = ("need", "supply", "access", "gaps")


def sources(root: Path) -> list[Path]:
    return sorted((root / "src").rglob("*.py"))


def names_in(path: Path) -> list[tuple[int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
    names = [token for token in tokens if token.type == tokenize.NAME]
    return [(name.start[0], name.string) for name in names if not keyword.iskeyword(name.string)]


def test_no_false_friends(repository_path: Path) -> None:
    found = [
        f"{path.relative_to(repository_path)}:{line}: {name}"
        for path in sources(repository_path)
        for line, name in names_in(path)
        if FALSE_FRIENDS.search(name)
    ]
    assert found == []


def test_modules_say_what_they_hold(repository_path: Path) -> None:
    package = repository_path / "src" / "dableiben"
    entries = [path for path in package.rglob("*") if path.is_dir() or path.suffix == ".py"]
    assert [str(path) for path in entries if EMPTY_WORDS.match(path.stem)] == []


def test_classes_say_what_they_are(repository_path: Path) -> None:
    found = [
        f"{path.relative_to(repository_path)}:{node.lineno}: {node.name}"
        for path in sources(repository_path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and PARTS_OF_CLASS.search(node.name)
    ]
    assert found == []


def planning_defaults(source: str) -> list[str]:
    """Parameters named like a planning number whose default is a number written into the code."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef):
            continue
        positional = node.args.posonlyargs + node.args.args
        pairs = list(zip(positional[::-1], node.args.defaults[::-1], strict=False))
        pairs += zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        for parameter, default in pairs:
            number = isinstance(default, ast.Constant) and type(default.value) in (int, float)
            if number and PLANNING.search(parameter.arg):
                found.append(f"{node.name}({parameter.arg}=...)")
    return found


def test_planning_numbers_come_from_cards(repository_path: Path) -> None:
    planted = "def f(limit_min=30, *, rate=0.9, rows=3): ..."
    assert planning_defaults(planted) == ["f(limit_min=...)", "f(rate=...)"]
    found = {
        str(path.relative_to(repository_path)): planning_defaults(path.read_text(encoding="utf-8"))
        for package in MODEL
        for path in sorted((repository_path / "src" / "dableiben" / package).rglob("*.py"))
    }
    assert {path: names for path, names in found.items() if names} == {}
