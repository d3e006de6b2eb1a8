# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""`python -m dableiben.cli`."""

from dableiben.cli.app import main

main()
