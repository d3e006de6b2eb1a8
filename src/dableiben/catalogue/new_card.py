# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Commented blanks for `dableiben new`: a card, an indicator or a reader to fill in."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Literal

from dableiben.core.errors import InputError

Blank = Literal["kind", "norm", "group", "indicator", "source"]
BLANKS: tuple[Blank, ...] = ("kind", "norm", "group", "indicator", "source")
_PLACE: dict[Blank, str] = {
    "kind": "cards/kinds/{id}.yaml",
    "norm": "cards/norms/{id}.yaml",
    "group": "cards/groups/{id}.yaml",
    "indicator": "cards/sentences/{id}.yaml",
    "source": "{id}.py",
}
_CODE: dict[Blank, dict[str, str]] = {
    "indicator": {"{id}.py": "indicator_code", "test_{id}.py": "indicator_test"},
    "source": {"test_{id}.py": "source_test", "{id}_beispiel.txt": "source_data"},
}
"""further files for developers: place -> blank"""


def new_files(what: Blank, name: str, today: date) -> dict[PurePosixPath, str]:
    """Every file of a blank by its place: the card or reader, then code, test and example data. See `new_blank`."""
    place, text = new_blank(what, name, today)
    further = {PurePosixPath(p.format(id=name)): _filled(b, name, today) for p, b in _CODE.get(what, {}).items()}
    return {place: text, **further}


def new_blank(what: Blank, name: str, today: date) -> tuple[PurePosixPath, str]:
    """Place and text of a blank that loads as it stands; a card's place is relative to the region folder.

    name     id of the new card: lower-case letters, digits, underscore
    today    date of review written into the card
    errors   InputError if the id cannot be one
    """
    pattern = r"N\d{2}[a-z_0-9]*|[a-z][a-z0-9_]*" if what == "norm" else r"[a-z][a-z0-9_]*"
    if not re.fullmatch(pattern, name):
        raise InputError(
            "card-id-not-valid",
            f"„{name}“ kann keine Kennung sein.",
            "Eine Kennung aus kleinen Buchstaben, Ziffern und Unterstrich wählen, z. B. jugendtreff_mobil.",
        )
    return PurePosixPath(_PLACE[what].format(id=name)), _filled(what, name, today)


def _filled(blank: str, name: str, today: date) -> str:
    text = (files("dableiben.catalogue") / "data" / "blanks" / f"{blank}.txt").read_text(encoding="utf-8")
    return text.replace("<id>", name).replace("<heute>", today.isoformat())
