# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What `new` writes can be used as it stands: cards load, code runs, its tests pass."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from dableiben.catalogue.load import load_catalogue
from dableiben.core.errors import InputError
from dableiben.study import plugins
from dableiben.study.new import write_blank


def run_tests(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)


def test_cards_come_into_the_folder_and_load(tmp_path: Path) -> None:
    for what, folder in (("kind", "kinds"), ("norm", "norms"), ("group", "groups")):
        assert write_blank(what, f"{what}_neu", tmp_path) == [tmp_path / "cards" / folder / f"{what}_neu.yaml"]
    own = load_catalogue(tmp_path / "cards").own
    assert own == {"kinds/kind_neu", "norms/norm_neu", "groups/group_neu"}


@pytest.mark.parametrize(("what", "count"), [("source", 3), ("indicator", 3)])
def test_code_for_developers_passes_its_own_tests(tmp_path: Path, what: str, count: int) -> None:
    written = write_blank(what, "probe_neu", tmp_path)
    assert len(written) == count
    assert all(path.is_file() for path in written)
    done = run_tests(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    # A test that cannot fail would say nothing: break the code and look.
    code = tmp_path / "probe_neu.py"
    text = code.read_text(encoding="utf-8")
    broken = text.replace("1000 *", "100 *") if what == "indicator" else text.replace("None if places is None else", "")
    assert broken != text
    code.write_text(broken.replace("float(places)", "float(places or 0)"), encoding="utf-8")
    assert run_tests(tmp_path).returncode != 0


def test_an_indicator_reaches_the_results_with_its_sentence(tmp_path: Path) -> None:
    write_blank("indicator", "probe_neu", tmp_path)
    program = (
        "import probe_neu, sys\n"
        "from pathlib import Path\n"
        "from dableiben.catalogue.explain import indicator_sentence\n"
        "from dableiben.catalogue.load import load_catalogue\n"
        "print(indicator_sentence(load_catalogue(Path('cards')), 'probe_neu', 'bibliothek', 'de'))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, env=environment, check=True
    )
    assert done.stdout.startswith("Bibliotheken je 1.000 ")


def test_plugins_are_found_by_their_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mein_leser.py").write_text("import builtins\nbuiltins.mein_leser_geladen = True\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    entry = EntryPoint("mein_leser", "mein_leser", plugins.GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda *, group: [entry] if group == "dableiben" else [])
    plugins.load_plugins.cache_clear()
    try:
        assert plugins.load_plugins() == ("mein_leser",)
        assert "mein_leser" in sys.modules
    finally:
        plugins.load_plugins.cache_clear()
        sys.modules.pop("mein_leser", None)


@pytest.mark.parametrize(
    ("what", "name", "code"),
    [
        ("kind", "kita", "card-id-taken"),
        ("kind", "kita_u3", "card-id-taken"),
        ("norm", "N04", "card-id-taken"),
        ("group", "alle", "card-id-taken"),
        ("source", "register", "card-id-taken"),
        ("indicator", "places_per_100", "card-id-taken"),
        ("kind", "Kita Neu", "card-id-not-valid"),
        ("kind", "../flucht", "card-id-not-valid"),
        ("map", "karte", "blank-unknown"),
    ],
)
def test_taken_and_impossible_names_are_refused(tmp_path: Path, what: str, name: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        write_blank(what, name, tmp_path)
    assert refused.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    write_blank("kind", "neues_angebot", tmp_path)
    (tmp_path / "test_probe.py").write_text("mein Text", encoding="utf-8")
    for what, name, code in (("kind", "neues_angebot", "card-id-taken"), ("source", "probe", "file-exists")):
        with pytest.raises(InputError) as refused:
            write_blank(what, name, tmp_path)
        assert refused.value.code == code
    assert (tmp_path / "test_probe.py").read_text(encoding="utf-8") == "mein Text"
    assert not (tmp_path / "probe.py").exists()


@pytest.mark.parametrize("what", ["source", "indicator"])
def test_no_code_is_written_into_a_region(tmp_path: Path, what: str) -> None:
    (tmp_path / "region.toml").write_text("format = 1\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        write_blank(what, "probe", tmp_path)
    assert refused.value.code == "code-in-region"


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        write_blank("kind", "neu", tmp_path / "fehlt")
    assert refused.value.code == "folder-missing"
