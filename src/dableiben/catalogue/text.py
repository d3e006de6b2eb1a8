# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Sentences: from the templates of the cards and values to German or English text."""

from __future__ import annotations

import re
import weakref
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from dableiben.catalogue.load import Catalogue

Lang = Literal["de", "en"]
LANGS: tuple[Lang, ...] = ("de", "en")
_LOCALES: dict[Lang, str] = {"de": "de_DE", "en": "en_GB"}
_SPEAKERS: dict[tuple[int, Lang], Speaker] = {}
_DIGITS = {"min": 0, "m": 0, "doctor": 2, "post": 2}
_VERBS: dict[str, dict[Lang, tuple[str, str]]] = {
    "fehlen": {"de": ("fehlt", "fehlen"), "en": ("is", "are")},
    "sind": {"de": ("ist", "sind"), "en": ("is", "are")},
}

_MASCULINE = ("Landkreis", "Kreis", "Altkreis", "Mittelbereich", "Zweckverband")
_NEUTER = ("Amt", "Land")
_FEMININE = ("Region", "Städteregion", "Samtgemeinde", "Verbandsgemeinde", "Gemeinde", "Stadt", "Hansestadt")
_TOWN_WORDS = ("Bad", "Sankt", "St.", "Neu", "Alt", "Groß", "Klein", "Hohen", "Markt")


def render(catalogue: Catalogue, key: str, lang: Lang, **values: object) -> str:
    """The sentence of a key with its values, on one line.

    values   what the template names; persons, minutes and the like as plain numbers
    errors   KeyError for an unknown key; jinja2.UndefinedError for a value that is not given
    """
    return speaker(catalogue, lang).render(key, **values)


def speaker(catalogue: Catalogue, lang: Lang) -> Speaker:
    """The speaker of a catalogue, made once per language."""
    key = (id(catalogue), lang)
    if key not in _SPEAKERS:
        _SPEAKERS[key] = Speaker(catalogue, lang)
        weakref.finalize(catalogue, _SPEAKERS.pop, key, None)
    return _SPEAKERS[key]


class Speaker:
    """Sentences and number formats of one catalogue in one language; holds no reference to the catalogue."""

    def __init__(self, catalogue: Catalogue, lang: Lang) -> None:
        self.lang = lang
        self.environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        self.environment.filters.update(
            zahl=self.number, runde=self.rounded, menge=self.quantity, einheit=self.amount,
            minuten=self.minutes, weg=self.way, prozent=self.share, personen=self.persons, spanne=self.span,
            anzahl=self.count,
            fehlen=self.verb_missing, sind=self.verb_be, saldo=self.balance, tag=self.day, gross=_capitalised,
            im_gebiet=in_region, einer_region=region_name,
        )  # fmt: skip
        # A sentence card of the region replaces single keys of ours.
        order = sorted(catalogue.sentences, key=lambda card: (catalogue.is_own("sentences", card), card))
        texts = {key: text for card in order for key, text in catalogue.sentences[card].sentences.items()}
        self.templates: dict[str, str] = {key: getattr(text, lang) for key, text in texts.items()}

        self._compiled: dict[str, Template] = {}

    def render(self, key: str, /, **values: object) -> str:
        """The sentence of a key; see `render`."""
        if key not in self._compiled:
            self._compiled[key] = self.environment.from_string(self.templates[key])
        text = self._compiled[key].render(values)
        # Line breaks of the YAML file are none of the sentence; a leading blank belongs to a part of one.
        return text if key.startswith("household.") else re.sub(r"[ \n]+", " ", text).strip()

    def number(self, value: float, digits: int = 1) -> str:
        """1.234,5; a whole number without decimals."""
        pattern = "#,##0." + "#" * digits if digits else "#,##0"
        return str(format_decimal(half_up(value, digits), format=pattern, locale=_LOCALES[self.lang]))

    def share(self, value: float, digits: int = 0) -> str:
        """0.703 -> 70 %."""
        pattern = "#,##0" + ("." + "#" * digits if digits else "") + ("\u00a0%" if self.lang == "de" else "%")
        return str(format_percent(half_up(value, digits + 2), format=pattern, locale=_LOCALES[self.lang]))

    def minutes(self, value: float) -> str:
        """Whole minutes."""
        return self.amount(value, "min")

    def amount(self, value: float, unit: str) -> str:
        """A number with its unit: 7,8 Plätze; 1 Vollzeitstelle; 30 Minuten."""
        shown = self.quantity(value, unit)
        word = self.templates[f"unit.{unit}.{'one' if shown == '1' else 'many'}"]
        return f"{shown}\u00a0{word}"

    def quantity(self, value: float, unit: str) -> str:
        """A number as its unit is counted: posts in hundredths, places in tenths, minutes whole."""
        return self.number(value, _DIGITS.get(unit, 1))

    def way(self, value: float, unit: str) -> str:
        """A way that was computed, without false precision: 41 Minuten; rund 850 m; rund 4,5 km."""
        if unit != "m":
            return self.amount(value, unit)
        said = self.amount(value / 1000, "km") if value >= 1000 else self.amount(half_up(value / 10) * 10, "m")
        return f"{self.templates['word.about']} {said}"

    def rounded(self, value: float) -> str:
        """Persons without false precision: 7; 1.230; 12.300."""
        step = 1 if value < 1000 else 10 if value < 10000 else 100
        return self.number(half_up(value / step) * step, 0)

    def persons(self, value: float) -> str:
        """Persons without false precision: 7 Personen; 1.230 Personen."""
        if 0 < value < 0.5:
            return self.templates["word.fewer_than_one"]
        shown = self.rounded(value)
        return f"{shown}\u00a0{self.templates['unit.person.one' if shown == '1' else 'unit.person.many']}"

    def span(self, low: float, high: float) -> str:
        """Persons of whom only the span is known: 0 bis 6.010 Personen."""
        if self.rounded(low) == self.rounded(high):
            return self.persons(high)
        return self.render("word.span", low=self.rounded(low), high=self.persons(high))

    def count(self, value: float | None, users: str) -> str:
        """Persons by their own word: 34 Kinder unter 3 Jahren; None = withheld."""
        shown = self.templates["word.withheld"] if value is None else self.persons(value)
        many = self.templates["unit.person.many"]
        if value is not None and shown.endswith(f"\u00a0{many}"):
            return shown.removesuffix(many) + users
        return f"{shown} ({users})"

    def verb_missing(self, value: float, unit: str) -> str:
        """Fehlt or fehlen."""
        return self._verb("fehlen", value, unit)

    def verb_be(self, value: float, unit: str) -> str:
        """Ist or sind."""
        return self._verb("sind", value, unit)

    def _verb(self, verb: str, value: float, unit: str) -> str:
        one, many = _VERBS[verb][self.lang]
        return one if self.amount(value, unit).startswith("1\u00a0") else many

    def balance(self, value: float) -> str:
        """A balance with its sign: +3; −7,8; 0."""
        shown = self.number(abs(value))
        return shown if shown == "0" else ("+" if value > 0 else "−") + shown

    def day(self, value: date) -> str:
        """22.11.2026."""
        return format_date(
            value, format="medium" if self.lang == "de" else "d MMM y", locale=_LOCALES[self.lang]
        )


def half_up(value: float, digits: int = 0) -> float:
    """Rounded as people do by hand: 0.5 becomes 1, 2.5 becomes 3. The noise of the machine's arithmetic is no digit."""
    exact = Decimal(repr(round(float(value), digits + 9)))
    return float(exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)) + 0.0


def in_region(name: str) -> str:
    """Where people live, in German: im Landkreis Ellerland; in Sölten; in der Region „Wetterau Ost“."""
    forms = {"der": f"im {name}", "das": f"im {name}", "die": f"in der {name}", "": f"in {name}"}
    return forms.get(_article(name), f"in der Region „{name}“")


def region_name(name: str) -> str:
    """A region at the head of a German sentence: Der Landkreis Ellerland; Sölten; Die Region „Wetterau Ost“."""
    forms = {"der": f"Der {name}", "das": f"Das {name}", "die": f"Die {name}", "": name}
    return forms.get(_article(name), f"Die Region „{name}“")


def _article(name: str) -> str:
    """Article of a region by its first word; empty for the name of a town, `?` for what is neither."""
    first, *rest = name.split(" ")
    if rest and first in _MASCULINE:
        return "der"
    if rest and first in _NEUTER:
        return "das"
    if rest and first in _FEMININE:
        return "die"
    is_town = re.fullmatch(r"[\w.-]+", name) or (len(rest) == 1 and first in _TOWN_WORDS)
    return "" if is_town else "?"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
