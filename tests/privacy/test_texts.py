# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A sentence must not say what the table beside it withholds."""

from __future__ import annotations

import pytest

from dableiben.privacy.texts import PLACE_TEXT, SMALL_TEXT, cleaner


@pytest.mark.parametrize(
    "text",
    ["In Birkenau sind 2 Kinder betroffen.", "Es geht um 1,5 Personen.", "zwei Frauen ohne Platz", "2.0 persons remain",
     "Dort leben 1 Person und ein Hund.", "Noch 2 weitere Kinder warten."],
)  # fmt: skip
def test_small_numbers_of_persons_are_taken_out(text: str) -> None:
    assert cleaner((), 3)(text, "de") == SMALL_TEXT["de"]
    assert cleaner((), None)(text, "de") == text


@pytest.mark.parametrize(
    "text",
    ["Rechtsanspruch nach § 24 Abs. 2 SGB VIII für Kinder ab 1.", "0 Kinder sind betroffen.", "Es fehlen 7,8 Plätze.",
     "1.234 Personen wohnen weiter weg.", "Ein Kind hat Anspruch.", "Bei 2 von 16 Kitas fehlt eine Angabe.",
     "3 Kinder warten.", "Kinder unter 3 Jahren", "20,2 Personen"],
)  # fmt: skip
def test_other_numbers_stay(text: str) -> None:
    assert cleaner((), 3)(text, "de") == text


def test_names_of_protected_places_are_taken_out_whole() -> None:
    clean = cleaner(("Haus Zuflucht", "node/17"), None)
    assert clean("Das haus zuflucht ist voll.", "en") == PLACE_TEXT["en"]
    assert clean("Quelle: node/17", "de") == PLACE_TEXT["de"]
    assert clean("Quelle: node/175", "de") == "Quelle: node/175"
