# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A returned form or next year's register replaces values; it neither doubles nor loses a facility."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dableiben.core.inputs import FACILITIES
from dableiben.region.merge_registers import denied_osm, merge_registers, osm_entry

TOWNS = {"Musterau": "13099001", "13099001": "13099001", "Anderswo": "13099002"}


def town(name: object) -> str | None:
    return TOWNS.get(str(name))


def register(file: str, *rows: dict[str, Any]) -> pd.DataFrame:
    """A register whose rows are Kitas of Musterau/Oberdorf unless they say otherwise."""
    usual: dict[str, Any] = dict.fromkeys(FACILITIES.names)
    usual |= {"kind": "kita", "possible": False, "name": "Regenbogen", "municipality": "Musterau"}
    usual |= {"locality": "Oberdorf", "source": file, "restricted": True, "exists": True}
    full = [{**usual, "source_id": f"Blatt!{number}", **row} for number, row in enumerate(rows, start=2)]
    return pd.DataFrame(full, columns=list(usual), dtype=object)


def merged(*tables: pd.DataFrame) -> list[dict[Any, Any]]:
    return merge_registers(tables, town).to_dict("records")


def test_the_newer_entry_wins_value_by_value_and_empty_cells_erase_nothing() -> None:
    old = register("alt.csv", {"as_of": date(2024, 12, 31), "usable_places": 36.0, "provider": "AWO"})
    new = register("neu.csv", {"as_of": date(2025, 12, 31), "usable_places": 30.0, "licensed_places": 40.0})
    for tables in ((old, new), (new, old)):  # the dates decide, not the order
        (row,) = merged(*tables)
        assert (row["usable_places"], row["licensed_places"], row["provider"]) == (30.0, 40.0, "AWO")
        assert row["as_of"] == date(2025, 12, 31)
        assert row["source"] == "neu.csv"


def test_without_dates_the_one_given_later_wins() -> None:
    one, other = register("a.csv", {"usable_places": 36.0}), register("b.csv", {"usable_places": 30.0})
    assert [row["usable_places"] for row in merged(one, other)] == [30.0]
    assert [row["usable_places"] for row in merged(other, one)] == [36.0]


def test_other_kind_name_or_place_is_another_facility() -> None:
    old = register("alt.csv", {})
    for other in (
        {"kind": "krippe"},
        {"name": "Sonnenschein"},
        {"locality": "Unterdorf"},
        {"municipality": "Anderswo"},
    ):
        if other == {"municipality": "Anderswo"}:
            other = {**other, "locality": None}
        assert len(merged(old, register("neu.csv", other))) == 2, other


def test_a_locality_that_one_list_leaves_out_does_not_double_the_facility() -> None:
    old = register("alt.csv", {"locality": None, "usable_places": 36.0})
    new = register("neu.csv", {"municipality": "13099001", "usable_places": 30.0})
    (row,) = merged(old, new)
    assert (row["usable_places"], row["locality"]) == (30.0, "Oberdorf")
    (alone,) = merged(old)
    assert row["identity"] == alone["identity"]


def test_two_that_could_be_meant_stay_apart() -> None:
    old = register("alt.csv", {"locality": "Oberdorf"}, {"locality": "Unterdorf"})
    assert len(merged(old, register("neu.csv", {"locality": None}))) == 3


def test_equal_rows_of_one_list_are_two_facilities_and_meet_theirs_in_turn() -> None:
    old = register("alt.csv", {"usable_places": 10.0}, {"usable_places": 20.0})
    new = register("neu.csv", {"usable_places": 11.0}, {"usable_places": 21.0}, {"usable_places": 31.0})
    assert [row["usable_places"] for row in merged(old, new)] == [11.0, 21.0, 31.0]


def test_the_id_of_a_form_holds_against_a_new_name_and_place() -> None:
    old = register("alt.csv", {"usable_places": 36.0})
    (before,) = merged(old)
    form = register(
        "vordruck.xlsx", {"source_id": before["identity"], "name": "Regenbogenhaus", "locality": "Unterdorf"}
    )
    (row,) = merged(old, form)
    assert (row["name"], row["usable_places"], row["identity"]) == ("Regenbogenhaus", 36.0, before["identity"])


def test_a_row_of_the_form_that_came_from_the_map_keeps_its_id() -> None:
    form = register("vordruck.xlsx", {"source_id": "kita:node12", "usable_places": 25.0})
    (row,) = merged(form)
    assert row["identity"] == "kita:node12"
    assert osm_entry(row["source_id"]) == "node/12"
    assert osm_entry("kita:1f00ab") is None
    assert osm_entry("Blatt!2") is None


def test_what_a_form_denies_is_gone_until_a_later_list_names_it_again() -> None:
    old = register("alt.csv", {}, {"name": "Sonnenschein"})
    closed = register("vordruck.xlsx", {"exists": False})
    assert [row["name"] for row in merged(old, closed)] == ["Sonnenschein"]
    assert len(merged(old, closed, register("neu.csv", {}))) == 2
    from_map = {"source_id": "kita:way7", "exists": False}
    assert denied_osm([register("vordruck.xlsx", from_map)]) == {("way/7", "kita")}
    assert denied_osm([register("a.xlsx", from_map), register("b.xlsx", {"source_id": "kita:way7"})]) == set()


def test_rows_of_two_files_with_the_same_number_are_both_kept() -> None:
    rows = merged(register("a.csv", {"name": "A"}), register("b.csv", {"name": "B"}))
    assert [row["name"] for row in rows] == ["A", "B"]
    assert len({row["source_id"] for row in rows}) == 2


def test_no_register_gives_an_empty_table() -> None:
    assert merge_registers([register("leer.csv")], town).empty


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A", "B"]),
            st.sampled_from(["Oberdorf", "Unterdorf", None]),
            st.sampled_from([None, 1.0, 2.0]),
            st.sampled_from([None, date(2024, 1, 1), date(2025, 1, 1)]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_the_same_list_twice_is_the_list_once(rows: list[tuple[Any, ...]]) -> None:
    names = ("name", "locality", "usable_places", "as_of")
    table = register("liste.csv", *(dict(zip(names, row, strict=True)) for row in rows))
    once, twice = merged(table), merged(table, table)
    columns = (*names, "identity")
    assert [[row[c] for c in columns] for row in twice] == [[row[c] for c in columns] for row in once]
    assert len(once) == len(rows)
