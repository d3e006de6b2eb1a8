# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Dates in German titles: the day that is meant, and none where a year alone would be a guess."""

from __future__ import annotations

from datetime import date

import pytest

from dableiben.sources.day_words import find_day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Stand: 31.12.2024", date(2024, 12, 31)),
        ("Einwohner am 30. Juni 2024", date(2024, 6, 30)),
        ("Stand: 1.März 2024", date(2024, 3, 1)),
        ("30 JUNI 2024", date(2024, 6, 30)),
        ("Stand Juni 2024", date(2024, 6, 30)),
        ("Feb. 2024", date(2024, 2, 29)),
        ("Stand 06/2024", date(2024, 6, 30)),
        ("II. Quartal 2024", date(2024, 6, 30)),
        ("Q3/2024", date(2024, 9, 30)),
        ("1. Halbjahr 2024", date(2024, 6, 30)),
        ("2024-06-30", date(2024, 6, 30)),
        ("20240630", date(2024, 6, 30)),
        ("einwohner_2024", date(2024, 12, 31)),
        ("Einwohner 2024 (Hauptwohnsitz)", date(2024, 12, 31)),
        ("Gemeinde 06440001, Jahr 2024", date(2024, 12, 31)),
        ("Schuljahr 2024/25", None),
        ("Anfang 2024", None),
        ("30 06 2024", None),
        ("31. Juni 2024", None),
        ("13/2024", None),
        ("2023 2024", None),
        ("Juno", None),
    ],
)
def test_the_day_that_is_meant(text: str, day: date | None) -> None:
    assert find_day(text) == day
