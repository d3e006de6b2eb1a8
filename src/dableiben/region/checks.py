# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Named, graded data checks: what is weak in the data, and how to repair it (doctor and report)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from dableiben.catalogue.load import Catalogue
from dableiben.core.run import Check
from dableiben.region import plausibility, timetable_checks  # noqa: F401 register their checks
from dableiben.region.check_base import CHECKS, graded, said, some
from dableiben.region.region import Region


def data_checks(region: Region, catalogue: Catalogue) -> list[Check]:
    """All checks of a region, by name; a check that does not apply is left out."""
    return list(_run(region, catalogue))


def _run(region: Region, catalogue: Catalogue) -> Iterator[Check]:
    for _, function in CHECKS.items():
        result = function(region, catalogue)
        if result is not None:
            yield result


@CHECKS.register("losses")
def losses(region: Region, _: Catalogue) -> Check:
    """Rows that readers could not use."""
    lost = sum(sum(report.lost.values()) for report in region.reports)
    read = sum(report.rows_read for report in region.reports)
    return graded(
        "losses", lost > 0, f"{said(lost)} von {said(read)} gelesenen Zeilen wurden nicht verwendet.",
        "Die Gründe stehen bei den Quellen.",
    )  # fmt: skip


@CHECKS.register("population_ages")
def population_ages(region: Region, _: Catalogue) -> Check:
    """Whether ages are known."""
    missing = region.population.empty
    return graded(
        "population_ages", missing,
        "Bevölkerung nach Alter liegt vor." if not missing else "Es liegt keine Bevölkerung nach Alter vor.",
        "Eine Einwohnerliste (--population) oder eine amtliche Tabelle (--statistics) hinzufügen.",
        severity="red",
    )  # fmt: skip


@CHECKS.register("population_grid")
def population_grid(region: Region, catalogue: Catalogue) -> Check | None:
    """Persons of the grid against persons of the lists, per municipality."""
    if region.population.empty or region.cells.empty:
        return None
    if region.cells_of_homes:
        return graded(
            "population_grid", True,
            "Kein Bevölkerungsraster: Die Einwohner eines Ortes sind nach der Wohnfläche der Gebäude in OpenStreetMap "
            "verteilt. Wege sind dadurch ungenauer.",
            "Das Gitter des Zensus hinzufügen (dableiben add … --population).",
        )  # fmt: skip
    listed = _by_municipality(region.population)
    grid = region.cells[region.cells["inside"].astype(bool)].groupby("municipality_id")["persons"].sum()
    both = sorted(set(listed) & set(grid.index))
    share = catalogue.assessment.grid_deviation_share
    off = [ags for ags in both if listed[ags] > 0 and abs(grid[ags] / listed[ags] - 1) > share]
    names = ", ".join(region.name_of(ags) for ags in off)
    return graded(
        "population_grid", bool(off),
        f"Raster und Liste weichen in {len(off)} von {len(both)} Gemeinden um mehr als {100 * share:.0f}\u00a0% ab"
        + (f": {names}." if off else "."),
        "Stichtage und Gebietsstand vergleichen; gerechnet wird mit der Liste.",
    )  # fmt: skip


@CHECKS.register("elsewhere")
def elsewhere(region: Region, _: Catalogue) -> Check | None:
    """Municipalities of whose people at several places only a bound is known."""
    if region.segments.empty:
        return None
    bounds = region.segments[region.segments["basis"] == "estimated"]
    named = sorted({region.name_of(str(area_id)[:8]) for area_id in bounds["area_id"]})
    given = len(region.segments) - len(bounds)
    said_so = f"Menschen an mehreren Orten: {given} Segmente sind angegeben"
    return graded(
        "elsewhere", bool(named),
        f"{said_so}; nur Grenzen (Nebenwohnsitze, ferne Pendler) sind bekannt in {some(named)}." if named
        else f"{said_so}.",
        "Wer wann da ist, mit --segments angeben („dableiben template segments“); bis dahin zählen nur die Einwohner, "
        "und wie viele höchstens da sind, ist offen.",
    )  # fmt: skip


@CHECKS.register("population_bases")
def population_bases(region: Region, _: Catalogue) -> Check | None:
    """Own list of residents against the official number, where both are there; the region chooses."""
    if region.population.empty or region.population_other.empty:
        return None
    ours, theirs = (_by_municipality(table) for table in (region.population, region.population_other))
    both = sorted(set(ours) & set(theirs))
    parts = [
        f"{region.name_of(ags)}: {said(ours[ags])} statt {said(theirs[ags])}"
        for ags in both
        if ours[ags] != theirs[ags]
    ]
    own = region.config.choice.population_basis == "register"
    used, other = ("Einwohnerliste", "amtliche Zahl") if own else ("amtliche Zahl", "Einwohnerliste")
    return graded(
        "population_bases",
        bool(parts),
        f"Gerechnet wird mit: {used}. Abweichung von: {other} in {len(parts)} von {len(both)} Gemeinden"
        + (f" ({'; '.join(parts)})." if parts else "."),
        "Gerechnet werden kann auch mit der anderen Zahl: die Grundlage der Bevölkerung in region.toml ändern.",
    )


@CHECKS.register("projections")
def projections(region: Region, _: Catalogue) -> Check | None:
    """Projections beside the people counted, for the projected year nearest to the day of the count."""
    if region.projections.empty:
        return None
    listed = _by_municipality(region.population)
    parts = []
    for variant, rows in region.projections.groupby("variant", sort=True):
        years = sorted({day.year for day in rows["as_of"]})
        near = min(years, key=lambda year: (abs(year - region.as_of.year), year))
        expected = _by_municipality(rows[[day.year == near for day in rows["as_of"]]])
        both = [
            f"{region.name_of(ags)} {expected[ags]:.0f} statt {listed[ags]:.0f}"
            for ags in sorted(set(listed) & set(expected))
        ]
        day = f"{region.as_of:%d.%m.%Y}"
        against = f"gegen {day} gezählt: {some(both, 10, '; ')}" if both else "ohne gezählte Einwohner"
        parts.append(f"Vorausberechnung „{variant}“ ({', '.join(map(str, years))}): {near} {against}.")
    return graded(
        "projections", True, " ".join(parts),
        "Gerechnet wird mit den gezählten Einwohnern; Vorausberechnungen sind noch nicht wählbar.",
    )  # fmt: skip


def _by_municipality(population: pd.DataFrame) -> dict[str, float]:
    main = population[population["home"] == "main"]
    sums = main.assign(ags=[a[:8] for a in main["area_id"]]).groupby("ags")["persons"].sum(skipna=False)
    return {str(ags): float(persons) for ags, persons in sums.items() if persons == persons}  # unknown: no comparison


@CHECKS.register("capacity")
def capacity(region: Region, catalogue: Catalogue) -> Check | None:
    """Facilities without usable places."""
    kinds = {kind.id for kind in catalogue.kinds.values() if kind.capacity_unit is not None}
    mine = region.facilities[region.facilities["kind"].isin(kinds) & region.facilities["area_id"].notna()]
    if mine.empty:
        return None
    missing = int(mine["usable_places"].isna().sum())
    return graded(
        "capacity", missing > 0,
        f"{said(missing)} von {said(len(mine))} Einrichtungen ohne Angabe der nutzbaren Plätze.",
        "Die Zahlen im Verzeichnis ergänzen (dableiben template register).",
    )  # fmt: skip


@CHECKS.register("location")
def location(region: Region, _: Catalogue) -> Check | None:
    """Facilities without a place."""
    if region.facilities.empty:
        return None
    table = region.facilities
    without = table["x_m"].isna()
    if region.network is None:  # lists alone: the municipality is all that can be used of a place
        without &= table["municipality_id"].isna()
    missing, rough = int(without.sum()), int((table["located"] == "locality").sum())
    return graded(
        "location", missing > 0,
        f"{said(missing)} von {said(len(table))} Einrichtungen ohne Standort, "
        f"{said(rough)} nur mit dem Ortsteil.",
        "Koordinaten oder Gemeinde und Ortsteil ergänzen.",
    )  # fmt: skip


@CHECKS.register("place_names")
def place_names(region: Region, _: Catalogue) -> Check | None:
    """Places in lists that no area has: their rows stand nowhere. Red where a whole list does not fit."""
    parts = [f"„{name}“: {rows} Zeilen der Einwohnerliste" for name, rows in region.unmatched_people.items()]
    parts += [
        f"„{name}“: {len(rows)} {'Einrichtung' if len(rows) == 1 else 'Einrichtungen'} ({some(rows)})"
        for name, rows in region.unplaced.items()
    ]
    if not parts:
        return None
    nowhere = bool(region.unplaced) and region.facilities["municipality_id"].isna().all()
    return graded(
        "place_names", True, f"Zu keiner Gemeinde und keinem Ortsteil passen: {some(parts, 20, '; ')}.",
        "Schreibweise der Orte in den Dateien angleichen oder den AGS eintragen.",
        severity="red" if nowhere or region.population.empty else "yellow",
    )  # fmt: skip


@CHECKS.register("conflicts")
def conflicts(region: Region, _: Catalogue) -> Check | None:
    """Differences between register and OSM."""
    if region.facilities.empty:
        return None
    count = len(region.conflicts)
    return graded(
        "conflicts", count > 0, f"{count} Angaben unterscheiden sich zwischen Verzeichnis und OpenStreetMap.",
        "Das Verzeichnis gilt; die Unterschiede zeigt dableiben doctor.",
    )  # fmt: skip


@CHECKS.register("norms_of_parts")
def norms_of_parts(region: Region, catalogue: Catalogue) -> Check | None:
    """Values that hold for a part of the region only and are therefore not applied."""
    parts = region.part_keys
    named = sorted(
        f"{norm.title.de} ({value.area})"
        for norm in catalogue.norms.values()
        for value in norm.values
        if value.area in parts and value.valid_from <= region.as_of
    )
    if not named:
        return None
    return graded(
        "norms_of_parts", True,
        f"Nicht angewandt, weil sie nur für einen Teil des Gebiets gelten: {'; '.join(dict.fromkeys(named))}.",
        "Dieses Teilgebiet als eigene Region prüfen (dableiben init … --ags) oder den Wert für das ganze Gebiet geben.",
    )  # fmt: skip


@CHECKS.register("carless")
def carless(region: Region, _: Catalogue) -> Check:
    """Whether the share of households without a car is known."""
    given = region.config.carless
    known = given is not None and (given.share is not None or bool(given.share_by_group))
    return graded(
        "carless", not known,
        f"Der Anteil der Menschen ohne Auto ist {'' if known else 'nicht '}bekannt.",
        "In region.toml unter [carless] den Anteil mit Quelle eintragen.",
    )  # fmt: skip


@CHECKS.register("assumptions")
def assumptions(region: Region, _: Catalogue) -> Check | None:
    """What was assumed while building the region."""
    if not region.notes:
        return None
    return graded("assumptions", True, " ".join(region.notes), "Prüfen, ob die Annahmen zutreffen.")
