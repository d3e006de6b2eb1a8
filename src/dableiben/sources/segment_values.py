# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What the entries of one segment mean, whether they stand in a table or in region.toml."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from dableiben.core.seasons import read_season
from dableiben.core.week import to_bytes
from dableiben.core.week_words import read_week
from dableiben.sources.cells import NotReadable, ages, day, is_unknown, number, plain, text_of, words_of
from dableiben.sources.columns import spellings
from dableiben.sources.sheets import Cell

ENDS = ("persons_low", "persons_best", "persons_high")
STAYING = ("stay_children_u3", "stay_children_3_to_school", "stay_primary_pupils", "stay_persons_75")
WORDS = ("name", "reason", "municipality", "locality", "rule", "working_time", "pair", "source")
ONE_NUMBER = "eine Zahl, ohne Spanne"
Refuse = Callable[[str, str, str, str], NoReturn]
"""code, message, repair, field -> InputError at its spot"""


@dataclass(frozen=True)
class SegmentEntry:
    """The cells of one segment by field of the contract SEGMENTS, and how to refuse one of them."""

    cells: Mapping[str, Cell]
    refuse: Refuse

    def values(self) -> dict[str, object]:
        """The segment by the contract SEGMENTS, without `source_id`.

        One number of persons alone is a count: it is both ends, and the rule says so. Errors: InputError for what
        cannot be read, no view, no place, an end below the other, a number outside of its interval.
        """
        low, best, high, rule = self._persons()
        if self._text("municipality") is None and self._text("locality") is None:
            self.refuse(
                "segment-without-place", "Das Segment nennt keine Gemeinde.",
                "Die Gemeinde eintragen, von der aus das Segment gesehen ist.", "municipality",
            )  # fmt: skip
        age_from, age_to = self._age("age_from"), self._age("age_to")
        if age_from is not None and age_to is not None and age_to < age_from:
            self.refuse("segment-ages", f"Das Alter endet mit {age_to}, bevor es mit {age_from} beginnt.",
                        "Alter von und bis vertauschen.", "age_to")  # fmt: skip
        return {
            **{name: self._text(name) for name in WORDS},
            **{name: self._amount(name) for name in STAYING},
            "view": self._view(),
            "persons_low": low, "persons_best": best, "persons_high": high, "rule": rule,
            "present_text": self._text("present"), "present": self._present(), "season": self._season(),
            "age_from": age_from, "age_to": age_to, "as_of": self._day(),
        }  # fmt: skip

    def _cell(self, name: str) -> Cell:
        return self.cells.get(name)

    def _text(self, name: str) -> str | None:
        return words_of(self._cell(name))

    def _amount(self, name: str) -> float | None:
        cell = self._cell(name)
        try:
            value = number(cell)
        except NotReadable:
            self.refuse(
                "segment-text-in-number", f"„{text_of(cell)}“ ist keine Zahl.",
                "Nur die Zahl eintragen; ist sie nicht bekannt, die Zelle leer lassen.", name,
            )  # fmt: skip
        if value is not None and value < 0:
            self.refuse("segment-negative", f"Der Wert {value:g} ist negativ.",
                        "Den Wert berichtigen oder die Zelle leeren.", name)  # fmt: skip
        return value

    def _persons(self) -> tuple[float | None, float | None, float | None, str | None]:
        low, best, high = (self._amount(name) for name in ENDS)
        rule = self._text("rule")
        if low is not None and high is not None and low > high:
            self.refuse("segment-interval", f"Mindestens {low:g} ist mehr als höchstens {high:g}.",
                        "Die beiden Zahlen vertauschen oder berichtigen.", "persons_low")  # fmt: skip
        for end, is_outside in ((low, best is not None and low is not None and best < low),
                                (high, best is not None and high is not None and best > high)):  # fmt: skip
            if is_outside:
                self.refuse(
                    "segment-outside-interval", f"{best:g} Personen liegen außerhalb der Spanne (Grenze {end:g}).",
                    "Die Zahl oder die Grenze berichtigen.", "persons_best",
                )  # fmt: skip
        if best is not None and low is None and high is None:
            return best, best, best, rule or ONE_NUMBER
        return low, best, high, rule

    def _view(self) -> str:
        cell = self._cell("view")
        found = spellings().view.get(plain(text_of(cell) or ""))
        if found is None:
            shown = text_of(cell)
            self.refuse(
                "segment-view", f"„{shown}“ ist keine Sicht." if shown else "Dem Segment fehlt die Sicht.",
                "Incoming (zeitweise hier), Outgoing (zeitweise fort) oder ansässig eintragen.", "view",
            )  # fmt: skip
        return found

    def _present(self) -> bytes | None:
        text = self._text("present")
        if text is None:
            return None
        mask = read_week(text)
        if mask is None:
            self.refuse(
                "segment-presence", f"„{text}“ sagt nicht, wann die Menschen hier sind.",
                "Tage und Uhrzeiten eintragen, z. B. „Mo-Do“ oder „Fr 18:00-Mo 6:00“; leer, wenn nicht bekannt.",
                "present",
            )  # fmt: skip
        return to_bytes(mask)

    def _season(self) -> str | None:
        text = self._text("season")
        if text is not None and read_season(text) is None:
            self.refuse(
                "segment-season", f"„{text}“ ist kein Teil des Jahres, der bekannt ist.",
                "„ganzjährig“, Monate („Juli-August“), Ferien („Sommerferien“) oder Tage („15.6.-20.9.“) eintragen.",
                "season",
            )  # fmt: skip
        return text

    def _age(self, name: str) -> int | None:
        cell = self._cell(name)
        if is_unknown(cell):
            return None
        found = ages(cell)
        if found is None:
            self.refuse("segment-age", f"„{text_of(cell)}“ ist kein Alter.", "Jahre eintragen, z. B. 25.", name)
        return found[0] if name == "age_from" else found[1]

    def _day(self) -> object:
        cell = self._cell("as_of")
        try:
            return day(cell)
        except NotReadable:
            self.refuse("segment-date", f"„{text_of(cell)}“ ist kein Datum.",
                        "Das Datum als 31.12.2025 eintragen.", "as_of")  # fmt: skip
