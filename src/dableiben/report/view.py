# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From Released to the page: everything the template shows, already in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.text import Lang
from dableiben.privacy.released import Released
from dableiben.report.anchors import Anchors
from dableiben.report.figures import EMPTY_MARK, WITHHELD_MARK, Cell, Column, Figures, Row, Table
from dableiben.report.labels import UNCERTAIN, Labels
from dableiben.report.maps import Atlas, BaseMap, primary_mode
from dableiben.report.pages import method_page
from dableiben.report.rated import services, unrated_services
from dableiben.report.sheet import Line
from dableiben.report.view_areas import AreaSheet, AreaView, linked_areas
from dableiben.report.view_basis import check_table, norm_table, source_table
from dableiben.report.view_gaps import GapView, Tier
from dableiben.report.view_maps import MapPanel, MapView
from dableiben.report.view_numbers import NumberView
from dableiben.report.view_presence import PresenceChapter, presence_chapter
from dableiben.report.view_summary import Summary, SummaryView
from dableiben.report.view_supply import SupplyView
from dableiben.report.view_unknowns import unknown_table

SECTIONS = (
    "summary", "gaps", "comparison", "maps", "areas", "presence", "balance", "unknowns", "unrated", "method", "sources",
    "checks",
)  # fmt: skip


@dataclass(frozen=True)
class Sign:
    """How a cell looks and what that means."""

    cell: Cell
    meaning: str


@dataclass(frozen=True)
class Page:
    """Content of the report; what has nothing to say is empty or None."""

    lang: Lang
    title: str
    subtitle: str
    marks: tuple[str, ...]
    summary: Summary
    top: Table | None
    signs: tuple[Sign, ...]
    gaps: Table | None
    tiers: tuple[Tier, ...]
    comparison: Tier | None
    rejected: Table | None
    rank_note: str
    base: BaseMap | None
    maps: tuple[MapPanel, ...]
    map_groups: tuple[tuple[str, tuple[MapPanel, ...]], ...]
    attribution: str
    areas: Table
    matrix: tuple[Table, ...]
    ways: Table | None
    sheets: tuple[AreaSheet, ...]
    balances: tuple[Table, ...]
    presence: PresenceChapter | None
    unknowns: Table | None
    unrated: Table | None
    method: tuple[Line, ...]
    norms: Table | None
    sources: Table
    attributions: tuple[str, ...]
    checks: Table | None
    footer: str


class View:
    """Builds the page of one released result."""

    def __init__(self, released: Released, catalogue: Catalogue, lang: Lang) -> None:
        self.released = released
        self.labels = Labels(released, catalogue, lang)
        self.figures = Figures(self.labels)
        self.atlas = Atlas(self.labels)
        self.drawn = list(self.atlas.services())
        self.anchors = Anchors(self.labels, (one.kind for one in self.drawn), linked_areas(self.labels))
        self.gap_view = GapView(self.labels, self.figures, self.anchors)
        self.supply = SupplyView(self.labels, self.figures)
        self.area_view = AreaView(self.labels, self.figures, self.anchors, self.supply)
        self.numbers = NumberView(self.labels, self.figures, self.anchors, self._modes())

    def _modes(self) -> dict[str, str]:
        gaps = self.gap_view.gaps
        return {
            one.kind: primary_mode(one.layers, [gap for gap in gaps if gap["kind"] == one.kind])
            for one in self.drawn
            if one.layers
        }

    def page(self) -> Page:
        """All sections."""
        labels, run = self.labels, self.released.run
        tiers = self.gap_view.tiers()
        panels = self._panels()
        summary = SummaryView(labels, self.figures, self.gap_view, self.area_view, self._service_order)
        return Page(
            lang=labels.lang, title=labels.word("summary.title", region=run["name"]), subtitle=self._subtitle(),
            marks=tuple(labels.marks()), summary=summary.summary(), top=self.gap_view.top(), signs=tuple(self._signs()),
            gaps=self.gap_view.overview(), tiers=tuple(tier for tier in tiers if tier.id != "comparison"),
            comparison=next((tier for tier in tiers if tier.id == "comparison"), None),
            rejected=self.gap_view.rejected(), rank_note=self._rank_note(),
            base=self.atlas.base(), maps=panels, map_groups=_by_domain(panels),
            attribution=" · ".join(labels.attributions()), areas=self.area_view.overview(),
            matrix=self.area_view.matrix(), ways=self.numbers.comparison(self._service_order),
            sheets=tuple(self.area_view.sheets(self.numbers.balance_of)), balances=tuple(self.numbers.balances()),
            presence=presence_chapter(labels, self.figures),
            unknowns=unknown_table(labels, self.figures, self.anchors), unrated=self._unrated(),
            method=tuple(line for line in method_page(labels).lines if line.style != "title"),
            norms=norm_table(labels, self.figures, self.anchors),
            sources=source_table(labels, self.figures, self.anchors), attributions=tuple(labels.attributions()),
            checks=check_table(labels, self.figures), footer=self._footer(),
        )  # fmt: skip

    @cached_property
    def _service_order(self) -> list[str]:
        return sorted(services(self.labels), key=self.labels.service_order)

    def _panels(self) -> tuple[MapPanel, ...]:
        view = MapView(self.labels, self.figures, self.anchors, self.area_view, self.numbers)
        return tuple(view.panel(one) for one in self.drawn)

    def _subtitle(self) -> str:
        run, word = self.released.run, self.labels.word
        land = next((card for card in self.labels.catalogue.laender.values() if card.land == run["land"]), None)
        parts = [
            getattr(land.label, self.labels.lang) if land else run["land"],
            word("html.population_of", year=run["year"]),
        ]
        as_of = run["settings"].get("as_of")
        if isinstance(as_of, str):
            parts.append(word("html.as_of", day=date.fromisoformat(as_of)))
        return " · ".join(parts)

    def _footer(self) -> str:
        versions = self.released.run["versions"]
        return self.labels.word("html.footer", version=versions.get("dableiben", ""), method=versions.get("method", ""))

    def _rank_note(self) -> str:
        return self.labels.word("summary.rank_unstable") if self.gap_view.ranking_shakes() else ""

    def _signs(self) -> Iterator[Sign]:
        word = self.labels.word
        yield Sign(Cell("0", "zero"), word("html.sign.zero"))
        yield Sign(Cell(word("table.unknown"), "unknown"), word("sign.unknown"))
        if self.released.minimum_count is not None:
            yield Sign(Cell(WITHHELD_MARK, "withheld"), word("sign.withheld"))
        yield Sign(Cell(EMPTY_MARK, "empty"), word("sign.empty"))
        if any(norm["uncertain"] for norm in self.released.run["norms_used"]):
            yield Sign(Cell(UNCERTAIN), word("sign.uncertain_norm"))

    def _unrated(self) -> Table | None:
        """Services without a norm in force: facilities and ways only."""
        labels, numbers, word = self.labels, self.numbers, self.labels.word
        mine = unrated_services(labels)
        if not mine:
            return None
        columns = (
            *self.figures.columns("service"), Column(word("html.column.sites"), numeric=True),
            *self.figures.columns("mode"), *numbers.way_columns(),
            Column(word("html.column.half"), numeric=True), Column(word("html.column.nine_tenths"), numeric=True),
        )  # fmt: skip
        rows = []
        for kind in mine:
            mode, whole = numbers.modes.get(kind), numbers.whole
            ways = (
                numbers.ways_of(kind, mode, whole) if mode and whole else (self.figures.empty(),) * (len(columns) - 3)
            )
            href = next(iter(self.anchors.map_href(kind)), "")
            rows.append(
                Row((
                    self.figures.text(labels.service(kind), href=href, note=labels.domain(kind) or ""),
                    self.supply.sites(whole, kind) if whole else self.figures.empty(),
                    self.figures.text(labels.label("mode", mode)), *ways,
                ))
            )  # fmt: skip
        return Table(word("html.caption.unrated"), columns, tuple(rows), sortable=True, dense=True)


def _by_domain(panels: tuple[MapPanel, ...]) -> tuple[tuple[str, tuple[MapPanel, ...]], ...]:
    domains = dict.fromkeys(panel.domain for panel in panels)
    return tuple((domain, tuple(p for p in panels if p.domain == domain)) for domain in domains)


def page(released: Released, catalogue: Catalogue, lang: Lang) -> Page:
    """The report's content from released tables, in words of the language."""
    return View(released, catalogue, lang).page()
