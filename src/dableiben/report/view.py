# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From Released to the page: everything the template shows, already in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.schema import TIERS
from dableiben.catalogue.text import Lang
from dableiben.privacy.released import Released
from dableiben.report.anchors import Anchors
from dableiben.report.figures import EMPTY_MARK, WITHHELD_MARK, Cell, Column, Figures, Row, Table
from dableiben.report.labels import UNCERTAIN, Labels
from dableiben.report.maps import Atlas, BaseMap, primary_mode
from dableiben.report.pages import method_page, services, summary
from dableiben.report.sheet import Line
from dableiben.report.view_areas import AreaSheet, AreaView, sheet_areas
from dableiben.report.view_basis import check_table, norm_table, quality_sentence, source_table
from dableiben.report.view_gaps import GapView, Tier, unknown_table
from dableiben.report.view_maps import MapPanel, MapView
from dableiben.report.view_numbers import NumberView

SECTIONS = (
    "summary", "gaps", "comparison", "maps", "areas", "balance", "unknowns", "unrated", "method", "sources", "checks",
)  # fmt: skip


@dataclass(frozen=True)
class Tile:
    """A number to see at first sight, with its word and a smaller line."""

    number: str
    word: str
    note: str
    href: str


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
    tiles: tuple[Tile, ...]
    sentences: tuple[str, ...]
    top: Table | None
    quality: str
    signs: tuple[Sign, ...]
    gaps: Table | None
    tiers: tuple[Tier, ...]
    comparison: Tier | None
    rank_note: str
    base: BaseMap | None
    maps: tuple[MapPanel, ...]
    map_groups: tuple[tuple[str, tuple[MapPanel, ...]], ...]
    attribution: str
    areas: Table
    matrix: Table | None
    ways: Table | None
    sheets: tuple[AreaSheet, ...]
    balances: tuple[Table, ...]
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
        self.anchors = Anchors(self.labels, (one.kind for one in self.drawn), sheet_areas(self.labels))
        self.gap_view = GapView(self.labels, self.figures, self.anchors)
        self.area_view = AreaView(self.labels, self.figures, self.anchors)
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
        return Page(
            lang=labels.lang, title=labels.word("summary.title", region=run["name"]), subtitle=self._subtitle(),
            marks=tuple(labels.marks()), tiles=tuple(self._tiles()), sentences=tuple(self._sentences()),
            top=self.gap_view.top(), quality=quality_sentence(labels), signs=tuple(self._signs()),
            gaps=self.gap_view.overview(), tiers=tuple(tier for tier in tiers if tier.id != "comparison"),
            comparison=next((tier for tier in tiers if tier.id == "comparison"), None), rank_note=self._rank_note(),
            base=self.atlas.base(), maps=panels, map_groups=_by_domain(panels),
            attribution=" · ".join(labels.attributions()), areas=self.area_view.overview(),
            matrix=self.area_view.matrix(), ways=self.numbers.comparison(self._service_order),
            sheets=tuple(self.area_view.sheets()), balances=tuple(self.numbers.balances()),
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
        parts = [getattr(land.label, self.labels.lang) if land else run["land"], word("html.population_of", year=run["year"])]
        as_of = run["settings"].get("as_of")
        if isinstance(as_of, str):
            parts.append(word("html.as_of", day=date.fromisoformat(as_of)))
        return " · ".join(parts)

    def _footer(self) -> str:
        versions = self.released.run["versions"]
        return self.labels.word("html.footer", version=versions.get("dableiben", ""), method=versions.get("method", ""))

    def _sentences(self) -> Iterator[str]:
        yield from summary(self.labels)
        weak = self.released.run["settings"].get("structurally_weak")
        if isinstance(weak, dict) and weak.get("value"):
            yield self.labels.word("summary.structurally_weak", area=self.released.run["name"], source=weak.get("source") or "–")
        if not self.released.council:
            calm = self._without_gap()
            if calm:
                yield self.labels.word("summary.no_gap_kinds", kinds=[self.labels.service(kind) for kind in calm])
        if self.released.tables["cells"].empty:
            yield self.labels.word("summary.two_lists")

    def _without_gap(self) -> list[str]:
        tables = self.released.tables
        busy = set(tables["gaps"]["kind"]) | set(tables["unknowns"]["kind"])
        coverage = tables["coverage"]
        open_or_gap = coverage[(coverage["gap_share"].astype(float) > 0) | (coverage["unknown_share"].astype(float) > 0)]
        busy |= set(open_or_gap["kind"])
        return sorted(self.area_view.rated - busy, key=self.labels.service_order)

    def _rank_note(self) -> str:
        return self.labels.word("summary.rank_unstable") if self.gap_view.ranking_shakes() else ""

    def _tiles(self) -> Iterator[Tile]:
        word, number = self.labels.word, self.labels.say.number
        gaps = self.gap_view.gaps
        tiers = Counter(gap["tier"] for gap in gaps)
        parts = [f"{number(tiers[tier])} {word(f'label.{tier}')}" for tier in TIERS if tiers[tier]]
        yield Tile(number(len(gaps)), word("html.tile.gaps", n=len(gaps)), ", ".join(parts), "#gaps")
        n_open = len(self.released.tables["unknowns"])
        yield Tile(number(n_open), word("html.tile.open", n=n_open), word("html.tile.open_note"), "#unknowns")
        n_rated, n_all = len(self.area_view.rated), len(self._service_order)
        yield Tile(number(n_all), word("html.tile.kinds", n=n_all), word("html.tile.kinds_note", rated=n_rated), "#unrated")
        counts = self.released.run["counts"]
        if counts.get("persons"):
            towns = int(counts.get("municipalities", 0))
            shown = self.labels.say.rounded(counts["persons"])
            yield Tile(shown, word("html.tile.persons"), word("html.tile.persons_note", n=towns), "#areas")

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
        mine = [kind for kind in self._service_order if kind not in self.area_view.rated]
        if not mine:
            return None
        columns = (
            *self.figures.columns("domain", "service"), Column(word("html.column.sites"), numeric=True),
            *self.figures.columns("mode"), *numbers.way_columns(),
            Column(word("html.column.half"), numeric=True), Column(word("html.column.nine_tenths"), numeric=True),
        )  # fmt: skip
        rows = []
        for kind in mine:
            mode, whole = numbers.modes.get(kind), numbers.whole
            ways = numbers.ways_of(kind, mode, whole) if mode and whole else (self.figures.empty(),) * (len(columns) - 4)
            href = next(iter(self.anchors.map_href(kind)), "")
            rows.append(
                Row((
                    self.figures.text(labels.domain(kind)), self.figures.text(labels.service(kind), href=href),
                    self._sites(kind), self.figures.text(labels.label("mode", mode)), *ways,
                ))
            )  # fmt: skip
        return Table(word("html.caption.unrated"), columns, tuple(rows), sortable=True, dense=True)

    def _sites(self, kind: str) -> Cell:
        """Facilities inside the region; unknown where no source records the kind."""
        whole = self.numbers.whole
        if whole is None:
            return self.figures.empty()
        cell = self.area_view.supply(whole, kind)[0]
        return cell


def _by_domain(panels: tuple[MapPanel, ...]) -> tuple[tuple[str, tuple[MapPanel, ...]], ...]:
    domains = dict.fromkeys(panel.domain for panel in panels)
    return tuple((domain, tuple(p for p in panels if p.domain == domain)) for domain in domains)


def page(released: Released, catalogue: Catalogue, lang: Lang) -> Page:
    """The report's content from released tables, in words of the language."""
    return View(released, catalogue, lang).page()
