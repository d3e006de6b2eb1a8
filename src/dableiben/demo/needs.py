# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What the construction itself counts as need, by hand and without the model of the package.

The numbers repeat what the catalogue's cards say (a test compares them), so that the truth of the demo does
not come from the code it is there to check.
"""

from __future__ import annotations

from collections.abc import Iterable

from dableiben.demo.people import Residents

UPTAKE_U3 = {0: 0.035, 1: 0.766, 2: 0.90}
"""card N04, Mecklenburg-Vorpommern"""
UPTAKE_FROM_3 = 0.967
"""card N05"""
SIX_NOT_AT_SCHOOL = 184 / 365
"""on 31.12.2025: of those aged six (born in 2019), who was born after 30 June is not yet at school"""
UPTAKE_AFTERNOON = 0.86
"""card N08"""
PERSONS_PER_GP = 1607
"""card N20, in force since 2019"""
GP_THRESHOLD = 0.75
"""card N21"""
PERSONS_PER_PREGNANCY_ADVISER = 40_000
"""card N44"""
NURSING_PLACES_PER_1000 = 60
"""own card ellerland_pflegeheim_amt, of people aged 80 and over"""
CARLESS_SHARE = 0.18
CARLESS_SHARE_SENIORS = 0.30
"""made up; written into region.toml"""


def need_u3(residents: Residents, localities: Iterable[str]) -> float:
    """Children under 3 in need of care."""
    names = tuple(localities)
    return sum(rate * residents.of(names, range(age, age + 1)) for age, rate in UPTAKE_U3.items())


def children_3_to_school(residents: Residents, localities: Iterable[str]) -> float:
    """Children from 3 to school entry."""
    names = tuple(localities)
    return residents.of(names, range(3, 6)) + SIX_NOT_AT_SCHOOL * residents.of(names, range(6, 7))


def need_kita(residents: Residents, localities: Iterable[str]) -> float:
    """Children from 3 to school entry in need of a place."""
    return UPTAKE_FROM_3 * children_3_to_school(residents, localities)


def primary_pupils(residents: Residents, localities: Iterable[str]) -> float:
    """Children in grades 1 to 4."""
    names = tuple(localities)
    part_of_six = (1 - SIX_NOT_AT_SCHOOL) * residents.of(names, range(6, 7))
    part_of_ten = SIX_NOT_AT_SCHOOL * residents.of(names, range(10, 11))
    return part_of_six + residents.of(names, range(7, 10)) + part_of_ten


def grade_1(residents: Residents, localities: Iterable[str]) -> float:
    """Children in grade 1."""
    names = tuple(localities)
    part_of_six = (1 - SIX_NOT_AT_SCHOOL) * residents.of(names, range(6, 7))
    return part_of_six + SIX_NOT_AT_SCHOOL * residents.of(names, range(7, 8))


def need_afternoons(residents: Residents, localities: Iterable[str]) -> float:
    """Pupils of grades 1 to 4 in need of care in the afternoon."""
    return UPTAKE_AFTERNOON * primary_pupils(residents, localities)


def seniors(residents: Residents, localities: Iterable[str]) -> int:
    """Persons aged 65 and over."""
    return residents.of(tuple(localities), range(65, 101))


def under_18(residents: Residents, localities: Iterable[str]) -> int:
    """Persons under 18."""
    return residents.of(tuple(localities), range(18))
