# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Data checks on timetables: days nobody knows, stops without a place, lines that are missing, rides on demand."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from dableiben.catalogue.load import Catalogue
from dableiben.core.calendar import DayType
from dableiben.core.run import Check
from dableiben.core.timetable import Timetable
from dableiben.region.check_base import CHECKS, graded, said, some
from dableiben.region.region import Region
from dableiben.region.timetables import days_not_covered, typical_days, window_in_words

RAIL_TYPES = (*range(3), *range(100, 200), *range(400, 500), *range(900, 1000), 12)
"""trams, metros and trains, as GTFS and its extension number them"""
DAY_WORDS: dict[DayType, str] = {
    "school_day": "Schultag", "school_holiday": "Ferientag", "saturday": "Samstag", "sunday": "Sonntag",
    "public_holiday": "Feiertag",
}  # fmt: skip
STOP_KIND, STATION_KIND = "haltestelle", "bahnhof"


def coverage(timetable: Timetable, days: Sequence[date]) -> Check:
    """Whether the timetable speaks of the days that are asked for; on the others the bus is unknown, not absent."""
    missing = days_not_covered(timetable, days)
    named = some([f"{day:%d.%m.%Y}" for day in missing])
    text = f"Der Fahrplan gilt {window_in_words(timetable)}"
    return graded(
        "timetable_days", bool(missing), f"{text}; er sagt nichts über: {named}." if missing else f"{text}.",
        "Einen Fahrplan hinzufügen, der diese Tage enthält (dableiben add … --gtfs), oder einen Tag daraus prüfen.",
    )  # fmt: skip


@CHECKS.register("timetable_days")
def timetable_days(region: Region, _: Catalogue) -> Check | None:
    """The window of the feeds, against the date of the population."""
    return coverage(region.timetable, [region.as_of]) if region.timetable is not None else None


@CHECKS.register("timetable_trips")
def timetable_trips(region: Region, _: Catalogue) -> Check | None:
    """How many trips run on a typical day of each type, so that a feed can be compared with what people know."""
    timetable = region.timetable
    if timetable is None:
        return None
    typical = typical_days(timetable, region.calendar, near=region.as_of)
    trips = {kind: said(len(timetable.trips_on(day))) for kind, day in typical.items()}
    parts = [f"{DAY_WORDS[kind]} {trips[kind]} ({day:%d.%m.%Y})" for kind, day in typical.items()]
    return graded(
        "timetable_trips", not parts, f"Fahrten im Fahrplan: {', '.join(parts) or 'an keinem Tag'}.",
        "Fahrpläne mit gemeinsamen Tagen verwenden; ältere Fassungen aus region.toml und inputs/ nehmen.",
    )  # fmt: skip


@CHECKS.register("timetable_places")
def timetable_places(region: Region, _: Catalogue) -> Check | None:
    """Stops without a usable place: nobody can walk to them."""
    timetable = region.timetable
    if timetable is None:
        return None
    without = [timetable.stop_name[i] or timetable.stop_id[i] for i in np.flatnonzero(np.isnan(timetable.stop_x_m))]
    text = f"{said(len(without))} von {said(len(timetable.stop_id))} Haltestellen des Fahrplans haben keinen Ort"
    return graded(
        "timetable_places", bool(without), f"{text}: {some(without, 10)}." if without else f"{text}.",
        "Den Verkehrsverbund um die Koordinaten bitten; zu Fuß sind diese Haltestellen nicht erreichbar.",
    )  # fmt: skip


@CHECKS.register("timetable_partial")
def timetable_partial(region: Region, catalogue: Catalogue) -> Check | None:
    """Stops and stations of the region that no trip of the timetable calls at: lines are missing in it."""
    timetable = region.timetable
    if timetable is None:
        return None
    within_m = float(catalogue.assessment.match_same_place_m)
    parts = []
    for kind, plural, types in ((STOP_KIND, "Haltestellen", None), (STATION_KIND, "Bahnhöfen", RAIL_TYPES)):
        spots = _spots(region, kind)
        if len(spots) and kind in catalogue.kinds:
            reach_m = max(within_m, float(catalogue.kinds[kind].osm_merge_m or 0))
            missed = ~_near(spots, _called(timetable, types), reach_m)
            parts.append((int(missed.sum()), len(spots), plural))
    if not parts:
        return None
    missing = any(missed for missed, _, _ in parts)
    served = " und ".join(f"{said(total - missed)} von {said(total)} {plural}" for missed, total, plural in parts)
    text = f"Der Fahrplan bedient {served}, die für die Region bekannt sind"
    return graded(
        "timetable_partial", missing, f"{text}; er ist unvollständig." if missing else f"{text}.",
        "Den Fahrplan aller Linien beschaffen (DELFI, Verkehrsverbund), Bus und Bahn; fehlende Linien zählen sonst als "
        "fehlendes Angebot.",
    )  # fmt: skip


def _spots(region: Region, kind: str) -> NDArray[np.float64]:
    table = region.facilities
    mine = (table["kind"] == kind) & table["area_id"].notna() & table["x_m"].notna() & ~table["possible"].astype(bool)
    return table.loc[mine, ["x_m", "y_m"]].astype(float).to_numpy()


def _called(timetable: Timetable, types: Sequence[int] | None) -> NDArray[np.float64]:
    """Places of the stops at which trips call, of some types of lines or of all."""
    trip = np.repeat(np.arange(len(timetable.trip_id)), np.diff(timetable.trip_start))
    calls = np.ones(len(trip), np.bool_)
    if types is not None:
        calls = np.isin(timetable.route_type[timetable.trip_route], types)[trip]
    stops = np.unique(timetable.call_stop[calls])
    places = np.stack([timetable.stop_x_m[stops], timetable.stop_y_m[stops]], axis=1)
    return np.asarray(places[~np.isnan(places).any(axis=1)])


def _near(spots: NDArray[np.float64], stops: NDArray[np.float64], within_m: float) -> NDArray[np.bool_]:
    if not len(stops):
        return np.zeros(len(spots), np.bool_)
    return np.asarray(cKDTree(stops).query(spots)[0] <= within_m)


@CHECKS.register("timetable_on_demand")
def timetable_on_demand(region: Region, _: Catalogue) -> Check | None:
    """Trips that run only when booked, and areas with rides on request."""
    timetable = region.timetable
    if timetable is None:
        return None
    booked, trips, zones = int(timetable.trip_on_demand.sum()), len(timetable.trip_id), len(timetable.zones)
    if not booked and not zones:
        return None
    text = f"{said(booked)} von {said(trips)} Fahrten des Fahrplans fahren nur auf Bestellung"
    return graded(
        "timetable_on_demand", False,
        f"{text}; dazu kommen {zones} Gebiete mit Rufangebot." if zones else f"{text}.", "",
    )  # fmt: skip


@CHECKS.register("transport_places")
def transport_places(region: Region, _: Catalogue) -> Check | None:
    """Offers of volunteer and on-demand transport: places that no area has, offers that name no place or no hours."""
    table = region.transport
    if table.empty:
        return None
    rows = table.to_dict("records")
    unknown = [f"„{place}“ ({_label(row)})" for row in rows for place in row["places_unknown"]]
    nowhere = [_label(row) for row in rows if not isinstance(row["localities"], list)]
    timeless = [_label(row) for row in rows if not isinstance(row["service_hours"], str)]
    named = (("zu keinem Ort passen", unknown), ("ohne Bedienungsgebiet", nowhere), ("ohne Betriebszeiten", timeless))
    said_parts = [f"{words}: {some(names, 10)}" for words, names in named if names]
    text = f"{said(len(table))} Fahrangebote (Bürgerbus, Fahrdienst, Rufbus, Mitfahrbank)"
    return graded(
        "transport_places", bool(said_parts), f"{text}; {'; '.join(said_parts)}." if said_parts else f"{text}.",
        "Die Angaben im Verzeichnis der Fahrangebote ergänzen (dableiben template transport).",
    )  # fmt: skip


@CHECKS.register("transport_support")
def transport_support(region: Region, _: Catalogue) -> Check | None:
    """Volunteer transport that nobody is paid to support: it may end with the few who keep it up."""
    rows = [row for row in region.transport.to_dict("records") if _by_volunteers(row)]
    if not rows:
        return None
    unsaid = [f"„{_label(row)}“" for row in rows if pd.isna(row["paid_support"])]
    alone = [f"„{_label(row)}“" for row in rows if pd.notna(row["paid_support"]) and not row["paid_support"]]
    named = (("ohne hauptamtliche Begleitung", alone), ("ohne Angabe zur hauptamtlichen Begleitung", unsaid))
    parts = [f"{words}: {some(names, 10)}" for words, names in named if names]
    text = f"{said(len(rows))} ehrenamtliche Fahrangebote"
    risk = " Was an wenigen Ehrenamtlichen hängt, kann mit ihnen enden: ein Risiko, keine Lücke." if alone else ""
    return graded(
        "transport_support", bool(parts), f"{text}; {'; '.join(parts)}.{risk}" if parts else f"{text}, alle begleitet.",
        "Eine hauptamtliche Stelle benennen, die das Angebot begleitet (Anfragen, Vertretung, Versicherung), oder die "
        "Angabe im Verzeichnis der Fahrangebote ergänzen.",
    )  # fmt: skip


def _by_volunteers(row: Mapping[Hashable, Any]) -> bool:
    """Whether volunteers drive: Bürgerbus and Fahrdienst always, others where the list names some."""
    return row["form"] in ("buergerbus", "fahrdienst") or (pd.notna(row["volunteers"]) and row["volunteers"] > 0)


def _label(row: Mapping[Hashable, Any]) -> str:
    return str(row["name"] or row["source_id"])
