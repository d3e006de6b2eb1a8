# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""One kind of change: a typed, dated entry in a list, for match decisions, edits, reviews and later scenarios."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from dableiben.core.errors import InputError
from dableiben.core.refusal import first_refusal

ReviewStatus = Literal["open", "confirmed", "rejected", "decided"]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date
    """day of the decision"""


class ReviewGap(_Entry):
    """What was decided about a gap; the last entry for a gap counts."""

    type: Literal["review_gap"] = "review_gap"
    gap_id: str
    status: ReviewStatus
    reason: str = ""


class SameFacility(_Entry):
    """A register entry and an OSM entry are, or are not, the same facility."""

    type: Literal["same_facility"] = "same_facility"
    register_id: str
    osm_id: str
    same: bool


class SetFacility(_Entry):
    """One value of a facility is set, e.g. usable_places; null makes it unknown."""

    type: Literal["set_facility"] = "set_facility"
    facility_id: str
    attribute: Literal["usable_places", "licensed_places", "occupied_places", "barrier_free", "opening_hours"]
    value: StrictBool | StrictFloat | StrictInt | StrictStr | None

    @model_validator(mode="after")
    def _value_fits(self) -> SetFacility:
        if self.value is None:
            return self
        if self.attribute == "barrier_free" and not isinstance(self.value, bool):
            raise ValueError("barrier_free ist true, false oder null")
        if self.attribute == "opening_hours" and not isinstance(self.value, str):
            raise ValueError("opening_hours ist ein Text")
        if self.attribute.endswith("_places") and not _is_count(self.value):
            raise ValueError(f"{self.attribute} ist eine Zahl ab 0")
        return self


def _is_count(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf")


Change = Annotated[ReviewGap | SameFacility | SetFacility, Field(discriminator="type")]
_ADAPTER: TypeAdapter[Change] = TypeAdapter(Change)


def read_changes(path: Path) -> tuple[Change, ...]:
    """Entries of edits.jsonl in their order; none if the file does not exist.

    Errors: InputError with the row of an entry that cannot be read.
    """
    if not path.is_file():
        return ()
    changes = []
    for row, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            changes.append(_ADAPTER.validate_json(line))
        except ValidationError as error:
            raise InputError(
                "change-not-valid", first_refusal(error)[1], "Die Zeile berichtigen oder entfernen.",
                file=path, row=row,
            ) from error  # fmt: skip
    return tuple(changes)


def append_change(path: Path, change: Change) -> None:
    """Add one entry at the end; earlier entries are never altered."""
    path.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps(change.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
    with path.open("a", encoding="utf-8") as handle:
        handle.write(line + "\n")


def reviews(changes: tuple[Change, ...]) -> dict[str, ReviewGap]:
    """Last decision per gap."""
    return {c.gap_id: c for c in changes if isinstance(c, ReviewGap)}


def match_decisions(changes: tuple[Change, ...]) -> dict[tuple[str, str], bool]:
    """Last decision per pair of register and OSM entry."""
    return {(c.register_id, c.osm_id): c.same for c in changes if isinstance(c, SameFacility)}
