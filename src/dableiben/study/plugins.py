# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Readers and indicators of other installed packages; nothing is ever run from a region folder."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

GROUP = "dableiben"


@cache
def load_plugins() -> tuple[str, ...]:
    """Import every module named by an entry point of the group; importing registers. Returns their names, sorted."""
    found = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    for entry in found:
        entry.load()
    return tuple(entry.name for entry in found)


def plugin_versions() -> dict[str, str]:
    """Version of each installed package that brings readers or indicators, by `plugin NAME`, sorted."""
    packages = {entry.dist.name: entry.dist.version for entry in entry_points(group=GROUP) if entry.dist}
    return {f"plugin {name}": packages[name] for name in sorted(packages)}
