# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Ages as child care and school count them: Kita years (1 August) and the Land's school-entry date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class EntryRule:
    """Who must go to school: children who are six on the cut-off day start at `start` of that year."""

    cutoff_month: int
    cutoff_day: int
    start_month: int = 8
    start_day: int = 1
    entry_age: int = 6


def kita_year_of(day: date) -> str:
    """Name of the Kita year a day lies in, e.g. ``2025/26`` (from 1 August to 31 July)."""
    first = day.year if (day.month, day.day) >= (8, 1) else day.year - 1
    return f"{first}/{(first + 1) % 100:02d}"


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return date(day.year - years, 2, 28)


def last_birthday_at_school(day: date, rule: EntryRule) -> date:
    """Children born on or before this day have started school by `day`."""
    start = date(day.year, rule.start_month, rule.start_day)
    year = day.year if day >= start else day.year - 1
    return date(year - rule.entry_age, rule.cutoff_month, rule.cutoff_day)


def share_at_school(age_years: int, day: date, rule: EntryRule, *, grade: int = 1) -> float:
    """Share of an age year on `day` that has reached school grade `grade` or higher.

    Births are taken as spread evenly over the days of the age year; grades are counted without
    repeating or skipping. Result 0..1. Law: over all ages, shares only grow with age.
    """
    youngest = _years_before(day, age_years)
    oldest = _years_before(day, age_years + 1)
    last = _years_before(last_birthday_at_school(day, rule), grade - 1)
    days = (youngest - oldest).days  # births after `oldest` up to and including `youngest`
    return min(1.0, max(0.0, (last - oldest).days / days))
