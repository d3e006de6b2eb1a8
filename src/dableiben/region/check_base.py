# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What every data check is, and how it is graded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from dableiben.catalogue.load import Catalogue
from dableiben.core.registry import Registry
from dableiben.core.run import Check
from dableiben.region.region import Region

CheckFunction = Callable[[Region, Catalogue], Check | None]
CHECKS: Registry[CheckFunction] = Registry("check")


def graded(check_id: str, bad: bool, text: str, hint: str, *, severity: str = "yellow") -> Check:
    """A check: green without a hint, else of the severity."""
    grade = severity if bad else "green"
    return Check(id=check_id, severity=grade, text_de=text, hint_de=hint if bad else "")  # type: ignore[typeddict-item]


def said(count: float) -> str:
    """A whole number as Germans write it: 32.815."""
    return f"{count:,.0f}".replace(",", ".")


def some(texts: Sequence[str], most: int = 5, between: str = ", ") -> str:
    """The first texts, and how many more there are."""
    more = f" und {len(texts) - most} weitere" if len(texts) > most else ""
    return between.join(texts[:most]) + more


def labels(table: pd.DataFrame, catalogue: Catalogue) -> list[str]:
    """What facilities are called in a check: kind and name, of protected kinds the kind only."""
    kinds = [catalogue.kinds[kind] for kind in table["kind"]]
    return [
        f"{kind.label.de} „{name}“" if kind.protection == "none" and isinstance(name, str) else kind.label.de
        for kind, name in zip(kinds, table["name"], strict=True)
    ]
