# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Indicators of areas and facilities: daviplan's ten by its own definitions, percentiles of the way, inequality."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from dableiben.core.levels import LEVELS, id_column
from dableiben.core.results import INDICATORS
from dableiben.gaps.basis import even_need, is_restricted
from dableiben.gaps.competition import places_with_competition
from dableiben.gaps.equity import gini
from dableiben.gaps.rating import RatedService, ratings
from dableiben.gaps.service import Frame, Judged

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PERCENTILES = (50, 90)


@dataclass(frozen=True)
class Parts:
    """Cells by areas: a cell cut by the border of a municipality has a part in each, by its share of ground."""

    areas: tuple[str, ...]
    cell: Ints
    area: Ints
    share: Floats


def indicator_table(frame: Frame, judged: list[Judged]) -> pd.DataFrame:
    """INDICATORS for all judged services, every mode and level."""
    parts = area_parts(frame)
    tables = [table for one in judged for table in _of_service(frame, one, parts)]
    if not tables:
        return INDICATORS.frame()
    return pd.concat(tables, ignore_index=True)[INDICATORS.names]


def area_parts(frame: Frame) -> Parts:
    """Parts of cells in the assessed areas of all levels; localities by the cell's centre."""
    units, region = frame.units, frame.region
    columns: list[tuple[Ints, NDArray[np.object_], Floats]] = []
    cell, ags, share = _municipality_parts(frame)
    for level in LEVELS:
        if level in ("locality", "school_district", "planning_area"):
            ids = units[id_column(level)].where(units["inside"].to_numpy(bool), None).to_numpy(object)
            known = np.array([isinstance(value, str) for value in ids], bool)
            columns.append((np.flatnonzero(known), ids[known], np.ones(int(known.sum()))))
        elif level == "municipality":
            columns.append((cell, ags, share))
        else:
            upper = {key: region.upper_of(key).get(id_column(level)) for key in sorted(set(ags))}
            ids = np.array([upper[key] for key in ags], dtype=object)
            known = np.array([isinstance(value, str) for value in ids], bool)
            columns.append((cell[known], ids[known], share[known]))
    names = tuple(sorted({str(i) for _, ids, _ in columns for i in ids}))
    number = {name: index for index, name in enumerate(names)}
    return Parts(
        names,
        np.concatenate([c for c, _, _ in columns]).astype(np.int64),
        np.array([number[str(i)] for _, ids, _ in columns for i in ids], np.int64),
        np.concatenate([s for _, _, s in columns]),
    )


def _municipality_parts(frame: Frame) -> tuple[Ints, NDArray[np.object_], Floats]:
    """Cell rows, AGS and share of ground; whole cells and units without a grid cell count by their own AGS."""
    units, region = frame.units, frame.region
    rows = region.areas[(region.areas["level"] == "municipality") & region.areas["inside"].astype(bool)]
    rows = rows[[shape is not None for shape in rows.geometry]]
    own = units["municipality_id"].where(units["inside"].to_numpy(bool), None).to_numpy(object)
    count = len(region.cells)
    half = region.cells["size_m"].to_numpy(float) / 2
    x, y = (units[name].to_numpy(float)[:count] for name in ("x_m", "y_m"))
    squares = shapely.box(x - half, y - half, x + half, y + half)
    shapes = rows.geometry.to_numpy()
    cell, shape = shapely.STRtree(shapes).query(squares) if len(shapes) and count else (np.empty(0, int),) * 2
    cut = shapely.area(shapely.intersection(squares[cell], shapes[shape])) / shapely.area(squares[cell])
    some = cut > 0
    keys = rows["area_id"].to_numpy(object)
    rest = np.array([isinstance(value, str) for value in own], bool)
    rest[: count if len(shapes) else 0] = False
    return (
        np.concatenate([cell[some], np.flatnonzero(rest)]).astype(np.int64),
        np.concatenate([keys[shape[some]], own[rest]]),
        np.concatenate([cut[some], np.ones(int(rest.sum()))]),
    )


def _of_service(frame: Frame, one: Judged, parts: Parts) -> Iterator[pd.DataFrame]:
    need = np.sum(list(one.group_need.values()), axis=0)
    inside = frame.units["inside"].to_numpy(bool)
    if np.isnan(need[inside]).any() or not one.offer.recorded:
        return  # who needs it, or whether it exists, is not known: no indicator that divides by it
    need = np.nan_to_num(need)
    if not is_restricted(frame):
        yield from (table.assign(even_value=np.nan) for table in _tables_of(frame, one, parts, need))
        return
    even = np.sum([even_need(frame, np.nan_to_num(part)) for part in one.group_need.values()], axis=0)
    both = zip(_tables_of(frame, one, parts, need), _tables_of(frame, one, parts, even), strict=True)
    for table, evened in both:
        yield table.assign(even_value=evened["value"].to_numpy(float))


def _tables_of(frame: Frame, one: Judged, parts: Parts, need: Floats) -> Iterator[pd.DataFrame]:
    """All indicators of a service, in the same rows for any need by unit."""
    card = frame.catalogue.assessment
    mine = one.offer.certain
    yield _supply(frame, one, parts, need)
    for mode in sorted(one.offer.nearest):
        service = _rated(frame, one, parts, need, mine, mode)
        limits = [row.limit for row in one.rows if row.limit is not None and row.limit.metres is None]
        own = {limit.minutes[mode] for limit in limits if mode in limit.minutes}
        table = ratings(service, limits_min=sorted({*card.indicator_minutes, *own}))
        # The supply of an area does not depend on ways: `_supply` has counted it.
        ways = ~table["indicator"].isin(_BY_SUPPLY) & (table["subject"] != "cell")
        yield _tidy(frame, one, parts, mine, mode, _without_guesses(table[ways], one, service, mode))
        yield _percentiles(one, parts, service, mode)
        yield _inequality(frame, one, need, service, mode)
        yield _competition(frame, one, parts, service, mode)


def _without_guesses(table: pd.DataFrame, one: Judged, service: RatedService, mode: str) -> pd.DataFrame:
    """Shares within a limit are unknown where a facility that may be of the kind would raise them."""
    table = table.copy()
    maybe = one.offer.nearest_possible[mode].minutes
    shares = table["indicator"] == "share_within_minutes"
    for limit in table.loc[shares, "limit_min"].unique():
        guess = ~(service.minutes <= limit) & (maybe <= limit)
        persons = service.need_of_parts() * guess[service.part_cell]
        unsure = np.bincount(service.part_area, persons, service.areas) > 0
        mine = shares & (table["limit_min"] == limit)
        table.loc[mine, "value"] = np.where(unsure[table.loc[mine, "index"]], np.nan, table.loc[mine, "value"])
    return table


def _rated(frame: Frame, one: Judged, parts: Parts, need: Floats, mine: Ints, mode: str) -> RatedService:
    """The service as one mode finds it: facilities `mine` with a place, and the ways to the nearest of them."""
    nearest = np.full(len(frame.units), -1, np.int64)
    found = one.offer.nearest[mode]
    order = np.argsort(mine, kind="stable")
    reached = found.facility >= 0
    nearest[reached] = order[np.searchsorted(mine[order], found.facility[reached])]
    return _rated_with(frame, parts, need, mine, nearest, found.minutes)


def _rated_with(frame: Frame, parts: Parts, need: Floats, mine: Ints, nearest: Ints, minutes: Floats) -> RatedService:
    number = {name: index for index, name in enumerate(parts.areas)}
    homes = frame.facilities["municipality_id"].to_numpy(object)[mine]
    return RatedService(
        need, nearest, minutes, parts.cell, parts.area, parts.share, len(parts.areas),
        np.array([number.get(str(home), -1) for home in homes], np.int64),
        np.asarray(frame.facilities["usable_places"], np.float64)[mine],
    )  # fmt: skip


# Indicators that count facilities or places of an area: a facility has one municipality, so only there.
_BY_SUPPLY = ("places_per_100", "need_per_place", "need_per_facility", "facilities_per_100")


def _supply(frame: Frame, one: Judged, parts: Parts, need: Floats) -> pd.DataFrame:
    """Supply against need by municipality: all certain facilities count, whether their coordinates are known or
    not. Unknown where one more may stand (`_may_have_more`)."""
    size = len(frame.units)
    every = np.sort(np.concatenate([one.offer.certain, one.offer.possible, one.offer.unplaced]))
    certain = every[~frame.facilities["possible"].to_numpy(bool)[every]]
    service = _rated_with(frame, parts, need, certain, np.full(size, -1, np.int64), np.full(size, np.nan))
    table = ratings(service, limits_min=[])
    municipality = np.array([_is_municipality(area_id) for area_id in parts.areas], bool)
    table = table[table["indicator"].isin(_BY_SUPPLY)]
    table = table[municipality[table["index"].to_numpy(int)]].copy()
    unsure = _may_have_more(frame, parts, every)
    table.loc[unsure[table["index"].to_numpy(int)], "value"] = np.nan
    return _tidy(frame, one, parts, certain, None, table)


def _is_municipality(area_id: str) -> bool:
    return len(area_id) == 8 and area_id.isdigit()


def _may_have_more(frame: Frame, parts: Parts, every: Ints) -> NDArray[np.bool_]:
    """Areas in which a facility may stand that is not counted there, shape (areas,): one that may be of the kind,
    or one of an unknown municipality. Coordinates in no municipality lie outside of those whose shape is known."""
    here = frame.facilities.iloc[every]
    homeless = here["municipality_id"].isna().to_numpy()
    maybe = here["possible"].to_numpy(bool) & ~homeless
    unsure = np.isin(np.array(parts.areas, object), here["municipality_id"].to_numpy(object)[maybe])
    if (homeless & here["x_m"].isna().to_numpy()).any():
        unsure[:] = True
    elif homeless.any():
        areas = frame.region.areas
        shaped = set(areas["area_id"][areas.geometry.notna()])
        unsure |= np.array([area_id not in shaped for area_id in parts.areas], bool)
    return unsure


def _tidy(frame: Frame, one: Judged, parts: Parts, mine: Ints, mode: str | None, table: pd.DataFrame) -> pd.DataFrame:
    """From indices to ids."""
    ids = frame.facilities["facility_id"].to_numpy(object)[mine]
    index = table["index"].to_numpy(int)
    is_area = (table["subject"] == "area").to_numpy()
    names = [
        name if np.isnan(minutes) else f"{name}_{minutes:g}"
        for name, minutes in zip(table["indicator"], table["limit_min"].to_numpy(float), strict=True)
    ]
    return pd.DataFrame(
        {
            "area_id": [parts.areas[i] if a else None for i, a in zip(index, is_area, strict=True)],
            "facility_id": [None if a else ids[i] for i, a in zip(index, is_area, strict=True)],
            "kind": one.service,
            "mode": pd.Series([mode] * len(table), dtype=object),
            "indicator": names,
            "value": table["value"].to_numpy(float),
            "unit": table["unit"].to_numpy(object),
        }
    )


def _percentiles(one: Judged, parts: Parts, service: RatedService, mode: str) -> pd.DataFrame:
    """Minutes within which a share of an area's persons reach a facility; null where they do not."""
    persons = service.need_of_parts()
    minutes = np.where(np.isnan(service.minutes), np.inf, service.minutes)[parts.cell]
    order = np.lexsort((minutes, parts.area))
    rows = []
    bounds = np.searchsorted(parts.area[order], np.arange(len(parts.areas) + 1))
    for index, area in enumerate(parts.areas):
        mine = order[bounds[index] : bounds[index + 1]]
        reached = np.cumsum(persons[mine])
        for percent in PERCENTILES:
            value = np.nan
            if len(mine) and reached[-1] > 0:
                at = int(np.searchsorted(reached, reached[-1] * percent / 100 - 1e-9))
                value = float(minutes[mine[min(at, len(mine) - 1)]])
            rows.append((area, f"travel_time_p{percent}", value if np.isfinite(value) else np.nan))
    frame = pd.DataFrame(rows, columns=["area_id", "indicator", "value"])
    frame["facility_id"] = None
    frame["kind"], frame["mode"], frame["unit"] = one.service, mode, "min"
    return frame


def _competition(frame: Frame, one: Judged, parts: Parts, service: RatedService, mode: str) -> pd.DataFrame:
    """Places per 100 persons in need that an area's people can count on with competition (2SFCA)."""
    reach = places_with_competition(frame, one, service.need_persons, mode)
    if reach is None:
        return INDICATORS.frame().astype({"value": float})
    persons = service.need_of_parts()
    weighted = np.where(persons > 0, persons * reach[parts.cell], 0.0)
    size = len(parts.areas)
    total = np.bincount(parts.area, persons, size)
    value = np.divide(np.bincount(parts.area, weighted, size), total, out=np.full(size, np.nan), where=total > 0)
    frame_of_areas = pd.DataFrame({"area_id": list(parts.areas), "facility_id": None, "value": 100 * value})
    frame_of_areas["kind"], frame_of_areas["mode"] = one.service, mode
    return frame_of_areas.assign(indicator="two_step_places_per_100", unit="places per 100 persons")


def _inequality(frame: Frame, one: Judged, need: Floats, service: RatedService, mode: str) -> pd.DataFrame:
    """Gini of the way between all persons of the region; null if somebody reaches nothing."""
    mine = frame.units["inside"].to_numpy(bool) & (need > 0)
    minutes = service.minutes[mine]
    value = np.nan if np.isnan(minutes).any() or not len(minutes) else gini(minutes, need[mine])
    row = (None, None, one.service, mode, "gini_travel_time", value, "0..1")
    return pd.DataFrame([row], columns=INDICATORS.names[:-1]).astype({"value": float})
