# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Region folders, GeoParquet, locks and results that appear whole or not at all."""
