# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What all services of a run share about time: calendars, the weeks that are looked at, and who is open when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.calendar import Calendar
from dableiben.core.errors import InputError
from dableiben.core.ids import land_of
from dableiben.core.seasons import Season
from dableiben.core.week import SLOTS_A_WEEK, Mask
from dableiben.gaps.time.weeks import ASKED, HOLIDAYS, Week, holiday_weeks, season_week, usual_weeks, week_at
from dableiben.region.region import Region
from dableiben.supply.opening_hours import Hours, Unreadable, read_hours
from dableiben.supply.staffed import places_by_slot

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Openings:
    """When some facilities are open in a week: certainly, and perhaps; shape (facilities, 672)."""

    is_open: Bools
    unknown: Bools
    weeks_closed: NDArray[np.float64]
    """weeks of the school holidays beyond those allowed for which it is closed; 0 where it keeps to them"""


@dataclass(frozen=True)
class Times:
    """Calendars and hours of a region. `land` and its holidays hold for facilities whose place is not known."""

    calendar: Calendar
    base: date
    weeks: tuple[Week, ...]
    """weeks in which needs of the whole year are looked at"""
    is_asked: bool
    """only the week or season that was asked for is looked at"""
    facilities: pd.DataFrame
    _calendars: dict[str, Calendar] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, region: Region, day: date | None, season: Season | None) -> Times:
        """Times of a region: its usual weeks, or the week or season that was asked for.

        Errors: InputError for a season that lies in no week of the year.
        """
        calendar, base = region.calendar, day or region.as_of
        feed = region.timetable
        covered, known = (feed.covers, (feed.first_day, feed.last_day)) if feed is not None else (None, None)
        if day is not None:
            weeks: tuple[Week, ...] = (week_at(ASKED, day, calendar),)
        elif season is not None:
            found = season_week(season.id, lambda d: season.contains(d, calendar), base, calendar)
            if found is None:
                raise InputError(
                    "season-without-week", f"In der Saison „{season.de}“ liegt keine ganze Woche.",
                    "Eine längere Saison angeben, z. B. Juli-August, oder einen Tag mit --date.",
                )  # fmt: skip
            weeks = (found,)
        else:
            weeks = usual_weeks(calendar, base, covered, known)
        is_asked = day is not None or season is not None
        return cls(calendar, base, weeks, is_asked, region.facilities.reset_index(drop=True))

    @cached_property
    def hours(self) -> list[Hours | Unreadable | None]:
        """Hours of each facility, read once for each different text."""
        texts = self.facilities["opening_hours"].tolist()
        said = [text if isinstance(text, str) and text.strip() else None for text in texts]
        read: Mapping[str | None, Hours | Unreadable | None] = {text: read_hours(text) for text in set(said)}
        return [read[text] for text in said]

    @cached_property
    def lands(self) -> list[str]:
        """Land of each facility: beyond the border its holidays are those of the neighbour."""
        keys = self.facilities["municipality_id"].tolist()
        return [(land_of(key) if isinstance(key, str) else None) or self.calendar.land for key in keys]

    def calendar_of(self, land: str) -> Calendar:
        """Calendar of a Land; the region's own one keeps what was set for it."""
        if land == self.calendar.land:
            return self.calendar
        return self._calendars.setdefault(land, Calendar(land))

    def openings(self, rows: NDArray[np.int64], week: Week, window: Mask, closing_weeks: float | None) -> Openings:
        """Who of some facilities is open when in a week.

        window, closing_weeks   slots that are asked for, and for how many weeks of the school holidays an offer may
                                be closed in them: in a week of the holidays, one that keeps to it counts with the
                                hours of the holidays in which it is open
        """
        is_open, unknown = (np.zeros((len(rows), SLOTS_A_WEEK), bool) for _ in range(2))
        beyond = np.zeros(len(rows))
        for position, row in enumerate(rows.tolist()):
            hours, calendar = self.hours[row], self.calendar_of(self.lands[row])
            if hours is None or isinstance(hours, Unreadable):
                unknown[position] = True
                continue
            is_open[position], unknown[position] = self._with_staff(row, *hours.week(week.days, calendar))
            if week.key == HOLIDAYS and closing_weeks is not None:
                away = self._holidays_of(hours, calendar, window)
                if away.weeks <= closing_weeks:
                    is_open[position], unknown[position] = away.open_week
                else:
                    beyond[position] = away.weeks - closing_weeks
        return Openings(is_open, unknown, beyond)

    def _with_staff(self, row: int, is_open: Mask, unknown: Mask) -> tuple[Mask, Mask]:
        """Open as well where places are said to be staffed before or after the opening hours."""
        text = self.facilities["places_by_time"].iloc[row]
        if not isinstance(text, str):
            return is_open, unknown
        staffed = np.nan_to_num(places_by_slot(text, None, is_open)) > 0
        return is_open | staffed, unknown & ~staffed

    def _holidays_of(self, hours: Hours, calendar: Calendar, window: Mask) -> _Away:
        """Weeks of the school holidays in which nobody is there, and the hours of one in which somebody is."""
        closed, best = 0, (np.zeros(SLOTS_A_WEEK, bool), np.zeros(SLOTS_A_WEEK, bool))
        for week in holiday_weeks(calendar, self.base):
            is_open, unknown = hours.week(week.days, calendar)
            closed += not ((is_open | unknown) & window).any()
            if ((is_open | unknown) & window).sum() > ((best[0] | best[1]) & window).sum():
                best = (is_open, unknown)
        return _Away(float(closed), best)


@dataclass(frozen=True)
class _Away:
    weeks: float
    open_week: tuple[Mask, Mask]
