# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The independent evaluation of opening hours: the npm package that OSM refers to, in its own process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import pytest

# Pinned with what it depends on, so that a difference is one of ours.
PACKAGES = {"opening_hours": "3.15.0", "i18next": "26.7.2", "suncalc": "2.0.2"}
# The position is used for the sun only if it is given as text; the Land decides the holidays.
SCRIPT = """
const OpeningHours = require("opening_hours");
const place = {lat: "50.35", lon: "9.0", address: {country_code: "de", state: "Hessen"}};
const answer = (hours, at) => {
  const moment = new Date(at[0], at[1] - 1, at[2], at[3], at[4]);
  return hours.getState(moment) ? 2 : hours.getUnknown(moment) ? 1 : 0;
};
const jobs = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(jobs.map(([text, times]) => {
  let hours;
  try { hours = new OpeningHours(text, place); } catch { return null; }
  return times.map(at => answer(hours, at));
})));
"""
Asked = list[tuple[str, list[datetime]]]
Answers = list[list[int] | None]


def lacking(reason: str) -> NoReturn:
    """Missing on a developer's machine skips, missing in continuous integration fails."""
    if os.environ.get("DABLEIBEN_CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def evaluated_by_javascript(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Asked], Answers]:
    """Texts and wall-clock times to 0 closed, 1 unknown, 2 open; None for a text it cannot read."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            lacking(f"{program} is not installed (Debian's packages nodejs and npm)")
    folder = tmp_path_factory.mktemp("node")
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": PACKAGES}), encoding="utf-8")
    command = [str(shutil.which("npm")), "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"]
    installed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if installed.returncode != 0:
        lacking(f"npm could not install {PACKAGES}: {installed.stderr[-300:]}")
    return lambda asked: _evaluate(folder, asked)


def _evaluate(folder: Path, asked: Asked) -> Answers:
    jobs = [[text, [[t.year, t.month, t.day, t.hour, t.minute] for t in times]] for text, times in asked]
    done = subprocess.run(
        ["node", "-e", SCRIPT], input=json.dumps(jobs), cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "TZ": "Europe/Berlin"}, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    answers: Answers = json.loads(done.stdout)
    return answers
