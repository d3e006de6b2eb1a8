# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Travel times by bus over a window of departures, on buses that can be reckoned in the head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from pydantic import ValidationError

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.modes import DepartureWindow
from dableiben.core.results import BUS_TIMES
from dableiben.gaps.assess import Assessment
from dableiben.region.region import Region
from support.regions import Place, Plan, catalogue_with, check
from support.timetables import make_timetable

MONDAY_FIRST = date(2025, 12, 1)
TIMETABLE = make_timetable([], 0, MONDAY_FIRST, [[d % 7 < 5 for d in range(400)], [d % 7 > 4 for d in range(400)]])
HOURLY = [(f"{hour:02}:00", f"{hour:02}:20") for hour in range(5, 21)]
EVERY_OTHER = HOURLY[1::2]
SHOP = {"kind": "supermarkt"}
BUSES = {**dict.fromkeys(range(5), (HOURLY, ())), 5: (EVERY_OTHER, ())}
"""hourly on weekdays, every other hour on Saturdays, none on Sundays"""


def region(plan: Plan | None = None, **more: Any) -> Region:
    return replace((plan or Plan("40 . . S", kinds={"S": SHOP})).region(), **{"timetable": TIMETABLE, **more})


def cards(*windows: Mapping[str, Any], every_min: int = 5) -> Catalogue:
    """Buses on the hours of the test, looked at every five minutes."""
    given = windows or ({"times": "09:00-18:00", "day_types": ["school_day", "saturday", "sunday"]},)
    label = {"de": "Probe", "en": "probe"}
    rules = {
        "windows": tuple(DepartureWindow.model_validate({"label": label, **one}) for one in given),
        "departures_every_s": every_min * 60,
    }
    base = catalogue_with()
    return replace(base, transit={"bus": base.transit["bus"].model_copy(update=rules)})


def run(where: Region, catalogue: Catalogue, *kinds: str, **more: Any) -> Assessment:
    given = {"dimensions": ("content", "space", "time"), "rides": BUSES, **more}
    return check(where, catalogue, *(kinds or ("supermarkt",)), **given)


def times(found: Assessment) -> pd.DataFrame:
    """BUS_TIMES as it is written, checked against its contract."""
    table: pd.DataFrame = BUS_TIMES.arrow(found.tables["bus_times"]).to_pandas(date_as_object=True)
    return table


def minutes(table: pd.DataFrame, day_type: str) -> list[Sequence[float]]:
    rows = table[table["day_type"] == day_type]
    return [tuple(row) for row in rows[["minutes_p05", "minutes_p50", "minutes_p95"]].fillna(-1).to_numpy().tolist()]


def test_waiting_counts_and_half_of_the_departures_take_no_longer_than_the_median() -> None:
    # Every hour a bus of 20 minutes: who leaves every five minutes is under way for 20, 25 ... 75 minutes.
    table = times(run(region(), cards()))
    assert minutes(table, "school_day") == [(20, 45, 75)]
    # Buses at 10, 12, 14, 16 and 18: five times 25 ... 80 minutes, and four times 20 and 85 ... 135.
    assert minutes(table, "saturday") == [(25, 70, 130)]
    assert minutes(table, "sunday") == [(-1, -1, -1)], "no bus is out of reach, not missing"


def test_the_days_looked_at_are_such_days_and_lie_in_the_timetable() -> None:
    table = times(run(region(), cards()))
    for day_type, weekdays in (("school_day", range(5)), ("saturday", [5]), ("sunday", [6])):
        (day,) = set(table.loc[table["day_type"] == day_type, "first_day"])
        assert day.weekday() in weekdays and TIMETABLE.covers(day)
    asked = times(run(region(), cards(), asked={"day": date(2026, 6, 17)}))
    assert set(asked["first_day"]) == {date(2026, 6, 17), date(2026, 6, 20), date(2026, 6, 14)}


def test_a_type_of_day_that_the_timetable_does_not_know_has_no_rows() -> None:
    short = make_timetable([], 0, date(2026, 3, 2), [[True] * 5])  # Monday to Friday
    assert set(times(run(region(timetable=short), cards()))["day_type"]) == {"school_day"}


def test_several_windows_of_a_day_are_rows_of_their_own() -> None:
    school = {"day_types": ["school_day"]}
    catalogue = cards({**school, "times": "07:00-07:30"}, {**school, "times": "09:15-10:15"})
    table = times(run(region(), catalogue))
    assert table[["from_min", "to_min"]].to_numpy().tolist() == [[420, 450], [555, 615]]
    # 20 at 7:00, then 75 ... 55; 65 ... 25 before the bus at 10, then 20, 75, 70
    assert minutes(table, "school_day") == [(20, 60, 75), (20, 45, 75)]


@pytest.mark.parametrize(
    ("changed", "asked"),
    [({"timetable": None}, {}), ({}, {"asked": {"rides": False}}), ({}, {"dimensions": ("content", "space")})],
    ids=["no timetable", "no rides wanted", "no time asked for"],
)
def test_without_buses_to_ask_about_the_table_is_empty(changed: dict[str, Any], asked: dict[str, Any]) -> None:
    assert times(run(region(**changed), cards(), **asked)).empty


def test_only_certain_facilities_to_which_people_go_have_times() -> None:
    plan = Plan(
        "40 S P", kinds={"S": {**SHOP, "possible": True}, "P": {"kind": "ambulanter_dienst", "service_area_ids": []}}
    )
    assert times(run(region(plan), cards(), "supermarkt", "ambulanter_dienst", "apotheke")).empty


def test_a_school_of_another_district_is_nobodys_destination() -> None:
    places = {"a": Place("13099001", "anna", school_district="a"), "b": Place("13099001", "berg", school_district="b")}
    plan = Plan("40 40G", areas="a b", places=places, kinds={"G": {"kind": "grundschule"}})
    table = times(run(region(plan), cards(), "grundschule"))
    by_area = table[table["day_type"] == "school_day"].set_index("area_id")["minutes_p50"]
    assert by_area.isna().to_dict() == {"13099001:anna": True, "13099001:berg": False}


def test_a_window_ends_after_it_begins() -> None:
    for wrong in ("18:00-09:00", "09:00-09:00", "9-18", "24:00-25:00"):
        with pytest.raises(ValidationError):
            cards({"times": wrong, "day_types": ["saturday"]})
    assert cards({"times": "20:00-24:00", "day_types": ["saturday"]}).transit["bus"].windows[0].minutes == (1200, 1440)


def test_two_workers_write_the_same_rows() -> None:
    plan = Plan("40 7 S A", kinds={"S": SHOP, "A": {"kind": "apotheke"}})
    one, two = (times(run(region(plan), cards(), "supermarkt", "apotheke", workers=n)) for n in (1, 2))
    assert len(one) == 2 * 2 * 3
    pd.testing.assert_frame_equal(one, two)
