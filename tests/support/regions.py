# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Small regions from maps in plain text, a catalogue with norms of the test, and ways as straight lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.catalogue.modes import TransitRules
from dableiben.catalogue.schema import Norm
from dableiben.core.geo import CRS, cell_id
from dableiben.core.levels import LEVELS, id_column
from dableiben.core.network import StreetNetwork
from dableiben.core.timetable import Timetable
from dableiben.gaps.assess import Assessment, assess
from dableiben.gaps.rows import METRES_PER_MIN
from dableiben.gaps.settings import Settings
from dableiben.gaps.ways import LeftOut, Nearest, Pairs, Transit
from dableiben.region.change import ReviewGap
from dableiben.region.facilities import COLUMNS
from dableiben.region.region import AREA_COLUMNS, PEOPLE_COLUMNS, Region
from dableiben.store.config import Carless, Norms, RegionConfig

X0, Y0 = 4_400_000.0, 3_300_000.0
DISTRICT = "13099"
M_PER_MIN = {"foot": 100.0, "bike": 250.0, "car": 1000.0}
"""round speeds, so that one cell of 100 m is one minute on foot"""
DAY = date(2025, 12, 31)


@dataclass
class Place:
    """Where the letters of an area map lie: locality, municipality and what stands above."""

    municipality: str
    locality: str | None = None
    amt: str | None = None
    mittelbereich: str | None = None
    school_district: str | None = None
    planning_area: str | None = None
    inside: bool = True

    @property
    def area_id(self) -> str:
        return f"{self.municipality}:{self.locality}" if self.locality else self.municipality


ALONE = {".": Place("13099001", "mitte")}


def parse_map(text: str) -> list[list[str]]:
    """Rows of words, north first; cells parted by blanks or by ``|``; ``.`` or nothing is an empty cell."""
    rows = []
    for line in text.strip().splitlines():
        line = line.strip()
        words = [w.strip() or "." for w in line.strip("|").split("|")] if "|" in line else line.split()
        rows.append(words)
    assert len({len(row) for row in rows}) == 1, "rows of a map differ in length"
    return rows


@dataclass
class Plan:
    """What a map says, still changeable; `region()` makes the Region.

    persons     words with a number are persons of a cell, letters in a word are facilities (``6``, ``K``, ``6K``)
    areas       one letter per cell of the same map, explained by `places`
    ages        share of the persons by age year, the same in every locality; None = no list, ages unknown
    kinds       letter of a facility -> its columns (kind at least)
    """

    persons: str
    areas: str | None = None
    places: Mapping[str, Place] = field(default_factory=lambda: ALONE)
    ages: Mapping[int, float] | None = field(default_factory=lambda: {4: 1.0})
    kinds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    size_m: int = 100
    carless: Carless | None = None
    adopt: tuple[str, ...] = ()
    recorded: frozenset[str] | None = None
    network: StreetNetwork | None = None
    as_of: date = DAY
    land: str = "MV"
    extra_facilities: Sequence[Mapping[str, Any]] = ()
    extra_people: Sequence[Mapping[str, Any]] = ()

    def region(self) -> Region:
        """The Region of the plan."""
        rows = parse_map(self.persons)
        letters = parse_map(self.areas) if self.areas else [["."] * len(rows[0]) for _ in rows]
        cells, facilities = [], []
        for r, row in enumerate(rows):
            for c, word in enumerate(row):
                place = self.places[letters[r][c]]
                x = X0 + (c + 0.5) * self.size_m
                y = Y0 + (len(rows) - r - 0.5) * self.size_m
                number = re.search(r"\d+(\.\d+)?", word)
                if number:
                    cells.append(self._cell(x, y, float(number[0]), place))
                for letter in re.findall(r"[A-Za-z]", word):
                    facilities.append(self._facility(letter, x, y, place, len(facilities)))
        for number, entry in enumerate(self.extra_facilities):
            facilities.append(facility(facility_id=f"extra{number}", **entry))
        table = pd.DataFrame(facilities, columns=list(COLUMNS))
        kinds = self.recorded if self.recorded is not None else frozenset(table["kind"])
        frame = pd.DataFrame(cells)
        return Region(
            config=RegionConfig(
                format=1, name="Probe", land=self.land, ags=(DISTRICT,), carless=self.carless,
                norms=Norms(adopt=self.adopt),
            ),
            land=self.land,
            as_of=self.as_of,
            areas=area_frame(self.places.values()),
            cells=frame,
            population=self._population(frame),
            population_other=pd.DataFrame(columns=list(PEOPLE_COLUMNS)),
            facilities=table.sort_values(["kind", "facility_id"], ignore_index=True),
            network=self.network if self.network is not None else StreetNetwork.empty(),
            recorded=kinds,
            reports=(),
            conflicts=pd.DataFrame(columns=["facility_id", "what", "register", "osm"]),
            uppers=uppers(self.places.values()),
        )  # fmt: skip

    def _cell(self, x: float, y: float, persons: float, place: Place) -> dict[str, Any]:
        cell = {"cell_id": cell_id(x, y, self.size_m), "x_m": x, "y_m": y, "size_m": self.size_m, "persons": persons}
        return {**cell, "inside": place.inside, **level_ids(place)}

    def _facility(self, letter: str, x: float, y: float, place: Place, number: int) -> dict[str, Any]:
        return facility(
            **{
                "facility_id": f"{letter}{number}",
                "name": letter,
                "x_m": x,
                "y_m": y,
                "area_id": place.area_id if place.inside else None,
                "municipality_id": place.municipality,
                "locality_id": place.area_id if place.locality else None,
                **self.kinds[letter],
            }
        )

    def _population(self, cells: pd.DataFrame) -> pd.DataFrame:
        rows = []
        if self.ages is not None and len(cells):
            inside = cells[cells["inside"].astype(bool)]
            smallest = inside["locality_id"].where(inside["locality_id"].notna(), inside["municipality_id"])
            for area_id, persons in inside.groupby(smallest)["persons"].sum().items():
                ages = {**self.ages, 100: self.ages.get(100, 0.0)}  # a list of all, not of children only
                rows += [people(str(area_id), age, share * persons) for age, share in ages.items()]
        rows += [dict(row) for row in self.extra_people]
        return pd.DataFrame(rows, columns=list(PEOPLE_COLUMNS))


def people(area_id: str, age: int, persons: float | None, **more: Any) -> dict[str, Any]:
    """A row of the population: one age year, both sexes, main residents."""
    row = dict.fromkeys(PEOPLE_COLUMNS)
    given = {"area_id": area_id, "age_from": age, "age_to": age, "home": "main", "as_of": DAY, "persons": persons}
    return {**row, **given, "variant": "actual", "basis": "register", **more}


def facility(**given: Any) -> dict[str, Any]:
    """A row of the facilities with nothing known but what is given."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {"possible": False, "source": "register.xlsx", "restricted": True, "service_area_unknown": []}
    row |= {"licensed_places": np.nan, "usable_places": np.nan, "occupied_places": np.nan, "x_m": np.nan, "y_m": np.nan}
    unknown = set(given) - set(row)
    assert not unknown, f"not a column: {unknown}"
    return {**row, **given}


def level_ids(place: Place) -> dict[str, str | None]:
    """Id columns of all levels for a place."""
    ids: dict[str, str | None] = {id_column(level): None for level in LEVELS}
    ids["municipality_id"] = place.municipality
    ids["locality_id"] = place.area_id if place.locality else None
    return ids | _beside(place) | {"district_id": place.municipality[:5]}


def _beside(place: Place) -> dict[str, str | None]:
    named = {
        "amt": ("amt", place.amt),
        "mittelbereich": ("mb", place.mittelbereich),
        "school_district": ("sb", place.school_district),
        "planning_area": ("pa", place.planning_area),
    }
    return {id_column(level): f"{prefix}:{name}" if name else None for level, (prefix, name) in named.items()}


def uppers(places: Iterable[Place]) -> dict[str, dict[str, str | None]]:
    """Municipality or locality id -> id columns of the areas above and beside it."""
    ids: dict[str, dict[str, str | None]] = {}
    for place in places:
        beside = _beside(place)
        above = {name: beside[name] for name in ("amt_id", "mittelbereich_id") if beside[name]}
        ids.setdefault(place.municipality, {}).update({"district_id": place.municipality[:5], **above})
        if place.locality:
            small = {name: beside[name] for name in ("school_district_id", "planning_area_id") if beside[name]}
            ids[place.area_id] = small
    return ids


def area_frame(places: Iterable[Place]) -> gpd.GeoDataFrame:
    """AREA_COLUMNS of all areas that the places name, without shapes."""
    rows: dict[str, dict[str, Any]] = {}

    def add(area_id: str | None, level: str, parent: str | None, inside: bool) -> None:
        if area_id is None:
            return
        row = rows.setdefault(area_id, dict.fromkeys(AREA_COLUMNS) | {"area_id": area_id, "inside": inside})
        row |= {"level": level, "name": area_id.split(":")[-1], "parent_id": parent, "source": "Probe"}
        row["inside"] |= inside

    for place in places:
        beside = _beside(place)
        add(place.municipality[:5], "district", None, place.inside)
        for level in ("amt", "mittelbereich", "school_district", "planning_area"):
            add(beside[id_column(level)], level, place.municipality[:5], place.inside)
        add(place.municipality, "municipality", beside["amt_id"] or place.municipality[:5], place.inside)
        if place.locality:
            add(place.area_id, "locality", place.municipality, place.inside)
    frame = pd.DataFrame(list(rows.values()), columns=list(AREA_COLUMNS))
    return gpd.GeoDataFrame(frame.sort_values(["level", "area_id"], ignore_index=True), geometry="geometry", crs=CRS)


@cache
def packaged() -> Catalogue:
    """The packaged cards, read once."""
    return load_catalogue()


def norm(norm_id: str, kind: str, measure: str, value: float | dict[int, float], **more: Any) -> Norm:
    """A norm of the test, in force everywhere since 2000; binding planning unless given."""
    content = {
        "id": norm_id,
        "reviewed_on": "2026-01-01",
        "title": {"de": f"Norm {norm_id}", "en": f"norm {norm_id}"},
        "kinds": [kind],
        "measure": measure,
        "unit": "Probe",
        "binding": "planning",
        "values": [{"valid_from": "2000-01-01", "value": value, "source": "Probe", "certainty": "made_up"}],
    }
    return Norm.model_validate({**content, **more})


def limit(kind: str, minutes: float, *modes: str, **more: Any) -> Norm:
    """A limit of the way in minutes; all modes unless given."""
    return norm(f"{kind}_weg", kind, "travel_time_max", minutes, modes=modes or ("foot", "bike", "car"), **more)


def places_for_all(kind: str, **more: Any) -> Norm:
    """A place for everybody in need."""
    return norm(f"{kind}_platz", kind, "place_for_each_need", 1, **more)


def catalogue_with(*norms: Norm, kinds: Mapping[str, Mapping[str, Any]] | None = None, **assessment: Any) -> Catalogue:
    """Packaged kinds and groups, but only the norms of the test; kinds and the assessment card changed at will."""
    base = packaged()
    changed = {name: base.kinds[name].model_copy(update=dict(update)) for name, update in (kinds or {}).items()}
    return replace(
        base,
        kinds={**base.kinds, **changed},
        norms={card.id: card for card in norms},
        assessment=base.assessment.model_copy(update=assessment),
    )


Hops = Sequence[tuple[str, str]]
"""leaving and arriving as "07:30", by which anybody may travel"""


@dataclass(frozen=True)
class Rides:
    """Rides of one day, the same for all homes and facilities; the double of DayTransit."""

    homes: int
    there: Hops
    back: Hops

    def latest_departures(self, sites: int, arrive_by_s: np.ndarray) -> np.ndarray:
        found = [max([a for a, b in _seconds(self.there) if b <= by], default=-1) for by in arrive_by_s.tolist()]
        return np.tile(np.array(found, np.int32), (self.homes, 1))

    def earliest_arrivals(self, sites: int, leave_at_s: np.ndarray) -> np.ndarray:
        found = [min([b for a, b in _seconds(self.back) if a >= at], default=-1) for at in leave_at_s.tolist()]
        return np.tile(np.array(found, np.int32), (self.homes, 1))

    def durations(self, sites: np.ndarray, leave_at_s: np.ndarray) -> np.ndarray:
        there = _seconds(self.there)
        found = [min([b - at for a, b in there if a >= at], default=-1) for at in leave_at_s.tolist()]
        return np.tile(np.array(found, np.int32), (self.homes, 1))


def _seconds(hops: Hops) -> list[tuple[int, int]]:
    return [(_of_day(leave), _of_day(arrive)) for leave, arrive in hops]


def _of_day(clock: str) -> int:
    return int(clock[:2]) * 3600 + int(clock[3:]) * 60


class StraightWays:
    """Ways in a straight line at M_PER_MIN, exact in floats for whole cells; the double of StreetWays.

    longer       every way takes this many times its length
    reach_min    nothing farther is found
    edge_x_m     the street data end on this line from north to south
    unlinked     cells without a street
    off_street   ids of facilities without a street
    rides        day of the week -> rides between every home and every facility, there and back
    """

    def __init__(
        self,
        units: pd.DataFrame,
        facilities: pd.DataFrame,
        modes: Sequence[str],
        *,
        longer: float = 1.0,
        reach_min: float = 60.0,
        edge_x_m: float | None = None,
        unlinked: Sequence[str] = (),
        off_street: Sequence[str] = (),
        rides: Mapping[int, tuple[Hops, Hops]] | None = None,
    ) -> None:
        self.modes = tuple(modes)
        self.rides = rides or {}
        self.m_per_min: Mapping[str, float] = M_PER_MIN
        self.reach_min, self.edge_x_m = reach_min, edge_x_m
        self._x = units["x_m"].to_numpy(float)
        home = units[["x_m", "y_m"]].to_numpy(float)
        site = facilities[["x_m", "y_m"]].to_numpy(float)
        self._metres = np.hypot(*(home[:, None, :] - site[None, :, :]).transpose(2, 0, 1)) * longer
        self._linked = ~np.isnan(self._x) & ~units["cell_id"].isin(list(unlinked)).to_numpy()
        self._metres[~self._linked] = np.nan
        self._home, self._site = home, site
        self._off_street = facilities["facility_id"].isin(list(off_street)).to_numpy()
        self._metres[:, self._off_street] = np.nan

    def transit(self, timetable: Timetable, rules: TransitRules) -> Transit | None:
        return lambda day, _: Rides(len(self._x), *self.rides.get(day.weekday(), ((), ())))

    def measured(self) -> StraightWays:
        by_length = copy(self)
        by_length.m_per_min = dict.fromkeys(self.modes, METRES_PER_MIN)
        return by_length

    def linked(self, mode: str) -> np.ndarray:
        return self._linked

    def linked_sites(self, mode: str) -> np.ndarray:
        return ~np.isnan(self._site).any(axis=1) & ~self._off_street

    def left_out(self, mode: str) -> LeftOut:
        return LeftOut(~np.isnan(self._x) & ~self._linked, self._off_street)

    def may_reach(self, mode: str, points: np.ndarray, limit_min: float) -> np.ndarray:
        straight = np.hypot(*(self._home[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
        return np.asarray((straight <= limit_min * M_PER_MIN[mode]).any(axis=1))

    def nearest(self, mode: str, facilities: np.ndarray) -> Nearest:
        if not len(facilities):
            return Nearest(np.full(len(self._x), np.nan), np.full(len(self._x), -1, np.int64))
        minutes = self._metres[:, facilities] / self.m_per_min[mode]
        minutes = np.where(minutes <= self.reach_min, minutes, np.inf)
        best = minutes.argmin(axis=1)
        found = minutes[np.arange(len(minutes)), best]
        none = np.isinf(found)
        return Nearest(np.where(none, np.nan, found), np.where(none, -1, facilities[best]))

    def within(self, mode: str, facilities: np.ndarray, limit_min: float) -> Pairs:
        minutes = self._metres[:, facilities] / self.m_per_min[mode]
        unit, column = np.nonzero(minutes <= limit_min)
        return Pairs(unit, facilities[column], minutes[unit, column])

    def edge_minutes(self, mode: str) -> np.ndarray:
        if self.edge_x_m is None:
            return np.full(len(self._x), np.nan)
        return np.abs(self.edge_x_m - self._x) / self.m_per_min[mode]


def check(
    plan: Plan | Region,
    catalogue: Catalogue,
    *kinds: str,
    modes: tuple[str, ...] = ("foot", "bike", "car"),
    dimensions: tuple[str, ...] = ("content", "space"),
    workers: int = 1,
    reviews: Mapping[str, ReviewGap] | None = None,
    streets: bool = False,
    asked: Mapping[str, Any] | None = None,
    **ways: Any,
) -> Assessment:
    """assess() of a plan on straight ways (`streets`: on its own network)."""
    region = plan.region() if isinstance(plan, Plan) else plan
    settings = Settings(modes=modes, kinds=kinds, dimensions=dimensions, workers=workers, **(asked or {}))
    make: Callable[..., Any] = lambda frame, _: StraightWays(frame.units, frame.facilities, modes, **ways)  # noqa: E731
    return assess(region, catalogue, settings, reviews, **({} if streets else {"ways_of": make}))


def gaps_of(found: Assessment) -> set[tuple[str, str, str, str]]:
    """(kind, group, area, cause) of all gaps."""
    table = found.tables["gaps"]
    return set(table[["kind", "group", "area_id", "cause"]].itertuples(index=False, name=None))


def by_cell(found: Assessment, column: str, group: str | None = None) -> dict[tuple[int, int], Any]:
    """Column of the need table by (row from the south, column from the west) of 100 m cells."""
    table = found.tables["need"]
    if group is not None:
        table = table[table["group"] == group]
    result = {}
    for cell, value in zip(table["cell_id"], table[column], strict=True):
        north, east = re.fullmatch(r"\d+mN(\d+)E(\d+)", cell).groups()  # type: ignore[union-attr]
        result[int((int(north) - Y0) // 100), int((int(east) - X0) // 100)] = value
    return result
