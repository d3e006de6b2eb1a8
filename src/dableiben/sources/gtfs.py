# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Timetables (GTFS): checked for completeness and kept; journeys are computed in a later step."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from dableiben.core.errors import InputError
from dableiben.sources.base import READERS, Reader, Reading, start_report

if TYPE_CHECKING:
    from dableiben.catalogue.load import Catalogue

NEEDED = ("agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
CALENDARS = ("calendar.txt", "calendar_dates.txt")
NOTE = "Der Fahrplan wird aufbewahrt; gerechnet wird mit ihm in einem späteren Schritt."


def sniff(path: Path) -> bool:
    """Whether the file is an archive."""
    return zipfile.is_zipfile(path)


def read(path: Path, _: Catalogue) -> Reading:
    """Nothing but the report: rows of all tables, read and kept.

    Errors: InputError if a table is missing, empty or damaged.
    """
    report = start_report(path, "gtfs")
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            missing = [name for name in NEEDED if name not in names]
            missing += [" oder ".join(CALENDARS)] if not names & set(CALENDARS) else []
            if missing:
                raise InputError(
                    "gtfs-incomplete", f"Dem Fahrplan fehlt {missing[0]}.",
                    "Das vollständige GTFS-Archiv des Verkehrsverbunds verwenden, Tabellen nicht in Unterordnern.",
                    file=path,
                )  # fmt: skip
            for name in (*NEEDED, *sorted(names & set(CALENDARS))):
                rows = _rows(archive, name)
                if rows == 0 and name in NEEDED:
                    raise InputError("gtfs-empty", f"Die Tabelle {name} ist leer.", "Das Archiv neu laden.", file=path)
                report.rows_read += rows
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise InputError(
            "gtfs-not-readable", "Das Archiv mit dem Fahrplan ist beschädigt.", "Das Archiv neu laden.", file=path
        ) from error
    report.rows_used = report.rows_read
    report.note(NOTE)
    return Reading(report)


def _rows(archive: zipfile.ZipFile, name: str) -> int:
    with archive.open(name) as lines:
        return max(0, sum(1 for line in lines if line.strip()) - 1)


READERS.register("gtfs")(Reader("gtfs", "Fahrplan im Format GTFS (ZIP)", sniff, read))
