# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Maps as SVG paths: outlines once for all maps, per service cells merged into one path per class.

Coordinates are whole numbers of `UNIT_M` from the north-west corner of the frame, so a map stays small. Cells are
drawn as strokes of squares along a row: ``M3 7h4`` are five cells from column 3 on in row 7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from dableiben.privacy.released import Released
from dableiben.report.labels import Labels, known
from dableiben.report.map_paths import (
    UNIT_M,
    Frame,
    Ints,
    cell_path,
    dots,
    outline,
    overlap,
    round_length,
    text_box,
)  # fmt: skip
from dableiben.report.sheet import Record

MARGIN = 0.06
"""of the frame, so that the nearest facilities beyond the border are seen"""
LARGE_MAX = 120
"""more facilities than these are drawn small"""
OUTLINED_MAX = 6
"""more areas with a gap than these are not outlined, or nothing is seen for lines"""
GAP, UNKNOWN, HIDDEN, NONE, SERVED, NOBODY = "gap", "unknown", "hidden", "none", "served", "nobody"
SPECIAL = (NOBODY, SERVED, NONE, HIDDEN, UNKNOWN, GAP)
"""classes beside the times, in the order they are drawn"""
OUTLINE_LEVELS = ("locality", "municipality", "amt", "district")
MODES = ("foot", "bike", "car")


@dataclass(frozen=True)
class Name:
    """A place name on the map."""

    x: int
    y: int
    text: str
    level: str


@dataclass(frozen=True)
class BaseMap:
    """What all maps share."""

    frame: Frame
    outlines: tuple[tuple[str, str], ...]
    """(level, path)"""
    names: tuple[Name, ...]
    scale_units: int
    scale_km: float
    cell_units: float
    cell_width: float
    """of a stroke in cells: small cells are drawn larger than they are, so that they can be seen"""


@dataclass(frozen=True)
class Layer:
    """Cells of one service by one mode: (class, path); times are numbered from 0."""

    mode: str
    classes: tuple[tuple[str, str], ...]
    judged: bool


@dataclass(frozen=True)
class Marker:
    """The gaps of an area on the map: rank of the first, and the outline of the area."""

    rank: int
    gap_id: str
    x: int
    y: int
    outline: str


@dataclass(frozen=True)
class ServiceMap:
    """Layers, facilities and gaps of one service."""

    kind: str
    layers: tuple[Layer, ...]
    sites: str
    possible_sites: str
    beyond: int
    """facilities outside the frame"""
    markers: tuple[Marker, ...]

    @property
    def size(self) -> str:
        """Class of the symbols: small where there are so many that they would hide the cells."""
        return "small" if self.sites.count("h") + self.possible_sites.count("h") > LARGE_MAX else "large"


class Atlas:
    """All maps of a released result; empty where no area has an outline and no cell a place."""

    def __init__(self, labels: Labels) -> None:
        self.labels, self.released = labels, labels.released
        self.bounds = time_bounds(labels)
        self.frame = _frame(self.released)
        self.shapes: dict[str, Any] = {}
        if self.frame is not None:
            areas = self.released.areas
            pairs = zip(areas["area_id"], areas.geometry, strict=True)
            self.shapes = {str(a): s for a, s in pairs if s is not None and not s.is_empty}

    def base(self) -> BaseMap | None:
        """Outlines, names and scale; None where nothing can be drawn."""
        frame = self.frame
        if frame is None:
            return None
        km = round_length(frame.width * UNIT_M / 1000 / 5)
        cell = (self.released.size_m or 100) / UNIT_M
        outlines = [(level, self._outline_of(level)) for level in OUTLINE_LEVELS]
        return BaseMap(
            frame, tuple((level, d) for level, d in outlines if d), tuple(self._names()),
            round(km * 1000 / UNIT_M), km, cell, round(max(1.04, 3.2 * frame.px / cell), 2),
        )  # fmt: skip

    def services(self) -> Iterator[ServiceMap]:
        """Maps in the order of services: those that have facilities or gaps with a place."""
        if self.frame is None:
            return
        sites, gaps = self._sites(), self._gaps()
        layers = self._layers()
        hidden = protected_services(self.labels)
        for kind in sorted((set(sites) | set(gaps)) - hidden, key=self.labels.service_order):
            certain, possible, beyond = sites.get(kind, ("", "", 0))
            if kind in layers or certain or possible or kind in gaps:
                yield ServiceMap(kind, layers.get(kind, ()), certain, possible, beyond, tuple(gaps.get(kind, ())))

    def _outline_of(self, level: str) -> str:
        assert self.frame is not None
        shapes = [self.shapes[a] for a in sorted(self.shapes) if self.labels.levels.get(a) == level]
        if level == "district":
            # What is assessed, not what the district covers beyond it; and one line where sources differ by metres.
            towns = [self.shapes[a] for a in sorted(self.shapes) if self.labels.levels.get(a) == "municipality"]
            shapes = [shapely.union_all(towns)] if towns else shapes
        return "".join(outline(self.frame, shape) for shape in shapes)

    def _names(self) -> Iterator[Name]:
        """Names of municipalities and localities that do not cover each other."""
        assert self.frame is not None
        taken: list[tuple[float, float, float, float]] = []
        for level, size_px in (("municipality", 13.0), ("locality", 9.5)):
            for area_id in self._by_weight(level):
                centre = self._centre(area_id)
                text = self.labels.names[area_id]
                if centre is None or (level == "locality" and self._named_alike(area_id)):
                    continue
                # Below the houses, so that a name hides nobody.
                point = centre[0], centre[1] + round((8.0 + size_px * 0.6) * self.frame.px)
                box = text_box(point, text, size_px * self.frame.px)
                if not any(overlap(box, other) for other in taken):
                    taken.append(box)
                    yield Name(*point, text, level)

    def _by_weight(self, level: str) -> list[str]:
        """Areas of a level, those with a gap first, then the larger ones."""
        named = set(self.labels.gaps["area_id"])
        ids = [a for a, at in self.labels.levels.items() if at == level]
        cells = self._cells_of_area
        return sorted(ids, key=lambda a: (a not in named, -cells.get(a, (0, 0.0, 0.0))[0], a))

    def _named_alike(self, area_id: str) -> bool:
        parent = self.labels.parents.get(area_id)
        return parent is not None and self.labels.names.get(parent) == self.labels.names[area_id]

    @property
    def _cells_of_area(self) -> dict[str, tuple[int, float, float]]:
        if not hasattr(self, "_counted"):
            cells = self.released.tables["cells"][["cell_id", "x_m", "y_m", "area_id"]].drop_duplicates("cell_id")
            grouped = cells.astype({"x_m": float, "y_m": float}).groupby("area_id", sort=True)
            sums = grouped.agg(n=("x_m", "size"), x=("x_m", "mean"), y=("y_m", "mean"))
            self._counted = {str(a): (int(n), float(x), float(y)) for a, n, x, y in sums.itertuples()}
        return self._counted

    def _centre(self, area_id: str) -> tuple[int, int] | None:
        """Where the people of an area live in the mean; else a point inside its outline."""
        assert self.frame is not None
        name = self.labels.names.get(area_id)
        same = [a for a, p in self.labels.parents.items() if p == area_id and self.labels.names[a] == name]
        for candidate in (*same, area_id):
            if candidate in self._cells_of_area:
                _, x_m, y_m = self._cells_of_area[candidate]
                return self.frame.at(x_m, y_m)
        if area_id in self.shapes:
            point = shapely.point_on_surface(self.shapes[area_id])
            return self.frame.at(point.x, point.y)
        return None

    def _sites(self) -> dict[str, tuple[str, str, int]]:
        assert self.frame is not None
        members = {kind: pool for pool, card in sorted(self.labels.catalogue.pools.items()) for kind in card.kinds}
        table = self.released.tables["facilities"]
        columns = (table[name].tolist() for name in ("kind", "x_m", "y_m", "possible"))
        found: dict[str, tuple[set[tuple[int, int]], set[tuple[int, int]], list[int]]] = {}
        for kind, x_m, y_m, possible in zip(*columns, strict=True):
            certain, perhaps, beyond = found.setdefault(members.get(kind, kind), (set(), set(), []))
            if known(x_m) is None or known(y_m) is None:
                continue
            point = self.frame.at(float(x_m), float(y_m))
            if not self.frame.holds(*point):
                beyond.append(1)
            else:
                (perhaps if possible else certain).add(point)
        return {kind: (dots(c), dots(p - c), len(b)) for kind, (c, p, b) in found.items()}

    def _gaps(self) -> dict[str, list[Marker]]:
        assert self.frame is not None
        found: dict[str, list[Marker]] = {}
        step = round(20 * self.frame.px)
        marked: set[tuple[str, str]] = set()
        table = self.labels.gaps
        for kind, gap_id, rank, area_id in table[["kind", "gap_id", "rank", "area_id"]].itertuples(index=False):
            shape, point = self.shapes.get(area_id), self._centre(area_id)
            if self.labels.levels.get(area_id) not in ("locality", "municipality") and shape is not None:
                inner = shapely.point_on_surface(shape)
                point = self.frame.at(inner.x, inner.y)
            if point is None or (kind, area_id) in marked:
                continue
            marked.add((kind, area_id))
            edge = "" if shape is None or shape.is_empty else outline(self.frame, shape)
            place = point[0] + step, point[1] - round(0.6 * step)
            found.setdefault(kind, []).append(Marker(int(rank), gap_id, *place, edge))
        for kind, markers in found.items():
            if len(markers) > OUTLINED_MAX:
                found[kind] = [replace(marker, outline="") for marker in markers]
        return found

    def _layers(self) -> dict[str, tuple[Layer, ...]]:
        """Per service its layers, modes in order."""
        assert self.frame is not None
        cells = self.released.tables["cells"]
        if cells.empty or not self.released.size_m:
            return {}
        size = float(self.released.size_m)
        column = np.floor((cells["x_m"].to_numpy(float) - self.frame.west_m) / size).astype(np.int64)
        row = np.floor((self.frame.north_m - cells["y_m"].to_numpy(float)) / size).astype(np.int64)
        classes = self._classes(cells)
        found: dict[str, list[Layer]] = {}
        groups: dict[Any, Any] = cells.groupby(["kind", "mode"], sort=True).indices
        for kind, mode in sorted(groups, key=lambda key: (key[0], MODES.index(key[1]))):
            rows = groups[kind, mode]
            mine = classes[rows]
            paths = [
                (name, cell_path(column[rows][mine == number], row[rows][mine == number]))
                for number, name in enumerate(self.class_names)
            ]
            judged = bool(cells["status_distance"].iloc[rows].isin(["gap", "covered", "unknown"]).any())
            shown = tuple((name, d) for name, d in paths if d)
            if {name for name, _ in shown} != {NONE}:  # a map on which nothing is in reach anywhere says nothing
                found.setdefault(kind, []).append(Layer(mode, shown, judged))
        return {kind: tuple(layers) for kind, layers in found.items()}

    @property
    def class_names(self) -> tuple[str, ...]:
        """Times from near to far by number, then what is no time; drawn in this order."""
        return (*(str(number) for number in range(len(self.bounds))), *SPECIAL)

    def _classes(self, cells: pd.DataFrame) -> Ints:
        """Number of the class in `class_names` per row. The council's version shows times, not unconfirmed gaps."""
        minutes = cells["travel_time_min"].to_numpy(float, na_value=np.nan)
        status = cells["status_distance"].to_numpy(object)
        number = {name: n for n, name in enumerate(self.class_names)}
        far = np.isnan(minutes) | (minutes > self.bounds[-1])
        result = np.searchsorted(np.array(self.bounds), np.where(far, 0.0, minutes), side="left").astype(np.int64)
        result[far] = number[NONE]
        result[far & (status == "covered")] = number[SERVED]
        result[status == "unknown"] = number[UNKNOWN]
        if not self.released.council:
            result[status == "gap"] = number[GAP]
            result[status == "not_applicable"] = number[NOBODY]
        result[cells["withheld"].notna().to_numpy()] = number[HIDDEN]
        return result


def time_bounds(labels: Labels) -> tuple[float, ...]:
    """Upper bounds of the classes of travel time, from the minutes of the assessment card."""
    numbers: Any = labels.released.run["settings"].get("assessment") or {}
    card = labels.catalogue.assessment
    minutes = sorted(float(m) for m in numbers.get("indicator_minutes", card.indicator_minutes))
    last = float(numbers.get("search_minutes", card.search_minutes))
    return tuple(sorted({minutes[0] / 3, minutes[0] * 2 / 3, *minutes, last}))


def _frame(released: Released) -> Frame | None:
    """Around the assessed municipalities; around all areas where no municipality has an outline."""
    areas = released.areas
    areas = areas[[shape is not None and not shape.is_empty for shape in areas.geometry]]
    towns = areas[areas["level"] == "municipality"]
    if areas.empty or released.tables["cells"].empty:
        return None
    west, south, east, north = (towns if len(towns) else areas).total_bounds
    edge = MARGIN * max(east - west, north - south)
    size = released.size_m or 100
    # On the grid of the cells, so that columns and rows are whole numbers.
    west, north = np.floor((west - edge) / size) * size, np.ceil((north + edge) / size) * size
    width, height = round((east + edge - west) / UNIT_M), round((north - south + edge) / UNIT_M)
    return Frame(float(west), float(north), int(width), int(height))


def protected_services(labels: Labels) -> set[str]:
    """Services with a kind whose places are never shown, not even that there is nothing to show."""
    kinds = {kind for kind, card in labels.catalogue.kinds.items() if card.protection == "hidden"}
    return kinds | {pool for pool, card in labels.catalogue.pools.items() if kinds & set(card.kinds)}


def primary_mode(layers: Sequence[Layer], gaps: Sequence[Record]) -> str:
    """The mode that is shown first: that of the first gap, else one with a limit, else the fastest."""
    modes = [layer.mode for layer in layers]
    for gap in gaps:
        if gap["mode"] in modes:
            return str(gap["mode"])
    judged = [layer.mode for layer in layers if layer.judged]
    return (judged or modes)[-1]
