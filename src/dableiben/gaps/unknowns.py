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
from dableiben.gaps.provision import Provision
from dableiben.gaps.quality import known_attribute
from dableiben.gaps.rows import Row
from dableiben.gaps.service import Frame, Judged
from dableiben.gaps.status import UNKNOWN


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


def unknown_table(frame: Frame, judged: list[Judged]) -> pd.DataFrame:
    """UNKNOWNS: by service, group, area (municipality for ways) and the entry that would answer it."""
    return UNKNOWNS.frame(row for one in judged for row in _rows(frame, one))


def _rows(frame: Frame, one: Judged) -> Iterator[dict[str, object]]:
    """Questions that the same entry answers (two norms about the same places) are one row."""
    rows: dict[tuple[object, ...], dict[str, Any]] = {}
    for item in _questions(frame, one):
        area = frame.region.name_of(item.area_id) if item.area_id else ""
        reason, missing = explain_unknown(
            frame.catalogue, item.reason, one.service, item.group, "de", area=area, attribute=item.attribute
        )
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
            reason = "capacity_missing" if one.offer.recorded else "kind_not_recorded"
            yield _Open(group, short.area_id, "capacity", reason, short.need - short.served, short.unknown_ids)
    for provision in one.provisions:
        if provision.status == UNKNOWN:
            reason = _reason_of_area(one, provision)
            yield _Open(
                group, provision.area_id, "capacity", reason, provision.missing_persons, provision.unknown_ids
            )


def _reason_of_area(one: Judged, provision: Provision) -> str:
    if np.isnan(provision.target):
        return "age_unknown"
    if not one.offer.recorded:
        return "kind_not_recorded"
    return "capacity_missing" if provision.unknown_ids else "area_incomplete"


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
        elif reason == "service_area_missing":
            ids = _facility_ids(frame, np.array(sorted(one.offer.rights.unsaid), np.int64))
        if reason == "kind_not_recorded":  # the same answer everywhere: one row
            yield _Open(row.name, None, "distance", reason, _sum(row.best[hit]))
            continue
        for area in sorted({a for a in areas[hit] if isinstance(a, str)}):
            yield _Open(row.name, area, "distance", reason, _sum(row.best[hit & (areas == area)]), ids)


def _of_quality(frame: Frame, one: Judged, row: Row) -> Iterator[_Open]:
    if row.quality is None:
        return
    hit = np.asarray(row.quality == UNKNOWN) & frame.units["inside"].to_numpy(bool)
    if hit.any():
        every = np.sort(np.concatenate([one.offer.certain, one.offer.possible, one.offer.unplaced]))
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
    reason = "persons_missing" if row.group.situation is not None else "age_unknown"
    persons = float("nan") if reason == "persons_missing" else _sum(frame.residents.total[missing])
    yield _Open(row.name, None, "need", reason, persons)


def _sum(values: np.ndarray) -> float:
    return float(np.nansum(values)) if not np.isnan(values).all() else float("nan")


def _facility_ids(frame: Frame, rows: np.ndarray) -> tuple[str, ...]:
    return tuple(sorted(frame.facilities["facility_id"].iloc[rows]))
