# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From released tables to what the report shows of areas: need by municipality, balance, comparison."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dableiben.privacy.coverage import is_audience
from dableiben.report.anchors import Anchors
from dableiben.report.concerned import SHARED, Concerned, ConcernedByArea
from dableiben.report.figures import Cell, Column, Figures, Row, Table
from dableiben.report.finding_sheets import EXACT, share_in_gap, step_of_gaps
from dableiben.report.labels import Labels
from dableiben.report.questions import areas_of, open_questions
from dableiben.report.rated import is_rated, rated_services
from dableiben.report.sheet import Record, Sign, count, in_order, records
from dableiben.report.view_supply import SupplyView, around

SHEET_LEVELS = ("municipality",)
UPPER_LEVELS = ("district", "mittelbereich", "amt", "planning_area")
EVERYBODY = "alle"
COMPARISON = "comparison"
"""the tier that is no duty and stands apart"""
MATRIX_SERVICES = 12
"""beside each other, so that a table fits on paper"""


@dataclass(frozen=True)
class AreaSheet:
    """What the report says of one municipality: gaps, rated offers, and in sentences the others."""

    id: str
    name: str
    text: tuple[str, ...]
    gaps: tuple[tuple[str, tuple[Cell, ...]], ...]
    table: Table | None
    balance: Table | None
    others: tuple[str, ...]


class AreaView:
    """Tables by area of one released result."""

    def __init__(self, labels: Labels, figures: Figures, anchors: Anchors, supply: SupplyView) -> None:
        self.labels, self.figures, self.anchors, self.supply = labels, figures, anchors, supply
        tables = labels.released.tables
        self.coverage = in_order(
            records(tables["coverage"]), lambda row: labels.service_order(row["kind"]), lambda row: row["group"]
        )
        self.gaps = in_order(records(labels.gaps), lambda gap: gap["rank"])
        self.rows: dict[str, list[Record]] = defaultdict(list)
        for row in self.coverage:
            self.rows[row["area_id"]].append(row)
        self.rated = rated_services(labels)
        self.concerned = ConcernedByArea(labels)

    def municipalities(self) -> list[str]:
        """Municipalities in the order of their names."""
        return sheet_areas(self.labels)

    def persons(self, area_id: str) -> float | Sign | None:
        """All persons of an area: the need of a group that is everybody; None where nothing says it."""
        everybody = [row for row in self.rows[area_id] if row["group"] == EVERYBODY]
        counts = [count(row, "need_persons") for row in everybody]
        numbers = [value for value in counts if isinstance(value, float)]
        if numbers:
            return max(numbers)
        return Sign.WITHHELD if Sign.WITHHELD in counts else None

    def overview(self) -> Table:
        """One row per municipality: persons, gaps, open questions."""
        word = self.labels.word
        real = [gap for gap in self.gaps if gap["tier"] != COMPARISON]
        compared = Counter(self._municipality_of(gap["area_id"]) for gap in self.gaps if gap["tier"] == COMPARISON)
        columns = (
            *self.figures.columns("municipality", "html.column.residents", numeric=("html.column.residents",)),
            Column(word("html.column.gaps_here"), numeric=True), Column(word("html.column.gaps_above"), numeric=True),
            *((Column(word("label.comparison"), numeric=True),) if compared else ()),
            Column(word("html.column.open_here"), numeric=True),
        )  # fmt: skip
        here = Counter(self._municipality_of(gap["area_id"]) for gap in real)
        opened = Counter(area for asked in open_questions(self.labels) for area in areas_of(asked, self.labels))
        rows = []
        for area in self.municipalities():
            above = [gap for gap in real if gap["area_id"] in self._upper(area)]
            persons = self.persons(area)
            rows.append(
                Row((
                    Cell(self.labels.names[area], href=self.anchors.area_href(area)),
                    self.figures.persons(persons if persons is not None else Sign.UNKNOWN),
                    self.figures.number(here[area], 0),
                    Cell(self.figures.number(len(above), 0).text, "number" if above else "zero", sort=len(above),
                         note=", ".join(dict.fromkeys(gap["area_name"] for gap in above))),
                    *((self.figures.number(compared[area], 0),) if compared else ()),
                    self.figures.number(opened[area], 0),
                ))
            )  # fmt: skip
        return Table(word("html.caption.municipalities"), columns, tuple(rows), sortable=True)

    def _municipality_of(self, area_id: object) -> str | None:
        return next((a for a in around(self.labels, area_id) if self.labels.levels.get(a) in SHEET_LEVELS), None)

    def _upper(self, area_id: str) -> set[str]:
        """Areas a municipality lies in, also beside the nesting."""
        areas = self.labels.released.areas
        upper = set(around(self.labels, area_id)) - {area_id}
        beside = dict(zip(areas["area_id"], areas["also_in"], strict=True)).get(area_id)
        return upper | (set(beside) if beside is not None else set())

    def matrix(self) -> tuple[Table, ...]:
        """Areas against services: share in a gap of the group most concerned. Not in the council's version."""
        services = sorted(self.rated, key=self.labels.service_order)
        if self.labels.released.council:
            return ()
        parts = -(-len(services) // MATRIX_SERVICES)
        size = -(-len(services) // parts) if parts else 0
        return tuple(self._matrix(services[n * size : (n + 1) * size], first=n == 0) for n in range(parts))

    def _matrix(self, services: list[str], *, first: bool) -> Table:
        columns = (
            *self.figures.columns("area"),
            *(Column(self.labels.service(service), numeric=True, narrow=True) for service in services),
        )
        rows = tuple(self._matrix_row(area, services, first) for area in sorted(self.rows, key=self.labels.area_order))
        beside = any(is_audience(gap["group"]) for gap in self.gaps)
        notes = (self._step_note(), self.labels.word("html.about.matrix_audiences") if beside else "")
        note = " ".join(part for part in notes if part)
        return Table(self.labels.word("html.caption.matrix"), columns, rows, note=note, dense=True)

    def _matrix_row(self, area: str, services: list[str], first: bool) -> Row:
        by_service = defaultdict(list)
        for row in self.rows[area]:
            by_service[row["kind"]].append(row)
        cells = (self._share_in_gap(by_service[service]) for service in services)
        upper = self.labels.levels.get(area) in UPPER_LEVELS
        href = "" if upper else self.anchors.area_href(area)
        anchor = self.anchors.area(area) if upper and first and area in self.anchors.sheets else ""
        return Row((Cell(self.labels.names.get(area, area), href=href), *cells), id=anchor, strong=upper)

    def _share_in_gap(self, rows: list[Record]) -> Cell:
        share, step = share_in_gap(rows), step_of_gaps(self.concerned, rows)
        if share in (0.0, Sign.UNKNOWN) and step is not None:
            return replace(self.figures.rounded_share(0.0, step, found=True), shade=1)
        return self.figures.share(share, shaded=True)

    def _step_note(self) -> str:
        steps = {row["share_step"] for row in self.coverage} - {None}
        if not steps:
            return ""
        return self.labels.word("html.rounded_shares", step=min(steps))

    def sheets(self, balance_of: Callable[[str], Table | None]) -> Iterator[AreaSheet]:
        """A sheet per municipality, as a council would pin it to the wall."""
        for area in self.municipalities():
            own = [gap for gap in self.gaps if self._municipality_of(gap["area_id"]) == area]
            above = [gap for gap in self.gaps if gap["area_id"] in self._upper(area)]
            services = list(dict.fromkeys(row["kind"] for row in self.rows[area]))
            rated = [service for service in services if self._is_rated(area, service)]
            yield AreaSheet(
                self.anchors.area(area), self.labels.names[area], tuple(self._sheet_text(area, own, above)),
                tuple(self._gap_links([*own, *above])), self._sheet_table(area, rated), balance_of(area),
                tuple(self._others(area, [service for service in services if service not in rated])),
            )  # fmt: skip

    def _others(self, area: str, services: list[str]) -> Iterator[str]:
        """Offers without a norm in sentences: those that are there, those that are not."""
        found: dict[str, list[str]] = {"some": [], "none": [], "unknown": []}
        for service in services:
            cell, label = self.supply.sites(area, service), self.labels.service(service)
            if cell.look == "number":
                found["some"].append(f"{label} ({cell.text})")
            elif cell.look in ("zero", "unknown"):
                found["none" if cell.look == "zero" else "unknown"].append(label)
        for what, kinds in found.items():
            if kinds:
                yield self.labels.word(f"html.{what}_here", kinds=", ".join(kinds))

    def _is_rated(self, area: str, service: str) -> bool:
        return any(row["kind"] == service and is_rated(row) for row in self.rows[area])

    def _sheet_text(self, area: str, own: list[Record], above: list[Record]) -> Iterator[str]:
        persons, word = self.persons(area), self.labels.word
        if isinstance(persons, float):
            yield word("html.residents", area=self.labels.names[area], persons=persons)
        compared = sum(gap["tier"] == COMPARISON for gap in (*own, *above))
        counts = [sum(gap["tier"] != COMPARISON for gap in gaps) for gaps in (own, above)]
        yield word("html.gaps_of_area", n=counts[0], above=counts[1], compared=compared, area=self.labels.names[area])

    def _gap_links(self, gaps: list[Record]) -> Iterator[tuple[str, tuple[Cell, ...]]]:
        """Per service and cause the areas, with their ranks."""
        together: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for gap in gaps:
            together[gap["kind"], gap["cause"]].append(gap)
        for (kind, cause), mine in together.items():
            links = (
                Cell(
                    f"{gap['area_name']} ({self.labels.word('column.rank')} {gap['rank']})",
                    href=f"#{self.anchors.gap(gap['gap_id'])}",
                )
                for gap in mine
            )
            yield f"{self.labels.service(kind)}, {self.labels.cause(kind, cause)}", tuple(links)

    def _sheet_table(self, area: str, services: list[str]) -> Table | None:
        council = self.labels.released.council
        columns = (
            *self.figures.columns("service", "group"),
            *(Column(self.labels.word(key), numeric=True) for key in self._sheet_columns(council)),
        )
        rows = []
        for service in services:
            mine = [row for row in self.rows[area] if row["kind"] == service and is_rated(row)]
            for number, row in enumerate(mine):
                rows.append(self._sheet_row(area, row, first=number == 0, council=council))
        if not rows:
            return None
        caption = self.labels.word("html.caption.sheet", area=self.labels.names[area])
        return Table(caption, columns, tuple(rows), note="" if council else self._step_note(), dense=True)

    def _sheet_columns(self, council: bool) -> tuple[str, ...]:
        parts = () if council else ("html.column.in_gap", "html.column.open", "html.column.served")
        return ("html.column.need", *parts, "html.column.sites", "html.column.usable")

    def _sheet_row(self, area: str, row: Record, *, first: bool, council: bool) -> Row:
        service = row["kind"]
        href = next(iter(self.anchors.map_href(service)), "")
        head = Cell(self.labels.service(service), href=href)
        parts = () if council else tuple(self._parts(row))
        sites, places = Cell(""), Cell("")
        if first:
            sites, places = self.supply.sites(area, service), self.supply.places(area, service)
        return Row(
            (
                head,
                Cell(self.labels.group(row["group"])),
                self.figures.persons(count(row, "need_persons")),
                *parts,
                sites,
                places,
            )
        )

    def _parts(self, row: Record) -> Iterator[Cell]:
        """Persons where something is missing and unknown, share served."""
        concerned = self.concerned.of(row)
        yield self._part(row, "gap") if concerned is None else self._named(concerned, row["kind"])
        yield self._part(row, "unknown")
        unrated = row["unrated_share"]
        note = self.labels.word("html.unrated_part", share=unrated) if unrated else ""
        yield replace(self._served(row), note=note)

    def _named(self, concerned: Concerned, kind: str) -> Cell:
        """The numbers that the gaps of an area name, with their causes."""
        cells = [self.figures.persons(number) for _, number in concerned.persons]
        notes = [self.labels.cause(kind, cause) for cause, _ in concerned.persons]
        if any(cause in SHARED for cause, _ in concerned.persons):
            notes.append(self.labels.word("html.all_share"))
        first = cells[0]
        return replace(first, text="; ".join(cell.text for cell in cells), note="; ".join(notes))

    def _part(self, row: Record, part: str) -> Cell:
        """Persons of a part; where shares are rounded the share, because persons would be more exact than they are."""
        need, share, step = count(row, "need_persons"), count(row, f"{part}_share"), row["share_step"]
        if not isinstance(need, float) or not isinstance(share, float):
            return self.figures.sign(Sign.WITHHELD)
        if step is None:
            return self.figures.persons(need * share)
        return self.figures.rounded_share(share, step, found=self.concerned.has(part, row))

    def _served(self, row: Record) -> Cell:
        share, step = count(row, "served_share"), row["share_step"]
        lacks = any(self.concerned.has(part, row) for part in ("gap", "unknown"))
        if step is not None and isinstance(share, float) and share >= 1 - EXACT and lacks:
            return Cell(self.labels.word("share.over", share=1 - step), "number", sort=share)
        return self.figures.share(share)


def sheet_areas(labels: Labels) -> list[str]:
    """Areas that get a sheet: municipalities in the order of their names."""
    mine = [area for area, level in labels.levels.items() if level in SHEET_LEVELS]
    return sorted(mine, key=labels.area_order)


def linked_areas(labels: Labels) -> list[str]:
    """Areas a link can lead to: those with a sheet, and larger ones with a row among the compared areas."""
    if labels.released.council:
        return sheet_areas(labels)
    coverage = labels.released.tables["coverage"]
    if not rated_services(labels):
        return sheet_areas(labels)
    compared = {area for area in coverage["area_id"] if labels.levels.get(area) in UPPER_LEVELS}
    return [*sorted(compared, key=labels.area_order), *sheet_areas(labels)]
