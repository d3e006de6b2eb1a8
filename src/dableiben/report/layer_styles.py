# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Which styles a layer offers in QGIS: the first is loaded by itself, the others stand in its list of styles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from dableiben.catalogue.schema import DOMAINS, TIERS
from dableiben.core.levels import LEVELS
from dableiben.report import qgis_style as q
from dableiben.report.labels import Labels

STATUSES = ("gap", "unknown", "covered", "not_rated")
OUTLINES = {"district": (0.9, "solid"), "mittelbereich": (0.5, "dash"), "amt": (0.6, "solid"), "locality": (0.1, "dot")}
"""levels drawn as a line only (width in mm, kind of line); municipalities carry the colour"""
GAP_TIP = (
    '<b>[% "angebot" %], [% "gebiet" %]</b><br>[% coalesce("gruppe", \'\') %]<br>[% coalesce("begruendung", \'\') %]'
)
FACILITY_TIP = '<b>[% coalesce("name", "angebot") %]</b><br>[% "angebot" %]'
AREA_TIP = '<b>[% "name" %]</b> ([% "ebene" %])'


@dataclass(frozen=True)
class LayerStyle:
    """A named way to draw a layer; `tip` and `shown` as in qgis_style.qml."""

    name: str
    renderer: ET.Element
    tip: str = ""
    shown: str = ""


def gap_styles(labels: Labels) -> list[LayerStyle]:
    """By tier, by cause."""
    styles = []
    tiers = [(labels.word(f"label.{tier}"), q.TIER_COLOURS[tier]) for tier in TIERS]
    causes = dict.fromkeys((labels.word(f"cause.{cause}"), colour) for cause, colour in q.CAUSE_COLOURS.items())
    # Too few places, posts, beds: one colour, several words.
    named = labels.gaps[["kind", "cause"]].sort_values(["kind", "cause"]).itertuples(index=False)
    causes |= dict.fromkeys((labels.cause(kind, cause), q.CAUSE_COLOURS[cause]) for kind, cause in named)
    for style, column, words in (("tier", "stufe", tiers), ("cause", "ursache", list(causes))):
        entries = [(word, word, q.fill(colour, opacity=0.45, outline=colour, width_mm=0.6)) for word, colour in words]
        name = labels.word(f"style.{style}")
        styles.append(LayerStyle(name, q.categories(column, entries), GAP_TIP, '"angebot" || \', \' || "gebiet"'))
    return styles


def facility_styles(labels: Labels) -> list[LayerStyle]:
    """By field of services."""
    entries = []
    for domain in DOMAINS:
        word = labels.word(f"domain.{domain}")
        entries.append((word, word, q.point(q.DOMAIN_COLOURS[domain])))
    entries.append(("", labels.word("style.other"), q.point(q.OPEN_COLOUR)))
    renderer = q.categories("bereich", entries)
    return [LayerStyle(labels.word("style.domain"), renderer, FACILITY_TIP, 'coalesce("name", "angebot")')]


def area_styles(labels: Labels, services: Sequence[tuple[str, str, str]]) -> list[LayerStyle]:
    """By number of gaps; then by service, share in a gap.

    services  (service, field of the share in a gap, field of the share unknown)
    """
    names = _class_labels(labels, q.NUMBER_CLASSES, "")
    counted = q.classes("luecken", q.NUMBER_CLASSES, names, missing=labels.word("style.other"), cells=False)[:-1]
    here = f'"ebene" = {q.text(labels.word("level.municipality"))}'
    styles = [_areas(labels, labels.word("style.gap_count"), counted, here)]
    for service, share, unknown in services:
        names = _class_labels(labels, q.SHARE_CLASSES, "\u00a0%")
        missing = labels.word("style.no_number")
        rules = q.classes(share, q.SHARE_CLASSES, names, missing=missing, cells=False)
        none, *others = rules
        open_rule = q.Rule(
            f"{q.quoted(share)} <= 0 AND {q.quoted(unknown)} > 0", labels.word("style.some_unknown"),
            q.fill(q.STATUS_COLOURS["unknown"]),
        )  # fmt: skip
        none = q.Rule(f"{none.filter} AND coalesce({q.quoted(unknown)}, 0) = 0", none.label, none.symbol)
        name = labels.word("style.share", service=labels.service(service))
        styles.append(_areas(labels, name, [none, open_rule, *others], here))
    return styles


def _areas(labels: Labels, name: str, coloured: Sequence[q.Rule], here: str) -> LayerStyle:
    """Municipalities in colours, all other levels as lines."""
    rules = [q.Rule(f"({rule.filter}) AND {here}", rule.label, rule.symbol) for rule in coloured]
    for level in reversed(LEVELS):
        if level in OUTLINES:
            word = labels.word(f"level.{level}")
            width, line = OUTLINES[level]
            label = labels.word("style.level", level=word)
            rules.append(q.Rule(f'"ebene" = {q.text(word)}', label, q.outline("#404040", width, line)))
    return LayerStyle(name, q.rules(rules), AREA_TIP, '"name"')


def _class_labels(labels: Labels, steps: Sequence[tuple[float | None, str]], unit: str) -> list[str]:
    found, last = [], 0.0
    for upper, _ in steps:
        if upper == 0:
            found.append(labels.word("style.none"))
        elif upper is None:
            found.append(labels.word("style.over", n=last, unit=unit))
        else:
            found.append(labels.word("style.up_to", n=upper, unit=unit))
        last = upper if upper is not None else last
    return found


def way_styles(labels: Labels, ways: Sequence[tuple[str, str, str, str | None]]) -> list[LayerStyle]:
    """By rating where there is one, and by minutes; first the way of the gap that ranks first.

    ways  (service, mode, field of the minutes, field of the rating or None)
    """
    minutes = [_minutes_style(labels, kind, mode, field) for kind, mode, field, _ in ways]
    rated = [(k, m, status) for k, m, _, status in ways if status is not None]
    ratings = [_status_style(labels, kind, mode, field) for kind, mode, field in rated]
    first = _first_way(labels, [(kind, mode) for kind, mode, _ in rated])
    if first is not None:
        ratings.insert(0, ratings.pop(first))
    return [*ratings, *minutes]


def _first_way(labels: Labels, rated: Sequence[tuple[str, str]]) -> int | None:
    gaps = labels.gaps
    for way in zip(gaps["kind"], gaps["mode"], strict=True):
        if way in rated:
            return rated.index(way)
    return None


def _minutes_style(labels: Labels, kind: str, mode: str, field: str) -> LayerStyle:
    unit = "\u00a0" + labels.word("unit.min.many")
    names = _class_labels(labels, q.TIME_CLASSES, unit)
    rules = q.classes(field, q.TIME_CLASSES, names, missing=labels.word("style.no_time"), cells=True)
    return LayerStyle(labels.word("style.minutes", **_way(labels, kind, mode)), q.rules(rules), _way_tip(field))


def _status_style(labels: Labels, kind: str, mode: str, field: str) -> LayerStyle:
    entries = []
    for status in STATUSES:
        word = labels.word(f"status.{status}")
        entries.append((word, word, q.cell(q.STATUS_COLOURS[status])))
    entries.append(("", labels.word("style.no_time"), q.cell(q.OPEN_COLOUR, opacity=0.4)))
    name = labels.word("style.status", **_way(labels, kind, mode))
    return LayerStyle(name, q.categories(field, entries), _way_tip(field.removeprefix("status_")))


def _way_tip(field: str) -> str:
    return f"[% \"gebiet\" %]: [% coalesce({q.quoted(field)}, '–') %] min"


def _way(labels: Labels, kind: str, mode: str) -> dict[str, str]:
    return {"service": labels.service(kind), "mode": labels.word(f"mode.{mode}")}
