# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which real weeks stand for the year."""

from __future__ import annotations

from datetime import date

import pytest

from dableiben.core.calendar import Calendar
from dableiben.gaps.time.weeks import holiday_weeks, season_week, usual_weeks

MV, HE = Calendar("MV"), Calendar("HE")
FEED = (date(2021, 12, 21), date(2022, 6, 11))


def test_a_plain_school_week_and_the_middle_of_the_summer() -> None:
    school, holidays = usual_weeks(MV, date(2025, 12, 31), None)
    assert (school.key, school.days[0]) == ("school", date(2026, 1, 5))
    assert (holidays.key, holidays.days[0]) == ("holidays", date(2026, 8, 3))
    assert set(school.types) == {"school_day", "saturday", "sunday"}


@pytest.mark.parametrize("base", [date(2022, 12, 31), date(2015, 12, 31), date(2026, 12, 31)])
def test_weeks_of_which_the_timetable_speaks_go_first_however_old_it_is(base: date) -> None:
    weeks = usual_weeks(HE, base, lambda day: FEED[0] <= day <= FEED[1], FEED)
    assert [week.key for week in weeks] == ["school", "holidays"]
    assert all(FEED[0] <= day <= FEED[1] for week in weeks for day in week.days)


def test_a_year_without_school_holidays_on_record_has_no_week_of_them() -> None:
    assert [week.key for week in usual_weeks(MV, date(2045, 6, 1), None)] == ["school"]


def test_an_offer_may_take_its_holidays_in_twelve_weeks() -> None:
    weeks = holiday_weeks(MV, date(2025, 12, 31))
    assert len(weeks) == 12
    assert sum(week.days[0].month in (7, 8) for week in weeks) == 6


def test_a_season_is_looked_at_in_its_middle_week_and_a_day_is_no_season() -> None:
    found = season_week("summer", lambda day: day.month in (7, 8), date(2025, 12, 31), MV)
    assert found is not None and found.days[0] == date(2026, 8, 3)
    assert season_week("day", lambda day: (day.month, day.day) == (7, 1), date(2025, 12, 31), MV) is None
