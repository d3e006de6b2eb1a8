# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Several population files for one day: what the later-given one says replaces, nothing is counted twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

LIST = ["area_id", "home", "as_of", "variant", "basis"]
"""rows that share these belong to one count of one place"""
CELL = [*LIST, "sex", "age_from", "age_to"]
SAME_LIST_SHARE = 0.5
"""a file that names more than this share of another's rows is its new version: what it leaves out is gone. Lists
leave out combinations without persons; files that hold other ages share no rows at all."""


def replace_earlier(table: pd.DataFrame, files: Sequence[str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Rows of `table` without those that a later-given file replaces, and German sentences with the counts.

    table   PEOPLE_COLUMNS and `file`, the number of the file in the order given
    files   names of the files by number
    Law: within one file equal rows stay (they are added later on); between files of the same basis, place, day and
    home the latest file that knows a number for (age, sex) is the only one. An empty cell replaces nothing.
    """
    keys = table[CELL].astype(object).where(table[CELL].notna(), "")
    cell = pd.Series(keys.groupby(CELL, sort=False).ngroup().to_numpy(), index=table.index)
    by_file = [cell, table["file"]]
    known = table["persons"].notna().groupby(by_file).transform("all")
    latest_known = table["file"].where(known).groupby(cell).transform("max")
    winner = latest_known.where(latest_known.notna(), table["file"].groupby(cell).transform("max"))
    winner = _without_dropped(keys, table["file"], winner, cell, known)
    keep = (table["file"] == winner).to_numpy(bool)
    if keep.all():
        return table, ()
    return table[keep], _sentences(table, winner, cell, files)


def _without_dropped(
    keys: pd.DataFrame, file: pd.Series, winner: pd.Series, cell: pd.Series, known: pd.Series
) -> pd.Series:
    """Hand rows that a new version of their file leaves out to that version, where they end."""
    place = pd.Series(keys.groupby(LIST, sort=False).ngroup().to_numpy(), index=keys.index)
    several = file.groupby(place).transform("nunique") > 1
    winner = winner.copy()
    for _, rows in place[several].groupby(place[several], sort=False):
        mine = rows.index
        named = {f: set(cell[mine][file[mine] == f]) for f in sorted(file[mine].unique())}
        said = {f: set(cell[mine][(file[mine] == f) & known[mine]]) for f in named}
        for early, cells in named.items():
            newer = [f for f in named if f > early and len(said[f] & cells) > SAME_LIST_SHARE * len(cells)]
            if newer:
                left_out = cells - named[newer[-1]]
                gone = (file[mine] == early) & cell[mine].isin(left_out) & (winner[mine] == early)
                winner.loc[mine[gone.to_numpy(bool)]] = newer[-1]
    return winner


def _sentences(table: pd.DataFrame, winner: pd.Series, cell: pd.Series, files: Sequence[str]) -> tuple[str, ...]:
    sums = table.assign(cell=cell).groupby(["cell", "file"])["persons"].sum(min_count=1)
    lost = table[(table["file"] != winner).to_numpy(bool)]
    pairs = pd.DataFrame({"early": lost["file"], "late": winner[lost.index], "cell": cell[lost.index]})
    pairs = pairs.astype(int).drop_duplicates()
    sentences = []
    for early, late in sorted(set(pairs[["early", "late"]].itertuples(index=False, name=None))):
        rows = pairs[(pairs["early"] == early) & (pairs["late"] == late)]
        both_files = [pd.MultiIndex.from_product([rows["cell"], [file]]) for file in (early, late)]
        old, new = (sums.reindex(index).to_numpy(float) for index in both_files)
        both = ~np.isnan(old) & ~np.isnan(new)
        differ, gone = int((both & (old != new)).sum()), int((~np.isnan(old) & np.isnan(new)).sum())
        official = lost["basis"].eq("official").all()
        count = int((~np.isnan(old)).sum())  # what was unknown is not replaced
        # Tables of the statistics overlap: equal numbers are no news.
        if not count or (official and not differ and not gone):
            continue
        left = f", {gone} davon nennt sie nicht mehr" if gone else ""
        sentences.append(
            f"Zum selben Stichtag gilt die später gegebene Datei: „{files[late]}“ ersetzt {count} Angaben aus "
            f"„{files[early]}“, {differ} davon mit anderer Zahl{left}."
        )
    return tuple(sentences)
