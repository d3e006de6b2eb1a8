# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What every test may ask for: the shared data beside the clone, a browser, and settled randomness."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REPOSITORY = Path(__file__).resolve().parent.parent
CHROMIUM = Path("/usr/bin/chromium")
# A browser of a test talks to nobody but the test.
CHROMIUM_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Machines under load are slow, and a test that fails once must fail again: no deadline, fixed examples.
settings.register_profile(
    "dableiben",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("dableiben")


@pytest.fixture(scope="session")
def repository_path() -> Path:
    """Root folder of the clone."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_path() -> Path:
    """Folder ``../shared`` with real data; a clone without it skips the tests that need it."""
    path = REPOSITORY.parent / "shared"
    if not (path / "regions").is_dir():
        pytest.skip("the shared data are not beside the clone (../shared)")
    return path


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Path of Debian's Chromium; missing on a developer's machine skips, missing in CI fails."""
    if not CHROMIUM.exists():
        reason = "Debian's package chromium is not installed"
        if os.environ.get("DABLEIBEN_CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return CHROMIUM


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """A headless Chromium, driven by Playwright, without background traffic."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(chromium), args=list(CHROMIUM_SWITCHES))
        yield started
        started.close()
