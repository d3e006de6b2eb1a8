# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The repository carries no trace of a machine, a licence for every file, and nothing of the shared data."""

from __future__ import annotations

import fnmatch
import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from support.repository import files_of_project, text_of

# REUSE-IgnoreStart
HEADER = (
    "# SPDX-FileCopyrightText: 2026 The dableiben authors",
    "# SPDX-License-Identifier: EUPL-1.2",
)
# REUSE-IgnoreEnd
# Written in pieces, so that this file does not find itself.
FOLDERS = "|".join(("work", "tmp", "root", "home", "Users", "opt"))
MACHINE_PATHS = re.compile(rf"(?<![\w.$}}/-])/(?:{FOLDERS})/\w")
HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "deb.deb" + "ian.org")
REGISTRIES = re.compile("|".join(map(re.escape, HOSTS)))


def lines_with(pattern: re.Pattern[str], root: Path) -> list[str]:
    found = []
    for path in files_of_project(root):
        for number, line in enumerate((text_of(path) or "").splitlines(), start=1):
            if pattern.search(line):
                found.append(f"{path.relative_to(root)}:{number}: {line.strip()[:100]}")
    return found


def test_patterns_find_what_they_should() -> None:
    assert MACHINE_PATHS.search("open('/ho" + "me/anna/x')") and MACHINE_PATHS.search("cd /wo" + "rk/main")
    assert not MACHINE_PATHS.search("../home/x") and not MACHINE_PATHS.search("https://example.org/home/x")
    assert REGISTRIES.search("https://py" + "pi.org/simple")


def test_no_machine_paths(repository_path: Path) -> None:
    assert lines_with(MACHINE_PATHS, repository_path) == []


def test_no_package_registries(repository_path: Path) -> None:
    assert lines_with(REGISTRIES, repository_path) == []


def test_every_python_file_starts_with_its_licence(repository_path: Path) -> None:
    wrong = []
    for path in files_of_project(repository_path):
        if path.suffix == ".py":
            lines = path.read_text(encoding="utf-8").splitlines()
            lines = lines[1:] if lines and lines[0].startswith("#!") else lines
            if tuple(lines[:2]) != HEADER:
                wrong.append(str(path.relative_to(repository_path)))
    assert wrong == []


def licences(root: Path) -> dict[str, set[str]]:
    """Licence identifiers of every file: its own header, a file beside it, else REUSE.toml."""
    rules = tomllib.loads((root / "REUSE.toml").read_text(encoding="utf-8"))["annotations"]
    result: dict[str, set[str]] = {}
    for path in files_of_project(root):
        name = path.relative_to(root).as_posix()
        if name.startswith("LICENSES/") or path.suffix == ".license":
            continue
        head = "\n".join((text_of(path) or "").splitlines()[:20])
        beside = path.with_name(path.name + ".license")
        if beside.exists():
            head = beside.read_text(encoding="utf-8")
        found = set(re.findall(r"SPDX-License-Identifier" + r":\s*([\w.+-]+)", head))
        for rule in rules if not found else ():
            patterns = [rule["path"]] if isinstance(rule["path"], str) else rule["path"]
            # ** crosses folders; fnmatch lets * cross them too, which is wide enough for both.
            if any(fnmatch.fnmatch(name, pattern.replace("**/", "*")) for pattern in patterns):
                found.add(rule["SPDX-License-Identifier"])
        result[name] = found
    return result


def test_every_file_has_a_licence_and_every_licence_its_text(repository_path: Path) -> None:
    of_file = licences(repository_path)
    assert [name for name, found in of_file.items() if not found] == []
    texts = {path.stem for path in (repository_path / "LICENSES").glob("*.txt")}
    assert set().union(*of_file.values()) == texts


def test_nothing_is_copied_from_the_shared_data(repository_path: Path, shared_path: Path) -> None:
    def digest(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    ours = {digest(path): path for path in files_of_project(repository_path) if path.stat().st_size > 0}
    sizes = {path.stat().st_size for path in ours.values()}
    theirs = [path for path in shared_path.rglob("*") if path.is_file() and path.stat().st_size in sizes]
    assert [str(path) for path in theirs if digest(path) in ours] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "publiccode.yml"])
def test_what_a_visitor_looks_for_is_there(repository_path: Path, name: str) -> None:
    assert (repository_path / name).stat().st_size > 200
