# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The packaged catalogue, loaded once, and a way to add cards of a region."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dableiben.catalogue.load import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def with_cards(tmp_path: Path) -> Callable[..., Catalogue]:
    """Load the catalogue with own cards: with_cards({"norms/x.yaml": text})."""

    def load(cards: dict[str, str]) -> Catalogue:
        for name, text in cards.items():
            path = tmp_path / "cards" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load_catalogue(tmp_path / "cards")

    return load
