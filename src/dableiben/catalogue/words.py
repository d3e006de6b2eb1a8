# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The words of a service for its sentences: from label and article to the forms a sentence needs."""

from __future__ import annotations

from dataclasses import dataclass

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.text import Lang, speaker

_GERMAN = {
    "der": {
        "one": "ein", "one_acc": "einen", "none": "kein", "none_acc": "keinen", "this": "dieser",
        "to_this": "zu diesem", "to_nearest": "zum nächsten",
    },
    "die": {
        "one": "eine", "one_acc": "eine", "none": "keine", "none_acc": "keine", "this": "diese",
        "to_this": "zu dieser", "to_nearest": "zur nächsten",
    },
    "das": {
        "one": "ein", "one_acc": "ein", "none": "kein", "none_acc": "kein", "this": "dieses",
        "to_this": "zu diesem", "to_nearest": "zum nächsten",
    },
}  # fmt: skip


@dataclass(frozen=True)
class ServiceWords:
    """Words of a kind or pool in one language; German forms are declined by the article of the card."""

    label: str
    plural: str
    one: str
    """eine Kita (subject)"""
    one_acc: str
    """einen Hort (object)"""
    none: str
    none_acc: str
    this: str
    to_this: str
    to_nearest: str
    """zur nächsten Kita"""
    the_nearest: str
    """die nächste (without the noun)"""
    users: str
    """those in need, plural without article"""
    unit: str
    units: str
    unit_id: str
    """capacity unit of the card; facility where the kind has none"""


def service_words(catalogue: Catalogue, service_id: str, lang: Lang) -> ServiceWords:
    """Words of a service (kind or pool). Errors: KeyError for an unknown id."""
    service = catalogue.pools.get(service_id) or catalogue.kinds[service_id]
    users = service.users or catalogue.groups[service.groups[0].group].users
    unit = service.capacity_unit or "facility"
    say = speaker(catalogue, lang)
    label, plural = getattr(service.label, lang), getattr(service.plural, lang)
    if lang == "de":
        forms = {name: f"{stem} {label}" for name, stem in _GERMAN[service.article].items()}
        forms["the_nearest"] = f"{service.article} nächste"
    else:
        one = ("an " if label[0].lower() in "aeio" else "a ") + label
        forms = {
            "one": one,
            "one_acc": one,
            "none": f"no {label}",
            "none_acc": f"no {label}",
            "this": f"this {label}",
        }
        forms |= {
            "to_this": f"to this {label}",
            "to_nearest": f"to the nearest {label}",
            "the_nearest": "the nearest",
        }
    return ServiceWords(
        label=label,
        plural=plural,
        users=getattr(users, lang),
        unit=say.render(f"unit.{unit}.one"),
        units=say.render(f"unit.{unit}.many"),
        unit_id=unit,
        **forms,
    )


def cause_words(catalogue: Catalogue, service_id: str, cause: str, lang: Lang) -> str:
    """The cause of a gap in the words of a service: too few posts, where posts are counted and not places."""
    say = speaker(catalogue, lang)
    if cause != "capacity":
        return say.render(f"cause.{cause}")
    return say.render("cause.capacity_of", units=service_words(catalogue, service_id, lang).units)
