# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Outings: which slots of a week somebody can spend at a place that has hours, with ways that have times."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dableiben.core.week import SLOTS_A_WEEK, Mask

Bools = NDArray[np.bool_]
EVER = np.ones((1, SLOTS_A_WEEK), np.bool_)
"""a way that can be gone at any time, on foot say"""


def stays(is_open: Mask, there: Bools, back: Bools, least_slots: int, longest_slots: int) -> Bools:
    """Slots that lie inside some possible stay, shape (homes, 672).

    is_open   slots in which the place is open
    there     shape (homes, 672): one can be there when slot s begins, the way taking no longer than allowed
    back      shape (homes, 672): one gets home when leaving as slot s begins
    least, longest   slots of a stay
    Law: a stay begins when one can be there, is open throughout, lasts from least to longest slots and ends when
    one gets away; more open slots or more rides never lose a slot. The week is a circle.
    """
    found = np.zeros((max(len(there), len(back)), SLOTS_A_WEEK), np.bool_)
    _stays(is_open, there, back, max(1, least_slots), max(1, least_slots, min(longest_slots, SLOTS_A_WEEK)), found)
    return found


@njit(cache=True, nogil=True)
def _stays(is_open, there, back, least, longest, found):  # type: ignore[no-untyped-def]
    week = len(is_open)
    for home in range(len(found)):
        go = there[min(home, len(there) - 1)]
        come = back[min(home, len(back) - 1)]
        marked = 0  # slots from the current one on that are known to be inside a stay
        for start in range(week):
            marked = max(0, marked - 1)
            if not (go[start] and is_open[start]):
                continue
            last = 0
            for length in range(1, longest + 1):
                if not is_open[(start + length - 1) % week]:
                    break
                if length >= least and come[(start + length) % week]:
                    last = length
            for slot in range(marked, last):
                found[home, (start + slot) % week] = True
            marked = max(marked, last)
