# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Errors, units, ids, table contracts, the grid and provenance: what every floor above rests on."""
