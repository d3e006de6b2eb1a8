# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Rides to a facility and back, slot by slot: by timetable, and with volunteers in the hours they drive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from dableiben.core.calendar import clock_change_min
from dableiben.core.levels import LEVELS, id_column
from dableiben.core.week import SLOT_MIN, SLOTS_A_DAY, SLOTS_A_WEEK, Mask, no_slots, slots
from dableiben.gaps.service import Frame
from dableiben.gaps.time.weeks import Week
from dableiben.gaps.ways import Journeys, Transit
from dableiben.supply.opening_hours import Hours, read_hours

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
_SLOT_S = SLOT_MIN * 60
BUS = "bus"
"""the card of the rules for rides"""
NO_TIMETABLE = "timetable_missing"
NOT_COVERED = "timetable_over"


@dataclass(frozen=True)
class Trips:
    """Ways of some units to one facility and back in a week.

    there    shape (units, 672): at the facility when the slot begins, within the limit
    back     shape (units, 672): home again within the limit when leaving as the slot begins
    unknown  shape (units,): no timetable speaks of the week, and a bus might do it
    unsaid   shape (units,): volunteers drive there who do not say when
    """

    there: Bools
    back: Bools
    unknown: Bools
    unsaid: Bools


@dataclass(frozen=True)
class _Zone:
    """Homes and facilities between which somebody drives on call, and when."""

    homes: Bools
    sites: Bools
    hours: Mask
    unsaid: bool = False
    """some of its hours are missing or cannot be read"""


@dataclass
class Rides:
    """All rides of a region; days with the same trips are computed once."""

    frame: Frame
    why_unknown: str = NO_TIMETABLE
    transit: Transit | None = None
    _days: dict[bytes, Journeys] = field(default_factory=dict, repr=False)
    _zones_of: dict[date, list[_Zone]] = field(default_factory=dict, repr=False)
    _site: tuple[int, dict[bytes, tuple[NDArray[np.int32], NDArray[np.int32]]]] = field(
        default=(-1, {}), repr=False
    )

    @classmethod
    def of(cls, frame: Frame) -> Rides:
        """Rides of a region, with or without a timetable."""
        timetable, ways = frame.region.timetable, frame.ways
        if timetable is None or ways is None:
            return cls(frame, NO_TIMETABLE)
        return cls(frame, NOT_COVERED, ways.transit(timetable, frame.catalogue.transit[BUS]))

    def to(self, site: int, units: Ints, week: Week, limit_min: float, *, pupils: bool) -> Trips:
        """Rides of some units to a facility (a row of the table) and back in a week; `pupils` may use their buses."""
        there, back = (np.zeros((len(units), SLOTS_A_WEEK), bool) for _ in range(2))
        for number, day in enumerate(week.days):
            part = slice(number * SLOTS_A_DAY, (number + 1) * SLOTS_A_DAY)
            minutes = self._minutes(site, day, pupils)
            if minutes is not None:
                there[:, part], back[:, part] = (_within(one[units], limit_min) for one in minutes)
        self._on_call(site, units, week, limit_min, there, back)
        unsaid = [zone.homes[units] for zone in self._zones(week) if zone.unsaid and zone.sites[site]]
        nobody = np.zeros(len(units), bool)
        unknown = self._unknown(site, units, week, limit_min)
        return Trips(there, back, unknown, np.asarray(np.logical_or.reduce([nobody, *unsaid])))

    def _minutes(self, site: int, day: date, pupils: bool) -> tuple[NDArray[np.int32], NDArray[np.int32]] | None:
        """Minutes of the way there and back by slot of a day, shape (homes, 96) each; -1 = none."""
        timetable = self.frame.region.timetable
        if timetable is None or self.transit is None or not timetable.covers(day):
            return None
        eve = date.fromordinal(day.toordinal() - 1)
        runs = (timetable.services_on(one).tobytes() for one in (day, eve))
        key = b"|".join([*runs, b"%d %d" % (clock_change_min(day), pupils)])
        if self._site[0] != site:
            self._site = (site, {})
        if key not in self._site[1]:
            if key not in self._days:
                self._days[key] = self.transit(day, pupils)
            starts = (np.arange(SLOTS_A_DAY) * _SLOT_S).astype(np.int32)
            leaving = self._days[key].latest_departures(site, starts)
            home = self._days[key].earliest_arrivals(site, starts)
            self._site[1][key] = (
                np.where(leaving < 0, -1, starts[None] - leaving).astype(np.int32),
                np.where(home < 0, -1, home - starts[None]).astype(np.int32),
            )
        return self._site[1][key]

    def _on_call(
        self, site: int, units: Ints, week: Week, limit_min: float, there: Bools, back: Bools
    ) -> None:
        """Who comes on call brings people so that they can be there in the hours of service, within the zone."""
        for zone in self._zones(week):
            if not zone.sites[site]:
                continue
            mine = zone.homes[units]
            there[mine] |= zone.hours[None]
            back[mine] |= np.roll(zone.hours, 1)[None]

    def _zones(self, week: Week) -> list[_Zone]:
        """Zones of volunteer transport and of the timetable, with their hours in a week."""
        if week.days[0] not in self._zones_of:
            self._zones_of[week.days[0]] = [*self._volunteers(week), *self._flex(week)]
        return self._zones_of[week.days[0]]

    def _volunteers(self, week: Week) -> Iterator[_Zone]:
        times = self.frame.times
        assert times is not None
        for row in self.frame.region.transport.to_dict("records"):
            hours, areas = read_hours(row["service_hours"]), list(row["area_ids"])
            if not areas:
                continue
            homes, sites = (_inside(table, areas) for table in (self.frame.units, self.frame.facilities))
            is_open, unknown = no_slots(), ~no_slots()
            if isinstance(hours, Hours):
                is_open, unknown = hours.week(week.days, times.calendar)
            yield _Zone(homes, sites, is_open, bool(unknown.any()))

    def _flex(self, week: Week) -> Iterator[_Zone]:
        timetable = self.frame.region.timetable
        for zone in timetable.zones if timetable is not None else ():
            assert timetable is not None
            hours = no_slots()
            for number, day in enumerate(week.days):
                runs = timetable.services_on(day)
                for service, first_s, last_s in zone.windows:
                    if runs[service]:
                        hours |= slots([number], -(-first_s // 60), last_s // 60)
            homes, sites = (_within_shape(table, zone.shape) for table in (self.frame.units, self.frame.facilities))
            yield _Zone(homes, sites, hours)

    def _unknown(self, site: int, units: Ints, week: Week, limit_min: float) -> Bools:
        """Units for whom a bus of which nothing is known might do: not farther than the limit by car."""
        timetable, ways = self.frame.region.timetable, self.frame.ways
        if ways is None or (timetable is not None and all(map(timetable.covers, week.days))):
            return np.zeros(len(units), bool)
        if "car" not in ways.modes:
            return np.ones(len(units), bool)
        pairs = ways.within("car", np.array([site]), limit_min)
        return np.isin(units, pairs.unit)


def _within(seconds: NDArray[np.int32], limit_min: float) -> Bools:
    return np.asarray((seconds >= 0) & (seconds <= limit_min * 60))


def _inside(table: pd.DataFrame, area_ids: list[str]) -> Bools:
    """Rows of a table that lie in one of the areas, whatever their level."""
    columns = [table[id_column(level)].to_numpy(object).astype(str) for level in LEVELS]
    return np.asarray(np.logical_or.reduce([np.isin(column, area_ids) for column in columns]))


def _within_shape(table: pd.DataFrame, shape: BaseGeometry) -> Bools:
    """Rows of a table whose point lies inside a shape."""
    points = shapely.points(table["x_m"].to_numpy(float), table["y_m"].to_numpy(float))
    return np.asarray(shapely.intersects(shape, points))
