# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which gap comes first, and how sure we are of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dableiben.catalogue.schema import TIERS, AssessmentCard

if TYPE_CHECKING:
    from dableiben.gaps.found import FoundGap
    from dableiben.gaps.service import Frame


def rank_order(gaps: list[FoundGap], card: AssessmentCard) -> list[int]:
    """Positions of the gaps, first to last: by tier, then persons^w1 x severity^w2 (weights of the card).

    Ties by persons, then by kind, group, area: the order never depends on the order of the input.
    """

    def key(position: int) -> tuple[object, ...]:
        gap = gaps[position]
        tier = TIERS.index(gap.norm.norm.tier) if gap.norm.norm.tier else len(TIERS)
        weight = gap.persons[1] ** card.persons_weight * gap.severity**card.severity_weight
        return (tier, -weight, -gap.persons[1], gap.judged.service, gap.group, gap.area_id, gap.cause)

    return sorted(range(len(gaps)), key=key)


def confidence_of(frame: Frame, gap: FoundGap) -> str:
    """high, medium or low.

    low      persons rest on an unknown share of households, or facilities of unknown size take part
    medium   the norm was noted from memory, or the facilities come from OSM alone
    high     otherwise
    """
    if not gap.share_known or gap.has_unknown:
        return "low"
    kinds = frame.catalogue.members(gap.judged.service)
    offers = frame.facilities[frame.facilities["kind"].isin(kinds)]
    listed = bool(offers["restricted"].astype(bool).any())
    return "high" if listed and not gap.norm.uncertain else "medium"
