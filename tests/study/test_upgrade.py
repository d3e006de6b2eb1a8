# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Older region folders are lifted step by step; newer ones are refused; nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dableiben.core.errors import InputError
from dableiben.store.config import FORMAT, InputFile, read_config, write_inputs
from dableiben.study.upgrade import STEPS, Upgraded, upgrade

TOML = '# von Hand\nformat = {format}\nname = "Musterau"\n\n[check]\nmodes = ["foot"]  # nur zu Fuß\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "region.toml").write_text(TOML.format(format=1), encoding="utf-8")
    return tmp_path


def test_the_present_format_is_left_alone(folder: Path) -> None:
    before = (folder / "region.toml").read_bytes()
    assert upgrade(folder) == Upgraded(FORMAT, FORMAT)
    assert (folder / "region.toml").read_bytes() == before


def test_the_packaged_steps_lead_to_the_present_format() -> None:
    assert sorted(STEPS) == list(range(1, FORMAT))


def test_steps_are_taken_in_turn_and_comments_stay(folder: Path) -> None:
    def named(content: dict[str, Any], _: Path) -> dict[str, Any]:
        content["name"] = f"Amt {content['name']}"
        return content

    def marked(content: dict[str, Any], root: Path) -> dict[str, Any]:
        assert content["format"] == 2
        assert content["name"] == "Amt Musterau"
        (root / "neu").mkdir()
        return content

    assert upgrade(folder, steps={2: marked, 1: named}, target=3) == Upgraded(1, 3)
    text = (folder / "region.toml").read_text(encoding="utf-8")
    assert text == TOML.format(format=3).replace("Musterau", "Amt Musterau")
    assert (folder / "neu").is_dir()


def test_a_step_that_fails_leaves_region_toml_as_it_was(folder: Path) -> None:
    def fails(content: dict[str, Any], _: Path) -> dict[str, Any]:
        content["name"] = "halb"
        raise RuntimeError

    before = (folder / "region.toml").read_bytes()
    with pytest.raises(RuntimeError):
        upgrade(folder, steps={1: fails}, target=2)
    assert (folder / "region.toml").read_bytes() == before


@pytest.mark.parametrize(("number", "code"), [(FORMAT + 1, "region-too-new"), (0, "region-format-unknown")])
def test_formats_without_a_way_are_refused(folder: Path, number: int, code: str) -> None:
    (folder / "region.toml").write_text(TOML.format(format=number), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        upgrade(folder)
    assert refused.value.code == code


@pytest.mark.parametrize("line", ["", 'format = "1"', "format = true"])
def test_a_folder_that_says_no_format_is_refused(folder: Path, line: str) -> None:
    (folder / "region.toml").write_text(f'{line}\nname = "Musterau"\n', encoding="utf-8")
    for read in (upgrade, read_config):
        with pytest.raises(InputError) as refused:
            read(folder)
        assert refused.value.code == "region-without-format"


def test_an_older_folder_is_refused_by_the_rest_with_the_way_out(folder: Path) -> None:
    (folder / "region.toml").write_text(TOML.format(format=0), encoding="utf-8")
    with pytest.raises(InputError, match="Format 0") as refused:
        read_config(folder)
    assert "dableiben upgrade" in refused.value.repair


def test_adding_files_keeps_what_a_person_wrote(folder: Path) -> None:
    config = read_config(folder)
    entry = InputFile(file="inputs/a.csv", role="register", sha256="0" * 64)
    write_inputs(folder, (entry,))
    text = (folder / "region.toml").read_text(encoding="utf-8")
    assert text.startswith(TOML.format(format=1).rstrip("\n"))
    assert read_config(folder) == config.model_copy(update={"inputs": (entry,)})
    write_inputs(folder, ())
    assert read_config(folder) == config
