# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A large timetable on real streets: trams and buses of Mannheim, Ludwigshafen and Heidelberg between 1 km cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyproj
import pytest
from numpy.typing import NDArray

from dableiben.access.stop_ways import StopWays
from dableiben.access.street_access import StreetAccess
from dableiben.access.transit import DayTransit
from dableiben.catalogue.load import load_catalogue
from dableiben.core.geo import CRS
from dableiben.sources.base import read_file
from dableiben.sources.osm.streets import read_streets

TUESDAY = date(2016, 11, 15)
LEIMEN, HANDSCHUHSHEIM = (8.69351, 49.34345), (8.68202, 49.43497)
"""the stops Leimen Friedhof and Burgstr., the ends of tram 23"""
MORNING = np.arange(7 * 3600, 9 * 3600, 60, dtype=np.int32)


@dataclass(frozen=True)
class City:
    """Homes and sites are the populated cells, then the two ends of the tram."""

    transit: DayTransit
    xy: NDArray[np.float64]
    persons: NDArray[np.float64]
    linked: NDArray[np.bool_]

    @property
    def cells(self) -> int:
        return len(self.persons)

    def medians(self) -> NDArray[np.float64]:
        """Median minutes between all cells for who leaves from 7 to 9, shape (cells, cells); inf = out of reach."""
        found = np.full((self.cells, self.cells), np.inf)
        for home in range(self.cells):
            arrival = self.transit.arrivals_from(home, MORNING)[: self.cells]
            lasts = np.where(arrival < 0, np.inf, (arrival - MORNING) / 60)
            found[home] = np.sort(lasts, axis=1)[:, len(MORNING) // 2 - 1]
        return found


@pytest.fixture(scope="module")
def city(shared_path: Path) -> City:
    here, catalogue = shared_path / "regions" / "heidelberg", load_catalogue()
    timetable = read_file(here / "gtfs-rnv-2016-11.zip", "gtfs", catalogue).timetable
    assert timetable is not None
    foot = StreetAccess.build(read_streets(here / "rnv-2016-12-highways-only.osm.pbf"), catalogue.modes["foot"])
    grid = pd.read_csv(here / "zensus2011-1km.csv")
    grid = grid[grid["Einwohner"] > 0]
    project = pyproj.Transformer.from_crs(4326, CRS, always_xy=True)
    ends = [project.transform(*place) for place in (LEIMEN, HANDSCHUHSHEIM)]
    xy = np.concatenate([grid[["x", "y"]].to_numpy(float), np.array(ends)])
    places = foot.snap(*xy.T)
    rules = catalogue.transit["bus"]
    ways = StopWays.build(timetable, foot, places, places, rules)
    transit = DayTransit(timetable, TUESDAY, ways, rules)
    return City(transit, xy, grid["Einwohner"].to_numpy(float), places.linked[: len(grid)])


def clock(second: np.int32) -> str:
    return f"{second // 3600}:{second % 3600 // 60:02}"


def test_the_tram_from_one_end_to_the_other_takes_what_its_timetable_says(city: City) -> None:
    leimen, burgstr = city.cells, city.cells + 1
    # stop_times.txt: trip 350129 of line 23, Leimen Friedhof 8:05, Burgstr. 8:43; the next one 8:15 and 8:53.
    leave = np.array([7 * 3600 + 56 * 60, 8 * 3600 + 4 * 60, 8 * 3600 + 6 * 60], np.int32)
    assert [clock(s) for s in city.transit.arrivals_from(leimen, leave)[burgstr]] == ["8:43", "8:43", "8:53"]
    by = np.array([8 * 3600 + 44 * 60], np.int32)
    assert clock(city.transit.latest_departures(burgstr, by)[leimen, 0]) == "8:04"
    # The other way: trip 368261, Burgstr. 7:51, Leimen Friedhof 8:29.
    assert clock(city.transit.latest_departures(leimen, np.array([8 * 3600 + 31 * 60], np.int32))[burgstr, 0]) == "7:49"


def test_ways_between_all_populated_cells(city: City) -> None:
    assert city.cells == 858 and city.linked.sum() == 448
    minutes = city.medians()
    reached = np.isfinite(minutes)
    apart = np.hypot(*(city.xy[: city.cells, None] - city.xy[None, : city.cells]).transpose(2, 0, 1)) / 1000
    other = reached & (apart > 0)
    assert not reached[~city.linked].any() and not reached[:, ~city.linked].any()
    assert other.sum() > 30_000
    # No tram with its walks and waits is faster than 50 km/h in a straight line; nobody walks for four hours.
    assert (apart[other] / (minutes[other] / 60)).max() < 50
    assert minutes[reached].max() <= 240
    # Of who has a stop near, nearly all reach nearly all others of them, and the way back is there as well.
    stops = np.flatnonzero(np.diff(city.transit.ways.home_to_stop.start)[: city.cells] > 0)
    assert reached[np.ix_(stops, stops)].mean() > 0.9
    assert (reached == reached.T)[other].mean() > 0.95


def test_scans_forward_and_profiles_backward_agree_on_the_large_timetable(city: City) -> None:
    stops = np.flatnonzero(np.diff(city.transit.ways.home_to_stop.start)[: city.cells] > 0)
    for site in stops[::60]:
        profile = city.transit.nearest_arrivals(int(site), MORNING)
        for home in stops[::9]:
            assert np.array_equal(profile[home], city.transit.arrivals_from(int(home), MORNING)[site])
