# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The released result as an Excel workbook for planners: one sheet per question, words instead of ids."""
