# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What every reader is: a name, the role it plays in `init`, a sniff, and read -> tables with losses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from dableiben.core.errors import InputError
from dableiben.core.provenance import ReadReport, Source, sha256_of
from dableiben.core.registry import Registry

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue
    from dableiben.core.network import StreetNetwork
    from dableiben.core.timetable import Timetable

Role = Literal["osm", "population", "areas", "statistics", "register", "gtfs", "segments", "commuters", "transport"]
"""the option of `dableiben init` a file comes in by"""


@dataclass(frozen=True)
class Reading:
    """What one file gave: tables by the contracts of core.inputs, None where it holds nothing of the sort."""

    report: ReadReport
    grid: pd.DataFrame | None = None
    population: pd.DataFrame | None = None
    areas: pd.DataFrame | None = None
    """with a further column `geometry` (shapely, EPSG:3035) where the source has shapes"""
    facilities: pd.DataFrame | None = None
    closed: pd.DataFrame | None = None
    """facilities of which the source says that they do not exist (any more)"""
    recorded: frozenset[str] = frozenset()
    """kinds of which the source says that there is none at all"""
    places: pd.DataFrame | None = None
    buildings: pd.DataFrame | None = None
    """x_m, y_m, floor_area_m2 of residential buildings, as weights"""
    network: StreetNetwork | None = None
    statistics: pd.DataFrame | None = None
    """long table of any GENESIS table: table, area_key, area_name, as_of, dims (text), value"""
    segments: pd.DataFrame | None = None
    commuters: pd.DataFrame | None = None
    extent: object | None = None
    """shapely polygon (EPSG:3035) inside which the source is complete, if it says so"""
    timetable: Timetable | None = None
    transport: pd.DataFrame | None = None
    """volunteer and on-demand transport (contract TRANSPORT)"""
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """German reason -> ids as the source writes them, of what is lost or lacks something; complete where given"""


@dataclass(frozen=True)
class Reader:
    """One dataset. `sniff` looks at the first bytes only and never raises for foreign files."""

    role: Role
    label_de: str
    sniff: Callable[[Path], bool]
    read: Callable[[Path, Catalogue], Reading]
    priority: int = field(default=0)
    """higher is asked first"""


READERS: Registry[Reader] = Registry("reader")


def start_report(path: Path, kind: str, **more: object) -> ReadReport:
    """A report for a file that exists, with its hash. Errors: InputError if it is missing or empty."""
    check_file(path)
    return ReadReport(Source(path.name, kind, sha256_of(path), **more))  # type: ignore[arg-type]


def check_file(path: Path) -> None:
    """Errors: InputError if the file is missing, a folder, or empty."""
    if not path.is_file():
        raise InputError(
            "file-missing", "Die Datei gibt es nicht.", "Pfad und Schreibweise prüfen.", file=path
        )
    if path.stat().st_size == 0:
        raise InputError(
            "file-empty", "Die Datei ist leer.", "Die Datei neu herunterladen oder neu speichern.", file=path
        )


def read_file(path: Path, role: Role, catalogue: Catalogue) -> Reading:
    """Read a file completely with the first reader of its role that knows it.

    Errors: InputError if no reader knows the file, or the reader refuses it.
    """
    if not (role == "gtfs" and path.is_dir()):  # a feed may come unpacked
        check_file(path)
    readers = [(name, reader) for name, reader in READERS.items() if reader.role == role]
    for _, reader in sorted(readers, key=lambda pair: (-pair[1].priority, pair[0])):
        if reader.sniff(path):
            return reader.read(path, catalogue)
    known = ", ".join(reader.label_de for _, reader in readers)
    raise InputError(
        "file-of-unknown-kind",
        "Die Datei wird nicht als eine der erwarteten Arten erkannt.",
        f"Erwartet wird eine von: {known}.",
        file=path,
    )
