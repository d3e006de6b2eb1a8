# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Reading streets from OpenStreetMap files: what is kept, where the data end, what is refused."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from dableiben.core.errors import InputError
from dableiben.core.geo import to_metres
from dableiben.core.network import StreetNetwork
from dableiben.sources.osm.streets import parse_duration_s, read_streets

Tags = dict[str, str]


def osm_text(
    nodes: dict[int, tuple[float, float]],
    ways: dict[int, tuple[list[int], Tags]],
    node_tags: dict[int, Tags] | None = None,
    box: tuple[float, float, float, float] | None = None,
) -> str:
    """An .osm file: node id -> (lon, lat); way id -> (node ids, tags)."""

    def tags(of: Tags) -> str:
        return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in of.items())

    lines = ['<?xml version="1.0"?><osm version="0.6" generator="hand">']
    if box:
        lines.append('<bounds minlon="{}" minlat="{}" maxlon="{}" maxlat="{}"/>'.format(*box))
    for i, (lon, lat) in nodes.items():
        inner = tags((node_tags or {}).get(i, {}))
        lines.append(f'<node id="{i}" version="1" lon="{lon}" lat="{lat}">{inner}</node>')
    for i, (refs, of) in ways.items():
        lines.append(f'<way id="{i}" version="1">' + "".join(f'<nd ref="{r}"/>' for r in refs) + tags(of) + "</way>")
    return "\n".join([*lines, "</osm>"])


SQUARE = {1: (9.00, 50.0), 2: (9.01, 50.0), 3: (9.01, 50.01), 4: (9.00, 50.01), 5: (9.005, 50.005)}
STREET = {"highway": "residential"}


def read_text(folder: Path, text: str, name: str = "streets.osm", **more: object) -> StreetNetwork:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_streets(path, **more)  # type: ignore[arg-type]


def test_tags_nodes_and_coordinates_are_kept(tmp_path: Path) -> None:
    ways = {
        10: ([1, 2, 3], {"highway": "residential", "maxspeed": "30", "name": "Gasse", "oneway": "yes"}),
        11: ([3, 4], {"route": "ferry", "duration": "00:05"}),
        12: ([4, 1], {"route": "bus"}),
        13: ([1, 5], {"building": "yes"}),
        14: ([5], STREET),
    }
    node_tags = {2: {"barrier": "gate", "access": "private"}, 5: {"barrier": "x"}}
    network = read_text(tmp_path, osm_text(SQUARE, ways, node_tags))
    assert network.way_id.tolist() == [10, 11]
    assert network.node_id.tolist() == [1, 2, 3, 4], "only nodes of streets"
    assert network.way_node.tolist() == [0, 1, 2, 2, 3]
    x_m, y_m = to_metres(np.array([9.01]), np.array([50.0]))
    assert abs(network.node_x_dm[1] - x_m[0] * 10) <= 0.5
    assert abs(network.node_y_dm[1] - y_m[0] * 10) <= 0.5
    assert network.way_tags["maxspeed"].words == ("30",)
    assert network.way_tags["oneway"].codes.tolist() == [0, -1]
    assert network.way_duration_s[1] == 300
    assert np.isnan(network.way_duration_s[0])
    assert network.tagged_node.tolist() == [1], "a barrier beside the streets does not matter"
    assert network.node_tags["access"].words == ("private",)


@pytest.mark.parametrize("ending", ["osm", "osm.gz", "osm.bz2", "osm.pbf"])
def test_all_formats_say_the_same(tmp_path: Path, ending: str) -> None:
    text = osm_text(SQUARE, {10: ([1, 2, 3], STREET)}, {2: {"highway": "traffic_signals"}}, (8.99, 49.99, 9.02, 50.02))
    plain = read_text(tmp_path, text)
    path = tmp_path / f"other.{ending}"
    if ending == "osm.pbf":
        with osmium.io.Reader(str(tmp_path / "streets.osm")) as reader:
            header = reader.header()
        with osmium.SimpleWriter(str(path), header=header) as writer:
            for thing in osmium.FileProcessor(str(tmp_path / "streets.osm")):
                writer.add(thing)
    else:
        pack = {"osm": bytes, "osm.gz": gzip.compress, "osm.bz2": bz2.compress}[ending]
        path.write_bytes(pack(text.encode()))
    other = read_streets(path)
    for name in ("node_id", "node_x_dm", "node_y_dm", "way_id", "way_node", "tagged_node", "is_data_edge"):
        assert np.array_equal(getattr(plain, name), getattr(other, name)), name
    assert other.way_tags["highway"].words == ("residential",)
    assert other.box_degrees == plain.box_degrees == (8.99, 49.99, 9.02, 50.02)


def test_a_missing_node_cuts_the_way_and_is_an_edge_of_the_data(tmp_path: Path) -> None:
    ways = {10: ([1, 2, 99, 3, 4], STREET), 11: ([5, 98], STREET), 12: ([1, 5], STREET)}
    network = read_text(tmp_path, osm_text(SQUARE, ways))
    assert network.edge_rule == "missing-nodes"
    assert network.counts["node_refs_missing"] == 2
    assert network.way_id.tolist() == [10, 10, 12]
    nodes = network.node_id[network.way_node]
    pieces = [piece.tolist() for piece in np.split(nodes, network.way_start[1:-1])]
    assert pieces == [[1, 2], [3, 4], [1, 5]]
    assert network.node_id[network.is_data_edge].tolist() == [2, 3, 5]


def test_nodes_beyond_the_box_of_the_header_are_the_edge(tmp_path: Path) -> None:
    text = osm_text(SQUARE, {10: ([1, 2, 3, 4, 5], STREET)}, box=(8.999, 49.999, 9.008, 50.02))
    network = read_text(tmp_path, text)
    assert network.edge_rule == "header-box"
    assert network.node_id[network.is_data_edge].tolist() == [2, 3]


def test_where_ways_are_cut_inside_the_box_the_edge_lies_within(tmp_path: Path) -> None:
    """300 m are 0.0027 degrees of latitude and 0.0042 of longitude here."""
    text = osm_text(SQUARE, {10: ([1, 2, 3, 4, 5], STREET)}, box=(8.998, 49.998, 9.02, 50.02))
    network = read_text(tmp_path, text)
    assert network.edge_rule == "header-box-inset"
    assert network.node_id[network.is_data_edge].tolist() == [1, 2, 4]


@pytest.mark.parametrize("box", [(-180.0, -90.0, 180.0, 90.0), (20.0, 40.0, 20.1, 40.1)])
def test_a_box_that_says_nothing_is_not_trusted(tmp_path: Path, box: tuple[float, float, float, float]) -> None:
    network = read_text(tmp_path, osm_text(SQUARE, {10: ([1, 2, 3, 4, 5], STREET)}, box=box))
    assert network.edge_rule == "outline"
    assert network.box_degrees is None


def grid_streets(size: int, keep: tuple[float, float, float, float]) -> str:
    """A square net of short streets; whole ways that touch the box `keep`, as extracts keep them."""
    place = {y * size + x + 1: (9 + x * 0.002, 50 + y * 0.002) for x in range(size) for y in range(size)}
    ways: dict[int, tuple[list[int], Tags]] = {}
    for y in range(size):
        for x in range(0, size - 4, 4):
            row, column = y * size + x + 1, x * size + y + 1
            ways[len(ways) + 1] = (list(range(row, row + 5)), STREET)
            ways[len(ways) + 1] = (list(range(column, column + 5 * size, size)), STREET)
    west, south, east, north = keep

    def inside(node: int) -> bool:
        return west <= place[node][0] <= east and south <= place[node][1] <= north

    kept = {i: way for i, way in ways.items() if any(inside(n) for n in way[0])}
    used = sorted({n for refs, _ in kept.values() for n in refs})
    return osm_text({n: place[n] for n in used}, kept)


def test_without_a_box_the_outline_is_found_from_the_ways(tmp_path: Path) -> None:
    """Every node outside the true box is called an edge, and hardly more than one block inside it."""
    box = (9.021, 50.021, 9.141, 50.121)
    network = read_text(tmp_path, grid_streets(81, box))
    lon, lat = 9 + (network.node_id - 1) % 81 * 0.002, 50 + (network.node_id - 1) // 81 * 0.002
    outside = (lon < box[0]) | (lon > box[2]) | (lat < box[1]) | (lat > box[3])
    deep = (lon > box[0] + 0.01) & (lon < box[2] - 0.01) & (lat > box[1] + 0.01) & (lat < box[3] - 0.01)
    assert network.edge_rule == "outline"
    assert outside.sum() > 200
    assert network.is_data_edge[outside].all()
    assert deep.sum() > 1000
    assert not network.is_data_edge[deep].any()


def test_a_given_area_decides_where_the_data_are_complete(tmp_path: Path) -> None:
    x_m, y_m = to_metres(np.array([9.005]), np.array([50.005]))
    near = shapely.Point(x_m[0], y_m[0]).buffer(100)
    network = read_text(tmp_path, osm_text(SQUARE, {10: ([1, 2, 3, 4, 5], STREET)}), complete_area=near)
    assert network.edge_rule == "given-area"
    assert network.node_id[~network.is_data_edge].tolist() == [5]


def test_files_from_an_editor_with_negative_ids(tmp_path: Path) -> None:
    nodes = {-1: (9.0, 50.0), -2: (9.01, 50.0), 3: (9.01, 50.01)}
    network = read_text(tmp_path, osm_text(nodes, {-10: ([-1, -2, 3], STREET)}))
    assert network.node_id.tolist() == [-2, -1, 3]
    assert network.counts["node_refs_missing"] == 0


def test_no_streets_is_an_empty_network(tmp_path: Path) -> None:
    network = read_text(tmp_path, osm_text(SQUARE, {13: ([1, 5], {"building": "yes"})}))
    assert network.is_empty
    assert read_text(tmp_path, osm_text(SQUARE, {}), "bare.osm").is_empty
    nodeless = read_text(tmp_path, osm_text({}, {10: ([1, 2], STREET)}), "nodeless.osm")
    assert len(nodeless.way_id) == 0


def test_wetterau_is_read_completely(shared_path: Path) -> None:
    network = read_streets(shared_path / "regions" / "wetterau" / "wetterau-2022-12.osm.pbf")
    assert len(network.way_id) == 7591
    assert network.counts["node_refs_missing"] == 0
    assert network.edge_rule == "outline"
    # The extract is a box with whole ways beyond it: few nodes, and all at the rim, are edge.
    x_m, y_m = network.node_x_dm / 10, network.node_y_dm / 10
    inner = (x_m > 4_243_000) & (x_m < 4_253_000) & (y_m > 3_017_000) & (y_m < 3_029_500)
    assert inner.sum() > 25_000
    assert not network.is_data_edge[inner].any()
    beyond = (x_m < 4_242_000) | (x_m > 4_254_000) | (y_m < 3_015_000) | (y_m > 3_031_000)
    assert network.is_data_edge[beyond].all()


@pytest.mark.parametrize("share", [0.999, 0.9, 0.5, 0.1, 0.001])
def test_a_truncated_pbf_is_refused(shared_path: Path, tmp_path: Path, share: float) -> None:
    whole = (shared_path / "regions" / "wetterau" / "wetterau-2022-12.osm.pbf").read_bytes()
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError) as refusal:
        read_streets(path)
    assert refusal.value.code == "osm-damaged"
    assert refusal.value.file == path


TEXT = osm_text(SQUARE, {10: ([1, 2, 3], STREET)}).encode()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("text.osm.pbf", b"Das ist kein PBF.", "osm-damaged"),
        ("xml.osm.pbf", TEXT, "osm-damaged"),
        ("empty.osm.pbf", b"", "file-empty"),
        ("noise.osm.pbf", bytes(range(256)) * 40, "osm-damaged"),
        ("cut.osm", TEXT[: len(TEXT) // 2], "osm-damaged"),
        ("cut.osm.gz", gzip.compress(TEXT)[:-40], "osm-damaged"),
        ("cut.osm.bz2", bz2.compress(TEXT)[:-20], "osm-damaged"),
        ("page.osm", b"<!DOCTYPE html><html><body>404</body></html>", "osm-damaged"),
        ("table.osm", b"a;b;c\n1;2;3\n", "osm-damaged"),
        ("streets.xlsx", b"PK", "osm-unknown-ending"),
    ],
)
def test_damaged_and_foreign_files_are_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as refusal:
        read_streets(path)
    assert refusal.value.code == code
    assert "So beheben" in str(refusal.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gibt es nicht"):
        read_streets(tmp_path / "nowhere.osm.pbf")


def test_flipped_bytes_never_end_in_a_traceback(shared_path: Path, tmp_path: Path) -> None:
    """Read or refused, nothing else; a changed coordinate cannot be noticed."""
    whole = bytearray((shared_path / "regions" / "wetterau" / "wetterau-2022-12.osm.pbf").read_bytes())
    random = np.random.default_rng(5)
    refused = 0
    for _ in range(12):
        broken = bytearray(whole)
        for place in random.integers(0, len(whole), 3):
            broken[place] ^= 1 << int(random.integers(0, 8))
        path = tmp_path / "flipped.osm.pbf"
        path.write_bytes(bytes(broken))
        try:
            read_streets(path)
        except InputError:
            refused += 1
    assert refused > 6


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("00:20", 1200), ("1:05", 3900), ("00:01:30", 90), ("15", 900), ("2.5", 150), ("PT1H30M", 5400), ("PT10M", 600)],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration_s(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "P", "20 min", "-5"])
def test_durations_that_are_none(text: str) -> None:
    assert np.isnan(parse_duration_s(text))
