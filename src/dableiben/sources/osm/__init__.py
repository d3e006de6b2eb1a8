# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""OpenStreetMap files (.osm.pbf, .osm, .osm.gz, .osm.bz2): streets here; facilities beside it."""
