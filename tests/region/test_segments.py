# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Segments and commuters in a region: whose place they are, whom two files count once, what bounds the unknown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from dableiben.core.errors import InputError
from dableiben.core.inputs import COMMUTERS, SEGMENTS
from dableiben.core.provenance import ReadReport, Source
from dableiben.core.week import from_bytes, hours
from dableiben.region.build import Given, build_region
from dableiben.region.checks import data_checks
from dableiben.region.commuters import day_commuters
from dableiben.region.region import COMMUTER_COLUMNS, SEGMENT_COLUMNS, Region
from dableiben.region.segments import interval
from dableiben.sources.base import Reading
from dableiben.sources.frames import typed_frame
from dableiben.store.config import RegionConfig
from support.readings import areas, counted, locality, municipality, population
from support.regions import packaged
from support.segments import flow, segment

A, B, FAR = "13099001", "13099002", "09162000"
MAP = areas(
    municipality(A, "Asdorf", 0), municipality(B, "Brook", 1), municipality(FAR, "München", 200), locality(A, "Neuhof")
)
PEOPLE = population(counted(A, 40, 500.0), counted(B, 40, 300.0))


def built(*given: Given, ags: tuple[str, ...] = ("13099",), **config: Any) -> Region:
    settings = RegionConfig(format=1, name="Ellerland", land="MV", ags=ags, **config)
    return build_region([MAP, PEOPLE, *given], settings, packaged())


def segments(*rows: dict[str, Any], file: str = "segmente.xlsx") -> Given:
    known = [{**{n: row.get(n) for n in SEGMENTS.names}, "source_id": f"Liste!{k}"} for k, row in enumerate(rows, 2)]
    report = ReadReport(Source(file, "segments", "0" * 64, restricted=True))
    return Given("segments", Reading(report, segments=typed_frame(SEGMENTS, known)))


def commuters(*rows: dict[str, Any], file: str = "pendler.xlsx") -> Given:
    known = [{name: row.get(name) for name in COMMUTERS.names} for row in rows]
    report = ReadReport(Source(file, "commuters", "0" * 64))
    return Given("commuters", Reading(report, commuters=typed_frame(COMMUTERS, known)))


def row(view: str = "outgoing", persons: Any = 30, present: str | None = "Fr-So", **more: Any) -> dict[str, Any]:
    return segment(view, persons, present, **{"municipality": "Asdorf", **more})


def test_a_segment_belongs_to_the_place_it_names() -> None:
    found = built(segments(row(), row(locality="Neuhof", name="b"), row(municipality=B, name="c"))).segments
    assert list(found.columns) == list(SEGMENT_COLUMNS)
    assert found["area_id"].tolist() == [A, f"{A}:neuhof", B]
    assert found["file"].tolist() == ["segmente.xlsx"] * 3 and set(found["basis"]) == {"given"}


UNKNOWN = [({"municipality": "Xdorf"}, "Gemeinde"), ({"locality": "Xhof"}, "Ortsteil")]


@pytest.mark.parametrize(("more", "column"), UNKNOWN)
def test_an_unknown_place_is_refused_with_its_row(more: dict[str, Any], column: str) -> None:
    with pytest.raises(InputError, match="nicht bekannt") as caught:
        built(segments(row(), row(name="b", **more)))
    error = caught.value
    assert (error.file, error.sheet, error.row, error.column) == ("segmente.xlsx", "Liste", 3, column)


def test_a_newer_file_replaces_the_segment_of_the_same_name_and_nothing_else() -> None:
    first = segments(row(persons=30, name="Pendler"), row(persons=5, name="Studium"))
    region = built(first, segments(row(persons=40, name="Pendler"), file="neu.xlsx"))
    assert region.segments["persons_best"].tolist() == [5, 40]
    assert "„neu.xlsx“ ersetzt 1 Segmente" in " ".join(region.notes)


def test_segments_stand_in_region_toml_as_well() -> None:
    entry = {"view": "Outgoing", "municipality": "Asdorf", "persons_best": 30, "age_from": 25}
    entry |= {"present": "Fr 18:00-Mo 6:00"}
    (found,) = built(segments=(entry,)).segments.to_dict("records")
    assert found["area_id"] == A and found["persons_low"] == 30 and found["age_from"] == 25
    assert hours(from_bytes(found["present"])) == 60


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"present": "oft"}, "segment-presence", "segments.1.present"),
        ({"persons_low": 40}, "segment-outside-interval", "segments.1.persons_best"),
        ({"municipality": "Xdorf"}, "segment-place", "segments.1"),
    ],
)
def test_region_toml_is_refused_like_a_table(change: dict[str, Any], code: str, column: str) -> None:
    entry = {"view": "Outgoing", "municipality": "Asdorf", "persons_best": 30, "present": "Fr-So"} | change
    with pytest.raises(InputError) as caught:
        built(segments=(entry,))
    assert (caught.value.code, caught.value.file, caught.value.column) == (code, "region.toml", column)


# --- nobody is in two places at once ---------------------------------------------------------------------------


def test_a_pair_that_is_in_two_places_at_once_names_both_rows() -> None:
    here = row(present="Fr-So", pair="P1")
    there = row("incoming", 30, "Mo-Fr", municipality="Brook", pair="P1")
    with pytest.raises(InputError) as caught:
        built(segments(here, there))
    assert caught.value.code == "segment-presence-over-1" and caught.value.row == 3
    assert "Liste Zeile 2" in caught.value.message and "Fr 0:00" in caught.value.message


def test_a_pair_that_meets_in_no_slot_or_no_season_is_fine() -> None:
    here = row(present="Fr-So", pair="P1")
    apart = row("incoming", 30, "Mo-Do", municipality="Brook", pair="P1")
    assert len(built(segments(here, apart)).segments) == 2
    summer = row(present="immer", season="Juli", pair="P1")
    winter = row("incoming", 30, "immer", municipality="Brook", season="Januar", pair="P1")
    assert len(built(segments(summer, winter)).segments) == 2
    assert len(built(segments(here, row("incoming", 30, "Mo-Fr", municipality="Brook", pair="P2"))).segments) == 2


# --- bounds where nobody gave a number -------------------------------------------------------------------------

SECOND = population(counted(A, 50, 40.0, home="second"), counted(B, 50, 7.0, home="second"), file="neben.xlsx")


def test_second_homes_are_at_least_so_many_incoming() -> None:
    found = built(SECOND).segments.set_index("area_id")
    assert found.loc[A, "persons_low"] == 40 and found.loc[A, "basis"] == "estimated"
    assert found[["persons_best", "persons_high"]].isna().all(axis=None) and found["present"].isna().all()
    assert found["rule"].str.contains("mindestens: Nebenwohnsitze").all()


def test_given_incoming_take_the_place_of_the_bound() -> None:
    found = built(SECOND, segments(row("incoming", 60, "Sa-So"))).segments
    assert found.loc[found["basis"] == "estimated", "area_id"].tolist() == [B]


def test_far_commuters_bound_the_outgoing_only_where_a_distance_is_known() -> None:
    flows = [flow(A, FAR, 25), flow(A, B, 60), flow(B, "14612000", 10)]
    found = built(commuters(*flows)).segments
    assert found["area_id"].tolist() == [A] and found["persons_high"].tolist() == [25]
    assert found["persons_low"].isna().all() and found["rule"].str.startswith("höchstens").all()
    hidden = built(commuters(flow(A, FAR, None), flow(A, B, 60))).segments
    assert hidden.empty


def test_without_second_homes_and_commuters_nothing_is_invented() -> None:
    region = built()
    assert region.segments.empty and region.commuters.empty
    assert list(region.segments.columns) == list(SEGMENT_COLUMNS)
    assert list(region.commuters.columns) == list(COMMUTER_COLUMNS)


UNSAID = st.just(float("nan"))
LOWER, UPPER = (st.lists(st.one_of(UNSAID, st.floats(*span)), max_size=3) for span in ((0, 100), (100, 200)))


@hypothesis_given(LOWER, UPPER, st.floats(0, 300))
def test_an_interval_is_the_tightest_of_its_bounds(lower: list[float], upper: list[float], survey: float) -> None:
    low, best, high = interval(lower, upper, survey)
    known = [value for value in (low, best, high) if not np.isnan(value)]
    assert known == sorted(known) and not np.isnan(best)
    assert all(low >= value for value in lower if not np.isnan(value))
    assert all(high <= value for value in upper if not np.isnan(value))
    assert np.isnan(interval(lower, upper)[1])


def test_bounds_that_contradict_each_other_are_told() -> None:
    with pytest.raises(ValueError, match="at least 10 is more than at most 5"):
        interval([10.0], [5.0])


# --- commuters -------------------------------------------------------------------------------------------------


def test_a_flow_printed_in_both_directions_counts_once() -> None:
    out = commuters(flow(A, B, 60), flow(A, FAR, 5))
    into = commuters(flow(A, B, 60), file="einpendler.xlsx")
    found = built(out, into).commuters
    assert len(found) == 2 and list(found.columns) == list(COMMUTER_COLUMNS)
    day = day_commuters(found)
    assert day.out == {A: 65.0} and day.come == {B: 60.0}


def test_names_stand_for_keys_and_other_places_are_left_out() -> None:
    named = flow(None, None, 60, home_name="Asdorf", work_name="Brook")
    elsewhere = flow("14612000", "14713000", 900)
    found = built(commuters(named, elsewhere)).commuters
    assert found[["home_area", "work_area"]].to_numpy().tolist() == [[A, B]]


def test_a_known_number_is_kept_before_a_suppressed_one() -> None:
    found = built(commuters(flow(A, B, 60)), commuters(flow(A, B, None), file="b.xlsx")).commuters
    assert found["persons"].tolist() == [60]
    assert pd.isna(day_commuters(built(commuters(flow(A, B, None))).commuters).out[A])


def test_doctor_says_where_only_bounds_are_known() -> None:
    found = {check["id"]: check for check in data_checks(built(SECOND), packaged())}
    assert found["elsewhere"]["severity"] == "yellow" and "Asdorf, Brook" in found["elsewhere"]["text_de"]
    told = {check["id"]: check for check in data_checks(built(segments(row())), packaged())}
    assert told["elsewhere"]["severity"] == "green"
    assert "elsewhere" not in {check["id"] for check in data_checks(built(), packaged())}
