# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Seasons: parts of the year as people name them, and the parts into which several seasons cut a year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise

from dableiben.core.calendar import Calendar, days_between
from dableiben.core.ids import slug
from dableiben.core.week import Language

MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "januar jänner jan", "februar feb", "märz maerz mär mrz", "april apr", "mai", "juni jun", "juli jul",
            "august aug", "september sept sep", "oktober okt", "november nov", "dezember dez",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
"""spellings of the months -> 1 to 12"""
MONTH_NAMES = {
    "de": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
           "Dezember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
HOLIDAYS = {
    "sommerferien": "summer holidays",
    "herbstferien": "autumn holidays",
    "weihnachtsferien": "Christmas holidays",
    "winterferien": "winter holidays",
    "osterferien": "Easter holidays",
    "fruehjahrsferien": "spring holidays",
    "pfingstferien": "Whitsun holidays",
}
"""named school holidays -> English name; the calendar may join two names ("Oster-/Frühjahrsferien")"""
_WHOLE = frozenset(("ganzjaehrig", "ganzes-jahr", "das-ganze-jahr", "immer", "durchgehend"))
_ANY_HOLIDAYS = frozenset(("ferien", "schulferien", "in-den-ferien", "in-den-schulferien"))
_SCHOOL_TIME = frozenset(("schulzeit", "in-der-schulzeit", "ausserhalb-der-ferien", "ausserhalb-der-schulferien"))
_DAY = r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?((?:19|20|21)\d\d))?"
_ISO = r"((?:19|20|21)\d\d)-(\d\d)-(\d\d)"
MonthDay = tuple[int, int]


@dataclass(frozen=True)
class Season:
    """A part of the year that comes every year, or once. Law: the whole year contains every day."""

    id: str
    de: str
    en: str
    months: frozenset[int] = frozenset()
    holidays: str | None = None
    """slug of a name of school holidays, "" = any school holidays"""
    school_time: bool = False
    """days outside school holidays"""
    spans: tuple[tuple[MonthDay, MonthDay], ...] = ()
    """stretches of every year, first and last day included; they may run over New Year's Eve"""
    dated: tuple[tuple[date, date], ...] = ()
    """stretches of one year"""

    @property
    def is_whole_year(self) -> bool:
        """Whether it has no limits."""
        return self.id == "year"

    @property
    def needs_school(self) -> bool:
        """Whether it rests on school holidays, which are not known for every year (`Calendar.knows_school`)."""
        return self.holidays is not None or self.school_time

    def contains(self, day: date, calendar: Calendar) -> bool:
        """Whether a day lies in the season in the Land of the calendar."""
        if self.is_whole_year:
            return True
        if self.needs_school:
            name = calendar.school_holiday(day)
            if self.school_time or name is None:
                return self.school_time and name is None
            return self.holidays in _holiday_names(name)
        if self.dated:
            return any(first <= day <= last for first, last in self.dated)
        if self.spans:
            here = (day.month, day.day)
            return any(a <= here <= b if a <= b else here >= a or here <= b for a, b in self.spans)
        return day.month in self.months


WHOLE_YEAR = Season("year", "ganzjährig", "all year")
ANY_HOLIDAYS = Season("holidays", "Schulferien", "school holidays", holidays="")


def read_season(text: str | None) -> Season | None:
    """The season a German text names; None if it cannot be read. Nothing said is the whole year.

    "ganzjährig", months ("Juli-August", "Nov bis Feb", "Juni, Juli"), "Sommerferien", "Ferien", "Schulzeit", days
    ("15.6.-20.9.", "1.7.2026-31.8.2026").
    """
    words = slug(text or "")
    if not words or words in _WHOLE:
        return WHOLE_YEAR
    if words in _ANY_HOLIDAYS:
        return ANY_HOLIDAYS
    if words in _SCHOOL_TIME:
        return Season("school_time", "Schulzeit", "school time", school_time=True)
    if words in HOLIDAYS:
        return Season(words, words.replace("ue", "ü").capitalize(), HOLIDAYS[words], holidays=words)
    return _of_months(text or "") or _of_days(text or "")


def _of_months(text: str) -> Season | None:
    """Months alone, in stretches, or both: "Mai-Juli, September"."""
    months: list[int] = []
    for part in _parts(text.casefold()):
        named = [MONTHS.get(word.strip().rstrip(".")) for word in part.split("-")]
        if not 1 <= len(named) <= 2 or None in named:
            return None
        first, last = ([number for number in named if number is not None] * 2)[:2]
        months += [(first - 1 + n) % 12 + 1 for n in range((last - first) % 12 + 1)]
    if not months:
        return None
    months = list(dict.fromkeys(months))
    de, en = (_months_in_words(months, MONTH_NAMES[language]) for language in ("de", "en"))
    return Season(f"months:{'-'.join(map(str, months))}", de, en, months=frozenset(months))


def _parts(text: str) -> list[str]:
    """What commas and "und" part, with one sign for "bis"; "Juli/August" is a stretch."""
    one_sign = re.sub(r"[–—−]|\bbis\b|(?<=[a-zä.])\s*/", "-", text.strip())
    return [part.strip() for part in re.split(r"[;,]|\bund\b", one_sign)]


def _months_in_words(months: list[int], names: tuple[str, ...]) -> str:
    run = all((one % 12) + 1 == other for one, other in pairwise(months))
    if run and len(months) > 1:
        return f"{names[months[0] - 1]}–{names[months[-1] - 1]}"
    return ", ".join(names[month - 1] for month in months)


def _of_days(text: str) -> Season | None:
    """Stretches "15.6.-20.9." of every year, or with years of one."""
    spans: list[tuple[MonthDay, MonthDay]] = []
    dated: list[tuple[date, date]] = []
    for part in _parts(text):
        try:
            every_year, once = _span(part)
        except ValueError:
            return None
        spans += every_year
        dated += once
    if bool(spans) == bool(dated) or any(first > last for first, last in dated):
        return None
    said = [f"{a[1]}.{a[0]}.–{b[1]}.{b[0]}." for a, b in spans] + [f"{a:%d.%m.%Y}–{b:%d.%m.%Y}" for a, b in dated]
    marks = [f"{a[0]:02d}{a[1]:02d}-{b[0]:02d}{b[1]:02d}" for a, b in spans]
    marks += [f"{a.isoformat()}/{b.isoformat()}" for a, b in dated]
    words = ", ".join(said)
    return Season(f"days:{','.join(marks)}", words, words, spans=tuple(spans), dated=tuple(dated))


def _span(text: str) -> tuple[list[tuple[MonthDay, MonthDay]], list[tuple[date, date]]]:
    """One stretch, as of every year or of one. Errors: ValueError for what is none."""
    if m := re.fullmatch(rf"{_ISO}\s*[-/]\s*{_ISO}", text):
        return [], [(date(int(m[1]), int(m[2]), int(m[3])), date(int(m[4]), int(m[5]), int(m[6])))]
    m = re.fullmatch(rf"(?:vom |von )?{_DAY}\s*-\s*{_DAY}", text)
    if m is None or (m[3] and not m[6]):
        raise ValueError(text)
    first, last = (int(m[2]), int(m[1])), (int(m[5]), int(m[4]))
    if m[6]:
        return [], [(date(int(m[3] or m[6]), *first), date(int(m[6]), *last))]
    for month, day in (first, last):
        date(2024, month, day)  # a leap year: the 29th of February may be meant
    return [(first, last)], []


@lru_cache(maxsize=64)
def _holiday_names(name: str) -> frozenset[str]:
    """Slugs under which school holidays are known: "Oster-/Frühjahrsferien" is Oster- and Frühjahrsferien."""
    parts = [slug(part) for part in re.split(r"[/,]", name)]
    return frozenset(["", *(part if part.endswith("ferien") else f"{part}ferien" for part in parts if part)])


@dataclass(frozen=True)
class YearPart:
    """Days of a year on which the same seasons hold."""

    id: str
    """"year" where no season has limits, "rest" for days in none, else ids of the seasons joined with +"""
    de: str
    en: str
    active: frozenset[str]
    """ids of the seasons that hold"""
    days: int


@dataclass(frozen=True)
class SeasonYear:
    """A year cut by seasons. Law: every day lies in exactly one part; the days of the parts are those of the year."""

    year: int
    parts: tuple[YearPart, ...]
    _of_day: Mapping[date, int] = field(repr=False)

    def of(self, day: date) -> YearPart:
        """The part a day of this year lies in. Errors: KeyError for another year."""
        return self.parts[self._of_day[day]]


def cut_year(seasons: Iterable[Season], calendar: Calendar, year: int) -> SeasonYear:
    """Cut a year by seasons, in the order in which the parts first come.

    Where the school holidays of the year are not known (`Calendar.knows_school`), a season of them has no days;
    callers that must not take that for "never" ask first.
    """
    limited = sorted({season.id: season for season in seasons if not season.is_whole_year}.items())
    number: dict[frozenset[str], int] = {}
    of_day: dict[date, int] = {}
    for day in days_between(date(year, 1, 1), date(year, 12, 31)):
        active = frozenset(season_id for season_id, season in limited if season.contains(day, calendar))
        of_day[day] = number.setdefault(active, len(number))
    counts = Counter(of_day.values())
    known = dict(limited)
    parts = tuple(_part([known[i] for i in sorted(a)], bool(limited), counts[n]) for a, n in number.items())
    return SeasonYear(year, parts, of_day)


def season_words(part_id: str, language: Language) -> str:
    """A part of the year in words, by its id (`YearPart.id`): "Juli–August und Sommerferien"."""
    rest = ("übrige Zeit des Jahres", "rest of the year")
    if part_id == "rest":
        return rest[language == "en"]
    words = []
    for season_id in part_id.split("+"):
        season = _by_id(season_id)
        words.append(season.de if language == "de" else season.en)
    return (" und " if language == "de" else " and ").join(words)


def _by_id(season_id: str) -> Season:
    """The season of an id. Errors: ValueError for an id no season has."""
    kind, _, said = season_id.partition(":")
    names = MONTH_NAMES["de"]
    if kind == "months":
        text = ", ".join(names[int(number) - 1] for number in said.split("-"))
    elif kind == "days":
        text = ", ".join(_day_words(span) for span in said.split(","))
    else:
        text = {"year": "ganzjährig", "holidays": "Ferien", "school_time": "Schulzeit"}.get(kind, kind)
    season = read_season(text)
    if season is None or season.id != season_id:
        raise ValueError(f"no season: {season_id}")
    return season


def _day_words(span: str) -> str:
    if "/" in span:
        return span.replace("/", " - ")
    first, last = span.split("-")
    return f"{int(first[2:])}.{int(first[:2])}.-{int(last[2:])}.{int(last[:2])}."


def _part(seasons: list[Season], limited: bool, days: int) -> YearPart:
    if not limited:
        return YearPart(WHOLE_YEAR.id, WHOLE_YEAR.de, WHOLE_YEAR.en, frozenset({WHOLE_YEAR.id}), days)
    with_year = frozenset([WHOLE_YEAR.id, *(season.id for season in seasons)])
    part_id = "+".join(season.id for season in seasons) or "rest"
    return YearPart(part_id, season_words(part_id, "de"), season_words(part_id, "en"), with_year, days)
