# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""dableiben: does a region offer what people need to stay, and where are the gaps?"""

__version__ = "0.1.0"
