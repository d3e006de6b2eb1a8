# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Must show 7 on the made-up district as it is shipped: its population list is restricted."""

from __future__ import annotations

import json
import re

import pytest

from dableiben.privacy.protection import Protection
from support.attacker import assert_safe
from support.checked_demo import checked_demo, released_demo


@pytest.mark.slow
def test_the_demo_withstands_the_attacker() -> None:
    results, _ = checked_demo()
    released = released_demo()
    assert released.minimum_count == 3
    attacked = assert_safe(results, released)
    assert len(attacked) >= 10  # small counts exist, otherwise the test shows nothing
    balance = released.tables["balance"]
    assert 0 < (balance["withheld"] == "geheim").sum() < len(balance) / 5  # and it remains worth reading


@pytest.mark.slow
def test_the_demo_keeps_its_refuge_and_childminders_to_itself() -> None:
    results, catalogue = checked_demo()
    released = released_demo()
    hidden = {k for k, card in catalogue.kinds.items() if card.protection == "hidden"}
    coarse = {k for k, card in catalogue.kinds.items() if card.protection == "locality_only"}
    assert not hidden & set(released.tables["facilities"]["kind"])
    assert not hidden & set(released.tables["cells"]["kind"])
    found = released.tables["facilities"]
    assert found.loc[found["kind"].isin(coarse), ["x_m", "y_m", "name"]].isna().all().all()
    facilities = results.tables["facilities"]
    protected = facilities[facilities["kind"].isin(hidden | coarse)]
    assert len(protected)
    text = "\n".join(frame.to_csv() for name, frame in released.tables.items() if name != "cells")
    for facility_id in protected["facility_id"]:
        assert f",{facility_id}," not in text
    text += json.dumps(released.run, ensure_ascii=False)
    for word in Protection.of(catalogue, facilities).words:
        assert not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text), word
    assert not set(released.tables["cells"]["nearest_facility_id"].dropna()) & set(protected["facility_id"])
