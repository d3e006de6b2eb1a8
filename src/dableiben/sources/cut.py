# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Cut public files of a whole Land or of Germany to a region and its surroundings, so that a check reads only those."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from dableiben.core.errors import InputError

if TYPE_CHECKING:
    import osmium

Box = tuple[float, float, float, float]
OWN_SHAPE = ("amenity", "building", "healthcare", "leisure", "office", "shop", "social_facility")
"""areas with one of these tags are things of their own, kept whole; forests and lakes are not needed"""


def cut_osm(sources: Sequence[Path], target: Path, box: Box) -> None:
    """Write what lies in a box (west, south, east, north in degrees), of one extract or several neighbouring ones.

    Ways with a node inside are kept whole, as are administrative boundaries from the district down and areas that
    are a facility or a building. The box stands in the header, so that the reader knows the edge of the data.
    Errors: InputError if a source cannot be read.
    """
    import osmium

    with TemporaryDirectory(dir=target.parent) as folder:
        parts = [Path(folder) / f"{number}.osm.pbf" for number in range(len(sources))]
        stamps = [_cut_one(source, part, box) for source, part in zip(sources, parts, strict=True)]
        if len(parts) == 1:
            parts[0].replace(target)
            return
        merged = osmium.MergeInputReader()
        for part in parts:
            merged.add_file(str(part))
        with osmium.SimpleWriter(str(target), header=_header(box, min(stamps)), overwrite=True) as writer:
            merged.apply(writer, simplify=True)


def _cut_one(source: Path, target: Path, box: Box) -> str:
    """Cut one extract; returns the time its data are of."""
    import osmium

    west, south, east, north = box
    try:
        with osmium.io.Reader(str(source), osmium.osm.NOTHING) as reader:
            stamp = str(reader.header().get("osmosis_replication_timestamp"))
        inside = osmium.IdTracker()
        for node in osmium.FileProcessor(str(source), osmium.osm.NODE):
            place = node.location  # type: ignore[union-attr] # only nodes were asked for
            if place.valid() and west <= place.lon <= east and south <= place.lat <= north:
                inside.add_node(node.id)
        _add_ways(source, inside)
        wanted = osmium.FileProcessor(str(source)).with_filter(inside.id_filter())
        with osmium.SimpleWriter(str(target), header=_header(box, stamp), overwrite=True) as writer:
            for thing in wanted:
                writer.add(thing)
    except (RuntimeError, OSError, ValueError) as error:
        raise InputError(
            "osm-not-readable", "Die OpenStreetMap-Datei ist beschädigt oder unvollständig.",
            "Die Datei neu laden.", file=source,
        ) from error  # fmt: skip
    return stamp


def _add_ways(source: Path, inside: osmium.IdTracker) -> None:
    """Ways with a node inside, relations that are kept whole, and all they refer to."""
    import osmium

    found = inside.contains_filter()
    for thing in osmium.FileProcessor(str(source), osmium.osm.WAY).with_filter(found):
        inside.add_way(thing.id)
    for thing in osmium.FileProcessor(str(source), osmium.osm.RELATION).with_filter(found):
        if _kept_whole(dict(thing.tags)):
            inside.add_relation(thing.id)
    inside.complete_backward_references(str(source), relation_depth=1)


def _kept_whole(tags: dict[str, str]) -> bool:
    if tags.get("boundary") == "administrative":
        return tags.get("admin_level", "") in ("6", "7", "8", "9", "10", "11")
    return tags.get("type") in ("multipolygon", "site") and any(key in tags for key in OWN_SHAPE)


def _header(box: Box, stamp: str) -> osmium.io.Header:
    import osmium

    west, south, east, north = box
    header = osmium.io.Header()
    header.add_box(osmium.osm.Box(west, south, east, north))
    header.set("generator", "dableiben")
    if stamp:
        header.set("osmosis_replication_timestamp", stamp)
    return header


def cut_grid(archive: Path, member: str, target: Path, bounds_m: Box) -> None:
    """Unpack the grid of an archive, keeping the cells in a box (EPSG:3035, metres), lines unaltered.

    Errors: InputError if the archive is damaged, lacks the member, or the grid has no columns x_mp and y_mp.
    """
    west, south, east, north = bounds_m
    try:
        with zipfile.ZipFile(archive) as opened:
            names = sorted(name for name in opened.namelist() if fnmatch(name.rsplit("/", 1)[-1], member))
            if not names:
                raise InputError(
                    "archive-without-member", f"Im Archiv fehlt eine Datei „{member}“.",
                    "Den Datensatz von Hand laden und mit „dableiben add“ hinzufügen.", file=archive,
                )  # fmt: skip
            with opened.open(names[0]) as lines, target.open("wb") as handle:
                head = lines.readline()
                columns = [name.strip().lower()[:4] for name in head.split(b";")]
                x, y = columns.index(b"x_mp"), columns.index(b"y_mp")
                handle.write(head)
                for line in lines:
                    cells = line.split(b";")
                    if west <= float(cells[x]) <= east and south <= float(cells[y]) <= north:
                        handle.write(line)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, IndexError) as error:
        raise InputError(
            "grid-not-readable", "Das Archiv mit dem Bevölkerungsgitter ist beschädigt oder anders aufgebaut.",
            "Den Datensatz von Hand laden und mit „dableiben add“ hinzufügen.", file=archive,
        ) from error  # fmt: skip
