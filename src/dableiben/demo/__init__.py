# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The made-up district Landkreis Ellerland, written into the real formats, with its truth.

plan.py declares the district, story.py what is planted in it; docs/demo.md tells it to people.
"""

from dableiben.demo.generate import (
    SHIPPED_SEED,
    DemoFiles,
    demo_inputs,
    generate,
    own_cards,
    region_settings,
    write_demo,
)

__all__ = ["SHIPPED_SEED", "DemoFiles", "demo_inputs", "generate", "own_cards", "region_settings", "write_demo"]
