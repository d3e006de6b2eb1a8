# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The calendar: holidays of the Länder, types of days, and the nights the clocks change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from dableiben.core.calendar import DAY_TYPES, Calendar, Period, clock_change_min, days_between, wall_clock, week_of
from dableiben.core.ids import LAND_BY_KEY

MV, NI = Calendar("MV"), Calendar("NI")


def test_the_eighth_of_march_is_a_holiday_here_and_not_beyond_the_border() -> None:
    assert MV.day_type(date(2027, 3, 8)) == "public_holiday"
    assert NI.day_type(date(2027, 3, 8)) == "school_day"


@pytest.mark.parametrize(
    ("day", "land", "expected"),
    [
        (date(2026, 6, 4), "NW", "public_holiday"),  # Fronleichnam, unknown to federal calendars
        (date(2026, 6, 4), "NI", "school_day"),
        (date(2026, 11, 1), "BY", "public_holiday"),
        (date(2026, 10, 31), "MV", "public_holiday"),
        (date(2026, 10, 31), "HE", "saturday"),
        (date(2026, 12, 24), "MV", "school_holiday"),  # no public holiday, whatever shops do
        (date(2026, 12, 25), "MV", "public_holiday"),
        (date(2026, 12, 27), "MV", "sunday"),
        (date(2026, 7, 20), "MV", "school_holiday"),
        (date(2026, 7, 18), "MV", "saturday"),  # in the middle of the summer holidays
        (date(2026, 9, 9), "MV", "school_day"),
    ],
)
def test_the_type_of_a_day(day: date, land: str, expected: str) -> None:
    assert Calendar(land).day_type(day) == expected


def test_assumption_day_depends_on_the_municipality_in_bavaria() -> None:
    day = date(2025, 8, 15)
    assert Calendar("BY").day_type(day) == "school_holiday"
    assert Calendar("BY", catholic=True).day_type(day) == "public_holiday"


@pytest.mark.parametrize("land", sorted(set(LAND_BY_KEY.values())))
def test_every_land_has_school_holidays_in_the_years_that_are_checked(land: str) -> None:
    calendar = Calendar(land)
    for year in (2025, 2026, 2027):
        assert calendar.knows_school(year)
        days = sum(calendar.day_type(d) == "school_holiday" for d in days_between(date(year, 1, 1), date(year, 12, 31)))
        assert 45 <= days <= 75  # twelve weeks or so, without weekends and public holidays
        assert all(calendar.day_type(d) in DAY_TYPES for d in days_between(date(year, 1, 1), date(year, 12, 31)))


def test_a_year_without_school_holidays_on_record_is_said_to_be_unknown() -> None:
    assert not MV.knows_school(2045)
    own = Calendar("MV", school=(Period("Sommerferien", date(2045, 7, 3), date(2045, 8, 12)),))
    assert own.knows_school(2045)
    assert own.day_type(date(2045, 7, 3)) == "school_holiday"
    assert own.day_type(date(2045, 8, 14)) == "school_day"


def test_school_holidays_of_a_year_are_whole_over_new_year() -> None:
    periods = {period.name: period for period in MV.school_periods(2026)}
    assert periods["Sommerferien"] == Period("Sommerferien", date(2026, 7, 13), date(2026, 8, 22))
    assert MV.school_periods(2026)[0].first == date(2025, 12, 20)
    assert MV.school_periods(2026)[-1].last == date(2027, 1, 2)


def test_a_week_begins_on_monday() -> None:
    days = week_of(date(2026, 7, 15))
    assert days[0] == date(2026, 7, 13) and days[-1] == date(2026, 7, 19)


def test_the_nights_the_clocks_change() -> None:
    assert clock_change_min(date(2026, 3, 29)) == -60
    assert clock_change_min(date(2026, 10, 25)) == 60
    assert not any(clock_change_min(date(2026, 6, 1) + timedelta(days=d)) for d in range(100))


def test_timetable_times_count_from_noon() -> None:
    assert wall_clock(date(2026, 7, 1), 25 * 3600) == datetime.fromisoformat("2026-07-02T01:00")
    # In spring noon minus twelve hours is 23:00 of the eve: what says 1:00 leaves at midnight, 8:00 stays 8:00.
    assert wall_clock(date(2026, 3, 29), 1 * 3600) == datetime.fromisoformat("2026-03-29T00:00")
    assert wall_clock(date(2026, 3, 29), 8 * 3600) == datetime.fromisoformat("2026-03-29T08:00")
    assert wall_clock(date(2026, 10, 25), 1 * 3600) == datetime.fromisoformat("2026-10-25T02:00")
