# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""region.toml: what a region is, as a person may read and edit it."""

from __future__ import annotations

import datetime as dt
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import tomlkit
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from tomlkit.items import AoT

from dableiben.core.errors import InputError
from dableiben.core.ids import land_of
from dableiben.core.refusal import first_refusal

FORMAT = 1
FILE_NAME = "region.toml"
AreaKey = Annotated[str, StringConstraints(pattern=r"^\d{2}(\d{3}(\d{3})?)?$")]
Share = Annotated[float, Field(ge=0, le=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InputFile(_Part):
    """A copy of a file that was given, inside the folder."""

    file: str
    role: Literal["osm", "population", "areas", "statistics", "register", "gtfs", "segments", "commuters", "transport"]
    sha256: str


class Carless(_Part):
    """Share of persons in households without a car; a source is mandatory."""

    share: Share | None = None
    share_by_group: dict[str, Share] = {}
    source: str


class StructurallyWeak(_Part):
    """Whether the region counts as structurally weak, and who says so."""

    value: bool
    source: str


class Norms(_Part):
    """Benchmarks and case law the region adopts as standards for comparison."""

    adopt: tuple[str, ...] = ()


class Choice(_Part):
    """Decisions between sources that differ."""

    population_basis: Literal["register", "official"] = "register"


class SchoolHolidays(_Part):
    """School holidays that differ from those of the Land, or of a year that is not on record."""

    name: str = Field(min_length=1)
    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> SchoolHolidays:
        if self.first > self.last:
            raise ValueError("first liegt nach last")
        return self


class CalendarSettings(_Part):
    """What differs from the calendar of the Land."""

    catholic: bool = False
    """Mariä Himmelfahrt and Fronleichnam are public holidays where the law leaves it to the municipality"""
    school_holidays: tuple[SchoolHolidays, ...] = ()
    """they take the place of all that is on record for each year they touch"""


class CheckDefaults(_Part):
    """What `check` is asked for if neither a flag nor the environment says so."""

    year: int | None = None
    kinds: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    date: dt.date | None = None
    season: str | None = None
    workers: int | None = None


class SegmentText(_Part):
    """A segment of people who live in several places, as in a table of segments (core.inputs.SEGMENTS)."""

    name: str | None = None
    view: str
    """Incoming, Outgoing or ansässig"""
    reason: str | None = None
    municipality: str | None = None
    locality: str | None = None
    persons_low: float | None = None
    persons_best: float | None = None
    persons_high: float | None = None
    rule: str | None = None
    present: str | None = None
    """when they are here: "Mo-Do", "Fr 18:00-Mo 6:00" """
    season: str | None = None
    age_from: int | None = None
    age_to: int | None = None
    working_time: str | None = None
    stay_children_u3: float | None = None
    stay_children_3_to_school: float | None = None
    stay_primary_pupils: float | None = None
    stay_persons_75: float | None = None
    pair: str | None = None
    source: str | None = None
    as_of: date | None = None


class RegionConfig(_Part):
    """The whole of region.toml (format 1)."""

    format: Literal[1]
    name: str = Field(min_length=1)
    land: str | None = None
    ags: tuple[AreaKey, ...] = ()
    """keys of the district or of the municipalities that are assessed; empty = all that the files hold"""
    made_up: bool = False
    structurally_weak: StructurallyWeak | None = None
    inputs: tuple[InputFile, ...] = ()
    carless: Carless | None = None
    norms: Norms = Norms()
    choice: Choice = Choice()
    calendar: CalendarSettings = CalendarSettings()
    check: CheckDefaults = CheckDefaults()
    segments: tuple[SegmentText, ...] = ()


def read_config(folder: Path) -> RegionConfig:
    """The region.toml of a folder.

    Errors: InputError if it is missing, no TOML, breaks the schema, or is of another format.
    """
    found = read_format(folder)
    path = folder / FILE_NAME
    if found < FORMAT:
        raise InputError(
            "region-too-old", f"Der Ordner hat das ältere Format {found}.",
            "Einmal „dableiben upgrade“ aufrufen.", file=path,
        )  # fmt: skip
    try:
        return RegionConfig.model_validate(_content(folder))
    except ValidationError as error:
        where, sentence = first_refusal(error)
        raise InputError(
            "region-not-valid", sentence, "Den Eintrag nach docs/formats.md berichtigen.", file=path, column=where,
        ) from error  # fmt: skip


def read_format(folder: Path, *, newest: int = FORMAT) -> int:
    """The format a folder says it has. Errors: InputError if it says none or a newer one than `newest`."""
    path = folder / FILE_NAME
    found = _content(folder).get("format")
    if not isinstance(found, int) or isinstance(found, bool):
        raise InputError(
            "region-without-format", "Der Eintrag „format“ fehlt oder ist keine ganze Zahl.",
            f"Als erste Zeile „format = {newest}“ eintragen.", file=path, column="format",
        )  # fmt: skip
    if found > newest:
        raise InputError(
            "region-too-new", f"Der Ordner hat Format {found}; diese Fassung kennt Format {newest}.",
            "dableiben aktualisieren.", file=path,
        )  # fmt: skip
    return found


def existing(folder: Path) -> Path:
    """The folder itself. Errors: InputError if it holds no region.toml."""
    if not (folder / FILE_NAME).is_file():
        raise InputError(
            "region-missing",
            f"„{folder.name}“ ist kein Regionsordner: {FILE_NAME} fehlt.",
            "Mit „dableiben init“ einen Ordner anlegen oder den Pfad prüfen.",
        )
    return folder


def _content(folder: Path) -> dict[str, Any]:
    path = existing(folder) / FILE_NAME
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            "region-not-toml", f"{FILE_NAME} ist nicht lesbar: {error}.",
            "Die genannte Stelle berichtigen.", file=path,
        ) from error  # fmt: skip


def write_config(config: RegionConfig, path: Path) -> None:
    """Write region.toml so that a person can read it; unset parts are left out."""
    content = config.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    document = tomlkit.document()
    document.add(tomlkit.comment("Region für dableiben; darf von Hand geändert werden."))
    document["format"] = FORMAT
    for key, value in content.items():
        if key not in ("format", "inputs"):
            document[key] = value
    if config.inputs:
        document["inputs"] = _tables(config.inputs)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")


def write_inputs(folder: Path, inputs: tuple[InputFile, ...]) -> None:
    """Replace the list of inputs in region.toml in one go; what a person wrote there stays as it is."""
    path = folder / FILE_NAME
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    present = document.get("inputs")
    known = [dict(entry) for entry in present.unwrap()] if isinstance(present, AoT) else []
    wanted = [entry.model_dump(mode="json") for entry in inputs]
    if isinstance(present, AoT) and wanted[: len(known)] == known:
        # Comments below a table belong to it in TOML: entries that stay are not written anew.
        for entry in wanted[len(known) :]:
            present.append(tomlkit.item(entry))
    else:
        document["inputs"] = _tables(inputs)
    aside = folder / f".{FILE_NAME}.new"
    aside.write_text(tomlkit.dumps(document), encoding="utf-8")
    aside.replace(path)


def _tables(inputs: tuple[InputFile, ...]) -> AoT:
    tables = tomlkit.aot()
    for entry in inputs:
        tables.append(tomlkit.item(entry.model_dump(mode="json")))
    return tables


def config_from(*, name: str, land: str | None, ags: tuple[str, ...]) -> RegionConfig:
    """A new region.toml from what `init` was given.

    Errors: InputError for a key that is none, or a Land in which a key does not lie.
    """
    for key in ags if land else ():
        if land_of(key) not in (None, (land or "").upper()):
            raise InputError(
                "land-contradicts", f"Der Schlüssel {key} liegt in {land_of(key)}, nicht in {land}.",
                "--land weglassen oder --ags berichtigen.",
            )  # fmt: skip
    try:
        return RegionConfig(format=1, name=name, land=land.upper() if land else None, ags=ags)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(
            "option-not-valid", f"„{first['input']}“ ist kein gültiger Wert für {first['loc'][0]}.",
            "Schlüssel mit 2, 5 oder 8 Ziffern angeben, z. B. 06440.",
        ) from error  # fmt: skip
