# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Flag before environment before region.toml before packaged default, for every setting."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.core.errors import InputError
from dableiben.core.seasons import read_season
from dableiben.gaps.settings import DIMENSIONS
from dableiben.store.config import CheckDefaults
from dableiben.study.settings import NAMES, Resolved, resolve

# One value per layer: flag, environment, region.toml.
VALUES: dict[str, tuple[Any, str, Any]] = {
    "year": (2021, "2022", 2023),
    "kinds": (("kita",), "hort", ("bibliothek",)),
    "modes": (("foot",), "bike", ("car",)),
    "dimensions": (("space",), "content", ("space",)),
    "workers": (2, "3", 4),
    "date": ("2026-07-15", "2026-03-08", date(2027, 3, 8)),
    "season": ("Juli-August", "Sommerferien", "Ferien"),
}
FIELD = {"date": "day"}
"""setting -> its name in Settings, where it differs"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def value_of(resolved: Resolved, name: str) -> Any:
    return resolved.year if name == "year" else getattr(resolved.settings, FIELD.get(name, name))


def as_read(name: str, value: Any) -> Any:
    """A value of the environment as the setting holds it."""
    if name == "date":
        return date.fromisoformat(str(value))
    if name == "season":
        return read_season(value)
    if not isinstance(value, str):
        return value
    return int(value) if value.isdigit() else (value,)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("layers", range(8))
def test_the_first_layer_that_says_something_wins(catalogue: Catalogue, name: str, layers: int) -> None:
    flag, variable, folder = (v if layers >> i & 1 else None for i, v in enumerate(VALUES[name]))
    flags = {} if flag is None else {name: flag}
    environment = {} if variable is None else {f"DABLEIBEN_{name.upper()}": variable}
    defaults = CheckDefaults() if folder is None else CheckDefaults(**{name: folder})
    packaged = {
        "year": None,
        "kinds": (),
        "modes": catalogue.assessment.default_modes,
        "dimensions": DIMENSIONS,
        "workers": 1,
        "date": None,
        "season": None,
    }
    said = [v for v in (flag, variable, folder) if v is not None]
    expected = as_read(name, said[0]) if said else packaged[name]
    assert value_of(resolve(flags, environment, defaults, catalogue), name) == expected


def test_the_order_of_asking_changes_nothing(catalogue: Catalogue) -> None:
    one = resolve({"modes": ("car", "foot"), "kinds": "hort, kita,kita"}, {}, CheckDefaults(), catalogue)
    other = resolve({"modes": ("foot", "car"), "kinds": ("kita", "hort")}, {}, CheckDefaults(), catalogue)
    assert one == other
    assert one.settings.modes == ("foot", "car")


def test_empty_says_nothing(catalogue: Catalogue) -> None:
    environment = {f"DABLEIBEN_{name.upper()}": " " for name in NAMES}
    flags: dict[str, Any] = {"kinds": (), "modes": "", "year": None}
    plain = resolve({}, {}, CheckDefaults(), catalogue)
    assert resolve(flags, environment, CheckDefaults(), catalogue) == plain


@pytest.mark.parametrize(
    ("flags", "environment", "folder", "words"),
    [
        ({"modes": ("auto",)}, {}, {}, ["--modes", "auto", "foot, bike, car"]),
        ({}, {"DABLEIBEN_MODES": "auto"}, {}, ["DABLEIBEN_MODES", "auto"]),
        ({}, {}, {"modes": ("auto",)}, ["region.toml", "check.modes", "auto"]),
        ({"kinds": ("kitta",)}, {}, {}, ["--kinds", "kitta", "kita"]),
        ({"dimensions": ("zeit",)}, {}, {}, ["--dimensions", "zeit", "content, space, time"]),
        ({"date": "8.3.2027"}, {}, {}, ["--date", "8.3.2027", "2026-07-15"]),
        ({"season": "irgendwann"}, {}, {}, ["--season", "irgendwann", "Juli-August"]),
        ({"workers": 0}, {}, {}, ["--workers", "0", "ab 1"]),
        ({}, {"DABLEIBEN_WORKERS": "viele"}, {}, ["DABLEIBEN_WORKERS", "viele"]),
        ({}, {"DABLEIBEN_YEAR": "20x5"}, {}, ["DABLEIBEN_YEAR", "20x5"]),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_with_its_layer(
    catalogue: Catalogue, flags: Any, environment: Any, folder: Any, words: list[str]
) -> None:
    with pytest.raises(InputError) as refused:
        resolve(flags, environment, CheckDefaults(**folder), catalogue)
    text = str(refused.value)
    assert all(re.search(re.escape(word), text) for word in words), text


def test_switches_of_developers_are_no_settings(catalogue: Catalogue) -> None:
    environment = {"DABLEIBEN_CI": "1", "DABLEIBEN_DEBUG": "1", "DABLEIBEN_FETCH_BASE": "http://localhost"}
    assert resolve({}, environment, CheckDefaults(), catalogue) == resolve({}, {}, CheckDefaults(), catalogue)
