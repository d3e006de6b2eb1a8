# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A gap that was looked at and rejected counts nowhere; it stands apart, with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from dableiben.catalogue.load import load_catalogue
from dableiben.cli.show import gap_lines, gap_total
from dableiben.core.run import Results
from dableiben.report.finding_sheets import gap_sheet, rejected_sheet
from dableiben.report.html import render
from dableiben.report.labels import Labels
from dableiben.report.map_layers import map_layers
from dableiben.report.pages import summary
from dableiben.report.reviewed import rejected_last
from support.exports import Made, made

REASON = "Im Mai vor Ort nachgesehen"


def reject(gap_id: str) -> Callable[[Results], None]:
    def change(results: Results) -> None:
        gaps = results.tables["gaps"]
        hit = gaps["gap_id"] == gap_id
        gaps["review_status"] = gaps["review_status"].mask(hit, "rejected")
        gaps["review_note"] = gaps["review_note"].astype(object).mask(hit, REASON)

    return change


@pytest.fixture(scope="module")
def before() -> Made:
    return made(restricted=False)


@pytest.fixture(scope="module")
def first(before: Made) -> str:
    """The gap of the first rank that is a way, so that a map shows it."""
    gaps = before.released.tables["gaps"]
    return str(gaps[gaps["cause"] == "distance"].sort_values("rank")["gap_id"].iloc[0])


@pytest.fixture(scope="module")
def after(first: str) -> Made:
    return made(change=reject(first), restricted=False)


def test_the_summary_counts_what_stands(before: Made, after: Made) -> None:
    for lang in ("de", "en"):
        n = len(before.released.tables["gaps"])
        said = " ".join(summary(Labels(after.released, after.catalogue, lang)))  # type: ignore[arg-type]
        assert f" {n - 1} " in said and f" {n} " not in said


def test_ranks_have_no_holes(after: Made, first: str) -> None:
    table = rejected_last(after.released.tables["gaps"])
    assert list(table["rank"]) == list(range(1, len(table) + 1)) and table["gap_id"].iloc[-1] == first
    assert list(Labels(after.released, after.catalogue, "de").gaps["rank"]) == list(range(1, len(table)))


def test_the_page_names_it_apart_with_the_reason(after: Made, first: str) -> None:
    page = render(after.released, after.catalogue, "de")
    apart = page[page.index('id="rejected"') :]
    apart = apart[: apart.index("</section>")]
    assert f'id="g-{first}"' in apart and REASON in apart and "Geprüft und verworfen" in apart
    assert page.count(f'id="g-{first}"') == 1 and REASON not in page.replace(apart, "")
    assert f"#g-{first}" not in page  # neither in the first ranks, nor on a map, nor on the sheet of a municipality


def test_municipalities_do_not_count_it(before: Made, after: Made) -> None:
    def gaps_by_town(made_: Made) -> list[str]:
        page = render(made_.released, made_.catalogue, "de")
        return re.findall(r"[^<>]*Lücken? genannt[^<>]*|[^<>]*keine Lücke genannt[^<>]*", page)

    assert len(gaps_by_town(before)) == len(gaps_by_town(after)) and gaps_by_town(before) != gaps_by_town(after)


def test_the_workbook_and_the_map_file_leave_it_out(after: Made, first: str) -> None:
    labels = Labels(after.released, after.catalogue, "de")
    assert all(first not in row for row in gap_sheet(labels).rows)
    assert [row for row in rejected_sheet(labels).rows if first in row and REASON in row]
    layer = next(layer for layer in map_layers(labels) if layer.name == "luecken")
    assert len(layer.rows) == len(labels.gaps) and all(first not in row for row in layer.rows)


def test_the_command_line_marks_what_was_decided(after: Made, first: str) -> None:
    gaps = rejected_last(after.released.tables["gaps"])
    gaps = gaps[gaps["kind"] != "frauenhaus"]
    lines = list(gap_lines(gaps, load_catalogue()))
    assert lines[-1].endswith(f"[{first}] – verworfen") and lines[-1].startswith("  –")
    confirmed = [line for line in lines if line.endswith(" – bestätigt")]
    assert len(confirmed) == int((gaps["review_status"] == "confirmed").sum()) > 0
    assert gap_total(gaps) == f"{len(gaps) - 1} Lücken, 1 verworfen"
    assert gap_total(gaps.iloc[:1]) == "1 Lücke"


def test_what_is_missing_is_called_by_its_name(before: Made) -> None:
    labels = Labels(before.released, before.catalogue, "de")
    assert labels.cause("hausarzt", "capacity") == "zu wenig Arztstellen"
    assert labels.cause("kita", "capacity") == "zu wenig Plätze"
    assert labels.cause("kita", "distance") == "zu weit"
