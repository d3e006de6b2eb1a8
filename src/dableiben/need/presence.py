# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Who is present when: residents less those who are away, plus those who come for a time, and day commuters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.catalogue.presence import PresenceCard, Share
from dableiben.core.calendar import Calendar
from dableiben.core.errors import InputError
from dableiben.core.ids import slug
from dableiben.core.levels import id_column
from dableiben.core.seasons import WHOLE_YEAR, cut_year
from dableiben.core.week import SLOTS_A_WEEK, Mask, from_bytes
from dableiben.need.ages import LAST_AGE
from dableiben.need.people import Residents
from dableiben.need.present_persons import (
    LIVING_HERE,
    Change,
    Ends,
    Floats,
    Ints,
    MaskList,
    Presence,
    View,
    members_of,
    presence_rows,
    triple,
)
from dableiben.region.commuters import day_commuters
from dableiben.region.region import Region
from dableiben.region.segments import season_of

__all__ = ["LIVING_HERE", "OfGroup", "Presence", "evening_shares", "members_of", "presence_of", "presence_table"]
WORK = frozenset(("arbeit", "beruf", "job", "work"))
"""words of a reason by which a segment is of those whom commuter tables count as well"""


@dataclass(frozen=True)
class OfGroup:
    """A target group: its persons by unit, and the share of each sex and age year that belongs to it, (2, 101)."""

    persons: Floats
    shares: Floats


def presence_of(
    region: Region,
    residents: Residents,
    calendar: Calendar,
    card: PresenceCard,
    *,
    group: OfGroup | None = None,
    year: int | None = None,
) -> Presence:
    """Persons present by unit, slot and season; of all people, or of a target group.

    year   the year that is cut by seasons; that of the population if not given
    Law: residents + Incoming x p - Outgoing x (1 - p), p the presence of a segment in a slot; day commuters leave their
    residence and come to their place of work in the hours of the card. Whom a segment counts is not counted again among
    the commuters. Bounds that nobody gave are open: at least nobody comes, how many at most is unknown.
    Errors: InputError if a segment rests on school holidays of a year that is not known.
    """
    builder = _Builder(region, residents, card, group)
    seasons = {WHOLE_YEAR.id: WHOLE_YEAR}
    for row in region.segments.to_dict("records"):
        season = season_of(row["season"])
        seasons[season.id] = season
        builder.segment(row, season.id)
    builder.commuters()
    asked = region.year if year is None else year
    unknown = [season.de for season in seasons.values() if season.needs_school and not calendar.knows_school(asked)]
    if unknown:
        raise InputError(
            "season-without-calendar", f"Die Schulferien von {asked} sind nicht bekannt ({', '.join(unknown)}).",
            "Die Saison der Segmente als Monate oder Tage eintragen, z. B. „Juli-August“.",
        )  # fmt: skip
    base = residents.total if group is None else group.persons
    return Presence(
        residents.units, triple(base), builder.masks.array(), tuple(builder.changes),
        cut_year(seasons.values(), calendar, asked), tuple(builder.notes),
    )  # fmt: skip


def presence_table(
    region: Region, residents: Residents, calendar: Calendar, card: PresenceCard, *, year: int | None = None
) -> pd.DataFrame:
    """Persons present as rows by the contract core.results.PRESENCE. Internal: small numbers are in it."""
    return presence_rows(presence_of(region, residents, calendar, card, year=year))


def evening_shares(presence: Presence, card: PresenceCard, level: str = "municipality") -> pd.DataFrame:
    """Share of those who live here who are here on the evenings clubs meet: a condition of engagement.

    Columns area_id, season, share_low, share_best, share_high (0..1, NaN = unknown); people from elsewhere are not
    in it. Law: 1 where nobody is ever away.
    """
    here = presence.only(LIVING_HERE)
    rows = []
    for area_id, members in members_of(presence.units, level).items():
        live = presence.base[:, members].sum(axis=1)
        for season in presence.seasons:
            there = here.mean(season, card.evening_mask, members).sum(axis=1)
            shares = np.divide(there, live, out=np.full(3, np.nan), where=live > 0)
            rows.append((area_id, season, *shares))
    return pd.DataFrame(rows, columns=["area_id", "season", "share_low", "share_best", "share_high"])


@dataclass
class _Builder:
    """Collects the changes of a region."""

    region: Region
    residents: Residents
    card: PresenceCard
    group: OfGroup | None
    masks: MaskList = field(default_factory=MaskList)
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    working: dict[tuple[str, str], Floats] = field(default_factory=dict)
    """view and AGS -> persons of segments who work elsewhere, low, best, high"""

    def segment(self, row: dict[Any, Any], season: str) -> None:
        """Take one segment."""
        area_id, view = str(row["area_id"]), row["view"]
        units, shares = self._spread(area_id, by_second_homes=view == "incoming")
        low, best, high = (float("nan") if row[f"persons_{end}"] is None else float(row[f"persons_{end}"])
                           for end in ("low", "best", "high"))  # fmt: skip
        estimated = row["basis"] == "estimated"
        self._remember(row, view, area_id[:8], (low, best, high))
        present = None if row["present"] is None else from_bytes(row["present"])
        if not len(units):
            self.notes.append(f"Für ein Segment in {self.region.name_of(area_id)} ist kein bewohnter Ort bekannt.")
            return
        ends = self._in_group((low, best, high), row)
        if view == "incoming":
            persons, mask = _coming(ends, present, estimated)
        else:
            persons, mask = _going(ends, present, estimated)
        if mask.any():
            self.changes.append(Change(units, shares, persons, self.masks.number(mask), season, view))

    def commuters(self) -> None:
        """Take those who leave and come by day."""
        day = day_commuters(self.region.commuters)
        mask, share = self.card.away_mask, self.card.away_share
        views: tuple[tuple[View, str, dict[str, float]], ...] = (
            ("commuters_out", "outgoing", dict(day.out)), ("commuters_in", "incoming", dict(day.come)),
        )  # fmt: skip
        weight = self._weight(self.card.commuter_ages)
        for view, same, numbers in views:
            for ags, counted in sorted(numbers.items()):
                units, shares = self._spread(ags)
                ends = _by_day(counted, self.working.get((same, ags), np.zeros(3)), share)
                low, best, high = _weighted(ends, weight)
                persons = (low, best, high) if view == "commuters_in" else (-high, -best, -low)
                if len(units):
                    self.changes.append(Change(units, shares, persons, self.masks.number(mask), WHOLE_YEAR.id, view))

    def _spread(self, area_id: str, *, by_second_homes: bool = False) -> tuple[Ints, Floats]:
        region, units, persons = self.region, self.residents.units, self.residents.total
        return spread_over(region, units, persons, area_id, by_second_homes=by_second_homes)

    def _remember(self, row: dict[Any, Any], view: str, ags: str, ends: Ends) -> None:
        if view == "resident" or WORK.isdisjoint(slug(str(row["reason"] or "")).split("-")):
            return
        before = self.working.setdefault((view, ags), np.zeros(3))
        if row["basis"] == "estimated":  # all of them at most: in the lower bound of presence they are away for good
            ends = (ends[2], 0.0, ends[2])
        self.working[view, ags] = before + np.array(ends)

    def _in_group(self, ends: Ends, row: dict[Any, Any]) -> Ends:
        ages = None if row["age_from"] is None and row["age_to"] is None else (row["age_from"], row["age_to"])
        return _weighted(ends, self._weight(ages))

    def _weight(self, ages: tuple[int | None, int | None] | None) -> float:
        """Share of a segment that belongs to the target group, by the ages of the region's people within its own."""
        if self.group is None or (self.group.shares == 1.0).all():
            return 1.0
        if ages is None:
            return float("nan")
        first, last = ages[0] or 0, LAST_AGE if ages[1] is None else min(ages[1], LAST_AGE)
        inside = self.residents.units["inside"].to_numpy(bool)
        profile = np.nansum(self.residents.by_age[inside], axis=0)[:, first : last + 1]
        if profile.sum() <= 0:
            return float("nan")
        return float((profile * self.group.shares[:, first : last + 1]).sum() / profile.sum())


def spread_over(
    region: Region, units: pd.DataFrame, persons: Floats, area_id: str, *, by_second_homes: bool = False
) -> tuple[Ints, Floats]:
    """Units of an area inside the region and the share of each: by persons, or by second homes where they are listed.

    Second homes are known by locality at most; within one they lie as its persons do. Law: shares add up to 1.
    """
    level = "locality" if ":" in area_id else "municipality"
    inside = units["inside"].to_numpy(bool)
    mine = np.flatnonzero((units[id_column(level)] == area_id).to_numpy(bool) & inside)
    if not len(mine):
        mine = np.flatnonzero((units["area_id"] == area_id).to_numpy(bool) & inside)
    if not len(mine):
        return mine, np.zeros(0)
    weight = np.nan_to_num(persons[mine])
    if by_second_homes and ":" not in area_id:
        weight = _by_second_homes(region, units["area_id"].to_numpy(object)[mine], weight)
    return mine, weight / weight.sum() if weight.sum() > 0 else np.full(len(mine), 1 / len(mine))


def _by_second_homes(region: Region, area: NDArray[np.object_], weight: Floats) -> Floats:
    """Weights of units by the second homes of their locality; unchanged where no locality has any listed."""
    people = region.population
    listed = people[(people["home"] == "second") & people["persons"].notna()].groupby("area_id")["persons"].sum()
    result = np.zeros(len(area))
    for area_id in sorted({str(a) for a in area if isinstance(a, str)} & set(listed.index)):
        here = area == area_id
        persons = weight[here].sum()
        share = weight[here] / persons if persons > 0 else np.full(int(here.sum()), 1 / here.sum())
        result[here] = share * float(listed[area_id])
    return result if result.sum() > 0 else weight


def _weighted(ends: Ends, weight: float) -> Ends:
    """Ends times a share; of an unknown share nobody or everybody may be meant."""
    low, best, high = ends
    return (0.0, float("nan"), high) if np.isnan(weight) else (low * weight, best * weight, high * weight)


def _coming(ends: Ends, present: Mask | None, estimated: bool) -> tuple[Ends, Mask]:
    """What Incoming add, and when. A lower end that nobody gave is no claim: nobody need be there."""
    low, best, high = ends
    if present is not None:
        return (0.0 if np.isnan(low) else low, best, high), present
    # When they are here is not known: at least nobody, at most all; bounds alone say nothing of the best number.
    return (0.0, 0.0 if estimated else float("nan"), high), np.ones(SLOTS_A_WEEK, np.bool_)


def _going(ends: Ends, present: Mask | None, estimated: bool) -> tuple[Ends, Mask]:
    """What those who live here take off while they are away."""
    low, best, high = ends
    if present is not None:
        return (-high, -best, 0.0 if np.isnan(low) else -low), ~present
    return (-high, 0.0 if estimated else float("nan"), 0.0), np.ones(SLOTS_A_WEEK, np.bool_)


def _by_day(counted: float, known: Floats, share: Share) -> Ends:
    """Commuters on the way on a day, without those whom segments count: the ends leave room for either."""
    if np.isnan(counted):
        return 0.0, float("nan"), float("nan")
    at_least, best, at_most = (float(n) for n in known)
    rest_low = 0.0 if np.isnan(at_most) else max(counted - at_most, 0.0)
    rest_best = max(counted - best, 0.0) if not np.isnan(best) else float("nan")
    rest_high = counted if np.isnan(at_least) else max(counted - at_least, 0.0)
    return share.low * rest_low, share.best * rest_best, share.high * rest_high
