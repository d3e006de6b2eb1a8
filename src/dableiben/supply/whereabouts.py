# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Where a facility may be whose area is not known: unknown is not nowhere."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.levels import id_column

Bools = NDArray[np.bool_]


def may_lie_in(facilities: pd.DataFrame, units: pd.DataFrame, level: str) -> dict[int, Bools]:
    """Facilities whose area at a level is not known, by row number, with the units among which they may lie.

    Those are the units of its municipality, or all units if not even that is known. A facility with a point that
    lies in no assessed municipality is outside, and known to be.
    """
    own = _known(facilities[id_column(level)])
    homes = facilities["municipality_id"].to_numpy(object)
    named = _known(facilities["municipality_id"])
    placed = facilities["x_m"].notna().to_numpy(bool)
    municipality = units["municipality_id"].to_numpy(object)
    found = {}
    for row in np.flatnonzero(~own & (named | ~placed)).tolist():
        found[row] = municipality == homes[row] if named[row] else np.ones(len(units), bool)
    return found


def _known(ids: pd.Series) -> Bools:
    return np.array([isinstance(value, str) for value in ids], bool)
