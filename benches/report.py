"""What the benches share: options, the number of threads, the machine, tables and JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = [
    "Others",
    "arguments",
    "chosen",
    "geometric_mean",
    "limit_threads",
    "markdown",
    "print_table",
    "side_cells",
    "write_json",
]


def arguments(description: str) -> argparse.ArgumentParser:
    """Return a parser with the options that every bench has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--peers", default="all", help="all (that are installed), none, or names with commas between")
    parser.add_argument("--threads", type=int, default=2, help="threads of each side (default 2)")
    parser.add_argument("--json", metavar="PATH", help="write the results there as JSON")
    return parser


def chosen(wanted: str, known: Iterable[str], kind: str) -> list[str]:
    """Return the names in a command-line option; exits when one is unknown."""
    known = list(known)
    names = {"all": known, "none": []}.get(wanted, wanted.split(","))
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"no {kind} {', '.join(unknown)}: choose from {', '.join(known)}")
    return names


def limit_threads(threads: int) -> None:
    """Hold every library to `threads` threads: those that read no variable see only so many processors.

    To be called before a library is imported, as that is when it looks.
    """
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
        os.environ[variable] = str(threads)
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


class Others:
    """The share of the processors that other programs used since this was made: figures count where it is small."""

    def __init__(self) -> None:
        self.start = self._seconds()

    def share(self) -> float | None:
        """Return the share, 0 to 1; None where the system does not tell."""
        now = self._seconds()
        if self.start is None or now is None:
            return None
        everybody, own, passed = (after - before for after, before in zip(now, self.start, strict=True))
        return max(0.0, everybody - own) / passed

    def _seconds(self) -> tuple[float, float, float] | None:
        """Seconds that all programs, this one and its children, and the processors have passed."""
        stat = Path("/proc/stat")
        if not stat.exists():
            return None
        user, nice, system, idle, wait, *interrupts = (int(n) for n in stat.read_text().split("\n")[0].split()[1:9])
        tick = os.sysconf("SC_CLK_TCK")
        busy = (user + nice + system + sum(interrupts)) / tick
        return busy, sum(os.times()[:4]), busy + (idle + wait) / tick


def geometric_mean(ratios: Iterable[float]) -> float:
    """Return the mean that treats twice as fast and twice as slow alike."""
    import statistics

    return statistics.geometric_mean(ratios)


def side_cells(sides: dict[str, Any], columns: list[str], figure: str, digits: int = 3) -> list[str]:
    """Return the figure of each side, and rutile's over it in brackets."""
    cells = []
    for name in columns:
        if name not in sides:
            cells.append("-")
        else:
            ratio = "" if name == "rutile" else f" ({sides[name]['rutile_to_this']:.2f})"
            cells.append(f"{sides[name][figure]:.{digits}f}{ratio}")
    return cells


def print_table(rows: list[list[str]]) -> None:
    """Print rows, the first being the head, in columns aligned to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join([first.strip().ljust(widths[0]), *others]))


def markdown(rows: list[list[str]]) -> str:
    """Return rows, the first being the head, as a table in Markdown."""
    first, *others = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([first, "|---" * len(rows[0]) + "|", *others])


def write_json(options: argparse.Namespace, others: Others, results: dict[str, Any]) -> None:
    """Write the results beside what they were measured on, if a path was given; say how much else ran meanwhile."""
    share = others.share()
    if share is not None:
        print(f"\nOther programs used {share:.0%} of the processors meanwhile")
    if not options.json:
        return
    root = f"{Path(__file__).resolve().parent.parent}/"
    where = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": " ".join(["python", *(argument.removeprefix(root) for argument in sys.argv)]),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "used_by_others": share,
        "threads": options.threads,
        "system": platform.platform(),
        "python": platform.python_version(),
    }
    Path(options.json).write_text(json.dumps({**where, **results}, indent=1) + "\n")


def _processor() -> str:
    if Path("/proc/cpuinfo").exists():
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
