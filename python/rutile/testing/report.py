"""`python -m rutile.testing report`: how many rows of each class of op the tests try, and how they are differentiated."""

from __future__ import annotations

import importlib
import os
import sys
from collections import defaultdict
from pathlib import Path

__all__ = ["main", "render"]

_COLUMNS = ("class", "rows", "forward", "gradient", "second", "forward", "gradient", "second", "refused")


def main() -> int:
    """Print the table of the checkout that this package is installed from."""
    # The rows are tried on a GPU too; a software adapter serves, as in the tests.
    os.environ.setdefault("RUTILE_SOFTWARE_GPU", "1")
    tests = Path(__file__).resolve().parents[3] / "tests"
    if not (tests / "table.py").exists():
        print(
            "report needs the tests of a source checkout, got an installed package: run it in a clone", file=sys.stderr
        )
        return 2
    sys.path.insert(0, str(tests))
    print(render(importlib.import_module("table").table()))
    return 0


def render(rows: list) -> str:
    """The table as text: a line for each class, and their sum.

    A row counts where it is tried, on the CPU, on the GPU or on both, and as often as it is differentiated there.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * 8)
    for row in rows:
        tried = [
            1,
            *(int(order <= row.order and device in row.devices) for device in ("cpu", "gpu") for order in (0, 1, 2)),
            row.refused,
        ]
        for name in (row.kind, "total"):
            counts[name] = [a + b for a, b in zip(counts[name], tried, strict=True)]
    total = counts.pop("total")
    lines = [[name, *map(str, numbers)] for name, numbers in sorted(counts.items())] + [["total", *map(str, total)]]
    widths = [max(len(line[n]) for line in [list(_COLUMNS), *lines]) for n in range(len(_COLUMNS))]
    head = "  ".join(
        [" " * (widths[0] + widths[1] + 2), "CPU".center(sum(widths[2:5]) + 4), "GPU".center(sum(widths[5:8]) + 4)]
    )

    def show(cells: list[str]) -> str:
        return "  ".join([cells[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))])

    return "\n".join([head.rstrip(), show(list(_COLUMNS)), *map(show, lines)])
