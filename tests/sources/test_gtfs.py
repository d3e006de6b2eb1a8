# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A timetable is read whole: what runs on which day, what was filled in, and what was lost with its reason."""

from __future__ import annotations

import zipfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.timetable import Timetable
from dableiben.sources.base import Reading, read_file
from support.feeds import TABLES, times, write_feed


def reading(path: Path, catalogue: Catalogue) -> Reading:
    """A reading whose losses add up."""
    found = read_file(path, "gtfs", catalogue)
    report = found.report
    assert report.rows_read == report.rows_used + report.lost.total() and min(report.lost.values(), default=1) > 0
    return found


@pytest.fixture
def read(tmp_path: Path, catalogue: Catalogue) -> Reader:
    return Reader(tmp_path, catalogue)


class Reader:
    """Writes a feed with some tables replaced, and reads it."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder, self.catalogue = folder, catalogue

    def __call__(self, /, **replaced: str | None) -> tuple[Timetable, Reading]:
        found = reading(write_feed(self.folder / "plan.zip", **replaced), self.catalogue)
        assert found.timetable is not None
        return found.timetable, found


def clock(timetable: Timetable, trip: str) -> list[tuple[str, str, str]]:
    """Calls of a trip: stop, arrival, departure."""
    number = timetable.trip_id.index(trip)
    calls = range(timetable.trip_start[number], timetable.trip_start[number + 1])
    return [
        (timetable.stop_id[timetable.call_stop[c]], *(
            f"{s // 3600}:{s % 3600 // 60:02d}" + (f":{s % 60:02d}" if s % 60 else "")
            for s in (int(timetable.call_arrival_s[c]), int(timetable.call_departure_s[c]))
        ))
        for c in calls
    ]  # fmt: skip


def on(timetable: Timetable, day: date) -> list[str]:
    return [timetable.trip_id[number] for number in timetable.trips_on(day)]


def test_a_feed_gives_stops_trips_and_their_days(read: Reader) -> None:
    timetable, found = read()
    assert (timetable.stop_name, timetable.route_name) == (("Markt", "Schule", "Mühle", "Hof"), ("21",))
    assert clock(timetable, "t1") == [("a", "7:00", "7:00"), ("b", "7:05", "7:06"), ("d", "7:15", "7:15")]
    assert (timetable.first_day, timetable.last_day) == (date(2026, 1, 5), date(2026, 1, 31))
    assert on(timetable, date(2026, 1, 5)) == ["t1", "t2"]
    assert on(timetable, date(2026, 1, 10)) == ["t3"]
    assert on(timetable, date(2026, 1, 11)) == []
    assert found.report.rows_used == found.report.rows_read == sum(t.count("\n") - 1 for t in TABLES.values())
    assert found.report.lost == {} and found.left_out == {}


def test_exceptions_take_a_service_away_and_add_another(read: Reader) -> None:
    assert on(read()[0], date(2026, 1, 6)) == ["t3"]


def test_a_trip_after_midnight_belongs_to_the_day_on_which_it_began(read: Reader) -> None:
    assert clock(read()[0], "t2") == [("a", "23:50", "23:50"), ("d", "24:10", "24:10")]


def test_a_day_outside_the_calendars_is_not_covered(read: Reader) -> None:
    timetable, _ = read()
    assert timetable.covers(date(2026, 1, 31)) and not timetable.covers(date(2026, 2, 1))
    assert not timetable.covers(date(2026, 1, 4))


def test_either_calendar_alone_will_do(read: Reader) -> None:
    timetable, _ = read(calendar_dates=None)
    assert on(timetable, date(2026, 1, 6)) == ["t1", "t2"]
    only_dates = "service_id,date,exception_type\nw,20260107,1\nw,20260109,1\ns,20260109,1\ns,20261224,2\n"
    timetable, _ = read(calendar=None, calendar_dates=only_dates)
    assert (timetable.first_day, timetable.last_day) == (date(2026, 1, 7), date(2026, 1, 9))
    assert [len(on(timetable, date(2026, 1, day))) for day in (7, 8, 9)] == [2, 0, 3]


def test_a_window_told_by_the_publisher_is_told_but_does_not_count(read: Reader) -> None:
    head = "feed_publisher_name,feed_version,feed_start_date,feed_end_date\n"
    timetable, found = read(feed_info=f"{head}Verbund,20251201,20260105,20260120\n")
    assert timetable.last_day == date(2026, 1, 31)
    assert any("05.01.2026 bis 20.01.2026" in note for note in found.report.notes)
    assert (found.report.source.as_of, found.report.source.attribution) == (date(2025, 12, 1), "Fahrplan: Verbund")


def test_times_left_empty_are_filled_in_by_distance(read: Reader) -> None:
    # b lies a quarter of the way from a to d, c three quarters
    timetable, found = read(stop_times=times("t1 a 7:00 7:00", "t1 b - -", "t1 c - -", "t1 d 7:40 7:40"))
    assert [arrival for _, arrival, _ in clock(timetable, "t1")] == ["7:00", "7:10", "7:30", "7:40"]
    assert timetable.counts["times_filled_by_distance"] == 2
    assert any(note.startswith("2 Halte ohne Zeit") for note in found.report.notes)


def test_times_are_filled_in_by_the_way_of_the_feed_where_it_is_given(read: Reader) -> None:
    rows = ("t1 a 7:00 7:00 0 0 0", "t1 b - - 0 0 3.0", "t1 d 7:40 7:40 0 0 4.0")
    timetable, _ = read(stop_times=times(*rows))
    assert clock(timetable, "t1")[1] == ("b", "7:30", "7:30")
    assert timetable.counts["times_filled_by_shape"] == 1


def test_times_are_filled_in_evenly_where_a_stop_has_no_place(read: Reader) -> None:
    stops = TABLES["stops.txt"].replace("c,Mühle,50.30,8.93", "c,Mühle,0,0")
    rows = times("t1 a 7:00 7:00", "t1 b - -", "t1 c - -", "t1 d 7:30 7:30")
    timetable, _ = read(stops=stops, stop_times=rows)
    assert [arrival for _, arrival, _ in clock(timetable, "t1")] == ["7:00", "7:10", "7:20", "7:30"]
    assert timetable.counts["times_filled_by_index"] == 2


def test_calls_beyond_the_last_known_time_are_lost_not_guessed(read: Reader) -> None:
    rows = times("t1 a 7:00 7:00", "t1 b 7:10 -", "t1 d - -")
    timetable, found = read(stop_times=rows)
    assert clock(timetable, "t1") == [("a", "7:00", "7:00"), ("b", "7:10", "7:10")]
    reason = "Fahrplan: Halt vor der ersten oder nach der letzten Zeit der Fahrt"
    assert found.report.lost[reason] == 1 and found.left_out[reason] == ("t1",)


def test_times_that_begin_again_at_midnight_are_repaired(read: Reader) -> None:
    rows = times("t1 a 23:50 23:50", "t1 b 23:59 0:01", "t1 d 0:10 0:11")
    timetable, _ = read(stop_times=rows)
    assert clock(timetable, "t1") == [("a", "23:50", "23:50"), ("b", "23:59", "24:01"), ("d", "24:10", "24:11")]
    assert timetable.counts["trips_over_midnight_repaired"] == 1


def test_a_trip_that_runs_backwards_is_dropped_and_listed(read: Reader) -> None:
    rows = times("t1 a 7:00 7:00", "t1 d 6:50 6:50", "t3 a 10:00 10:00", "t3 d 10:20 10:20")
    timetable, found = read(stop_times=rows)
    assert timetable.trip_id == ("t3",)
    reason = "Fahrplan: Halt einer Fahrt, deren Zeiten rückwärts laufen"
    assert found.report.lost[reason] == 2 and found.left_out[reason] == ("t1",)
    assert any("t1" in note for note in found.report.notes)


def test_trips_without_a_ride_are_dropped_and_counted(read: Reader) -> None:
    rows = times("t1 a 7:00 7:00", "t3 a 10:00 10:00", "t3 d 10:20 10:20")
    timetable, found = read(stop_times=rows)
    assert timetable.trip_id == ("t3",)
    assert found.report.lost["Fahrplan: einziger Halt einer Fahrt"] == 1
    assert found.left_out["Fahrplan: Fahrt ohne Halte oder mit nur einem Halt"] == ("t1", "t2")


def test_a_trip_of_an_unknown_service_is_dropped_with_its_calls(read: Reader) -> None:
    timetable, found = read(trips=TABLES["trips.txt"].replace("1,w,t1", "1,fremd,t1"))
    assert timetable.trip_id == ("t2", "t3")
    assert found.report.lost["Fahrplan: Halt einer Fahrt ohne Verkehrstage"] == 3
    assert found.left_out["Fahrplan: Fahrt ohne Verkehrstage"] == ("t1",)


def test_a_stop_nowhere_on_earth_stays_without_a_place_and_is_listed(read: Reader) -> None:
    stops = TABLES["stops.txt"].replace("50.30,8.91", "0.0,0.0").replace("50.30,8.93", "50.30,189")
    timetable, found = read(stops=stops)
    assert np.isnan(timetable.stop_x_m).tolist() == [False, True, True, False]
    assert timetable.counts["stops_without_place"] == 2
    (listed,) = found.left_out.values()
    assert listed == ("b", "c")
    assert clock(timetable, "t1")[1][0] == "b"


def test_platforms_of_a_station_share_a_number_and_its_place(read: Reader) -> None:
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "S,Bahnhof,50.30,8.90,1,\na,Steig 1,,,0,S\nb,Steig 2,50.30,8.9001,,S\n"
        "d,Hof,50.30,8.94,0,\ne,Eingang,50.3,8.9,2,S\n"
    )
    timetable, found = read(stops=stops)
    assert timetable.stop_id == ("a", "b", "d")
    assert timetable.stop_station.tolist() == [0, 0, 1]
    assert not np.isnan(timetable.stop_x_m).any() and timetable.counts["stops_placed_by_station"] == 1
    assert found.report.lost == {"Fahrplan: Eingang oder Knoten eines Bahnhofs (nicht gebraucht)": 1}


def test_trips_by_frequency_are_written_out(read: Reader) -> None:
    head = "trip_id,start_time,end_time,headway_secs,exact_times\n"
    timetable, found = read(frequencies=f"{head}t1,08:00:00,09:00:00,1200,0\nt1,12:00:00,12:30:00,1800,1\n")
    assert timetable.trip_id == ("t1#1", "t1#2", "t1#3", "t1#4", "t2", "t3")
    assert [clock(timetable, f"t1#{n}")[0][2] for n in (1, 2, 3, 4)] == ["8:00", "8:20", "8:40", "12:00"]
    assert clock(timetable, "t1#2") == [("a", "8:20", "8:20"), ("b", "8:25", "8:26"), ("d", "8:35", "8:35")]
    assert (timetable.counts["trips_by_frequency"], timetable.counts["trips_by_loose_frequency"]) == (4, 3)
    assert any("nur ungefähr" in note for note in found.report.notes)


def test_a_trip_by_frequency_never_takes_the_id_of_another(read: Reader) -> None:
    head = "trip_id,start_time,end_time,headway_secs\n"
    trips = TABLES["trips.txt"] + "1,w,t1#1\n"
    rows = TABLES["stop_times.txt"] + "t1#1,9:00:00,9:00:00,a,1\nt1#1,9:10:00,9:10:00,d,2\n"
    timetable, _ = read(trips=trips, stop_times=rows, frequencies=f"{head}t1,08:00:00,09:00:00,1800\n")
    assert timetable.trip_id == ("t1##1", "t1##2", "t2", "t3", "t1#1")


def test_transfers_say_what_a_change_needs_and_where_none_is_possible(read: Reader) -> None:
    rows = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\na,b,2,300\nb,a,3,\na,a,0,\nc,d,1,\na,x,2,60\n"
    timetable, found = read(transfers=rows)
    names = timetable.stop_id
    ends = zip(timetable.transfer_from, timetable.transfer_to, strict=True)
    found_pairs = {(names[a], names[b]): int(s) for (a, b), s in zip(ends, timetable.transfer_s, strict=True)}
    assert found_pairs == {("a", "b"): 300, ("b", "a"): -1, ("c", "d"): 0}  # type 0 without a time says nothing
    assert found.report.lost == {"Fahrplan: Umstieg zwischen unbekannten Haltestellen oder unbekannter Art": 1}


def test_a_transfer_of_stations_holds_for_their_stops_unless_these_say_otherwise(read: Reader) -> None:
    stops = (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "S,Bahnhof,50.30,8.90,1,\na,Steig 1,50.3,8.9,0,S\nb,Steig 2,50.3,8.9,0,S\nd,Hof,50.30,8.94,0,\n"
    )
    rows = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nS,d,2,300\nb,d,2,120\n"
    timetable, _ = read(stops=stops, transfers=rows)
    assert timetable.transfer_s.tolist() == [300, 120]
    assert timetable.transfer_from.tolist() == [0, 1] and timetable.transfer_to.tolist() == [2, 2]


def test_passengers_stay_seated_within_a_block(read: Reader) -> None:
    trips = "route_id,service_id,trip_id,block_id\n1,w,t1,7\n1,w,t2,7\n1,s,t3,8\n"
    assert read(trips=trips)[0].trip_block.tolist() == [0, 0, -1]
    head = "from_trip_id,to_trip_id,transfer_type\n"
    assert read(trips=trips, transfers=f"{head}t1,t2,5\n")[0].trip_block.tolist() == [0, 1, -1]
    assert read(transfers=f"{head}t1,t2,4\n")[0].trip_block.tolist() == [0, 0, -1]


def test_passengers_get_on_and_off_where_the_feed_lets_them(read: Reader) -> None:
    rows = times("t1 a 7:00 7:00 0 1", "t1 b 7:05 7:05 1 0", "t1 c 7:10 7:10 0 0", "t1 d 7:20 7:20 1 0")
    timetable, _ = read(stop_times=rows)
    assert timetable.call_boards.tolist() == [True, False, True, False]
    assert timetable.call_alights.tolist() == [False, True, True, True]


def test_trips_that_must_be_booked_are_on_demand_and_never_nothing(read: Reader) -> None:
    rows = times(
        "t1 a 7:00 7:00 2 1", "t1 b 7:05 7:05 3 0", "t1 d 7:20 7:20 0 0",
        "t2 a 8:00 8:00 0 0", "t2 b 8:05 8:05 2 0", "t2 d 8:20 8:20 0 0",
        "t3 a 9:00 9:00 0 0", "t3 d 9:20 9:20 0 0",
    )  # fmt: skip
    timetable, found = read(stop_times=rows)
    assert dict(zip(timetable.trip_id, timetable.trip_on_demand.tolist(), strict=True)) == {
        "t1": True, "t2": False, "t3": False,
    }  # fmt: skip
    assert (timetable.counts["trips_on_demand"], timetable.counts["calls_on_request"]) == (1, 1)
    assert "1 von 3 Fahrten fahren nur auf Bestellung." in found.report.notes
    assert timetable.call_boards[timetable.trip_start[0]]


def test_a_line_that_is_on_demand_by_its_type_is_on_demand(read: Reader) -> None:
    timetable, _ = read(routes=TABLES["routes.txt"].replace("Hof,3", "Hof,715"))
    assert timetable.trip_on_demand.all() and timetable.route_type.tolist() == [715]


def test_a_line_that_nobody_describes_still_runs(read: Reader) -> None:
    timetable, found = read(trips=TABLES["trips.txt"].replace("1,w,t1", "99,w,t1"))
    assert (timetable.route_id, timetable.route_type.tolist()) == (("1", "99"), [3, -1])
    assert len(timetable.trip_id) == 3 and timetable.counts["routes_unknown"] == 1
    assert any("99" in note for note in found.report.notes)


def test_of_two_rows_with_one_id_the_first_counts(read: Reader) -> None:
    timetable, found = read(
        stops=TABLES["stops.txt"] + "a,Anderer Markt,51,9\n",
        trips=TABLES["trips.txt"] + "1,s,t1\n",
        stop_times=TABLES["stop_times.txt"] + "t1,09:00:00,09:00:00,d,1\nfremd,9:00:00,9:00:00,a,1\n",
    )
    assert timetable.stop_name[0] == "Markt" and on(timetable, date(2026, 1, 10)) == ["t3"]
    assert clock(timetable, "t1")[0] == ("a", "7:00", "7:00")
    assert found.report.lost == {
        "Fahrplan: Haltestelle doppelt": 1, "Fahrplan: Fahrt doppelt": 1,
        "Fahrplan: Halt doppelt (gleiche Fahrt, gleiche Nummer)": 1,
        "Fahrplan: Halt einer Fahrt, die nicht in trips.txt steht": 1,
    }  # fmt: skip


def test_calls_are_ordered_by_their_number_not_by_their_row(read: Reader) -> None:
    head, *rows = TABLES["stop_times.txt"].splitlines()
    timetable, _ = read(stop_times="\n".join([head, *rows[::-1]]))
    assert [stop for stop, _, _ in clock(timetable, "t1")] == ["a", "b", "d"]


@pytest.mark.parametrize("how", ["bom", "crlf", "quotes", "blanks", "windows", "utf16", "column order"])
def test_a_feed_may_be_written_in_any_usual_way(tmp_path: Path, catalogue: Catalogue, how: str) -> None:
    path = tmp_path / "plan.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in TABLES.items():
            opened.writestr(name, rewritten(text, how))
    found = reading(path, catalogue)
    assert found.timetable is not None and found.report.lost == {}
    assert found.timetable.stop_name == ("Markt", "Schule", "Mühle", "Hof")
    assert len(found.timetable.trip_id) == 3 and len(found.timetable.call_stop) == 7


def rewritten(text: str, how: str) -> bytes:
    rows = [line.split(",") for line in text.splitlines()]
    if how == "quotes":
        rows = [[f'"{cell}"' for cell in row] for row in rows]
    elif how == "blanks":
        rows = [[f" {cell} " for cell in row] for row in rows]
    elif how == "column order":
        rows = [row[::-1] for row in rows]
    joined = ("\r\n" if how == "crlf" else "\n").join(",".join(row) for row in rows)
    encodings = {"bom": "utf-8-sig", "windows": "cp1252", "utf16": "utf-16"}
    return joined.encode(encodings.get(how, "utf-8"))


def test_a_quote_that_nobody_closes_does_not_swallow_the_stops_after_it(read: Reader) -> None:
    timetable, _ = read(stops=TABLES["stops.txt"].replace("b,Schule", 'b,"Schule'))
    assert timetable.stop_id == ("a", "b", "c", "d")
    assert timetable.counts["stops_without_place"] == 1


def test_a_row_with_too_many_columns_is_counted(read: Reader) -> None:
    timetable, found = read(stops=TABLES["stops.txt"].replace("c,Mühle", "c,Mühle, hinten"))
    assert timetable.stop_id == ("a", "b", "d")
    assert found.report.lost == {"Fahrplan: Zeile mit zu vielen Spalten (stops.txt)": 1}


def test_a_folder_is_read_like_an_archive(tmp_path: Path, catalogue: Catalogue) -> None:
    folder = reading(write_feed(tmp_path / "plan"), catalogue)
    archive = reading(write_feed(tmp_path / "plan.zip"), catalogue)
    assert folder.timetable is not None and archive.timetable is not None
    assert folder.timetable.trip_id == archive.timetable.trip_id
    assert folder.report.rows_read == archive.report.rows_read


def test_tables_may_lie_in_a_folder_of_the_archive(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "plan.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in TABLES.items():
            opened.writestr(f"gtfs/{name}", text)
    assert reading(path, catalogue).timetable is not None


@pytest.mark.parametrize(
    ("replaced", "code"),
    [
        ({"trips": None}, "gtfs-incomplete"),
        ({"calendar": None, "calendar_dates": None}, "gtfs-incomplete"),
        ({"stops": "stop_id\n"}, "gtfs-empty"),
        ({"stops": ""}, "gtfs-empty"),
        ({"trips": "route_id,service_id,trip_id\n"}, "gtfs-empty"),
        ({"stop_times": ""}, "gtfs-empty"),
        ({"stops": "id\na\n"}, "gtfs-column-missing"),
        ({"stop_times": "trip_id,arrival_time\nt1,7:00\n"}, "gtfs-column-missing"),
        ({"stop_times": times("t1 a 7:00 7:00", "t1 d 6:00 6:00")}, "gtfs-empty"),
    ],
)
def test_an_incomplete_timetable_is_refused(read: Reader, replaced: dict[str, str | None], code: str) -> None:
    with pytest.raises(InputError) as refused:
        read(**replaced)
    assert refused.value.code == code and "plan.zip" in str(refused.value)


def test_optional_tables_and_columns_may_be_missing(read: Reader) -> None:
    timetable, _ = read(
        agency=None, stops="stop_id,stop_lat,stop_lon\na,50.3,8.9\nb,50.3,8.91\nd,50.3,8.94\n",
        routes="route_id\n1\n", stop_times="trip_id,stop_id,departure_time\nt1,a,7:00\nt1,d,7:20\n",
    )  # fmt: skip
    assert clock(timetable, "t1") == [("a", "7:00", "7:00"), ("d", "7:20", "7:20")]


def test_damaged_archives_never_give_a_traceback(tmp_path: Path, catalogue: Catalogue) -> None:
    content = write_feed(tmp_path / "plan.zip").read_bytes()
    path = tmp_path / "kaputt.zip"
    refusals = Counter[str]()
    for at in range(0, len(content), 11):
        path.write_bytes(content[:at] + b"\xff\x00" + content[at + 2 :] if at % 2 else content[: at + 1])
        try:
            reading(path, catalogue)
        except InputError as error:
            refusals[error.code] += 1
    assert set(refusals) <= {
        "gtfs-not-readable", "gtfs-incomplete", "gtfs-empty", "gtfs-column-missing", "file-of-unknown-kind",
        "gtfs-too-large",
    }  # fmt: skip
    assert refusals["gtfs-not-readable"] > 10


class TestRealFeeds:
    """Counts were taken from the feeds by hand: the rows of their tables, joined without this code."""

    def test_the_four_lines_of_the_wetterau(self, shared_path: Path, catalogue: Catalogue) -> None:
        found = reading(shared_path / "regions" / "wetterau" / "gtfs-2022-partial.zip", catalogue)
        timetable = found.timetable
        assert timetable is not None
        assert (len(timetable.stop_id), len(timetable.trip_id)) == (104, 274)
        assert (timetable.first_day, timetable.last_day) == (date(2021, 12, 21), date(2022, 6, 11))
        assert timetable.trip_on_demand.sum() == timetable.counts["trips_on_demand"] == 17
        assert found.report.lost == {}
        # a school day in March; the Easter holidays of Hesse; a Saturday, a Sunday, and Good Friday like a Sunday
        counts = {day: len(timetable.trips_on(day)) for day in (
            date(2022, 3, 16), date(2022, 4, 12), date(2022, 3, 19), date(2022, 3, 20), date(2022, 4, 15),
        )}  # fmt: skip
        assert list(counts.values()) == [137, 110, 68, 43, 43]
        days = [timetable.first_day + timedelta(days=n) for n in range(timetable.runs.shape[1])]
        usual = Counter(len(timetable.trips_on(day)) for day in days)
        assert set(usual) == {137, 110, 68, 43, 48}  # 48: Christmas Eve and New Year's Eve

    def test_every_stop_time_of_the_large_feed_is_read(self, shared_path: Path, catalogue: Catalogue) -> None:
        found = reading(shared_path / "regions" / "heidelberg" / "gtfs-rnv-2016-11.zip", catalogue)
        timetable = found.timetable
        assert timetable is not None
        assert len(timetable.call_stop) == 424_266 and len(timetable.trip_id) == 20_636
        assert (timetable.first_day, timetable.last_day) == (date(2016, 10, 22), date(2016, 12, 10))
        # Only days of services that no trip has are left out: 20 rows of one calendar, 112 of the other.
        assert set(found.report.lost) == {
            f"Fahrplan: Verkehrstage ohne Fahrt ({name}.txt)" for name in ("calendar", "calendar_dates")
        }
        assert found.report.lost.total() == 132

    def test_each_day_of_the_large_feed_has_the_trips_of_its_calendars(
        self, shared_path: Path, catalogue: Catalogue
    ) -> None:
        path = shared_path / "regions" / "heidelberg" / "gtfs-rnv-2016-11.zip"
        timetable = reading(path, catalogue).timetable
        assert timetable is not None
        with zipfile.ZipFile(path) as opened:
            weekly, single, trips = (
                pd.read_csv(opened.open(f"{name}.txt"), dtype=str) for name in ("calendar", "calendar_dates", "trips")
            )
        for number in range(timetable.runs.shape[1]):
            day = timetable.first_day + timedelta(days=number)
            text, weekday = f"{day:%Y%m%d}", f"{day:%A}".lower()
            regular = weekly[(weekly["start_date"] <= text) & (weekly["end_date"] >= text) & (weekly[weekday] == "1")]
            today = single[single["date"] == text]
            services = set(regular["service_id"]) - set(today.loc[today["exception_type"] == "2", "service_id"])
            services |= set(today.loc[today["exception_type"] == "1", "service_id"])
            assert len(timetable.trips_on(day)) == trips["service_id"].isin(services).sum(), day

    def test_the_partial_feed_of_heidelberg(self, shared_path: Path, catalogue: Catalogue) -> None:
        timetable = reading(shared_path / "regions" / "heidelberg" / "gtfs-2022-partial.zip", catalogue).timetable
        assert timetable is not None
        assert (len(timetable.trip_id), len(timetable.call_stop)) == (1480, 46_269)
        assert (~timetable.call_boards).sum() == 16
        assert (timetable.trip_block >= 0).sum() > 200

    def test_the_empty_times_of_porto_alegre_are_filled_in(self, shared_path: Path, catalogue: Catalogue) -> None:
        found = reading(shared_path / "benchmarks" / "transit" / "porto-alegre-eptc-gtfs.zip", catalogue)
        timetable = found.timetable
        assert timetable is not None and len(timetable.call_stop) == 130_019
        assert timetable.counts["times_filled_by_distance"] == 125_271
        later = np.diff(timetable.call_arrival_s) >= 0
        later[timetable.trip_start[1:-1] - 1] = True
        assert later.all()
        rail = reading(shared_path / "benchmarks" / "transit" / "porto-alegre-trensurb-gtfs.zip", catalogue).timetable
        assert rail is not None and len(rail.call_stop) == 14_855
