"""Measure the peak memory of a training step over what the process held before, each side in a process of its own.

python benches/memory.py [--workloads gpt-small,resnet18] [--peers torch,jax] [--json PATH]
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from report import Others, arguments, chosen, limit_threads, print_table, side_cells, write_json

STEPS = 4
TITLE = (
    "MiB at the peak of training over what the process held before, and rutile's over each (below 1: rutile needs less)"
)
MEBIBYTE = 2**20


def main() -> int:
    parser = arguments("Measure the peak memory of a training step beside the other libraries installed.")
    parser.add_argument("--workloads", default="gpt-small,resnet18", help="all, or names with commas between")
    parser.add_argument("--measure", nargs=2, metavar=("SIDE", "WORKLOAD"), help="one side here, printed as JSON")
    options = parser.parse_args()
    limit_threads(options.threads)
    if options.measure:
        side, workload = options.measure
        print(json.dumps(measure(side, workload, options.threads)))
        return 0
    # Named here, imported by the processes that measure.
    from peers import PEERS
    from workloads import WORKLOADS

    others = Others()
    peers = [
        name for name in chosen(options.peers, PEERS, "peer") if options.peers != "all" or name in ("torch", "jax")
    ]
    results = [
        compare(name, ["rutile", *peers], options.threads) for name in chosen(options.workloads, WORKLOADS, "workload")
    ]
    print(f"{TITLE}\n")
    print_table(memory_rows(results))
    for result in results:
        for name, reason in result["unused"].items():
            print(f"{result['name']}, {name}: {reason}")
    write_json(options, others, {"steps": STEPS, "workloads": results})
    return 0


def measure(side: str, workload: str, threads: int) -> dict[str, float]:
    """Return the MiB that the process held before it made the model, and the most that it held while training."""
    from peers import PEERS, Rutile
    from workloads import WORKLOADS

    # One step of the smallest network first: what a library sets up once is no part of a step.
    sides = {**PEERS, "rutile": Rutile}
    sides[side](WORKLOADS["tiny-mlp"], threads).step()
    reset_peak()
    before = status("VmRSS")
    trained = sides[side](WORKLOADS[workload], threads)
    for _ in range(STEPS):
        trained.step()
    return {"before_mib": before, "peak_mib": status("VmHWM"), "loss": trained.loss()}


def reset_peak() -> None:
    """Let the peak of this process begin anew."""
    Path("/proc/self/clear_refs").write_text("5")


def status(field: str) -> float:
    """Return a size in MiB that the kernel tells of this process: VmRSS now, VmHWM at its greatest."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024 / MEBIBYTE
    raise OSError(f"this system does not tell {field}: peaks are measured on Linux")


def compare(workload: str, sides: list[str], threads: int) -> dict[str, Any]:
    figures, unused = {}, {}
    for side in sides:
        command = [sys.executable, __file__, "--measure", side, workload, "--threads", str(threads)]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            unused[side] = (run.stderr.strip().splitlines() or ["it ended without a word"])[-1]
            continue
        figure = json.loads(run.stdout.splitlines()[-1])
        figures[side] = {**figure, "over_mib": figure["peak_mib"] - figure["before_mib"]}
    for figure in figures.values():
        figure["rutile_to_this"] = figures["rutile"]["over_mib"] / figure["over_mib"]
    return {"name": workload, "sides": figures, "unused": unused}


def memory_rows(results: list[dict[str, Any]]) -> list[list[str]]:
    """Return the table: MiB over what was held before, and rutile's over each."""
    columns = list(dict.fromkeys(name for result in results for name in result["sides"]))
    table = [["", *columns]]
    for result in results:
        table.append([result["name"], *side_cells(result["sides"], columns, "over_mib", 0)])
    return table


if __name__ == "__main__":
    sys.exit(main())
