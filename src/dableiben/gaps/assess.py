# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The whole check as one function of a Region, a Catalogue and Settings: no files, no web, no colour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pandas as pd

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.select import ChosenNorm
from dableiben.core.errors import InputError
from dableiben.core.run import Check
from dableiben.gaps.basis import age_table, weight_table
from dableiben.gaps.found import FoundGap, find_gaps
from dableiben.gaps.indicators import indicator_table
from dableiben.gaps.left_out import street_check
from dableiben.gaps.output import (
    balance_table,
    cell_table,
    facility_table,
    gap_table,
    need_table,
)
from dableiben.gaps.rows import Limit
from dableiben.gaps.service import Frame, Judged, Service, judge_service, limits_for, with_levels
from dableiben.gaps.settings import Settings
from dableiben.gaps.time.bus_times import bus_times_table
from dableiben.gaps.time.found import find_time_gaps, with_hours
from dableiben.gaps.time.judge import judge_time
from dableiben.gaps.time.output import cell_slots_table
from dableiben.gaps.time.rows import time_rows
from dableiben.gaps.time.times import Times
from dableiben.gaps.unknowns import unknown_table
from dableiben.gaps.ways import StreetWays, Ways
from dableiben.need.people import Residents, residents
from dableiben.need.presence import presence_table
from dableiben.region.change import ReviewGap
from dableiben.region.region import Region


@dataclass(frozen=True)
class Assessment:
    """What an assessment found: result tables by name, and what run.json says about it."""

    tables: dict[str, pd.DataFrame]
    norms_used: tuple[ChosenNorm, ...]
    residents: Residents
    services: tuple[str, ...]
    checks: tuple[Check, ...] = ()
    """what was noticed about the data while assessing"""


def street_ways(frame: Frame, chosen: Mapping[str, Service]) -> Ways | None:
    """Street ways, searched up to the largest limit in use; None without streets or without cells.

    Lengths are searched as far as the mode gets in the same time on residential streets.
    """
    region, settings = frame.region, frame.settings
    if region.network is None or frame.units["x_m"].isna().all():
        return None
    search = longest = frame.catalogue.assessment.search_minutes
    cards = {mode: frame.catalogue.modes[mode] for mode in settings.modes}
    metres: dict[str, float] = {}
    for limit in _limits_in_use(frame, chosen):
        if limit.metres is None:
            longest = max([longest, *limit.minutes.values()])
            continue
        for mode in sorted(set(limit.minutes) & set(cards)):
            far = search * cards[mode].speeds_kmh["residential"] * 1000 / 60
            metres[mode] = max(metres.get(mode, far), limit.metres)
    return StreetWays.build(
        region.network, cards, frame.units, frame.facilities, longest, metres=metres, workers=settings.workers
    )


def _limits_in_use(frame: Frame, chosen: Mapping[str, Service]) -> Iterator[Limit]:
    for service, card in chosen.items():
        for served in card.groups:
            limits = limits_for(frame, service, served.group)
            yield from (limit for limit in (limits.everybody, limits.without_car) if limit is not None)


WaysOf = Callable[[Frame, Mapping[str, Service]], Ways | None]


def assess(
    region: Region,
    catalogue: Catalogue,
    settings: Settings,
    reviews: Mapping[str, ReviewGap] | None = None,
    *,
    ways_of: WaysOf = street_ways,
) -> Assessment:
    """Compare need with supply through access for every service asked for, and name the gaps.

    Equal inputs give equal tables, whatever the number of workers. `reviews` are the decisions by gap id;
    `ways_of` makes the ways (of a frame without ways) and is only changed to ask another router.
    Errors: InputError if a kind is asked for that no card describes.
    """
    chosen = _chosen(catalogue, settings)
    people = residents(region)
    facilities = with_levels(region.facilities, region)
    bare = Frame(region, catalogue, settings, people, facilities, None)
    frame = replace(bare, ways=ways_of(bare, chosen), times=_times(bare))
    with ThreadPoolExecutor(max_workers=settings.workers) as pool:
        judged = list(pool.map(lambda item: judge_service(frame, *item), chosen.items()))
        if frame.times is not None:
            list(pool.map(lambda one: _judge_hours(frame, one), judged))
    gaps: list[FoundGap] = [gap for one in judged for gap in _found(frame, one)]
    tables = {
        "gaps": gap_table(frame, gaps, reviews or {}),
        "unknowns": unknown_table(frame, judged),
        "need": need_table(frame, judged),
        "balance": balance_table(frame, judged),
        "indicators": indicator_table(frame, judged),
        "cells": cell_table(frame, judged),
        "cell_slots": cell_slots_table(frame, judged),
        "bus_times": bus_times_table(frame, judged),
        "facilities": facility_table(frame, judged),
        "ages": age_table(frame),
        "age_weights": weight_table(frame, judged),
        "presence": presence_table(region, people, region.calendar, catalogue.presence),
    }
    noticed = street_check(frame)
    return Assessment(
        tables, _norms_used(frame, judged), people, tuple(chosen), (noticed,) if noticed is not None else ()
    )  # fmt: skip


def _times(frame: Frame) -> Times | None:
    if "time" not in frame.settings.dimensions:
        return None
    return Times.of(frame.region, frame.settings.day, frame.settings.season)


def _judge_hours(frame: Frame, one: Judged) -> None:
    one.time_rows = time_rows(frame, one)
    judge_time(frame, one, one.time_rows)


def _found(frame: Frame, one: Judged) -> list[FoundGap]:
    """Gaps of a service in all dimensions; those of the way with the hours in which rides close them."""
    gaps = [
        with_hours(gap, one.time_rows) if gap.dimension == "space" else gap for gap in find_gaps(frame, one)
    ]
    return gaps + find_time_gaps(frame, one, one.time_rows)


def _chosen(catalogue: Catalogue, settings: Settings) -> dict[str, Service]:
    services = catalogue.services()
    wanted: dict[str, Service] = {}
    for kind in settings.kinds or services:
        pool = catalogue.kinds[kind].pool if kind in catalogue.kinds else None
        service = pool or kind
        if service not in services:
            raise InputError(
                "kind-unknown",
                f"„{kind}“ ist keine Einrichtungsart des Katalogs.",
                f"Eine von diesen angeben: {', '.join(services)}.",
            )
        wanted[service] = services[service]
    return dict(sorted(wanted.items()))


def _norms_used(frame: Frame, judged: list[Judged]) -> tuple[ChosenNorm, ...]:
    """Norms in force for the judged services, each once, by id."""
    used: dict[str, ChosenNorm] = {}
    for one in judged:
        candidates = [one.place_norm, *(row.limit.norm for row in one.rows if row.limit is not None)]
        candidates += [provision.norm for provision in one.provisions]
        candidates += [frame.norm(one.service, "uptake_rate", row.group.id) for row in one.rows]
        candidates += [row.norm for row in one.time_rows]
        if one.provisions:
            candidates.append(frame.norm(one.service, "provision_share_min"))
        used |= {norm.norm.id: norm for norm in candidates if norm is not None}
    return tuple(used[key] for key in sorted(used))
