# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""start.py speaks on old Pythons, repairs what was left half made, and says what a person has to install."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def start(repository_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """start.py as a module whose clone is an empty folder."""
    spec = importlib.util.spec_from_file_location("start_under_test", repository_path / "start.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    venv = tmp_path / ".venv"
    scripts = venv / module.SCRIPTS.name
    for name, value in {
        "ROOT": tmp_path,
        "VENV": venv,
        "SCRIPTS": scripts,
        "VENV_PYTHON": scripts / module.VENV_PYTHON.name,
        "STAMP": venv / module.STAMP.name,
        "BUSY": venv / module.BUSY.name,
        "LOCK": tmp_path / "requirements.lock",
    }.items():
        monkeypatch.setattr(module, name, value)
    (tmp_path / "requirements.lock").write_text("numpy==2.4.6 \\\n    --hash=sha256:00\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    return module


SetUp = Callable[[], int]


class Pip:
    """Stands for pip: remembers its calls and answers with a given code; nothing is downloaded."""

    def __init__(self, start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls: list[list[str]] = []
        self.succeeds = True
        real_call = subprocess.call

        def download(command: list[str]) -> bool:
            self.calls.append(command)
            return self.succeeds

        def call(command: list[str], **options: object) -> int:
            if "install" not in command:
                return real_call(command, **options)
            self.calls.append(command)
            return 0 if self.succeeds else 1

        monkeypatch.setattr(start, "find_pip", lambda: ["pip"])
        monkeypatch.setattr(start, "download", download)
        monkeypatch.setattr(start.subprocess, "call", call)


@pytest.fixture
def pip(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Pip:
    return Pip(start, monkeypatch)


@pytest.fixture
def set_up(start: ModuleType, pip: Pip) -> SetUp:
    """Runs the set-up; gives the number of times pip was asked to install something."""

    def run() -> int:
        pip.calls.clear()
        start.set_up()
        return len(pip.calls)

    return run


def mark_ready(start: ModuleType) -> None:
    """Let the environment answer `import dableiben` and `import numpy`, as an installed one does."""
    packages, *_ = sorted(start.VENV.glob("[lL]ib*/**/site-packages"))
    for name in ("dableiben", "numpy"):
        (packages / f"{name}.py").write_text("", encoding="utf-8")


def test_python_3_8_can_read_it(repository_path: Path) -> None:
    source = (repository_path / "start.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules <= sys.stdlib_module_names
    assert "tomllib" not in modules  # came with 3.11


def test_first_set_up_installs_and_second_rests(start: ModuleType, pip: Pip, set_up: SetUp) -> None:
    assert set_up() == 2
    lock_call, project_call = pip.calls
    assert {"--require-hashes", "--only-binary", ":all:"} <= set(lock_call)
    assert {"--no-deps", "--no-build-isolation", "--editable"} <= set(project_call)
    assert start.STAMP.exists() and not start.BUSY.exists()
    mark_ready(start)
    assert set_up() == 0


def test_a_new_project_file_installs_the_project_only(start: ModuleType, set_up: SetUp) -> None:
    set_up()
    mark_ready(start)
    (start.ROOT / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert set_up() == 1


def test_a_new_lock_installs_the_packages(start: ModuleType, set_up: SetUp) -> None:
    set_up()
    mark_ready(start)
    start.LOCK.write_text("numpy==2.4.7 \\\n    --hash=sha256:11\n", encoding="utf-8")
    assert set_up() == 2


def test_line_ends_of_a_windows_clone_change_nothing(start: ModuleType, set_up: SetUp) -> None:
    set_up()
    mark_ready(start)
    start.LOCK.write_bytes(start.LOCK.read_bytes().replace(b"\n", b"\r\n"))
    assert set_up() == 0


def test_an_interrupted_installation_is_made_anew(start: ModuleType, pip: Pip, set_up: SetUp) -> None:
    pip.succeeds = False
    with pytest.raises(start.SetupError, match="Proxy"):
        set_up()
    assert start.BUSY.exists()
    leftover = start.VENV / "leftover.txt"
    leftover.write_text("half a package", encoding="utf-8")
    pip.succeeds = True
    assert set_up() == 2
    assert not leftover.exists() and not start.BUSY.exists()


@pytest.mark.parametrize("damage", ["python is gone", "a package is gone", "the folder was moved"])
def test_a_damaged_environment_is_made_anew(damage: str, start: ModuleType, set_up: SetUp) -> None:
    set_up()
    mark_ready(start)
    (start.VENV / "leftover.txt").write_text("", encoding="utf-8")
    if damage == "python is gone":
        start.VENV_PYTHON.unlink()
    elif damage == "a package is gone":
        for path in start.VENV.glob("[lL]ib*/**/site-packages/*.py"):
            path.unlink()
    else:
        text = start.STAMP.read_text(encoding="utf-8").replace(str(start.ROOT), str(start.ROOT / "before"))
        start.STAMP.write_text(text, encoding="utf-8")
    assert set_up() == 2
    assert not (start.VENV / "leftover.txt").exists()


def test_an_old_python_hands_over_to_a_newer_one(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[list[str]] = []
    monkeypatch.setattr(start, "fits", lambda version: False)
    monkeypatch.setattr(start, "other_python", lambda: ["python3.12"])
    monkeypatch.setattr(start.subprocess, "call", lambda command, **_: handed.append(command) or 7)
    monkeypatch.setattr(sys, "argv", ["start.py", "demo"])
    with pytest.raises(SystemExit) as left:
        start.check_python()
    assert left.value.code == 7
    assert handed == [["python3.12", str(start.ROOT / "start.py"), "demo"]]


@pytest.mark.parametrize(
    ("family", "line"),
    [("debian", "sudo apt install"), ("windows", "winget install"), ("fedora", "sudo dnf"), ("mac", "brew")],
)
def test_without_any_python_one_line_says_what_to_install(
    family: str,
    line: str,
    start: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(start, "fits", lambda version: False)
    monkeypatch.setattr(start, "other_python", lambda: None)
    monkeypatch.setattr(start, "system", lambda: family)
    assert start.main(["demo"]) == 1
    message = capsys.readouterr().err
    assert "3.11 bis 3.14" in message
    assert len([text for text in message.splitlines() if line in text]) == 1


def test_without_pip_one_line_says_what_to_do(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "pip_from_outside", lambda: None)
    monkeypatch.setattr(start, "system", lambda: "debian")
    start.make_venv()
    refuse = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(start.subprocess, "run", lambda *_, **__: refuse)
    with pytest.raises(start.SetupError, match="sudo apt install python3-pip python3-venv"):
        start.find_pip()


def test_versions(start: ModuleType) -> None:
    assert [start.fits(v) for v in ((3, 10, 9), (3, 11, 0), (3, 14, 3), (3, 15, 0), (2, 7))] == [
        *(False, True, True, False, False)
    ]
    assert start.probe([sys.executable]) == tuple(sys.version_info[:3])
    assert start.probe([str(start.ROOT / "no-such-python")]) is None


def test_settings_of_pip_reach_the_child(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example/simple")
    monkeypatch.setenv("PIP_USER", "1")
    environment = start.child_environment()
    assert environment["HTTPS_PROXY"] == "http://proxy.example:3128"
    assert environment["PIP_INDEX_URL"] == "https://index.example/simple"
    assert "PIP_USER" not in environment


def test_conditions_that_all_lines_share_are_left_out_of_the_lock(start: ModuleType) -> None:
    everywhere = "(sys_platform == 'darwin' or sys_platform == 'linux' or sys_platform == 'win32')"
    raw = (
        f"babel==1 ; python_full_version < '3.15' and {everywhere} \\\n"
        f"scipy==1 ; python_full_version < '3.14' and {everywhere} \\\n"
        "colorama==1 ; python_full_version < '3.15' and sys_platform == 'win32' \\\n"
    )
    assert start.plain_markers(raw).splitlines() == [
        "babel==1 \\",
        "scipy==1 ; python_full_version < '3.14' \\",
        "colorama==1 ; sys_platform == 'win32' \\",
    ]


def test_a_wrong_call_shows_the_usage(start: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["tests"]) == 2
    assert "Aufruf: python3 start.py" in capsys.readouterr().out
