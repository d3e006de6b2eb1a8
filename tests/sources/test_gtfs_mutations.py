# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever stands in a table of a feed: it is refused in German, or every row is used or counted as lost, and what is
left is a timetable in which time never runs backwards."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dableiben.catalogue.load import load_catalogue
from dableiben.core.errors import InputError
from dableiben.sources.base import read_file
from support.feeds import TABLES, write_feed

packaged = cache(load_catalogue)
FEED = {name.removesuffix(".txt"): text for name, text in TABLES.items()} | {
    "frequencies": "trip_id,start_time,end_time,headway_secs,exact_times\nt3,08:00:00,09:00:00,1200,0\n",
    "transfers": "from_stop_id,to_stop_id,transfer_type,min_transfer_time\na,b,2,300\nb,a,3,\n",
    "feed_info": "feed_publisher_name,feed_version,feed_start_date,feed_end_date\nV,20260101,20260101,20260131\n",
}
JUNK = st.sampled_from(
    ["", "0", "-1", "1e308", "NaN", "inf", "99999999999999999999", "25:61:00", "7:00", "-1:00:00", "999:59:59",
     "20260230", "99991231", "20991231", "a", "t1", "w", "3", "2", '"', "\u2028", "ä" * 300, " a ", "1,5", "0.000001"]
)  # fmt: skip


@pytest.mark.parametrize("name", FEED)
@settings(max_examples=25)
@given(data=st.data())
def test_any_cell_of_any_table_may_hold_anything(tmp_path: Path, name: str, data: st.DataObject) -> None:
    rows = [line.split(",") for line in FEED[name].splitlines()]
    for _ in range(data.draw(st.integers(1, 4))):
        row = data.draw(st.integers(0, len(rows) - 1))
        rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(JUNK)
    if data.draw(st.booleans()):
        del rows[data.draw(st.integers(0, len(rows) - 1))]
    check(tmp_path, FEED | {name: "\n".join(",".join(row) for row in rows)})


@settings(max_examples=30)
@given(data=st.data())
def test_any_table_may_be_cut_off_or_missing(tmp_path: Path, data: st.DataObject) -> None:
    changed: dict[str, str | None] = dict(FEED)
    for name in data.draw(st.sets(st.sampled_from(sorted(FEED)), min_size=1, max_size=2)):
        text = FEED[name]
        changed[name] = None if data.draw(st.booleans()) else text[: data.draw(st.integers(0, len(text)))]
    check(tmp_path, changed)


@settings(max_examples=60)
@given(minutes=st.lists(st.one_of(st.none(), st.integers(0, 1500)), min_size=2, max_size=8))
def test_a_trip_is_whole_and_in_order_or_dropped(tmp_path: Path, minutes: list[int | None]) -> None:
    rows = ["trip_id,stop_id,stop_sequence,arrival_time,departure_time"]
    for number, minute in enumerate(minutes):
        clock = "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}:00"
        rows.append(f"t1,{'abcd'[number % 4]},{number},{clock},{clock}")
    rows += ["t3,a,1,10:00:00,10:00:00", "t3,d,2,10:20:00,10:20:00"]
    check(tmp_path, FEED | {"stop_times": "\n".join(rows)})


def check(folder: Path, tables: dict[str, str | None] | dict[str, str]) -> None:
    path = write_feed(folder / "plan.zip", **tables)
    try:
        reading = read_file(path, "gtfs", packaged())
    except InputError as error:
        assert error.message and error.repair and path.name in str(error)
        return
    report, timetable = reading.report, reading.timetable
    assert timetable is not None and timetable.trip_id
    assert report.rows_read == report.rows_used + report.lost.total()
    assert report.rows_used > 0 and min(report.lost.values(), default=1) > 0
    arrival, departure = timetable.call_arrival_s, timetable.call_departure_s
    assert (departure >= arrival).all() and (np.diff(timetable.trip_start) >= 2).all()
    onward = arrival[1:] >= departure[:-1]
    onward[timetable.trip_start[1:-1] - 1] = True
    assert onward.all()
    assert timetable.trip_service.min() >= 0 and timetable.trip_route.min() >= 0
    assert timetable.trip_service.max() < len(timetable.service_id)
    for ids in (timetable.stop_id, timetable.trip_id, timetable.route_id, timetable.service_id):
        assert len(set(ids)) == len(ids)
