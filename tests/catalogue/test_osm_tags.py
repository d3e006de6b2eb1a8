# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From tags to kinds: what is certain, what is only possible, and the counts of a real extract."""

from __future__ import annotations

import collections
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from dableiben.catalogue.load import load_catalogue
from dableiben.catalogue.osm_tags import KindMatcher

CATALOGUE = load_catalogue()
MATCHER = KindMatcher(CATALOGUE)


@pytest.mark.parametrize(
    ("tags", "certain", "possible"),
    [
        ("amenity=kindergarten", {"kita"}, {"krippe"}),
        ("amenity=kindergarten min_age=3", {"kita"}, set()),
        ("amenity=kindergarten min_age=1", {"kita", "krippe"}, set()),
        ("amenity=kindergarten max_age=3", {"krippe"}, set()),
        ("amenity=childcare", set(), {"kita", "krippe", "kindertagespflege", "hort"}),
        ("amenity=childcare after_school=yes", {"hort"}, {"krippe"}),
        ("amenity=childcare after_school=only", {"hort"}, set()),
        ("amenity=doctors", set(), {"hausarzt", "kinderarzt", "frauenarzt"}),
        ("amenity=doctors healthcare:speciality=general", {"hausarzt"}, set()),
        ("amenity=doctors healthcare:speciality=paediatrics", {"kinderarzt"}, set()),
        ("amenity=doctors healthcare:speciality=general;paediatrics", {"hausarzt", "kinderarzt"}, set()),
        ("amenity=doctors healthcare:speciality=ophthalmology", set(), set()),
        ("healthcare=doctor healthcare:speciality=Allgemeinmedizin", {"hausarzt"}, set()),
        ("amenity=school isced:level=1", {"grundschule"}, set()),
        ("amenity=school isced:level=1;2", {"grundschule"}, {"mittlere_schule", "gesamtschule"}),
        ("amenity=school school:de=Grundschule", {"grundschule"}, set()),
        ("amenity=school school:de=Gymnasium", {"gymnasium"}, set()),
        ("amenity=school school:de=Gesamtschule isced:level=2A", {"gesamtschule"}, set()),
        ("amenity=school school:de=Förderschule", {"foerderschule"}, set()),
        ("amenity=school", set(), {"grundschule", "mittlere_schule", "gymnasium", "gesamtschule"}),
        ("amenity=community_centre", {"dorfgemeinschaftshaus"}, set()),
        ("amenity=community_centre community_centre=youth_centre", {"jugendarbeit"}, set()),
        ("amenity=community_centre community_centre:for=senior", {"seniorentreff"}, set()),
        ("amenity=social_facility social_facility=nursing_home", {"pflegeheim"}, set()),
        ("amenity=social_facility social_facility=nursing_home social_facility:for=disabled", set(), set()),
        ("amenity=nursing_home", {"pflegeheim"}, set()),
        ("amenity=social_facility social_facility=day_care social_facility:for=senior", {"tagespflege"}, set()),
        ("amenity=social_facility social_facility=ambulatory_care", {"ambulanter_dienst"}, set()),
        ("shop=supermarket", {"supermarkt"}, set()),
        ("shop=greengrocer;bakery", {"baeckerei"}, set()),
        ("shop=convenience post_office=post_partner", {"dorfladen", "post"}, set()),
        ("highway=bus_stop", {"haltestelle"}, set()),
        ("railway=halt", {"haltestelle", "bahnhof"}, set()),
        ("railway=station station=subway", {"haltestelle"}, set()),
        ("leisure=playground access=private", set(), set()),
        ("leisure=sports_centre sport=swimming", {"schwimmbad"}, set()),
        ("amenity=townhall", {"buergerbuero"}, set()),
        ("emergency=ambulance_station", {"rettungswache"}, set()),
        ("amenity=bench", set(), set()),
        ("amenity=pharmacy disused=yes", set(), set()),
        ("disused:amenity=pharmacy", set(), set()),
        ("", set(), set()),
    ],
)
def test_tags_of_a_facility(tags: str, certain: set[str], possible: set[str]) -> None:
    found = MATCHER.match(dict(pair.split("=") for pair in tags.split()))
    assert {kind for kind, is_possible in found if not is_possible} == certain
    assert {kind for kind, is_possible in found if is_possible} == possible


def test_register_only_kinds_are_never_found_in_osm() -> None:
    found = {
        kind for rules in (*MATCHER._by_tag.values(), *MATCHER._by_key.values()) for kind in (r.kind for r in rules)
    }
    assert not found & {kind.id for kind in CATALOGUE.kinds.values() if kind.register_only}


def holds(rule: dict[str, str], tags: dict[str, str]) -> bool:
    """A rule by its description, in the plainest way."""
    for key, wanted in rule.items():
        parts = {part.strip().casefold() for part in tags.get(key, "").split(";")}
        listed = {part.strip().casefold() for part in wanted.lstrip("!").split("|")}
        if wanted == "*":
            right = key in tags
        elif wanted == "!":
            right = key not in tags
        elif wanted.startswith("!"):
            right = key not in tags or not parts & listed
        else:
            right = key in tags and bool(parts & listed)
        if not right:
            return False
    return True


RULES = [rule for kind in CATALOGUE.kinds.values() for rule in (*kind.osm, *kind.osm_possible)]
VALUES = {
    key: sorted({v for rule in RULES for v in rule.get(key, "").strip("!").split("|")} - {"", "*"}) + ["other"]
    for key in sorted({key for rule in RULES for key in rule})
}
TAGS = st.fixed_dictionaries(
    {},
    optional={
        key: st.lists(st.sampled_from(values), min_size=1, max_size=2).map(";".join) for key, values in VALUES.items()
    },
)


@given(TAGS)
def test_the_compiled_rules_say_what_the_cards_say(tags: dict[str, str]) -> None:
    expected = []
    for kind in CATALOGUE.kinds.values():
        if any(holds(rule, tags) for rule in kind.osm):
            expected.append((kind.id, False))
        elif any(holds(rule, tags) for rule in kind.osm_possible):
            expected.append((kind.id, True))
    assert MATCHER.match(tags) == sorted(expected)
    assert not expected or MATCHER.keys & tags.keys()


@pytest.fixture(scope="module")
def wetterau(shared_path: Path) -> collections.Counter[tuple[str, bool]]:
    """Kinds of all nodes, ways and relations of a real extract, before any clipping."""
    import osmium

    counts: collections.Counter[tuple[str, bool]] = collections.Counter()
    path = shared_path / "regions" / "wetterau" / "wetterau-2022-12.osm.pbf"
    schools = 0
    for thing in osmium.FileProcessor(str(path)).with_filter(osmium.filter.KeyFilter(*sorted(MATCHER.keys))):
        tags = {tag.k: tag.v for tag in thing.tags}
        found = MATCHER.match(tags)
        counts.update(found)
        schools += any(CATALOGUE.kinds[kind].domain == "school" for kind, _ in found)
    counts["any school", False] = schools
    return counts


def test_counts_of_a_real_extract(wetterau: collections.Counter[tuple[str, bool]]) -> None:
    """As its README counts the tags: 11 kindergartens, 13 schools, 6 pharmacies, 16 supermarkets, 17 centres ..."""
    certain = {kind: count for (kind, possible), count in wetterau.items() if not possible}
    assert certain["kita"] == 11
    assert certain["any school"] == 13
    assert (certain["grundschule"], certain["gesamtschule"], certain["foerderschule"]) == (8, 2, 1)
    assert certain["apotheke"] == 6
    assert certain["supermarkt"] == 16
    assert certain["dorfgemeinschaftshaus"] + certain["jugendarbeit"] == 17
    assert certain["feuerwehr"] == 26
    assert certain["pflegeheim"] == 3 + 1  # three by the old tag, one by the new
    # Four doctors: two general practices, one without a speciality, one eye specialist.
    assert certain["hausarzt"] == 2
    assert wetterau["hausarzt", True] == wetterau["kinderarzt", True] == 1
    assert "kinderarzt" not in certain


def test_kindergartens_may_have_places_under_three(wetterau: collections.Counter[tuple[str, bool]]) -> None:
    assert wetterau["krippe", True] == 11 + 3 and wetterau["krippe", False] == 0


def test_every_rule_of_every_card_finds_its_kind() -> None:
    for kind in CATALOGUE.kinds.values():
        for rules, possible in ((kind.osm, {False}), (kind.osm_possible, {False, True})):
            for rule in rules:
                wanted = {key: value for key, value in rule.items() if not value.startswith("!")}
                tags = {key: "anything" if value == "*" else value.split("|")[0] for key, value in wanted.items()}
                assert dict(MATCHER.match(tags)).get(kind.id) in possible, (kind.id, tags)
