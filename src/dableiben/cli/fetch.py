# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben fetch."""

from __future__ import annotations

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
