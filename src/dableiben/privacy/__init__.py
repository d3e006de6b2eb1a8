# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Classes of columns, disclosure control, and Released: the only thing that may leave the house."""
