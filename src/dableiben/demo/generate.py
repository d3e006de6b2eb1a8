# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Write Landkreis Ellerland: raw files in real formats, its own limits, and the truth about its gaps."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from dableiben.demo import needs, plan
from dableiben.demo.childcare import childcare
from dableiben.demo.facilities import Facility, Sites
from dableiben.demo.further import further
from dableiben.demo.health import health
from dableiben.demo.hours import with_hours
from dableiben.demo.map_extras import map_extras
from dableiben.demo.multilocals import write_commuters, write_segments, write_transport
from dableiben.demo.people import Residents, settle
from dableiben.demo.story import truth
from dableiben.demo.streets import Streets, build_streets
from dableiben.demo.terrain import Terrain, build_terrain
from dableiben.demo.time_story import time_truth
from dableiben.demo.village import village
from dableiben.demo.write_grid import write_grids
from dableiben.demo.write_gtfs import write_gtfs
from dableiben.demo.write_osm import write_osm
from dableiben.demo.write_tables import write_areas, write_register, write_residents, write_statistics

if TYPE_CHECKING:
    from dableiben.sources.base import Role
    from dableiben.store.config import RegionConfig

SHIPPED_SEED = 2026
RAW = "quelle"
CARDS = "cards"
FILES: dict[Role, tuple[str, ...]] = {
    "osm": ("ellerland.osm.pbf",),
    "population": ("zensus2022_100m.csv", "zensus2022_durchschnittsalter_100m.csv", "einwohner.xlsx"),
    "areas": ("gebiete.xlsx",),
    "statistics": ("12411-02-03-5.ffcsv",),
    "register": ("einrichtungen.xlsx",),
    "gtfs": ("gtfs.zip",),
    "transport": ("fahrdienste.xlsx",),
    "segments": ("mehroertige.xlsx",),
    "commuters": ("pendler.csv",),
}
TRUTH = "truth.json"


@dataclass(frozen=True)
class District:
    """The district in memory, before it is written."""

    seed: int
    residents: Residents
    terrain: Terrain
    streets: Streets
    facilities: tuple[Facility, ...]


@dataclass(frozen=True)
class DemoFiles:
    """What `generate` wrote."""

    inputs: dict[Role, list[Path]]
    cards: Path
    truth: Path


def build_district(seed: int) -> District:
    """Make up the district. Equal seeds give equal districts."""
    residents = settle(seed)
    terrain = build_terrain(seed, {name: residents.persons(name) for name in residents.main})
    sites = Sites(terrain, seed)
    facilities = (
        *childcare(residents, sites), *health(sites), *village(sites), *map_extras(sites), *further(sites),
    )  # fmt: skip
    return District(seed, residents, terrain, build_streets(seed, terrain), with_hours(facilities))


def generate(out: Path, seed: int) -> DemoFiles:
    """Write raw files (quelle/), the district's own limits (cards/) and truth.json into `out`.

    The same seed gives the same bytes of every file.
    """
    district = build_district(seed)
    raw = out / RAW
    raw.mkdir(parents=True, exist_ok=True)
    inputs = demo_inputs(out)
    write_osm(inputs["osm"][0], seed, district.terrain, district.streets, district.facilities)
    grid, ages, list_of_residents = inputs["population"]
    write_grids(grid, ages, seed, district.terrain)
    write_residents(list_of_residents, district.residents)
    write_areas(inputs["areas"][0])
    write_statistics(inputs["statistics"][0], district.residents)
    write_register(inputs["register"][0], district.facilities)
    write_gtfs(inputs["gtfs"][0], district.terrain, district.facilities)
    write_transport(inputs["transport"][0])
    write_segments(inputs["segments"][0])
    write_commuters(inputs["commuters"][0])
    with as_file(files("dableiben.demo") / CARDS) as packaged:
        shutil.copytree(packaged, own_cards(out), dirs_exist_ok=True)
    content = truth(seed, district.residents, list(district.facilities))
    content |= time_truth(district.residents, district.facilities)
    (out / TRUTH).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return DemoFiles(inputs, own_cards(out), out / TRUTH)


def write_demo(out: Path, seed: int = SHIPPED_SEED) -> None:
    """Write everything `init` needs for the demo into `out` (see `demo_inputs`, `own_cards`, `region_settings`)."""
    generate(out, seed)


def demo_inputs(folder: Path) -> dict[Role, list[Path]]:
    """Raw files by the option of `dableiben init` they come in by."""
    return {role: [folder / RAW / name for name in names] for role, names in FILES.items()}


def own_cards(folder: Path) -> Path:
    """Folder of the district's own cards."""
    return folder / CARDS


def region_settings(folder: Path) -> RegionConfig:
    """What stands in region.toml besides the inputs: all of it made up. No benchmark is adopted."""
    from dableiben.store.config import Carless, RegionConfig, StructurallyWeak

    made_up = "erfunden (Demo)"
    return RegionConfig(
        format=1,
        name=plan.DISTRICT_NAME,
        land=plan.LAND,
        ags=(plan.DISTRICT_KEY,),
        made_up=True,
        structurally_weak=StructurallyWeak(value=True, source=made_up),
        carless=Carless(
            share=needs.CARLESS_SHARE,
            share_by_group={"senioren_65": needs.CARLESS_SHARE_SENIORS},
            source=made_up,
        ),
    )
