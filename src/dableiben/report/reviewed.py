# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Gaps after their review: those that stand, and those looked at and rejected, which count nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

REJECTED = "rejected"


def rejected_last(gaps: pd.DataFrame) -> pd.DataFrame:
    """Released gaps with ranks anew: whoever rejected a gap does not want to read it before those that stand.

    gaps   after RELEASED_TABLES["gaps"]; the order among those that stand, and among the others, is kept
    """
    order = gaps.assign(_last=gaps["review_status"] == REJECTED).sort_values(["_last", "rank"], kind="stable")
    order["rank"] = range(1, len(order) + 1)
    return order.drop(columns="_last").reset_index(drop=True)


def is_rejected(gaps: pd.DataFrame) -> pd.Series:
    """Which rows were rejected."""
    return gaps["review_status"] == REJECTED
