# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The main job on one readable page: folder -> region -> assessment -> results and report."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from dableiben import __version__
from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.catalogue.select import ChosenNorm
from dableiben.core.ids import short_id
from dableiben.core.levels import LEVELS, id_column
from dableiben.core.provenance import sha256_of
from dableiben.core.results import SCHEMA_VERSION
from dableiben.core.run import RUN_AREAS, Check, NormUsed, Results, RunInfo, SourceUsed
from dableiben.gaps.assess import Assessment, assess
from dableiben.gaps.settings import Settings
from dableiben.privacy.gate import release
from dableiben.privacy.released import Released
from dableiben.region.change import reviews
from dableiben.region.checks import data_checks
from dableiben.region.region import Region
from dableiben.report.html import write_html
from dableiben.report.labels import Labels
from dableiben.report.questions import open_questions
from dableiben.report.reviewed import rejected_last
from dableiben.store.config import read_config
from dableiben.store.folder import RegionFolder, new_run
from dableiben.store.tables import write_results as write_tables
from dableiben.study.load import Loaded, Progress, load, silent
from dableiben.study.plugins import plugin_versions
from dableiben.study.run_log import FILE_NAME as RUN_LOG
from dableiben.study.run_log import LOG, log_readings, recorded
from dableiben.study.settings import Value, resolve
from dableiben.supply.opening_hours import Unreadable, read_hours

METHOD_VERSION = "1"
"""raised when numbers move for equal inputs; printed in the report"""


@dataclass(frozen=True)
class Outcome:
    """A finished check; `released` is what of its results may be shown."""

    results: Results
    released: Released
    catalogue: Catalogue
    run_folder: Path
    report: Path


def check(
    root: Path,
    *,
    year: int | None = None,
    kinds: tuple[str, ...] = (),
    modes: tuple[str, ...] = (),
    dimensions: tuple[str, ...] = (),
    date: str | None = None,
    season: str | None = None,
    workers: int | None = None,
    progress: Progress = silent,
) -> Outcome:
    """Check a region folder and keep the results in results/<run>/, latest pointing to it.

    What is not said comes from the environment, region.toml or the packaged default (study.settings).
    Errors: InputError if an input, card or setting cannot be used; nothing is written then.
    """
    started = time.perf_counter()

    def step(text: str) -> None:
        LOG.info(text)
        progress(text)

    asked: dict[str, Value] = {
        "year": year, "kinds": kinds, "modes": modes, "dimensions": dimensions, "date": date, "season": season,
        "workers": workers,
    }  # fmt: skip
    with recorded() as log:
        config, catalogue = read_config(root), load_catalogue(RegionFolder(root).cards)
        resolved = resolve(asked, os.environ, config.check, catalogue)
        loaded = load(root, year=resolved.year, progress=step)
        log_readings(loaded.region.reports)
        with loaded.folder.lock():
            step("Bedarf, Angebot und Wege vergleichen")
            results = evaluate(loaded, resolved.settings)
            results.run["clock"] = {
                "finished": datetime.now().astimezone().isoformat(timespec="seconds"),
                "seconds": round(time.perf_counter() - started, 1),
                "workers": resolved.settings.workers,
            }
            step("Bericht schreiben")
            released = release(results, loaded.catalogue)
            run_folder = write_results(results, released, loaded, log)
    return Outcome(results, released, loaded.catalogue, run_folder, run_folder / "report.html")


def evaluate(loaded: Loaded, settings: Settings) -> Results:
    """Assess a loaded region; nothing is written."""
    region, catalogue = loaded.region, loaded.catalogue
    assessment = assess(region, catalogue, settings, reviews(loaded.changes))
    sizes = set(region.cells["size_m"])
    return Results(
        tables=assessment.tables,
        areas=_areas(region),
        size_m=int(sizes.pop()) if sizes else None,
        run=run_info(region, catalogue, settings, assessment),
    )


def run_id(results: Results, loaded: Loaded) -> str:
    """Name of the run: year and a digest of all it rests on; runs that may differ have different names.

    That is what region.toml says, inputs, settings, versions (plugins, too), the content of own cards, and every
    change of the region. Only a program altered without a new version gives other results under one name.
    """
    run = results.run
    facts = [str(run[key]) for key in ("name", "land", "made_up", "settings", "sources", "norms_used", "versions")]
    changes = [change.model_dump_json() for change in loaded.changes]
    return f"{run['year']}-{short_id(*facts, *card_files(loaded.folder.cards), *changes, length=8)}"


def card_files(cards: Path) -> list[str]:
    """Name and digest of each file among the region's own cards, in the order of their names."""
    files = sorted(path for path in cards.rglob("*") if path.is_file())
    return [f"{path.relative_to(cards).as_posix()} {sha256_of(path)}" for path in files]


def write_results(results: Results, released: Released, loaded: Loaded, log: Sequence[str] = ()) -> Path:
    """Parquet tables, run.json, run.log and report.html, written aside and then moved into place."""
    name = run_id(results, loaded)
    with new_run(loaded.folder, name) as folder:
        write_tables(results, folder)
        (folder / RUN_LOG).write_text("".join(f"{line}\n" for line in log), encoding="utf-8")
        write_html(released, loaded.catalogue, folder / "report.html")
    return loaded.folder.results / name


def released_findings(outcome: Outcome) -> tuple[pd.DataFrame, int]:
    """Gaps of a finished check as they may be shown, rejected ones last; and the number of open questions."""
    questions = open_questions(Labels(outcome.released, outcome.catalogue, "de"))
    return rejected_last(outcome.released.tables["gaps"]), len(questions)


def run_info(region: Region, catalogue: Catalogue, settings: Settings, assessment: Assessment) -> RunInfo:
    """Content of run.json."""
    config = region.config
    return RunInfo(
        name=config.name,
        land=region.land,
        year=region.year,
        made_up=config.made_up,
        schema_version=SCHEMA_VERSION,
        settings={
            "as_of": region.as_of.isoformat(),
            "ags": list(config.ags),
            "kinds": list(assessment.services),
            "modes": [*settings.modes, *(["bus"] if settings.rides else [])],
            "date": settings.day.isoformat() if settings.day else None,
            "season": settings.season.id if settings.season else None,
            "weeks": _weeks(assessment),
            "dimensions": list(settings.dimensions),
            "adopted_norms": list(config.norms.adopt),
            "carless": config.carless.model_dump() if config.carless else None,
            "population_basis": config.choice.population_basis,
            "structurally_weak": config.structurally_weak.model_dump() if config.structurally_weak else None,
            "assessment": catalogue.assessment.model_dump(mode="json"),
            "own_cards": sorted(catalogue.own),
        },
        norms_used=[_norm_used(norm) for norm in assessment.norms_used],
        sources=[_source_used(report) for report in region.reports],
        checks=[*data_checks(region, catalogue), *_adjusted(assessment), *assessment.checks],
        counts=_counts(region, assessment),
        versions=_versions(),
    )


def _weeks(assessment: Assessment) -> list[dict[str, str]]:
    """Weeks that were looked at slot by slot, with their Mondays: the school week, then holidays and seasons."""
    slots = assessment.tables["cell_slots"]
    found = sorted({(str(week), day) for week, day in zip(slots["week"], slots["first_day"], strict=True)})
    order = ("asked", "school", "holidays")
    found.sort(key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    return [{"week": week, "first_day": day.isoformat()} for week, day in found]


def _versions() -> dict[str, str]:
    packages = ("numpy", "pandas", "scipy", "pyarrow", "geopandas", "shapely", "pyproj", "numba", "osmium")
    found = {name: version(name) for name in packages}
    own = {"dableiben": __version__, "method": METHOD_VERSION, "python": platform.python_version()}
    return {**own, **found, **plugin_versions()}


def _norm_used(chosen: ChosenNorm) -> NormUsed:
    norm, value = chosen.norm, chosen.value
    number: Any = value.value
    if isinstance(number, dict):
        number = {str(age): share for age, share in number.items()}
    return NormUsed(
        id=norm.id, title=norm.title.model_dump(), binding=norm.binding, value=number, unit=norm.unit,
        source=str(value.source), certainty=value.certainty, own=chosen.own, uncertain=chosen.uncertain,
        valid_from=value.valid_from.isoformat(), area=value.area, legal_basis=norm.legal_basis, note=value.note,
    )  # fmt: skip


def _source_used(report: Any) -> SourceUsed:
    source = report.source
    return SourceUsed(
        file=source.file, kind=source.kind, sha256=source.sha256,
        as_of=source.as_of.isoformat() if source.as_of else None,
        attribution=source.attribution, restricted=source.restricted, rows_read=report.rows_read,
        rows_used=report.rows_used, lost=dict(sorted(report.lost.items())), notes=list(report.notes),
    )  # fmt: skip


def _adjusted(assessment: Assessment) -> list[Check]:
    """What was adjusted while residents were spread over places."""
    if not assessment.residents.adjusted:
        return []
    text = " ".join(assessment.residents.adjusted)
    return [Check(id="adjusted", severity="yellow", text_de=text, hint_de="Die Annahmen stehen in docs/method.md.")]


def _counts(region: Region, assessment: Assessment) -> dict[str, float]:
    inside = assessment.residents.units["inside"].to_numpy(bool)
    grid = region.cells[region.cells["inside"].astype(bool)] if len(region.cells) else region.cells
    return {
        "municipalities": int((region.areas["inside"] & (region.areas["level"] == "municipality")).sum()),
        "cells": len(grid),
        "persons_grid": float(grid["persons"].sum()),
        "persons": float(np.nansum(assessment.residents.total[inside])),
        "facilities": len(region.facilities),
        "conflicts": len(region.conflicts),
        **_hours_known(region),
    }


def _hours_known(region: Region) -> dict[str, float]:
    """Facilities with opening hours, and those of them whose hours cannot be read."""
    texts = [text for text in region.facilities["opening_hours"] if isinstance(text, str) and text.strip()]
    unread = {text for text in set(texts) if isinstance(read_hours(text), Unreadable)}
    return {"hours_given": len(texts), "hours_unread": sum(text in unread for text in texts)}


def _areas(region: Region) -> gpd.GeoDataFrame:
    """Areas by RUN_AREAS, with what lies beside the nesting."""
    beside = [id_column(level) for level in LEVELS if level not in ("district", "amt", "municipality", "locality")]
    rows = region.areas.copy()
    also = []
    for area_id, level in rows[["area_id", "level"]].itertuples(index=False):
        upper = region.upper_of(area_id) if level in ("municipality", "locality") else {}
        also.append(sorted({str(upper[c]) for c in beside if upper.get(c)}))
    rows["also_in"] = pd.Series(also, index=rows.index, dtype=object)
    rows["ags"] = [
        a[:8] if lv in ("municipality", "locality") else None
        for a, lv in zip(rows["area_id"], rows["level"], strict=True)
    ]
    return rows[[*RUN_AREAS.names, "geometry"]].sort_values("area_id", ignore_index=True)
