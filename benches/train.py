"""Time one training step of the reference workloads, beside every other library that is installed.

Every side trains on the same batch from the same weights with AdamW. A side is timed only if the losses of its first
20 steps equal rutile's to 1e-3. Sides take turns, several times; the figure is the median step.

    python benches/train.py [--workloads cnn,mlp] [--peers torch,jax] [--json PATH] [--device cpu|gpu|null]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LOSSES = 20
TOLERANCE = 1e-3
SKIPPED = 3
"""Steps at the start of each turn that are not timed: the caches are another side's."""


def main() -> int:
    options = arguments()
    limit_threads(options.threads)
    # The libraries read the number of threads when they are imported.
    from peers import PEERS
    from workloads import WORKLOADS

    workloads = [WORKLOADS[name] for name in names(options.workloads, list(WORKLOADS), "workload")]
    if options.device != "cpu":
        results = [count_step(workload, options.device, options.threads) for workload in workloads]
        print_counters(results)
    else:
        peers = [PEERS[name] for name in names(options.peers, list(PEERS), "peer")]
        results = [compare(workload, peers, options) for workload in workloads]
        print_times(results, ["rutile", *(peer.name for peer in peers)])
    if options.json:
        report = {**environment(options), "workloads": results}
        Path(options.json).write_text(json.dumps(report, indent=1) + "\n")
    differing = [f"{result['name']}: {line}" for result in results for line in result.get("differing", [])]
    for line in differing:
        print(f"not timed, losses differ: {line}", file=sys.stderr)
    return 1 if differing else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time one training step beside the other libraries installed.")
    parser.add_argument("--workloads", default="all", help="all, or names with commas between")
    parser.add_argument("--peers", default="all", help="all (that are installed), none, or names with commas between")
    parser.add_argument("--device", default="cpu", help="cpu: times; another (gpu, null, ...): counters of one step")
    parser.add_argument("--threads", type=int, default=2, help="threads of each side (default 2)")
    parser.add_argument("--seconds", type=float, default=4.0, help="measured time of each side and workload")
    parser.add_argument("--turns", type=int, default=8, help="turns that each side takes")
    parser.add_argument("--json", metavar="PATH", help="write the results there as JSON")
    return parser.parse_args()


def names(wanted: str, known: list[str], kind: str) -> list[str]:
    """Return the names in a command-line option; exits when one is unknown."""
    chosen = {"all": known, "none": []}.get(wanted, wanted.split(","))
    unknown = [name for name in chosen if name not in known]
    if unknown:
        sys.exit(f"no {kind} {', '.join(unknown)}: choose from {', '.join(known)}")
    return chosen


def limit_threads(threads: int) -> None:
    """Hold every library to `threads` threads: those that read no variable see only so many processors."""
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ[variable] = str(threads)
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def compare(workload: Any, peers: list[Any], options: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of every side for one workload, by side."""
    from peers import Rutile

    sides: dict[str, Any] = {}
    unused: dict[str, str] = {}
    for peer in [Rutile, *peers]:
        if not workload.has(peer.method):
            unused[peer.name] = "not written for it"
            continue
        try:
            sides[peer.name] = peer(workload, options.threads)
        except (ImportError, OSError, ValueError) as error:
            # A library that is there but broken says so with one of these too.
            unused[peer.name] = str(error).splitlines()[0]
    firsts, losses = {}, {}
    for name, side in sides.items():
        start = time.perf_counter()
        side.step()
        firsts[name] = time.perf_counter() - start
        losses[name] = [side.loss()]
        for _ in range(LOSSES - 1):
            side.step()
            losses[name].append(side.loss())
    agreeing, differing = {}, []
    for name, side in sides.items():
        gap = max(abs(a - b) / max(abs(b), 1e-6) for a, b in zip(losses[name], losses["rutile"], strict=True))
        if gap <= TOLERANCE:
            agreeing[name] = side
        else:
            differing.append(f"{name} by {gap:.1e} of rutile's")
    times = take_turns(agreeing, options.seconds, options.turns)
    figures = {
        name: {
            "version": sides[name].version,
            "median_ms": statistics.median(taken) * 1e3,
            "fastest_ms": min(taken) * 1e3,
            "first_step_ms": firsts[name] * 1e3,
            "steps": len(taken),
            "rutile_to_this": statistics.median(times["rutile"]) / statistics.median(taken),
        }
        for name, taken in times.items()
    }
    return {"name": workload.name, "sides": figures, "unused": unused, "differing": differing, "losses": losses}


def take_turns(sides: dict[str, Any], seconds: float, turns: int) -> dict[str, list[float]]:
    """Return the seconds of each timed step of each side."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(turns):
        for name, side in sides.items():
            for _ in range(SKIPPED):
                side.step()
            end = time.perf_counter() + seconds / turns
            while (start := time.perf_counter()) < end:
                side.step()
                times[name].append(time.perf_counter() - start)
    return times


def count_step(workload: Any, device: str, threads: int) -> dict[str, Any]:
    """Return the counters of one step that runs a known plan."""
    from peers import Rutile

    import rutile as rt

    side = Rutile(workload, threads, device)
    for _ in range(3):
        side.step()
    rt.reset_stats(device)
    side.step()
    return {"name": workload.name, "counters": rt.stats(device)}


def environment(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(["python", *sys.argv]),
        "processor": processor(),
        "processors": os.cpu_count(),
        "threads": options.threads,
        "device": options.device,
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def processor() -> str:
    if Path("/proc/cpuinfo").exists():
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def print_times(results: list[dict[str, Any]], columns: list[str]) -> None:
    print("Median milliseconds of a step, and rutile's time over each (below 1: rutile is faster)\n")
    rows = [["", *columns]]
    for result in results:
        sides = result["sides"]
        cells = [f"{sides[name]['median_ms']:.3f}" if name in sides else "-" for name in columns]
        ratios = [f" ({sides[name]['rutile_to_this']:.2f})" if name in sides else "" for name in columns]
        ratios[0] = ""
        rows.append([result["name"], *(cell + ratio for cell, ratio in zip(cells, ratios, strict=True))])
    print_table(rows)
    unused = {name: reason for result in results for name, reason in result["unused"].items()}
    for name, reason in unused.items():
        print(f"{name}: {reason}")


def print_counters(results: list[dict[str, Any]]) -> None:
    counters = list(results[0]["counters"])
    print("Counters of one step\n")
    print_table([["", *counters], *([r["name"], *(str(r["counters"][c]) for c in counters)] for r in results)])


def print_table(rows: list[list[str]]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join([first.strip().ljust(widths[0]), *others]))


if __name__ == "__main__":
    sys.exit(main())
