# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The Region: facts of one area as frozen tables, matched, checked and changed."""
