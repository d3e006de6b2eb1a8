# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Who is here part of the time: segments and commuters of the made-up district; and volunteer transport."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dableiben.demo import plan
from dableiben.demo.write_tables import Row, workbook, write_rows

COUNTED = date(2025, 10, 1)
SEGMENT_COLUMNS = (
    "Bezeichnung", "Sicht", "Anlass", "Gemeinde", "Ortsteil", "Personen mindestens", "Personen", "Personen höchstens",
    "Regel", "anwesend", "Saison", "Altersgruppe von", "Altersgruppe bis", "Arbeitszeit", "Kinder unter 3",
    "Kinder 3 bis Schule", "Grundschulkinder", "Personen ab 75", "Quelle", "Stand",
)  # fmt: skip
COMMUTER_COLUMNS = ("Wohnort AGS", "Wohnort", "Arbeitsort AGS", "Arbeitsort", "Personen", "Stand")
TRANSPORT_COLUMNS = (
    "Name", "Art", "Bedienungsgebiet", "Betriebszeiten", "Sitzplätze", "Ehrenamtliche", "hauptamtliche Begleitung",
    "Anmeldung (Minuten vorher)", "Träger", "Stand",
)  # fmt: skip
MADE_UP = "erfunden (Demo)"


@dataclass(frozen=True)
class Segment:
    """A group of people who are here part of the time, or away part of it."""

    name: str
    view: str
    reason: str
    locality: str
    persons: tuple[int, int, int]
    """at least, best, at most"""
    rule: str
    present: str
    season: str = "ganzjährig"
    ages: tuple[int, int] = (18, 66)
    working: str | None = None
    children_3_to_school: int | None = None
    aged_75: int | None = None


CARERS = Segment(
    "Pendelnde Pflegende Altenwisch", "Outgoing", "Arbeit", "Altenwisch", (10, 12, 15),
    "Umfrage der Pflegekasse, ± 20 %", "Fr 18:00-Mo 6:00", aged_75=8,
)  # fmt: skip
PARENTS = Segment(
    "Wochenpendler Röhrbeck", "Outgoing", "Arbeit", "Röhrbeck", (8, 10, 12), "Kita-Umfrage, ± 20 %",
    "Fr 18:00-Mo 5:00", children_3_to_school=6,
)  # fmt: skip
WORKERS = Segment(
    "Windpark-Monteure Gravenmark", "Incoming", "Arbeit", "Gravenmark", (90, 120, 150),
    "Betten der Unterkünfte, belegt zu 60, 80 und 100 %", "Mo-Do", working="7-17",
)  # fmt: skip
SUMMER_GUESTS = Segment(
    "Zweitwohnungen Kranichsund", "Incoming", "Zweitwohnsitz", "Kranichsund", (60, 90, 120),
    "30 Zweitwohnungen mit 2, 3 und 4 Personen", "Mo-So", "Juli-August", (0, 100),
)  # fmt: skip
NEWCOMERS = Segment(
    "Neu Zugewanderte in Schichtarbeit Gravenmark", "ansässig", "neu zugewandert", "Gravenmark", (24, 30, 36),
    "Angabe des Betriebs, ± 20 %", "Mo-So", working="Schicht",
)  # fmt: skip
STUDENTS = Segment(
    "Studierende aus Sölten", "Outgoing", "Studium", "Altstadt", (150, 190, 230),
    "Nebenwohnung gemeldet bis Hochschulstatistik", "Fr 18:00-So 20:00", ages=(18, 27),
)  # fmt: skip
SEGMENTS = (PARENTS, CARERS, WORKERS, SUMMER_GUESTS, NEWCOMERS, STUDENTS)

BUERGERBUS_DAYS = "Di und Do 9–12 Uhr"
TRANSPORT: tuple[Row, ...] = (
    ("Bürgerbus Norderlanke", "Bürgerbus", "Lüttenrade; Norderlanke", BUERGERBUS_DAYS, 8, 14, "ja", 0,
     "Bürgerbusverein Norderlanke", COUNTED),
    ("Fahrdienst Moorwarder", "Fahrdienst", "Moorwarder; Torfhude", "Mi 13:30–17:30 Uhr", 4, 5, "nein", 1440,
     "Nachbarschaftshilfe Moorwarder", COUNTED),
)  # fmt: skip

# Day commuters: home, work, persons. "Einpendler insgesamt" and "Auspendler insgesamt" stand in their own rows.
FLOWS = (
    ("Haldersee", "Sölten", 1_120), ("Torfhude", "Sölten", 760), ("Hohenlanke", "Sölten", 690),
    ("Norderlanke", "Sölten", 410), ("Fuhlenbrook", "Sölten", 620), ("Grotenrade", "Sölten", 380),
    ("Ellerhagen", "Sölten", 640), ("Brookstedt", "Sölten", 830), ("Sölten", "Brookstedt", 340),
    ("Ellerhagen", "Brookstedt", 310), ("Ellerbrook", "Haldersee", 190), ("Sölten", "Haldersee", 270),
    ("Dannwisch", "Westerhude", 240), ("Kattenhude", "Westerhude", 210), ("Ellerwarder", "Kattenhude", 130),
    ("Westerhude", "Löhnwedel", 180), ("Dannwisch", "Löhnwedel", 160), ("Ellerwarder", "Rögenwisch", 70),
)  # fmt: skip
SUPPRESSED = (("Ellerbrook", "Westerhude"),)
"""a flow too small to be published: a dash, not 0"""


def write_segments(path: Path) -> None:
    """Multilocal groups, one row each."""
    with workbook(path) as book:
        write_rows(book, "Segmente", "Mehrörtig Lebende, Landkreis Ellerland (erfunden)", SEGMENT_COLUMNS,
                   [_segment_row(segment) for segment in SEGMENTS])  # fmt: skip


def _segment_row(segment: Segment) -> Row:
    municipality, _ = plan.localities()[segment.locality]
    return (
        segment.name, segment.view, segment.reason, municipality.name, segment.locality, *segment.persons,
        segment.rule, segment.present, segment.season, *segment.ages, segment.working, None,
        segment.children_3_to_school, None, segment.aged_75, MADE_UP, COUNTED,
    )  # fmt: skip


def write_transport(path: Path) -> None:
    """Register of volunteer transport."""
    with workbook(path) as book:
        write_rows(book, "Fahrdienste", None, TRANSPORT_COLUMNS, list(TRANSPORT))


def write_commuters(path: Path) -> None:
    """Commuters between municipalities, in the manner of the employment agency's table."""
    keys = {m.name: m.ags for m in (*plan.MUNICIPALITIES, *plan.NEIGHBOURS)}
    flows = [(home, work, str(persons)) for home, work, persons in FLOWS] + [(*pair, "*") for pair in SUPPRESSED]
    lines = [";".join(COMMUTER_COLUMNS)]
    lines += [f"{keys[home]};{home};{keys[work]};{work};{persons};30.06.2025" for home, work, persons in flows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
