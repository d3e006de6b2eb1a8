# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""How presence becomes need: four demand modes, and the sign that scaling everything by presence would get wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dableiben.catalogue.schema import DemandMode
from dableiben.core.calendar import Calendar
from dableiben.core.week import SLOTS_A_DAY, Mask, slots
from dableiben.need.demand import STAYING, household_need, need_of_mode, peak_need, presence_need, register_need
from dableiben.need.people import residents
from dableiben.need.presence import presence_of
from dableiben.need.present_persons import Floats, Presence
from dableiben.region.region import Region
from support.regions import Place, Plan, packaged
from support.segments import segment, with_people

A = "13099001"
CARD = packaged().presence
EDGES: Mask = slots(range(5), 360, 420) | slots(range(5), 960, 1050)
WEDNESDAY, FRIDAY = 2, 4


def on(day: int, hour: float) -> int:
    return day * SLOTS_A_DAY + int(hour * 4)


def region(*segments: dict[str, Any]) -> Region:
    return with_people(Plan("2000 3000", "a a", {"a": Place(A)}).region(), segments)


def here(place: Region) -> Presence:
    return presence_of(place, residents(place), Calendar("MV"), CARD)


def outgoing(households: float, **more: Any) -> dict[str, Any]:
    children = {"stay_children_3_to_school": households / 10}
    return segment("outgoing", households, "Fr-So", **children, **more)


def total(presence: Presence, season: str = "year") -> Floats:
    return np.asarray(presence.total(season)[1])


def test_more_outgoings_raise_edge_hours_leave_the_register_and_lower_presence() -> None:
    fewer, more = region(outgoing(300)), region(outgoing(600))
    edge = [total(household_need(r, here(r), "kinder_3_bis_schule", EDGES)) for r in (fewer, more)]
    assert edge[0][on(WEDNESDAY, 6.5)] == pytest.approx(30) and edge[1][on(WEDNESDAY, 6.5)] == pytest.approx(60)
    assert (edge[1] >= edge[0]).all() and edge[1].sum() > edge[0].sum()
    kita = residents(fewer).total * 0.03
    assert (total(register_need(here(fewer), kita)) == total(register_need(here(more), kita))).all()
    doctor = [total(presence_need(here(r), 1.0)) for r in (fewer, more)]
    assert doctor[1][on(WEDNESDAY, 12)] < doctor[0][on(WEDNESDAY, 12)]
    assert doctor[1][on(FRIDAY, 12)] == doctor[0][on(FRIDAY, 12)]


def test_edge_hours_are_needed_in_the_window_and_only_while_the_member_is_away() -> None:
    place = region(outgoing(100))
    need = total(household_need(place, here(place), "kinder_3_bis_schule", EDGES))
    away = slots(range(4), 0, 1440)
    assert (need > 0).tolist() == (EDGES & away).tolist()
    assert need[on(FRIDAY, 6.5)] == 0


def test_the_ends_of_a_segment_scale_who_stays() -> None:
    place = region(segment("outgoing", (50, 100, 200), "Fr-So", stay_children_u3=20))
    low, best, high = household_need(place, here(place), "kinder_u3", EDGES).total("year")[:, on(WEDNESDAY, 6.5)]
    assert (low, best, high) == (pytest.approx(10), pytest.approx(20), pytest.approx(40))


def test_a_household_of_which_nobody_says_who_stays_is_unknown_not_empty() -> None:
    place = region(segment("outgoing", 100, "Fr-So", stay_children_u3=0))
    assert total(household_need(place, here(place), "kinder_u3", EDGES)).sum() == 0
    low, best, high = household_need(place, here(place), "senioren_65", EDGES).total("year")[:, on(WEDNESDAY, 6.5)]
    assert low == 0 and np.isnan(best) and np.isnan(high)


def test_incoming_leave_no_household_behind() -> None:
    place = region(segment("incoming", 100, "Mo-Do", stay_children_u3=10))
    assert total(household_need(place, here(place), "kinder_u3", EDGES)).sum() == 0


def test_the_peak_is_the_highest_slot_of_all_seasons_and_never_under_presence() -> None:
    place = region(segment("incoming", 700, "Sa-So", season="Juli-August"), outgoing(300))
    present = here(place)
    peak = peak_need(present, 0.5)
    for season in present.seasons:
        assert (peak.total(season) >= presence_need(present, 0.5).total(season)).all()
        assert set(peak.total(season)[1]) == {2850.0}  # 5,000 and 700 guests on a weekend in July, half of them


def test_a_rate_by_place_multiplies_residents_and_guests_alike() -> None:
    place = region(segment("incoming", 500, "Sa-So"))
    present = here(place)
    twice = presence_need(present, np.array([0.0, 2.0])).persons("year")[1]
    assert (twice[0] == 0).all() and twice[1] == pytest.approx(2 * present.persons("year")[1, 1])


def test_every_mode_has_its_need_and_a_wrong_one_is_told() -> None:
    place = region(outgoing(300))
    kita = residents(place).total * 0.03
    modes: tuple[DemandMode, ...] = ("register", "household", "presence", "peak")
    need = {mode: total(need_of_mode(mode, here(place), kita, 0.03)) for mode in modes}
    assert need["register"].tolist() == need["household"].tolist() and need["register"] == pytest.approx(150.0)
    assert need["presence"][on(WEDNESDAY, 12)] == pytest.approx(141)
    assert need["peak"] == pytest.approx(150.0)
    with pytest.raises(ValueError, match="nobody"):
        need_of_mode("nobody", here(place), kita, 1.0)  # type: ignore[arg-type]


def test_groups_of_members_who_stay_are_groups_of_the_catalogue() -> None:
    assert set(STAYING) <= set(packaged().groups)
