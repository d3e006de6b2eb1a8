# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""daviplan's ten rating indicators, by its definitions, from arrays of cells, areas and facilities.

Whoever compares the two programs should know: (a) need without a facility in reach counts in the denominator of
`share_within_minutes`; daviplan leaves it out. (b) The longest way to a facility looks at cells with need, as its
sentence says; daviplan looks at all cells. (c) A facility whose places are unknown makes the area's two
indicators with places unknown; daviplan has no unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from dableiben.core.errors import ContractError
from dableiben.core.registry import Registry

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.integer]
Subject = Literal["area", "facility", "cell"]


@dataclass(frozen=True)
class RatedService:
    """One service, one mode. Facilities in the order of their ids; only those that offer the service.

    need_persons     persons in need per cell, shape (cells,), >= 0
    nearest          facility with the least minutes per cell, ties by the smaller index, -1 = none, (cells,)
    minutes          to that facility, NaN = none, shape (cells,)
    part_cell, part_area, part_share  cells by areas: a cell cut by a border has a part in each area, its share
                     is that of its ground, 0..1; shapes (parts,)
    areas            number of areas
    facility_area    area of each facility, -1 = outside, shape (facilities,)
    places           usable places, NaN = unknown, shape (facilities,)
    """

    need_persons: FloatArray
    nearest: IntArray
    minutes: FloatArray
    part_cell: IntArray
    part_area: IntArray
    part_share: FloatArray
    areas: int
    facility_area: IntArray
    places: FloatArray

    def __post_init__(self) -> None:
        cells, facilities = self.need_persons.size, self.places.size
        if self.nearest.size != cells or self.minutes.size != cells or self.facility_area.size != facilities:
            raise ContractError("arrays of cells or of facilities differ in length")
        if not self.part_cell.size == self.part_area.size == self.part_share.size:
            raise ContractError("part_cell, part_area and part_share differ in length")
        for index, lowest, end in (
            (self.nearest, -1, facilities),
            (self.facility_area, -1, self.areas),
            (self.part_cell, 0, cells),
            (self.part_area, 0, self.areas),
        ):
            if index.size and (index.min() < lowest or index.max() >= end):
                raise ContractError(f"an index lies outside {lowest}..{end - 1}")
        if not (self.need_persons >= 0).all() or (self.places < 0).any():
            raise ContractError("need must be known and >= 0, places >= 0")
        if ((self.nearest >= 0) != np.isfinite(self.minutes)).any():
            raise ContractError("nearest and minutes differ in which cells reach a facility")

    def need_of_parts(self) -> FloatArray:
        """Persons of each part of a cell, shape (parts,)."""
        return self.need_persons[self.part_cell] * self.part_share

    def need_of_areas(self) -> FloatArray:
        """Persons in need per area, shape (areas,)."""
        return _sum(self.part_area, self.need_of_parts(), self.areas)

    def facilities_of_areas(self) -> FloatArray:
        """Number of facilities per area, shape (areas,)."""
        inside = self.facility_area[self.facility_area >= 0]
        return np.bincount(inside, minlength=self.areas).astype(np.float64)

    def places_of_areas(self) -> FloatArray:
        """Places per area, NaN where a facility's places are unknown, shape (areas,)."""
        inside = self.facility_area >= 0
        return _sum(self.facility_area[inside], self.places[inside], self.areas)


def need_in_catchment(service: RatedService) -> FloatArray:
    """1. Persons for whom the facility is the nearest, shape (facilities,)."""
    own = service.nearest >= 0
    return _sum(service.nearest[own], service.need_persons[own], service.places.size)


def mean_travel_time(service: RatedService) -> FloatArray:
    """2. Mean minutes of an area's persons to their nearest facility, of those who reach one, shape (areas,)."""
    reaches = service.nearest[service.part_cell] >= 0
    area, need = service.part_area[reaches], service.need_of_parts()[reaches]
    minutes = service.minutes[service.part_cell][reaches]
    return _per(_sum(area, need * minutes, service.areas), _sum(area, need, service.areas))


def mean_travel_time_catchment(service: RatedService) -> FloatArray:
    """3. Mean minutes to the facility of the persons for whom it is the nearest, shape (facilities,)."""
    own = service.nearest >= 0
    weighted = service.need_persons[own] * service.minutes[own]
    return _per(_sum(service.nearest[own], weighted, service.places.size), need_in_catchment(service))


def max_travel_time_catchment(service: RatedService) -> FloatArray:
    """4. Longest minutes to the facility of the persons for whom it is the nearest, shape (facilities,)."""
    own = (service.nearest >= 0) & (service.need_persons > 0)
    longest = np.full(service.places.size, -np.inf)
    np.maximum.at(longest, service.nearest[own], service.minutes[own])
    return np.where(np.isfinite(longest), longest, np.nan)


def share_within_minutes(service: RatedService, limit_min: float) -> FloatArray:
    """5. Percent of an area's persons whose nearest facility is within the limit (``<=``), shape (areas,)."""
    within = service.minutes[service.part_cell] <= limit_min  # false for NaN
    reached = _sum(service.part_area[within], service.need_of_parts()[within], service.areas)
    return 100 * _per(reached, service.need_of_areas())


def cell_travel_time(service: RatedService) -> FloatArray:
    """6. Minutes from each cell to its nearest facility, NaN if none is in reach, shape (cells,)."""
    return service.minutes.astype(np.float64)


def places_per_100(service: RatedService) -> FloatArray:
    """7. Places per 100 persons in need of the same area, shape (areas,)."""
    return 100 * _per(service.places_of_areas(), service.need_of_areas())


def need_per_place(service: RatedService) -> FloatArray:
    """8. Persons in need per place of the same area, NaN without places, shape (areas,)."""
    return _per(service.need_of_areas(), service.places_of_areas())


def need_per_facility(service: RatedService) -> FloatArray:
    """9. Persons in need per facility of the same area, NaN without a facility, shape (areas,)."""
    return _per(service.need_of_areas(), service.facilities_of_areas())


def facilities_per_100(service: RatedService) -> FloatArray:
    """10. Facilities per 100 persons in need of the same area, NaN without need, shape (areas,)."""
    return 100 * _per(service.facilities_of_areas(), service.need_of_areas())


# In daviplan's order; 5 stands apart because it asks for a limit.
_RATINGS: tuple[tuple[Callable[[RatedService], FloatArray] | None, str, Subject, str], ...] = (
    (need_in_catchment, "need_in_catchment", "facility", "persons"),
    (mean_travel_time, "mean_travel_time", "area", "min"),
    (mean_travel_time_catchment, "mean_travel_time_catchment", "facility", "min"),
    (max_travel_time_catchment, "max_travel_time_catchment", "facility", "min"),
    (None, "share_within_minutes", "area", "%"),
    (cell_travel_time, "cell_travel_time", "cell", "min"),
    (places_per_100, "places_per_100", "area", "places per 100 persons"),
    (need_per_place, "need_per_place", "area", "persons per place"),
    (need_per_facility, "need_per_facility", "area", "persons per facility"),
    (facilities_per_100, "facilities_per_100", "area", "facilities per 100 persons"),
)


@dataclass(frozen=True)
class Rating:
    """A further indicator: one value per area or facility (NaN = not defined or unknown), and its unit."""

    compute: Callable[[RatedService], FloatArray]
    subject: Subject
    unit: str


RATINGS: Registry[Rating] = Registry("indicator")
"""indicators that plugins add to daviplan's ten; each has a sentence `indicator.<name>` on a card"""


def ratings(service: RatedService, *, limits_min: Sequence[float]) -> pd.DataFrame:
    """All ten indicators, and those of plugins, as one tidy frame.

    limits_min  the minutes that `share_within_minutes` is asked for
    result      columns indicator (id), subject (area, facility, cell), index (of the subject), limit_min (NaN but
                for `share_within_minutes`), value (NaN where not defined or unknown), unit; in daviplan's order
    """
    parts = []
    for compute, name, subject, unit in _RATINGS:
        if compute is not None:
            parts.append(_tidy(name, subject, np.nan, compute(service), unit))
            continue
        for limit in limits_min:
            parts.append(_tidy(name, subject, float(limit), share_within_minutes(service, limit), unit))
    for name, rating in RATINGS.items():
        parts.append(_tidy(name, rating.subject, np.nan, rating.compute(service), rating.unit))
    return pd.concat(parts, ignore_index=True)


def _tidy(name: str, subject: Subject, limit_min: float, values: FloatArray, unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator": name,
            "subject": subject,
            "index": np.arange(values.size),
            "limit_min": limit_min,
            "value": values,
            "unit": unit,
        }
    )


def _sum(index: IntArray, values: FloatArray, size: int) -> FloatArray:
    return np.bincount(index, values, size).astype(np.float64)


def _per(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """top / bottom; NaN where the bottom is zero or unknown."""
    ratio: FloatArray = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return ratio
