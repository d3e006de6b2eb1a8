# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Data check: opening hours and places by time that say something which cannot be read."""

from __future__ import annotations

from collections.abc import Callable

from dableiben.catalogue.load import Catalogue
from dableiben.core.run import Check
from dableiben.region.check_base import CHECKS, graded, labels, said, some
from dableiben.region.region import Region
from dableiben.supply.opening_hours import Unreadable, read_hours
from dableiben.supply.staffed import read_places_by_time

MOST_LISTED = 20


@CHECKS.register("opening_hours")
def opening_hours(region: Region, catalogue: Catalogue) -> Check | None:
    """Facilities whose hours cannot be read; they are unknown, not closed and not open."""
    return _unread(
        region, catalogue, "opening_hours", read_hours, "Öffnungszeiten",
        "In der Form „Mo-Fr 7:00-16:30, Sa 9-12 Uhr, feiertags geschlossen“ eintragen; bis dahin sind sie unbekannt.",
    )  # fmt: skip


@CHECKS.register("places_by_time")
def places_by_time(region: Region, catalogue: Catalogue) -> Check | None:
    """Facilities whose places by time of day cannot be read."""
    return _unread(
        region, catalogue, "places_by_time", read_places_by_time, "Plätze nach Uhrzeit",
        "In der Form „60 bis 16:30; 15 bis 17:30“ oder „Mo-Fr 6:00-7:00: 10“ eintragen; bis dahin sind sie unbekannt.",
    )  # fmt: skip


def _unread(
    region: Region, catalogue: Catalogue, column: str, read: Callable[[str | None], object], what: str, hint: str
) -> Check | None:
    """A check of one column of texts; None where no facility says anything in it."""
    table = region.facilities[[isinstance(text, str) for text in region.facilities[column]]]
    if table.empty:
        return None
    found = [read(text) for text in table[column]]
    reasons = [one.why_de if isinstance(one, Unreadable) else None for one in found]
    wrong = table[[reason is not None for reason in reasons]]
    open_kind = [catalogue.kinds[kind].protection == "none" for kind in wrong["kind"]]
    listed = [
        f"{label} ({reason})" if is_open else label
        for label, reason, is_open in zip(labels(wrong, catalogue), filter(None, reasons), open_kind, strict=True)
    ]
    return graded(
        column, bool(listed),
        f"{what}: {said(len(listed))} von {said(len(table))} Angaben sind nicht lesbar"
        + (f": {some(listed, MOST_LISTED)}." if listed else "."),
        hint,
    )  # fmt: skip
