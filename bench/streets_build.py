# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Process of the benchmark of streets: builds the streets of a PBF for foot and car once, says CPU time and memory.

dableiben reads the file and makes both contracted graphs ready for points and searches. pyrosm makes its tables of
nodes and edges for walking and driving, uncontracted and not yet a graph: the least it does for the purpose.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path


def of_dableiben(path: str) -> int:
    from dableiben.access.street_access import StreetAccess
    from dableiben.catalogue.load import load_catalogue
    from dableiben.sources.osm.streets import read_streets

    modes = load_catalogue().modes
    start = time.process_time()
    network = read_streets(Path(path))
    graphs = [StreetAccess.build(network, modes[mode]).graph for mode in ("foot", "car")]
    report(start)
    return sum(graph.nodes for graph in graphs)


def of_pyrosm(path: str) -> int:
    import pyrosm

    start = time.process_time()
    source = pyrosm.OSM(path)
    tables = [source.get_network(network_type=kind, nodes=True) for kind in ("walking", "driving")]
    report(start)
    return sum(len(nodes) for nodes, _ in tables)


def report(start: float) -> None:
    """Seconds since the imports were done; memory of the whole process."""
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "mb": peak_mb()}))


def peak_mb() -> float:
    """Peak memory of this program. Linux keeps in ru_maxrss the peak of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    {"dableiben": of_dableiben, "pyrosm": of_pyrosm}[sys.argv[1]](sys.argv[2])
