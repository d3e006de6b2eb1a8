# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The packaged catalogue, loaded once."""

from __future__ import annotations

import pytest

from dableiben.catalogue.load import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """All packaged cards."""
    return load_catalogue()
