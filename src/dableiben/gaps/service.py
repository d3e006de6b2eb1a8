# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""One service judged: its groups, ways, places and norms, over all places of the region."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.schema import FacilityKind, Group, Measure, Pool, ServedGroup
from dableiben.catalogue.select import LIMITS, ChosenNorm, choose_norm
from dableiben.core.levels import LEVELS, id_column
from dableiben.gaps.capacity import Shortfall, judge_capacity
from dableiben.gaps.claims import CapacityRule
from dableiben.gaps.distance import judge_distance
from dableiben.gaps.offer import Offer, find_offer
from dableiben.gaps.provision import Provision, judge_areas
from dableiben.gaps.quality import judge_quality
from dableiben.gaps.rows import METRES_PER_MIN, Limit, Limits, Row, household_parts, undivided
from dableiben.gaps.settings import Settings
from dableiben.gaps.status import GAP
from dableiben.gaps.time.times import Times
from dableiben.gaps.ways import Ways, ways_for
from dableiben.need.groups import group_persons, group_shares, need_persons
from dableiben.need.people import Residents
from dableiben.region.region import Region

if TYPE_CHECKING:
    from dableiben.gaps.time.room import Crowded
    from dableiben.gaps.time.rows import TimeRow

Floats = NDArray[np.float64]
Service = FacilityKind | Pool


@dataclass(frozen=True)
class Frame:
    """What all services of a run share."""

    region: Region
    catalogue: Catalogue
    settings: Settings
    residents: Residents
    facilities: pd.DataFrame
    """region.facilities with id columns of all levels"""
    ways: Ways | None
    times: Times | None = None
    """calendars and hours; None where time is not asked for"""

    @property
    def units(self) -> pd.DataFrame:
        """Places: cells, or areas where only areas are known."""
        return self.residents.units

    def norm(
        self,
        service: str,
        measure: Measure | tuple[Measure, ...],
        group: str | None = None,
        households: str | None = None,
    ) -> ChosenNorm | None:
        """The norm of a measure in force for a service (and group, and households), None if there is none."""
        region = self.region
        return choose_norm(
            self.catalogue, service, measure, region.as_of, region.norm_keys, region.config.norms.adopt,
            group=group, households=households,
        )  # fmt: skip


@dataclass
class Judged:
    """A service with everything that was found out about it."""

    service: str
    card: Service
    offer: Offer
    rows: list[Row]
    place_norm: ChosenNorm | None
    shortfalls: list[Shortfall] = field(default_factory=list)
    provisions: list[Provision] = field(default_factory=list)
    group_need: dict[str, Floats] = field(default_factory=dict)
    """group id -> persons in need by unit"""
    measured: Offer | None = None
    """the offer by the lengths of the ways, where a limit is in metres"""
    time_rows: list[TimeRow] = field(default_factory=list)
    crowded: list[Crowded] = field(default_factory=list)
    """areas that lack room in some slots"""

    def offer_for(self, limit: Limit | None) -> Offer:
        """The offer by the ways that a limit is held against."""
        return self.measured if limit is not None and limit.metres is not None and self.measured else self.offer


def with_levels(facilities: pd.DataFrame, region: Region) -> pd.DataFrame:
    """Facilities with an id column per level (facilities outside the region have none)."""
    table = facilities.reset_index(drop=True).copy()
    spots = [
        region.upper_of(str(locality or municipality)) if (locality or municipality) else {}
        for municipality, locality in zip(
            table["municipality_id"].astype(object).where(table["municipality_id"].notna(), None),
            table["locality_id"].astype(object).where(table["locality_id"].notna(), None),
            strict=True,
        )
    ]
    for level in LEVELS:
        table[id_column(level)] = pd.Series([spot.get(id_column(level)) for spot in spots], dtype=object)
    return table


def judge_service(frame: Frame, service: str, card: Service) -> Judged:
    """Judge one service in every dimension asked for."""
    members = frame.catalogue.members(service)
    place_norm = frame.norm(service, "place_for_each_need")
    judged = Judged(service, card, _offer(frame, card, members, frame.ways), [], place_norm)
    for served in card.groups:
        judged.rows += _rows(frame, service, served, judged.group_need)
    by_length = [row.limit for row in judged.rows if row.limit is not None and row.limit.metres is not None]
    if frame.ways is not None and by_length:
        judged.measured = _offer(frame, card, members, frame.ways.measured())
    for row in judged.rows:
        # Content rests on the way: places and attributes are asked of those who get there.
        offer, ways = judged.offer_for(row.limit), ways_for(row.limit, frame.ways)
        judge_distance(row, offer, ways, use=card.use)
        if "content" in frame.settings.dimensions:
            judge_quality(row, offer, frame.facilities, ways, use=card.use)
    if "content" in frame.settings.dimensions:
        _judge_content(frame, judged, members)
    if "space" not in frame.settings.dimensions:
        for row in judged.rows:
            row.distance, row.reason = None, np.full(len(row.best), None, dtype=object)
    return judged


def _offer(frame: Frame, card: Service, members: tuple[str, ...], ways: Ways | None) -> Offer:
    return find_offer(
        members, frame.facilities, frame.units, frame.region.recorded, ways, use=card.use, level=card.capacity_level
    )


def _judge_content(frame: Frame, judged: Judged, members: tuple[str, ...]) -> None:
    card = judged.card
    assessment = frame.catalogue.assessment
    # A norm that names groups gives a place to these only.
    entitled = [row for row in judged.rows if frame.norm(judged.service, "place_for_each_need", row.group.id)]
    if judged.place_norm is not None and card.capacity_unit is not None:
        judged.shortfalls = judge_capacity(
            entitled,
            judged.offer,
            frame.facilities,
            frame.units,
            frame.ways,
            CapacityRule(
                card.use, card.capacity_level, assessment.smallest_shortfall[card.capacity_unit],
                assessment.tight_share, judged.place_norm.number,
            ),
        )  # fmt: skip
    by_area: tuple[Measure, ...] = ("persons_per_unit", "units_per_1000", "facilities_min")
    for measure in by_area:
        norm = frame.norm(judged.service, measure)
        if norm is not None:
            judged.provisions += _provisions(frame, judged, members, norm)


def _provisions(frame: Frame, judged: Judged, members: tuple[str, ...], norm: ChosenNorm) -> list[Provision]:
    card = judged.card
    group = frame.catalogue.groups[norm.norm.per_group or card.groups[0].group]
    persons = group_persons(frame.residents, group, shares_of(frame, group))
    served = {served.group: frame.catalogue.groups[served.group] for served in card.groups}
    concerned = np.sum([group_persons(frame.residents, g, shares_of(frame, g)) for g in served.values()], axis=0)
    floor = frame.norm(judged.service, "provision_share_min")
    unit = "facility" if norm.norm.measure == "facilities_min" else (card.capacity_unit or "facility")
    offers = frame.facilities[frame.facilities["kind"].isin(members)]
    return judge_areas(
        norm,
        norm.number,
        persons,
        np.where(np.isnan(concerned), persons, concerned),
        frame.units,
        offers,
        unit=unit,
        smallest=frame.catalogue.assessment.smallest_shortfall[unit],
        floor_share=floor.number if floor is not None else None,
        recorded=judged.offer.recorded,
        incomplete=frame.region.incomplete,
    )


def _rows(frame: Frame, service: str, served: ServedGroup, group_need: dict[str, Floats]) -> list[Row]:
    group = frame.catalogue.groups[served.group]
    rate = frame.norm(service, "uptake_rate", group.id)
    persons = need_persons(
        frame.residents, group, shares_of(frame, group), rate.value.value if rate is not None else None
    )
    group_need[group.id] = persons
    limits = limits_for(frame, service, group.id)
    parts = household_parts(group, limits, frame.settings.modes, frame.region.config.carless)
    if frame.catalogue.services()[service].use == "service_area":
        parts = [undivided(limits, frame.settings.modes)]  # it comes to the house, with or without a car
    return [
        Row(
            service, group, part.suffix, served.needs, part.modes, persons * part.low, persons * part.best,
            persons * part.high, part.limit, part.share_known, part.beyond,
        )
        for part in parts
    ]  # fmt: skip


def shares_of(frame: Frame, group: Group) -> Floats:
    """Share of each sex and age year that belongs to a group on the day of the check."""
    return group_shares(group, frame.region.kita_day, frame.catalogue.entry_rule(frame.region.land))


def limits_for(frame: Frame, service: str, group: str) -> Limits:
    """The limits of the way in force, by time or by length: of all households, and of those without a car."""
    return Limits(*(_limit(frame.norm(service, LIMITS, group, who)) for who in ("all", "without_car")))


def _limit(chosen: ChosenNorm | None) -> Limit | None:
    if chosen is None:
        return None
    if chosen.norm.measure == "travel_time_max":
        return Limit(chosen, dict.fromkeys(chosen.norm.modes, chosen.number))
    return Limit(chosen, dict.fromkeys(chosen.norm.modes, chosen.number / METRES_PER_MIN), chosen.number)


def in_distance_gap(row: Row) -> NDArray[np.bool_]:
    """Units of the row that lie in a gap of the way."""
    if row.distance is None:
        return np.zeros(len(row.best), bool)
    return np.asarray(row.distance == GAP)
