# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Read the streets of an OpenStreetMap file into arrays."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import osmium
import shapely
from numpy.typing import NDArray

from dableiben.core.errors import InputError
from dableiben.core.geo import to_metres
from dableiben.core.network import NODE_KEYS, WAY_KEYS, StreetNetwork, TagColumn
from dableiben.sources.base import check_file
from dableiben.sources.osm.extent import Box, Points, find_data_edge

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

FERRY = "ferry"
_ENDINGS = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")


@dataclass
class _Ways:
    """What the pass over the ways gathers."""

    id: array[int] = field(default_factory=lambda: array("q"))
    nodes: array[int] = field(default_factory=lambda: array("q"))
    length: array[int] = field(default_factory=lambda: array("l"))
    tags: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: {key: [] for key in WAY_KEYS})
    duration: list[tuple[int, str]] = field(default_factory=list)


def read_streets(path: Path, complete_area: shapely.Geometry | None = None) -> StreetNetwork:
    """Read streets, paths and ferries of a file in .osm.pbf, .osm, .osm.gz or .osm.bz2.

    complete_area   polygon in EPSG:3035 inside which the file is complete, where that is known; else the
                    edge of the data is found from the file (see extent.py)

    A file without streets gives an empty network. Errors: InputError if the file is missing, empty, damaged
    or no OpenStreetMap file.
    """
    check_file(path)
    with refusing_damaged(path):
        box = _header_box(path)
        ways = _read_ways(path)
        if not ways.id:
            return StreetNetwork.empty()
        refs = np.array(ways.nodes, np.int64)
        wanted = _ascending(refs)
        node_id, lon, lat = _read_nodes(path, wanted)
        tagged = _read_tagged_nodes(path)
    return _assemble(ways, refs, (node_id, lon, lat), tagged, box, complete_area)


@contextmanager
def refusing_damaged(path: Path) -> Iterator[None]:
    """Turn what osmium says about a damaged or foreign file into an InputError."""
    if not path.name.lower().endswith(_ENDINGS):
        raise InputError(
            "osm-unknown-ending",
            "Die Endung gehört zu keiner OpenStreetMap-Datei.",
            "Erwartet wird eine von: " + ", ".join(_ENDINGS) + ".",
            file=path,
        )
    try:
        yield
    except (RuntimeError, ValueError, OSError) as error:
        raise InputError(
            "osm-damaged",
            f"Die Datei lässt sich nicht als OpenStreetMap-Daten lesen ({error}).",
            "Die Datei neu herunterladen; sie ist abgeschnitten, beschädigt oder von anderer Art.",
            file=path,
        ) from error


def _header_box(path: Path) -> Box | None:
    with osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING) as reader:
        box = reader.header().box()
        if not box.valid():
            return None
        low, high = box.bottom_left, box.top_right
        return (low.lon, low.lat, high.lon, high.lat)


def _read_ways(path: Path) -> _Ways:
    ways = _Ways()
    keep = osmium.filter.KeyFilter("highway", "route")
    for way in osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(keep):
        tags = {tag.k: tag.v for tag in way.tags}
        if "highway" not in tags and tags.get("route") != FERRY:
            continue
        nodes = [node.ref for node in way.nodes]  # type: ignore[union-attr]
        if len(nodes) < 2 or way.deleted:  # type: ignore[union-attr]
            continue
        row = len(ways.id)
        ways.id.append(way.id)
        ways.length.append(len(nodes))
        ways.nodes.extend(nodes)
        for key in ways.tags.keys() & tags.keys():
            ways.tags[key].append((row, tags[key]))
        if "duration" in tags:
            ways.duration.append((row, tags["duration"]))
    return ways


def _read_nodes(path: Path, wanted: Int64) -> tuple[Int64, Int32, Int32]:
    """Ids (ascending), longitude and latitude in 1e-7 degrees of the wanted nodes that the file has."""
    places = _all_places(path) if wanted[0] < 0 else _indexed_places(path)
    ids, lon, lat = array("q"), array("i"), array("i")
    for node in wanted.tolist():
        place = places(node)
        if place is not None:
            ids.append(node)
            lon.append(place[0])
            lat.append(place[1])
    return np.array(ids, np.int64), np.array(lon, np.int32), np.array(lat, np.int32)


def _indexed_places(path: Path) -> Callable[[int], tuple[int, int] | None]:
    """Look-up in an index that osmium fills without a call into Python per node; 16 bytes per node of the
    file."""
    index = osmium.index.create_map("sparse_mem_array")
    handler = osmium.NodeLocationsForWays(index)
    handler.apply_nodes_to_ways = False
    with osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NODE) as reader:
        osmium.apply(reader, handler)

    def look_up(node: int) -> tuple[int, int] | None:
        try:
            place = index.get(node)
        except KeyError:
            return None
        return (place.x, place.y) if place.valid() else None

    return look_up


def _all_places(path: Path) -> Callable[[int], tuple[int, int] | None]:
    """The same for files with negative ids (drawn in an editor, not yet uploaded), which the index does not
    take."""
    places: dict[int, tuple[int, int]] = {}
    for node in osmium.FileProcessor(str(path), osmium.osm.NODE):
        assert isinstance(node, osmium.osm.Node)
        if node.location.valid() and not node.deleted:
            places[node.id] = (node.location.x, node.location.y)
    return places.get


def _read_tagged_nodes(path: Path) -> dict[int, dict[str, str]]:
    keep = osmium.filter.TagFilter(("highway", "traffic_signals"))
    tagged: dict[int, dict[str, str]] = {}
    for flt in (osmium.filter.KeyFilter("barrier"), keep):
        for node in osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(flt):
            tagged[node.id] = {tag.k: tag.v for tag in node.tags}
    return tagged


def _assemble(
    ways: _Ways,
    refs: Int64,
    nodes: tuple[Int64, Int32, Int32],
    tagged: dict[int, dict[str, str]],
    box: Box | None,
    complete_area: shapely.Geometry | None,
) -> StreetNetwork:
    node_id, lon7, lat7 = nodes
    index, row, start, beside, missing = _split_at_missing(refs, np.array(ways.length, np.int64), node_id)
    lon, lat = lon7 / 1e7, lat7 / 1e7
    x_m, y_m = to_metres(lon, lat)
    points = Points(lon, lat, x_m, y_m)
    is_edge, rule, trusted = find_data_edge(points, start, index, beside, box, complete_area)
    tagged_node, node_rows = _match_tagged(tagged, node_id)
    duration = np.full(len(ways.id), np.nan, np.float32)
    for way, text in ways.duration:
        duration[way] = parse_duration_s(text)
    columns = {key: _intern(pairs, len(ways.id)) for key, pairs in ways.tags.items()}
    return StreetNetwork(
        node_id=node_id,
        node_x_dm=np.floor(x_m * 10 + 0.5).astype(np.int32),
        node_y_dm=np.floor(y_m * 10 + 0.5).astype(np.int32),
        is_data_edge=is_edge,
        way_id=np.array(ways.id, np.int64)[row],
        way_start=start,
        way_node=index,
        way_tags={key: TagColumn(column.codes[row], column.words) for key, column in columns.items()},
        way_duration_s=duration[row],
        tagged_node=tagged_node,
        node_tags={
            key: _intern([(i, tags[key]) for i, tags in enumerate(node_rows) if key in tags], len(node_rows))
            for key in NODE_KEYS
        },
        box_degrees=trusted,
        edge_rule=rule,
        counts={
            "ways_read": len(ways.id),
            "nodes_read": len(node_id),
            "node_refs_missing": missing,
            "nodes_at_data_edge": int(is_edge.sum()),
        },
    )


def _split_at_missing(refs: Int64, length: Int64, node_id: Int64) -> tuple[Int32, Int32, Int32, NDArray[np.bool_], int]:
    """Cut ways at nodes the file lacks; pieces of one node are dropped.

    Returns node indices, the way each piece comes from, starts of the pieces, the nodes beside a hole, and
    the number of missing references.
    """
    beside = np.zeros(len(node_id), np.bool_)
    position = np.searchsorted(node_id, refs).astype(np.int32)
    position[position == len(node_id)] = 0
    known = node_id[position] == refs if len(node_id) else np.zeros(len(refs), np.bool_)
    way = np.repeat(np.arange(len(length), dtype=np.int32), length)
    if known.all():
        start = np.concatenate([[0], np.cumsum(length)]).astype(np.int32)
        return position, np.arange(len(length), dtype=np.int32), start, beside, 0
    same = way[1:] == way[:-1]
    beside[position[:-1][same & known[:-1] & ~known[1:]]] = True
    beside[position[1:][same & known[1:] & ~known[:-1]]] = True
    new_piece = np.ones(len(refs), np.bool_)
    new_piece[1:] = ~same | ~known[:-1]
    piece = np.cumsum(new_piece)[known]
    keep = np.bincount(piece)[piece] > 1
    piece, rows = piece[keep], way[known][keep]
    first = np.flatnonzero(np.diff(piece, prepend=-1))
    start = np.concatenate([first, [len(piece)]]).astype(np.int32)
    return position[known][keep], rows[first], start, beside, int((~known).sum())


def _ascending(ids: Int64) -> Int64:
    """Each id once (np.unique hashes, which is slow for ids of OpenStreetMap)."""
    ids = np.sort(ids)
    first = np.concatenate([[True], ids[1:] != ids[:-1]])
    return np.asarray(ids[first], np.int64)


def _match_tagged(tagged: dict[int, dict[str, str]], node_id: Int64) -> tuple[Int32, list[dict[str, str]]]:
    ids = np.array(sorted(tagged), np.int64)
    place = np.searchsorted(node_id, ids)
    known = node_id[np.minimum(place, len(node_id) - 1)] == ids if len(node_id) else np.zeros(len(ids), np.bool_)
    return place[known].astype(np.int32), [tagged[i] for i in ids[known].tolist()]


def _intern(pairs: list[tuple[int, str]], rows: int) -> TagColumn:
    words = tuple(sorted({word for _, word in pairs}))
    code = {word: i for i, word in enumerate(words)}
    codes = np.full(rows, -1, np.int16)
    if pairs:
        at, spelled = zip(*pairs, strict=True)
        # More words than codes: the last ones in the alphabet share one. No tag we ask for has that many.
        codes[list(at)] = np.minimum([code[word] for word in spelled], np.iinfo(np.int16).max)
    return TagColumn(codes, words[: np.iinfo(np.int16).max + 1])


def parse_duration_s(text: str) -> float:
    """Seconds from a tag duration: 'hh:mm', 'hh:mm:ss', minutes, or ISO 8601 (PT1H30M); NaN if it is none of
    these."""
    text = text.strip()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text) * 60
    if match := re.fullmatch(r"(\d+):(\d{1,2})(?::(\d{1,2}))?", text):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return float(hours * 3600 + minutes * 60 + seconds)
    if match := re.fullmatch(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", text):
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        total = float(days * 86400 + hours * 3600 + minutes * 60 + seconds)
        return total if total > 0 else float("nan")
    return float("nan")
