# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Who is present when: the worked example, laws of conservation, and what stays unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.core.calendar import Calendar
from dableiben.core.errors import InputError
from dableiben.core.results import PRESENCE
from dableiben.core.week import SLOTS_A_DAY, slots
from dableiben.need.people import residents
from dableiben.need.presence import OfGroup, evening_shares, presence_of, presence_table
from dableiben.need.present_persons import Floats, Presence
from dableiben.region.region import Region
from support.regions import Place, Plan, packaged, people
from support.segments import flow, segment, with_people

MV = Calendar("MV")
CARD = packaged().presence
A, B = "13099001", "13099002"
TOWNS = {"a": Place(A), "b": Place(B)}
WEDNESDAY, SATURDAY = 2, 5


def of(region: Region, **more: Any) -> Presence:
    return presence_of(region, residents(region), MV, CARD, **more)


def on(day: int, hour: float = 12) -> int:
    return day * SLOTS_A_DAY + int(hour * 4)


def one_town(*segments: dict[str, Any], persons: str = "5000") -> Region:
    return with_people(Plan(persons, " ".join("a" for _ in persons.split()), TOWNS).region(), segments)


def best(presence: Presence, season: str = "year") -> Floats:
    return np.asarray(presence.total(season)[1])


OUT = segment("outgoing", 300, "Fr-So")
IN = segment("incoming", 200, "Mo-Do")


def test_the_worked_example_of_the_brief() -> None:
    """5,000 residents, 300 away Monday to Thursday, 200 here on those days."""
    town = of(one_town(OUT, IN, persons="2000 3000"))
    assert round(float(town.mean_of_year()[1].sum()), 1) == 4942.9
    assert best(town)[on(WEDNESDAY)] == pytest.approx(4900)
    assert best(town)[on(WEDNESDAY, 3)] == pytest.approx(4900)
    assert best(town)[on(SATURDAY)] == pytest.approx(5000)
    assert town.peak()[1].sum() == pytest.approx(5000)


def test_without_segments_the_residents_are_there_in_every_slot() -> None:
    region = one_town(persons="5 7 11")
    people_here = residents(region).total
    found = of(region).persons("year")
    assert (found == people_here[None, :, None]).all()
    assert of(region).seasons == ("year",)


def test_intervals_are_carried_to_the_slots() -> None:
    town = of(one_town(segment("outgoing", (200, 300, 450), "Fr-So"), segment("incoming", (100, 200, None), "Mo-Do")))
    low, mid, high = town.total("year")[:, on(WEDNESDAY)]
    assert (low, mid) == (pytest.approx(5000 - 450 + 100), pytest.approx(4900)) and np.isnan(high)
    assert (town.total("year")[:, on(SATURDAY)] == 5000).all()  # nobody is away or here for a time: all is known


def test_a_number_nobody_knows_is_unknown_in_its_slots_only() -> None:
    town = of(one_town(segment("incoming", None, "Mo-Do")))
    low, mid, high = town.total("year")
    assert low[on(WEDNESDAY)] == 5000 and np.isnan([mid[on(WEDNESDAY)], high[on(WEDNESDAY)]]).all()
    assert mid[on(SATURDAY)] == high[on(SATURDAY)] == 5000


def test_where_nobody_says_when_the_bounds_are_none_and_all() -> None:
    here = of(one_town(segment("incoming", (100, 200, 300), None))).total("year")[:, on(SATURDAY)]
    away = of(one_town(segment("outgoing", (100, 200, 300), None))).total("year")[:, on(SATURDAY)]
    assert here[0] == 5000 and np.isnan(here[1]) and here[2] == 5300
    assert away[0] == 4700 and np.isnan(away[1]) and away[2] == 5000


def test_estimated_bounds_open_the_ends_and_leave_the_best_number() -> None:
    second = segment("incoming", (40, None, None), None, basis="estimated", reason="Zweitwohnsitz")
    low, mid, high = of(one_town(second)).total("year")
    assert (low == 5000).all() and (mid == 5000).all() and np.isnan(high).all()


def test_seasons_hold_on_their_days_only() -> None:
    town = of(one_town(segment("incoming", 365, "durchgehend", season="Juli-August")))
    assert town.seasons == ("rest", "months:7-8")
    assert best(town, "rest").max() == 5000 and best(town, "months:7-8").min() == 5365
    assert town.mean_of_year()[1].sum() == pytest.approx(5000 + 62)
    assert town.peak()[1].sum() == pytest.approx(5365)


def test_school_holidays_that_nobody_knows_are_refused() -> None:
    region = one_town(segment("incoming", 10, "Sa-So", season="Sommerferien"))
    assert len(of(region, year=2026).seasons) == 2
    with pytest.raises(InputError, match="2045"):
        of(region, year=2045)


def test_incoming_live_where_second_homes_are_listed() -> None:
    places = {"a": Place(A, "alt"), "n": Place(A, "neu")}
    second = [people(f"{A}:neu", 50, 20.0, home="second")]
    region = Plan("30 60 10", "a n n", places, extra_people=second).region()
    found = of(with_people(region, [segment("incoming", 70, "Sa-So")])).persons("year")[1, :, on(SATURDAY)]
    assert found == pytest.approx([30, 120, 20])


def test_a_segment_of_a_locality_stays_in_it() -> None:
    places = {"a": Place(A, "alt"), "n": Place(A, "neu")}
    region = Plan("30 60 30", "a n n", places).region()
    found = of(with_people(region, [segment("outgoing", 30, "Fr-So", area_id=f"{A}:neu")])).persons("year")
    assert found[1, :, on(WEDNESDAY)] == pytest.approx([30, 40, 20])


# --- day commuters ---------------------------------------------------------------------------------------------


def two_towns(*flows: dict[str, Any], segments: Any = ()) -> Region:
    return with_people(Plan("600 400", "a b", TOWNS).region(), segments, flows)


def test_commuters_are_away_in_their_hours_and_at_home_in_the_evening() -> None:
    town = of(two_towns(flow(A, "13099099", 100, work_area=None)))
    ids, found = town.by_area("year")
    share = CARD.away_share
    assert ids == [A, B]
    assert found[0, :, on(WEDNESDAY)] == pytest.approx([600 - 100 * s for s in (share.high, share.best, share.low)])
    assert (found[0, :, on(WEDNESDAY, 20)] == 600).all() and (found[0, :, on(SATURDAY)] == 600).all()
    assert (found[1] == 400).all()


def test_commuters_within_the_region_change_places_and_nobody_is_lost() -> None:
    town = of(two_towns(flow(A, B, 80), flow(B, A, 30)))
    assert best(town) == pytest.approx(np.full(672, 1000.0))
    assert town.by_area("year")[1][1, 1, on(WEDNESDAY)] == pytest.approx(400 + 50 * CARD.away_share.best)


def test_a_suppressed_flow_is_unknown_unless_the_total_is_printed() -> None:
    hidden = two_towns(flow(A, "13099098", 50, work_area=None), flow(A, "13099099", None, work_area=None))
    assert np.isnan(best(of(hidden))[on(WEDNESDAY)]) and best(of(hidden))[on(SATURDAY)] == 1000
    assert of(hidden).total("year")[2, on(WEDNESDAY)] == 1000
    rows = (flow(A, "13099099", None, work_area=None), flow(A, None, 60, total="out"))
    assert best(of(two_towns(*rows)))[on(WEDNESDAY)] == pytest.approx(1000 - 60 * CARD.away_share.best)


def test_who_is_away_for_the_week_is_not_away_again_by_day() -> None:
    """Commuter tables count weekly commuters at their main residence, too."""
    out = segment("outgoing", 100, "Fr-So", reason="Arbeit")
    both = of(two_towns(flow(A, "13099099", 100, work_area=None), segments=[out]))
    alone = of(two_towns(segments=[out]))
    assert best(both) == pytest.approx(best(alone))


def test_rows_of_districts_and_laender_are_not_added_to_their_municipalities() -> None:
    rows = {"13055001": 50, "13055": 70, "13": 90}
    region = two_towns(*(flow(A, key, persons, work_area=None) for key, persons in rows.items()))
    assert best(of(region))[on(WEDNESDAY)] == pytest.approx(1000 - 50 * CARD.away_share.best)


# --- groups, evenings, rows ------------------------------------------------------------------------------------


def test_a_target_group_takes_its_share_of_a_segment_by_age() -> None:
    region = with_people(Plan("100", "a", TOWNS, ages={4: 0.5, 70: 0.5}).region(), [
        segment("incoming", 40, "Sa-So", age_from=60, age_to=80),
        segment("incoming", 10, "Mo-Fr", age_from=1, age_to=5),
    ])  # fmt: skip
    here = residents(region)
    shares = np.zeros((2, 101))
    shares[:, 65:] = 1.0
    old = OfGroup(here.by_age[:, :, 65:].sum(axis=(1, 2)), shares)
    found = best(presence_of(region, here, MV, CARD, group=old))
    assert found[on(SATURDAY)] == pytest.approx(90) and found[on(WEDNESDAY)] == pytest.approx(50)


def test_a_segment_without_ages_leaves_a_target_group_open() -> None:
    region = one_town(IN)
    here = residents(region)
    shares = np.zeros((2, 101))
    shares[:, :3] = 1.0
    low, mid, high = presence_of(region, here, MV, CARD, group=OfGroup(here.total * 0.1, shares)).total("year")
    assert low[on(WEDNESDAY)] == 500 and np.isnan(mid[on(WEDNESDAY)]) and high[on(WEDNESDAY)] == 700
    assert mid[on(SATURDAY)] == 500


def test_evenings_of_the_village_miss_those_who_are_away() -> None:
    away = of(one_town(OUT, IN))
    (row,) = evening_shares(away, CARD).to_dict("records")
    assert row["area_id"] == A and row["share_best"] == pytest.approx(4700 / 5000)  # Incoming are no club members yet
    (alone,) = evening_shares(of(one_town()), CARD).to_dict("records")
    assert alone["share_low"] == alone["share_high"] == 1.0


def test_rows_are_stretches_and_keep_the_contract() -> None:
    region = one_town(OUT, IN, persons="2000 3000")
    table = presence_table(region, residents(region), MV, CARD)
    assert PRESENCE.arrow(table).num_rows == 4  # two cells, Monday to Thursday and Friday to Sunday
    first = table[table["slot_from"] == 0]
    assert set(first["slot_to"]) == {4 * SLOTS_A_DAY} and first["persons_best"].sum() == pytest.approx(4900)
    assert (table.groupby("cell_id")["slot_to"].max() == 672).all()


ROWS = st.tuples(st.sampled_from(["incoming", "outgoing"]), st.integers(0, 90), st.integers(0, 6), st.integers(1, 6))


@given(st.lists(ROWS, max_size=5))
def test_persons_of_all_units_are_residents_plus_incoming_less_outgoing(rows: list[tuple[str, int, int, int]]) -> None:
    names = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]
    segments, wanted = [], np.full(672, 1000.0)
    for view, persons, first, days in rows:
        last = (first + days - 1) % 7
        here = slots([(first + n) % 7 for n in range(days)], 0, 1440)
        segments.append(segment(view, persons, f"{names[first]}-{names[last]}"))
        wanted += persons * here if view == "incoming" else -persons * ~here
    town = of(with_people(Plan("600 100 300", "a a a", TOWNS).region(), segments))
    assert best(town) == pytest.approx(wanted)
    assert town.persons("year")[1].sum(axis=0) == pytest.approx(wanted)
    assert (town.persons("year") >= 0).all()
