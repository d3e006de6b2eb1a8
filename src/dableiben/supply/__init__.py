# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Places that facilities offer, who may use them, and how they are shared out."""
