# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The sheet of a municipality and the card of a gap say the same number."""

from __future__ import annotations

import pytest

from dableiben.report.anchors import Anchors
from dableiben.report.concerned import ConcernedByArea
from dableiben.report.figures import Figures, Table
from dableiben.report.finding_sheets import comparison_sheet
from dableiben.report.labels import Labels
from dableiben.report.sheet import records
from dableiben.report.view_areas import AreaSheet, AreaView
from dableiben.report.view_supply import SupplyView
from support.checked_demo import checked_demo, released_demo

SPACE = "\u00a0"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def labels() -> Labels:
    return Labels(released_demo(), checked_demo()[1], "de")


@pytest.fixture(scope="module")
def view(labels: Labels) -> AreaView:
    figures = Figures(labels)
    return AreaView(labels, figures, Anchors(labels, (), ()), SupplyView(labels, figures))


def sheet_of(view: AreaView, name: str) -> AreaSheet:
    return next(sheet for sheet in view.sheets(lambda area: None) if sheet.name == name)


def in_gap(table: Table | None, service: str) -> str:
    assert table is not None
    titles = [column.title for column in table.columns]
    row = next(row for row in table.rows if row.cells[0].text == service)
    return row.cells[titles.index("von einer Lücke betroffen")].text


@pytest.mark.parametrize(("town", "service"), [("Dannwisch", "Kita"), ("Brookstedt", "Haltestelle")])
def test_a_gap_has_one_number(labels: Labels, view: AreaView, town: str, service: str) -> None:
    gaps = [g for g in records(labels.gaps) if labels.service(g["kind"]) == service]
    mine = [g["persons_best"] for g in gaps if labels.municipality(g["area_id"]) == town]
    assert len(mine) == 1
    assert in_gap(sheet_of(view, town).table, service) == labels.say.rounded(mine[0])


def test_rounded_shares_are_no_persons(labels: Labels, view: AreaView) -> None:
    """Twenty persons more or less are hidden in a rounded share: it is printed as what it is."""
    said = [
        row.cells[3].text for sheet in view.sheets(lambda area: None) if sheet.table for row in sheet.table.rows
    ]  # fmt: skip
    assert any(text.startswith("rund ") and text.endswith("%") for text in said)
    assert not any(text.startswith("ca.") for text in said)


def test_where_a_gap_is_the_share_is_not_zero(labels: Labels, view: AreaView) -> None:
    """Birkenmoor is a small part of its municipality: its share rounds to zero, but something is missing there."""
    concerned = ConcernedByArea(labels)
    hidden = [
        row for row in view.coverage if row["gap_share"] == 0 and concerned.has("gap", row) and row["share_step"]
    ]  # fmt: skip
    assert hidden
    cells = {
        (row.cells[0].text, column.title): cell.text
        for table in view.matrix() for row in table.rows for column, cell in zip(table.columns, row.cells, strict=True)
    }  # fmt: skip
    sheet = comparison_sheet(labels)
    titles = [field.title for field in sheet.fields]
    book = {(row[1], title): cell for row in sheet.rows for title, cell in zip(titles, row, strict=True)}
    for row in hidden:
        key = (labels.names[row["area_id"]], labels.service(row["kind"]))
        assert cells[key].startswith("unter ") and str(book[key]).startswith("unter ")
