"""`python -m rutile.testing report`: what the tests try of each class of op, on the CPU and on a GPU."""

from __future__ import annotations

import importlib
import os
import sys
from collections import defaultdict
from pathlib import Path

__all__ = ["main", "render"]

_COLUMNS = ("class", "calls", *("forward", "gradient", "second") * 2, "special", "dtypes", "refused", "wrong")
_LEGEND = """
calls    with NumPy's values in float64, PyTorch's golden ones or, for the examples of every function, their printed text
forward  compared with the reference; gradient, second: differentiated so often, against finite differences or PyTorch
special  combinations of NaN, infinities and signed zeros against IEEE's and the array API's meaning
dtypes   that a function takes, as docs/ops.md says, or pairs of them with the array API's dtype of the result
refused  dtypes that a function must refuse by name, on the CPU and the GPU
wrong    wrong calls whose exception and text are compared"""


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
    print(render(importlib.import_module("table").table()) + "\n" + _LEGEND)
    return 0


def render(rows: list) -> str:
    """The table as text: a line for each class, and their sum.

    A call counts where it is tried, on the CPU, on the GPU or on both, and as often as it is differentiated there.
    """
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * (len(_COLUMNS) - 1))
    for row in rows:
        orders = [-1 if order is None else order for order in (row.cpu, row.gpu)]
        tried = [int(order >= least) for order in orders for least in (0, 1, 2)]
        line = [int(max(orders) >= 0), *tried, row.special, row.dtypes, row.refused, row.wrong]
        for name in (row.kind, "total"):
            counts[name] = [a + b for a, b in zip(counts[name], line, strict=True)]
    total = counts.pop("total")
    lines = [[name, *map(str, numbers)] for name, numbers in sorted(counts.items())] + [["total", *map(str, total)]]
    widths = [max(len(line[n]) for line in [list(_COLUMNS), *lines]) for n in range(len(_COLUMNS))]
    head = "  ".join(
        [" " * (widths[0] + widths[1] + 2), "CPU".center(sum(widths[2:5]) + 4), "GPU".center(sum(widths[5:8]) + 4)]
    )

    def show(cells: list[str]) -> str:
        return "  ".join([cells[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(cells[1:], widths[1:], strict=True))])

    return "\n".join([head.rstrip(), show(list(_COLUMNS)), *map(show, lines)])
