# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From the facts of a gap, an unknown or an indicator to the sentences a council reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.schema import Attribute, Mode, Text
from dableiben.catalogue.select import ChosenNorm
from dableiben.catalogue.text import Lang, Speaker, speaker
from dableiben.catalogue.words import service_words
from dableiben.core.seasons import Season
from dableiben.core.week import Mask, in_words

INDICATORS = (
    "need_in_catchment", "mean_travel_time", "mean_travel_time_catchment", "max_travel_time_catchment",
    "share_within_minutes", "cell_travel_time", "places_per_100", "need_per_place", "need_per_facility",
    "facilities_per_100",
)  # fmt: skip
"""daviplan's ten rating indicators, in their order"""

WITHOUT_CAR = ".ohne_auto"
WITH_CAR = ".mit_auto"


@dataclass(frozen=True)
class GapFacts:
    """What the explanation of a gap says.

    group            as in the results, with ``.mit_auto`` or ``.ohne_auto`` where households are told apart
    persons          best; None = withheld by disclosure control
    target, actual   in `unit`: min or m for the way, else the capacity unit of the kind or ``facility``;
                     actual None = nothing found; target None = no number asked for
    missing          target - actual, or the shortfall of the balance; None for the way and for quality
    attribute        lacking attribute, for cause quality
    slots            of a gap in time: when it holds; of a gap of the way: when bus or volunteers close it
    window, season   need window and part of the year; weeks_closed: beyond the closing time that is allowed
    """

    service: str
    group: str
    cause: Literal["absent", "capacity", "quality", "distance", "hours", "timetable", "slot_capacity"]
    area: str
    persons: float | None
    low: float | None
    high: float | None
    norm: ChosenNorm
    target: float | None = None
    actual: float | None = None
    missing: float | None = None
    unit: str = ""
    mode: Mode | None = None
    attribute: Attribute | None = None
    carless_known: bool = True
    slots: Mask | None = None
    person_hours: float | None = None
    window: str | None = None
    season: Season | None = None
    weeks_closed: float | None = None


def explain_gap(catalogue: Catalogue, facts: GapFacts, lang: Lang) -> str:
    """The gap in a few sentences: what is missing, against which norm, and what to mind."""
    say = speaker(catalogue, lang)
    key = f"gap.{facts.cause}"
    if facts.norm.norm.tier == "entitlement" and facts.cause in ("absent", "capacity"):
        key += ".entitlement"
    service = catalogue.pools.get(facts.service) or catalogue.kinds[facts.service]
    if facts.cause == "distance" and service.use == "service_area":
        key += ".service_area"
    values = _values(catalogue, facts, say, lang)
    sentences = [say.render(key, **values)]
    if facts.cause == "distance" and facts.slots is not None and facts.slots.any():
        sentences.append(say.render("note.ride", **values))
    sentences += _norm_sentences(facts, say, lang)
    if facts.low is not None and facts.high is not None and say.persons(facts.low) != say.persons(facts.high):
        note = "note.interval" if facts.carless_known else "note.carless_unknown"
        sentences.append(say.render(note, low=facts.low, high=facts.high))
    sentences += [say.render(key) for key in service.sentences]
    return " ".join(sentences)


def explain_gaps(catalogue: Catalogue, facts: Sequence[GapFacts], lang: Lang) -> str:
    """The first gap, and behind it the further causes that the same people have in the same place."""
    texts = [explain_gap(catalogue, one, lang) for one in facts]
    return f" {speaker(catalogue, lang).render('gap.further')} ".join(texts)


def _values(catalogue: Catalogue, facts: GapFacts, say: Speaker, lang: Lang) -> dict[str, object]:
    household = ""
    for suffix, key in ((WITHOUT_CAR, "household.without_car"), (WITH_CAR, "household.with_car")):
        if facts.group.endswith(suffix):
            household = say.render(key)
    group = catalogue.groups[facts.group.split(".", maxsplit=1)[0]]
    return {
        "kind": service_words(catalogue, facts.service, lang),
        "users": getattr(_audience(catalogue, facts) or group.users, lang),
        "household": household,
        "area": facts.area,
        "persons": facts.persons,
        "target": facts.target,
        "actual": facts.actual,
        "missing": facts.missing,
        "searched": searched_minutes(catalogue.assessment.search_minutes, facts.target, facts.unit),
        "unit": facts.unit,
        "mode": say.render(f"mode.{facts.mode}") if facts.mode else "",
        "attribute": say.render(f"attribute.{facts.attribute}") if facts.attribute else "",
        "slots": in_words(facts.slots, lang) if facts.slots is not None else "",
        "person_hours": facts.person_hours,
        "window": getattr(catalogue.windows[facts.window].label, lang) if facts.window else "",
        "season": _season(facts, say, lang),
        "weeks_closed": facts.weeks_closed,
    }


def _audience(catalogue: Catalogue, facts: GapFacts) -> Text | None:
    """Whom the need window of a gap in time speaks about; None = everybody of the group."""
    return catalogue.windows[facts.window].audience.users if facts.window and facts.cause != "distance" else None


def _season(facts: GapFacts, say: Speaker, lang: Lang) -> str:
    if facts.season is None:
        return ""
    return f" {say.render('note.season', season=getattr(facts.season, lang))}"


def searched_minutes(usual: float, target: float | None, unit: str) -> float:
    """How far ways were searched at least: the usual minutes, or the limit where that is longer."""
    return max(usual, target) if unit == "min" and target is not None else usual


def _norm_sentences(facts: GapFacts, say: Speaker, lang: Lang) -> list[str]:
    norm = facts.norm.norm
    title = getattr(norm.title, lang)
    basis = f" ({norm.legal_basis})" if norm.legal_basis else ""
    sentences = [say.render(f"tier.{norm.tier}", norm=title, basis=basis)]
    if facts.norm.uncertain:
        sentences.append(say.render("note.uncertain_norm", norm=title))
    return sentences


def explain_unknown(
    catalogue: Catalogue,
    reason: str,
    service: str,
    group: str,
    lang: Lang,
    *,
    area: str = "",
    attribute: Attribute = "barrier_free",
    level: str | None = None,
) -> tuple[str, str]:
    """Why something cannot be said, and which missing entry would answer it.

    reason   code as in `need.reason`, e.g. data_edge, possible_only, capacity_missing
    """
    say = speaker(catalogue, lang)
    kind = service_words(catalogue, service, lang)
    users = getattr(catalogue.groups[group.split(".", maxsplit=1)[0]].users, lang)
    values = {
        "kind": kind, "users": users, "area": area, "unit_word": kind.units,
        "attribute": say.render(f"attribute.{attribute}"), "level": say.render(f"level.{level}") if level else "",
    }  # fmt: skip
    return say.render(f"unknown.{reason}", **values), say.render(f"missing.{reason}", **values)


def indicator_sentence(
    catalogue: Catalogue,
    indicator: str,
    service: str,
    lang: Lang,
    *,
    mode: Mode | None = None,
    minutes: float | None = None,
) -> str:
    """An indicator as a sentence in the words of the kind.

    indicator   as in the results: one of INDICATORS, share_within_minutes_30, travel_time_p90, gini_travel_time
    mode        where a way is involved; minutes for share_within_minutes, if not part of the name
    """
    say = speaker(catalogue, lang)
    percent = None
    if found := re.fullmatch(r"(share_within_minutes)_([\d.]+)", indicator):
        indicator, minutes = found[1], float(found[2])
    elif found := re.fullmatch(r"travel_time_p(\d+)", indicator):
        indicator, percent = "travel_time_percentile", int(found[1])
    return say.render(
        f"indicator.{indicator}",
        kind=service_words(catalogue, service, lang),
        mode=say.render(f"mode.{mode}") if mode else "",
        minutes=minutes,
        percent=percent,
    )
