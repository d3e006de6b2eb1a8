# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A feed that was given unpacked becomes an archive, so that a region keeps every input as one file."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dableiben.sources.base import Role

SUFFIXES = (".txt", ".geojson")


@contextmanager
def as_archives(files: Sequence[tuple[Role, Path]]) -> Iterator[list[tuple[Role, Path]]]:
    """The files, folders of timetables among them packed as `<name>.zip`; the archives last as long as the context.

    The same folder gives the same bytes.
    """
    with TemporaryDirectory() as aside:
        packed: list[tuple[Role, Path]] = []
        for number, (role, path) in enumerate(files):
            if role != "gtfs" or not path.is_dir():
                packed.append((role, path))
                continue
            target = Path(aside) / str(number) / f"{path.resolve().name}.zip"
            target.parent.mkdir()
            _pack(path, target)
            packed.append((role, target))
        yield packed


def _pack(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in SUFFIXES:
                info = zipfile.ZipInfo(path.relative_to(folder).as_posix())  # without the time of the file
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, path.read_bytes())
