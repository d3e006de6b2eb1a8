# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Open questions: one row for what one entry answers, and no number where only a span is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from dableiben.core.run import Results
from dableiben.report.finding_sheets import unknown_sheet
from dableiben.report.html import render
from dableiben.report.labels import Labels
from dableiben.report.pages import summary
from dableiben.report.questions import open_questions
from dableiben.report.rated import unrated_services
from support.exports import made

TOWNS = ("13999002", "13999003")


def asked(*rows: tuple[str, str, float], share: float | None) -> Callable[[Results], None]:
    """Unknowns of one way that the same entry answers: (group, area, persons); `share` without a car."""

    def change(results: Results) -> None:
        results.run["settings"]["carless"] = None if share is None else {"share": share}
        results.tables["unknowns"] = pd.DataFrame(  # type: ignore[index]
            [
                {"kind": "kinderarzt", "group": group, "area_id": area, "what": "distance", "persons_best": persons,
                 "missing_entry": "eine Straße", "facility_ids": [], "reason": "Straße fehlt."}
                for group, area, persons in rows
            ]
        )  # fmt: skip

    return change


def questions(*rows: tuple[str, str, float], share: float | None) -> list[tuple[Any, ...]]:
    one = made(change=asked(*rows, share=share), restricted=False)
    labels = Labels(one.released, one.catalogue, "de")
    return [(q.group, q.area_ids, q.low, q.high) for q in open_questions(labels)]


def test_both_kinds_of_household_are_everybody() -> None:
    both = [("kinder_0_17.mit_auto", TOWNS[0], 50.0), ("kinder_0_17.ohne_auto", TOWNS[0], 50.0)]
    assert questions(*both, share=None) == [("kinder_0_17", TOWNS[:1], 100.0, 100.0)]
    assert questions(*both, share=0.5) == [("kinder_0_17", TOWNS[:1], 100.0, 100.0)]


def test_without_a_share_one_kind_of_household_is_a_span() -> None:
    carless = ("kinder_0_17.ohne_auto", TOWNS[0], 3005.0)
    assert questions(carless, share=None) == [("kinder_0_17.ohne_auto", TOWNS[:1], 0.0, 6010.0)]
    assert questions(carless, share=0.2) == [("kinder_0_17.ohne_auto", TOWNS[:1], 3005.0, 3005.0)]


def test_towns_that_need_the_same_entry_are_one_question() -> None:
    rows = [("kinder_0_17", town, persons) for town, persons in zip(TOWNS, (30.0, 20.0), strict=True)]
    assert questions(*rows, share=0.2) == [("kinder_0_17", TOWNS, 50.0, 50.0)]


@pytest.mark.parametrize(("lang", "span"), [("de", "0 bis 6.010"), ("en", "0 to 6,010")])
def test_page_and_workbook_print_the_span(lang: Any, span: str) -> None:
    one = made(change=asked(("kinder_0_17.ohne_auto", TOWNS[0], 3005.0), share=None), restricted=False)
    page = render(one.released, one.catalogue, lang)
    assert page.count(span) >= 2 and "3.010" not in page and "3.005" not in page  # summary and table
    row = unknown_sheet(Labels(one.released, one.catalogue, lang)).rows[0]
    assert any(isinstance(cell, str) and cell.startswith(span) for cell in row)


def test_page_and_workbook_count_the_same_services_without_a_norm() -> None:
    def with_unseen(results: Results) -> None:
        results.run["settings"]["kinds"] = [*sorted(set(results.tables["need"]["kind"])), "wasser", "bibliothek"]

    one = made(change=with_unseen)
    labels = Labels(one.released, one.catalogue, "de")
    n = len(unrated_services(labels))
    assert {"wasser", "bibliothek"} <= set(unrated_services(labels))
    said = f"Für {n} Angebotsarten ist keine Norm"
    assert said in " ".join(summary(labels)) and said in render(one.released, one.catalogue, "de")


def test_a_report_without_ways_promises_none() -> None:
    def lists_only(results: Results) -> None:
        for name in ("cells", "indicators"):
            results.tables[name] = results.tables[name].iloc[:0]  # type: ignore[index]

    one = made(change=lists_only)
    page = render(one.released, one.catalogue, "de")
    assert "mit dem erfassten Bestand" in page and "erreichen können" not in page.split("<h3>", 1)[0]
    assert "zeigt der Bericht die Wege" not in page and "Über Wege sagt dieser Bericht nichts" in page


def test_withheld_shares_are_no_missing_norm() -> None:
    """Where the gate withholds every share of a service, a norm that was used still rates it."""
    one = made()
    labels = Labels(one.released, one.catalogue, "de")
    before = set(unrated_services(labels))
    measured = {kind for used in one.released.run["norms_used"] for kind in one.catalogue.norms[used["id"]].kinds}
    services = set(one.released.tables["coverage"]["kind"])
    assert measured & services and services - measured - before
    one.released.tables["coverage"]["unrated_share"] = None
    after = set(unrated_services(labels))
    assert not after & measured and after >= services - measured
