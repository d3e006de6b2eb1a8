# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The Region: one frozen set of tables that every later floor reads, whatever the files were."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import geopandas as gpd
import pandas as pd

from dableiben.catalogue.select import validity_keys
from dableiben.core.calendar import Calendar, Period
from dableiben.core.inputs import COMMUTERS, SEGMENTS, TRANSPORT
from dableiben.core.levels import LEVELS, id_column
from dableiben.core.network import StreetNetwork
from dableiben.core.provenance import ReadReport
from dableiben.core.timetable import Timetable
from dableiben.region.age_hints import no_hints
from dableiben.store.config import RegionConfig

AREA_COLUMNS = (
    "area_id", "level", "name", "parent_id", "ags", "inside", "structurally_weak", "structurally_weak_source", "source",
    "geometry",
)  # fmt: skip
CELL_COLUMNS = ("cell_id", "x_m", "y_m", "size_m", "persons", "inside", *(id_column(level) for level in LEVELS))
SEGMENT_COLUMNS = (*SEGMENTS.names, "file", "area_id", "basis")
"""basis: given, or estimated (bounds only, see region.segments)"""
COMMUTER_COLUMNS = (*COMMUTERS.names, "home_area", "work_area")
"""home_area, work_area: AGS of municipalities that are assessed, else null"""
TRANSPORT_COLUMNS = (*TRANSPORT.names, "area_ids", "places_unknown", "source")
"""area_ids: ids of municipalities (all of one) and localities; places_unknown: what no area was found for"""
PEOPLE_COLUMNS = ("area_id", "age_from", "age_to", "sex", "home", "as_of", "persons", "variant", "basis")


@dataclass(frozen=True)
class Region:
    """Facts of a region at one date. Frames are not changed after building; changes make a new Region."""

    config: RegionConfig
    land: str
    as_of: date
    """date of the population the assessment is for"""
    areas: gpd.GeoDataFrame
    """AREA_COLUMNS; geometry in EPSG:3035 or None; inside = assessed"""
    cells: pd.DataFrame
    """CELL_COLUMNS; persons of the grid (float, >= 0); ids null outside the region; no rows without a grid and homes"""
    population: pd.DataFrame
    """PEOPLE_COLUMNS of the chosen basis, at `as_of`, matched to areas"""
    population_other: pd.DataFrame
    """the other basis where both exist, to be shown beside"""
    facilities: pd.DataFrame
    """core.results.FACILITIES and what assessment needs besides, see region.facilities"""
    network: StreetNetwork | None
    recorded: frozenset[str]
    """facility kinds some source speaks about; of other kinds nothing is known"""
    reports: tuple[ReadReport, ...]
    conflicts: pd.DataFrame
    """where register and OSM differ: facility_id, what, register, osm"""
    age_hints: pd.DataFrame = field(default_factory=no_hints)
    """shares of age bands by cell as weights, see region.age_hints"""
    incomplete: frozenset[str] = frozenset()
    """areas above municipalities of which only a part lies in the data; norms by area cannot be judged there"""
    uppers: dict[str, dict[str, str | None]] = field(default_factory=dict)
    """area_id of a municipality or locality -> id columns of the areas above and beside it"""
    cells_of_homes: bool = False
    """no grid was given: the persons of cells are spread by the floor area of homes, see region.homes"""
    projections: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(PEOPLE_COLUMNS)))
    """PEOPLE_COLUMNS of variants other than actual, matched to areas; shown beside, not assessed"""
    unplaced: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """place as registers write it -> rows whose facility no area was found for"""
    unmatched_people: dict[str, int] = field(default_factory=dict)
    """place as lists of residents write it -> rows that belong to no area"""
    segments: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SEGMENT_COLUMNS)))
    """SEGMENT_COLUMNS: people who live in several places, given or bounded"""
    commuters: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COMMUTER_COLUMNS)))
    """COMMUTER_COLUMNS: flows that begin or end in the region"""
    grid_cells: int = 0
    """inhabited cells of the finest grid given, wherever they lie"""
    timetable: Timetable | None = None
    """all feeds as one, see region.timetables; None = no feed was given"""
    transport: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(TRANSPORT_COLUMNS)))
    """TRANSPORT_COLUMNS: volunteer and on-demand transport, see region.transport"""
    notes: tuple[str, ...] = field(default=())
    """German sentences on assumptions made while building"""

    @property
    def year(self) -> int:
        """Year of the population."""
        return self.as_of.year

    @property
    def kita_day(self) -> date:
        """Day for which ages are counted: the day of the population."""
        return self.as_of

    @property
    def calendar(self) -> Calendar:
        """Calendar of the Land, with what region.toml says about it."""
        said = self.config.calendar
        return Calendar(self.land, said.catholic, tuple(Period(p.name, p.first, p.last) for p in said.school_holidays))

    @property
    def norm_keys(self) -> tuple[str, ...]:
        """Where norms hold for all of the region, most specific first: its municipality if it is one, its district
        if it is one, the Land, DE."""
        alone = [keys for keys in self._keys() if len(keys) == 1]
        return (*(key for keys in alone for key in keys), *validity_keys(None, self.land))

    @property
    def part_keys(self) -> frozenset[str]:
        """Keys of municipalities and districts that are only a part of the region: no norm of theirs is applied."""
        return frozenset(key for keys in self._keys() if len(keys) > 1 for key in keys)

    def _keys(self) -> tuple[list[str], list[str]]:
        inside = self.areas[self.areas["inside"].astype(bool)]
        municipalities, districts = (
            sorted(inside.loc[inside["level"] == level, "area_id"]) for level in ("municipality", "district")
        )
        return municipalities, districts

    def name_of(self, area_id: str) -> str:
        """Name of an area, its id if it has none."""
        found = self.areas.loc[self.areas["area_id"] == area_id, "name"]
        return str(found.iloc[0]) if len(found) and isinstance(found.iloc[0], str) else area_id

    def upper_of(self, area_id: str) -> dict[str, str | None]:
        """Id columns of all levels for an area of the level locality or municipality."""
        municipality_id = area_id.split(":", maxsplit=1)[0]
        ids: dict[str, str | None] = {id_column(level): None for level in LEVELS}
        ids[id_column("municipality")] = municipality_id
        ids[id_column("locality")] = area_id if ":" in area_id else None
        ids |= self.uppers.get(municipality_id, {})
        ids |= self.uppers.get(area_id, {})
        return ids
