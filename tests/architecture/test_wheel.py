# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The wheel holds what the package needs at run time: cards, templates, static files, the type mark."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from support.repository import files_of_project


def test_wheel_holds_every_file_of_the_package(repository_path: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=repository_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("dableiben-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
        about = {Path(name).name: name for name in packed if ".dist-info/" in name}
        metadata = archive.read(about["METADATA"]).decode("utf-8")
        points = archive.read(about["entry_points.txt"]).decode("utf-8")
    source = repository_path / "src"
    ours = {
        path.relative_to(source).as_posix()
        for path in files_of_project(repository_path)
        if path.is_relative_to(source)
    }
    assert len(ours) > 20 and ours <= packed
    assert {name for name in packed if name.startswith("tests/")} == set()
    assert "License-Expression: EUPL-1.2" in metadata and "Requires-Python: >=3.11" in metadata
    assert "dableiben = dableiben.cli.app:main" in points
