# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""People who live in several places, matched to areas: given in tables and region.toml, else bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from dableiben.core.calendar import Calendar
from dableiben.core.errors import InputError
from dableiben.core.ids import slug
from dableiben.core.inputs import SEGMENTS
from dableiben.core.seasons import WHOLE_YEAR, Season, cut_year, read_season
from dableiben.core.week import from_bytes, in_words
from dableiben.region.areas import Municipality
from dableiben.region.place_names import PlaceNames, is_said
from dableiben.sources.base import Reading
from dableiben.sources.frames import typed_frame
from dableiben.sources.segment_values import SegmentEntry
from dableiben.store.config import FILE_NAME, RegionConfig

SAME = ("area_id", "view", "name", "reason", "season")
"""rows of two files that share these are the same segment"""
RULE_SECOND_HOMES = "mindestens: Nebenwohnsitze der Einwohnerliste; Anwesenheit und Höchstzahl unbekannt"
RULE_FAR = "höchstens: Auspendler ohne die zu Arbeitsorten näher als {km:g} km; nur Beschäftigte"


@dataclass(frozen=True)
class Segments:
    """SEGMENT_COLUMNS, and German sentences on what was replaced or left out."""

    table: pd.DataFrame
    notes: tuple[str, ...]


def season_of(text: object) -> Season:
    """The season of a segment; texts were checked when they were read."""
    return (read_season(text) if isinstance(text, str) else None) or WHOLE_YEAR


def interval(
    lower: Sequence[float], upper: Sequence[float], survey: float | None = None
) -> tuple[float, float, float]:
    """Low, best and high from several sources: the largest lower bound, the survey, the smallest upper bound.

    NaN = unknown: without a survey nobody knows the number between the bounds. A survey outside of the bounds is
    taken to the bound it breaks. Law: low <= best <= high. Errors: ValueError if a lower bound is over an upper one.
    """
    low = max((value for value in lower if not np.isnan(value)), default=np.nan)
    high = min((value for value in upper if not np.isnan(value)), default=np.nan)
    if low > high:
        raise ValueError(f"at least {low:g} is more than at most {high:g}")
    if survey is None or np.isnan(survey):
        return low, np.nan, high
    best = survey if np.isnan(low) else max(survey, low)
    return low, best if np.isnan(high) else min(best, high), high


def collect_segments(
    readings: Sequence[Reading], config: RegionConfig, municipalities: dict[str, Municipality], inside: frozenset[str]
) -> Segments:
    """Segments of all tables in the order given, then of region.toml; the same segment later replaces the earlier.

    Errors: InputError for a place that is not known, and for a pair present in two places at once.
    """
    names = PlaceNames.of(municipalities)
    rows: list[dict[Any, Any]] = []
    notes: list[str] = []
    for reading in readings:
        if reading.segments is not None:
            file = reading.report.source.file
            rows = _replaced(rows, [{**row, "file": file} for row in reading.segments.to_dict("records")], names, notes)
    own = [{**row, "file": FILE_NAME} for row in _of_config(config)]
    rows = _replaced(rows, own, names, notes)
    kept = [row for row in rows if str(row["area_id"])[:8] in inside]
    if len(kept) < len(rows):
        notes.append(f"{len(rows) - len(kept)} Segmente liegen in Gemeinden, die nicht bewertet werden.")
    _check_pairs(kept)
    return Segments(_frame(kept), tuple(notes))


def _frame(rows: Sequence[Mapping[Any, Any]]) -> pd.DataFrame:
    frame = typed_frame(SEGMENTS, [dict(row) for row in rows])
    for name in ("file", "area_id", "basis"):
        frame[name] = pd.Series([row.get(name) for row in rows], dtype=object)
    return frame


def _of_config(config: RegionConfig) -> list[dict[Any, Any]]:
    rows = []
    for number, entry in enumerate(config.segments, start=1):
        cells = {name: float(v) if isinstance(v, int) else v for name, v in entry.model_dump().items()}
        where = f"segments.{number}"

        def refuse(code: str, message: str, repair: str, field: str, where: str = where) -> NoReturn:
            raise InputError(code, message, repair, file=FILE_NAME, column=f"{where}.{field}")

        rows.append({**SegmentEntry(cells, refuse).values(), "source_id": f"{FILE_NAME}!{number}"})
    return rows


def _replaced(
    earlier: list[dict[Any, Any]], later: list[dict[Any, Any]], names: PlaceNames, notes: list[str]
) -> list[dict[Any, Any]]:
    """Rows of both with area ids; what the later file says again is not counted twice."""
    placed = [{**row, "area_id": _area_of(row, names), "basis": "given"} for row in later]
    again = {_same(row) for row in placed}
    kept = [row for row in earlier if _same(row) not in again]
    if len(kept) < len(earlier):
        gone = len(earlier) - len(kept)
        notes.append(f"„{later[0]['file']}“ ersetzt {gone} Segmente aus früher gegebenen Dateien.")
    return [*kept, *placed]


def _same(row: Mapping[Any, Any]) -> tuple[str, ...]:
    season = season_of(row["season"]).id
    return (*(slug(str(row[name] or "")) for name in SAME[2:-1]), str(row["area_id"]), str(row["view"]), season)


def _area_of(row: Mapping[Any, Any], names: PlaceNames) -> str:
    """Area id of a segment: its locality, or the whole municipality where none is named."""
    town, village = row["municipality"], row["locality"]
    if is_said(village):
        m, locality_id = names.find(town, village)
        if m is not None and locality_id is not None:
            return locality_id
    elif (whole := names.municipality(str(town))) is not None:
        return whole.ags
    else:
        m, locality_id = names.find(town)
        if m is not None:
            return locality_id or m.ags
    spot = ", ".join(str(part) for part in (town, village) if is_said(part))
    return _refuse(
        row, "segment-place", f"Der Ort „{spot}“ ist nicht bekannt.",
        "Gemeinde und Ortsteil wie in der Einwohnerliste schreiben, oder den AGS eintragen.",
        "Ortsteil" if is_said(village) else "Gemeinde",
    )  # fmt: skip


def _refuse(row: Mapping[Any, Any], code: str, message: str, repair: str, column: str) -> NoReturn:
    sheet, _, number = str(row["source_id"]).rpartition("!")
    if row["file"] == FILE_NAME:
        raise InputError(code, message, repair, file=FILE_NAME, column=f"segments.{number}")
    raise InputError(code, message, repair, file=row["file"], sheet=sheet, row=int(number), column=column)


def _check_pairs(rows: Sequence[Mapping[Any, Any]]) -> None:
    """Nobody is in two places at once: segments of one pair share no slot in any season that both have."""
    by_pair: dict[str, list[Mapping[Any, Any]]] = {}
    for row in rows:
        if is_said(row["pair"]) and row["present"] is not None:
            by_pair.setdefault(slug(str(row["pair"])), []).append(row)
    for members in by_pair.values():
        for number, one in enumerate(members):
            for other in members[number + 1 :]:
                both = from_bytes(one["present"]) & from_bytes(other["present"])
                if both.any() and _meet(one, other):
                    _refuse(
                        other, "segment-presence-over-1",
                        f"Dieselben Personen wären an zwei Orten zugleich ({in_words(both)}): hier und in "
                        f"„{one['file']}“, {one['source_id'].replace('!', ' Zeile ')}.",
                        "Bei einer der beiden Zeilen die Anwesenheit berichtigen, oder das Gegenstück löschen.",
                        "anwesend",
                    )  # fmt: skip


def _meet(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> bool:
    """Whether the seasons of two segments share a day; school holidays are looked up in a year that is known."""
    seasons = [season_of(row["season"]) for row in (one, other)]
    if any(season.is_whole_year for season in seasons) or any(season.needs_school for season in seasons):
        return True
    years = sorted({day.year for season in seasons for span in season.dated for day in span}) or [2024]
    active = {season.id for season in seasons}
    return any(active <= part.active for year in years for part in cut_year(seasons, Calendar("MV"), year).parts)


def with_bounds(
    given: pd.DataFrame, population: Sequence[pd.DataFrame], far: Mapping[str, float], far_km: float
) -> pd.DataFrame:
    """Given segments, and bounds where there are none: second homes at least Incoming, far commuters at most Outgoing.

    given        SEGMENT_COLUMNS; municipalities it names for a view are left alone
    population   tables of PEOPLE_COLUMNS (chosen, and the other basis): the larger count of second homes is the bound
    far          AGS -> commuters who may work farther away than a day's way (see region.commuters)
    result       SEGMENT_COLUMNS; of the bounds (basis estimated) the best number and the presence stay unknown
    """
    named = {(view, str(a)[:8]) for view, a in zip(given["view"], given["area_id"], strict=True)}
    counted: dict[str, list[float]] = {}
    for table in population:
        second = table[table["home"] == "second"]
        for area_id, persons in second.groupby("area_id")["persons"].sum(min_count=1).items():
            counted.setdefault(str(area_id), []).append(float(persons))
    rows: list[dict[Any, Any]] = given.to_dict("records")
    for area_id, numbers in sorted(counted.items()):
        low, best, high = interval(numbers, ())
        if ("incoming", area_id[:8]) not in named and low > 0:
            rows.append(_estimate(area_id, "incoming", "Zweitwohnsitz", (low, best, high), RULE_SECOND_HOMES))
    for ags, persons in sorted(far.items()):
        if ("outgoing", ags) not in named and persons > 0:
            ends = interval((), (persons,))
            rows.append(_estimate(ags, "outgoing", "Arbeit", ends, RULE_FAR.format(km=far_km)))
    return _frame(rows)


def _estimate(
    area_id: str, view: str, reason: str, ends: tuple[float, float, float], rule: str
) -> dict[Any, Any]:
    low, best, high = (None if np.isnan(end) else end for end in ends)
    return {
        "source_id": f"{view}!{area_id}", "view": view, "reason": reason, "persons_low": low, "persons_best": best,
        "persons_high": high, "rule": rule, "source": rule, "area_id": area_id, "basis": "estimated",
    }  # fmt: skip
