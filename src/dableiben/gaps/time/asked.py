# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""One need in one week, with the facilities that may meet it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from dableiben.core.week import Mask
from dableiben.gaps.time.rows import TimeRow
from dableiben.gaps.time.times import Openings
from dableiben.gaps.time.weeks import Week

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass
class Asked:
    """One row in one week, with the facilities it may use.

    sites      rows of the facilities that are certainly of the service and have a place
    by_street  shape (units, sites): within the limit on the street
    fit, may_fit   shape (sites, slots needed): slots of stays, certain and if all that is unknown were open
    """

    row: TimeRow
    week: Week
    needed: Mask
    slots: Ints
    sites: Ints
    by_street: csr_array
    openings: Openings
    fit: Bools
    may_fit: Bools
