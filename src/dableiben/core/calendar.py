# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The one calendar: what kind of day a day is in a Land, and when the clocks change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

DayType = Literal["school_day", "school_holiday", "saturday", "sunday", "public_holiday"]
DAY_TYPES: tuple[DayType, ...] = ("school_day", "school_holiday", "saturday", "sunday", "public_holiday")
BERLIN = ZoneInfo("Europe/Berlin")
SATURDAY, SUNDAY = 5, 6
_CATHOLIC = "catholic"


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included, with a name ("Sommerferien")."""

    name: str
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Calendar:
    """Public and school holidays of one Land. Law: every day has exactly one type.

    `school` are the school holidays that were given by hand for years the library does not know, or that differ
    here; they take the place of the library's for every year they touch.
    """

    land: str
    catholic: bool = False
    """Mariä Himmelfahrt and Fronleichnam as well, where the law makes them depend on the municipality (BY, SN, TH)"""
    school: tuple[Period, ...] = ()
    _own_years: frozenset[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        years = frozenset(year for p in self.school for year in range(p.first.year, p.last.year + 1))
        object.__setattr__(self, "_own_years", years)

    def public_holiday(self, day: date) -> str | None:
        """German name of the public holiday a day is, None if it is none."""
        return _public(self.land, day.year, self.catholic).get(day)

    def school_holiday(self, day: date) -> str | None:
        """German name of the school holidays a day lies in, None if in none (or unknown, see `knows_school`)."""
        if day.year in self._own_years:
            return next((period.name for period in self.school if day in period), None)
        return _school(self.land, day.year).get(day)

    def knows_school(self, year: int) -> bool:
        """Whether the school holidays of a year are known; where they are not, no weekday is told as a holiday."""
        return year in self._own_years or bool(_school(self.land, year))

    def day_type(self, day: date) -> DayType:
        """What kind of day it is. A public holiday is one on any weekday; a Saturday stays one in the holidays."""
        if self.public_holiday(day):
            return "public_holiday"
        if day.weekday() == SUNDAY:
            return "sunday"
        if day.weekday() == SATURDAY:
            return "saturday"
        return "school_holiday" if self.school_holiday(day) else "school_day"

    def school_periods(self, year: int) -> list[Period]:
        """School holidays that touch a year, in order; stretches that go over New Year's Eve are whole."""
        found: list[Period] = []
        day = date(year - 1, 12, 1)
        while day <= date(year + 1, 1, 31):
            name = self.school_holiday(day)
            if name and found and found[-1].name == name and found[-1].last == day - timedelta(days=1):
                found[-1] = Period(name, found[-1].first, day)
            elif name:
                found.append(Period(name, day, day))
            day += timedelta(days=1)
        return [period for period in found if period.first.year <= year <= period.last.year]


def week_of(day: date) -> tuple[date, ...]:
    """Monday to Sunday of the week a day lies in."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=number) for number in range(7))


def days_between(first: date, last: date) -> Iterator[date]:
    """All days from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def clock_change_min(day: date) -> int:
    """Minutes a day is longer (60, in autumn) or shorter (-60, in spring) than 24 hours; else 0."""
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=BERLIN)
    return round((end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 60) - 24 * 60


def wall_clock(day: date, seconds: int) -> datetime:
    """Local time, without zone, of a GTFS time: seconds after noon minus 12 hours of the service day.

    On all but two days of the year this is midnight plus seconds; in the night the clocks change, times before
    the change are an hour off from what stands in the file, as the format has it.
    """
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN).astimezone(UTC)
    return (noon + timedelta(seconds=seconds - 12 * 3600)).astimezone(BERLIN).replace(tzinfo=None)


@lru_cache(maxsize=256)
def _public(land: str, year: int, catholic: bool) -> Mapping[date, str]:
    categories = ("public", _CATHOLIC) if catholic else ("public",)
    return _from_library(land, year, categories)


@lru_cache(maxsize=256)
def _school(land: str, year: int) -> Mapping[date, str]:
    return _from_library(land, year, ("school",))


def _from_library(land: str, year: int, categories: tuple[str, ...]) -> Mapping[date, str]:
    """Days of one year by name. A category the library no longer has is an error of its own (ValueError)."""
    found = holidays.country_holidays("DE", subdiv=land, categories=categories, years=[year], language="de")
    return {day: name for day, name in found.items() if day.year == year}
