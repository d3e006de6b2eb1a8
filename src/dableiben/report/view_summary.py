# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The result in sentences: what is missing, what we do not know, what to mind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dableiben.catalogue.schema import TIERS
from dableiben.catalogue.words import service_words
from dableiben.report.figures import Cell, Figures
from dableiben.report.labels import Labels
from dableiben.report.questions import Question, open_questions
from dableiben.report.rated import has_ways, unrated_services
from dableiben.report.sheet import records
from dableiben.report.view_areas import COMPARISON, AreaView
from dableiben.report.view_basis import quality_sentence
from dableiben.report.view_gaps import GapView
from dableiben.report.view_time import time_notes, time_total
from dableiben.report.view_unknowns import area_names, named_facilities, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES_SHOWN = 3
DIMENSIONS = ("content", "space", "time")


@dataclass(frozen=True)
class Tile:
    """A number to see at first sight, with its word and a smaller line."""

    number: str
    word: str
    note: str
    href: str


@dataclass(frozen=True)
class Summary:
    """First page of the report."""

    lead: str
    tiles: tuple[Tile, ...]
    missing: tuple[Cell, ...]
    open: tuple[Cell, ...]
    mind: tuple[Cell, ...]


class SummaryView:
    """Sentences and figures of the first page."""

    def __init__(
        self, labels: Labels, figures: Figures, gaps: GapView, areas: AreaView, services: Sequence[str]
    ) -> None:
        """`services`: everything that was checked."""
        self.labels, self.figures, self.gaps, self.areas = labels, figures, gaps, areas
        self.services = services
        self.released, self.word = labels.released, labels.word
        self.questions, self.ways = open_questions(labels), has_ways(labels)

    def summary(self) -> Summary:
        """All of the first page."""
        return Summary(
            self._lead(), tuple(self._tiles()), tuple(self._missing()), tuple(self._open()), tuple(self._mind())
        )

    def _lead(self) -> str:
        run = self.released.run
        persons = run["counts"].get("persons")
        if persons is None:
            return ""
        return self.word(
            "summary.what", region=run["name"], year=run["year"], n_kinds=len(self.services), persons=persons,
            ways=self.ways,
        )

    def _tiles(self) -> Iterator[Tile]:
        word, number = self.word, self.labels.say.number
        tiers = Counter(gap["tier"] for gap in self.gaps.gaps)
        compared = tiers.pop(COMPARISON, 0)
        parts = [word(f"label_count.{tier}", n=tiers[tier]) for tier in TIERS if tiers[tier]]
        if compared:
            parts.append(word("html.also_compared", n=compared))
        n_gaps = tiers.total()
        yield Tile(number(n_gaps), word("html.tile.gaps", n=n_gaps), ", ".join(parts), "#gaps")
        n_open = len(self.questions)
        yield Tile(number(n_open), word("html.tile.open", n=n_open), word("html.tile.open_note"), "#unknowns")
        note = word("html.tile.kinds_note", rated=len(self.areas.rated), ways=self.ways)
        yield Tile(number(len(self.services)), word("html.tile.kinds", n=len(self.services)), note, "#unrated")
        counts = self.released.run["counts"]
        if counts.get("persons"):
            towns = word("html.tile.persons_note", n=int(counts.get("municipalities", 0)))
            yield Tile(self.labels.say.rounded(counts["persons"]), word("html.tile.persons"), towns, "#areas")

    def _missing(self) -> Iterator[Cell]:
        word = self.word
        gaps = [gap for gap in self.gaps.gaps if gap["tier"] != COMPARISON]
        key = "summary.gaps_confirmed" if self.released.council else "summary.gaps"
        yield Cell(word(key, n=len(gaps)), href="#gaps" if gaps else "")
        if any(gap["dimension"] == "time" for gap in gaps):
            dimensions = Counter(gap["dimension"] for gap in gaps)
            yield Cell(word("summary.dimensions", **{one: dimensions[one] for one in DIMENSIONS}))
            total = time_total(self.labels, gaps)
            if total:
                yield Cell(total)
        if gaps:
            said = word("summary.top_gap", text=gaps[0][f"explanation_{self.labels.lang}"])
            yield Cell(said)
        compared = len(self.gaps.gaps) - len(gaps)
        if compared:
            yield Cell(word("summary.comparison", n=compared), href="#comparison")
        obstacles = sum(bool(gap["integration_obstacle"]) for gap in self.gaps.gaps)
        if obstacles:
            yield Cell(word("summary.integration", n=obstacles))
        rejected = len(self.labels.rejected)
        if rejected:
            yield Cell(word("summary.rejected", n=rejected), href="#rejected")
        calm = [] if self.released.council else self._without_gap()
        if calm:
            yield Cell(word("summary.no_gap_kinds", kinds=[self.labels.service(kind) for kind in calm]))

    def _without_gap(self) -> list[str]:
        """Rated services with no gap and no open question anywhere."""
        tables = self.released.tables
        busy = set(tables["gaps"]["kind"]) | set(tables["unknowns"]["kind"])
        for row in self.areas.coverage:
            if any(row[f"{part}_share"] is None or row[f"{part}_share"] > 0 for part in ("gap", "unknown")):
                busy.add(row["kind"])
        return sorted(self.areas.rated - busy, key=self.labels.service_order)

    def _open(self) -> Iterator[Cell]:
        word = self.word
        n_open = len(self.questions)
        yield Cell(word("summary.unknown", n=n_open), href="#unknowns" if n_open else "")
        if self.questions and self.questions[0].persons:
            yield Cell(self._best_entry(self.questions[0]))
        unrated = len(unrated_services(self.labels))
        if unrated:
            yield Cell(word("summary.not_rated", n=unrated, ways=self.ways), href="#unrated")
        if not self.ways:
            yield Cell(word("summary.two_lists"))

    def _best_entry(self, asked: Question) -> str:
        _, entry = words_of(self.labels, asked)
        names = {f["facility_id"]: f["name"] for f in records(self.released.tables["facilities"])}
        return self.word(
            "html.best_entry", entry=entry, low=asked.low, high=asked.high,
            area=area_names(self.labels, asked) if asked.area_ids[0] else "",
            kind=service_words(self.labels.catalogue, asked.kind, self.labels.lang),
            names=named_facilities(self.labels, list(asked.facility_ids), names, NAMES_SHOWN),
        )  # fmt: skip

    def _mind(self) -> Iterator[Cell]:
        run, word = self.released.run, self.word
        if run["made_up"]:
            yield Cell(word("note.made_up"))
        yield from time_notes(self.labels)
        yield Cell(quality_sentence(self.labels), href="#checks")
        uncertain = dict.fromkeys(norm["title"][self.labels.lang] for norm in run["norms_used"] if norm["uncertain"])
        if uncertain:
            yield Cell(word("summary.uncertain_norms", norms=list(uncertain)))
        if self.gaps.ranking_shakes():
            yield Cell(word("summary.rank_unstable"))
        weak = run["settings"].get("structurally_weak")
        if isinstance(weak, dict) and weak.get("value"):
            yield Cell(word("summary.structurally_weak", area=run["name"], source=weak.get("source") or "–"))
        if self.released.minimum_count is not None:
            yield Cell(word("summary.withheld", minimum=self.released.minimum_count))
