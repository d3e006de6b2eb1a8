# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""A made-up district with results by contract, straight from dice: for gate and report, not for the method."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import MultiPoint, Point, Polygon

from dableiben.catalogue.load import Catalogue, load_catalogue
from dableiben.core import results as contract
from dableiben.core.geo import CRS, cell_id
from dableiben.core.ids import short_id, slug
from dableiben.core.run import RUN_AREAS, Results

X0, Y0 = 4_400_000.0, 3_390_000.0
SIZE_M = 100
YEAR = 2025
CARLESS = 0.12
MIN_PER_M = {"foot": 60 / 5000, "bike": 60 / 14000, "car": 60 / 45000}
SHARES = {
    "kinder_u3": 0.022, "kinder_3_bis_schule": 0.031, "grundschulkinder": 0.036, "kinder_0_17": 0.15,
    "senioren_65": 0.27, "alle": 1.0,
}  # fmt: skip
# service: (facility kind, group, limits by mode, facilities)
WAYS: dict[str, tuple[str, str, dict[str, float], int]] = {
    "kita": ("kita", "kinder_3_bis_schule", {"foot": 30, "bike": 30, "car": 20}, 16),
    "supermarkt": ("supermarkt", "senioren_65", {"foot": 20, "bike": 20, "car": 20}, 7),
    "kinderarzt": ("kinderarzt", "kinder_0_17", {"bike": 40, "car": 25}, 2),
    "grundschule": ("grundschule", "grundschulkinder", {"foot": 40, "bike": 40, "car": 40}, 7),
    "apotheke": ("apotheke", "alle", {}, 5),
    "kita_u3": ("krippe", "kinder_u3", {"bike": 30, "car": 30}, 9),
}
FRAUENHAUS = """id: frauenhaus
reviewed_on: 2026-11-22
domain: counselling
label: {de: Frauenhaus, en: women's refuge}
plural: {de: Frauenhäuser, en: women's refuges}
article: das
users: {de: Frauen und ihre Kinder, en: women and their children}
register_only: true
register_aliases: [Frauenhaus, Schutzhaus]
capacity_unit: place
groups: [{group: alle}]
demand_mode: presence
use: free
capacity_level: district
responsibility:
  body: {de: Land und Landkreis, en: Land and district}
  influence: fund
  duty: voluntary
  departments: [{de: Gleichstellungsstelle, en: equal opportunities office}]
  basis: eigene Annahme
protection: hidden
sources: [Test]
"""


@dataclass
class MadeDistrict:
    """The dice and what they gave; `results()` packs it up."""

    seed: int = 7
    municipalities: int = 12
    localities: int = 5
    persons: float = 60_000
    areas: list[dict[str, Any]] = field(default_factory=list)
    cells: pd.DataFrame = field(default_factory=pd.DataFrame)
    tables: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {t.name: [] for t in contract.RESULT_TABLES}
    )

    def __post_init__(self) -> None:
        self.dice = np.random.default_rng(self.seed)
        self._make_areas()
        self._make_cells()
        self._make_facilities()
        for service in sorted(WAYS):
            self._judge(service)
        self._make_capacity()
        self._make_others()
        self._rank()

    def results(self, *, restricted: bool = True, made_up: bool = True) -> Results:
        """Results by contract."""
        frames = {t.name: t.frame(self.tables[t.name]) for t in contract.RESULT_TABLES}
        shapes = gpd.GeoSeries([row["geometry"] for row in self.areas], crs=CRS)
        areas = gpd.GeoDataFrame(pd.DataFrame(self.areas)[RUN_AREAS.names], geometry=shapes)
        return Results(frames, areas, SIZE_M, run_info(restricted=restricted, made_up=made_up))

    def _make_areas(self) -> None:
        outline = (
            Point(X0 + 20_000, Y0 + 17_000).buffer(17_000).intersection(shapely.box(X0, Y0, X0 + 40_000, Y0 + 30_000))
        )
        seeds = []
        while len(seeds) < self.municipalities:
            point = Point(X0 + self.dice.uniform(3e3, 37e3), Y0 + self.dice.uniform(2e3, 30e3))
            if outline.contains(point) and all(point.distance(other) > 5_500 for other in seeds):
                seeds.append(point)
        cut = [c.intersection(outline) for c in shapely.voronoi_polygons(MultiPoint(seeds), extend_to=outline).geoms]
        names = ["Altenrade", "Birkholm", "Dornsee", "Eschwerder", "Fuhlendamm", "Grünheck", "Hohenlieth", "Immenkoog",
                 "Kranzmoor", "Lindhude", "Mühlrade", "Nordersoll", "Ostwarde", "Pappelow", "Quellrade"]  # fmt: skip
        self._area("13999", "district", "Musterland", None, outline, None)
        for number in range(2):
            self._area(f"mb:m{number}", "mittelbereich", f"Mittelbereich {'AB'[number]}", "13999", None, None)
            self._area(f"amt:a{number}", "amt", ["Amt Moorgeest", "Amt Seenwinkel"][number], "13999", None, None)
        self.sites: list[tuple[str, Point, float]] = []
        for number, point in enumerate(seeds):
            ags, shape = f"13999{number + 1:03d}", next(c for c in cut if c.contains(point))
            parent = "13999" if number == 0 else f"amt:a{number % 2}"
            self._area(ags, "municipality", names[number], parent, shape, ags, [f"mb:m{int(point.x > X0 + 20_000)}"])
            weight = 6.0 if number == 0 else float(self.dice.uniform(0.4, 1.6))
            for k in range(self.localities):
                place = point if k == 0 else shapely.Point(shape.representative_point())
                for _ in range(50):
                    trial = Point(point.x + self.dice.normal(0, 2500), point.y + self.dice.normal(0, 2500))
                    if k and shape.buffer(-400).contains(trial):
                        place = trial
                        break
                name = (
                    names[number]
                    if k == 0
                    else f"{['Klein', 'Alt', 'Neu', 'Ober', 'Hinter', 'Süder'][k]} {names[number]}"
                )
                self._area(f"{ags}:{slug(name)}", "locality", name, ags, None, ags)
                self.sites.append((f"{ags}:{slug(name)}", place, weight * (1.0 if k == 0 else 0.12)))

    def _area(self, area_id: str, level: str, name: str, parent: str | None, shape: Polygon | None, ags: str | None,
              also: list[str] | None = None) -> None:  # fmt: skip
        values = (area_id, level, name, parent, also or [], ags, True, None, None)
        self.areas.append(dict(zip(RUN_AREAS.names, values, strict=True)) | {"geometry": shape})

    def _make_cells(self) -> None:
        rows = {}
        total = sum(weight for _, _, weight in self.sites)
        for area_id, place, weight in self.sites:
            persons = self.persons * weight / total
            count = max(3, int(persons / 22))
            spread = 90 * np.sqrt(count) / 2
            for _ in range(count):
                x = (place.x + self.dice.normal(0, spread)) // SIZE_M * SIZE_M + SIZE_M / 2
                y = (place.y + self.dice.normal(0, spread)) // SIZE_M * SIZE_M + SIZE_M / 2
                row = rows.setdefault((x, y), {"x_m": x, "y_m": y, "area_id": area_id, "persons": 0})
                row["persons"] += int(self.dice.poisson(persons / count))
        frame = pd.DataFrame(list(rows.values())).sort_values(["y_m", "x_m"], ignore_index=True)
        frame["cell_id"] = [cell_id(x, y, SIZE_M) for x, y in zip(frame["x_m"], frame["y_m"], strict=True)]
        for group, share in SHARES.items():
            frame[group] = self.dice.binomial(frame["persons"], share) if share < 1 else frame["persons"]
        self.cells = frame

    def _make_facilities(self) -> None:
        heads = [site for number, site in enumerate(self.sites) if number % self.localities == 0]
        for service, (kind, _, _, count) in sorted(WAYS.items()):
            places = [heads[0], *[heads[i] for i in self.dice.permutation(len(heads) - 1) + 1]]
            for number in range(count):
                area_id, place, weight = places[number % len(places)]
                self._facility(kind, number, area_id, place, usable=round(20 + 60 * min(weight, 1.5)),
                               missing=service == "kita" and number == 3)  # fmt: skip
        for number in range(3):
            area_id, place, _ = heads[1 + number]
            self._facility("kindertagespflege", number, area_id, place, usable=5)
        self._facility("frauenhaus", 0, heads[0][0], heads[0][1], usable=8)

    def _facility(
        self, kind: str, number: int, area_id: str, place: Point, *, usable: float, missing: bool = False
    ) -> None:
        name = {"kindertagespflege": f"Tagesmutter Erika Beispiel {number}", "frauenhaus": "Haus Zuflucht am Park"}.get(
            kind, f"{kind.title()} {area_id.split(':')[1].title()}"
        )
        x, y = place.x + self.dice.normal(0, 150), place.y + self.dice.normal(0, 150)
        self.tables["facilities"].append({
            "facility_id": f"node/{short_id(kind, str(number))}", "kind": kind, "name": name, "x_m": x, "y_m": y,
            "area_id": area_id, "licensed_places": None if missing else usable + 5,
            "usable_places": None if missing else usable, "occupied_places": None if missing else usable - 2,
            "opening_hours": "Mo-Fr 07:00-17:00", "provider": name if kind == "kindertagespflege" else "Gemeinde",
            "form": "paid", "source": "register.xlsx", "as_of": date(2025, 3, 1),
            "possible": False, "barrier_free": None,
        })  # fmt: skip

    def _judge(self, service: str) -> None:
        kind, group, limits, _ = WAYS[service]
        members = ["krippe", "kindertagespflege"] if service == "kita_u3" else [kind]
        sites = [f for f in self.tables["facilities"] if f["kind"] in members]
        xy = np.array([[f["x_m"], f["y_m"]] for f in sites])
        away = np.hypot(
            self.cells["x_m"].to_numpy()[:, None] - xy[:, 0], self.cells["y_m"].to_numpy()[:, None] - xy[:, 1]
        )
        nearest, metres = away.argmin(axis=1), away.min(axis=1) * 1.3
        ok: dict[str, Any] = {}
        for mode in ("foot", "bike", "car"):
            minutes = np.round(metres * MIN_PER_M[mode], 1)
            ok[mode] = minutes <= limits.get(mode, -1.0)
            for i, row in enumerate(self.cells.itertuples()):
                status = "not_rated" if mode not in limits else ("covered" if ok[mode][i] else "gap")
                self.tables["cells"].append({
                    "cell_id": row.cell_id, "x_m": row.x_m, "y_m": row.y_m, "area_id": row.area_id, "kind": service,
                    "mode": mode, "travel_time_min": float(minutes[i]) if minutes[i] < 120 else None,
                    "nearest_facility_id": sites[nearest[i]]["facility_id"], "status_distance": status,
                })  # fmt: skip
        edge = self.cells["area_id"].to_numpy() == self.sites[-1][0]
        slow = np.logical_or.reduce([ok[m] for m in limits if m != "car"]) if limits else np.zeros(len(edge), bool)
        self._need_rows(
            service, group, limits, {"ohne_auto": (CARLESS, slow), "mit_auto": (1 - CARLESS, ok["car"] | slow)}, edge
        )

    def _need_rows(self, service: str, group: str, limits: dict[str, float], parts: dict[str, Any], edge: Any) -> None:
        split = parts if limits else {"": (1.0, np.zeros(len(edge), bool))}
        for suffix, (share, covered) in sorted(split.items()):
            name = f"{group}.{suffix}" if suffix else group
            gaps: dict[str, list[int]] = {}
            for i, row in enumerate(self.cells.itertuples()):
                need = float(getattr(row, group)) * share
                status = "not_rated" if not limits else "covered" if covered[i] else "unknown" if edge[i] else "gap"
                if need == 0:
                    status = "not_applicable"
                if status == "gap":
                    gaps.setdefault(row.area_id, []).append(i)
                self.tables["need"].append({
                    "cell_id": row.cell_id, "area_id": row.area_id, "group": name, "kind": service,
                    "mode": ("car" if suffix == "mit_auto" else "bike") if limits else None, "year": YEAR,
                    "need_persons_low": need, "need_persons_best": need, "need_persons_high": need,
                    "reachable_places": None, "status_distance": status, "status_capacity": None, "status_time": None,
                    "status": status, "reason": "data_edge" if status == "unknown" else None,
                })  # fmt: skip
            for area_id, rows in sorted(gaps.items()):
                persons = float(self.cells[group].iloc[rows].sum()) * share
                ids = list(self.cells["cell_id"].iloc[rows])
                self._gap(service, name, area_id, persons, "space", "distance", limits.get("bike", 30.0), 55.0, "min",
                          mode="car" if suffix == "mit_auto" else "bike", tier="planning", cell_ids=ids)  # fmt: skip
            unknown = float((self.cells[group] * share)[edge & ~np.asarray(covered, bool)].sum())
            if limits and unknown > 0:
                self._unknown(
                    service, name, self.sites[-1][0], "distance", unknown, "Straßendaten jenseits des Randes", []
                )

    def _make_capacity(self) -> None:
        by_muni = self.cells.assign(ags=self.cells["area_id"].str[:8]).groupby("ags")[list(SHARES)].sum()
        for service, group, rate in (
            ("kita_u3", "kinder_u3", 0.56),
            ("kita", "kinder_3_bis_schule", 0.96),
            ("grundschule", "grundschulkinder", 1.0),
        ):
            members = ["krippe", "kindertagespflege"] if service == "kita_u3" else [service]
            for ags, persons in by_muni[group].items():
                mine = [
                    f["usable_places"]
                    for f in self.tables["facilities"]
                    if f["kind"] in members and f["area_id"][:8] == ags
                ]
                places = None if any(p is None for p in mine) or service == "grundschule" else float(sum(mine))
                need = float(persons) * rate
                for year in ("2025/26", "2026/27"):
                    self.tables["balance"].append({
                        "area_id": ags, "kind": service, "group": group, "kita_year": year, "places": places,
                        "need_persons": need, "saldo_places": None if places is None else places - need,
                    })  # fmt: skip
                if places is None and service == "kita":
                    lacking = [
                        f["facility_id"]
                        for f in self.tables["facilities"]
                        if f["kind"] == "kita" and f["usable_places"] is None
                    ]
                    self._unknown(service, group, str(ags), "capacity", need, "usable_places", lacking)
                if places is not None and need - places >= 1:
                    cause = "capacity" if places else "absent"
                    self._gap(service, group, str(ags), need - places, "content", cause, need, places, "Plätze",
                              tier="entitlement", binding="entitlement")  # fmt: skip

    def _make_others(self) -> None:
        self._gap("hausarzt", "alle", "mb:m1", 5200.0, "content", "capacity", 18.2, 12.7, "Ärzte", tier="planning")
        self._gap(
            "frauenhaus", "alle", "13999", 40.0, "content", "capacity", 6.0, 4.0, "Familienplätze", tier="planning"
        )
        self._gap(
            "frauenhaus",
            "alle",
            self.sites[3][0],
            12.0,
            "space",
            "distance",
            60.0,
            75.0,
            "min",
            mode="car",
            tier="planning",
        )
        self._unknown("frauenhaus", "alle", self.sites[3][0][:8], "capacity", 9.0, "usable_places",
                      [self.tables["facilities"][-1]["facility_id"]])  # fmt: skip
        for service, (_, group, limits, _) in sorted(WAYS.items()):
            rows = pd.DataFrame([r for r in self.tables["cells"] if r["kind"] == service and r["mode"] == "car"])
            rows = rows.assign(n=self.cells[group].to_numpy(), ags=rows["area_id"].str[:8])
            for ags, part in [("13999", rows), *rows.groupby("ags")]:
                whole = float(part["n"].sum())
                inside = float(part.loc[part["travel_time_min"] <= limits.get("car", 15.0), "n"].sum())
                known = part.dropna(subset=["travel_time_min"])
                mean = float((known["travel_time_min"] * known["n"]).sum() / whole) if whole else None
                self._indicator(ags, service, "share_within_limit", inside / whole if whole else None, "share")
                self._indicator(ags, service, "mean_travel_time", mean, "min")

    def _indicator(self, area_id: str, kind: str, name: str, value: float | None, unit: str) -> None:
        values = {"area_id": area_id, "facility_id": None, "kind": kind, "mode": "car", "indicator": name}
        self.tables["indicators"].append(values | {"value": value, "unit": unit})

    def _unknown(
        self, kind: str, group: str, area_id: str, what: str, persons: float, entry: str, ids: list[str]
    ) -> None:
        self.tables["unknowns"].append({
            "kind": kind, "group": group, "area_id": area_id, "what": what, "persons_best": persons,
            "missing_entry": entry, "facility_ids": ids, "reason": f"Es fehlt die Angabe: {entry}.",
        })  # fmt: skip

    def _gap(self, kind: str, group: str, area_id: str, persons: float, dimension: str, cause: str, target: float,
             actual: float, unit: str, *, tier: str, mode: str | None = None, binding: str = "planning",
             cell_ids: list[str] | None = None) -> None:  # fmt: skip
        name = next(a["name"] for a in self.areas if a["area_id"] == area_id)
        self.tables["gaps"].append({
            "gap_id": short_id(kind, group, dimension, area_id), "kind": kind, "group": group, "mode": mode,
            "area_id": area_id, "area_name": name, "cell_ids": cell_ids or [], "year": YEAR, "variant": "actual",
            "scenario_id": "baseline", "dimension": dimension, "cause": cause, "persons_low": persons,
            "persons_best": persons, "persons_high": persons, "norm_id": "N01", "binding": binding, "target": target,
            "actual": actual, "unit": unit, "tier": tier, "severity": min(1.0, abs(target - actual) / target),
            "confidence": "medium", "data_as_of": date(2025, 3, 1), "responsible_body": "Landkreis", "influence": "own",
            "duty": "duty", "departments": ["Jugendamt", "Sozialplanung"], "integration_obstacle": kind == "kita",
            "review_status": "confirmed" if persons > 30 else "open", "rank": 0,
            "explanation_de": f"In {name}: {persons:.0f} Personen, Soll {target:.1f}, Ist {actual:.1f} {unit}.",
            "explanation_en": f"In {name}: {persons:.0f} persons, target {target:.1f}, actual {actual:.1f} {unit}.",
        })  # fmt: skip

    def _rank(self) -> None:
        order = ["entitlement", "duty", "statute_local", "planning", "comparison"]
        gaps = self.tables["gaps"]
        gaps.sort(key=lambda g: (order.index(g["tier"]), -g["persons_best"] * g["severity"], g["gap_id"]))
        for number, gap in enumerate(gaps, 1):
            gap["rank"] = number


def run_info(*, restricted: bool = True, made_up: bool = True) -> Any:
    """run.json of a made-up run."""
    return {
        "name": "Landkreis Musterland", "land": "MV", "year": YEAR, "made_up": made_up, "schema_version": 1,
        "settings": {"modes": ["foot", "bike", "car"], "carless_share": CARLESS},
        "norms_used": [
            {"id": "N01", "title": {"de": "Anspruch auf einen Platz", "en": "Entitlement to a place"},
             "binding": "entitlement", "value": 1.0, "unit": "Platz je Kind mit Bedarf", "source": "§ 24 SGB VIII",
             "certainty": "read", "own": False, "uncertain": False, "valid_from": "2013-08-01",
             "legal_basis": "§ 24 SGB VIII"},
            {"id": "N20", "title": {"de": "Verhältniszahl Hausärzte", "en": "Ratio of general practitioners"},
             "binding": "planning", "value": 1607.0, "unit": "Einwohner je Hausarzt (Versorgungsauftrag)",
             "source": "aus dem Gedächtnis",
             "certainty": "memory", "own": False, "uncertain": True, "valid_from": "2019-01-01"},
        ],
        "sources": [
            {"file": "musterland.osm.pbf", "kind": "osm", "sha256": "ab" * 32, "as_of": "2025-10-01",
             "attribution": "© OpenStreetMap-Mitwirkende, ODbL 1.0", "restricted": False, "rows_read": 812345,
             "rows_used": 60321, "lost": {"Straße ohne Verbindung": 12}, "notes": []},
            {"file": "einwohner.xlsx", "kind": "population_list", "sha256": "cd" * 32, "as_of": "2025-06-30",
             "attribution": "", "restricted": restricted, "rows_read": 9000, "rows_used": 8988,
             "lost": {"Nebenwohnung": 12}, "notes": ["Bei 3 Schlüsseln wurde die führende Null ergänzt."]},
        ],
        "checks": [
            {"id": "kita-without-places", "severity": "yellow",
             "text_de": "Bei 1 von 16 Kitas fehlt die Zahl der Plätze.",
             "hint_de": "Plätze im Verzeichnis nachtragen."},
            {"id": "streets-connected", "severity": "green",
             "text_de": "Das Straßennetz hängt zusammen.", "hint_de": ""},
        ],
        "counts": {"persons": 60000.0, "cells": 3000.0}, "versions": {"dableiben": "0.1.0"},
        "clock": {"started": "2026-11-22T10:00:00"},
    }  # fmt: skip


def made_catalogue(folder: Path) -> Catalogue:
    """The packaged cards and a hidden kind on top."""
    kinds = folder / "kinds"
    kinds.mkdir(parents=True, exist_ok=True)
    (kinds / "frauenhaus.yaml").write_text(FRAUENHAUS, encoding="utf-8")
    return load_catalogue(folder)
