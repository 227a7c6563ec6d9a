"""All that the tests of ops try, as `python -m rutile.testing report` counts it.

The tests are parametrised by the lists that are counted here: rows with a NumPy reference (rows.py), calls whose results
PyTorch gave (golden), the calls that the examples of every public function make, layers, the array API's dtypes and
special values, and wrong calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rutile.dtypes import BY_NAME
from rutile.testing.operations import Operation, operations

OPERATIONS: dict[str, Operation] = {operation.name: operation for operation in operations()}
_KINDS = {name: operation.kind for operation in OPERATIONS.values() for name in operation.names}
_LAST = {name.rpartition(".")[2]: kind for name, kind in _KINDS.items()}


@dataclass(frozen=True)
class Tested:
    """What is tried of a class of ops: calls, differentiated so often by device (None: not run there), and more."""

    kind: str
    name: str
    cpu: int | None = None
    gpu: int | None = None
    # How many combinations of NaN, infinities and zeros, of dtypes that are taken or must be refused, and wrong calls.
    special: int = 0
    dtypes: int = 0
    refused: int = 0
    wrong: int = 0


def table() -> list[Tested]:
    return [*_referenced(), *_torch_cases(), *_examples(), *_layers(), *_array_api(), *_indexing(), *_wrong_calls()]


def _referenced() -> Iterator[Tested]:
    import rows
    import test_ops

    for kind, members in rows.CLASSES.items():
        for row in members:
            yield Tested(kind, row.name, row.order, row.order)
    for name in rows.ELEMENTWISE:
        entry = rows.TABLE[name]
        accepted = [dtype for dtype in test_ops.INTEGERS if dtype in entry["dtypes"]]
        floats = "float32" in entry["dtypes"]
        if floats:
            row = rows.elementwise_row(name)
            yield Tested(
                "elementwise", name, row.order, row.order, 2 * len(test_ops.operands(name, test_ops.SPECIAL)[0])
            )
            for variant in ("0-d", "empty", "broadcast"):
                order = min(row.order, 1) if name != "where" else 0
                yield Tested("elementwise", f"{name} {variant}", order, order)
            for variant in test_ops.VIEWS if name != "where" else ():
                yield Tested("elementwise", f"{name} {variant}", 0, 0)
        taken = [*test_ops.INTEGERS] if floats and "int32" not in entry["dtypes"] else accepted
        for dtype in taken:
            yield Tested("elementwise", f"{name} {dtype}", 0, 0)
        yield Tested("elementwise", f"{name} refused", refused=2 * (len(test_ops.INTEGERS) - len(taken)))
    yield Tested("elementwise", "signs of zeros", special=4 * len(test_ops.SIGNED_ZEROS))


def _torch_cases() -> Iterator[Tested]:
    import test_torch_cases

    kinds = {operation.function: operation.kind for operation in OPERATIONS.values()}
    for case in test_torch_cases.CASES:
        function = test_torch_cases.function_of(case)
        kind = kinds.get(function) or kind_of(case["name"].removeprefix("linalg_").rstrip("_"), "methods")
        order = min(1, len(case["grads"]))
        yield Tested(kind, case["id"], order, order)


def _examples() -> Iterator[Tested]:
    for name, operation in OPERATIONS.items():
        for call in operation.calls:
            yield Tested(operation.kind, f"{name} example", call.order, call.order)
        for call in operation.in_floats:
            yield Tested(operation.kind, f"{name} of floats", call.order, call.order)
        taken = len(operation.dtypes)
        yield Tested(operation.kind, f"{name} dtypes", dtypes=taken, refused=len(BY_NAME) - taken if taken else 0)


def _layers() -> Iterator[Tested]:
    import layers

    for name, row in layers.LAYERS.items():
        yield Tested("layers", name, int(row.slopes), 0)


def _array_api() -> Iterator[Tested]:
    import test_array_api as standard

    for name, arguments, _ in standard.special_cases():
        yield Tested(kind_of(name, "elementwise"), f"{name}{arguments}", special=len(standard.FLOATS))
    for pair, result in standard.PROMOTION.items():
        for name in standard.promoted(BY_NAME[result].kind):
            yield Tested(kind_of(name, "elementwise"), f"{name} of {pair}", dtypes=1)
    for dtype in standard.ALL:
        for name in standard.taking(BY_NAME[dtype].kind):
            yield Tested(kind_of(name, "elementwise"), f"{name} of {dtype}", dtypes=1)


def _indexing() -> Iterator[Tested]:
    import test_functions

    for name in test_functions.KEYS:
        yield Tested("indexing", f"reading {name}", 1)
        yield Tested("indexing", f"assigning {name}", 0)
    for name in test_functions.SAME:
        yield Tested(kind_of(name.split()[0], "shape"), name, 0)


def _wrong_calls() -> Iterator[Tested]:
    import test_array_api
    import test_errors
    import test_exchange
    import test_functions
    import test_init
    import test_layers
    import test_linalg
    import test_random
    import wrong_calls

    for kind, rows in wrong_calls.CLASSES.items():
        for name in rows:
            yield Tested(kind, name, wrong=1)
    tables = {
        "programs": test_errors.ROWS,
        "shape": test_functions.WRONG,
        "creation": test_array_api.REFUSED | test_init.WRONG,
        "exchange": test_exchange.WRONG,
        "layers": test_layers.REFUSED,
        "linear algebra": test_linalg.WRONG,
        "random": test_random.WRONG,
    }
    for kind, rows in tables.items():
        for name, (_, _, text) in rows.items():
            # Texts begin with the function's name.
            word = re.match(r"[\w.]+(?= needs)", text if isinstance(text, str) else text[0])
            yield Tested(kind_of(word[0], kind) if word else kind, name, wrong=1)


def kind_of(name: str, other: str) -> str:
    """The class of the function of a name, or another."""
    return _KINDS.get(name) or _LAST.get(name, other)
