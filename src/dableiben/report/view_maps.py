# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The words around the maps: title, legend, norms, and a table that says the same as the picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dableiben.report.anchors import Anchors
from dableiben.report.figures import Cell, Column, Figures, Row, Table
from dableiben.report.labels import Labels
from dableiben.report.maps import (
    GAP,
    HIDDEN,
    NOBODY,
    NONE,
    SERVED,
    UNKNOWN,
    Layer,
    ServiceMap,
    primary_mode,
    time_bounds,
)
from dableiben.report.sheet import Record
from dableiben.report.view_areas import AreaView
from dableiben.report.view_numbers import MEAN, NumberView

LIMITS = ("travel_time_max", "distance_max")
LISTED_MAX = 60
"""more facilities than these are not listed by name"""


@dataclass(frozen=True)
class ModePart:
    """What a map says for one mode."""

    mode: str
    label: str
    layer: Layer
    legend: tuple[tuple[str, str], ...]
    """(class, words)"""
    sentence: str
    table: Table


@dataclass(frozen=True)
class MapPanel:
    """A map with all that is around it."""

    id: str
    title: str
    domain: str
    map: ServiceMap
    first: str
    parts: tuple[ModePart, ...]
    norms: tuple[Cell, ...]
    gaps: tuple[Cell, ...]
    sites: str
    listed: Table | None
    description: str


class MapView:
    """Panels of the maps of one released result."""

    def __init__(
        self, labels: Labels, figures: Figures, anchors: Anchors, areas: AreaView, numbers: NumberView
    ) -> None:
        self.labels, self.figures, self.anchors = labels, figures, anchors
        self.areas, self.numbers = areas, numbers
        self.bounds = time_bounds(labels)

    def panel(self, one: ServiceMap) -> MapPanel:
        """The panel of a service."""
        labels = self.labels
        gaps = [gap for gap in self.areas.gaps if gap["kind"] == one.kind]
        first = primary_mode(one.layers, gaps) if one.layers else ""
        parts = tuple(self._part(one, layer) for layer in one.layers)
        sites = self._sites_sentence(one)
        title = labels.service(one.kind)
        description = " ".join([sites, *(part.sentence for part in parts if part.mode == first)])
        return MapPanel(
            self.anchors.map(one.kind), title, labels.domain(one.kind) or "", one, first, parts,
            tuple(self._norms(one.kind)), tuple(self._gap_links(gaps)), sites, self._listed(one.kind),
            description,
        )  # fmt: skip

    def _part(self, one: ServiceMap, layer: Layer) -> ModePart:
        mode = layer.mode
        return ModePart(
            mode, self.labels.word(f"mode.{mode}"), layer,
            tuple((name, self._class_words(name)) for name, _ in layer.classes),
            self._sentence(one.kind, mode), self._table(one.kind, mode),
        )  # fmt: skip

    def _class_words(self, name: str) -> str:
        word = self.labels.word
        if name in (GAP, UNKNOWN, HIDDEN, SERVED, NOBODY):
            return word(f"html.class.{name}")
        if name == NONE:
            return word("html.class.none", minutes=self.bounds[-1])
        number = int(name)
        if number == 0:
            return word("html.class.first", minutes=self.bounds[0])
        return word("html.class.between", low=self.bounds[number - 1], high=self.bounds[number])

    def _sentence(self, kind: str, mode: str) -> str:
        """The region in one number: share of persons within the longest of the usual limits."""
        whole = self.numbers.whole
        limit = self.numbers.limits[-1]
        if whole is None:
            return ""
        cell = self.numbers.within(kind, mode, limit, whole)
        if cell.look not in ("number", "zero"):
            return ""
        return f"{self.labels.indicator(limit, kind, mode)}: {cell.text}."

    def _table(self, kind: str, mode: str) -> Table:
        """The map as a table: municipalities with facilities and ways."""
        word, numbers = self.labels.word, self.numbers
        columns = (
            *self.figures.columns("municipality"),
            Column(word("html.column.sites"), numeric=True), *numbers.way_columns(),
        )  # fmt: skip
        whole = [numbers.whole] if numbers.whole is not None else []
        rows = []
        for area in (*whole, *self.areas.municipalities()):
            cells = (
                numbers.minutes(kind, mode, MEAN, area),
                *(numbers.within(kind, mode, n, area) for n in numbers.limits),
            )
            head = Cell(self.labels.names[area], href=self.anchors.area_href(area))
            rows.append(Row((head, self.areas.supply.sites(area, kind), *cells), strong=area in whole))
        caption = word("html.caption.map", kind=self.labels.service(kind), mode=word(f"mode.{mode}"))
        return Table(caption, columns, tuple(rows), dense=True)

    def _sites_sentence(self, one: ServiceMap) -> str:
        rows = self.areas.supply.of_service.get(one.kind, [])
        outside = sum(row["area_id"] is None for row in rows)
        possible = sum(bool(row["possible"]) for row in rows)
        text = self.labels.word("html.sites", n=len(rows), outside=outside, possible=possible)
        if one.beyond:
            text += " " + self.labels.word("html.beyond", n=one.beyond)
        return text

    def _norms(self, kind: str) -> Iterator[Cell]:
        """Limits in force for the service."""
        for norm in self.labels.released.run["norms_used"]:
            card = self.labels.catalogue.norms.get(norm["id"])
            if card is not None and kind in card.kinds and card.measure in LIMITS:
                value, said = norm["value"], self.labels.norm(norm["id"])
                if isinstance(value, (int, float)):
                    said += f": {self.labels.say.number(value)} {self.labels.norm_unit(norm['unit'])}"
                yield Cell(said, href=self.anchors.norm_href(norm["id"]))

    def _gap_links(self, gaps: list[Record]) -> Iterator[Cell]:
        """One link per area and cause, with the ranks of its gaps."""
        together: dict[tuple[str, str], list[Record]] = {}
        for gap in gaps:
            together.setdefault((gap["area_id"], gap["cause"]), []).append(gap)
        for (_, cause), mine in together.items():
            ranks = ", ".join(f"{gap['rank']}." for gap in mine)
            said = f"{ranks} {mine[0]['area_name']}: {self.labels.cause(mine[0]['kind'], cause)}"
            yield Cell(said, href=f"#{self.anchors.gap(mine[0]['gap_id'])}")

    def _listed(self, service: str) -> Table | None:
        """Facilities by name, where they are not too many."""
        rows = self.areas.supply.of_service.get(service, [])
        if not 0 < len(rows) <= LISTED_MAX:
            return None
        card = self.labels.card(service)
        unit = card.capacity_unit if card else None
        columns = (
            *self.figures.columns("name", "area"),
            *((Column(self.labels.word("column.usable_places"), numeric=True),) if unit else ()),
            *self.figures.columns("as_of", "source"),
        )
        body = sorted(
            (self._facility(row, unit is not None) for row in rows), key=lambda row: [c.text for c in row.cells]
        )
        return Table(
            self.labels.word("html.caption.sites", kind=self.labels.service(service)), columns, tuple(body), dense=True
        )

    def _facility(self, row: Record, with_places: bool) -> Row:
        word = self.labels.word
        area = word("table.outside") if row["area_id"] is None else self.labels.area(row["area_id"])
        town = self.labels.municipality(row["area_id"]) or ""
        places = [self.figures.unknown_or(row["usable_places"])] if with_places else []
        sources = self.anchors.source_cell(row["source"])
        note = word("html.perhaps") if row["possible"] else ""
        name = row["name"] or word("html.no_name")
        return Row((
            Cell(name, note=note), Cell(area or "", note=town if town != area else ""), *places,
            self.figures.day(row["as_of"]) if row["as_of"] else self.figures.unknown_or(None), sources,
        ))  # fmt: skip
