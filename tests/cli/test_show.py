# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What goes to stdout and stderr: plain JSON, and a bar for what takes long, on a terminal only."""

from __future__ import annotations

import io
import json
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dableiben.cli import show


class Terminal(io.StringIO):
    """A stderr that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_json_knows_neither_nan_nor_numpy(capsys: pytest.CaptureFixture[str]) -> None:
    show.print_json(
        {
            "nan": float("nan"), "inf": np.inf, "na": pd.NA, "nat": pd.NaT, "none": None, "whole": np.int64(3),
            "float": np.float64(1.5), "flag": np.bool_(True), "day": date(2026, 1, 2), "path": Path("a") / "b",
            "list": np.array([1.0, np.nan]), "objects": np.array(["a", None], dtype=object), "bytes": b"\x01\xff",
            5: "ß",
        }
    )  # fmt: skip
    text = capsys.readouterr().out
    assert "ß" in text
    assert json.loads(text, parse_constant=pytest.fail) == {
        "nan": None, "inf": None, "na": None, "nat": None, "none": None, "whole": 3, "float": 1.5, "flag": True,
        "day": "2026-01-02", "path": str(Path("a") / "b"), "list": [1.0, None], "objects": ["a", None], "bytes": "01ff",
        "5": "ß",
    }  # fmt: skip


def test_a_frame_becomes_json(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame({"n": pd.array([1, None], "Int64"), "x": [0.5, np.nan], "t": ["a", None]})
    show.print_json(frame.to_dict("records"))
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert found == [{"n": 1, "x": 0.5, "t": "a"}, {"n": None, "x": None, "t": None}]


def test_a_bar_shows_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(show, "QUIET_SECONDS", 0.0)
    with show.progress_on_stderr() as progress:
        progress("Karte lesen")
        until = time.monotonic() + 10
        while "Karte lesen" not in terminal.getvalue() and time.monotonic() < until:
            time.sleep(0.02)
    assert "Karte lesen …" in terminal.getvalue()


def test_what_is_quick_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(show, "QUIET_SECONDS", 3600.0)
    with show.progress_on_stderr() as progress:
        progress("Karte lesen")
    assert "Karte" not in terminal.getvalue()


def test_without_a_terminal_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    monkeypatch.setattr(show, "QUIET_SECONDS", 0.0)
    with show.progress_on_stderr() as progress:
        progress("Karte lesen")
    assert written.getvalue() == ""


def test_the_bar_is_gone_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr(show, "QUIET_SECONDS", 0.0)
    with pytest.raises(ValueError, match="x"), show.progress_on_stderr():
        raise ValueError("x")
    length = len(terminal.getvalue())
    time.sleep(0.3)
    assert len(terminal.getvalue()) == length
