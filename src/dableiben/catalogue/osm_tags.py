# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From OSM tags to facility kinds: the tag rules of all cards as one quick matcher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dableiben.catalogue.load import Catalogue

_GONE = ("disused", "abandoned", "demolished", "removed", "razed")


@dataclass(frozen=True)
class _Condition:
    """One key of a rule. Values are compared without regard to case; `a;b` in OSM means both."""

    key: str
    values: frozenset[str]
    """empty = any value"""
    negated: bool

    def holds(self, tags: Mapping[str, str]) -> bool:
        value = tags.get(self.key)
        if value is None:
            return self.negated
        found = not self.values or not self.values.isdisjoint(_parts(value))
        return found is not self.negated


@dataclass(frozen=True)
class _Rule:
    kind: str
    possible: bool
    conditions: tuple[_Condition, ...]
    """without the anchor, which the index has found already"""


def _parts(value: str) -> list[str]:
    return [part.strip().casefold() for part in value.split(";")]


def _condition(key: str, text: str) -> _Condition:
    negated = text.startswith("!")
    text = text.removeprefix("!")
    listed = [] if text in ("", "*") else text.split("|")
    return _Condition(key, frozenset(part.strip().casefold() for part in listed), negated)


class KindMatcher:
    """Tells which facility kinds a set of OSM tags stands for, and whether it is certain."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._by_tag: dict[tuple[str, str], list[_Rule]] = {}
        self._by_key: dict[str, list[_Rule]] = {}
        for kind in catalogue.kinds.values():
            for tags in kind.osm:
                self._add(kind.id, tags, possible=False)
            for tags in kind.osm_possible:
                self._add(kind.id, tags, possible=True)
        self.keys: frozenset[str] = frozenset(key for key, _ in self._by_tag) | frozenset(self._by_key)
        """an object without any of these keys matches nothing"""

    def _add(self, kind: str, tags: Mapping[str, str], *, possible: bool) -> None:
        conditions = [_condition(key, text) for key, text in sorted(tags.items())]
        # The rarest key would be best as anchor; a key with listed values is good enough.
        wanted = [c for c in conditions if not c.negated]
        anchor = min(wanted, key=lambda c: (not c.values, len(c.values), c.key))
        rule = _Rule(kind, possible, tuple(c for c in conditions if c is not anchor))
        if not anchor.values:
            self._by_key.setdefault(anchor.key, []).append(rule)
        for value in sorted(anchor.values):
            self._by_tag.setdefault((anchor.key, value), []).append(rule)

    def match(self, tags: Mapping[str, str]) -> list[tuple[str, bool]]:
        """Pairs (kind id, possible) in the order of the ids; certain beats possible for each kind.

        tags   of one node, way or relation; facilities that are marked as gone match nothing
        """
        found: dict[str, bool] = {}
        for key in self.keys & tags.keys():
            rules = list(self._by_key.get(key, ()))
            for value in _parts(tags[key]):
                rules += self._by_tag.get((key, value), ())
            for rule in rules:
                if found.get(rule.kind, True) and all(c.holds(tags) for c in rule.conditions):
                    found[rule.kind] = rule.possible and found.get(rule.kind, True)
        if found and any(tags.get(key) == "yes" for key in _GONE):
            return []
        return sorted(found.items())
