# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The pictures of the README, from the report of the demo district: `make pictures`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
WIDTH, HEIGHT = 1180, 1180
COLOURS = 128


def main() -> None:
    """Make the demo, check it, photograph the first screen of its report."""
    with tempfile.TemporaryDirectory() as folder:
        region = Path(folder) / "ellerland"
        for arguments in (["demo", "--out", str(region)], ["check", str(region)]):
            subprocess.run([sys.executable, "-m", "dableiben.cli", *arguments], check=True)
        _photograph(region / "results" / "latest" / "report.html", HERE / "report.png")


def _photograph(page_file: Path, picture: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(page_file.as_uri())
        page.screenshot(path=str(picture))
        browser.close()
    with Image.open(picture) as image:
        image.convert("RGB").quantize(COLOURS).save(picture, optimize=True)


if __name__ == "__main__":
    main()
