# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From released unknowns to the table of open questions with the entry that would answer them."""

from __future__ import annotations

from typing import Any

from dableiben.report.anchors import Anchors
from dableiben.report.figures import Column, Figures, Row, Table
from dableiben.report.labels import Labels
from dableiben.report.questions import Question, open_questions
from dableiben.report.sheet import records

NAMES_SHOWN = 6


def unknown_table(labels: Labels, figures: Figures, anchors: Anchors) -> Table | None:
    """What cannot be said, most persons first, with the entry that would answer it."""
    questions = open_questions(labels)
    if not questions:
        return None
    names = {row["facility_id"]: row["name"] for row in records(labels.released.tables["facilities"])}
    columns = (
        *figures.columns("service", "group", "area", "what"),
        Column(labels.word("html.column.open_persons"), numeric=True),
        *figures.columns("missing_entry"),
    )
    body = tuple(_unknown_row(labels, figures, anchors, question, names) for question in questions)
    return Table(labels.word("html.caption.unknowns"), columns, body, sortable=True)


def _unknown_row(labels: Labels, figures: Figures, anchors: Anchors, asked: Question, names: dict[str, Any]) -> Row:
    why, entry = words_of(labels, asked)
    concerned = named_facilities(labels, list(asked.facility_ids), names, NAMES_SHOWN)
    href = next(iter(anchors.map_href(asked.kind)), "")
    one = asked.area_ids[0] if len(asked.area_ids) == 1 else None
    town = labels.municipality(one) if one and labels.levels.get(one) == "locality" else None
    return Row((
        figures.text(labels.service(asked.kind), href=href), figures.text(labels.group(asked.group, asked.kind)),
        figures.text(area_names(labels, asked), href=anchors.area_href(one) if one else "", note=town or ""),
        figures.text(labels.label("what", asked.what)), figures.span(asked.low, asked.high),
        figures.text(entry[:1].upper() + entry[1:], note="\n".join(filter(None, (concerned, why)))),
    ))  # fmt: skip


def words_of(labels: Labels, asked: Question) -> tuple[str, str]:
    """Reason and missing entry of a question."""
    area = labels.area(asked.area_ids[0]) or ""
    return labels.open_point(asked.reason, asked.missing_entry, asked.kind, asked.group, area)


def area_names(labels: Labels, asked: Question) -> str:
    """Names of the areas a question is about."""
    return labels.listed((labels.area(area) or labels.word("table.all") for area in asked.area_ids), NAMES_SHOWN)


def named_facilities(labels: Labels, ids: list[str], names: dict[str, Any], at_most: int) -> str:
    """Names of facilities; those without one are counted."""
    named = [str(names[f]) for f in ids if names.get(f)]
    said = labels.listed(named, at_most)
    rest = labels.word("html.unnamed", n=len(ids) - len(named)) if len(named) < len(ids) else ""
    return "; ".join(part for part in (said, rest) if part)
