# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Population of the region: which source, at which date, matched to areas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NoReturn

import pandas as pd

from dableiben.core.errors import InputError
from dableiben.core.ids import slug
from dableiben.region.areas import Municipality
from dableiben.region.newer_lists import replace_earlier
from dableiben.region.place_names import PlaceNames
from dableiben.region.region import PEOPLE_COLUMNS
from dableiben.sources.base import Reading


@dataclass(frozen=True)
class People:
    """Chosen population, the other basis beside it, and what could not be matched."""

    chosen: pd.DataFrame
    other: pd.DataFrame
    as_of: date | None
    unmatched: dict[str, int]
    """name of a place in the list that no area has -> rows"""
    stood_in: tuple[str, ...] = ()
    """AGS of municipalities that the chosen list does not name on its day: an older or the other source stands in"""
    projections: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(PEOPLE_COLUMNS)))
    """PEOPLE_COLUMNS of variants other than actual: shown beside, not yet assessed"""
    notes: tuple[str, ...] = ()
    """German sentences on what was replaced or stands in"""


def empty_people() -> pd.DataFrame:
    """PEOPLE_COLUMNS without rows."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in PEOPLE_COLUMNS})


def collect_people(
    readings: Iterable[Reading],
    municipalities: dict[str, Municipality],
    *,
    basis: str,
    year: int | None,
) -> People:
    """Population rows of the wanted basis at the latest date (of `year` if given) with area ids.

    Where register and official numbers both exist, `basis` decides and the other is kept beside. Municipalities
    that this list does not name on that day take their latest earlier list, else the other basis; they are named.
    Of several files for one day the later-given one holds (region.newer_lists).
    Errors: InputError if `year` is asked for and no population of that year was given.
    """
    with_people = [r for r in readings if r.population is not None and len(r.population)]
    if not with_people:
        return People(empty_people(), empty_people(), None, {})
    tables = [r.population.assign(file=number) for number, r in enumerate(with_people) if r.population is not None]
    table, unmatched = _match(pd.concat(tables, ignore_index=True), municipalities)
    table, notes = replace_earlier(table, [r.report.source.file for r in with_people])
    projections = _finest(table[table["variant"] != "actual"])
    table = table[table["variant"] == "actual"]
    counted = table[_said(table, ["ags", "basis", "as_of"])] if len(table) else table
    dates = sorted({d for d in counted["as_of"] if year is None or d.year == year})
    if not dates:
        if year is not None and len(table):
            _refuse_year(year, table, projections)
        return People(empty_people(), empty_people(), None, unmatched, (), projections, notes)
    as_of, first = _day_and_basis(counted, dates, basis)
    # The wanted basis on its day first, then its earlier days, then the other basis from the latest day back.
    until = table[table["as_of"] <= as_of]
    rank = counted[counted["as_of"] <= as_of]
    rank = rank.assign(second=rank["basis"] != first, age=[(as_of - day).days for day in rank["as_of"]])
    best = rank.sort_values(["second", "age"]).drop_duplicates("ags").set_index("ags")[["basis", "as_of"]]
    of_best = [until[name] == until["ags"].map(best[name]) for name in ("basis", "as_of")]
    chosen, older = _fill_silent(until[of_best[0] & of_best[1]], until, municipalities)
    beside = until[(until["as_of"] == as_of) & (until["basis"] != first)]
    beside = beside[beside["ags"].map(best["basis"]) == first]
    late = best[(best["basis"] != first) | (best["as_of"] != as_of)]
    return People(
        _finest(chosen), _finest(beside), as_of, unmatched, tuple(sorted(late.index)), projections, (*notes, *older)
    )


def _refuse_year(year: int, table: pd.DataFrame, projections: pd.DataFrame) -> NoReturn:
    known = ", ".join(str(y) for y in sorted({d.year for d in table["as_of"]}))
    if any(d.year == year for d in projections["as_of"]):
        raise InputError(
            "year-is-projected",
            f"Für {year} liegt nur eine Vorausberechnung vor; sie wird gezeigt, noch nicht bewertet.",
            f"Eines der Jahre mit gezählten Einwohnern wählen ({known}).",
        )  # fmt: skip
    raise InputError(
        "year-without-population", f"Für {year} liegt keine Bevölkerung vor.",
        f"Eines der vorhandenen Jahre wählen ({known}) oder die Zahlen mit „dableiben add“ ergänzen.",
    )  # fmt: skip


def _day_and_basis(table: pd.DataFrame, dates: list[date], basis: str) -> tuple[date, str]:
    """The latest of `dates` with the wanted basis, else the latest with the other one."""
    bases = sorted(set(table["basis"]))
    first = basis if basis in bases else bases[0]
    of_first = [d for d in dates if ((table["as_of"] == d) & (table["basis"] == first)).any()]
    if of_first:
        return of_first[-1], first
    return dates[-1], next(b for b in bases if b != first)


def _said(table: pd.DataFrame, keys: list[str]) -> pd.Series:
    """Rows of which some row with the same keys has a number; all rows where no row of the table has one."""
    known = table["persons"].notna()
    return known.groupby([table[k] for k in keys]).transform("any") if known.any() else ~known


def _fill_silent(
    chosen: pd.DataFrame, until: pd.DataFrame, municipalities: dict[str, Municipality]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Places that the list names without any number keep their latest earlier numbers of the same basis.

    A form that is filled in only partly must neither erase last year's figures nor make nobody of unknown people.
    """
    place = ["area_id", "home", "basis"]
    silent = chosen[~_said(chosen, place)]
    if silent.empty:
        return chosen, ()
    spots = silent[[*place, "as_of"]].drop_duplicates(place).rename(columns={"as_of": "silent_on"})
    earlier = until[_said(until, [*place, "as_of"])].merge(spots, on=place)
    earlier = earlier[earlier["as_of"] < earlier["silent_on"]]
    latest = earlier.groupby(place)["as_of"].transform("max") if len(earlier) else earlier["as_of"]
    earlier = earlier[earlier["as_of"] == latest]
    named = sorted({_name(str(a), municipalities) for a in earlier["area_id"][earlier["home"] == "main"]})
    filled = pd.MultiIndex.from_frame(earlier[place])
    rest = chosen[~pd.MultiIndex.from_frame(chosen[place]).isin(filled)]
    notes = (f"Ohne Zahlen in der neuesten Liste, die früheren gelten weiter: {', '.join(named)}.",) if named else ()
    return pd.concat([rest, earlier[chosen.columns]], ignore_index=True), notes


def _name(area_id: str, municipalities: dict[str, Municipality]) -> str:
    m = municipalities[area_id[:8]]
    names = {m.locality_id(entry["name"]): str(entry["name"]) for entry in m.localities.values()}
    return names.get(area_id) or m.name or area_id


def _match(table: pd.DataFrame, municipalities: dict[str, Municipality]) -> tuple[pd.DataFrame, dict[str, int]]:
    """Attach area ids; a locality is looked up in its municipality, or alone if its name is unique."""
    by_name = PlaceNames.of(municipalities)
    localities: dict[str, list[str]] = {}
    for m in municipalities.values():
        for key, entry in m.localities.items():
            localities.setdefault(key, []).append(m.locality_id(entry["name"]))
    places = table[["area_key", "municipality", "locality"]].drop_duplicates()
    ids: dict[tuple[object, object, object], str | None] = {}
    for key, name, locality in places.itertuples(index=False):
        ids[_spot(key, name, locality)] = _area_id(key, name, locality, municipalities, by_name, localities)
    spots = [_spot(*row) for row in table[["area_key", "municipality", "locality"]].itertuples(index=False)]
    table = table.assign(area_id=pd.Series([ids[spot] for spot in spots], index=table.index, dtype=object))
    lost = table[table["area_id"].isna()]
    # Rows of other municipalities in a national table are no loss of this region.
    lost = lost[lost["basis"] == "register"]
    names = [str(row[1] or row[0]) for row in lost[["municipality", "locality"]].itertuples(index=False)]
    table = table[table["area_id"].notna()]
    return table.assign(ags=table["area_id"].str[:8]), dict(sorted(Counter(names).items()))


def _spot(key: object, name: object, locality: object) -> tuple[object, object, object]:
    return tuple(None if v is None or v != v else str(v) for v in (key, name, locality))  # type: ignore[return-value]


def _area_id(
    key: object,
    name: object,
    locality: object,
    municipalities: dict[str, Municipality],
    by_name: PlaceNames,
    localities: dict[str, list[str]],
) -> str | None:
    key, name, locality = _spot(key, name, locality)
    municipality = municipalities.get(str(key)) if key else None
    if municipality is None and name and not (key and len(str(key)) == 8 and str(key).isdigit()):
        municipality = by_name.municipality(str(name))
    if locality is None:
        return municipality.ags if municipality else None
    if municipality is not None:
        known = slug(str(locality)) in municipality.localities
        return municipality.locality_id(str(locality)) if known else None
    alone = localities.get(slug(str(locality)), [])
    return alone[0] if len(alone) == 1 and not key and not name else None


def _finest(table: pd.DataFrame) -> pd.DataFrame:
    """Keep, for each municipality, the finest rows: localities before the municipality's own total, and for each
    area split sexes before both together, and age bands that do not overlap (the finer ones win)."""
    if table.empty:
        return empty_people()
    kept = []
    for _, rows in table.groupby(["ags", "home"], sort=True):
        fine = rows[rows["area_id"].str.contains(":")]
        for _, of_area in (fine if len(fine) else rows).groupby("area_id", sort=True):
            split = of_area[of_area["sex"].notna()]
            kept.append(_without_overlap(split if len(split) else of_area))
    result = pd.concat(kept, ignore_index=True)
    columns = list(PEOPLE_COLUMNS)
    keys = [c for c in columns if c != "persons"]
    # Two rows of one file for the same group (e.g. two sheets of one place) are added; unknown stays unknown.
    sums = result.groupby(keys, dropna=False, sort=True)["persons"].apply(lambda s: s.sum(skipna=False))
    return sums.reset_index()[columns]


def _without_overlap(rows: pd.DataFrame) -> pd.DataFrame:
    bands = rows[["age_from", "age_to"]].drop_duplicates()
    spans = [(int(a), 200 if b is None or b != b else int(b)) for a, b in bands.itertuples(index=False)]
    spans.sort(key=lambda span: (span[1] - span[0], span[0]))
    chosen: list[tuple[int, int]] = []
    for span in spans:
        if all(span[1] < other[0] or span[0] > other[1] for other in chosen):
            chosen.append(span)
    ends = [200 if b is None or b != b else int(b) for b in rows["age_to"]]
    keep = [(int(a), b) in chosen for a, b in zip(rows["age_from"], ends, strict=True)]
    return rows[keep]
