# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Words for the ids of a released result: services, groups, areas, units, statuses; and their usual order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from dableiben.catalogue.explain import explain_unknown, indicator_sentence
from dableiben.catalogue.group_words import group_label, group_users
from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.schema import DOMAINS, Attribute, FacilityKind, Pool, Responsibility
from dableiben.catalogue.text import Lang, speaker
from dableiben.catalogue.words import cause_words
from dableiben.core.levels import LEVELS
from dableiben.core.run import NormUsed
from dableiben.privacy.released import Released
from dableiben.privacy.texts import INTERNAL_TEXT, PLACE_TEXT, SMALL_TEXT
from dableiben.report.reviewed import is_rejected, rejected_last

ATTRIBUTES: tuple[Attribute, ...] = ("barrier_free", "language", "age_range")
UNCERTAIN = "*"
"""behind the title of a norm whose value was not read in its source"""


def known(value: Any) -> Any:
    """The value, None for every kind of missing one."""
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    return value


class Labels:
    """Words of one released result in one language."""

    def __init__(self, released: Released, catalogue: Catalogue, lang: Lang) -> None:
        self.released, self.catalogue, self.lang = released, catalogue, lang
        self.say = speaker(catalogue, lang)
        reviewed = rejected_last(released.tables["gaps"])
        self.gaps = reviewed[~is_rejected(reviewed)]
        """gaps that stand; `rejected`: those looked at and rejected, which count nowhere"""
        self.rejected = reviewed[is_rejected(reviewed)]
        self._labels: dict[str, str] = {}
        areas = released.areas
        ids = [str(a) for a in areas["area_id"]]
        self.names = dict(zip(ids, (str(n) for n in areas["name"]), strict=True))
        self.levels = dict(zip(ids, (str(x) for x in areas["level"]), strict=True))
        self.parents = {a: known(p) for a, p in zip(ids, areas["parent_id"], strict=True)}

    def word(self, key: str, **values: object) -> str:
        """The sentence or label of a key."""
        return self.say.render(key, **values)

    def has(self, key: str) -> bool:
        """Whether a key has words."""
        return key in self.say.templates

    def label(self, prefix: str, value: Any) -> str | None:
        """The word for a code, e.g. ("cause", "distance"); the code itself where no card has a word for it."""
        value = known(value)
        if value is None:
            return None
        key = f"{prefix}.{value}"
        if key not in self._labels:
            self._labels[key] = self.word(key) if self.has(key) else str(value)
        return self._labels[key]

    def service(self, service_id: str) -> str:
        """Label of a kind or pool."""
        card = self.card(service_id)
        return service_id if card is None else str(getattr(card.label, self.lang))

    def card(self, service_id: str) -> FacilityKind | Pool | None:
        """The card of a kind or pool."""
        return self.catalogue.pools.get(service_id) or self.catalogue.kinds.get(service_id)

    def cause(self, service_id: str, cause: str) -> str:
        """The cause of a gap in the words of a service: too few posts, not too few places."""
        if self.card(service_id) is not None and self.has(f"cause.{cause}"):
            return cause_words(self.catalogue, service_id, cause, self.lang)
        return self.label("cause", cause) or ""

    def duty(self, row: Mapping[str, Any]) -> str | None:
        """Whose task it is: a duty, voluntary, or nothing the municipality could do itself."""
        bodies = {"Land": "land", "Bund": "bund"}
        first = re.split(r"\W", row["responsible_body"] or "", maxsplit=1)[0]
        if row["influence"] == "own" or (row["duty"] == "voluntary" and row["influence"] == "fund"):
            return self.label("duty", row["duty"])
        if row["duty"] == "duty":
            return self.label("duty", bodies.get(first, "duty"))
        return self.label("duty", "not_own")

    def domain(self, service_id: str) -> str | None:
        """The field a service belongs to."""
        card = self.card(service_id)
        return None if card is None else self.word(f"domain.{card.domain}")

    def service_order(self, service_id: str) -> tuple[int, str, str]:
        """Sort key: fields of services in the catalogue's order, then by label."""
        card = self.card(service_id)
        place = len(DOMAINS) if card is None else DOMAINS.index(card.domain)
        return place, self.service(service_id).casefold(), service_id

    def group(self, group_id: str, service: str = "", norm_id: str = "") -> str:
        """Label of a group; of people of a need window theirs, with the household where cars tell them apart."""
        return group_label(self.catalogue, group_id, self.lang, service=service, norm_id=norm_id)

    def users(self, gap: Mapping[str, Any]) -> str:
        """The people of a gap, as they stand behind their number."""
        return group_users(self.catalogue, gap["group"], self.lang, service=gap["kind"], norm_id=gap["norm_id"])

    def area(self, area_id: Any) -> str | None:
        """Name of an area; None for none."""
        area_id = known(area_id)
        return None if area_id is None else self.names.get(area_id, str(area_id))

    def level(self, area_id: Any) -> str | None:
        """Level of an area in words."""
        return self.label("level", self.levels.get(known(area_id) or ""))

    def municipality(self, area_id: Any) -> str | None:
        """Name of the municipality an area is or lies in."""
        at = known(area_id)
        while at is not None and self.levels.get(at) != "municipality":
            at = self.parents.get(at)
        return self.area(at)

    def upwards(self, area_id: str) -> list[str]:
        """Areas an area lies in along the nesting, the nearest first."""
        found, at = [], self.parents.get(area_id)
        while at is not None:
            found.append(at)
            at = self.parents.get(at)
        return found

    def area_order(self, area_id: Any) -> tuple[int, str, str]:
        """Sort key: large areas first, then by name."""
        area_id = known(area_id) or ""
        level = self.levels.get(area_id)
        return LEVELS.index(level) if level else len(LEVELS), self.names.get(area_id, "").casefold(), area_id

    def unit(self, unit: Any) -> str | None:
        """Unit of a target in the plural."""
        unit = known(unit)
        if unit is None:
            return None
        return self.word(f"unit.{unit}.many") if self.has(f"unit.{unit}.many") else str(unit)

    def norm_unit(self, unit: str) -> str:
        """Unit of a norm's value; as it stands on the card where no card of sentences has words for it."""
        return self.label("norm_unit", unit) or ""

    def norm(self, norm_id: str) -> str:
        """Title of a norm that was used, with its legal basis, marked where its value is uncertain."""
        used = self._norms.get(norm_id)
        if used is None:
            return norm_id
        basis = f" ({used['legal_basis']})" if used.get("legal_basis") else ""
        return used["title"][self.lang] + basis + (f" {UNCERTAIN}" if used["uncertain"] else "")

    @cached_property
    def _norms(self) -> dict[str, NormUsed]:
        return {norm["id"]: norm for norm in reversed(self.released.run["norms_used"])}

    def indicator(self, indicator: str, service_id: str, mode: str | None) -> str:
        """An indicator as a sentence; its id where it has none."""
        try:
            return indicator_sentence(self.catalogue, indicator, service_id, self.lang, mode=mode)  # type: ignore[arg-type]
        except KeyError:
            return indicator

    def responsibility(self, service_id: str) -> Responsibility | None:
        """Who answers for a service in this Land."""
        card = self.card(service_id)
        if card is None:
            return None
        return card.responsibility_by_land.get(self.released.run["land"], card.responsibility)

    def open_point(self, reason: str, entry: str, service_id: str, group_id: str, area: str) -> tuple[str, str]:
        """Reason and missing entry of an unknown; results hold them in German, English is found by the words."""
        if self.lang == "de":
            return reason, entry
        for gone in (SMALL_TEXT, PLACE_TEXT, INTERNAL_TEXT):
            reason = gone["en"] if reason == gone["de"] else reason
            entry = gone["en"] if entry == gone["de"] else entry
        pair = self._english_of(service_id, group_id, area).get((reason, entry))
        return pair or (reason, entry)

    def _english_of(self, service_id: str, group_id: str, area: str) -> dict[tuple[str, str], tuple[str, str]]:
        if self.card(service_id) is None or group_id.split(".", 1)[0] not in self.catalogue.groups:
            return {}
        codes = sorted(k.removeprefix("unknown.") for k in self.say.templates if k.startswith("unknown."))
        found = {}
        for code in codes:
            for attribute in ATTRIBUTES:
                said = [
                    explain_unknown(self.catalogue, code, service_id, group_id, lang, area=area, attribute=attribute)
                    for lang in ("de", "en")
                ]
                found[said[0]] = said[1]
        return found

    def attributions(self) -> list[str]:
        """Licence lines of the sources, each once, in the order of the sources."""
        lines = [source["attribution"] for source in self.released.run["sources"]]
        return list(dict.fromkeys(line for line in lines if line))

    def title(self) -> str:
        """Name and year of what is reported."""
        return f"{self.released.run['name']} {self.released.run['year']}"

    def marks(self) -> list[str]:
        """What must stand on every page: made-up data, the council's version."""
        found = [self.word("table.made_up")] if self.released.run["made_up"] else []
        return found + ([self.word("table.council")] if self.released.council else [])

    def listed(self, items: Iterable[str], at_most: int) -> str:
        """Items separated by semicolons; the rest as a number."""
        every = list(items)
        shown = every[:at_most]
        if len(every) > at_most:
            shown.append(self.word("table.more", n=len(every) - at_most))
        return "; ".join(shown)
