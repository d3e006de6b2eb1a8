# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Call the command line as a person does, and see what a person sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from dableiben.cli.app import main
from support.command_line import Answer, Run
from support.two_lists import write_register, write_residents


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call `dableiben` with arguments, without what the machine says in DABLEIBEN_*."""
    for name in ("YEAR", "KINDS", "MODES", "DIMENSIONS", "WORKERS", "DEBUG", "FETCH_BASE"):
        monkeypatch.delenv(f"DABLEIBEN_{name}", raising=False)

    def call(*arguments: object) -> Answer:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        code = ended.value.code
        return Answer(code if isinstance(code, int) else 0, out, err)

    return call


@pytest.fixture
def lists(tmp_path: Path) -> tuple[Path, Path]:
    """A population list and a register."""
    return write_residents(tmp_path / "einwohner.csv"), write_register(tmp_path / "einrichtungen.csv")
