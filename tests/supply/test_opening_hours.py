# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Opening hours of real weeks: what is open, what is closed, and what a text leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pytest

from dableiben.core.calendar import Calendar, Period, week_of
from dableiben.core.week import Mask, hours, in_words
from dableiben.supply.opening_hours import Hours, Unreadable, read_hours

HESSE, LOWER_SAXONY, MECKLENBURG = Calendar("HE"), Calendar("NI"), Calendar("MV")
PLAIN = date(2027, 5, 12)
"""a Wednesday in a week of school without holidays, in all three"""
SUMMER = date(2027, 7, 21)
CHRISTMAS = date(2026, 12, 25)


def understood(text: str) -> Hours:
    found = read_hours(text)
    assert isinstance(found, Hours), found
    return found


def week(text: str, day: date = PLAIN, calendar: Calendar = HESSE, *, strict_osm: bool = False) -> tuple[str, str]:
    """What is open and what is unknown in the week of a day, in words."""
    opened, unknown = understood(text).week(week_of(day), calendar, strict_osm=strict_osm)
    return in_words(opened), in_words(unknown)


@pytest.mark.parametrize(
    ("text", "opened", "unknown"),
    [
        ("Mo-Fr 08:00-12:00,14:00-18:00; Sa 09:00-13:00", "Mo–Fr 8:00–12:00 und 14:00–18:00; Sa 9:00–13:00", ""),
        ("24/7", "durchgehend", ""),
        ("off", "", ""),
        ("PH off", "", ""),
        ("Mo, Tu, Th 08:00-18:00", "Mo, Di, Do 8:00–18:00", ""),
        ("Mo-Fr 08:00-12:00; Th 14:00-18:00", "Mo–Mi, Fr 8:00–12:00; Do 14:00–18:00", ""),
        ("Mo-Fr 08:00-12:00, Th 14:00-18:00", "Mo–Mi, Fr 8:00–12:00; Do 8:00–12:00 und 14:00–18:00", ""),
        ("Mo-Fr 08:00-18:00; We 12:00-18:00 off", "Mo, Di, Do, Fr 8:00–18:00; Mi 8:00–12:00", ""),
        ("Mo-Fr 10:00-20:00; Sa 09:00-16:00;", "Mo–Fr 10:00–20:00; Sa 9:00–16:00", ""),
        ("Sa-Mo 10:00-12:00", "Mo, Sa, So 10:00–12:00", ""),
        ("We[2] 10:00-12:00", "Mi 10:00–12:00", ""),
        ("We[1] 10:00-12:00", "", ""),
        ("Apr-Oct Mo 08:00-10:00; Nov-Mar Tu 08:00-10:00", "Mo 8:00–10:00", ""),
        ("week 19 Mo 08:00-10:00; week 20 Tu 08:00-10:00", "Mo 8:00–10:00", ""),
        ("easter +45 days 10:00-12:00", "Mi 10:00–12:00", ""),
        ("2027 May 11-2027 May 12 10:00-12:00", "Di, Mi 10:00–12:00", ""),
        ("Fr 20:00-02:00", "Fr 20:00–2:00", ""),
        ("Fr 20:00-26:00", "Fr 20:00–2:00", ""),
        ("Mo-Fr 08:00-12:00 || Mo 11:00-13:00", "Mo 8:00–13:00; Di–Fr 8:00–12:00", ""),
    ],
)
def test_hours_in_the_syntax_of_openstreetmap(text: str, opened: str, unknown: str) -> None:
    assert week(text, date(2027, 5, 12)) == (opened, unknown)


@pytest.mark.parametrize(
    ("text", "opened", "unknown"),
    [
        ('"nach Vereinbarung"', "", "durchgehend"),
        ("nach Vereinbarung", "", "durchgehend"),
        ("unknown", "", "durchgehend"),
        ('Mo-Fr 08:00-12:00 "Termin nötig"', "", "Mo–Fr 8:00–12:00"),
        ('Mo-Fr 08:00-12:00 open "mit Termin"', "Mo–Fr 8:00–12:00", ""),
        ("Mo 08:00-12:00; Tu unknown", "Mo 8:00–12:00", "Di 0:00–24:00"),
        ("Mo 08:00-12:00,14:00+", "Mo 8:00–12:00", "Mo 14:00–24:00"),
        ("Sa 18:00+", "", "Sa 18:00–4:00"),
        ("Mo-Fr", "", "Mo–Fr 0:00–24:00"),
        ("08:00-12:00", "Mo–Fr 8:00–12:00", "Sa, So 8:00–12:00"),
        ("Mo-Su 08:00-12:00", "Mo–So 8:00–12:00", ""),
    ],
)
def test_what_a_text_leaves_open_is_unknown_and_not_open(text: str, opened: str, unknown: str) -> None:
    assert week(text) == (opened, unknown)


def test_an_appointment_beside_hours_leaves_all_other_hours_open() -> None:
    opened, unknown = understood('Mo-Fr 08:00-12:00 || "nach Vereinbarung"').week(week_of(PLAIN), HESSE)
    assert in_words(opened) == "Mo–Fr 8:00–12:00"
    assert np.array_equal(unknown, ~opened)


def test_sunrise_is_unknown_only_as_far_as_germany_reaches() -> None:
    opened, unknown = understood("Mo-Su sunrise-20:00").day(date(2027, 5, 12), HESSE)
    assert hours(opened) == 14.0  # open from 6:00, the latest sunrise of that day, to 20:00
    assert 0.5 <= hours(unknown) <= 1.5
    assert not opened[:16].any() and not unknown[:16].any()  # before 4:00 the sun is up nowhere


def test_nothing_said_is_not_unreadable() -> None:
    assert read_hours(None) is None
    assert read_hours("  ") is None


@pytest.mark.parametrize("text", ["Mo 10:00", "25:00-26:00", "Mo-Fr 08:00-12:00 Sa", "Mo Tu-PH", "immer mal"])
def test_what_cannot_be_read_says_why_in_german(text: str) -> None:
    found = read_hours(text)
    assert isinstance(found, Unreadable)
    assert found.text == text
    assert len(found.why_de) > 15


def test_the_eighth_of_march_closes_in_mecklenburg_and_not_in_lower_saxony() -> None:
    monday = date(2027, 3, 8)
    text = "Mo-Fr 08:00-17:00; PH off"
    assert week(text, monday, LOWER_SAXONY) == ("Mo–Fr 8:00–17:00", "")
    assert week(text, monday, MECKLENBURG) == ("Di–Fr 8:00–17:00", "")


def test_a_holiday_of_which_nothing_is_said_is_unknown_where_it_would_be_open() -> None:
    text = "Mo-Fr 08:00-17:00"
    assert week(text, date(2027, 3, 8), MECKLENBURG) == ("Di–Fr 8:00–17:00", "Mo 8:00–17:00")
    assert week(text, date(2027, 3, 8), MECKLENBURG, strict_osm=True) == ("Mo–Fr 8:00–17:00", "")


def test_a_text_that_names_a_holiday_or_all_hours_is_certain() -> None:
    assert week("24/7", CHRISTMAS) == ("durchgehend", "")
    assert week("Mo-Su,PH 08:00-12:00", CHRISTMAS) == ("Mo–So 8:00–12:00", "")
    assert week("Tu-Su 08:00-12:00; Dec 25 10:00-11:00", CHRISTMAS) == (
        "Di–Do, So 8:00–12:00; Fr 10:00–11:00",
        "Sa 8:00–12:00",
    )


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    # Christmas Day is a Friday: the night before it is Thursday's and goes on, the night after it does not begin.
    assert week("Mo-Fr 20:00-02:00; PH off", CHRISTMAS) == ("Mo–Do 20:00–2:00", "")
    assert week("Mo-Fr 20:00-02:00", CHRISTMAS) == ("Mo–Do 20:00–2:00", "Fr 20:00–2:00")


def test_new_year_is_closed_and_new_years_eve_by_its_own_rule() -> None:
    text = "Mo-Fr 08:00-18:00; Dec 24,Dec 31 08:00-13:00; PH off"
    assert week(text, date(2026, 12, 31)) == ("Mo–Mi 8:00–18:00; Do 8:00–13:00", "")


def test_school_holidays_are_those_of_the_land() -> None:
    text = "Mo-Fr 07:00-17:00; SH Mo-Fr 08:00-16:00; PH off"
    assert HESSE.school_holiday(SUMMER) and LOWER_SAXONY.school_holiday(SUMMER)
    first_days = date(2027, 6, 30)  # holidays in Hesse, school in Lower Saxony
    assert week(text, first_days, HESSE) == ("Mo–Fr 8:00–16:00", "")
    assert week(text, first_days, LOWER_SAXONY) == ("Mo–Fr 7:00–17:00", "")


def test_without_a_rule_for_them_school_holidays_are_as_usual() -> None:
    assert week("Mo-Fr 07:00-17:00; PH off", SUMMER) == ("Mo–Fr 7:00–17:00", "")


def test_school_holidays_that_nobody_knows_leave_their_hours_unknown() -> None:
    text = "Mo-Fr 07:00-17:00; SH Mo-Fr 08:00-16:00; PH off"
    far = date(2035, 5, 9)
    assert not HESSE.knows_school(far.year)
    assert week(text, far) == ("Mo–Fr 8:00–16:00", "Mo–Fr 7:00–8:00 und 16:00–17:00")
    own = Calendar("HE", school=(Period("Sommerferien", date(2035, 7, 1), date(2035, 8, 10)),))
    assert week(text, far, own) == ("Mo–Fr 7:00–17:00", "")


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2027, 10, 31)])
def test_the_nights_the_clocks_change_have_the_hours_of_the_wall_clock(night: date) -> None:
    assert night.weekday() == 6
    text = "Sa-Su 22:00-06:00; PH off"
    usual, _ = understood(text).day(date(2027, 5, 9), HESSE)
    changed, _ = understood(text).day(night, HESSE)
    assert np.array_equal(changed, usual)
    assert hours(changed) == 8.0


def test_a_slot_is_open_only_if_all_its_minutes_are() -> None:
    opened, unknown = understood("Mo-Su 08:05-12:10").day(PLAIN, HESSE)
    assert np.flatnonzero(opened).tolist() == list(range(33, 48))  # 8:15 to 12:00
    assert not unknown.any()


def test_closed_for_a_part_of_a_slot_is_closed_and_not_unknown() -> None:
    opened, unknown = understood("Mo-Su 08:00-08:10, Mo-Su 08:10-09:00 unknown").day(PLAIN, HESSE)
    assert not opened.any()
    assert np.flatnonzero(unknown).tolist() == [32, 33, 34, 35]


def test_a_week_is_its_seven_days() -> None:
    found = understood("Mo-Fr 22:00-03:00; PH off")
    days = week_of(date(2027, 5, 6))  # with Ascension Day
    whole: Iterable[Mask] = found.week(days, HESSE)
    for mask, parts in zip(whole, zip(*(found.day(day, HESSE) for day in days), strict=True), strict=True):
        assert np.array_equal(mask, np.concatenate(parts))
    with pytest.raises(ValueError, match="7 days"):
        found.week(days[:6], HESSE)
