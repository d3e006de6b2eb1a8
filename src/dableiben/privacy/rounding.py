# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Released numbers of persons are multiples of a step: tables are rounded so that all they say agrees."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from dableiben.privacy.ages import STEPS, STEPS_OF_PARTS, Ages, part_step, rounded
from dableiben.privacy.entries import COUNT_UNITS
from dableiben.privacy.ledger import TOLERANCE, is_small

WIDE_LEVELS = ("district", "mittelbereich", "amt", "municipality")
"""rounded to one decimal where a population list says nothing of ages; below municipalities to STEPS[2]"""
WAY_UNITS = frozenset({"min", "m"})
TIME_UNITS = frozenset({"h_week"})
"""hours of the need window: no count of persons"""
HEAD_UNITS = frozenset({"place", "bed", "Plätze"})
"""units of which a person in need takes one"""
DECIMALS = 4
"""of indicators: enough for every sentence, and no float noise"""


def steps_without_ages(level: Mapping[str, str]) -> dict[str, float]:
    """Steps by area where no ages are known: then no need by age can be solved for either."""
    return {area_id: STEPS[0] if of in WIDE_LEVELS else STEPS[2] for area_id, of in level.items()}


def round_needs(frame: pd.DataFrame, steps: Mapping[str, float]) -> None:
    """Need, and Saldo = Bestand - Bedarf, of coverage or balance, in place; `rounded_to` says how coarsely."""
    step = [steps.get(area_id, STEPS[0]) for area_id in frame["area_id"]]
    need = [None if pd.isna(n) else rounded(float(n), s) for n, s in zip(frame["need_persons"], step, strict=True)]
    frame["need_persons"] = pd.Series(need, index=frame.index, dtype=object)
    frame["rounded_to"] = [s if math.isfinite(s) else None for s in step]
    if "saldo_places" in frame:
        known = frame["saldo_places"].notna()
        pairs = zip(frame["places"], need, known, strict=True)
        saldo = [round(float(p) - n, DECIMALS) if k and n is not None else None for p, n, k in pairs]
        frame["saldo_places"] = pd.Series(saldo, index=frame.index, dtype=object)


def round_gaps(gaps: pd.DataFrame, steps: Mapping[str, float], below: Collection[str]) -> None:
    """Persons of gaps; what is missing stays target minus actual, and severity their share."""
    rows = [_gap({str(k): v for k, v in row.items()}, steps, below) for row in gaps.to_dict("records")]
    for column in (*rows[0],) if rows else ():
        gaps[column] = pd.Series([row[column] for row in rows], index=gaps.index, dtype=object)


def _gap(row: Mapping[str, Any], steps: Mapping[str, float], below: Collection[str]) -> dict[str, float | None]:
    area_id, places = row["area_id"], row["unit"] not in WAY_UNITS | TIME_UNITS
    step = part_step(steps.get(area_id, STEPS[0]), below=area_id in below)
    target, actual = (_figure(row[name], row["unit"]) for name in ("target", "actual"))
    persons = {f"persons_{end}": _persons(row[f"persons_{end}"], step) for end in ("low", "best", "high")}
    severity = None if pd.isna(row["severity"]) else round(float(row["severity"]), 2)
    if places and target is not None and not pd.isna(row["target"]):
        missing = float(row["target"]) - (0.0 if pd.isna(row["actual"]) else float(row["actual"]))
        released = round(target - (actual or 0.0), DECIMALS)
        for name in persons:
            # Missing places are missing persons: the two must not differ by their rounding.
            if not pd.isna(row[name]) and abs(missing - row[name]) <= TOLERANCE and step <= STEPS[0]:
                persons[name] = released
        severity = round(min(1.0, released / target), DECIMALS) if target and severity is not None else severity
    hours = {f"person_hours_week_{end}": _hours(row, persons, end) for end in ("low", "best", "high")}
    return {**persons, **hours, "target": target, "actual": actual, "severity": severity, "rounded_to": step}


def _hours(row: Mapping[str, Any], persons: Mapping[str, float | None], end: str) -> float | None:
    """Person-hours of the rounded persons: hours for each of them to the quarter, so that they say no more."""
    hours, whole, released = row[f"person_hours_week_{end}"], row[f"persons_{end}"], persons[f"persons_{end}"]
    if pd.isna(hours) or pd.isna(whole) or released is None:
        return None
    each = round(4 * float(hours) / float(whole)) / 4 if whole > 0 else 0.0
    return round(each * released, 1)


def _persons(value: Any, step: float) -> float | None:
    if pd.isna(value):
        return None
    # A gap of hardly anybody is one of somebody.
    result = rounded(float(value), step)
    return step if math.isnan(result) else result


def _figure(value: Any, unit: str) -> float | None:
    """Places to one decimal, posts to two, ways to whole minutes or metres: their mean rests on persons."""
    if pd.isna(value):
        return None
    return float(round(value)) if unit in WAY_UNITS else round(float(value), 1 if unit in HEAD_UNITS else 2)


def round_unknowns(unknowns: pd.DataFrame, steps: Mapping[str, float], below: Collection[str]) -> None:
    """Persons for whom something cannot be said."""
    areas = unknowns["area_id"]
    step = [part_step(steps.get(a, STEPS[0]), below=a in below) for a in areas]
    pairs = zip(unknowns["persons_best"], step, strict=True)
    unknowns["persons_best"] = pd.Series([_persons(p, s) for p, s in pairs], index=unknowns.index, dtype=object)
    unknowns["rounded_to"] = step


def coarse_parts(frame: pd.DataFrame, steps: Mapping[str, float], below: Collection[str]) -> list[int]:
    """Numbers of the rows (gaps, unknowns) whose area is rounded too coarsely to show a part of its need."""
    at = [(steps.get(a, STEPS[0]), a in below) for a in frame["area_id"]]
    return [number for number, (step, is_below) in enumerate(at) if step > STEPS_OF_PARTS[is_below][1]]


def round_indicators(indicators: pd.DataFrame, minimum: int) -> None:
    """No float noise, and whole persons; few are withheld by the caller."""
    values: list[float | None] = []
    for value, unit in zip(indicators["value"], indicators["unit"], strict=True):
        if pd.isna(value):
            values.append(None)
        elif unit in COUNT_UNITS:
            values.append(math.nan if is_small(float(value), minimum) else float(round(value)))
        else:
            values.append(round(float(value), DECIMALS))
    indicators["value"] = pd.Series(values, index=indicators.index, dtype=object)


def below_of(ages: Ages | None, level: Mapping[str, str]) -> frozenset[str]:
    """Areas smaller than municipalities; without ages by their level."""
    if ages is not None:
        return ages.below
    return frozenset(a for a, of in level.items() if of not in WIDE_LEVELS)
