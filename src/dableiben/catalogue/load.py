# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Load the packaged cards, then the region's own cards on top; conflicts and overlays are kept visible."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import yaml
from pydantic import ValidationError

from dableiben.catalogue.modes import TransitRules, TravelMode
from dableiben.catalogue.presence import PresenceCard
from dableiben.catalogue.schema import (
    AssessmentCard,
    Card,
    FacilityKind,
    Group,
    LandCard,
    Norm,
    Pool,
    Sentences,
)
from dableiben.catalogue.windows import NeedWindow
from dableiben.core.errors import InputError
from dableiben.core.refusal import first_refusal
from dableiben.core.school_year import EntryRule

C = TypeVar("C", bound=Card)

FOLDERS: dict[str, type[Card]] = {
    "kinds": FacilityKind,
    "pools": Pool,
    "groups": Group,
    "norms": Norm,
    "modes": TravelMode,
    "windows": NeedWindow,
    "transit": TransitRules,
    "laender": LandCard,
    "presence": PresenceCard,
    "assessment": AssessmentCard,
    "sentences": Sentences,
}


@dataclass(frozen=True)
class Catalogue:
    """All cards by id, sorted; `own` names the cards that came from the region folder."""

    kinds: dict[str, FacilityKind]
    pools: dict[str, Pool]
    groups: dict[str, Group]
    norms: dict[str, Norm]
    modes: dict[str, TravelMode]
    windows: dict[str, NeedWindow]
    transit: dict[str, TransitRules]
    laender: dict[str, LandCard]
    presence: PresenceCard
    assessment: AssessmentCard
    sentences: dict[str, Sentences]
    own: frozenset[str] = field(default_factory=frozenset)
    """folder/id of cards that were added or replaced by the region"""

    def services(self) -> dict[str, FacilityKind | Pool]:
        """What is assessed, by id: pools, and kinds that belong to no pool."""
        every: dict[str, FacilityKind | Pool] = {k: v for k, v in self.kinds.items() if v.pool is None}
        every.update(self.pools)
        return dict(sorted(every.items()))

    def members(self, service: str) -> tuple[str, ...]:
        """Facility kinds that serve a service: the pool's kinds, or the kind itself."""
        return self.pools[service].kinds if service in self.pools else (service,)

    def is_own(self, folder: str, card_id: str) -> bool:
        """Whether a card came from the region folder."""
        return f"{folder}/{card_id}" in self.own

    def entry_rule(self, land: str) -> EntryRule:
        """School-entry rule of a Land. Errors: InputError if the Land has no card."""
        for card in self.laender.values():
            if card.land == land:
                return EntryRule(
                    cutoff_month=card.entry_cutoff_month,
                    cutoff_day=card.entry_cutoff_day,
                    start_month=card.school_start_month,
                    start_day=card.school_start_day,
                )
        raise InputError(
            "land-unknown",
            f"Für das Land „{land}“ gibt es keine Karte mit dem Stichtag der Einschulung.",
            "Das Kürzel des Landes in region.toml prüfen (z. B. MV) oder cards/laender ergänzen.",
        )


def load_catalogue(own_cards: Path | None = None) -> Catalogue:
    """Packaged cards overlaid by the YAML files under `own_cards` (kinds/, norms/, ...).

    Errors: InputError with file and field for a card that breaks its schema or names an unknown id.
    """
    packaged = files("dableiben.catalogue") / "data"
    cards = {folder: _read_folder(packaged / folder, kind) for folder, kind in FOLDERS.items()}
    own: set[str] = set()
    if own_cards is not None and own_cards.is_dir():
        for folder, kind in FOLDERS.items():
            for card_id, card in _read_folder(own_cards / folder, kind).items():
                cards[folder][card_id] = card
                own.add(f"{folder}/{card_id}")
    catalogue = _assemble(cards, frozenset(own))
    _check_references(catalogue)
    return catalogue


def _assemble(cards: dict[str, dict[str, Card]], own: frozenset[str]) -> Catalogue:
    tables: dict[str, dict[str, Card]] = {name: dict(sorted(table.items())) for name, table in cards.items()}
    # The region's own card of assessment or presence replaces the packaged one, whatever its id.
    single: dict[str, Card] = {}
    for folder in ("assessment", "presence"):
        found = tables.pop(folder)
        single[folder] = found[min(found, key=lambda card_id: (f"{folder}/{card_id}" not in own, card_id))]
    return Catalogue(**tables, **single, own=own)  # type: ignore[arg-type]


def _read_folder(folder: Traversable, model: type[C]) -> dict[str, C]:
    cards: dict[str, C] = {}
    if not folder.is_dir():
        return cards
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.endswith((".yaml", ".yml")):
            card = _read_card(path, model)
            if card.id in cards:
                raise InputError(
                    "card-twice", f"Die Karte „{card.id}“ gibt es zweimal.", "Eine der Karten umbenennen.",
                    file=path.name,
                )  # fmt: skip
            cards[card.id] = card
    return cards


def _read_card(path: Traversable, model: type[C]) -> C:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_UniqueKeyLoader)
    except (yaml.YAMLError, ValueError) as error:  # ValueError: not UTF-8, or a date that cannot be
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            "card-not-yaml", "Die Karte ist kein lesbares YAML.",
            "Einrückung, Anführungszeichen, doppelte Felder und Daten prüfen.",
            file=path.name, row=mark.line + 1 if mark else None,
        ) from error  # fmt: skip
    try:
        return model.model_validate(content)
    except ValidationError as error:
        where, sentence = first_refusal(error)
        raise InputError(
            "card-not-valid", sentence,
            "Die Karte nach der Vorlage berichtigen (dableiben new ... schreibt eine).",
            file=path.name, column=where or None,
        ) from error  # fmt: skip


if TYPE_CHECKING:
    _SafeLoader = yaml.SafeLoader
else:  # the same loader in C, five times as fast, where libyaml is there
    _SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _UniqueKeyLoader(_SafeLoader):
    """YAML that refuses a key given twice: the second would silently win."""


def _unique_mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[object, object]:
    mapping: dict[object, object] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or key in mapping:
            raise yaml.MarkedYAMLError(problem=f"key {key!r}", problem_mark=key_node.start_mark)
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)


def _check_references(catalogue: Catalogue) -> None:
    services = set(catalogue.kinds) | set(catalogue.pools)
    wrong: list[tuple[str, str]] = []
    for kind in catalogue.kinds.values():
        wrong += [(kind.id, g.group) for g in kind.groups if g.group not in catalogue.groups]
        wrong += [(kind.id, house) for house in kind.may_be_part_of if house not in catalogue.kinds]
        if kind.pool is not None and (kind.pool not in catalogue.pools):
            wrong.append((kind.id, kind.pool))
    for pool in catalogue.pools.values():
        wrong += [(pool.id, g.group) for g in pool.groups if g.group not in catalogue.groups]
        members = {kind.id for kind in catalogue.kinds.values() if kind.pool == pool.id}
        wrong += [(pool.id, kind) for kind in sorted(members.symmetric_difference(pool.kinds))]
    texts = {key for card in catalogue.sentences.values() for key in card.sentences}
    for kind in catalogue.kinds.values():
        wrong += [(kind.id, key) for key in kind.sentences if key not in texts]
    for pool in catalogue.pools.values():
        wrong += [(pool.id, key) for key in pool.sentences if key not in texts]
    for norm in catalogue.norms.values():
        wrong += [(norm.id, k) for k in norm.kinds if k not in services]
        groups = [*norm.groups, *([norm.per_group] if norm.per_group else [])]
        wrong += [(norm.id, g) for g in groups if g not in catalogue.groups]
        wrong += [(norm.id, norm.window)] if norm.window and norm.window not in catalogue.windows else []
    rules = catalogue.transit.values()
    wrong += [(rule.id, rule.walk_mode) for rule in rules if rule.walk_mode not in catalogue.modes]
    if wrong:
        card, unknown = sorted(wrong)[0]
        raise InputError(
            "card-reference-unknown", f"Die Karte „{card}“ nennt „{unknown}“, das es im Katalog nicht gibt.",
            "Schreibweise der Kennung prüfen oder die fehlende Karte ergänzen.", file=f"{card}.yaml",
        )  # fmt: skip
