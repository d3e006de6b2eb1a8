# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of docs/how-to do what they say: their example files are written, their commands run, their refusals come.

A fenced block with a file name after its language is that file; a name like `liste.xlsx/Blatt 1` is a sheet of a
workbook, one like `plan/stops.txt` a file in a folder. `sh` holds commands, `sh refused` one that is refused, and the
block `text` after them lines of what they say. `diff` with a file name is a change for which that file is refused, and
`text` after it lines of the refusal. Files that publishers offer (VG250, an extract) lie there from the start, made up.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from dableiben.cli.app import main
from dableiben.core.geo import to_degrees
from dableiben.sources.cut import cut_osm
from support.public_files import OSM, STEP_M, STEPS, X_M, Y_M, write_public_files
from support.tables import write_xlsx

PAGES = sorted((Path(__file__).parents[2] / "docs" / "how-to").glob("*.md"))
BLOCK = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INPUTS = {
    *("population", "statistics", "grid", "boundaries", "openstreetmap", "register", "daviplan", "two-lists"),
    *("timetable", "transport", "segments"),
}


@dataclass
class Follower:
    """Does what a page says, in a folder of its own."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    files: dict[str, str] = field(default_factory=dict)
    said: str = ""
    reads: str = ""
    """the last command that read files"""
    commands: int = 0
    refusals: int = 0

    def follow(self, page: str) -> None:
        """Take the blocks of a page in their order."""
        for language, name, content in BLOCK.findall(page):
            if language == "sh":
                self.said = ""
                for line in content.splitlines():
                    self.call(line, code=2 if name == "refused" else 0)
                self.refusals += name == "refused"
            elif language == "text":
                missing = [line for line in content.splitlines() if line.strip() not in self.said]
                assert missing == [], self.said
            elif language == "diff":
                self.refuse(name, content)
            elif name:
                self.files[name] = content
                self.write(name)
            else:
                assert language == "toml", f"nobody checks this block of {language}"

    def call(self, line: str, code: int) -> None:
        """One command."""
        program, *arguments = shlex.split(line)
        assert program == "dableiben"
        self.capture.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        self.said += "".join(self.capture.readouterr())
        assert (ended.value.code or 0) == code, self.said
        self.commands += 1
        if arguments[0] == "init":
            self.reads = line

    def refuse(self, name: str, change: str) -> None:
        """Change a file, read it into a new folder, and put it back."""
        before = self.files[name]
        (old,) = [line[1:] for line in change.splitlines() if line.startswith("-")]
        new = "".join(line[1:] + "\n" for line in change.splitlines() if line.startswith("+"))
        assert before.count(f"{old}\n") == 1, f"{name} has no such line: {old}"
        self.files[name] = before.replace(f"{old}\n", new)
        self.write(name)
        self.said = ""
        self.call(re.sub(r"(?<=init )\S+", "refused", self.reads), code=2)
        assert not (self.folder / "refused").exists() and "So beheben: " in self.said
        self.files[name] = before
        self.write(name)
        self.refusals += 1

    def write(self, name: str) -> None:
        """Write a file, or the workbook a sheet belongs to."""
        book, _, sheet = name.partition("/")
        if not sheet or not Path(book).suffix:
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text(self.files[name], encoding="utf-8")
            return
        sheets = {n.partition("/")[2]: list(rows(text)) for n, text in self.files.items() if n.startswith(f"{book}/")}
        write_xlsx(self.folder / book, sheets, hidden=[n for n in sheets if n == "meta"])


def rows(text: str) -> Iterator[list[str | float | None]]:
    """Rows of a sheet: numbers as numbers, keys with a leading zero as text."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        yield [float(c) if re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", c) else c or None for c in cells]


def write_downloads(folder: Path) -> None:
    """What publishers offer, and one extract over all of both made-up Länder."""
    write_public_files(folder)
    lon, lat = to_degrees(np.array([X_M, X_M + STEP_M * STEPS]), np.array([Y_M, Y_M + STEP_M * STEPS]))
    cut_osm([folder / name for name in OSM.values()], folder / "cut.osm.pbf", (lon[0], lat[0], lon[1], lat[1]))
    (folder / "cut.osm.pbf").replace(folder / OSM["13"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_does_what_it_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_downloads(tmp_path)
    follower = Follower(tmp_path, capsys)
    follower.follow(page.read_text(encoding="utf-8"))
    assert follower.commands - follower.refusals >= 2, "a page shows how to read its file and how to check it"
    assert follower.refusals >= 2, "a page shows the usual refusals"


def test_every_input_has_its_page_and_every_page_its_parts(repository_path: Path) -> None:
    assert {page.stem for page in PAGES} == INPUTS
    for page in PAGES:
        heads = re.findall(r"^## (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert heads == [
            "Where it comes from",
            "What it looks like",
            "Read it",
            "When it is refused",
            "What changes",
        ], page
    formats = (repository_path / "docs" / "formats.md").read_text(encoding="utf-8")
    assert {f"how-to/{name}.md" for name in INPUTS} <= set(re.findall(r"\]\((how-to/[^)]+)\)", formats))
