# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The released result as one self-contained HTML page for a council: no network, no external fonts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.text import Lang, Speaker, speaker
from dableiben.privacy.released import Released
from dableiben.report.maps import SPECIAL
from dableiben.report.view import SECTIONS, Page, View

TIME_COLOURS = ("#9fd3e8", "#5aaed3", "#2f7fb5", "#2b4f9a", "#2a1f63")
"""from near to far, each darker than the one before, so that they differ without colour too"""

GERMAN_ONLY = ("number.source", "setting.carless", "setting.structurally_weak")
"""settings that quote a source, which stands in German on card or in region.toml"""


def write_html(released: Released, catalogue: Catalogue, path: Path, *, lang: Lang = "de") -> None:
    """Write the report: equal inputs give equal bytes.

    released   from privacy.gate.release; `released.council` decides between the full and the council's version
    catalogue  the words, norms and settings of the run
    lang       de or en; texts of readers and data checks stay German and are marked so

    Errors: TypeError for anything but Released; OSError if the file cannot be written.
    """
    if not isinstance(released, Released):
        raise TypeError("write_html takes privacy.Released only")
    path.write_bytes(render(released, catalogue, lang).encode("utf-8"))


def render(released: Released, catalogue: Catalogue, lang: Lang) -> str:
    """The whole page as text."""
    view = View(released, catalogue, lang)
    page = view.page()
    say = speaker(catalogue, lang)
    template = _environment(say).get_template("report.html.j2")
    class_names = (*(str(number) for number in range(len(view.atlas.bounds))), *SPECIAL)
    text = template.render(
        page=page, council=released.council, shown=list(_shown(page)), class_names=class_names,
        german_only=[say.render(key) for key in GERMAN_ONLY],
        time_colours=TIME_COLOURS[: len(view.atlas.bounds)],
    )  # fmt: skip
    return text.rstrip("\n") + "\n"


def _shown(page: Page) -> Iterator[str]:
    """Sections in order; those of optional content only where there is some."""
    empty = {"comparison": page.comparison is None, "balance": not page.balances, "presence": page.presence is None}
    yield from (section for section in SECTIONS if not empty.get(section, False))


def _environment(say: Speaker) -> Environment:
    """Templates of the package; everything that is not a template is escaped."""
    environment = Environment(
        loader=PackageLoader("dableiben.report", "templates"), undefined=StrictUndefined, autoescape=True,
        keep_trailing_newline=False,
    )  # fmt: skip
    environment.globals.update(word=say.render, number=say.number)
    environment.filters.update(plain=_plain, lines=_lines, css_text=_css_text, said=lambda value: _said(say, value))
    return environment


def _plain(value: float) -> str:
    """A number for machines, without needless digits."""
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"


def _lines(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _css_text(text: str) -> Markup:
    """A CSS string. The quotes of JSON are those of CSS; `<` must not end the style element."""
    return Markup(json.dumps(text, ensure_ascii=False).replace("<", "\\3c "))


def _said(say: Speaker, value: object) -> str:
    """A setting in words: numbers as the language writes them, ISO dates as dates."""
    if isinstance(value, bool) or value is None:
        return "–"
    if isinstance(value, (int, float)):
        return say.number(value, 3)
    text = str(value)
    try:
        return say.day(date.fromisoformat(text))
    except ValueError:
        return text
