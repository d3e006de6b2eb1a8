# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Several feeds as one timetable: stops that are the same, versions of one feed, the days all of them speak of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from dableiben.core.calendar import DAY_TYPES, Calendar, DayType
from dableiben.core.timetable import OnDemandZone, Timetable

Whole = NDArray[np.int64]
SAME_STOP_M = 100.0
"""stops of two feeds with one id this near to each other are one stop, else two with ids that happen to be equal"""
VERSION_SHARE = 0.5
"""two feeds that each name more than this share of the other's stops are versions of one feed"""


def merge_timetables(feeds: Sequence[Timetable]) -> Timetable | None:
    """One timetable of all feeds; None without any. The order of the feeds matters for nothing but prefixes of ids.

    Of versions of one feed the one that begins later holds on the days it covers. Between different feeds only days
    that all of them cover are covered: on others some buses are not known, which is not "no bus".
    """
    if not feeds:
        return None
    wholes = [_versions(family) for family in _families(feeds)]
    first = max(feed.first_day for feed in wholes)
    last = min(feed.last_day for feed in wholes)
    return _joined(wholes, first, max(0, (last - first).days + 1), one_feed=False)


def _families(feeds: Sequence[Timetable]) -> list[list[Timetable]]:
    """Feeds by what they are versions of."""
    families: list[list[Timetable]] = []
    for feed in feeds:
        family = next((f for f in families if any(_is_version(feed, other) for other in f)), None)
        if family is None:
            families.append([feed])
        else:
            family.append(feed)
    return families


def _is_version(one: Timetable, other: Timetable) -> bool:
    shared = len(set(one.stop_id) & set(other.stop_id))
    return shared > VERSION_SHARE * max(len(one.stop_id), len(other.stop_id))


def _versions(family: list[Timetable]) -> Timetable:
    """Versions of one feed; an older one is silent on days of a newer one."""
    if len(family) == 1:
        return family[0]
    ordered = sorted(family, key=lambda feed: (feed.first_day, feed.last_day))
    first, last = ordered[0].first_day, max(feed.last_day for feed in ordered)
    silent = []
    for place, feed in enumerate(ordered):
        runs = feed.runs.copy()
        for newer in ordered[place + 1 :]:
            start, end = (newer.first_day - feed.first_day).days, (newer.last_day - feed.first_day).days
            runs[:, max(0, start) : max(0, end + 1)] = False
        silent.append(replace(feed, runs=runs))
    return _joined(silent[::-1], first, (last - first).days + 1, one_feed=True)


def _joined(feeds: list[Timetable], first_day: date, days: int, *, one_feed: bool) -> Timetable:
    """Feeds side by side on the given days; ids that collide get the number of their feed before them."""
    if len(feeds) == 1 and feeds[0].first_day == first_day and feeds[0].runs.shape[1] == days:
        return feeds[0]
    whole = feeds[0]
    whole = replace(whole, runs=_window(whole, first_day, days), first_day=first_day)
    for number, feed in enumerate(feeds[1:], start=2):
        runs = _window(feed, first_day, days)
        whole = _with(whole, replace(feed, runs=runs, first_day=first_day), number, one_feed=one_feed)
    return replace(whole, counts=_counts(whole, feeds))


def _window(feed: Timetable, first_day: date, days: int) -> NDArray[np.bool_]:
    runs = np.zeros((len(feed.service_id), days), np.bool_)
    at = (feed.first_day - first_day).days
    start, end = max(0, at), min(days, at + feed.runs.shape[1])
    if end > start:
        runs[:, start:end] = feed.runs[:, start - at : end - at]
    return runs


def _with(whole: Timetable, feed: Timetable, number: int, *, one_feed: bool) -> Timetable:
    """One timetable with another one behind it; both of the same days."""
    place, fresh = _stop_places(whole, feed, one_feed=one_feed)
    routes, services = len(whole.route_id), len(whole.service_id)
    blocks = int(whole.trip_block.max(initial=-1)) + 1
    pairs = set(zip(whole.transfer_from.tolist(), whole.transfer_to.tolist(), strict=True))
    ends = np.stack([place[feed.transfer_from], place[feed.transfer_to]], axis=1)
    more = np.array([tuple(pair) not in pairs for pair in ends.tolist()], np.bool_)
    return replace(
        whole,
        stop_id=whole.stop_id + _free([feed.stop_id[i] for i in fresh], whole.stop_id, number),
        stop_name=whole.stop_name + tuple(feed.stop_name[i] for i in fresh),
        stop_x_m=np.concatenate([whole.stop_x_m, feed.stop_x_m[fresh]]),
        stop_y_m=np.concatenate([whole.stop_y_m, feed.stop_y_m[fresh]]),
        stop_station=np.concatenate([whole.stop_station, _stations(whole, feed, place, fresh)]),
        route_id=whole.route_id + _free(feed.route_id, whole.route_id, number),
        route_name=whole.route_name + feed.route_name,
        route_type=np.concatenate([whole.route_type, feed.route_type]),
        trip_id=whole.trip_id + _free(feed.trip_id, whole.trip_id, number),
        trip_route=np.concatenate([whole.trip_route, feed.trip_route + np.int32(routes)]),
        trip_service=np.concatenate([whole.trip_service, feed.trip_service + np.int32(services)]),
        trip_block=np.concatenate(
            [whole.trip_block, np.where(feed.trip_block < 0, -1, feed.trip_block + blocks).astype(np.int32)]
        ),
        trip_on_demand=np.concatenate([whole.trip_on_demand, feed.trip_on_demand]),
        trip_start=np.concatenate([whole.trip_start, feed.trip_start[1:] + whole.trip_start[-1]]),
        call_stop=np.concatenate([whole.call_stop, place[feed.call_stop].astype(np.int32)]),
        call_arrival_s=np.concatenate([whole.call_arrival_s, feed.call_arrival_s]),
        call_departure_s=np.concatenate([whole.call_departure_s, feed.call_departure_s]),
        call_boards=np.concatenate([whole.call_boards, feed.call_boards]),
        call_alights=np.concatenate([whole.call_alights, feed.call_alights]),
        service_id=whole.service_id + _free(feed.service_id, whole.service_id, number),
        runs=np.concatenate([whole.runs, feed.runs]),
        transfer_from=np.concatenate([whole.transfer_from, ends[more, 0].astype(np.int32)]),
        transfer_to=np.concatenate([whole.transfer_to, ends[more, 1].astype(np.int32)]),
        transfer_s=np.concatenate([whole.transfer_s, feed.transfer_s[more]]),
        zones=whole.zones + tuple(_moved(zone, services) for zone in feed.zones),
    )


def _stop_places(whole: Timetable, feed: Timetable, *, one_feed: bool) -> tuple[Whole, Whole]:
    """For each stop of a feed its number in the whole, and which of them come new."""
    known = {stop_id: number for number, stop_id in enumerate(whole.stop_id)}
    place = np.full(len(feed.stop_id), -1, np.int64)
    for number, stop_id in enumerate(feed.stop_id):
        there = known.get(stop_id)
        if there is None:
            continue
        apart = np.hypot(
            whole.stop_x_m[there] - feed.stop_x_m[number], whole.stop_y_m[there] - feed.stop_y_m[number]
        )
        if one_feed or apart <= SAME_STOP_M:
            place[number] = there
    fresh = np.flatnonzero(place < 0).astype(np.int64)
    place[fresh] = len(whole.stop_id) + np.arange(len(fresh))
    return place, fresh


def _stations(whole: Timetable, feed: Timetable, place: Whole, fresh: Whole) -> NDArray[np.int32]:
    """Stations of the new stops: that of a stop both feeds have, else a new number."""
    old = np.setdiff1d(np.arange(len(place)), fresh)
    same = dict(zip(feed.stop_station[old].tolist(), whole.stop_station[place[old]].tolist(), strict=True))
    after = int(whole.stop_station.max(initial=-1)) + 1
    return np.array([same.get(s, after + s) for s in feed.stop_station[fresh].tolist()], np.int32)


def _free(ids: Sequence[str], taken: Sequence[str], number: int) -> tuple[str, ...]:
    known = set(taken)
    return tuple(f"{number}:{i}" if i in known else i for i in ids)


def _moved(zone: OnDemandZone, services: int) -> OnDemandZone:
    return replace(zone, windows=tuple((service + services, start, end) for service, start, end in zone.windows))


def _counts(whole: Timetable, feeds: Sequence[Timetable]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for feed in feeds:
        total.update(feed.counts)
    held = {
        "stops": len(whole.stop_id), "routes": len(whole.route_id), "trips": len(whole.trip_id),
        "calls": len(whole.call_stop), "services": len(whole.service_id), "days": whole.runs.shape[1],
        "stops_without_place": int(np.isnan(whole.stop_x_m).sum()),
    }  # fmt: skip
    return dict(sorted((dict(total) | held).items()))


def window_in_words(timetable: Timetable) -> str:
    """The days a timetable covers: "vom 21.12.2021 bis 11.06.2022"."""
    if not timetable.runs.shape[1]:
        return "an keinem Tag (mehrere Fahrpläne ohne gemeinsamen Tag)"
    return f"vom {timetable.first_day:%d.%m.%Y} bis {timetable.last_day:%d.%m.%Y}"


def days_not_covered(timetable: Timetable, days: Sequence[date]) -> list[date]:
    """Those of the asked days of which the timetable says nothing: what happens on them is unknown."""
    return [day for day in days if not timetable.covers(day)]


def typical_days(timetable: Timetable, calendar: Calendar, *, near: date | None = None) -> dict[DayType, date]:
    """For each type of day the covered day on which the timetable runs as it mostly does on such days.

    A bridge day or Christmas Eve is no typical school day or weekday. Of days that run alike the one nearest to `near`
    is taken (the first if None); a type without a covered day is left out.
    """
    days: dict[DayType, list[date]] = {}
    patterns: dict[date, bytes] = {}
    for number, column in enumerate(np.packbits(timetable.runs, axis=0).T):
        day = timetable.first_day + timedelta(days=number)
        days.setdefault(calendar.day_type(day), []).append(day)
        patterns[day] = column.tobytes()
    found: dict[DayType, date] = {}
    for day_type in DAY_TYPES:
        if day_type not in days:
            continue
        frequency = Counter(patterns[day] for day in days[day_type])
        most = max(frequency.values())
        alike = [day for day in days[day_type] if frequency[patterns[day]] == most]
        found[day_type] = min(alike, key=lambda day: (abs((day - (near or timetable.first_day)).days), day))
    return found
