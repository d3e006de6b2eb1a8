# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Names of the places inside the report, so that every number can lead to its inputs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dableiben.privacy.coverage import is_audience
from dableiben.report.figures import Cell
from dableiben.report.labels import Labels, known
from dableiben.report.sheet import Record, records

POPULATION = (
    "population_list", "zensus_grid", "grid_parquet", "geotiff", "genesis", "ffcsv", "daviplan_population",
)  # fmt: skip
"""kinds of sources that say how many people live where"""

RIDES = ("gtfs", "transport")
"""kinds of sources that say which rides there are"""


class Anchors:
    """Ids of gaps, norms, sources, areas and maps that are on the page; no link leads nowhere."""

    def __init__(self, labels: Labels, mapped: Iterable[str], sheets: Iterable[str]) -> None:
        """`mapped`: services with a map; `sheets`: areas with a table of their own."""
        self.labels = labels
        self.mapped, self.sheets = frozenset(mapped), frozenset(sheets)
        run = labels.released.run
        self.norms = {norm["id"] for norm in run["norms_used"]}
        self.files = {source["file"]: number for number, source in enumerate(run["sources"], start=1)}
        self.kinds = {source["file"]: source["kind"] for source in run["sources"]}
        self.files_of_kind: dict[str, set[str]] = {}
        for row in records(labels.released.tables["facilities"]):
            files = {file for file in self.files if file in str(row["source"])}
            self.files_of_kind.setdefault(row["kind"], set()).update(files)

    def gap(self, gap_id: str) -> str:
        """Id of a gap."""
        return f"g-{gap_id}"

    def norm(self, norm_id: str) -> str:
        """Id of a norm's row."""
        return f"n-{norm_id}"

    def norm_href(self, norm_id: str) -> str:
        """Link to a norm's row, if it has one."""
        return f"#{self.norm(norm_id)}" if norm_id in self.norms else ""

    def area(self, area_id: str) -> str:
        """Id of an area's table."""
        return f"a-{area_id}"

    def area_href(self, area_id: Any) -> str:
        """Link to the table of an area, or of the municipality it lies in."""
        at = known(area_id)
        while at is not None and at not in self.sheets:
            at = self.labels.parents.get(at)
        return "" if at is None else f"#{self.area(at)}"

    def map(self, kind: str) -> str:
        """Id of a service's map."""
        return f"k-{kind}"

    def map_href(self, kind: str) -> list[str]:
        """Link to a service's map, none if it has no map."""
        return [f"#{self.map(kind)}"] if kind in self.mapped else []

    def source(self, file: str) -> str:
        """Id of a source's row."""
        return f"q-{self.files[file]}"

    def source_cell(self, source: object) -> Cell:
        """The sources of an entry, linked to the first."""
        said = str(source)
        href = next((f"#{self.source(file)}" for file in self.files if file in said), "")
        return Cell(said, href=href)

    def sources_of(self, gap: Record) -> list[tuple[str, str]]:
        """(file, link) of what a gap rests on: facilities, persons, streets for ways, rides, who is away or here."""
        service = gap["kind"]
        pool = self.labels.catalogue.pools.get(service)
        kinds = pool.kinds if pool is not None else (service,)
        norm = self.labels.catalogue.norms.get(gap["norm_id"])
        also = ["osm"] if gap["dimension"] != "content" else []
        also += RIDES if gap["dimension"] == "time" and norm is not None and "bus" in norm.modes else ()
        also += ["segments"] if is_audience(gap["group"]) else []
        files = set().union(*(self.files_of_kind.get(kind, set()) for kind in kinds))
        for file, kind in self.kinds.items():
            if kind in POPULATION or kind in also:
                files.add(file)
        return [(file, f"#{self.source(file)}") for file in self.files if file in files]
