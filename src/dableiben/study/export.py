# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Exports of the latest run: always through the disclosure gate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.core.errors import InputError
from dableiben.privacy.gate import release
from dableiben.privacy.released import Released
from dableiben.report.gpkg import write_gpkg
from dableiben.report.html import write_html
from dableiben.report.xlsx import write_xlsx
from dableiben.store.config import read_config
from dableiben.store.folder import RegionFolder
from dableiben.store.tables import read_results

WRITERS: dict[str, Callable[[Released, Catalogue, Path, str], None]] = {
    "html": lambda released, catalogue, path, lang: write_html(released, catalogue, path, lang=lang),  # type: ignore[arg-type]
    "xlsx": lambda released, catalogue, path, lang: write_xlsx(released, catalogue, path, lang=lang),  # type: ignore[arg-type]
    "gpkg": lambda released, catalogue, path, lang: write_gpkg(released, catalogue, path, lang=lang),  # type: ignore[arg-type]
}


def export(root: Path, file_format: str, *, lang: str, council: bool) -> Path:
    """Write one export into the folder of the latest run and return its path.

    Errors: InputError for an unknown format or language, or if there is no run.
    """
    if file_format not in WRITERS:
        raise InputError("format-unknown", f"„{file_format}“ gibt es nicht.", f"Möglich sind: {', '.join(WRITERS)}.")
    if lang not in ("de", "en"):
        raise InputError("language-unknown", f"„{lang}“ gibt es nicht.", "Möglich sind: de, en.")
    read_config(root)
    folder = RegionFolder(root)
    catalogue = load_catalogue(folder.cards)
    name = "report" + ("-council" if council else "") + ("-en" if lang == "en" else "") + f".{file_format}"
    with folder.lock():  # a check that ends meanwhile would replace the folder
        released = release(read_results(folder.latest), catalogue, council=council)
        with TemporaryDirectory(dir=folder.latest, prefix=".") as aside:  # a report appears whole or not at all
            WRITERS[file_format](released, catalogue, Path(aside) / name, lang)
            return (Path(aside) / name).replace(folder.latest / name)
