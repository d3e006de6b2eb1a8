# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What every packaged card owes: labels, sources, a way to be found, no more law than was read."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from dableiben.catalogue.load import Catalogue
from dableiben.catalogue.schema import DOMAINS, FacilityKind, Norm, NormValue, Pool
from dableiben.catalogue.select import drafts

# Rows of the research that say "from memory" without a source: shipped, never used.
DRAFTS = ["N15", "N19", "N34", "N35", "N36", "N43"]
# Numbers that follow from a row and do not stand in it as digits.
DERIVED = {
    "N01": {1.0},  # "ja": a place for everybody
    "N05a": {1.0},
    "N07": {0.25, 0.5, 0.75, 1.0},  # Klasse 1, then one grade more a year, of four
    "N38": {2_000_000.0},  # "> 2 Mio."
    "N42": {0.045},  # 4,5 %
}
BINDINGS = {
    "RECHT": {"entitlement", "duty"},
    "SATZUNG": {"statute_local"},
    "JUDIKATUR": {"case_law"},
    "PLANUNG": {"planning"},
    "STATISTIK": {"statistic"},
    "BENCHMARK": {"benchmark"},
    "HEURISTIK": {"heuristic"},
}


def services(catalogue: Catalogue) -> list[FacilityKind | Pool]:
    return [*catalogue.kinds.values(), *catalogue.pools.values()]


def numbers(value: NormValue) -> set[float]:
    return {float(n) for n in (value.value.values() if isinstance(value.value, dict) else [value.value])}


def numbers_in(text: str) -> set[float]:
    """All numbers a German or English reader can see in a text."""
    found = re.findall(r"\d+(?:[.,]\d+)*", text)
    read = {float(n.replace(",", ".")) for n in found if n.count(",") + n.count(".") <= 1}
    return read | {float(n.replace(".", "").replace(",", ".")) for n in found}


@pytest.fixture(scope="module")
def rows(shared_path: Path) -> dict[str, dict[str, str]]:
    with (shared_path / "knowledge" / "norms.csv").open(encoding="utf-8", newline="") as handle:
        return {row["id"]: row for row in csv.DictReader(handle)}


def row_of(norm: Norm, rows: dict[str, dict[str, str]]) -> dict[str, str]:
    return rows[re.match(r"N\d\d", norm.id).group()]  # type: ignore[union-attr]


def test_breadth(catalogue: Catalogue) -> None:
    assert len(catalogue.kinds) >= 40
    assert {kind.domain for kind in catalogue.kinds.values()} == set(DOMAINS)


def test_every_kind_of_the_issue_is_there(catalogue: Catalogue) -> None:
    assert set(catalogue.kinds) >= {
        "krippe", "kita", "kindertagespflege", "hort", "ganztagsschule", "grundschule", "mittlere_schule",
        "gymnasium", "gesamtschule", "jugendarbeit", "hausarzt", "kinderarzt", "zahnarzt", "apotheke",
        "krankenhaus", "pflegeheim", "kurzzeitpflege", "tagespflege", "ambulanter_dienst", "betreutes_wohnen",
        "pflegestuetzpunkt", "seniorentreff", "sozialberatung", "schuldnerberatung", "schwangerschaftsberatung",
        "migrationsberatung", "integrationskurs", "frauenhaus", "bibliothek", "dorfgemeinschaftshaus",
        "sportanlage", "supermarkt", "baeckerei", "bank", "post", "buergerbuero", "haltestelle", "bahnhof",
        "feuerwehr", "rettungswache", "wasser", "abwasser",
    }  # fmt: skip


def test_every_kind_can_be_found(catalogue: Catalogue) -> None:
    lost = [k.id for k in catalogue.kinds.values() if not (k.osm or k.osm_possible or k.register_only)]
    assert lost == []
    assert all(kind.register_aliases for kind in catalogue.kinds.values())


def test_technical_kinds_come_from_the_register_only(catalogue: Catalogue) -> None:
    technical = {kind.id for kind in catalogue.kinds.values() if kind.technical}
    assert technical == {"wasser", "abwasser"}
    assert all(catalogue.kinds[kind].register_only for kind in technical)


def test_protected_places(catalogue: Catalogue) -> None:
    assert catalogue.kinds["frauenhaus"].protection == "hidden"
    assert catalogue.kinds["kindertagespflege"].protection == "locality_only"


def test_pools_share_one_need(catalogue: Catalogue) -> None:
    assert set(catalogue.members("kita_u3")) == {"krippe", "kindertagespflege"}
    assert set(catalogue.members("ganztag_grundschule")) == {"hort", "ganztagsschule"}
    assert not {"krippe", "hort", "kindertagespflege"} & set(catalogue.services())


def plain(text: str) -> str:
    for umlaut, letters in zip("äöüß", ("ae", "oe", "ue", "ss"), strict=True):
        text = text.casefold().replace(umlaut, letters)
    return re.sub(r"[^a-z0-9]", "", text)


def test_no_spelling_of_a_register_means_two_kinds(catalogue: Catalogue) -> None:
    meaning: dict[str, str] = {}
    for kind in catalogue.kinds.values():
        for alias in {plain(text) for text in (*kind.register_aliases, kind.label.de, kind.plural.de, kind.id)}:
            assert meaning.setdefault(alias, kind.id) == kind.id, alias


def test_german_labels_can_be_declined(catalogue: Catalogue) -> None:
    """Nouns first, no leading adjective: only then the article alone gives all forms."""
    for service in services(catalogue):
        for text in (service.label.de, service.plural.de, *([service.users.de] if service.users else [])):
            assert text[0].isupper(), text
    assert all(group.users.de[0].isupper() for group in catalogue.groups.values())


def test_several_departments_where_the_task_is_shared(catalogue: Catalogue) -> None:
    shared = [service for service in services(catalogue) if len(service.responsibility.departments) > 1]
    assert len(shared) > 0.9 * len(services(catalogue))


def test_the_land_decides_who_answers_for_schools(catalogue: Catalogue) -> None:
    school = catalogue.kinds["grundschule"]
    assert "Landkreis" in school.responsibility_by_land["HE"].body.de
    assert "Gemeinde" in school.responsibility_by_land["MV"].body.de
    assert catalogue.kinds["sozialberatung"].responsibility.duty == "voluntary"
    assert catalogue.kinds["sozialberatung"].responsibility_by_land["MV"].duty == "duty"


def test_integration_obstacles(catalogue: Catalogue) -> None:
    relevant = {service.id for service in services(catalogue) if service.integration_relevant}
    assert relevant >= {"kita", "kita_u3", "grundschule", "haltestelle", "migrationsberatung", "integrationskurs"}
    assert "baeckerei" not in relevant


def test_every_land_has_a_school_entry_rule(catalogue: Catalogue) -> None:
    rules = {card.land: catalogue.entry_rule(card.land) for card in catalogue.laender.values()}
    assert len(rules) == 16
    assert (rules["MV"].cutoff_month, rules["MV"].cutoff_day) == (6, 30)
    assert (rules["NI"].cutoff_month, rules["NI"].cutoff_day) == (9, 30)


def test_every_value_in_use_has_a_source(catalogue: Catalogue) -> None:
    assert drafts(catalogue) == DRAFTS
    for norm in catalogue.norms.values():
        if norm.id not in DRAFTS:
            assert all(value.source for value in norm.values), norm.id


def test_a_draft_is_never_in_force(catalogue: Catalogue) -> None:
    from datetime import date

    for norm_id in DRAFTS:
        norm = catalogue.norms[norm_id]
        assert all(norm.value_on(date(2026, 11, 22), (area, "DE")) is None for area in ("MV", "HE"))


def test_uncertain_values_are_named(catalogue: Catalogue) -> None:
    used = {n.id for n in catalogue.norms.values() for v in n.values if v.certainty == "memory" and v.source}
    assert used == {"N20"}


def test_every_row_of_the_research_has_a_card(catalogue: Catalogue, rows: dict[str, dict[str, str]]) -> None:
    assert set(rows) <= set(catalogue.norms)


def test_no_card_says_more_law_than_its_row(catalogue: Catalogue, rows: dict[str, dict[str, str]]) -> None:
    for norm in catalogue.norms.values():
        if norm.id in ("N05a", "N05b"):
            continue
        assert norm.binding in BINDINGS[row_of(norm, rows)["art"]], norm.id
    # The law beside the statistic of N05 is the section its row names.
    assert catalogue.norms["N05a"].legal_basis == rows["N05"]["rechtsgrundlage"]
    claims = {norm.id for norm in catalogue.norms.values() if norm.binding == "entitlement"}
    assert claims == {"N01", "N05a", "N06", "N07"}


def test_no_value_is_invented(catalogue: Catalogue, rows: dict[str, dict[str, str]]) -> None:
    for norm in catalogue.norms.values():
        said = numbers_in(" ".join(row_of(norm, rows).values())) | DERIVED.get(norm.id, set())
        for value in norm.values:
            assert numbers(value) <= said, (norm.id, numbers(value) - said)


def test_what_is_no_limit_makes_no_gap(catalogue: Catalogue) -> None:
    """2 km is the limit of school transport, a mean is no limit, driving time proves no response time."""
    assert {catalogue.norms[n].measure for n in ("N14", "N33", "N24", "N22", "N23", "N15")} == {"information"}


def test_ids_are_those_of_the_research(catalogue: Catalogue, rows: dict[str, dict[str, str]]) -> None:
    # Rows about planning, time or several kinds name no kind that is assessed.
    no_kind = {
        "-", "kita_ue3", "kita_randzeit", "jugendhilfe", "pflege_alle", "pflege_ort", "pflegeplan", "pflege_planung",
        "grundzentrum", "mittelzentrum", "oberzentrum", "nahversorgung_5er", "alle", "alle_alltag",
    }  # fmt: skip
    named = {row["facility_kind"] for row in rows.values()} - no_kind
    assert named <= set(catalogue.kinds) | set(catalogue.pools)


FALSE_FRIENDS = re.compile(r"accessib|carrier|utility|consumer|(^|_)(demand|place|measure)(_|$)")


def test_ids_carry_no_false_friends(catalogue: Catalogue) -> None:
    ids = [*catalogue.kinds, *catalogue.pools, *catalogue.groups]
    assert [card_id for card_id in ids if FALSE_FRIENDS.search(card_id)] == []
    assert [card_id for card_id in ids if not re.fullmatch(r"[a-z][a-z0-9_]*", card_id)] == []


def test_glossary_is_settled() -> None:
    from importlib.resources import files

    import yaml

    terms = yaml.safe_load((files("dableiben.catalogue") / "data" / "terms.yaml").read_text(encoding="utf-8"))
    assert terms["Bedarf"] == "need" and terms["Erreichbarkeit"] == "access" and terms["Träger"] == "provider"
    assert [t for t in terms.values() if re.search(r"accessib|carrier|utility|consumer", t)] == []
