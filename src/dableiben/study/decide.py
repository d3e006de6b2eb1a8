# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Decisions about gaps: kept as changes, so that they survive runs and can be printed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import cast, get_args

import pandas as pd

from dableiben.catalogue.load import load_catalogue
from dableiben.core.errors import InputError
from dableiben.privacy.gate import release
from dableiben.region.change import ReviewGap, ReviewStatus, append_change
from dableiben.report.reviewed import rejected_last
from dableiben.store.config import read_config
from dableiben.store.folder import RegionFolder
from dableiben.store.tables import read_results


def latest_gaps(root: Path, *, kind: str | None = None, area: str | None = None) -> pd.DataFrame:
    """Gaps of the latest run as they may be shown.

    kind   only this kind; a kind of a pool stands for its pool
    area   only this area (id or name) and what lies in it
    Errors: InputError if there is no run, or for a kind or area that does not exist.
    """
    read_config(root)
    folder = RegionFolder(root)
    catalogue = load_catalogue(folder.cards)
    released = release(read_results(folder.latest), catalogue)
    table = rejected_last(released.tables["gaps"])
    if kind is not None:
        service = (catalogue.kinds[kind].pool or kind) if kind in catalogue.kinds else kind
        if service not in catalogue.services():
            raise InputError(
                "kind-unknown", f"Eine Angebotsart „{kind}“ gibt es nicht.",
                f"Möglich sind: {', '.join(sorted({*catalogue.kinds, *catalogue.pools}))}.",
            )  # fmt: skip
        table = table[table["kind"] == service]
    if area is not None:
        table = table[table["area_id"].isin(areas_within(released.areas, area))]
    return table


def areas_within(areas: pd.DataFrame, wanted: str) -> set[str]:
    """Ids of an area and of all that lies in it."""
    found = set(areas.loc[(areas["area_id"] == wanted) | (areas["name"] == wanted), "area_id"])
    if not found:
        raise InputError(
            "area-unknown", f"Ein Gebiet „{wanted}“ gibt es im letzten Lauf nicht.",
            "Name oder Kennung so angeben, wie sie „dableiben gaps“ und der Bericht zeigen.",
        )  # fmt: skip
    while True:
        rows = areas[["area_id", "parent_id", "also_in"]].itertuples(index=False)
        more = {a for a, parent, also in rows if parent in found or found & set(also if also is not None else ())}
        if more <= found:
            return found
        found |= more


def decide(root: Path, gap_id: str, status: str, reason: str) -> None:
    """Append a decision. Errors: InputError for an unknown gap or status, or a rejection without reason."""
    read_config(root)
    folder = RegionFolder(root)
    allowed = get_args(ReviewStatus)
    if status not in allowed:
        raise InputError(
            "status-unknown", f"„{status}“ ist kein Stand einer Lücke.", f"Möglich sind: {', '.join(allowed)}.",
        )  # fmt: skip
    if status == "rejected" and not reason.strip():
        raise InputError("reason-missing", "Eine Ablehnung braucht eine Begründung.", "--reason angeben.")
    known = set(read_results(folder.latest).tables["gaps"]["gap_id"])
    if gap_id not in known:
        raise InputError(
            "gap-unknown", f"Eine Lücke „{gap_id}“ gibt es im letzten Lauf nicht.",
            "Die Kennung mit „dableiben gaps“ nachsehen.",
        )  # fmt: skip
    today = datetime.now().astimezone().date()
    with folder.lock():
        change = ReviewGap(on=today, gap_id=gap_id, status=cast(ReviewStatus, status), reason=reason)
        append_change(folder.edits, change)
