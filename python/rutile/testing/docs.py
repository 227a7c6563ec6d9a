"""`docs/ops.md`: every public function of tensors with what is true of it, found by trying its examples."""

from __future__ import annotations

import itertools

import rutile as rt
from rutile.dtypes import BY_NAME
from rutile.testing.operations import Operation, operations

_HEAD = """# Functions of tensors

Made by `python -m rutile.testing docs > docs/ops.md`, which tries the examples of each function's documentation: with data
of every dtype, on the CPU and on a GPU, and differentiating once and twice. A test fails when this page is stale.

- **dtypes**: of the data that a function takes on the CPU, or that it makes. Integers that a function computes as floats
  become float32. A GPU takes those of them that it holds, and refuses the others with its name and the way out.
- **devices**: "GPU waits" means that a call on a GPU reads values back to the host, so that it waits for them; "GPU by the
  CPU", that the data go to the CPU, where the result is computed, and the result comes back.
- **gradient**: "any order", "once", or "none".
- The functions of `rutile` are in `rt`, with `import rutile as rt`; most are methods of `Tensor` too.
"""
_TITLES = {
    "elementwise": "Elementwise",
    "reduction": "Reductions",
    "shape": "Shapes and arrangement",
    "product": "Products",
    "indexing": "Indexing",
    "scan": "Scans",
    "order": "Order",
    "linear algebra": "Linear algebra",
    "network": "Networks",
    "random": "Random numbers",
    "creation": "Creation",
    "other": "Other",
}
_GROUPS = {
    "bool": ("bool",),
    "integers": ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    "floats": ("float16", "bfloat16", "float32", "float64"),
}
_GRADIENTS = ("none", "once", "any order")


def render() -> str:
    """The text of `docs/ops.md`.

    Raises:
        DeviceError: there is no GPU to try the functions on; `RUTILE_SOFTWARE_GPU=1` allows a software adapter.
    """
    with rt.device("cpu"):
        found = operations()
        groups = {kind: [operation for operation in found if operation.kind == kind] for kind in _TITLES}
        counts = f"{len(found)} functions in {sum(map(bool, groups.values()))} classes."
        parts = [_HEAD, counts + "\n"]
        for kind, members in groups.items():
            if members:
                parts.append(f"## {_TITLES[kind]}\n\n| function | dtypes | devices | gradient | note |")
                parts.append("|---|---|---|---|---|")
                parts.extend(_row(operation) for operation in members)
                parts.append("")
    return "\n".join(parts)


def _row(operation: Operation) -> str:
    names = ", ".join(f"`{name}`" for name in operation.names)
    gradient = _GRADIENTS[operation.order]
    note = operation.note.replace("|", "\\|")
    return f"| {names} | {_dtypes(operation.dtypes)} | {_devices(operation)} | {gradient} | {note} |"


def _dtypes(names: tuple[str, ...]) -> str:
    """Groups by their names, single dtypes by theirs."""
    if len(names) == len(BY_NAME):
        return "all"
    whole = [group for group, members in _GROUPS.items() if set(members) <= set(names)]
    covered = set(itertools.chain.from_iterable(_GROUPS[group] for group in whole))
    return ", ".join([*whole, *(name for name in names if name not in covered)]) or "as given"


def _devices(operation: Operation) -> str:
    waits = travels = False
    for call in operation.calls:
        rt.reset_stats("gpu")
        results = call.on("gpu")
        waits = waits or rt.stats("gpu")["readbacks"] > 0
        if operation.kind == "linear algebra":
            rt.eval(*results)
            travels = travels or rt.stats("gpu")["readbacks"] > 0
    return "CPU, GPU waits" if waits else "CPU, GPU by the CPU" if travels else "CPU, GPU"
