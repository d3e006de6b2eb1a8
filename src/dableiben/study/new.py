# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Write blanks of cards, indicators and readers; nothing that exists is touched."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from dableiben.catalogue.load import load_catalogue
from dableiben.catalogue.new_card import BLANKS, Blank, new_files
from dableiben.core.errors import InputError
from dableiben.gaps.rating import RATINGS
from dableiben.sources.base import READERS
from dableiben.store.config import FILE_NAME

CODE = ("indicator", "source")


def write_blank(what: str, name: str, folder: Path) -> list[Path]:
    """Write the files of a blank into a folder: cards into its cards/, code beside them. Returns their paths.

    Errors: InputError for an unknown sort, an id that cannot be one or is taken, a file that exists, and for code
    in a region folder.
    """
    if what not in BLANKS:
        possible = f"Möglich sind: {', '.join(BLANKS)}."
        raise InputError("blank-unknown", f"„{what}“ kann nicht angelegt werden.", possible)
    if not folder.is_dir():
        raise InputError("folder-missing", f"Den Ordner „{folder}“ gibt es nicht.", "Ihn zuerst anlegen.")
    if what in CODE and (folder / FILE_NAME).exists():
        raise InputError(
            "code-in-region", "Aus dem Ordner einer Region läuft kein Programm.",
            "Mit --folder einen anderen Ordner nennen, etwa den eines eigenen Python-Pakets.",
        )  # fmt: skip
    content = {folder / place: text for place, text in new_files(what, name, _today()).items()}
    if name in _taken(what, folder):
        raise InputError(
            "card-id-taken", f"Die Kennung „{name}“ gibt es schon.",
            "Eine andere Kennung wählen; um eine Karte zu ersetzen, ihre Datei in den Ordner cards kopieren.",
        )  # fmt: skip
    for path in content:
        if path.exists():
            raise InputError("file-exists", f"„{path}“ gibt es schon.", "Eine andere Kennung wählen.")
    for path, text in content.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(content)


def _taken(what: Blank, folder: Path) -> set[str]:
    catalogue = load_catalogue(folder / "cards")
    if what == "source":
        return set(READERS)
    if what == "indicator":
        keys = {key for card in catalogue.sentences.values() for key in card.sentences}
        return {*RATINGS, *catalogue.sentences, *(key.removeprefix("indicator.") for key in keys)}
    if what == "kind":
        return {*catalogue.kinds, *catalogue.pools}
    return set(catalogue.norms if what == "norm" else catalogue.groups)


def _today() -> date:
    return datetime.now().astimezone().date()
