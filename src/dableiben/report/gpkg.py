# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The released result as a GeoPackage with QGIS styles: areas, gaps, ways and facilities."""
