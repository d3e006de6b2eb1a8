# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Who is present when, from what is released: a curve over the week by area and season, in words and as a line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.seasons import season_words
from dableiben.core.week import DAY_NAMES, SLOTS_A_DAY, SLOTS_A_WEEK, Language, Mask, in_words
from dableiben.privacy.released import Released
from dableiben.report.figures import Figures, Row, Table
from dableiben.report.labels import Labels
from dableiben.report.sheet import Sign

Floats = NDArray[np.float64]
BLOCKS = "▁▂▃▄▅▆▇█"
PARTS_A_DAY = 4
DISTRICT_DIGITS = 5
HEIGHT = 80
"""of the curve in the units of the drawing"""


@dataclass(frozen=True)
class Curve:
    """Persons present in one area and season, by slot, shape (672,); NaN = unknown or withheld."""

    area_id: str
    area_name: str
    season: str
    low: Floats
    best: Floats
    high: Floats
    living_here: Floats
    """of the best number, those who live here"""
    residents: float
    rounded_to: float | None
    withheld: bool

    @property
    def is_flat(self) -> bool:
        """Whether the same known number of people is there in every slot."""
        return bool((self.best == self.best[0]).all())

    def evening_share(self, evenings: Mask) -> float | None:
        """Share of the residents who are here on the evenings clubs meet; None = unknown or withheld.

        A condition of engagement and club life, no measure of it: who is away cannot come.
        """
        share = self.living_here[evenings].mean() / self.residents if self.residents > 0 else np.nan
        return None if np.isnan(share) else float(share)

    def season_words(self, language: Language) -> str:
        """The season in words."""
        return season_words(self.season, language)

    def levels(self) -> list[tuple[float, Mask]]:
        """Distinct numbers (best) and the slots that have them, in the order they come; NaN last."""
        found = [(float(value), self.best == value) for value in dict.fromkeys(self.best[~np.isnan(self.best)])]
        unknown = np.isnan(self.best)
        return [*found, *([(float("nan"), unknown)] if unknown.any() else [])]

    def stretches(self) -> list[tuple[int, int]]:
        """First slot and slot after the last of the runs in which low, best and high stay the same."""
        dense = np.array([self.low, self.best, self.high])
        same = (dense[:, :-1] == dense[:, 1:]) | (np.isnan(dense[:, :-1]) & np.isnan(dense[:, 1:]))
        first = [0, *(int(slot) + 1 for slot in np.flatnonzero(~same.all(axis=0)))]
        return list(zip(first, [*first[1:], SLOTS_A_WEEK], strict=True))

    def line(self) -> str:
        """The week as a line of 28 blocks (four a day), between the fewest and the most; "?" where unknown."""
        parts = self.best.reshape(-1, SLOTS_A_DAY // PARTS_A_DAY).mean(axis=1)
        known = parts[~np.isnan(parts)]
        if not len(known):
            return "?" * len(parts)
        low, span = known.min(), known.max() - known.min()
        height = [7 if span == 0 else (value - low) / span * 7 for value in parts]
        return "".join("?" if np.isnan(h) else BLOCKS[round(h)] for h in height)


def curves(released: Released) -> list[Curve]:
    """One curve per area and season: the district first (if it is more than one municipality), then by name; the days
    without a season of their own first."""
    names = dict(zip(released.areas["area_id"], released.areas["name"], strict=True))
    found = [
        _curve(str(area_id), str(names.get(area_id, area_id)), str(season), rows)
        for (area_id, season), rows in released.tables["presence"].groupby(["area_id", "season"], sort=True)
    ]
    towns = {curve.area_id for curve in found if len(curve.area_id) > DISTRICT_DIGITS}
    shown = [curve for curve in found if len(towns) != 1 or curve.area_id in towns]
    return sorted(shown, key=_order)


def _order(curve: Curve) -> tuple[int, str, str, bool, str]:
    name = (len(curve.area_id), curve.area_name, curve.area_id)
    return (*name, curve.season not in ("year", "rest"), curve.season)


def _curve(area_id: str, name: str, season: str, rows: pd.DataFrame) -> Curve:
    dense = {column: _dense(rows, column) for column in ("persons_low", "persons_best", "persons_high", "living_here")}
    first = rows.iloc[0]
    return Curve(
        area_id, name, season, dense["persons_low"], dense["persons_best"], dense["persons_high"],
        dense["living_here"], float(pd.to_numeric(first["residents"])) if pd.notna(first["residents"]) else np.nan,
        None if pd.isna(first["rounded_to"]) else float(first["rounded_to"]), bool(rows["withheld"].notna().any()),
    )  # fmt: skip


def _dense(rows: pd.DataFrame, column: str) -> Floats:
    result = np.full(SLOTS_A_WEEK, np.nan)
    values = pd.to_numeric(rows[column]).to_numpy(float)
    for start, end, value in zip(rows["slot_from"], rows["slot_to"], values, strict=True):
        result[int(start) : int(end)] = value
    return result




@dataclass(frozen=True)
class WeekChart:
    """One curve as shapes of an SVG: x is the slot (0 to 672), y runs from 0 (most) to HEIGHT (fewest)."""

    title: str
    lines: tuple[str, ...]
    """points of the best number, one text per stretch without a gap"""
    bands: tuple[str, ...]
    """outlines from low to high"""
    most: str
    fewest: str
    unknown: tuple[tuple[int, int], ...]
    """first slot and width of what is not known"""


@dataclass(frozen=True)
class PresenceChapter:
    """The chapter of the report; there is none where every curve is flat."""

    charts: tuple[WeekChart, ...]
    table: Table
    days: tuple[str, ...]


def presence_chapter(labels: Labels, figures: Figures) -> PresenceChapter | None:
    """Curves that move or are not known, and a table of all areas with any."""
    shown = [curve for curve in curves(labels.released) if not curve.is_flat and not curve.withheld]
    if not shown:
        return None
    numbers = ("html.column.living", "html.column.fewest", "html.column.most", "html.column.evenings")
    columns = figures.columns("area", "html.column.season", *numbers, numeric=numbers)
    evenings = labels.catalogue.presence.evening_mask
    rows = tuple(_row(curve, labels, figures, evenings) for curve in shown)
    days = DAY_NAMES[labels.lang]
    table = Table(labels.word("html.caption.presence", evenings=in_words(evenings, labels.lang)), columns, rows)
    return PresenceChapter(tuple(_chart(curve, labels) for curve in shown), table, days)


def _row(curve: Curve, labels: Labels, figures: Figures, evenings: Mask) -> Row:
    known = curve.best[~np.isnan(curve.best)]
    ends = (known.min(), known.max()) if len(known) else (np.nan, np.nan)
    share = curve.evening_share(evenings)
    return Row((
        figures.text(curve.area_name), figures.text(curve.season_words(labels.lang)),
        *(figures.persons(Sign.UNKNOWN if np.isnan(n) else float(n)) for n in (curve.residents, *ends)),
        figures.share(Sign.UNKNOWN if share is None else share),
    ))  # fmt: skip


def _chart(curve: Curve, labels: Labels) -> WeekChart:
    numbers = np.concatenate([curve.low, curve.best, curve.high])
    known = numbers[~np.isnan(numbers)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)

    def y(value: float) -> str:
        return f"{HEIGHT if high == low else (high - value) / (high - low) * HEIGHT:.1f}".removesuffix(".0")

    lines: list[list[str]] = [[]]
    bands, unknown = [], []
    for first, last in curve.stretches():
        if np.isnan(curve.best[first]):
            unknown.append((first, last - first))
            lines.append([])
        else:
            lines[-1] += [f"{first},{y(curve.best[first])}", f"{last},{y(curve.best[first])}"]
        if not np.isnan([curve.low[first], curve.high[first]]).any():
            bottom, top = y(curve.low[first]), y(curve.high[first])
            bands.append(f"{first},{top} {last},{top} {last},{bottom} {first},{bottom}")
    title = f"{curve.area_name} ({curve.season_words(labels.lang)})"
    most, fewest = (labels.say.persons(value) if len(known) else "" for value in (high, low))
    return WeekChart(title, tuple(" ".join(p) for p in lines if p), tuple(bands), most, fewest, tuple(unknown))
