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
    blank = (files("dableiben.catalogue") / "data" / "blanks" / f"{what}.txt").read_text(encoding="utf-8")
    text = blank.replace("<id>", name).replace("<heute>", today.isoformat())
    return PurePosixPath(_PLACE[what].format(id=name)), text
