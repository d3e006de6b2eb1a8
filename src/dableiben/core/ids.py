# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Official keys as text: AGS (8 digits), ARS (12 digits), Länder; and short stable ids."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from dableiben.core.errors import InputError

LAND_BY_KEY = {
    "01": "SH", "02": "HH", "03": "NI", "04": "HB", "05": "NW", "06": "HE", "07": "RP", "08": "BW",
    "09": "BY", "10": "SL", "11": "BE", "12": "BB", "13": "MV", "14": "SN", "15": "ST", "16": "TH",
}  # fmt: skip


def ags_from_ars(ars: str) -> str:
    """AGS of a 12-digit ARS: the ARS without positions 6 to 9 (the municipal association)."""
    if not re.fullmatch(r"\d{12}", ars):
        raise ValueError(f"not an ARS: {ars!r}")
    return ars[:5] + ars[9:12]


def parse_ags(text: object, *, length: int = 8) -> tuple[str, bool]:
    """Read an AGS that may have lost its leading zero in a spreadsheet.

    Returns the key as text of `length` digits and whether a zero was put back.
    Errors: InputError if the text holds anything but digits or has an impossible length.
    """
    raw = re.sub(r"\s", "", str(text))
    raw = raw[:-2] if re.fullmatch(r"\d+\.0", raw) else raw
    if re.fullmatch(rf"\d{{{length}}}", raw) and raw[:2] in LAND_BY_KEY:
        return raw, False
    if re.fullmatch(rf"\d{{{length - 1}}}", raw) and "0" + raw[:1] in LAND_BY_KEY:
        return "0" + raw, True
    raise InputError(
        "ags-not-valid",
        f"„{text}“ ist kein amtlicher Schlüssel mit {length} Ziffern.",
        "Den Schlüssel als Text mit führender Null eintragen, z. B. 06440001.",
    )


def land_of(key: str) -> str | None:
    """Land code (e.g. ``MV``) of an AGS or ARS, None if the key starts with no Land."""
    return LAND_BY_KEY.get(key[:2])


def short_id(*parts: str, length: int = 12) -> str:
    """A stable id from its parts: equal parts give the same id in every run and on every machine."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:length]


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug(text: str) -> str:
    """A name as a key: lower-case ASCII with hyphens, umlauts spelled out; equal spellings meet."""
    lowered = unicodedata.normalize("NFKC", text).lower().translate(_UMLAUTS)
    ascii_text = unicodedata.normalize("NFKD", lowered).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


def cell_point_id(x_m: float, y_m: float) -> str:
    """Id of a place that stands for a cell where no grid cell is: its point in metres."""
    return f"pointN{y_m:.0f}E{x_m:.0f}"
