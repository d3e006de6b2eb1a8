# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""run.log: what a run did, line by line. No clock (that stands in run.json only), no persons, no paths."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from dableiben.core.provenance import ReadReport

LOG = logging.getLogger("dableiben")
FILE_NAME = "run.log"


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname.lower():8}{record.getMessage()}")


@contextmanager
def recorded() -> Iterator[list[str]]:
    """Collect what the package logs from `info` upwards while the block runs."""
    handler = _Lines()
    before = LOG.level
    LOG.addHandler(handler)
    LOG.setLevel(min(before or logging.INFO, logging.INFO))
    try:
        yield handler.lines
    finally:
        LOG.removeHandler(handler)
        LOG.setLevel(before)


def log_readings(reports: Sequence[ReadReport]) -> None:
    """What was read and lost, and why."""
    for report in reports:
        LOG.info("%s: %d gelesen, %d verwendet", report.source.file, report.rows_read, report.rows_used)
        for reason, rows in sorted(report.lost.items()):
            LOG.info("%s: %d × %s", report.source.file, rows, reason)
