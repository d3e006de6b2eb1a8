# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Cards of the travel modes: who may go where, how fast, and what holds them up."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, StringConstraints, model_validator

from dableiben.catalogue.schema import Card, Text
from dableiben.core.calendar import DayType
from dableiben.core.network import WAY_KEYS


class NodeRule(BaseModel):
    """What a barrier or a traffic light on a node does: block, or cost time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    blocked: bool = False
    penalty_s: float = Field(default=0, ge=0)


class MaxspeedRule(BaseModel):
    """How a signed speed limit becomes a travelled speed; it replaces the speed of the street class."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    factor: float = Field(gt=0, le=1)
    words_kmh: dict[str, PositiveFloat]
    """limits in words, e.g. 'DE:urban': 50"""


class FerryRule(BaseModel):
    """Ferries: the tagged duration counts; a boarding time is added."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    explicit_only: bool
    """only ferries with an explicit tag for this mode are used"""
    default_kmh: PositiveFloat
    """speed where no duration is tagged"""
    boarding_min: float = Field(ge=0)
    """mean wait, added once per ferry way"""


class SnapRule(BaseModel):
    """The link between a point and the network."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cap_m: PositiveFloat
    """points farther from the network are dropped and listed"""
    link_kmh: PositiveFloat
    """speed on the straight link, on foot"""
    not_on: tuple[str, ...] = ()
    """street classes without access from the land beside them"""


class TravelMode(Card):
    """One mode: speeds in km/h by street class (tag highway), access, one-way streets, barriers, ferries.

    A way is passable when its class has a speed and the most specific access tag does not deny it. A class in
    `explicit_speeds_kmh` has that speed where a tag of the mode itself allows it.
    """

    label: Text
    source: str = Field(min_length=1)
    certainty: Literal["sourced", "assumption"]
    speeds_kmh: dict[str, PositiveFloat]
    explicit_speeds_kmh: dict[str, PositiveFloat] = Field(default_factory=dict)
    access_keys: tuple[str, ...] = Field(min_length=1)
    """tags that grant or deny access, most specific first"""
    denied: frozenset[str]
    """values that deny; a list 'a;b' denies only if each part does"""
    allowed: frozenset[str]
    """values of a tag of the mode itself that allow explicitly"""
    oneway_keys: tuple[str, ...] = ()
    """tags for one-way streets, most specific first; empty = not bound by them"""
    oneway_classes: frozenset[str] = frozenset()
    """street classes that are one-way unless tagged otherwise"""
    oneway_junctions: frozenset[str] = frozenset()
    """values of tag junction that are one-way unless tagged otherwise"""
    contraflow_cycleways: frozenset[str] = frozenset()
    """values of the cycleway tags that open the opposite direction"""
    surface_max_kmh: dict[str, PositiveFloat] = Field(default_factory=dict)
    tracktype_max_kmh: dict[str, PositiveFloat] = Field(default_factory=dict)
    """upper speed by tag tracktype, where no surface is tagged"""
    maxspeed: MaxspeedRule | None = None
    time_factor: float = Field(default=1.0, ge=1.0)
    """all times on streets are multiplied by it (turns, junctions); not ferries, not links"""
    barriers: dict[str, NodeRule] = Field(default_factory=dict)
    barrier_otherwise: NodeRule = NodeRule()
    """for values of tag barrier that are not listed"""
    traffic_signals: NodeRule = NodeRule()
    ferry: FerryRule | None = None
    snap: SnapRule
    notes: str = ""

    @model_validator(mode="after")
    def _keys_are_read(self) -> TravelMode:
        unknown = sorted({*self.access_keys, *self.oneway_keys} - set(WAY_KEYS))
        if unknown:
            raise ValueError(f"tags that are not read from the street data: {unknown}")
        return self

    def measuring(self, kmh: float) -> TravelMode:
        """The same streets at one speed, links and ferries too, with nothing that holds anyone up: every time is a
        length, and the fastest way the shortest. What is closed or blocked stays so."""
        ferry = self.ferry and self.ferry.model_copy(update={"default_kmh": kmh, "boarding_min": 0.0})
        return self.model_copy(
            update={
                "speeds_kmh": dict.fromkeys(self.speeds_kmh, kmh),
                "explicit_speeds_kmh": dict.fromkeys(self.explicit_speeds_kmh, kmh),
                "surface_max_kmh": {},
                "tracktype_max_kmh": {},
                "maxspeed": None,
                "time_factor": 1.0,
                "barriers": {word: NodeRule(blocked=rule.blocked) for word, rule in self.barriers.items()},
                "barrier_otherwise": NodeRule(blocked=self.barrier_otherwise.blocked),
                "traffic_signals": NodeRule(),
                "ferry": ferry,
                "snap": self.snap.model_copy(update={"link_kmh": kmh}),
            }
        )


class DepartureWindow(BaseModel):
    """Hours in which people set out, on some types of day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Text
    times: Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
    """'06:00-09:00', the end not included"""
    day_types: tuple[DayType, ...] = Field(min_length=1)

    @property
    def minutes(self) -> tuple[int, int]:
        """From and to as minutes of the day."""
        first, last = (int(clock[:2]) * 60 + int(clock[3:]) for clock in self.times.split("-"))
        return first, last

    @model_validator(mode="after")
    def _forwards(self) -> DepartureWindow:
        if self.minutes[0] >= self.minutes[1]:
            raise ValueError(f"a window ends after it begins: {self.times}")
        return self


class TransitRules(Card):
    """Ways by bus and train: how far people walk for it, and what a change takes. Their speed on foot is that of the
    mode `walk_mode`."""

    label: Text
    source: str = Field(min_length=1)
    certainty: Literal["sourced", "assumption"]
    walk_mode: str
    """id of the mode of the walks"""
    max_access_min: PositiveFloat
    """longest walk between home or site and a stop, links to the streets included"""
    max_transfer_min: float = Field(ge=0)
    """longest walk between two stops for a change"""
    max_direct_min: PositiveFloat
    """longest walk all the way, where no ride is taken"""
    min_change_s: int = Field(ge=0)
    """least time for a change, besides the walk, where the timetable says nothing"""
    horizon_min: PositiveFloat
    """longest journey; what takes longer is not possible"""
    departures_every_s: int = Field(gt=0)
    """how closely a window of departures is looked at for percentiles"""
    windows: tuple[DepartureWindow, ...]
    """the hours that matter, for the table of travel times"""
    notes: str = ""
