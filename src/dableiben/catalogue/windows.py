# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Cards of need windows: at which hours of the week a need arises, for whom, and what meets it."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from dableiben.catalogue.schema import Card, Text
from dableiben.core.calendar import Calendar, DayType
from dableiben.core.week import DAY_NAMES, Mask, no_slots, slots

Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-4]):(00|15|30|45)-([01]\d|2[0-9]):(00|15|30|45)$")]
"""'06:00-17:00'; an end beyond 24:00 runs into the next day"""
Days = Annotated[str, StringConstraints(pattern=r"^(Mo|Di|Mi|Do|Fr|Sa|So)([-,](Mo|Di|Mi|Do|Fr|Sa|So))*$")]
View = Literal["everybody", "incoming", "outgoing", "resident"]
Staying = Literal["children_u3", "children_3_to_school", "primary_pupils", "persons_75"]
Pattern = Literal[
    "throughout",  # somebody is there all the time: child care, day care for older people
    "visit",  # a visit of `stay_min` that covers the slot: doctor, shop, club
    "arrive",  # to be there when the slot begins: the bell
    "leave",  # to get home when the slot begins: the end of lessons
]


class WindowPart(BaseModel):
    """Hours of some days of the week, on some types of day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Days
    """'Mo-Fr', 'Di,Do'"""
    times: tuple[Clock, ...] = Field(min_length=1)
    day_types: tuple[DayType, ...] = Field(min_length=1)
    """types of day on which the need arises"""

    @property
    def weekdays(self) -> tuple[int, ...]:
        """Days of the week, 0 = Monday."""
        names = DAY_NAMES["de"]
        found: set[int] = set()
        for part in self.days.split(","):
            ends = [names.index(name) for name in part.split("-")]
            found |= set(range(ends[0], ends[-1] + 1))
        return tuple(sorted(found))

    def minutes(self) -> tuple[tuple[int, int], ...]:
        """From and to as minutes of the day."""
        found = []
        for text in self.times:
            start, end = (int(h) * 60 + int(m) for h, m in re.findall(r"(\d+):(\d+)", text))
            found.append((start, end))
        return tuple(found)


class Narrower(BaseModel):
    """A part of the group by age or school grade."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    age_from: int | None = Field(default=None, ge=0, le=120)
    age_to: int | None = Field(default=None, ge=0, le=120)
    grades: tuple[int, int] | None = None


class Audience(BaseModel):
    """Who has the need: everybody of the group, or people of multilocal segments and those who stay behind.

    view      everybody; incoming: who is present here; outgoing: the household of who is away (`stays`);
              resident: a counted group of residents, such as newcomers who work in shifts
    reasons, working_times   only segments with one of these words; empty = any
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    view: View = "everybody"
    part: Narrower | None = None
    """only these of the group; the suffix is then .alter_<from>_<to> or .klasse_<n>"""
    reasons: tuple[str, ...] = ()
    working_times: tuple[str, ...] = ()
    stays: Staying | None = None
    suffix: str = Field(default="", pattern=r"^(\.[a-z][a-z0-9_]*)?$")
    """how the group is told apart in results: '.outgoing'"""
    users: Text | None = None
    """as subject of a sentence, in place of the words of the group: 'Kinder, von denen ein Elternteil auswärts lebt'"""

    @model_validator(mode="after")
    def _told_apart(self) -> Audience:
        everybody = self.view == "everybody" and self.part is None
        if everybody != (not self.suffix) or everybody != (self.users is None):
            raise ValueError("wer von einer Gruppe abgegrenzt ist, braucht suffix und users, und nur der")
        if self.part is not None and (self.view != "everybody" or not re.match(r"\.(alter|klasse)_\d", self.suffix)):
            raise ValueError("part gehört zu view: everybody und heißt .alter_… oder .klasse_…")
        if (self.view == "outgoing") != (self.stays is not None):
            raise ValueError("stays gehört zu view: outgoing und ist dort nötig")
        return self


class NeedWindow(Card):
    """Which slots of the week a need falls into. Law: a slot is needed only on the day types that the card names."""

    label: Text
    """the need in words: 'Betreuung an den Rändern des Tages'"""
    audience: Audience = Audience()
    windows: tuple[WindowPart, ...] = Field(min_length=1)
    pattern: Pattern
    stay_min: float = Field(default=0, ge=0)
    """least minutes of a visit"""
    longest_stay_min: float | None = Field(default=None, gt=0)
    """longest time away between the way there and the way back; None = as long as the offer is open"""
    school_buses: bool = False
    """may go by buses that carry pupils only (route type 712 of GTFS)"""
    closing_weeks: float | None = Field(default=None, ge=0)
    """weeks a year in school holidays for which an offer may be closed"""
    source: str = Field(min_length=1)
    certainty: Literal["read", "memory", "local", "made_up", "assumption"]

    @model_validator(mode="after")
    def _visits_last(self) -> NeedWindow:
        if self.pattern == "visit" and self.stay_min <= 0:
            raise ValueError("ein Besuch braucht stay_min")
        return self

    def slots(self, days: tuple[date, ...], calendar: Calendar) -> Mask:
        """Slots of a week in which the need arises; `days` are Monday to Sunday."""
        mask = no_slots()
        types = [calendar.day_type(day) for day in days]
        for part in self.windows:
            held = [day for day in part.weekdays if types[day] in part.day_types]
            for start, end in part.minutes():
                mask |= slots(held, start, end)
        return mask


