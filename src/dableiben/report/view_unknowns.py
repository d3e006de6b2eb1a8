# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From released unknowns to the table of open questions with the entry that would answer them."""

from __future__ import annotations

from typing import Any

from dableiben.report.anchors import Anchors
from dableiben.report.figures import Column, Figures, Row, Table
from dableiben.report.labels import Labels
from dableiben.report.sheet import Record, count, in_order, records, texts

NAMES_SHOWN = 6


def unknown_table(labels: Labels, figures: Figures, anchors: Anchors) -> Table | None:
    """What cannot be said, most persons first, with the entry that would answer it."""
    rows = in_order(
        records(labels.released.tables["unknowns"]),
        lambda row: -(row["persons_best"] or 0.0),
        lambda row: labels.service_order(row["kind"]),
        lambda row: (row["group"], row["what"], labels.area_order(row["area_id"]), row["missing_entry"]),
    )
    if not rows:
        return None
    names = {row["facility_id"]: row["name"] for row in records(labels.released.tables["facilities"])}
    columns = (
        *figures.columns("service", "group", "area", "what"),
        Column(labels.word("html.column.open_persons"), numeric=True),
        *figures.columns("missing_entry"),
    )
    body = tuple(_unknown_row(labels, figures, anchors, row, names) for row in rows)
    return Table(labels.word("html.caption.unknowns"), columns, body, sortable=True)


def _unknown_row(labels: Labels, figures: Figures, anchors: Anchors, row: Record, names: dict[str, Any]) -> Row:
    area, ids = labels.area(row["area_id"]), texts(row["facility_ids"])
    why, entry = labels.open_point(row["reason"], row["missing_entry"], row["kind"], row["group"], area or "")
    concerned = named_facilities(labels, ids, names, NAMES_SHOWN)
    href = next(iter(anchors.map_href(row["kind"])), "")
    return Row((
        figures.text(labels.service(row["kind"]), href=href), figures.text(labels.group(row["group"])),
        figures.text(area or labels.word("table.all"), href=anchors.area_href(row["area_id"])),
        figures.text(labels.label("what", row["what"])), figures.persons(count(row, "persons_best")),
        figures.text(entry[:1].upper() + entry[1:], note="\n".join(filter(None, (concerned, why)))),
    ))  # fmt: skip


def named_facilities(labels: Labels, ids: list[str], names: dict[str, Any], at_most: int) -> str:
    """Names of facilities; those without one are counted."""
    named = [str(names[f]) for f in ids if names.get(f)]
    said = labels.listed(named, at_most)
    rest = labels.word("html.unnamed", n=len(ids) - len(named)) if len(named) < len(ids) else ""
    return "; ".join(part for part in (said, rest) if part)
