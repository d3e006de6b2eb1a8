# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""daviplan's ten indicators against a second, loop-by-loop reading of their definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.catalogue.explain import INDICATORS
from dableiben.core.errors import ContractError
from dableiben.gaps.rating import RatedService, ratings

LIMITS = [5, 15, 240]
Value = float | None


@st.composite
def services(draw: st.DrawFn) -> RatedService:
    cells, areas, facilities = draw(st.integers(0, 8)), draw(st.integers(1, 3)), draw(st.integers(0, 4))
    need = draw(st.lists(st.sampled_from([0.0, 1.0, 2.5, 40.0]), min_size=cells, max_size=cells))
    nearest = draw(st.lists(st.integers(-1, facilities - 1), min_size=cells, max_size=cells))
    minutes = draw(st.lists(st.sampled_from([0.0, 5.0, 5.1, 15.0, 300.0]), min_size=cells, max_size=cells))
    parts = draw(
        st.lists(
            st.tuples(st.integers(0, cells - 1), st.integers(0, areas - 1), st.sampled_from([0.25, 0.5, 1.0])),
            max_size=12 if cells else 0,
        )
        if cells
        else st.just([])
    )
    places = draw(st.lists(st.sampled_from([0.0, 10.0, 25.0, np.nan]), min_size=facilities, max_size=facilities))
    home = draw(st.lists(st.integers(-1, areas - 1), min_size=facilities, max_size=facilities))
    return RatedService(
        np.array(need),
        np.array(nearest, dtype=np.int64),
        np.array([m if f >= 0 else np.nan for m, f in zip(minutes, nearest, strict=True)]),
        np.array([part[0] for part in parts], dtype=np.int64),
        np.array([part[1] for part in parts], dtype=np.int64),
        np.array([part[2] for part in parts], dtype=float),
        areas,
        np.array(home, dtype=np.int64),
        np.array(places),
    )


def by_the_book(service: RatedService) -> dict[tuple[str, str, int, Value], Value]:
    """Each definition read out again, cell by cell."""
    found: dict[tuple[str, str, int, Value], Value] = {}
    cells, facilities = range(service.need_persons.size), range(service.places.size)
    need, nearest, minutes = (
        service.need_persons.tolist(),
        service.nearest.tolist(),
        service.minutes.tolist(),
    )
    for f in facilities:
        mine = [c for c in cells if nearest[c] == f]
        people = sum(need[c] for c in mine)
        found["need_in_catchment", "facility", f, None] = people
        mean = sum(need[c] * minutes[c] for c in mine) / people if people else None
        found["mean_travel_time_catchment", "facility", f, None] = mean
        ways = [minutes[c] for c in mine if need[c] > 0]
        found["max_travel_time_catchment", "facility", f, None] = max(ways) if ways else None
    for c in cells:
        found["cell_travel_time", "cell", c, None] = minutes[c] if nearest[c] >= 0 else None
    for a in range(service.areas):
        parts = [
            (int(c), float(share))
            for c, area, share in zip(service.part_cell, service.part_area, service.part_share, strict=True)
            if area == a
        ]
        people = sum(need[c] * share for c, share in parts)
        reaching = sum(need[c] * share for c, share in parts if nearest[c] >= 0)
        weighted = sum(need[c] * share * minutes[c] for c, share in parts if nearest[c] >= 0)
        found["mean_travel_time", "area", a, None] = weighted / reaching if reaching else None
        for limit in LIMITS:
            near = sum(need[c] * share for c, share in parts if nearest[c] >= 0 and minutes[c] <= limit)
            found["share_within_minutes", "area", a, limit] = 100 * near / people if people else None
        here = [f for f in facilities if service.facility_area[f] == a]
        places: Value = sum(float(service.places[f]) for f in here)
        if any(np.isnan(service.places[f]) for f in here):
            places = None
        found["places_per_100", "area", a, None] = 100 * places / people if people and places is not None else None
        found["need_per_place", "area", a, None] = people / places if places else None
        found["need_per_facility", "area", a, None] = people / len(here) if here else None
        found["facilities_per_100", "area", a, None] = 100 * len(here) / people if people else None
    return found


@given(services())
def test_all_ten_are_what_the_definitions_say(service: RatedService) -> None:
    frame = ratings(service, limits_min=LIMITS)
    found = {
        (row.indicator, row.subject, int(row.index_), None if np.isnan(row.limit_min) else row.limit_min): (row.value)
        for row in frame.rename(columns={"index": "index_"}).itertuples(index=False)
    }
    expected = by_the_book(service)
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        if value is None:
            assert np.isnan(found[key]), key
        else:
            assert found[key] == pytest.approx(value, rel=1e-12), key


def village(**changes: Any) -> RatedService:
    """Three cells, two areas (the second cell cut in halves), two facilities, one of them outside."""
    values: dict[str, Any] = {
        "need_persons": np.array([10.0, 20.0, 0.0]),
        "nearest": np.array([0, 0, 1]),
        "minutes": np.array([15.0, 30.0, 60.0]),
        "part_cell": np.array([0, 1, 1, 2]),
        "part_area": np.array([0, 0, 1, 1]),
        "part_share": np.array([1.0, 0.5, 0.5, 1.0]),
        "areas": 2,
        "facility_area": np.array([0, -1]),
        "places": np.array([25.0, 7.0]),
    }
    return RatedService(**(values | changes))


def of(service: RatedService, indicator: str) -> list[float]:
    frame = ratings(service, limits_min=[15])
    return [float(value) for value in frame.loc[frame["indicator"] == indicator, "value"]]


def test_a_village_by_hand() -> None:
    service = village()
    assert of(service, "need_in_catchment") == [30, 0]
    assert of(service, "mean_travel_time") == [22.5, 30]
    assert of(service, "mean_travel_time_catchment") == pytest.approx([25, np.nan], nan_ok=True)
    assert of(service, "max_travel_time_catchment") == pytest.approx([30, np.nan], nan_ok=True)
    assert of(service, "share_within_minutes") == [50, 0]
    assert of(service, "cell_travel_time") == [15, 30, 60]
    assert of(service, "places_per_100") == [125, 0]
    assert of(service, "need_per_place") == pytest.approx([0.8, np.nan], nan_ok=True)
    assert of(service, "need_per_facility") == pytest.approx([20, np.nan], nan_ok=True)
    assert of(service, "facilities_per_100") == [5, 0]


def test_need_that_reaches_nothing_counts_against_the_area() -> None:
    nowhere = village(nearest=np.array([0, -1, -1]), minutes=np.array([15.0, np.nan, np.nan]))
    assert of(nowhere, "share_within_minutes") == [50, 0]
    assert of(nowhere, "mean_travel_time") == pytest.approx([15, np.nan], nan_ok=True)


def test_unknown_places_are_not_zero_places() -> None:
    service = village(places=np.array([np.nan, 7.0]))
    assert of(service, "places_per_100") == pytest.approx([np.nan, 0], nan_ok=True)
    assert of(service, "need_per_place") == pytest.approx([np.nan, np.nan], nan_ok=True)
    assert of(service, "facilities_per_100") == [5, 0]


def test_every_indicator_has_its_sentence_and_stands_in_daviplans_order() -> None:
    frame = ratings(village(), limits_min=[15])
    assert list(dict.fromkeys(frame["indicator"])) == list(INDICATORS)


@pytest.mark.parametrize(
    "change",
    [
        {"need_persons": np.array([10.0, -20.0, 0.0])},
        {"need_persons": np.array([10.0, np.nan, 0.0])},
        {"need_persons": np.array([10.0])},
        {"nearest": np.array([0, 0, 2])},
        {"nearest": np.array([0, 0, -1])},
        {"part_cell": np.array([0, 1, 1, 3])},
        {"part_area": np.array([0, 0, 1, 2])},
        {"part_share": np.array([1.0])},
        {"facility_area": np.array([0, 2])},
        {"facility_area": np.array([0])},
        {"places": np.array([-1.0, 7.0])},
    ],
)
def test_broken_arrays_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ContractError):
        village(**change)
