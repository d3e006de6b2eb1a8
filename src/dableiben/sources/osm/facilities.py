# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Tagged objects to facilities: one row per object and kind; the same thing mapped twice becomes one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from dableiben.catalogue.load import Catalogue
from dableiben.core.geo import to_metres
from dableiben.core.inputs import FACILITIES
from dableiben.core.provenance import ReadReport
from dableiben.sources.frames import typed_frame
from dableiben.sources.osm.scan import Found

BARRIER_FREE = {"yes": True, "designated": True, "no": False}
"""`limited` says neither, so it stays unknown"""
FORMS = {"yes": "volunteer", "volunteer": "volunteer", "mixed": "mixed"}
CAPACITY_KEYS = ("capacity", "capacity:persons", "beds", "capacity:beds")
LOST_WITHOUT_PLACE = "OSM-Einrichtung ohne Lage (Mitglieder fehlen im Auszug)"
MERGED = "OSM-Einrichtung doppelt erfasst (z. B. Punkt und Gebäude), zusammengeführt"


@dataclass
class Spot:
    """A facility of one kind with its place in metres."""

    found: Found
    kind: str
    possible: bool
    x_m: float
    y_m: float
    shape: shapely.Geometry | None = None


def facility_table(found: dict[str, Found], catalogue: Catalogue, report: ReadReport) -> pd.DataFrame:
    """Rows by the contract FACILITIES; what has no place or is mapped twice is counted as lost."""
    spots = _spots(found, report)
    kept: list[Spot] = []
    for kind in sorted({spot.kind for spot in spots}):
        same = sorted((s for s in spots if s.kind == kind), key=lambda s: _order(s.found.ref))
        merged = _merge(same, catalogue.kinds[kind].osm_merge_m)
        report.lose(MERGED, len(same) - len(merged))
        kept += merged
    report.rows_read += len(spots)
    report.rows_used += len(kept)
    return typed_frame(FACILITIES, [_row(spot) for spot in kept])


def _spots(found: dict[str, Found], report: ReadReport) -> list[Spot]:
    spots = []
    shapes = to_shapes([item.wkb for item in found.values()])
    for item, shape in zip(found.values(), shapes, strict=True):
        if shape is not None:
            point = shapely.point_on_surface(shape)
            x_m, y_m = float(point.x), float(point.y)
        elif item.lon is not None and item.lat is not None:
            xs, ys = to_metres(np.array([item.lon]), np.array([item.lat]))
            x_m, y_m = float(xs[0]), float(ys[0])
        else:
            report.rows_read += len(item.matches)
            report.lose(LOST_WITHOUT_PLACE, len(item.matches))
            continue
        spots += [Spot(item, kind, possible, round(x_m, 2), round(y_m, 2), shape) for kind, possible in item.matches]
    return spots


def to_shapes(wkbs: list[str | None]) -> list[shapely.Geometry | None]:
    """Shapes in EPSG:3035 from hexadecimal WKB in degrees; None stays None."""
    if not wkbs:
        return []
    shapes = shapely.from_wkb(np.array(wkbs, dtype=object), on_invalid="ignore")
    return list(shapely.transform(shapes, _metres))


def _metres(points: np.ndarray) -> np.ndarray:
    return np.column_stack(to_metres(points[:, 0], points[:, 1])) if len(points) else points


def _order(ref: str) -> tuple[int, int]:
    kind, number = ref.split("/")
    return ("relation", "way", "node").index(kind), int(number)


def _merge(spots: list[Spot], merge_m: int) -> list[Spot]:
    """Join spots that are one thing: nearest pairs first, never two with different names.

    Joined are an area with what lies inside it or within `merge_m`, and named points within `merge_m`. Names
    are the same if one is absent or its words are all in the other; two points without names stay two.
    """
    if merge_m <= 0 or len(spots) < 2:
        return spots
    group = list(range(len(spots)))
    names = [[_words(s)] for s in spots]
    for _, i, j in sorted(_pairs(spots, merge_m)):
        a, b = group[i], group[j]
        if a == b or not all(v <= w or w <= v for v in names[a] for w in names[b]):
            continue
        low, high = min(a, b), max(a, b)
        names[low] = names[a] + names[b]
        group = [low if g == high else g for g in group]
    members: dict[int, list[Spot]] = {}
    for index, spot in enumerate(spots):
        members.setdefault(group[index], []).append(spot)
    return [_join(same) for _, same in sorted(members.items())]


def _pairs(spots: list[Spot], merge_m: int) -> list[tuple[float, int, int]]:
    points = np.array([(s.x_m, s.y_m) for s in spots])
    near = {(int(i), int(j)) for i, j in cKDTree(points).query_pairs(merge_m)}
    inside: set[tuple[int, int]] = set()
    with_shape = [i for i, s in enumerate(spots) if s.shape is not None]
    if with_shape:
        tree = shapely.STRtree([spots[i].shape for i in with_shape])
        hits = tree.query(shapely.points(points), predicate="within")
        inside = {(min(int(p), with_shape[a]), max(int(p), with_shape[a])) for p, a in hits.T if p != with_shape[a]}
    pairs = []
    for i, j in near | inside:
        both_points = spots[i].shape is None and spots[j].shape is None
        nameless = not (_words(spots[i]) and _words(spots[j]))
        if not (both_points and nameless):
            distance = 0.0 if (i, j) in inside else float(np.hypot(*(points[i] - points[j])))
            pairs.append((distance, i, j))
    return pairs


def _words(spot: Spot) -> frozenset[str]:
    """Words of the name; a name whose words are part of another's may be the same ("Abenteuerland")."""
    return frozenset(re.findall(r"[^\W_]+", spot.found.tags.get("name", "").casefold()))


def _join(same: list[Spot]) -> Spot:
    """The first (areas before points) with the tags that only the others have."""
    first = same[0]
    tags: dict[str, str] = {}
    for spot in same:
        tags = {**spot.found.tags, **tags}
    found = Found(first.found.ref, tags, matches=first.found.matches)
    possible = all(spot.possible for spot in same)
    return Spot(found, first.kind, possible, first.x_m, first.y_m, first.shape)


def _row(spot: Spot) -> dict[str, object]:
    tags = spot.found.tags
    languages = sorted(k.split(":", 1)[1] for k, v in tags.items() if k.startswith("language:") and v != "no")
    street = tags.get("addr:street") or tags.get("addr:place")
    number = tags.get("addr:housenumber")
    return {
        "source_id": spot.found.ref,
        "kind": spot.kind,
        "possible": spot.possible,
        "name": tags.get("name"),
        "x_m": spot.x_m,
        "y_m": spot.y_m,
        "municipality": tags.get("addr:city"),
        "locality": tags.get("addr:suburb") or tags.get("addr:hamlet"),
        "address": " ".join(part for part in (street, number) if part) or None,
        # OSM says how many places there are, not whether the staff is there: licensed, never usable.
        "licensed_places": _capacity(tags),
        "opening_hours": tags.get("opening_hours"),
        "age_from": _years(tags.get("min_age")),
        "age_to": _years(tags.get("max_age")),
        "languages": languages or None,
        "barrier_free": BARRIER_FREE.get(tags.get("wheelchair", "")),
        "provider": tags.get("operator"),
        "form": FORMS.get(tags.get("volunteer") or tags.get("fire_station:type") or ""),
        "as_of": _day(tags.get("check_date")),
    }


def _capacity(tags: dict[str, str]) -> float | None:
    numbers = (_number(tags.get(key)) for key in CAPACITY_KEYS)
    return next((number for number in numbers if number is not None), None)


def _number(text: str | None) -> float | None:
    return float(text) if text is not None and re.fullmatch(r"\d{1,6}", text) else None


def _years(text: str | None) -> int | None:
    value = _number(text)
    return int(value) if value is not None and value <= 120 else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text and re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
