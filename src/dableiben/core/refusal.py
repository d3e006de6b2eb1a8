# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What a pydantic schema refuses, as a German sentence that names the field."""

from __future__ import annotations

from pydantic import ValidationError

_SENTENCES = {
    "missing": "Das Feld „{where}“ fehlt.",
    "extra_forbidden": "Das Feld „{where}“ gibt es nicht; vielleicht ein Schreibfehler.",
    "literal_error": "Im Feld „{where}“ steht ein Wort, das nicht zur Auswahl gehört ({expected}).",
    "union_tag_invalid": "Das Feld „{discriminator}“ nennt keine bekannte Art ({expected_tags}).",
    "union_tag_not_found": "Das Feld „{discriminator}“ fehlt.",
    "model_type": "Das Feld „{where}“ braucht Unterfelder.",
    "model_attributes_type": "Das Feld „{where}“ braucht Unterfelder.",
    "dict_type": "Das Feld „{where}“ braucht Unterfelder.",
    "tuple_type": "Das Feld „{where}“ braucht eine Liste.",
    "string_type": "Das Feld „{where}“ braucht einen Text, gegebenenfalls in Anführungszeichen.",
    "string_pattern_mismatch": "Im Feld „{where}“ steht keine gültige Kennung.",
    "bool_type": "Das Feld „{where}“ braucht true oder false.",
    "bool_parsing": "Das Feld „{where}“ braucht true oder false.",
    "too_short": "Das Feld „{where}“ ist leer.",
    "string_too_short": "Das Feld „{where}“ ist leer.",
    "less_than_equal": "Die Zahl im Feld „{where}“ ist zu groß (höchstens {le}).",
    "less_than": "Die Zahl im Feld „{where}“ ist zu groß (kleiner als {lt}).",
    "greater_than_equal": "Die Zahl im Feld „{where}“ ist zu klein (mindestens {ge}).",
    "greater_than": "Die Zahl im Feld „{where}“ ist zu klein (größer als {gt}).",
    "json_invalid": "Die Zeile ist kein gültiges JSON.",
    "value_error": "Das Feld „{where}“ passt nicht: {error}.",
}
_BY_START = {
    "date": "Im Feld „{where}“ steht kein Datum der Form 2026-11-22.",
    "float": "Im Feld „{where}“ steht keine Zahl.",
    "int": "Im Feld „{where}“ steht keine ganze Zahl.",
}


def first_refusal(error: ValidationError) -> tuple[str, str]:
    """Path of the first refused field ('' = the whole) and what is wrong with it, in German."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    kind = first["type"]
    sentence = _SENTENCES.get(kind) or next((s for start, s in _BY_START.items() if kind.startswith(start)), None)
    if kind in ("model_type", "model_attributes_type") and not where:
        return where, "Der Inhalt ist leer oder besteht nicht aus Feldern."
    if sentence is None:
        return where, f"Der Eintrag „{where}“ ist nicht gültig."
    return where, sentence.format(where=where, **first.get("ctx", {}))
