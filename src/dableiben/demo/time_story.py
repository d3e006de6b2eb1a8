# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The story of the made-up district in time: who finds a door closed or no bus, and what only looks like it.

Persons are counted from residents and segments, hours from what is needed less what is open; nothing here asks the
checker. What is needed when is made up and stands in NEEDED.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from dableiben.core.ids import slug
from dableiben.core.week import Mask, in_words, slots
from dableiben.demo import hours, needs, plan
from dableiben.demo.bus_plan import AFTERNOON_END_MIN, HOUR
from dableiben.demo.facilities import Facility
from dableiben.demo.multilocals import CARERS, NEWCOMERS, PARENTS, SUMMER_GUESTS, WORKERS, Segment
from dableiben.demo.people import Residents

Cause = Literal["hours", "timetable"]
WEEKDAYS = range(5)
ALL_YEAR = "ganzjährig"
NEEDED: dict[str, Mask] = {
    "kita": slots(WEEKDAYS, 6 * HOUR, 17 * HOUR),
    "hort": slots(WEEKDAYS, 8 * HOUR, 16 * HOUR),
    "grundschule": slots(WEEKDAYS, AFTERNOON_END_MIN, AFTERNOON_END_MIN + 15),
    "jugendarbeit": slots((4,), 20 * HOUR, 22 * HOUR),
    "hausarzt": slots(range(4), 17 * HOUR, 19 * HOUR),
    "apotheke": slots((5, 6), 9 * HOUR, 18 * HOUR),
    "tagespflege": slots(WEEKDAYS, 8 * HOUR, 16 * HOUR),
    "integrationskurs": slots(WEEKDAYS, 17 * HOUR, 20 * HOUR) | slots((5,), 9 * HOUR, 13 * HOUR),
    "supermarkt": slots(range(6), 8 * HOUR, 18 * HOUR),
}
"""quarter hours in which the groups of the planted gaps need each service"""
OPEN: dict[str, Mask] = {
    "kita": slots(WEEKDAYS, 7 * HOUR, 16 * HOUR),
    "tagespflege": slots((1, 3), 8 * HOUR, 16 * HOUR),
    "supermarkt": slots((1, 3), 9 * HOUR, 12 * HOUR),
}
"""quarter hours in which the planted group finds it, if any; of the shop: with the Bürgerbus"""
WEEKS_CLOSED, WEEKS_ALLOWED = 6, 4


@dataclass(frozen=True)
class TimeGap:
    """A gap in time that the check must report: kind, area, cause and hours exactly."""

    kind: str
    group: str
    audience: str
    area_id: str
    area_name: str
    cause: Cause
    slots_text: str
    season: str
    persons_low: float
    persons_best: float
    persons_high: float
    integration: bool
    note: str


@dataclass(frozen=True)
class TimeTrap:
    """What looks like a gap in time and is none, or what must be said beside it."""

    what: Literal["closed_by_transport", "risk", "holiday", "away", "on_demand"]
    kinds: tuple[str, ...]
    area_id: str
    area_name: str
    slots_text: str | None
    note: str


def time_truth(residents: Residents, facilities: tuple[Facility, ...]) -> dict[str, object]:
    """The part of truth.json about time."""
    return {
        "time_gaps": [asdict(gap) for gap in _gaps(residents)],
        "time_traps": [asdict(trap) for trap in _traps()],
        "hours": hours.without_hours(facilities),
    }


def missing(kind: str) -> str:
    """Needed hours that are not served, in words."""
    open_then = OPEN.get(kind)
    return in_words(NEEDED[kind] if open_then is None else NEEDED[kind] & ~open_then)


def _gaps(residents: Residents) -> Iterator[TimeGap]:
    yield _of_segment(
        "kita", "kinder_3_bis_schule", "children of outgoing households", PARENTS, PARENTS.children_3_to_school,
        "every Kita within 36 minutes by car opens at 7 and closes at 16; there are places enough",
    )  # fmt: skip
    yield _hort(residents)
    pupils = needs.primary_pupils(residents, ("Mahrenfelde",))
    yield _certain(
        "grundschule", "grundschulkinder", "age 6 to 9", "Mahrenfelde", "timetable", pupils, "Schulzeit",
        "a bus before the bell and one at 13:10, none after 16:00; more than 50 minutes on foot",
    )  # fmt: skip
    youth = residents.of(("Dornsund",), range(12, 18))
    yield _certain(
        "jugendarbeit", "jugend_6_26", "age 12 to 17", "Dornsund", "timetable", youth, ALL_YEAR,
        "the youth club in Westerhude is open until 22:00, the last bus leaves at 18:40; 45 minutes and more on foot",
    )  # fmt: skip
    yield _of_segment(
        "hausarzt", "alle", "incoming, work", WORKERS, None,
        "the practices within 24 minutes by car close at 17:00; from Friday to Sunday these people are away",
    )  # fmt: skip
    yield _of_segment(
        "apotheke", "alle", "incoming, second home", SUMMER_GUESTS, None,
        "Westerhude and Kattenholm close at weekends, the next pharmacy is half an hour away by car",
    )  # fmt: skip
    yield _of_segment(
        "tagespflege", "senioren_65", "75 and over with an outgoing carer", CARERS, CARERS.aged_75,
        "the only day care within 37 minutes by car is open on Tuesday and Thursday",
    )  # fmt: skip
    yield _of_segment(
        "integrationskurs", "neu_zugewandert", "newcomers in shifts", NEWCOMERS, None,
        "the course is held in the morning; the one in the evening is 45 minutes away by car", integration=True,
    )  # fmt: skip


def _hort(residents: Residents) -> TimeGap:
    """The whole municipality, whose only Hort is closed, but Kranichrade: that is too far from any Hort anyway."""
    municipality = next(m for m in plan.MUNICIPALITIES if m.name == hours.HORT_CLOSED_LONG)
    names = (p.name for p in municipality.localities if p.name != "Kranichrade")
    children = needs.UPTAKE_AFTERNOON * needs.grade_1(residents, names)
    return TimeGap(
        "hort", "grundschulkinder", "grade 1", municipality.ags, municipality.name, "hours", missing("hort"),
        "Sommerferien", children, children, children, False,
        f"closed for all {WEEKS_CLOSED} weeks, 13.7. to 22.8.2026, {WEEKS_ALLOWED} are allowed: two weeks",
    )  # fmt: skip


def _certain(
    kind: str, group: str, audience: str, area: str, cause: Cause, persons: float, season: str, note: str
) -> TimeGap:
    return TimeGap(
        kind, group, audience, _locality_id(area), area, cause, missing(kind), season, persons, persons, persons,
        False, note,
    )  # fmt: skip


def _of_segment(
    kind: str, group: str, audience: str, segment: Segment, staying: int | None, note: str, *, integration: bool = False
) -> TimeGap:
    """Persons of a segment, or in the same proportion those who stay in its households."""
    best = segment.persons[1]
    low, middle, high = (n if staying is None else staying * n / best for n in segment.persons)
    return TimeGap(
        kind, group, audience, _locality_id(segment.locality), segment.locality, "hours", missing(kind),
        segment.season, low, middle, high, integration, note,
    )  # fmt: skip


def _locality_id(name: str) -> str:
    municipality, _ = plan.localities()[name]
    return f"{municipality.ags}:{slug(name)}"


def _traps() -> Iterator[TimeTrap]:
    rows: tuple[tuple[Literal["closed_by_transport", "risk", "holiday", "away", "on_demand"], tuple[str, ...], str,
                      str | None, str], ...] = (
        ("closed_by_transport", ("supermarkt",), "Lüttenrade", in_words(OPEN["supermarkt"]),
         "the gap in space stays; the Bürgerbus closes these hours and no others. The school bus takes pupils only"),
        ("risk", (), "Moorwarder", None, "volunteers without paid support: a flag of risk, not a gap"),
        ("holiday", ("supermarkt",), "Wendelrade", None,
         "8 March 2027 is a public holiday here and not beyond the border: its shop in Löhnwedel is open"),
        ("away", ("hausarzt",), "Gravenmark", "Fr 17:00–19:00", "the fitters are away from Friday to Sunday"),
        ("on_demand", ("jugendarbeit",), "Birkwisch", "Fr 20:00–22:00", "the last bus is gone, the Rufbus drives"),
        ("on_demand", ("grundschule",), "Kranichrade", "Mo–Fr 16:00–16:15", "no stop, but a Rufbus to Fuhlenbrook"),
        ("on_demand", ("grundschule",), "Birkenmoor", "Mo–Fr 16:00–16:15", "no bus, but a Rufbus to Dannwisch"),
    )  # fmt: skip
    for what, kinds, area, text, note in rows:
        yield TimeTrap(what, kinds, _locality_id(area), area, text, note)
