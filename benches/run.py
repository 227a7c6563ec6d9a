"""Run every bench and write benches/results.md: the machine, the date, the commands, and their figures.

On two cores it ends within 30 minutes, with every peer installed: each part says how long it took.

python benches/run.py [--skip cargo,memory]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import memory
import ops
import train
from report import markdown

HERE = Path(__file__).parent
COMMANDS = {
    # A quarter of the time that train.py gives to steps by itself: the losses of all sides take long enough.
    "train": ["train.py", "--seconds", "1", "--turns", "4"],
    "counters": ["train.py", "--device", "null"],
    "ops": ["ops.py"],
    "memory": ["memory.py"],
    "overhead": ["overhead.py"],
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Run every bench and write benches/results.md.")
    parser.add_argument("--skip", default="", help="benches to leave out, with commas between: also cargo")
    skipped = parser.parse_args().skip.split(",")
    folder = HERE.parent / "out" / "benches"
    folder.mkdir(parents=True, exist_ok=True)
    reports: dict[str, dict[str, Any]] = {}
    minutes: dict[str, float] = {}
    for name, (script, *options) in COMMANDS.items():
        if name not in skipped:
            path = folder / f"{name}.json"
            start = time.time()
            subprocess.run([sys.executable, str(HERE / script), *options, "--json", str(path)])
            reports[name] = json.loads(path.read_text())
            minutes[name] = (time.time() - start) / 60
    engine: dict[str, float] = {}
    if "cargo" not in skipped:
        start = time.time()
        engine = engine_times()
        minutes["cargo"] = (time.time() - start) / 60
    (HERE / "results.md").write_text(written(reports, engine))
    parts = ", ".join(f"{name} {taken:.1f}" for name, taken in minutes.items())
    print(f"\nwritten to {HERE / 'results.md'} after {sum(minutes.values()):.1f} minutes ({parts})")
    return 0


def engine_times() -> dict[str, float]:
    """Return the nanoseconds of each bench of the engine, as criterion estimates their median."""
    begin = time.time()
    subprocess.run(["cargo", "bench", "-p", "rutile-cpu", "--quiet"], cwd=HERE.parent, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target")) / "criterion"
    estimates = [path for path in target.glob("**/new/estimates.json") if path.stat().st_mtime > begin]
    return {
        str(path.parent.parent.relative_to(target)): json.loads(path.read_text())["median"]["point_estimate"]
        for path in sorted(estimates)
    }


def written(reports: dict[str, dict[str, Any]], engine: dict[str, float]) -> str:
    """Return the page of results."""
    first = next(report for name, report in reports.items() if name != "overhead")
    parts = [
        "# Results",
        "Written by `make bench`. Every side has as many threads; sides take turns within a run, so ratios say more than times.",
        f"{first['processor']}, {first['processors']} processors, {first['threads']} threads a side; "
        f"{first['system']}; Python {first['python']}.",
    ]
    if "train" in reports:
        report = reports["train"]
        versions = {name: side["version"] for w in report["workloads"] for name, side in w["sides"].items()}
        parts += [
            "## Training steps",
            about(report),
            f"{train.TITLE}. Losses of the first 20 steps equal to 1e-3 on every side.",
        ]
        parts += ["Versions: " + ", ".join(f"{name} {version}" for name, version in versions.items()) + "."]
        parts += [markdown(train.time_rows(report["workloads"], report["geometric_means"]))]
        parts += ["\n".join(f"- {line}" for line in train.notes(report["workloads"], report["geometric_means"]))]
    if "counters" in reports:
        report = reports["counters"]
        parts += ["## Counters of one step", about(report), markdown(train.counter_rows(report["workloads"]))]
    if "ops" in reports:
        report = reports["ops"]
        peaks = report["peaks"]
        parts += ["## Single operations", about(report)]
        parts += [
            f"Peaks measured in the run: {peaks['gflops']:.0f} GFLOP/s, {peaks['gbytes']:.1f} GB/s copied. {ops.TITLE}."
        ]
        parts += [markdown(ops.time_rows(report["operations"]))]
    if "memory" in reports:
        report = reports["memory"]
        parts += ["## Memory", about(report), f"{train_memory(report)}"]
    if "overhead" in reports:
        rows = [[name, f"{value:.1f}"] for name, value in reports["overhead"].items()]
        parts += [
            "## Overhead of Python",
            "`python benches/overhead.py`: nanoseconds of a call, milliseconds of the import.",
        ]
        parts += [markdown([["", ""], *rows])]
    if engine:
        rows = [[name, f"{nanoseconds / 1e3:,.2f}"] for name, nanoseconds in engine.items()]
        parts += [
            "## The engine without Python",
            "`cargo bench -p rutile-cpu`: microseconds.",
            markdown([["", "µs"], *rows]),
        ]
    return "\n\n".join(part for part in parts if part) + "\n"


def about(report: dict[str, Any]) -> str:
    """Return when and how a report was made."""
    share = report["used_by_others"]
    busy = "" if share is None else f"; other programs used {share:.0%} of the processors meanwhile"
    return f"{report['date'][:10]}, `{report['command']}`{busy}."


def train_memory(report: dict[str, Any]) -> str:
    return f"{memory.TITLE}.\n\n{markdown(memory.memory_rows(report['workloads']))}"


if __name__ == "__main__":
    sys.exit(main())
