# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Seasons in the words of a list, and a year cut by several of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.core.calendar import Calendar, days_between
from dableiben.core.seasons import WHOLE_YEAR, cut_year, read_season

MV, BY = Calendar("MV"), Calendar("BY")
TEXTS = ("ganzjährig", "Juli-August", "Sommerferien", "Nov bis Feb", "15.6.-20.9.", "Schulzeit", "Ferien", "Mai, Juli")


def days_of(text: str, calendar: Calendar = MV, year: int = 2026) -> set[date]:
    season = read_season(text)
    assert season is not None
    return {d for d in days_between(date(year, 1, 1), date(year, 12, 31)) if season.contains(d, calendar)}


def test_months_are_stretches_or_lists() -> None:
    assert {d.month for d in days_of("Juli-August")} == {7, 8}
    assert {d.month for d in days_of("Nov bis Feb")} == {11, 12, 1, 2}
    assert {d.month for d in days_of("Juni, September")} == {6, 9}
    assert {d.month for d in days_of("Mai–Juli und September")} == {5, 6, 7, 9}


def test_days_come_every_year_or_once() -> None:
    assert len(days_of("15.6.-20.9.", year=2025)) == 98
    assert len(days_of("15.6.-20.9.2026", year=2026)) == 98 and not days_of("15.6.-20.9.2026", year=2025)
    assert date(2026, 1, 1) in days_of("20.12.-6.1.") and date(2026, 12, 20) in days_of("20.12.-6.1.")


def test_school_holidays_are_those_of_the_land() -> None:
    assert days_of("Sommerferien", MV) != days_of("Sommerferien", BY)
    assert days_of("Sommerferien") < days_of("Ferien")
    assert days_of("Osterferien")  # the calendar calls them Oster-/Frühjahrsferien
    assert not days_of("Schulzeit") & days_of("Ferien")


@pytest.mark.parametrize("text", ["Erntezeit", "31.2.-1.3.", "Juli-Erntezeit", "1.9.2026-1.8.2026", "Juli-Mai-Juni"])
def test_what_is_no_season_is_not_guessed(text: str) -> None:
    assert read_season(text) is None


def test_nothing_said_is_the_whole_year() -> None:
    assert read_season(None) is read_season(" ") is read_season("ganzjährig") is WHOLE_YEAR
    (part,) = cut_year([WHOLE_YEAR], MV, 2026).parts
    assert part.id == "year" and part.days == 365


@given(st.lists(st.sampled_from(TEXTS), max_size=4), st.integers(2024, 2027))
def test_every_day_lies_in_exactly_one_part_of_the_year(texts: list[str], year: int) -> None:
    seasons = [season for text in texts if (season := read_season(text))]
    cut = cut_year(seasons, MV, year)
    days = list(days_between(date(year, 1, 1), date(year, 12, 31)))
    assert sum(part.days for part in cut.parts) == len(days)
    assert len({part.id for part in cut.parts}) == len(cut.parts)
    for day in days:
        active = {season.id for season in seasons if season.contains(day, MV)}
        assert active <= cut.of(day).active and cut.of(day).active <= active | {"year"}
