# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A timetable given as an archive or a folder is kept as one file and stands in the region."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dableiben.core.timetable import Timetable
from dableiben.store.config import config_from, read_config
from dableiben.study.add import add_files
from dableiben.study.init import init_region
from dableiben.study.load import load
from support.feeds import TABLES, write_feed
from support.two_lists import write_register, write_residents


def make(folder: Path, feed: Path) -> Path:
    files = [("population", write_residents(folder / "einwohner.csv")), ("register", write_register(folder / "r.csv"))]
    config = config_from(name="Musterau", land=None, ags=())
    init_region(folder / "musterau", config, [*files, ("gtfs", feed)])  # type: ignore[list-item]
    return folder / "musterau"


def timetable(root: Path) -> Timetable:
    found = load(root).region.timetable
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["fahrplan.zip", "fahrplan"])
def test_the_region_keeps_the_feed_as_one_file_and_knows_its_trips(tmp_path: Path, name: str) -> None:
    root = make(tmp_path, write_feed(tmp_path / name))
    assert [entry.file for entry in read_config(root).inputs if entry.role == "gtfs"] == ["inputs/fahrplan.zip"]
    assert len(timetable(root).trips_on(date(2026, 1, 7))) == 2


def test_the_same_folder_again_changes_nothing_and_a_new_version_replaces_the_old(tmp_path: Path) -> None:
    root = make(tmp_path, write_feed(tmp_path / "fahrplan"))
    add_files(root, [("gtfs", tmp_path / "fahrplan")])
    assert len(read_config(root).inputs) == 3
    calendar = TABLES["calendar.txt"].replace("20260105,20260131", "20260119,20260228")
    trips = TABLES["trips.txt"].replace("1,w,t2\n", "")
    newer = write_feed(tmp_path / "neu", calendar=calendar, calendar_dates=None, trips=trips)
    rows = add_files(root, [("gtfs", newer)]).to_dict("records")
    (row,) = [row for row in rows if row["what"] == "Fahrplan"]
    assert row["before"].startswith("vom 05.01.2026 bis 31.01.2026, 3 Fahrten")
    assert row["after"].startswith("vom 05.01.2026 bis 28.02.2026, 5 Fahrten")
    assert [len(timetable(root).trips_on(date(2026, 1, day))) for day in (14, 21)] == [2, 1]


def test_offers_that_come_or_change_are_listed(tmp_path: Path) -> None:
    root = make(tmp_path, write_feed(tmp_path / "fahrplan.zip"))
    head = "Name;Art;Bedienungsgebiet;Betriebszeiten\n"
    for hours, before in (("Di 9-12", "nicht vorhanden"), ("Mi 9-12", "Oberdorf: Di 9-12")):
        offers = tmp_path / f"{hours}.csv"
        offers.write_text(f"{head}Bürgerbus;Bürgerbus;Oberdorf;{hours}\n", encoding="utf-8")
        (row,) = add_files(root, [("transport", offers)]).to_dict("records")
        assert row == {"what": "Bürgerbus (Bürgerbus)", "before": before, "after": f"Oberdorf: {hours}"}


def test_a_region_without_a_feed_has_no_timetable(tmp_path: Path) -> None:
    files = [("population", write_residents(tmp_path / "einwohner.csv"))]
    region = init_region(tmp_path / "musterau", config_from(name="Musterau", land=None, ags=()), files)  # type: ignore[arg-type]
    assert region.timetable is None
