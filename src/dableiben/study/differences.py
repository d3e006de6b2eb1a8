# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What two states of a region differ in, as rows for people: what, before, after."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dableiben.catalogue.load import Catalogue
from dableiben.region.commuters import day_commuters
from dableiben.region.region import Region
from dableiben.region.timetables import window_in_words
from dableiben.sources.people_templates import VIEWS
from dableiben.sources.register import LOST_ABSENT
from dableiben.sources.templates import TRANSPORT_WORDS

COMPARED = {
    "usable_places": "nutzbare Plätze",
    "licensed_places": "genehmigte Plätze",
    "occupied_places": "belegte Plätze",
    "waiting_list": "Warteliste",
    "opening_hours": "Öffnungszeiten",
    "age_from": "Alter von",
    "age_to": "Alter bis",
    "languages": "Sprachen",
    "barrier_free": "barrierefrei",
    "form": "haupt- oder ehrenamtlich",
    "financing": "Finanzierung",
    "provider": "Träger",
    "name": "Name",
    "area_id": "Ort",
    "service_area_ids": "Einzugsgebiet",
    "x_m": "Standort",
}
"""columns whose differences are listed, with the word for them"""
TELLING = ("name", "provider", "area_id", "service_area_ids", "x_m")
"""columns that could tell where a protected facility is, or who runs it"""
HOMES = {"main": "Einwohner", "second": "Nebenwohnsitze"}
MOVED_M = 1.0  # coordinates are written with rounding; less is no move


def region_differences(before: Region, after: Region, catalogue: Catalogue) -> pd.DataFrame:
    """What two regions differ in: date, persons, people at several places, commuters, facilities that come, go or
    change, timetable, transport, new remarks.

    Facilities whose place is protected are listed by their kind, without name and place.
    """
    rows: list[dict[str, str]] = []
    if before.as_of != after.as_of:
        rows.append(_row("Stichtag der Bevölkerung", before.as_of.isoformat(), after.as_of.isoformat()))
    rows += _people_rows(before, after)
    rows += _elsewhere_rows(before, after)
    theirs, ours = (_by_id(region) for region in (before, after))
    for facility_id in sorted(set(theirs.index) | set(ours.index)):
        rows += _facility_rows(facility_id, theirs, ours, catalogue)
    rows += _timetable_rows(before, after)
    rows += _transport_rows(before, after)
    rows += _remarks(before, after)
    return pd.DataFrame(rows, columns=["what", "before", "after"])


def _timetable_rows(before: Region, after: Region) -> list[dict[str, str]]:
    """Days and trips of the timetables."""
    old, new = (
        "keiner" if t is None else f"{window_in_words(t)}, {len(t.trip_id)} Fahrten, {len(t.stop_id)} Haltestellen"
        for t in (before.timetable, after.timetable)
    )
    return [_row("Fahrplan", old, new)] if old != new else []


def _transport_rows(before: Region, after: Region) -> list[dict[str, str]]:
    """Offers of volunteer and on-demand transport that come, go or run at other hours or places."""
    old, new = _offers(before), _offers(after)
    return [
        _row(label, old.get(label, "nicht vorhanden"), new.get(label, "nicht vorhanden"))
        for label in sorted(set(old) | set(new))
        if old.get(label) != new.get(label)
    ]


def _offers(region: Region) -> dict[str, str]:
    """Name and form of each offer -> where and when it runs, all its rows together."""
    found: dict[str, list[str]] = {}
    for row in region.transport.to_dict("records"):
        served = ", ".join(region.name_of(str(i)) for i in row["area_ids"]) or "ohne bekannten Ort"
        label = f"{row['name'] or 'ohne Namen'} ({TRANSPORT_WORDS[str(row['form'])]})"
        found.setdefault(label, []).append(f"{served}: {row['service_hours'] or 'Zeiten unbekannt'}")
    return {label: "; ".join(sorted(rows)) for label, rows in found.items()}


def facility_label(table: pd.DataFrame, facility_id: str, catalogue: Catalogue) -> str:
    """Kind and name of a facility (table indexed by facility_id); without name where its place is protected."""
    kind, name = catalogue.kinds[str(table.at[facility_id, "kind"])], table.at[facility_id, "name"]
    if kind.protection != "none" or not isinstance(name, str):
        return f"{kind.label.de} ohne Namen" if kind.protection == "none" else f"{kind.label.de} (geschützt)"
    return f"{name} ({kind.label.de})"


def _people_rows(before: Region, after: Region) -> list[dict[str, str]]:
    """Totals of a municipality; where they are equal, how many of its single numbers are not."""
    rows = []
    for home, word in HOMES.items():
        old, new = (_numbers(region, home) for region in (before, after))
        sums = [_sums(numbers) for numbers in (old, new)]
        for ags in sorted(set(sums[0]) | set(sums[1])):
            was, now = (totals.get(ags) for totals in sums)
            if _shown(was) != _shown(now):
                rows.append(_row(f"{word} {after.name_of(ags)}", was, now))
            elif changed := _changed(old[old["ags"] == ags], new[new["ags"] == ags]):
                what = f"{word} {after.name_of(ags)} nach Ort, Alter und Geschlecht"
                rows.append(_row(what, f"{changed[1]} Angaben", f"{changed[0]} davon anders"))
    return rows


def _elsewhere_rows(before: Region, after: Region) -> list[dict[str, str]]:
    """Segments of people who live in several places, and commuters by municipality."""
    rows = []
    for old, new in (tuple(map(_segments, (before, after))), tuple(map(_commuters, (before, after)))):
        for what in sorted(set(old) | set(new)):
            if _shown(old.get(what, "")) != _shown(new.get(what, "")):
                rows.append(_row(what, old.get(what, ""), new.get(what, "")))
    return rows


def _segments(region: Region) -> dict[str, object]:
    """Label of a segment -> low–best–high, or how many of them share it."""
    found: dict[str, list[str]] = {}
    for row in region.segments.to_dict("records"):
        words = [str(row[name]) for name in ("name", "reason") if isinstance(row[name], str)]
        label = f"{VIEWS[row['view']]} {region.name_of(row['area_id'])}" + (f" ({', '.join(words)})" if words else "")
        found.setdefault(label, []).append("–".join(_shown(row[f"persons_{end}"]) for end in ("low", "best", "high")))
    return {label: "; ".join(spans) for label, spans in found.items()}


def _commuters(region: Region) -> dict[str, object]:
    day = day_commuters(region.commuters)
    sides = (("Auspendler", day.out), ("Einpendler", day.come))
    return {f"{word} {region.name_of(ags)}": persons for word, by_ags in sides for ags, persons in by_ags.items()}


def _sums(numbers: pd.DataFrame) -> dict[str, float]:
    sums = numbers.groupby("ags")["persons"].sum(skipna=False)
    return {str(ags): float(persons) for ags, persons in sums.items()}


def _numbers(region: Region, home: str) -> pd.DataFrame:
    rows = region.population[region.population["home"] == home]
    parts = rows[["area_id", "sex", "age_from", "age_to"]].itertuples(index=False)
    key = ["|".join("" if pd.isna(part) else str(part) for part in row) for row in parts]
    return pd.DataFrame({"ags": rows["area_id"].str[:8], "key": key, "persons": rows["persons"].astype(float)})


def _changed(old: pd.DataFrame, new: pd.DataFrame) -> tuple[int, int] | None:
    """Numbers that differ, and all numbers; None if all are equal."""
    both = old.merge(new, on="key", how="outer", suffixes=("_old", "_new"))
    same = (both["persons_old"] == both["persons_new"]) | (both["persons_old"].isna() & both["persons_new"].isna())
    return None if same.all() else (int((~same).sum()), len(both))


def _by_id(region: Region) -> pd.DataFrame:
    """Facilities by id, with names of areas and one text for the spot, as people read them."""
    table = region.facilities.drop_duplicates("facility_id").set_index("facility_id").astype(object)
    table["area_id"] = [region.name_of(i) if isinstance(i, str) else None for i in table["area_id"]]
    served = [[region.name_of(str(i)) for i in ids] if _is_list(ids) else None for ids in table["service_area_ids"]]
    table["service_area_ids"] = pd.Series(served, index=table.index, dtype=object)
    return table


def _facility_rows(
    facility_id: str, theirs: pd.DataFrame, ours: pd.DataFrame, catalogue: Catalogue
) -> list[dict[str, str]]:
    if facility_id not in theirs.index:
        return [_row(facility_label(ours, facility_id, catalogue), "nicht vorhanden", "vorhanden")]
    if facility_id not in ours.index:
        return [_row(facility_label(theirs, facility_id, catalogue), "vorhanden", "nicht vorhanden")]
    label = facility_label(ours, facility_id, catalogue)
    is_protected = catalogue.kinds[str(ours.at[facility_id, "kind"])].protection != "none"
    rows = []
    for column, word in COMPARED.items():
        if is_protected and column in TELLING:
            continue
        old, new = (_spot(t, facility_id) if column == "x_m" else t.at[facility_id, column] for t in (theirs, ours))
        if _shown(old) != _shown(new) and not (column == "x_m" and _is_near(theirs, ours, facility_id)):
            rows.append(_row(f"{label}: {word}", old, new))
    return rows


def _spot(table: pd.DataFrame, facility_id: str) -> str | None:
    x_m, y_m = _point(table, facility_id)
    return None if np.isnan(x_m) or np.isnan(y_m) else f"O {x_m:.0f} N {y_m:.0f} (EPSG:3035)"


def _is_near(theirs: pd.DataFrame, ours: pd.DataFrame, facility_id: str) -> bool:
    moved = (abs(a - b) for a, b in zip(_point(theirs, facility_id), _point(ours, facility_id), strict=True))
    return all(metres < MOVED_M for metres in moved)  # unknown is not near


def _point(table: pd.DataFrame, facility_id: str) -> tuple[float, float]:
    x_m, y_m = table[["x_m", "y_m"]].astype(float).loc[facility_id].to_numpy()
    return float(x_m), float(y_m)


def _remarks(before: Region, after: Region) -> list[dict[str, str]]:
    """What was assumed anew, and what of the new files could not be used."""
    rows = [_row("Hinweis", "", note) for note in after.notes if note not in before.notes]
    present = {report.source.sha256 for report in before.reports}
    for report in after.reports:
        if report.source.sha256 not in present:
            rows += [
                _row(f"{report.source.file}, nicht verwendet", "", f"{count} × {reason}")
                for reason, count in sorted(report.lost.items())
                if reason != LOST_ABSENT  # that is listed with the facility
            ]
    return rows


def _row(what: str, before: object, after: object) -> dict[str, str]:
    return {"what": what, "before": _shown(before), "after": _shown(after)}


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple | np.ndarray)


def _shown(value: object) -> str:
    if isinstance(value, list | tuple | np.ndarray):
        return ", ".join(map(str, value)) or "unbekannt"
    if value is None or value is pd.NA or value != value:
        return "unbekannt"
    if isinstance(value, bool | np.bool_):
        return "ja" if value else "nein"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
