# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Opening hours as Germans write them into lists."""

from __future__ import annotations

from datetime import date

import pytest

from dableiben.core.calendar import Calendar, week_of
from dableiben.core.week import in_words
from dableiben.supply.opening_hours import Hours, Unreadable, read_hours

HESSE = Calendar("HE")
PLAIN, AUGUST, SUMMER, CHRISTMAS = date(2027, 5, 12), date(2026, 8, 12), date(2027, 7, 21), date(2026, 12, 30)
LONG = "Mo–Do 7:00–16:30; Fr 7:00–14:00"


def week(text: str, day: date = PLAIN) -> tuple[str, str]:
    found = read_hours(text)
    assert isinstance(found, Hours), found
    opened, unknown = found.week(week_of(day), HESSE)
    return in_words(opened), in_words(unknown)


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("Mo–Do 7–16.30 Uhr, Fr bis 14 Uhr", LONG),
        ("Mo–Do 7:00–16:30, Fr 7–14 Uhr", LONG),
        ("Mo.-Do. 7³⁰-16³⁰ Uhr", "Mo–Do 7:30–16:30"),
        ("montags bis donnerstags von 7.00 Uhr bis 16.30 Uhr; freitags 7-14 h", LONG),
        ("Mo-Fr 06:00-17:00", "Mo–Fr 6:00–17:00"),
        ("Montag bis Freitag von 6 bis 17 Uhr", "Mo–Fr 6:00–17:00"),
        ("Mo-Fr 8-12 und 14-17 Uhr", "Mo–Fr 8:00–12:00 und 14:00–17:00"),
        ("Mo. + Mi. 14-18", "Mo, Mi 14:00–18:00"),
        ("Di u. Do 9-12 h", "Di, Do 9:00–12:00"),
        ("Mo/Mi/Fr 9 - 12 Uhr", "Mo, Mi, Fr 9:00–12:00"),
        ("täglich 8-20 Uhr", "Mo–So 8:00–20:00"),
        ("am Wochenende 10-18 Uhr", "Sa, So 10:00–18:00"),
        ("Sonn- und Feiertage 10-12 Uhr", "So 10:00–12:00"),
        ("rund um die Uhr", "durchgehend"),
        ("durchgehend geöffnet", "durchgehend"),
        ("Mo-Fr 8-18 Uhr durchgehend", "Mo–Fr 8:00–18:00"),
        ("geschlossen", ""),
        ("Mo 7-16 Uhr; Di 7-16 Uhr; Mi geschlossen", "Mo, Di 7:00–16:00"),
        ("2. Mittwoch im Monat 10–12 Uhr", "Mi 10:00–12:00"),
        ("1. Samstag im Monat 10–12", ""),
        ("letzter Mittwoch im Monat 10–12", ""),
        ("Mo-Fr 8-12, Do 14-18", "Mo–Mi, Fr 8:00–12:00; Do 8:00–12:00 und 14:00–18:00"),
        ("Mo-Fr 8-17, Mi 8-13", "Mo, Di, Do, Fr 8:00–17:00; Mi 8:00–13:00"),
        ("Mo-Fr 8-12; 14-17 Uhr", "Mo–Fr 8:00–12:00 und 14:00–17:00"),
        ("Fr 20-2 Uhr", "Fr 20:00–2:00"),
        ("April bis Oktober Mo-Fr 8-18 Uhr, Sa 9-12; November bis März Mo-Fr 9-16", "Mo–Fr 8:00–18:00; Sa 9:00–12:00"),
        ("Schließzeit 13.7.-22.8.; Mo-Fr 7-16 Uhr", "Mo–Fr 7:00–16:00"),
    ],
)
def test_free_forms_of_certain_hours(text: str, opened: str) -> None:
    assert week(text) == (opened, "")


@pytest.mark.parametrize(
    ("text", "opened", "unknown"),
    [
        ("nach Vereinbarung", "", "durchgehend"),
        ("Termine nur nach telefonischer Vereinbarung", "", "durchgehend"),
        ("Di 9-12 h n.V.", "", "Di 9:00–12:00"),
        ("ab 8 Uhr", "", "Mo–So 8:00–24:00"),
        ("Fr ab 9 Uhr", "", "Fr 9:00–24:00"),
        ("werktags 6.30 bis 17 Uhr", "Mo–Fr 6:30–17:00", "Sa 6:30–17:00"),
        ("7-16.30 Uhr", "Mo–Fr 7:00–16:30", "Sa, So 7:00–16:30"),
        ("Mi 14-tägig 15-17 Uhr", "", "Mi 15:00–17:00"),
        ("jeden zweiten Mittwoch 15-17 Uhr", "", "Mi 15:00–17:00"),
        ("7-17 Uhr, Fr 7-15 Uhr", "Mo–Do 7:00–17:00; Fr 7:00–15:00", "Sa, So 7:00–17:00"),
    ],
)
def test_free_forms_that_leave_something_open(text: str, opened: str, unknown: str) -> None:
    assert week(text) == (opened, unknown)


def test_hours_and_appointments_besides() -> None:
    assert week("Mo-Fr 8-12 oder nach Vereinbarung") == week("Mo-Fr 8–12 Uhr und nach Vereinbarung")
    opened, unknown = week("Mo-Fr 8–12 Uhr und nach Vereinbarung")
    assert opened == "Mo–Fr 8:00–12:00"
    assert "Fr 12:00–24:00" in unknown and "Sa, So 0:00–24:00" in unknown


@pytest.mark.parametrize(
    ("text", "day", "opened", "unknown"),
    [
        ("Mo-Fr 7-17, Schließzeit 13.7.-22.8.", AUGUST, "", ""),
        ("Mo-Fr 7-17; Sommerschließzeit 13.07.2026–22.08.2026", AUGUST, "", ""),
        ("Mo-Fr 7-17; Sommerschließzeit 13.07.2026–22.08.2026", SUMMER, "Mo–Fr 7:00–17:00", ""),
        ("Mo-Fr 7-17, Schließzeiten: 13.-31.7., 23.12.2026-1.1.2027", CHRISTMAS, "", ""),
        ("Mo-Fr 7-17, geschlossen vom 1. August bis 13. August", AUGUST, "Fr 7:00–17:00", ""),
        ("Mo-Fr 7-17 Uhr. Zwischen den Jahren geschlossen", CHRISTMAS, "", ""),
        ("Mo-Fr 7-17, in den Ferien 8-16 Uhr", SUMMER, "Mo–Fr 8:00–16:00", ""),
        ("Mo-Do 7-17, Fr 7-15, Ferien: 8-14", SUMMER, "Mo–Fr 8:00–14:00", ""),
        ("Mo-Fr 7-16; Ferien geschlossen", SUMMER, "", ""),
        ("Mo-Fr 7-12, Ferien geschlossen, 1. Mo im Monat 14-16", PLAIN, "Mo–Fr 7:00–12:00", ""),
        ("Mo-Fr 7-17, Brückentage geschlossen", date(2027, 5, 7), "Mo–Mi 7:00–17:00", "Do 7:00–17:00"),
        ("Mo-Fr 7-17, Weihnachten bis Neujahr geschlossen", CHRISTMAS, "", ""),
        ("Mo-Fr 7-16; Sommerferien geschlossen", SUMMER, "", ""),
        ("Mo-Fr 7-16; Herbstferien geschlossen", SUMMER, "Mo–Fr 7:00–16:00", ""),
        ("Schulzeit: Mo-Fr 11-17 Uhr, Ferien: Mo-Fr 7-17 Uhr", SUMMER, "Mo–Fr 7:00–17:00", ""),
        ("Schulzeit: Mo-Fr 11-17 Uhr", SUMMER, "", "Mo–Fr 11:00–17:00"),
        ("Schulzeit: Mo-Fr 11-17 Uhr", PLAIN, "Mo–Fr 11:00–17:00", ""),
    ],
)
def test_times_of_the_year(text: str, day: date, opened: str, unknown: str) -> None:
    assert week(text, day) == (opened, unknown)


def test_holidays_in_words() -> None:
    monday = date(2027, 3, 29)  # Easter Monday
    assert week("Mo-Sa 8-18, feiertags geschlossen", monday) == ("Di–Sa 8:00–18:00", "")
    assert week("Mo-Sa 8-18 Uhr", monday) == ("Di–Sa 8:00–18:00", "Mo 8:00–18:00")
    assert week("werktags 8-18 Uhr", monday) == ("Di–Fr 8:00–18:00", "Sa 8:00–18:00")
    assert week("Mo-Sa 8-18, Sonn- und Feiertage 10-12", monday) == ("Mo, So 10:00–12:00; Di–Sa 8:00–18:00", "")


@pytest.mark.parametrize(
    ("text", "weeks", "where"),
    [
        ("Mo–Do 7–16.30 Uhr, Fr bis 14 Uhr, Schließzeit 3 Wochen im August", 3.0, AUGUST),
        ("Sommerschließzeit drei Wochen; Mo-Fr 7-16 Uhr", 3.0, SUMMER),
        ("Mo-Fr 7-17, 2-3 Wochen Betriebsferien in den Sommerferien", 3.0, SUMMER),
        ("Mo-Fr 7-17, 20 Schließtage im Jahr", 4.0, SUMMER),
    ],
)
def test_closing_weeks_without_dates_leave_the_time_named_unknown(text: str, weeks: float, where: date) -> None:
    found = read_hours(text)
    assert isinstance(found, Hours)
    assert found.closing_weeks == weeks
    usual, unsure = week(text, PLAIN)
    assert unsure == ""
    assert week(text, where) == ("", usual)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("bis 14 Uhr", "fehlt der Beginn"),
        ("Mo-Fr 8", "fehlt das Ende"),
        ("Mo-Fr 8-25", "ist keine Uhrzeit"),
        ("Frühdienst 6-7 Uhr", "„Frühdienst“ ist keine bekannte Angabe"),
        ("Di vormittags", "keine Uhrzeit genannt"),
        ("Mo-Fr 8-12, Mi nachmittags geschlossen", "fehlt die Uhrzeit"),
        ("Mo-Fr 7-17, Schließzeit", "fehlt, wann"),
        ("Schließzeit 3 Wochen", "nur Schließzeiten"),
        ("Mo-Fr 7-17, Schließzeit 31.2.-5.3.", "ist kein Datum"),
        ("Mo-Fr 7-17 und 2 Wochen", "fehlt, ob dann geschlossen ist"),
        ("siehe Aushang", "„siehe“ ist keine bekannte Angabe"),
        ("kein Ruhetag", "„kein“ ist keine bekannte Angabe"),
        ("Mo 8-12, " * 120, "länger als"),
        ("Sunday 11:30am", "„Sunday“ ist keine bekannte Angabe"),
    ],
)
def test_what_cannot_be_read_is_not_guessed(text: str, reason: str) -> None:
    found = read_hours(text)
    assert isinstance(found, Unreadable)
    assert reason in found.why_de
