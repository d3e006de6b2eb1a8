# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Reader for timetables in the format GTFS, with its extension for rides on demand (GTFS-Flex)."""

from dableiben.sources.gtfs.reader import CALENDARS, NEEDED, read, sniff

__all__ = ["CALENDARS", "NEEDED", "read", "sniff"]
