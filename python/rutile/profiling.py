"""Profiles: how long each kernel takes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rutile import _core

if TYPE_CHECKING:
    from types import TracebackType

_MOST_LETTERS = 72
"""What is longer of a kernel's ops is cut where a profile is printed."""


@dataclass(frozen=True)
class KernelTime:
    """What the launches of one kernel took in a profile, all calls together.

    `kind` is "map", "reduce", "rows", "contract", "attention", "scatter", "scan", "sort", "linalg" or "horizontal", which
    is several kernels that share a launch. `computes` names the ops: reductions, each with what is done to its elements in
    brackets, then what is done to their results. `shape` is what the kernel runs over, and `reduced` the axes that it sums
    (or folds) over for each of its elements; both are empty if it is several.
    `share` is of the time of all kernels, 0 to 1. Bytes and floating-point operations are those that `rutile.stats`
    counts.

    Example:
        >>> import rutile as rt
        >>> rt.KernelTime("map", "add", (4,), (), 2, 0.5, 1.0, 10**6, 10**6, 10**6).gbytes_per_second
        4.0
    """

    kind: str
    computes: str
    shape: tuple[int, ...]
    reduced: tuple[int, ...]
    calls: int
    milliseconds: float
    share: float
    bytes_read: int
    bytes_written: int
    flops: int

    @property
    def gbytes_per_second(self) -> float:
        """10⁹ bytes read and written per second; 0 where no time was taken."""
        return self._per_second(self.bytes_read + self.bytes_written)

    @property
    def gflops_per_second(self) -> float:
        """10⁹ floating-point operations per second; 0 where no time was taken."""
        return self._per_second(self.flops)

    def _per_second(self, count: int) -> float:
        return count / self.milliseconds / 1e6 if self.milliseconds else 0.0


class profile:
    """Times every kernel that a device runs within a with block; print it for a table, the slowest kernel first.

    What counts is what is evaluated within the block, steps of `rutile.compile` included. On the CPU the clock is read
    around each kernel, on a GPU the device's own; there kernels run one after the other while a profile is taken. The
    null device takes no time, and shows what would run. Nothing is paid for this outside the block.

    Attributes:
        kernels: a `KernelTime` for each kernel, the slowest first; filled when the block ends.
        milliseconds: of the whole block by the clock, Python and waiting included.

    Raises:
        DeviceError: there is no such device, or it has no timestamp queries.
        ArgumentError: the device is being profiled already.

    Example:
        >>> import rutile as rt
        >>> x = rt.ones((64, 64))
        >>> with rt.profile() as p:
        ...     rt.eval((x @ x).relu())
        >>> [(kernel.kind, kernel.computes, kernel.shape, kernel.calls) for kernel in p.kernels]
        [('contract', 'product, relu', (64, 64), 1)]
        >>> print(p)  # doctest: +SKIP
    """

    def __init__(self, device: str | None = None) -> None:
        self.device = device or _core.default_device()
        self.kernels: list[KernelTime] = []
        self.milliseconds = 0.0

    def __enter__(self) -> profile:
        _core.start_profile(self.device)
        self._start = time.perf_counter()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.milliseconds = (time.perf_counter() - self._start) * 1e3
        rows = _core.end_profile(self.device)
        whole = max(1, sum(row[5] for row in rows))
        self.kernels = [
            KernelTime(kind, computes, tuple(shape), tuple(reduced), calls, taken / 1e6, taken / whole, *work)
            for kind, computes, shape, reduced, calls, taken, *work in rows
        ]

    def __str__(self) -> str:
        taken = sum(kernel.milliseconds for kernel in self.kernels)
        calls = sum(kernel.calls for kernel in self.kernels)
        head = ["ms", "share", "calls", "GB/s", "GFLOP/s", "kernel", "shape", "computes"]
        rows = [head, *(_cells(kernel) for kernel in self.kernels)]
        widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
        lines = [f"{taken:.3f} ms in {calls} launches of {len(self.kernels)} kernels, of {self.milliseconds:.3f} ms"]
        for row in rows:
            numbers = [cell.rjust(width) for cell, width in zip(row[:5], widths[:5], strict=True)]
            texts = [cell.ljust(width) for cell, width in zip(row[5:], widths[5:], strict=True)]
            lines.append("  ".join([*numbers, *texts]).rstrip())
        return "\n".join(lines)


def _cells(kernel: KernelTime) -> list[str]:
    over = " over " + "x".join(map(str, kernel.reduced)) if kernel.reduced else ""
    ops = kernel.computes
    return [
        f"{kernel.milliseconds:.3f}",
        f"{kernel.share:.1%}",
        str(kernel.calls),
        f"{kernel.gbytes_per_second:.1f}",
        f"{kernel.gflops_per_second:.1f}",
        kernel.kind,
        ("x".join(map(str, kernel.shape)) or ("several" if kernel.kind == "horizontal" else "one")) + over,
        ops if len(ops) <= _MOST_LETTERS else ops[: _MOST_LETTERS - 1] + "…",
    ]
