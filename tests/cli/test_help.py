# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Help is German, complete and quick, and docs/cli.md knows every command and option."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from dableiben.cli.app import app
from support.command_line import Run

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
HEAVY = ("numpy", "pandas", "geopandas", "shapely", "pyproj", "numba", "osmium", "pyarrow", "scipy", "yaml", "jinja2")
"""each of these alone takes longer than all the rest of the help"""
ENGLISH = re.compile(
    r"\b(usage|options?|arguments?|commands?|show this|required|default|missing|error|folder|file|the|of|with)\b", re.I
)
# Words a person types are no prose: names of options, ids, values to choose from.
TYPED = re.compile(
    r"--?[\w-]+|\b(foot|bike|car|content|space|html|xlsx|gpkg|kind|norm|group|indicator|source|provider)\b"
)
"""population, register and the like stand in both languages"""


def test_the_contract_has_its_commands() -> None:
    assert set(COMMANDS) == {
        *("demo", "init", "check", "add", "decide", "gaps", "report", "doctor", "upgrade", "template", "new", "fetch"),
        "presence",
    }


def test_without_anything_the_help_is_shown(run: Run) -> None:
    answer = run()
    assert (answer.code, answer.out) == (2, "")
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", answer.err, re.MULTILINE)


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_is_data_and_ends_well(run: Run, flag: str) -> None:
    answer = run(flag)
    assert answer.code == 0 and answer.err == ""
    assert answer.out.startswith("Aufruf: dableiben BEFEHL")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_explains_itself_in_german(run: Run, name: str) -> None:
    answer = run(name, "--help")
    assert answer.code == 0
    assert answer.out.startswith(f"Aufruf: dableiben {name} ")
    assert ENGLISH.findall(TYPED.sub("", answer.out)) == []
    for parameter in COMMANDS[name].params:
        if not getattr(parameter, "hidden", False):
            assert parameter.help and parameter.help[0] != " ", parameter.name
            assert " ".join(parameter.help.split()) in " ".join(answer.out.split())
            shown = max(parameter.opts, key=len) if parameter.param_type_name == "option" else parameter.metavar
            assert shown in answer.out


def test_every_command_speaks_json() -> None:
    assert [name for name, c in COMMANDS.items() if not any("--json" in p.opts for p in c.params)] == []


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in sorted(COMMANDS))], ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        "from dableiben.cli.app import main\n"
        f"try:\n    main({arguments!r})\n"
        "except SystemExit as ended:\n    assert not ended.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_the_program_can_be_called_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dableiben.cli", "--help"], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert done.stdout.startswith("Aufruf: dableiben BEFEHL")


def section(text: str, name: str) -> str:
    """The part of docs/cli.md under the heading of a command."""
    found = re.search(rf"^## dableiben {name}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/cli.md has no heading for {name}"
    return found.group(1)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_document_has_every_option_and_no_other(repository_path: Path, name: str) -> None:
    text = section((repository_path / "docs" / "cli.md").read_text(encoding="utf-8"), name)
    options = {
        o for p in COMMANDS[name].params if not getattr(p, "hidden", False) for o in p.opts if o.startswith("--")
    }
    assert set(re.findall(r"`(--[a-z-]+)", text)) == options
    (line,) = re.findall(rf"^    dableiben ({name}\b.*)$", text, re.MULTILINE)
    for parameter in COMMANDS[name].params:
        if parameter.param_type_name == "argument":
            assert parameter.metavar in line, parameter.metavar


def test_the_document_has_no_command_that_is_not_there(repository_path: Path) -> None:
    text = (repository_path / "docs" / "cli.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## dableiben (\w+)$", text, re.MULTILINE)) == set(COMMANDS)
