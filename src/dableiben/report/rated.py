# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which services were checked, and for which of them a norm was in force: one answer for page and workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dableiben.report.labels import Labels
from dableiben.report.sheet import Record, records

EXACT = 1e-9


def services(labels: Labels) -> list[str]:
    """Services that were checked."""
    named: Any = labels.released.run["settings"].get("kinds")
    return list(named) if named else sorted(set(labels.released.tables["coverage"]["kind"]))


def is_rated(row: Record) -> bool:
    """Whether a norm was in force for anybody of a row; withheld shares leave it open and count as rated."""
    unrated = row["unrated_share"]
    return unrated is None or bool(unrated < 1 - EXACT)


def rated_services(labels: Labels) -> set[str]:
    """Services for which a norm was in force somewhere; where every share is withheld, as the norms used say."""
    coverage = records(labels.released.tables["coverage"])
    shown = {row["kind"] for row in coverage if row["unrated_share"] is not None}
    rated = {row["kind"] for row in coverage if row["unrated_share"] is not None and is_rated(row)}
    return rated | ({row["kind"] for row in coverage} - shown) & set(_kinds_of_norms(labels))


def _kinds_of_norms(labels: Labels) -> Iterator[str]:
    """Services of which a norm that was used can make a gap."""
    for used in labels.released.run["norms_used"]:
        norm = labels.catalogue.norms.get(used["id"])
        if norm is not None and norm.tier is not None and norm.measure not in ("information", "uptake_rate"):
            yield from norm.kinds


def unrated_services(labels: Labels) -> list[str]:
    """Services that were checked though no norm was in force, in the usual order."""
    rated = rated_services(labels)
    return sorted(set(services(labels)) - rated, key=labels.service_order)


def has_ways(labels: Labels) -> bool:
    """Whether any way was computed; from two lists alone none is."""
    return not labels.released.tables["cells"].empty
