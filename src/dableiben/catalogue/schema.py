# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Schemas of the cards: what is known, as data with a source. No planning number lives in code."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

CardId = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z][a-z0-9_]*$|^N\d{2}[a-z_0-9]*$")]

DOMAINS = (
    "child_care", "school", "youth", "health", "care", "seniors", "counselling", "culture",
    "local_supply", "administration", "mobility", "safety", "technical",
)  # fmt: skip
Domain = Literal[
    "child_care", "school", "youth", "health", "care", "seniors", "counselling", "culture",
    "local_supply", "administration", "mobility", "safety", "technical",
]  # fmt: skip
Mode = Literal["foot", "bike", "car", "bus"]
STREET_MODES: tuple[Mode, ...] = ("foot", "bike", "car")
Level = Literal[
    "district", "mittelbereich", "amt", "municipality", "school_district", "planning_area", "locality"
]  # fmt: skip
DemandMode = Literal["register", "household", "presence", "peak"]
Use = Literal["free", "catchment", "municipality_first", "service_area"]
Protection = Literal["none", "hidden", "locality_only"]
Influence = Literal["own", "fund", "urge"]
Duty = Literal["duty", "voluntary"]
Binding = Literal[
    "entitlement", "duty", "statute_local", "case_law", "planning", "statistic", "benchmark", "heuristic"
]
Tier = Literal["entitlement", "duty", "statute_local", "planning", "comparison"]
TIERS: tuple[Tier, ...] = ("entitlement", "duty", "statute_local", "planning", "comparison")
TIER_OF_BINDING: dict[str, Tier | None] = {
    "entitlement": "entitlement",
    "duty": "duty",
    "statute_local": "statute_local",
    "planning": "planning",
    "case_law": "comparison",
    "benchmark": "comparison",
    "statistic": None,
    "heuristic": None,
}
OBSERVED = ("statistic", "benchmark", "case_law", "heuristic")
Attribute = Literal["barrier_free", "language", "age_range"]
Measure = Literal[
    "travel_time_max",  # value: minutes; modes
    "distance_max",  # value: metres; modes
    "uptake_rate",  # value: share, or {age year: share}; turns persons into need
    "place_for_each_need",  # value: places per person in need (1 = everybody has a claim)
    "persons_per_unit",  # value: persons of the group per unit of capacity, at `level`
    "units_per_1000",  # value: units of capacity per 1000 persons of the group, at `level`
    "facilities_min",  # value: facilities at least, at `level`
    "provision_share_min",  # value: share of the target under which provision counts as too low
    "served_in_window",  # value: minutes each way; modes, `window`: an open offer in every slot of the need window
    "information",  # value is shown, nothing is computed from it
]


class Card(BaseModel):
    """What all cards share: strict fields, an id, a date of the last review."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: CardId
    reviewed_on: date


class Text(BaseModel):
    """German and English, both mandatory."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    de: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Group(Card):
    """Target group: age band or life situation, and how it gets about without a car."""

    label: Text
    users: Text
    """as subject of a sentence: 'Kinder unter 3 Jahren'"""
    age_from: int = Field(ge=0, le=120)
    age_to: int | None = Field(default=None, ge=0, le=120)
    """last age year included; null = open upwards"""
    until_school: bool = False
    """only the share of the age years that has not yet reached school"""
    grades: tuple[int, int] | None = None
    """only the share of the age years that is in these school grades (from, to)"""
    sex: Literal["m", "w"] | None = None
    modes_without_car: tuple[Mode, ...] = ("foot", "bike")
    situation: Text | None = None
    """life situation beyond age, e.g. 'neu zugewandert'; persons then come from inputs, not from age"""
    source: str


class ServedGroup(BaseModel):
    """A group a kind serves, and the attributes the group needs of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    group: CardId
    needs: tuple[Attribute, ...] = ()


class Responsibility(BaseModel):
    """Who answers for a kind: body, what the municipality can do, whether it must, departments."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    body: Text
    influence: Influence
    duty: Duty
    departments: tuple[Text, ...] = Field(min_length=1)
    basis: str
    """legal basis or 'eigene Annahme'; printed as it stands"""


class FacilityKind(Card):
    """A kind of facility: how it is found, counted, used and who answers for it."""

    domain: Domain
    label: Text
    plural: Text
    article: Literal["der", "die", "das"]
    """German article of the singular, for sentences; labels carry no adjective, so it can be declined"""
    users: Text | None = None
    """the kind's own word for those in need, e.g. 'Krippenkinder'; None = the words of the group"""
    osm: tuple[dict[str, str], ...] = ()
    """each entry: all tags must match; 'a|b' = one of, '*' = any, '!' = key absent, '!a|b' = none of these"""
    osm_possible: tuple[dict[str, str], ...] = ()
    """tags that leave open whether it is this kind (counts as possible, never as certain)"""
    may_be_part_of: tuple[CardId, ...] = ()
    """kinds whose houses may hold places of this one without a row of their own (a Kita with children under 3)"""
    osm_merge_m: int = Field(default=0, ge=0)
    """the same thing mapped twice (node and building) is merged within this distance"""
    register_aliases: tuple[str, ...] = Field(min_length=1)
    register_only: bool = False
    technical: bool = False
    capacity_unit: Literal["place", "doctor", "post", "bed", "household"] | None
    groups: tuple[ServedGroup, ...] = Field(min_length=1)
    demand_mode: DemandMode
    use: Use
    capacity_level: Level
    """level of the balance Bestand - Bedarf - Saldo"""
    pool: CardId | None = None
    responsibility: Responsibility
    responsibility_by_land: dict[str, Responsibility] = {}
    protection: Protection = "none"
    integration_relevant: bool = False
    """lack of it is an obstacle to the integration of immigrants (requirement S4-12)"""
    sentences: tuple[str, ...] = ()
    """keys of sentences that follow every gap of this kind, e.g. note.landesausschuss"""
    sources: tuple[str, ...] = Field(min_length=1)
    note: Text | None = None

    @model_validator(mode="after")
    def _found_somewhere(self) -> FacilityKind:
        if self.register_only and (self.osm or self.osm_possible):
            raise ValueError("register_only und OSM-Merkmale schließen sich aus")
        for rule in (*self.osm, *self.osm_possible):
            if all(value.startswith("!") for value in rule.values()):
                raise ValueError("eine Zeile mit OSM-Merkmalen braucht wenigstens eines, das da sein muss")
        return self


class Pool(Card):
    """Kinds that serve one need together, e.g. under 3: Krippe, Kita places under 3, Kindertagespflege.

    A pool is assessed in place of its kinds and carries what a kind carries for an assessment.
    """

    kinds: tuple[CardId, ...] = Field(min_length=2)
    domain: Domain
    label: Text
    plural: Text
    article: Literal["der", "die", "das"]
    users: Text | None = None
    """the kind's own word for those in need, e.g. 'Krippenkinder'; None = the words of the group"""
    capacity_unit: Literal["place", "doctor", "post", "bed", "household"]
    groups: tuple[ServedGroup, ...] = Field(min_length=1)
    demand_mode: DemandMode
    use: Use
    capacity_level: Level
    responsibility: Responsibility
    responsibility_by_land: dict[str, Responsibility] = {}
    integration_relevant: bool = False
    sentences: tuple[str, ...] = ()
    """keys of sentences that follow every gap of this kind, e.g. note.landesausschuss"""
    sources: tuple[str, ...] = Field(min_length=1)
    note: Text | None = None


class NormValue(BaseModel):
    """One dated value of a norm with its own source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    valid_from: date
    valid_to: date | None = None
    area: str = "DE"
    """DE, a Land code (MV), or an AGS / district key for which the value holds"""
    value: float | dict[int, float]
    source: str | None = None
    """mandatory for use; a value without one is a draft and is not used"""
    certainty: Literal["read", "memory", "local", "made_up"]
    """read = read in the source; memory = to be checked; local = entered by the region; made_up = demo"""
    note: str = ""


class Statement(BaseModel):
    """What a norm says where it says no number: a duty, a principle, a method."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Text
    valid_from: date | None = None
    area: str = "DE"
    source: str | None = None
    certainty: Literal["read", "memory", "local", "made_up"]


class Norm(Card):
    """A norm: dated values, unit, binding, area of validity, source, certainty."""

    title: Text
    kinds: tuple[CardId, ...]
    """kinds or pools it speaks about; empty = information only"""
    groups: tuple[CardId, ...] = ()
    """groups it holds for; empty = every group the kind serves"""
    households: Literal["all", "without_car"] = "all"
    measure: Measure
    modes: tuple[Mode, ...] = ()
    window: CardId | None = None
    """need window that an open offer is asked for in (served_in_window)"""
    level: Level | None = None
    per_group: CardId | None = None
    """group whose persons are counted (persons_per_unit, units_per_1000)"""
    unit: str
    binding: Binding
    legal_basis: str = ""
    values: tuple[NormValue, ...] = ()
    statement: Statement | None = None
    """stands in place of values or beside them; only `information` may do without values"""
    note: Text | None = None

    @model_validator(mode="after")
    def _complete(self) -> Norm:
        if not self.values and (self.measure != "information" or self.statement is None):
            raise ValueError("eine Norm braucht values, oder measure: information mit einem statement")
        if self.measure in ("travel_time_max", "distance_max") and not self.modes:
            raise ValueError("eine Grenze für den Weg braucht modes")
        if (self.measure == "served_in_window") != (self.window is not None and bool(self.modes)):
            raise ValueError("served_in_window braucht window und modes, und nur dort gibt es window")
        if self.measure in ("travel_time_max", "distance_max") and "bus" in self.modes:
            raise ValueError("der Bus hat Zeiten: Grenzen mit ihm gehören zu measure: served_in_window")
        if self.measure in ("persons_per_unit", "units_per_1000", "facilities_min") and self.level is None:
            raise ValueError(f"{self.measure} braucht eine Ebene (level)")
        return self

    @property
    def tier(self) -> Tier | None:
        """Tier of a gap against this norm; None if it never makes one."""
        return TIER_OF_BINDING[self.binding]

    def value_on(self, day: date, keys: tuple[str, ...]) -> NormValue | None:
        """The sourced value in force on a day for the most specific of `keys` (AGS, district, Land, DE).

        Law and plans hold from their date on. What was observed (statistic, benchmark, case law) is no law of
        a date: where nothing older is known, the earliest later value stands for the day.
        """
        for key in keys:
            sourced = [v for v in self.values if v.area == key and v.source]
            found = [v for v in sourced if v.valid_from <= day and (v.valid_to is None or day <= v.valid_to)]
            if found:
                return max(found, key=lambda v: v.valid_from)
            later = [v for v in sourced if v.valid_from > day]
            if later and self.binding in OBSERVED:
                return min(later, key=lambda v: v.valid_from)
        return None


class LandCard(Card):
    """What differs by Land and is not a facility kind: school entry, names of bodies."""

    land: str
    label: Text
    entry_cutoff_month: int = Field(ge=1, le=12)
    entry_cutoff_day: int = Field(ge=1, le=31)
    school_start_month: int = 8
    school_start_day: int = 1
    source: str
    certainty: Literal["read", "memory"]


class AssessmentCard(Card):
    """Numbers of the method itself, printed in the report and changeable by the region."""

    cluster_share: float = Field(gt=0, le=1)
    """an area names a gap when at least this share of its judged persons is in it"""
    smallest_shortfall: dict[str, float]
    """capacity unit -> shortfalls below this are 'tight', not a gap"""
    tight_share: float = Field(gt=0, le=1)
    """utilisation from which covered becomes tight"""
    smallest_persons: float = Field(ge=0)
    """gaps of the way for fewer persons are listed with their area, not named on their own"""
    severity_weight: float = Field(ge=0)
    persons_weight: float = Field(ge=0)
    minimum_count: int = Field(ge=0)
    """counts from restricted inputs under this are withheld"""
    default_modes: tuple[Mode, ...]
    search_minutes: float = Field(gt=0)
    """travel times are computed up to this, or up to the largest limit in use if that is more"""
    indicator_minutes: tuple[float, ...] = Field(min_length=1)
    """limits for which the share of people within them is shown, besides the limits of norms"""
    later_years: int = Field(ge=0)
    """further Kita or school years of the balance, for children who are already born"""
    grid_deviation_share: float = Field(gt=0)
    """grid and list of a municipality that differ by more are shown as a data check"""
    match_within_m: float = Field(ge=0)
    """entries of register and OSM farther apart are never the same facility"""
    match_same_place_m: float = Field(ge=0)
    """entries closer than this are the same where one of them has no name"""
    match_name_similarity: float = Field(gt=0, le=1)
    """likeness of two names, without the words of the kind, from which they count as the same"""
    source: str


class Sentences(Card):
    """Sentence templates (Jinja2) by key, German and English."""

    sentences: dict[str, Text]

    @model_validator(mode="after")
    def _readable(self) -> Sentences:
        from jinja2 import TemplateSyntaxError
        from jinja2.sandbox import SandboxedEnvironment

        for key, text in self.sentences.items():
            for template in (text.de, text.en):
                try:
                    SandboxedEnvironment().parse(template)
                except TemplateSyntaxError as error:
                    raise ValueError(f"{key}: {error.message}") from error
        return self
