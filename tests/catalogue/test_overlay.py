# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The region's own cards: added, replacing ours, or refused with file and field in German."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.catalogue.new_card import BLANKS, Blank, new_blank
from dableiben.catalogue.osm_tags import KindMatcher
from dableiben.catalogue.select import choose_norm, validity_keys
from dableiben.catalogue.text import render
from dableiben.catalogue.words import service_words
from dableiben.core.errors import InputError

DAY = date(2026, 11, 22)

KIND = """
id: badestelle
reviewed_on: 2026-11-22
domain: culture
label: {de: Badesteg, en: bathing place}
plural: {de: Badestege, en: bathing places}
article: der
osm:
  - {leisure: bathing_place}
register_aliases: [Badesteg]
capacity_unit: null
groups:
  - {group: alle}
demand_mode: presence
use: free
capacity_level: municipality
responsibility:
  body: {de: Gemeinde, en: municipality}
  influence: own
  duty: voluntary
  departments:
    - {de: Bauhof, en: works department}
  basis: eigene Annahme
sources: [Ortsbegehung]
"""
NORM = """
id: weg_zum_badesteg
reviewed_on: 2026-11-22
title: {de: Weg zum Badesteg, en: Way to the bathing place}
kinds: [badestelle]
measure: distance_max
modes: [foot]
unit: Meter
binding: statute_local
values:
  - {valid_from: 2026-01-01, value: 800, source: Beschluss der Gemeinde, certainty: local}
"""


def test_two_files_add_a_kind_and_a_norm(with_cards: Callable[..., Catalogue]) -> None:
    catalogue = with_cards({"kinds/badestelle.yaml": KIND, "norms/weg.yaml": NORM})
    assert "badestelle" in catalogue.services()
    assert catalogue.own == {"kinds/badestelle", "norms/weg_zum_badesteg"}
    assert KindMatcher(catalogue).match({"leisure": "bathing_place"}) == [("badestelle", False)]
    norm = choose_norm(catalogue, "badestelle", "distance_max", DAY, validity_keys("13072001"), [])
    assert norm is not None and (norm.own, norm.number, norm.norm.tier) == (True, 800, "statute_local")
    assert service_words(catalogue, "badestelle", "de").to_nearest == "zum nächsten Badesteg"


def test_an_own_card_replaces_ours(with_cards: Callable[..., Catalogue]) -> None:
    ours = load_catalogue().norms["N44"]
    text = NORM.replace("weg_zum_badesteg", "N44").replace("badestelle", "bibliothek")
    catalogue = with_cards({"norms/N44.yaml": text})
    assert ours.measure == "persons_per_unit" and catalogue.norms["N44"].measure == "distance_max"
    assert catalogue.is_own("norms", "N44") and not catalogue.is_own("norms", "N20")


def test_own_numbers_of_the_method_replace_ours(with_cards: Callable[..., Catalogue]) -> None:
    from importlib.resources import files

    packaged = files("dableiben.catalogue") / "data" / "assessment" / "standard.yaml"
    text = packaged.read_text(encoding="utf-8").replace("id: standard", "id: eigene")
    catalogue = with_cards({"assessment/eigene.yaml": text.replace("cluster_share: 0.95", "cluster_share: 0.8")})
    assert catalogue.assessment.cluster_share == 0.8
    assert catalogue.is_own("assessment", "eigene")


def test_an_own_sentence_replaces_a_single_key(with_cards: Callable[..., Catalogue]) -> None:
    card = "id: aaa\nreviewed_on: 2026-11-22\nsentences:\n  mode.foot: {de: auf Schusters Rappen, en: on foot}\n"
    catalogue = with_cards({"sentences/a.yaml": card})
    assert render(catalogue, "mode.foot", "de") == "auf Schusters Rappen"
    assert render(catalogue, "mode.bike", "de") == "mit dem Fahrrad"


@pytest.mark.parametrize(
    ("name", "text", "column", "words"),
    [
        ("kinds/a.yaml", KIND.replace("article: der", "articel: der"), "article", "fehlt"),
        ("kinds/a.yaml", KIND + "colour: red\n", "colour", "Schreibfehler"),
        ("kinds/a.yaml", KIND.replace("domain: culture", "domain: kultur"), "domain", "Auswahl"),
        ("kinds/a.yaml", KIND.replace("en: bathing place}", "}"), "label.en", "fehlt"),
        ("kinds/a.yaml", KIND.replace("2026-11-22", "im November"), "reviewed_on", "Datum"),
        ("kinds/a.yaml", KIND.replace("{leisure: bathing_place}", '{leisure: "!"}'), None, "OSM-Merkmalen"),
        ("kinds/a.yaml", KIND.replace("id: badestelle", "id: Bade-Stelle"), "id", "Kennung"),
        ("norms/a.yaml", NORM.replace("value: 800", "value: weit"), "values.0.value.float", "Zahl"),
        ("norms/a.yaml", NORM.replace("modes: [foot]", "modes: []"), None, "braucht modes"),
        ("norms/a.yaml", "id: leer\nid: doppelt\n", None, "YAML"),
        ("norms/a.yaml", "id: [1, 2\n", None, "YAML"),
        ("norms/a.yaml", "[1]: 2\n", None, "YAML"),
        ("norms/a.yaml", NORM.replace("2026-01-01", "2026-13-45"), None, "YAML"),
        ("norms/a.yaml", "", None, "leer"),
        ("norms/a.yaml", "- id\n", None, "leer"),
        ("norms/a.yaml", "Text", None, "leer"),
    ],
)
def test_a_broken_card_is_refused_with_file_and_field(
    with_cards: Callable[..., Catalogue], name: str, text: str, column: str | None, words: str
) -> None:
    with pytest.raises(InputError) as refused:
        with_cards({"kinds/badestelle.yaml": KIND, name: text})
    assert str(refused.value.file).endswith("a.yaml")
    assert refused.value.column == column
    assert words in str(refused.value) and "So beheben:" in str(refused.value)


def test_a_card_given_twice_is_refused(with_cards: Callable[..., Catalogue]) -> None:
    with pytest.raises(InputError, match="gibt es zweimal"):
        with_cards({"kinds/a.yaml": KIND, "kinds/b.yaml": KIND})


@pytest.mark.parametrize(
    ("name", "text", "unknown"),
    [
        ("kinds/badestelle.yaml", KIND.replace("group: alle", "group: aller"), "aller"),
        ("kinds/badestelle.yaml", KIND.replace("sources:", "sentences: [note.wasser]\nsources:"), "note.wasser"),
        ("kinds/badestelle.yaml", KIND.replace("use: free", "use: free\npool: kita_u3"), "badestelle"),
        ("norms/weg.yaml", NORM, "badestelle"),
        ("norms/weg.yaml", NORM.replace("[badestelle]", "[kita]\ngroups: [kinder]"), "kinder"),
    ],
)
def test_an_unknown_name_is_refused(with_cards: Callable[..., Catalogue], name: str, text: str, unknown: str) -> None:
    with pytest.raises(InputError) as refused:
        with_cards({name: text})
    assert refused.value.code == "card-reference-unknown" and unknown in refused.value.message


def test_a_sentence_that_cannot_be_read_is_refused(with_cards: Callable[..., Catalogue]) -> None:
    card = "id: a\nreviewed_on: 2026-11-22\nsentences:\n  mode.foot: {de: '{% if %}', en: on foot}\n"
    with pytest.raises(InputError, match=r"mode\.foot"):
        with_cards({"sentences/a.yaml": card})


def test_no_folder_of_own_cards_is_fine(tmp_path: Path) -> None:
    assert load_catalogue(tmp_path / "cards").own == frozenset()


@pytest.mark.parametrize("what", [blank for blank in BLANKS if blank != "source"])
def test_a_blank_loads_as_it_stands(tmp_path: Path, what: Blank) -> None:
    place, text = new_blank(what, "probe_1", DAY)
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    catalogue = load_catalogue(tmp_path / "cards")
    assert [card.split("/")[1] for card in catalogue.own] == ["probe_1"]


def test_a_blank_norm_holds_once_it_has_a_source(with_cards: Callable[..., Catalogue]) -> None:
    _, text = new_blank("norm", "eigene", date(2026, 1, 1))
    keys = validity_keys("13072001")
    draft = with_cards({"norms/eigene.yaml": text})
    assert choose_norm(draft, "dorfgemeinschaftshaus", "travel_time_max", DAY, keys, []) is None
    ready = with_cards({"norms/eigene.yaml": text.replace("source: null", "source: Kreistag")})
    assert choose_norm(ready, "dorfgemeinschaftshaus", "travel_time_max", DAY, keys, []) is not None


def test_a_blank_reader_is_python(tmp_path: Path) -> None:
    place, text = new_blank("source", "probe", DAY)
    assert place.suffix == ".py"
    compile(text, str(place), "exec")


@pytest.mark.parametrize("name", ["Kita", "1a", "a-b", "", "a b", "../x"])
def test_a_bad_id_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="Kennung"):
        new_blank("kind", name, DAY)
