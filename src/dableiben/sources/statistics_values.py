# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Values, keys and population rows of official statistics, whatever the file form."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dableiben.core.ids import LAND_BY_KEY
from dableiben.core.inputs import POPULATION
from dableiben.sources.cells import ages, plain
from dableiben.sources.day_words import find_day

ATTRIBUTION = "© Statistische Ämter des Bundes und der Länder (dl-de/by-2-0)"
STATISTICS_COLUMNS = ("table", "area_key", "area_name", "as_of", "dims", "value")
KEY = re.compile(r"^(?:DG|\d{2}|\d{3}|\d{5}|\d{7,8}|\d{10,12})$")
NOT_KNOWN = frozenset((".", "/", "x", "X", "…", "...", "", "–", "r", "p", "s"))
ZERO = "-"
"""in official tables the dash means exactly zero"""
SEXES = {"maennlich": "m", "weiblich": "w", "divers": "d"}
WHOLE = frozenset(("insgesamt", "gesamt", "zusammen"))
SILENT = frozenset(
    ("anzahl", "personen", "geschlecht", "altersgruppen", "altersjahre", "bevoelkerung", "bevoelkerungsstand")
)
CITY_LAENDER = ("02", "11")
INDEPENDENT = re.compile(r"kreisfreie stadt|k\w*fr\. stadt|stadtkreis", re.IGNORECASE)


class BadValue(ValueError):  # noqa: N818
    """A value that is neither a number nor one of the official signs."""

    def __init__(self, text: str, index: int) -> None:
        super().__init__(text)
        self.text = text
        self.index = index


def values_of(texts: NDArray[np.object_]) -> NDArray[np.float64]:
    """Numbers of official tables: decimal comma, `-` is 0, `.` `/` `x` `…` are unknown, brackets are dropped.

    Errors: BadValue with the index of the first text that is none of these.
    """
    where, words = pd.factorize(texts.ravel())
    numbers = np.array([_value(str(word).strip()) for word in words], dtype=float)
    bad = np.flatnonzero(np.isinf(numbers)[where])
    if len(bad):
        raise BadValue(str(texts.ravel()[int(bad[0])]).strip(), int(bad[0]))
    return numbers[where].reshape(texts.shape)


def _value(text: str) -> float:
    if text == ZERO:
        return 0.0
    if text in NOT_KNOWN:
        return float("nan")
    bare = re.sub(r"^\((.*)\)$", r"\1", text).strip().rstrip("ber").strip()
    if bare in NOT_KNOWN:
        return float("nan")
    if re.fullmatch(r"-?\d{1,3}( \d{3})+(,\d+)?", bare):
        bare = bare.replace(" ", "")
    return float(bare.replace(",", ".")) if re.fullmatch(r"-?\d+([.,]\d+)?", bare) else float("inf")


def area_keys(keys: pd.Series, names: pd.Series) -> pd.Series:
    """AGS for municipalities, 5 digits for districts, the key as it is for anything else.

    Municipalities in an association stand as district + association + municipality (10 or 11 digits); towns that
    are districts of their own stand with 5 digits.
    """
    text = keys.str.strip()
    in_association = text.str.len().isin((10, 11)) & text.str.isdigit()
    associations = set(text[in_association].str.slice(0, -3))
    whole = text.where(~in_association, text.str.slice(0, 5) + text.str.slice(-3))
    full = text.str.len().eq(12) & text.str.isdigit()
    whole = whole.where(~full, text.str.slice(0, 5) + text.str.slice(9, 12))
    whole = whole.where(~_is_town(text, names), text.str.pad(8, "right", "0"))
    # An association of 8 digits looks like an AGS; it is known by its municipalities.
    return whole.where(~text.isin(associations), "SG" + text)


def _is_town(text: pd.Series, names: pd.Series) -> pd.Series:
    """Districts that are one town: in a table of municipalities those without any, else by name; and the
    Länder Hamburg and Berlin (whose five-digit keys are boroughs). Tables of districts name single towns, too."""
    length = text.str.len()
    is_land = text.isin(CITY_LAENDER)
    is_borough = length.eq(5) & text.str.slice(0, 2).isin(CITY_LAENDER) & ~text.str.endswith("000")
    is_district = length.eq(5) & text.str.isdigit() & ~is_borough
    if (length > 5).sum() > is_district.sum():
        return is_land | (is_district & ~text.isin(set(text[length > 5].str.slice(0, 5))))
    return is_land | (is_district & (names.str.contains(INDEPENDENT) | text.str.endswith("000")))


@lru_cache(maxsize=4096)
def day_of(text: str) -> date | None:
    """Date of a time cell: 31.12.2015, 2015-12-31, or a year (its last day); 2015/16 is the school year of 2015."""
    text = re.sub(r"^(\d{4})/\d{2}(\d{2})?$", r"\1", text.strip())
    if not re.fullmatch(r"[\d.\-/ ]{4,12}", text):
        return None
    return find_day(text)


def meaning_of(words: list[str]) -> tuple[str | None, tuple[int, int | None], bool] | None:
    """Sex (None = all), age band, and whether the words say a sex or an age at all.

    None if a word is neither sex, age, "Insgesamt" nor a mere heading: then the number counts something else.
    """
    sex: str | None = None
    band: tuple[int, int | None] = (0, None)
    says = False
    for word in words:
        simple = plain(re.sub(r"\(.*?\)", " ", word))
        if simple in WHOLE or simple in SILENT or not simple:
            continue
        if simple in SEXES and sex is None:
            sex, says = SEXES[simple], True
            continue
        found = ages(word)
        if found is None or band != (0, None):
            return None
        band, says = found, True
    return sex, band, says


def population_rows(counts: pd.DataFrame) -> pd.DataFrame:
    """Rows of the contract POPULATION, basis `official`.

    counts   area_key (see area_keys), name, as_of, sex, age_from, age_to, persons
    Kept are municipalities and districts; the split by sex before both together, age bands before all ages.
    Areas without any person (dissolved municipalities) are left out.
    """
    is_area = counts["area_key"].str.fullmatch(r"\d{5}|\d{8}") & counts["area_key"].str.slice(0, 2).isin(
        list(LAND_BY_KEY)
    )
    counts = counts[is_area]
    counts = _split_first(counts, counts["sex"].notna())
    whole = counts["age_from"].eq(0) & counts["age_to"].isna()
    counts = _split_first(counts, ~whole)
    living = counts["persons"].fillna(1.0).groupby(counts["area_key"]).transform("sum")
    counts = counts[living > 0]
    table = pd.DataFrame(
        {
            "area_key": counts["area_key"],
            "municipality": counts["name"].where(counts["area_key"].str.len().eq(8), None),
            "locality": None,
            "age_from": counts["age_from"],
            "age_to": counts["age_to"],
            "sex": counts["sex"],
            "home": "main",
            "as_of": counts["as_of"],
            "persons": counts["persons"],
            "variant": "actual",
            "basis": "official",
        }
    )
    order = ["as_of", "area_key", "sex", "age_from"]
    return table.sort_values(order, kind="stable", ignore_index=True)[POPULATION.names]


def _split_first(counts: pd.DataFrame, is_split: pd.Series) -> pd.DataFrame:
    """Of each area and day keep the split rows; where a split number is secret, keep the whole instead."""
    area = [counts["area_key"], counts["as_of"]]
    known = counts["persons"].notna()
    has_split = is_split.groupby(area).transform("any")
    secret = (is_split & ~known).groupby(area).transform("any") & (~is_split & known).groupby(area).transform("any")
    return counts[(is_split & has_split & ~secret) | (~is_split & (~has_split | secret))]


def clean_name(names: pd.Series) -> pd.Series:
    """Names without indentation and without what follows the comma ("Altenstadt, Stadt")."""
    return names.str.strip().str.replace(r",.*$", "", regex=True)
