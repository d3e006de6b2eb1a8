# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The made-up district Landkreis Ellerland, written into the real formats, with its truth."""
