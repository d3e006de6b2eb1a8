# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What a region is built from."""

from __future__ import annotations

from dataclasses import dataclass

from dableiben.sources.base import Reading


@dataclass(frozen=True)
class Given:
    """One input with its role and what its reader found."""

    role: str
    reading: Reading
