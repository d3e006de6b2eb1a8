# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The files that belong to the project, as git sees them."""

from __future__ import annotations

import subprocess
from pathlib import Path


def files_of_project(root: Path) -> list[Path]:
    """Files that git tracks or would track (not ignored), sorted; deleted ones are left out."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted({root / name for name in done.stdout.split("\0") if name and (root / name).is_file()})


def text_of(path: Path) -> str | None:
    """Content of a text file; None if it holds bytes that are not text."""
    content = path.read_bytes()
    if b"\0" in content:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
