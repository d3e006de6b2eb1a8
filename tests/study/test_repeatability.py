# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The same inputs give the same bytes: in another folder, under another hash seed, with two workers, without caches."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SUFFIXES = (".parquet", ".html", ".xlsx", ".gpkg")


def run(*arguments: str, hash_seed: str) -> None:
    """One call of the command line in a process of its own."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [sys.executable, "-m", "dableiben.cli", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def whole_run(folder: Path, *, workers: str, hash_seed: str) -> dict[str, str]:
    """Check a region folder and write every export; digest of each result file by its name."""
    run("check", str(folder), "--workers", workers, hash_seed=hash_seed)
    for file_format in ("xlsx", "gpkg"):
        run("report", str(folder), "--format", file_format, hash_seed=hash_seed)
    files = sorted(p for p in (folder / "results" / "latest").iterdir() if p.suffix in SUFFIXES)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first") / "ellerland"
    run("demo", "--out", str(folder), hash_seed="0")
    return folder


def test_another_folder_hash_seed_and_two_workers_give_the_same_bytes(region: Path, tmp_path: Path) -> None:
    first = whole_run(region, workers="1", hash_seed="1")
    elsewhere = tmp_path / "ein anderer Ort" / "region"
    shutil.copytree(region, elsewhere, ignore=shutil.ignore_patterns("results", "cache"))
    second = whole_run(elsewhere, workers="2", hash_seed="4711")
    assert {"gaps.parquet", "need.parquet", "cells.parquet", "report.html", "report.xlsx", "report.gpkg"} <= set(first)
    assert second == first


def test_the_demo_itself_is_the_same_under_another_hash_seed(region: Path, tmp_path: Path) -> None:
    again = tmp_path / "ellerland"
    run("demo", "--out", str(again), hash_seed="99")
    for path in sorted((region / "inputs").iterdir()):
        assert (again / "inputs" / path.name).read_bytes() == path.read_bytes(), path.name
