# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Status of a need in one dimension and together: words and order, written once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GAP = "gap"
UNKNOWN = "unknown"
TIGHT = "tight"
COVERED = "covered"
NOT_RATED = "not_rated"
NOT_APPLICABLE = "not_applicable"

ORDER = (GAP, UNKNOWN, TIGHT, COVERED, NOT_RATED)
"""the first that any dimension says is the status together"""

Words = NDArray[np.object_]


def together(dimensions: list[Words | None], need: NDArray[np.float64]) -> Words:
    """Status over all dimensions asked for (None = not asked for): gap if one is, else unknown if one is,
    else the worst of tight and covered; not_rated only if no dimension says more; not_applicable where
    nobody needs it.
    """
    result = np.full(len(need), NOT_RATED, dtype=object)
    for word in reversed(ORDER):
        for statuses in dimensions:
            if statuses is not None:
                result[statuses == word] = word
    result[need == 0] = NOT_APPLICABLE
    return result
