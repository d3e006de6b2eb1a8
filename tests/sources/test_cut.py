# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Files of a whole Land are cut to a region: nothing is lost inside, and the reader knows where the data end."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import osmium
import pandas as pd
import pytest

from dableiben.catalogue.load import load_catalogue
from dableiben.core.errors import InputError
from dableiben.core.geo import to_degrees
from dableiben.sources.base import Reading, read_file
from dableiben.sources.cut import cut_grid, cut_osm
from support.public_files import OSM, STEP_M, STEPS, X_M, Y_M, ZENSUS, write_public_files


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public")
    write_public_files(folder)
    return folder


def box_of(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    lon, lat = to_degrees(np.array([west, east]), np.array([south, north]))
    return float(lon[0]), float(lat[0]), float(lon[1]), float(lat[1])


def nodes_of(path: Path) -> dict[int, str]:
    return {n.id: n.tags.get("name", "") for n in osmium.FileProcessor(str(path), osmium.osm.NODE)}


def test_two_extracts_become_one_without_doubles(public: Path, tmp_path: Path) -> None:
    sources = [public / name for name in OSM.values()]
    target = tmp_path / "region.osm.pbf"
    size_m = STEP_M * STEPS
    cut_osm(sources, target, box_of(X_M - 500, Y_M - 500, X_M + size_m + 500, Y_M + size_m + 500))
    nodes = [n.id for n in osmium.FileProcessor(str(target), osmium.osm.NODE)]
    ways = {w.id: [n.ref for n in w.nodes] for w in osmium.FileProcessor(str(target), osmium.osm.WAY)}
    assert nodes == sorted(set(nodes)) == list(range(1, STEPS * STEPS + 1))  # all of the net, not the node far away
    assert set().union(*ways.values()) == set(nodes)
    assert sum(1 <= number <= STEPS for number in ways) == STEPS
    with osmium.io.Reader(str(target), osmium.osm.NOTHING) as reader:
        header = reader.header()
        assert header.get("osmosis_replication_timestamp") == "2026-01-01T00:00:00Z"  # the older of the two
        assert header.box().valid()


def test_ways_that_leave_the_box_are_kept_whole(public: Path, tmp_path: Path) -> None:
    source = public / OSM["13"]
    target = tmp_path / "region.osm.pbf"
    cut_osm([source], target, box_of(X_M + 100, Y_M + 100, X_M + 600, Y_M + 600))
    ways = {w.id: len(w.nodes) for w in osmium.FileProcessor(str(target), osmium.osm.WAY)}
    inside = {2, 3}  # the streets running north 250 m and 500 m from the corner
    assert {number for number in ways if number <= STEPS} == inside
    assert all(ways[number] == STEPS for number in inside)
    assert set(nodes_of(target)) < set(nodes_of(source))


def facilities_inside(reading: Reading, box_m: tuple[float, float, float, float]) -> pd.DataFrame:
    table = reading.facilities
    assert table is not None
    west, south, east, north = box_m
    inside = table["x_m"].between(west, east) & table["y_m"].between(south, north)
    return table[inside].sort_values(["source_id", "kind"], ignore_index=True)


def test_a_real_extract_keeps_all_that_lies_inside(shared_path: Path, tmp_path: Path) -> None:
    source = shared_path / "regions" / "wetterau" / "wetterau-2022-12.osm.pbf"
    whole = read_file(source, "osm", load_catalogue())
    assert whole.facilities is not None and whole.areas is not None
    x_m, y_m = (float(whole.facilities[name].median()) for name in ("x_m", "y_m"))
    box_m = (x_m - 5000, y_m - 5000, x_m + 5000, y_m + 5000)
    target = tmp_path / "region.osm.pbf"
    # The box in degrees holds the one in metres and a little more.
    frame = box_of(box_m[0] - 300, box_m[1] - 300, box_m[2] + 300, box_m[3] + 300)
    cut_osm([source], target, frame)
    assert target.stat().st_size < source.stat().st_size
    cut = read_file(target, "osm", load_catalogue())
    before, after = (facilities_inside(reading, box_m) for reading in (whole, cut))
    assert len(before) > 50
    pd.testing.assert_frame_equal(before, after)
    # Municipalities whose boundary touches the box keep their whole outline.
    assert cut.areas is not None
    known = {
        row["area_key"]: row["geometry"] for row in whole.areas.to_dict("records") if row["level"] == "municipality"
    }
    kept = [row for row in cut.areas.to_dict("records") if row["level"] == "municipality"]
    assert kept
    assert all(row["geometry"].equals(known[row["area_key"]]) for row in kept)


def test_a_damaged_extract_is_refused(public: Path, tmp_path: Path) -> None:
    content = (public / OSM["13"]).read_bytes()
    broken = tmp_path / "halb.osm.pbf"
    broken.write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError) as refused:
        cut_osm([broken], tmp_path / "region.osm.pbf", (9.0, 53.0, 10.0, 54.0))
    assert refused.value.code == "osm-not-readable"
    assert not (tmp_path / "region.osm.pbf").exists()


def test_the_grid_keeps_the_cells_of_the_region_as_they_are(public: Path, tmp_path: Path) -> None:
    target = tmp_path / "zensus2022_100m-Gitter.csv"
    cut_grid(public / ZENSUS, "*100m-Gitter.csv", target, (X_M, Y_M, X_M + 10_000, Y_M + 10_000))
    lines = target.read_bytes().splitlines()
    with zipfile.ZipFile(public / ZENSUS) as archive:
        source = archive.read("Zensus2022_Bevoelkerungszahl_100m-Gitter.csv").splitlines()
    assert lines == source[:-1]  # all but the cell far away
    reading = read_file(target, "population", load_catalogue())
    assert reading.grid is not None and reading.grid["value"].sum() == 70
    assert str(reading.report.source.as_of) == "2022-05-15"


def test_an_archive_that_is_none_or_another_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    for write, code in (
        (lambda: path.write_bytes(b"PK no archive"), "grid-not-readable"),
        (lambda: zip_with(path, "liesmich.txt", "nichts"), "archive-without-member"),
        (lambda: zip_with(path, "a_100m-Gitter.csv", "a;b;c\n1;2;3\n"), "grid-not-readable"),
        (lambda: zip_with(path, "a_100m-Gitter.csv", "id;x_mp;y_mp\n1;zwei;3\n"), "grid-not-readable"),
    ):
        write()
        with pytest.raises(InputError) as refused:
            cut_grid(path, "*100m-Gitter.csv", tmp_path / "out.csv", (0, 0, 1, 1))
        assert refused.value.code == code


def zip_with(path: Path, name: str, text: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, text)
