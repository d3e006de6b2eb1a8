# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Cards of presence: what is assumed about people who are counted, but of whom nobody wrote when they are here."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dableiben.catalogue.schema import Card
from dableiben.core.week import Mask
from dableiben.core.week_words import read_week


class Share(BaseModel):
    """A share with its span."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    low: float = Field(ge=0, le=1)
    best: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _ordered(self) -> Share:
        if not self.low <= self.best <= self.high:
            raise ValueError("low, best und high müssen der Größe nach stehen")
        return self


class PresenceCard(Card):
    """Day commuters, far commuters, and the hours in which a village meets."""

    away: str
    """stretch of the week in which day commuters are away from home and at work ("Mo-Fr 7:30-17:00")"""
    away_share: Share
    """share of the commuters counted who are away on a working day"""
    commuter_ages: tuple[int, int]
    """first and last age year of those whom commuter tables count, for shares of target groups"""
    far_km: float = Field(gt=0)
    """commuters to places farther away than this can hardly come home every day"""
    evenings: str
    """stretch of the week in which clubs and volunteers meet"""
    source: str
    certainty: Literal["read", "memory", "assumption"]

    @model_validator(mode="after")
    def _readable(self) -> PresenceCard:
        for name in ("away", "evenings"):
            if read_week(getattr(self, name)) is None:
                raise ValueError(f"{name}: „{getattr(self, name)}“ ist kein Teil der Woche")
        return self

    @property
    def away_mask(self) -> Mask:
        """Slots in which day commuters are away."""
        return _mask(self.away)

    @property
    def evening_mask(self) -> Mask:
        """Slots in which clubs and volunteers meet."""
        return _mask(self.evenings)


def _mask(text: str) -> Mask:
    mask = read_week(text)
    assert mask is not None  # checked with the card
    return mask
