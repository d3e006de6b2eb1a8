# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What a run is asked for: flag, else environment DABLEIBEN_*, else region.toml, else the packaged default.

DABLEIBEN_DEBUG, DABLEIBEN_CI and DABLEIBEN_FETCH_BASE are switches for developers, no settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, get_args

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.schema import Mode
from dableiben.core.errors import InputError
from dableiben.core.seasons import Season, read_season
from dableiben.gaps.settings import DIMENSIONS, Settings
from dableiben.store.config import FILE_NAME, CheckDefaults

T = TypeVar("T")
Value = int | str | date | Sequence[str] | None
NAMES = ("year", "kinds", "modes", "dimensions", "workers", "date", "season")
BUS: Mode = "bus"


@dataclass(frozen=True)
class Resolved:
    """Settings of one run, and the year of the population (None = the latest)."""

    year: int | None
    settings: Settings


def resolve(
    flags: Mapping[str, Value], environment: Mapping[str, str], folder: CheckDefaults, catalogue: Catalogue
) -> Resolved:
    """Resolve every setting by the first layer that says something; an empty value says nothing.

    flags        by NAMES; lists as "kita,schule" or as a sequence
    environment  process environment; DABLEIBEN_YEAR, DABLEIBEN_KINDS, ...
    folder       [check] of region.toml
    Errors: InputError that names the layer with the value that cannot be used.
    """
    layers = _Layers(flags, environment, folder)
    known_kinds = sorted({*catalogue.kinds, *catalogue.pools})
    kinds = layers.first("kinds", lambda value: _words(value, known_kinds))
    ways = [mode for mode in get_args(Mode) if mode in {*catalogue.modes, *catalogue.transit}]
    modes = layers.first("modes", lambda value: _words(value, ways))
    streets = tuple(mode for mode in modes or () if mode != BUS)
    dimensions = layers.first("dimensions", lambda value: _words(value, DIMENSIONS))
    return Resolved(
        year=layers.first("year", lambda value: _whole(value, least=1900)),
        settings=Settings(
            # Who takes the bus walks to it.
            modes=streets or (("foot",) if modes else catalogue.assessment.default_modes),
            kinds=kinds or (),
            dimensions=dimensions or DIMENSIONS,
            workers=layers.first("workers", lambda value: _whole(value, least=1)) or 1,
            rides=modes is None or BUS in modes,
            day=layers.first("date", _day),
            season=layers.first("season", _season),
        ),
    )


@dataclass(frozen=True)
class _Layers:
    flags: Mapping[str, Value]
    environment: Mapping[str, str]
    folder: CheckDefaults

    def first(self, name: str, read: Callable[[Value], T]) -> T | None:
        """Value of the highest layer that says something, read; None if none does."""
        for origin, value in self._said(name):
            if value is None or value in ("", ()):
                continue
            try:
                return read(value)
            except ValueError as error:
                raise InputError("setting-not-valid", f"{origin}: {error.args[0]}", error.args[1]) from error
        return None

    def _said(self, name: str) -> Iterator[tuple[str, Value]]:
        yield f"--{name}", self.flags.get(name)
        variable = f"DABLEIBEN_{name.upper()}"
        yield f"Umgebungsvariable {variable}", self.environment.get(variable, "").strip()
        yield f"{FILE_NAME}, Eintrag check.{name}", getattr(self.folder, name)


def _words(value: Value, known: Sequence[str]) -> tuple[str, ...]:
    """Known words in the order of `known`, so that the order of asking changes nothing."""
    parts = value.split(",") if isinstance(value, str) else [str(part) for part in value or ()]  # type: ignore[union-attr]
    words = {part.strip() for part in parts if part.strip()}
    for wrong in sorted(words - set(known)):
        raise ValueError(f"„{wrong}“ gibt es nicht.", f"Möglich sind: {', '.join(known)}.")
    return tuple(word for word in known if word in words)


def _day(value: Value) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"„{value}“ ist kein Tag.", "Einen Tag wie 2026-07-15 angeben.") from None


def _season(value: Value) -> Season:
    found = read_season(str(value))
    if found is None:
        repair = "Monate („Juli-August“), Ferien („Sommerferien“) oder Tage („15.6.-20.9.“) angeben."
        raise ValueError(f"„{value}“ ist keine Saison.", repair)
    return found


def _whole(value: Value, *, least: int) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = least - 1
    if number < least:
        raise ValueError(f"„{value}“ ist keine ganze Zahl ab {least}.", "Die Zahl berichtigen oder weglassen.")
    return number
