# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Gaps in time as people read them: hours in words and as a picture, person-hours, the right name for the people."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from dableiben.catalogue.group_words import group_label, group_users
from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.catalogue.text import Lang
from dableiben.cli.show import gap_lines, print_json
from dableiben.core.ids import short_id
from dableiben.core.run import Results
from dableiben.core.week import Mask, slots, to_bytes
from dableiben.report.concerned import ConcernedByArea
from dableiben.report.gpkg import write_gpkg
from dableiben.report.html import render, write_html
from dableiben.report.labels import Labels
from dableiben.report.pages import method_page, summary
from dableiben.report.questions import open_questions
from dableiben.report.view_time import strip_of, time_notes
from dableiben.report.xlsx import write_xlsx
from support.exports import Made, made

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TOWN, OTHER = "13999002", "13999003"
EDGES = slots(range(5), 6 * 60, 7 * 60) | slots(range(5), 16 * 60, 17 * 60)
CARDS = {
    "windows/randzeit.yaml": """id: randzeit
reviewed_on: 2026-11-23
label: {de: Betreuung von 6 bis 17 Uhr, en: care from 6 to 17}
audience:
  view: outgoing
  stays: children_3_to_school
  suffix: .outgoing
  users: {de: "Kinder, von denen ein Elternteil auswärts arbeitet,", en: "children of whom a parent works away,"}
windows: [{days: Mo-Fr, times: ["06:00-17:00"], day_types: [school_day, school_holiday]}]
pattern: throughout
source: Test
certainty: made_up
""",
    "windows/abend.yaml": """id: abend
reviewed_on: 2026-11-23
label: {de: Arztbesuch am Abend, en: seeing a doctor in the evening}
audience:
  view: incoming
  suffix: .incoming
  users: {de: "Menschen, die hier nur arbeiten", en: people who only work here}
windows: [{days: Mo-Fr, times: ["17:00-19:00"], day_types: [school_day]}]
pattern: visit
stay_min: 30
source: Test
certainty: made_up
""",
    "windows/heimweg.yaml": """id: heimweg
reviewed_on: 2026-11-23
label: {de: Heimweg, en: way home}
windows: [{days: Mo-Fr, times: ["13:00-13:15", "16:00-16:15"], day_types: [school_day]}]
pattern: leave
source: Test
certainty: made_up
""",
    "windows/tagespflege.yaml": """id: tagespflege
reviewed_on: 2026-11-23
label: {de: Tagespflege, en: day care}
audience:
  view: outgoing
  stays: persons_75
  suffix: .outgoing
  users: {de: "Ältere, deren Angehörige auswärts arbeiten", en: older people whose relatives work away}
windows: [{days: Mo-Fr, times: ["08:00-16:00"], day_types: [school_day]}]
pattern: throughout
source: Test
certainty: made_up
""",
}
NORM = """id: {id}
reviewed_on: 2026-11-23
title: {{de: Zeiten nach Beschluss, en: hours by resolution}}
kinds: [{kind}]
measure: served_in_window
modes: [foot, bus]
window: {window}
unit: Minuten
binding: planning
values: [{{value: 30, valid_from: 2020-01-01, area: DE, source: Test, certainty: made_up}}]
"""
NORMS = {"kita_zeiten": ("kita", "randzeit"), "arzt_zeiten": ("hausarzt", "abend"),
         "weg_zeiten": ("grundschule", "heimweg"), "pflege_zeiten": ("tagespflege", "tagespflege")}  # fmt: skip


@dataclass(frozen=True)
class TimeGap:
    """What a gap in time of a test says; the rest is as in other gaps."""

    kind: str
    group: str
    norm: str
    mask: Mask
    persons: tuple[float, float, float]
    hours: tuple[float, float, float]
    target: float
    actual: float
    cause: str = "hours"
    area: str = TOWN
    season: str | None = None
    day_type: str | None = "school_day"

    def row(self, pattern: dict[str, Any], number: int) -> dict[str, Any]:
        """A row of GAPS."""
        ends = ("low", "best", "high")
        return {
            **pattern, "gap_id": short_id(self.kind, self.group, self.area, str(number)), "kind": self.kind,
            "group": self.group, "norm_id": self.norm, "area_id": self.area, "dimension": "time", "cause": self.cause,
            "mode": "foot", "binding": "planning", "tier": "planning", "target": self.target, "actual": self.actual,
            "unit": "h_week", "severity": 1 - self.actual / self.target, "slots": to_bytes(self.mask),
            "slots_text": "siehe slots", "season": self.season, "day_type": self.day_type, "cell_ids": [],
            "rank": 1000 + number, "review_status": "open", "integration_obstacle": False,
            **{f"persons_{end}": value for end, value in zip(ends, self.persons, strict=True)},
            **{f"person_hours_week_{end}": value for end, value in zip(ends, self.hours, strict=True)},
        }  # fmt: skip


KITA = TimeGap("kita", "kinder_3_bis_schule.outgoing", "kita_zeiten", EDGES, (40, 60, 80), (400, 600, 800), 55, 45)
DOCTOR = TimeGap(
    "hausarzt", "alle.incoming", "arzt_zeiten", slots(range(4), 17 * 60, 19 * 60), (120, 120, 120), (960, 960, 960),
    8, 0,
)  # fmt: skip
HOME = TimeGap(
    "grundschule", "grundschulkinder", "weg_zeiten", slots(range(5), 16 * 60, 16 * 60 + 15), (40, 40, 40), (50, 50, 50),
    2.5, 1.25, cause="timetable",
)  # fmt: skip
SUMMER = replace(KITA, season="holidays", day_type="school_holiday", area=OTHER)
WEEKS = [{"week": "school", "first_day": "2026-01-05"}, {"week": "months:7-8", "first_day": "2026-08-03"}]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("cards")
    norms = {f"norms/{i}.yaml": NORM.format(id=i, kind=kind, window=w) for i, (kind, w) in NORMS.items()}
    for name, text in (CARDS | norms).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return load_catalogue(folder)


def with_times(
    *gaps: TimeGap, restricted: bool = False, unknown: tuple[str, str] | None = None, **checks: str
) -> Made:
    """The district with gaps in time; `unknown`: group and area whose hours are open; checks: id -> severity."""

    def change(results: Results) -> None:
        table = results.tables["gaps"]
        pattern = {str(k): v for k, v in table.iloc[0].to_dict().items()}
        names = dict(zip(results.areas["area_id"], results.areas["name"], strict=True))
        rows = [gap.row(pattern, n) | {"area_name": names[gap.area]} for n, gap in enumerate(gaps)]
        results.tables["gaps"] = pd.concat([table, pd.DataFrame(rows)], ignore_index=True)  # type: ignore[index]
        if unknown is not None:
            first = results.tables["unknowns"].iloc[[0]].assign(
                kind="kita", group=unknown[0], area_id=unknown[1], what="time", persons_best=12.0
            )
            both = pd.concat([results.tables["unknowns"], first], ignore_index=True)
            results.tables["unknowns"] = both  # type: ignore[index]
        results.run["settings"]["weeks"] = WEEKS
        results.run["counts"].update(facilities=852, hours_given=330, hours_unread=6)
        results.run["checks"] += [
            {"id": name, "severity": grade, "text_de": "Befund.", "hint_de": ""}  # type: ignore[typeddict-item]
            for name, grade in checks.items()
        ]

    return made(change=change, restricted=restricted)


def shown(one: Made, catalogue: Catalogue, lang: Lang = "de") -> str:
    """The page as text with single blanks; the picture's text alternative stays."""
    page = render(one.released, catalogue, lang)
    page = re.sub(r"<(style|script)>.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r'<svg class="hours-strip"[^>]*aria-label="([^"]*)"[^>]*>.*?</svg>', r"[\1]", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " "))


def test_hours_are_words_and_a_picture_that_can_be_read_aloud(catalogue: Catalogue) -> None:
    one = with_times(KITA)
    said = shown(one, catalogue)
    assert "geöffnet 45 von 55 Stunden je Woche" in said
    assert "Mo–Fr 6:00–7:00 und 16:00–17:00 (Schultage)" in said
    assert "[Woche von Montag bis Sonntag; markiert ist: Mo–Fr 6:00–7:00 und 16:00–17:00]" in said
    english = shown(one, catalogue, "en")
    assert "open 45 of 55 hours a week" in english and "Mon–Fri 6:00–7:00 and 16:00–17:00 (school days)" in english


def test_the_picture_marks_the_slots_by_a_pattern(catalogue: Catalogue) -> None:
    page = render(with_times(KITA).released, catalogue, "de")
    strip = page[page.index('<svg class="hours-strip"') :].partition("</svg>")[0]
    bars = re.findall(r'<rect x="(\d+)" y="([\d.]+)" width="(\d+)"[^>]*fill="url\(#week-gap\)"', strip)
    assert len(bars) == 10 and {width for _, _, width in bars} == {"4"}
    assert {int(x) - 14 for x, _, _ in bars} == {24, 64}  # 6:00 and 16:00 as quarters of an hour
    assert '<pattern id="week-gap"' in page


def test_a_stretch_over_midnight_is_drawn_on_both_days(catalogue: Catalogue) -> None:
    one = with_times(KITA)
    strip = strip_of(Labels(one.released, catalogue, "de"), slots([4], 20 * 60, 26 * 60))
    assert strip.bars == ((80, 4, 16), (0, 5, 8)) and "Fr 20:00–2:00" in strip.text


def test_person_hours_stand_with_their_interval(catalogue: Catalogue) -> None:
    said = shown(with_times(KITA, DOCTOR), catalogue)
    assert "600 (400 bis 800) Personenstunden je Woche" in said
    assert "960 Personenstunden je Woche" in said


def test_times_to_be_somewhere_are_rides_not_hours(catalogue: Catalogue) -> None:
    said = shown(with_times(HOME), catalogue)
    assert "rechtzeitig möglich: 5 von 10 Fahrten je Woche" in said and "200 Fahrten je Woche fehlen" in said
    assert "Personenstunden" not in said


@pytest.mark.parametrize(
    ("unknown", "more"),
    [(("kinder_3_bis_schule.outgoing", TOWN), True), (("kinder_3_bis_schule.outgoing", "13999"), True),
     (("kinder_3_bis_schule.outgoing", OTHER), False), (("kinder_3_bis_schule", TOWN), False)],
)  # fmt: skip
def test_what_is_partly_unknown_is_open_at_most(catalogue: Catalogue, unknown: tuple[str, str], more: bool) -> None:
    said = shown(with_times(KITA, unknown=unknown), catalogue)
    assert ("geöffnet höchstens 45 von 55 Stunden" in said) is more


def test_hours_that_lack_a_ride_as_well_are_open_at_most(catalogue: Catalogue) -> None:
    ride = replace(KITA, cause="timetable", actual=50, mask=slots(range(5), 12 * 60, 13 * 60))
    said = shown(with_times(KITA, ride), catalogue)
    assert "geöffnet höchstens 45 von 55 Stunden" in said and "hin und zurück: höchstens 50 von 55 Stunden" in said


def test_who_only_comes_here_is_no_resident(catalogue: Catalogue) -> None:
    said = shown(with_times(DOCTOR), catalogue)
    assert said.count("Menschen, die hier nur arbeiten") >= 3
    gone = group_label(load_catalogue(), "alle.incoming", "de", service="hausarzt", norm_id="arzt_zeiten")
    assert gone == "Menschen mit Hauptwohnung anderswo"
    for lang in ("de", "en"):
        words = [group_users(load_catalogue(), f"alle.{who}", lang) for who in ("incoming_zweitwohnsitz", "outgoing")]
        assert not any(re.search("Einwohner|resident", word) for word in words)


def test_one_suffix_means_the_people_of_the_norm_s_window(catalogue: Catalogue) -> None:
    def label(group: str, service: str, norm_id: str = "") -> str:
        return group_label(catalogue, group, "de", service=service, norm_id=norm_id)

    assert label("kinder_3_bis_schule.outgoing", "kita") == "Kinder, von denen ein Elternteil auswärts arbeitet"
    assert label("senioren_65.outgoing", "tagespflege") == "Ältere, deren Angehörige auswärts arbeiten"
    assert label("senioren_65.outgoing", "kita", "pflege_zeiten") == "Ältere, deren Angehörige auswärts arbeiten"
    assert label("alle.incoming.ohne_auto", "hausarzt") == "Menschen, die hier nur arbeiten aus Haushalten ohne Auto"
    assert label("kinder_3_bis_schule.outgoing.mit_auto", "kita").endswith("arbeitet, aus Haushalten mit Auto")


def test_tables_by_municipality_say_whom_they_leave_out(catalogue: Catalogue) -> None:
    note = "zählen hier nicht als eigene Gruppe"
    assert note in shown(with_times(KITA), catalogue) and note not in shown(with_times(HOME), catalogue)


def test_open_questions_keep_the_people_of_a_window_apart(catalogue: Catalogue) -> None:
    one = with_times(KITA, unknown=("kinder_3_bis_schule.outgoing", TOWN))
    labels = Labels(one.released, catalogue, "de")
    assert ("kinder_3_bis_schule.outgoing", "time") in [(asked.group, asked.what) for asked in open_questions(labels)]
    assert "Kinder, von denen ein Elternteil auswärts arbeitet Birkholm Zeiten" in shown(one, catalogue)


def test_the_summary_tells_the_dimensions_apart_and_adds_hours(catalogue: Catalogue) -> None:
    one = with_times(KITA, DOCTOR, HOME, SUMMER)
    table = one.released.tables["gaps"]
    counts = table["dimension"].value_counts()
    said = shown(one, catalogue)
    assert f"Davon fehlt bei {counts['content']} das Angebot" in said and "bei 4 passt die Zeit nicht" in said
    total = (
        "Bei den Zeiten fehlen in jeder gewöhnlichen Woche 1.560 Personenstunden (1.360 bis 1.760), dazu in Wochen der "
        "Ferien oder einer Saison 600 Personenstunden (400 bis 800)"
    )
    assert total in said
    sentences = [text.replace("\u00a0", " ") for text in summary(Labels(one.released, catalogue, "de"))]
    assert any(text.startswith(total) for text in sentences)


def test_without_gaps_in_time_nothing_is_said_of_them(catalogue: Catalogue) -> None:
    said = shown(made(restricted=False), catalogue)
    assert "passt die Zeit" not in said and "Viertelstunde" not in said and "Personenstunden" not in said


def test_a_withheld_gap_in_time_says_no_number(catalogue: Catalogue) -> None:
    few = replace(KITA, persons=(2, 2, 2), hours=(20, 20, 20))
    one = with_times(few, restricted=True)
    row = one.released.tables["gaps"].query("dimension == 'time'").iloc[0]
    assert isinstance(row["withheld"], str)
    page = render(one.released, catalogue, "de")
    block = page[page.index(f'id="g-{row["gap_id"]}"') :]
    block = block[: block.index("</article>")]
    assert "Personenstunden" not in block and ">2<" not in block and "hours-strip" in block


def test_the_report_says_which_weeks_were_looked_at_and_what_is_not_known(catalogue: Catalogue) -> None:
    one = with_times(KITA, timetable_partial="yellow", transport_support="yellow", timetable_days="green")
    labels = Labels(one.released, catalogue, "de")
    notes = [cell.text for cell in time_notes(labels)]
    assert notes[0].endswith(
        "eine Schulwoche (ab Montag, 05.01.2026), eine Woche für „Juli–August“ (ab Montag, 03.08.2026)."
    )
    assert "330 von 852 Einrichtungen; 6 Angaben sind nicht lesbar" in notes[1]
    assert "Der Fahrplan ist unvollständig" in notes[2] and "hängt allein an Ehrenamtlichen" in notes[3]
    assert len(notes) == 4
    settings = {line.left: line.right for line in method_page(labels).lines}
    assert str(settings["Betrachtete Wochen"]).startswith("eine Schulwoche")


def test_the_same_people_are_counted_once_and_those_of_segments_not_among_residents(catalogue: Catalogue) -> None:
    other = replace(KITA, group="kinder_3_bis_schule.klasse_1", area=OTHER)
    summer = replace(other, season="holidays", persons=(50, 70, 90))
    one = with_times(KITA, other, summer)
    concerned = ConcernedByArea(Labels(one.released, catalogue, "de"))
    row = {"area_id": OTHER, "kind": "kita", "group": "kinder_3_bis_schule"}
    found = concerned.of(row)
    assert found is not None and dict(found.persons)["hours"] == 70
    at_home = concerned.of(row | {"area_id": TOWN})
    assert at_home is None or "hours" not in dict(at_home.persons)


def test_the_workbook_tells_hours_in_columns(catalogue: Catalogue, tmp_path: Path) -> None:
    one = with_times(KITA, SUMMER)
    write_xlsx(one.released, catalogue, tmp_path / "x.xlsx")
    sheet = load_workbook(tmp_path / "x.xlsx")["Lücken"]
    table = list(sheet.iter_rows(min_row=2, values_only=True))
    rows = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    mine = {row["Zeit im Jahr"]: row for row in rows if row["Zeiten der Lücke"]}
    assert set(mine) == {None, "Schulferien"}
    assert mine[None]["Zeiten der Lücke"] == "Mo–Fr 6:00–7:00 und 16:00–17:00"
    assert [mine[None][f"Personenstunden {end}"] for end in ("je Woche", "mindestens", "höchstens")] == [600, 400, 800]
    assert mine["Schulferien"]["Art der Tage"] == "Ferientage"
    assert mine[None]["Gruppe"] == "Kinder, von denen ein Elternteil auswärts arbeitet"
    others = [row for row in rows if not row["Zeiten der Lücke"]]
    assert others and all(row["Personenstunden je Woche"] is None for row in others)


def test_the_layer_of_gaps_tells_hours_in_words(catalogue: Catalogue, tmp_path: Path) -> None:
    one = with_times(KITA)
    write_gpkg(one.released, catalogue, tmp_path / "x.gpkg", lang="en")
    layer = gpd.read_file(tmp_path / "x.gpkg", layer="luecken")
    row = layer[layer["zeiten"].notna()].iloc[0]
    assert (row["zeiten"], row["tage"]) == ("Mon–Fri 6:00–7:00 and 16:00–17:00", "school days")
    assert (row["personenstunden_min"], row["personenstunden"], row["personenstunden_max"]) == (400, 600, 800)
    assert not any(isinstance(value, bytes) for value in np.ravel(layer.drop(columns="geometry").to_numpy(object)))


def test_lines_and_json_hold_no_bytes(catalogue: Catalogue, capsys: pytest.CaptureFixture[str]) -> None:
    gaps = with_times(SUMMER, DOCTOR).released.tables["gaps"]
    lines = list(gap_lines(gaps, catalogue))
    mine = [line for line in lines if "falsche Zeiten" in line]
    assert any("falsche Zeiten: siehe slots (Schulferien) · 60 Personen" in line for line in mine)
    assert any("· Menschen, die hier nur arbeiten ·" in line for line in mine) and len(mine) == 2
    print_json(gaps.to_dict("records"))
    found = [gap for gap in json.loads(capsys.readouterr().out) if gap["dimension"] == "time"]
    assert all(bytes.fromhex(gap["slots"]) in (to_bytes(EDGES), to_bytes(DOCTOR.mask)) for gap in found)


def test_the_picture_fits_a_telephone_and_paper(browser: Browser, catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_html(with_times(KITA, DOCTOR).released, catalogue, path)
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto(path.as_uri())
    strip = page.locator("svg.hours-strip").first
    box = strip.bounding_box()
    assert box is not None and 250 < box["width"] <= 390 and box["height"] > 100
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert strip.get_attribute("role") == "img" and "6:00–7:00" in str(strip.get_attribute("aria-label"))
    page.emulate_media(media="print")
    assert strip.is_visible()
    page.close()
