# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Segments and commuters of a made region, as the readers would give them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dableiben.core.inputs import COMMUTERS, SEGMENTS
from dableiben.core.week import to_bytes
from dableiben.core.week_words import read_week
from dableiben.region.region import Region
from dableiben.sources.frames import typed_frame

Persons = float | tuple[float | None, float | None, float | None] | None


def segment(view: str, persons: Persons, present: str | None, **more: Any) -> dict[str, Any]:
    """A row of Region.segments; one number is low, best and high; the week in words."""
    low, best, high = persons if isinstance(persons, tuple) else (persons, persons, persons)
    mask = read_week(present) if present is not None else None
    assert present is None or mask is not None
    row = {"source_id": "Segmente!2", "view": view, "persons_low": low, "persons_best": best, "persons_high": high}
    week = {"present_text": present, "present": None if mask is None else to_bytes(mask)}
    return {**row, **week, "file": "segmente.xlsx", "area_id": "13099001", "basis": "given", **more}


def flow(home: str | None, work: str | None, persons: float | None, **more: Any) -> dict[str, Any]:
    """A row of Region.commuters; places of the region are also its areas."""
    row = {"home_key": home, "work_key": work, "persons": persons, "home_area": home, "work_area": work}
    return {"source_id": f"Pendler!{home}-{work}", **row, **more}


def with_people(
    region: Region, segments: Sequence[dict[str, Any]] = (), flows: Sequence[dict[str, Any]] = ()
) -> Region:
    """The region with these segments and commuters."""
    return replace(
        region,
        segments=_frame(SEGMENTS, segments, ("file", "area_id", "basis")),
        commuters=_frame(COMMUTERS, flows, ("home_area", "work_area")),
    )


def _frame(contract: Any, rows: Sequence[dict[str, Any]], more: tuple[str, ...]) -> pd.DataFrame:
    known = [{name: row.get(name) for name in contract.names} for row in rows]
    frame = typed_frame(contract, known)
    for name in more:
        frame[name] = pd.Series([row.get(name) for row in rows], dtype=object)
    return frame
