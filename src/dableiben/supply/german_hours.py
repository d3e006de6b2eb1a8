# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""German free forms of opening hours into OpenStreetMap's syntax: "Mo–Do 7–16.30 Uhr, Fr bis 14 Uhr".

Decisions, where Germans mean more than they write:
- hours of a day that stand apart from earlier ones come on top ("Mo–Fr 8–12, Do 14–18"); overlapping ones replace them;
- "werktags" is Monday to Friday, Saturday unknown, not on public holidays; without any day the weekend is unknown;
- "Fr bis 14 Uhr" begins as the day before it; "ab 8 Uhr" is unknown from 8 on;
- "nach Vereinbarung" is unknown: within the hours it stands at, or, after a comma or "und", in all other hours;
- "in den Ferien" without days are the days named otherwise; closing weeks without a date lie in the month or holidays
  named, or in some school holidays;
- "jeden zweiten Mittwoch" and "14-tägig" are unknown on that weekday.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dableiben.supply.german_statements import ALL_DAY, Season, Statement, Stretch, statements_of
from dableiben.supply.german_words import tokens_of
from dableiben.supply.hour_days import WEEKDAYS, Unusable


@dataclass(frozen=True)
class German:
    """What a German text says: rules in OSM's syntax, rules that may hold, weeks closed at an unknown time."""

    rules: str
    doubts: str
    closing_weeks: float | None


def german_to_osm(text: str) -> German:
    """A German text in OSM's syntax. Errors: `Unusable` with a German reason; nothing is guessed."""
    tokens = tokens_of(text)
    if all(token.kind == "half" for token in tokens):
        if any(word in text.lower() for word in ("durchgehend", "durchgängig", "immer")):
            return German("24/7", "", None)
        raise Unusable("Es ist keine Uhrzeit genannt.")
    writer = _Writer()
    for statement in statements_of(tokens):
        writer.add(statement)
    return writer.finish()


class _Writer:
    """Makes rules of statements; what closes goes last, whatever its place in the text."""

    def __init__(self) -> None:
        self.rules: list[str] = []
        self.closings: list[str] = []
        self.doubts: list[str] = []
        self.said: list[tuple[Season, frozenset[object], list[Stretch]]] = []
        self.weeks: float | None = None
        self.last: Statement | None = None
        self.workday = self.besides = False

    def add(self, group: Statement) -> None:
        """Take one statement. Errors: `Unusable` if something is missing in it."""
        self.doubts += [f"{date} off" for date in group.perhaps]
        if group.off:
            self._close(group)
        elif group.besides or (group.unknown and not (group.times or group.subject or group.season.named)):
            self.besides = True
        elif group.times or group.unknown:
            self._open(group)
        elif group.weeks is not None:
            raise Unusable("Zu einer Zahl von Wochen fehlt, ob dann geschlossen ist.")
        else:
            raise Unusable("Zu einem Tag oder Zeitraum ist keine Uhrzeit genannt.")

    def finish(self) -> German:
        """The whole text."""
        rules = [*self.rules, *(f"; {rule}" for rule in self.closings)]
        if self.workday and not any("PH" in rule for rule in rules):
            rules.append("; PH off")
        seasons = [season for season, _, _ in self.said]
        if any(season.term for season in seasons) and not any(season.school for season in seasons):
            self.doubts.append("SH off")
        if self.besides:
            rules.append(" || unknown")
        if not rules:
            raise Unusable("Es sind nur Schließzeiten genannt, keine Öffnungszeiten.")
        doubts = "; ".join(dict.fromkeys(self.doubts))
        return German("".join(rules).removeprefix("; ").removeprefix(" || "), doubts, self.weeks)

    def _close(self, group: Statement) -> None:
        whens = [*group.season.wides, *(_school(name) for name in group.season.school)]
        days = _day_text(group)
        if group.weeks is not None:
            if days:
                raise Unusable("Schließwochen an einzelnen Wochentagen sind nicht zu deuten.")
            self.weeks = (self.weeks or 0.0) + group.weeks
            self.doubts += [f"{when} off" for when in whens or [_school(group.closing_season)]]
        elif whens or days:
            self.closings += [f"{when} {days}".strip() + " off" for when in whens or [""]]
        elif self.rules or self.closings:
            raise Unusable("Zu einer Schließzeit fehlt, wann sie ist.")
        else:
            self.closings.append("off")

    def _open(self, group: Statement) -> None:
        if not group.subject and self.last is not None and not group.season.named:
            last = self.last  # Mo-Fr 8-12; 14-17 Uhr
            group = replace(group, days=last.days, nth=last.nth, monthly=last.monthly, workday=last.workday,
                            public=last.public, season=last.season)  # fmt: skip
        if group.nth and not group.monthly:
            some_weeks = {WEEKDAYS.index(name[:2]) for name in group.nth}
            group = replace(group, days=group.days | some_weeks, nth=[], unknown=True)
        if group.subject:
            self.last = group
        self.workday |= group.workday
        if group.times == [ALL_DAY] and not group.unknown and not group.season.named and len(group.days) in (0, 7):
            self._append(";", "24/7")
            return
        operator = self._operator(group)
        wides = ",".join(group.season.wides)
        for season in [f"{wides} {_school(name)}".strip() for name in group.season.school] or [wides]:
            self._state(operator, season, group)

    def _state(self, operator: str, season: str, group: Statement) -> None:
        """One rule, and what is left open of its days as unknown."""
        days, unsaid = _day_text(group), "Sa" if group.workday else ""
        times = ",".join(_said(stretch) for stretch in group.times)
        if season and not days:
            days, unsaid = self._days_otherwise()
        self._append(operator, " ".join(filter(None, (season, days, times, "unknown" if group.unknown else ""))))
        if unsaid:
            self._append(",", " ".join(filter(None, (season, unsaid, times, "unknown"))))

    def _days_otherwise(self) -> tuple[str, str]:
        """Days that are named without a season, and those that may be meant where none are."""
        named = {day for season, keys, _ in self.said if not season.named for day in keys if isinstance(day, int)}
        return (_stretch_of(named), "") if named else ("Mo-Fr", "Sa,Su")

    def _operator(self, group: Statement) -> str:
        """Hours that overlap earlier ones of the same days and season replace them, others come on top."""
        keys = _keys(group)
        same = [times for season, other, times in self.said if season == group.season and keys & other]
        self.said.append((group.season, keys, group.times))
        if not same:
            return ";"
        apart = all(_apart(one, other) for times in same for one in times for other in group.times)
        return "," if apart and group.times else ";"

    def _append(self, operator: str, rule: str) -> None:
        self.rules.append(f"{operator} {rule}" if self.rules else f"; {rule}")


def _school(name: str) -> str:
    return f"SH:{name}" if name else "SH"


def _keys(group: Statement) -> frozenset[object]:
    """What days a statement touches, for comparison: weekdays, "PH"; all weekdays if none are named."""
    days: set[object] = set(group.days)
    days.update(WEEKDAYS.index(name[:2]) for name in group.nth)
    if group.workday:
        days.update(range(6))
    if group.public:
        days.add("PH")
    return frozenset(days or range(7))


def _day_text(group: Statement) -> str:
    days = set(group.days) | (set(range(5)) if group.workday else set())
    parts = [_stretch_of(days)] if days else []
    return ",".join([*parts, *group.nth, *(["PH"] if group.public else [])])


def _stretch_of(days: set[int]) -> str:
    """Weekdays in OSM's syntax, neighbours joined: Mo-We,Fr."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(WEEKDAYS[run[0]] + (f"-{WEEKDAYS[run[-1]]}" if len(run) > 1 else "") for run in runs)


def _apart(one: Stretch, other: Stretch) -> bool:
    first, second = sorted((one, other), key=lambda stretch: stretch[0])
    end = first[1]
    return end is not None and first[0] < end <= second[0]


def _said(stretch: Stretch) -> str:
    start, end = stretch
    text = f"{start // 60:02d}:{start % 60:02d}"
    return f"{text}+" if end is None else f"{text}-{end // 60:02d}:{end % 60:02d}"
