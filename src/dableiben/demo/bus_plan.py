# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The made-up public transport as it was planned: twelve bus lines, a railway, rides on demand. Nothing here exists.

Every planted gap in time rests on what is not here: the last bus to Dornsund, the afternoon bus to Mahrenfelde, any
bus for shoppers from Lüttenrade.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dableiben.demo import plan

Service = Literal["W", "S", "F", "FR", "SA", "SU"]
"""weekdays, school days, weekdays in school holidays, Fridays, Saturdays, Sundays and public holidays"""
FIRST_DAY, LAST_DAY = date(2025, 12, 14), date(2026, 12, 12)
"""the timetable year"""
HOUR = 60
BELL_MIN, LESSONS_END_MIN, AFTERNOON_END_MIN = 7 * HOUR + 30, 13 * HOUR, 16 * HOUR
"""lessons of all primary schools, and the end of their afternoons (Ganztag), minutes of the day"""
TO_SCHOOL_MIN = BELL_MIN - 10
FROM_SCHOOL_MIN = (LESSONS_END_MIN + 10, AFTERNOON_END_MIN + 10)
RING = "401"
SCHOOL_LINE = "410"
DORNSUND_LINE = "412"
WITHOUT_AFTERNOON_BUS = ("Mahrenfelde", "Lanktannen")
"""Mahrenfelde: planted; Lanktannen lies on its line and within walking distance of the school"""
LINE_NAMES = {
    RING: "Stadtverkehr Sölten (Ring und Vororte)",
    "402": "Sölten – Haldersee – Grotenrade – Ellerbrook",
    "403": "Sölten – Fuhlenbrook – Grotenrade",
    "404": "Sölten – Brookstedt – Ostbrook – Kuhbrook",
    "405": "Sölten – Ellerhagen – Brookfelde – Brookstedt",
    "406": "Sölten – Torfhude – Grotenmoor",
    "407": "Torfhude – Schwarzetorf – Ellerhagen",
    "408": "Sölten – Hohenlanke – Norderlanke – Haldersee",
    "409": "Grotenrade – Fuhlenbrook – Feldhagen",
    SCHOOL_LINE: "Schülerverkehr",
    "411": "Westerhude – Dannwisch – Kattenholm – Ellerwarder – Röhrbeck",
    DORNSUND_LINE: "Westerhude – Dornsund – Birkwisch, Heidebus",
}
UNTIMED = ("Torfmühle", "Mohrwisch")
"""stops without a time of their own in the feed"""


@dataclass(frozen=True)
class Clock:
    """Departures from a first to a last minute of the day, every so many minutes."""

    first: int
    last: int
    every: int

    def minutes(self) -> range:
        """Minutes of the day."""
        return range(self.first, self.last + 1, self.every)


@dataclass(frozen=True)
class Course:
    """Trips of a line along a row of localities, and back."""

    line: str
    localities: tuple[str, ...]
    out: dict[Service, Clock]
    back: dict[Service, Clock]


def _course(line: str, route: str, out_min: int = 20, back_min: int = 40) -> Course:
    """All day: hourly on weekdays, every two hours at weekends."""

    def clocks(minute: int) -> dict[Service, Clock]:
        return {
            "W": Clock(5 * HOUR + minute, 20 * HOUR + minute, HOUR),
            "SA": Clock(7 * HOUR + minute, 21 * HOUR + minute, 2 * HOUR),
            "SU": Clock(9 * HOUR + minute, 19 * HOUR + minute, 2 * HOUR),
        }

    return Course(line, _row(route), clocks(out_min), clocks(back_min))


def _row(route: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in route.split(">"))


COURSES = (
    _course("402", "Altstadt > Rosenkamp > Haldenkaten > Haldersee > Haldermoor > Grotenrade > Ellerbrook"),
    _course("403", "Altstadt > Lindenkamp > Ellerkamp > Fuhlenbrook > Grotenrade", 35, 25),
    _course("404", "Altstadt > Klein Sölten > Brookstedt > Ostbrook > Kuhbrook", 25, 30),
    _course(
        "405", "Altstadt > Mühlenkamp > Ellerschleuse > Ellerhagen > Ellernkrug > Ellerwiese > Brookfelde"
        " > Vorderbrook > Brookstedt", 30, 15,
    ),
    _course("406", "Altstadt > Ziegelkamp > Torfhude > Torfmühle > Grotenmoor", 20, 20),
    _course("407", "Torfhude > Torfwisch > Schwarzetorf > Rethkaten > Ellerhagen", 45, 15),
    _course("408", "Altstadt > Bauernvorstadt > Hohenlanke > Norderlanke > Haldertannen > Haldersee", 40, 10),
    _course("409", "Grotenrade > Fuhlenbrook > Mohrwisch > Feldhagen", 10, 40),
    _course(
        "411", "Westerhude > Gravenmark > Dannkaten > Dannwisch > Dannkrug > Kattenholm > Wardermühle > Ellerwarder"
        " > Warderkrug > Röhrbeck > Wischkrug", 10, 5,
    ),
    _course("411", "Westerhude > Dannwisch > Wendelrade", 40, 20),
    _course("411", "Kattenholm > Röhrbeck > Wischkrug", 45, 30),
    _course("411", "Kattenholm > Kattenwisch > Altenwisch", 50, 25),
    _course(RING, "Ellermühle > Bauernvorstadt > Altstadt > Mühlenkamp > Klein Sölten", 15, 15),
    _course(RING, "Söltener Heide > Ziegelkamp > Altstadt > Lindenkamp > Ellerkamp", 5, 5),
    _course(RING, "Ellertannen > Rosenkamp > Altstadt", 50, 35),
    Course(
        DORNSUND_LINE, _row("Westerhude > Dornsund > Birkwisch"),
        # The last bus to Dornsund leaves at 18:40, on every day.
        {"W": Clock(5 * HOUR + 40, 18 * HOUR + 40, HOUR), "SA": Clock(8 * HOUR + 40, 18 * HOUR + 40, 2 * HOUR)},
        {"W": Clock(6 * HOUR + 15, 19 * HOUR + 15, HOUR), "SA": Clock(9 * HOUR + 15, 17 * HOUR + 15, 2 * HOUR)},
    ),
)  # fmt: skip

LATE = tuple(
    (line, _row(route))
    for line, route in (
        ("402", "Haldersee > Haldermoor > Grotenrade > Ellerbrook"),
        ("402", "Haldersee > Haldenkaten > Rosenkamp > Altstadt"),
        ("403", "Altstadt > Lindenkamp > Ellerkamp > Fuhlenbrook > Grotenrade"),
        ("404", "Brookstedt > Ostbrook > Kuhbrook"),
        ("405", "Altstadt > Mühlenkamp > Ellerschleuse > Ellerhagen > Ellernkrug"),
        ("405", "Altstadt > Mühlenkamp > Ellerschleuse > Ellerwiese"),
        ("405", "Brookstedt > Vorderbrook > Brookfelde"),
        ("406", "Torfhude > Torfmühle > Grotenmoor"),
        ("407", "Torfhude > Torfwisch > Schwarzetorf > Rethkaten > Ellerhagen"),
        ("408", "Altstadt > Bauernvorstadt > Hohenlanke > Norderlanke > Haldertannen > Haldersee"),
        ("411", "Westerhude > Gravenmark > Dannkaten > Dannwisch > Dannkrug"),
        ("411", "Westerhude > Dannwisch > Wendelrade"),
        ("411", "Kattenholm > Wardermühle > Ellerwarder > Warderkrug"),
        ("411", "Kattenholm > Röhrbeck > Wischkrug"),
        ("411", "Kattenholm > Kattenwisch > Altenwisch"),
        (RING, "Altstadt > Bauernvorstadt > Ellermühle"),
        (RING, "Altstadt > Mühlenkamp > Klein Sölten"),
        (RING, "Altstadt > Ziegelkamp > Söltener Heide"),
        (RING, "Altstadt > Lindenkamp > Ellerkamp"),
        (RING, "Altstadt > Rosenkamp > Ellertannen"),
    )
)
"""away from every youth club when it closes at 22:00, but not to Dornsund"""
THERE_MIN = 19 * HOUR + 55
"""minute at which the same buses, the other way round, have brought everybody on Fridays"""
LATE_MIN: tuple[tuple[Service, int], ...] = (("FR", 22 * HOUR + 5), ("SA", 22 * HOUR + 5), ("SA", 24 * HOUR + 5))

TO_SCHOOL = tuple(
    (line, _row(route))
    for line, route in (
        (SCHOOL_LINE, "Mahrenfelde > Lanktannen > Hohenlanke"),
        (SCHOOL_LINE, "Lüttenrade > Lankkaten > Norderlanke"),
        ("409", "Feldhagen > Mohrwisch > Fuhlenbrook > Grotenrade"),
        ("404", "Kuhbrook > Ostbrook > Brookstedt"),
        ("405", "Brookfelde > Vorderbrook > Brookstedt"),
        ("406", "Grotenmoor > Torfmühle > Torfhude"),
        ("407", "Schwarzetorf > Rethkaten > Ellerhagen"),
        ("411", "Wischkrug > Röhrbeck > Warderkrug > Ellerwarder"),
        ("411", "Wendelrade > Dannwisch"),
        ("411", "Altenwisch > Kattenwisch > Kattenholm"),
        (DORNSUND_LINE, "Birkwisch > Dornsund > Westerhude"),
        (SCHOOL_LINE, "Ellertannen > Rosenkamp > Altstadt"),
        (SCHOOL_LINE, "Ellermühle > Bauernvorstadt > Altstadt"),
        (SCHOOL_LINE, "Klein Sölten > Mühlenkamp > Altstadt"),
        (SCHOOL_LINE, "Ellerkamp > Lindenkamp"),
        (SCHOOL_LINE, "Söltener Heide > Ziegelkamp"),
    )
)
"""rides to primary school where it is far; the other localities around a school are added by timetable.py"""

RING_ROW = ("Altstadt", "Lindenkamp", "Rosenkamp", "Bauernvorstadt", "Ziegelkamp", "Mühlenkamp", "Altstadt")
RING_HEADWAYS: dict[Service, tuple[int, int, int]] = {
    "W": (5 * HOUR + 30, 23 * HOUR, 30), "SA": (7 * HOUR, 23 * HOUR, 60), "SU": (9 * HOUR, 21 * HOUR, 60),
}  # fmt: skip
"""first minute, last minute, minutes between two buses; by frequency, not by departure"""

HOLIDAY_TRIPS = (("402", _row("Altstadt > Rosenkamp > Haldenkaten > Haldersee"), 10 * HOUR + 5),)
"""the bathing bus"""
BOOKED = (
    (DORNSUND_LINE, _row("Westerhude > Norderlanke > Hohenlanke > Altstadt"), (7, 12, 16)),
    (DORNSUND_LINE, _row("Altstadt > Hohenlanke > Norderlanke > Westerhude"), (9, 14, 18)),
)
"""the Heidebus across the heath, hours of departure on weekdays: comes only when booked"""
BLOCK_TRIP = ("402", _row("Grotenrade > Haldermoor > Haldersee"))
"""the bus that brought the pupils of Feldhagen to Grotenrade goes on with this one"""

STATION = ("Sölten Bahnhof", "Ziegelkamp")
RAIL_NAME = "RB 90"
RAIL = (("Mirenz Bahnhof", 49.0, 12.0, 0), ("Sölten Bahnhof", None, None, 24), ("Ellermünde Bahnhof", 14.0, -8.5, 51))
"""stations with place (km, as in plan.py) and minute; the ends lie outside the district"""
RAIL_MINUTES: dict[Service, Clock] = {
    "W": Clock(5 * HOUR + 2, 22 * HOUR + 2, HOUR), "SA": Clock(6 * HOUR + 2, 22 * HOUR + 2, HOUR),
    "SU": Clock(7 * HOUR + 2, 21 * HOUR + 2, 2 * HOUR),
}  # fmt: skip


@dataclass(frozen=True)
class Zone:
    """An area in which a bus comes when called."""

    zone_id: str
    name: str
    localities: tuple[str, ...]
    windows: dict[Service, tuple[int, int]]
    """first and last minute of the day"""
    notice_min: int


ZONES = (
    # Birkwisch lies behind Dornsund, Birkenmoor behind the heath: both get home at night, Dornsund does not.
    Zone("west", "Rufbus Ellerland West", ("Westerhude", "Birkwisch", "Birkenmoor", "Dannwisch"),
         {"W": (6 * HOUR, 23 * HOUR), "SA": (8 * HOUR, 24 * HOUR), "SU": (9 * HOUR, 20 * HOUR)}, 60),
    # No stop in Kranichrade: its children go to school in Fuhlenbrook.
    Zone("kranichrade", "Rufbus Kranichrade", ("Kranichrade", "Fuhlenbrook"),
         {"W": (6 * HOUR, 19 * HOUR)}, 45),
    # On Friday evenings the young of Amt Nord, where no club is, are fetched to Haldersee and brought home.
    Zone("nord", "Rufbus Amt Nord am Freitagabend", ("Haldersee", *(
        place.name for m in plan.MUNICIPALITIES if m.amt == plan.AMT_NORD for place in m.localities
        if place.name not in plan.WITHOUT_STREETS
    )), {"FR": (18 * HOUR + 30, 23 * HOUR + 30)}, 60),
)  # fmt: skip
