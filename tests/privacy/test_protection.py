# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A refuge is on no map and in no table; a childminder is found by locality only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dableiben.core.run import Results
from dableiben.privacy.gate import release
from dableiben.privacy.released import Released
from dableiben.privacy.texts import PLACE_TEXT
from support.made_district import MadeDistrict, made_catalogue

SECRET = "Haus Zuflucht am Park"


@pytest.fixture(scope="module")
def results() -> Results:
    made = MadeDistrict(seed=3, municipalities=6, localities=3, persons=8_000)
    for gap in made.tables["gaps"]:
        if gap["kind"] == "frauenhaus" and gap["area_id"] == "13999":
            gap["explanation_de"] = f"Im {SECRET} fehlen Plätze."
    found = made.results()
    found.run["checks"].append(
        {"id": "conflict", "severity": "yellow", "text_de": f"{SECRET} steht zweimal im Verzeichnis.", "hint_de": ""}
    )
    found.run["sources"][1]["notes"].append("Tagesmutter Erika Beispiel 2 ohne Hausnummer.")
    return found


@pytest.fixture(scope="module")
def released(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Released:
    return release(results, made_catalogue(tmp_path_factory.mktemp("cards")))


def everything(released: Released) -> str:
    tables = [frame.to_csv() for frame in released.tables.values()]
    return "\n".join([*tables, json.dumps(released.run, ensure_ascii=False)])


def test_the_refuge_is_nowhere(results: Results, released: Released) -> None:
    facility = next(f for f in results.tables["facilities"].to_dict("records") if f["kind"] == "frauenhaus")
    text = everything(released)
    assert SECRET not in text
    assert facility["facility_id"] not in text
    assert "frauenhaus" not in set(released.tables["cells"]["kind"])
    assert "frauenhaus" not in set(released.tables["facilities"]["kind"])


def test_what_is_said_of_a_refuge_concerns_the_district(released: Released) -> None:
    gaps = released.tables["gaps"]
    mine = gaps[gaps["kind"] == "frauenhaus"]
    assert list(mine["area_id"]) == ["13999"]
    assert mine["mode"].isna().all()
    assert mine["explanation_de"].iloc[0] == PLACE_TEXT["de"]
    assert "frauenhaus" not in set(released.tables["unknowns"]["kind"])


def test_texts_with_a_protected_name_are_replaced(released: Released) -> None:
    assert released.run["checks"][-1]["text_de"] == PLACE_TEXT["de"]
    assert released.run["sources"][1]["notes"][-1] == PLACE_TEXT["de"]
    assert released.run["checks"][0]["text_de"].startswith("Bei 1 von 16 Kitas")


def test_childminders_keep_their_locality_only(results: Results, released: Released) -> None:
    before = results.tables["facilities"].query("kind == 'kindertagespflege'")
    after = released.tables["facilities"].query("kind == 'kindertagespflege'")
    assert len(after) == len(before)
    assert sorted(after["area_id"]) == sorted(before["area_id"])
    assert after[["name", "x_m", "y_m", "provider", "opening_hours"]].isna().all().all()
    assert not set(after["facility_id"]) & set(before["facility_id"])
    assert (after["withheld"] == "geschuetzt").all()
    assert "Erika" not in everything(released)


def test_travel_times_around_a_childminder_are_left_out(results: Results, released: Released) -> None:
    secret = set(results.tables["facilities"].query("kind == 'kindertagespflege'")["facility_id"])
    before = results.tables["cells"].query("kind == 'kita_u3'")
    touched = set(before[before["nearest_facility_id"].isin(secret)]["area_id"].str[:8])
    after = released.tables["cells"].query("kind == 'kita_u3'")
    mine = after["area_id"].str[:8].isin(touched)
    assert mine.any()
    assert not mine.all()
    assert after.loc[mine, ["travel_time_min", "nearest_facility_id", "status_distance"]].isna().all().all()
    assert after.loc[~mine, "travel_time_min"].notna().any()
    others = released.tables["cells"].query("kind == 'kita'")
    assert others["withheld"].isna().all()


def test_internal_columns_stay_inside(released: Released) -> None:
    assert "need" not in released.tables
    assert "cell_ids" not in released.tables["gaps"]
    assert "clock" not in released.run


def test_a_label_as_name_does_not_silence_every_text(tmp_path: Path) -> None:
    made = MadeDistrict(seed=3, municipalities=4, localities=2, persons=3_000)
    for facility in made.tables["facilities"]:
        if facility["kind"] == "kindertagespflege":
            facility["name"] = "Kindertagespflege"
    results = made.results()
    results.run["checks"][0]["text_de"] = "Zwei Zeilen zur Kindertagespflege ohne Datum."
    assert "ohne Datum" in release(results, made_catalogue(tmp_path)).run["checks"][0]["text_de"]
