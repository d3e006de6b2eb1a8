# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""German free forms of opening hours, word by word, into statements: when, on which days, at what times."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dableiben.supply.german_words import SEASONS, Token, dates_to_osm
from dableiben.supply.hour_days import WEEKDAYS, Unusable
from dableiben.supply.hour_rules import DAY_MIN

ALL_DAY = (0, DAY_MIN)
Stretch = tuple[int, int | None]
"""first minute of the day and the minute after the last; None = open end"""
_FORTNIGHTS = {"even": "week 2-52/2", "odd": "week 1-53/2"}
_OPEN_DAYS_A_WEEK = 5


@dataclass(frozen=True)
class Season:
    """When in the year: months, dates, weeks (OSM), names of school holidays ("" = any), or school time."""

    wides: tuple[str, ...] = ()
    school: tuple[str, ...] = ()
    term: bool = False

    @property
    def named(self) -> bool:
        """Whether it is a part of the year that OSM's syntax can name."""
        return bool(self.wides or self.school)


@dataclass
class Statement:
    """One statement: when in the year, on which days, what times; or that it is closed or by appointment then."""

    season: Season = field(default_factory=Season)
    days: set[int] = field(default_factory=set)
    nth: list[str] = field(default_factory=list)
    ordinals: list[str] = field(default_factory=list)
    monthly: bool = False
    workday: bool = False
    public: bool = False
    times: list[Stretch] = field(default_factory=list)
    off: bool = False
    unknown: bool = False
    weeks: float | None = None
    """closed for so many weeks at a time that is not told"""
    closing_season: str = ""
    perhaps: list[str] = field(default_factory=list)
    """dates on which it may be closed besides"""
    besides: bool = False
    """by appointment in all hours that are not named"""

    @property
    def subject(self) -> bool:
        """Whether days are named."""
        return bool(self.days or self.nth or self.workday or self.public)

    @property
    def said(self) -> bool:
        """Whether a further day begins a new statement."""
        named = self.subject or self.season.named or self.weeks is not None
        return bool(self.times) or ((self.off or self.unknown) and named)


def statements_of(tokens: list[Token]) -> list[Statement]:
    """Statements in order. Errors: `Unusable` where a word stands that cannot be placed."""
    return _Reader(tokens).read()


class _Reader:
    """Takes token after token; what a token means is written in the method of its kind."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.group = Statement()
        self.found: list[Statement] = []
        self.first_start: int | None = None

    def read(self) -> list[Statement]:
        """All statements."""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            handler = getattr(self, f"_on_{token.kind}", None)
            if handler is None:
                raise Unusable(f"„{token.shown}“ steht an einer Stelle, an der es nicht zu deuten ist.")
            handler(token)
        self._flush()
        return self.found

    def _flush(self) -> None:
        """End the statement at hand."""
        if self.group.ordinals:
            raise Unusable("Zu einer Zählung („1.“, „zweiter“) fehlt der Wochentag.")
        if self.group != Statement():
            self.found.append(self.group)
        self.group = Statement()

    def _peek(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.tokens[index].kind if 0 <= index < len(self.tokens) else ""

    def _next_statement(self, *, keep_season: bool) -> None:
        """Begin a new statement if this one is complete."""
        if self.group.said:
            before = self.group
            self._flush()
            if keep_season and not before.off:
                self.group.season = before.season

    def _next_season(self) -> None:
        """A further time of the year belongs to a closing that names no days; else it begins a new statement."""
        if not self.group.off or self.group.subject:
            self._next_statement(keep_season=False)

    def _on_end(self, _: Token) -> None:
        self._flush()
        self.at += 1

    def _on_and(self, _: Token) -> None:
        self.at += 1

    def _on_day(self, token: Token) -> None:
        self._next_statement(keep_season=True)
        first = WEEKDAYS.index(token.value)
        self.at += 1
        if self.group.ordinals:
            self.group.nth += [f"{WEEKDAYS[first]}[{n}]" for n in self.group.ordinals]
            self.group.monthly |= self.group.ordinals != ["2"]  # every second one, or the second of the month
            self.group.ordinals = []
            return
        last = first
        if self._peek() == "to" and self._peek(1) == "day":
            last = WEEKDAYS.index(self.tokens[self.at + 1].value)
            self.at += 2
        elif self._peek() == "to" and self._peek(1) == "and":  # Sonn- und Feiertage
            self.at += 1
        self.group.days.update((first + step) % 7 for step in range((last - first) % 7 + 1))

    def _on_daily(self, _: Token) -> None:
        self._next_statement(keep_season=True)
        self.group.days.update(range(7))
        self.at += 1

    def _on_weekend(self, _: Token) -> None:
        self._next_statement(keep_season=True)
        self.group.days.update((5, 6))
        self.at += 1

    def _on_workday(self, _: Token) -> None:
        self._next_statement(keep_season=True)
        self.group.workday = True
        self.at += 1

    def _on_public(self, _: Token) -> None:
        self._next_statement(keep_season=False)
        self.group.public = True
        self.at += 1

    def _on_ordinal(self, token: Token) -> None:
        self.at += 1
        if self._peek() in ("number", "weeks", "days", "school"):
            return  # the first three weeks of the holidays: which weeks is left open
        self._next_statement(keep_season=True)
        self.group.ordinals.append(token.value)

    def _on_monthly(self, _: Token) -> None:
        self.group.monthly = True
        self.at += 1

    def _on_fortnight(self, _: Token) -> None:
        self.group.unknown = True
        self.at += 1

    def _on_even(self, token: Token) -> None:
        self._wide(_FORTNIGHTS[token.kind])
        self.at += 1

    _on_odd = _on_even

    def _on_school(self, token: Token) -> None:
        self._next_season()
        season, name = self.group.season, token.value if token.value in SEASONS else ""
        self.group.season = replace(season, school=(*season.school, name))
        self.at += 1

    def _on_term(self, _: Token) -> None:
        self._next_statement(keep_season=False)
        self.group.season = replace(self.group.season, term=True)
        self.at += 1

    def _on_month(self, token: Token) -> None:
        self.at += 1
        if self._peek() == "to" and self._peek(1) == "month":
            self._wide(f"{token.value}-{self.tokens[self.at + 1].value}")
            self.at += 2
        else:
            self._wide(token.value)

    def _on_date(self, token: Token) -> None:
        self.at += 1
        if self._peek() == "to" and self._peek(1) == "date":
            self._wide(dates_to_osm(token.shown, self.tokens[self.at + 1].shown))
            self.at += 2
        else:
            self._wide(dates_to_osm(token.shown, None))

    def _on_day_number(self, token: Token) -> None:
        self.at += 1
        if self._peek() != "to" or self._peek(1) != "date":
            raise Unusable(f"Zu „{token.shown}“ fehlt der Monat.")
        last = self.tokens[self.at + 1].shown
        self._wide(dates_to_osm(f"{token.value}.{last.split('.', 1)[1]}", last))
        self.at += 2

    def _on_week_number(self, token: Token) -> None:
        self.at += 1
        if self._peek() != "number":
            raise Unusable(f"Zu „{token.shown}“ fehlt die Nummer.")
        numbers = [self.tokens[self.at].value]
        self.at += 1
        if self._peek() == "to" and self._peek(1) == "number":
            numbers.append(self.tokens[self.at + 1].value)
            self.at += 2
        self._wide(f"week {'-'.join(numbers)}")

    def _on_years(self, _: Token) -> None:
        self._wide("Dec 25-Jan 1")
        self.group.perhaps.append("Dec 24")
        self.at += 1

    def _on_bridge(self, _: Token) -> None:
        """Days between a holiday and a weekend."""
        self._wide("Fr PH +1 day")
        self._wide("Mo PH -1 day")
        self.at += 1

    def _wide(self, wide: str) -> None:
        self._next_season()
        self.group.season = replace(self.group.season, wides=(*self.group.season.wides, wide))

    def _on_off(self, _: Token) -> None:
        if self.group.times:
            self._flush()
        self.group.off = True
        self.at += 1

    def _on_closing(self, token: Token) -> None:
        if self.group.times or self.group.said:
            self._flush()
        if token.value in SEASONS:
            self.group.closing_season = token.value
        self.group.off = True
        self.at += 1

    def _on_half(self, token: Token) -> None:
        self.at += 1
        if self.group.off or self._peek() == "off":
            raise Unusable(f"Zu „{token.shown}“ geschlossen fehlt die Uhrzeit.")

    def _on_except(self, _: Token) -> None:
        self._flush()
        self.group.off = True
        self.at += 1

    def _on_appointment(self, _: Token) -> None:
        besides = self._peek(-1) in ("and", "end", "")
        self.at += 1
        if besides and (self.group.times or not (self.group.subject or self.group.season.named)):
            self._flush()
            if self._peek() in ("", "and", "end"):
                self.group.besides = True
                self._flush()
                return
        self.group.unknown = True

    def _on_always(self, _: Token) -> None:
        self.group.times.append(ALL_DAY)
        self.at += 1

    # --- times ----------------------------------------------------------------------------------------

    def _on_from(self, _: Token) -> None:
        self.at += 1
        start = self._minutes()
        if self._peek() == "to":
            self.at += 1
            self._add_time(start, self._minutes())
        else:
            self._add_time(start, None)

    def _on_to(self, token: Token) -> None:
        """Until, without a beginning: as the hours before it."""
        self.at += 1
        if self.group.times or self.first_start is None or self._peek() not in ("time", "number"):
            raise Unusable(f"Zu „{token.shown} {self._shown()}“ fehlt der Beginn.")
        self._add_time(self.first_start, self._minutes())

    def _on_time(self, token: Token) -> None:
        start = self._minutes()
        if self._peek() != "to":
            raise Unusable(f"Zu „{token.shown}“ fehlt das Ende.")
        self.at += 1
        self._add_time(start, self._minutes())

    def _on_number(self, token: Token) -> None:
        ahead = 1
        if self._peek(1) == "to" and self._peek(2) == "number":
            ahead = 3
        unit = self._peek(ahead)
        if unit == "closing" and self.tokens[self.at + ahead].shown.startswith(("schließtag", "schließwoche")):
            unit = "days" if "tag" in self.tokens[self.at + ahead].shown else "weeks"
        if unit not in ("weeks", "days"):
            self._on_time(token)
            return
        if self.group.times or (self.group.off and self.group.subject):
            self._flush()
        amount = float(self.tokens[self.at + ahead - 1].value)  # of "2 bis 3 Wochen" the longer one
        self.group.weeks = amount if unit == "weeks" else amount / _OPEN_DAYS_A_WEEK
        self.at += ahead + (self._peek(ahead) != "closing")

    def _shown(self) -> str:
        return self.tokens[self.at].shown if self.at < len(self.tokens) else ""

    def _minutes(self) -> int:
        if self._peek() not in ("time", "number"):
            raise Unusable(f"„{self._shown()}“ steht, wo eine Uhrzeit stehen müsste.")
        token = self.tokens[self.at]
        self.at += 1
        hour, _, minute = token.value.replace(".", ":").partition(":")
        minutes = int(hour) * 60 + int(minute or 0)
        if minutes > DAY_MIN or int(minute or 0) > 59:
            raise Unusable(f"„{token.shown}“ ist keine Uhrzeit.")
        return minutes

    def _add_time(self, start: int, end: int | None) -> None:
        if self.group.off:
            raise Unusable("Es ist zugleich eine Uhrzeit und „geschlossen“ genannt.")
        if not self.group.times:
            self.first_start = start
        if start == DAY_MIN or end == start:
            raise Unusable(f"Die Zeit von {start // 60} Uhr an hat keine Dauer.")
        self.group.times.append((start, end))
