# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Gaps in time, by hand: what is closed when it is needed, slot by slot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from dableiben.core.week import from_bytes, in_words
from dableiben.gaps.assess import Assessment
from dableiben.region.region import Region
from dableiben.store.config import Carless
from support.hours import (
    ALL_WEEKDAYS,
    BY_BUS,
    SCHOOL_DAYS,
    TIMETABLE,
    cards,
    checked,
    in_window,
    of_cells,
    time_gaps,
    window,
)  # fmt: skip
from support.regions import Plan, check, limit, places_for_all
from support.segments import segment, with_people

KITA = {"kind": "kita", "usable_places": 50.0, "opening_hours": "Mo-Fr 07:00-16:00"}


def kita(hours: str | None, **more: Any) -> Mapping[str, Mapping[str, Any]]:
    return {"K": {**KITA, "opening_hours": hours, **more}}


class TestHours:
    def test_a_kita_open_from_7_to_16_leaves_6_to_7_and_16_to_17(self) -> None:
        found = checked(Plan("40K", kinds=kita("Mo-Fr 07:00-16:00")), cards(in_window("kita", 10)), "kita")
        (gap,) = time_gaps(found).to_dict("records")
        assert (gap["cause"], gap["dimension"], gap["area_name"]) == ("hours", "time", "mitte")
        assert gap["slots_text"] == "Mo–Fr 6:00–7:00 und 16:00–17:00"
        assert in_words(from_bytes(gap["slots"])) == gap["slots_text"]
        assert gap["persons_best"] == pytest.approx(40)
        assert gap["person_hours_week_best"] == pytest.approx(40 * 2 * 5)
        assert (gap["target"], gap["actual"], gap["unit"]) == (55.0, 45.0, "h_week")
        assert gap["day_type"] == "school_day" and gap["season"] is None

    def test_a_kita_open_as_long_as_needed_leaves_none(self) -> None:
        found = checked(Plan("40K", kinds=kita("Mo-Fr 06:00-17:00")), cards(in_window("kita", 10)), "kita")
        assert time_gaps(found).empty
        assert set(found.tables["need"]["status_time"]) == {"covered"}

    def test_two_kitas_complete_each_other(self) -> None:
        kinds = {**kita("Mo-Fr 06:00-12:00"), "L": {**KITA, "opening_hours": "Mo-Fr 12:00-17:00"}}
        found = checked(Plan("40K . L", kinds=kinds), cards(in_window("kita", 10)), "kita")
        assert time_gaps(found).empty

    def test_a_kita_too_far_does_not_help(self) -> None:
        kinds = {**kita("Mo-Fr 07:00-16:00"), "L": {**KITA, "opening_hours": "Mo-Fr 06:00-17:00"}}
        found = checked(Plan("40K . . . . L", kinds=kinds), cards(in_window("kita", 4)), "kita")
        assert time_gaps(found)["slots_text"].tolist() == ["Mo–Fr 6:00–7:00 und 16:00–17:00"]

    def test_hours_nobody_knows_are_unknown_and_no_gap(self) -> None:
        found = checked(Plan("40K", kinds=kita(None)), cards(in_window("kita", 10)), "kita")
        assert time_gaps(found).empty
        assert set(found.tables["need"]["status_time"]) == {"unknown"}
        (row,) = found.tables["unknowns"].query("what == 'time'").to_dict("records")
        assert row["facility_ids"] == ["K0"] and "Öffnungszeiten" in row["missing_entry"]

    def test_hours_that_cannot_be_read_are_unknown(self) -> None:
        found = checked(Plan("40K", kinds=kita("siehe Aushang am Tor")), cards(in_window("kita", 10)), "kita")
        assert set(found.tables["need"]["status_time"]) == {"unknown"}

    def test_by_appointment_is_never_open(self) -> None:
        found = checked(Plan("40K", kinds=kita("nach Vereinbarung")), cards(in_window("kita", 10)), "kita")
        assert set(found.tables["need"]["status_time"]) == {"unknown"}

    def test_without_a_norm_nothing_is_rated(self) -> None:
        found = checked(Plan("40K", kinds=kita("Mo-Fr 07:00-16:00")), cards(limit("kita", 10)), "kita")
        assert set(found.tables["need"]["status_time"]) == {"not_rated"}
        assert set(found.tables["need"]["status"]) == {"covered"}

    def test_who_cannot_get_there_has_a_gap_of_the_way_only(self) -> None:
        catalogue = cards(limit("kita", 2), in_window("kita", 2))
        found = checked(Plan("40 . . . . . K", kinds=kita("Mo-Fr 07:00-16:00")), catalogue, "kita", modes=("foot",))
        assert found.tables["gaps"]["cause"].tolist() == ["distance"]
        assert found.tables["gaps"]["person_hours_week_best"].tolist() == [40 * 55.0]

    def test_not_asked_for_it_is_null(self) -> None:
        found = check(Plan("40K", kinds=kita("Mo-Fr 07:00-16:00")), cards(in_window("kita", 10)), "kita")
        assert found.tables["need"]["status_time"].isna().all() and found.tables["cell_slots"].empty


class TestDays:
    def test_needs_in_the_holidays_are_told_apart(self) -> None:
        windows = (window(windows=[{"days": "Mo-Fr", "times": ["08:00-16:00"], "day_types": ALL_WEEKDAYS}]),)
        kinds = kita("Mo-Fr 08:00-16:00; SH Mo-Fr 08:00-12:00")
        found = checked(Plan("40K", kinds=kinds), cards(in_window("kita", 10), windows=windows), "kita")
        (gap,) = time_gaps(found).to_dict("records")
        assert gap["slots_text"] == "Mo–Fr 12:00–16:00"
        assert (gap["season"], gap["day_type"]) == ("holidays", "school_holiday")
        assert "Schulferien" in gap["explanation_de"]

    def test_what_lacks_all_year_is_not_told_again_for_the_holidays(self) -> None:
        windows = (window(windows=[{"days": "Mo-Fr", "times": ["06:00-16:00"], "day_types": ALL_WEEKDAYS}]),)
        kinds = kita("Mo-Fr 07:00-16:00; SH Mo-Fr 07:00-15:00")
        found = checked(Plan("40K", kinds=kinds), cards(in_window("kita", 10), windows=windows), "kita")
        told = dict(zip(time_gaps(found)["season"].fillna("-"), time_gaps(found)["slots_text"], strict=True))
        assert told == {"-": "Mo–Fr 6:00–7:00", "holidays": "Mo–Fr 15:00–16:00"}

    @pytest.mark.parametrize(("closed", "too_long"), [("2026 Jul 13-Aug 22", 2), ("2026 Jul 13-Aug 8", 0)])
    def test_four_weeks_of_holidays_are_allowed_and_six_are_not(self, closed: str, too_long: int) -> None:
        windows = (
            window(
                windows=[{"days": "Mo-Fr", "times": ["08:00-16:00"], "day_types": ["school_holiday"]}], closing_weeks=4
            ),
        )  # fmt: skip
        kinds = kita(f"Mo-Fr 08:00-16:00; {closed} off")
        found = checked(Plan("40K", kinds=kinds), cards(in_window("kita", 10), windows=windows), "kita")
        gaps = time_gaps(found)
        assert len(gaps) == (too_long > 0)
        assert not too_long or "2\u00a0Wochen länger als zulässig" in gaps["explanation_de"].iloc[0]

    def test_beyond_the_border_the_holidays_of_the_neighbour_hold(self) -> None:
        """8 March 2027: a holiday in MV, a plain Monday in Lower Saxony."""
        neighbour = {"kind": "kita", "usable_places": 50.0, "opening_hours": "Mo-Fr 06:00-17:00; PH off"}
        beyond = {"area_id": None, "municipality_id": "03399001", "locality_id": None}
        kinds = {"N": {**neighbour, **beyond}, "K": neighbour}
        windows = (window(windows=[{"days": "Mo", "times": ["06:00-17:00"], "day_types": ["public_holiday"]}]),)
        catalogue = cards(in_window("kita", 10), windows=windows)
        asked = {"day": date(2027, 3, 8)}
        assert time_gaps(checked(Plan("40N", kinds=kinds), catalogue, "kita", asked=asked)).empty
        here = time_gaps(checked(Plan("40K", kinds=kinds), catalogue, "kita", asked=asked))
        assert here["slots_text"].tolist() == ["Mo 6:00–17:00"]

    def test_a_holiday_without_a_rule_is_unknown(self) -> None:
        windows = (window(windows=[{"days": "Mo", "times": ["06:00-17:00"], "day_types": ["public_holiday"]}]),)
        found = checked(
            Plan("40K", kinds=kita("Mo-Fr 06:00-17:00")), cards(in_window("kita", 10), windows=windows), "kita",
            asked={"day": date(2027, 3, 8)},
        )  # fmt: skip
        assert set(found.tables["need"]["status_time"]) == {"unknown"}


OUTGOING = {"view": "outgoing", "stays": "children_3_to_school", "suffix": ".outgoing", "users": {"de": "x", "en": "x"}}
INCOMING = {"view": "incoming", "suffix": ".incoming", "users": {"de": "Menschen mit Wohnung anderswo", "en": "y"}}


class TestAudiences:
    @pytest.mark.parametrize("households", ["all", "without_car"])
    def test_a_part_of_the_group_and_the_rest_are_the_group(self, households: str) -> None:
        users = {"de": "Drei- und Vierjährige", "en": "x"}
        part = {"part": {"age_from": 3, "age_to": 4}, "suffix": ".alter_3_4", "users": users}
        plan = Plan(
            "40K", kinds=kita("Mo-Fr 07:00-16:00"), carless=Carless(share=0.25, source="Probe"), ages={4: 0.75, 5: 0.25}
        )  # fmt: skip
        norms = [in_window("kita", 10), in_window("kita", 10, window_id="rest", households=households)]
        bare = checked(plan, cards(), "kita").tables["need"]["need_persons_best"].sum()
        found = checked(plan, cards(*norms, windows=(window(audience=part), window("rest"))), "kita")
        need = found.tables["need"].groupby("group")["need_persons_best"].sum()
        assert need.sum() == pytest.approx(bare) == pytest.approx(40)
        assert need["kinder_3_bis_schule.alter_3_4"] == pytest.approx(30)
        assert len(need) == (2 if households == "all" else 3)

    def test_children_of_who_is_away_need_the_edges_of_the_day(self) -> None:
        region = with_people(
            Plan("40K", kinds=kita("Mo-Fr 07:00-16:00")).region(),
            [segment("outgoing", 30, "Fr 18:00-Mo 5:00", stay_children_3_to_school=12.0)],
        )
        catalogue = cards(in_window("kita", 10), windows=(window(audience=OUTGOING),))
        (gap,) = time_gaps(checked(region, catalogue, "kita")).to_dict("records")
        assert gap["group"] == "kinder_3_bis_schule.outgoing"
        assert gap["persons_best"] == pytest.approx(12)
        assert gap["slots_text"] == "Mo–Fr 6:00–7:00 und 16:00–17:00"

    def test_who_is_here_from_monday_to_thursday_needs_nothing_on_friday(self) -> None:
        region = with_people(
            Plan("40D", kinds={"D": {"kind": "hausarzt", "opening_hours": "Mo-Fr 08:00-17:00; Sa,Su off"}}).region(),
            [segment("incoming", (20, 25, 30), "Mo-Do")],
        )
        windows = (
            window(
                audience=INCOMING, pattern="visit", stay_min=30,
                windows=[{"days": "Mo-Fr", "times": ["17:00-19:00"], "day_types": SCHOOL_DAYS}],
            ),
        )  # fmt: skip
        catalogue = cards(in_window("hausarzt", 10), windows=windows)
        (gap,) = time_gaps(checked(region, catalogue, "hausarzt")).to_dict("records")
        assert gap["slots_text"] == "Mo–Do 17:00–19:00"
        assert (gap["persons_low"], gap["persons_best"], gap["persons_high"]) == (20, 25, 30)
        assert gap["person_hours_week_best"] == 25 * 8
        assert "mit Wohnung anderswo" in gap["explanation_de"]
        assert gap["confidence"] == "low"

    def test_a_season_has_its_own_week(self) -> None:
        region = with_people(
            Plan("40A", kinds={"A": {"kind": "apotheke", "opening_hours": "Mo-Fr 08:00-18:00; Sa,Su off"}}).region(),
            [segment("incoming", 50, "täglich", season="Juli-August", reason="Zweitwohnsitz")],
        )
        everyday = ["school_day", "school_holiday", "saturday", "sunday"]
        windows = (
            window(
                audience={**INCOMING, "reasons": ["Zweitwohnsitz"]}, pattern="visit", stay_min=15,
                windows=[{"days": "Mo-So", "times": ["09:00-12:00"], "day_types": everyday}],
            ),
        )  # fmt: skip
        catalogue = cards(in_window("apotheke", 10), windows=windows)
        (gap,) = time_gaps(checked(region, catalogue, "apotheke")).to_dict("records")
        assert (gap["season"], gap["slots_text"]) == ("months:7-8", "Sa, So 9:00–12:00")
        assert "Juli–August" in gap["explanation_de"]

    def test_a_segment_with_another_reason_is_not_meant(self) -> None:
        people = [segment("incoming", 9, "Mo-Do", reason="Arbeit")]
        region = with_people(Plan("40K", kinds=kita("Mo-Fr 07:00-16:00")).region(), people)
        catalogue = cards(in_window("kita", 10), windows=(window(audience={**INCOMING, "reasons": ["Ernte"]}),))
        assert time_gaps(checked(region, catalogue, "kita")).empty

    def test_who_does_not_say_when_they_are_here_leaves_it_open(self) -> None:
        region = with_people(Plan("40K", kinds=kita("Mo-Fr 07:00-16:00")).region(), [segment("incoming", 9, None)])
        catalogue = cards(in_window("kita", 10), windows=(window(audience=INCOMING),))
        assert time_gaps(checked(region, catalogue, "kita")).empty




def far_with_bus(kind: str, hours: str | None) -> Region:
    plan = Plan("40 . . . . . . . . S", kinds={"S": {"kind": kind, "opening_hours": hours}}, ages={8: 0.5, 70: 0.5})
    return replace(plan.region(), timetable=TIMETABLE)


class TestRides:
    def test_no_bus_after_ganztag(self) -> None:
        windows = (window(pattern="leave", windows=[{**BY_BUS, "times": ["13:00-13:15", "16:00-16:15"]}]),)
        rides = dict.fromkeys(range(5), ((("07:10", "07:30"),), (("13:10", "13:30"),)))
        catalogue = cards(in_window("grundschule", 45, "bus"), windows=windows)
        found = checked(far_with_bus("grundschule", "Mo-Fr 07:00-16:00"), catalogue, "grundschule", rides=rides)
        (gap,) = time_gaps(found).to_dict("records")
        assert (gap["cause"], gap["slots_text"], gap["mode"]) == ("timetable", "Mo–Fr 16:00–16:15", "bus")

    def test_the_last_bus_ends_the_evening(self) -> None:
        windows = (window(pattern="visit", stay_min=60, windows=[{**BY_BUS, "days": "Fr", "times": ["18:00-22:00"]}]),)
        rides = {4: ((("16:40", "17:00"),), (("18:40", "19:00"),))}
        catalogue = cards(in_window("jugendarbeit", 45, "bus"), windows=windows)
        found = checked(far_with_bus("jugendarbeit", "Fr 15:00-22:00"), catalogue, "jugendarbeit", rides=rides)
        (gap,) = time_gaps(found).to_dict("records")
        assert (gap["cause"], gap["slots_text"]) == ("timetable", "Fr 18:30–22:00")

    def test_closed_is_closed_even_with_a_bus(self) -> None:
        windows = (window(pattern="visit", stay_min=30, windows=[{**BY_BUS, "times": ["17:00-19:00"]}]),)
        rides = dict.fromkeys(range(5), ((("08:00", "08:20"),), (("12:00", "12:20"),)))
        catalogue = cards(in_window("hausarzt", 45, "bus"), windows=windows)
        found = checked(far_with_bus("hausarzt", "Mo-Fr 08:00-17:00"), catalogue, "hausarzt", rides=rides)
        assert set(time_gaps(found)["cause"]) == {"hours"}

    def test_without_a_timetable_a_far_place_is_unknown(self) -> None:
        windows = (window(pattern="leave", windows=[{**BY_BUS, "times": ["16:00-16:15"]}]),)
        region = replace(far_with_bus("grundschule", "Mo-Fr 07:00-16:00"), timetable=None)
        found = checked(region, cards(in_window("grundschule", 45, "bus"), windows=windows), "grundschule")
        assert time_gaps(found).empty
        assert set(found.tables["need"]["status_time"]) == {"unknown"}
        (row,) = found.tables["unknowns"].query("what == 'time'").to_dict("records")
        assert "Fahrplan" in row["missing_entry"]

    def test_a_timetable_of_another_year_says_nothing(self) -> None:
        windows = (window(pattern="leave", windows=[{**BY_BUS, "times": ["16:00-16:15"]}]),)
        found = checked(
            far_with_bus("grundschule", "Mo-Fr 07:00-16:00"),
            cards(in_window("grundschule", 45, "bus"), windows=windows), "grundschule", asked={"day": date(2031, 3, 5)},
        )  # fmt: skip
        assert set(found.tables["need"]["status_time"]) == {"unknown"}

    def test_volunteers_drive_exactly_in_their_hours(self) -> None:
        windows = (window(pattern="visit", stay_min=30, windows=[{**BY_BUS, "times": ["08:00-18:00"]}]),)
        region = far_with_bus("supermarkt", "Mo-Sa 07:00-20:00")
        offers = [{"service_hours": "Di und Do 9-12 Uhr", "area_ids": ["13099001"], "name": "Bürgerbus"}]
        transport = pd.DataFrame(offers)
        catalogue = cards(limit("supermarkt", 2, "foot"), in_window("supermarkt", 30, "foot", "bus"), windows=windows)
        walked = {"modes": ("foot",), "longer": 10.0}
        found = checked(replace(region, transport=transport), catalogue, "supermarkt", **walked)
        slots = found.tables["cell_slots"]
        assert set(of_cells(found, "by_ride")) == {"Di, Do 9:00–12:00"}
        assert len(slots)
        gaps = found.tables["gaps"]
        assert set(gaps["cause"]) == {"distance"}
        assert "Di, Do 9:00–12:00" in gaps["explanation_de"].iloc[0]
        assert gaps["person_hours_week_best"].iloc[0] == pytest.approx(gaps["persons_best"].iloc[0] * 44)

    @pytest.mark.parametrize("said", [None, "nach Vereinbarung", "siehe Aushang"])
    def test_volunteers_who_do_not_say_when_leave_it_open(self, said: str | None) -> None:
        windows = (window(pattern="visit", stay_min=30, windows=[{**BY_BUS, "times": ["08:00-18:00"]}]),)
        offers = [{"service_hours": said, "area_ids": ["13099001"], "name": "Bürgerbus"}]
        region = replace(far_with_bus("hausarzt", "Mo-Fr 07:00-20:00"), transport=pd.DataFrame(offers))
        found = checked(region, cards(in_window("hausarzt", 30, "bus"), windows=windows), "hausarzt")
        assert time_gaps(found).empty
        assert set(found.tables["need"]["status_time"]) == {"unknown"}
        assert "Betriebszeiten" in found.tables["unknowns"].query("what == 'time'")["missing_entry"].iloc[0]


class TestRoom:
    """A Kita with 60 places, 15 of them until 17:30."""

    NORMS = (places_for_all("kita"), in_window("kita", 10))
    UNTIL_17 = (window(windows=[{"days": "Mo-Fr", "times": ["08:00-17:30"], "day_types": SCHOOL_DAYS}]),)

    def crowded(self, persons: int, **more: Any) -> Assessment:
        places = {"usable_places": 60.0, "places_by_time": "60 bis 16:30; 15 bis 17:30", **more}
        plan = Plan(f"{persons}K", kinds=kita("Mo-Fr 07:00-17:30", **places))
        return checked(plan, cards(*self.NORMS, windows=self.UNTIL_17), "kita")

    def test_fifteen_places_are_too_few_for_forty_children(self) -> None:
        (gap,) = time_gaps(self.crowded(40)).to_dict("records")
        assert (gap["cause"], gap["slots_text"]) == ("slot_capacity", "Mo–Fr 16:30–17:30")
        assert (gap["persons_best"], gap["target"], gap["actual"], gap["unit"]) == (25, 40, 15, "place")
        assert gap["person_hours_week_best"] == 25 * 5
        assert "reichen die Plätze nicht" in gap["explanation_de"]

    def test_fifteen_places_are_enough_for_fifteen_children(self) -> None:
        assert time_gaps(self.crowded(15)).empty

    def test_who_lacks_a_place_at_all_is_not_counted_again(self) -> None:
        found = self.crowded(80)
        assert found.tables["gaps"].query("dimension == 'content'")["persons_best"].tolist() == [20]
        # 65 of 80 have no place then, 20 of them at no time.
        assert time_gaps(found)["persons_best"].tolist() == [pytest.approx(45)]

    def test_a_second_kita_relieves_the_first(self) -> None:
        kinds = {
            **kita("Mo-Fr 07:00-17:30", usable_places=60.0, places_by_time="60 bis 16:30; 15 bis 17:30"),
            "L": {**KITA, "usable_places": 30.0, "opening_hours": "Mo-Fr 07:00-17:30"},
        }
        found = checked(Plan("40K . L", kinds=kinds), cards(*self.NORMS, windows=self.UNTIL_17), "kita")
        assert time_gaps(found).empty

    def test_places_of_an_hour_that_nobody_knows_are_unknown(self) -> None:
        found = self.crowded(40, places_by_time="15 bis 16:30")
        assert time_gaps(found).empty
        assert set(found.tables["need"]["status_time"]) == {"unknown"}
