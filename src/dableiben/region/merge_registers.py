# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Several registers to one: a returned form or next year's list replaces values, it does not double a facility."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dableiben.core.ids import short_id, slug

Row = dict[Any, Any]
Town = Callable[[object], str | None]
OWN_ID = re.compile(r"[a-z0-9_]+:(?:(node|way|relation)(\d+)|[a-z0-9]+)(?:-\d+)?")
KEPT = ("source_id", "kind", "identity")
"""what names a facility stays as it was first given, so that its id stays"""


def merge_registers(tables: Sequence[pd.DataFrame], town: Town) -> pd.DataFrame:
    """One row per facility of all registers, with a column `identity` that stays when newer values come.

    tables   by the contract FACILITIES with columns source, restricted and exists (False: the list says there is no
             such facility any more), in the order in which they were given
    town     key of a municipality as written in a register, None if it is not known
    The newer entry (by as_of; without dates the one given later) wins value by value; empty cells erase nothing.
    The same facility: the id of our form, or the same kind, name and place; never two rows of one table.
    """
    found: list[Row | None] = []
    for table in tables:
        taken: set[int] = set()
        seen: Counter[str] = Counter()
        for row in table.to_dict("records"):
            row["identity"] = identity(row)
            seen[row["identity"]] += 1
            at = _same(row, seen[row["identity"]], found, taken, town)
            if not row["exists"]:
                if at is not None:
                    found[at] = None
            elif at is None:
                taken.add(len(found))
                found.append({**row, "nth": seen[row["identity"]]})
            else:
                taken.add(at)
                found[at] = _newer_wins(found[at] or {}, row)
    rows = [row for row in found if row is not None]
    _make_unique(rows)
    columns = [*(tables[0].columns if tables else ()), "identity"]
    return pd.DataFrame(rows, columns=columns, dtype=object).drop(columns="exists")


def denied_osm(tables: Sequence[pd.DataFrame]) -> set[tuple[str, str]]:
    """OSM entries (source_id, kind) of which the last form that names them says that they do not exist."""
    denied: dict[tuple[str, str], bool] = {}
    for table in tables:
        for row in table.to_dict("records"):
            entry = osm_entry(row["source_id"])
            if entry is not None:
                denied[entry, row["kind"]] = not row["exists"]
    return {key for key, is_denied in denied.items() if is_denied}


def osm_entry(form_id: object) -> str | None:
    """The OSM entry that a row of our form was filled from: kita:node12 -> node/12; None for any other id."""
    parts = OWN_ID.fullmatch(str(form_id))
    return f"{parts[1]}/{parts[2]}" if parts and parts[1] else None


def identity(row: Row) -> str:
    """Id of a facility, stable over years: the one our form carries, else a digest of kind, name and place."""
    own = str(row["source_id"])
    if OWN_ID.fullmatch(own) and own.startswith(f"{row['kind']}:"):
        return own
    place = row["locality"] if is_given(row["locality"]) else row["municipality"]
    spot = "" if is_given(place) or not is_given(row["x_m"]) else f"{row['x_m']:.0f},{row['y_m']:.0f}"
    return f"{row['kind']}:{short_id(str(row['kind']), slug(str(row['name'])), slug(str(place)), spot)}"


def _same(row: Row, nth: int, found: list[Row | None], taken: set[int], town: Town) -> int | None:
    """Position of the same facility in an earlier table; the n-th of equal rows is the n-th there."""
    free = [(i, other) for i, other in enumerate(found) if other is not None and i not in taken]
    for at, other in free:
        if other["identity"] == row["identity"] and other["nth"] == nth:
            return at
    alike = [at for at, other in free if _same_but_for_locality(row, other, town)]
    return alike[0] if len(alike) == 1 else None


def _same_but_for_locality(row: Row, other: Row, town: Town) -> bool:
    """Same kind, name and municipality, and one of them does not say the locality."""
    if row["kind"] != other["kind"] or not is_given(row["name"]) or slug(str(row["name"])) != slug(str(other["name"])):
        return False
    here = town(row["municipality"])
    return (
        here is not None
        and here == town(other["municipality"])
        and not (is_given(row["locality"]) and is_given(other["locality"]))
    )


def _newer_wins(old: Row, new: Row) -> Row:
    days = old["as_of"], new["as_of"]
    is_older = all(isinstance(day, date) for day in days) and days[1] < days[0]
    base, top = (new, old) if is_older else (old, new)
    merged = {**base, **{name: value for name, value in top.items() if is_given(value)}}
    merged |= {name: old[name] for name in (*KEPT, "nth")}
    return {**merged, "restricted": bool(old["restricted"]) or bool(new["restricted"])}


def _make_unique(rows: list[Row]) -> None:
    """Ids of rows of different files may be equal (sheet and row): later ones are named with their file."""
    used: set[tuple[str, str]] = set()
    for row in rows:
        if (row["source_id"], row["kind"]) in used:
            row["source_id"] = f"{row['source']}!{row['source_id']}"
        used.add((row["source_id"], row["kind"]))


def is_given(value: object) -> bool:
    """Whether a cell says something; empty lists and texts do not."""
    if isinstance(value, list | tuple | np.ndarray):
        return len(value) > 0
    return not (value is None or value is pd.NA or value is pd.NaT or value == "" or value != value)
