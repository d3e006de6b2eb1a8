# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Result tables by contract: gaps, need, balance, cells, facilities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from dableiben.catalogue.explain import GapFacts, explain_gaps
from dableiben.core.ids import short_id
from dableiben.core.results import BALANCE, CELLS, FACILITIES, GAPS, NEED
from dableiben.core.week import in_words, to_bytes
from dableiben.gaps.balance import balance_rows
from dableiben.gaps.distance import status_of_service_area, status_of_way
from dableiben.gaps.found import FoundGap
from dableiben.gaps.rank import confidence_of, rank_order
from dableiben.gaps.rows import Limit, Row
from dableiben.gaps.service import Frame, Judged
from dableiben.gaps.status import GAP, NOT_APPLICABLE, NOT_RATED, UNKNOWN, together
from dableiben.gaps.time.output import NeedPart, need_parts
from dableiben.gaps.ways import ways_for
from dableiben.region.change import ReviewGap

BASELINE = "baseline"
ACTUAL = "actual"


def gap_table(frame: Frame, gaps: list[FoundGap], reviews: Mapping[str, ReviewGap]) -> pd.DataFrame:
    """GAPS, ranked inside tiers by persons x severity with the weights of the assessment card."""
    order = rank_order(gaps, frame.catalogue.assessment)
    rows = []
    for rank, position in enumerate(order, start=1):
        gap = gaps[position]
        gap_id = short_id(gap.judged.service, gap.group, gap.dimension, gap.area_id, *_part_of_year(gap))
        review = reviews.get(gap_id)
        rows.append(
            {
                "gap_id": gap_id,
                "rank": rank,
                "review_status": review.status if review else "open",
                "review_note": review.reason or None if review else None,
                **_gap_facts(frame, gap),
            }
        )
    return GAPS.frame(rows)


def _part_of_year(gap: FoundGap) -> tuple[str, ...]:
    """What tells gaps in time of one group and area apart; nothing for the other dimensions."""
    if gap.dimension != "time" or gap.time is None:
        return ()
    season = gap.time.season.id if gap.time.season is not None else ""
    return gap.cause, gap.time.window, season, gap.time.segment


def _hours(gap: FoundGap) -> dict[str, object]:
    """Person-hours a week, and slots; those of a gap of the way are when rides close it, and told in words only."""
    if gap.time is None:
        return {}
    ends = ("low", "best", "high")
    by_end = zip(ends, gap.time.person_hours, strict=True)
    hours: dict[str, object] = {f"person_hours_week_{end}": value for end, value in by_end}
    if gap.dimension != "time":
        return hours
    return {
        **hours,
        "day_type": gap.time.day_type,
        "season": gap.time.season.id if gap.time.season is not None else None,
        "slots": to_bytes(gap.time.slots),
        "slots_text": in_words(gap.time.slots),
    }


def _gap_facts(frame: Frame, gap: FoundGap) -> dict[str, object]:
    card = gap.judged.card
    answers = card.responsibility_by_land.get(frame.region.land, card.responsibility)
    cells = [c for c in frame.units["cell_id"].to_numpy(object)[gap.units] if isinstance(c, str)]
    name = frame.region.name_of(gap.area_id)
    facts = [_facts(one, name) for one in (gap, *gap.further)]
    return {
        "kind": gap.judged.service,
        "group": gap.group,
        "mode": gap.mode,
        "area_id": gap.area_id,
        "area_name": name,
        "cell_ids": sorted(set(cells)),
        "year": frame.region.year,
        "variant": ACTUAL,
        "scenario_id": BASELINE,
        "dimension": gap.dimension,
        "cause": gap.cause,
        **dict(zip(("persons_low", "persons_best", "persons_high"), gap.persons, strict=True)),
        "norm_id": gap.norm.norm.id,
        "binding": gap.norm.norm.binding,
        "target": gap.target,
        "actual": gap.actual,
        "unit": gap.unit,
        "tier": gap.norm.norm.tier,
        "severity": gap.severity,
        "confidence": confidence_of(frame, gap),
        "data_as_of": _data_as_of(frame, gap),
        "responsible_body": answers.body.de,
        "influence": answers.influence,
        "duty": answers.duty,
        "departments": [department.de for department in answers.departments],
        "integration_obstacle": card.integration_relevant,
        "explanation_de": explain_gaps(frame.catalogue, facts, "de"),
        "explanation_en": explain_gaps(frame.catalogue, facts, "en"),
        **_hours(gap),
    }


def _facts(gap: FoundGap, name: str) -> GapFacts:
    """What the sentences of a gap say."""
    missing = None
    if gap.cause in ("absent", "capacity") and gap.target is not None:
        missing = gap.target - (gap.actual or 0.0)
    low, best, high = gap.persons
    return GapFacts(
        service=gap.judged.service,
        group=gap.group,
        cause=gap.cause,  # type: ignore[arg-type]
        area=name,
        persons=best,
        low=low,
        high=high,
        norm=gap.norm,
        target=gap.target,
        actual=gap.actual,
        missing=missing,
        unit=gap.unit,
        mode=gap.mode,  # type: ignore[arg-type]
        attribute=gap.attribute,  # type: ignore[arg-type]
        carless_known=gap.share_known,
        slots=gap.time.slots if gap.time is not None else None,
        person_hours=gap.time.person_hours[1] if gap.time is not None else None,
        window=gap.time.window if gap.time is not None else None,
        season=gap.time.season if gap.time is not None else None,
        weeks_closed=gap.time.weeks_closed if gap.time is not None else None,
    )


def _data_as_of(frame: Frame, gap: FoundGap) -> date | None:
    """Oldest date of the population and of the facilities of the service; None where one of them has no date."""
    kinds = frame.catalogue.members(gap.judged.service)
    dates = frame.facilities.loc[frame.facilities["kind"].isin(kinds), "as_of"]
    if dates.isna().any():
        return None
    oldest: date = min([frame.region.as_of, *dates])
    return oldest


def need_table(frame: Frame, judged: list[Judged]) -> pd.DataFrame:
    """NEED: one row per place inside the region, group with household, service."""
    inside = np.flatnonzero(frame.units["inside"].to_numpy(bool))
    parts = [
        _need_part(frame, one, row, part, inside)
        for one in judged
        for row in one.rows
        for part in need_parts(frame, one, row)
    ]
    if not parts:
        return NEED.frame()
    return pd.concat(parts, ignore_index=True)[NEED.names]


def _need_part(frame: Frame, one: Judged, row: Row, part: NeedPart, inside: np.ndarray) -> pd.DataFrame:
    size = len(row.best)
    content = _content_status(one, row, size) if "content" in frame.settings.dimensions else None
    content, distance, in_time = (_unless_nobody(row, status) for status in (content, row.distance, part.time))
    status = together([distance, content, in_time], np.where(np.isnan(part.high), 1.0, part.high))
    reason = row.reason.copy()
    reason[np.isnan(row.best) & (status == UNKNOWN) & pd.isna(reason)] = row.unknown_persons
    places = row.reachable_places if len(row.reachable_places) else np.full(size, np.nan)
    units = frame.units
    return pd.DataFrame(
        {
            "cell_id": units["cell_id"].to_numpy(object)[inside],
            "area_id": units["area_id"].to_numpy(object)[inside],
            "group": part.name,
            "kind": row.service,
            "mode": pd.Series([row.mode] * len(inside), dtype=object),
            "year": frame.region.year,
            "need_persons_low": part.low[inside],
            "need_persons_best": part.best[inside],
            "need_persons_high": part.high[inside],
            "reachable_places": places[inside],
            "status_distance": _words(distance, inside),
            "status_capacity": _words(content, inside),
            "status_time": _words(in_time, inside),
            "status": status[inside],
            "reason": reason[inside],
        }
    )


def _unless_nobody(row: Row, status: np.ndarray | None) -> np.ndarray | None:
    """A gap of people of whom nobody knows how many there are is unknown: it may concern nobody."""
    if status is None:
        return None
    return np.asarray(np.where(np.isnan(row.best) & (status == GAP), UNKNOWN, status), dtype=object)


def _words(status: np.ndarray | None, inside: np.ndarray) -> pd.Series:
    values = [None] * len(inside) if status is None else list(status[inside])
    return pd.Series(values, dtype=object)


def _content_status(one: Judged, row: Row, size: int) -> np.ndarray | None:
    """Dimension content together: places by assignment, norms by area, quality."""
    layers = [row.capacity, row.quality]
    for provision in one.provisions:
        layer = np.full(size, None, dtype=object)
        layer[provision.units] = provision.status
        layers.append(layer)
    present = [layer for layer in layers if layer is not None]
    if not present:
        return np.full(size, NOT_RATED, dtype=object)
    return together(list(present), np.where(np.isnan(row.high), 1.0, row.high))


def cell_table(frame: Frame, judged: list[Judged]) -> pd.DataFrame:
    """CELLS: way to the nearest facility per cell, service and mode, also for kinds without a norm."""
    if frame.ways is None:
        return CELLS.frame()
    units = frame.units
    mine = np.flatnonzero(units["inside"].to_numpy(bool) & units["cell_id"].notna().to_numpy())
    ids = frame.facilities["facility_id"].to_numpy(object)
    parts = []
    for one in judged:
        nobody = _nobody(frame, one)
        for mode, nearest in sorted(one.offer.nearest.items()):
            minutes, site = nearest.minutes[mine], nearest.facility[mine]
            parts.append(
                pd.DataFrame(
                    {
                        "cell_id": units["cell_id"].to_numpy(object)[mine],
                        "x_m": units["x_m"].to_numpy(float)[mine],
                        "y_m": units["y_m"].to_numpy(float)[mine],
                        "area_id": units["area_id"].to_numpy(object)[mine],
                        "kind": one.service,
                        "mode": mode,
                        "travel_time_min": minutes,
                        "nearest_facility_id": [ids[s] if s >= 0 else None for s in site],
                        "status_distance": _one_mode(frame, one, mode, mine, nobody),
                    }
                )
            )
    return pd.concat(parts, ignore_index=True) if parts else CELLS.frame()


def _nobody(frame: Frame, one: Judged) -> np.ndarray:
    """Units of areas in which nobody has a need for a service.

    By whole areas, because single cells would tell where somebody lives.
    """
    high = np.array([row.high for row in one.rows]).reshape(len(one.rows), len(frame.units))
    areas = frame.units["area_id"].astype(str)
    needed = set(areas[(np.isnan(high) | (high > 0)).any(axis=0)])
    return np.asarray(~areas.isin(needed)) if len(one.rows) else np.zeros(len(frame.units), bool)


def _one_mode(frame: Frame, one: Judged, mode: str, mine: np.ndarray, nobody: np.ndarray) -> np.ndarray:
    """Status of one mode alone against its limit, the worst where the groups have several; where nobody has the need,
    too far is nobody's gap."""
    limits = {}
    for row in one.rows:
        if row.limit is not None and mode in row.limit.minutes:
            limits[row.limit.metres is None, row.limit.minutes[mode]] = row.limit
    if not limits or "space" not in frame.settings.dimensions:
        return np.full(len(mine), NOT_RATED, dtype=object)
    status = together([_against(frame, one, mode, limits[key], mine) for key in sorted(limits)], np.ones(len(mine)))
    status[(status == GAP) & nobody[mine]] = NOT_APPLICABLE
    return status


def _against(frame: Frame, one: Judged, mode: str, limit: Limit, mine: np.ndarray) -> np.ndarray:
    """Status of one mode alone against one limit."""
    offer, size = one.offer_for(limit), len(frame.units)
    if one.card.use == "service_area":
        status, _ = status_of_service_area(offer, size, judged=True)
    else:
        status, _ = status_of_way(offer, ways_for(limit, frame.ways), {mode: limit.minutes[mode]}, size)
    return np.asarray(status[mine], dtype=object)


def facility_table(frame: Frame, judged: list[Judged]) -> pd.DataFrame:
    """FACILITIES: every facility that was counted, also outside the region."""
    kinds = {kind for one in judged for kind in frame.catalogue.members(one.service)}
    table = frame.facilities[frame.facilities["kind"].isin(kinds)]
    return table[FACILITIES.names].reset_index(drop=True)


def balance_table(frame: Frame, judged: list[Judged]) -> pd.DataFrame:
    """BALANCE: Bestand - Bedarf - Saldo per area, service, group and Kita year."""
    rows = [row for one in judged for row in balance_rows(frame, one)]
    return BALANCE.frame(rows)
