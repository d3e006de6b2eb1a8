# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Places of facilities: what is known, what is possible at most, who does not say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Places:
    """Usable places of facilities: known (0 where unknown), at most, and who is unknown."""

    known: Floats
    at_most: Floats
    unknown: NDArray[np.bool_]


def places_of(facilities: pd.DataFrame) -> Places:
    """Usable places decide. Where they are missing they are unknown, at most the licensed ones if given;
    a facility that only possibly is of the kind is unknown too."""
    usable = facilities["usable_places"].astype(float).to_numpy()
    licensed = facilities["licensed_places"].astype(float).to_numpy()
    possible = facilities["possible"].to_numpy(bool)
    unknown = np.isnan(usable) | possible
    bound = np.where(np.isnan(usable), licensed, usable)
    return Places(np.where(unknown, 0.0, usable), np.where(np.isnan(bound), np.inf, bound), np.asarray(unknown, bool))


def unknown_where(places: Places, mask: NDArray[np.bool_]) -> Places:
    """The same places, unknown (0 up to what was said) for some facilities."""
    bound = np.where(mask & ~places.unknown, places.known, places.at_most)
    return Places(np.where(mask, 0.0, places.known), bound, places.unknown | mask)
