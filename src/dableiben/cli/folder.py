# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben init, add, doctor, upgrade: the region folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dableiben.cli.german import GermanCommand
from dableiben.cli.show import AsJson, Folder, print_json, progress_on_stderr, remark

if TYPE_CHECKING:
    from pathlib import Path

    from dableiben.core.provenance import ReadReport
    from dableiben.sources.base import Role

Files = list[str]
Osm = Annotated[Files | None, typer.Option("--osm", metavar="DATEI", help="OpenStreetMap (.osm.pbf, .osm, .gz, .bz2).")]
Population = Annotated[
    Files | None,
    typer.Option("--population", metavar="DATEI", help="Einwohnerliste oder Raster (Zensus, CSV, GeoTIFF)."),
]
Areas = Annotated[
    Files | None,
    typer.Option("--areas", metavar="DATEI", help="Gemeindegrenzen (VG250) oder Zuordnung (Ämter, Mittelbereiche)."),
]
Statistics = Annotated[
    Files | None, typer.Option("--statistics", metavar="DATEI", help="Tabellen aus GENESIS (CSV, ffcsv).")
]
Register = Annotated[
    Files | None, typer.Option("--register", metavar="DATEI", help="Verzeichnis der Einrichtungen (XLSX, ODS, CSV).")
]
Gtfs = Annotated[
    Files | None,
    typer.Option("--gtfs", metavar="DATEI", help="Fahrplan im Format GTFS (ZIP oder Ordner)."),
]

Segments = Annotated[
    Files | None,
    typer.Option("--segments", metavar="DATEI", help="Menschen an mehreren Orten: wie viele, wann hier (XLSX, CSV)."),
]
Commuters = Annotated[
    Files | None, typer.Option("--commuters", metavar="DATEI", help="Pendler nach Wohnort und Arbeitsort (XLSX, CSV).")
]

Transport = Annotated[
    Files | None,
    typer.Option("--transport", metavar="DATEI", help="Bürgerbus, Fahrdienst, Rufbus, Mitfahrbank (XLSX, ODS, CSV)."),
]

NAMED = 10
"""municipalities that are named; of more the rest is counted"""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for name, command, does in (
        ("init", init, "Einen Regionsordner aus Dateien anlegen; jede Datei wird ganz gelesen."),
        ("add", add, "Neuere Dateien oder zurückgekommene Vordrucke hinzufügen; nennt die Unterschiede."),
        ("doctor", doctor, "Daten prüfen; endet mit 1, wenn etwas Rotes gefunden wird."),
        ("upgrade", upgrade, "Einen älteren Regionsordner auf das jetzige Format heben."),
    ):
        app.command(name, cls=GermanCommand, help=does)(command)


def _files(**given: Files | None) -> list[tuple[Role, Path]]:
    from pathlib import Path

    return [(role, Path(name)) for role, names in given.items() for name in names or []]  # type: ignore[misc]


def init(
    folder: Folder,
    name: Annotated[str, typer.Option(metavar="NAME", help="Name der Region.")],
    osm: Osm = None,
    population: Population = None,
    areas: Areas = None,
    statistics: Statistics = None,
    register: Register = None,
    gtfs: Gtfs = None,
    segments: Segments = None,
    commuters: Commuters = None,
    transport: Transport = None,
    ags: Annotated[
        Files | None, typer.Option("--ags", metavar="AGS", help="Schlüssel des Kreises oder der Gemeinden.")
    ] = None,
    land: Annotated[str | None, typer.Option(metavar="LAND", help="z. B. MV; sonst aus dem Schlüssel.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a region folder."""
    from pathlib import Path

    from dableiben.store.config import config_from, read_config
    from dableiben.study.init import init_region

    files = _files(
        osm=osm, population=population, areas=areas, statistics=statistics, register=register, gtfs=gtfs,
        segments=segments, commuters=commuters,
        transport=transport,
    )  # fmt: skip
    config = config_from(name=name, land=land, ags=tuple(ags or ()))
    with progress_on_stderr() as progress:
        region = init_region(Path(folder), config, files, progress=progress)
    adopted = read_config(Path(folder)).norms.adopt
    inside = region.areas[region.areas["inside"].astype(bool) & (region.areas["level"] == "municipality")]
    assessed = sorted(inside["name"])
    if as_json:
        print_json(
            {
                "folder": folder,
                "municipalities": assessed,
                "sources": [_read_and_lost(report) for report in region.reports],
                "adopted_norms": adopted,
            }
        )
    for report in region.reports:
        _tell(report)
    more = f" und {len(assessed) - NAMED} weitere" if len(assessed) > NAMED else ""
    remark(f"Bewertet werden {len(assessed)} Gemeinden: {', '.join(assessed[:NAMED])}{more}.")
    if adopted:
        remark(f"Vergleichswerte sind eingeschaltet ({', '.join(adopted)}); abschalten in region.toml unter [norms].")
    remark(f"Weiter mit: dableiben check {folder}")


def _read_and_lost(report: ReadReport) -> dict[str, object]:
    return {
        "file": report.source.file,
        "kind": report.source.kind,
        "rows_read": report.rows_read,
        "rows_used": report.rows_used,
        "lost": dict(sorted(report.lost.items())),
        "notes": report.notes,
    }


def _tell(report: ReadReport) -> None:
    lost = sum(report.lost.values())
    remark(f"{report.source.file}: {report.rows_read} gelesen, {report.rows_used} verwendet, {lost} nicht verwendet")
    for reason, rows in sorted(report.lost.items()):
        remark(f"  {rows} × {reason}")
    for note in report.notes:
        remark(f"  {note}")


def add(
    folder: Folder,
    osm: Osm = None,
    population: Population = None,
    areas: Areas = None,
    statistics: Statistics = None,
    register: Register = None,
    gtfs: Gtfs = None,
    segments: Segments = None,
    commuters: Commuters = None,
    transport: Transport = None,
    as_json: AsJson = False,
) -> None:
    """Add files to a region folder and list what changes."""
    from pathlib import Path

    from dableiben.study.add import add_files

    files = _files(
        osm=osm, population=population, areas=areas, statistics=statistics, register=register, gtfs=gtfs,
        segments=segments, commuters=commuters,
        transport=transport,
    )  # fmt: skip
    with progress_on_stderr() as progress:
        differences = add_files(Path(folder), files, progress=progress)
    if as_json:
        print_json(differences.to_dict("records"))
    else:
        for row in differences.to_dict("records"):
            typer.echo(f"{row['what']}: " + (f"{row['before']} → " if row["before"] else "") + row["after"])
    remark(f"{len(differences)} Unterschiede. Weiter mit: dableiben check {folder}")


def doctor(folder: Folder, as_json: AsJson = False) -> None:
    """Check the data of a region folder."""
    from pathlib import Path

    from dableiben.region.checks import data_checks
    from dableiben.study.differences import COMPARED, facility_label
    from dableiben.study.load import load

    with progress_on_stderr() as progress:
        loaded = load(Path(folder), progress=progress)
    checks = data_checks(loaded.region, loaded.catalogue)
    if as_json:
        # What JSON carries may be passed on; the texts of internal checks may not.
        print_json([{k: v for k, v in c.items() if k != "text_de" or not c.get("internal")} for c in checks])
    else:
        for check in checks:
            mark = {"green": "gut   ", "yellow": "prüfen", "red": "ROT   "}[check["severity"]]
            typer.echo(f"{mark}  {check['text_de']}" + (f" → {check['hint_de']}" if check["hint_de"] else ""))
        table = loaded.region.facilities.set_index("facility_id")
        conflicts = loaded.region.conflicts[loaded.region.conflicts["facility_id"].isin(table.index)]
        for row in conflicts.to_dict("records"):
            label, word = facility_label(table, row["facility_id"], loaded.catalogue), COMPARED[row["what"]]
            ours, theirs = (str(row[side]).removesuffix(".0") for side in ("register", "osm"))
            typer.echo(f"        {label}, {word}: im Verzeichnis „{ours}“, in OpenStreetMap „{theirs}“")
    if any(check["severity"] == "red" for check in checks):
        raise typer.Exit(1)


def upgrade(folder: Folder, as_json: AsJson = False) -> None:
    """Lift a region folder to the present format."""
    from pathlib import Path

    from dableiben.study.upgrade import upgrade as lift

    done = lift(Path(folder))
    if as_json:
        print_json({"before": done.before, "after": done.after})
    if done.before == done.after:
        remark(f"Der Ordner hat schon das jetzige Format {done.after}.")
    else:
        remark(f"Format {done.before} wurde auf Format {done.after} gehoben.")
