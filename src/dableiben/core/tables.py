# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Table contracts: name, type, unit, meaning and privacy class of every column, written once.

Readers, checks, documentation, disclosure control and outside users rely on the same list.
Limit convention of the whole project, written here once: within a limit means ``minutes <= limit``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd
import pyarrow as pa

from dableiben.core.errors import ContractError

PrivacyClass = Literal["open", "internal", "personal"]

TEXT = pa.string()
WHOLE = pa.int64()
NUMBER = pa.float64()
FLAG = pa.bool_()
DAY = pa.date32()
TEXTS = pa.list_(pa.string())


@dataclass(frozen=True)
class Column:
    """One column. `count` marks numbers of persons that disclosure control looks at."""

    name: str
    type: pa.DataType
    meaning: str
    unit: str = ""
    nullable: bool = True
    privacy: PrivacyClass = "open"
    count: bool = False


@dataclass(frozen=True)
class TableContract:
    """A table between floors: columns in order, the key that is unique, the order of its rows."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    sort: tuple[str, ...] = field(default=())

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema; an empty table keeps its columns and types."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns])

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def arrow(self, frame: pd.DataFrame) -> pa.Table:
        """The frame as an Arrow table of this contract, sorted; NaN and None become null.

        Errors: ContractError on a missing or unknown column, a wrong type, a null where none may be,
        or a key that is not unique.
        """
        self._check_columns(frame.columns)
        arrays = []
        for column in self.columns:
            try:
                arrays.append(_arrow_column(frame[column.name], column))
            except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError, ValueError) as error:
                raise ContractError(f"{self.name}.{column.name}: {error}") from error
        table = pa.Table.from_arrays(arrays, schema=self.schema)
        for column in self.columns:
            if not column.nullable and table[column.name].null_count:
                raise ContractError(f"{self.name}.{column.name}: null where none may be")
        self._check_key(frame)
        if self.sort and table.num_rows:
            table = table.sort_by([(name, "ascending") for name in self.sort])
        return table

    def frame(self, rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
        """A frame of this contract from rows that may leave out nullable columns."""
        return pd.DataFrame(list(rows), columns=self.names)

    def _check_columns(self, present: Iterable[str]) -> None:
        present = list(present)
        missing = [name for name in self.names if name not in present]
        unknown = [name for name in present if name not in self.names]
        if missing or unknown:
            raise ContractError(f"{self.name}: missing columns {missing}, unknown columns {unknown}")

    def _check_key(self, frame: pd.DataFrame) -> None:
        if self.key and len(frame) and frame.duplicated(list(self.key)).any():
            example = frame.loc[frame.duplicated(list(self.key)), list(self.key)].iloc[0].to_dict()
            raise ContractError(f"{self.name}: key {self.key} is not unique, e.g. {example}")


def _arrow_column(series: pd.Series, column: Column) -> pa.Array:
    if pa.types.is_list(column.type) or pa.types.is_binary(column.type):
        return pa.array([None if _is_missing(value) else value for value in series], type=column.type)
    if isinstance(series.dtype, pd.CategoricalDtype):
        return pa.array(series.array).cast(column.type)
    if pa.types.is_floating(column.type) and series.dtype == float:
        return pa.array(series.to_numpy(), type=column.type, from_pandas=True)
    values = list(series.astype(object).where(series.notna(), None))
    if pa.types.is_integer(column.type):
        values = [None if value is None else int(value) for value in values]
    return pa.array(values, type=column.type, from_pandas=True)


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and value != value)
