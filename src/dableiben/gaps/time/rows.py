# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Who needs a service in which slots: need windows in force, by group, audience and kind of household."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dableiben.catalogue.schema import STREET_MODES, Group
from dableiben.catalogue.select import ChosenNorm, norms_in_force
from dableiben.catalogue.windows import Narrower, NeedWindow
from dableiben.core.week import Mask
from dableiben.gaps.rows import Limit, Limits, Part, household_parts
from dableiben.gaps.service import Frame, Judged, shares_of
from dableiben.gaps.time.audiences import Crowd, crowds
from dableiben.gaps.time.weeks import Week
from dableiben.need.groups import need_persons

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
BUS = "bus"


@dataclass
class WeekStatus:
    """One need in one week, slot by slot, for the units of a row; filled by the judge.

    needed    slots in which the need arises, shape (672,)
    served    shape (units, slots needed): an open offer is reached, and one gets back
    unknown   not served, but an entry that is missing might say so
    hours, timetable, capacity   why not, where it is known that not
    by_ride   served by bus or volunteers only
    weeks_closed   weeks of the school holidays beyond those allowed for which all facilities within reach are closed,
                   shape (units,); 0 = none too many, NaN = none within reach
    """

    week: Week
    needed: Mask
    served: Bools
    unknown: Bools
    hours: Bools
    timetable: Bools
    capacity: Bools
    by_ride: Bools
    weeks_closed: Floats


@dataclass
class TimeRow:
    """Need of one group, audience and kind of household for one service, under one norm; by unit.

    low, best, high   persons, shape (units,)
    units             units with persons inside the region, ascending
    """

    service: str
    group: Group
    suffix: str
    norm: ChosenNorm
    window: NeedWindow
    limit_min: float
    modes: tuple[str, ...]
    rides: bool
    """may go by bus and volunteer transport"""
    low: Floats
    best: Floats
    high: Floats
    share_known: bool
    crowd: Crowd
    beyond: bool
    """these households have none of the modes: whom even they do not serve lacks it, too; the others are not judged"""
    needed: list[tuple[Week, Mask]]
    units: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    weeks: list[WeekStatus] = field(default_factory=list)
    missing: dict[str, Bools] = field(default_factory=dict)
    """reason -> units (of `units`) that have slots which cannot be said for it"""
    unsaid: set[int] = field(default_factory=set)
    """rows of facilities whose hours are missing or cannot be read"""

    @property
    def name(self) -> str:
        """Group as it stands in the results."""
        return self.group.id + self.suffix

    @property
    def mode(self) -> str | None:
        """The fastest way that may be used."""
        order = ("foot", "bike", BUS, "car")
        mine = [m for m in order if m in self.modes or (m == BUS and self.rides)]
        return mine[-1] if mine else None


def time_rows(frame: Frame, judged: Judged) -> list[TimeRow]:
    """All needs in time of a service; none where no norm with a window is in force."""
    found: list[TimeRow] = []
    for chosen in norms_of_windows(frame, judged.service):
        window = frame.catalogue.windows[str(chosen.norm.window)]
        groups = [served.group for served in judged.card.groups]
        mine = [group for group in groups if not chosen.norm.groups or group in chosen.norm.groups]
        if window.audience.view != "everybody":
            # People of a segment have no ages: they are asked about once, not once for each group.
            mine = [*chosen.norm.groups, *groups][:1]
        for group in mine:
            found += _rows(frame, judged.service, frame.catalogue.groups[group], chosen)
    return found


def norms_of_windows(frame: Frame, service: str) -> list[ChosenNorm]:
    """The norm to use for each need window of a service."""
    region = frame.region
    found = norms_in_force(
        frame.catalogue, service, "served_in_window", region.as_of, region.norm_keys, region.config.norms.adopt
    )
    by_window: dict[str, ChosenNorm] = {}
    for chosen in found:
        by_window.setdefault(str(chosen.norm.window), chosen)
    return [by_window[key] for key in sorted(by_window)]


def _rows(frame: Frame, service: str, group: Group, chosen: ChosenNorm) -> Iterator[TimeRow]:
    times = frame.times
    assert times is not None
    window = frame.catalogue.windows[str(chosen.norm.window)]
    by_street: dict[str, float] = {m: chosen.number for m in STREET_MODES if m in chosen.norm.modes}
    limit, of_all = Limit(chosen, by_street), chosen.norm.households == "all"
    limits = Limits(everybody=limit) if of_all else Limits(without_car=limit)
    parts = household_parts(group, limits, frame.settings.modes, frame.region.config.carless)
    rides = BUS in chosen.norm.modes and frame.settings.rides
    for crowd in crowds(frame, window, lambda: _everybody(frame, service, group, window.audience.part)):
        needed = [(week, crowd.narrowed(window, week, times.calendar)) for week in crowd.weeks(frame)]
        needed = [(week, mask) for week, mask in needed if mask.any()]
        for part in parts if needed else ():
            if part.limit is None:  # the norm says nothing about these households
                continue
            yield _row(frame, service, group, chosen, window, crowd, part, rides=rides, needed=needed)


def _row(
    frame: Frame, service: str, group: Group, chosen: ChosenNorm, window: NeedWindow, crowd: Crowd, part: Part,
    *, rides: bool, needed: list[tuple[Week, Mask]],
) -> TimeRow:  # fmt: skip
    low, best, high = crowd.low * part.low, crowd.best * part.best, crowd.high * part.high
    row = TimeRow(
        service, group, window.audience.suffix + part.suffix, chosen, window, chosen.number,
        part.modes or part.beyond, rides, low, best, high, part.share_known, crowd, not (part.modes or rides), needed,
    )  # fmt: skip
    inside = frame.units["inside"].to_numpy(bool)
    row.units = np.flatnonzero(inside & (np.nan_to_num(high, nan=1.0) > 0))
    return row


def _everybody(frame: Frame, service: str, group: Group, part: Narrower | None) -> Floats:
    """Persons of the group, or a part of it, in need by unit, as for the other dimensions."""
    rate = frame.norm(service, "uptake_rate", group.id)
    value = rate.value.value if rate is not None else None
    said = part.model_dump(exclude_none=True) if part is not None else {}
    narrowed = group.model_copy(update=said)
    return need_persons(frame.residents, narrowed, shares_of(frame, narrowed), value)
