# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What the documents name is there: paths, links, commands, and a row for every requirement."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from support.repository import files_of_project

STEPS_1_AND_2 = (
    *("S0-05", "S0-06", "S0-07", "S0-13", "S0-14", "S0-19", "S0-20", "S0-22", "S1-04", "S1-12", "S1-16"),
    *("S2-02", "S2-03", "S2-04", "S2-05", "S2-09", "S2-10", "S2-15", "S2-16", "S3-07", "S4-11", "S4-12", "S4-17"),
)


def table(text: str) -> list[list[str]]:
    """Rows of the first table of a document, without head and rule."""
    rows = [line.strip().strip("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.split("|")] for row in rows[2:]]


def test_requirements_have_a_row_each_and_name_paths_that_exist(repository_path: Path) -> None:
    rows = table((repository_path / "docs" / "requirements.md").read_text(encoding="utf-8"))
    assert [row[0] for row in rows] == list(STEPS_1_AND_2)
    for identifier, wording, lives, test in rows:
        assert len(wording) > 20, identifier
        for cell in (lives, test):
            paths = re.findall(r"`([^`]+)`", cell)
            assert cell == "-" or paths, f"{identifier}: neither a dash nor a path: {cell}"
            missing = [path for path in paths if not (repository_path / path.split("::")[0]).exists()]
            assert missing == [], f"{identifier} names what is not there"


def test_a_test_named_by_a_requirement_is_in_its_file(repository_path: Path) -> None:
    rows = table((repository_path / "docs" / "requirements.md").read_text(encoding="utf-8"))
    named = [path for row in rows for path in re.findall(r"`([^`]+::[^`]+)`", row[3])]
    for path in named:
        file, *names = path.split("::")
        text = (repository_path / file).read_text(encoding="utf-8")
        assert all(re.search(rf"(def|class) {re.escape(name)}\b", text) for name in names), path


def documents(root: Path) -> list[Path]:
    return [path for path in files_of_project(root) if path.suffix == ".md"]


def anchors(text: str) -> set[str]:
    """Names under which the headings of a document can be linked."""
    heads = re.findall(r"^#+\s+(.*?)\s*$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_links_between_documents_lead_somewhere(repository_path: Path) -> None:
    broken = []
    for document in documents(repository_path):
        text = re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            goal = (document.parent / path) if path else document
            if not goal.exists() or (anchor and anchor not in anchors(goal.read_text(encoding="utf-8"))):
                broken.append(f"{document.relative_to(repository_path)}: {target}")
    assert len(documents(repository_path)) >= 6
    assert broken == []


def test_the_two_commands_stand_at_the_top(repository_path: Path) -> None:
    head = (repository_path / "README.md").read_text(encoding="utf-8").splitlines()[:12]
    assert any("make demo" in line for line in head) and any("make test" in line for line in head)


def test_every_make_target_is_a_job_of_start(repository_path: Path) -> None:
    makefile = (repository_path / "Makefile").read_text(encoding="utf-8")
    (targets,) = re.findall(r"^(setup .*):$", makefile, re.MULTILINE)
    start = (repository_path / "start.py").read_text(encoding="utf-8")
    for target in targets.split():
        assert re.search(rf"^def {target}\(", start, re.MULTILINE), target
        assert re.search(rf"^  {target} ", start, re.MULTILINE), f"the usage text lacks {target}"


@pytest.mark.parametrize("language", ["de", "en"])
def test_publiccode_describes_itself_within_the_standard(repository_path: Path, language: str) -> None:
    """The keys that publiccode.yml 0.4 requires, and its limits for descriptions."""
    card = yaml.safe_load((repository_path / "publiccode.yml").read_text(encoding="utf-8"))
    top = {"publiccodeYmlVersion", "name", "url", "releaseDate", "platforms", "categories", "softwareType"}
    assert top | {"developmentStatus", "description", "legal", "maintenance", "localisation"} <= set(card)
    text = card["description"][language]
    assert len(text["shortDescription"]) <= 150
    assert 500 <= len(text["longDescription"]) <= 10_000
    assert text["features"] and all(len(feature) <= 100 for feature in text["features"])
    assert len(text["genericName"]) <= 35
    assert card["legal"]["license"] == "EUPL-1.2"
    assert card["maintenance"]["type"] == "community" and card["maintenance"]["contacts"][0]["name"]
    assert language in card["localisation"]["availableLanguages"]
    assert card["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
