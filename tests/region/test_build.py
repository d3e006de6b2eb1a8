# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""One region from all readings: who lies in whom, which list counts, where facilities stand and whom they serve."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from dableiben.core.errors import InputError
from dableiben.region.build import Given, build_region
from dableiben.region.change import SameFacility, SetFacility
from dableiben.region.checks import data_checks
from dableiben.region.region import AREA_COLUMNS, CELL_COLUMNS, PEOPLE_COLUMNS, Region
from dableiben.store.config import Choice, RegionConfig
from support.readings import (
    X0,
    Y0,
    areas,
    counted,
    grid,
    locality,
    municipality,
    osm,
    population,
    register,
    square,
)
from support.regions import packaged

A, B, C = "13099001", "13099002", "03999001"
TWO = areas(municipality(A, "Asdorf", 0), municipality(B, "Brook", 1))
VILLAGES = (("Asdorf", 0.25, 0.5), ("Neuhof", 0.75, 0.5), ("Brook", 1.5, 0.5))


def built(given: Sequence[Given], *, ags: tuple[str, ...] = ("13099",), year: int | None = None, **more: Any) -> Region:
    changes = more.pop("changes", ())
    config = RegionConfig(format=1, name="Ellerland", land="MV", ags=ags, **more)
    return build_region(given, config, packaged(), year=year, changes=changes)


def some_people(persons: float = 10.0) -> Given:
    return population(counted(A, 4, persons), counted(B, 4, persons))


# --- areas ---------------------------------------------------------------------------------------------------


def test_areas_nest_from_the_district_to_the_locality() -> None:
    weak = {"structurally_weak": True, "structurally_weak_source": "GRW"}
    table = areas(
        municipality(A, "Asdorf", 0, amt="West", mittelbereich="Sölten", **weak),
        municipality(B, "Brook", 1, amt="West"),
        locality(A, "Neuhof", school_district="Grundschule West", planning_area="Moor"),
    )
    region = built([table, some_people()])
    assert list(region.areas.columns) == list(AREA_COLUMNS)
    rows = region.areas.set_index("area_id")
    assert rows["level"].to_dict() == {
        "13099": "district", "amt:west": "amt", "mb:soelten": "mittelbereich", A: "municipality", B: "municipality",
        f"{A}:neuhof": "locality", "sb:grundschule-west": "school_district", "pa:moor": "planning_area",
    }  # fmt: skip
    assert rows["parent_id"].fillna("").to_dict() | {"13099": ""} == {
        "13099": "", "amt:west": "13099", "mb:soelten": "13099", A: "amt:west", B: "amt:west",
        f"{A}:neuhof": A, "sb:grundschule-west": "13099", "pa:moor": "13099",
    }  # fmt: skip
    assert rows.loc["13099", "name"] == "Ellerland"
    assert rows.loc[A, "structurally_weak"] and pd.isna(rows.loc[B, "structurally_weak"])
    assert rows["structurally_weak_source"].dropna().to_dict() == {A: "GRW"}
    upper = region.upper_of(f"{A}:neuhof")
    assert (upper["amt_id"], upper["mittelbereich_id"]) == ("amt:west", "mb:soelten")
    assert (upper["school_district_id"], upper["planning_area_id"]) == ("sb:grundschule-west", "pa:moor")
    assert upper["municipality_id"] == A and region.upper_of(B)["locality_id"] is None


def test_an_ags_that_lost_its_zero_and_an_ars_mean_the_same_municipality() -> None:
    table = areas({**municipality("130995501001", "Asdorf", 0), "ars": "130995501001"})
    region = built([table, population(counted("13099001", 4, 10.0))])
    assert region.areas.loc[region.areas["level"] == "amt", "area_id"].tolist() == ["amt:130995501"]
    assert region.population["area_id"].tolist() == [A]


def test_a_district_of_which_a_municipality_lies_outside_is_incomplete() -> None:
    region = built([TWO, osm(extent=square(0)), some_people()])
    assert region.areas.loc[region.areas["inside"].astype(bool), "area_id"].tolist() == ["13099", A]
    assert region.incomplete == {"13099"}
    assert built([TWO, osm(), some_people()]).incomplete == frozenset()


def test_no_municipality_whole_inside_the_map_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        built([TWO, osm(extent=square(0.5)), some_people()])
    assert refused.value.code == "no-complete-municipality"


def test_files_that_name_no_municipality_are_refused() -> None:
    with pytest.raises(InputError) as refused:
        built([register({"kind": "kita", "name": "Moor", "municipality": "Asdorf"})])
    assert refused.value.code == "no-municipality"


# --- cells ---------------------------------------------------------------------------------------------------


def test_cells_belong_to_the_nearest_settlement_of_their_own_municipality() -> None:
    # The third cell is nearer to Brook's village than to Neuhof but lies in Asdorf.
    region = built([TWO, osm(places=VILLAGES), grid((0.3, 0.5, 9), (0.7, 0.5, 8), (0.99, 0.5, 7), (1.6, 0.5, 6))])
    assert list(region.cells.columns) == list(CELL_COLUMNS)
    found = region.cells.sort_values("x_m")[["municipality_id", "locality_id", "persons"]].to_numpy().tolist()
    assert found == [
        [A, f"{A}:asdorf", 9.0], [A, f"{A}:neuhof", 8.0], [A, f"{A}:neuhof", 7.0], [B, f"{B}:brook", 6.0],
    ]  # fmt: skip


def test_only_settlements_that_the_list_names_are_localities() -> None:
    listed = population(counted(A, 4, 3.0, "Asdorf"), counted(B, 4, 3.0))
    region = built([TWO, osm(places=VILLAGES), grid((0.3, 0.5, 9), (0.7, 0.5, 8)), listed])
    assert set(region.cells["locality_id"]) == {f"{A}:asdorf"}


def test_the_finest_grid_with_persons_is_the_base_and_grids_are_never_added() -> None:
    fine, coarse = grid((0.3, 0.5, 9)), grid((0.25, 0.5, 900), size_m=1000, file="grob.csv")
    region = built([TWO, coarse, fine, some_people()])
    assert region.cells[["size_m", "persons"]].to_numpy().tolist() == [[100, 9.0]]


def test_suppressed_and_empty_cells_hold_nobody_known() -> None:
    region = built([TWO, grid((0.3, 0.5, 9), (0.4, 0.5, 0.0)), some_people()])
    assert len(region.cells) == 1


def test_neighbours_around_the_region_are_kept_as_competitors() -> None:
    table = areas(municipality(A, "Asdorf", 0), municipality(C, "Drüben", 1))
    region = built([table, osm(), grid((0.3, 0.5, 9), (1.3, 0.5, 8), (3.0, 0.5, 7)), population(counted(A, 4, 9.0))])
    found = region.cells.sort_values("x_m")
    assert found["inside"].tolist() == [True, False, False]
    assert found["municipality_id"].fillna("").tolist() == [A, C, ""]


# --- population ----------------------------------------------------------------------------------------------


def listed(region: Region) -> list[list[Any]]:
    assert list(region.population.columns) == list(PEOPLE_COLUMNS)
    return region.population[["area_id", "age_from", "persons", "basis"]].to_numpy().tolist()


OFFICIAL = {"basis": "official"}


def test_the_region_chooses_between_its_own_list_and_the_official_number() -> None:
    files = [TWO, population(counted(A, 4, 10.0), counted(A, 4, 12.0, **OFFICIAL))]
    own = built(files)
    assert listed(own) == [[A, 4, 10.0, "register"]]
    assert own.population_other["persons"].tolist() == [12.0]
    official = built(files, choice=Choice(population_basis="official"))
    assert listed(official) == [[A, 4, 12.0, "official"]]
    assert official.population_other["persons"].tolist() == [10.0]


def test_a_municipality_without_a_list_of_its_own_keeps_the_official_number() -> None:
    files = [TWO, population(counted(A, 4, 10.0), counted(A, 4, 12.0, **OFFICIAL), counted(B, 4, 30.0, **OFFICIAL))]
    region = built(files)
    assert listed(region) == [[A, 4, 10.0, "register"], [B, 4, 30.0, "official"]]
    assert any("Brook" in note for note in region.notes)
    assert region.population_other["area_id"].tolist() == [A]


def test_a_municipality_that_is_late_keeps_last_years_list() -> None:
    last = {"as_of": date(2024, 12, 31)}
    region = built([TWO, population(counted(A, 4, 10.0), counted(A, 4, 9.0, **last), counted(B, 4, 20.0, **last))])
    assert region.as_of == date(2025, 12, 31)
    assert listed(region) == [[A, 4, 10.0, "register"], [B, 4, 20.0, "register"]]
    assert any("Brook" in note for note in region.notes)


def test_an_asked_year_is_taken_and_a_year_without_people_is_refused() -> None:
    files = [TWO, population(counted(A, 4, 10.0), counted(A, 4, 9.0, as_of=date(2024, 6, 30)))]
    region = built(files, year=2024)
    assert (region.as_of, region.population["persons"].tolist()) == (date(2024, 6, 30), [9.0])
    with pytest.raises(InputError) as refused:
        built(files, year=2019)
    assert refused.value.code == "year-without-population"
    assert "2024, 2025" in refused.value.repair


def test_projections_are_not_taken_for_counts() -> None:
    region = built([TWO, population(counted(A, 4, 10.0), counted(A, 4, 99.0, variant="hoch"))])
    assert listed(region) == [[A, 4, 10.0, "register"]]


def test_projections_are_shown_beside_and_a_projected_year_is_refused_by_name() -> None:
    later = counted(A, 4, 8.0, variant="Basis", basis="official", as_of=date(2030, 12, 31))
    files = [TWO, population(counted(A, 4, 10.0), {**later, "as_of": date(2026, 12, 31), "persons": 9.0}, later)]
    (check,) = (c for c in data_checks(built(files), packaged()) if c["id"] == "projections")
    assert "„Basis“ (2026, 2030): 2026" in check["text_de"] and "Asdorf 9 statt 10" in check["text_de"]
    with pytest.raises(InputError) as refused:
        built(files, year=2030)
    assert refused.value.code == "year-is-projected"


def test_a_list_of_which_no_row_fits_is_refused_with_its_names() -> None:
    with pytest.raises(InputError) as refused:
        built([TWO, population(counted(None, 4, 6.0, municipality="Nirgendwo"))])
    assert refused.value.code == "people-unmatched" and "„Nirgendwo“" in refused.value.message


def test_the_finest_rows_count_and_totals_beside_them_do_not() -> None:
    rows = [
        counted(A, 0, 30.0, age_to=None),  # all ages of the municipality
        counted(A, 4, 6.0, "Asdorf"), counted(A, 5, 7.0, "Asdorf"), counted(A, 4, 13.0, "Asdorf", age_to=5),
        counted(A, 4, 3.0, "Neuhof", sex="m"), counted(A, 4, 2.0, "Neuhof", sex="w"), counted(A, 4, 5.0, "Neuhof"),
    ]  # fmt: skip
    assert listed(built([TWO, population(*rows)])) == [
        [f"{A}:asdorf", 4, 6.0, "register"],
        [f"{A}:asdorf", 5, 7.0, "register"],
        [f"{A}:neuhof", 4, 3.0, "register"],
        [f"{A}:neuhof", 4, 2.0, "register"],
    ]  # Asdorf does not tell the sexes; that takes nothing from it because Neuhof does


def test_rows_of_the_same_group_are_added_and_unknown_stays_unknown() -> None:
    region = built([TWO, population(counted(A, 4, 6.0), counted(A, 4, 2.0), counted(A, 5, 6.0), counted(A, 5, None))])
    found = dict(zip(region.population["age_from"], region.population["persons"], strict=True))
    assert found[4] == 8.0 and pd.isna(found[5])


def test_of_two_files_for_one_day_the_later_given_one_holds() -> None:
    first = population(counted(A, 4, 10.0), counted(A, 5, 7.0), counted(A, 6, 5.0), file="z-erste.csv")
    second = population(counted(A, 4, 12.0), counted(A, 5, 7.0), counted(A, 6, None), file="a-zweite.csv")
    region = built([TWO, first, second])
    assert region.population["persons"].tolist() == [12.0, 7.0, 5.0]  # an empty cell replaces nothing
    note = next(note for note in region.notes if "Stichtag" in note)
    assert "„a-zweite.csv“ ersetzt 2 Angaben aus „z-erste.csv“, 1 davon mit anderer Zahl" in note
    assert built([TWO, second, first]).population["persons"].tolist() == [10.0, 7.0, 5.0]


def test_files_of_other_places_ages_or_homes_stand_beside_each_other() -> None:
    files = [
        population(counted(A, 4, 10.0), counted(A, 70, 8.0), file="a.csv"),
        population(counted(B, 4, 3.0), file="b.csv"),
        population(counted(A, 5, 6.0), counted(A, 30, 9.0), file="c.csv"),
        population(counted(A, 4, 2.0, home="second"), file="d.csv"),
    ]
    region = built([TWO, *files])
    assert region.population["persons"].sum() == 38.0
    assert region.notes == ()


def test_what_a_new_version_of_a_list_leaves_out_is_gone() -> None:
    first = population(*(counted(A, age, 1.0) for age in range(90, 98)), file="a.csv")
    second = population(*(counted(A, age, 1.0) for age in range(90, 97)), file="b.csv")
    region = built([TWO, first, second])
    assert region.population["persons"].sum() == 7.0
    assert "1 davon nennt sie nicht mehr" in region.notes[0]


def test_a_copied_official_table_counts_once() -> None:
    rows = [counted(A, 4, 12.0, **OFFICIAL), counted(A, 5, 9.0, **OFFICIAL)]
    region = built([TWO, population(*rows), population(*rows, file="kopie.csv", role="statistics")])
    assert region.population["persons"].tolist() == [12.0, 9.0]
    assert region.notes == ()


def test_a_place_without_numbers_in_the_new_list_keeps_the_earlier_ones() -> None:
    last = {"as_of": date(2024, 12, 31)}
    old = population(counted(A, 4, 10.0, "Neuhof", **last), counted(A, 4, 20.0, "Moor", **last))
    form = population(counted(A, 4, 11.0, "Neuhof"), counted(A, 4, None, "Moor"), file="form.xlsx")
    region = built([TWO, old, form])
    assert region.as_of == date(2025, 12, 31)
    assert region.population[["area_id", "persons"]].to_numpy().tolist() == [[f"{A}:moor", 20.0], [f"{A}:neuhof", 11.0]]
    assert any("früheren gelten weiter: Moor" in note for note in region.notes)
    alone = built([TWO, form])
    assert pd.isna(alone.population.set_index("area_id").loc[f"{A}:moor", "persons"])  # unknown, not nobody


def test_places_by_name_and_places_that_nobody_knows() -> None:
    by_name = population(
        counted(None, 4, 5.0, municipality="asdorf"), counted(None, 4, 6.0, municipality="Nirgendwo"),
        counted(None, 4, 7.0, "Neuhof", municipality="Asdorf"),
    )  # fmt: skip
    region = built([TWO, by_name])
    assert [row[:3] for row in listed(region)] == [[f"{A}:neuhof", 4, 7.0]]
    assert region.unmatched_people == {"Nirgendwo": 1}
    (check,) = (c for c in data_checks(region, packaged()) if c["id"] == "place_names")
    assert "„Nirgendwo“: 1 Zeilen" in check["text_de"]


def test_second_homes_are_kept_apart_from_main_residents() -> None:
    region = built([TWO, population(counted(A, 40, 9.0), counted(A, 40, 400.0, home="second"))])
    assert region.population.set_index("home")["persons"].to_dict() == {"main": 9.0, "second": 400.0}


# --- facilities ----------------------------------------------------------------------------------------------


def kita(name: str, **more: Any) -> dict[str, Any]:
    return {"kind": "kita", "name": name, **more}


def at(column: float, row: float = 0.5) -> dict[str, float]:
    return {"x_m": X0 + column * 2000, "y_m": Y0 + row * 2000}


def facilities(region: Region) -> pd.DataFrame:
    return region.facilities.set_index("name")


def test_a_facility_stands_where_its_coordinates_its_locality_or_its_municipality_say() -> None:
    listed_at = register(
        kita("Genau", **at(1.2)), kita("Ort", municipality="Asdorf", locality="Neuhof"),
        kita("Nur Gemeinde", municipality=B), kita("Irgendwo"), kita("Fremd", municipality="Nirgendwo"),
    )  # fmt: skip
    found = facilities(built([TWO, osm(places=VILLAGES), listed_at, some_people()]))
    assert found["municipality_id"].fillna("").to_dict() == {
        "Genau": B, "Ort": A, "Nur Gemeinde": B, "Irgendwo": "", "Fremd": "",
    }  # fmt: skip
    assert found["located"].fillna("").to_dict() == {
        "Genau": "given", "Ort": "locality", "Nur Gemeinde": "locality", "Irgendwo": "", "Fremd": "",
    }  # fmt: skip
    assert found.loc["Ort", ["x_m", "y_m"]].tolist() == [X0 + 0.75 * 2000, Y0 + 1000]
    assert found.loc["Ort", "area_id"] == f"{A}:neuhof"
    assert found.loc[["Irgendwo", "Fremd"], "x_m"].isna().all()


def test_facilities_across_the_border_are_kept_without_an_area() -> None:
    table = areas(municipality(A, "Asdorf", 0), municipality(C, "Drüben", 1))
    found = facilities(built([table, osm(kita("Drüben", **at(1.5))), population(counted(A, 4, 9.0))]))
    assert found.loc["Drüben", "municipality_id"] == C and pd.isna(found.loc["Drüben", "area_id"])


def test_register_and_map_are_one_facility_with_the_register_s_places() -> None:
    region = built([TWO, osm(kita("Kita Moorhexen", **at(0.3))), some_people(), register(
        kita("Moorhexen", municipality="Asdorf", usable_places=40.0, **at(0.31)),
    )])  # fmt: skip
    assert facilities(region)["usable_places"].to_dict() == {"Moorhexen": 40.0}
    ids = region.facilities["facility_id"]
    assert ids.is_unique and ids.str.startswith("kita:").all()


def test_a_decision_about_two_entries_is_kept_in_the_changes() -> None:
    given = [TWO, osm(kita("Wichtel", **at(0.3))), some_people(), register(kita("Moorhexen", **at(1.9)))]
    assert len(built(given).facilities) == 2
    same = SameFacility(on=date(2026, 1, 1), register_id="Blatt!2", osm_id="node/1", same=True)
    assert built(given, changes=(same,)).facilities["name"].tolist() == ["Moorhexen"]


def test_an_edit_sets_one_value_of_one_facility() -> None:
    given = [TWO, some_people(), register(kita("Moorhexen", usable_places=40.0), kita("Wichtel", usable_places=30.0))]
    mine = facilities(built(given)).loc["Moorhexen", "facility_id"]
    for value in (12, 12.5, None):
        edit = SetFacility(on=date(2026, 1, 1), facility_id=mine, attribute="usable_places", value=value)
        found = facilities(built(given, changes=(edit,)))["usable_places"].astype(float)
        assert found["Wichtel"] == 30.0
        assert pd.isna(found["Moorhexen"]) if value is None else found["Moorhexen"] == value


def test_an_edit_of_a_facility_that_is_gone_is_told() -> None:
    edit = SetFacility(on=date(2026, 1, 1), facility_id="kita:weg", attribute="usable_places", value=1)
    region = built([TWO, some_people(), register(kita("Moorhexen"))], changes=(edit,))
    assert any("kita:weg" in note for note in region.notes)


def test_kinds_are_recorded_by_a_register_that_lists_them_and_by_any_map_that_could() -> None:
    by_list = built([TWO, some_people(), register(kita("Moorhexen"))]).recorded
    assert by_list == {"kita"}
    denied = register()
    denied = Given("register", replace(denied.reading, closed=register(kita("Weg")).reading.facilities))
    assert built([TWO, some_people(), denied]).recorded == {"kita"}
    none_of = Given("register", replace(register().reading, recorded=frozenset({"hort"})))
    assert built([TWO, some_people(), none_of]).recorded == {"hort"}
    by_map = built([TWO, some_people(), osm()]).recorded
    assert {"kita", "supermarkt"} <= by_map
    assert "wasser" not in by_map  # register only


SERVED = areas(
    municipality(A, "Asdorf", 0, amt="West", mittelbereich="Sölten"),
    municipality(B, "Brook", 1, amt="West", mittelbereich="Sölten"),
    municipality("13099003", "Sölten", 2, mittelbereich="Sölten"),
    locality(A, "Neuhof"), locality(A, "Asdorf"), locality(B, "Neuhof"), locality(B, "Moor"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "ids", "lost"),
    [
        (["Brook"], [B], []),
        ([B], [B], []),
        (["Moor"], [f"{B}:moor"], []),
        (["Asdorf"], [A], []),  # the municipality, not only its village of that name
        (["Neuhof"], [f"{A}:neuhof"], []),  # two of them: the one of its own municipality
        (["Amt West"], ["amt:west"], []),
        (["Sölten"], ["13099003"], []),
        (["Mittelbereich Sölten"], ["mb:soelten"], []),
        (["Brook", "Brok"], [B], ["Brok"]),
        ([], [], []),
        (None, None, []),
    ],
)
def test_a_service_area_is_read_by_names_and_keys(given: Any, ids: Any, lost: list[str]) -> None:
    service = {"kind": "ambulanter_dienst", "name": "Dienst", "municipality": A, "service_area": given}
    found = facilities(built([SERVED, some_people(), register(service)])).loc["Dienst"]
    assert found["service_area_ids"] == ids
    assert found["service_area_unknown"] == lost


def test_a_name_of_two_villages_elsewhere_is_not_clear() -> None:
    service = {"kind": "ambulanter_dienst", "name": "Dienst", "municipality": "13099003", "service_area": ["Neuhof"]}
    found = facilities(built([SERVED, some_people(), register(service)])).loc["Dienst"]
    assert (found["service_area_ids"], found["service_area_unknown"]) == ([], ["Neuhof"])


# --- order ---------------------------------------------------------------------------------------------------


def test_the_order_of_the_files_does_not_matter() -> None:
    files = [
        TWO, osm(kita("Kita Moorhexen", **at(0.3)), places=VILLAGES), grid((0.3, 0.5, 9), (1.6, 0.5, 6)),
        some_people(), register(kita("Moorhexen", municipality="Asdorf", **at(0.31))),
    ]  # fmt: skip
    first = built(files)
    for order in list(itertools.permutations(files))[1::13]:
        other = built(order)
        for name in ("cells", "population", "facilities"):
            pd.testing.assert_frame_equal(getattr(other, name), getattr(first, name))
        assert other.areas["area_id"].tolist() == first.areas["area_id"].tolist()


# --- houses with children of several ages ---------------------------------------------------------------------


def houses(*rows: dict[str, Any]) -> pd.DataFrame:
    base = {"municipality": "Asdorf", "locality": "Asdorf"}
    given = register(*({"name": f"Haus {n}", **base, **row} for n, row in enumerate(rows)))
    table = built([TWO, some_people(), given]).facilities
    return table[["kind", "possible", "usable_places", "licensed_places"]].astype(object)


def test_a_kita_for_children_from_0_to_6_does_not_say_how_its_places_are_divided() -> None:
    found = houses({"kind": "kita", "age_from": 0, "age_to": 6, "usable_places": 60.0})
    assert found["kind"].tolist() == ["kita", "krippe"]
    assert found["possible"].tolist() == [False, True]
    assert found["usable_places"].isna().all() and found["licensed_places"].tolist() == [60.0, 60.0]


@pytest.mark.parametrize("krippe", [{"name": "Haus 0"}, {"name": "Krippe Asdorf"}], ids=["same house", "another"])
def test_a_kita_beside_a_krippe_keeps_its_places(krippe: dict[str, Any]) -> None:
    found = houses({"kind": "kita", "usable_places": 60.0}, {"kind": "krippe", "usable_places": 15.0, **krippe})
    assert found["kind"].tolist() == ["kita", "krippe"]
    assert found["usable_places"].tolist() == [60.0, 15.0] and not found["possible"].any()


def test_a_register_without_any_krippe_does_not_say_that_a_kita_on_the_map_is_none() -> None:
    both = [kita("Moorhexen", **at(0.3)), {**kita("Moorhexen", **at(0.3)), "kind": "krippe", "possible": True}]
    for row in both:
        row["source_id"] = "node/7"
    listed = kita("Moorhexen", municipality="Asdorf", usable_places=40.0, **at(0.31))
    krippe = {**listed, "kind": "krippe", "name": "Wichtel", "usable_places": 9.0, **at(1.9)}
    silent = built([TWO, osm(*both), some_people(), register(listed)]).facilities
    assert sorted(zip(silent["kind"], silent["possible"], strict=True)) == [("kita", False), ("krippe", True)]
    said = built([TWO, osm(*both), some_people(), register(listed, krippe)]).facilities
    assert sorted(zip(said["kind"], said["possible"], strict=True)) == [("kita", False), ("krippe", False)]
