# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Released: the only thing that report, exports and faces accept. Made by `privacy.gate.release` alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from dableiben.core.results import BALANCE, CELLS, FACILITIES, GAPS, INDICATORS, UNKNOWNS
from dableiben.core.run import RunInfo
from dableiben.core.tables import NUMBER, TEXT, WHOLE, Column, TableContract

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import pyarrow as pa

SMALL = "geheim"
"""in column `withheld`: a count of persons in the row is withheld (small, or needed to hide a small one)"""
PROTECTED = "geschuetzt"
"""in column `withheld`: where the facility is, is not said"""

COVERAGE = TableContract(
    "coverage",
    (
        Column("area_id", TEXT, "area of a level in coverage.LEVELS_SHOWN", nullable=False),
        Column("kind", TEXT, "facility kind or pool", nullable=False),
        Column("group", TEXT, "target group, households with and without car together", nullable=False),
        Column("need_persons", NUMBER, "persons with this need", "persons", count=True),
        Column("gap_share", NUMBER, "share of them in a gap", "share"),
        Column("unknown_share", NUMBER, "share of them where it cannot be said", "share"),
        Column("served_share", NUMBER, "share of them covered or tight", "share"),
        Column("unrated_share", NUMBER, "share of them without a norm in force", "share"),
        Column("share_step", NUMBER, "shares are rounded to multiples of it; null = not rounded", "share"),
    ),
    key=("area_id", "kind", "group"),
    sort=("kind", "group", "area_id"),
)
PRESENT = TableContract(
    "presence",
    (
        Column("area_id", TEXT, "municipality or district", nullable=False),
        Column("season", TEXT, "part of the year, see core.seasons.season_words", nullable=False),
        Column("slot_from", WHOLE, "first week slot of the stretch, 0 = Monday 00:00", nullable=False),
        Column("slot_to", WHOLE, "week slot after its last one, at most 672", nullable=False),
        Column("persons_low", NUMBER, "persons present, low; null = unknown", "persons", count=True),
        Column("persons_best", NUMBER, "persons present, best; null = unknown", "persons", count=True),
        Column("persons_high", NUMBER, "persons present, high; null = unknown", "persons", count=True),
        Column("living_here", NUMBER, "of these, best, those who live here; null = unknown", "persons", count=True),
        Column("residents", NUMBER, "main residents; null = unknown", "persons", count=True),
    ),
    key=("area_id", "season", "slot_from"),
    sort=("area_id", "season", "slot_from"),
)
ROUNDED = frozenset({"gaps", "unknowns", "coverage", "balance", "presence"})
"""tables with numbers of persons that are rounded where a restricted input was read"""
PARTS = ("gap", "unknown", "served", "unrated")
STEPS = (0.05, 0.1, 0.25, 0.5)
"""steps to which shares of persons are rounded where a restricted input was read"""


def released_contract(contract: TableContract) -> TableContract:
    """What of a table may leave: its open columns, numbers nullable, and the column `withheld`.

    A null number beside an empty `withheld` is unknown; beside `geheim` it is known and withheld.
    """
    columns = tuple(
        Column(c.name, c.type, c.meaning, c.unit, c.nullable or c.type == NUMBER, c.privacy, c.count)
        for c in contract.columns
        if c.privacy == "open"
    )
    counts = any(c.count for c in columns) and contract.name in ROUNDED
    step = Column("rounded_to", NUMBER, "numbers of persons are multiples of it; null = as counted", "persons")
    flag = Column("withheld", TEXT, f"why values are missing: {SMALL}, {PROTECTED}; null = nothing withheld")
    return TableContract(contract.name, (*columns, *([step] if counts else []), flag), contract.key, contract.sort)


RELEASED_TABLES = {
    contract.name: released_contract(contract)
    for contract in (GAPS, UNKNOWNS, COVERAGE, BALANCE, INDICATORS, CELLS, FACILITIES, PRESENT)
}

_TOKEN = object()


@dataclass(frozen=True)
class Released:
    """Tables that may leave the house; cannot be made, copied with changes or unpickled elsewhere.

    tables     by name after RELEASED_TABLES, sorted
    areas      frame after core.run.RUN_AREAS with geometry, assessed areas only
    size_m     edge length of the cells; None without cells
    run        run.json without clock times, texts cleared of protected names and small numbers
    minimum_count   counts under it were withheld; None where nothing is restricted
    council    facts, and judgements of confirmed gaps only (privacy.council)
    """

    tables: Mapping[str, pd.DataFrame]
    areas: gpd.GeoDataFrame
    size_m: int | None
    run: RunInfo
    minimum_count: int | None
    council: bool
    token: InitVar[object]

    def __post_init__(self, token: object) -> None:
        if token is not _TOKEN:
            raise TypeError("Released is made by privacy.release only")
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("Released is not passed on outside its process; write its tables instead")

    def arrow(self, name: str) -> pa.Table:
        """One released table as Arrow, checked against its contract and sorted."""
        return RELEASED_TABLES[name].arrow(self.tables[name])
