# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Knowledge as YAML cards: kinds, norms, groups, terms and sentences, with schema, loader and overlay."""
