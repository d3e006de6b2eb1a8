# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Places people can count on with competition (2SFCA), for services with a limit of the way and known places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dableiben.access.catchment import Travel, two_step
from dableiben.access.decay import step
from dableiben.gaps.service import Frame, Judged
from dableiben.gaps.ways import ways_for
from dableiben.supply.places import places_of

Floats = NDArray[np.float64]


def places_with_competition(frame: Frame, one: Judged, need: Floats, mode: str) -> Floats | None:
    """Usable places per person in need by unit, shape (units,), within the limit by one mode.

    None where no limit by this mode is in force. NaN where a facility of unknown size is within reach: it may
    serve more. People outside the region compete.
    law   sum(need x result) = places of all facilities with anybody in reach, where all are known
    """
    limits = [row.limit for row in one.rows if row.limit is not None and mode in row.limit.minutes]
    if not limits or one.card.capacity_unit is None:
        return None
    # Groups may have several limits: the longest counts, one of time before one of length.
    limit = max(limits, key=lambda limit: (limit.metres is None, limit.minutes[mode]))
    limit_min, ways = limit.minutes[mode], ways_for(limit, frame.ways)
    if ways is None:
        return None
    sites = np.sort(np.concatenate([one.offer.certain, one.offer.possible]))
    pairs = ways.within(mode, sites, limit_min)
    position = np.searchsorted(sites, pairs.facility)
    places = places_of(frame.facilities.iloc[sites])
    travel = Travel(pairs.unit.astype(np.int32), position.astype(np.int32), pairs.minutes)
    result = two_step(np.nan_to_num(need), places.known, travel, decay=step({limit_min: 1.0}))
    unsure = np.bincount(pairs.unit, places.unknown[position].astype(float), minlength=len(need)) > 0
    return np.where(unsure, np.nan, result)
