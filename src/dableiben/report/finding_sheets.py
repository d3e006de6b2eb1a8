# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Sheets with what was found: gaps, unknowns, balance, need by municipality, comparison of areas."""

from __future__ import annotations

from dableiben.report.concerned import ConcernedByArea
from dableiben.report.figures import stepped_share
from dableiben.report.labels import Labels, known
from dableiben.report.questions import Question, open_questions
from dableiben.report.sheet import (
    Cell,
    Columns,
    Field,
    Form,
    Record,
    Sheet,
    Shown,
    Sign,
    count,
    flag,
    in_order,
    is_withheld,
    records,
    texts,
)
from dableiben.report.view_time import season_of, slot_words
from dableiben.report.view_unknowns import area_names, words_of

NAMES_SHOWN = 8
"""facilities named in a cell before the rest is counted"""
EXACT = 1e-9
WAY_FORMS: dict[str, Form] = {"min": "minutes", "m": "whole"}


GAP_COLUMNS: tuple[tuple[str, Form, int], ...] = (
    ("rank", "whole", 6), ("tier", "text", 17), ("area", "text", 20), ("level", "text", 12),
    ("service", "text", 22), ("group", "text", 26), ("mode", "text", 13), ("cause", "text", 14),
    ("slots", "text", 22), ("season", "text", 13), ("day_type", "text", 13),
    ("persons_best", "persons", 10), ("persons_low", "persons", 11), ("persons_high", "persons", 11),
    ("person_hours_best", "number", 11), ("person_hours_low", "number", 11), ("person_hours_high", "number", 11),
    ("target", "number", 9), ("actual", "number", 9), ("unit", "text", 13), ("norm", "text", 34),
    ("binding", "text", 16), ("confidence", "text", 10), ("responsible_body", "text", 30),
    ("influence", "text", 16), ("duty", "text", 16), ("departments", "text", 28),
    ("integration_obstacle", "text", 14), ("review_status", "text", 11), ("review_note", "text", 20),
    ("explanation", "text", 70), ("severity", "share", 9), ("data_as_of", "day", 11), ("gap_id", "id", 14),
    ("kind_id", "id", 16), ("group_id", "id", 20), ("area_id", "id", 14), ("norm_id", "id", 8),
)  # fmt: skip


def gap_sheet(labels: Labels) -> Sheet:
    """Gaps by rank, everything a planner needs to answer "why" and "who" in one row."""
    rows = [gap_row(labels, row) for row in records(labels.gaps)]
    return Sheet("gaps", Columns(labels)(*GAP_COLUMNS), rows, frozen=3)


REJECTED_COLUMNS: tuple[tuple[str, Form, int], ...] = (
    ("area", "text", 20), ("level", "text", 12), ("service", "text", 24), ("group", "text", 28), ("cause", "text", 16),
    ("persons_best", "persons", 10), ("tier", "text", 20), ("review_reason", "text", 50), ("explanation", "text", 70),
    ("gap_id", "id", 14),
)  # fmt: skip


def rejected_sheet(labels: Labels) -> Sheet:
    """Gaps that were looked at and rejected, with the reason; they count nowhere."""
    rows: list[tuple[Cell, ...]] = [
        (
            row["area_name"], labels.level(row["area_id"]), labels.service(row["kind"]),
            labels.group(row["group"], row["kind"], row["norm_id"]), labels.cause(row["kind"], row["cause"]),
            count(row, "persons_best"), labels.label("label", row["tier"]),
            row["review_note"], row[f"explanation_{labels.lang}"], row["gap_id"],
        )
        for row in records(labels.rejected)
    ]  # fmt: skip
    return Sheet("rejected", Columns(labels)(*REJECTED_COLUMNS), rows)


def gap_row(labels: Labels, row: Record) -> tuple[Cell, ...]:
    """The values of GAP_COLUMNS for one gap."""
    answers = labels.responsibility(row["kind"])
    body, departments = row["responsible_body"], texts(row["departments"])
    if labels.lang == "en" and answers is not None:
        body, departments = answers.body.en, [department.en for department in answers.departments]
    return (
        int(row["rank"]), labels.label("label", row["tier"]), row["area_name"], labels.level(row["area_id"]),
        labels.service(row["kind"]), labels.group(row["group"], row["kind"], row["norm_id"]),
        labels.label("mode", row["mode"]), labels.cause(row["kind"], row["cause"]),
        slot_words(labels, row), season_of(labels, row), labels.label("day_type", row["day_type"]),
        *(count(row, f"persons_{end}") for end in ("best", "low", "high")),
        *(count(row, f"person_hours_week_{end}", missing=None) for end in ("best", "low", "high")),
        *target_and_actual(labels, row), labels.unit(row["unit"]), labels.norm(row["norm_id"]),
        labels.label("binding", row["binding"]), labels.label("confidence", row["confidence"]), body,
        labels.label("influence", row["influence"]), labels.duty(row), "; ".join(departments),
        flag(labels, row["integration_obstacle"]), labels.label("review", row["review_status"]),
        row["review_note"], row[f"explanation_{labels.lang}"], count(row, "severity", missing=None),
        row["data_as_of"], row["gap_id"], row["kind"], row["group"], row["area_id"], row["norm_id"],
    )  # fmt: skip


def target_and_actual(labels: Labels, row: Record) -> tuple[Cell, Cell]:
    """Target and actual of a gap; only missing places can be withheld, a way that ends nowhere is said so."""
    target, actual = row["target"], row["actual"]
    if target is None and row["cause"] in ("absent", "capacity") and is_withheld(row):
        target = Sign.WITHHELD
    if actual is None and row["cause"] == "distance":
        actual = labels.word("table.out_of_reach")
    form = WAY_FORMS.get(row["unit"])
    return _in_form(target, form), _in_form(actual, form)


def _in_form(value: Cell, form: Form | None) -> Cell:
    return Shown(value, form) if form is not None and isinstance(value, float) else value


def unknown_sheet(labels: Labels) -> Sheet:
    """Unknowns, those with most persons first: the entry that would answer most."""
    fields = Columns(labels)(
        ("service", "text", 24), ("group", "text", 28), ("area", "text", 20), ("level", "text", 12),
        ("what", "text", 10), ("persons_best", "persons", 11), ("missing_entry", "text", 46), ("why", "text", 54),
        ("facilities", "text", 40), ("kind_id", "id", 16), ("group_id", "id", 20), ("area_id", "id", 14),
        ("facility_ids", "id", 30),
    )  # fmt: skip
    tables = labels.released.tables
    names = {
        f: known(n) for f, n in zip(tables["facilities"]["facility_id"], tables["facilities"]["name"], strict=True)
    }
    rows = [_unknown_row(labels, asked, names) for asked in open_questions(labels)]
    return Sheet("unknowns", fields, rows, frozen=1)


def _unknown_row(labels: Labels, asked: Question, names: dict[str, str | None]) -> tuple[Cell, ...]:
    why, entry = words_of(labels, asked)
    ids = list(asked.facility_ids)
    certain = asked.low == asked.high
    return (
        labels.service(asked.kind), labels.group(asked.group, asked.kind), area_names(labels, asked),
        labels.level(asked.area_ids[0]), labels.label("what", asked.what),
        asked.high if certain else labels.say.span(float(asked.low), float(asked.high)),  # type: ignore[arg-type]
        _capital(entry), why, labels.listed((names.get(f) or f for f in ids), NAMES_SHOWN) or None, asked.kind,
        asked.group, labels.listed((area for area in asked.area_ids if area), NAMES_SHOWN) or None,
        labels.listed(ids, NAMES_SHOWN) or None,
    )  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def balance_sheet(labels: Labels) -> Sheet:
    """Bestand - Bedarf - Saldo by service, group, year and area."""
    fields = Columns(labels)(
        ("level", "text", 13), ("area", "text", 24), ("municipality", "text", 20), ("service", "text", 26),
        ("group", "text", 30), ("kita_year", "text", 12), ("places", "number", 11), ("need", "persons", 11),
        ("saldo", "saldo", 11), ("unit", "text", 14), ("kind_id", "id", 16), ("group_id", "id", 20),
        ("area_id", "id", 16),
    )  # fmt: skip
    rows = in_order(
        records(labels.released.tables["balance"]),
        lambda row: labels.service_order(row["kind"]),
        lambda row: row["group"],
        lambda row: labels.area_order(row["area_id"]),
        lambda row: row["kita_year"],
    )
    return Sheet("balance", fields, [_balance_row(labels, row) for row in rows], frozen=2)


def _balance_row(labels: Labels, row: Record) -> tuple[Cell, ...]:
    places = row["places"]
    card = labels.card(row["kind"])
    # Without Bestand there is no Saldo to withhold.
    missing = None if labels.released.council and row["need_persons"] is not None else Sign.UNKNOWN
    saldo = Sign.UNKNOWN if places is None else count(row, "saldo_places", missing=missing)
    return (
        labels.level(row["area_id"]), labels.area(row["area_id"]), labels.municipality(row["area_id"]),
        labels.service(row["kind"]), labels.group(row["group"]), row["kita_year"],
        Sign.UNKNOWN if places is None else places, count(row, "need_persons"), saldo,
        labels.unit(card.capacity_unit if card else None), row["kind"], row["group"], row["area_id"],
    )  # fmt: skip


def coverage_sheet(labels: Labels) -> Sheet:
    """Persons in need, in a gap and unknown by area and service."""
    parts: tuple[tuple[str, Form, int], ...] = (
        ("gap_persons", "persons", 12), ("unknown_persons", "persons", 12), ("gap_share", "share", 11),
        ("unknown_share", "share", 11), ("served_share", "share", 11), ("unrated_share", "share", 11),
    )  # fmt: skip
    fields = Columns(labels)(
        ("level", "text", 13), ("area", "text", 24), ("domain", "text", 18), ("service", "text", 26),
        ("group", "text", 30), ("need_persons", "persons", 12),
        *(() if labels.released.council else parts),
        ("kind_id", "id", 16), ("group_id", "id", 20), ("area_id", "id", 14),
    )  # fmt: skip
    concerned = ConcernedByArea(labels)
    return Sheet("coverage", fields, [_coverage_row(labels, concerned, row) for row in _coverage(labels)], frozen=2)


def _coverage(labels: Labels) -> list[Record]:
    return in_order(
        records(labels.released.tables["coverage"]),
        lambda row: labels.area_order(row["area_id"]),
        lambda row: labels.service_order(row["kind"]),
        lambda row: row["group"],
    )


def _coverage_row(labels: Labels, concerned: ConcernedByArea, row: Record) -> tuple[Cell, ...]:
    return (
        labels.level(row["area_id"]), labels.area(row["area_id"]), labels.domain(row["kind"]),
        labels.service(row["kind"]), labels.group(row["group"]), count(row, "need_persons"),
        *(() if labels.released.council else _parts(labels, concerned, row)),
        row["kind"], row["group"], row["area_id"],
    )  # fmt: skip


def _parts(labels: Labels, concerned: ConcernedByArea, row: Record) -> tuple[Cell, ...]:
    shares = (count(row, f"{part}_share") for part in ("gap", "unknown", "served", "unrated"))
    return _part(labels, concerned, row, "gap"), _part(labels, concerned, row, "unknown"), *shares


def _part(labels: Labels, concerned: ConcernedByArea, row: Record, part: str) -> Cell:
    """Persons of a part: what its gaps name, else from need and share; where shares are rounded, the share."""
    need, share = count(row, "need_persons"), count(row, f"{part}_share")
    named = concerned.of(row) if part == "gap" else None
    if named is not None and named.number is not None:
        return named.number
    if isinstance(need, Sign):
        return need
    if isinstance(share, Sign):
        return share
    if not isinstance(need, float) or not isinstance(share, float):
        return None
    if row["share_step"] is None:
        return need * share
    return stepped_share(labels, share, row["share_step"], found=concerned.has(part, row)) or 0.0


def comparison_sheet(labels: Labels) -> Sheet:
    """Areas against services: the share in a gap of the group most concerned."""
    rows = _coverage(labels)
    rated = {r["kind"] for r in rows if r["unrated_share"] is None or r["unrated_share"] < 1 - EXACT}
    services = sorted(rated, key=labels.service_order)
    cells: dict[tuple[str, str], list[Record]] = {}
    for row in rows:
        cells.setdefault((row["area_id"], row["kind"]), []).append(row)
    areas = sorted({row["area_id"] for row in rows}, key=labels.area_order)
    fields = (
        *Columns(labels)(("level", "text", 13), ("area", "text", 24)),
        *(Field(labels.service(service), "share", 12) for service in services),
        *Columns(labels)(
            ("area_id", "id", 14),
        ),
    )
    concerned = ConcernedByArea(labels)
    table: list[tuple[Cell, ...]] = [
        (
            labels.level(area), labels.area(area),
            *(_compared(labels, concerned, cells.get((area, service), [])) for service in services), area,
        )
        for area in areas
    ]  # fmt: skip
    return Sheet("comparison", fields, table, frozen=2, shaded=tuple(range(2, 2 + len(services))))


def _compared(labels: Labels, concerned: ConcernedByArea, rows: list[Record]) -> Cell:
    share, step = share_in_gap(rows), step_of_gaps(concerned, rows)
    if share in (0.0, Sign.UNKNOWN) and step is not None:
        return labels.word("share.under", share=step)
    return share


def step_of_gaps(concerned: ConcernedByArea, rows: list[Record]) -> float | None:
    """The coarsest step of rows in whose area there is a gap; None without gap or without rounding."""
    steps = [row["share_step"] for row in rows if row["share_step"] is not None and concerned.has("gap", row)]
    return max(steps, default=None)


def share_in_gap(rows: list[Record]) -> Cell:
    """Share of the group most concerned; unknown where no gap is shown but something is open; None: not rated."""
    rated = [row for row in rows if row["unrated_share"] is None or row["unrated_share"] < 1 - EXACT]
    if not rated:
        return None
    shares = [share for row in rated if isinstance(share := count(row, "gap_share"), float)]
    if shares and max(shares) > 0:
        return max(shares)
    if len(shares) < len(rated):
        return Sign.WITHHELD
    is_open = any((row["unknown_share"] or 0.0) > 0 for row in rated)
    return Sign.UNKNOWN if is_open else 0.0
