# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Indicators of areas and facilities: times, percentiles, and daviplan's ten by its own definitions."""

from __future__ import annotations

import pandas as pd

from dableiben.core.results import INDICATORS
from dableiben.gaps.service import Frame, Judged


def indicator_table(frame: Frame, judged: list[Judged]) -> pd.DataFrame:
    """INDICATORS for all judged services."""
    return INDICATORS.frame()
