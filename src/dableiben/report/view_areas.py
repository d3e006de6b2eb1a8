# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From released tables to what the report shows of areas: need by municipality, balance, comparison."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dableiben.report.anchors import Anchors
from dableiben.report.figures import Cell, Column, Figures, Row, Table
from dableiben.report.finding_sheets import EXACT, share_in_gap
from dableiben.report.labels import Labels
from dableiben.report.sheet import Record, Sign, count, in_order, records

SHEET_LEVELS = ("municipality",)
UPPER_LEVELS = ("district", "mittelbereich", "amt", "planning_area")
EVERYBODY = "alle"


@dataclass(frozen=True)
class AreaSheet:
    """What the report says of one municipality."""

    id: str
    name: str
    text: tuple[str, ...]
    gaps: tuple[Cell, ...]
    table: Table | None
    missing: str


class AreaView:
    """Tables by area of one released result."""

    def __init__(self, labels: Labels, figures: Figures, anchors: Anchors) -> None:
        self.labels, self.figures, self.anchors = labels, figures, anchors
        tables = labels.released.tables
        self.coverage = in_order(
            records(tables["coverage"]), lambda row: labels.service_order(row["kind"]), lambda row: row["group"]
        )
        self.gaps = in_order(records(tables["gaps"]), lambda gap: gap["rank"])
        self.rows: dict[str, list[Record]] = defaultdict(list)
        for row in self.coverage:
            self.rows[row["area_id"]].append(row)
        self.rated = rated_services(self.coverage)
        pools = labels.catalogue.pools
        member = {kind: pool for pool, card in sorted(pools.items()) for kind in card.kinds}
        self.sites: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for row in records(tables["facilities"]):
            service = member.get(row["kind"], row["kind"])
            for area in self._around(row["area_id"]):
                self.sites[area, service].append(row)

    def _around(self, area_id: object) -> Iterator[str]:
        """An area and all it lies in along the nesting."""
        while isinstance(area_id, str):
            yield area_id
            area_id = self.labels.parents.get(area_id)

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
        columns = (
            *self.figures.columns("municipality", "html.column.residents", numeric=("html.column.residents",)),
            Column(word("html.column.gaps_here"), numeric=True), Column(word("html.column.gaps_above"), numeric=True),
            Column(word("html.column.open_here"), numeric=True),
        )  # fmt: skip
        here = Counter(self._municipality_of(gap["area_id"]) for gap in self.gaps)
        opened = Counter(self._municipality_of(row["area_id"]) for row in records(self.labels.released.tables["unknowns"]))
        rows = []
        for area in self.municipalities():
            above = [gap for gap in self.gaps if gap["area_id"] in self._upper(area)]
            persons = self.persons(area)
            rows.append(
                Row((
                    Cell(self.labels.names[area], href=self.anchors.area_href(area)),
                    self.figures.persons(persons if persons is not None else Sign.UNKNOWN),
                    self.figures.number(here[area], 0),
                    Cell(self.figures.number(len(above), 0).text, "number" if above else "zero", sort=len(above),
                         note=", ".join(dict.fromkeys(gap["area_name"] for gap in above))),
                    self.figures.number(opened[area], 0),
                ))
            )  # fmt: skip
        return Table(word("html.caption.municipalities"), columns, tuple(rows), sortable=True)

    def _municipality_of(self, area_id: object) -> str | None:
        return next((a for a in self._around(area_id) if self.labels.levels.get(a) in SHEET_LEVELS), None)

    def _upper(self, area_id: str) -> set[str]:
        """Areas a municipality lies in, also beside the nesting."""
        areas = self.labels.released.areas
        upper = set(self._around(area_id)) - {area_id}
        beside = dict(zip(areas["area_id"], areas["also_in"], strict=True)).get(area_id)
        return upper | (set(beside) if beside is not None else set())

    def matrix(self) -> Table | None:
        """Areas against services: share in a gap of the group most concerned. Not in the council's version."""
        services = sorted(self.rated, key=self.labels.service_order)
        if not services or self.labels.released.council:
            return None
        word = self.labels.word
        columns = (
            *self.figures.columns("area"),
            *(Column(self.labels.service(service), numeric=True, narrow=True) for service in services),
        )
        rows = []
        for area in sorted(self.rows, key=self.labels.area_order):
            by_service = defaultdict(list)
            for row in self.rows[area]:
                by_service[row["kind"]].append(row)
            cells = (self.figures.share(share_in_gap(by_service[service]), shaded=True) for service in services)
            upper = self.labels.levels.get(area) in UPPER_LEVELS
            rows.append(Row((Cell(self.labels.names.get(area, area), href=self.anchors.area_href(area)), *cells), strong=upper))
        return Table(word("html.caption.matrix"), columns, tuple(rows), note=self._step_note(), dense=True)

    def _step_note(self) -> str:
        steps = {row["share_step"] for row in self.coverage} - {None}
        if not steps:
            return ""
        return self.labels.word("html.rounded_shares", step=min(steps))

    def sheets(self) -> Iterator[AreaSheet]:
        """A sheet per municipality, as a council would pin it to the wall."""
        for area in self.municipalities():
            own = [gap for gap in self.gaps if self._municipality_of(gap["area_id"]) == area]
            above = [gap for gap in self.gaps if gap["area_id"] in self._upper(area)]
            services = self._services_of(area)
            missing = [s for s in services if not self.sites[area, s] and not self._is_rated(area, s)]
            table = self._sheet_table(area, [s for s in services if s not in missing])
            said = self.labels.word("html.none_here", kinds=", ".join(self.labels.service(s) for s in missing)) if missing else ""
            yield AreaSheet(
                self.anchors.area(area), self.labels.names[area], tuple(self._sheet_text(area, own, above)),
                tuple(self._gap_links([*own, *above])), table, said,
            )  # fmt: skip

    def _services_of(self, area: str) -> list[str]:
        return list(dict.fromkeys(row["kind"] for row in self.rows[area]))

    def _is_rated(self, area: str, service: str) -> bool:
        return any(row["kind"] == service and is_rated(row) for row in self.rows[area])

    def _sheet_text(self, area: str, own: list[Record], above: list[Record]) -> Iterator[str]:
        persons, word = self.persons(area), self.labels.word
        if isinstance(persons, float):
            yield word("html.residents", area=self.labels.names[area], persons=persons)
        yield word("html.gaps_of_area", n=len(own), above=len(above), area=self.labels.names[area])

    def _gap_links(self, gaps: list[Record]) -> Iterator[Cell]:
        for gap in gaps:
            said = (
                f"{gap['rank']}. {gap['area_name']}: {self.labels.service(gap['kind'])}, "
                f"{self.labels.label('cause', gap['cause'])}"
            )
            yield Cell(said, href=f"#{self.anchors.gap(gap['gap_id'])}")

    def _sheet_table(self, area: str, services: list[str]) -> Table | None:
        council = self.labels.released.council
        columns = (
            *self.figures.columns("service", "group"),
            *(Column(self.labels.word(key), numeric=True) for key in self._sheet_columns(council)),
        )
        rows = []
        for service in services:
            mine = [row for row in self.rows[area] if row["kind"] == service]
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
        sites, places = self.supply(area, service) if first else (Cell(""), Cell(""))
        return Row(
            (head, Cell(self.labels.group(row["group"])), self.figures.persons(count(row, "need_persons")), *parts, sites, places)
        )

    def _parts(self, row: Record) -> Iterator[Cell]:
        """Persons in a gap and unknown, share served; a dash where nothing is rated."""
        if not is_rated(row):
            yield from (self.figures.empty(),) * 2
            yield Cell(self.labels.word("status.not_rated"), "empty")
            return
        need = count(row, "need_persons")
        for part in ("gap", "unknown"):
            share = count(row, f"{part}_share")
            if isinstance(need, float) and isinstance(share, float):
                yield self.figures.about(need * share, step=row["share_step"])
            else:
                yield self.figures.sign(Sign.WITHHELD)
        yield self.figures.share(count(row, "served_share"))

    def supply(self, area: str, service: str) -> tuple[Cell, Cell]:
        """Facilities of a service in an area and their usable places."""
        sites = self.sites[area, service]
        unsure = sum(bool(row["possible"]) for row in sites)
        note = self.labels.word("html.of_them_possible", n=unsure) if unsure else ""
        number = self.figures.number(len(sites), 0, note=note)
        card = self.labels.card(service)
        if card is None or card.capacity_unit is None or not sites:
            return number, self.figures.empty()
        places = [row["usable_places"] for row in sites]
        unknown = sum(value is None for value in places)
        if unknown == len(places):
            return number, self.figures.sign(Sign.UNKNOWN)
        total = sum(value for value in places if value is not None)
        note = self.labels.word("html.and_unknown", n=unknown) if unknown else ""
        return number, self.figures.number(total, 1, note=note)


def sheet_areas(labels: Labels) -> list[str]:
    """Areas that get a sheet: municipalities in the order of their names."""
    mine = [area for area, level in labels.levels.items() if level in SHEET_LEVELS]
    return sorted(mine, key=labels.area_order)


def is_rated(row: Record) -> bool:
    """Whether a norm was in force for anybody of a row; withheld shares leave it open and count as rated."""
    unrated = row["unrated_share"]
    return unrated is None or bool(unrated < 1 - EXACT)


def rated_services(coverage: Iterable[Record]) -> set[str]:
    """Services for which a norm was in force somewhere."""
    return {row["kind"] for row in coverage if row["unrated_share"] is not None and is_rated(row)}
