# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Age years from what a list or table gives: single years as they are, bands spread onto years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

LAST_AGE = 100
"""the last age year stands for itself and everybody older"""


def ages_of(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Persons by sex (m, w) and age year of one area, shape (2, 101); NaN = unknown.

    Persons of sex 'd' and of rows without sex are split evenly. Bands are spread onto single years so that
    each band keeps its persons. Law: the sum equals the persons of the rows.
    """
    result = np.zeros((2, LAST_AGE + 1))
    for sex, of_sex in rows.groupby(rows["sex"].fillna("all"), sort=True):
        share = {"m": (1.0, 0.0), "w": (0.0, 1.0)}.get(str(sex), (0.5, 0.5))
        result += np.outer(share, _years(of_sex))
    return result


def _years(rows: pd.DataFrame) -> NDArray[np.float64]:
    years = np.zeros(LAST_AGE + 1)
    for first, last, persons in rows[["age_from", "age_to", "persons"]].itertuples(index=False):
        start = min(int(first), LAST_AGE)
        end = LAST_AGE if last is None or last != last else min(int(last), LAST_AGE)
        years[start : end + 1] += float(persons if persons is not None else np.nan) / (end - start + 1)
    return years
