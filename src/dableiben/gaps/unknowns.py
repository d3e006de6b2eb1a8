# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What cannot be said, for whom, and which missing entry would answer it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dableiben.catalogue.explain import explain_unknown
from dableiben.core.levels import id_column
from dableiben.core.results import UNKNOWNS
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


def unknown_table(frame: Frame, judged: list[Judged]) -> pd.DataFrame:
    """UNKNOWNS: by service, group, area (municipality for ways) and reason."""
    rows = []
    for one in judged:
        for item in _questions(frame, one):
            area = frame.region.name_of(item.area_id) if item.area_id else ""
            reason, missing = explain_unknown(frame.catalogue, item.reason, one.service, item.group, "de", area=area)
            rows.append(
                {
                    "kind": one.service,
                    "group": item.group,
                    "area_id": item.area_id,
                    "what": item.what,
                    "persons_best": item.persons,
                    "missing_entry": missing,
                    "facility_ids": list(item.facility_ids),
                    "reason": reason,
                }
            )
    return UNKNOWNS.frame(rows)


def _questions(frame: Frame, one: Judged) -> Iterator[_Open]:
    for row in one.rows:
        yield from _of_way(frame, one, row)
        yield from _of_quality(frame, one, row)
        yield from _of_persons(frame, row)
    group = one.card.groups[0].group
    for short in one.shortfalls:
        if short.status == UNKNOWN:
            reason = "capacity_missing" if one.offer.recorded else "kind_not_recorded"
            yield _Open(group, short.area_id, "capacity", reason, short.need - short.served, short.unknown_ids)
    for provision in one.provisions:
        if provision.status == UNKNOWN:
            reason = "capacity_missing" if provision.unknown_ids else "area_incomplete"
            reason = reason if one.offer.recorded else "kind_not_recorded"
            persons = max(0.0, provision.missing_persons)
            yield _Open(
                group, provision.area_id, "capacity", reason, persons,
                provision.unknown_ids,
            )  # fmt: skip


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
        lacking = frame.facilities["barrier_free"].isna().to_numpy()
        ids = _facility_ids(frame, one.offer.certain[lacking[one.offer.certain]])
        yield _Open(row.name, None, "quality", "attribute_missing", _sum(row.best[hit]), ids)


def _of_persons(frame: Frame, row: Row) -> Iterator[_Open]:
    inside = frame.units["inside"].to_numpy(bool)
    missing = np.isnan(row.best) & inside
    if not missing.any() or row.limit is None:
        return
    reason = "persons_missing" if row.group.situation is not None else "age_unknown"
    persons = float("nan") if reason == "persons_missing" else _sum(frame.residents.total[missing])
    yield _Open(row.name, None, "need", reason, persons)


def _sum(values: np.ndarray) -> float:
    return float(np.nansum(values)) if not np.isnan(values).all() else float("nan")


def _facility_ids(frame: Frame, rows: np.ndarray) -> tuple[str, ...]:
    return tuple(sorted(frame.facilities["facility_id"].iloc[rows]))
