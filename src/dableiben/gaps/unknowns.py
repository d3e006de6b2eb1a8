# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What cannot be said, for whom, and which missing entry would answer it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dableiben.catalogue.explain import explain_unknown
from dableiben.catalogue.schema import Attribute
from dableiben.core.levels import id_column
from dableiben.core.results import UNKNOWNS
from dableiben.gaps.quality import known_attribute
from dableiben.gaps.rows import Row
from dableiben.gaps.service import Frame, Judged
from dableiben.gaps.status import UNKNOWN
from dableiben.gaps.time.output import open_hours


@dataclass(frozen=True)
class _Open:
    """One unanswered question about a row or an area."""

    group: str
    area_id: str | None
    what: str
    reason: str
    persons: float
    facility_ids: tuple[str, ...] = ()
    attribute: Attribute = "barrier_free"
    of: str | None = None
    """kind of a pool that the question is about; None = the service"""
    level: str | None = None
    """level of the areas that are not known"""


def unknown_table(frame: Frame, judged: list[Judged]) -> pd.DataFrame:
    """UNKNOWNS: by service, group, area (locality or municipality for ways) and the entry that would answer it."""
    return UNKNOWNS.frame(row for one in judged for row in _rows(frame, one))


def _rows(frame: Frame, one: Judged) -> Iterator[dict[str, object]]:
    """Questions that the same entry answers (two norms about the same places) are one row."""
    rows: dict[tuple[object, ...], dict[str, Any]] = {}
    for item in _questions(frame, one):
        area = frame.region.name_of(item.area_id) if item.area_id else ""
        reason, missing = explain_unknown(
            frame.catalogue, item.reason, item.of or one.service, item.group, "de", area=area,
            attribute=item.attribute, level=item.level,
        )  # fmt: skip
        row = rows.setdefault(
            (item.group, item.area_id, item.what, missing),
            {
                "kind": one.service,
                "group": item.group,
                "area_id": item.area_id,
                "what": item.what,
                "persons_best": item.persons,
                "missing_entry": missing,
                "facility_ids": [],
                "reason": reason,
            },
        )
        row["facility_ids"] = sorted({*row["facility_ids"], *item.facility_ids})
        row["persons_best"] = max(row["persons_best"], item.persons)
    return iter(rows.values())


def _questions(frame: Frame, one: Judged) -> Iterator[_Open]:
    for row in one.rows:
        yield from _of_way(frame, one, row)
        yield from _of_quality(frame, one, row)
        yield from _of_persons(frame, one, row)
    group = one.card.groups[0].group
    for short in one.shortfalls:
        if short.status == UNKNOWN:
            reason = short.reason or "capacity_missing"
            for of in _unrecorded(one) if reason == "kind_not_recorded" else (None,):
                persons = short.need - short.served
                yield _Open(group, short.area_id, "capacity", reason, persons, short.unknown_ids, of=of)
    for provision in one.provisions:
        if provision.status == UNKNOWN:
            persons = provision.missing_persons[1] if provision.target == provision.target else provision.persons
            yield _Open(
                group, provision.area_id, "capacity", provision.reason or "capacity_missing", persons,
                provision.unknown_ids, level=provision.norm.norm.level,
            )  # fmt: skip
    for row in one.rows:
        yield from _without_balance(frame, one, row)
    yield from _of_hours(frame, one)


def _unrecorded(one: Judged) -> tuple[str | None, ...]:
    """Kinds of a pool to ask for: those that no source speaks about; None: the service itself."""
    whole = len(one.offer.unrecorded) == 1 and one.offer.unrecorded[0] == one.service
    return (None,) if whole else one.offer.unrecorded


def _without_balance(frame: Frame, one: Judged, row: Row) -> Iterator[_Open]:
    """Places in no known area of the balance's level: whether they have enough places cannot be said."""
    if row.capacity is None:
        return
    level = one.card.capacity_level
    lost = np.array([not isinstance(value, str) for value in frame.units[id_column(level)]], bool)
    lost &= frame.units["inside"].to_numpy(bool) & np.asarray(row.capacity == UNKNOWN)
    towns = frame.units[id_column("municipality")].to_numpy(object)
    for town in sorted({str(t) for t in towns[lost]}):
        persons = _sum(row.best[lost & (towns == town)])
        yield _Open(row.name, town, "capacity", "level_missing", persons, level=level)


def _of_way(frame: Frame, one: Judged, row: Row) -> Iterator[_Open]:
    if row.distance is None:
        return
    inside = frame.units["inside"].to_numpy(bool)
    unknown = np.asarray(row.distance == UNKNOWN) & inside
    reasons = row.reason
    areas = frame.units[id_column("municipality")].to_numpy(object)
    for reason in sorted({r for r in reasons[unknown] if r is not None}):
        hit = unknown & (reasons == reason)
        ids: tuple[str, ...] = ()
        if reason == "possible_only":
            ids = _facility_ids(frame, one.offer.possible)
        elif reason == "place_missing":
            ids = _facility_ids(frame, one.offer.unplaced)
        elif reason == "off_street":
            ids = _facility_ids(frame, _off_street(one, row))
        elif reason == "service_area_missing":
            ids = _facility_ids(frame, np.array(sorted(one.offer.rights.unsaid), np.int64))
        if reason == "kind_not_recorded":  # the same answer everywhere: one row
            for of in _unrecorded(one):
                yield _Open(row.name, None, "distance", reason, _sum(row.best[hit]), of=of)
            continue
        for area in sorted({a for a in areas[hit] if isinstance(a, str)}):
            mine = hit & (areas == area)
            yield _Open(row.name, _narrowest(frame, area, mine), "distance", reason, _sum(row.best[mine]), ids)


def _of_hours(frame: Frame, one: Judged) -> Iterator[_Open]:
    """Hours that a missing entry leaves open, by municipality or locality."""
    towns = frame.units[id_column("municipality")].to_numpy(object)
    for item in open_hours(one):
        ids = _facility_ids(frame, np.array(item.facilities, np.int64))
        mine = np.zeros(len(towns), bool)
        mine[item.units] = True
        for town in sorted({t for t in towns[mine] if isinstance(t, str)}):
            here = mine & (towns == town)
            persons = _sum(item.row.best[here])
            yield _Open(item.row.name, _narrowest(frame, town, here), "time", item.reason, persons, ids)


def _narrowest(frame: Frame, municipality: str, mine: np.ndarray) -> str:
    """The locality where all of a question lies in one; else the municipality."""
    localities = set(frame.units[id_column("locality")].to_numpy(object)[mine])
    only = localities.pop() if len(localities) == 1 else None
    return only if isinstance(only, str) else municipality


def _off_street(one: Judged, row: Row) -> np.ndarray:
    rows = [one.offer.off_street[mode] for mode in row.modes or row.beyond]
    return np.unique(np.concatenate(rows)) if rows else np.empty(0, np.int64)


def _of_quality(frame: Frame, one: Judged, row: Row) -> Iterator[_Open]:
    if row.quality is None:
        return
    hit = np.asarray(row.quality == UNKNOWN) & frame.units["inside"].to_numpy(bool)
    if hit.any():
        every = one.offer.rows
        unsaid = np.zeros(len(frame.facilities), bool)
        for attribute in row.needs:
            has, lacks = known_attribute(frame.facilities, attribute)
            unsaid |= ~has & ~lacks
        ids = _facility_ids(frame, every[unsaid[every]])
        yield _Open(row.name, None, "quality", "attribute_missing", _sum(row.best[hit]), ids, row.needs[0])


def _of_persons(frame: Frame, one: Judged, row: Row) -> Iterator[_Open]:
    inside = frame.units["inside"].to_numpy(bool)
    missing = np.isnan(row.best) & inside
    rated = row.limit is not None or one.place_norm is not None or bool(one.provisions)
    if not missing.any() or not rated:
        return
    reason = row.unknown_persons
    persons = float("nan") if reason == "persons_missing" else _sum(frame.residents.total[missing])
    yield _Open(row.name, None, "need", reason, persons)


def _sum(values: np.ndarray) -> float:
    return float(np.nansum(values)) if not np.isnan(values).all() else float("nan")


def _facility_ids(frame: Frame, rows: np.ndarray) -> tuple[str, ...]:
    return tuple(sorted(frame.facilities["facility_id"].iloc[rows]))
