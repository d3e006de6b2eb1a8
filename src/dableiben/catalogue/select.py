# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which norm holds: the region's own cards first, then by tier; never one without a source."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.schema import TIERS, Measure, Norm, NormValue
from dableiben.core.ids import land_of

LIMITS: tuple[Measure, ...] = ("travel_time_max", "distance_max")
"""Measures that limit the way; one service may have either."""

_NEEDS_ADOPTION = ("benchmark", "case_law")


@dataclass(frozen=True)
class ChosenNorm:
    """A norm with its value in force for a place and a day.

    uncertain   the value was noted from memory and must be marked wherever it is used
    own         the card came from the region folder
    """

    norm: Norm
    value: NormValue
    uncertain: bool
    own: bool

    @property
    def number(self) -> float:
        """The value as one number. Errors: ValueError if the card gives one per age year."""
        if isinstance(self.value.value, dict):
            raise ValueError(f"{self.norm.id} has a value per age year, not one number")
        return float(self.value.value)

    def share_at(self, age: int) -> float | None:
        """Share of an age year (uptake_rate); None if the card says nothing about this age."""
        value = self.value.value
        return value.get(age) if isinstance(value, dict) else float(value)


def validity_keys(key: str | None, land: str | None = None) -> tuple[str, ...]:
    """Where a norm may hold for an area, most specific first: AGS, district key, Land, DE.

    key    AGS (8 digits) or district key (5 digits); None for a region without keys
    land   code such as ``MV`` where the key does not tell it (own keys)
    """
    keys: list[str] = []
    if key:
        keys += [key] if len(key) <= 5 else [key, key[:5]]
        land = land_of(key) or land
    return (*keys, *([land] if land else []), "DE")


def norms_in_force(
    catalogue: Catalogue,
    service_id: str,
    measure: Measure | tuple[Measure, ...],
    day: date,
    keys: tuple[str, ...],
    adopted: Collection[str],
    group: str | None = None,
    households: str | None = None,
) -> list[ChosenNorm]:
    """All norms of a measure that hold for a service on a day, the one to use first.

    keys      from `validity_keys`, most specific first
    adopted   ids of benchmark and case-law cards that region.toml adopts; others of these never hold
    group     only norms that hold for this group; None = whatever the group
    households  only norms that speak of these (all, without_car); None = whatever the households
    law       own cards before packaged ones, then by tier, the more specific area, the later date, the id;
              statistic and heuristic never hold, except an uptake rate, which makes need and no gap
    """
    measures = measure if isinstance(measure, tuple) else (measure,)
    found: list[tuple[tuple[int, int, int, int, str], ChosenNorm]] = []
    for norm in catalogue.norms.values():
        if norm.measure not in measures or not _speaks_of(catalogue, norm, service_id):
            continue
        if group is not None and norm.groups and group not in norm.groups:
            continue
        if households is not None and norm.households != households:
            continue
        value = norm.value_on(day, keys)
        if value is None or not _may_hold(norm, adopted):
            continue
        own = catalogue.is_own("norms", norm.id)
        rank = TIERS.index(norm.tier) if norm.tier else len(TIERS)
        order = (not own, rank, keys.index(value.area), -value.valid_from.toordinal(), norm.id)
        found.append((order, ChosenNorm(norm, value, value.certainty == "memory", own)))
    return [chosen for _, chosen in sorted(found, key=lambda pair: pair[0])]


def choose_norm(
    catalogue: Catalogue,
    service_id: str,
    measure: Measure | tuple[Measure, ...],
    day: date,
    keys: tuple[str, ...],
    adopted: Collection[str],
    group: str | None = None,
    households: str | None = None,
) -> ChosenNorm | None:
    """The norm to use for a service, measure and group; None if none is in force (status not_rated)."""
    found = norms_in_force(catalogue, service_id, measure, day, keys, adopted, group, households)
    return next(iter(found), None)


def adoptable(catalogue: Catalogue, day: date, keys: tuple[str, ...]) -> list[str]:
    """Ids of sourced benchmark and case-law cards that a region may adopt, for `init` to propose."""
    return [
        norm.id
        for norm in catalogue.norms.values()
        if norm.binding in _NEEDS_ADOPTION and norm.measure != "information" and norm.value_on(day, keys)
    ]


def drafts(catalogue: Catalogue) -> list[str]:
    """Ids of norms with a value or statement that has no source: shipped as draft, never used."""
    return [
        norm.id
        for norm in catalogue.norms.values()
        if any(not value.source for value in norm.values) or (norm.statement and not norm.statement.source)
    ]


def _speaks_of(catalogue: Catalogue, norm: Norm, service_id: str) -> bool:
    # A norm about a member of a pool (Krippe) speaks of the pool (care under 3): members share one need.
    return service_id in norm.kinds or any(kind in norm.kinds for kind in catalogue.members(service_id))


def _may_hold(norm: Norm, adopted: Collection[str]) -> bool:
    if norm.binding in _NEEDS_ADOPTION:
        return norm.id in adopted
    return norm.tier is not None or norm.measure == "uptake_rate"
