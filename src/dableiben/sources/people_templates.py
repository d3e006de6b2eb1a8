# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Forms for segments of people who live in several places, and for commuters."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from dableiben.sources.templates import write_form

SEGMENTS: tuple[tuple[str, str, str], ...] = (
    ("Bezeichnung", "name", "Name des Segments, z. B. Wochenpendler nach Hamburg."),
    ("Sicht", "view", "Incoming: zeitweise hier. Outgoing: Hauptwohnsitz hier, zeitweise fort. Ansässig: immer hier."),
    ("Anlass", "reason", "Arbeit, Studium, Zweitwohnsitz, Ernte, Partnerschaft, …"),
    ("Gemeinde", "municipality", "Name oder AGS der Gemeinde, von der aus das Segment gesehen ist."),
    ("Ortsteil", "locality", "Name des Ortsteils; leer = ganze Gemeinde."),
    ("Personen mindestens", "persons_low", "Die größte der bekannten Untergrenzen, z. B. Nebenwohnsitze."),
    ("Personen", "persons_best", "Die beste Schätzung, z. B. aus einer Befragung. Leer = unbekannt."),
    ("Personen höchstens", "persons_high", "Die kleinste der bekannten Obergrenzen, z. B. aus Pendlerzahlen."),
    ("Regel", "rule", "Wie die Spanne entstanden ist."),
    ("anwesend", "present", "Wann sie HIER sind: „Mo-Do“, „Fr 18:00-Mo 6:00“. Leer = unbekannt."),
    ("Saison", "season", "ganzjährig, Juli-August, Sommerferien, 15.6.-20.9.; leer = ganzjährig."),
    ("Altersgruppe von", "age_from", "Jüngstes Alter in Jahren."),
    ("Altersgruppe bis", "age_to", "Höchstes Alter in Jahren, einschließlich."),
    ("Arbeitszeit", "working_time", "Z. B. Schicht, früh 5-14."),
    ("im Haushalt bleiben: Kinder unter 3", "stay_children_u3", "Kinder, die bleiben. Leer = unbekannt, 0 = keine."),
    ("im Haushalt bleiben: Kinder 3 bis Schule", "stay_children_3_to_school", "Kinder von 3 Jahren bis zur Schule."),
    ("im Haushalt bleiben: Grundschulkinder", "stay_primary_pupils", "Grundschulkinder."),
    ("im Haushalt bleiben: Personen ab 75", "stay_persons_75", "Angehörige ab 75 Jahren."),
    ("Gegenstück", "pair", "Gleiches Wort in zwei Zeilen: dieselben Menschen, von zwei Orten der Region aus gesehen."),
    ("Quelle", "source", "Woher die Zahl stammt."),
    ("Stand", "as_of", "Datum der Angabe, z. B. 31.12.2025."),
)
VIEWS = {"incoming": "Incoming", "outgoing": "Outgoing", "resident": "ansässig"}
COMMUTERS: tuple[tuple[str, str], ...] = (
    ("Wohnort AGS", "Amtlicher Gemeindeschlüssel des Wohnorts, 8 Ziffern, als Text mit führender Null."),
    ("Wohnort", "Name des Wohnorts; „Einpendler insgesamt“ für alle, die an einen Arbeitsort kommen."),
    ("Arbeitsort AGS", "Amtlicher Schlüssel des Arbeitsorts."),
    ("Arbeitsort", "Name des Arbeitsorts; „Auspendler insgesamt“ für alle, die einen Wohnort verlassen."),
    ("Personen", "Anzahl; geheime Werte als * oder X. Leer = unbekannt, 0 = keine."),
    ("Stand", "Stichtag, z. B. 30.06.2025."),
)


def write_segments_template(path: Path, segments: pd.DataFrame | None = None) -> None:
    """Write a form for segments.

    segments   rows of Region.segments to prefill, as they were given; None = an empty form
    """
    rows = []
    for row in [] if segments is None else segments.to_dict("records"):
        said = {**row, "view": VIEWS.get(str(row["view"])), "present": row["present_text"]}
        rows.append([None if said[field] != said[field] else said[field] for _, field, _ in SEGMENTS])
    choices = [("Sicht", list(VIEWS.values()))]
    write_form(path, "Segmente", [(name, note) for name, _, note in SEGMENTS], rows, choices)


def write_commuters_template(path: Path) -> None:
    """Write an empty form for commuters."""
    write_form(path, "Pendler", COMMUTERS)
