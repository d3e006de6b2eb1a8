# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The report in a browser, opened as a file: quiet, without network, readable, usable without a script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dableiben.report.html import write_html
from support.exports import made

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CONTRAST = 4.5
# A table wider than the page would be cut on paper.
TOO_WIDE = """
nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.innerText.slice(0, 60))
"""
CONTRAST_OF_TEXT = """
() => {
  const channel = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
  const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const ground = node => {
    for (; node; node = node.parentElement) {
      const c = numbers(getComputedStyle(node).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const worst = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || node.closest("svg, script, style") || !node.getClientRects().length) continue;
    const a = light(numbers(getComputedStyle(node).color)), b = light(ground(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    worst.push([ratio, node.tagName + "." + node.className]);
  }
  return worst.sort((x, y) => x[0] - y[0]).slice(0, 3);
}
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    district = made()
    path = tmp_path_factory.mktemp("browser") / "report.html"
    write_html(district.released, district.catalogue, path)
    return path


@contextmanager
def opened(browser: Browser, report: Path, **options: Any) -> Iterator[Page]:
    """The report in a new window; at the end nothing may have been complained of or asked for."""
    context = browser.new_context(**options)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    yield page
    assert said == [] and asked == [report.as_uri()]
    context.close()


def test_the_file_opens_quietly_and_shows_its_parts(browser: Browser, report: Path) -> None:
    with opened(browser, report, viewport={"width": 1280, "height": 900}) as page:
        assert page.locator("h1").inner_text().startswith("Versorgungsbericht")
        assert page.locator("main h2").count() >= 9
        assert page.locator("article.gap:visible").count() >= 5
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_maps_are_drawn(browser: Browser, report: Path) -> None:
    with opened(browser, report, viewport={"width": 1280, "height": 900}) as page:
        maps = page.locator("figure > svg[role=img]")
        assert maps.count() >= 4
        for number in range(maps.count()):
            box = maps.nth(number).bounding_box()
            assert box is not None and box["width"] > 300 and box["height"] > 150
        cells = page.locator("article.map").first.locator("g.cells:visible path")
        assert cells.count() > 0
        strokes = {cells.nth(n).evaluate("node => getComputedStyle(node).stroke") for n in range(cells.count())}
        assert "none" not in strokes and len(strokes) == cells.count()


def test_the_mode_of_a_map_is_chosen_without_a_script(browser: Browser, report: Path) -> None:
    with opened(browser, report, java_script_enabled=False) as page:
        panel = page.locator("article.map", has=page.locator("input.pick-car")).first
        panel.locator("label", has_text="mit dem Auto").click()
        assert panel.locator("div.m-car").is_visible()
        others = panel.locator("div.m-foot, div.m-bike")
        assert others.count() and not any(others.nth(n).is_visible() for n in range(others.count()))
        panel.locator("label").first.click()
        assert not panel.locator("div.m-car").is_visible()


def test_long_tables_are_sorted_on_demand(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        table = page.locator("section#areas table.sort").first
        head = table.locator("thead th").nth(1)
        shown = "rows => rows.map(row => row.cells[1].dataset.v).filter(v => v !== undefined).map(Number)"
        before = table.locator("tbody tr").count()
        head.locator("[role=button]").click()
        rising = table.locator("tbody tr").evaluate_all(shown)
        assert head.get_attribute("aria-sort") == "ascending" and rising == sorted(rising) and len(rising) > 2
        head.locator("[role=button]").press("Enter")
        assert table.locator("tbody tr").evaluate_all(shown) == sorted(rising, reverse=True)
        assert table.locator("tbody tr").count() == before


def test_text_stands_out_from_its_ground(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        worst = page.evaluate(CONTRAST_OF_TEXT)
        assert worst and worst[0][0] >= CONTRAST, worst


def test_a_narrow_window_does_not_scroll_sideways(browser: Browser, report: Path) -> None:
    with opened(browser, report, viewport={"width": 390, "height": 800}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_paper_shows_the_tables_whole(browser: Browser, report: Path) -> None:
    with opened(browser, report, viewport={"width": 688, "height": 1000}) as page:
        page.emulate_media(media="print")
        assert not page.locator(".strip").is_visible() and page.locator("article.gap").first.is_visible()
        assert page.locator(".wide:visible").evaluate_all(TOO_WIDE) == []
        assert len(page.pdf(prefer_css_page_size=True)) > 50_000
