# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""docs/demo.md tells the story as it is planted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dableiben.catalogue.load import load_catalogue
from dableiben.demo.generate import FILES, District
from dableiben.demo.story import truth
from dableiben.demo.time_story import time_truth


@pytest.fixture(scope="module")
def page(repository_path: Path) -> str:
    return (repository_path / "docs" / "demo.md").read_text(encoding="utf-8")


def test_the_page_lists_every_planted_gap_and_no_other(page: str, shipped: District) -> None:
    section = page.split("## Sixteen planted gaps")[1].split("\n## ", maxsplit=1)[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    told = {(row[1], row[2], row[4]) for row in rows[2:]}
    content = truth(shipped.seed, shipped.residents, list(shipped.facilities))
    planted = {(gap["area_name"], gap["kind"], gap["cause"]) for gap in content["gaps"]}  # type: ignore[attr-defined]
    assert told == planted
    assert len(rows[2:]) == 16


def test_the_page_lists_every_planted_gap_in_time(page: str, shipped: District) -> None:
    section = page.split("## Eight planted gaps in time")[1].split("\n## ", maxsplit=1)[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    content = time_truth(shipped.residents, shipped.facilities)
    planted = [(g["area_name"], g["kind"], g["cause"], g["slots_text"]) for g in content["time_gaps"]]  # type: ignore[attr-defined]
    assert len(rows[2:]) == len(planted) == 8
    for row, (area, kind, cause, text) in zip(rows[2:], planted, strict=True):
        assert (row[0], row[1], row[3]) == (area, kind, cause)
        assert row[4].startswith(text)
    for trap in content["time_traps"]:  # type: ignore[attr-defined]
        assert trap["area_name"] in section


def test_the_page_names_every_trap_and_unknown(page: str, shipped: District) -> None:
    content = truth(shipped.seed, shipped.residents, list(shipped.facilities))
    for part in ("traps", "unknowns"):
        for item in content[part]:  # type: ignore[attr-defined]
            assert item["area_name"] in page


def test_the_page_gives_the_limits_of_the_cards(page: str, repository_path: Path) -> None:
    catalogue = load_catalogue(repository_path / "src" / "dableiben" / "demo" / "cards")
    section = page.split("## Own limits")[1].split("\n## ", maxsplit=1)[0]
    rows = {name: line for line in section.splitlines() for name in re.findall(r"`(ellerland_\w+)`", line)}
    own = {name.removeprefix("norms/") for name in catalogue.own if name.startswith("norms/")}
    assert set(rows) == own
    for name in own:
        assert re.search(rf"\b{catalogue.norms[name].values[0].value:g}\b", rows[name].split("|")[2]), name


def test_the_page_names_every_file(page: str) -> None:
    for names in FILES.values():
        for name in names:
            assert f"`{name}`" in page


def test_the_page_says_that_all_is_made_up(page: str) -> None:
    assert "**Everything here is made up.**" in page
