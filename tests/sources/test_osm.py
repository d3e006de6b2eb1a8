# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""OpenStreetMap: facilities of every shape, merging, boundaries, homes, the outline of complete data, refusals."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import numpy as np
import osmium
import pandas as pd
import pytest
import shapely

from dableiben.catalogue.load import Catalogue
from dableiben.core.errors import InputError
from dableiben.core.geo import to_degrees
from dableiben.core.inputs import AREAS, FACILITIES, PLACES
from dableiben.sources.base import Reading, read_file
from dableiben.sources.osm.complete import box_shape, complete_area
from dableiben.sources.osm.scan import scan

WETTERAU = "regions/wetterau/wetterau-2022-12.osm.pbf"
BOX = (8.90, 50.25, 9.05, 50.38)
"""what the Wetterau extract was cut by, as its houses show"""
Tags = dict[str, str]


def tags_xml(tags: Tags) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


class Map:
    """A small .osm file, drawn in metres around Altenstadt."""

    def __init__(self, box: tuple[float, float, float, float] | None = None) -> None:
        self.lines = ['<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">']
        if box:
            self.lines.append('<bounds minlon="{}" minlat="{}" maxlon="{}" maxlat="{}"/>'.format(*box))
        self.next = 1

    def node(self, x: float, y: float, **tags: str) -> int:
        lon, lat = to_degrees(np.array([4_250_000.0 + x]), np.array([3_020_000.0 + y]))
        number, self.next = self.next, self.next + 1
        self.lines.append(
            f'<node id="{number}" version="1" lon="{lon[0]:.7f}" lat="{lat[0]:.7f}">{tags_xml(_colons(tags))}</node>'
        )
        return number

    def way(self, nodes: Iterable[int], **tags: str) -> int:
        number, self.next = self.next, self.next + 1
        refs = "".join(f'<nd ref="{node}"/>' for node in nodes)
        self.lines.append(f'<way id="{number}" version="1">{refs}{tags_xml(_colons(tags))}</way>')
        return number

    def square(self, x: float, y: float, size: float, **tags: str) -> int:
        corners = [self.node(x, y), self.node(x + size, y), self.node(x + size, y + size), self.node(x, y + size)]
        return self.way([*corners, corners[0]], **tags)

    def relation(self, members: Iterable[tuple[str, int, str]], **tags: str) -> int:
        number, self.next = self.next, self.next + 1
        inner = "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members)
        self.lines.append(f'<relation id="{number}" version="1">{inner}{tags_xml(_colons(tags))}</relation>')
        return number

    def write(self, path: Path) -> Path:
        # osmium wants nodes, ways, relations in this order
        ordered = sorted(self.lines[1:], key=lambda line: ("<bou", "<nod", "<way", "<rel").index(line[:4]))
        path.write_text("\n".join([self.lines[0], *ordered, "</osm>"]), encoding="utf-8")
        return path


def _colons(tags: Tags) -> Tags:
    return {key.replace("__", ":"): value for key, value in tags.items()}


def read(path: Path, catalogue: Catalogue) -> Reading:
    reading = read_file(path, "osm", catalogue)
    assert reading.report.rows_read == reading.report.rows_used + reading.report.lost.total()
    return reading


def facilities(reading: Reading, kind: str) -> pd.DataFrame:
    assert reading.facilities is not None
    FACILITIES.arrow(reading.facilities)
    table = reading.facilities
    return table[table["kind"] == kind].sort_values("source_id", ignore_index=True)


def village() -> Map:
    drawn = Map()
    a, b, c = drawn.node(0, 0), drawn.node(500, 0), drawn.node(900, 100)
    drawn.way([a, b, c], highway="residential")
    drawn.node(10, 10, place="village", name="Dorf")
    drawn.node(20, 20, place="hamlet")
    drawn.node(100, 100, amenity="pharmacy", name="Adler", wheelchair="yes", opening_hours="Mo-Fr 08:00-18:00",
               addr__street="Gasse", addr__housenumber="3", operator="Frau Adler", check_date="2025-03-01")  # fmt: skip
    drawn.square(300, 300, 40, shop="supermarket", building="retail", wheelchair="no", capacity="20")
    return drawn


def test_attributes_of_a_facility(tmp_path: Path, catalogue: Catalogue) -> None:
    row = facilities(read(village().write(tmp_path / "m.osm"), catalogue), "apotheke").iloc[0]
    assert (row["name"], row["address"], row["provider"]) == ("Adler", "Gasse 3", "Frau Adler")
    assert (row["barrier_free"], row["as_of"]) == (True, date(2025, 3, 1))
    assert row["opening_hours"] == "Mo-Fr 08:00-18:00"
    assert abs(row["x_m"] - 4_250_100) < 0.05
    assert abs(row["y_m"] - 3_020_100) < 0.05
    assert pd.isna(row["usable_places"])


def test_limited_wheelchair_access_stays_unknown_and_capacity_is_never_usable(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    drawn = village()
    drawn.node(0, 600, amenity="kindergarten", name="A", wheelchair="limited", capacity="60", min_age="3", max_age="6")
    drawn.node(0, 900, amenity="kindergarten", name="B", capacity="ca. 60", min_age="3", max_age="6")
    table = facilities(read(drawn.write(tmp_path / "m.osm"), catalogue), "kita").set_index("name")
    assert table.loc["A", "barrier_free"] is None
    assert (table.loc["A", "licensed_places"], table.loc["A", "age_from"], table.loc["A", "age_to"]) == (60, 3, 6)
    assert table["usable_places"].isna().all()
    assert pd.isna(table.loc["B", "licensed_places"])


def test_buildings_and_relations_get_a_point_inside(tmp_path: Path, catalogue: Catalogue) -> None:
    drawn = village()
    outer = drawn.square(1000, 1000, 100)
    inner = drawn.square(1020, 1020, 60)
    ring = drawn.relation(
        [("way", outer, "outer"), ("way", inner, "inner")], type="multipolygon", amenity="pharmacy", name="Ring"
    )
    left, right = drawn.node(2000, 2000), drawn.node(2200, 2000)
    site = drawn.relation([("node", left, ""), ("node", right, "")], type="site", amenity="pharmacy", name="Paar")
    gone = drawn.relation([("node", 99_999, "")], type="site", amenity="pharmacy", name="Fort")
    reading = read(drawn.write(tmp_path / "m.osm"), catalogue)
    table = facilities(reading, "apotheke").set_index("source_id")
    hole = shapely.box(4_251_020.5, 3_021_020.5, 4_251_079.5, 3_021_079.5)
    point = shapely.Point(table.loc[f"relation/{ring}", ["x_m", "y_m"]].astype(float))
    assert shapely.box(4_251_000, 3_021_000, 4_251_100, 3_021_100).buffer(1).contains(point)
    assert not hole.contains(point)
    assert abs(table.loc[f"relation/{site}", "x_m"] - 4_252_100) < 0.1
    assert f"relation/{gone}" not in table.index
    assert reading.report.lost["OSM-Einrichtung ohne Lage (Mitglieder fehlen im Auszug)"] == 1


def test_point_inside_its_building_is_one_facility(tmp_path: Path, catalogue: Catalogue) -> None:
    drawn = village()
    house = drawn.square(1000, 1000, 50, amenity="pharmacy", building="yes")
    drawn.node(1020, 1020, amenity="pharmacy", name="Rose", opening_hours="Mo 08:00-12:00")
    reading = read(drawn.write(tmp_path / "m.osm"), catalogue)
    table = facilities(reading, "apotheke")
    assert len(table) == 2
    rose = table[table["source_id"] == f"way/{house}"].iloc[0]
    assert (rose["name"], rose["opening_hours"]) == ("Rose", "Mo 08:00-12:00")
    assert sum(count for reason, count in reading.report.lost.items() if "zusammengeführt" in reason) == 1


def test_neighbours_with_different_names_and_nameless_points_stay_apart(tmp_path: Path, catalogue: Catalogue) -> None:
    drawn = village()
    drawn.square(1000, 1000, 50, amenity="pharmacy", name="Rose")
    drawn.node(1020, 1020, amenity="pharmacy", name="Lilie")
    drawn.node(3000, 1000, amenity="pharmacy")
    drawn.node(3010, 1000, amenity="pharmacy")
    assert len(facilities(read(drawn.write(tmp_path / "m.osm"), catalogue), "apotheke")) == 5


def test_grounds_join_only_one_of_two_named_things_on_them(tmp_path: Path, catalogue: Catalogue) -> None:
    """A nameless area around two pharmacies is one of them, never the bridge that makes the two one."""
    drawn = village()
    drawn.square(1000, 1000, 300, amenity="pharmacy")
    drawn.node(1020, 1020, amenity="pharmacy", name="Rose")
    drawn.node(1280, 1280, amenity="pharmacy", name="Lilie")
    names = facilities(read(drawn.write(tmp_path / "m.osm"), catalogue), "apotheke")["name"]
    assert sorted(names) == ["Adler", "Lilie", "Rose"]


def boundary(drawn: Map, x: float, size: float, **tags: str) -> int:
    way = drawn.square(x, 0, size)
    return drawn.relation([("way", way, "outer")], type="boundary", boundary="administrative", **tags)


def test_boundaries_carry_keys_levels_and_parents(tmp_path: Path, catalogue: Catalogue) -> None:
    drawn = village()
    ags = {"de__amtlicher_gemeindeschluessel": "13071010", "de__regionalschluessel": "130715123010"}
    boundary(drawn, 0, 5000, admin_level="8", name="Nah", **ags)
    boundary(drawn, 0, 9000, admin_level="7", name="Amt Fern", de__regionalschluessel="130715123")
    boundary(drawn, 0, 20000, admin_level="6", name="Kreis", de__amtlicher_gemeindeschluessel="13071")
    boundary(drawn, 1000, 300, admin_level="9", name="Teil")
    boundary(drawn, 30000, 400, admin_level="6", name="Rostock", name__prefix="Kreisfreie Stadt",
             de__amtlicher_gemeindeschluessel="13003000")  # fmt: skip
    boundary(drawn, 40000, 400, admin_level="8", name="Ohne Schlüssel")
    drawn.relation([("way", 98_765, "outer")], type="boundary", boundary="administrative", admin_level="8",
                   name="Halb", de__amtlicher_gemeindeschluessel="13071011")  # fmt: skip
    boundary(drawn, 0, 300_000, admin_level="4", name="Land")
    reading = read(drawn.write(tmp_path / "m.osm"), catalogue)
    assert reading.areas is not None
    AREAS.arrow(reading.areas.drop(columns="geometry"))
    table = reading.areas.set_index("area_key")
    assert table["level"].to_dict() | {} == {
        "13071": "district", "13003": "district", "13003000": "municipality", "130715123": "amt",
        "13071010": "municipality", next(k for k in table.index if k.startswith("relation/")): "locality",
    }  # fmt: skip
    assert table.loc["13071010", "amt"] == "Amt Fern"
    assert table.loc[table["level"] == "locality", "parent_key"].tolist() == ["13071010"]
    assert abs(table.loc["13071010", "geometry"].area - 25_000_000) < 2000
    assert reading.report.lost["OSM-Grenze im Auszug unvollständig"] == 1
    assert reading.report.lost["OSM-Grenze ohne amtlichen Schlüssel"] == 1


def test_places_need_a_name(tmp_path: Path, catalogue: Catalogue) -> None:
    reading = read(village().write(tmp_path / "m.osm"), catalogue)
    assert reading.places is not None
    PLACES.arrow(reading.places)
    assert reading.places[["name", "type"]].to_numpy().tolist() == [["Dorf", "village"]]
    assert reading.report.lost["OSM-Ort ohne Namen"] == 1


def test_homes_weigh_by_floors_and_other_buildings_do_not_count(tmp_path: Path, catalogue: Catalogue) -> None:
    drawn = village()
    drawn.square(0, 2000, 10, building="house", building__levels="3")
    drawn.square(100, 2000, 10, building="yes", building__levels="1")
    drawn.square(200, 2000, 10, building="apartments")  # the middle of 1 and 3
    drawn.square(300, 2000, 10, building="yes", shop="bakery")
    drawn.square(400, 2000, 10, building="barn")
    homes = read(drawn.write(tmp_path / "m.osm"), catalogue).buildings
    assert homes is not None
    assert np.allclose(sorted(homes["floor_area_m2"]), [100, 200, 300], rtol=0.01)


@pytest.mark.parametrize("name", ["m.osm", "m.osm.gz", "m.osm.bz2", "m.osm.pbf"])
def test_every_form_gives_the_same_tables(tmp_path: Path, catalogue: Catalogue, name: str) -> None:
    plain = village().write(tmp_path / "plain.osm")
    target = tmp_path / name
    if name.endswith(".gz"):
        target.write_bytes(gzip.compress(plain.read_bytes()))
    elif name.endswith(".bz2"):
        target.write_bytes(bz2.compress(plain.read_bytes()))
    elif name.endswith(".pbf"):
        with osmium.SimpleWriter(str(target)) as writer:
            for item in osmium.FileProcessor(str(plain)):
                writer.add(item)
    else:
        target = plain
    one, two = read(plain, catalogue), read(target, catalogue)
    assert one.facilities is not None and two.facilities is not None
    assert FACILITIES.arrow(one.facilities).equals(FACILITIES.arrow(two.facilities))
    assert one.report.rows_used == two.report.rows_used == 3


def test_reading_twice_gives_the_same(tmp_path: Path, catalogue: Catalogue, shared_path: Path) -> None:
    one, two = (read(shared_path / WETTERAU, catalogue) for _ in range(2))
    assert one.facilities is not None and two.facilities is not None
    assert FACILITIES.arrow(one.facilities).equals(FACILITIES.arrow(two.facilities))
    assert one.report == two.report


@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_truncated_file_is_refused(tmp_path: Path, shared_path: Path, catalogue: Catalogue, share: float) -> None:
    whole = (shared_path / WETTERAU).read_bytes()
    path = tmp_path / "halb.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match=r"beschädigt|abgeschnitten"):
        read_file(path, "osm", catalogue)


def test_other_country_and_empty_map_are_refused(tmp_path: Path, shared_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(InputError, match="nicht in Deutschland"):
        read_file(shared_path / "benchmarks/streets/porto.osm.pbf", "osm", catalogue)
    with pytest.raises(InputError, match="weder Straßen"):
        read_file(Map().write(tmp_path / "leer.osm"), "osm", catalogue)


# --- the Wetterau --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wetterau(shared_path: Path, catalogue: Catalogue) -> Reading:
    return read(shared_path / WETTERAU, catalogue)


def test_counts_before_clipping_are_those_of_the_readme(shared_path: Path, catalogue: Catalogue) -> None:
    found = scan(shared_path / WETTERAU, catalogue)

    def count(key: str, value: str) -> int:
        return sum(item.tags.get(key) == value for item in found.facilities.values())

    assert count("amenity", "kindergarten") == 11
    assert count("amenity", "pharmacy") == 6
    assert count("shop", "supermarket") == 16
    assert count("amenity", "community_centre") == 17
    assert count("amenity", "fire_station") == 26
    assert sum(item.tags["place"] == "village" for item in found.places) == 29


def test_the_kindergarten_mapped_twice_counts_once(wetterau: Reading) -> None:
    assert wetterau.facilities is not None
    table = wetterau.facilities
    certain = table[(table["kind"] == "kita") & ~table["possible"].astype(bool)]
    assert len(certain) == 10
    assert certain["name"].str.contains("Abenteuerland", na=False).sum() == 1
    assert certain["usable_places"].isna().all()


def test_complete_municipalities_are_found_with_their_localities(wetterau: Reading) -> None:
    assert wetterau.areas is not None
    towns = wetterau.areas[wetterau.areas["level"] == "municipality"]
    assert towns["area_key"].tolist() == ["06440001", "06440010", "06440014"]
    parts = wetterau.areas[wetterau.areas["parent_key"] == "06440014"]
    assert sorted(parts["name"]) == ["Hainchen", "Himbach", "Rommelhausen"]
    for shape in towns["geometry"]:
        assert shape.intersection(wetterau.extent).area > 0.999 * shape.area


def test_boundaries_agree_with_those_of_the_state(wetterau: Reading, shared_path: Path, catalogue: Catalogue) -> None:
    official = read_file(shared_path / "germany/vg250-gem-2024-simplified.zip", "areas", catalogue).areas
    assert official is not None and wetterau.areas is not None
    by_key = official.set_index("area_key")["geometry"]
    for row in wetterau.areas[wetterau.areas["level"] == "municipality"].itertuples():
        both = row.geometry.intersection(by_key[row.area_key]).area
        assert both / row.geometry.union(by_key[row.area_key]).area > 0.8  # the state's are simplified


def test_outline_is_the_box_the_extract_was_cut_by(wetterau: Reading, shared_path: Path, catalogue: Catalogue) -> None:
    found = scan(shared_path / WETTERAU, catalogue)
    ways = np.array(found.ways, float)
    outline, is_box = complete_area(ways, np.empty((0, 2)), None)
    cut = box_shape(BOX)
    assert not is_box
    assert outline.difference(cut.buffer(30)).area == 0  # never too large
    assert outline.area > 0.95 * cut.area


def test_streets_are_at_the_edge_outside_the_outline_only(wetterau: Reading) -> None:
    network = wetterau.network
    assert network is not None
    at = shapely.points(network.node_x_dm / 10, network.node_y_dm / 10)
    inside = shapely.contains(box_shape(BOX).buffer(-1000), at)
    outside = ~shapely.contains(box_shape(BOX).buffer(30), at)
    assert not network.is_data_edge[inside].any()
    assert network.is_data_edge[outside].all()


# --- the outline ---------------------------------------------------------------------------------------------


def scattered(shape: shapely.Geometry, spacing_m: float, arm: bool = False) -> np.ndarray:
    """Short ways all over a shape (EPSG:3035), and if asked a long road that leaves it."""
    west, south, east, north = shape.bounds
    chance = np.random.default_rng(5)
    count = int((east - west) * (north - south) / spacing_m**2)
    x, y = chance.uniform(west, east, count), chance.uniform(south, north, count)
    keep = shapely.contains_xy(shape, x, y)
    starts = np.column_stack([x[keep], y[keep]])
    ways = np.stack([starts, starts + 40, starts + 80], axis=1)
    if arm:
        road = np.array([[(east - 10 + 300 * i, (south + north) / 2) for i in (0, 10 * k, 20 * k)] for k in (1, 2, 3)])
        ways = np.concatenate([ways, road])
    lon, lat = to_degrees(ways[:, :, 0].ravel(), ways[:, :, 1].ravel())
    return np.column_stack([lon, lat]).reshape(-1, 3, 2)


def test_box_of_the_header_counts_where_the_data_fill_it() -> None:
    box = (9.0, 50.2, 9.3, 50.4)
    outline, is_box = complete_area(scattered(box_shape(box), 400), np.empty((0, 2)), box)
    assert is_box
    assert outline.equals(box_shape(box))


def test_data_that_fill_half_the_box_bound_the_outline() -> None:
    """An extract cut along the border of a Land: its box reaches far into the neighbour."""
    box = (9.0, 50.2, 9.4, 50.4)
    cut = box_shape((9.0, 50.2, 9.2, 50.4))
    outline, is_box = complete_area(scattered(cut, 400), np.empty((0, 2)), box)
    assert not is_box
    assert outline.intersection(cut).area > 0.9 * cut.area
    assert outline.area < 1.15 * cut.area


def test_road_that_leaves_the_extract_does_not_widen_it() -> None:
    cut = box_shape((9.0, 50.2, 9.3, 50.4))
    outline, _ = complete_area(scattered(cut, 300, arm=True), np.empty((0, 2)), None)
    assert outline.difference(cut.buffer(1500)).area == 0
    assert outline.area > 0.85 * cut.area
