# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""The list of changes: appended, read back, last word wins, bad lines refused with their row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dableiben.core.errors import InputError
from dableiben.region.change import (
    ReviewGap,
    SameFacility,
    SetFacility,
    append_change,
    match_decisions,
    read_changes,
    reviews,
)

DAY = date(2026, 1, 5)
SET = '{"type": "set_facility", "on": "2026-01-05", "facility_id": "k", "attribute": "%s", "value": %s}'


def test_what_is_appended_is_read_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "changes" / "edits.jsonl"
    changes = (
        ReviewGap(on=DAY, gap_id="a", status="rejected", reason="Sölten baut schon"),
        SameFacility(on=DAY, register_id="Blatt!2", osm_id="node/1", same=False),
        SetFacility(on=DAY, facility_id="kita:x", attribute="usable_places", value=12.5),
        SetFacility(on=DAY, facility_id="kita:x", attribute="usable_places", value=None),
        SetFacility(on=DAY, facility_id="kita:x", attribute="barrier_free", value=True),
        SetFacility(on=DAY, facility_id="kita:x", attribute="opening_hours", value="Mo-Fr 07:00-16:00"),
    )
    for change in changes:
        before = path.read_text("utf-8") if path.exists() else ""
        append_change(path, change)
        assert path.read_text("utf-8").startswith(before)  # earlier entries are never altered
    assert read_changes(path) == changes
    assert "Sölten" in path.read_text("utf-8")


def test_no_file_and_empty_lines_are_no_changes(tmp_path: Path) -> None:
    assert read_changes(tmp_path / "edits.jsonl") == ()
    (tmp_path / "edits.jsonl").write_text("\n  \n")
    assert read_changes(tmp_path / "edits.jsonl") == ()


def test_the_last_word_counts() -> None:
    first = ReviewGap(on=DAY, gap_id="a", status="confirmed")
    last = ReviewGap(on=DAY, gap_id="a", status="open")
    other = ReviewGap(on=DAY, gap_id="b", status="decided")
    assert reviews((first, other, last)) == {"a": last, "b": other}
    same = SameFacility(on=DAY, register_id="r", osm_id="o", same=True)
    not_same = same.model_copy(update={"same": False})
    assert match_decisions((same, first, not_same)) == {("r", "o"): False}


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("kein JSON", "JSON"),
        ('{"type": "raze", "on": "2026-01-05"}', "type"),
        ('{"on": "2026-01-05"}', "type"),
        ('{"type": "review_gap", "on": "2026-01-05", "gap_id": "a", "status": "weg"}', "status"),
        ('{"type": "review_gap", "on": "5.1.2026", "gap_id": "a", "status": "open"}', "Datum"),
        ('{"type": "review_gap", "on": "2026-01-05", "status": "open"}', "gap_id"),
        ('{"type": "review_gap", "on": "2026-01-05", "gap_id": "a", "status": "open", "x": 1}', "x"),
        (
            '{"type": "set_facility", "on": "2026-01-05", "facility_id": "k", "attribute": "name", "value": "x"}',
            "attribute",
        ),
        *(
            (SET % (attribute, value), attribute)
            for attribute, value in (
                ("usable_places", '"viele"'), ("usable_places", "-1"), ("usable_places", "true"),
                ("barrier_free", '"ja"'), ("barrier_free", "1"), ("opening_hours", "8"),
            )
        ),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_used_is_refused_in_german_with_its_row(tmp_path: Path, line: str, word: str) -> None:
    path = tmp_path / "edits.jsonl"
    append_change(path, ReviewGap(on=DAY, gap_id="a", status="open"))
    with path.open("a", encoding="utf-8") as handle:
        handle.write(line + "\n")
    with pytest.raises(InputError) as refused:
        read_changes(path)
    assert (refused.value.code, refused.value.row) == ("change-not-valid", 2)
    assert word in refused.value.message
    assert "Input should" not in str(refused.value) and "Value error" not in str(refused.value)
