# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Commuters matched to municipalities; how many leave and come by day, and how many may work too far for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dableiben.core.ids import slug
from dableiben.core.inputs import COMMUTERS
from dableiben.region.areas import Municipality
from dableiben.region.place_names import PlaceNames, is_said
from dableiben.sources.base import Reading
from dableiben.sources.frames import typed_frame

METRES_PER_KM = 1000.0
FINEST_FIRST = (8, 5, 2)
"""digits of keys; tables print districts and Länder beside their municipalities, which must not be added"""


@dataclass(frozen=True)
class DayCommuters:
    """Persons who leave (`out`) and come (`come`) by day, by AGS; NaN = a part of them is suppressed."""

    out: Mapping[str, float]
    come: Mapping[str, float]


def collect_commuters(
    readings: Sequence[Reading], municipalities: dict[str, Municipality], inside: frozenset[str]
) -> pd.DataFrame:
    """Flows that begin or end in the region, each once: tables of both directions print it twice. The latest date
    counts; of one date, a known number before a suppressed one."""
    names = PlaceNames.of(municipalities)
    best: dict[tuple[object, ...], dict[Any, Any]] = {}
    for reading in readings:
        if reading.commuters is None:
            continue
        for row in reading.commuters.to_dict("records"):
            row |= {f"{end}_area": _ags(row, end, names, inside) for end in ("home", "work")}
            if row["home_area"] is None and row["work_area"] is None:
                continue
            key = (*(row[f"{e}_area"] or row[f"{e}_key"] or slug(str(row[f"{e}_name"])) for e in ("home", "work")),
                   row["total"])  # fmt: skip
            if key not in best or _rank(row) >= _rank(best[key]):
                best[key] = row
    rows = sorted(best.values(), key=lambda row: (str(row["home_area"]), str(row["work_area"]), str(row["source_id"])))
    return _with_areas(rows)


def _with_areas(rows: Sequence[Mapping[Any, Any]]) -> pd.DataFrame:
    frame = typed_frame(COMMUTERS, [dict(row) for row in rows])
    for name in ("home_area", "work_area"):
        frame[name] = pd.Series([row[name] for row in rows], dtype=object)
    return frame


def _rank(row: Mapping[Any, Any]) -> tuple[str, bool]:
    return (row["as_of"].isoformat() if row["as_of"] else "", bool(row["persons"] == row["persons"]))


def _ags(row: Mapping[Any, Any], end: str, names: PlaceNames, inside: frozenset[str]) -> str | None:
    key, name = row[f"{end}_key"], row[f"{end}_name"]
    if is_said(key):
        return str(key) if key in inside else None
    found = names.municipality(str(name)) if is_said(name) else None
    return found.ags if found is not None and found.ags in inside else None


def day_commuters(commuters: pd.DataFrame) -> DayCommuters:
    """Who leaves and comes, by municipality: the printed total where there is one, else the sum of the flows.

    A sum of which a part is suppressed is unknown. Law: without flows over the border, as many leave as come.
    """
    return DayCommuters(_sums(commuters, "home", "work", "out"), _sums(commuters, "work", "home", "in"))


def _sums(commuters: pd.DataFrame, end: str, other: str, total: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for ags, rows in commuters[commuters[f"{end}_area"].notna()].groupby(f"{end}_area", sort=True):
        totals = rows[(rows["total"] == total) & rows["persons"].notna()]
        if len(totals):
            found[str(ags)] = float(totals["persons"].iloc[0])
        elif len(flows := _flows(rows, other)):
            found[str(ags)] = float(flows["persons"].sum(skipna=False))
    return found


def _flows(rows: pd.DataFrame, other: str) -> pd.DataFrame:
    """Single flows of the finest level that is printed; places without a key count as municipalities."""
    single = rows[rows["total"].isna()]
    digits = [len(key) if isinstance(key, str) else FINEST_FIRST[0] for key in single[f"{other}_key"]]
    finest = next((level for level in FINEST_FIRST if level in digits), FINEST_FIRST[0])
    return single[pd.Series([d == finest for d in digits], index=single.index, dtype=bool)]


def far_commuters(commuters: pd.DataFrame, municipalities: dict[str, Municipality], far_km: float) -> dict[str, float]:
    """At most so many of a municipality's employees work farther away than `far_km`: all who leave, without those
    known to work nearer. Municipalities without outline, total, or any distance have no entry: nothing bounds them.
    """
    leaving = day_commuters(commuters).out
    found: dict[str, float] = {}
    for ags, everybody in leaving.items():
        home = municipalities[ags].geometry if ags in municipalities else None
        if home is None or np.isnan(everybody):
            continue
        flows = _flows(commuters[commuters["home_area"] == ags], "work")
        known = [(_distance_m(home, row, municipalities), row["persons"]) for row in flows.to_dict("records")]
        if all(np.isnan(metres) for metres, _ in known):
            continue
        near = sum(p for metres, p in known if metres < far_km * METRES_PER_KM and p == p)
        found[ags] = max(everybody - near, 0.0)
    return found


def _distance_m(home: Any, row: Mapping[Any, Any], municipalities: dict[str, Municipality]) -> float:
    """Metres between the centres of two outlines; NaN where one is not known."""
    there = municipalities.get(str(row["work_key"])) if is_said(row["work_key"]) else None
    there = there or municipalities.get(str(row["work_area"]))
    if there is None or there.geometry is None:
        return float("nan")
    return float(home.centroid.distance(there.geometry.centroid))
