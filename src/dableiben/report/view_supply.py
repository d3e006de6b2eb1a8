# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""How many facilities and places there are by area and service, and when that cannot be said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from dableiben.report.figures import Cell, Figures
from dableiben.report.labels import Labels
from dableiben.report.maps import protected_services
from dableiben.report.sheet import Record, Sign, records


class SupplyView:
    """Released facilities by area, along the nesting, and service; pools hold those of their kinds."""

    def __init__(self, labels: Labels, figures: Figures) -> None:
        self.labels, self.figures = labels, figures
        self.member: dict[str, str] = {
            kind: pool for pool, card in sorted(labels.catalogue.pools.items()) for kind in card.kinds
        }
        self.of_service: dict[str, list[Record]] = defaultdict(list)
        self.of_area: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for row in records(labels.released.tables["facilities"]):
            service = self.member.get(str(row["kind"]), str(row["kind"]))
            self.of_service[service].append(row)
            for area in around(labels, row["area_id"]):
                self.of_area[area, service].append(row)
        self.hidden = protected_services(labels)
        self.with_map = any(source["kind"] == "osm" for source in labels.released.run["sources"])

    def kinds(self, service: str) -> tuple[str, ...]:
        """Kinds of a service."""
        pool = self.labels.catalogue.pools.get(service)
        return pool.kinds if pool is not None else (service,)

    def is_recorded(self, service: str) -> bool:
        """Whether any source read speaks about the service, so that none found means none there."""
        if self.of_service[service]:
            return True
        cards = [self.labels.catalogue.kinds.get(kind) for kind in self.kinds(service)]
        return self.with_map and any(card is not None and bool(card.osm) for card in cards)

    def is_hidden(self, service: str) -> bool:
        """Whether the places of a service are protected, so that it is not said how many are where."""
        return service in self.hidden

    def sites(self, area: str, service: str) -> Cell:
        """Number of facilities: withheld where places are protected, unknown where no source speaks of the kind."""
        if self.is_hidden(service):
            return self.figures.sign(Sign.WITHHELD, self.labels.word("table.protected"))
        if not self.is_recorded(service):
            return self.figures.sign(Sign.UNKNOWN)
        rows = self.of_area[area, service]
        unsure = sum(bool(row["possible"]) for row in rows)
        note = self.labels.word("html.of_them_possible", n=unsure) if unsure else ""
        return self.figures.number(len(rows), 0, note=note)

    def places(self, area: str, service: str) -> Cell:
        """Usable places; unknown where one facility has none given, with what is known beside it."""
        card, rows = self.labels.card(service), self.of_area[area, service]
        if card is None or card.capacity_unit is None or not rows or self.is_hidden(service):
            return self.figures.empty()
        places = [row["usable_places"] for row in rows]
        unknown = sum(value is None for value in places)
        if not unknown:
            return self.figures.number(float(sum(places)), 1)
        rest = sum(value for value in places if value is not None)
        known = len(places) - unknown
        note = self.labels.word("html.known_places", n=rest, known=known) if known else ""
        return self.figures.sign(Sign.UNKNOWN, note)


def around(labels: Labels, area_id: object) -> Iterator[str]:
    """An area and all it lies in along the nesting."""
    while isinstance(area_id, str):
        yield area_id
        area_id = labels.parents.get(area_id)
