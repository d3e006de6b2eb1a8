# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Empty what is withheld in the frames that are to be released, and say why in column `withheld`."""

from __future__ import annotations

import math

import pandas as pd

from dableiben.privacy.coverage import rounded_share, share_step
from dableiben.privacy.entries import SHARE_UNITS, Entries, need_tie
from dableiben.privacy.ledger import Tie
from dableiben.privacy.released import PARTS, SMALL
from dableiben.privacy.texts import SMALL_TEXT

Frames = dict[str, pd.DataFrame]
GAP_NUMBERS = tuple(f"{what}_{end}" for what in ("persons", "person_hours_week") for end in ("low", "best", "high"))


def mark_coverage(coverage: pd.DataFrame, ties: frozenset[Tie]) -> None:
    """Need and shares of coverage."""
    secret = needs(coverage, ties)
    mark(coverage, ["need_persons"], secret)
    too_few = [step == math.inf or s for step, s in zip(coverage["share_step"], secret, strict=True)]
    for part in PARTS:
        rows = coverage[["kind", "group", "area_id"]].itertuples(index=False)
        in_tie = [("part", k, g, part, a) in ties for k, g, a in rows]
        mark(coverage, [f"{part}_share"], [a or b for a, b in zip(too_few, in_tie, strict=True)], given=True)
    coverage["share_step"] = coverage["share_step"].where(~pd.Series(too_few, index=coverage.index), None)


def round_shares(indicators: pd.DataFrame, entries: Entries, minimum: int) -> None:
    """Shares of persons as multiples of a step that leaves the minimum open."""
    need = entries.need_of_kind()
    shares = indicators["unit"].isin(list(SHARE_UNITS)) & indicators["value"].notna() & indicators["area_id"].notna()
    rows = indicators[shares]
    found: list[float | None] = []
    for kind, area_id, value, unit in rows[["kind", "area_id", "value", "unit"]].itertuples(index=False):
        step = share_step(need.get((kind, area_id), (0.0,))[0], minimum)
        rounded = rounded_share(float(value) * SHARE_UNITS[unit], step)
        found.append(None if rounded is None else round(rounded / SHARE_UNITS[unit], 10))
    indicators["value"] = indicators["value"].astype(object)
    indicators.loc[shares, "value"] = pd.Series(found, index=rows.index, dtype=object)
    mark(indicators, ["value"], list(shares & indicators["value"].isna()), given=True)


def needs(frame: pd.DataFrame, ties: frozenset[Tie]) -> list[bool]:
    """Rows of a table of need whose tie is withheld."""
    return [need_tie(g, a) in ties for g, a in zip(frame["group"], frame["area_id"], strict=True)]


def indicator_rows(frames: Frames, ties: frozenset[Tie]) -> list[bool]:
    """Every indicator of an area rests on its need: withheld where the need of one of its groups is."""
    hidden = {(t[1], t[2]) for t in ties if isinstance(t, tuple) and t[0] == "need"}
    groups: dict[str, set[str]] = {}
    for name in ("coverage", "balance"):
        for kind, group in zip(frames[name]["kind"], frames[name]["group"], strict=True):
            groups.setdefault(kind, set()).add(str(group).split(".", 1)[0])
    rows = zip(frames["indicators"]["kind"], frames["indicators"]["area_id"], strict=True)
    return [
        ("indicator", number) in ties or any((g, area_id) in hidden for g in sorted(groups.get(kind, ())))
        for number, (kind, area_id) in enumerate(rows)
    ]


def mark(frame: pd.DataFrame, columns: list[str], rows: list[bool], *, given: bool = False) -> None:
    """Empty columns in rows and say why; rows where nothing was known stay unknown, not withheld.

    given  something was known, even if the columns are empty already
    """
    mask = pd.Series(rows, index=frame.index, dtype=bool)
    if not given:
        mask &= frame[columns].notna().any(axis=1)
    for column in columns:
        frame[column] = frame[column].astype(object).where(~mask, None)
    before = frame.loc[mask, "withheld"]
    frame.loc[mask, "withheld"] = [SMALL if not isinstance(v, str) or SMALL in v else f"{SMALL},{v}" for v in before]


def mark_gaps(gaps: pd.DataFrame, ties: frozenset[Tie]) -> None:
    """Numbers and sentences of withheld gaps."""
    rows = [("gap", g) in ties for g in gaps["gap_id"]]
    content = [r and d == "content" for r, d in zip(rows, gaps["dimension"], strict=True)]
    mark(gaps, list(GAP_NUMBERS), rows)
    # Missing places are missing persons; target minus supply would say how many.
    mark(gaps, ["target", "severity"], content)
    mask = pd.Series(rows, index=gaps.index, dtype=bool)
    for lang in ("de", "en"):
        gaps.loc[mask, f"explanation_{lang}"] = SMALL_TEXT[lang]
    gaps.loc[mask, "review_note"] = None


def mark_rounded_away(frames: Frames) -> None:
    """NaN stands for a number that its rounding would turn to zero; None was never known."""
    columns = {"balance": ["need_persons", "saldo_places"], "coverage": ["need_persons"], "indicators": ["value"]}
    for name, names in columns.items():
        gone = [isinstance(v, float) and math.isnan(v) for v in frames[name][names[0]].astype(object)]
        mark(frames[name], names, gone, given=True)
