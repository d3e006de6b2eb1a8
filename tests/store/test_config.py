# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""region.toml: what is written comes back; other formats and unknown or wrong entries are refused in German."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dableiben.core.errors import InputError
from dableiben.store.config import (
    Carless,
    Choice,
    InputFile,
    Norms,
    RegionConfig,
    StructurallyWeak,
    config_from,
    read_config,
    write_config,
    write_inputs,
)

FULL: dict[str, Any] = {
    "format": 1,
    "name": "Landkreis „Ellerland“",
    "land": "MV",
    "ags": ("13099", "03999001"),
    "made_up": True,
    "structurally_weak": StructurallyWeak(value=True, source="BBSR"),
    "inputs": (
        InputFile(file="inputs/a.osm.pbf", role="osm", sha256="0" * 64),
        InputFile(file="inputs/Einwohner Sölten.xlsx", role="population", sha256="1" * 64),
    ),
    "carless": Carless(share=0.12, share_by_group={"senioren_65": 0.3}, source="MiD"),
    "norms": Norms(adopt=("N09", "N28")),
    "choice": Choice(population_basis="official"),
}


@pytest.mark.parametrize("content", [FULL, {"format": 1, "name": "Klein"}])
def test_what_is_written_comes_back(tmp_path: Path, content: dict[str, Any]) -> None:
    config = RegionConfig(**content)
    write_config(config, tmp_path / "region.toml")
    assert read_config(tmp_path) == config


def refused(folder: Path, text: str) -> InputError:
    (folder / "region.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_config(folder)
    return error.value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('format = 2\nname = "X"\n', "region-too-new"),
        ('format = 2\nname = "X"\nneues_feld = 1\n', "region-too-new"),  # the format is looked at first
        ('format = 0\nname = "X"\n', "region-too-old"),
        ('name = "X"\n', "region-without-format"),
        ('format = true\nname = "X"\n', "region-without-format"),
        ('format = "1"\nname = "X"\n', "region-without-format"),
        ("format = \n", "region-not-toml"),
    ],
)
def test_other_formats_and_broken_files_are_refused(tmp_path: Path, text: str, code: str) -> None:
    error = refused(tmp_path, text)
    assert error.code == code
    assert error.repair


@pytest.mark.parametrize(
    ("entry", "column"),
    [
        ('nmae = "X"', "nmae"),
        ('ags = ["1309"]', "ags.0"),
        ('ags = [13099]', "ags.0"),
        ("[carless]\nshare = 1.2\nsource = \"x\"", "carless.share"),
        ("[carless]\nshare = 0.12", "carless.source"),
        ("[carless]\nsource = \"x\"\nshare_by_group = {alle = -0.1}", "carless.share_by_group.alle"),
        ('[choice]\npopulation_basis = "geraten"', "choice.population_basis"),
        ('[[inputs]]\nfile = "a"\nrole = "osm"', "inputs.0.sha256"),
        ('[[inputs]]\nfile = "a"\nrole = "karte"\nsha256 = ""', "inputs.0.role"),
        ("[structurally_weak]\nvalue = true", "structurally_weak.source"),
    ],
)  # fmt: skip
def test_an_entry_that_is_none_is_refused_by_its_name_in_german(tmp_path: Path, entry: str, column: str) -> None:
    error = refused(
        tmp_path, f'format = 1\nname = "X"\n{entry}\n' if not entry.startswith("nmae") else f"format = 1\n{entry}\n"
    )
    if column == "nmae":
        assert error.column in ("name", "nmae")
    else:
        assert error.column == column
    assert error.code == "region-not-valid"
    assert not {"Input", "Field", "should"} & set(error.message.split())


def test_a_folder_without_region_toml_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_config(tmp_path)
    assert error.value.code == "region-missing"


def test_new_inputs_leave_a_person_s_own_lines_alone(tmp_path: Path) -> None:
    path = tmp_path / "region.toml"
    write_config(RegionConfig(**FULL), path)
    path.write_text(path.read_text("utf-8") + "\n# von Hand: noch mit dem Amt klären\n", encoding="utf-8")
    more = (*FULL["inputs"], InputFile(file="inputs/neu.csv", role="register", sha256="2" * 64))
    write_inputs(tmp_path, more)
    assert "noch mit dem Amt klären" in path.read_text("utf-8")
    assert read_config(tmp_path) == RegionConfig(**{**FULL, "inputs": more})
    assert [p.name for p in tmp_path.iterdir()] == ["region.toml"]


def test_a_key_of_the_command_line_is_checked() -> None:
    assert config_from(name="X", land="mv", ags=("13099",)).land == "MV"
    for ags in (("130",), ("13099x",), ("130990011",)):
        with pytest.raises(InputError) as error:
            config_from(name="X", land=None, ags=ags)
        assert error.value.code == "option-not-valid"


def test_a_key_of_another_land_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        config_from(name="x", land="by", ags=("06440001",))
    assert refused.value.code == "land-contradicts" and "HE" in refused.value.message
