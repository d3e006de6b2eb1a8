# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Sentences a council reads: German numbers, right grammar, never more law than there is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import hypothesis.strategies as st
import jinja2
import pytest
from hypothesis import given

from dableiben.catalogue.explain import INDICATORS, GapFacts, explain_gap, explain_unknown, indicator_sentence
from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.catalogue.select import ChosenNorm, choose_norm, validity_keys
from dableiben.catalogue.text import LANGS, Lang, in_region, region_name, render, speaker
from dableiben.catalogue.words import service_words

CATALOGUE = load_catalogue()
DAY = date(2026, 11, 22)
SPACE = "\u00a0"


def norm(service: str, measure: str) -> ChosenNorm:
    keys = validity_keys("13072001")
    chosen = choose_norm(CATALOGUE, service, measure, DAY, keys, ["N09", "N28"])  # type: ignore[arg-type]
    assert chosen is not None
    return chosen


def said(facts: GapFacts, lang: Lang = "de") -> str:
    return explain_gap(CATALOGUE, facts, lang).replace(SPACE, " ")


U3 = GapFacts(
    "kita_u3", "kinder_u3", "capacity", "Haldersee", 7.8, 7.8, 7.8, norm("kita_u3", "place_for_each_need"),
    target=67.8, actual=60, missing=7.8, unit="place",
)  # fmt: skip


def test_an_entitlement_says_what_is_missing_by_calculation() -> None:
    text = said(U3)
    assert text.startswith("Haldersee: Rechnerisch fehlen 7,8 Plätze zur Erfüllung des Rechtsanspruchs")
    assert "Gebraucht werden 67,8, nutzbar sind 60." in text and "§ 24 Abs. 2 SGB VIII" in text
    assert "7.8 places are missing to meet the legal entitlement" in said(U3, "en")


def test_one_place_is_singular() -> None:
    one = GapFacts(**{**U3.__dict__, "target": 61.0, "missing": 1.0})
    assert "Rechnerisch fehlt 1 Platz zur Erfüllung" in said(one)
    assert "1 place is missing" in said(one, "en")


def test_the_entitlement_is_never_said_to_be_unmet() -> None:
    for card in CATALOGUE.sentences.values():
        for text in card.sentences.values():
            assert not re.search(r"anspruch\w* (ist |wird )?(nicht|un)\s?-?erfüllt|nicht erfüllt", text.de, re.I)
            assert not re.search(r"entitlement (is )?(not|un)\s?-?met", text.en, re.I)


def test_a_way_names_household_mode_and_limit() -> None:
    chosen = norm("kita", "travel_time_max")
    facts = GapFacts(
        "kita", "kinder_3_bis_schule.ohne_auto", "distance", "Birkenmoor", 34, 12, 80, chosen,
        target=30, actual=41.3, unit="min", mode="bike", carless_known=False,
    )  # fmt: skip
    text = said(facts)
    assert text.startswith(
        "Birkenmoor: Für 34 Kinder von 3 Jahren bis zur Einschulung aus Haushalten ohne Auto ist mit dem Fahrrad "
        "innerhalb von 30 Minuten keine Kita erreichbar. Bis zur nächsten Kita sind es im Mittel 41 Minuten."
    )
    assert "unter Vergleichswert" in text and "Eine Pflicht folgt daraus nicht." in text
    assert text.endswith("liegt deshalb zwischen 12 und 80 Personen.")


def test_nothing_found_at_all() -> None:
    facts = GapFacts(
        "supermarkt", "senioren_65.ohne_auto", "distance", "Lüttenrade", 1, 1, 1, norm("supermarkt", "distance_max"),
        target=1000, actual=None, unit="m", mode="foot",
    )  # fmt: skip
    text = said(facts)
    assert "Für 1 Person (Menschen ab 65 Jahren) aus Haushalten ohne Auto ist zu Fuß innerhalb von 1.000 m" in text
    assert "Auch innerhalb von 60 Minuten ist zu Fuß kein Supermarkt zu erreichen." in text


def test_under_supply_of_doctors_is_found_by_the_committee() -> None:
    facts = GapFacts(
        "hausarzt", "alle", "capacity", "Mittelbereich Sölten", 12345, 12345, 12345,
        norm("hausarzt", "persons_per_unit"), target=21.25, actual=15, missing=6.25, unit="doctor",
    )  # fmt: skip
    text = said(facts)
    assert "Rechnerisch fehlen 6,25 Arztstellen" in text and "12.300 Einwohnerinnen" in text
    assert "unter dem Planungswert" in text and "stellt allein der Landesausschuss" in text
    assert "noch nicht an der Quelle geprüft" in text  # the value of 2019 was not read


def test_the_other_causes() -> None:
    chosen = norm("schwangerschaftsberatung", "persons_per_unit")
    posts = GapFacts(
        "schwangerschaftsberatung", "frauen_15_49", "capacity", "Landkreis", 3000, 3000, 3000, chosen,
        target=2, actual=1.5, missing=0.5, unit="post",
    )  # fmt: skip
    assert "Rechnerisch fehlen 0,5 Vollzeitstellen" in said(posts) and "Die Pflicht trifft das Land." in said(posts)
    absent = GapFacts(
        "kurzzeitpflege", "senioren_65", "absent", "Amt Nord", 3000, 3000, 3000, chosen,
        target=1, actual=0, missing=1, unit="facility",
    )  # fmt: skip
    assert "Amt Nord: Hier gibt es keine Kurzzeitpflege. Vorgesehen ist 1 Einrichtung." in said(absent)
    quality = GapFacts(
        "dorfgemeinschaftshaus", "senioren_65", "quality", "Dorf", 65, 65, 65, chosen, attribute="barrier_free"
    )
    assert "Kein Dorfgemeinschaftshaus in erreichbarer Nähe ist barrierefrei." in said(quality)


def test_a_withheld_count_is_not_said() -> None:
    absent = GapFacts("kurzzeitpflege", "senioren_65", "absent", "Ort", None, None, None, U3.norm, unit="place")
    text = said(GapFacts(**{**absent.__dict__, "norm": norm("hausarzt", "persons_per_unit")}))
    assert "eine nicht gezeigte Zahl von Personen (Menschen ab 65 Jahren)" in text


def test_driving_time_proves_no_response_time() -> None:
    assert CATALOGUE.kinds["rettungswache"].sentences == ("note.hilfsfrist",)
    assert "beweist keine Hilfsfrist" in render(CATALOGUE, "note.hilfsfrist", "de")


def test_the_sentence_of_the_indicator_the_planners_know() -> None:
    text = indicator_sentence(CATALOGUE, "share_within_minutes", "krippe", "de", mode="foot", minutes=15)
    assert text.replace(SPACE, " ") == (
        "Anteil der Krippenkinder, die innerhalb von 15 Minuten zu Fuß eine Krippe erreichen"
    )
    assert indicator_sentence(CATALOGUE, "share_within_minutes_15", "krippe", "de", mode="foot") == text
    mean = indicator_sentence(CATALOGUE, "mean_travel_time", "hort", "de", mode="car")
    assert mean == "Mittlere Wegezeit der Hortkinder eines Gebiets zum nächsten Hort, mit dem Auto"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("service", [*CATALOGUE.kinds, *CATALOGUE.pools])
def test_every_kind_speaks_in_every_sentence(service: str, lang: Lang) -> None:
    assert len(INDICATORS) == 10
    texts = [
        indicator_sentence(CATALOGUE, name, service, lang, mode="bike", minutes=30)
        for name in (*INDICATORS, "share_within_minutes_15", "travel_time_p90", "gini_travel_time")
    ]
    card = CATALOGUE.pools.get(service) or CATALOGUE.kinds[service]
    for reason in keys("unknown."):
        name = reason.removeprefix("unknown.")
        texts += explain_unknown(CATALOGUE, name, service, card.groups[0].group, lang, area="Dorf", level="amt")
    for cause in ("absent", "capacity", "quality", "distance"):
        facts = GapFacts(
            service, card.groups[0].group, cause, "Dorf", 12.3, 10, 20, U3.norm, target=2, actual=1, missing=1,
            unit=card.capacity_unit or "facility", mode="car", attribute="language",
        )  # type: ignore[arg-type]  # fmt: skip
        texts.append(explain_gap(CATALOGUE, facts, lang))
    for text in texts:
        assert text and text[0] != " " and "  " not in text and " ." not in text and " ," not in text
        assert not re.search(r"[{}]|\b(None|nan)\b", text), text


def keys(prefix: str) -> list[str]:
    return sorted({k for card in CATALOGUE.sentences.values() for k in card.sentences if k.startswith(prefix)})


def test_every_unknown_names_the_entry_that_would_answer_it() -> None:
    assert [k.removeprefix("unknown.") for k in keys("unknown.")] == [
        k.removeprefix("missing.") for k in keys("missing.")
    ]


def test_the_ten_indicators_have_a_sentence() -> None:
    assert {f"indicator.{name}" for name in INDICATORS} <= set(keys("indicator."))


def test_no_key_is_said_twice() -> None:
    every = [key for card in CATALOGUE.sentences.values() for key in card.sentences]
    assert len(every) == len(set(every))


ENGLISH = (
    "the|and|of|is|are|within|from|for|with|not|no|this|there|which|children|people|persons|places|missing|"
    "unknown|gap|need|norm card|provision"
)


def test_german_is_german_and_english_is_english() -> None:
    for card in CATALOGUE.sentences.values():
        for key, text in card.sentences.items():
            words = re.sub(r"\{[{%].*?[%}]\}|„.*?“|\[.*?\]|region\.toml", " ", text.de)
            assert not re.search(rf"\b({ENGLISH})\b", words), (key, words)
            words = re.sub(r"\{[{%].*?[%}]\}|\(.*?\)", " ", text.en)
            assert not re.search(r"[äöüßÄÖÜ]|\b(und|der|die|das|nicht|ist|sind|für|keine)\b", words), (key, words)


def test_labels_exist_for_every_word_of_the_results() -> None:
    from dableiben.catalogue.schema import DOMAINS, TIERS
    from dableiben.core.levels import LEVELS

    wanted = [f"domain.{d}" for d in DOMAINS] + [f"level.{x}" for x in LEVELS]
    wanted += [f"label.{t}" for t in TIERS] + [f"tier.{t}" for t in TIERS]
    wanted += [f"{field}.{getattr(k, field)}" for k in CATALOGUE.kinds.values() for field in ("use", "demand_mode")]
    wanted += [f"binding.{n.binding}" for n in CATALOGUE.norms.values()]
    for key in wanted:
        assert all(render(CATALOGUE, key, lang, norm="x", basis="") for lang in LANGS), key


def test_german_forms_follow_the_article() -> None:
    hort, kita, heim = (service_words(CATALOGUE, k, "de") for k in ("hort", "kita", "pflegeheim"))
    assert (hort.one, hort.one_acc, hort.none_acc) == ("ein Hort", "einen Hort", "keinen Hort")
    assert (kita.one_acc, kita.to_this, kita.the_nearest) == ("eine Kita", "zu dieser Kita", "die nächste")
    assert (heim.none, heim.to_nearest, heim.this) == (
        "kein Pflegeheim",
        "zum nächsten Pflegeheim",
        "dieses Pflegeheim",
    )
    assert service_words(CATALOGUE, "hort", "en").one == "an after-school centre"
    assert service_words(CATALOGUE, "grundschule", "en").one == "a primary school"


def test_numbers_are_written_as_in_the_country() -> None:
    german, english = speaker(CATALOGUE, "de"), speaker(CATALOGUE, "en")
    assert (german.number(1234.5), english.number(1234.5)) == ("1.234,5", "1,234.5")
    assert (german.number(60.0), german.number(0.30000000000000004)) == ("60", "0,3")
    assert (german.share(0.703), english.share(0.703)) == (f"70{SPACE}%", "70%")
    assert (german.minutes(1.2), german.minutes(26.6)) == (f"1{SPACE}Minute", f"27{SPACE}Minuten")
    assert (german.amount(0.25, "post"), german.amount(7.84, "place")) == (
        f"0,25{SPACE}Vollzeitstellen",
        f"7,8{SPACE}Plätze",
    )
    assert (german.balance(-7.8), german.balance(3.0), german.balance(0.0)) == ("−7,8", "+3", "0")
    assert (german.persons(0.3), german.persons(0)) == ("weniger als 1 Person", f"0{SPACE}Personen")
    assert (german.day(DAY), english.day(DAY)) == ("22.11.2026", "22 Nov 2026")


@given(st.floats(0, 1e7))
def test_persons_are_rounded_by_little(persons: float) -> None:
    shown = speaker(CATALOGUE, "de").rounded(persons)
    assert abs(int(shown.replace(".", "")) - persons) <= max(0.5, 0.005 * persons)


def test_a_missing_value_is_an_error_not_a_blank() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render(CATALOGUE, "summary.title", "de")
    with pytest.raises(KeyError):
        render(CATALOGUE, "no.such.key", "de")


def test_templates_reach_nothing_but_their_values(with_cards: Callable[..., Catalogue]) -> None:
    card = "id: a\nreviewed_on: 2026-11-22\nsentences:\n  mode.foot: {de: '{{ x.__class__ }}', en: x}\n"
    catalogue = with_cards({"sentences/a.yaml": card})
    with pytest.raises(jinja2.exceptions.SecurityError):
        render(catalogue, "mode.foot", "de", x=1)


def test_speakers_go_with_their_catalogue() -> None:
    import gc

    from dableiben.catalogue import text

    gc.collect()
    before = len(text._SPEAKERS)
    other = load_catalogue()
    assert render(other, "mode.foot", "de") == "zu Fuß" and len(text._SPEAKERS) == before + 1
    del other
    gc.collect()
    assert len(text._SPEAKERS) == before


def test_halves_are_rounded_up_as_people_do() -> None:
    say = speaker(CATALOGUE, "de")
    assert [say.rounded(value) for value in (0.5, 2.5, 6045, 12450)] == ["1", "3", "6.050", "12.500"]
    assert [say.number(value) for value in (0.25, 2.35, 1.05)] == ["0,3", "2,4", "1,1"]
    assert say.share(0.125) == f"13{SPACE}%" and say.minutes(2.5) == f"3{SPACE}Minuten"
    assert say.rounded(6044.999999999999) == "6.050"  # a half, but for the noise of adding up cells
    assert say.balance(-0.04) == "0"


def test_a_computed_way_has_no_false_precision() -> None:
    say = speaker(CATALOGUE, "de")
    assert say.way(4472, "m").replace(SPACE, " ") == "rund 4,5 km"
    assert say.way(847, "m").replace(SPACE, " ") == "rund 850 m"
    assert say.way(41.3, "min").replace(SPACE, " ") == "41 Minuten"


def test_who_comes_to_the_house_is_not_far_away() -> None:
    chosen = norm("kita", "travel_time_max")
    facts = GapFacts(
        "ambulanter_dienst", "senioren_65", "distance", "Altenwisch", 40, 40, 40, chosen, target=30, unit="min",
        mode="car",
    )  # fmt: skip
    text = said(facts)
    assert "Einsatzgebiet" in text and "Minuten" not in text.split(".")[0] and "zu erreichen" not in text


@pytest.mark.parametrize(
    ("name", "where", "head"),
    [
        ("Landkreis Ellerland", "im Landkreis Ellerland", "Der Landkreis Ellerland"),
        ("Amt Nord", "im Amt Nord", "Das Amt Nord"),
        ("Samtgemeinde Hohe Heide", "in der Samtgemeinde Hohe Heide", "Die Samtgemeinde Hohe Heide"),
        ("Sölten", "in Sölten", "Sölten"),
        ("Bad Sölten", "in Bad Sölten", "Bad Sölten"),
        ("Wetterau Ost", "in der Region „Wetterau Ost“", "Die Region „Wetterau Ost“"),
    ],
)
def test_a_region_is_declined(name: str, where: str, head: str) -> None:
    assert (in_region(name), region_name(name)) == (where, head)


def test_every_unit_of_a_norm_has_english_words() -> None:
    known = {key.removeprefix("norm_unit.") for key in keys("norm_unit.")}
    assert {norm.unit for norm in CATALOGUE.norms.values()} <= known
