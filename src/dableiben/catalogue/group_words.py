# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The words of a group as it stands in results: residents, people of a need window, with and without a car."""

from __future__ import annotations

from dableiben.catalogue.explain import WITH_CAR, WITHOUT_CAR
from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.schema import Text
from dableiben.catalogue.text import Lang, speaker

HOUSEHOLDS = ((WITHOUT_CAR, "household.without_car"), (WITH_CAR, "household.with_car"))
VIEWS = ("incoming", "outgoing", "resident")


def without_household(group_id: str) -> str:
    """A group as in results without what tells households with and without a car apart."""
    return group_id.removesuffix(WITHOUT_CAR).removesuffix(WITH_CAR)


def group_label(catalogue: Catalogue, group_id: str, lang: Lang, *, service: str = "", norm_id: str = "") -> str:
    """Label of a group: that of its card, or whom its need window speaks about; with the kind of household.

    service, norm_id   what the group was asked about: two windows may tell different people apart by one suffix
    """
    group = catalogue.groups.get(group_id.split(".", maxsplit=1)[0])
    label = group_id.split(".", maxsplit=1)[0] if group is None else str(getattr(group.label, lang))
    return _with_household(catalogue, label, group_id, lang, service, norm_id).rstrip(",")


def group_users(catalogue: Catalogue, group_id: str, lang: Lang, *, service: str = "", norm_id: str = "") -> str:
    """The people of a group in a sentence behind their number: 34 Kinder unter 3 Jahren aus Haushalten ohne Auto."""
    group = catalogue.groups.get(group_id.split(".", maxsplit=1)[0])
    users = group_id.split(".", maxsplit=1)[0] if group is None else str(getattr(group.users, lang))
    return _with_household(catalogue, users, group_id, lang, service, norm_id).rstrip(",")


def _with_household(
    catalogue: Catalogue, words: str, group_id: str, lang: Lang, service: str, norm_id: str
) -> str:
    bare, say = without_household(group_id), speaker(catalogue, lang)
    _, _, audience = bare.partition(".")
    if audience:
        told = _told_by_window(catalogue, f".{audience}", service, norm_id)
        words = _told_by_view(catalogue, audience, words, lang) if told is None else str(getattr(told, lang))
    household = next((say.render(key) for suffix, key in HOUSEHOLDS if group_id.endswith(suffix)), "")
    return words + household


def _told_by_window(catalogue: Catalogue, suffix: str, service: str, norm_id: str) -> Text | None:
    """Whom the window of a norm tells apart by a suffix: that of the norm named, else one for the service."""
    named = [catalogue.norms[norm_id]] if norm_id in catalogue.norms else []
    for norm in [*named, *(norm for norm in catalogue.norms.values() if service in norm.kinds)]:
        window = catalogue.windows.get(norm.window) if norm.window is not None else None
        if window is not None and window.audience.suffix == suffix:
            return window.audience.users
    return None


def _told_by_view(catalogue: Catalogue, audience: str, words: str, lang: Lang) -> str:
    """Words where the card of the window is gone: people who do not live here must not be called residents."""
    say = speaker(catalogue, lang)
    view = next((view for view in VIEWS if audience == view or audience.startswith(f"{view}_")), "part")
    return say.render(f"audience.{view}", group=words)
