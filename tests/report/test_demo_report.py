# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The report of the made-up district: what a council will read, in a size that goes by mail."""

from __future__ import annotations

import html
import re

import pytest

from dableiben.core.week import from_bytes, in_words
from dableiben.report.html import render
from support.checked_demo import checked_demo, released_demo

LARGEST_BYTES = 3_000_000
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def text() -> str:
    _, catalogue = checked_demo()
    return render(released_demo(), catalogue, "de")


@pytest.fixture(scope="module")
def shown(text: str) -> str:
    """What a reader sees, on one line."""
    bare = re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script)>.*?</\1>", " ", text, flags=re.DOTALL))
    return re.sub(r"\s+", " ", html.unescape(bare))


def test_the_page_is_small_enough_for_a_mail(text: str) -> None:
    assert len(text.encode()) < LARGEST_BYTES


def test_every_gap_stands_in_its_tier_with_its_explanation(text: str, shown: str) -> None:
    gaps = released_demo().tables["gaps"]
    open_gaps = gaps[gaps["withheld"].isna()]
    assert len(gaps) >= 14 and len(open_gaps)
    for gap_id, explanation in open_gaps[["gap_id", "explanation_de"]].itertuples(index=False):
        assert f'id="g-{gap_id}"' in text
        assert re.sub(r"\s+", " ", explanation) in shown
    order = [shown.index(f"{title}:") for title in ("Rechtsanspruch", "Gesetzliche Pflicht", "Unter dem Planungswert")]
    assert order == sorted(order)


def test_law_is_spoken_of_with_care(shown: str) -> None:
    assert "Anspruch nicht erfüllt" not in shown
    assert "zur Erfüllung des Rechtsanspruchs" in shown
    assert "stellt allein der Landesausschuss der Ärzte und Krankenkassen fest (§ 100 SGB V)" in shown


def test_traps_are_no_gaps(text: str) -> None:
    for heading in re.findall(r"<h4><span class=\"rank\">.*?</h4>", text, flags=re.DOTALL):
        assert not re.search("Wendelrade|Sandrade", heading)
        # The hours of Altenwisch are a planted gap; its ways and places are the trap.
        assert "Altenwisch" not in heading or "falsche Zeiten" in heading


def test_gaps_in_time_are_told_with_hours_and_people(text: str, shown: str) -> None:
    gaps = released_demo().tables["gaps"]
    in_time = gaps[gaps["dimension"] == "time"]
    assert len(in_time) and 'class="hours-strip"' in text
    for row in in_time.to_dict("records"):
        assert in_words(from_bytes(row["slots"])) in shown
    assert "Zeiten wurden in diesen Wochen geprüft" in shown and "passt die Zeit nicht" in shown
    assert "hängt allein an Ehrenamtlichen" in shown and "Fahrdienst Moorwarder" in shown
    assert "Menschen, die hier arbeiten und anderswo ihre Hauptwohnung haben" in shown


def test_every_municipality_has_its_sheet_and_its_name_on_the_map(text: str) -> None:
    areas = released_demo().areas
    towns = areas[areas["level"] == "municipality"]
    names = re.findall(r'<text class="municipality"[^>]*>([^<]+)</text>', text)
    assert sorted(names) == sorted(towns["name"]) and len(names) == 14
    for area_id in towns["area_id"]:
        assert f'<div class="sheet" id="a-{area_id}">' in text


def test_the_settings_of_the_ranking_are_printed(shown: str) -> None:
    _, catalogue = checked_demo()
    card = catalogue.assessment
    assert f"Gewichte {card.persons_weight:g} und {card.severity_weight:g}" in shown
    assert "Haushalte ohne Auto 18 %" in shown and "© OpenStreetMap-Mitwirkende (ODbL 1.0)" in shown


def test_where_nobody_has_the_need_no_cell_is_a_gap() -> None:
    """Sandrade: nine residents, no child. Its cells are far from every Kita, which is nobody's gap."""
    cells = released_demo().tables["cells"]
    kita = cells[(cells["kind"] == "kita") & cells["area_id"].str.endswith(":sandrade")]
    assert "not_applicable" in set(kita["status_distance"]) and "gap" not in set(kita["status_distance"])


def test_nothing_is_said_in_the_words_of_programmers(shown: str) -> None:
    for word in ("norms.csv", "[choice]", "„assessment“", "Prüfstand", "drängen", "aus dem Gedächtnis notiert"):
        assert word not in shown
    assert not re.search(r"\bin Landkreis\b|\b1 Einrichtungen\b|davon \d+ vielleicht", shown)
    assert "keine eigene Aufgabe der Kommune" in shown and "Beteiligte Stellen" in shown
