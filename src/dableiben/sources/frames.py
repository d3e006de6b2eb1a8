# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Frames of a contract with the column types every reader hands on."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import pyarrow as pa

from dableiben.core.tables import TableContract


def typed_frame(contract: TableContract, rows: Iterable[dict[str, object]]) -> pd.DataFrame:
    """Rows as a frame: numbers float64 (NaN = unknown), everything else object with None for unknown."""
    frame = contract.frame(rows).astype(object)
    for column in contract.columns:
        series = frame[column.name]
        if pa.types.is_floating(column.type):
            frame[column.name] = pd.to_numeric(series).astype("float64")
        elif not pa.types.is_list(column.type):
            frame[column.name] = series.where(series.notna(), None)
        else:
            frame[column.name] = pd.Series([v if isinstance(v, list) else None for v in series], dtype=object)
    return frame
