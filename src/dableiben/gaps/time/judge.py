# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Slot by slot: is there an open offer within the limit, and if not, why?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from dableiben.access.outings import EVER, stays
from dableiben.catalogue.windows import NeedWindow
from dableiben.core.week import SLOT_MIN, SLOTS_A_WEEK, Mask
from dableiben.gaps.distance import unsure_of_way
from dableiben.gaps.offer import Offer
from dableiben.gaps.service import Frame, Judged
from dableiben.gaps.time.asked import Asked
from dableiben.gaps.time.rides import Rides
from dableiben.gaps.time.room import judge_room
from dableiben.gaps.time.rows import TimeRow, WeekStatus
from dableiben.gaps.time.weeks import Week

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def judge_time(frame: Frame, judged: Judged, rows: list[TimeRow]) -> None:
    """Fill the weeks of the rows of one service.

    Law: longer hours never add a gap, a dropped trip never removes one; what a missing entry might answer is unknown.
    """
    offer = judged.offer
    asked = [_asked(frame, offer, row, week, needed) for row in rows for week, needed in row.needed]
    statuses = [_by_street(frame, offer, one) for one in asked]
    for one, status in zip(asked, statuses, strict=True):
        one.row.weeks.append(status)
    rides = Rides.of(frame)
    for number, site in enumerate(offer.certain.tolist()):
        for one, status in zip(asked, statuses, strict=True):
            if one.row.rides and (one.fit[number] | one.may_fit[number]).any():
                _by_ride(frame, offer, rides, one, status, number, site)
    for one, status in zip(asked, statuses, strict=True):
        _causes(one, status)
    judged.crowded = judge_room(frame, judged, list(zip(asked, statuses, strict=True)))


def _asked(frame: Frame, offer: Offer, row: TimeRow, week: Week, needed: Mask) -> Asked:
    assert frame.times is not None
    openings = frame.times.openings(offer.certain, week, needed, row.window.closing_weeks)
    slots = np.flatnonzero(needed)
    fit = _fit(row.window, openings.is_open)[:, slots]
    may_fit = _fit(row.window, openings.is_open | openings.unknown)[:, slots] & ~fit
    return Asked(
        row, week, needed, slots, offer.certain, _street_pairs(frame, offer, row), openings, fit, may_fit
    )  # fmt: skip


def _street_pairs(frame: Frame, offer: Offer, row: TimeRow) -> csr_array:
    """Which units of the row reach which certain facilities within the limit by street."""
    shape = (len(row.units), len(offer.certain))
    units, sites = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    position = np.full(len(frame.units), -1)
    position[row.units] = np.arange(len(row.units))
    column = np.full(len(frame.facilities), -1)
    column[offer.certain] = np.arange(len(offer.certain))
    for mode in row.modes if frame.ways is not None else ():
        assert frame.ways is not None
        pairs = offer.rights.within(frame.ways, mode, offer.certain, row.limit_min)
        mine = position[pairs.unit] >= 0
        units.append(position[pairs.unit[mine]])
        sites.append(column[pairs.facility[mine]])
    keys = np.unique(np.concatenate(units) * max(1, shape[1]) + np.concatenate(sites))
    row_of, site_of = keys // max(1, shape[1]), keys % max(1, shape[1])
    return csr_array((np.ones(len(keys), np.float32), (row_of, site_of)), shape=shape)


def stay_slots(window: NeedWindow) -> tuple[int, int]:
    """Least and longest stay of a window in slots."""
    least = max(1, -(-int(window.stay_min) // SLOT_MIN)) if window.pattern == "visit" else 1
    longest = SLOTS_A_WEEK if window.longest_stay_min is None else int(window.longest_stay_min) // SLOT_MIN
    return least, longest


def _fit(window: NeedWindow, is_open: Bools) -> Bools:
    """Slots of stays at each facility for who can come and go at any time, shape (sites, 672)."""
    if window.pattern == "leave":  # who leaves as the slot begins was there before it
        return np.roll(is_open, 1, axis=1)
    if window.pattern != "visit":
        return is_open
    least, longest = stay_slots(window)
    found = [stays(mask, EVER, EVER, least, longest)[0] for mask in is_open]
    return np.array(found, bool).reshape(is_open.shape)


def _any_of(pairs: csr_array, mask: Bools) -> Bools:
    """Whether some facility that a unit reaches has a slot, shape (units, slots)."""
    return np.asarray((pairs @ mask.astype(np.float32)) > 0)


def _by_street(frame: Frame, offer: Offer, one: Asked) -> WeekStatus:
    """What the ways on the street give, and what is unknown about it."""
    served = _any_of(one.by_street, one.fit)
    perhaps = _any_of(one.by_street, one.may_fit) & ~served
    unsaid = np.flatnonzero(one.may_fit.any(axis=1) & (one.by_street.sum(axis=0) > 0))
    one.row.unsaid |= set(one.sites[unsaid].tolist())
    _note(one.row, "hours_missing", perhaps.any(axis=1))
    within = dict.fromkeys(one.row.modes, one.row.limit_min)
    for why, units in unsure_of_way(offer, frame.ways, within, len(frame.units)).items():
        mine = units[one.row.units]
        perhaps |= mine[:, None] & ~served
        _note(one.row, why, mine & ~served.all(axis=1))
    hours, timetable, capacity, by_ride = (np.zeros_like(served) for _ in range(4))
    closed = np.where(one.by_street.toarray() > 0, one.openings.weeks_closed[None], np.inf).min(axis=1, initial=np.inf)
    closed = np.where(np.isinf(closed), np.nan, closed)
    return WeekStatus(one.week, one.needed, served, perhaps, hours, timetable, capacity, by_ride, closed)


def _note(row: TimeRow, reason: str, units: Bools | np.bool) -> None:
    if units.any():
        row.missing[reason] = row.missing.get(reason, np.zeros(len(row.units), bool)) | units


def _by_ride(
    frame: Frame, offer: Offer, rides: Rides, one: Asked, status: WeekStatus, number: int, site: int
) -> None:
    """Slots at one facility that bus and volunteers add; `timetable` collects where only the ride is missing."""
    open_units = np.flatnonzero(~status.served.all(axis=1))
    allowed = offer.rights.allows(one.row.units[open_units], np.full(len(open_units), site))
    mine = open_units[allowed]
    if not len(mine):
        return
    trips = rides.to(site, one.row.units[mine], one.week, one.row.limit_min, pupils=one.row.window.school_buses)
    least, longest = stay_slots(one.row.window)
    masks = (one.openings.is_open[number], one.openings.is_open[number] | one.openings.unknown[number])
    sure, may = (_ridden(one.row.window, mask, trips.there, trips.back, least, longest) for mask in masks)
    sure, may = sure[:, one.slots], may[:, one.slots]
    fresh = sure & ~status.served[mine]
    status.by_ride[mine] |= fresh
    status.served[mine] |= sure
    unknown = may & ~sure | ((trips.unknown | trips.unsaid)[:, None] & (one.fit | one.may_fit)[number][None])
    status.unknown[mine] |= unknown
    if (may & ~sure).any():
        one.row.unsaid.add(site)
        _note_at(one.row, "hours_missing", mine, (may & ~sure & ~status.served[mine]).any(axis=1))
    _note_at(one.row, rides.why_unknown, mine, trips.unknown & ~status.served[mine].all(axis=1))
    _note_at(one.row, "ride_hours_missing", mine, trips.unsaid & ~status.served[mine].all(axis=1))
    # Somebody gets there and back at some time: where it is open and no ride fits, the ride is what is missing.
    comes = np.asarray(trips.there.any(axis=1) & trips.back.any(axis=1))
    status.timetable[mine] |= comes[:, None] & one.fit[number][None]


def _note_at(row: TimeRow, reason: str, mine: Ints, units: Bools | np.bool) -> None:
    mask = np.zeros(len(row.units), bool)
    mask[mine] = units
    _note(row, reason, mask)


def _ridden(window: NeedWindow, is_open: Mask, there: Bools, back: Bools, least: int, longest: int) -> Bools:
    """Slots served at a facility by rides, shape (units, 672)."""
    if window.pattern == "arrive":
        return np.asarray(there & is_open[None])
    if window.pattern == "leave":
        return np.asarray(back & np.roll(is_open, 1)[None])
    return stays(is_open, there, back, least, longest)


def _causes(one: Asked, status: WeekStatus) -> None:
    """Why each slot that is known not to be served is not: `hours` where a facility within reach is closed then,
    else `timetable` where one is open and no ride fits. Who may go by street only and reaches none has no cause here:
    that is a matter of the way."""
    status.unknown &= ~status.served
    lacking = ~status.served & ~status.unknown
    by_street = np.asarray(one.by_street.sum(axis=1) > 0, bool).reshape(-1, 1)
    comes = np.asarray(status.timetable.any(axis=1), bool)
    by_ride_only = np.asarray(~by_street if one.row.rides else np.zeros_like(by_street))
    anywhere = np.asarray(one.fit.any(axis=0), bool).reshape(1, -1)
    is_open = np.where(comes.reshape(-1, 1), status.timetable, anywhere)
    status.timetable = np.asarray(lacking & by_ride_only & is_open)
    status.hours = lacking & ~status.timetable & (by_ride_only | by_street)
