# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From released gaps to what the report shows: tiers, blocks of gaps with what they rest on, open questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from dableiben.catalogue.explain import searched_minutes
from dableiben.catalogue.schema import TIERS
from dableiben.privacy.coverage import is_audience
from dableiben.report.anchors import Anchors
from dableiben.report.figures import Cell, Figures, Row, Table
from dableiben.report.labels import UNCERTAIN, Labels
from dableiben.report.maps import time_bounds
from dableiben.report.sheet import Record, count, in_order, is_withheld, records, texts
from dableiben.report.view_areas import COMPARISON
from dableiben.report.view_time import Times, fact_of_time, hours_words, slot_words, times_of, when_words

GROUPED_FROM = 4
"""as many gaps of one service against one norm stand together in a table"""
TOP = 6
"""gaps named in the summary"""


@dataclass(frozen=True)
class GapBlock:
    """One gap, or several of the same service, group and norm.

    headline   service and area, or service and number of areas
    fact       what is missing in half a sentence; bar: actual by target in percent, None where there is none
    facts      (label, value) that hold for all gaps of the block
    table      the single gaps, where there are several
    times      windows of the week, for a single gap in time
    """

    id: str
    rank: str
    headline: str
    cause: str
    persons: Cell | None
    users: str
    interval: str
    fact: str
    bar: int | None
    text: str
    facts: tuple[tuple[str, tuple[Cell, ...]], ...]
    trace: tuple[Cell, ...]
    marks: tuple[str, ...]
    table: Table | None = None
    times: Times | None = None


@dataclass(frozen=True)
class Tier:
    """Gaps of one tier in the order of their rank."""

    id: str
    title: str
    about: str
    count: int
    blocks: tuple[GapBlock, ...]


class GapView:
    """Words and figures of the gaps of one released result."""

    def __init__(self, labels: Labels, figures: Figures, anchors: Anchors) -> None:
        self.labels, self.figures, self.anchors = labels, figures, anchors
        self.gaps = in_order(records(labels.gaps), lambda gap: gap["rank"])
        self.open_hours: dict[tuple[str, str], list[str | None]] = defaultdict(list)
        for row in records(labels.released.tables["unknowns"]):
            if row["what"] == "time":
                self.open_hours[row["kind"], row["group"]].append(row["area_id"])

    def tiers(self) -> tuple[Tier, ...]:
        """Tiers that have gaps, the gravest first."""
        found = []
        for tier in TIERS:
            mine = [gap for gap in self.gaps if gap["tier"] == tier]
            if mine:
                title, about = self.labels.word(f"label.{tier}"), self.labels.word(f"html.tier_about.{tier}")
                found.append(Tier(tier, title[:1].upper() + title[1:], about, len(mine), tuple(self._blocks(mine))))
        return tuple(found)

    def top(self) -> Table | None:
        """The first gaps in short, for the summary."""
        if not self.gaps:
            return None
        columns = self.figures.columns(
            "rank", "html.column.missing", "area", "persons_best", "tier", numeric=("rank", "persons_best")
        )
        rows = tuple(self._short_row(gap) for gap in self.gaps[:TOP])
        return Table(self.labels.word("html.caption.top"), columns, rows)

    def overview(self) -> Table | None:
        """All gaps, one line each, to find and sort."""
        mine = [gap for gap in self.gaps if gap["tier"] != COMPARISON]
        if len(mine) <= TOP:
            return None
        columns = self.figures.columns(
            "rank", "html.column.missing", "area", "persons_best", "tier", "confidence",
            numeric=("rank", "persons_best"),
        )  # fmt: skip
        rows = tuple(
            Row((*self._short_row(gap).cells, self.figures.text(self.labels.label("confidence", gap["confidence"]))))
            for gap in mine
        )
        return Table(self.labels.word("html.caption.gaps"), columns, rows, sortable=True)

    def rejected(self) -> Table | None:
        """Gaps that were looked at and rejected, with the reason; they count nowhere."""
        columns = self.figures.columns(
            "html.column.missing", "area", "group", "persons_best", "review_reason", numeric=("persons_best",)
        )
        rows = tuple(self._rejected_row(gap) for gap in records(self.labels.rejected))
        return Table(self.labels.word("html.caption.rejected"), columns, rows) if rows else None

    def _rejected_row(self, gap: Record) -> Row:
        what = f"{self.labels.service(gap['kind'])}: {self.labels.cause(gap['kind'], gap['cause'])}"
        parts = (self._fact(gap), self._when(gap).partition("\n")[0], self._id(gap))
        fact = "\n".join(part for part in parts if part)
        area = Cell(
            gap["area_name"], href=self.anchors.area_href(gap["area_id"]), note=self._level_note(gap["area_id"])
        )
        reason = self.figures.text(gap["review_note"], foreign=True)
        cells = (Cell(what, note=fact), area, self._group_cell(gap), self._persons(gap), reason)
        return Row(cells, id=self.anchors.gap(gap["gap_id"]))

    def _short_row(self, gap: Record) -> Row:
        target = f"#{self.anchors.gap(gap['gap_id'])}"
        said = f"{self.labels.service(gap['kind'])}: {self.labels.cause(gap['kind'], gap['cause'])}"
        what = Cell(said, href=target, note=self._when(gap))
        area = Cell(
            gap["area_name"], href=self.anchors.area_href(gap["area_id"]), note=self._level_note(gap["area_id"])
        )
        tier = self.figures.text(self.labels.label("label", gap["tier"]))
        return Row((self.figures.number(gap["rank"], 0), what, area, self._persons(gap), tier))

    def _when(self, gap: Record) -> str:
        """Windows of a gap in time, and whom they are about where these are no residents by age."""
        slots, when = slot_words(self.labels, gap), when_words(self.labels, gap)
        if slots is None:
            return ""
        whom = f"\n{self.labels.users(gap)}" if is_audience(gap["group"]) else ""
        return slots + (f" ({when})" if when else "") + whom

    def _level_note(self, area_id: str) -> str:
        level = self.labels.levels.get(area_id)
        if level == "locality":
            return self.labels.municipality(area_id) or ""
        return ""

    def ranking_shakes(self) -> bool:
        """Whether the order inside a tier can change inside the intervals of the persons."""
        for one, other in pairwise(self.gaps):
            low, high = (_weight(one, "low"), _weight(other, "high"))
            spread = any(gap["persons_low"] != gap["persons_high"] for gap in (one, other))
            if one["tier"] == other["tier"] and spread and low is not None and high is not None and low < high:
                return True
        return False

    def _blocks(self, gaps: list[Record]) -> Iterator[GapBlock]:
        together: dict[tuple[str, str, str], list[Record]] = {}
        for gap in gaps:
            together.setdefault((gap["kind"], gap["norm_id"], gap["cause"]), []).append(gap)
        for mine in together.values():
            if len(mine) >= GROUPED_FROM:
                yield self._group(mine)
            else:
                yield from (self._single(gap) for gap in mine)

    def _single(self, gap: Record) -> GapBlock:
        labels = self.labels
        headline = f"{gap['area_name']}: {labels.service(gap['kind'])}"
        where = labels.municipality(gap["area_id"]) if labels.levels.get(gap["area_id"]) == "locality" else None
        headline += f" ({where})" if where and where != gap["area_name"] else ""
        facts = (
            (labels.word("column.group"), (self._group_cell(gap),)),
            *self._shared_facts(gap),
            (labels.word("column.confidence"), (self._confidence(gap),)),
            (labels.word("column.review_status"), (self._review(gap),)),
        )
        return GapBlock(
            self.anchors.gap(gap["gap_id"]), self.figures.say.number(gap["rank"], 0), headline,
            labels.cause(gap["kind"], gap["cause"]), self._persons(gap, interval=False), labels.users(gap),
            self._interval(gap), self._fact(gap), self._bar(gap), gap[f"explanation_{labels.lang}"], facts,
            self._trace(gap), self._marks(gap), times=times_of(labels, gap),
        )  # fmt: skip

    def _group(self, gaps: list[Record]) -> GapBlock:
        first, labels = gaps[0], self.labels
        columns = self.figures.columns(
            "rank", "area", "group", "persons_best", "html.column.found", "confidence", "review_status",
            numeric=("rank", "persons_best"),
        )  # fmt: skip
        rows = tuple(self._group_row(gap) for gap in gaps)
        n_areas = len({gap["area_id"] for gap in gaps})
        headline = f"{labels.service(first['kind'])}: {labels.word('html.n_areas', n=n_areas)}"
        ranks = f"{gaps[0]['rank']}–{gaps[-1]['rank']}" if gaps[-1]["rank"] - gaps[0]["rank"] == len(gaps) - 1 else ""
        caption = f"{labels.service(first['kind'])}, {labels.cause(first['kind'], first['cause'])}"
        ranks = ranks or labels.word("html.from_rank", rank=gaps[0]["rank"])
        return GapBlock(
            f"{self.anchors.gap(first['gap_id'])}-", ranks, headline,
            labels.cause(first["kind"], first["cause"]), None, "", "", "", None, self._norm_part(first),
            tuple(self._shared_facts(first)), self._trace(first, with_id=False), self._marks(first),
            Table(caption, columns, rows, sortable=True, dense=True),
        )  # fmt: skip

    def _group_row(self, gap: Record) -> Row:
        area = Cell(
            gap["area_name"], href=self.anchors.area_href(gap["area_id"]), note=self._level_note(gap["area_id"])
        )
        notes = (self._when(gap).partition("\n")[0], hours_words(self.labels, gap), self._id(gap))
        found = Cell(self._fact(gap), note="\n".join(note for note in notes if note))
        return Row(
            (self.figures.number(gap["rank"], 0), area, self._group_cell(gap), self._persons(gap), found,
             self._confidence(gap), self._review(gap)),
            id=self.anchors.gap(gap["gap_id"]),
        )  # fmt: skip

    def _norm_part(self, gap: Record) -> str:
        """The explanation without what is said of an area: norm and what to mind."""
        norm = self.labels.catalogue.norms.get(gap["norm_id"])
        if norm is None:
            return ""
        title, basis = getattr(norm.title, self.labels.lang), f" ({norm.legal_basis})" if norm.legal_basis else ""
        said = [self.labels.word(f"tier.{gap['tier']}", norm=title, basis=basis)]
        if f"{self.labels.norm(gap['norm_id'])}".endswith(UNCERTAIN):
            said.append(self.labels.word("note.uncertain_norm", norm=title))
        card = self.labels.card(gap["kind"])
        said += [self.labels.word(key) for key in (card.sentences if card else ())]
        return " ".join(said)

    def _shared_facts(self, gap: Record) -> Iterator[tuple[str, tuple[Cell, ...]]]:
        labels, word = self.labels, self.labels.word
        answers = labels.responsibility(gap["kind"])
        body, departments = gap["responsible_body"], texts(gap["departments"])
        if labels.lang == "en" and answers is not None:
            body, departments = answers.body.en, [department.en for department in answers.departments]
        norm = Cell(labels.norm(gap["norm_id"]), href=self.anchors.norm_href(gap["norm_id"]))
        yield word("column.norm"), (norm, Cell(labels.label("binding", gap["binding"]) or ""))
        if gap["mode"]:
            yield word("column.mode"), (Cell(labels.label("mode", gap["mode"]) or ""),)
        yield word("column.responsible_body"), (self.figures.text(body),)
        parts = [labels.label("influence", gap["influence"]), labels.duty(gap)]
        yield word("html.influence"), tuple(self.figures.text(part) for part in parts if part)
        yield word("column.departments"), (self.figures.text("; ".join(departments)),)

    def _group_cell(self, gap: Record) -> Cell:
        return Cell(self.labels.group(gap["group"], gap["kind"], gap["norm_id"]))

    def _confidence(self, gap: Record) -> Cell:
        said = self.labels.label("confidence", gap["confidence"]) or ""
        day = self.figures.day(gap["data_as_of"])
        note = self.labels.word("html.data_from", day=day.text) if day.look == "text" else ""
        return Cell(said, note=note)

    def _id(self, gap: Record) -> str:
        return f"{self.labels.word('html.id')} {gap['gap_id']}"

    def _review(self, gap: Record) -> Cell:
        return Cell(self.labels.label("review", gap["review_status"]) or "", note=gap["review_note"] or "")

    def _marks(self, gap: Record) -> tuple[str, ...]:
        return (self.labels.word("html.integration"),) if gap["integration_obstacle"] else ()

    def _trace(self, gap: Record, *, with_id: bool = True) -> tuple[Cell, ...]:
        """Where the numbers of a gap come from."""
        found = [Cell(self.labels.word("html.see_map"), href=href) for href in self.anchors.map_href(gap["kind"])]
        sheet = self.anchors.area_href(gap["area_id"])
        if sheet and with_id:
            town = self.labels.municipality(gap["area_id"])
            said = self.labels.word("html.see_area", area=town) if town else self.labels.word("html.see_row")
            found.append(Cell(said, href=sheet))
        found += [Cell(file, href=href) for file, href in self.anchors.sources_of(gap)]
        if with_id:
            found.append(Cell(f"{self.labels.word('html.id')} {gap['gap_id']}"))
        return tuple(found)

    def _persons(self, gap: Record, *, interval: bool = True) -> Cell:
        return self.figures.persons(count(gap, "persons_best"), note=self._interval(gap) if interval else "")

    def _interval(self, gap: Record) -> str:
        low, high = gap["persons_low"], gap["persons_high"]
        if low is None or high is None:
            return ""
        ends = [self.figures.persons(float(end)).text for end in (low, high)]
        return "" if ends[0] == ends[1] else self.labels.word("html.interval", low=ends[0], high=ends[1])

    def _fact(self, gap: Record) -> str:
        """What is missing in half a sentence."""
        target, actual, unit, cause = gap["target"], gap["actual"], gap["unit"], gap["cause"]
        if cause in ("capacity", "absent") and target is None and is_withheld(gap):
            return self.labels.word("html.fact.withheld")
        if target is not None and not self.labels.has(f"unit.{unit}.many"):
            return self.labels.word("html.fact.other", target=target, actual=actual, unit=unit)
        if target is not None and gap["dimension"] in ("space", "time") and cause != "quality":
            return self._fact_of_way(gap) if gap["dimension"] == "space" else self._fact_of_time(gap)
        if cause == "absent":
            return self.labels.word("html.fact.absent", target=target, unit=unit)
        if cause == "capacity" and target is not None:
            here = actual or 0.0
            return self.labels.word("html.fact.capacity", missing=target - here, target=target, actual=here, unit=unit)
        return self.labels.word(f"html.fact.{cause}") if self.labels.has(f"html.fact.{cause}") else ""

    def _fact_of_way(self, gap: Record) -> str:
        card, target, unit = self.labels.card(gap["kind"]), gap["target"], gap["unit"]
        served = card is not None and card.use == "service_area"
        searched = searched_minutes(time_bounds(self.labels)[-1], target, unit)
        return self.labels.word(
            "html.fact.distance", target=target, actual=gap["actual"], unit=unit, searched=searched, served=served
        )

    def _fact_of_time(self, gap: Record) -> str:
        """Hours served of those needed; at most so many where something is not known or lacks for another reason."""
        same = ("kind", "group", "area_id", "norm_id", "season")
        others = any(
            other["cause"] != gap["cause"] and all(other[key] == gap[key] for key in same) for other in self.gaps
        )
        return fact_of_time(self.labels, gap, at_most=others or self._is_partly_open(gap))

    def _is_partly_open(self, gap: Record) -> bool:
        """Whether hours of the same people are unknown in the area of a gap, around it or in it."""
        asked = self.open_hours.get((gap["kind"], gap["group"]), [])
        around = {gap["area_id"], *self.labels.upwards(gap["area_id"])}
        return any(area is None or area in around or gap["area_id"] in self.labels.upwards(area) for area in asked)

    def _bar(self, gap: Record) -> int | None:
        target, actual = gap["target"], float(gap["actual"] or 0.0)
        if gap["cause"] not in ("capacity", "absent") or not target:
            return None
        return round(100 * min(1.0, actual / float(target)))


def _weight(gap: Record, end: str) -> float | None:
    persons, severity = gap[f"persons_{end}"], gap["severity"]
    return None if persons is None or severity is None else float(persons) * float(severity)
