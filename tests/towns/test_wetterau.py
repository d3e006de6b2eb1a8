# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A real region end to end: OSM, census grids, boundaries and official statistics of a piece of the Wetterau."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dableiben.core.provenance import sha256_of
from dableiben.need.people import residents
from dableiben.region.region import Region
from dableiben.store.config import config_from
from dableiben.study.check import Outcome, check
from dableiben.study.init import init_region

COMPLETE = ("06440001", "06440010", "06440014")
PERSONS_2015 = {"06440001": 11859, "06440010": 3032, "06440014": 5480}
"""Regionalstatistik 12411, 31.12.2015 (dl-de/by-2-0)"""


@dataclass(frozen=True)
class Town:
    region: Region
    outcome: Outcome
    folder: Path
    given: list[Path]

    def table(self, name: str) -> pd.DataFrame:
        return self.outcome.results.tables[name]


@pytest.fixture(scope="module")
def town(shared_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Town:
    here, germany = shared_path / "regions" / "wetterau", shared_path / "germany"
    files = [
        ("osm", here / "wetterau-2022-12.osm.pbf"),
        ("population", here / "zensus2011-200m.csv"),
        ("population", here / "zensus2011-1km.csv"),
        ("areas", germany / "vg250-gem-2024-simplified.zip"),
        ("statistics", germany / "regionalstatistik" / "12411-02-03-5_00.csv"),
        ("gtfs", here / "gtfs-2022-partial.zip"),
    ]
    folder = tmp_path_factory.mktemp("towns") / "wetterau"
    config = config_from(name="Wetterau (Ausschnitt)", land=None, ags=("06440",))
    region = init_region(folder, config, files)  # type: ignore[arg-type]
    return Town(region, check(folder), folder, [path for _, path in files])


def test_only_municipalities_wholly_inside_the_map_are_judged(town: Town) -> None:
    areas = town.region.areas
    inside = areas[areas["inside"].astype(bool) & (areas["level"] == "municipality")]
    assert tuple(sorted(inside["area_id"])) == COMPLETE
    assert town.region.land == "HE"


def test_grid_persons_are_near_the_official_number_and_calibrated_to_it(town: Town) -> None:
    cells = town.region.cells[town.region.cells["inside"].astype(bool)]
    assert set(cells["size_m"]) == {200}
    assert abs(cells["persons"].sum() / sum(PERSONS_2015.values()) - 1) < 0.03
    people = residents(town.region)
    inside = people.units["inside"].to_numpy(bool)
    calibrated = pd.Series(people.total[inside]).groupby(people.units["municipality_id"].to_numpy()[inside]).sum()
    for ags, persons in PERSONS_2015.items():
        assert abs(calibrated[ags] - persons) < 0.5


def test_ages_follow_the_grid_but_keep_the_official_groups(town: Town) -> None:
    people = residents(town.region)
    listed = town.region.population[town.region.population["home"] == "main"]
    for ags in COMPLETE:
        mine = (people.units["municipality_id"] == ags).to_numpy() & people.units["inside"].to_numpy(bool)
        children = listed[(listed["area_id"] == ags) & (listed["age_to"] < 18)]["persons"].sum()
        assert people.by_age[mine][:, :, :18].sum() == pytest.approx(children, abs=1e-6)
        share = people.by_age[mine][:, :, :18].sum(axis=(1, 2)) / people.total[mine]
        assert share.std() > 0.01  # cells differ: the 1 km shares have a say


def test_kindergartens_without_places_answer_the_way_and_leave_places_unknown(town: Town) -> None:
    need = town.table("need")
    kita = need[(need["kind"] == "kita") & (need["need_persons_best"] > 0)]
    assert set(kita["status_capacity"]) == {"unknown"}
    assert set(kita["status_distance"]) <= {"covered", "gap", "unknown"}
    assert "covered" in set(kita["status_distance"])
    unknowns = town.table("unknowns")
    missing = unknowns[(unknowns["kind"] == "kita") & (unknowns["what"] == "capacity")]
    assert len(missing) == len(COMPLETE)
    assert all(len(ids) for ids in missing["facility_ids"])


def test_no_gap_of_the_way_where_the_edge_of_the_map_is_within_the_limit(town: Town) -> None:
    need, cells = town.table("need"), town.table("cells")
    # By car every cell reaches the edge of this small map within half an hour.
    by_car = need[need["mode"] == "car"]
    assert "gap" not in set(by_car["status_distance"].dropna())
    edge = need[need["reason"] == "data_edge"]
    assert set(edge["status_distance"]) == {"unknown"}
    assert len(cells) == cells["cell_id"].nunique() * cells.groupby(["kind", "mode"]).ngroups


def test_gaps_of_the_map_are_comparisons_with_low_confidence_and_an_interval(town: Town) -> None:
    gaps = town.table("gaps")
    assert len(gaps)
    assert set(gaps["tier"]) == {"comparison"}  # no register: nothing about places, only adopted benchmarks
    without_car = gaps[gaps["group"].str.endswith(".ohne_auto")]
    assert set(without_car["confidence"]) == {"low"}
    assert (without_car["persons_low"] == 0).all()
    np.testing.assert_allclose(without_car["persons_best"], without_car["persons_high"] / 2)


def test_the_trips_of_its_four_lines_are_counted_by_type_of_day(town: Town) -> None:
    (trips,) = [check["text_de"] for check in town.outcome.results.run["checks"] if check["id"] == "timetable_trips"]
    for words in ("Schultag 137 (", "Ferientag 110 (", "Samstag 68 (", "Sonntag 43 ("):
        assert words in trips


def test_the_report_says_that_lines_are_missing_and_that_the_feed_is_of_other_years(town: Town) -> None:
    text = town.outcome.report.read_text(encoding="utf-8")
    assert "5 von 45 Haltestellen und 0 von 5 Bahnhöfen" in text and "er ist unvollständig" in text
    assert "Der Fahrplan gilt vom 21.12.2021 bis 11.06.2022; er sagt nichts über: 31.12.2015" in text


def test_the_days_looked_at_for_buses_lie_in_the_feed(town: Town) -> None:
    days = town.table("bus_times").groupby("day_type", observed=True)["first_day"].unique()
    assert set(days.index) == {"school_day", "school_holiday", "saturday", "sunday"}
    feed = town.region.timetable
    assert feed is not None
    trips = {kind: [len(feed.trips_on(day)) for day in several] for kind, several in days.items()}
    assert trips == {"school_day": [137], "school_holiday": [110], "saturday": [68], "sunday": [43]}


def within(town: Town, kind: str, day_type: str, limit_min: float) -> float:
    """Persons for whom half of the departures from 9 to 18 get there within the limit, by bus or on foot."""
    table = town.table("bus_times")
    mine = (table["kind"] == kind) & (table["day_type"] == day_type) & (table["from_min"] == 540)
    near = table[mine & (table["minutes_p50"] <= limit_min)]
    persons = town.region.cells.set_index("cell_id")["persons"]
    return float(persons.loc[near["cell_id"].astype(str)].sum())


def test_on_saturdays_no_more_people_reach_a_pharmacy_by_bus_than_on_school_days(town: Town) -> None:
    school_day, saturday = (within(town, "apotheke", day_type, 45) for day_type in ("school_day", "saturday"))
    assert 0 < saturday <= school_day < sum(PERSONS_2015.values())
    # Nor is any service nearer; some, beyond a walk, are farther.
    kinds = sorted(set(town.table("bus_times")["kind"]))
    by_kind = {kind: [within(town, kind, day, 240) for day in ("school_day", "saturday")] for kind in kinds}
    assert all(saturday <= school_day for school_day, saturday in by_kind.values())
    assert any(saturday < school_day for school_day, saturday in by_kind.values())


def test_the_report_names_what_is_missing(town: Town) -> None:
    text = town.outcome.report.read_text(encoding="utf-8")
    assert "nutzbaren Plätze" in text
    assert "OpenStreetMap" in text
    assert "Zensus" in text or "Statistische Ämter" in text


def test_inputs_are_copies_of_what_was_given(town: Town) -> None:
    copies = {sha256_of(path) for path in (town.folder / "inputs").iterdir()}
    assert copies == {sha256_of(path) for path in town.given}
