# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Ages of the Kita year, groups, uptake rates and later years, against counting birthdays one by one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dableiben.catalogue.schema import Group
from dableiben.core.school_year import EntryRule, kita_year_of, share_at_school
from dableiben.need.ages import LAST_AGE
from dableiben.need.groups import group_persons, group_shares, later_need, need_persons
from dableiben.need.people import residents
from support.regions import Plan, packaged

MV = EntryRule(cutoff_month=6, cutoff_day=30)
BERLIN = EntryRule(cutoff_month=9, cutoff_day=30)
KITA, U3, SCHOOL = "kinder_3_bis_schule", "kinder_u3", "grundschulkinder"


def group(name: str) -> Group:
    return packaged().groups[name]


# --- birthdays, one by one -----------------------------------------------------------------------------------


def age_on(born: date, day: date) -> int:
    """Age in whole years; who was born on 29 February has birthday on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def school_start(born: date, rule: EntryRule) -> date:
    """1 August of the year by whose cut-off day the child is six."""
    cutoff = date(born.year + 6, rule.cutoff_month, rule.cutoff_day)
    six = date(born.year + 6, 2, 28) if (born.month, born.day) == (2, 29) else born.replace(year=born.year + 6)
    return date(cutoff.year + (six > cutoff), rule.start_month, rule.start_day)


def by_counting(age: int, day: date, rule: EntryRule, grade: int) -> float:
    """Share of the births of an age year that have been at school for at least `grade` summers."""
    births = [day - timedelta(days=n) for n in range(366 * (age + 2))]
    births = [born for born in births if age_on(born, day) == age]
    reached = [b for b in births if school_start(b, rule).replace(year=school_start(b, rule).year + grade - 1) <= day]
    return len(reached) / len(births)


DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@settings(max_examples=60)
@given(st.integers(4, 11), DAYS, st.sampled_from([MV, BERLIN]), st.integers(1, 5))
def test_shares_at_school_equal_counting_birthdays(age: int, day: date, rule: EntryRule, grade: int) -> None:
    found = share_at_school(age, day, rule, grade=grade)
    # One day of the year may be counted on the other side of 29 February.
    assert found == pytest.approx(by_counting(age, day, rule, grade), abs=1.01 / 365)


def test_on_new_years_eve_half_of_the_six_year_olds_of_mv_are_still_in_a_kita() -> None:
    shares = group_shares(group(KITA), date(2025, 12, 31), MV)[0]
    assert shares[3:6].tolist() == [1.0, 1.0, 1.0]
    assert shares[6] == pytest.approx(184 / 365)  # born from 1 July to 31 December 2019
    assert shares[:3].sum() == 0 and shares[7:].sum() == 0


@pytest.mark.parametrize(
    ("day", "at_six"),
    [(date(2025, 7, 31), 1.0 - 31 / 365), (date(2025, 8, 1), 32 / 365), (date(2026, 7, 31), 1.0 - 31 / 365)],
    ids=["the last day of the Kita year", "the first day of school", "a year later"],
)
def test_the_first_of_august_empties_the_kita(day: date, at_six: float) -> None:
    # On 31 July nearly all six-year-olds wait for school: only those turned six in July may wait another year.
    shares = group_shares(group(KITA), day, MV)[0]
    waiting = sum(shares[age] for age in (5, 6))
    counted = sum(1 - by_counting(age, day, MV, 1) for age in (5, 6))
    assert waiting == pytest.approx(counted, abs=2.1 / 365)
    assert day.month == 8 or waiting > 1.9
    assert day.month == 7 or shares[6] == pytest.approx(at_six, abs=1.1 / 365)


def test_a_leap_day_is_a_day_like_others() -> None:
    on = group_shares(group(KITA), date(2024, 2, 29), MV)[0]
    before = group_shares(group(KITA), date(2024, 2, 28), MV)[0]
    assert np.abs(on - before).max() < 0.01
    assert on[6] == pytest.approx(by_counting(6, date(2024, 2, 29), MV, 1) * -1 + 1, abs=1.1 / 365)


@given(DAYS, st.sampled_from([MV, BERLIN]))
def test_kita_and_school_share_out_every_child_and_four_years_of_births_are_in_four_grades(
    day: date, rule: EntryRule
) -> None:
    kita = group_shares(group(KITA), day, rule)[0]
    school = group_shares(group(SCHOOL), day, rule)[0]
    assert school.sum() == pytest.approx(4.0, abs=0.02)
    early = 1.0 - kita[3:7] - school[3:7]
    assert np.allclose(early, 0.0, atol=1e-9)  # from 3 to 6 a child is in one of the two


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2025, 7, 31), "2024/25"), (date(2025, 8, 1), "2025/26"), (date(2099, 12, 31), "2099/00")],
)
def test_the_kita_year_runs_from_august_to_july(day: date, name: str) -> None:
    assert kita_year_of(day) == name


# --- groups --------------------------------------------------------------------------------------------------


def people_of(ages: dict[int, float], **more: Any) -> Any:
    persons = sum(ages.values())
    return residents(Plan(f"{persons:.0f}", ages={a: p / persons for a, p in ages.items()}, **more).region())


def count(name: str, ages: dict[int, float], day: date = date(2025, 12, 31)) -> float:
    shares = group_shares(group(name), day, MV)
    return float(group_persons(people_of(ages), group(name), shares).sum())


def test_groups_by_age_are_closed_at_both_ends() -> None:
    every = dict.fromkeys(range(101), 10.0)
    assert count("kinder_u3", every) == pytest.approx(30)
    assert count("kinder_0_17", every) == pytest.approx(180)
    assert count("senioren_65", every) == pytest.approx(360)
    assert count("senioren_80", every) == pytest.approx(210)
    assert count("alle", every) == pytest.approx(1010)
    assert count("erwachsene", every) + count("kinder_0_17", every) == pytest.approx(1010)


def test_women_are_unknown_where_the_list_does_not_tell_the_sexes() -> None:
    assert np.isnan(count("frauen_15_49", {30: 100.0}))


def test_everybody_is_known_where_ages_are_not() -> None:
    found = residents(Plan("40", ages=None).region())
    everybody, children = group("alle"), group("kinder_0_17")
    day = date(2025, 12, 31)
    assert group_persons(found, everybody, group_shares(everybody, day, MV)).tolist() == [40.0]
    assert np.isnan(group_persons(found, children, group_shares(children, day, MV))).all()


def test_a_life_situation_beyond_age_is_unknown_until_somebody_counts_it() -> None:
    newcomers = group("neu_zugewandert")
    shares = group_shares(newcomers, date(2025, 12, 31), MV)
    assert np.isnan(group_persons(people_of({30: 10.0}), newcomers, shares)).all()


# --- need ----------------------------------------------------------------------------------------------------


def test_the_need_under_three_of_the_issue() -> None:
    found = people_of({0: 40.0, 1: 42.0, 2: 38.0})
    shares = group_shares(group(U3), date(2025, 12, 31), MV)
    need = need_persons(found, group(U3), shares, {0: 0.035, 1: 0.766, 2: 0.90})
    assert need.sum() == pytest.approx(67.772)
    assert need_persons(found, group(U3), shares, 0.5).sum() == pytest.approx(60)
    assert need_persons(found, group(U3), shares, None).sum() == pytest.approx(120)


def test_one_rate_by_age_year_equals_the_same_rate_for_all() -> None:
    found = people_of(dict.fromkeys(range(101), 7.0))
    everybody = group("alle")
    shares = group_shares(everybody, date(2025, 12, 31), MV)
    one = need_persons(found, everybody, shares, 0.25)
    each = need_persons(found, everybody, shares, dict.fromkeys(range(LAST_AGE + 1), 0.25))
    assert one.sum() == pytest.approx(each.sum()) == pytest.approx(101 * 7 / 4)


# --- later years ---------------------------------------------------------------------------------------------


def test_this_year_is_the_need_of_today() -> None:
    found, day = people_of(dict.fromkeys(range(12), 3.0)), date(2025, 12, 31)
    now = need_persons(found, group(KITA), group_shares(group(KITA), day, MV), 0.967)
    later = later_need(found, group(KITA), day, MV, 0.967, 0)
    assert later is not None and later.tolist() == pytest.approx(now.tolist(), rel=1e-12)


def test_in_three_years_the_babies_of_today_need_a_kita() -> None:
    found, day = people_of({0: 5.0, 1: 6.0, 2: 7.0, 3: 8.0, 4: 100.0}), date(2025, 12, 31)
    later = later_need(found, group(KITA), day, MV, None, 3)
    # On 31 December 2028 they are 3, 4, 5 and 6; of those aged 6 the half born after 30 June waits for school.
    at_six = 1 - by_counting(6, date(2028, 12, 31), MV, 1)
    assert later is not None
    assert later.sum() == pytest.approx(5 + 6 + 7 + 8 * at_six, abs=0.05)


def test_nobody_can_say_how_many_are_born_next_year() -> None:
    found, day = people_of({0: 5.0, 1: 6.0}), date(2025, 12, 31)
    assert later_need(found, group(U3), day, MV, None, 1) is None
    assert later_need(found, group(KITA), day, MV, None, 4) is None


def test_a_rate_by_age_year_meets_the_age_of_that_year() -> None:
    found, day = people_of({1: 10.0, 2: 20.0}), date(2025, 12, 31)
    rates = {3: 0.5, 4: 1.0}
    later = later_need(found, group(KITA), day, MV, rates, 2)
    assert later is not None and later.sum() == pytest.approx(10 * 0.5 + 20 * 1.0)


def test_a_population_of_29_february_grows_older_too() -> None:
    later = later_need(people_of({2: 10.0}), group(KITA), date(2024, 2, 29), MV, None, 1)
    assert later is not None and later.sum() == pytest.approx(10)
