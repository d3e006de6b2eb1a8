# SPDX-FileCopyrightText: 2026 The dableiben authors
# SPDX-License-Identifier: EUPL-1.2
"""Entry of `make bench`: run the benchmarks, keep their numbers in bench/results, print one table.

    run.py [name ...] [--rounds N]

Each benchmark is a module beside this file with `run(...)`, which gives one entry per comparison: name, peer, goal,
the seconds (or MB) of all rounds of both, the ratio of each round, and whether the answers were equal.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import platform
import statistics
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
BENCHMARKS = ("streets", "catchments", "hours", "transit")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure against other programs; CPU time, one thread.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--rounds", type=int, default=7, help="interleaved rounds (default 7)")
    options = parser.parse_args()
    if unknown := sorted(set(options.names) - set(BENCHMARKS)):
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    if not (HERE.parent.parent / "shared" / "benchmarks").is_dir():
        print("The data for measuring (../shared) are not beside the clone.", file=sys.stderr)
        return 2
    RESULTS.mkdir(exist_ok=True)
    sys.path.insert(0, str(HERE))
    entries: list[dict[str, Any]] = []
    for name in options.names or BENCHMARKS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        found = measured(name, options.rounds)
        (RESULTS / f"{name}.json").write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
        entries += found
    print(f"{platform.machine()}, Python {platform.python_version()}, median of {options.rounds} rounds (range)\n")
    print(table(entries))
    return 0 if all(verdict(entry) in ("met", "parity", "") and entry["equal"] is not False for entry in entries) else 1


def measured(name: str, rounds: int) -> list[dict[str, Any]]:
    run = importlib.import_module(name).run
    found: list[dict[str, Any]] = run(rounds) if inspect.signature(run).parameters else run()
    return found


def table(entries: list[dict[str, Any]]) -> str:
    lines = [
        "| what | dableiben | peer | | ratio | goal | |",
        "|---|--:|---|--:|--:|--:|---|",
    ]
    for entry in entries:
        unit = "mb" if "ours_mb" in entry else "s"
        goal = "" if entry["goal"] is None else f"{entry['goal']:g}"
        equal = {True: "equal answers", False: "ANSWERS DIFFER", None: ""}[entry["equal"]]
        low, high = entry["ratio_range"]
        lines.append(
            f"| {entry['name']} | {spread(entry[f'ours_{unit}'], unit)} | {entry['peer']} "
            f"| {spread(entry[f'peer_{unit}'], unit)} | {entry['ratio']:.1f} ({low:.1f}–{high:.1f}) | {goal} "
            f"| {', '.join(filter(None, (verdict(entry), equal)))} |"
        )
    return "\n".join(lines)


def spread(values: list[float], unit: str) -> str:
    middle, low, high = statistics.median(values), min(values), max(values)
    if unit == "mb":
        return f"{middle:.0f} MB ({low:.0f}–{high:.0f})"
    return f"{middle:.3g} s ({low:.3g}–{high:.3g})"


def verdict(entry: dict[str, Any]) -> str:
    """met, parity (the goal lies inside the range), missed; empty without a goal."""
    if entry["goal"] is None:
        return ""
    low, high = entry["ratio_range"]
    if low >= entry["goal"]:
        return "met"
    return "parity" if high >= entry["goal"] else "missed"


if __name__ == "__main__":
    sys.exit(main())
