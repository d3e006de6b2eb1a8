# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The council's edition: facts of everything, judgements of confirmed gaps only.

Need, places, facilities and minutes are facts. That something is missing is a judgement: gaps, shares of persons in
a gap, the rating of a way, shares within a limit, and a Saldo. A judgement that is left out only where it is not
confirmed would be told by its absence: shares and ratings go everywhere, a Saldo stays beside a confirmed gap alone.
"""

from __future__ import annotations

import pandas as pd

from dableiben.privacy.entries import SHARE_UNITS

CONFIRMED = "confirmed"
SHARES = ("gap_share", "unknown_share", "served_share", "share_step")


def keep_confirmed(frames: dict[str, pd.DataFrame]) -> None:
    """Take out of the released frames, in place, what would tell of gaps that nobody has confirmed."""
    gaps = frames["gaps"]
    frames["gaps"] = gaps = gaps[gaps["review_status"] == CONFIRMED]
    for column in SHARES:
        frames["coverage"][column] = None
    frames["cells"]["status_distance"] = None
    shares = frames["indicators"]["unit"].isin(list(SHARE_UNITS))
    frames["indicators"] = frames["indicators"][~shares].reset_index(drop=True)
    content = gaps[gaps["dimension"] == "content"]
    said = set(zip(content["kind"], content["area_id"], strict=True))
    balance = frames["balance"]
    kept = [key in said for key in zip(balance["kind"], balance["area_id"], strict=True)]
    balance["saldo_places"] = balance["saldo_places"].astype(object).where(pd.Series(kept, index=balance.index), None)
