# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Styles of QGIS (QML) as text: symbols, categories, rules, names of fields, map tips.

Symbols carry their properties twice, as `Option` (read from QGIS 3.22 on) and as `prop` (read by all QGIS 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

QGIS_VERSION = "3.22.0"
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
GEOMETRY_NUMBER = {"Point": "0", "MultiPolygon": "2", "Polygon": "2"}

STATUS_COLOURS = {
    "gap": "#D55E00", "unknown": "#A6A6A6", "tight": "#F2C14E", "covered": "#6FB98F", "not_rated": "#F2F2F2",
    "not_applicable": "#FFFFFF",
}  # fmt: skip
"""told apart also by people who do not see red or green, and in print"""
TIER_COLOURS = {
    "entitlement": "#7F0000", "duty": "#B2182B", "statute_local": "#D6604D", "planning": "#F4A582",
    "comparison": "#92C5DE",
}  # fmt: skip
CAUSE_COLOURS = {
    "absent": "#542788", "capacity": "#E08214", "quality": "#B2ABD2", "distance": "#2166AC", "hours": "#1B7837",
    "timetable": "#5AAE61", "slot_capacity": "#FEE0B6",
}  # fmt: skip
TIME_CLASSES = ((5, "#FFFFCC"), (10, "#C7E9B4"), (15, "#7FCDBB"), (30, "#41B6C4"), (45, "#2C7FB8"), (None, "#253494"))
"""minutes up to which a class goes; the last one is open"""
SHARE_CLASSES = ((0, "#F7F7F7"), (10, "#FEE8C8"), (25, "#FDBB84"), (50, "#EF6548"), (None, "#990000"))
"""per cent up to which a class goes"""
NUMBER_CLASSES = ((0, "#F7F7F7"), (2, "#FDD49E"), (5, "#FC8D59"), (10, "#D7301F"), (None, "#7F0000"))
DOMAIN_COLOURS = {
    "child_care": "#E31A1C", "school": "#FF7F00", "youth": "#FDBF6F", "health": "#1F78B4", "care": "#6A3D9A",
    "seniors": "#CAB2D6", "counselling": "#FB9A99", "culture": "#B15928", "local_supply": "#33A02C",
    "administration": "#636363", "mobility": "#A6CEE3", "safety": "#B2182B", "technical": "#B2DF8A",
}  # fmt: skip
OPEN_COLOUR = "#BDBDBD"
"""for what is not known or not shown"""

Symbol = ET.Element


@dataclass(frozen=True)
class Rule:
    """What a filter selects, how it is called and drawn; an empty filter draws everything else."""

    filter: str
    label: str
    symbol: Symbol


def fill(colour: str, *, opacity: float = 1.0, outline: str = "#666666", width_mm: float = 0.2) -> Symbol:
    """A filled area with an outline."""
    return _symbol(
        "fill",
        "SimpleFill",
        opacity,
        {
            "color": rgba(colour), "style": "solid", "outline_color": rgba(outline), "outline_style": "solid",
            "outline_width": f"{width_mm:g}", "outline_width_unit": "MM", "joinstyle": "bevel",
        },
    )  # fmt: skip


def cell(colour: str, *, opacity: float = 0.85) -> Symbol:
    """A cell of the grid: no outline, so that neighbours make one area."""
    properties = {"color": rgba(colour), "style": "solid", "outline_style": "no"}
    return _symbol("fill", "SimpleFill", opacity, properties)


def outline(colour: str, width_mm: float, style: str = "solid") -> Symbol:
    """An empty area with an outline."""
    return _symbol(
        "fill",
        "SimpleFill",
        1.0,
        {
            "color": "255,255,255,0", "style": "no", "outline_color": rgba(colour), "outline_style": style,
            "outline_width": f"{width_mm:g}", "outline_width_unit": "MM", "joinstyle": "round",
        },
    )  # fmt: skip


def point(colour: str, *, size_mm: float = 2.4) -> Symbol:
    """A round dot with a white rim."""
    return _symbol(
        "marker",
        "SimpleMarker",
        1.0,
        {
            "name": "circle", "color": rgba(colour), "outline_color": "255,255,255,255", "outline_style": "solid",
            "outline_width": "0.3", "outline_width_unit": "MM", "size": f"{size_mm:g}", "size_unit": "MM",
        },
    )  # fmt: skip


def rgba(colour: str) -> str:
    """#D55E00 as QGIS writes it: 213,94,0,255."""
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


def _symbol(kind: str, layer_class: str, opacity: float, properties: Mapping[str, str]) -> Symbol:
    symbol = ET.Element("symbol", type=kind, alpha=f"{opacity:g}", clip_to_extent="1", force_rhr="0")
    layer = ET.SubElement(symbol, "layer", {"class": layer_class, "enabled": "1", "locked": "0", "pass": "0"})
    options = ET.SubElement(layer, "Option", type="Map")
    for name, value in properties.items():
        ET.SubElement(options, "Option", name=name, type="QString", value=value)
    for name, value in properties.items():
        ET.SubElement(layer, "prop", k=name, v=value)
    return symbol


def categories(attribute: str, entries: Sequence[tuple[str, str, Symbol]]) -> ET.Element:
    """One symbol per value (value, label, symbol); the value "" stands for all others and for missing ones."""
    renderer = _renderer("categorizedSymbol", attr=attribute)
    listed, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for number, (value, label, symbol) in enumerate(entries):
        ET.SubElement(listed, "category", symbol=str(number), value=value, label=label, render="true", type="string")
        _add(symbols, symbol, number)
    return renderer


def rules(entries: Sequence[Rule]) -> ET.Element:
    """Rules in the order of the legend; each feature is drawn by every rule that selects it."""
    renderer = _renderer("RuleRenderer")
    root, symbols = ET.SubElement(renderer, "rules", key="root"), ET.SubElement(renderer, "symbols")
    for number, rule in enumerate(entries):
        chosen = {"filter": rule.filter or "ELSE"}
        ET.SubElement(root, "rule", {"key": f"rule{number}", "symbol": str(number), "label": rule.label, **chosen})
        _add(symbols, rule.symbol, number)
    return renderer


def classes(
    attribute: str, steps: Sequence[tuple[float | None, str]], labels: Sequence[str], *, missing: str, cells: bool
) -> list[Rule]:
    """Rules for classes of a number, each up to its step (the limit belongs to the class), and for no number."""
    draw = cell if cells else fill
    found, lower = [], None
    column = quoted(attribute)
    for (upper, colour), label in zip(steps, labels, strict=True):
        parts = [f"{column} > {lower:g}"] if lower is not None else []
        parts += [f"{column} <= {upper:g}"] if upper is not None else []
        found.append(Rule(" AND ".join(parts), label, draw(colour)))
        lower = upper
    found.append(Rule(f"{column} IS NULL", missing, draw(OPEN_COLOUR, opacity=0.4)))
    return found


def quoted(attribute: str) -> str:
    """A field in an expression."""
    return '"' + attribute.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text in an expression."""
    return "'" + value.replace("'", "''") + "'"


def _renderer(kind: str, **more: str) -> ET.Element:
    return ET.Element(
        "renderer-v2", {"type": kind, "forceraster": "0", "symbollevels": "0", "enableorderby": "0", **more}
    )


def _add(symbols: ET.Element, symbol: Symbol, number: int) -> None:
    symbol.set("name", str(number))
    symbols.append(symbol)


def qml(renderer: ET.Element, geometry_type: str, aliases: Mapping[str, str], *, tip: str = "", shown: str = "") -> str:
    """A style file.

    geometry_type  of the layer: Point, Polygon, MultiPolygon
    aliases        field -> words shown in its place
    tip            text of the map tip, may hold expressions as [% "field" %]
    shown          expression by which a feature is named
    """
    root = ET.Element("qgis", version=QGIS_VERSION, styleCategories="Symbology|Fields|MapTips")
    root.append(renderer)
    listed = ET.SubElement(root, "aliases")
    for number, (name, words) in enumerate(aliases.items()):
        ET.SubElement(listed, "alias", index=str(number), field=name, name=words)
    if shown:
        ET.SubElement(root, "previewExpression").text = shown
    if tip:
        ET.SubElement(root, "mapTip").text = tip
    ET.SubElement(root, "layerGeometryType").text = GEOMETRY_NUMBER[geometry_type]
    ET.indent(root, " ")
    return DOCTYPE + ET.tostring(root, encoding="unicode") + "\n"
