# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What the report rests on: norms, sources, data checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from dableiben.core.run import NormUsed
from dableiben.report.anchors import Anchors
from dableiben.report.figures import Cell, Column, Figures, Row, Table
from dableiben.report.labels import UNCERTAIN, Labels

GRADES = ("red", "yellow", "green")
SIGNS = {"red": "✕", "yellow": "!", "green": "✓"}
"""beside the colour, for those who do not see it"""


def norm_table(labels: Labels, figures: Figures, anchors: Anchors) -> Table | None:
    """Norms and rates that made or could have made a row, with source and certainty."""
    columns = (
        *figures.columns("norm", "binding"), Column(labels.word("column.value"), numeric=True),
        *figures.columns("validity", "certainty", "source"),
    )  # fmt: skip
    used = sorted(labels.released.run["norms_used"], key=lambda norm: (norm["id"], norm.get("area") or ""))
    seen: set[str] = set()
    rows = []
    for norm in used:
        anchor = "" if norm["id"] in seen else anchors.norm(norm["id"])
        seen.add(norm["id"])
        rows.append(Row(tuple(_norm_cells(labels, figures, norm)), id=anchor))
    return Table(labels.word("html.caption.norms"), columns, tuple(rows), dense=True) if rows else None


def _norm_cells(labels: Labels, figures: Figures, norm: NormUsed) -> Iterator[Cell]:
    value = norm["value"]
    said = _by_age(labels, value) if isinstance(value, dict) else labels.say.number(value, 3)
    mark = f" {UNCERTAIN}" if norm["uncertain"] else ""
    card = f"{labels.word('table.own_card' if norm['own'] else 'table.packaged')}: {norm['id']}"
    basis = norm.get("legal_basis")
    yield Cell(norm["title"][labels.lang] + mark, note="\n".join(filter(None, (basis, card, _card_note(labels, norm)))))
    yield figures.text(labels.label("binding", norm["binding"]))
    is_german = labels.lang != "de" and not labels.has(f"norm_unit.{norm['unit']}")
    yield Cell(said, "number", note=labels.norm_unit(norm["unit"]), foreign=is_german)
    since = labels.word("html.since", day=date.fromisoformat(norm["valid_from"]))
    yield figures.text(_validity(labels, norm.get("area")), note=since)
    yield figures.text(labels.label("certainty", norm["certainty"]))
    yield figures.text(norm["source"], note=norm.get("note") or "", foreign=True)


def _card_note(labels: Labels, norm: NormUsed) -> str:
    """What the card of a norm wants to be minded; unlike the note of a value it is there in both languages."""
    card = labels.catalogue.norms.get(norm["id"])
    return "" if card is None or card.note is None else str(getattr(card.note, labels.lang))


def _by_age(labels: Labels, values: dict[str, float]) -> str:
    ages = sorted(values, key=lambda age: (int(age) if age.isdigit() else 0, age))
    return "; ".join(labels.word("table.age_value", age=age, value=values[age]) for age in ages)


def _validity(labels: Labels, area: str | None) -> str | None:
    """Where a norm value holds: Germany, a Land, or an area."""
    if area is None:
        return None
    if area == "DE":
        return labels.word("html.germany")
    land = next((card for card in labels.catalogue.laender.values() if card.land == area), None)
    return labels.names.get(area, area) if land is None else str(getattr(land.label, labels.lang))


def source_table(labels: Labels, figures: Figures, anchors: Anchors) -> Table:
    """Files with licence line, what was read and lost."""
    columns = (
        *figures.columns("file", "file_kind", "as_of"),
        *(Column(labels.word(f"column.{key}"), numeric=True) for key in ("rows_read", "rows_used", "rows_lost")),
        *figures.columns("lost", "attribution"),
    )
    rows = []
    for source in labels.released.run["sources"]:
        lost = sorted(source["lost"].items(), key=lambda pair: (-pair[1], pair[0]))
        reasons = [f"{labels.say.number(n)} × {why}" for why, n in lost] + list(source["notes"])
        line = source["attribution"]
        guarded = labels.word("html.restricted") if source["restricted"] else ""
        licence = figures.text(line or labels.word("html.own_list"), note=guarded, foreign=bool(line))
        day = figures.day(source["as_of"]) if source["as_of"] else figures.unknown_or(None)
        rows.append(
            Row((
                Cell(source["file"], note=f"SHA-256 {source['sha256'][:16]}…"),
                figures.text(labels.label("source", source["kind"])), day,
                figures.number(source["rows_read"], 0), figures.number(source["rows_used"], 0),
                figures.number(sum(source["lost"].values()), 0),
                figures.text(reasons[0] if reasons else None, note="\n".join(reasons[1:]), foreign=True), licence,
            ), id=anchors.source(source["file"]))
        )  # fmt: skip
    return Table(labels.word("html.caption.sources"), columns, tuple(rows), dense=True)


def check_table(labels: Labels, figures: Figures) -> Table | None:
    """Data checks, the gravest first."""
    columns = figures.columns("check_severity", "check", "hint")
    checks = sorted(labels.released.run["checks"], key=lambda check: (GRADES.index(check["severity"]), check["id"]))
    rows = tuple(
        Row((
            Cell(f"{SIGNS[check['severity']]} {labels.label('severity', check['severity'])}"),
            figures.text(check["text_de"], foreign=True), figures.text(check["hint_de"], foreign=True),
        ))
        for check in checks
    )  # fmt: skip
    return Table(labels.word("html.caption.checks"), columns, rows) if rows else None


def quality_sentence(labels: Labels) -> str:
    """How many checks are red, yellow and green."""
    grades = Counter(check["severity"] for check in labels.released.run["checks"])
    return labels.word("html.quality", red=grades["red"], yellow=grades["yellow"], green=grades["green"])
