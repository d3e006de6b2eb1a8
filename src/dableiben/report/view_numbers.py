# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""From released balances and indicators to tables: Bestand - Bedarf - Saldo, ways of areas compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from dableiben.report.anchors import Anchors
from dableiben.report.figures import Cell, Column, Figures, Row, Table
from dableiben.report.labels import Labels
from dableiben.report.sheet import Record, Sign, count, is_withheld, records

BALANCE_LEVELS = ("district", "mittelbereich", "amt", "municipality", "planning_area")
WAY_LEVELS = ("district", "municipality")
WITHIN = "share_within_minutes_"
MEAN, GINI = "mean_travel_time", "gini_travel_time"
PERCENTILES = ("travel_time_p50", "travel_time_p90")
PERCENT = 0.01


class NumberView:
    """Balance and ways of one released result."""

    def __init__(self, labels: Labels, figures: Figures, anchors: Anchors, modes: dict[str, str]) -> None:
        """`modes`: service -> mode whose ways are shown first."""
        self.labels, self.figures, self.anchors, self.modes = labels, figures, anchors, modes
        table = labels.released.tables["indicators"]
        shown = {area for area, level in labels.levels.items() if level in WAY_LEVELS}
        table = table[table["facility_id"].isna() & (table["area_id"].isna() | table["area_id"].isin(shown))]
        self.balance = records(labels.released.tables["balance"])
        self.ways: dict[tuple[str, str, str, str], Record] = {}
        for row in records(table):
            self.ways[row["kind"], row["mode"] or "", row["indicator"], row["area_id"] or ""] = row
        tops = [area for area, level in labels.levels.items() if level == "district"]
        self.whole = tops[0] if len(tops) == 1 else None
        """the district, if one is assessed"""
        numbers = labels.released.run["settings"].get("assessment") or {}
        minutes = numbers.get("indicator_minutes") if isinstance(numbers, dict) else None
        self.limits = [f"{WITHIN}{m:g}" for m in sorted(minutes or labels.catalogue.assessment.indicator_minutes)]

    def balances(self) -> Iterator[Table]:
        """One table per service and group, areas by years."""
        groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for row in self.balance:
            if self._level_shown(row):
                groups[row["kind"], row["group"]].append(row)
        for kind, group in sorted(groups, key=lambda key: (self.labels.service_order(key[0]), key[1])):
            yield self._balance(kind, group, groups[kind, group])

    def _level_shown(self, row: Record) -> bool:
        card = self.labels.card(row["kind"])
        levels = (*BALANCE_LEVELS, card.capacity_level) if card else BALANCE_LEVELS
        return self.labels.levels.get(row["area_id"]) in levels

    def _balance(self, kind: str, group: str, rows: list[Record]) -> Table:
        labels, word = self.labels, self.labels.word
        years = sorted({row["kita_year"] for row in rows})
        columns = (*self.figures.columns("area"), *self._balance_columns(years))
        by_area: dict[str, dict[str, Record]] = defaultdict(dict)
        for row in rows:
            by_area[row["area_id"]][row["kita_year"]] = row
        body = [self._balance_row(area, by_area[area], years) for area in sorted(by_area, key=labels.area_order)]
        card = labels.card(kind)
        unit = labels.unit(card.capacity_unit if card else None) or ""
        caption = word("html.caption.balance", kind=labels.service(kind), group=labels.group(group), unit=unit)
        return Table(caption, columns, tuple(body), dense=True)

    def _balance_columns(self, years: list[str]) -> tuple[Column, ...]:
        word = self.labels.word
        pairs = [(f"{word('column.need')} {year}", f"{word('column.saldo')} {year}") for year in years]
        titles = [word("column.places"), *(title for pair in pairs for title in pair)]
        return tuple(Column(title, numeric=True) for title in titles)

    def _balance_row(self, area: str, by_year: dict[str, Record], years: list[str]) -> Row:
        head = Cell(self.labels.names.get(area, area), href=self.anchors.area_href(area))
        strong = self.labels.levels.get(area) not in ("municipality", None)
        return Row((head, *self._balance_cells(by_year, years)), strong=strong)

    def _balance_cells(self, by_year: dict[str, Record], years: list[str]) -> Iterator[Cell]:
        """Bestand, then Bedarf and Saldo of each year."""
        places = by_year[min(by_year)]["places"]
        yield self.figures.number(Sign.UNKNOWN if places is None else float(places))
        for year in years:
            row = by_year.get(year)
            if row is None:
                yield from (self.figures.empty(),) * 2
                continue
            digits = 0 if _large(row) else 1
            yield self.figures.number(count(row, "need_persons"), digits)
            # Without Bestand there is no Saldo to withhold.
            saldo = row["saldo_places"]
            if saldo is None and self.labels.released.council and None not in (row["places"], row["need_persons"]):
                yield self.figures.empty()  # the council is told of a Saldo beside a confirmed gap only
                continue
            missing = Sign.WITHHELD if is_withheld(row) and row["places"] is not None else Sign.UNKNOWN
            yield self.figures.saldo(missing if saldo is None else float(saldo), digits)

    def balance_of(self, area: str) -> Table | None:
        """All balances of one area, services by years."""
        groups: dict[tuple[str, str], dict[str, Record]] = defaultdict(dict)
        for row in self.balance:
            if row["area_id"] == area:
                groups[row["kind"], row["group"]][row["kita_year"]] = row
        if not groups:
            return None
        years = sorted({year for by_year in groups.values() for year in by_year})
        order = sorted(groups, key=lambda key: (self.labels.service_order(key[0]), key[1]))
        rows = tuple(
            Row(
                (
                    Cell(self.labels.service(kind), note=self.labels.group(group)),
                    *self._balance_cells(groups[kind, group], years),
                )
            )
            for kind, group in order
        )
        columns = (*self.figures.columns("service"), *self._balance_columns(years))
        return Table(
            self.labels.word("html.caption.balance_of", area=self.labels.names[area]), columns, rows, dense=True
        )

    def comparison(self, services: list[str]) -> Table | None:
        """Services with ways: mean of the region, shares within the limits, best and worst municipality, Gini."""
        word = self.labels.word
        columns = (
            *self.figures.columns("service"),
            *self.way_columns(),
            Column(word("html.column.half"), numeric=True), Column(word("html.column.nine_tenths"), numeric=True),
            Column(word("html.column.shortest"), numeric=True), Column(word("html.column.longest"), numeric=True),
            Column(word("html.column.gini"), numeric=True),
        )  # fmt: skip
        rows = [row for service in services if (row := self._comparison_row(service)) is not None]
        return Table(word("html.caption.comparison"), columns, tuple(rows), sortable=True, dense=True) if rows else None

    def _comparison_row(self, service: str) -> Row | None:
        mode = self.modes.get(service)
        whole = self.whole
        if mode is None or whole is None or self._value(service, mode, self.limits[0], whole) is None:
            return None
        figures = self.figures
        href = next(iter(self.anchors.map_href(service)), "")
        shortest, longest = self._ends(service, mode)
        return Row((
            Cell(self.labels.service(service), href=href, note=self.labels.label("mode", mode) or ""),
            *self.ways_of(service, mode, whole), shortest, longest,
            figures.number(self._value(service, mode, GINI, ""), 2),
        ))  # fmt: skip

    def _ends(self, service: str, mode: str) -> tuple[Cell, Cell]:
        """Municipalities with the shortest and the longest way in the mean."""
        found = []
        for area, level in self.labels.levels.items():
            value = self._value(service, mode, MEAN, area)
            if level == "municipality" and isinstance(value, float):
                found.append((value, self.labels.names[area]))
        if len(found) < 2:
            return self.figures.empty(), self.figures.empty()
        ends = min(found), max(found)
        cells = [self.figures.number(value, 1, note=name) for value, name in ends]
        return cells[0], cells[1]

    def way_columns(self) -> tuple[Column, ...]:
        """Columns of mean way and shares within the usual limits."""
        word = self.labels.word
        within = (word("html.column.within", minutes=float(name.removeprefix(WITHIN))) for name in self.limits)
        return (Column(word("html.column.mean"), numeric=True), *(Column(title, numeric=True) for title in within))

    def ways_of(self, service: str, mode: str, area: str) -> tuple[Cell, ...]:
        """Mean way, shares within the usual limits, percentiles."""
        return (
            self.minutes(service, mode, MEAN, area),
            *(self.within(service, mode, limit, area) for limit in self.limits),
            *(self.minutes(service, mode, name, area) for name in PERCENTILES),
        )

    def minutes(self, service: str, mode: str, indicator: str, area: str) -> Cell:
        """Minutes to one decimal."""
        return self.figures.number(self._value(service, mode, indicator, area), 1)

    def within(self, service: str, mode: str, indicator: str, area: str) -> Cell:
        """Share of persons within a limit."""
        value = self._value(service, mode, indicator, area)
        return self.figures.share(value * PERCENT if isinstance(value, float) else value)

    def _value(self, service: str, mode: str, indicator: str, area: str) -> float | Sign | None:
        row = self.ways.get((service, mode, indicator, area))
        if row is None:
            return None
        value = count(row, "value", missing=None)
        return value if isinstance(value, (float, Sign)) else None


def _large(row: Record) -> bool:
    need = row["need_persons"]
    return need is not None and need >= 100
