# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Need windows and norms of a test, and what a check says about hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.schema import Norm
from dableiben.catalogue.windows import NeedWindow
from dableiben.core.week import from_bytes, in_words
from dableiben.gaps.assess import Assessment
from dableiben.region.region import Region
from support.regions import Plan, catalogue_with, check, norm
from support.timetables import make_timetable

SCHOOL_DAYS = ["school_day"]
ALL_WEEKDAYS = ["school_day", "school_holiday"]
BY_BUS = {"days": "Mo-Fr", "day_types": SCHOOL_DAYS}
TIMETABLE = make_timetable([], 0, date(2025, 12, 1), [[d % 7 == n for d in range(400)] for n in range(7)])


def window(window_id: str = "probe", **more: Any) -> NeedWindow:
    """A need window of the test: throughout, Mo-Fr 6 to 17 on school days, unless given."""
    content = {
        "id": window_id,
        "reviewed_on": "2026-01-01",
        "label": {"de": "Betreuung von 6 bis 17 Uhr", "en": "care from 6 to 17"},
        "windows": [{"days": "Mo-Fr", "times": ["06:00-17:00"], "day_types": SCHOOL_DAYS}],
        "pattern": "throughout",
        "source": "Probe",
        "certainty": "made_up",
    }
    return NeedWindow.model_validate({**content, **more})


def in_window(kind: str, minutes: float, *modes: str, window_id: str = "probe", **more: Any) -> Norm:
    """An open offer within some minutes in every slot of a window."""
    return norm(
        f"{kind}_{window_id}", kind, "served_in_window", minutes, modes=modes or ("foot",), window=window_id, **more
    )


def cards(*norms: Norm, windows: tuple[NeedWindow, ...] = (), **more: Any) -> Catalogue:
    return replace(catalogue_with(*norms, **more), windows={card.id: card for card in windows or (window(),)})


def time_gaps(found: Assessment) -> pd.DataFrame:
    gaps = found.tables["gaps"]
    return gaps[gaps["dimension"] == "time"]


def of_cells(found: Assessment, column: str) -> list[str]:
    """Masks of CELL_SLOTS in words, in the order of the table."""
    return [in_words(from_bytes(data)) for data in found.tables["cell_slots"][column]]


def checked(plan: Plan | Region, catalogue: Catalogue, *kinds: str, **more: Any) -> Assessment:
    return check(plan, catalogue, *kinds, dimensions=("content", "space", "time"), **more)
