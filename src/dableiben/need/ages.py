# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Age years from what a list or table gives: single years as they are, bands spread onto years."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.need.age_groups import AgeGroup, share_ages

LAST_AGE = 100
"""the last age year stands for itself and everybody older"""


def ages_of(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Persons by sex (m, w) and age year of one area, shape (2, 101); NaN = unknown.

    Persons of sex 'd' and of rows without sex are split evenly. Bands are spread onto single years so that
    each band keeps its persons. Law: the sum equals the persons of the rows.
    """
    result = np.zeros((2, LAST_AGE + 1))
    for sex, of_sex in rows.groupby(rows["sex"].astype(object).fillna("all"), sort=True):
        share = {"m": (1.0, 0.0), "w": (0.0, 1.0)}.get(str(sex), (0.5, 0.5))
        result += np.outer(share, _years(of_sex))
    return result


def _years(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Persons by age year; bands that follow on each other without gap are spread together, smoothly."""
    sums: dict[AgeGroup, float] = {}
    for first, last, persons in rows[["age_from", "age_to", "persons"]].itertuples(index=False):
        start = min(int(first), LAST_AGE)
        end = LAST_AGE if last is None or last != last else min(int(last), LAST_AGE)
        # Bands above the last age year, and the open one, end there.
        band = (start, None if last is None or last != last else end)
        sums[band] = sums.get(band, 0.0) + float(persons if persons is not None else np.nan)
    years = np.zeros(LAST_AGE + 1)
    for run in _runs(sorted(sums, key=lambda band: band[0])):
        persons = np.array([sums[band] for band in run])
        first_year = run[0][0]
        last_year = LAST_AGE if run[-1][1] is None else run[-1][1]
        if all(band[0] == band[1] for band in run):
            years[first_year : last_year + 1] += persons
        elif np.isnan(persons).any():
            for band in run:
                years[band[0] : (LAST_AGE if band[1] is None else band[1]) + 1] = _even(band, sums[band])
        else:
            years[first_year : last_year + 1] += share_ages(persons, run, oldest_age=LAST_AGE)[0]
    return years


def _runs(bands: list[AgeGroup]) -> list[list[AgeGroup]]:
    runs: list[list[AgeGroup]] = []
    for band in bands:
        end = runs[-1][-1][1] if runs else None
        if runs and end is not None and band[0] == end + 1:
            runs[-1].append(band)
        else:
            runs.append([band])
    return runs


def _even(band: AgeGroup, persons: float) -> float:
    return persons / ((LAST_AGE if band[1] is None else band[1]) - band[0] + 1)
