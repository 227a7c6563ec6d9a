"""Measure what Python pays: nanoseconds from a call to its graph node, the import, the wheel.

python benches/overhead.py [--wheel PATH] [--json PATH]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import rutile as rt

CALLS = 1000
"""Calls that one measurement times together; their nodes are dropped at once."""

LIMITS = {"x + y": 1000.0, "import rutile": 60.0, "wheel": 15.0}
"""What the project promises, in the unit of the figure."""

IMPORT = "import time; start = time.perf_counter(); import rutile; print((time.perf_counter() - start) * 1e3)"


def main() -> int:
    options = arguments()
    figures = {name: (call_ns(call), "ns") for name, call in calls().items()}
    figures["import rutile"] = (import_ms(), "ms")
    if options.wheel:
        figures["wheel"] = (options.wheel.stat().st_size / 2**20, "MiB")
    for name, (value, unit) in figures.items():
        limit = f"   at most {LIMITS[name]:.0f}" if name in LIMITS else ""
        print(f"{name:<24}{value:>10.1f} {unit:<4}{limit}")
    if options.json:
        options.json.write_text(json.dumps({name: value for name, (value, _) in figures.items()}, indent=1) + "\n")
    return int(any(figures[name][0] > limit for name, limit in LIMITS.items() if name in figures))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the cost of a call, of the import, and of the wheel.")
    parser.add_argument("--wheel", type=Path, metavar="PATH", help="a built wheel whose size is shown")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the figures there as JSON")
    return parser.parse_args()


def calls() -> dict[str, Callable[[], object]]:
    """Calls that add one node, or as many as their name says, to the graph."""
    x, y = rt.ones((4, 4)), rt.ones((4, 4))
    row, leaf = rt.ones((4,)), rt.ones((4, 4)).requires_grad_()
    rt.eval(x, y, row, leaf)
    return {
        "an empty call": lambda: None,
        "x + y": lambda: x + y,
        "x + 1.0": lambda: x + 1.0,
        "x.relu()": lambda: x.relu(),
        "x + row (broadcast)": lambda: x + row,
        "leaf * y (gradient)": lambda: leaf * y,
        "x @ y": lambda: x @ y,
        "x.sum(1)": lambda: x.sum(1),
    }


def call_ns(call: Callable[[], object]) -> float:
    """Median time of a call in nanoseconds, the loop around it included."""
    times = []
    for _ in range(50):
        start = time.perf_counter_ns()
        for _ in range(CALLS):
            call()
        times.append((time.perf_counter_ns() - start) / CALLS)
    return statistics.median(times)


def import_ms() -> float:
    """Median time of `import rutile` in new processes, in milliseconds, the first left out: it compiles, and reads the disk."""
    command = [sys.executable, "-c", IMPORT]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    runs = [subprocess.run(command, env=environment, capture_output=True, text=True, check=True) for _ in range(6)]
    return statistics.median(float(run.stdout) for run in runs[1:])


if __name__ == "__main__":
    sys.exit(main())
