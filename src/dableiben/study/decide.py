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
from dableiben.store.folder import RegionFolder
from dableiben.store.tables import read_results


def latest_gaps(root: Path) -> pd.DataFrame:
    """Gaps of the latest run as they may be shown. Errors: InputError if there is no run."""
    folder = RegionFolder(root)
    return release(read_results(folder.latest), load_catalogue(folder.cards)).tables["gaps"]


def decide(root: Path, gap_id: str, status: str, reason: str) -> None:
    """Append a decision. Errors: InputError for an unknown gap or status, or a rejection without reason."""
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
