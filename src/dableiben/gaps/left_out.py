# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""What no way leads to: homes and facilities too far from any street, streets that lead nowhere."""

from __future__ import annotations

from dableiben.catalogue.text import speaker
from dableiben.core.run import Check
from dableiben.gaps.service import Frame

NAMED = 5  # facilities in the sentence; the others are counted


def street_check(frame: Frame) -> Check | None:
    """One data check on what the streets of each mode leave out; None without ways."""
    if frame.ways is None:
        return None
    say = speaker(frame.catalogue, "de")
    inside = frame.units["inside"].to_numpy(bool)
    ours = frame.facilities["area_id"].notna().to_numpy(bool)
    parts, names = [], set()
    for mode in frame.ways.modes:
        left = frame.ways.left_out(mode)
        homes, sites = int((left.homes & inside).sum()), left.sites & ours
        if homes or sites.any():
            parts.append(f"{say.render(f'mode.{mode}')} {homes} bewohnte Orte und {int(sites.sum())} Einrichtungen")
        names |= {str(name) for name in frame.facilities.loc[sites, "name"] if isinstance(name, str)}
    if not parts:
        text = "Alle bewohnten Orte und Einrichtungen liegen an Straßen der Karte."
        return Check(id="streets", severity="green", text_de=text, hint_de="")
    some = ", ".join(sorted(names)[:NAMED]) + (" …" if len(names) > NAMED else "")
    return Check(
        id="streets",
        severity="yellow",
        text_de=f"Zu weit von jeder Straße der Karte: {'; '.join(parts)}" + (f" ({some})." if some else "."),
        hint_de="Lage im Verzeichnis prüfen oder den Weg in OpenStreetMap ergänzen; bis dahin bleibt der Weg offen.",
    )
