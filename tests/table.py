"""All rows that the tests of ops try, as `python -m rutile.testing report` counts them.

Three sources: rows with a NumPy reference (rows.py), calls whose results PyTorch gave (golden/torch), and the calls that
the examples of every public function make. The tests are parametrised by the same lists.
"""

from __future__ import annotations

from dataclasses import dataclass

import rows
import test_torch_cases
from rutile.dtypes import BY_NAME
from rutile.testing.operations import Operation, operations

DEVICES = ("cpu", "gpu")
OPERATIONS: dict[str, Operation] = {operation.name: operation for operation in operations()}


@dataclass(frozen=True)
class Tested:
    """A row: the class of its op, how often it is differentiated, how many of its calls must be refused, and where."""

    kind: str
    name: str
    order: int
    refused: int = 0
    devices: tuple[str, ...] = DEVICES


def table() -> list[Tested]:
    return [*_referenced(), *_torch_cases(), *_examples()]


def _referenced() -> list[Tested]:
    elementwise = [rows.elementwise_row(name) for name in rows.ELEMENTWISE if "float32" in rows.TABLE[name]["dtypes"]]
    kinds = {"elementwise": elementwise, **rows.CLASSES}
    return [Tested(kind, row.name, row.order) for kind, members in kinds.items() for row in members]


def _torch_cases() -> list[Tested]:
    kinds = {operation.function: operation.kind for operation in OPERATIONS.values()}
    names = {operation.function.__name__: operation.kind for operation in OPERATIONS.values()}
    entries = []
    for case in test_torch_cases.CASES:
        function = test_torch_cases.function_of(case)
        kind = kinds.get(function) or names.get(case["name"].removeprefix("linalg_").rstrip("_"), "method")
        entries.append(Tested(kind, case["id"], min(1, len(case["grads"]))))
    return entries


def _examples() -> list[Tested]:
    entries = []
    for name, operation in OPERATIONS.items():
        for call in operation.calls:
            entries.append(Tested(operation.kind, f"{name} example", call.order))
        for call in operation.in_floats:
            entries.append(Tested(operation.kind, f"{name} of floats", call.order))
        refused = len(BY_NAME) - len(operation.dtypes) if operation.dtypes else 0
        entries.append(Tested(operation.kind, f"{name} dtypes", 0, refused, ("cpu",)))
    return entries
