# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Process of the benchmark of catchments: reads Belo Horizonte once, then times one measure per line of JSON.

Called with the program (dableiben or access) and the folder of the data; runs in that program's environment.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

LIMIT_MIN = 45
STEPS = {10: 1.0, 20: 0.68, 30: 0.22, 60: 0.05}
Measures = dict[str, Callable[[], Any]]


def main(program: str, folder: str) -> None:
    land = pd.read_csv(Path(folder) / "belo_horizonte_land_use.csv")
    times = pd.read_csv(Path(folder) / "belo_horizonte_travel_times.csv.gz")
    index = pd.Index(land["id"])
    cell, site = index.get_indexer(times["from_id"]), index.get_indexer(times["to_id"])
    measures = {"dableiben": of_dableiben, "access": of_access}[program](
        land["population"].to_numpy(dtype=float),
        land["jobs"].to_numpy(dtype=float),
        cell,
        site,
        times["travel_time"].to_numpy(dtype=float),
    )
    for line in sys.stdin:
        question = json.loads(line)
        start = time.process_time()
        found = measures[question["measure"]]()
        seconds = time.process_time() - start
        if "save" in question:
            np.save(question["save"], np.asarray(found, dtype=float))
        print(json.dumps({"seconds": seconds}), flush=True)


def of_dableiben(persons: Any, jobs: Any, cell: Any, site: Any, minutes: Any) -> Measures:
    from dableiben.access.catchment import Travel, two_step
    from dableiben.access.decay import step

    travel = Travel(cell.astype(np.int32), site.astype(np.int32), minutes)
    return {
        "2sfca": lambda: two_step(persons, jobs, travel, decay=step({LIMIT_MIN: 1.0})),
        "e2sfca": lambda: two_step(persons, jobs, travel, decay=step(STEPS)),
    }


def of_access(persons: Any, jobs: Any, cell: Any, site: Any, minutes: Any) -> Measures:
    from access import fca, weights

    number = pd.RangeIndex(persons.size, name="geoid")
    demand, supply = pd.DataFrame({"demand": persons}, number), pd.DataFrame({"supply": jobs}, number)
    cost = pd.DataFrame({"origin": cell, "dest": site, "cost": minutes})

    def measure(**how: Any) -> Any:
        return fca.two_stage_fca(
            demand, supply, cost, demand_index=True, demand_name="demand", supply_name="supply", **how
        )

    def whole(**how: Any) -> Callable[[], Any]:
        # Sorting the answer into the order of cells is part of neither program's measure; it takes 0.1 ms.
        return lambda: measure(**how).reindex(number, fill_value=0.0)

    return {
        "2sfca": whole(max_cost=LIMIT_MIN),
        "e2sfca": whole(max_cost=max(STEPS), weight_fn=weights.step_fn(STEPS)),
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
