# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What a run hands on: the result tables, the areas they speak about, and what stands in run.json."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

import pyarrow as pa

from dableiben.core.errors import ContractError
from dableiben.core.levels import LEVELS
from dableiben.core.results import RESULT_TABLES
from dableiben.core.tables import FLAG, TEXT, TEXTS, Column, TableContract

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

RUN_AREAS = TableContract(
    "areas",
    (
        Column("area_id", TEXT, "AGS, district key, <AGS>:<slug>, amt:, mb:, pa:<slug>", nullable=False),
        Column("level", TEXT, "one of core.levels.LEVELS", nullable=False),
        Column("name", TEXT, "name", nullable=False),
        Column("parent_id", TEXT, "area of the next level above along core.levels.NESTED; null at the top"),
        Column("also_in", TEXTS, "areas beside the nesting it lies in (Mittelbereich, planning area, ...)"),
        Column("ags", TEXT, "AGS of the municipality it is or lies in; null above municipalities"),
        Column("inside", FLAG, "belongs to what is assessed", nullable=False),
        Column("structurally_weak", FLAG, "municipality named structurally weak in a table of areas; null = not said"),
        Column("structurally_weak_source", TEXT, "who says so"),
        # geometry (shapely, EPSG:3035; may be None) is the active geometry column beside these
    ),
    key=("area_id",),
    sort=("area_id",),
)

Severity = Literal["green", "yellow", "red"]


class NormUsed(TypedDict):
    """A norm value that made or could have made a row of the results."""

    id: str
    title: dict[str, str]
    """{"de": ..., "en": ...}"""
    binding: str
    value: float | dict[str, float]
    """one number, or one per age year (keys as text)"""
    unit: str
    source: str
    certainty: str
    """read, memory, local, made_up"""
    own: bool
    """the card came from the region folder"""
    uncertain: bool
    """marked wherever it is used"""
    valid_from: str
    area: NotRequired[str]
    legal_basis: NotRequired[str]
    note: NotRequired[str]


class SourceUsed(TypedDict):
    """One input file: what it is, what was read from it, what was lost and why."""

    file: str
    kind: str
    sha256: str
    as_of: str | None
    attribution: str
    restricted: bool
    """a municipality's own list: small counts from it are withheld in what is released"""
    rows_read: int
    rows_used: int
    lost: dict[str, int]
    """German reason -> rows"""
    notes: list[str]
    """German sentences; numbers of persons below a municipality do not belong here"""


class Check(TypedDict):
    """One named data check. `internal` keeps its text out of everything that is released."""

    id: str
    severity: Severity
    text_de: str
    hint_de: str
    internal: NotRequired[bool]


class RunInfo(TypedDict):
    """Content of run.json. Clock times stand under `clock` only, so that all else repeats byte by byte."""

    name: str
    land: str
    year: int
    made_up: bool
    schema_version: int
    settings: dict[str, object]
    norms_used: list[NormUsed]
    sources: list[SourceUsed]
    checks: list[Check]
    counts: dict[str, float]
    """what was read, adjusted and assumed, by name; persons only for the whole region"""
    versions: dict[str, str]
    clock: NotRequired[dict[str, object]]


@dataclass(frozen=True)
class Results:
    """A run in memory. Internal: only `privacy.release` makes something of it that may leave the house.

    tables   by name, each after its contract in core.results (rows in any order)
    areas    frame after RUN_AREAS with a geometry column (EPSG:3035; None where no outline is known)
    size_m   edge length of the cells in `cells`; None where only areas are known
    run      content of run.json
    """

    tables: Mapping[str, pd.DataFrame]
    areas: gpd.GeoDataFrame
    size_m: int | None
    run: RunInfo

    def arrow(self) -> dict[str, pa.Table]:
        """All tables as Arrow, checked and sorted. Errors: ContractError if one breaks its contract."""
        missing = [contract.name for contract in RESULT_TABLES if contract.name not in self.tables]
        if missing:
            raise ContractError(f"results lack the tables {missing}")
        checked = {contract.name: contract.arrow(self.tables[contract.name]) for contract in RESULT_TABLES}
        checked["areas"] = RUN_AREAS.arrow(self.areas[RUN_AREAS.names])
        wrong = sorted(set(self.areas["level"]) - set(LEVELS))
        if wrong:
            raise ContractError(f"areas have unknown levels {wrong}")
        return checked
