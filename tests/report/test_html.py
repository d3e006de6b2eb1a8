# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The report read back by a parser: whole, in one language, every link leads somewhere, nothing secret is said."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dableiben.catalogue.text import Lang, speaker
from dableiben.core.run import Results
from dableiben.report.html import render, write_html
from dableiben.report.labels import Labels
from dableiben.report.map_paths import cell_path, dots
from dableiben.report.maps import GAP, HIDDEN, NONE, SERVED, UNKNOWN, Atlas
from support.exports import Made, made

VOID = {"meta", "input", "br", "link", "img", "hr"}
ENGLISH = """the and or not with for gap gaps unknown persons within mode area areas kind norm duty entitlement
distance municipality district locality capacity absent quality true false none nan content space low own urge memory
baseline actual home need supply about places facility facilities withheld share foot bike car level shown"""
GERMAN = """der die das und oder nicht mit für ist sind ein eine auf bei im zum zur aus wird werden keine kein Gemeinde
Lücke Lücken Weg Angebot unbekannt Karte Karten Quelle Bedarf Bestand Einrichtung Personen Anteil bis über"""


@dataclass
class Node:
    """An element with its text in order."""

    tag: str
    attributes: dict[str, str]
    parent: Node | None = None
    children: list[Node | str] = field(default_factory=list)

    def text(self, *, without: tuple[str, ...] = ("style", "script"), skip_german: bool = False) -> str:
        """All text below; without parts marked as German, if asked."""
        if self.tag in without or (skip_german and self.attributes.get("lang") == "de" and self.tag != "html"):
            return ""
        parts = (c if isinstance(c, str) else c.text(without=without, skip_german=skip_german) for c in self.children)
        return " ".join(parts)

    def all(self, tag: str = "", **wanted: str) -> list[Node]:
        """Elements below by tag and attributes; `class_` asks for one of the classes."""
        found = []
        for child in self.children:
            if isinstance(child, Node):
                if (not tag or child.tag == tag) and child.matches(wanted):
                    found.append(child)
                found += child.all(tag, **wanted)
        return found

    def matches(self, wanted: dict[str, str]) -> bool:
        """Whether the attributes are as wanted."""
        classes = self.attributes.get("class", "").split()
        return all(v in classes if k == "class_" else self.attributes.get(k) == v for k, v in wanted.items())


class Reader(HTMLParser):
    """A strict reader: every element is closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {k: v or "" for k, v in attrs}, self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.at.children.append(Node(tag, {k: v or "" for k, v in attrs}, self.at))

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, f"</{tag}> closes <{self.at.tag}>"
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def parsed(text: str) -> Node:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.at is reader.root
    return reader.root


@pytest.fixture(scope="module")
def district() -> Made:
    return made()


@pytest.fixture(scope="module")
def text(district: Made) -> str:
    return render(district.released, district.catalogue, "de")


@pytest.fixture(scope="module")
def page(text: str) -> Node:
    return parsed(text)


def one(nodes: list[Node]) -> Node:
    assert len(nodes) == 1, nodes
    return nodes[0]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()


def test_only_released_results_are_taken(district: Made, tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        write_html(district.results, district.catalogue, tmp_path / "report.html")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_the_file_holds_the_page_in_utf8(district: Made, text: str, tmp_path: Path) -> None:
    write_html(district.released, district.catalogue, tmp_path / "report.html")
    assert (tmp_path / "report.html").read_bytes() == text.encode()
    assert text.startswith("<!doctype html>\n") and '<meta charset="utf-8">' in text


def test_nothing_is_loaded_from_anywhere(text: str, page: Node) -> None:
    assert page.all("link") == [] and page.all("img") == [] and page.all("iframe") == []
    assert all("src" not in node.attributes for node in page.all())
    assert {node.attributes["href"][0] for node in page.all() if "href" in node.attributes} == {"#"}
    assert "@import" not in text and "//" not in re.sub(r"// [A-Z]", "", text.replace("<!doctype", ""))
    assert set(re.findall(r"url\((.)", text)) == {"#"}


def test_every_link_leads_somewhere_and_no_id_is_given_twice(page: Node) -> None:
    ids = Counter(node.attributes["id"] for node in page.all() if "id" in node.attributes)
    assert [name for name, times in ids.items() if times > 1] == []
    links = {node.attributes["href"][1:] for node in page.all() if "href" in node.attributes}
    assert links - set(ids) == set()
    named = {name for node in page.all() for name in node.attributes.get("aria-labelledby", "").split()}
    assert named and named <= set(ids)
    assert {node.attributes["for"] for node in page.all("label")} <= set(ids)


def test_headings_come_in_order(page: Node) -> None:
    levels = [int(node.tag[1]) for node in page.all() if re.fullmatch(r"h\d", node.tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_can_be_read_aloud(page: Node) -> None:
    assert len(page.all("table")) > 20
    for table in page.all("table"):
        assert squeezed(one(table.all("caption")).text())
        assert all(node.attributes["scope"] in ("col", "row") for node in table.all("th"))
        width = len(one(table.all("thead")).all("th"))
        for row in one(table.all("tbody")).all("tr"):
            cells = [c for c in row.children if isinstance(c, Node)]
            assert len(cells) == width and cells[0].tag == "th"
    assert one(page.all("html")).attributes["lang"] == "de"


def test_contents_name_every_section(page: Node) -> None:
    listed = [node.attributes["href"][1:] for node in one(page.all("nav")).all("a")]
    assert listed == [node.attributes["id"] for node in page.all("section")]
    assert listed[:2] == ["summary", "gaps"] and listed[-1] == "checks"


def test_made_up_stands_on_every_page(district: Made, text: str, page: Node) -> None:
    strip = squeezed(one(page.all(class_="strip")).text())
    assert strip.startswith("ERFUNDEN")
    assert (
        re.search(r'@top-right\{content:"ERFUNDEN', text) and "ERFUNDEN" in one(page.all("head")).all("title")[0].text()
    )

    def real(results: Results) -> None:
        results.run["made_up"] = False

    assert "ERFUNDEN" not in render(made(change=real).released, district.catalogue, "de")


def test_gaps_are_shown_with_what_they_rest_on(district: Made, page: Node) -> None:
    say = speaker(district.catalogue, "de")
    norms = {norm["id"]: norm for norm in district.released.run["norms_used"]}
    for gap in district.released.tables["gaps"].to_dict("records"):
        block = one([node for node in page.all() if node.attributes.get("id") == f"g-{gap['gap_id']}"])
        while block.tag == "tr" or "gap" not in block.attributes.get("class", "").split():
            assert block.parent is not None
            block = block.parent
        said = squeezed(block.text())
        assert gap["gap_id"] in said and gap["area_name"] in said and str(gap["rank"]) in said
        if not isinstance(gap["withheld"], str) and gap["persons_best"] >= 0.5:
            assert say.rounded(gap["persons_best"]) in said
        assert squeezed(say.render(f"binding.{gap['binding']}")) in said
        if gap["norm_id"] in norms:
            links = {node.attributes["href"] for node in block.all("a")}
            assert f"#n-{gap['norm_id']}" in links and any(link.startswith("#q-") for link in links)
            assert ("*" in said) == norms[gap["norm_id"]]["uncertain"]


def test_withheld_unknown_and_zero_look_different(district: Made, page: Node) -> None:
    def cells(look: str) -> list[Node]:
        return [
            node for node in page.all() if node.tag in ("td", "th") and look in node.attributes.get("class", "").split()
        ]

    withheld, unknown, zero = cells("withheld"), cells("unknown"), cells("zero")
    assert withheld and unknown and zero
    assert all(squeezed(node.text()).startswith("•") for node in withheld)
    assert all(squeezed(node.text()).startswith("unbekannt") for node in unknown)
    assert all(re.match(r"^(0|0 %)( |$)", squeezed(node.text())) for node in zero)
    numbers = [node for node in page.all("td") if node.attributes.get("class") == "n"]
    assert len(numbers) > 100 and not any(re.match(r"^0( %)?$", squeezed(node.text())) for node in numbers)
    meanings = squeezed(one(page.all("dl", class_="signs")).text())
    assert "geheim gehalten" in meanings and "Die Angabe fehlt" in meanings and "gezählt" in meanings


def test_a_withheld_gap_says_no_number(district: Made, page: Node) -> None:
    table = district.released.tables["gaps"]
    secret = table[table["withheld"].notna()]
    assert len(secret)
    internal = district.results.tables["gaps"].set_index("gap_id")
    for gap_id in secret["gap_id"]:
        node = one([node for node in page.all() if node.attributes.get("id") == f"g-{gap_id}"])
        said = squeezed(node.text())
        assert "•" in said
        assert str(internal.loc[gap_id, "explanation_de"]) not in said


def words(text: str, district: Made) -> set[str]:
    """Words of a text without what comes from the data of the test: attributions, names, open entries."""
    tables = district.released.tables
    given = {*Labels(district.released, district.catalogue, "de").attributions(), *district.released.areas["name"]}
    given |= {
        *tables["facilities"]["name"].dropna(),
        *tables["unknowns"]["reason"],
        *tables["unknowns"]["missing_entry"],
    }
    given |= {entry[:1].upper() + entry[1:] for entry in tables["unknowns"]["missing_entry"]}
    for part in sorted(map(str, given), key=len, reverse=True):
        text = text.replace(part, " ")
    return set(re.findall(r"[^\W\d_]+", text))


def test_german_text_has_no_english_word(district: Made, page: Node) -> None:
    assert sorted(words(page.text(), district) & set(ENGLISH.split())) == []


def test_english_text_has_no_german_word(district: Made) -> None:
    english = parsed(render(district.released, district.catalogue, "en"))
    assert one(english.all("html")).attributes["lang"] == "en"
    said = english.text(skip_german=True)
    for norm in district.catalogue.norms.values():
        said = said.replace(norm.legal_basis, " ") if norm.legal_basis else said
    assert sorted(words(said, district) & set(GERMAN.split())) == []
    assert squeezed(one(english.all("h1")).text()).startswith("Provision report")


def test_numbers_follow_the_language(district: Made) -> None:
    persons = max(district.released.tables["gaps"]["persons_best"].dropna())
    assert persons > 1000
    for lang, sign in (("de", "."), ("en", ",")):
        shown = speaker(district.catalogue, lang).rounded(persons)  # type: ignore[arg-type]
        assert sign in shown and f">{shown}<" in render(district.released, district.catalogue, lang)  # type: ignore[arg-type]


def test_the_council_sees_confirmed_gaps_only() -> None:
    council, full = made(council=True), made()
    page = parsed(render(council.released, council.catalogue, "de"))
    shown = {node.attributes["id"][2:] for node in page.all() if node.attributes.get("id", "").startswith("g-")}
    confirmed = set(council.released.tables["gaps"]["gap_id"])
    unconfirmed = set(full.released.tables["gaps"]["gap_id"]) - confirmed
    assert confirmed and unconfirmed
    assert {name.rstrip("-") for name in shown} == confirmed
    said = page.text()
    assert not any(gap_id in said for gap_id in unconfirmed)
    assert page.all("table", class_="matrix") == [] and page.all("path", class_="cgap") == []
    assert page.all("path", class_="cells") == [] and page.all("g", class_="cells") != []


def test_equal_results_give_equal_bytes(district: Made, text: str) -> None:
    def shuffled(results: Results) -> None:
        for name, table in results.tables.items():
            results.tables[name] = table.sample(frac=1, random_state=5)  # type: ignore[index]

    assert render(made(change=shuffled).released, district.catalogue, "de") == text


@pytest.mark.parametrize("seed", ["1", "2"])
def test_hash_order_changes_nothing(seed: str, text: str, repository_path: Path) -> None:
    program = (
        "import hashlib; from support.exports import made; from dableiben.report.html import render; m = made(); "
        "print(hashlib.sha256(render(m.released, m.catalogue, 'de').encode()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(repository_path / "tests")}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == hashlib.sha256(text.encode()).hexdigest()


def test_no_clock_and_no_folder_is_in_the_page(text: str, repository_path: Path) -> None:
    assert not re.search(r"\d{2}:\d{2}:\d{2}", text)
    assert str(repository_path) not in text


def test_protected_places_are_not_on_the_page(district: Made, text: str) -> None:
    inside = district.results.tables["facilities"]
    kinds = district.catalogue.kinds
    hidden = inside[[kinds[k].protection == "hidden" for k in inside["kind"]]]
    coarse = inside[[kinds[k].protection == "locality_only" for k in inside["kind"]]]
    assert len(hidden) + len(coarse)
    for row in [*hidden.to_dict("records"), *coarse.to_dict("records")]:
        assert str(row["name"]) not in text and str(row["facility_id"]) not in text
    page = parsed(text)
    for kind in sorted(set(hidden["kind"])):
        assert [node for node in page.all() if node.attributes.get("id") == f"k-{kind}"] == []


def test_what_no_source_speaks_of_is_unknown_not_zero(district: Made) -> None:
    """`wasser` is found in registers only: without a row nobody knows whether there is any."""

    def asked(results: Results) -> None:
        settings: Any = results.run["settings"]
        settings["kinds"] = [*settings.get("kinds", []), "wasser", "bibliothek"]

    page = parsed(render(made(change=asked).released, district.catalogue, "de"))
    table = one([t for t in page.all("table") if "ohne Norm" in one(t.all("caption")).text()])
    rows = {squeezed(row.all("th")[0].text()): squeezed(row.all("td")[0].text()) for row in table.all("tr")[1:]}
    assert rows["Trinkwasserversorgung Technische Versorgung"] == "unbekannt"
    osm = any(source["kind"] == "osm" for source in district.released.run["sources"])
    assert rows["Bibliothek Kultur und Begegnung"] == ("0" if osm else "unbekannt")


def test_two_lists_give_a_report_without_maps(district: Made) -> None:
    def lists_only(results: Results) -> None:
        for name in ("cells", "indicators"):
            results.tables[name] = results.tables[name].iloc[:0]  # type: ignore[index]
        results.areas.geometry = [None] * len(results.areas)

    page = parsed(render(made(change=lists_only).released, district.catalogue, "de"))
    assert page.all("figure") == [] and "Ohne Karte" in page.text()
    assert one(page.all("section", id="balance")).all("table")


def test_nothing_found_is_said(district: Made) -> None:
    def empty(results: Results) -> None:
        for name in ("gaps", "unknowns"):
            results.tables[name] = results.tables[name].iloc[:0]  # type: ignore[index]

    page = parsed(render(made(change=empty).released, district.catalogue, "de"))
    said = squeezed(page.text())
    assert "Die Prüfung hat keine Lücke gefunden." in said and "Es blieb nichts offen." in said
    assert page.all("article", class_="gap") == []


def test_foreign_signs_in_names_do_no_harm(district: Made) -> None:
    def sly(results: Results) -> None:
        facilities = results.tables["facilities"]
        facilities["name"] = '<script>alert("x")</script> & "Söhne"'
        results.run["name"] = "</style><b>Kreis</b>"

    page = parsed(render(made(change=sly).released, district.catalogue, "de"))
    assert page.all("b", class_="x") == [] and len(page.all("script")) == 1 and len(page.all("style")) == 1
    assert "<b>Kreis</b>" in one(page.all("h1")).text()


def cells_of(path: str) -> list[tuple[int, int]]:
    """Column and row of every cell that a path draws; the reading of `cell_path` backwards."""
    found, x, y = [], 0, 0
    for dx, dy, length in re.findall(r"m(-?\d+) (-?\d+)h(\d+)", path):
        x, y = x + int(dx), y + int(dy)
        found += [(x + step, y) for step in range(int(length) + 1)]
        x += int(length)
    return found


@given(st.sets(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=200))
def test_a_path_draws_exactly_the_cells(cells: set[tuple[int, int]]) -> None:
    ordered = sorted(cells)
    columns, rows = (np.array([cell[axis] for cell in ordered], dtype=np.int64) for axis in (0, 1))
    drawn = cells_of(cell_path(columns, rows))
    assert sorted(drawn) == ordered
    assert sorted(cells_of(dots(cells))) == ordered


@pytest.mark.parametrize("lang", ["de", "en"])
def test_maps_colour_every_cell_by_its_own_row(district: Made, lang: Lang) -> None:
    """Each cell of each map against its row, one by one."""
    labels = Labels(district.released, district.catalogue, lang)
    atlas = Atlas(labels)
    assert atlas.frame is not None
    rows = {(r["kind"], r["mode"], r["x_m"], r["y_m"]): r for r in district.released.tables["cells"].to_dict("records")}
    size = float(district.released.size_m or 0)
    seen = 0
    for service in atlas.services():
        for layer in service.layers:
            drawn = [(name, cell) for name, path in layer.classes for cell in cells_of(path)]
            mine = {key: r for key, r in rows.items() if key[:2] == (service.kind, layer.mode)}
            assert len(drawn) == len(mine)
            for name, (column, row) in drawn:
                x_m = atlas.frame.west_m + (column + 0.5) * size
                y_m = atlas.frame.north_m - (row + 0.5) * size
                assert name == expected_class(mine[service.kind, layer.mode, x_m, y_m], atlas.bounds)
                seen += 1
    assert seen > 1000


def expected_class(row: dict[str, Any], bounds: tuple[float, ...]) -> str:
    if isinstance(row["withheld"], str):
        return HIDDEN
    if row["status_distance"] in (GAP, UNKNOWN):
        return str(row["status_distance"])
    minutes = row["travel_time_min"]
    if minutes is None or minutes != minutes or minutes > bounds[-1]:
        return SERVED if row["status_distance"] == "covered" else NONE
    return str(sum(bound < minutes for bound in bounds))


def test_maps_name_their_gaps_and_sources(district: Made, page: Node) -> None:
    lines = Labels(district.released, district.catalogue, "de").attributions()
    panels = page.all("article", class_="map")
    assert len(panels) >= 4
    for panel in panels:
        svg = one([node for node in panel.all("svg") if node.attributes.get("role") == "img"])
        assert squeezed(one(svg.all("title")).text()) and squeezed(one(svg.all("desc")).text())
        assert all(line in panel.text() for line in lines)
        checked = [node for node in panel.all("input") if "checked" in node.attributes]
        assert len(checked) == (1 if panel.all("input") else 0)
        kind = panel.attributes["id"][2:]
        gaps = district.released.tables["gaps"]
        linked = {node.attributes["href"] for node in panel.all("a")}
        placed = {f"#g-{gap_id}" for gap_id in gaps.loc[gaps["kind"] == kind, "gap_id"]}
        assert bool(placed) == bool(linked & placed)


def test_names_on_the_map_do_not_cover_each_other(district: Made) -> None:
    atlas = Atlas(Labels(district.released, district.catalogue, "de"))
    base = atlas.base()
    assert base is not None
    towns = [name for name in base.names if name.level == "municipality"]
    assert {name.text for name in towns} <= set(district.released.areas["name"]) and towns
    px = base.frame.px
    for number, a in enumerate(base.names):
        for b in base.names[number + 1 :]:
            assert abs(a.y - b.y) > 9 * px or abs(a.x - b.x) > 0.25 * 9 * px * (len(a.text) + len(b.text)) / 2
