# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Houses that may hold places of a second kind: a Kita that takes children under 3 and does not say how many."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from dableiben.catalogue.load import Catalogue
from dableiben.core.ids import slug

CAPACITIES = ("licensed_places", "usable_places", "occupied_places", "waiting_list")


def with_possible_parts(register: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """A register with the kinds its houses may hold besides their own (`may_be_part_of` on the card).

    A house that admits younger ones than its own group may hold places of the younger kind. How its places are
    divided is not known: what was given for the house is the most that either can have. A house with a row of its
    own for the second kind says it all.
    """
    table = register.copy()
    more = []
    for kind in catalogue.kinds.values():
        for house in kind.may_be_part_of:
            found = _undivided(table, kind.id, house, _first_age(catalogue, house))
            more.append(_parts(table[found], kind.id))
            _leave_open(table, found)
    return pd.concat([table, *more], ignore_index=True) if more else table


def _first_age(catalogue: Catalogue, kind: str) -> int:
    return min(catalogue.groups[served.group].age_from for served in catalogue.kinds[kind].groups)


def _undivided(table: pd.DataFrame, kind: str, house: str, own_age: int) -> np.ndarray:
    """Houses that take younger ones and have no row of the kind that serves them."""
    named = {_name(row) for row in table[table["kind"] == kind].to_dict("records")}
    alone = np.array([_name(row) not in named for row in table.to_dict("records")], bool)
    younger = (table["age_from"].astype(float) < own_age).to_numpy(bool)
    return np.asarray((table["kind"] == house).to_numpy(bool) & alone & younger, bool)


def _parts(houses: pd.DataFrame, kind: str) -> pd.DataFrame:
    """The houses again as possible facilities of the other kind."""
    parts = houses.copy()
    _leave_open(parts, np.ones(len(parts), bool))
    return parts.assign(kind=kind, possible=True, age_from=None, age_to=None)


def _leave_open(table: pd.DataFrame, rows: np.ndarray) -> None:
    """What is given for the whole house is only the most that a part of it can have."""
    given = table["licensed_places"].where(table["licensed_places"].notna(), table["usable_places"])
    table["licensed_places"] = table["licensed_places"].where(~rows, given)
    for name in CAPACITIES[1:]:
        table[name] = table[name].astype(object).where(~rows, None)


def _name(row: dict[Any, Any]) -> tuple[str, str]:
    return slug(str(row["name"])), slug(str(row["municipality"]))
